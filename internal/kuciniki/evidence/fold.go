package evidence

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// LiveFigures is the topic of everything that is made from the ledger.
const LiveFigures = "kuciniki.figures"

const (
	foldAtOnce = 2000

	eventColumns = `e.id, e.at, e.module, e.kind, e.object, e.object_id, e.outcome, COALESCE(e.person_id, 0) AS person_id, COALESCE(e.position_id, 0) AS position_id,
	COALESCE(e.unit_id, 0) AS unit_id, COALESCE(e.thread_id, 0) AS thread_id, COALESCE(e.holder_id, 0) AS holder_id, COALESCE(e.holder_unit_id, 0) AS holder_unit_id, e.started_at, e.due_at, e.next_due_at,
	COALESCE(e.working_minutes, 0) AS working_minutes, e.strata`

	sqlFolded = `SELECT position FROM kuciniki_fold FOR UPDATE`

	sqlNewEvents = `
SELECT s.position, ` + eventColumns + ` FROM audit_seal s JOIN work_event e ON e.id = s.entry_id
WHERE s.trail = 'work' AND s.position > $1 ORDER BY s.position LIMIT $2`

	// What came before of the cases that the new entries are about.
	sqlEarlierEvents = `
SELECT s.position, ` + eventColumns + `
FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[], $3::bigint[]) AS c (module, object, object_id)) c
JOIN work_event e ON e.module = c.module AND e.object = c.object AND e.object_id = c.object_id
JOIN audit_seal s ON s.trail = 'work' AND s.entry_id = e.id
WHERE s.position <= $4`

	sqlAddTally = `
INSERT INTO kuciniki_tally AS t (month, person_id, unit_id, metric, stratum, n, x, other_id)
SELECT * FROM unnest($1::date[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::integer[], $7::integer[], $8::bigint[])
ON CONFLICT (person_id, month, unit_id, metric, stratum, other_id) DO UPDATE SET n = t.n + excluded.n, x = t.x + excluded.x`

	sqlAddUnitTally = `
INSERT INTO kuciniki_unit_tally AS t (month, unit_id, metric, stratum, n, x)
SELECT a.month, a.unit_id, a.metric, a.stratum, sum(a.n)::integer, sum(a.x)::integer
FROM unnest($1::date[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::integer[], $7::integer[], $8::bigint[]) AS a (month, person_id, unit_id, metric, stratum, n, x, other_id)
GROUP BY 1, 2, 3, 4
ON CONFLICT (unit_id, month, metric, stratum) DO UPDATE SET n = t.n + excluded.n, x = t.x + excluded.x`

	// Of each unit with all below it, as they are when it is counted.
	sqlAddWhole = `
INSERT INTO kuciniki_whole AS t (month, unit_id, metric, n, x)
SELECT a.month, w.unit_id, a.metric, sum(a.n)::integer, sum(a.x)::integer
FROM unnest($1::date[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::integer[], $7::integer[], $8::bigint[]) AS a (month, person_id, unit_id, metric, stratum, n, x, other_id)
JOIN org_unit u ON u.id = a.unit_id CROSS JOIN unnest(u.ancestors) AS w (unit_id)
GROUP BY 1, 2, 3
ON CONFLICT (unit_id, month, metric) DO UPDATE SET n = t.n + excluded.n, x = t.x + excluded.x`

	sqlAddLag = `
INSERT INTO kuciniki_lag AS l (month, unit_id, kind, bucket, n)
SELECT a.month, w.unit_id, a.kind, a.bucket, sum(a.n)::integer FROM unnest($1::date[], $2::bigint[], $3::text[], $4::integer[], $5::integer[]) AS a (month, unit_id, kind, bucket, n)
JOIN org_unit u ON u.id = a.unit_id CROSS JOIN unnest(u.ancestors) AS w (unit_id)
GROUP BY 1, 2, 3, 4
ON CONFLICT (unit_id, month, kind, bucket) DO UPDATE SET n = l.n + excluded.n`

	sqlAddPace = `
INSERT INTO kuciniki_pace AS p (month, kind, urgency, category, bucket, n)
SELECT a.month, a.kind, a.urgency, a.category, a.bucket, sum(a.n)::integer
FROM unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::integer[]) AS a (month, kind, urgency, category, bucket, n)
GROUP BY 1, 2, 3, 4, 5
ON CONFLICT (month, kind, urgency, category, bucket) DO UPDATE SET n = p.n + excluded.n`

	sqlAddDays = `
INSERT INTO kuciniki_day AS d (person_id, day, own_word)
SELECT a.person_id, a.day, bool_and(a.own_word) FROM unnest($1::bigint[], $2::date[], $3::boolean[]) AS a (person_id, day, own_word) GROUP BY 1, 2
ON CONFLICT (person_id, day) DO UPDATE SET own_word = false WHERE d.own_word AND NOT excluded.own_word`

	sqlClose = `
DELETE FROM kuciniki_open o USING unnest($1::text[], $2::text[], $3::bigint[]) AS c (module, object, object_id)
WHERE o.module = c.module AND o.object = c.object AND o.object_id = c.object_id`

	sqlSetOpen = `
INSERT INTO kuciniki_open (module, object, object_id, thread_id, unit_id, holder_id, status, waiting, since, due_at, check_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::boolean[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[])`

	// Limits that passed since somebody looked.
	sqlPassed = `SELECT module, object, object_id FROM kuciniki_open WHERE check_at < $1 ORDER BY check_at LIMIT 500`

	sqlUnmiss = `
DELETE FROM kuciniki_missed k USING unnest($1::text[], $2::text[], $3::bigint[]) AS c (module, object, object_id)
WHERE k.module = c.module AND k.object = c.object AND k.object_id = c.object_id
RETURNING k.month, k.person_id, k.unit_id, k.other_id, k.metric, k.stratum`

	sqlMiss = `
INSERT INTO kuciniki_missed (module, object, object_id, metric, due_at, month, person_id, unit_id, other_id, stratum)
SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::timestamptz[], $6::date[], $7::bigint[], $8::bigint[], $9::bigint[], $10::text[])`

	sqlFoldedTo = `UPDATE kuciniki_fold SET position = $1`
)

