package mtrweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// queueView is one queue as its page shows it.
type queueView struct {
	Desk      *ui.Desk
	Key       mtr.QueueKey
	Title     string
	Lead      string
	Page      mtr.DeskPage
	Now       time.Time
	Text      string
	Filtered  int // how many filters besides the text are set
	Filters   []ui.Control
	Href      func(number string) string
	Prev      string
	Next      string
	Reset     string
	Templates []mtr.Template // for answering several at once
	Bulk      *form.Form     // what was chosen and typed, when it was refused
}

// Names of the list's parameters.
const (
	paramQueue     = "antrean"
	paramText      = "q"
	paramStatus    = "status"
	paramKecamatan = "kecamatan"
	paramSla       = "tenggat"
	paramCursor    = "hal"
)

// queueLeads say what the people of a queue do with it.
var queueLeads = map[mtr.QueueKey]string{
	mtr.QueueVerify:     "Periksa, lalu teruskan kepada unit yang berwenang. Kata dan foto warga baru tampil untuk umum sesudah diteruskan.",
	mtr.QueueHeld:       "Tertahan oleh aturan penyalahgunaan. Lepaskan yang wajar. Yang pengirimnya sedang membuktikan kontaknya kedaluwarsa sendiri setelah 72 jam; sisanya menunggu keputusan Anda.",
	mtr.QueueWaiting:    "Menunggu jawaban pelapor. Waktu penyelesaian berhenti selama itu.",
	mtr.QueueIncoming:   "Baru diteruskan kepada unit Anda. Tugaskan kepada petugas, mulai kerjakan, atau kembalikan bila bukan tugas Anda.",
	mtr.QueueWork:       "Sedang dikerjakan. Serahkan bukti bila sudah beres.",
	mtr.QueueScheduled:  "Sudah dijanjikan tanggalnya kepada warga.",
	mtr.QueueMine:       "Laporan yang ditugaskan kepada Anda.",
	mtr.QueueValidate:   "Periksa bukti pekerjaan orang lain.",
	mtr.QueueDisputes:   "Pelapor menyatakan pekerjaan belum beres.",
	mtr.QueueNoResponse: "Belum ada tanggapan dari siapa pun setelah 2×24 jam.",
	mtr.QueueLate:       "Melewati tenggat.",
	mtr.QueueReferred:   "Sudah dirujuk ke instansi lain, jawabannya belum dicatat.",
}

func (k *desk) queue(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v, err := k.queueView(r, f)
	if err != nil {
		return err
	}
	if v.Key == "" {
		if !configures(r.Context(), k.Deps, web.ActorOf(r.Context())) {
			return web.Redirect(w, r, templatesPath)
		}
		return web.Redirect(w, r, configPath)
	}
	return web.Render(w, r, http.StatusOK, queuePage(v))
}

// queueView is the queue that f asks for, without a key when there is none to show.
func (k *desk) queueView(r *http.Request, f *form.Form) (v queueView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	counts, err := k.MTR.Queues(ctx, a)
	if err != nil {
		return v, err
	}
	key := mtr.QueueKey(f.Line(paramQueue))
	if key == "" {
		if key = firstQueue(counts); key == "" {
			return v, nil
		}
	}
	i := slices.IndexFunc(counts, func(c mtr.QueueCount) bool { return c.Key == key })
	if i < 0 {
		return v, errs.New(errs.NotFound, "Antrean ini tidak ada di ruang kerja Anda. Pilih antrean di daftar.")
	}
	filter := readDeskFilter(f)
	if !f.OK() {
		return v, errs.New(errs.BadRequest, "Saringan ini tidak dikenal. Mulai lagi dari daftar.")
	}
	var cursor *mtr.DeskCursor
	if raw := f.Value(paramCursor); raw != "" {
		cursor = &mtr.DeskCursor{}
		if err := web.DecodeCursor(raw, cursor); err != nil {
			return v, err
		}
	}
	page, err := k.MTR.Queue(ctx, a, key, filter, cursor, 0)
	if err != nil {
		return v, err
	}
	filters, set, err := k.queueFilters(ctx, filter)
	if err != nil {
		return v, err
	}
	templates, err := k.MTR.Templates(ctx, a)
	if err != nil {
		return v, err
	}
	v = queueView{
		Templates: templates,
		Desk:      k.side(ctx, a, counts, key), Key: key, Title: counts[i].Label, Lead: queueLeads[key], Page: page, Now: k.Clock.Now(),
		Text: filter.Text, Filters: filters, Filtered: set,
		Href:  func(number string) string { return reportHref(number, key) },
		Prev:  cursorHref(r, page.Prev),
		Next:  cursorHref(r, page.Next),
		Reset: queueHref(key),
	}
	return v, nil
}

