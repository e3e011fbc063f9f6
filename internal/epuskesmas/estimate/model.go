package estimate

import (
	"math"
	"slices"
	"time"
)

// Model is what was learned about one poli. The zero value is not ready: use NewModel.
type Model struct {
	doctors map[string]*level
	// resid are the last deviations of a service from its doctor's level, in log minutes.
	resid []float64
	gap   spread // minutes from the call to the start
	late  spread // minutes after the session's beginning that a doctor begins
	pause spread // minutes of a pause
	cost  spread // minutes that an unanswered call takes
	// offset is when people come, in minutes after they were advised to.
	offset     spread
	show       share
	absent     share
	unanswered share
	pauses     share // of services that a pause follows
	forgotten  share // of services whose end nobody clicks
	priority   share // of walk-ins
	online     rate  // numbers taken online for a session
	onlinePrio share // of them
	emergency  rate  // a session
	walkIns    [buckets]rate
	// How often calls followed the numbers, and the order of arrival.
	concordant [2]int
	errors     tails
	pinned     map[string]float64
	fixedSD    float64
}

// Walk-ins are counted in buckets of a quarter of an hour, from one hour before the
// session begins.
const (
	buckets     = 28
	bucket      = 15 * time.Minute
	beforeBegin = time.Hour
)

// level is how long a doctor takes, in log minutes: mean and variance of what is known.
type level struct{ mean, variance float64 }

// What is assumed of a poli that nothing is known of. The variances of the day and of
// the drift are those of the specification's estimator.
const (
	priorMinutes = 10.0
	priorSD      = 0.35
	newDoctorSD  = 0.25
	priorResid   = 0.55
	residWeight  = 60
	residKept    = 600
	daySD        = 0.12
	driftSD      = 0.03
)

// NewModel knows nothing yet.
func NewModel() *Model {
	m := &Model{
		doctors: map[string]*level{},
		gap:     spread{mean: math.Log(0.7), sd: 0.8, weight: 10}, late: spread{mean: math.Log(10), sd: 0.75, weight: 4},
		pause: spread{mean: math.Log(10), sd: 0.6, weight: 4}, cost: spread{mean: math.Log(1.5), sd: 0.5, weight: 6},
		offset: spread{mean: -20, sd: 22, weight: 12},
		show:   share{8.5, 1.5}, absent: share{0.4, 14}, unanswered: share{0.6, 20}, pauses: share{0.5, 25}, forgotten: share{1, 30},
		priority: share{1.5, 8.5}, online: rate{10, 0.5}, onlinePrio: share{1.5, 8.5}, emergency: rate{0.6, 2},
		errors: newTails(),
	}
	for i := range m.walkIns {
		m.walkIns[i] = rate{0.5, 1}
		if i > buckets/2+4 {
			m.walkIns[i] = rate{0.05, 1}
		}
	}
	return m
}

// ByArrival tells whether calls follow the order of arrival rather than the numbers.
func (m *Model) ByArrival() bool { return m.concordant[1] > 2*m.concordant[0]+10 }

// doctor's level before the day; one who is new is taken to be like the others.
func (m *Model) doctor(id string) level {
	if l, ok := m.doctors[id]; ok {
		return *l
	}
	if len(m.doctors) == 0 {
		return level{math.Log(priorMinutes), priorSD * priorSD}
	}
	var sum, weight float64
	ids := make([]string, 0, len(m.doctors))
	for id := range m.doctors {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		l := m.doctors[id]
		w := 1 / (l.variance + newDoctorSD*newDoctorSD)
		sum, weight = sum+w*l.mean, weight+w
	}
	return level{sum / weight, newDoctorSD*newDoctorSD + 1/weight}
}

