package epuskesmas

import (
	"context"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Chronicle takes in days of a puskesmas that are over, as another system or a story tells
// them, many at once: their steps go through the rules of the queue, and patients are
// told what the portal would have told them then, from what it had learned by then. What
// is taken in is kept by [Chronicle.Keep]. It is used by one goroutine and is no part of the
// audit trail or the work ledger: nobody of the portal did it.
type Chronicle struct {
	m       *Module
	unitID  int64
	letters map[int64]string
	ratios  map[int64]int
	models  map[int64]*estimate.Model
	records int   // medical-record numbers given
	ids     int64 // given within the process

	patients []*PastPatient // not kept yet
	visits   []*PastVisit
	sessions []*PastSession
}

// PastPatient is somebody who comes to the puskesmas, maybe often.
type PastPatient struct {
	Name      string
	BirthDate time.Time
	id        int64 // 0: not kept yet
	record    int
	since     time.Time
}

// PastVisit is one coming of one patient.
type PastVisit struct {
	patient *PastPatient // nil: drew a number at the kiosk, and is not registered yet
	payer   Payer
	origin  string
	at      time.Time
	day     time.Time
	id      int64
}

// PastSession is a session of a poli that is being lived through.
type PastSession struct {
	p       *Chronicle
	running // its ID is one of the process until it is kept
	endsAt  time.Time
	quota   Quota
	taken   taken4
	tickets []*PastTicket
	duties  []*pastDuty
	events  []pastEvent
	told    []pastTold
	replay  *replay
	judge   judge
	model   *estimate.Model
}

// taken4 are the places taken: all, online, JKN, others.
type taken4 [4]int

// PastTicket is a number in a session.
type PastTicket struct {
	queued
	number int
	reason string
	visit  *PastVisit
	last   *pastTold
	here   bool // was told since they came
}

// Visit is the coming that the number belongs to.
func (t *PastTicket) Visit() *PastVisit { return t.visit }

// Step is the class of the next step inside the house, and its reason.
func (t *PastTicket) Step() (estimate.Class, string) {
	if t.Class == estimate.Emergency {
		return estimate.Priority, t.reason
	}
	return t.Class, t.reason
}

type pastDuty struct {
	doctorID, counterID int64
	status, reason      string
	since               *time.Time
}

type pastEvent struct {
	happened
	from   Status
	reason string
}

type pastTold struct {
	toldRow
	ticket *PastTicket
	moment string
}

const sqlChroniclePolis = `SELECT id, letter, priority_ratio FROM epuskesmas_poli WHERE unit_id = $1`

const sqlLastRecord = `SELECT last_record FROM epuskesmas_site WHERE unit_id = $1`

// NewChronicle begins with a puskesmas that is set up.
func (m *Module) NewChronicle(ctx context.Context, unitID int64) (_ *Chronicle, err error) {
	defer errs.In(&err, "epuskesmas.NewChronicle(%d)", unitID)
	p := &Chronicle{m: m, unitID: unitID, letters: map[int64]string{}, ratios: map[int64]int{}, models: map[int64]*estimate.Model{}}
	polis, err := pg.Many[struct {
		ID            int64
		Letter        string
		PriorityRatio int
	}](ctx, m.db, sqlChroniclePolis, unitID)
	if err != nil {
		return nil, err
	}
	for _, o := range polis {
		p.letters[o.ID], p.ratios[o.ID], p.models[o.ID] = o.Letter, o.PriorityRatio, estimate.NewModel()
	}
	p.records, err = pg.Scalar[int](ctx, m.db, sqlLastRecord, unitID)
	return p, err
}

func (p *Chronicle) next() int64 { p.ids++; return p.ids }

// Open begins a session.
func (p *Chronicle) Open(poliID int64, starts, ends time.Time, quota Quota, doctorIDs []int64) *PastSession {
	s := &PastSession{
		p: p, endsAt: ends, quota: quota, model: p.models[poliID],
		running: running{ID: p.next(), UnitID: p.unitID, PoliID: poliID, StartsAt: starts, Status: Planned},
	}
	a := announced{ID: s.ID, PoliID: poliID, StartsAt: starts, EndsAt: ends}
	for _, id := range slices.Sorted(slices.Values(doctorIDs)) {
		s.duties = append(s.duties, &pastDuty{doctorID: id, status: "terjadwal"})
		a.Doctors = append(a.Doctors, "d"+itoa(id))
	}
	s.replay = newReplay(a, s.model.ByArrival())
	s.judge = newJudge(s.model, starts)
	p.sessions = append(p.sessions, s)
	return s
}

// Visit is a patient who comes on a day and took a number at a moment.
func (p *Chronicle) Visit(patient *PastPatient, day time.Time, payer Payer, origin string, at time.Time) *PastVisit {
	v := p.Draw(day, at)
	v.origin = origin
	p.Register(v, patient, payer, at)
	return v
}

// Draw is somebody who draws a number of the desk at the kiosk on a day; [Chronicle.Register]
// says who it is.
func (p *Chronicle) Draw(day, at time.Time) *PastVisit {
	v := &PastVisit{payer: General, origin: OriginDesk, at: at, day: day, id: p.next()}
	p.visits = append(p.visits, v)
	return v
}

// Register notes who a visit is of, and who pays.
func (p *Chronicle) Register(v *PastVisit, patient *PastPatient, payer Payer, at time.Time) {
	if patient.id == 0 && patient.since.IsZero() {
		patient.since = at
		p.patients = append(p.patients, patient)
	}
	v.patient, v.payer = patient, payer
}

// Free reports whether the session has a place for somebody who stands at the desk.
func (s *PastSession) Free(at time.Time) bool { return at.Before(s.endsAt) && s.taken[0] < s.quota.All }

// Take gives a visit a number; nil when there is no place left. A step inside the house is
// free of quota. Who is here already waits at once.
func (s *PastSession) Take(v *PastVisit, class estimate.Class, reason string, here, free bool, at time.Time) *PastTicket {
	online := v.origin == OriginOnline && !free
	if !free && (s.taken[0] >= s.quota.All || online && s.taken[1] >= s.quota.Online) {
		return nil
	}
	t := &PastTicket{number: len(s.tickets) + 1, reason: reason, visit: v, queued: queued{
		ID: s.p.next(), SessionID: s.ID, PoliID: s.PoliID, Class: class, Online: online, JKN: v.payer == JKN, Counted: !free, StatusAt: at, Status: Booked, Seq: 1,
	}}
	t.QueueKey = float64(t.number)
	if here {
		t.Status, t.HereAt = Waiting, &at
		s.register(v)
	}
	if !free {
		s.place(t, 1)
	}
	s.tickets = append(s.tickets, t)
	s.note(pastEvent{happened: happened{At: at, Action: string(ActBook), TicketID: t.ID, ToStatus: t.Status, Number: t.number, Class: class, Online: online, Moves: true}})
	if here {
		s.tell(t, at)
	}
	return t
}

// register gives a patient who has come their medical-record number.
func (s *PastSession) register(v *PastVisit) {
	if v.patient != nil && v.patient.record == 0 {
		s.p.records++
		v.patient.record = s.p.records
	}
}

func (s *PastSession) place(t *PastTicket, by int) {
	s.taken[0] += by
	if t.Online {
		s.taken[1] += by
	}
	if t.JKN {
		s.taken[2] += by
	} else {
		s.taken[3] += by
	}
}

// Act takes a step; what the rules refuse is their error.
func (s *PastSession) Act(t *PastTicket, action Action, reason string, at time.Time) error {
	mv := &move{now: at, session: &s.running, was: t.queued, t: t.queued, action: action, closing: reason == pastCloses}
	err := mv.decide(func(regular bool) ([]float64, error) { return s.keys(t, regular), nil })
	if err != nil {
		return err
	}
	s.made(t, mv, reason)
	if action == ActCheckIn {
		s.register(t.visit)
		s.tell(t, at)
	}
	return nil
}

// made keeps what a move made of a ticket.
func (s *PastSession) made(t *PastTicket, mv *move, reason string) {
	was, counter := t.queued, mv.t.CounterID
	if counter == nil {
		counter = was.CounterID
	}
	t.queued = mv.t
	t.StatusAt, t.Seq = mv.now, was.Seq+1
	e := pastEvent{from: was.Status, reason: reason, happened: happened{At: mv.now, Action: string(mv.action), TicketID: t.ID, ToStatus: t.Status,
		Moves: was.Status != t.Status, Number: t.number, Class: t.Class, Online: t.Online}}
	if counter != nil {
		e.CounterID = *counter
	}
	if t.DoctorID != nil {
		e.DoctorID = *t.DoctorID
	}
	if was.Status.Active() && t.Counted && t.Status == Cancelled {
		s.place(t, -1)
	}
	s.note(e)
}

// keys of those who wait, in order, but for one.
func (s *PastSession) keys(but *PastTicket, regular bool) (keys []float64) {
	for _, t := range s.tickets {
		if t != but && t.Status == Waiting && (t.Class == estimate.Regular) == regular {
			keys = append(keys, t.QueueKey)
		}
	}
	slices.Sort(keys)
	return keys[:min(len(keys), behindOthers+1)]
}

// Next calls who is next to a counter; nil when nobody waits.
func (s *PastSession) Next(counterID, doctorID int64, at time.Time) *PastTicket {
	first := map[estimate.Class]*PastTicket{}
	for _, t := range s.tickets {
		if f := first[t.Class]; t.Status == Waiting && (f == nil || t.QueueKey < f.QueueKey) {
			first[t.Class] = t
		}
	}
	of := func(c estimate.Class) *queued {
		if t := first[c]; t != nil {
			return &t.queued
		}
		return nil
	}
	q := next(s.p.ratios[s.PoliID], s.InRow, of(estimate.Emergency), of(estimate.Priority), of(estimate.Regular))
	if q == nil {
		return nil
	}
	t := first[q.Class]
	mv := &move{now: at, session: &s.running, was: t.queued, t: t.queued, action: ActCall}
	mv.call(counterID, doctorID)
	s.made(t, mv, "")
	return t
}

// Duty notes what a doctor does.
func (s *PastSession) Duty(doctorID, counterID int64, action DutyAction, reason string, at time.Time) {
	for _, d := range s.duties {
		if d.doctorID == doctorID {
			d.status, d.reason, d.since = dutyTo[action], reason, &at
			if action == DutyHere {
				d.counterID = counterID
				s.Status = Running
			}
		}
	}
	s.note(pastEvent{reason: reason, happened: happened{At: at, Action: string(action), DoctorID: doctorID, CounterID: counterID}})
}

// pastCloses is the reason with which a closing session settles who is left.
const pastCloses = "Sesi ditutup"

// Close ends the session: who never came did not come. The times of the next are learned
// from it.
func (s *PastSession) Close(at time.Time) error {
	for _, t := range s.tickets {
		if !t.Status.Active() {
			continue
		}
		action := ActNoShow
		if t.Status == Serving {
			action = ActFinish
		}
		if err := s.Act(t, action, pastCloses, at); err != nil {
			return err
		}
	}
	s.Status = Over
	s.note(pastEvent{happened: happened{At: at, Action: sessionCloses}})
	s.model.Learn(s.replay.Session)
	return nil
}

// note keeps an event and lets the estimator hear of it.
func (s *PastSession) note(e pastEvent) {
	s.Seq++
	e.Seq = s.Seq
	s.events = append(s.events, e)
	s.replay.apply([]happened{e.happened}, func(heard estimate.Event) { s.judge.hear(s.replay.seq, heard) })
}

// tell is what one ticket's owner hears at once.
func (s *PastSession) tell(t *PastTicket, at time.Time) {
	if e, ok := s.model.Ticket(s.replay.Session, itoa(t.ID), at); ok {
		s.publish(t, e, at)
	}
}

// Tell works the times of all out who wait or may come, and tells whoever has to hear.
func (s *PastSession) Tell(at time.Time) {
	if !slices.ContainsFunc(s.tickets, func(t *PastTicket) bool { return t.Status == Waiting || t.Status == Booked }) {
		return
	}
	all := s.model.All(s.replay.Session, at)
	for _, t := range s.tickets {
		if e, ok := all[itoa(t.ID)]; ok {
			s.publish(t, e, at)
		}
	}
}

func (s *PastSession) publish(t *PastTicket, e estimate.Estimate, at time.Time) {
	o := openPromise{Status: t.Status, HereAt: t.HereAt, ToldHere: t.here}
	if t.last != nil {
		o.P50 = &t.last.P50
	}
	moment := o.moment(e.P50)
	if moment == "" {
		return
	}
	row := pastTold{ticket: t, moment: moment, toldRow: toldRow{TicketID: t.ID, At: at, Seq: s.Seq, P10: e.P10, P50: e.P50, P90: e.P90, Ahead: e.Ahead}}
	s.told = append(s.told, row)
	t.last, t.here = &row, t.here || moment == MomentHere
	s.judge.tell(row.toldRow)
}
