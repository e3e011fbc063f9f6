package epuskesmas

import (
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
)

// announced is a session as package estimate hears of it first. Where no doctor works
// the counters stand in.
type announced struct {
	ID       int64
	PoliID   int64
	StartsAt time.Time
	EndsAt   time.Time
	Doctors  []string
}

// happened is an event with what its ticket is. The class is the ticket's newest.
type happened struct {
	SessionID int64
	Seq       int
	At        time.Time
	Action    string
	TicketID  int64
	DoctorID  int64
	CounterID int64
	ToStatus  Status
	Moves     bool // from one status to another
	Late      bool // from paper
	Number    int
	Class     estimate.Class
	Online    bool
	AdvisedAt *time.Time
}

// replay is a session as package estimate sees it after the event seq.
type replay struct {
	*estimate.Session
	of     announced
	asCame bool // in the order of arrival
	seq    int
	stands map[int64]string // who calls at a counter
	taken  map[string]bool  // who stands at a counter, or does not come
}

func newReplay(a announced, byArrival bool) *replay {
	if len(a.Doctors) == 0 {
		a.Doctors = []string{"c0"}
	}
	e := estimate.Event{Session: itoa(a.ID), Poli: itoa(a.PoliID), Begins: &a.StartsAt, Ends: &a.EndsAt, Doctors: a.Doctors}
	return &replay{Session: estimate.NewSession(e, byArrival), of: a, asCame: byArrival, stands: map[int64]string{}, taken: map[string]bool{}}
}

// rewrites reports whether an event changes what others before it mean: then the session
// is replayed from its beginning.
func rewrites(h happened) bool {
	return h.Action == string(ActUndo) || h.Action == string(ActClassify) || h.Action == sessionReopens
}

// kept are the events without those that were undone.
func kept(all []happened) []happened {
	out := make([]happened, 0, len(all))
	forget := func(undone func(happened) bool) {
		for i := len(out) - 1; i >= 0; i-- {
			if undone(out[i]) {
				out = slices.Delete(out, i, i+1)
				return
			}
		}
	}
	for _, h := range all {
		switch h.Action {
		case string(ActUndo):
			forget(func(o happened) bool { return o.TicketID == h.TicketID && o.Moves })
		case sessionReopens:
			forget(func(o happened) bool { return o.Action == sessionCloses })
		default:
			out = append(out, h)
		}
	}
	return out
}

// apply takes the next events; each, unless nil, is told what package estimate heard, after
// r.seq has moved there.
func (r *replay) apply(hs []happened, each func(estimate.Event)) {
	for _, h := range hs {
		r.seq = max(r.seq, h.Seq)
		if h.Late {
			continue
		}
		for _, e := range r.events(h) {
			if r.Apply(e) == nil && each != nil { // a ticket from paper is not known
				each(e)
			}
		}
	}
}

// events are what an event of the queue is to package estimate: none, one, or two for
// somebody who takes a number and is here.
func (r *replay) events(h happened) []estimate.Event {
	e := estimate.Event{At: h.At, Session: r.ID}
	if h.TicketID != 0 {
		e.Ticket = itoa(h.TicketID)
	}
	switch Action(h.Action) {
	case ActBook:
		e.Kind, e.Number, e.Class, e.Origin, e.Advised = estimate.Booked, estimate.TicketNumber(h.Number), h.Class, estimate.WalkIn, h.AdvisedAt
		if h.Online {
			e.Origin = estimate.Online
		}
		if h.ToStatus == Waiting {
			return []estimate.Event{e, {At: h.At, Session: r.ID, Ticket: e.Ticket, Kind: estimate.CheckedIn}}
		}
	case ActCheckIn, ActReinstate:
		e.Kind = estimate.CheckedIn
	case ActCall:
		e.Kind, e.Doctors = estimate.Called, []string{r.caller(h)}
	case ActServe:
		e.Kind, e.Doctors = estimate.Started, []string{r.caller(h)}
	case ActFinish, ActRefer:
		e.Kind = estimate.Finished
	case ActSkip:
		e.Kind = estimate.Unanswered
		if h.ToStatus == NoShow {
			e.Kind = estimate.NoShow
		}
	case ActNoShow:
		e.Kind = estimate.NoShow
	case ActCancel, ActReschedule, ActMove:
		e.Kind = estimate.Withdrawn
	case Action(DutyHere), Action(DutyAway), Action(DutyPause), Action(DutyResume):
		e.Kind, e.Doctors = estimate.EventKind(h.Action), []string{r.caller(h)}
		if e.Kind == estimate.DoctorAbsent {
			r.taken[e.Doctor()] = true
		}
	case Action(sessionCloses):
		e.Kind = estimate.Closed
	default:
		return nil
	}
	return []estimate.Event{e}
}

// caller is the doctor of an event: who is named, who stands at the counter, the next of
// the announced who stands nowhere, or the counter itself.
func (r *replay) caller(h happened) string {
	name := "d" + itoa(h.DoctorID)
	if h.DoctorID == 0 {
		if who, ok := r.stands[h.CounterID]; ok {
			return who
		}
		name = "c" + itoa(h.CounterID)
		free := slices.IndexFunc(r.of.Doctors, func(d string) bool { return !r.taken[d] })
		if free >= 0 && !slices.Contains(r.of.Doctors, name) {
			name = r.of.Doctors[free]
		}
	}
	if h.CounterID != 0 {
		for c, who := range r.stands {
			if who == name {
				delete(r.stands, c)
			}
		}
		r.stands[h.CounterID], r.taken[name] = name, true
	}
	return name
}
