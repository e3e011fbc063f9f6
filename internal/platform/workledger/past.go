package workledger

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Past is a step of a story: when it was done is the story's word.
type Past struct {
	At time.Time
	Event
}

// Tell appends all steps of a story at once. Their times are kept where [FreeClock] let them;
// elsewhere each bears the moment at which it is written, like any other entry.
func Tell(ctx context.Context, q pg.Querier, steps []Past) (err error) {
	defer errs.In(&err, "workledger.Tell(%d)", len(steps))
	_, err = q.CopyFrom(ctx, pgx.Identifier{"work_event"}, []string{"at", "module", "kind", "object", "object_id", "outcome", "person_id", "position_id", "occupancy_id", "unit_id",
		"started_at", "due_at", "working_minutes", "strata", "thread_id", "holder_id", "next_due_at", "holder_unit_id"},
		pgx.CopyFromSlice(len(steps), func(i int) ([]any, error) {
			e := &steps[i]
			strata := e.Strata
			if strata == nil {
				strata = map[string]string{}
			}
			return []any{e.At, e.Module, e.Kind, e.Object, e.ObjectID, e.Outcome, some(e.Actor.PersonID), some(e.Position.ID), some(e.Position.OccupancyID), some(e.UnitID),
				e.StartedAt, e.DueAt, e.WorkingMinutes, strata, some(e.ThreadID), some(e.HolderID), e.NextDueAt, some(e.HolderUnitID)}, nil
		}))
	return pg.Classify(err)
}

// some is nil for no one.
func some(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// FreeClock lets entries bear the time that is claimed for them, or no longer. Only the owner
// of the schema may: for a story of past days, and for tests.
func FreeClock(ctx context.Context, owner pg.Querier, free bool) (err error) {
	defer errs.In(&err, "workledger.FreeClock")
	return pg.Exec(ctx, owner, `UPDATE work_clock SET free = $1`, free)
}
