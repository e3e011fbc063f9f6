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

// Unit by unit, so that each page reads what it shows from the index of units.
const sqlServices = `
SELECT s.module, s.object, s.object_id, u.name AS unit_name, s.done_at, s.n, s.x
FROM org_unit u CROSS JOIN LATERAL (
	SELECT * FROM kuciniki_service s
	WHERE s.unit_id = u.id AND s.month >= $2 AND s.month < $3 AND s.done_at >= $2::timestamp AT TIME ZONE 'Asia/Makassar' AND s.done_at <= $5::timestamptz AND (s.done_at, s.object_id) < ($5::timestamptz, $6::bigint)
		AND (NOT $4::boolean OR s.x < s.n)
	ORDER BY s.done_at DESC, s.object_id DESC LIMIT $7
) s
WHERE u.ancestors @> ARRAY[$1::bigint]
ORDER BY s.done_at DESC, s.object_id DESC LIMIT $7`

// Services lists what a unit and those below it finished for citizens in the months from and
// until before to, where late only what was late or did not last; the latest first, from a
// cursor on (nil: from the beginning). next is nil on the last page. All of them together are
// the figure of [Module.City], and both are for the same viewers.
func (m *Module) Services(ctx context.Context, a authz.Actor, unit int64, from, to Month, late bool, after *ServiceCursor) (u UnitInfo, list []Service, next *ServiceCursor, err error) {
	defer errs.In(&err, "evidence.Services(%d)", unit)
	if u, err = m.unitFor(ctx, scope(a), unit); err != nil {
		return u, nil, nil, err
	}
	if after == nil {
		after = &ServiceCursor{DoneAt: to.Start()}
	}
	list, err = pg.Many[Service](ctx, m.db, sqlServices, u.ID, from.Time, to.Time, late, after.DoneAt, after.ObjectID, listPage+1)
	if len(list) > listPage {
		list = list[:listPage]
		last := list[listPage-1]
		next = &ServiceCursor{last.DoneAt, last.ObjectID}
	}
	return u, list, next, err
}
