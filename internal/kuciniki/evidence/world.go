package evidence

import (
	"context"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// World is what counting needs to know beside the entries: when clocks stood, and whose a desk
// was. The zero World knows nothing: no clock stands and every desk is nobody's.
type World struct {
	Away    Away
	Covered Covered
	Outages map[int64][]Span                      // of a unit, also those of the units above it
	Hours   map[int64]*calendar.Calendar          // of the units that have an outage
	Seats   map[int64][]Seat                      // who held a position, without who only stood in for a time (Plh)
	Heads   map[int64]struct{ Here, Above int64 } // the positions that head a unit and the one above it
}

// Seat is somebody in a position; To is zero while they still are.
type Seat struct {
	PersonID int64
	From, To time.Time
}

func (s Seat) at(t time.Time) bool { return !t.Before(s.From) && (s.To.IsZero() || t.Before(s.To)) }

// holder is who had a desk at a moment, 0 where nobody had it alone.
func (w World) holder(position int64, t time.Time) (person int64) {
	for _, s := range w.Seats[position] {
		if s.at(t) {
			if person != 0 && person != s.PersonID {
				return 0
			}
			person = s.PersonID
		}
	}
	return person
}

// came is when somebody took a position first, not counting what ended before t; t or before
// where they already had it, or nothing is known of it.
func (w World) came(person, position int64, t time.Time) (first time.Time) {
	for _, s := range w.Seats[position] {
		if s.PersonID == person && (s.To.IsZero() || s.To.After(t)) && (first.IsZero() || s.From.Before(first)) {
			first = s.From
		}
	}
	return first
}

// absent is when somebody was not at a desk of theirs: away, or with a Plh in their place.
func (w World) absent(person, position int64) []Span {
	return slices.Concat(w.Away[person], w.Covered[Post{person, position}])
}

// limit is due, later by as long as the clock stood for somebody at a desk: before they held
// it, while they were not there, and while the portal could not be used in the unit.
func (w World) limit(person, position, unit int64, since, due time.Time) time.Time {
	spans := append(w.absent(person, position), w.Outages[unit]...)
	if came := w.came(person, position, since); came.After(since) {
		spans = append(spans, Span{since, came})
	}
	return moved(spans, since, due)
}

// moved is due, later by what of the spans lies after since.
func moved(spans []Span, since, due time.Time) time.Time {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(x, y Span) int { return x.From.Compare(y.From) })
	for _, s := range spans {
		from := later(s.From, since)
		if from.Before(due) && s.To.After(from) {
			due, since = due.Add(s.To.Sub(from)), s.To
		}
	}
	return due
}

// onTime tells whether a step was done in its time, which runs from since.
func (w World) onTime(e Event, since time.Time) bool {
	if e.DueAt == nil || !e.At.After(*e.DueAt) {
		return true
	}
	return !e.At.After(w.limit(e.PersonID, e.PositionID, e.UnitID, earlier(since, *e.DueAt), *e.DueAt))
}

// minutes is how long a step took in working minutes, without those of an outage.
func (w World) minutes(e Event) int {
	cal := w.Hours[e.UnitID]
	if cal == nil || e.StartedAt == nil {
		return e.WorkingMinutes
	}
	out, until := e.WorkingMinutes, *e.StartedAt
	spans := slices.Clone(w.Outages[e.UnitID])
	slices.SortFunc(spans, func(x, y Span) int { return x.From.Compare(y.From) })
	for _, s := range spans {
		from, to := later(s.From, until), earlier(s.To, e.At)
		if to.After(from) {
			out, until = out-cal.WorkingMinutes(from, to), to
		}
	}
	return max(0, out)
}

// away tells whether who did a step was away at some time between its start and its end.
func (w World) away(e Event) bool {
	return e.StartedAt != nil && moved(w.absent(e.PersonID, e.PositionID), *e.StartedAt, e.At).After(e.At)
}

const (
	sqlSeats = `
SELECT position_id, person_id, starts_at, ends_at FROM org_occupancy WHERE position_id = ANY ($1::bigint[]) AND kind <> 'plh' ORDER BY position_id, starts_at, id`

	sqlHeads = `
SELECT u.id, COALESCE(h.id, 0) AS here, COALESCE(a.id, 0) AS above
FROM org_unit u LEFT JOIN org_position h ON h.unit_id = u.id AND h.kind = 'kepala' AND h.valid_to IS NULL
LEFT JOIN org_position a ON a.unit_id = u.parent_id AND a.kind = 'kepala' AND a.valid_to IS NULL
WHERE u.id = ANY ($1::bigint[])`
)

// worldOf is what the sums know beside the entries.
func worldOf(ctx context.Context, q pg.Querier, lists ...[]sealed) (w World, err error) {
	var people, desks, units, services []int64
	for _, list := range lists {
		for _, e := range list {
			people, desks, units = append(people, e.PersonID), append(desks, e.PositionID, e.HolderID), append(units, e.UnitID, e.HolderUnitID)
			if e.Object == objectService {
				services = append(services, e.UnitID)
			}
		}
	}
	w.Heads = map[int64]struct{ Here, Above int64 }{}
	if len(services) > 0 {
		heads, err := pg.Many[struct{ ID, Here, Above int64 }](ctx, q, sqlHeads, distinct(services))
		if err != nil {
			return w, err
		}
		for _, h := range heads {
			w.Heads[h.ID] = struct{ Here, Above int64 }{h.Here, h.Above}
			desks = append(desks, h.Here, h.Above)
		}
	}
	seats, err := pg.Many[struct {
		PositionID, PersonID int64
		StartsAt             time.Time
		EndsAt               *time.Time
	}](ctx, q, sqlSeats, distinct(desks))
	if err != nil {
		return w, err
	}
	w.Seats = map[int64][]Seat{}
	for _, s := range seats {
		seat := Seat{PersonID: s.PersonID, From: s.StartsAt}
		if s.EndsAt != nil {
			seat.To = *s.EndsAt
		}
		w.Seats[s.PositionID] = append(w.Seats[s.PositionID], seat)
		people = append(people, s.PersonID)
	}
	people = distinct(people)
	if w.Away, err = away(ctx, q, people); err != nil {
		return w, err
	}
	if w.Covered, err = covered(ctx, q, people); err != nil {
		return w, err
	}
	w.Outages, w.Hours, err = outages(ctx, q, distinct(units))
	return w, err
}

func distinct(ids []int64) []int64 {
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id int64) bool { return id == 0 })
}
