package mtr

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Statistics of what the public may see. f.Group, f.Class and f.Text do not narrow. They
// are counted at most once a minute.
func (m *Module) Statistics(ctx context.Context, f Filter, s Span) (_ Statistics, err error) {
	defer errs.In(&err, "mtr.Statistics")
	f.Group, f.Class, f.Text = "", "", ""
	return m.statistics.get(statisticsKey{f, s.From.Unix(), s.To.Unix()}, m.now(), func() (Statistics, error) {
		out, err := m.count(ctx, m.counting(f, s, "r.listed"), s)
		if err == nil {
			out.Heat, err = m.heat(ctx, m.counting(f, s, "r.words_public"))
		}
		return out, err
	})
}

// StaffStatistics are those of all reports in which the actor oversees the place or the
// unit in charge, rahasia and hidden ones included.
func (m *Module) StaffStatistics(ctx context.Context, a authz.Actor, f Filter, s Span) (_ Statistics, err error) {
	defer errs.In(&err, "mtr.StaffStatistics")
	f.Group, f.Class, f.Text = "", "", ""
	w, err := m.staffCounting(ctx, a, f, s)
	if err != nil {
		return Statistics{}, err
	}
	out, err := m.count(ctx, w, s)
	if err == nil {
		out.Heat, err = m.heat(ctx, w)
	}
	return out, err
}

// counting is the condition of what is counted: $1 the time, $2 and $3 the period.
func (m *Module) counting(f Filter, s Span, base string) *where {
	w := newWhere(m.now())
	w.arg(s.From)
	w.arg(s.end())
	w.and(base)
	f.narrow(w)
	return w
}

func (m *Module) staffCounting(ctx context.Context, a authz.Actor, f Filter, s Span) (*where, error) {
	scope, err := m.realms(ctx, a)
	if err != nil {
		return nil, err
	}
	w := m.counting(f, s, "r.received_at IS NOT NULL")
	w.and("(" + scope.place(w, PermOverview) + " OR " + scope.unit(w, PermOverview) + ")")
	return w, nil
}

// counted is a report as the statistics see it.
type counted struct {
	category, unit, kecamatan, kelurahan int64
	flags                                int64
	dispatch, repair, whole, paused      int64 // seconds
	rating                               int64
	received                             time.Time
	done                                 *time.Time
}

func (m *Module) count(ctx context.Context, w *where, s Span) (Statistics, error) {
	out := Statistics{AsOf: m.now(), Span: s}
	rows, err := m.db.Query(ctx, sqlCounted(w.String()), w.fresh(true)...)
	if err != nil {
		return out, pg.Classify(err)
	}
	g := newGatherer(s)
	var r counted
	_, err = pgx.ForEachRow(rows, []any{&r.category, &r.unit, &r.kecamatan, &r.kelurahan, &r.flags, &r.dispatch, &r.repair,
		&r.whole, &r.paused, &r.rating, &r.received, &r.done}, func() error {
		g.add(r)
		return nil
	})
	if err != nil {
		return out, pg.Classify(err)
	}
	names, err := m.statisticNames(ctx, g)
	if err != nil {
		return out, err
	}
	out.All = g.all.tally()
	out.ByCategory = rowsOf(g.category, names["kategori"], "")
	out.ByUnit = rowsOf(g.unit, names["unit"], "Verifikator laporan")
	out.ByKecamatan = rowsOf(g.kecamatan, names["tempat"], "Tanpa tempat")
	out.ByKelurahan = rowsOf(g.kelurahan, names["tempat"], "Tanpa tempat")
	out.Buckets, out.BucketDays = g.buckets, g.step
	return out, nil
}

func (m *Module) statisticNames(ctx context.Context, g *gatherer) (map[string]map[int64]string, error) {
	var units []int64
	for _, part := range []map[int64]*pile{g.unit, g.kecamatan, g.kelurahan} {
		for id := range part {
			units = append(units, id)
		}
	}
	type row struct {
		Kind string
		ID   int64
		Name string
	}
	rows, err := pg.Many[row](ctx, m.db, sqlStatisticNames, units)
	names := map[string]map[int64]string{"kategori": {}, "tempat": {}, "unit": {}}
	for _, r := range rows {
		names[r.Kind][r.ID] = r.Name
	}
	return names, err
}

// pile is what is known of some reports.
type pile struct {
	counts                          []int
	dispatch, repair, whole, paused []float64 // days
	stars                           int
}

