package evidence

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Figure is a metric of somebody.
type Figure struct {
	Rule
	Count
	Unit      float64 // share of the unit in the same strata, 0 to 1
	Value     float64 // smoothed, or Wilson's lower bound; 0 to 1
	Low, High float64 // the interval of the share
}

// Enough tells whether there are enough cases to say something.
func (f Figure) Enough() bool { return f.N >= f.Least }

// Portrait is the evidence of somebody over some months.
type Portrait struct {
	Subject
	From, To Month // To not in it
	Figures  []Figure
	Served   int // patients: context only
	Hourly   Hourly
	Work     []WorkKind
	Days     int // on duty with a trace in a module
	Written  int // whose only trace is the person's own log, as far as they count
	LogCap   int // percent of the days that such may be
	OnDuty   int // working days, without those away
	Backlog  Backlog
	Lies     Ages       // what lies on their desks
	Open     []OpenCase // of it at most 200, the oldest
	Outages  []Outage   // in which no clock ran
	Looked   Looked
	Samples  []Sample // that somebody looked at, at most 100
}

// Backlog is how long what is open has been lying, in days; days of leave do not count.
type Backlog struct {
	N    int
	P90  int // nine of ten on the desk are no older
	Unit int // the middle one of the unit
}

// Coverage is how much of the job leaves traces: the share of working days with one, 0 to 1.
func (p Portrait) Coverage() float64 {
	if p.OnDuty == 0 {
		return 0
	}
	return min(1, float64(p.Days+p.Written)/float64(p.OnDuty))
}

// WorkKind is how long somebody's steps of a kind take.
type WorkKind struct {
	Module, Kind string
	N            int
	Median       int // working minutes
	Expected     int // the middle of what was fixed for such steps when their months began; 0: not known
}

// OpenCase is something that lies on a desk.
type OpenCase struct {
	Module   string
	Object   string
	ObjectID int64
	ThreadID int64
	UnitID   int64
	UnitName string
	Desk     string // title
	Status   string
	Waiting  bool
	Since    time.Time
	DueAt    *time.Time
}

// Late tells whether it should be done already.
func (c OpenCase) Late(at time.Time) bool { return !c.Waiting && c.DueAt != nil && at.After(*c.DueAt) }

const (
	sqlPersonTally = `
WITH mine AS (
	SELECT unit_id, metric, stratum, sum(n)::integer AS n, sum(x)::integer AS x FROM kuciniki_tally
	WHERE person_id = $1 AND month >= $2 AND month < $3 AND other_id <> ALL ($4::bigint[]) GROUP BY 1, 2, 3
)
SELECT m.metric, m.n, m.x, u.n AS unit_n, u.x AS unit_x
FROM mine m, LATERAL (
	SELECT COALESCE(sum(n), 0)::integer AS n, COALESCE(sum(x), 0)::integer AS x FROM kuciniki_unit_tally u
	WHERE u.unit_id = m.unit_id AND u.metric = m.metric AND u.stratum = m.stratum AND u.month >= $2 AND u.month < $3
) u`

	sqlPersonDays = `SELECT day, own_word FROM kuciniki_day WHERE person_id = $1 AND day >= $2 AND day < $3`

	sqlBacklog = `
WITH mine AS (
	SELECT greatest(0, ($4::timestamptz AT TIME ZONE 'Asia/Makassar')::date - (o.since AT TIME ZONE 'Asia/Makassar')::date - COALESCE((
		SELECT sum(greatest(0, least(l.last_day, ($4::timestamptz AT TIME ZONE 'Asia/Makassar')::date) - greatest(l.first_day, (o.since AT TIME ZONE 'Asia/Makassar')::date) + 1))
		FROM kuciniki_leave l WHERE l.person_id = $1 AND l.withdrawn_at IS NULL), 0))::integer AS days
	FROM kuciniki_open o WHERE o.holder_id = ANY ($2::bigint[]) AND NOT o.waiting
)
SELECT count(*)::integer AS n, COALESCE(percentile_disc(0.9) WITHIN GROUP (ORDER BY days), 0)::integer AS p90, COALESCE((
	SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY ($4::timestamptz AT TIME ZONE 'Asia/Makassar')::date - (o.since AT TIME ZONE 'Asia/Makassar')::date)
	FROM kuciniki_open o WHERE o.unit_id = $3 AND NOT o.waiting), 0)::integer AS unit
FROM mine`

	sqlPersonWork = `
SELECT e.at, e.module, e.kind, COALESCE(e.unit_id, 0) AS unit_id, e.started_at, COALESCE(e.working_minutes, 0) AS working_minutes, e.strata FROM work_event e
WHERE e.person_id = $1 AND e.at >= $2 AND e.at < $3 AND e.started_at < e.at`

	openColumns = `
SELECT o.module, o.object, o.object_id, o.thread_id, o.unit_id, COALESCE(u.name, '') AS unit_name, COALESCE(p.title, '') AS desk, o.status, o.waiting, o.since, o.due_at
FROM `
	openJoins = ` LEFT JOIN org_unit u ON u.id = o.unit_id LEFT JOIN org_position p ON p.id = o.holder_id
`
	sqlOpenAt = openColumns + `kuciniki_open o` + openJoins + `WHERE o.holder_id = ANY ($1::bigint[]) ORDER BY o.since LIMIT 200`
)

