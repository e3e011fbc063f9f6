package estimate

import (
	"slices"
	"time"
)

// Newcomer estimates somebody who takes the next number now, from home, and will come.
func (m *Model) Newcomer(s *Session, class Class, now time.Time) Estimate {
	const id = "newcomer"
	t := ticket{id: id, number: 1, origin: Online, class: class}
	for i := range s.tickets {
		t.number = max(t.number, s.tickets[i].number+1)
	}
	t.key = float64(t.number)
	with := *s
	with.tickets = append(slices.Clone(s.tickets), t)
	with.byID = map[string]int{id: len(s.tickets)}
	e, _ := m.Ticket(&with, id, now)
	return e
}

// Told is an estimate that was told once and kept somewhere, for [Model.Observe]: when,
// when the session began or begins, and whether the ticket's owner was here then.
func Told(at, begins, p10, p50, p90 time.Time, ahead int, here bool) Estimate {
	begun := !at.Before(begins)
	e := Estimate{since: at, P10: p10, P50: p50, P90: p90, Ahead: ahead, horizon: waitsShort}
	switch {
	case !here && !begun:
		e.horizon, e.since = beforeSession, begins
	case !here:
		e.horizon = notHere
	case !begun:
		e.horizon = waitsEarly
	case ahead > 3:
		e.horizon = waitsLong
	}
	return e
}