// firstQueue is where somebody begins: the first queue of the side list with
// something in it.
func firstQueue(counts []mtr.QueueCount) mtr.QueueKey {
	first := mtr.QueueKey("")
	for _, g := range queueGroups {
		for _, key := range g.keys {
			for _, c := range counts {
				if c.Key != key {
					continue
				}
				if c.Count > 0 {
					return key
				}
				if first == "" {
					first = key
				}
			}
		}
	}
	return first
}

func readDeskFilter(f *form.Form) mtr.DeskFilter {
	statuses := []string{""}
	for _, s := range mtr.Statuses {
		statuses = append(statuses, string(s))
	}
	text := []rune(f.Line(paramText))
	return mtr.DeskFilter{
		CategoryID:  f.ID(mtr.ControlCategory, ""),
		KelurahanID: f.ID(mtr.ControlKelurahan, ""),
		KecamatanID: f.ID(paramKecamatan, ""),
		UnitID:      f.ID(mtr.ControlUnit, ""),
		Status:      mtr.Status(f.Choice(paramStatus, statuses, "Status ini tidak dikenal.")),
		Sla: mtr.Sla(f.Choice(paramSla, []string{"", string(mtr.SlaOK), string(mtr.SlaNear), string(mtr.SlaLate)},
			"Tenggat ini tidak dikenal.")),
		Text: string(text[:min(len(text), 100)]),
	}
}

// queueFilters are the list's drop-downs and how many of them narrow it now.
func (k *desk) queueFilters(ctx context.Context, f mtr.DeskFilter) (controls []ui.Control, set int, err error) {
	categories, err := k.MTR.Categories(ctx)
	if err != nil {
		return nil, 0, err
	}
	dir, err := k.choices.get(ctx)
	if err != nil {
		return nil, 0, err
	}
	category := []ui.Option{{Label: "Semua kategori"}}
	for _, c := range categories {
		category = append(category, ui.Option{Value: idText(c.ID), Label: c.Name, Group: c.GroupName})
	}
	kecamatan := append([]ui.Option{{Label: "Semua kecamatan"}}, dir.kecamatan...)
	unit := append([]ui.Option{{Label: "Semua unit"}}, dir.units...)
	status := []ui.Option{{Label: "Semua status"}}
	for _, s := range mtr.Statuses {
		status = append(status, ui.Option{Value: string(s), Label: s.Label()})
	}
	controls = []ui.Control{
		{Name: paramSla, Label: "Tenggat", Value: string(f.Sla), Options: []ui.Option{
			{Label: "Semua tenggat"},
			{Value: string(mtr.SlaLate), Label: "Terlambat"},
			{Value: string(mtr.SlaNear), Label: "Segera jatuh tempo"},
			{Value: string(mtr.SlaOK), Label: "Masih longgar"},
		}},
		{Name: mtr.ControlCategory, Label: "Kategori", Value: idText(f.CategoryID), Options: category},
		{Name: paramKecamatan, Label: "Kecamatan", Value: idText(f.KecamatanID), Options: kecamatan},
		{Name: mtr.ControlUnit, Label: "Unit", Value: idText(f.UnitID), Options: unit},
		{Name: paramStatus, Label: "Status", Value: string(f.Status), Options: status},
	}
	for _, c := range controls {
		if c.Value != "" {
			set++
		}
	}
	return controls, set, nil
}

// cursorHref is the address of the neighbouring page, all filters kept.
func cursorHref(r *http.Request, c *mtr.DeskCursor) string {
	if c == nil {
		return ""
	}
	q := r.URL.Query()
	q.Set(paramCursor, web.EncodeCursor(c))
	return deskPath + "?" + q.Encode()
}

// reportHref is the desk's page of a report; from is the queue to go back to.
func reportHref(number string, from mtr.QueueKey) string {
	href := deskPath + "/" + url.PathEscape(number)
	if from == "" {
		return href
	}
	return href + "?" + url.Values{paramQueue: {string(from)}}.Encode()
}
