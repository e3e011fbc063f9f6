package evidence

import (
	"context"
	"slices"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// pair is who did orders and who gave them.
type pair struct{ PersonID, OtherID int64 }

// sqlPairs finds with whom people exchange orders: in the year before $2 at least ten each way,
// which are more than half of what either of the two gives and does.
const sqlPairs = `
WITH ways AS (
	SELECT person_id, other_id, sum(n) AS n FROM kuciniki_tally
	WHERE person_id = ANY ($1::bigint[]) AND metric = 'E3' AND other_id <> 0 AND month >= $2::date - interval '12 months' AND month < $2::date GROUP BY 1, 2 HAVING sum(n) >= 10
), mutual AS (
	SELECT w.person_id, w.other_id, w.n + b.n AS n FROM ways w, LATERAL (
		SELECT sum(n) AS n FROM kuciniki_tally
		WHERE person_id = w.other_id AND other_id = w.person_id AND metric = 'E3' AND month >= $2::date - interval '12 months' AND month < $2::date
	) b WHERE b.n >= 10
)
SELECT m.person_id, m.other_id FROM mutual m, LATERAL (
	SELECT max(n) AS n FROM (
		SELECT p.id, sum(t.n) AS n FROM unnest(ARRAY[m.person_id, m.other_id]) AS p (id) JOIN kuciniki_tally t ON t.person_id = p.id OR t.other_id = p.id
		WHERE t.metric = 'E3' AND t.other_id <> 0 AND t.month >= $2::date - interval '12 months' AND t.month < $2::date GROUP BY 1
	) each
) most WHERE m.n > most.n * 0.5`

// pairsOf lists the orders of people that do not count for them before a month, because giver
// and doer mostly give each other orders.
func pairsOf(ctx context.Context, q pg.Querier, people []int64, before Month) ([]pair, error) {
	return pg.Many[pair](ctx, q, sqlPairs, people, before.Time)
}

// columns are the pairs as the queries take them.
func columns(pairs []pair) (people, others []int64) {
	people, others = []int64{}, []int64{}
	for _, p := range pairs {
		people, others = append(people, p.PersonID), append(others, p.OtherID)
	}
	return people, others
}

// between tells whether an item is an order of such a pair.
func (i Item) between(pairs []pair) bool {
	return i.OtherID != 0 && slices.Contains(pairs, pair{i.PersonID, i.OtherID})
}
