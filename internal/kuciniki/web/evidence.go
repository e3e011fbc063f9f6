package kucinikiweb

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	work "makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	evidencePath = deskPath + "/bukti"
	teamWorkPath = deskPath + "/pekerjaan-tim"
	figurePath   = deskPath + "/angka"

	paramMonth = "bulan"

	usualText = "“Biasanya” adalah nilai tengah dua belas bulan sebelumnya untuk langkah dengan jenis, urgensi, dan kategori yang sama, ditetapkan pada awal bulan. Jika kurang dari lima, dipakai kelompok yang lebih luas."
)

// period is a stretch of whole months that a page shows: one, a year, or the twelve until now.
type period struct {
	From, To work.Month // To not in it
	month    string     // 2026-03 or 2026, "": twelve
	now      time.Time
}

func (k *desk) periodOf(f *form.Form) period {
	now := k.Clock.Now()
	to := work.Month{Time: work.MonthOf(now).AddDate(0, 1, 0)}
	p := period{From: work.Month{Time: to.AddDate(-1, 0, 0)}, To: to, now: now}
	typed := f.Value(paramMonth)
	if typed == "" {
		return p
	}
	layout, months := "2006-01", 1
	if len(typed) == len("2006") {
		layout, months = "2006", 12
	}
	at, err := time.Parse(layout, typed)
	if err != nil || at.After(now) || at.Year() < 2020 {
		f.Fail(paramMonth, "Pilih waktu dari daftar.")
		return p
	}
	return period{From: work.Month{Time: at}, To: work.Month{Time: at.AddDate(0, months, 0)}, month: typed, now: now}
}

// whole tells whether it is a year from January on.
func (p period) whole() bool { return len(p.month) == len("2006") }

func (p period) control() ui.Control {
	c := ui.Control{Name: paramMonth, Label: "Waktu", Value: p.month, Options: []ui.Option{{Value: "", Label: "12 bulan terakhir"}}}
	for i := range 12 {
		m := work.MonthOf(p.now).AddDate(0, -i, 0)
		c.Options = append(c.Options, ui.Option{Value: m.Format("2006-01"), Label: indo.MonthYear(m)})
	}
	for year := work.MonthOf(p.now).Year(); year >= work.MonthOf(p.now).Year()-1; year-- {
		c.Options = append(c.Options, ui.Option{Value: strconv.Itoa(year), Label: "Tahun " + strconv.Itoa(year)})
	}
	return c
}

// with is an address for the same time.
func (p period) with(path string) string {
	if p.month == "" {
		return path
	}
	return path + "?" + paramMonth + "=" + p.month
}

func (p period) text() string {
	if p.whole() {
		return "Tahun " + p.month
	}
	last := p.To.AddDate(0, -1, 0)
	if last.Equal(p.From.Time) {
		return indo.MonthYear(last)
	}
	return indo.MonthYear(p.From.Time) + " sampai " + indo.MonthYear(last)
}

// evidenceView is what the work says of somebody.
type evidenceView struct {
	Desk   *ui.Desk
	Period period
	Form   *form.Form
	Links  links
	work.Portrait
	Oversees bool // the viewer is of BKPSDM or the Inspektorat
}

func (v evidenceView) path() string { return evidencePath + "/" + idText(v.PersonID) }

func (v evidenceView) title() string {
	if v.Self {
		return "Bukti kerja saya"
	}
	return "Bukti kerja " + v.Name
}

// shows tells whether a figure is for the viewer: how drafts pass is between the drafter and
// their desk until there are enough.
func (v evidenceView) shows(f work.Figure) bool {
	return v.Self || f.Metric != work.DraftOnce || f.Enough()
}

// counted tells whether there is a figure to show.
func (v evidenceView) counted() bool {
	return slices.ContainsFunc(v.Figures, func(f work.Figure) bool { return f.N > 0 && v.shows(f) })
}

// uncounted names the figures without a case.
func (v evidenceView) uncounted() string {
	var out []string
	for _, f := range v.Figures {
		if f.N == 0 {
			out = append(out, strings.ToLower(f.Name))
		}
	}
	return strings.Join(out, ", ")
}

