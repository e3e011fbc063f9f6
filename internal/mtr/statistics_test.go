package mtr

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// told is a report as its events tell it, read without [Apply].
type told struct {
	ID, CategoryID, KelurahanID, KecamatanID, UnitID     int64
	Confidential                                         bool
	hidden                                               bool
	status                                               Status
	received, responded, forwarded, firstDone, done, end *time.Time
	paused, early                                        time.Duration
	asked                                                *time.Time
	due                                                  Due
	reopens, rating                                      int
}

func (r *told) hear(e Event) {
	at := e.At
	first := func(t **time.Time) {
		if *t == nil {
			*t = &at
		}
	}
	if e.To == Received {
		first(&r.received)
	}
	if e.Action != ActRecategorize && e.Role != "sistem" && e.Role != "pelapor" && e.Audience != "internal" {
		first(&r.responded)
	}
	if e.From == NeedsInfo && e.To != NeedsInfo {
		r.paused += at.Sub(*r.asked).Truncate(time.Second)
		if r.forwarded == nil {
			r.early += at.Sub(*r.asked).Truncate(time.Second)
		}
		r.asked = nil
	}
	switch e.Action {
	case ActForward:
		first(&r.forwarded)
	case ActAskInfo:
		r.asked = &at
	case ActValidate:
		first(&r.firstDone)
		r.done = &at
	case ActDispute:
		r.reopens, r.done = r.reopens+1, nil
	case ActHide:
		r.hidden = true
	case ActUnhide:
		r.hidden = false
	case ActUnmark:
		r.end = nil
	case ActRate:
		r.rating = e.Change.Rating
	}
	if e.Change.Due != nil {
		r.due = *e.Change.Due
	}
	if e.Change.UnitID != nil {
		r.UnitID = *e.Change.UnitID
	}
	if e.To.Terminal() {
		first(&r.end)
	}
	r.status = e.To
}

// counts tells whether the measure counts the report.
func (r told) counts(m Measure, s Span, now time.Time) bool {
	in := func(t *time.Time) bool { return t != nil && !t.Before(s.From) && t.Before(s.To.AddDate(0, 0, 1)) }
	old := func() bool { return in(r.received) && !r.received.Add(48*time.Hour).After(now) }
	judged := func() bool {
		return old() && (r.responded != nil || r.end == nil || r.end.After(r.received.Add(48*time.Hour)))
	}
	quick := func() bool { return r.responded != nil && !r.responded.After(r.received.Add(48*time.Hour)) }
	under := slices.Contains([]Status{Received, NeedsInfo, Forwarded, InProgress, Scheduled, ToValidate}, r.status)
	stand := now
	if r.asked != nil {
		stand = *r.asked
	}
	switch m {
	case MeasureCame:
		return in(r.received)
	case MeasureJudged:
		return judged()
	case MeasureAnswered:
		return judged() && quick()
	case MeasureUnanswered:
		return judged() && !quick()
	case MeasureForwarded:
		return in(r.forwarded)
	case MeasureFixed:
		return in(r.done)
	case MeasurePaused:
		return in(r.done) && r.paused >= time.Second
	case MeasureFinished:
		return in(r.firstDone)
	case MeasureReopened:
		return in(r.firstDone) && r.reopens > 0
	case MeasureRated:
		return in(r.done) && r.rating > 0
	case MeasureHappy:
		return in(r.done) && r.rating > 3
	case MeasureOpen:
		return under
	case MeasureLate:
		return under && r.due.Kind != "" && !r.due.At.After(stand)
	}
	panic(m)
}

// spreadAgain is the median and the ninth decile by counting how many lie below.
func spreadAgain(days []float64) Spread {
	slices.Sort(days)
	at := func(q float64) float64 {
		if len(days) == 0 {
			return 0
		}
		whole, part := math.Modf(q * float64(len(days)-1))
		v := days[int(whole)]
		if part > 0 {
			v += part * (days[int(whole)+1] - v)
		}
		return v
	}
	return Spread{N: len(days), Median: at(0.5), P90: at(0.9)}
}