// residSD is how much one service differs from its doctor's level, in log minutes. The
// median absolute deviation does not mind wrong clicks.
func (m *Model) residSD() float64 {
	n := float64(len(m.resid))
	switch {
	case m.fixedSD > 0:
		return m.fixedSD
	case n == 0:
		return priorResid
	}
	sorted := make([]float64, len(m.resid))
	for i, r := range m.resid {
		sorted[i] = math.Abs(r)
	}
	slices.Sort(sorted)
	mad := 1.4826 * sorted[len(sorted)/2]
	return math.Sqrt((mad*mad*n + priorResid*priorResid*residWeight) / (n + residWeight))
}

// today is a doctor's level with what was seen today, and its variance.
func (m *Model) today(id string, services []float64, s float64) level {
	if mean, ok := m.pinned[id]; ok {
		return level{mean, 0}
	}
	l := m.doctor(id)
	before := l.variance + daySD*daySD
	if len(services) == 0 {
		return level{l.mean, before}
	}
	mean, n := clippedMean(services, l.mean, before, s)
	k := before / (before + s*s/n)
	return level{l.mean + k*(mean-l.mean), before * (1 - k)}
}

// clippedMean of log minutes, those further than two deviations from the centre pulled in.
func clippedMean(minutes []float64, prior, variance, s float64) (mean, n float64) {
	centre, n := prior, float64(len(minutes))
	for pass := range 2 {
		reach := 2 * s
		if pass == 0 {
			reach = 2 * math.Sqrt(s*s+variance)
		}
		sum := 0.0
		for _, x := range minutes {
			sum += min(max(math.Log(max(x, 0.2)), centre-reach), centre+reach)
		}
		mean = sum / n
		k := variance / (variance + s*s/n)
		centre = prior + k*(mean-prior)
	}
	return mean, n
}

// services of a session by doctor, in minutes.
func (s *Session) services() map[string][]float64 {
	out := map[string][]float64{}
	for _, n := range s.notes {
		if n.kind == noteService && n.minutes > 0 {
			out[n.doctor] = append(out[n.doctor], n.minutes)
		}
	}
	return out
}

// Learn takes a session that is over into the model.
func (m *Model) Learn(s *Session) {
	m.learnServices(s)
	m.learnDoctors(s)
	m.learnPatients(s)
	m.concordant[0] += s.concordant[0]
	m.concordant[1] += s.concordant[1]
	m.errors.settle()
}

func (m *Model) learnServices(s *Session) {
	sd := m.residSD()
	services := s.services()
	for _, d := range s.doctors {
		xs := services[d.id]
		if len(xs) == 0 {
			continue
		}
		today := m.today(d.id, xs, sd)
		for _, x := range xs {
			m.resid = append(m.resid, math.Log(max(x, 0.2))-today.mean)
		}
		l := m.doctor(d.id)
		mean, n := clippedMean(xs, l.mean, l.variance+daySD*daySD, sd)
		l.variance += driftSD * driftSD
		k := l.variance / (l.variance + sd*sd/n + daySD*daySD)
		m.doctors[d.id] = &level{l.mean + k*(mean-l.mean), l.variance * (1 - k)}
	}
	if extra := len(m.resid) - residKept; extra > 0 {
		m.resid = slices.Clone(m.resid[extra:])
	}
	var answered, unanswered, paused float64
	for _, n := range s.notes {
		switch n.kind {
		case noteGap:
			m.gap.add(n.minutes)
		case notePause:
			m.pause.add(n.minutes)
			paused++
		case noteUnanswered:
			m.cost.add(n.minutes)
			unanswered++
		case noteAnswered:
			answered++
		}
	}
	m.unanswered.add(unanswered, answered)
	m.pauses.add(paused, answered-paused)
}

func (m *Model) learnDoctors(s *Session) {
	for _, d := range s.doctors {
		m.absent.count(d.here.IsZero())
		if !d.here.IsZero() {
			m.late.add(d.here.Sub(s.Begins).Minutes())
		}
	}
}

