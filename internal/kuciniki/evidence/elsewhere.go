package evidence

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	// The months of which a machine's file names the person, and until which day.
	sqlAttended = `
SELECT date_trunc('month', day)::date AS month, max(day) AS last FROM kuciniki_attendance WHERE person_id = $1 AND day >= $2 AND day < $3 GROUP BY 1 ORDER BY 1`

	sqlTheirUnit = `
SELECT p.unit_id FROM org_occupancy o JOIN org_position p ON p.id = o.position_id WHERE o.person_id = $1 AND o.during && tstzrange($2, $3)
ORDER BY o.kind <> 'definitif', o.id DESC LIMIT 1`

	// Who was below them by an agreed SKP of the time, and who of those heard from them.
	sqlCoached = `
SELECT count(DISTINCT s.person_id)::integer AS n, count(DISTINCT s.person_id) FILTER (WHERE EXISTS (
	SELECT FROM kuciniki_note t WHERE t.skp_id = s.id AND t.by_id = $1 AND t.at >= $2 AND t.at < $3))::integer AS x
FROM org_occupancy o JOIN org_position p ON p.superior_id = o.position_id JOIN kuciniki_skp s ON s.position_id = p.id
WHERE o.person_id = $1 AND o.kind <> 'plh' AND o.during && tstzrange($2, $3) AND s.version > 0 AND s.person_id <> $1
	AND s.year BETWEEN date_part('year', $2 AT TIME ZONE 'Asia/Makassar') AND date_part('year', ($3 - interval '1 second') AT TIME ZONE 'Asia/Makassar')`

	sqlWitnessed = `
SELECT count(*) FILTER (WHERE status IN ('dibenarkan', 'dibantah'))::integer AS n, count(*) FILTER (WHERE status = 'dibenarkan')::integer AS x
FROM kuciniki_log WHERE person_id = $1 AND day >= $2 AND day < $3`
)

// elsewhere counts for somebody in some months what the work ledger has no steps of: days
// present, staff coached, log entries that a witness was asked about. ok is false for other
// metrics.
func (m *Module) elsewhere(ctx context.Context, q pg.Querier, metric Metric, person int64, from, to Month) (c Count, ok bool, err error) {
	switch metric {
	case Attendance:
		c, err = m.attended(ctx, q, person, from, to)
	case Coaching:
		c, err = pg.One[Count](ctx, q, sqlCoached, person, from.Start(), to.Start())
	case Witnessed:
		c, err = pg.One[Count](ctx, q, sqlWitnessed, person, from.Time, to.Time)
	default:
		return Count{}, false, nil
	}
	return c, true, err
}

// attended counts working days in months of which there is a file: until its last day where
// the month is not over.
func (m *Module) attended(ctx context.Context, q pg.Querier, person int64, from, to Month) (c Count, err error) {
	months, err := pg.Many[struct{ Month, Last time.Time }](ctx, q, sqlAttended, person, from.Time, to.Time)
	if err != nil || len(months) == 0 {
		return c, err
	}
	unit, err := pg.Scalar[int64](ctx, q, sqlTheirUnit, person, from.Start(), to.Start())
	if err != nil {
		if errs.KindOf(err) == errs.NotFound {
			err = nil // has left, or is yet to come
		}
		return c, err
	}
	cal, err := calendar.Load(ctx, q, unit)
	if err != nil {
		return c, err
	}
	today := m.clock.Now().In(clock.Makassar)
	for _, at := range months {
		first, end := midnight(at.Month), midnight(at.Month.AddDate(0, 1, 0))
		if end.After(today) {
			end = midnight(at.Last.AddDate(0, 0, 1))
		}
		p, err := kuciniki.PresenceIn(ctx, q, cal, person, first, end)
		if err != nil {
			return c, err
		}
		c.N, c.X = c.N+p.Days, c.X+p.Present+p.Justified
	}
	return c, nil
}
