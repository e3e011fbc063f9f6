package estimate

import (
	"fmt"
	"slices"
	"time"
)

// place is where a ticket is.
type place uint8

const (
	booked  place = iota // has a number, is not here
	waiting              // is here
	called
	serving
	done
	gone // will not come, or not any more
)

// ticket is one number of a session.
type ticket struct {
	id      string
	number  int
	origin  Origin
	class   Class
	advised time.Time // zero: none was given
	place   place
	// key orders those who wait: the number, or just behind the third next for who
	// came after their turn.
	key     float64
	here    time.Time
	called  time.Time
	started time.Time
}

// doctorState is what is known of one doctor in a session.
type doctorState struct {
	id      string
	here    time.Time // zero: not yet
	absent  bool
	paused  time.Time // zero: not
	serving int       // the ticket called or served; -1: none
	since   time.Time // of the call, or since when nobody is served
	// last is the service that is over and not measured yet (-1: none), and lastEnd
	// when its end was clicked (zero: it was not).
	last    int
	lastEnd time.Time
}

// Session is the replay of one poli's session. Apply the events in their order.
type Session struct {
	ID, Poli     string
	Begins, Ends time.Time
	// Breaks are when nobody is called: lunch, Friday prayer.
	Breaks []Break

	doctors []doctorState
	tickets []ticket
	byID    map[string]int
	version int
	closed  bool

	high       float64   // the highest key of a regular patient called
	inRow      int       // priority patients called since the last regular one
	queue      int       // how many wait
	busySince  time.Time // since when somebody waits without a break; zero: nobody
	notes      []note
	concordant [2]int // calls that were next by number, and by arrival
	byArrival  bool
}

// Break closes the session for a while.
type Break struct{ From, To time.Time }

// note is something that a [Model] learns from.
type note struct {
	kind    noteKind
	doctor  string
	minutes float64
}

type noteKind uint8

const (
	noteService    noteKind = iota // a doctor's time from one call to the next
	noteGap                        // from the call to the start
	noteUnanswered                 // a call without an answer, and what it cost
	noteAnswered
	notePause // a pause and its length
)

// NewSession begins with the announcement.
func NewSession(e Event, byArrival bool) *Session {
	s := &Session{ID: e.Session, Poli: e.Poli, Begins: *e.Begins, Ends: *e.Ends, byID: map[string]int{}, byArrival: byArrival}
	for _, d := range e.Doctors {
		if s.doctor(d) < 0 {
			s.doctors = append(s.doctors, doctorState{id: d, serving: -1, last: -1})
		}
	}
	return s
}

func (s *Session) doctor(id string) int {
	return slices.IndexFunc(s.doctors, func(d doctorState) bool { return d.id == id })
}

// doctorOrNew also takes doctors who were not announced: somebody steps in.
func (s *Session) doctorOrNew(id string) *doctorState {
	i := s.doctor(id)
	if i < 0 {
		s.doctors = append(s.doctors, doctorState{id: id, serving: -1, last: -1})
		i = len(s.doctors) - 1
	}
	return &s.doctors[i]
}

// Apply takes an event. It fails for a ticket that is not known; whatever else staff
// click in an order that cannot be is taken as well as it can.
func (s *Session) Apply(e Event) error {
	s.version++
	switch e.Kind {
	case Booked:
		return s.book(e)
	case DoctorHere:
		s.begin(s.doctorOrNew(e.Doctor()), e.At)
		return nil
	case DoctorAbsent:
		s.doctorOrNew(e.Doctor()).absent = true
		return nil
	case Paused:
		s.pause(s.doctorOrNew(e.Doctor()), e.At)
		return nil
	case Resumed:
		s.resume(s.doctorOrNew(e.Doctor()), e.At)
		return nil
	case Closed:
		s.closed = true
		return nil
	}
	i, ok := s.byID[e.Ticket]
	if !ok {
		return fmt.Errorf("ticket %q is not known", e.Ticket)
	}
	switch e.Kind {
	case CheckedIn:
		s.checkIn(i, e.At)
	case Called:
		s.call(i, s.doctorOrNew(e.Doctor()), e.At)
	case Started:
		s.start(i, s.doctorOrNew(e.Doctor()), e.At)
	case Finished:
		s.finish(i, e.At)
	case Unanswered:
		s.unanswered(i, e.At)
	case NoShow, Withdrawn:
		s.leave(i, e.At)
	}
	return nil
}

