package mtrweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Rows on a page of the list: as a rule, and when asked for with ?jumlah=.
const (
	rows     = 20
	mostRows = 100
)

// The names of the list's filters in its address.
const (
	qText      = "cari"
	qCategory  = "kategori"
	qKecamatan = "kecamatan"
	qKelurahan = "kelurahan"
	qUnit      = "unit"
	qGroup     = "status"
	qRows      = "jumlah"
	qBefore    = "sebelum"
	qAfter     = "sesudah"
)

// listView is a page of the public list.
type listView struct {
	Page       mtr.PublicPage
	Now        time.Time
	Filter     mtr.Filter
	Category   string // code
	Categories []mtr.Category
	dir        *directory
	query      *form.Form
}

// asked is the page's own address with changes; an empty value removes.
func (v listView) asked(path string, changes ...string) string {
	q := url.Values{}
	for _, name := range []string{qText, qCategory, qKecamatan, qKelurahan, qUnit, qGroup, qRows} {
		if value := v.query.Value(name); value != "" {
			q.Set(name, value)
		}
	}
	for i := 0; i+1 < len(changes); i += 2 {
		if changes[i+1] == "" {
			q.Del(changes[i])
			continue
		}
		q.Set(changes[i], changes[i+1])
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (v listView) newer(path string) string { return v.cursor(path, qAfter, v.Page.Newer) }
func (v listView) older(path string) string { return v.cursor(path, qBefore, v.Page.Older) }

func (v listView) cursor(path, name string, at int64) string {
	if at == 0 {
		return ""
	}
	return v.asked(path, name, idText(at))
}

// filtered says how many filters besides the search narrow the list.
func (v listView) filtered() (n int) {
	for _, name := range []string{qCategory, qKecamatan, qKelurahan, qUnit, qGroup} {
		if v.query.Value(name) != "" {
			n++
		}
	}
	return n
}

// readPage reads where in a list the reader is. What our own pages never say
// is errs.BadRequest.
func readPage(q *form.Form) (p mtr.Page, err error) {
	for name, at := range map[string]*int64{qBefore: &p.Before, qAfter: &p.After} {
		if raw := q.Value(name); raw != "" {
			n, err := strconv.ParseInt(raw, 10, 64)
			if err != nil || n <= 0 {
				return p, wrongPage()
			}
			*at = n
		}
	}
	if p.Before != 0 && p.After != 0 {
		return p, wrongPage()
	}
	p.Limit = rows
	if raw := q.Value(qRows); raw != "" {
		n, err := strconv.Atoi(raw)
		if err != nil || n < 1 || n > mostRows {
			return p, errs.New(errs.BadRequest, "Paling banyak 100 laporan per halaman.")
		}
		p.Limit = n
	}
	return p, nil
}

func wrongPage() error {
	return errs.New(errs.BadRequest, "Halaman ini tidak ada. Mulai lagi dari halaman pertama.")
}

// readFilter reads the filters of an address. An unknown category, unit or
// place is no error: it is a list without rows.
func (h *pages) readFilter(ctx context.Context, q *form.Form) (v listView, err error) {
	v.query, v.Now = q, h.now()
	if v.Categories, err = h.MTR.Categories(ctx); err != nil {
		return v, err
	}
	if v.dir, err = h.choices.get(ctx); err != nil {
		return v, err
	}
	f := mtr.Filter{Text: q.Line(qText, form.Max(200)), Group: mtr.Group(q.Value(qGroup))}
	if f.Text != "" {
		web.Unremembered(ctx) // what somebody looks for is theirs
	}
	if f.Group != "" && !slices.Contains(mtr.Groups, f.Group) {
		return v, errs.New(errs.BadRequest, "Status ini tidak dikenal. Pilih dari daftar.")
	}
	if v.Category = q.Value(qCategory); v.Category != "" {
		f.CategoryID = -1
		if i := slices.IndexFunc(v.Categories, func(c mtr.Category) bool { return c.Code == v.Category }); i >= 0 {
			f.CategoryID = v.Categories[i].ID
		}
	}
	f.KecamatanID, f.KelurahanID, f.UnitID = q.ID(qKecamatan, ""), q.ID(qKelurahan, ""), q.ID(qUnit, "")
	if !q.OK() {
		return v, errs.New(errs.BadRequest, q.Errors()[0].Message)
	}
	if a, ok := v.dir.area(f.KelurahanID); ok && f.KecamatanID == 0 {
		f.KecamatanID = a.KecamatanID // its kelurahan are offered
	} else if ok && f.KecamatanID != a.KecamatanID {
		f.KelurahanID = 0 // of the kecamatan chosen before
	}
	v.Filter = f
	return v, nil
}

func (h *pages) list(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	p, err := readPage(q)
	if err != nil {
		return err
	}
	v, err := h.readFilter(r.Context(), q)
	if err != nil {
		return err
	}
	if v.Page, err = h.MTR.PublicList(r.Context(), v.Filter, p); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, listPage(v))
}

// mediaRows are the reports of a list. mine leads to the reporter's own pages.
func (v listView) mediaRows(mine bool) []ui.MediaRow {
	out := make([]ui.MediaRow, len(v.Page.Items))
	for i, it := range v.Page.Items {
		row := ui.MediaRow{
			Href: join("/mtr/laporan", it.Number), Title: title(it), Photo: PhotoHref(it.Thumb, mtr.Small),
			Icon: CategoryIcon(it.CategoryCode), When: ui.TimeAgo(it.ReceivedAt, v.Now), Tag: ui.Tag(Tone(it.Status), it.Status.Label()),
		}
		if mine {
			row.Href = join("/mtr/laporan-saya", it.Number)
			if it.Thumb != "" {
				row.Photo = join(row.Href, "foto", it.Thumb, string(mtr.Small))
			}
		}
		for _, fact := range []string{it.KelurahanName, it.UnitName} {
			if fact != "" {
				row.Facts = append(row.Facts, fact)
			}
		}
		out[i] = row
	}
	return out
}

func option(value, label string) ui.Option { return ui.Option{Value: value, Label: label} }

func (v listView) controls() []ui.Control {
	category := ui.Control{Name: qCategory, Label: "Masalah", Value: v.Category, Options: []ui.Option{option("", "Semua masalah")}}
	for _, c := range v.Categories {
		category.Options = append(category.Options, ui.Option{Value: c.Code, Label: c.Name, Group: c.GroupName})
	}
	group := ui.Control{Name: qGroup, Label: "Status", Value: string(v.Filter.Group), Options: []ui.Option{option("", "Semua status")}}
	for _, g := range mtr.Groups {
		group.Options = append(group.Options, option(string(g), g.Label()))
	}
	kecamatan := ui.Control{Name: qKecamatan, Label: "Kecamatan", Value: idText(v.Filter.KecamatanID), Options: append([]ui.Option{option("", "Semua kecamatan")}, v.dir.kecamatan...)}
	unit := ui.Control{Name: qUnit, Label: "Ditangani oleh", Value: idText(v.Filter.UnitID), Options: append([]ui.Option{option("", "Semua unit")}, v.dir.units...)}
	out := []ui.Control{category, group, kecamatan}
	if v.Filter.KecamatanID != 0 {
		// Fifteen at most, and only of the kecamatan that was chosen: 153 would
		// be half the page.
		out = append(out, ui.Control{
			Name: qKelurahan, Label: "Kelurahan", Value: idText(v.Filter.KelurahanID),
			Options: append([]ui.Option{option("", "Semua kelurahan")}, v.dir.of(v.Filter.KecamatanID)...),
		})
	}
	return append(out, unit)
}
