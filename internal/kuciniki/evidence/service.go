package evidence

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	sqlForgetServices = `
DELETE FROM kuciniki_service s USING unnest($1::text[], $2::text[], $3::bigint[]) AS c (module, object, object_id)
WHERE s.object = c.object AND s.object_id = c.object_id AND s.module = c.module`

	sqlAddServices = `
INSERT INTO kuciniki_service (module, object, object_id, month, unit_id, n, x, done_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::date[], $5::bigint[], $6::integer[], $7::integer[], $8::timestamptz[])`
)

// isService tells whether a metric counts services of a unit: reports and letters of citizens.
func isService(m Metric) bool { return m == ReportLasts || m == InStandard }

// services are the cases behind the sums of services.
type services struct {
	touched          caseIDs
	modules, objects []string
	ids, units       []int64
	months, done     []time.Time
	ns, xs           []int
}

// add notes what a case counts.
func (s *services) add(id Case, counted []Item) {
	if id.Object != objectReport && id.Object != objectService {
		return
	}
	s.touched.add(id)
	type place struct {
		month Month
		unit  int64
	}
	type sum struct {
		Count
		at time.Time
	}
	sums := map[place]sum{}
	for _, i := range counted {
		if !isService(i.Metric) {
			continue
		}
		c := sums[place{i.Month, i.UnitID}]
		c.N, c.at = c.N+1, later(c.at, i.At)
		if i.Good {
			c.X++
		}
		sums[place{i.Month, i.UnitID}] = c
	}
	for p, c := range sums {
		s.modules, s.objects, s.ids = append(s.modules, id.Module), append(s.objects, id.Object), append(s.ids, id.ObjectID)
		s.units, s.months, s.ns, s.xs, s.done = append(s.units, p.unit), append(s.months, p.month.Time), append(s.ns, c.N), append(s.xs, c.X), append(s.done, c.at)
	}
}

func (s *services) save(ctx context.Context, tx pgx.Tx) error {
	if len(s.touched.ids) == 0 {
		return nil
	}
	if err := pg.Exec(ctx, tx, sqlForgetServices, s.touched.modules, s.touched.objects, s.touched.ids); err != nil || len(s.ids) == 0 {
		return err
	}
	return pg.Exec(ctx, tx, sqlAddServices, s.modules, s.objects, s.ids, s.months, s.units, s.ns, s.xs, s.done)
}

// Service is a report that was dealt with or a letter that was issued, or one whose limit
// passed before; DoneAt is that limit then.
type Service struct {
	Module   string
	Object   string
	ObjectID int64
	UnitName string
	DoneAt   time.Time
	Count    // one, but for a letter that was issued again in the same month
}

// ServiceCursor is where the next page of services begins.
type ServiceCursor struct {
	DoneAt   time.Time
	ObjectID int64
}

// Unit by unit, so that each page reads what it shows from the index of units. As many units
// finished something since the bound as the page has rows, so nothing before it is on the page.
const (
	servicesOf = `SELECT * FROM kuciniki_service s
		WHERE s.unit_id = u.id AND s.done_at >= $2::timestamptz AND s.done_at <= $3::timestamptz AND (s.done_at, s.object_id) < ($3::timestamptz, $4::bigint)`

	newestService = ` ORDER BY s.done_at DESC, s.object_id DESC LIMIT `

	servicesBefore = `
WITH units AS MATERIALIZED (SELECT id, name FROM org_unit WHERE ancestors @> ARRAY[$1::bigint]), bound AS MATERIALIZED (
	SELECT s.done_at FROM units u CROSS JOIN LATERAL (
		` + servicesOf

	servicesSince = newestService + `1
	) s ORDER BY s.done_at DESC OFFSET $5::integer - 1 LIMIT 1
)
SELECT s.module, s.object, s.object_id, u.name AS unit_name, s.done_at, s.n, s.x FROM units u CROSS JOIN LATERAL (
	` + servicesOf + ` AND s.done_at >= COALESCE((SELECT done_at FROM bound), '-infinity')`

	servicesEnd = newestService + `$5::integer
) s` + newestService + `$5::integer`

	wasLate = ` AND s.x < s.n`

	sqlServices     = servicesBefore + servicesSince + servicesEnd
	sqlLateServices = servicesBefore + wasLate + servicesSince + wasLate + servicesEnd
)

// Services lists what a unit and those below it finished for citizens in the months from and
// until before to, where late only what was late or did not last; the latest first, from a
// cursor on (nil: from the beginning). next is nil on the last page. All of them together are
// the figure of [Module.City], and both are for the same viewers.
func (m *Module) Services(ctx context.Context, a authz.Actor, unit int64, from, to Month, late bool, after *ServiceCursor) (u UnitInfo, list []Service, next *ServiceCursor, err error) {
	defer errs.In(&err, "evidence.Services(%d)", unit)
	if u, err = m.unitFor(ctx, scope(a), unit); err != nil {
		return u, nil, nil, err
	}
	if after == nil || after.DoneAt.After(to.Start()) {
		after = &ServiceCursor{DoneAt: to.Start()}
	}
	sql := sqlServices
	if late {
		sql = sqlLateServices
	}
	list, err = pg.Many[Service](ctx, m.db, sql, u.ID, from.Start(), after.DoneAt, after.ObjectID, listPage+1)
	if len(list) > listPage {
		list = list[:listPage]
		last := list[listPage-1]
		next = &ServiceCursor{last.DoneAt, last.ObjectID}
	}
	return u, list, next, err
}