// lives leads some reports all the way, with what random walks seldom do: pauses before and
// after forwarding, disputes and stars.
func (c *city) lives(w crew, categories, kelurahan []int64) {
	c.t.Helper()
	random := rand.New(rand.NewPCG(5, 5))
	later := func() { c.clock.Advance(time.Duration(random.IntN(90)+1) * 37 * time.Minute) }
	dlh := c.unit("DLH")
	for i := range 24 {
		r := c.submit(authz.Actor{}, func(a *Answers) {
			a.CategoryID, a.KelurahanID, a.Confidential = categories[i%2], kelurahan[i%3], i%7 == 6
		})
		does := func(a authz.Actor, in Intent) {
			later()
			c.do(a, r.ReportID, in)
		}
		if i%4 == 1 {
			does(w.dispatcher, Intent{Action: ActAskInfo, Reason: "Di mana?"})
			does(authz.Actor{}, Intent{Action: ActGiveInfo})
		}
		does(w.dispatcher, Intent{Action: ActForward, Change: Change{UnitID: &dlh}})
		does(w.handler, Intent{Action: ActStart})
		for again := range 1 + i%5/4 {
			if i%3 == 1 {
				does(w.handler, Intent{Action: ActAskInfo, Reason: "Sebelah mana?"})
				does(authz.Actor{}, Intent{Action: ActGiveInfo})
			}
			does(w.handler, Intent{Action: ActSubmitProof, Reason: "Sudah."})
			does(w.validator, Intent{Action: ActValidate})
			if again == 0 && i%5 > 2 {
				does(authz.Actor{}, Intent{Action: ActDispute, Reason: "Belum."})
			}
		}
		if c.state(r.ReportID).Status == Done && i%2 == 0 {
			does(authz.Actor{}, Intent{Action: ActRate, Change: Change{Rating: 1 + i%5}})
		}
	}
}

// recount compares the statistics of random periods and filters with what the events of
// all reports say, and every figure with the list behind it.
func (c *city) recount(overseer authz.Actor, categories, kelurahan []int64) {
	c.t.Helper()
	all, err := pg.Many[told](c.ctx, c.db.Owner(), `SELECT id, category_id, COALESCE(kelurahan_id, 0) AS kelurahan_id,
		COALESCE(kecamatan_id, 0) AS kecamatan_id, 0::bigint AS unit_id, confidential FROM mtr_report`)
	if err != nil {
		c.t.Fatal(err)
	}
	for i := range all {
		history, err := events(c.ctx, c.db.Pool, all[i].ID)
		if err != nil {
			c.t.Fatal(err)
		}
		for _, e := range history {
			all[i].hear(e)
		}
	}
	random := rand.New(rand.NewPCG(7, 7))
	seen := map[Measure]int{}
	for range 10 {
		c.clock.Advance(2 * time.Minute)
		now := c.now()
		from := now.AddDate(0, 0, -random.IntN(500))
		s, err := SpanOf(from, from.AddDate(0, 0, random.IntN(LongestSpan)))
		if err != nil {
			c.t.Fatal(err)
		}
		f := []Filter{{}, {CategoryID: categories[0]}, {KelurahanID: kelurahan[1]}, {UnitID: c.unit("DLH")}}[random.IntN(4)]
		for _, public := range []bool{true, false} {
			var got Statistics
			if public {
				got, err = c.Statistics(c.ctx, f, s)
			} else {
				got, err = c.StaffStatistics(c.ctx, overseer, f, s)
			}
			if err != nil {
				c.t.Fatal(err)
			}
			var some []told
			for _, r := range all {
				fits := (f.CategoryID == 0 || f.CategoryID == r.CategoryID) && (f.KelurahanID == 0 || f.KelurahanID == r.KelurahanID) &&
					(f.UnitID == 0 || f.UnitID == r.UnitID)
				if fits && r.received != nil && (!public || !r.Confidential && !r.hidden) {
					some = append(some, r)
				}
			}
			name := fmt.Sprintf("%s to %s, %+v, public %t", s.From, s.To, f, public)
			c.sameTally(name, got.All, some, s, now)
			for _, m := range Measures {
				seen[m] += got.All.N(m)
			}
			c.sameRows(name+" by category", got.ByCategory, some, s, now, func(r told) int64 { return r.CategoryID })
			c.sameRows(name+" by unit", got.ByUnit, some, s, now, func(r told) int64 { return r.UnitID })
			c.sameRows(name+" by kecamatan", got.ByKecamatan, some, s, now, func(r told) int64 { return r.KecamatanID })
			c.sameRows(name+" by kelurahan", got.ByKelurahan, some, s, now, func(r told) int64 { return r.KelurahanID })
			came, fixed := 0, 0
			for _, b := range got.Buckets {
				n := 0
				for _, r := range some {
					if r.counts(MeasureFixed, b.Span, now) {
						n++
					}
				}
				if n != b.Fixed {
					c.t.Errorf("%s: %d fixed from %s to %s, want %d", name, b.Fixed, b.From, b.To, n)
				}
				came, fixed = came+b.Came, fixed+b.Fixed
			}
			if came != got.All.N(MeasureCame) || fixed != got.All.N(MeasureFixed) {
				c.t.Errorf("%s: the buckets hold %d and %d", name, came, fixed)
			}
			c.sameLists(name, got, f, s, public, overseer, some, now)
		}
	}
	for _, m := range Measures {
		if seen[m] == 0 {
			c.t.Errorf("nothing was ever counted as %s: these histories prove little", m)
		}
	}
}

