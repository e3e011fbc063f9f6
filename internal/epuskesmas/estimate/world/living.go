package world

import (
	"fmt"
	"math"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
)

// living is one day under way. Times are minutes after the session's beginning.
type living struct {
	w       *World
	d       *Day
	session string
	all     []*patient
	doctors []*onDuty
	waiting []*patient
	inRow   int
	high    float64
}

type onDuty struct {
	doctor
	free    float64
	pauseAt float64 // the first end of a service after it; +Inf: none today
}

func (l *living) at(minute float64) time.Time {
	return l.d.Begins.Add(time.Duration(minute * float64(time.Minute)))
}

func (l *living) log(minute float64, e estimate.Event) {
	e.At, e.Session = l.at(minute), l.session
	l.d.Events = append(l.d.Events, e)
}

const evening = -12 * 60.0 // 20.00 the day before

func (l *living) open() {
	begins, ends := l.at(0), l.at(sessionLength)
	e := estimate.Event{Kind: estimate.Announced, Poli: l.w.Name, Begins: &begins, Ends: &ends}
	for _, d := range l.w.doctors {
		e.Doctors = append(e.Doctors, d.id)
	}
	l.log(evening-60, e)
}

func (l *living) class() estimate.Class {
	if l.w.rng.Float64() < prioShare {
		return estimate.Priority
	}
	return estimate.Regular
}

// people draws who books and who walks in.
func (l *living) people() {
	rng := l.w.rng
	pace := (l.w.Mean + gapMean) / float64(l.w.Doctors)
	for i := range l.w.Online {
		slot := float64(i) * pace * 1.15
		p := &patient{
			id: fmt.Sprintf("A-%03d", i+1), number: i + 1, class: l.class(), slot: slot, online: true,
			comes: rng.Float64() < l.w.Show, arrives: max(slot+checkInMean+l.w.CheckInSD*rng.NormFloat64(), -90),
		}
		l.all = append(l.all, p)
		advised := l.at(slot)
		minute := evening + float64(i)*0.5
		l.log(minute, estimate.Event{Kind: estimate.Booked, Ticket: p.id, Number: estimate.TicketNumber(p.number), Origin: estimate.Online, Class: p.class, Advised: &advised})
		l.ask(minute+0.1, p, "T0", 0)
	}
	var walk []float64
	for m := -45.0; m < 195; m += 0.25 {
		if rng.Float64() < l.w.walkInRate(m)*0.25 {
			walk = append(walk, m)
		}
	}
	n := l.w.Online
	for _, m := range walk {
		n++
		l.all = append(l.all, &patient{id: fmt.Sprintf("A-%03d", n), number: n, class: l.class(), comes: true, arrives: m})
	}
	for rng.Float64() < emergencies/(1+emergencies) {
		n++
		l.all = append(l.all, &patient{id: fmt.Sprintf("A-%03d", n), number: n, class: estimate.Emergency, comes: true, arrives: rng.Float64() * sessionLength * 0.8})
	}
	for _, p := range l.all {
		p.key = float64(p.number)
		p.start = math.NaN()
	}
}

func (l *living) staff() {
	rng := l.w.rng
	for {
		l.doctors = nil
		for _, d := range l.w.doctors {
			if rng.Float64() >= l.w.Absent {
				l.doctors = append(l.doctors, &onDuty{doctor: d, pauseAt: math.Inf(1)})
			}
		}
		if len(l.doctors) > 0 {
			break
		}
	}
	mu, sd := lognormal(l.w.LateMean, lateCV)
	for _, d := range l.doctors {
		d.level += dayEffectSD * rng.NormFloat64()
		l.d.levels[d.id] = d.level
		d.free = math.Exp(mu + sd*rng.NormFloat64())
		l.log(d.free, estimate.Event{Kind: estimate.DoctorHere, Doctors: []string{d.id}})
		if rng.Float64() < pauseProb {
			d.pauseAt = d.free + rng.Float64()*sessionLength*0.7
		}
	}
	for _, d := range l.w.doctors {
		here := slices.ContainsFunc(l.doctors, func(o *onDuty) bool { return o.id == d.id })
		if !here && rng.Float64() < 0.5 { // the other half just does not come
			l.log(5+30*rng.Float64(), estimate.Event{Kind: estimate.DoctorAbsent, Doctors: []string{d.id}})
		}
	}
}

// run lets the day happen: whoever is free calls; every five minutes all who wait ask.
func (l *living) run() {
	var coming []*patient
	for _, p := range l.all {
		if p.comes {
			coming = append(coming, p)
		}
	}
	slices.SortFunc(coming, func(a, b *patient) int {
		if a.arrives < b.arrives {
			return -1
		}
		return 1
	})
	tick := -60.0
	last := 0.0
	for {
		d := slices.MinFunc(l.doctors, func(a, b *onDuty) int {
			if a.free < b.free {
				return -1
			}
			return 1
		})
		for len(coming) > 0 && coming[0].arrives <= d.free {
			for tick < coming[0].arrives {
				l.askAll(tick)
				tick += 5
			}
			l.arrive(coming[0])
			coming = coming[1:]
		}
		for tick < d.free {
			l.askAll(tick)
			tick += 5
		}
		last = max(last, d.free)
		if len(l.waiting) == 0 {
			if len(coming) == 0 {
				break
			}
			d.free = coming[0].arrives
			continue
		}
		l.call(d)
	}
	l.log(max(last, sessionLength)+60, estimate.Event{Kind: estimate.Closed})
}

