package evidence_test

import (
	"slices"
	"testing"

	"makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// all reads every page of a list.
func all[T, C any](t *testing.T, page func(after *C) ([]T, *C, error)) (out []T) {
	t.Helper()
	var after *C
	for {
		list, next, err := page(after)
		if err != nil {
			t.Fatal(err)
		}
		if out = append(out, list...); next == nil {
			return out
		}
		after = next
	}
}

// behind holds every figure of units and desks against the list that it opens, for who sees
// the figures, and asks for the lists as who does not.
func (c *city) behind(a, head, stranger authz.Actor, from, to evidence.Month) {
	c.t.Helper()
	ctx := c.t.Context()
	ages := func(of string, want evidence.Ages, list func(evidence.Which, *evidence.OpenCursor) ([]evidence.Listed, *evidence.OpenCursor, error)) {
		c.t.Helper()
		for which, n := range map[evidence.Which]int{
			evidence.AllOpen: want.Total(), evidence.LateOpen: want.Late, evidence.WaitOpen: want.Waiting,
			evidence.WeekOpen: want.Week, evidence.MonthOpen: want.Month, evidence.SeasonOpen: want.Quarter, evidence.OlderOpen: want.Older,
		} {
			got := all(c.t, func(after *evidence.OpenCursor) ([]evidence.Listed, *evidence.OpenCursor, error) {
				return list(which, after)
			})
			if len(got) != n {
				c.t.Errorf("%s, %s: %d in the list, the figure is %d", of, which, len(got), n)
			}
		}
	}
	services := func(unit int64, late bool) (n int) {
		for _, s := range all(c.t, func(after *evidence.ServiceCursor) ([]evidence.Service, *evidence.ServiceCursor, error) {
			_, list, next, err := c.Services(ctx, a, unit, from, to, late, after)
			return list, next, err
		}) {
			if n += s.N; late {
				n -= s.X
			}
		}
		return n
	}
	city, err := c.City(ctx, a, 0, from, to)
	c.must(err)
	ages("the city", city.Ages, func(w evidence.Which, after *evidence.OpenCursor) ([]evidence.Listed, *evidence.OpenCursor, error) {
		_, list, next, err := c.OpenIn(ctx, a, 0, w, after)
		return list, next, err
	})
	sum := evidence.Count{}
	for _, unit := range city.Below {
		sum = evidence.Count{N: sum.N + unit.N, X: sum.X + unit.X}
		if got := services(unit.ID, false); got != unit.N || got == 0 {
			c.t.Errorf("%d services of %s are listed, the figure is %d", got, unit.Name, unit.N)
		}
		if got := services(unit.ID, true); got != unit.N-unit.X || got == 0 {
			c.t.Errorf("%d late services of %s are listed, the figures say %d", got, unit.Name, unit.N-unit.X)
		}
		own, err := c.City(ctx, a, unit.ID, from, to)
		c.must(err)
		if own.Ages.Total() != unit.Open || own.Ages.Late != unit.Late {
			c.t.Errorf("%s has %+v on its own page, %+v above", unit.Name, own.Ages, unit)
		}
	}
	if got := services(0, false); got != sum.N || got <= 50 { // more than a page
		c.t.Errorf("%d services of the city are listed, the figure is %d", got, sum.N)
	}
	for _, l := range city.Lags {
		got := all(c.t, func(after *evidence.StepCursor) ([]evidence.UnitStep, *evidence.StepCursor, error) {
			_, list, next, err := c.StepsIn(ctx, a, 0, l.Module+"."+l.Kind, from, to, after)
			return list, next, err
		})
		if len(got) != l.N || l.N == 0 {
			c.t.Errorf("%d steps %s are listed, the figure is %d", len(got), l.Kind, l.N)
		}
	}
	desks, err := c.TeamLoads(ctx, head)
	c.must(err)
	if len(desks) < 9 {
		c.t.Errorf("%d desks are below the head", len(desks))
	}
	for _, d := range desks {
		ages(d.Title, d.Ages, func(w evidence.Which, after *evidence.OpenCursor) ([]evidence.Listed, *evidence.OpenCursor, error) {
			_, list, next, err := c.OpenOn(ctx, head, d.DeskID, w, after)
			return list, next, err
		})
		done := all(c.t, func(after *evidence.StepCursor) ([]evidence.Entry, *evidence.StepCursor, error) {
			_, list, _, next, err := c.DoneOn(ctx, head, d.DeskID, after)
			return list, next, err
		})
		if len(done) != d.Done {
			c.t.Errorf("%s: %d that are done are listed, the figure is %d", d.Title, len(done), d.Done)
		}
	}
	_, _, _, _, err = c.DoneOn(ctx, stranger, desks[0].DeskID, nil)
	if errs.KindOf(err) != errs.NotFound || err == nil {
		c.t.Errorf("what a desk did is a stranger's to read: %v", err)
	}
	for what, err := range map[string]error{
		"what is open":   second(c.OpenIn(ctx, stranger, c.units[0], evidence.AllOpen, nil)),
		"a desk":         second(c.OpenOn(ctx, stranger, desks[0].DeskID, evidence.AllOpen, nil)),
		"services":       second(c.Services(ctx, stranger, c.units[0], from, to, false, nil)),
		"steps":          second(c.StepsIn(ctx, stranger, c.units[0], "mtr.validate", from, to, nil)),
		"steps of E8":    second(c.StepsIn(ctx, a, 0, "epuskesmas.selesai", from, to, nil)),
		"another choice": second(c.OpenIn(ctx, a, 0, "lain", nil)),
	} {
		if errs.KindOf(err) != errs.NotFound || err == nil {
			c.t.Errorf("%s: %v", what, err)
		}
	}
}

// everyFigure holds every figure of everybody that comes from the ledger against the list that
// it opens.
func (c *city) everyFigure(a authz.Actor, from, to evidence.Month) {
	c.t.Helper()
	seen := map[evidence.Metric]bool{}
	for _, p := range slices.Concat(c.offices...) {
		figures, err := c.Portrait(c.t.Context(), a, p.PersonID, from, to)
		c.must(err)
		for _, f := range figures.Figures {
			if !f.Ledger || f.N == 0 {
				continue
			}
			_, _, all, err := c.Steps(c.t.Context(), a, p.PersonID, f.Metric, from, to)
			c.must(err)
			if seen[f.Metric] = true; all != f.Count {
				c.t.Errorf("%s of %d is %v, behind it lie %v", f.Metric, p.PersonID, f.Count, all)
			}
		}
	}
	for _, m := range []evidence.Metric{evidence.DeskOnTime, evidence.DraftOnce, evidence.OrderAccepted, evidence.ForwardSoon, evidence.ReportLasts, evidence.CitizenVoice} {
		if !seen[m] {
			c.t.Errorf("nobody has a figure %s", m)
		}
	}
}

// second is the error of a list.
func second[U, L, N any](_ U, _ L, _ N, err error) error { return err }