type sealed struct {
	Position int64
	Event
}

// Fold adds to the sums what sealed entries change that are not in them yet, and limits that
// passed since; it returns how many entries those were. What one entry costs depends on how
// many entries its case has, not on how long the ledger is. Any number may fold at once; one
// works, the others wait.
func (m *Module) Fold(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "evidence.Fold")
	for {
		some, passed, err := m.foldSome(ctx)
		n += some
		if err != nil || some < foldAtOnce && passed == 0 {
			return n, err
		}
	}
}

func (m *Module) foldSome(ctx context.Context) (n, passed int, err error) {
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		from, err := pg.Scalar[int64](ctx, tx, sqlFolded)
		if err != nil {
			return err
		}
		moved, err := m.foldLeave(ctx, tx, from)
		if err != nil {
			return err
		}
		stopped, err := m.foldOutages(ctx, tx, from)
		if err != nil {
			return err
		}
		stoodIn, err := m.foldCovered(ctx, tx, from)
		if err != nil {
			return err
		}
		moved += stopped + stoodIn
		late, err := pg.Many[Case](ctx, tx, sqlPassed, m.clock.Now())
		if passed = len(late); err != nil {
			return err
		}
		if passed > 0 {
			moved += passed
			if err := m.recount(ctx, tx, late, from, nil); err != nil {
				return err
			}
		}
		fresh, err := pg.Many[sealed](ctx, tx, sqlNewEvents, from, foldAtOnce)
		if n = len(fresh); err != nil {
			return err
		}
		if n > 0 {
			if err := m.foldFresh(ctx, tx, fresh, from); err != nil {
				return err
			}
		}
		if n+moved > 0 {
			return live.Notify(ctx, tx, LiveFigures)
		}
		return nil
	})
	return n, passed, err
}

// foldFresh adds new entries, those before from being in the sums.
func (m *Module) foldFresh(ctx context.Context, tx pgx.Tx, fresh []sealed, from int64) error {
	var about []Case
	for _, e := range fresh {
		about = append(about, e.Case())
	}
	earlier, err := eventsOf(ctx, tx, about, from)
	if err != nil {
		return err
	}
	w, err := worldOf(ctx, tx, fresh, earlier)
	if err != nil {
		return err
	}
	c := casesOf(earlier)
	var l lags
	for _, e := range fresh {
		c.add(e.Event, false)
		l.add(e.Event, w.minutes(e.Event), 1)
		l.trace(e.Event)
	}
	if err := l.save(ctx, tx); err != nil {
		return err
	}
	if err := m.saveCases(ctx, tx, c, w, w); err != nil {
		return err
	}
	return pg.Exec(ctx, tx, sqlFoldedTo, fresh[len(fresh)-1].Position)
}

