package evidence

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Load is what lies on a desk and how much left it lately.
type Load struct {
	DeskID   int64
	Title    string
	UnitName string
	PersonID int64 // who sits there; 0: nobody
	Person   string
	Ages
	Done int // steps that who sits there took on this desk in the last 30 days
}

// Of $1 the actor's seats, $2 now, $3 the units whose people they look after.
const (
	loadSelect = `
SELECT p.id AS desk_id, p.title, u.name AS unit_name, COALESCE(h.id, 0) AS person_id, COALESCE(h.name, '') AS person, c.week, c.month, c.quarter, c.older, c.late, c.waiting,
	(SELECT count(*) FROM work_event e WHERE e.person_id = h.id AND e.position_id = p.id AND e.at > $2::timestamptz - interval '720 hours')::integer AS done
FROM org_position p JOIN org_unit u ON u.id = p.unit_id
LEFT JOIN LATERAL (
	SELECT n.id, n.name FROM org_occupancy s JOIN org_person n ON n.id = s.person_id WHERE s.position_id = p.id AND s.during @> $2::timestamptz ORDER BY s.kind <> 'definitif', s.id LIMIT 1
) h ON true
CROSS JOIN LATERAL (
	SELECT` + ageColumns + ` FROM kuciniki_open o WHERE o.holder_id = p.id
) c
WHERE p.valid_to IS NULL AND $3::bigint[] IS NOT NULL AND `

	loadOrder = ` ORDER BY p.title, p.id LIMIT 200`

	sqlTeamLoads = loadSelect + `p.superior_id = ANY ($1::bigint[])` + loadOrder

	// Whose desks are not below the actor, they do not see one by one.
	sqlUnitLoads = loadSelect + `p.unit_id = $4 AND (u.ancestors && $3::bigint[] OR EXISTS (SELECT FROM kuciniki_above(p.id) a WHERE a.step > 0 AND a.position_id = ANY ($1::bigint[])))` + loadOrder

	sqlOwnAges = `
SELECT` + ageColumns + `, count(*) FILTER (WHERE NOT o.waiting AND o.due_at >= $2 AND o.due_at < ((($2::timestamptz AT TIME ZONE 'Asia/Makassar')::date + 1)::timestamp AT TIME ZONE 'Asia/Makassar'))::integer AS today
FROM kuciniki_open o WHERE o.holder_id = ANY ($1::bigint[])`

	dueFirst = ` ORDER BY o.due_at NULLS LAST, o.since, o.object_id`

	sqlOwnDue = listedPage + onDesks + ` AND NOT o.waiting` + dueFirst + listedSelect + dueFirst
)

// TeamLoads lists the desks right below the actor by title, at most 200.
func (m *Module) TeamLoads(ctx context.Context, a authz.Actor) (_ []Load, err error) {
	defer errs.In(&err, "evidence.TeamLoads")
	return pg.Many[Load](ctx, m.db, sqlTeamLoads, seats(a), m.clock.Now(), overseen(a))
}

// UnitLoads lists the desks of a unit by title, at most 200: those below the actor, or all
// where they look after its people. To whom the unit's figures are not for it is errs.NotFound.
func (m *Module) UnitLoads(ctx context.Context, a authz.Actor, unit int64) (_ []Load, err error) {
	defer errs.In(&err, "evidence.UnitLoads(%d)", unit)
	u, err := m.unitFor(ctx, scope(a), unit)
	if err != nil {
		return nil, err
	}
	return pg.Many[Load](ctx, m.db, sqlUnitLoads, seats(a), m.clock.Now(), overseen(a), u.ID)
}

const (
	// Of who sits at $1 now, as in [Load].
	doneHere = `
FROM work_event e WHERE e.person_id = (SELECT s.person_id FROM org_occupancy s WHERE s.position_id = $1 AND s.during @> $2::timestamptz ORDER BY s.kind <> 'definitif', s.id LIMIT 1)
	AND e.position_id = $1 AND e.at > $2::timestamptz - interval '720 hours' AND e.module `

	sqlDoneOn = `
SELECT e.id, e.at, e.module, e.kind, e.object, e.object_id, COALESCE(e.thread_id, 0) AS thread_id, e.due_at, COALESCE(e.working_minutes, 0) AS working_minutes` + doneHere + `<> 'epuskesmas'
	AND (e.at, e.id) < ($3::timestamptz, $4::bigint) ORDER BY e.at DESC, e.id DESC LIMIT $5`

	sqlPatientsOn = `SELECT count(*)` + doneHere + `= 'epuskesmas'`
)

// DoneOn lists the steps behind [Load.Done] of a desk below the actor, the latest first, from a
// cursor on (nil: from the beginning), and counts those for patients, which are not listed; next
// is nil on the last page. Other desks are errs.NotFound.
func (m *Module) DoneOn(ctx context.Context, a authz.Actor, desk int64, after *StepCursor) (d UnitInfo, list []Entry, patients int, next *StepCursor, err error) {
	defer errs.In(&err, "evidence.DoneOn(%d)", desk)
	now := m.clock.Now()
	if after == nil {
		after = &StepCursor{At: now.Add(time.Hour)}
	}
	if d, err = m.deskFor(ctx, a, desk); err != nil {
		return d, nil, 0, nil, err
	}
	if patients, err = pg.Scalar[int](ctx, m.db, sqlPatientsOn, d.ID, now); err != nil {
		return d, nil, 0, nil, err
	}
	list, err = pg.Many[Entry](ctx, m.db, sqlDoneOn, d.ID, now, after.At, after.ID, listPage+1)
	if len(list) > listPage {
		list = list[:listPage]
		last := list[listPage-1]
		next = &StepCursor{last.At, last.ID}
	}
	return d, list, patients, next, err
}

// Day is what lies on the actor's own desks.
type Day struct {
	Ages
	Today int      // due until midnight, not late
	Due   []Listed `db:"-"` // the next to be done, at most ten; what has no limit comes last
}

// Today is what lies on the desks where the actor sits.
func (m *Module) Today(ctx context.Context, a authz.Actor) (d Day, err error) {
	defer errs.In(&err, "evidence.Today")
	mine := held(a)
	if d, err = pg.One[Day](ctx, m.db, sqlOwnAges, mine, m.clock.Now()); err != nil {
		return d, err
	}
	d.Due, err = pg.Many[Listed](ctx, m.db, sqlOwnDue, seats(a), overseen(a), m.clock.Now(), AllOpen, -ever, ever, OpenCursor{}.Since, int64(0), 10, mine)
	return d, err
}