func (s *Session) book(e Event) error {
	if _, known := s.byID[e.Ticket]; known {
		return fmt.Errorf("ticket %q was there before", e.Ticket)
	}
	t := ticket{id: e.Ticket, number: int(e.Number), origin: e.Origin, class: e.Class}
	if t.number == 0 {
		t.number = len(s.tickets) + 1
	}
	t.key = float64(t.number)
	if e.Advised != nil {
		t.advised = *e.Advised
	}
	s.byID[t.id] = len(s.tickets)
	s.tickets = append(s.tickets, t)
	return nil
}

func (s *Session) begin(d *doctorState, at time.Time) {
	if d.here.IsZero() {
		d.here, d.since = at, at
	}
	d.absent = false
}

// count keeps how many wait and since when somebody does.
func (s *Session) count(by int, at time.Time) {
	s.queue += by
	switch {
	case s.queue <= 0:
		s.queue, s.busySince = 0, time.Time{}
	case s.busySince.IsZero():
		s.busySince = at
	}
}

func (s *Session) checkIn(i int, at time.Time) {
	t := &s.tickets[i]
	if t.place != booked && t.place != gone {
		return
	}
	t.place, t.here = waiting, at
	if s.byArrival {
		t.key = at.Sub(s.Begins).Minutes() + 1e5
	} else if t.class == Regular && t.key < s.high {
		t.key = s.behind(3, t.class)
	}
	s.count(1, at)
}

// behind is a key just after the n-th who waits in a class, or after the last.
func (s *Session) behind(n int, c Class) float64 {
	var keys []float64
	for _, t := range s.tickets {
		if t.place == waiting && (t.class == Regular) == (c == Regular) {
			keys = append(keys, t.key)
		}
	}
	slices.Sort(keys)
	if len(keys) == 0 {
		return s.high + 1e-6
	}
	at := keys[min(n, len(keys))-1]
	after := at + 1
	if n < len(keys) {
		after = keys[n]
	}
	return at + (after-at)/1024
}

func (s *Session) call(i int, d *doctorState, at time.Time) {
	t := &s.tickets[i]
	s.begin(d, at)
	if !d.paused.IsZero() { // forgot to press resume
		s.note(notePause, d, at.Sub(d.paused))
		d.paused = time.Time{}
	}
	if d.serving == i { // called again
		return
	}
	s.weigh(i)
	busy := s.busySince
	if t.place == waiting {
		s.count(-1, at)
	} else if t.here.IsZero() {
		t.here = at
	}
	s.release(d, at)
	s.measure(d, at, busy)
	switch t.class {
	case Regular:
		s.inRow = 0
		s.high = max(s.high, t.key)
	case Priority:
		s.inRow++
	}
	t.place, t.called, t.started = called, at, time.Time{}
	d.serving, d.since = i, at
}

// weigh compares who is called with who would be next by either rule.
func (s *Session) weigh(called int) {
	t := s.tickets[called]
	if t.class != Regular || t.place != waiting {
		return
	}
	first, earliest, others := -1, -1, 0
	for i, o := range s.tickets {
		if o.place != waiting || o.class != Regular {
			continue
		}
		others++
		if first < 0 || o.number < s.tickets[first].number {
			first = i
		}
		if earliest < 0 || o.here.Before(s.tickets[earliest].here) {
			earliest = i
		}
	}
	if others < 2 || first == earliest {
		return
	}
	if called == first {
		s.concordant[0]++
	}
	if called == earliest {
		s.concordant[1]++
	}
}

