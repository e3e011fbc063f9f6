package epuskesmasweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	reportPath   = deskPath + "/laporan"
	accuracyPath = deskPath + "/ketepatan"
)

// reportWork is who sees reports.
var reportWork = []authz.Permission{epuskesmas.PermReports, epuskesmas.PermManage}

// ReportRoutes are the reports of a puskesmas and how good its times were.
func ReportRoutes(d Deps) []web.Route {
	k := &desk{d}
	read := web.Needs(reportWork...)
	export := func(pattern string, h web.Handler) web.Route {
		r := post(pattern, read, h)
		r.Stream = true
		return r
	}
	return []web.Route{
		get(reportPath, read, k.report), export(reportPath+"/unduh", k.exportReport), get(reportPath+"/nomor", read, k.behind),
		get(accuracyPath, read, k.accuracy), export(accuracyPath+"/unduh", k.exportAccuracy),
	}
}

// span is the period that a page is about.
type span struct {
	Slug     string
	From, To time.Time
	Form     *form.Form
}

// spanOf reads the period of an address or a form: the last days up to today where none is
// given.
func (k *desk) spanOf(f *form.Form, days int) (s span) {
	now := k.Clock.Now().In(clock.Makassar)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, clock.Makassar)
	s = span{Slug: f.Line("di"), From: f.Date(epuskesmas.ControlFrom, ""), To: f.Date(epuskesmas.ControlTo, ""), Form: f}
	if s.To.IsZero() {
		s.To = today
	}
	if s.From.IsZero() {
		s.From = s.To.AddDate(0, 0, 1-days)
	}
	return s
}