// gatherer sorts reports onto piles.
type gatherer struct {
	span                                 Span
	all                                  *pile
	category, unit, kecamatan, kelurahan map[int64]*pile
	buckets                              []Bucket
	step                                 int
}

func newGatherer(s Span) *gatherer {
	g := &gatherer{span: s, all: &pile{counts: make([]int, len(Measures))},
		category: map[int64]*pile{}, unit: map[int64]*pile{}, kecamatan: map[int64]*pile{}, kelurahan: map[int64]*pile{}}
	switch days := s.Days(); {
	case days <= 31:
		g.step = 1
	case days <= 120:
		g.step = 7
	}
	for at := s.From; !at.After(s.To); {
		next := at.AddDate(0, 0, g.step)
		if g.step == 0 {
			next = time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, at.Location())
		}
		b := Bucket{Span: Span{From: at, To: next.AddDate(0, 0, -1)}}
		if b.To.After(s.To) {
			b.To = s.To
		}
		g.buckets, at = append(g.buckets, b), next
	}
	return g
}

func (r counted) is(m Measure) bool { return r.flags&(1<<slices.Index(Measures, m)) != 0 }

func (g *gatherer) add(r counted) {
	g.all.add(r)
	for _, part := range []struct {
		piles map[int64]*pile
		id    int64
	}{{g.category, r.category}, {g.unit, r.unit}, {g.kecamatan, r.kecamatan}, {g.kelurahan, r.kelurahan}} {
		p := part.piles[part.id]
		if p == nil {
			p = &pile{counts: make([]int, len(Measures))}
			part.piles[part.id] = p
		}
		p.add(r)
	}
	if r.is(MeasureCame) {
		b := g.bucket(r.received)
		b.Came++
		if r.is(MeasureAnswered) {
			b.Answered++
		}
	}
	if r.is(MeasureFixed) {
		g.bucket(*r.done).Fixed++
	}
}

// bucket of a moment within the period.
func (g *gatherer) bucket(at time.Time) *Bucket {
	i, _ := slices.BinarySearchFunc(g.buckets, at, func(b Bucket, at time.Time) int {
		if at.Before(b.end()) {
			return 1
		}
		return -1
	})
	return &g.buckets[min(i, len(g.buckets)-1)]
}

func (p *pile) add(r counted) {
	for i := range Measures {
		if r.flags&(1<<i) != 0 {
			p.counts[i]++
		}
	}
	const day = 86400.0
	if r.is(MeasureForwarded) {
		p.dispatch = append(p.dispatch, float64(r.dispatch)/day)
	}
	if r.is(MeasureFixed) {
		p.repair, p.whole = append(p.repair, float64(r.repair)/day), append(p.whole, float64(r.whole)/day)
	}
	if r.is(MeasurePaused) {
		p.paused = append(p.paused, float64(r.paused)/day)
	}
	if r.is(MeasureRated) {
		p.stars += int(r.rating)
	}
}

func (p *pile) tally() Tally {
	t := Tally{counts: p.counts, Dispatch: spreadOf(p.dispatch), Repair: spreadOf(p.repair), Whole: spreadOf(p.whole), Paused: spreadOf(p.paused)}
	if n := t.N(MeasureRated); n > 0 {
		t.Stars = float64(p.stars) / float64(n)
	}
	return t
}

func spreadOf(days []float64) Spread {
	slices.Sort(days)
	return Spread{N: len(days), Median: quantile(days, 0.5), P90: quantile(days, 0.9)}
}

// quantile of sorted values, interpolated as percentile_cont does; 0 of none.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := q * float64(len(sorted)-1)
	low := int(math.Floor(at))
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}

// rowsOf are the tallies by id, those with most reports first.
func rowsOf(piles map[int64]*pile, names map[int64]string, none string) []StatRow {
	out := make([]StatRow, 0, len(piles))
	for id, p := range piles {
		name := names[id]
		if id == 0 {
			name = none
		}
		out = append(out, StatRow{ID: id, Name: name, Tally: p.tally()})
	}
	slices.SortFunc(out, func(a, b StatRow) int {
		return cmp.Or(b.N(MeasureCame)-a.N(MeasureCame), b.N(MeasureFixed)-a.N(MeasureFixed), cmp.Compare(a.Name, b.Name))
	})
	return out
}
