package survey

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	sqlResults = `
SELECT s.service, s.unit_id, u.code AS unit_code, u.name AS unit_name, sum(s.n)::int AS n,
	(SELECT array_agg(e.total ORDER BY e.i) FROM (
		SELECT x.i, sum(x.v)::int AS total FROM survey_sum t, unnest(t.scores) WITH ORDINALITY AS x (v, i)
		WHERE t.service = s.service AND t.unit_id = s.unit_id AND t.month >= $1::date AND t.month < $2::date GROUP BY x.i) e) AS sums
FROM survey_sum s JOIN org_unit u ON u.id = s.unit_id
WHERE s.month >= $1::date AND s.month < $2::date
GROUP BY s.service, s.unit_id, u.code, u.name ORDER BY u.name, s.unit_id`

	sqlFirstMonth = `SELECT min(month) FROM survey_sum`

	sqlRemarks = `
SELECT a.id, a.service, a.month, u.name AS unit_name, a.words_sealed FROM survey_answer a JOIN org_unit u ON u.id = a.unit_id
WHERE a.words_sealed IS NOT NULL AND u.ancestors && $1::bigint[] AND ($2::bigint = 0 OR a.id < $2) ORDER BY a.id DESC LIMIT $3`
)

// UnitResult is what those say whom one unit served.
type UnitResult struct {
	Service            Service
	UnitID             int64
	UnitCode, UnitName string
	Tally
}

// Result is what those say who used a service.
type Result struct {
	Service Service
	Tally                // of all units, also of those with too few answers to be shown
	Units   []UnitResult // with [Fewest] answers or more, by name
	TooFew  int          // units left out
}

// Results are the answers of the months from, included, to to, left out, both first days:
// a result for each service. A tally of fewer than [Fewest] answers is empty.
func (m *Module) Results(ctx context.Context, from, to time.Time) (out []Result, err error) {
	defer errs.In(&err, "survey.Results")
	type row struct {
		Service            Service
		UnitID             int64
		UnitCode, UnitName string
		N                  int
		Sums               []int
	}
	rows, err := pg.Many[row](ctx, m.d.DB, sqlResults, from, to)
	if err != nil {
		return nil, err
	}
	for _, s := range Services {
		r := Result{Service: s}
		for _, each := range rows {
			if each.Service != s {
				continue
			}
			t := Tally{N: each.N, Sums: [Elements]int(each.Sums)}
			r.Add(t)
			if t.N < Fewest {
				r.TooFew++
				continue
			}
			r.Units = append(r.Units, UnitResult{s, each.UnitID, each.UnitCode, each.UnitName, t})
		}
		if r.N < Fewest {
			r.Tally = Tally{}
		}
		out = append(out, r)
	}
	return out, nil
}

// Since is the first month with answers; nil: there are none.
func (m *Module) Since(ctx context.Context) (_ *time.Time, err error) {
	defer errs.In(&err, "survey.Since")
	return pg.Scalar[*time.Time](ctx, m.d.DB, sqlFirstMonth)
}

// Remark is what somebody wrote beside the answers.
type Remark struct {
	ID       int64
	Service  Service
	Month    time.Time
	UnitName string
	Words    string
}

// Remarks are what people wrote about the units of the actor's realm for [PermRead], newest
// first, those before an id (0: from the newest), at most limit.
func (m *Module) Remarks(ctx context.Context, a authz.Actor, before int64, limit int) (out []Remark, err error) {
	defer errs.In(&err, "survey.Remarks")
	type row struct {
		ID          int64
		Service     Service
		Month       time.Time
		UnitName    string
		WordsSealed []byte
	}
	rows, err := pg.Many[row](ctx, m.d.DB, sqlRemarks, a.Units(PermRead), before, limit)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		words, err := m.d.Box.Open(r.WordsSealed, contextWords)
		if err != nil {
			return nil, err
		}
		out = append(out, Remark{r.ID, r.Service, r.Month, r.UnitName, words})
	}
	return out, nil
}
