package evidence

import (
	"context"
	"fmt"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// mostBeside is how many metrics lie beside a rating: whoever watches everything watches nothing.
const mostBeside = 5

// sqlWatched are the metrics that the indicators of somebody's SKPs of a year watch.
const sqlWatched = `
SELECT DISTINCT i.metric FROM kuciniki_skp s JOIN kuciniki_rhk r ON r.skp_id = s.id JOIN kuciniki_indicator i ON i.rhk_id = r.id
WHERE s.person_id = $1 AND s.year = $2 AND s.version > 0 AND i.metric <> ''`

// few are the figures with cases that are watched, in their order. Where none is watched and
// there are more than five, they take turns from month to month, so that nobody works for one
// of them and each is looked at; turn is the month, -1 for a longer time, of which there are the
// five with the most cases.
func few(all []Figure, watched []Metric, turn int) []Figure {
	known := slices.DeleteFunc(slices.Clone(all), func(f Figure) bool { return f.N == 0 })
	if len(watched) > 0 {
		return slices.DeleteFunc(known, func(f Figure) bool { return !slices.Contains(watched, f.Metric) })
	}
	if len(known) <= mostBeside {
		return known
	}
	chosen := slices.Clone(known)
	if turn < 0 {
		slices.SortStableFunc(chosen, func(x, y Figure) int { return y.N - x.N })
	} else {
		first := turn * mostBeside % len(known)
		chosen = slices.Concat(known[first:], known[:first])
	}
	return slices.DeleteFunc(known, func(f Figure) bool {
		return !slices.ContainsFunc(chosen[:mostBeside], func(m Figure) bool { return m.Metric == f.Metric })
	})
}

// turnOf is whose turn it is in a span of months: -1 where that is not one month.
func turnOf(from, until Month) int {
	if !from.AddDate(0, 1, 0).Equal(until.Time) {
		return -1
	}
	return from.Year()*12 + int(from.Month())
}

// Beside is what is laid beside the rating of somebody from one moment to another, by whole
// months; it is a [kuciniki.Evidence]: the metrics that the SKP of the year watches, else five
// that change from month to month, of a year those with the most cases, and what was drawn by
// lot and looked at. Metrics without a case are not in it.
func (m *Module) Beside(ctx context.Context, q pg.Querier, person int64, from, to time.Time) (out []kuciniki.Figure, err error) {
	defer errs.In(&err, "evidence.Beside(%d)", person)
	until := Month{MonthOf(to.Add(-time.Second)).AddDate(0, 1, 0)}
	all, _, err := m.figures(ctx, q, person, MonthOf(from), until)
	if err != nil {
		return nil, err
	}
	watched, err := pg.Scalars[Metric](ctx, q, sqlWatched, person, MonthOf(from).Year())
	for _, f := range few(all, watched, turnOf(MonthOf(from), until)) {
		text := fmt.Sprintf("data belum cukup (%d kasus)", f.N)
		if f.Enough() {
			text = fmt.Sprintf("%s (%d dari %d; rentang %s sampai %s", indo.Percent(f.Value), f.X, f.N, indo.Percent(f.Low), indo.Percent(f.High))
			if f.Ledger {
				text += "; unit " + indo.Percent(f.Unit)
			}
			text += ")"
		}
		if f.Metric != DraftOnce || f.Enough() {
			out = append(out, kuciniki.Figure{Metric: string(f.Metric), Text: text, Enough: f.Enough(), N: f.N, X: f.X})
		}
	}
	if err != nil {
		return out, err
	}
	if slices.Contains(watched, AgeOfBacklog) || len(watched) == 0 && len(out) < mostBeside {
		backlog, ok, err := m.backlogAt(ctx, q, person, until)
		if err != nil {
			return out, err
		}
		if ok {
			out = append(out, backlog.figure())
		}
	}
	looked, err := pg.One[Looked](ctx, q, sqlLookedAt, person, MonthOf(from).Time, until.Time)
	if looked.Done > 0 {
		out = append(out, kuciniki.Figure{Metric: kuciniki.SampleFigure, Text: fmt.Sprintf("%d dari %d sesuai", looked.Ok, looked.Done), N: looked.Done, X: looked.Ok})
	}
	return out, err
}
