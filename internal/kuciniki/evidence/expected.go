package evidence

import (
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// every stands for all urgencies, or all categories.
const every = "*"

// alike is what steps have in common whose lengths are compared.
type alike struct{ Kind, Urgency, Category string }

func (e Event) alike() alike { return alike{e.Module + "." + e.Kind, e.urgency(), e.category()} }

// coarser leaves out the category, then the urgency; ok is false where nothing is left.
func (a alike) coarser() (_ alike, ok bool) {
	switch {
	case a.Category != every:
		a.Category = every
	case a.Urgency != every:
		a.Urgency = every
	default:
		return a, false
	}
	return a, true
}

// pace is how many steps of a kind, an urgency and a category were of a length.
type pace struct {
	alike
	Bucket
}

// usual is how long N steps took.
type usual struct{ Minutes, N int }

// fewSteps are too few to say how long such steps take: the coarser stratum does.
const fewSteps = 5

// expected is how long steps usually take, of each stratum with at least five: the middle, drawn
// to that of the coarser stratum as a rate is to that of the unit.
func expected(paces []pace) map[alike]usual {
	by := map[alike][]Bucket{}
	for _, p := range paces {
		for a, ok := p.alike, true; ok; a, ok = a.coarser() {
			by[a] = append(by[a], p.Bucket)
		}
	}
	out := map[alike]usual{}
	var find func(a alike) (usual, bool)
	find = func(a alike) (usual, bool) {
		if u, ok := out[a]; ok {
			return u, true
		}
		above, known := usual{}, false
		if c, ok := a.coarser(); ok {
			above, known = find(c)
		}
		minutes, n := Length(by[a], 0.5)
		if n < fewSteps {
			return above, known
		}
		u := usual{minutes, n}
		if known {
			u.Minutes = int(math.Round(float64(n*minutes+weight*above.Minutes) / float64(n+weight)))
		}
		out[a] = u
		return u, true
	}
	for a := range by {
		find(a)
	}
	return out
}

const (
	sqlPaces = `
SELECT kind, urgency, category, bucket, sum(n)::integer AS n FROM kuciniki_pace
WHERE month >= $1::date - interval '12 months' AND month < $1::date GROUP BY 1, 2, 3, 4 HAVING sum(n) > 0`

	sqlFreeze = `
INSERT INTO kuciniki_expected (month, kind, urgency, category, minutes, n)
SELECT $1::date, * FROM unnest($2::text[], $3::text[], $4::text[], $5::integer[], $6::integer[]) ON CONFLICT DO NOTHING`

	sqlExpected = `SELECT month, kind, urgency, category, minutes FROM kuciniki_expected WHERE month >= $1 AND month < $2 AND kind = ANY ($3::text[])`
)

// Freeze fixes how long steps are expected to take in the month that it is, by the twelve before;
// what is fixed stays so.
func (m *Module) Freeze(ctx context.Context) (err error) {
	defer errs.In(&err, "evidence.Freeze")
	month := MonthOf(m.clock.Now())
	paces, err := pg.Many[pace](ctx, m.db, sqlPaces, month.Time)
	if err != nil {
		return err
	}
	var kinds, urgencies, categories []string
	var minutes, ns []int
	for a, u := range expected(paces) {
		kinds, urgencies, categories = append(kinds, a.Kind), append(urgencies, a.Urgency), append(categories, a.Category)
		minutes, ns = append(minutes, u.Minutes), append(ns, u.N)
	}
	return pg.Exec(ctx, m.db, sqlFreeze, month.Time, kinds, urgencies, categories, minutes, ns)
}

// frozen is what was fixed for months.
type frozen map[time.Time]map[alike]int

// frozenOf reads what was fixed for steps like these in their months.
func frozenOf(ctx context.Context, q pg.Querier, steps []Event) (frozen, error) {
	if len(steps) == 0 {
		return nil, nil
	}
	kinds, first, last := map[string]bool{}, steps[0].At, steps[0].At
	for _, e := range steps {
		kinds[e.alike().Kind], first, last = true, earlier(first, e.At), later(last, e.At)
	}
	rows, err := pg.Many[struct {
		Month time.Time
		alike
		Minutes int
	}](ctx, q, sqlExpected, MonthOf(first).Time, MonthOf(last).AddDate(0, 1, 0), slices.Collect(maps.Keys(kinds)))
	out := frozen{}
	for _, r := range rows {
		if out[r.Month] == nil {
			out[r.Month] = map[alike]int{}
		}
		out[r.Month][r.alike] = r.Minutes
	}
	return out, err
}

// of is how many minutes a step was expected to take in its month; ok is false where nobody knows.
func (f frozen) of(e Event) (minutes int, ok bool) {
	at := f[MonthOf(e.At).Time]
	for a, more := e.alike(), true; more && !ok; a, more = a.coarser() {
		minutes, ok = at[a]
	}
	return minutes, ok
}
