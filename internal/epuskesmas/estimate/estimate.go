package estimate

import (
	"math"
	"slices"
	"time"
)

// horizon is how far ahead an estimate looks; each has a range of its own.
type horizon uint8

const (
	beforeSession horizon = iota
	notHere
	waitsEarly // here, but the session has not begun
	waitsLong
	waitsShort // at most three ahead
	horizons
)

// Ticket estimates one ticket that still waits or may come; ok is false for any other.
// A ticket that is not here is taken to come.
func (m *Model) Ticket(s *Session, id string, now time.Time) (e Estimate, ok bool) {
	i, known := s.byID[id]
	if !known || s.tickets[i].place != waiting && s.tickets[i].place != booked {
		return e, false
	}
	r := newRollout(m, s, now, i)
	starts := make([]float64, 0, Rollouts)
	for range Rollouts {
		r.play()
		starts = append(starts, r.starts[i])
	}
	return r.estimate(i, starts), true
}

// All estimates every ticket that waits or may come, by ticket, in one go.
func (m *Model) All(s *Session, now time.Time) map[string]Estimate {
	r := newRollout(m, s, now, -1)
	starts := make([][]float64, len(s.tickets))
	for range Rollouts {
		r.play()
		for i, at := range r.starts {
			if !math.IsNaN(at) {
				starts[i] = append(starts[i], at)
			}
		}
	}
	out := map[string]Estimate{}
	for i := range s.tickets {
		if p := s.tickets[i].place; p == waiting || p == booked {
			out[s.tickets[i].id] = r.estimate(i, starts[i])
		}
	}
	return out
}

// estimate reads the quantiles off what was played.
func (r *rollout) estimate(i int, starts []float64) Estimate {
	played := starts[:0]
	for _, at := range starts {
		if !math.IsNaN(at) {
			played = append(played, at)
		}
	}
	e := Estimate{Ahead: r.ahead(i)}
	t := &r.s.tickets[i]
	switch {
	case t.place == booked && r.now < 0:
		e.horizon = beforeSession
	case t.place == booked:
		e.horizon = notHere
	case r.now < 0:
		e.horizon = waitsEarly
	case e.Ahead > 3:
		e.horizon = waitsLong
	default:
		e.horizon = waitsShort
	}
	if len(played) == 0 {
		played = append(played, max(r.now, r.s.minute(r.s.Ends)))
	}
	slices.Sort(played)
	at := func(p float64) time.Time {
		return r.s.Begins.Add(minutes(max(quantileOf(played, p), r.now)))
	}
	lo, hi := r.m.errors.levels(e.horizon)
	e.P10, e.P50, e.P90 = at(lo), at(0.5), at(hi)
	if e.since = r.s.Begins; e.horizon != beforeSession {
		e.since = r.s.Begins.Add(minutes(r.now))
	}
	if p := e.P50.Add(minutes(r.m.errors.drag[e.horizon] * e.P50.Sub(e.since).Minutes())); p.After(e.P10) && p.Before(e.P90) {
		e.P50 = p
	}
	return e
}

// quantileOf sorted values, between two of them when it falls there.
func quantileOf(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	i := int(at)
	if i >= len(sorted)-1 {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// ahead counts those here who are called before the ticket as it stands.
func (r *rollout) ahead(i int) (n int) {
	t := &r.s.tickets[i]
	for _, w := range [][]entry{r.waitReg, r.waitPrio, r.waitEmerg} {
		for _, e := range w {
			o := &r.s.tickets[e.ticket]
			if e.ticket != i && (o.class != Regular && t.class == Regular || o.class == t.class && o.key < t.key || o.class == Emergency && t.class == Priority) {
				n++
			}
		}
	}
	return n
}

// tails keep the range honest: when more starts fall out of one end than a tenth, that
// end moves outwards the next day (adaptive conformal inference, Gibbs & Candès 2021).
type tails struct {
	low, high [horizons]float64
	below     [horizons]share // yes: began before P10
	above     [horizons]share // yes: began after P90
	// drag moves the point by what starts came later than told on average, as a share of
	// the wait. The median of a lengthening wait is early more often than people forgive.
	drag [horizons]float64
	late [horizons]float64 // sum of minutes later than told, before the drag
	wait [horizons]float64 // sum of minutes told, before the drag
}

func newTails() (t tails) {
	for h := range horizons {
		t.low[h], t.high[h] = 0.1, 0.9
	}
	return t
}

func (t *tails) levels(h horizon) (lo, hi float64) { return t.low[h], t.high[h] }

// Observe tells what became of an estimate.
func (m *Model) Observe(e Estimate, started time.Time) {
	m.errors.below[e.horizon].count(started.Before(e.P10))
	m.errors.above[e.horizon].count(started.After(e.P90))
	wait := max(e.P50.Sub(e.since).Minutes()/(1+m.errors.drag[e.horizon]), 0)
	late := started.Sub(e.since).Minutes() - wait
	m.errors.late[e.horizon] += min(max(late, -longestLate), longestLate)
	m.errors.wait[e.horizon] += wait
}

// How the ends and the point move. The point moves by at most a share of the wait, and
// little before many hours of waiting were seen; old waits fade.
const (
	tailStep    = 0.10
	mostDrag    = 0.25
	dragPrior   = 3000.0 // minutes
	dragKept    = 60000.0
	longestLate = 240.0
)

// settle moves the ends after a day.
func (t *tails) settle() {
	for h := range horizons {
		if b := t.below[h]; b.yes+b.no > 0 {
			t.low[h] = min(max(t.low[h]-tailStep*(b.p()-0.1), 0.005), 0.4)
			t.high[h] = min(max(t.high[h]+tailStep*(t.above[h].p()-0.1), 0.6), 0.995)
		}
		t.below[h], t.above[h] = share{}, share{}
		t.drag[h] = min(max(t.late[h]/(t.wait[h]+dragPrior), -mostDrag), mostDrag)
		if t.wait[h] > dragKept {
			t.late[h], t.wait[h] = t.late[h]*dragKept/t.wait[h], dragKept
		}
	}
}