// Portrait is the evidence of somebody in the months from and until before to, for who may
// see it.
func (m *Module) Portrait(ctx context.Context, a authz.Actor, person int64, from, to Month) (p Portrait, err error) {
	defer errs.In(&err, "evidence.Portrait(%d)", person)
	if p.Subject, err = m.Subject(ctx, a, person); err != nil {
		return p, err
	}
	p.From, p.To = from, to
	if p.Figures, p.Served, err = m.figures(ctx, m.db, person, from, to); err != nil {
		return p, err
	}
	if p.Served > 0 {
		if p.Hourly, err = m.hourly(ctx, person, p.UnitID, from, to); err != nil {
			return p, err
		}
	}
	if p.Open, err = pg.Many[OpenCase](ctx, m.db, sqlOpenAt, p.Positions); err != nil {
		return p, err
	}
	day, err := pg.One[Day](ctx, m.db, sqlOwnAges, p.Positions, m.clock.Now())
	if p.Lies = day.Ages; err != nil {
		return p, err
	}
	start, end := from.Start(), earlier(to.Start(), m.clock.Now())
	if p.Work, err = m.work(ctx, person, start, end); err != nil {
		return p, err
	}
	if p.Outages, err = pg.Many[Outage](ctx, m.db, sqlOutagesFelt, p.UnitID, start, end); err != nil {
		return p, err
	}
	if p.Looked, err = pg.One[Looked](ctx, m.db, sqlLookedAt, person, from.Time, to.Time); err != nil {
		return p, err
	}
	if p.Samples, err = pg.Many[Sample](ctx, m.db, sqlSamplesOf, person, from.Time, to.Time); err != nil {
		return p, err
	}
	if p.Backlog, err = pg.One[Backlog](ctx, m.db, sqlBacklog, person, p.Positions, p.UnitID, m.clock.Now()); err != nil {
		return p, err
	}
	days, err := pg.Many[struct {
		Day     time.Time
		OwnWord bool
	}](ctx, m.db, sqlPersonDays, person, from.Time, to.Time)
	if err != nil {
		return p, err
	}
	if p.LogCap, err = pg.Scalar[int](ctx, m.db, sqlLogCap, p.PostKind); err != nil {
		return p, err
	}
	cal, err := calendar.Load(ctx, m.db, p.UnitID)
	if err != nil {
		return p, err
	}
	gone, err := away(ctx, m.db, []int64{person})
	onDuty := func(d time.Time) bool { return cal.IsWorkingDay(d) && !gone.on(person, d) }
	for d := start; d.Before(end); d = d.AddDate(0, 0, 1) {
		if onDuty(d) {
			p.OnDuty++
		}
	}
	own := 0
	for _, d := range days {
		switch {
		case !onDuty(midnight(d.Day)):
		case d.OwnWord:
			own++
		default:
			p.Days++
		}
	}
	p.Written = countedLog(p.Days, own, p.LogCap)
	return p, err
}

