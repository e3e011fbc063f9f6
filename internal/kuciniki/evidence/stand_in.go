package evidence

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Post is a desk of somebody.
type Post struct{ PersonID, PositionID int64 }

// Covered is when a desk of somebody was a Plh's.
type Covered map[Post][]Span

const (
	sqlCovered = `SELECT person_id, position_id, from_at AS "from", to_at AS "to" FROM kuciniki_covered WHERE person_id = ANY ($1::bigint[])`

	// What the sums do not know yet, or know otherwise.
	sqlNewCovered = `
SELECT COALESCE(v.plh_id, c.plh_id) AS plh_id, COALESCE(v.held_id, c.held_id) AS held_id, COALESCE(v.person_id, c.person_id) AS person_id, COALESCE(v.position_id, c.position_id) AS position_id,
	least(v.from_at, c.from_at) AS since
FROM kuciniki_stand_in v FULL JOIN kuciniki_covered c ON c.plh_id = v.plh_id AND c.held_id = v.held_id
WHERE (v.from_at, v.to_at) IS DISTINCT FROM (c.from_at, c.to_at) ORDER BY 1, 2 LIMIT 200`

	sqlWaitingOn = `SELECT module, object, object_id FROM kuciniki_open WHERE holder_id = ANY ($1::bigint[]) AND check_at IS NOT NULL`

	sqlUncover = `DELETE FROM kuciniki_covered c USING unnest($1::bigint[], $2::bigint[]) AS n (plh_id, held_id) WHERE c.plh_id = n.plh_id AND c.held_id = n.held_id`

	sqlCover = `
INSERT INTO kuciniki_covered (plh_id, held_id, person_id, position_id, from_at, to_at)
SELECT v.plh_id, v.held_id, v.person_id, v.position_id, v.from_at, v.to_at
FROM unnest($1::bigint[], $2::bigint[]) AS n (plh_id, held_id) JOIN kuciniki_stand_in v ON v.plh_id = n.plh_id AND v.held_id = n.held_id`
)

// covered is when the desks of people were a Plh's, as far as the sums know.
func covered(ctx context.Context, q pg.Querier, people []int64) (Covered, error) {
	rows, err := pg.Many[struct {
		Post
		Span
	}](ctx, q, sqlCovered, people)
	out := Covered{}
	for _, r := range rows {
		out[r.Post] = append(out[r.Post], r.Span)
	}
	return out, err
}

// foldCovered adds to the sums what it changes that somebody stands in for another, or no longer
// does; it tells how many those were.
func (m *Module) foldCovered(ctx context.Context, tx pgx.Tx, position int64) (n int, err error) {
	fresh, err := pg.Many[struct {
		PlhID, HeldID, PersonID, PositionID int64
		Since                               time.Time
	}](ctx, tx, sqlNewCovered)
	if n = len(fresh); err != nil || n == 0 {
		return 0, err
	}
	var plh, held, people, desks []int64
	var since []time.Time
	for _, c := range fresh {
		plh, held, people, desks, since = append(plh, c.PlhID), append(held, c.HeldID), append(people, c.PersonID), append(desks, c.PositionID), append(since, c.Since)
	}
	touched, err := pg.Many[Case](ctx, tx, sqlCasesSince, people, since)
	if err != nil {
		return n, err
	}
	waiting, err := pg.Many[Case](ctx, tx, sqlWaitingOn, desks)
	if err != nil {
		return n, err
	}
	return n, m.recount(ctx, tx, append(touched, waiting...), position, func() error {
		if err := pg.Exec(ctx, tx, sqlUncover, plh, held); err != nil {
			return err
		}
		return pg.Exec(ctx, tx, sqlCover, plh, held)
	})
}
