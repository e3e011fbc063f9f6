package evidence

import (
	"cmp"
	"slices"
	"time"
)

// Objects of the ledger whose limits can pass without a step.
const (
	objectLetter  = "eoffice_letter"
	objectOrder   = "eoffice_disposition"
	objectReport  = "mtr_report"
	objectService = "epemerintahan_letter"
)

// stay is how long a case lay at one desk in the same hands.
type stay struct {
	Event            // with which it came there
	due   *time.Time // the latest limit that was set meanwhile
	end   time.Time  // zero while it lies there
	by    *Event     // with which it left
}

// stays splits a case, its entries in order, into stays in one of the statuses; a step of the
// kinds in apart ends a stay also where the case comes back to the same desk at once.
func stays(events []Event, statuses []string, apart ...string) (out []stay) {
	under := false
	for i, e := range events {
		here := slices.Contains(statuses, e.Outcome)
		if under {
			s := &out[len(out)-1]
			if here && e.HolderID == s.HolderID && !e.is(apart...) {
				s.due = e.NextDueAt
				continue
			}
			s.end, s.by = e.At, &events[i]
		}
		if under = here; here {
			s := stay{Event: e, due: e.NextDueAt}
			s.UnitID = cmp.Or(e.HolderUnitID, e.UnitID)
			out = append(out, s)
		}
	}
	return out
}

// overdue tells whether the limit of a stay passed for somebody before it ended, or before at
// where it has not. Where it may still pass, next is when.
func (w World) overdue(s stay, person, position int64, at time.Time) (late bool, next time.Time) {
	if s.due == nil {
		return false, next
	}
	limit := w.limit(person, position, s.UnitID, earlier(s.At, *s.due), *s.due)
	if !s.end.IsZero() {
		return s.end.After(limit), next
	}
	if at.After(limit) {
		return true, next
	}
	return false, limit
}

// Missed lists the limits of one case that passed at a desk without the step that was due
// there, until at: what is parked counts as soon as it is late, and does not stop counting
// when somebody else takes it away. Where another may pass without a new entry, next is when.
func Missed(events []Event, w World, at time.Time) (out []Item, next time.Time) {
	c := &items{World: w}
	if events = moves(strictest(inOrder(events))); len(events) == 0 {
		return nil, next
	}
	switch events[0].Object {
	case objectLetter:
		next = c.waitingLetter(events, at)
	case objectOrder:
		next = c.waitingOrder(events, at)
	case objectReport:
		next = c.waitingReport(events, at)
	case objectService:
		next = c.waitingService(events, at)
	}
	return c.out, next
}

func (c *items) miss(s stay, person int64, m Metric) *Item {
	e := s.Event
	e.PersonID = person
	i := c.add(e, m, false, *s.due)
	i.Due = s.due
	return i
}

// waitingLetter misses a step at each desk where a letter lay too long. What the desk did in
// the end is counted as done.
func (c *items) waitingLetter(events []Event, at time.Time) (next time.Time) {
	for _, s := range stays(events, []string{"verifikasi", "menunggu_ttd"}, deskSteps...) {
		if s.HolderID == 0 || s.due == nil || s.by != nil && s.by.is(deskSteps...) && s.by.PersonID != 0 && s.by.DueAt != nil {
			continue
		}
		person := c.holder(s.HolderID, *s.due)
		late, when := c.overdue(s, person, s.HolderID, at)
		if next = when; late {
			c.miss(s, person, DeskOnTime)
		}
	}
	return next
}

// once misses something in a case for each person at whose desk a limit passed, whatever often;
// in the month of their first limit, which no leave changes. desk says whose a stay is.
func (c *items) once(all []stay, at time.Time, desk func(stay) int64, miss func(s stay, person int64)) (next time.Time) {
	slices.SortStableFunc(all, func(x, y stay) int { return x.At.Compare(y.At) })
	first, counted := map[int64]stay{}, map[int64]bool{}
	for _, s := range all {
		if s.due == nil {
			continue
		}
		person := c.holder(desk(s), *s.due)
		if _, ok := first[person]; !ok {
			first[person] = s
		}
		if counted[person] {
			continue
		}
		late, when := c.overdue(s, person, desk(s), at)
		if late {
			counted[person] = true
			miss(first[person], person)
		}
		next = later(next, when)
	}
	return next
}

func holding(s stay) int64 { return s.HolderID }

// waitingOrder misses a report on an order that its giver has not accepted.
func (c *items) waitingOrder(events []Event, at time.Time) (next time.Time) {
	if report, _ := heard(events); report != nil {
		return next
	}
	giver := int64(0)
	for _, e := range events {
		if e.is("eoffice.disposisi_disposisi") {
			giver = e.PersonID
		}
	}
	return c.once(stays(events, []string{"dikirim", "dibaca", "dikerjakan", "diteruskan"}), at, holding, func(s stay, person int64) {
		if person != 0 && person == giver {
			return
		}
		for _, m := range orderMetrics(s.Event) {
			c.miss(s, person, m).OtherID = giver
		}
	})
}

// waitingReport misses the work on a citizen's report. That nobody has begun counts while it
// is so: from then on the limit of the work holds.
func (c *items) waitingReport(events []Event, at time.Time) (next time.Time) {
	proof, _, _ := worked(events)
	if proof != nil || events[len(events)-1].is("mtr.mark_duplicate") {
		return next
	}
	all := slices.Concat(stays(events, []string{"dikerjakan"}), stays(events, []string{"dijadwalkan"}))
	for _, s := range stays(events, []string{"diteruskan"}) {
		if s.end.IsZero() {
			all = append(all, s)
		}
	}
	return c.once(all, at, holding, func(s stay, person int64) { c.miss(s, person, ReportLasts) })
}

// waitingService misses a letter that a citizen asked for, for who heads the unit that gives it.
func (c *items) waitingService(events []Event, at time.Time) (next time.Time) {
	if slices.ContainsFunc(events, issues) {
		return next
	}
	t, _ := caseType(objectService)
	head := func(s stay) int64 {
		if s.Outcome == "menunggu_camat" {
			return c.Heads[s.UnitID].Above
		}
		return c.Heads[s.UnitID].Here
	}
	return c.once(stays(events, t.Open), at, head, func(s stay, person int64) { c.miss(s, person, InStandard) })
}
