package kucinikiweb

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	work "makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	paramGap  = "yang"
	paramUnit = "unit"
)

// periodsView is where BKPSDM opens and closes.
type periodsView struct {
	Desk    *ui.Desk
	Periods []kuciniki.Period
	At      time.Time
	Now     int
	Form    *form.Form
}

func (v periodsView) yearControl() ui.Control {
	c := ui.Control{Name: kuciniki.ControlYear, Label: "Tahun yang dibuka", Value: idText(int64(v.Now)), Width: "short"}
	for y := v.Now + 1; y >= v.Now-1; y-- {
		c.Options = append(c.Options, ui.Option{Value: idText(int64(y)), Label: idText(int64(y))})
	}
	return c.Kept(v.Form)
}

// unfinished says what nobody will judge any more once the period is closed, "" where there is
// nothing.
func unfinished(p kuciniki.Period) string {
	var out []string
	if p.Reported > 0 {
		out = append(out, indo.Int(p.Reported)+" dilaporkan, belum dinilai")
	}
	if p.Unsigned > 0 {
		out = append(out, indo.Int(p.Unsigned)+" menunggu tanda tangan kedua")
	}
	return strings.Join(out, "; ")
}

func closeText(p kuciniki.Period) string {
	out := "Tutup " + p.Name() + "? Ini tidak dapat dibatalkan."
	if text := unfinished(p); text != "" {
		out += " Tidak akan dinilai lagi: " + text + "."
	}
	return out
}

// over tells whether a period has ended, so that it may be closed.
func (v periodsView) over(p kuciniki.Period) bool { return !v.At.Before(p.End()) }

func (k *desk) periods(w http.ResponseWriter, r *http.Request) error {
	return k.showPeriods(w, r, http.StatusOK, nil)
}

func (k *desk) showPeriods(w http.ResponseWriter, r *http.Request, status int, f *form.Form) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if !a.Has(kuciniki.PermPersonnel) {
		return errs.New(errs.NotFound, "Halaman ini milik BKPSDM.")
	}
	v := periodsView{At: k.Clock.Now(), Now: k.Kuciniki.Year(), Form: f}
	if v.Periods, err = k.Kuciniki.Periods(ctx); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, periodPath); err != nil {
		return err
	}
	return web.Render(w, r, status, periodsPage(v))
}

func (k *desk) openYear(w http.ResponseWriter, r *http.Request) error {
	return k.onPeriod(w, r, "Tahun dibuka beserta dua belas bulannya.", func(f *form.Form, year int) error {
		return k.Kuciniki.OpenYear(r.Context(), web.ActorOf(r.Context()), year)
	})
}

func (k *desk) closePeriod(w http.ResponseWriter, r *http.Request) error {
	return k.onPeriod(w, r, "Periode ditutup.", func(f *form.Form, year int) error {
		month := f.Int(kuciniki.ControlMonth, 0, 12, "Pilih bulan.")
		if err := f.Err(); err != nil {
			return err
		}
		return k.Kuciniki.ClosePeriod(r.Context(), web.ActorOf(r.Context()), year, month)
	})
}

func (k *desk) onPeriod(w http.ResponseWriter, r *http.Request, done string, do func(f *form.Form, year int) error) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	year := f.Int(kuciniki.ControlYear, 2020, 2999, "Pilih tahun.")
	if err = f.Err(); err == nil {
		err = do(f, year)
	}
	if err == nil {
		web.Flash(r, "success", done)
		return web.Redirect(w, r, periodPath)
	}
	if !f.Refuse(err) {
		return err
	}
	return k.showPeriods(w, r, web.Status(err), f)
}

// gapsView is what is missing in a year, for BKPSDM in January.
type gapsView struct {
	Desk   *ui.Desk
	Year   int
	Now    int
	Gap    kuciniki.Gap
	Unit   int64           // 0: all
	Units  []work.UnitInfo // to choose from
	Counts kuciniki.GapCounts
	People []kuciniki.Member
	Next   string
	Form   *form.Form
}

var gapLabels = map[kuciniki.Gap]string{kuciniki.NoSKP: "Belum punya SKP yang disepakati", kuciniki.NotJudged: "Belum dinilai untuk setahun", kuciniki.NoSuperior: "Tanpa atasan yang dapat menilai"}

func (v gapsView) href(g kuciniki.Gap) string {
	href := withYear(gapPath, v.Year) + "&" + paramGap + "=" + string(g)
	if v.Unit != 0 {
		href += "&" + paramUnit + "=" + idText(v.Unit)
	}
	return href
}

func (v gapsView) unitControl() ui.Control {
	c := ui.Control{Name: paramUnit, Label: "Unit", Options: []ui.Option{{Value: "", Label: "Semua"}}}
	if v.Unit != 0 {
		c.Value = idText(v.Unit)
	}
	for _, u := range v.Units {
		c.Options = append(c.Options, ui.Option{Value: idText(u.ID), Label: u.Name})
	}
	return c
}

func (k *desk) gaps(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := gapsView{Year: k.yearOf(f), Now: k.Kuciniki.Year(), Gap: kuciniki.Gap(f.Line(paramGap)), Form: f}
	if !slices.Contains(kuciniki.Gaps, v.Gap) {
		v.Gap = kuciniki.NoSKP
	}
	if v.Unit, err = unitOf(f); err != nil {
		return err
	}
	if v.Counts, err = k.Kuciniki.Missing(ctx, a, v.Year, v.Unit); err != nil {
		return err
	}
	if v.Units, err = k.Evidence.Lookable(ctx, a); err != nil {
		return err
	}
	after, err := cursorOf[kuciniki.MemberCursor](f)
	if err != nil {
		return err
	}
	var next *kuciniki.MemberCursor
	if v.People, next, err = k.Kuciniki.MissingList(ctx, a, v.Year, v.Unit, v.Gap, after); err != nil {
		return err
	}
	v.Next = nextPage(r, next)
	if v.Desk, err = k.side(ctx, a, gapPath); err != nil {
		return err
	}
	return web.Render(w, r, status(f), gapsPage(v))
}