func (s span) query(more ...string) string {
	v := url.Values{"di": {s.Slug}, epuskesmas.ControlFrom: {s.From.Format(time.DateOnly)}, epuskesmas.ControlTo: {s.To.Format(time.DateOnly)}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return "?" + v.Encode()
}

func (s span) controls() []ui.Control {
	e := s.Form.Errors()
	return []ui.Control{
		{Name: epuskesmas.ControlFrom, Label: "Dari tanggal", Type: "date", Value: s.From.Format(time.DateOnly), Error: e.Get(epuskesmas.ControlFrom)},
		{Name: epuskesmas.ControlTo, Label: "Sampai tanggal", Type: "date", Value: s.To.Format(time.DateOnly), Error: e.Get(epuskesmas.ControlTo)},
	}
}

// reportSide is the side list of the reports.
func reportSide(a authz.Actor, s epuskesmas.Site, current string) *ui.Desk {
	d := &ui.Desk{Title: "Puskesmas", Subtitle: workplace(a)}
	if s.UnitID != 0 {
		d.Subtitle = s.Name
		if a.HasAny(reportWork...) {
			d.Groups = append(d.Groups, ui.DeskGroup{Title: "Laporan", Items: []ui.DeskItem{
				{Label: "Kunjungan dan tunggu", Href: inSite(reportPath, s.Slug), Current: current == reportPath},
				{Label: "Ketepatan perkiraan", Href: inSite(accuracyPath, s.Slug), Current: current == accuracyPath},
				{Label: "Perubahan kuota", Href: settingHref(s) + "/kuota"},
			}})
		}
		if a.HasAny(patientWork...) {
			d.Groups = append(d.Groups, ui.DeskGroup{Title: "Pasien", Items: []ui.DeskItem{
				{Label: "Daftar dan riwayat", Href: inSite(patientPath, s.Slug), Current: current == patientPath},
			}})
		}
	}
	g := ui.DeskGroup{Title: "Lainnya"}
	if s.UnitID != 0 && a.HasAny(paperWork...) {
		g.Items = append(g.Items, ui.DeskItem{Label: "Daftar kertas", Href: inSite(paperPath, s.Slug), Current: current == paperPath})
	}
	if a.HasAny(queueWork...) {
		g.Items = append(g.Items, ui.DeskItem{Label: "Antrean hari ini", Href: deskPath})
	}
	g.Items = append(g.Items, ui.DeskItem{Label: "Semua ruang kerja", Href: "/meja"})
	d.Groups = append(d.Groups, g)
	return d
}

// chooseOr is [desk.choose] for a page at a path: where there are several puskesmas it
// answers with their list, and slug is "".
func (k *desk) chooseOr(w http.ResponseWriter, r *http.Request, asked, path, title string, ps ...authz.Permission) (slug string, err error) {
	slug, all, err := k.choose(r, asked, ps...)
	if err != nil || slug != "" {
		return slug, err
	}
	side := reportSide(web.ActorOf(r.Context()), epuskesmas.Site{}, path)
	return "", web.Render(w, r, http.StatusOK, reportSites(side, title, path, all))
}

type reportView struct {
	Desk   *ui.Desk
	Span   span
	Report epuskesmas.Statistics
}

func (k *desk) report(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := reportView{Span: k.spanOf(f, 30)}
	if v.Span.Slug, err = k.chooseOr(w, r, v.Span.Slug, reportPath, "Laporan puskesmas", reportWork...); err != nil || v.Span.Slug == "" {
		return err
	}
	return k.showReport(w, r, v)
}

func (k *desk) showReport(w http.ResponseWriter, r *http.Request, v reportView) error {
	a := web.ActorOf(r.Context())
	status, f := http.StatusOK, v.Span.Form
	stats, err := k.Queue.Statistics(r.Context(), a, v.Span.Slug, v.Span.From, v.Span.To)
	if !f.OK() || f.FailWith(err) {
		status = http.StatusUnprocessableEntity
	} else if err != nil {
		return err
	}
	v.Report = stats
	v.Desk = reportSide(a, stats.Site, reportPath)
	return web.Render(w, r, status, reportPage(v))
}

// file reads what a download is about and in which format.
func (k *desk) file(w http.ResponseWriter, r *http.Request, name string, days int) (s span, format string, out *web.Download, err error) {
	f, err := form.Read(r)
	if err != nil {
		return s, "", nil, err
	}
	s, format = k.spanOf(f, days), f.Choice("format", []string{sheet.XLSX, sheet.CSV}, "Pilih XLSX atau CSV.")
	out = web.NewDownload(w, sheet.Types[format], name+"-"+s.From.Format(time.DateOnly)+"-"+s.To.Format(time.DateOnly)+"."+format)
	if !f.OK() {
		return s, format, out, errs.New(errs.BadRequest, "Berkas ini tidak dapat dibuat. Mulai lagi dari laporannya.")
	}
	return s, format, out, nil
}

func (k *desk) exportReport(w http.ResponseWriter, r *http.Request) error {
	s, format, out, err := k.file(w, r, "kunjungan", 30)
	if err != nil {
		return err
	}
	return k.Queue.ExportStatistics(r.Context(), web.ActorOf(r.Context()), s.Slug, s.From, s.To, format, out)
}

type behindView struct {
	Desk *ui.Desk
	Site epuskesmas.Site
	Span span
	List []epuskesmas.Behind
	Next string
	What string
}

// behindStatuses are what a figure's list may be narrowed to.
var behindStatuses = map[string][]epuskesmas.Status{
	"": nil, "selesai": {epuskesmas.Done}, "dirujuk": {epuskesmas.Referred}, "tidak_hadir": {epuskesmas.NoShow}, "batal": {epuskesmas.Cancelled},
	"pindah": {epuskesmas.Rescheduled, epuskesmas.Moved}, "berjalan": {epuskesmas.Booked, epuskesmas.Waiting, epuskesmas.Called, epuskesmas.Serving},
}

func (k *desk) behind(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	v := behindView{Span: k.spanOf(f, 30), What: f.Line("akhir")}
	statuses, known := behindStatuses[v.What]
	poli, after := f.ID("poli", ""), f.ID("sesudah", "")
	if !f.OK() || !known || v.Span.Slug == "" {
		return errs.New(errs.BadRequest, "Daftar ini tidak ada. Mulai lagi dari laporannya.")
	}
	if v.Site, v.List, err = k.Queue.Behind(r.Context(), a, v.Span.Slug, v.Span.From, v.Span.To, poli, statuses, after); err != nil {
		return err
	}
	if len(v.List) > epuskesmas.BehindPage {
		v.List = v.List[:epuskesmas.BehindPage]
		v.Next = v.Span.behindHref(poli, v.What, v.List[len(v.List)-1].ID)
	}
	v.Desk = reportSide(a, v.Site, reportPath)
	return web.Render(w, r, http.StatusOK, behindPage(v))
}

// behindHref lists the numbers behind a figure: of a poli (0: all), after an id (0: from the
// first).
func (s span) behindHref(poliID int64, what string, after int64) string {
	q := []string{"akhir", what}
	if poliID != 0 {
		q = append(q, "poli", itoa(poliID))
	}
	if after != 0 {
		q = append(q, "sesudah", itoa(after))
	}
	return reportPath + "/nomor" + s.query(q...)
}

type accuracyView struct {
	Desk         *ui.Desk
	Site         epuskesmas.Site
	Span         span
	Whole, Weeks []epuskesmas.Accuracy
}

func (k *desk) accuracy(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := accuracyView{Span: k.spanOf(f, 56)}
	if v.Span.Slug, err = k.chooseOr(w, r, v.Span.Slug, accuracyPath, "Ketepatan perkiraan", reportWork...); err != nil || v.Span.Slug == "" {
		return err
	}
	a := web.ActorOf(r.Context())
	if v.Site, _, err = k.Queue.StaffSite(r.Context(), a, v.Span.Slug, reportWork...); err != nil {
		return err
	}
	status := http.StatusOK
	if v.Whole, v.Weeks, err = k.Queue.Accuracy(r.Context(), a, v.Site.UnitID, v.Span.From, v.Span.To); !f.OK() || f.FailWith(err) {
		status = http.StatusUnprocessableEntity
	} else if err != nil {
		return err
	}
	v.Desk = reportSide(a, v.Site, accuracyPath)
	return web.Render(w, r, status, accuracyPage(v))
}

func (k *desk) exportAccuracy(w http.ResponseWriter, r *http.Request) error {
	s, format, out, err := k.file(w, r, "ketepatan", 56)
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	site, _, err := k.Queue.StaffSite(r.Context(), a, s.Slug, reportWork...)
	if err != nil {
		return err
	}
	return k.Queue.ExportAccuracy(r.Context(), a, site.UnitID, s.From, s.To, format, out)
}

// weeksOf are the weeks of a poli at one moment.
func (v accuracyView) weeksOf(poliID int64, moment string) (out []epuskesmas.Accuracy) {
	for _, a := range v.Weeks {
		if a.PoliID == poliID && a.Moment == moment {
			out = append(out, a)
		}
	}
	return out
}

// polis are those that have figures, in their order.
func (v accuracyView) polis() (out []epuskesmas.Accuracy) {
	for _, a := range v.Whole {
		if !slices.ContainsFunc(out, func(o epuskesmas.Accuracy) bool { return o.PoliID == a.PoliID }) {
			out = append(out, a)
		}
	}
	return out
}

// minutesWord writes minutes with one decimal: "4,2".
func minutesWord(f float64) string {
	return strings.ReplaceAll(strconv.FormatFloat(f, 'f', 1, 64), ".", ",")
}

// percent writes a share: "81 %".
func percent(f float64) string { return strconv.Itoa(int(f*100+0.5)) + " %" }

// leaning says in words in which direction times were wrong.
func leaning(a epuskesmas.Accuracy) string {
	switch {
	case a.Bias > 1:
		return minutesWord(a.Bias) + " menit lebih lambat dari yang disebut"
	case a.Bias < -1:
		return minutesWord(-a.Bias) + " menit lebih cepat dari yang disebut"
	}
	return "tidak condong"
}

// width of a bar for n of most, in a box of 100.
func width(n, most int) string {
	if most == 0 {
		return "0"
	}
	return strconv.FormatFloat(float64(n)*100/float64(most), 'f', 1, 64)
}

func mostTaken(days []epuskesmas.DayCount) (n int) {
	for _, d := range days {
		n = max(n, d.Taken)
	}
	return n
}

func mostHour(hours []epuskesmas.HourCount) (n int) {
	for _, h := range hours {
		n = max(n, h.N)
	}
	return n
}

func hourOf(t *time.Time) string {
	if t == nil {
		return ""
	}
	return indo.Clock(*t)
}
