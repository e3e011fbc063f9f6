package epuskesmas

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pgtest/walks"
)

// TestFiguresEqualTheCasesBehindThem: whatever was clicked, what a report counts adds up
// and is as many as its lists hold.
func TestFiguresEqualTheCasesBehindThem(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	boss := authz.Actor{Kind: authz.Staff, Grants: []authz.Grant{{Permission: PermReports, UnitID: c.unit}}}
	walks.Check(t, func(rt *rapid.T) {
		var ids []int64
		for range rapid.IntRange(1, 10).Draw(rt, "steps") {
			switch k := rapid.IntRange(0, 3).Draw(rt, "what"); {
			case k == 0 || len(ids) == 0:
				ids = append(ids, c.number(estimate.Regular, rapid.Bool().Draw(rt, "here")))
			case k == 1:
				_, _ = c.Next(c.ctx, c.caller, c.counters[rapid.IntRange(0, 1).Draw(rt, "counter")], 0) // refusals are fine
			default:
				_ = c.act(rapid.SampledFrom(ids).Draw(rt, "ticket"), rapid.SampledFrom(Actions).Draw(rt, "action"))
			}
			c.clock.Advance(time.Duration(rapid.IntRange(0, 40).Draw(rt, "seconds")) * time.Second)
		}
	})
	now := c.clock.Now()
	r, err := c.Statistics(c.ctx, boss, "kassi-kassi", now.AddDate(0, 0, -1), now)
	if err != nil || len(r.Days) == 0 {
		t.Fatalf("%d days, %v", len(r.Days), err)
	}
	for _, d := range append(r.Days, append(r.ByPoli(), r.ByDay()...)...) {
		if d.Taken != d.Served+d.Referred+d.NoShow+d.Cancelled+d.Moved+d.Open {
			t.Errorf("does not add up: %+v", d)
		}
	}
	for _, d := range r.ByPoli() {
		for _, f := range []struct {
			n        int
			statuses []Status
		}{{d.Taken, nil}, {d.Served, []Status{Done}}, {d.NoShow, []Status{NoShow}}, {d.Cancelled, []Status{Cancelled}}, {d.Open, []Status{Booked, Waiting, Called, Serving}}} {
			listed, after := 0, int64(0)
			for {
				_, list, err := c.Behind(c.ctx, boss, "kassi-kassi", now.AddDate(0, 0, -1), now, d.PoliID, f.statuses, after)
				if err != nil {
					t.Fatal(err)
				}
				listed += min(len(list), BehindPage)
				if len(list) <= BehindPage {
					break
				}
				after = list[BehindPage-1].ID
			}
			if listed != f.n {
				t.Errorf("%s %v: %d counted, %d listed", d.Poli, f.statuses, f.n, listed)
			}
		}
	}
	elsewhere := authz.Actor{Kind: authz.Staff, Grants: []authz.Grant{{Permission: PermReports, UnitID: ask[int64](c, `SELECT id FROM org_unit WHERE code = 'PKM-ANTANG'`)}}}
	_, err = c.Statistics(c.ctx, elsewhere, "kassi-kassi", now, now)
	if errs.KindOf(err) != errs.NotFound {
		t.Errorf("another puskesmas: %v", err)
	}
	_, err = c.Statistics(c.ctx, boss, "kassi-kassi", now, now.AddDate(0, 0, -1))
	if errs.KindOf(err) != errs.Unprocessable {
		t.Errorf("a period that ends before it begins: %v", err)
	}
}

// TestAccuracyIsThatOfTheTickets: an early, a late and a hit promise, one that was never
// kept and one from paper.
func TestAccuracyIsThatOfTheTickets(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	at := c.clock.Now()
	minutes := func(n int) time.Time { return at.Add(time.Duration(n) * time.Minute) }
	for _, x := range []struct {
		status  Status
		started *int
		paper   bool
	}{{Done, new(30), false}, {Done, new(55), false}, {Done, new(22), false}, {NoShow, nil, false}, {Done, new(200), true}} {
		id := c.number(estimate.Regular, true)
		var started *time.Time
		if x.started != nil {
			s := minutes(*x.started)
			started = &s
		}
		c.do(`UPDATE epuskesmas_ticket SET status = $2, called_at = $3, started_at = $3, ended_at = $3, late_entry = $4 WHERE id = $1`, id, x.status, started, x.paper)
		c.do(`INSERT INTO epuskesmas_estimate (ticket_id, at, seq, p10, p50, p90, ahead, moment) VALUES ($1, $2, 1, $3, $4, $5, 3, 'hadir')`, id, at, minutes(20), minutes(30), minutes(40))
	}
	boss := authz.Actor{Kind: authz.Staff, Grants: []authz.Grant{{Permission: PermReports, UnitID: c.unit}}}
	whole, weeks, err := c.Accuracy(c.ctx, boss, c.unit, at, at)
	if err != nil || len(whole) != 1 || len(weeks) != 1 {
		t.Fatalf("%+v, %+v, %v", whole, weeks, err)
	}
	a := whole[0]
	if a.Judged != 3 || a.Covered != 2 || a.Late != 1 || a.Unserved != 1 || math.Abs(a.Bias-17.0/3) > 0.01 || math.Abs(a.MAE-11) > 0.01 || a.Enough() {
		t.Errorf("%+v", a)
	}
	if w := weeks[0]; w.Week.Weekday() != time.Monday || w.Judged != a.Judged {
		t.Errorf("week %+v", w)
	}
}