// eventsOf are the entries of cases up to a seal.
func eventsOf(ctx context.Context, q pg.Querier, cases []Case, position int64) ([]sealed, error) {
	modules, objects, ids := split(cases)
	return pg.Many[sealed](ctx, q, sqlEarlierEvents, modules, objects, ids, position)
}

func split(cases []Case) (modules, objects []string, ids []int64) {
	for _, c := range cases {
		modules, objects, ids = append(modules, c.Module), append(objects, c.Object), append(ids, c.ObjectID)
	}
	return modules, objects, ids
}

// recount corrects the sums of cases that are counted already, after what change does to when
// clocks stood; nil where only time has passed.
func (m *Module) recount(ctx context.Context, tx pgx.Tx, cases []Case, position int64, change func() error) error {
	events, err := eventsOf(ctx, tx, cases, position)
	if err != nil {
		return err
	}
	before, err := worldOf(ctx, tx, events)
	if err != nil {
		return err
	}
	after := before
	if change != nil {
		if err := change(); err != nil {
			return err
		}
		if after, err = worldOf(ctx, tx, events); err != nil {
			return err
		}
	}
	var l lags
	for _, e := range events {
		if was, is := before.minutes(e.Event), after.minutes(e.Event); was != is {
			l.add(e.Event, was, -1)
			l.add(e.Event, is, 1)
		}
	}
	if err := l.save(ctx, tx); err != nil {
		return err
	}
	return m.saveCases(ctx, tx, casesOf(events), before, after)
}

// history is the entries of a case: those in the sums, and all.
type history struct{ before, all []Event }

type histories map[Case]*history

func casesOf(counted []sealed) histories {
	h := histories{}
	for _, e := range counted {
		h.add(e.Event, true)
	}
	return h
}

func (h histories) add(e Event, counted bool) {
	c := h[e.Case()]
	if c == nil {
		c = &history{}
		h[e.Case()] = c
	}
	if c.all = append(c.all, e); counted {
		c.before = append(c.before, e)
	}
}

// saveCases writes by how much the sums of cases change, which were counted in one world and
// are counted in another, and how each stands now.
func (m *Module) saveCases(ctx context.Context, tx pgx.Tx, cases histories, before, after World) error {
	change, now := Tally{}, m.clock.Now()
	var open opens
	var lost missed
	var served services
	for id, c := range cases {
		done := Done(c.all, after)
		change.add(done, 1)
		change.add(Done(c.before, before), -1)
		late, next := Missed(c.all, after, now)
		served.add(id, slices.Concat(done, late))
		change.add(late, 1)
		lost.add(id, late)
		open.add(id, c.all, next)
	}
	gone, err := pg.Many[missedRow](ctx, tx, sqlUnmiss, lost.seen.modules, lost.seen.objects, lost.seen.ids)
	if err != nil {
		return err
	}
	for _, g := range gone {
		change.sum(Tally{Key{Month{g.Month}, g.UnitID, g.PersonID, g.OtherID, g.Metric, g.Stratum}: {N: -1}})
	}
	if err := lost.save(ctx, tx); err != nil {
		return err
	}
	if err := saveTally(ctx, tx, change); err != nil {
		return err
	}
	if err := served.save(ctx, tx); err != nil {
		return err
	}
	return open.save(ctx, tx)
}

// caseIDs are cases in columns.
type caseIDs struct {
	modules, objects []string
	ids              []int64
}

func (c *caseIDs) add(id Case) {
	c.modules, c.objects, c.ids = append(c.modules, id.Module), append(c.objects, id.Object), append(c.ids, id.ObjectID)
}

type missedRow struct {
	Month                     time.Time
	PersonID, UnitID, OtherID int64
	Metric                    Metric
	Stratum                   string
}

// missed are limits that passed.
type missed struct {
	caseIDs
	seen                  caseIDs // every case that was looked at
	metrics, strata       []string
	due, months           []time.Time
	people, units, others []int64
}

func (l *missed) add(id Case, late []Item) {
	l.seen.add(id)
	for _, i := range late {
		l.caseIDs.add(id)
		l.metrics, l.strata, l.due, l.months = append(l.metrics, string(i.Metric)), append(l.strata, i.Stratum), append(l.due, *i.Due), append(l.months, i.Month.Time)
		l.people, l.units, l.others = append(l.people, i.PersonID), append(l.units, i.UnitID), append(l.others, i.OtherID)
	}
}

func (l *missed) save(ctx context.Context, tx pgx.Tx) error {
	return pg.Exec(ctx, tx, sqlMiss, l.modules, l.objects, l.ids, l.metrics, l.due, l.months, l.people, l.units, l.others, l.strata)
}