// writtenText tells of days that only the person's own log knows.
func (v evidenceView) writtenText() string {
	if v.Written == 0 {
		return ""
	}
	return " dan " + indo.Int(v.Written) + " hari lagi hanya tercatat di log kerja (paling banyak " + indo.Int(v.LogCap) + " persen)"
}

// hourText tells which hours are on duty.
func (v evidenceView) hourText() string {
	if v.Hourly.Rostered {
		return "jaga menurut jadwal"
	}
	return "poli dibuka"
}

func (v evidenceView) longest() (most int) {
	for _, w := range v.Work {
		most = max(most, w.Median, w.Expected)
	}
	return most
}

func (k *desk) ownEvidence(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	if a.PersonID == 0 {
		return errs.New(errs.NotFound, "Anda belum tercatat sebagai pegawai.")
	}
	return k.showEvidence(w, r, a.PersonID)
}

func (k *desk) evidence(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "orang")
	if err != nil {
		return err
	}
	return k.showEvidence(w, r, id)
}

func (k *desk) showEvidence(w http.ResponseWriter, r *http.Request, person int64) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := evidenceView{Period: k.periodOf(f), Form: f}
	if v.Portrait, err = k.Evidence.Portrait(ctx, a, person, v.Period.From, v.Period.To); err != nil {
		return err
	}
	v.Oversees = a.HasAny(kuciniki.PermPersonnel, kuciniki.PermInspect)
	if v.Links, err = k.links(ctx, a, append(refs(v.Open, refOf), refs(v.Samples, refOfSample)...)); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, evidencePath); err != nil {
		return err
	}
	return web.Render(w, r, status(f), evidencePage(v))
}

// stepView is the steps behind a figure.
type stepView struct {
	Desk   *ui.Desk
	Period period
	Form   *form.Form
	work.Subject
	Rule  work.Rule
	Steps []work.Step
	All   work.Count // of which the latest are listed
	Links links
}

func (k *desk) steps(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "orang")
	if err != nil {
		return err
	}
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := stepView{Period: k.periodOf(f), Form: f}
	metric := work.Metric(web.Path(r, "ukuran"))
	if v.Rule, _ = work.RuleOf(metric); !v.Rule.Ledger {
		return k.behind(w, r, id, behindView{Period: v.Period, Form: f, Rule: v.Rule})
	}
	if v.Subject, v.Steps, v.All, err = k.Evidence.Steps(ctx, a, id, metric, v.Period.From, v.Period.To); err != nil {
		return err
	}
	if v.Links, err = k.links(ctx, a, refs(v.Steps, refOfStep)); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, evidencePath); err != nil {
		return err
	}
	return web.Render(w, r, status(f), stepPage(v))
}

// behindView is what stands behind a figure of which the work ledger has no steps.
type behindView struct {
	Desk   *ui.Desk
	Period period
	Form   *form.Form
	work.Subject
	Rule work.Rule
	work.Behind
	All work.Count
}

func (k *desk) behind(w http.ResponseWriter, r *http.Request, person int64, v behindView) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.Subject, v.Behind, v.All, err = k.Evidence.Behind(ctx, a, person, v.Rule.Metric, v.Period.From, v.Period.To); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, evidencePath); err != nil {
		return err
	}
	return web.Render(w, r, status(v.Form), behindPage(v))
}

// teamWorkView is what lies on the desks right below.
type teamWorkView struct {
	Desk  *ui.Desk
	Loads []work.Load
}

// sumOf is what lies on all of some desks.
func sumOf(all []work.Load) (sum work.Ages) {
	for _, l := range all {
		sum = work.Ages{Week: sum.Week + l.Week, Month: sum.Month + l.Month, Quarter: sum.Quarter + l.Quarter, Older: sum.Older + l.Older, Late: sum.Late + l.Late, Waiting: sum.Waiting + l.Waiting}
	}
	return sum
}

func (k *desk) teamWork(w http.ResponseWriter, r *http.Request) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v := teamWorkView{}
	if v.Loads, err = k.Evidence.TeamLoads(ctx, a); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, teamWorkPath); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, teamWorkPage(v))
}

// permDeskTimes opens the times at desks of e-Office.
const permDeskTimes authz.Permission = "eoffice.figures"

