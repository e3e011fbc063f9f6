package evidence

import (
	"context"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// listPage is how many rows of a list behind a figure are shown at once.
const listPage = 50

// Which says which open cases a list has.
type Which string

// The ways to choose open cases. Those that wait for somebody outside are in Waiting only.
const (
	AllOpen    Which = "semua"
	LateOpen   Which = "lewat"
	TodayOpen  Which = "hari-ini" // due until midnight
	WaitOpen   Which = "menunggu"
	WeekOpen   Which = "minggu"   // at most 7 days old
	MonthOpen  Which = "bulan"    // 8 to 30
	SeasonOpen Which = "triwulan" // 31 to 90
	OlderOpen  Which = "lama"     // older than 90
)

// Whiches lists them.
var Whiches = []Which{AllOpen, LateOpen, TodayOpen, WaitOpen, WeekOpen, MonthOpen, SeasonOpen, OlderOpen}

// ever is longer than anything lies, in days.
const ever = 36500

// days are the ages that a choice has: older than over and not older than most.
func (w Which) days() (over, most int) {
	switch w {
	case WeekOpen:
		return -ever, 7
	case MonthOpen:
		return 7, 30
	case SeasonOpen:
		return 30, 90
	case OlderOpen:
		return 90, ever
	}
	return -ever, ever
}

// Listed is an open case with who sits at its desk: nobody where the viewer may not see their
// evidence.
type Listed struct {
	OpenCase
	PersonID int64
	Person   string
}

// OpenCursor is where the next page of open cases begins.
type OpenCursor struct {
	Since    time.Time
	ObjectID int64
}

// Of $1 the actor's seats, $2 the units whose people they look after; $3 now, $4 which, $5 and
// $6 the ages in days, $7 and $8 where the page begins, $9 its length. The page is chosen before
// anything is said of its rows: who sits above a desk is asked of those only.
const (
	listedPage = `
WITH page AS MATERIALIZED (
	SELECT o.* FROM kuciniki_open o
	WHERE o.waiting = ($4::text = 'menunggu') AND ($4::text <> 'lewat' OR o.due_at < $3) AND ($4::text <> 'hari-ini' OR o.due_at >= $3 AND ` + untilMidnight + `)
		AND o.since <= $3::timestamptz - $5::integer * interval '24 hours' AND o.since > $3::timestamptz - $6::integer * interval '24 hours'
		AND (o.since, o.object_id) > ($7::timestamptz, $8::bigint) AND `

	listedSelect = ` LIMIT $9::integer
)
SELECT o.module, o.object, o.object_id, o.thread_id, o.unit_id, COALESCE(u.name, '') AS unit_name, COALESCE(p.title, '') AS desk, o.status, o.waiting, o.since, o.due_at,
	COALESCE(h.id, 0) AS person_id, COALESCE(h.name, '') AS person
FROM page o LEFT JOIN org_unit u ON u.id = o.unit_id LEFT JOIN org_position p ON p.id = o.holder_id LEFT JOIN org_unit d ON d.id = p.unit_id
LEFT JOIN LATERAL (
	SELECT n.id, n.name FROM org_occupancy c JOIN org_person n ON n.id = c.person_id
	WHERE c.position_id = o.holder_id AND c.during @> $3::timestamptz AND (d.ancestors && $2::bigint[] OR EXISTS (SELECT FROM kuciniki_above(p.id) a WHERE a.step > 0 AND a.position_id = ANY ($1::bigint[])))
	ORDER BY c.kind <> 'definitif', c.id LIMIT 1
) h ON true`

	oldestFirst = ` ORDER BY o.since, o.object_id`

	onDesks = `o.holder_id = ANY ($10::bigint[])`

	sqlOpenIn = listedPage + `o.unit_id IN (SELECT id FROM org_unit WHERE ancestors @> ARRAY[$10::bigint])` + oldestFirst + listedSelect + oldestFirst

	sqlOpenOn = listedPage + onDesks + oldestFirst + listedSelect + oldestFirst

	untilMidnight = `o.due_at < ((($3::timestamptz AT TIME ZONE 'Asia/Makassar')::date + 1)::timestamp AT TIME ZONE 'Asia/Makassar')`

	// A desk in or below the units of $1, below the seats of $2, or one of $4.
	sqlDeskFor = `
SELECT p.id, p.title AS name FROM org_position p JOIN org_unit u ON u.id = p.unit_id
WHERE p.id = $3 AND (u.ancestors && $1::bigint[] OR p.id = ANY ($4::bigint[]) OR EXISTS (SELECT FROM kuciniki_above(p.id) a WHERE a.step > 0 AND a.position_id = ANY ($2::bigint[])))`
)

// OpenIn lists what is open in a unit and below it, the oldest first, from a cursor on (nil:
// from the beginning); next is nil on the last page. It is errs.NotFound to whom the figures
// of the unit are not for.
func (m *Module) OpenIn(ctx context.Context, a authz.Actor, unit int64, which Which, after *OpenCursor) (u UnitInfo, list []Listed, next *OpenCursor, err error) {
	defer errs.In(&err, "evidence.OpenIn(%d)", unit)
	if u, err = m.unitFor(ctx, scope(a), unit); err != nil {
		return u, nil, nil, err
	}
	list, next, err = m.listed(ctx, a, sqlOpenIn, u.ID, which, after)
	return u, list, next, err
}

// OpenOn lists what is open on a desk, the actor's own or below them, as [Module.OpenIn] does.
// Other desks are errs.NotFound.
func (m *Module) OpenOn(ctx context.Context, a authz.Actor, desk int64, which Which, after *OpenCursor) (d UnitInfo, list []Listed, next *OpenCursor, err error) {
	defer errs.In(&err, "evidence.OpenOn(%d)", desk)
	if d, err = m.deskFor(ctx, a, desk); err != nil {
		return d, nil, nil, err
	}
	list, next, err = m.listed(ctx, a, sqlOpenOn, []int64{d.ID}, which, after)
	return d, list, next, err
}

// deskFor is a desk of the actor's own or below them; others are errs.NotFound.
func (m *Module) deskFor(ctx context.Context, a authz.Actor, desk int64) (d UnitInfo, err error) {
	d, err = pg.One[UnitInfo](ctx, m.db, sqlDeskFor, overseen(a), seats(a), desk, held(a))
	if err != nil && errs.KindOf(err) == errs.NotFound {
		err = errNoFigures
	}
	return d, err
}

// OwnOpen lists what is open on the desks where the actor sits, as [Module.OpenIn] does.
func (m *Module) OwnOpen(ctx context.Context, a authz.Actor, which Which, after *OpenCursor) (list []Listed, next *OpenCursor, err error) {
	defer errs.In(&err, "evidence.OwnOpen")
	return m.listed(ctx, a, sqlOpenOn, held(a), which, after)
}

// held are the desks where the actor sits, as a Plh too.
func held(a authz.Actor) []int64 {
	out := []int64{}
	for _, p := range a.Positions {
		out = append(out, p.ID)
	}
	return out
}

func (m *Module) listed(ctx context.Context, a authz.Actor, sql string, of any, which Which, after *OpenCursor) (list []Listed, next *OpenCursor, err error) {
	if !slices.Contains(Whiches, which) {
		return nil, nil, errNoFigures
	}
	if after == nil {
		after = &OpenCursor{}
	}
	over, most := which.days()
	list, err = pg.Many[Listed](ctx, m.db, sql, seats(a), overseen(a), m.clock.Now(), which, over, most, after.Since, after.ObjectID, listPage+1, of)
	if len(list) > listPage {
		list = list[:listPage]
		last := list[listPage-1]
		next = &OpenCursor{last.Since, last.ObjectID}
	}
	return list, next, err
}