func (c *city) sameTally(name string, got Tally, some []told, s Span, now time.Time) {
	c.t.Helper()
	var dispatch, repair, whole, paused []float64
	stars := 0
	days := func(d time.Duration) float64 { return d.Hours() / 24 }
	for _, m := range Measures {
		n := 0
		for _, r := range some {
			if !r.counts(m, s, now) {
				continue
			}
			n++
			switch m {
			case MeasureForwarded:
				dispatch = append(dispatch, days(r.forwarded.Sub(*r.received)-r.early))
			case MeasureFixed:
				repair = append(repair, days(r.done.Sub(*r.forwarded)-(r.paused-r.early)))
				whole = append(whole, days(r.done.Sub(*r.received)))
			case MeasurePaused:
				paused = append(paused, days(r.paused))
			case MeasureRated:
				stars += r.rating
			}
		}
		if got.N(m) != n {
			c.t.Errorf("%s: %d %s, want %d", name, got.N(m), m, n)
		}
	}
	if n := got.N(MeasureRated); n > 0 && math.Abs(got.Stars*float64(n)-float64(stars)) > 1e-6 {
		c.t.Errorf("%s: %f stars, want %d among %d", name, got.Stars, stars, n)
	}
	second := cmpopts.EquateApprox(0, 1.5/86400)
	for what, pair := range map[string][2]Spread{
		"dispatch": {got.Dispatch, spreadAgain(dispatch)}, "repair": {got.Repair, spreadAgain(repair)},
		"whole": {got.Whole, spreadAgain(whole)}, "paused": {got.Paused, spreadAgain(paused)},
	} {
		if d := cmp.Diff(pair[1], pair[0], second); d != "" {
			c.t.Errorf("%s: %s: %s", name, what, d)
		}
	}
}

func (c *city) sameRows(name string, got []StatRow, some []told, s Span, now time.Time, of func(told) int64) {
	c.t.Helper()
	groups := map[int64][]told{}
	for _, r := range some {
		if slices.ContainsFunc(Measures, func(m Measure) bool { return r.counts(m, s, now) }) {
			groups[of(r)] = append(groups[of(r)], r)
		}
	}
	if len(groups) != len(got) {
		c.t.Errorf("%s: %d rows, want %d", name, len(got), len(groups))
	}
	for _, row := range got {
		if row.Name == "" {
			c.t.Errorf("%s: %d has no name", name, row.ID)
		}
		c.sameTally(fmt.Sprintf("%s %d", name, row.ID), row.Tally, groups[row.ID], s, now)
	}
}

// sameLists: the list behind each figure holds the reports that were counted.
func (c *city) sameLists(name string, got Statistics, f Filter, s Span, public bool, overseer authz.Actor, some []told, now time.Time) {
	c.t.Helper()
	for _, m := range Measures {
		var ids, want []int64
		for next := (*CountedCursor)(nil); ; {
			var page CountedPage
			var err error
			if public {
				page, err = c.Counted(c.ctx, CountedAsk{Filter: f, Span: s, Measure: m, After: next})
			} else {
				page, err = c.StaffCounted(c.ctx, overseer, CountedAsk{Filter: f, Span: s, Measure: m, After: next})
			}
			if err != nil {
				c.t.Fatal(err)
			}
			if page.Total != got.All.N(m) {
				c.t.Errorf("%s: the list of %s says %d, the figure %d", name, m, page.Total, got.All.N(m))
			}
			for _, r := range page.Items {
				ids = append(ids, r.ID)
			}
			if next = page.Next; next == nil {
				break
			}
		}
		for _, r := range some {
			if r.counts(m, s, now) {
				want = append(want, r.ID)
			}
		}
		slices.Sort(ids)
		slices.Sort(want)
		if d := cmp.Diff(want, ids, cmpopts.EquateEmpty()); d != "" {
			c.t.Errorf("%s: the list of %s: %s", name, m, d)
		}
	}
}

func TestSpansOfStatistics(t *testing.T) {
	t.Parallel()
	day := func(s string) time.Time {
		return start.AddDate(0, 0, map[string]int{"a": 0, "b": -1, "c": 365, "d": 366}[s])
	}
	if s, err := SpanOf(day("a"), day("a")); err != nil || s.Days() != 1 {
		t.Errorf("one day: %+v, %v", s, err)
	}
	if s, err := SpanOf(day("a"), day("c")); err != nil || s.Days() != LongestSpan {
		t.Errorf("a year: %+v, %v", s, err)
	}
	for _, to := range []string{"b", "d"} {
		if _, err := SpanOf(day("a"), day(to)); err == nil {
			t.Errorf("to %s: want an error", day(to))
		}
	}
}