func (l *living) ask(minute float64, p *patient, moment string, ahead int) {
	id := fmt.Sprintf("%s/%s/%s/%.1f", l.session, p.id, moment, minute)
	l.log(minute, estimate.Event{Kind: estimate.Asked, ID: id, Ticket: p.id})
	l.d.Questions = append(l.d.Questions, Question{ID: id, Ticket: p.id, At: l.at(minute), Moment: moment, Ahead: ahead})
}

func (l *living) askAll(minute float64) {
	for _, p := range l.waiting {
		if p.class != estimate.Emergency {
			l.ask(minute, p, "T2", l.ahead(p))
		}
	}
}

func (l *living) ahead(p *patient) (n int) {
	for _, o := range l.waiting {
		if o != p && (o.class != estimate.Regular && p.class == estimate.Regular || o.class == p.class && o.key < p.key) {
			n++
		}
	}
	return n
}

func (l *living) arrive(p *patient) {
	if !p.online {
		l.log(p.arrives, estimate.Event{Kind: estimate.Booked, Ticket: p.id, Number: estimate.TicketNumber(p.number), Origin: estimate.WalkIn, Class: p.class})
	}
	l.log(p.arrives, estimate.Event{Kind: estimate.CheckedIn, Ticket: p.id})
	if p.class == estimate.Regular && p.key < l.high {
		l.behind(p, 3)
	}
	l.waiting = append(l.waiting, p)
	if p.class != estimate.Emergency {
		l.ask(p.arrives+0.05, p, "T1", l.ahead(p))
	}
}

// behind gives p a place behind the n next of its class.
func (l *living) behind(p *patient, n int) {
	var same []*patient
	for _, o := range l.waiting {
		if o.class == p.class && o != p {
			same = append(same, o)
		}
	}
	slices.SortFunc(same, byNumber)
	switch {
	case len(same) == 0:
	case len(same) <= n:
		p.key = same[len(same)-1].key + 0.01
	default:
		p.key = (same[n-1].key + same[n].key) / 2
	}
}

// next takes whose turn it is out of those who wait.
func (l *living) next() *patient {
	first := func(c estimate.Class) *patient {
		var best *patient
		for _, p := range l.waiting {
			if p.class == c && (best == nil || p.key < best.key) {
				best = p
			}
		}
		return best
	}
	p, prio, reg := first(estimate.Emergency), first(estimate.Priority), first(estimate.Regular)
	switch {
	case p != nil:
	case prio != nil && (l.inRow < 2 || reg == nil):
		p = prio
		l.inRow++
	default:
		p = reg
		l.inRow = 0
		l.high = max(l.high, p.key)
	}
	l.waiting = slices.DeleteFunc(l.waiting, func(o *patient) bool { return o == p })
	return p
}

func (l *living) call(d *onDuty) {
	w, rng := l.w, l.w.rng
	p := l.next()
	now := d.free
	doctors := []string{d.id}
	l.log(now, estimate.Event{Kind: estimate.Called, Ticket: p.id, Doctors: doctors})
	if rng.Float64() < noAnswer {
		d.free = now + noAnswerCost
		l.log(d.free, estimate.Event{Kind: estimate.Unanswered, Ticket: p.id})
		l.behind(p, 3)
		l.waiting = append(l.waiting, p)
		return
	}
	p.start = now + rng.ExpFloat64()*gapMean
	end := p.start + w.service(d.level, len(l.waiting))
	l.d.Starts[p.id] = l.at(p.start)
	start, finish, lost := p.start, end, false
	if rng.Float64() < w.BadClicks {
		switch rng.IntN(4) {
		case 0:
			lost = true
		case 1: // both at the end
			start = end
		case 2: // too early
			finish = p.start + (end-p.start)*rng.Float64()*0.5
		case 3: // too late, when no one else is called meanwhile
			if len(l.waiting) == 0 {
				finish = end + 5*rng.ExpFloat64()
			}
		}
	}
	l.log(start, estimate.Event{Kind: estimate.Started, Ticket: p.id, Doctors: doctors})
	if !lost {
		l.log(finish, estimate.Event{Kind: estimate.Finished, Ticket: p.id, Doctors: doctors})
	}
	d.free = end
	if end > d.pauseAt {
		mu, sd := lognormal(pauseMean, 0.6)
		length := math.Exp(mu + sd*rng.NormFloat64())
		l.log(end+0.01, estimate.Event{Kind: estimate.Paused, Doctors: doctors})
		l.log(end+length, estimate.Event{Kind: estimate.Resumed, Doctors: doctors})
		d.free, d.pauseAt = end+length+0.01, math.Inf(1)
	}
}