// release ends a doctor's open service, which nobody clicked to an end.
func (s *Session) release(d *doctorState, at time.Time) {
	if d.serving < 0 {
		return
	}
	s.end(d, time.Time{})
	d.since = at
}

// end keeps the service that is over until its length can be measured.
func (s *Session) end(d *doctorState, clicked time.Time) {
	t := &s.tickets[d.serving]
	t.place = done
	s.note(noteAnswered, d, 0)
	if !t.started.IsZero() && (clicked.IsZero() || clicked.Sub(t.started) > clickedTogether) {
		s.note(noteGap, d, t.started.Sub(t.called))
	}
	d.last, d.lastEnd, d.serving = d.serving, clicked, -1
}

// clickedTogether: start and end this close are one moment at which both were clicked.
const clickedTogether = 20 * time.Second

// measure notes how long the service before this call took. When somebody waited all
// along, the call is its true end, whatever was clicked; else the click has to do.
func (s *Session) measure(d *doctorState, at, busy time.Time) {
	if d.last < 0 {
		return
	}
	t := s.tickets[d.last]
	d.last = -1
	clicked := !d.lastEnd.IsZero() && (t.started.IsZero() || d.lastEnd.Sub(t.started) > clickedTogether)
	over := t.called.Add(time.Minute)
	if clicked {
		over = d.lastEnd
	}
	switch {
	case !busy.IsZero() && !busy.After(over):
		s.note(noteService, d, at.Sub(t.called))
	case clicked:
		s.note(noteService, d, d.lastEnd.Sub(t.called))
	}
}

func (s *Session) pause(d *doctorState, at time.Time) {
	s.begin(d, at)
	if !d.paused.IsZero() {
		return
	}
	if d.serving >= 0 {
		s.end(d, at)
	}
	s.measure(d, at, time.Time{})
	d.paused, d.since = at, at
}

func (s *Session) resume(d *doctorState, at time.Time) {
	if !d.paused.IsZero() {
		s.note(notePause, d, at.Sub(d.paused))
		d.paused, d.since = time.Time{}, at
	}
}

func (s *Session) start(i int, d *doctorState, at time.Time) {
	if d.serving != i {
		if p := s.tickets[i].place; p != waiting && p != booked {
			return // a click that comes after the next call
		}
		s.call(i, d, at)
	}
	t := &s.tickets[i]
	t.place, t.started = serving, at
}

func (s *Session) finish(i int, at time.Time) {
	if d := s.server(i); d != nil {
		s.end(d, at)
		d.since = at
	} else if t := &s.tickets[i]; t.place == waiting {
		s.count(-1, at)
		t.place = done
	}
}

// server is the doctor who called or serves the ticket.
func (s *Session) server(i int) *doctorState {
	for j := range s.doctors {
		if s.doctors[j].serving == i {
			return &s.doctors[j]
		}
	}
	return nil
}

func (s *Session) unanswered(i int, at time.Time) {
	t := &s.tickets[i]
	d := s.server(i)
	if d == nil {
		return
	}
	s.note(noteUnanswered, d, at.Sub(t.called))
	d.serving, d.since = -1, at
	t.key = s.behind(3, t.class)
	t.place = waiting
	s.count(1, at)
}

func (s *Session) leave(i int, at time.Time) {
	t := &s.tickets[i]
	if d := s.server(i); d != nil {
		s.note(noteUnanswered, d, at.Sub(t.called))
		d.serving, d.since = -1, at
	}
	if t.place == waiting {
		s.count(-1, at)
	}
	if t.place != done {
		t.place = gone
	}
}

func (s *Session) note(k noteKind, d *doctorState, length time.Duration) {
	s.notes = append(s.notes, note{k, d.id, length.Minutes()})
}
