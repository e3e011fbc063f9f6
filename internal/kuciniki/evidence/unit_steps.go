package evidence

import (
	"context"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Entry is a step as the ledger has it.
type Entry struct {
	ID             int64
	At             time.Time
	Module         string
	Kind           string
	Object         string
	ObjectID       int64
	ThreadID       int64
	DueAt          *time.Time
	WorkingMinutes int
}

// UnitStep is a step of a unit, with the desk where it was taken.
type UnitStep struct {
	Entry
	UnitName string
	Desk     string // "": not for the viewer
}

// StepCursor is where the next page of steps begins.
type StepCursor struct {
	At time.Time
	ID int64
}

// Unit by unit, so that each page reads what it shows from the index of units; the lengths say
// in which months a unit has such steps at all. As many units took one since the bound as the
// page has rows, so nothing before it is on the page. The desk is named to who sits above it
// ($9) or looks after its people ($10).
const (
	stepsOfUnit = `SELECT * FROM work_event e
		WHERE e.unit_id = u.id AND e.at >= u.first AND e.at < u.last AND e.at <= $6::timestamptz AND (e.at, e.id) < ($6::timestamptz, $7::bigint)
			AND e.module = $4 AND e.kind = $5 AND e.person_id IS NOT NULL AND e.started_at < e.at`

	newestStep = ` ORDER BY e.at DESC, e.id DESC LIMIT `

	sqlUnitSteps = `
WITH units AS MATERIALIZED (
	SELECT u.id, u.name, k.first::timestamp AT TIME ZONE 'Asia/Makassar' AS first, (k.last + interval '1 month') AT TIME ZONE 'Asia/Makassar' AS last
	FROM org_unit u CROSS JOIN LATERAL (
		SELECT min(month) AS first, max(month) AS last FROM kuciniki_lag WHERE kind = $4::text || '.' || $5::text AND unit_id = u.id AND month >= $2 AND month < $3
	) k WHERE u.ancestors @> ARRAY[$1::bigint] AND k.last IS NOT NULL
), bound AS MATERIALIZED (
	SELECT e.at FROM units u CROSS JOIN LATERAL (
		` + stepsOfUnit + newestStep + `1
	) e ORDER BY e.at DESC OFFSET $8::integer - 1 LIMIT 1
), page AS (
	SELECT e.*, u.name AS unit_name FROM units u CROSS JOIN LATERAL (
		` + stepsOfUnit + ` AND e.at >= COALESCE((SELECT at FROM bound), '-infinity')` + newestStep + `$8::integer
	) e` + newestStep + `$8::integer
)
SELECT e.id, e.at, e.module, e.kind, e.object, e.object_id, COALESCE(e.thread_id, 0) AS thread_id, e.due_at, COALESCE(e.working_minutes, 0) AS working_minutes, e.unit_name,
	CASE WHEN d.ancestors && $10::bigint[] OR EXISTS (SELECT FROM kuciniki_above(p.id) a WHERE a.step > 0 AND a.position_id = ANY ($9::bigint[])) THEN p.title ELSE '' END AS desk
FROM page e LEFT JOIN org_position p ON p.id = e.position_id LEFT JOIN org_unit d ON d.id = p.unit_id
ORDER BY e.at DESC, e.id DESC`
)

// StepsIn lists the steps of a kind ("module.kind") that a unit and those below it took in the
// months from and until before to, the latest first, from a cursor on (nil: from the
// beginning); next is nil on the last page. They are those behind the lengths of [Module.City],
// for the same viewers, and give times only. Of patients there are none: errs.NotFound.
func (m *Module) StepsIn(ctx context.Context, a authz.Actor, unit int64, kind string, from, to Month, after *StepCursor) (u UnitInfo, list []UnitStep, next *StepCursor, err error) {
	defer errs.In(&err, "evidence.StepsIn(%d, %.40q)", unit, kind)
	module, name, _ := strings.Cut(kind, ".")
	if !Listable(module) {
		return u, nil, nil, errNoFigures
	}
	if u, err = m.unitFor(ctx, scope(a), unit); err != nil {
		return u, nil, nil, err
	}
	if after == nil {
		after = &StepCursor{At: to.Start()}
	}
	list, err = pg.Many[UnitStep](ctx, m.db, sqlUnitSteps, u.ID, from.Time, to.Time, module, name, after.At, after.ID, listPage+1, seats(a), overseen(a))
	if len(list) > listPage {
		list = list[:listPage]
		last := list[listPage-1]
		next = &StepCursor{last.At, last.ID}
	}
	return u, list, next, err
}

// Listable tells whether the steps of a module may be listed: patients are counted only.
func Listable(module string) bool { return module != "epuskesmas" }