// mostKinds of work are shown of somebody.
const mostKinds = 12

// work is how long somebody's steps took, by kind, the most frequent first.
func (m *Module) work(ctx context.Context, person int64, from, to time.Time) (out []WorkKind, err error) {
	rows, err := pg.Many[struct {
		UnitID         int64
		At             time.Time
		Module, Kind   string
		StartedAt      time.Time
		WorkingMinutes int
		Strata         map[string]string
	}](ctx, m.db, sqlPersonWork, person, from, to)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	steps, units := make([]Event, len(rows)), make([]int64, len(rows))
	for i, r := range rows {
		steps[i] = Event{At: r.At, Module: r.Module, Kind: r.Kind, UnitID: r.UnitID, StartedAt: &r.StartedAt, WorkingMinutes: r.WorkingMinutes, Strata: r.Strata}
		units[i] = r.UnitID
	}
	var w World
	if w.Outages, w.Hours, err = outages(ctx, m.db, distinct(units)); err != nil {
		return nil, err
	}
	fixed, err := frozenOf(ctx, m.db, steps)
	if err != nil {
		return nil, err
	}
	took, usually := map[string][]int{}, map[string][]int{}
	for _, e := range steps {
		kind := e.alike().Kind
		took[kind] = append(took[kind], w.minutes(e))
		if minutes, ok := fixed.of(e); ok {
			usually[kind] = append(usually[kind], minutes)
		}
	}
	for kind, minutes := range took {
		k := WorkKind{N: len(minutes), Median: Percentile(minutes, 0.5), Expected: Percentile(usually[kind], 0.5)}
		k.Module, k.Kind, _ = strings.Cut(kind, ".")
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b WorkKind) int { return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Kind, b.Kind)) })
	return out[:min(len(out), mostKinds)], nil
}

// Start is the first moment of a month in Makassar.
func (m Month) Start() time.Time {
	return time.Date(m.Year(), m.Time.Month(), 1, 0, 0, 0, 0, clock.Makassar)
}

// on tells whether somebody was away at noon of a day.
func (a Away) on(person int64, day time.Time) bool {
	noon := day.Add(12 * time.Hour)
	for _, s := range a[person] {
		if !noon.Before(s.From) && noon.Before(s.To) {
			return true
		}
	}
	return false
}

type tallyRow struct {
	Metric      Metric
	N, X, UnitN int
	UnitX       int
}

// figures are the metrics of somebody that can be known, in the order of [Rules].
func (m *Module) figures(ctx context.Context, q pg.Querier, person int64, from, to Month) (out []Figure, served int, err error) {
	pairs, err := pairsOf(ctx, q, []int64{person}, to)
	if err != nil {
		return nil, 0, err
	}
	_, others := columns(pairs)
	rows, err := pg.Many[tallyRow](ctx, q, sqlPersonTally, person, from.Time, to.Time, others)
	if err != nil {
		return nil, 0, err
	}
	for _, r := range Rules {
		f := Figure{Rule: r}
		for _, t := range rows {
			if t.Metric == r.Metric {
				f.N, f.X = f.N+t.N, f.X+t.X
				f.Unit += float64(t.N) * Count{t.UnitN, t.UnitX}.Share()
			}
		}
		switch r.Metric {
		case Served:
			served = f.N
			continue
		case AgeOfBacklog:
			continue // an age, not a share: see Portrait.Backlog
		}
		if b, ok, err := m.behind(ctx, q, r.Metric, person, from, to); err != nil {
			return nil, 0, err
		} else if ok {
			f.Count = b.count()
			f.Unit = float64(f.X) // no unit to lean on but oneself
		}
		out = append(out, f.judge())
	}
	return out, served, nil
}

// judge works out what is shown of the counts; Unit is a sum over the cases until then.
func (f Figure) judge() Figure {
	if f.N > 0 {
		f.Unit /= float64(f.N)
	}
	f.Low, f.High = Wilson(f.Count)
	if f.Value = Smooth(f.Count, f.Unit); f.Lower {
		f.Value = f.Low
	}
	return f
}
