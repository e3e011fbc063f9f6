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

// Told is an estimate that was told once and kept somewhere, for [Model.Observe]: whether
// the ticket's owner was here then, and whether the session had begun.
func Told(p10, p50, p90 time.Time, ahead int, here, begun bool) Estimate {
	e := Estimate{P10: p10, P50: p50, P90: p90, Ahead: ahead, horizon: waitsShort}
	switch {
	case !here && !begun:
		e.horizon = beforeSession
	case !here:
		e.horizon = notHere
	case ahead > 3:
		e.horizon = waitsLong
	}
	return e
}
