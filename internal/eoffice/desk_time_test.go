package eoffice

import (
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// The figures are those of the steps behind them, of working time only, and of one's own
// unit only.
func TestTimeAtDesks(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	chief := c.hire("struktural", "DPU", p.head.desk, PermFigures)
	waits := []time.Duration{time.Hour, 2 * time.Hour, 3 * time.Hour, 24 * time.Hour, 10 * time.Minute, 20 * time.Minute}
	for _, wait := range waits {
		c.clock.Set(start)
		id := c.submit(p, p.draft())
		c.clock.Advance(wait)
		c.paraf(p.verifier, id)
	}
	day := time.Date(2026, 11, 24, 0, 0, 0, 0, clock.Makassar)
	got, err := c.DeskTimes(c.ctx, chief.Actor, ByStep, day, day.AddDate(0, 0, 2))
	if err != nil || len(got) != 1 || got[0].Key != "naskah.paraf" || got[0].N != len(waits) || !got[0].Enough() {
		t.Fatalf("%+v, %v", got, err)
	}
	cases, err := c.DeskCases(c.ctx, chief.Actor, ByStep, "naskah.paraf", day, day.AddDate(0, 0, 2))
	if err != nil || len(cases) != got[0].N {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	if cases[0].Minutes >= 24*60 || cases[0].Minutes < 7*60 { // the night does not count
		t.Errorf("from nine to nine the next day are %d minutes", cases[0].Minutes)
	}
	middle := float64(cases[2].Minutes+cases[3].Minutes) / 2
	if got[0].Median != middle || got[0].P90 < float64(cases[1].Minutes) {
		t.Errorf("median %v of %v, p90 %v", got[0].Median, middle, got[0].P90)
	}
	if got, err := c.DeskTimes(c.ctx, chief.Actor, ByStep, day, day); err != nil || got[0].N != len(waits)-1 {
		t.Errorf("of one day: %+v, %v", got, err)
	}
	for by, key := range map[By]string{ByDesk: c.title(p.verifier.desk), ByKind: "SD", ByUrgency: string(Ordinary)} {
		got, err := c.DeskTimes(c.ctx, chief.Actor, by, day, day.AddDate(0, 0, 2))
		if err != nil || len(got) != 1 || got[0].Key != key || got[0].N != len(waits) {
			t.Errorf("%s: %+v, %v", by, got, err)
		}
		if cases, err := c.DeskCases(c.ctx, chief.Actor, by, key, day, day.AddDate(0, 0, 2)); err != nil || len(cases) != len(waits) {
			t.Errorf("%s: %d cases, %v", by, len(cases), err)
		}
	}
	other := c.hire("struktural", "BAPPEDA", p.other.desk, PermFigures)
	if got, err := c.DeskTimes(c.ctx, other.Actor, ByStep, day, day); err != nil || len(got) != 0 {
		t.Errorf("another unit sees %+v, %v", got, err)
	}
	_, err = c.DeskTimes(c.ctx, p.head.Actor, ByStep, day, day)
	errstest.Kind(t, err, errs.NotFound)
	_, err = c.DeskTimes(c.ctx, chief.Actor, ByStep, day, day.AddDate(0, 0, -1))
	errstest.Kind(t, err, errs.Unprocessable)
	_, err = c.DeskCases(c.ctx, chief.Actor, "lain", "x", day, day)
	errstest.Kind(t, err, errs.BadRequest)
}

func (c *city) title(desk int64) string {
	c.t.Helper()
	return one[string](c, `SELECT title FROM org_position WHERE id = $1`, desk)
}