// figureView is a unit, or the city, on one screen.
type figureView struct {
	Desk      *ui.Desk
	Period    period
	Form      *form.Form
	Loads     []work.Load // of its own desks, where the viewer sits above them
	Links     links
	DeskTimes bool // the viewer may see the times at desks of e-Office
	Oversees  bool // the viewer is of BKPSDM or the Inspektorat
	work.City
}

// services are those of the whole unit in the period, where there are enough to say a share.
func (v figureView) services() (all work.Count, ok bool) {
	for _, t := range v.Trend {
		if !t.Month.Before(v.Period.From.Time) && t.Month.Before(v.Period.To.Time) {
			all = work.Count{N: all.N + t.N, X: all.X + t.X}
		}
	}
	return all, all.N >= 5
}

// fewText says why a share is missing.
const fewText = "Di bawah lima layanan, bagiannya tidak disebut: satu kejadian saja mengubahnya terlalu banyak. Daftarnya tetap dapat dibuka."

// agePart is how much is open of an age.
type agePart struct {
	Which work.Which
	N     int
}

func (v figureView) ages() []agePart {
	return []agePart{{work.WeekOpen, v.Ages.Week}, {work.MonthOpen, v.Ages.Month}, {work.SeasonOpen, v.Ages.Quarter}, {work.OlderOpen, v.Ages.Older}}
}

// listed tells whether the steps of a kind can be listed.
func (v figureView) listed(l work.Lag) bool { return work.Listable(l.Module) }

func (v figureView) href(unit int64) string { return unitAt(figurePath, unit, v.Period) }

func unitAt(path string, unit int64, p period) string {
	out := path + "?" + paramUnit + "=" + idText(unit)
	if p.month != "" {
		out += "&" + paramMonth + "=" + p.month
	}
	return out
}

// unitOf is the unit that an address names, 0 where it names none.
func unitOf(f *form.Form) (int64, error) {
	typed := f.Value(paramUnit)
	if typed == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(typed, 10, 64)
	if err != nil || id < 1 {
		return 0, errs.New(errs.NotFound, "Unit itu tidak ada.")
	}
	return id, nil
}

func (k *desk) figures(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := figureView{Period: k.periodOf(f), Form: f}
	unit, err := unitOf(f)
	if err != nil {
		return err
	}
	if v.City, err = k.Evidence.City(ctx, a, unit, v.Period.From, v.Period.To); err != nil {
		return err
	}
	v.DeskTimes, v.Oversees = a.Has(permDeskTimes), a.HasAny(kuciniki.PermPersonnel, kuciniki.PermInspect)
	if v.Loads, err = k.Evidence.UnitLoads(ctx, a, v.Unit.ID); err != nil {
		return err
	}
	if v.Links, err = k.links(ctx, a, refs(v.Oldest, refOf)); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, figurePath); err != nil {
		return err
	}
	return web.Render(w, r, status(f), figurePage(v))
}

// changes tells a page when there is something new in the ledger; not what.
func (k *desk) changes(w http.ResponseWriter, r *http.Request) error {
	changed, cancel := k.Hub.Subscribe(work.LiveFigures)
	defer cancel()
	n := 0
	return web.Events(w, r, changed, func(context.Context) (string, error) {
		if n++; n == 1 {
			return "", nil
		}
		return strconv.Itoa(n), nil
	})
}

func seesFigures(a authz.Actor) bool {
	return a.HasAny(kuciniki.PermFigures, kuciniki.PermPersonnel, kuciniki.PermInspect)
}

// worked is working time in words; a working day has 7.5 hours.
func worked(m int) string {
	switch {
	case m < 60:
		return strconv.Itoa(m) + " menit"
	case m < 450:
		return indo.Decimal(float64(m)/60, 1) + " jam"
	}
	return indo.Decimal(float64(m)/450, 1) + " hari kerja"
}

// bar is the length of a bar in a chart 100 wide.
func bar(n, most int) string {
	if most == 0 {
		return "0"
	}
	return strconv.FormatFloat(100*float64(n)/float64(most), 'f', 1, 64)
}

func days(since, now time.Time) string {
	n := int(now.In(clock.Makassar).Sub(since) / (24 * time.Hour))
	if n == 0 {
		return "hari ini"
	}
	return indo.Int(n) + " hari"
}

func caseText(object string, id int64) string {
	return fmt.Sprintf("%s %d", work.CaseName(object), id)
}
