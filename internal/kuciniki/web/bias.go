package kucinikiweb

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	work "makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const biasPath = deskPath + "/selisih"

// biasView is how ratings lie to the evidence.
type biasView struct {
	Desk        *ui.Desk
	Form        *form.Form
	Year, Month int // month 0: the year's evaluations
	now         time.Time
	work.Gaps
}

func (v biasView) name() string { return kuciniki.PeriodName(v.Year, v.Month) }

func (v biasView) control() ui.Control {
	c := ui.Control{Name: paramMonth, Label: "Penilaian", Value: monthText(v.Year, v.Month)}
	for i := range 12 {
		m := work.MonthOf(v.now).AddDate(0, -i, 0)
		c.Options = append(c.Options, ui.Option{Value: m.Format("2006-01"), Label: indo.MonthYear(m)})
	}
	for i := range 2 {
		year := work.MonthOf(v.now).Year() - i
		c.Options = append(c.Options, ui.Option{Value: monthText(year, 0), Label: "Tahun " + strconv.Itoa(year)})
	}
	return c
}

// monthText is 2026-03, or 2026 for the year.
func monthText(year, month int) string {
	if month == 0 {
		return strconv.Itoa(year)
	}
	return fmt.Sprintf("%d-%02d", year, month)
}

// whole reads which evaluations are asked for: the last whole month where nothing is said.
func (v *biasView) whole(typed string) bool {
	last := work.MonthOf(v.now).AddDate(0, -1, 0)
	v.Year, v.Month = last.Year(), int(last.Month())
	if typed == "" {
		return true
	}
	if at, err := time.Parse("2006", typed); err == nil && at.Year() >= 2020 && at.Year() <= v.now.Year() {
		v.Year, v.Month = at.Year(), 0
		return true
	}
	at, err := time.Parse("2006-01", typed)
	if err != nil || at.Year() < 2020 || at.After(v.now) {
		return false
	}
	v.Year, v.Month = at.Year(), int(at.Month())
	return true
}

func (k *desk) gapReport(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := biasView{Form: f, now: k.Clock.Now()}
	if !v.whole(f.Value(paramMonth)) {
		f.Fail(paramMonth, "Pilih bulan atau tahun dari daftar.")
	}
	if v.Gaps, err = k.Evidence.Gaps(ctx, a, v.Year, v.Month); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, biasPath); err != nil {
		return err
	}
	return web.Render(w, r, status(f), biasPage(v))
}

// classes is a mean of classes with its sign.
func classes(f float64) string {
	out := indo.Decimal(f, 2)
	if f > 0 {
		return "+" + out
	}
	return out
}
