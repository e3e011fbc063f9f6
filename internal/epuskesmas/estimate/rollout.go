package estimate

import (
	"cmp"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Estimate is when a ticket's service may start.
type Estimate struct {
	P10, P50, P90 time.Time
	// Ahead is how many are sure to be called before, as it stands.
	Ahead   int
	horizon horizon
	since   time.Time // when the wait begins that it tells: now, or with the session
}

// Rollouts is how often the rest of a session is played for one estimate.
const Rollouts = 300

// rollout plays the rest of one session. Times are minutes after its beginning.
type rollout struct {
	m   *Model
	s   *Session
	now float64
	rng *rand.Rand

	sd        float64
	levels    []level // by doctor
	pace      float64
	gapMean   float64
	waitReg   []entry // in their order at now
	waitPrio  []entry
	waitEmerg []entry
	expected  []arrival // those with a number who are not here; at is when they were to come
	target    int       // the only ticket of interest; -1: all

	// Of one playing.
	theta     []float64
	free      []float64
	leaves    []bool
	lines     [3]line // regular, priority, emergency
	arrivals  []arrival
	inRow     int
	high      float64
	starts    []float64 // by ticket; NaN: did not start
	remaining int
}

// entry is somebody who waits; ticket -1 stands for one not known yet.
type entry struct {
	key    float64
	ticket int
}

type arrival struct {
	at     float64
	ticket int
	class  Class
	key    float64
	shows  float64 // probability
	spread bool    // draws from the offset
}

// line is a queue sorted by key.
type line struct {
	es   []entry
	head int
}

func (l *line) len() int { return len(l.es) - l.head }

func (l *line) pop() entry {
	l.head++
	return l.es[l.head-1]
}

func (l *line) put(e entry) {
	i := len(l.es)
	l.es = append(l.es, e)
	for ; i > l.head && l.es[i-1].key > e.key; i-- {
		l.es[i] = l.es[i-1]
	}
	l.es[i] = e
}

// behind puts somebody behind the n next.
func (l *line) behind(n int, e entry, last float64) {
	switch k := min(n, l.len()); {
	case k == 0:
		e.key = last
	case k < l.len():
		at := l.es[l.head+k-1].key
		e.key = at + (l.es[l.head+k].key-at)/1024
	default:
		e.key = l.es[l.head+k-1].key + 1.0/1024
	}
	l.put(e)
}

// seed makes equal states give equal answers.
func (s *Session) seed() uint64 {
	h := fnv.New64a()
	h.Write([]byte(s.ID))
	return h.Sum64() + uint64(s.version)*0x9e3779b97f4a7c15
}

func (s *Session) minute(t time.Time) float64 { return t.Sub(s.Begins).Minutes() }

func newRollout(m *Model, s *Session, now time.Time, target int) *rollout {
	r := &rollout{
		m: m, s: s, now: s.minute(now), target: target, rng: rand.New(rand.NewPCG(s.seed(), 7)),
		sd: m.residSD(), pace: m.pace(s), gapMean: math.Exp(m.gap.mean + m.gap.sd*m.gap.sd/2),
		starts: make([]float64, len(s.tickets)), theta: make([]float64, len(s.doctors)),
		free: make([]float64, len(s.doctors)), leaves: make([]bool, len(s.doctors)),
	}
	services := s.services()
	for _, d := range s.doctors {
		r.levels = append(r.levels, m.today(d.id, services[d.id], r.sd))
	}
	for i := range s.tickets {
		r.place(i)
	}
	for _, w := range [][]entry{r.waitReg, r.waitPrio, r.waitEmerg} {
		slices.SortFunc(w, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	}
	return r
}

// place puts a ticket among those who wait or those who may come.
func (r *rollout) place(i int) {
	t := &r.s.tickets[i]
	switch t.place {
	case waiting:
		switch t.class {
		case Emergency:
			r.waitEmerg = append(r.waitEmerg, entry{t.key, i})
		case Priority:
			r.waitPrio = append(r.waitPrio, entry{t.key, i})
		default:
			r.waitReg = append(r.waitReg, entry{t.key, i})
		}
	case booked:
		a := arrival{ticket: i, class: t.class, key: t.key, at: r.now, shows: 0.95}
		if t.origin == Online {
			planned, _ := r.s.planned(t, r.pace)
			a.at, a.spread = r.s.minute(planned), true
			late := phi((r.now - a.at - r.m.offset.mean) / r.m.offset.sd)
			p := r.m.show.p()
			a.shows = p * (1 - late) / (p*(1-late) + 1 - p)
		}
		if i == r.target {
			a.shows = 1
		}
		r.expected = append(r.expected, a)
	}
}

func (r *rollout) normal() float64 { return r.rng.NormFloat64() }

// tail draws a standard normal above z.
func (r *rollout) tail(z float64) float64 {
	p := phi(z)
	if p > 1-1e-7 {
		return z + r.rng.ExpFloat64()/max(z, 1)
	}
	return quantile(p + r.rng.Float64()*(1-p))
}

// longer draws a lognormal that is longer than passed minutes.
func (r *rollout) longer(mean, sd, passed float64) float64 {
	if passed <= 0.05 {
		return math.Exp(mean + sd*r.normal())
	}
	return math.Exp(mean + sd*r.tail((math.Log(passed)-mean)/sd))
}

// play the rest of the session once.
func (r *rollout) play() {
	for i := range r.starts {
		r.starts[i] = math.NaN()
	}
	r.inRow, r.high = r.s.inRow, r.s.high
	for i, w := range [][]entry{r.waitReg, r.waitPrio, r.waitEmerg} {
		r.lines[i] = line{es: append(r.lines[i].es[:0], w...)}
	}
	r.remaining = len(r.waitReg) + len(r.waitPrio) + len(r.waitEmerg)
	r.drawDoctors()
	r.drawArrivals()
	next := 0
	for r.remaining > 0 {
		d, t := r.nextFree()
		if d < 0 {
			return
		}
		for next < len(r.arrivals) && r.arrivals[next].at <= t {
			r.admit(r.arrivals[next])
			next++
		}
		if r.lines[0].len()+r.lines[1].len()+r.lines[2].len() == 0 {
			if next == len(r.arrivals) {
				return
			}
			r.free[d] = r.arrivals[next].at
			continue
		}
		if r.call(d, t) {
			return
		}
	}
}

// nextFree is the doctor who calls next and when; -1 when nobody will.
func (r *rollout) nextFree() (d int, at float64) {
	d = -1
	for i, f := range r.free {
		if !math.IsInf(f, 1) && (d < 0 || f < r.free[d]) {
			d = i
		}
	}
	if d < 0 {
		return d, 0
	}
	at = r.free[d]
	for _, b := range r.s.Breaks {
		if from, to := r.s.minute(b.From), r.s.minute(b.To); at >= from && at < to {
			at = to
		}
	}
	return d, at
}

func (r *rollout) admit(a arrival) {
	e := entry{a.key, a.ticket}
	switch {
	case a.class == Emergency:
		r.lines[2].put(e)
	case a.class == Priority:
		r.lines[1].put(e)
	case r.s.byArrival:
		e.key = a.at + 1e5
		r.lines[0].put(e)
	case a.key < r.high:
		r.lines[0].behind(3, e, r.high)
	default:
		r.lines[0].put(e)
	}
}

// mostInRow is how many priority patients are called before a regular one who waits.
const mostInRow = 2

// call lets a doctor call the next, and tells whether that was the target's start.
func (r *rollout) call(d int, at float64) bool {
	l := &r.lines[0]
	switch {
	case r.lines[2].len() > 0:
		l = &r.lines[2]
	case r.lines[1].len() > 0 && (r.inRow < mostInRow || r.lines[0].len() == 0):
		l = &r.lines[1]
		r.inRow++
	default:
		r.inRow = 0
	}
	e := l.pop()
	if l == &r.lines[0] {
		r.high = max(r.high, e.key)
	}
	if r.rng.Float64() < r.m.unanswered.p() {
		r.free[d] = at + math.Exp(r.m.cost.mean+r.m.cost.sd*r.normal())
		l.behind(3, e, e.key)
		return false
	}
	if e.ticket >= 0 {
		r.starts[e.ticket] = at + math.Exp(r.m.gap.mean+r.m.gap.sd*r.normal())
		r.remaining--
		if e.ticket == r.target {
			return true
		}
	}
	r.free[d] = at + math.Exp(r.theta[d]+r.sd*r.normal())
	if r.leaves[d] {
		r.free[d] = math.Inf(1)
	} else if r.rng.Float64() < r.m.pauses.p() {
		r.free[d] += math.Exp(r.m.pause.mean + r.m.pause.sd*r.normal())
	}
	return false
}

// drawDoctors draws how fast each is today and when each is free first.
func (r *rollout) drawDoctors() {
	anybody := false
	for i := range r.s.doctors {
		l := r.levels[i]
		r.theta[i] = l.mean + math.Sqrt(l.variance)*r.normal()
		r.free[i], r.leaves[i] = r.firstFree(i)
		anybody = anybody || !math.IsInf(r.free[i], 1)
	}
	if anybody {
		return
	}
	for i := range r.s.doctors { // somebody will come
		d := &r.s.doctors[i]
		if !d.absent || i == len(r.s.doctors)-1 {
			r.free[i] = r.comes()
		}
	}
}

// comes draws when a doctor who is not here will begin.
func (r *rollout) comes() float64 {
	return r.longer(r.m.late.mean, r.m.late.sd, r.now)
}

func (r *rollout) firstFree(i int) (at float64, leaves bool) {
	d := &r.s.doctors[i]
	since := r.s.minute(d.since)
	switch {
	case d.serving >= 0:
		passed := r.now - since
		if r.forgot(i, passed) {
			return r.now, d.absent
		}
		at = since + r.longer(r.theta[i], r.sd, passed)
		if d.absent {
			at = math.Inf(1)
		}
		return at, d.absent
	case d.absent:
		return math.Inf(1), false
	case d.here.IsZero():
		a := r.m.absent.p()
		if r.rng.Float64() < a/(a+(1-a)*r.m.late.above(r.now)) {
			return math.Inf(1), false
		}
		return r.comes(), false
	case !d.paused.IsZero():
		paused := r.s.minute(d.paused)
		return paused + r.longer(r.m.pause.mean, r.m.pause.sd, r.now-paused), false
	case !r.s.busySince.IsZero():
		// Somebody waits and is not called: the longer it lasts the longer it will.
		idle := r.now - max(since, r.s.minute(r.s.busySince))
		return r.now + r.rng.ExpFloat64()*max(0.5, 0.5*(idle-1)), false
	}
	return r.now, false
}

// forgot draws whether a doctor has long been free and did not click. With somebody
// waiting they would have called, so only an empty waiting room hides it.
func (r *rollout) forgot(i int, passed float64) bool {
	quiet := r.s.busySince.IsZero() || r.now-r.s.minute(r.s.busySince) < 2
	if !quiet {
		return false
	}
	f := r.m.forgotten.p()
	busy := 1 - phi((math.Log(max(passed, 0.1))-r.theta[i])/r.sd)
	return r.rng.Float64() < f*(1-busy)/(f*(1-busy)+busy)
}

// drawArrivals draws who else comes and when.
func (r *rollout) drawArrivals() {
	r.arrivals = r.arrivals[:0]
	off := r.m.offset
	for _, a := range r.expected {
		if a.shows < 1 && r.rng.Float64() >= a.shows {
			continue
		}
		if a.spread {
			a.at += off.mean + off.sd*r.tail((r.now-a.at-off.mean)/off.sd)
		} else {
			a.at = r.now + 2*r.rng.ExpFloat64()
		}
		r.arrivals = append(r.arrivals, a)
		r.remaining++
	}
	length := r.s.minute(r.s.Ends)
	key := 1e4
	strangers := func(n int, class func() Class, at func() float64) {
		for range n {
			key++
			r.arrivals = append(r.arrivals, arrival{at: at(), ticket: -1, class: class(), key: key})
		}
	}
	priority := func(share float64) func() Class {
		return func() Class {
			if r.rng.Float64() < share {
				return Priority
			}
			return Regular
		}
	}
	for b := range buckets {
		from := float64(b)*bucket.Minutes() - beforeBegin.Minutes()
		to := from + bucket.Minutes()
		if to <= r.now {
			continue
		}
		from = max(from, r.now)
		strangers(r.poisson(r.m.walkIns[b].mean()*(to-from)/bucket.Minutes()), priority(r.m.priority.p()),
			func() float64 { return from + r.rng.Float64()*(to-from) })
	}
	if left := (length - max(r.now, 0)) / length; left > 0 {
		strangers(r.poisson(r.m.emergency.mean()*left), func() Class { return Emergency },
			func() float64 { return max(r.now, 0) + r.rng.Float64()*left*length })
	}
	if r.now < -beforeBegin.Minutes() {
		// Others will still book, behind those who have a number but for priority.
		more := r.m.online.mean() - r.booked()
		strangers(r.poisson(max(more, 0)*r.m.show.p()), priority(r.m.onlinePrio.p()),
			func() float64 { return r.rng.Float64()*length*0.6 + off.mean + off.sd*r.normal() })
	}
	slices.SortFunc(r.arrivals, func(a, b arrival) int { return cmp.Compare(a.at, b.at) })
}

func (r *rollout) booked() (n float64) {
	for i := range r.s.tickets {
		if r.s.tickets[i].origin == Online {
			n++
		}
	}
	return n
}

// poisson draws a count; Knuth's method does for the small means here.
func (r *rollout) poisson(mean float64) int {
	n, p, limit := 0, r.rng.Float64(), math.Exp(-mean)
	for ; p > limit; n++ {
		p *= r.rng.Float64()
	}
	return n
}
