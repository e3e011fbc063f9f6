package evidence

import (
	"cmp"
	"context"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Step is one thing behind a figure: a step that was done, or a limit that passed without one.
type Step struct {
	Item
	Missed   bool
	Minutes  int // working minutes, without those of an outage
	Expected int // minutes that were fixed for such steps when its month began; 0: not known
}

// When is when the step was done; of a missed limit, when that was.
func (s Step) When() time.Time {
	if s.Missed {
		return *s.Due
	}
	return s.Event.At
}

const (
	mostSteps = 200
	mostCases = 5000

	// What somebody did some months earlier may count in these: a draft is signed later, work is
	// validated later.
	sqlTheirCases = `
SELECT module, object, object_id FROM (
	SELECT e.module, e.object, e.object_id, max(e.at) AS at FROM work_event e
	WHERE e.person_id = $1 AND e.at >= $2::timestamptz - interval '6 months' AND e.module || '.' || e.kind = ANY ($4::text[]) GROUP BY 1, 2, 3
	UNION
	SELECT k.module, k.object, k.object_id, k.due_at FROM kuciniki_missed k WHERE k.person_id = $1 AND k.metric = $5 AND k.month >= $3 AND k.month < $6
) c GROUP BY module, object, object_id ORDER BY max(at) DESC LIMIT $7`

	sqlCaseEvents = `
SELECT 0::bigint AS position, ` + eventColumns + `
FROM unnest($1::text[], $2::text[], $3::bigint[]) AS c (module, object, object_id) JOIN work_event e ON e.module = c.module AND e.object = c.object AND e.object_id = c.object_id`
)

// Steps lists what counts for somebody in a metric, the latest first, at most 200, and the
// count of all, which is that of the figure. It gives times, never what a letter is about or who a patient was; what was done
// for patients is not listed at all.
func (m *Module) Steps(ctx context.Context, a authz.Actor, person int64, metric Metric, from, to Month) (s Subject, steps []Step, all Count, err error) {
	defer errs.In(&err, "evidence.Steps(%d, %.3s)", person, metric)
	r, ok := RuleOf(metric)
	if s, err = m.Subject(ctx, a, person); err != nil {
		return s, nil, all, err
	}
	if !ok || !r.Ledger {
		return s, nil, all, errNobody
	}
	var kinds []string
	for _, k := range Kinds {
		if slices.Contains(k.Metrics, metric) {
			kinds = append(kinds, k.Module+"."+k.Kind)
		}
	}
	cases, err := pg.Many[Case](ctx, m.db, sqlTheirCases, person, from.Start(), from.Time, kinds, metric, to.Time, mostCases)
	if err != nil {
		return s, nil, all, err
	}
	modules, objects, ids := split(cases)
	events, err := pg.Many[sealed](ctx, m.db, sqlCaseEvents, modules, objects, ids)
	if err != nil {
		return s, nil, all, err
	}
	w, err := worldOf(ctx, m.db, events)
	if err != nil {
		return s, nil, all, err
	}
	pairs, err := pairsOf(ctx, m.db, []int64{person}, to)
	if err != nil {
		return s, nil, all, err
	}
	now := m.clock.Now()
	keep := func(items []Item, missed bool) {
		for _, i := range items {
			if i.PersonID == person && i.Metric == metric && !i.Month.Before(from.Time) && i.Month.Before(to.Time) && !i.between(pairs) {
				steps = append(steps, Step{Item: i, Missed: missed, Minutes: w.minutes(i.Event)})
				if all.N++; i.Good {
					all.X++
				}
			}
		}
	}
	for _, c := range casesOf(events) {
		keep(Done(c.all, w), false)
		late, _ := Missed(c.all, w, now)
		keep(late, true)
	}
	steps = slices.DeleteFunc(steps, func(s Step) bool { return !Listable(s.Event.Module) })
	slices.SortFunc(steps, func(x, y Step) int { return cmp.Or(y.When().Compare(x.When()), cmp.Compare(y.Event.ID, x.Event.ID)) })
	steps = steps[:min(len(steps), mostSteps)]
	return s, steps, all, m.expect(ctx, steps)
}

// expect says of steps how long such were expected to take.
func (m *Module) expect(ctx context.Context, steps []Step) error {
	events := make([]Event, len(steps))
	for i, s := range steps {
		events[i] = s.Event
	}
	fixed, err := frozenOf(ctx, m.db, events)
	for i, s := range steps {
		if !s.Missed && s.Event.since().Before(s.Event.At) {
			steps[i].Expected, _ = fixed.of(s.Event)
		}
	}
	return err
}
