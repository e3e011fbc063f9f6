package evidence

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	sqlAway = `SELECT person_id, first_day, last_day FROM kuciniki_leave WHERE counted AND person_id = ANY ($1::bigint[])`

	sqlNewLeave = `SELECT id, person_id, first_day, last_day FROM kuciniki_leave WHERE counted = (withdrawn_at IS NOT NULL) ORDER BY id LIMIT 200 FOR UPDATE`

	sqlCount = `UPDATE kuciniki_leave SET counted = NOT counted WHERE id = ANY ($1::bigint[])`

	// What somebody did before a leave began was in its time, or late, without it.
	sqlCasesSince = `
SELECT e.module, e.object, e.object_id
FROM unnest($1::bigint[], $2::timestamptz[]) AS l (person_id, since) JOIN work_event e ON e.person_id = l.person_id AND e.at >= l.since
UNION
SELECT k.module, k.object, k.object_id
FROM unnest($1::bigint[], $2::timestamptz[]) AS l (person_id, since) JOIN kuciniki_missed k ON k.person_id = l.person_id`
)

type leave struct {
	ID, PersonID      int64
	FirstDay, LastDay time.Time // without a zone
}

// span is from the first midnight in Makassar to the one after the last day.
func (l leave) span() Span { return Span{midnight(l.FirstDay), midnight(l.LastDay.AddDate(0, 0, 1))} }

func midnight(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, clock.Makassar)
}

// away is when people were on leave, as far as the sums know.
func away(ctx context.Context, q pg.Querier, people []int64) (Away, error) {
	all, err := pg.Many[struct {
		PersonID          int64
		FirstDay, LastDay time.Time
	}](ctx, q, sqlAway, people)
	out := Away{}
	for _, l := range all {
		out[l.PersonID] = append(out[l.PersonID], leave{FirstDay: l.FirstDay, LastDay: l.LastDay}.span())
	}
	return out, err
}

// foldLeave adds to the sums what leave changes that was noted or withdrawn since, in cases with entries up
// to a seal; it tells how many leaves there were.
func (m *Module) foldLeave(ctx context.Context, tx pgx.Tx, position int64) (n int, err error) {
	fresh, err := pg.Many[leave](ctx, tx, sqlNewLeave)
	if n = len(fresh); err != nil || n == 0 {
		return 0, err
	}
	var ids, people []int64
	var since []time.Time
	for _, l := range fresh {
		ids, people, since = append(ids, l.ID), append(people, l.PersonID), append(since, l.span().From)
	}
	touched, err := pg.Many[Case](ctx, tx, sqlCasesSince, people, since)
	if err != nil {
		return n, err
	}
	return n, m.recount(ctx, tx, touched, position, func() error { return pg.Exec(ctx, tx, sqlCount, ids) })
}
