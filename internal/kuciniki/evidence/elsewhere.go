package evidence

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	// The months of which a machine's file names the person, and until which day.
	sqlAttended = `
SELECT date_trunc('month', day)::date AS month, max(day) AS last FROM kuciniki_attendance WHERE person_id = $1 AND day >= $2 AND day < $3 GROUP BY 1 ORDER BY 1`

	sqlTraces = `SELECT day FROM kuciniki_day WHERE person_id = $1 AND day >= $2 AND day < $3 AND NOT own_word`

	sqlTheirUnit = `
SELECT p.unit_id FROM org_occupancy o JOIN org_position p ON p.id = o.position_id WHERE o.person_id = $1 AND o.during && tstzrange($2, $3)
ORDER BY o.kind <> 'definitif', o.id DESC LIMIT 1`

	// Who was below them by an agreed SKP of the time, and what they heard from them.
	sqlCoached = `
SELECT n.id AS person_id, n.name, min(p.title) AS title, count(DISTINCT t.id) FILTER (WHERE t.kind = 'umpan_balik')::integer AS feedback, count(DISTINCT t.id) FILTER (WHERE t.kind = 'dialog')::integer AS talks, max(t.at) AS last
FROM org_occupancy o JOIN org_position p ON p.superior_id = o.position_id JOIN kuciniki_skp s ON s.position_id = p.id JOIN org_person n ON n.id = s.person_id
LEFT JOIN kuciniki_note t ON t.skp_id = s.id AND t.by_id = $1 AND t.at >= $2 AND t.at < $3
WHERE o.person_id = $1 AND o.kind <> 'plh' AND o.during && tstzrange($2, $3) AND s.version > 0 AND s.person_id <> $1
	AND s.year BETWEEN date_part('year', $2 AT TIME ZONE 'Asia/Makassar') AND date_part('year', ($3 - interval '1 second') AT TIME ZONE 'Asia/Makassar')
GROUP BY n.id, n.name ORDER BY n.name, n.id`

	sqlWitnessed = `
SELECT day, minutes, status = 'dibenarkan' AS confirmed, answered_at FROM kuciniki_log WHERE person_id = $1 AND day >= $2 AND day < $3 AND status IN ('dibenarkan', 'dibantah') ORDER BY day DESC, id DESC`
)

// Led is one of somebody's staff, and how often they heard from them: what was said is
// between the two.
type Led struct {
	PersonID        int64
	Name, Title     string
	Feedback, Talks int
	Last            *time.Time
}

// Answered is an entry of the manual log about which a witness was asked; what it says is not
// in it.
type Answered struct {
	Day        time.Time
	Minutes    int
	Confirmed  bool
	AnsweredAt time.Time
}

// AttendedDay is a working day, and whether work in the portal was done on it: what a machine
// says can be held against that, by a human.
type AttendedDay struct {
	kuciniki.WorkDay
	Traced bool
}

// Behind is what stands behind a figure of which the work ledger has no steps.
type Behind struct {
	Days  []AttendedDay
	Staff []Led
	Log   []Answered
}

// count is the figure.
func (b Behind) count() (c Count) {
	c.N = len(b.Days) + len(b.Staff) + len(b.Log)
	for _, d := range b.Days {
		if d.Came || d.Justified {
			c.X++
		}
	}
	for _, s := range b.Staff {
		if s.Last != nil {
			c.X++
		}
	}
	for _, e := range b.Log {
		if e.Confirmed {
			c.X++
		}
	}
	return c
}

// behind lists for somebody in some months what the work ledger has no steps of: days present,
// staff coached, log entries that a witness was asked about. ok is false for other metrics.
func (m *Module) behind(ctx context.Context, q pg.Querier, metric Metric, person int64, from, to Month) (b Behind, ok bool, err error) {
	switch metric {
	case Attendance:
		b.Days, err = m.attended(ctx, q, person, from, to)
	case Coaching:
		b.Staff, err = pg.Many[Led](ctx, q, sqlCoached, person, from.Start(), to.Start())
	case Witnessed:
		b.Log, err = pg.Many[Answered](ctx, q, sqlWitnessed, person, from.Time, to.Time)
	default:
		return b, false, nil
	}
	return b, true, err
}

// Behind lists what stands behind a figure of somebody of which the work ledger has no steps,
// for who may see their evidence; to others, and of other metrics, it is errs.NotFound.
func (m *Module) Behind(ctx context.Context, a authz.Actor, person int64, metric Metric, from, to Month) (s Subject, b Behind, all Count, err error) {
	defer errs.In(&err, "evidence.Behind(%d, %.3s)", person, metric)
	if s, err = m.Subject(ctx, a, person); err != nil {
		return s, b, all, err
	}
	b, ok, err := m.behind(ctx, m.db, metric, person, from, to)
	if err == nil && !ok {
		err = errNobody
	}
	return s, b, b.count(), err
}

// attended lists working days in months of which there is a file: until its last day where
// the month is not over.
func (m *Module) attended(ctx context.Context, q pg.Querier, person int64, from, to Month) (all []AttendedDay, err error) {
	months, err := pg.Many[struct{ Month, Last time.Time }](ctx, q, sqlAttended, person, from.Time, to.Time)
	if err != nil || len(months) == 0 {
		return nil, err
	}
	unit, err := pg.Scalar[int64](ctx, q, sqlTheirUnit, person, from.Start(), to.Start())
	if err != nil {
		if errs.KindOf(err) == errs.NotFound {
			err = nil // has left, or is yet to come
		}
		return nil, err
	}
	cal, err := calendar.Load(ctx, q, unit)
	if err != nil {
		return nil, err
	}
	traces, err := pg.Scalars[time.Time](ctx, q, sqlTraces, person, from.Time, to.Time)
	if err != nil {
		return nil, err
	}
	traced := map[calendar.Day]bool{}
	for _, d := range traces {
		traced[calendar.DayOf(midnight(d))] = true
	}
	named := map[time.Time]bool{}
	for _, at := range months {
		named[at.Month] = true
	}
	last := months[len(months)-1]
	end := midnight(last.Month.AddDate(0, 1, 0))
	if end.After(m.clock.Now()) {
		end = midnight(last.Last.AddDate(0, 0, 1))
	}
	attended, err := kuciniki.AttendedBy(ctx, q, cal, []int64{person}, midnight(months[0].Month), end)
	if err != nil {
		return nil, err
	}
	for _, d := range attended[person].Days {
		if named[MonthOf(d.Day.At(0)).Time] {
			all = append(all, AttendedDay{d, traced[d.Day]})
		}
	}
	return all, nil
}
