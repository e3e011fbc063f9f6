package world

import (
	"math"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
)

// Score sums up how far estimates of one kind were from the truth. Minutes; an error is
// what came later than told.
type Score struct {
	N                     int
	abs, bias             float64
	covered, width, later float64
}

func (s *Score) add(e estimate.Estimate, truth time.Time) {
	err := truth.Sub(e.P50).Minutes()
	s.N++
	s.abs += math.Abs(err)
	s.bias += err
	s.width += e.P90.Sub(e.P10).Minutes()
	if !truth.Before(e.P10) && !truth.After(e.P90) {
		s.covered++
	}
	if err > 15 {
		s.later++
	}
}

// MAE is the mean absolute error, Bias the mean error.
func (s Score) MAE() float64  { return s.abs / float64(s.N) }
func (s Score) Bias() float64 { return s.bias / float64(s.N) }

// Coverage is the share of truths in the range, Width how wide it was, Late the share
// told more than a quarter of an hour too early.
func (s Score) Coverage() float64 { return s.covered / float64(s.N) }
func (s Score) Width() float64    { return s.width / float64(s.N) }
func (s Score) Late() float64     { return s.later / float64(s.N) }

// Who estimates.
const (
	Ours       = "ours"
	Oracle     = "oracle"
	Fixed10    = "fixed 10"
	MeanBefore = "earlier days' mean"
)

// Moments are when it is asked: at booking, at check-in, every five minutes after, and
// of those with at most three ahead.
var Moments = []string{"T0", "T1", "T2", "T2≤3"}

// Scores by who and when.
type Scores map[string]map[string]*Score

func (sc Scores) add(who, moment string, e estimate.Estimate, truth time.Time) {
	if sc[who] == nil {
		sc[who] = map[string]*Score{}
	}
	if sc[who][moment] == nil {
		sc[who][moment] = &Score{}
	}
	sc[who][moment].add(e, truth)
}

// Measure lives a scenario and scores everybody on the days after the history. The
// oracle answers every n-th question only, and then all are scored on those.
func Measure(s Scenario, seed uint64, every int, scores Scores) {
	w := New(s, seed)
	replay := estimate.NewReplay()
	naive := &naive{perDoctor: 10, mean: 10}
	for day := range s.History + s.Measured {
		d := w.NextDay()
		scored := day >= s.History
		questions := map[string]Question{}
		if scored {
			for i, q := range d.Questions {
				if i%every == 0 || q.Moment != "T2" {
					questions[q.ID] = q
				}
			}
		}
		oracle := w.Oracle(d)
		var session *estimate.Session
		for _, e := range d.Events {
			q, ask := questions[e.ID]
			if e.Kind == estimate.Asked && !ask {
				continue
			}
			a, err := replay.Next(e)
			if err != nil {
				panic(err) // the simulator writes what the replay reads
			}
			switch e.Kind {
			case estimate.Announced:
				session = estimate.NewSession(e, false)
			case estimate.Asked:
				truth, came := d.Starts[q.Ticket]
				if !came {
					continue
				}
				o, ok := oracle.Ticket(session, q.Ticket, e.At)
				if !ok { // called in the same breath: nothing to tell
					continue
				}
				n := naive.ahead(s, d, q)
				moments := []string{q.Moment}
				if q.Moment == "T2" && q.Ahead <= 3 {
					moments = append(moments, "T2≤3")
				}
				for _, m := range moments {
					scores.add(Ours, m, estimate.Estimate{P10: a.P10, P50: a.P50, P90: a.P90}, truth)
					scores.add(Oracle, m, o, truth)
					scores.add(Fixed10, m, n(10), truth)
					scores.add(MeanBefore, m, n(naive.mean), truth)
				}
			default:
				if err := session.Apply(e); err != nil {
					panic(err)
				}
			}
		}
		naive.learn(d)
	}
}

// naive multiplies who is ahead by a length.
type naive struct{ perDoctor, mean, sum, n float64 }

func (v *naive) ahead(s Scenario, d *Day, q Question) func(length float64) estimate.Estimate {
	from := q.At
	ahead := q.Ahead
	if from.Before(d.Begins) {
		from = d.Begins
	}
	if q.Moment == "T0" {
		for _, e := range d.Events {
			if e.Kind == estimate.Booked && e.At.Before(q.At) && e.Ticket != q.Ticket {
				ahead++
			}
		}
	}
	return func(length float64) estimate.Estimate {
		at := func(k float64) time.Time {
			return from.Add(time.Duration(k * float64(ahead) * length / float64(s.Doctors) * float64(time.Minute)))
		}
		return estimate.Estimate{P10: at(0.8), P50: at(1), P90: at(1)}
	}
}

// learn the mean clicked length.
func (v *naive) learn(d *Day) {
	started := map[string]time.Time{}
	for _, e := range d.Events {
		switch e.Kind {
		case estimate.Started:
			started[e.Ticket] = e.At
		case estimate.Finished:
			if at, ok := started[e.Ticket]; ok {
				v.sum += e.At.Sub(at).Minutes()
				v.n++
			}
		}
	}
	if v.n > 0 {
		v.mean = v.sum / v.n
	}
}
