// Package world is a made-up puskesmas whose true parameters are known: a
// discrete-event simulator to measure estimates against. Its lengths and habits are
// assumptions, listed in the e-Puskesmas specification's benchmark.
package world

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
)

// Scenario is one kind of poli. Times are minutes.
type Scenario struct {
	Name              string
	Doctors           int
	Mean, CV          float64 // of a service
	Online            int     // numbers booked the evening before
	WalkIns           float64 // mean, a session
	Show              float64
	Absent            float64
	LateMean          float64
	CheckInSD         float64
	BadClicks         float64
	Mixture           bool // a fifth of the services take twice as long, the others less
	HurryAbove        int  // doctors are 18 % faster when more than so many wait; 0: never
	History, Measured int  // days
}

// Scenarios are those of the specification.
func Scenarios() []Scenario {
	base := Scenario{CV: 0.6, Show: 0.88, Absent: 0.04, LateMean: 12, CheckInSD: 25, BadClicks: 0.06, History: 20, Measured: 40}
	with := func(name string, change func(*Scenario)) Scenario {
		s := base
		s.Name = name
		change(&s)
		return s
	}
	return []Scenario{
		with("S1", func(s *Scenario) { s.Doctors, s.Mean, s.Online, s.WalkIns = 2, 8, 26, 21 }),
		with("S2", func(s *Scenario) { s.Doctors, s.Mean, s.Online, s.WalkIns, s.Absent = 1, 10, 12, 9, 0 }),
		with("S3", func(s *Scenario) { s.Doctors, s.Mean, s.CV, s.Online, s.WalkIns, s.Absent = 1, 18, 0.7, 7, 5, 0 }),
		with("S4", func(s *Scenario) { s.Doctors, s.Mean, s.Online, s.WalkIns = 3, 6, 45, 44 }),
		with("S5", func(s *Scenario) {
			s.Doctors, s.Mean, s.Online, s.WalkIns = 2, 8, 26, 21
			s.Mixture, s.HurryAbove, s.BadClicks, s.Absent, s.LateMean = true, 8, 0.10, 0.25, 20
		}),
	}
}

const (
	sessionLength = 240.0
	gapMean       = 1.0
	lateCV        = 0.8
	pauseProb     = 0.35
	pauseMean     = 12.0
	checkInMean   = -25.0
	prioShare     = 0.15
	emergencies   = 0.3
	noAnswer      = 0.03
	noAnswerCost  = 1.5
	doctorSD      = 0.20
	dayEffectSD   = 0.10
)

// World is a poli that lives day after day.
type World struct {
	Scenario
	rng     *rand.Rand
	doctors []doctor
	day     int
}

type doctor struct {
	id    string
	level float64 // log minutes
}

// New makes a poli; equal seeds live equal lives.
func New(s Scenario, seed uint64) *World {
	w := &World{Scenario: s, rng: rand.New(rand.NewPCG(seed, 11))}
	for i := range s.Doctors {
		w.doctors = append(w.doctors, doctor{fmt.Sprintf("d%d", i+1), w.logMean() + doctorSD*w.rng.NormFloat64()})
	}
	return w
}

func (w *World) sd() float64      { return math.Sqrt(math.Log(1 + w.CV*w.CV)) }
func (w *World) logMean() float64 { return math.Log(w.Mean) - w.sd()*w.sd()/2 }

// lognormal's log mean and deviation.
func lognormal(mean, cv float64) (mu, sd float64) {
	v := math.Log(1 + cv*cv)
	return math.Log(mean) - v/2, math.Sqrt(v)
}

// walkInRate is patients a minute at a minute of the session: before and at the
// beginning, until 10.00, until 11.15.
func (w *World) walkInRate(minute float64) float64 {
	switch {
	case minute < -45 || minute >= 195:
		return 0
	case minute < 30:
		return 0.5 * w.WalkIns / 75
	case minute < 120:
		return 0.3 * w.WalkIns / 90
	}
	return 0.2 * w.WalkIns / 75
}

// Day is one day: what was recorded, and what really was.
type Day struct {
	Events []estimate.Event
	// Starts are the true starts by ticket; who never came has none.
	Starts map[string]time.Time
	// Ahead of a question, when it was asked, by its id.
	Questions []Question
	levels    map[string]float64 // true, today, in log minutes
	Begins    time.Time
}

// Question is one that the record asks.
type Question struct {
	ID, Ticket string
	At         time.Time
	Moment     string // T0, T1 or T2
	Ahead      int    // here and before them
}

// patient of a day.
type patient struct {
	id      string
	number  int
	class   estimate.Class
	slot    float64
	comes   bool
	arrives float64
	key     float64
	start   float64
	online  bool
}

// NextDay lives a day.
func (w *World) NextDay() *Day {
	w.day++
	// Every other day: one alone against a full house works into the next evening.
	begins := time.Date(2026, 1, 5, 8, 0, 0, 0, time.FixedZone("WITA", 8*3600)).AddDate(0, 0, 2*w.day)
	d := &Day{Starts: map[string]time.Time{}, levels: map[string]float64{}, Begins: begins}
	l := &living{w: w, d: d, session: fmt.Sprintf("hari-%d/%s", w.day, w.Name)}
	l.open()
	l.people()
	l.staff()
	l.run()
	slices.SortStableFunc(d.Events, func(a, b estimate.Event) int { return a.At.Compare(b.At) })
	return d
}

// Oracle is a model with the true parameters and today's true levels.
func (w *World) Oracle(d *Day) *estimate.Model {
	mean := w.Mean
	if w.Mixture {
		mean = w.Mean * mixtureMean
	}
	// From call to call: the service and the gap before it.
	variance := math.Pow(mean*w.cv(), 2) + gapMean*gapMean
	total := mean + gapMean
	mu, sd := lognormal(total, math.Sqrt(variance)/total)
	gapMu, gapSD := lognormal(gapMean, 1)
	lateMu, lateSD := lognormal(w.LateMean, lateCV)
	pauseMu, pauseSD := lognormal(pauseMean, 0.6)
	patients := float64(w.Online)*w.Show + w.WalkIns
	m := estimate.NewKnown(estimate.Known{
		Gap: [2]float64{gapMu, gapSD}, Late: [2]float64{lateMu, lateSD}, Pause: [2]float64{pauseMu, pauseSD},
		Cost: [2]float64{math.Log(noAnswerCost), 0.05}, ResidSD: sd, Offset: [2]float64{checkInMean, w.CheckInSD},
		Show: w.Show, Absent: w.Absent, Unanswered: noAnswer, Pauses: pauseProb * float64(w.Doctors) / patients,
		Priority: prioShare, Emergencies: emergencies, Online: float64(w.Online),
		WalkIns: func(from, to float64) float64 { return (to - from) * w.walkInRate((from+to)/2) },
	})
	for id, level := range d.levels {
		m.Pin(id, mu+level-w.logMean())
	}
	return m
}

func (w *World) cv() float64 {
	if w.Mixture {
		return 0.75
	}
	return w.CV
}

const mixtureMean = 0.2*2 + 0.8*0.85

// service draws how long one takes.
func (w *World) service(level float64, queue int) float64 {
	s := math.Exp(level + w.sd()*w.rng.NormFloat64())
	if w.Mixture {
		if w.rng.Float64() < 0.2 {
			s *= 2
		} else {
			s *= 0.85
		}
	}
	if w.HurryAbove > 0 && queue > w.HurryAbove {
		s *= 0.82
	}
	return s
}

func byNumber(a, b *patient) int { return cmp.Compare(a.key, b.key) }
