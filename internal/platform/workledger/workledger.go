// Package workledger records every finished step of work, in the transaction
// of the step itself. Kuciniki reads it: performance is seen through the work,
// not through what people type about it. Entries are append-only and chained
// by the audit sealer.
package workledger

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Event is one finished step. A step of a citizen or of the portal that moves a case is
// one too, without Actor: it says when the case left the office and when it came back. Object and ObjectID name the case within
// Module; Outcome is the module's word for what came of it. StartedAt is when
// the step reached the desk, DueAt when it should have left it, NextDueAt when the case should leave where it lies after
// the step, all optional.
// WorkingMinutes are minutes of working time between StartedAt and the step,
// 0 to 10 million. ThreadID is the case that this one belongs to, within Module, 0 when it
// stands alone: an order belongs to its letter. HolderID is the position at which the case
// lies after the step, 0 when no single one has it; HolderUnitID is the unit at which it lies then, 0 when
// that is UnitID. Strata are what makes steps comparable (kind, urgency,
// category); they hold no personal data.
type Event struct {
	Actor          authz.Actor
	Position       authz.Position
	UnitID         int64
	Module         string
	Kind           string
	Object         string
	ObjectID       int64
	ThreadID       int64
	HolderID       int64
	HolderUnitID   int64
	Outcome        string
	StartedAt      *time.Time
	DueAt          *time.Time
	NextDueAt      *time.Time
	WorkingMinutes int
	Strata         map[string]string
}

const sqlInsert = `
INSERT INTO work_event (at, module, kind, object, object_id, outcome, person_id, position_id, occupancy_id, unit_id, started_at, due_at, working_minutes, strata, thread_id, holder_id, next_due_at, holder_unit_id)
VALUES ($1, $2, $3, $4, $5, $6, NULLIF($7::bigint, 0), NULLIF($8::bigint, 0), NULLIF($9::bigint, 0), NULLIF($10::bigint, 0), $11, $12, $13, $14, NULLIF($15::bigint, 0), NULLIF($16::bigint, 0), $17, NULLIF($18::bigint, 0))`

// Record appends e in the caller's transaction. Work of citizens and of the
// system is recorded without a person.
func Record(ctx context.Context, q pg.Querier, at time.Time, e Event) (err error) {
	defer errs.In(&err, "workledger.Record(%s.%s %d)", e.Module, e.Kind, e.ObjectID)
	strata := e.Strata
	if strata == nil {
		strata = map[string]string{}
	}
	return pg.Exec(ctx, q, sqlInsert, at, e.Module, e.Kind, e.Object, e.ObjectID, e.Outcome,
		e.Actor.PersonID, e.Position.ID, e.Position.OccupancyID, e.UnitID,
		e.StartedAt, e.DueAt, e.WorkingMinutes, strata, e.ThreadID, e.HolderID, e.NextDueAt, e.HolderUnitID)
}