func (m *Model) learnPatients(s *Session) {
	var counts [buckets]float64
	emergencies, online := 0.0, 0.0
	for i := range s.tickets {
		t := &s.tickets[i]
		came := !t.here.IsZero()
		if t.origin == Online {
			online++
			m.onlinePrio.count(t.class == Priority)
		}
		switch {
		case t.class == Emergency:
			emergencies++
		case t.origin == Online && (came || t.place != gone || s.closed):
			m.show.count(came)
			if came {
				if planned, ok := s.planned(t, m.pace(s)); ok {
					addTo(&m.offset, t.here.Sub(planned).Minutes(), 3)
				}
			}
		case t.origin == WalkIn && came:
			if b, ok := bucketOf(s.Begins, t.here); ok {
				counts[b]++
			}
			m.priority.count(t.class == Priority)
		}
	}
	m.emergency.add(emergencies)
	m.online.add(online)
	for i := range counts {
		m.walkIns[i].add(counts[i])
	}
}

func bucketOf(begins, at time.Time) (int, bool) {
	since := at.Sub(begins) + beforeBegin
	i := int(since / bucket)
	return i, since >= 0 && i < buckets
}

// pace is the minutes between two calls of the whole poli when it is busy.
func (m *Model) pace(s *Session) float64 {
	sd := m.residSD()
	perMinute := 0.0
	for _, d := range s.doctors {
		if !d.absent {
			l := m.doctor(d.id)
			perMinute += 1 / math.Exp(l.mean+sd*sd/2)
		}
	}
	if perMinute == 0 {
		return priorMinutes
	}
	return 1 / perMinute
}

// planned is when a ticket's owner was told to come, or would reckon to.
func (s *Session) planned(t *ticket, pace float64) (time.Time, bool) {
	if !t.advised.IsZero() {
		return t.advised, true
	}
	return s.Begins.Add(minutes(float64(t.number-1) * pace)), true
}

func minutes(m float64) time.Duration { return time.Duration(m * float64(time.Minute)) }

// Known are the parameters of a poli as only a simulator can know them.
type Known struct {
	// Lognormal lengths in minutes: mean and deviation of the logarithm.
	Gap, Late, Pause, Cost [2]float64
	ResidSD                float64
	Offset                 [2]float64 // minutes after the time advised
	Show, Absent           float64
	Unanswered, Pauses     float64 // a call; a service
	Priority               float64
	Emergencies            float64 // a session
	WalkIns                func(fromMinute, toMinute float64) float64
	Online                 float64
}

// NewKnown is a model that need not learn, to measure what could be reached at best.
// Pin each doctor's level of the day.
func NewKnown(k Known) *Model {
	const sure = 1e9
	m := NewModel()
	set := func(s *spread, v [2]float64) { *s = spread{v[0], v[1], sure} }
	set(&m.gap, k.Gap)
	set(&m.late, k.Late)
	set(&m.pause, k.Pause)
	set(&m.cost, k.Cost)
	set(&m.offset, k.Offset)
	for s, p := range map[*share]float64{
		&m.show: k.Show, &m.absent: k.Absent, &m.unanswered: k.Unanswered, &m.pauses: k.Pauses, &m.priority: k.Priority, &m.onlinePrio: k.Priority,
	} {
		*s = share{p * sure, (1 - p) * sure}
	}
	m.emergency, m.online = rate{k.Emergencies, 1}, rate{k.Online, 1}
	for i := range m.walkIns {
		from := float64(i)*bucket.Minutes() - beforeBegin.Minutes()
		m.walkIns[i] = rate{k.WalkIns(from, from+bucket.Minutes()), 1}
	}
	m.fixedSD = k.ResidSD
	return m
}

// Pin fixes a doctor's level for the day, in log minutes.
func (m *Model) Pin(doctor string, mean float64) {
	if m.pinned == nil {
		m.pinned = map[string]float64{}
	}
	m.pinned[doctor] = mean
}