func saveTally(ctx context.Context, tx pgx.Tx, change Tally) error {
	var months []time.Time
	var people, units, others []int64
	var metrics, strata []string
	var ns, xs []int
	for k, c := range change {
		if c == (Count{}) {
			continue
		}
		months, people, units, others = append(months, k.Month.Time), append(people, k.PersonID), append(units, k.UnitID), append(others, k.OtherID)
		metrics, strata, ns, xs = append(metrics, string(k.Metric)), append(strata, k.Stratum), append(ns, c.N), append(xs, c.X)
	}
	for _, sql := range []string{sqlAddTally, sqlAddUnitTally, sqlAddWhole} {
		if err := pg.Exec(ctx, tx, sql, months, people, units, metrics, strata, ns, xs, others); err != nil {
			return err
		}
	}
	return nil
}

// lags are lengths of steps and days with a trace.
type lags struct {
	months                []time.Time
	units                 []int64
	kinds                 []string
	urgencies, categories []string
	buckets               []int
	ns                    []int
	people                []int64
	days                  []time.Time
	own                   []bool // somebody's own word: an entry of the manual log
}

// add counts n steps that took minutes of working time; n is -1 to take one back.
func (l *lags) add(e Event, minutes, n int) {
	if e.PersonID != 0 && e.StartedAt != nil && e.StartedAt.Before(e.At) {
		l.months, l.units = append(l.months, MonthOf(e.At).Time), append(l.units, e.UnitID)
		a := e.alike()
		l.kinds, l.urgencies, l.categories = append(l.kinds, a.Kind), append(l.urgencies, a.Urgency), append(l.categories, a.Category)
		l.buckets, l.ns = append(l.buckets, bucketOf(minutes)), append(l.ns, n)
	}
}

// trace is that somebody left one on the day.
func (l *lags) trace(e Event) {
	if e.PersonID == 0 {
		return
	}
	at := e.At.In(clock.Makassar)
	l.own = append(l.own, e.is("kuciniki.log_manual"))
	l.people, l.days = append(l.people, e.PersonID), append(l.days, time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC))
}

func (l *lags) save(ctx context.Context, tx pgx.Tx) error {
	if err := pg.Exec(ctx, tx, sqlAddLag, l.months, l.units, l.kinds, l.buckets, l.ns); err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlAddPace, l.months, l.kinds, l.urgencies, l.categories, l.buckets, l.ns); err != nil {
		return err
	}
	return pg.Exec(ctx, tx, sqlAddDays, l.people, l.days, l.own)
}

// opens are cases as they stand now.
type opens struct {
	closed                     caseIDs
	modules, objects, statuses []string
	ids, threads               []int64
	units, holders             []int64
	waiting                    []bool
	since                      []time.Time
	due, check                 []*time.Time
}

// add says where a case stands after all its entries: whose it is, since when, and when
// its limit passes.
func (o *opens) add(id Case, events []Event, next time.Time) {
	t, ok := caseType(id.Object)
	if !ok {
		return
	}
	o.closed.add(id)
	if events = moves(inOrder(events)); len(events) == 0 {
		return
	}
	last := events[len(events)-1]
	waiting := slices.Contains(t.Waiting, last.Outcome)
	if !waiting && !slices.Contains(t.Open, last.Outcome) {
		return
	}
	since := last.At
	for i := len(events) - 2; i >= 0 && events[i].Outcome == last.Outcome && events[i].HolderID == last.HolderID; i-- {
		since = events[i].At
	}
	o.modules, o.objects, o.ids, o.threads = append(o.modules, id.Module), append(o.objects, id.Object), append(o.ids, id.ObjectID), append(o.threads, cmp.Or(last.ThreadID, id.ObjectID))
	o.units, o.holders, o.statuses = append(o.units, cmp.Or(last.HolderUnitID, last.UnitID)), append(o.holders, last.HolderID), append(o.statuses, last.Outcome)
	o.waiting, o.since, o.due = append(o.waiting, waiting), append(o.since, since), append(o.due, last.NextDueAt)
	var check *time.Time
	if !next.IsZero() {
		check = &next
	}
	o.check = append(o.check, check)
}

func (o *opens) save(ctx context.Context, tx pgx.Tx) error {
	if err := pg.Exec(ctx, tx, sqlClose, o.closed.modules, o.closed.objects, o.closed.ids); err != nil {
		return err
	}
	return pg.Exec(ctx, tx, sqlSetOpen, o.modules, o.objects, o.ids, o.threads, o.units, o.holders, o.statuses, o.waiting, o.since, o.due, o.check)
}
