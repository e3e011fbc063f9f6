package epemerintahanweb

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	controlFormat = "format"
	paramLayout   = "bentuk"
	paramMonth    = "bulan"
)

type exportView struct {
	Desk    *ui.Desk
	Hidden  [][2]string // what is exported, as the list had it
	Words   string      // of a search
	Filters []ui.Control
	Format  ui.Control
	MayFull bool
	Full    ui.Control
	Purpose ui.Control
	Errors  form.Errors
}

func (k *desk) exports(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	filter, err := k.filter(q)
	if err != nil {
		return err
	}
	return k.showExport(w, r, http.StatusOK, q, filter)
}

func (k *desk) showExport(w http.ResponseWriter, r *http.Request, status int, f *form.Form, filter epemerintahan.Filter) error {
	a, wrong := web.ActorOf(r.Context()), f.Errors()
	places, err := k.Residents.Workplaces(r.Context(), a, epemerintahan.PermExport)
	if err != nil {
		return err
	}
	v := exportView{Desk: frame(r), Words: filter.Text, Filters: filterControls(filter, places), MayFull: a.Has(epemerintahan.PermFull), Errors: wrong}
	v.Hidden = [][2]string{{paramLayout, string(epemerintahan.ListLayout)}, {paramText, f.Value(paramText)}}
	v.Format = ui.Control{Name: controlFormat, Label: "Format", Value: f.Value(controlFormat), Inline: true, Options: []ui.Option{
		{Value: sheet.XLSX, Label: "XLSX"}, {Value: sheet.CSV, Label: "CSV"}}, Error: wrong.Get(controlFormat)}
	if v.Format.Value == "" {
		v.Format.Value = sheet.XLSX
	}
	v.Full = ui.Control{Name: controlFull, Label: "Dengan NIK dan nomor KK lengkap", Hint: "Hanya bila benar-benar perlu. Tujuannya tercatat beserta nama Anda."}
	if f.Bool(controlFull) {
		v.Full.Values = []string{"1"}
	}
	v.Purpose = ui.Control{Name: epemerintahan.ControlPurpose, Label: "Untuk apa NIK lengkap diperlukan", Value: f.Value(epemerintahan.ControlPurpose),
		Hint: "Diisi bila NIK lengkap, paling sedikit 10 huruf.", MaxLength: 200, Error: wrong.Get(epemerintahan.ControlPurpose)}
	return web.Render(w, r, status, exportPage(v))
}

// export writes the file that the form asks for.
func (k *desk) export(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	in := epemerintahan.ExportInput{
		Layout: epemerintahan.Layout(f.Value(paramLayout)), Format: f.Value(controlFormat), Full: f.Bool(controlFull),
		Purpose: f.Line(epemerintahan.ControlPurpose, form.Max(200)),
	}
	if in.Layout == epemerintahan.ListLayout {
		if in.Filter, err = k.filter(f); err != nil {
			return err
		}
	} else if in.Book, err = readBook(f, k.Clock.Now()); err != nil {
		return err
	}
	err = f.Err()
	var e epemerintahan.Exported
	if err == nil {
		e, err = k.Residents.Export(r.Context(), web.ActorOf(r.Context()), in)
	}
	if err != nil {
		if !f.FailWith(err) || in.Layout != epemerintahan.ListLayout {
			return err
		}
		return k.showExport(w, r, http.StatusUnprocessableEntity, f, in.Filter)
	}
	defer func() { _ = sheet.Discard(e.File) }() // read only
	h := w.Header()
	h.Set("Content-Type", e.Type)
	h.Set("Content-Length", strconv.FormatInt(e.Size, 10))
	h.Set("Content-Disposition", `attachment; filename="`+e.Name+`"`)
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusOK)
	_, _ = io.Copy(w, e.File) // the reader may be gone; nobody is left to tell
	return nil
}

// readBook reads which lines of a book are meant.
func readBook(f *form.Form, now time.Time) (b epemerintahan.BookFilter, err error) {
	if b.Area, err = readArea(f); err != nil {
		return b, err
	}
	b.From, err = readMonth(f, now)
	b.To = b.From.AddDate(0, 1, 0)
	return b, err
}

// readMonth reads "2026-11"; nothing is the present month.
func readMonth(f *form.Form, now time.Time) (time.Time, error) {
	raw := f.Value(paramMonth)
	if raw == "" {
		return epemerintahan.FirstOfMonth(now), nil
	}
	t, err := time.Parse("2006-01", raw)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return t, errs.Wrap(errs.BadRequest, err, "Bulan ini tidak dikenal. Pilih bulan di halaman laporan.")
	}
	return t, nil
}

// readArea reads a unit with its RW and RT.
func readArea(f *form.Form) (a epemerintahan.Area, err error) {
	a.UnitID = f.ID(paramArea, "")
	for name, to := range map[string]*string{epemerintahan.ControlRW: &a.RW, epemerintahan.ControlRT: &a.RT} {
		if v := f.Line(name); v != "" {
			n, ok := epemerintahan.ParseArea(v)
			if !ok {
				return a, errs.New(errs.BadRequest, "Nomor RT dan RW antara 1 dan 999.")
			}
			*to = n
		}
	}
	if a.RT != "" && a.RW == "" {
		return a, errs.New(errs.BadRequest, "Isi RW juga: nomor RT berulang di setiap RW.")
	}
	if !f.OK() {
		return a, errs.New(errs.BadRequest, "Wilayah ini tidak dikenal.")
	}
	return a, nil
}

// areaControls ask for an area.
func areaControls(places []epemerintahan.Place, a epemerintahan.Area, parts bool) []ui.Control {
	var cs []ui.Control
	if len(places) > 1 {
		c := ui.Control{Name: paramArea, Label: "Wilayah", Value: idText(a.UnitID)}
		group := ""
		for _, p := range places {
			if !p.IsKelurahan() {
				group = p.Name
				if p.ParentID == 0 {
					group = ""
				}
			}
			c.Options = append(c.Options, ui.Option{Value: idText(p.ID), Label: p.Name, Group: group})
		}
		cs = append(cs, c)
	}
	if parts {
		cs = append(cs, ui.Control{Name: epemerintahan.ControlRW, Label: "RW", Value: a.RW, InputMode: "numeric", Width: "short"},
			ui.Control{Name: epemerintahan.ControlRT, Label: "RT", Value: a.RT, InputMode: "numeric", Width: "short"})
	}
	return cs
}

// areaQuery is an area in an address.
func areaQuery(a epemerintahan.Area) url.Values {
	q := url.Values{}
	for name, v := range map[string]string{paramArea: idText(a.UnitID), epemerintahan.ControlRW: a.RW, epemerintahan.ControlRT: a.RT} {
		if v != "" {
			q.Set(name, v)
		}
	}
	return q
}

const paramArea = "wilayah"

// areaName is "Kassi-Kassi, RW 003, RT 001".
func areaName(p epemerintahan.Place, a epemerintahan.Area) string {
	s := p.Name
	if a.RW != "" {
		s += ", RW " + a.RW
	}
	if a.RT != "" {
		s += ", RT " + a.RT
	}
	return s
}
