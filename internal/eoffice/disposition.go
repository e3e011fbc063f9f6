package eoffice

import (
	"fmt"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// OrderState is the part of an order that events change.
type OrderState struct {
	Seq          int
	Status       Status
	StatusAt     time.Time
	DueAt        *time.Time // nil: only for information
	AskedDueAt   *time.Time // until when its addressee asks to have
	PausedAt     *time.Time // since when its clock stands
	AnswerDueAt  *time.Time // until when the giver should answer; nil while there is nothing to answer
	ReadAt       *time.Time
	ReportedAt   *time.Time
	Report       string // of B and T
	ReportSealed []byte // of R
	ReplyID      int64  // the letter that answers
	DoneAt       *time.Time
	AutoAccepted bool // by the giver's silence: says nothing of the work
}

// Order is one disposisi: what one desk asks of another about a letter that arrived.
type Order struct {
	OrderState
	ID           int64
	LetterID     int64
	RecipientID  int64 // whose tree it is in
	ParentID     int64 // the order that it carries out, 0: none
	FromID       int64 // position
	FromTitle    string
	FromUnit     int64
	ToID         int64 // position
	ToTitle      string
	ToUnit       int64
	Lead         bool // penanggung jawab among those of one giver
	ForInfo      bool // untuk diketahui: read is done
	Instructions []string
	Note         string // of B and T
	NoteSealed   []byte // of R
	GivenAt      time.Time
	ParentDue    *time.Time
	OpenBelow    int // orders right below it that somebody still has to carry out
}

// Open tells whether something is still to be done about the order.
func (s OrderState) Open() bool {
	return slices.Contains([]Status{Given, Read, Working, Forwarded, AwaitingGuide, Refusing, Reported}, s.Status)
}

// Holder is the one position that has to do something about the order; 0 when nobody has.
func (o *Order) Holder() int64 {
	switch o.Status {
	case Given, Read, Working, Forwarded:
		return o.ToID
	case AwaitingGuide, Refusing, Reported:
		return o.FromID
	}
	return 0
}

// RolesOf is everything the acting person is to the order.
func (o *Order) RolesOf(m Moment) (out Role) {
	if m.Actor.Kind == authz.Machine {
		return AsSystem
	}
	if !m.Actor.IsStaff() {
		return 0
	}
	if m.WorksAt(o.FromID) {
		out |= AsGiver
	}
	if m.WorksAt(o.ToID) {
		out |= AsAddressee
	}
	return out
}

// OrderSteps is the machine of an order.
var OrderSteps = Table[Order]{
	"": {
		ActGive: {To: Given, Who: AsGiver},
	},
	Given: {
		ActOpen:   {To: onward, Who: AsAddressee}, // what is for information is done
		ActCancel: {To: Cancelled, Who: AsGiver},
		ActClose:  {To: Closed, Who: AsSystem},
	},
	Read: {
		ActStart:      {To: Working, Who: AsAddressee},
		ActForward:    {To: Forwarded, Who: AsAddressee},
		ActReport:     {To: Reported, Who: AsAddressee, Guard: nothingBelow},
		ActAskGuide:   {To: AwaitingGuide, Who: AsAddressee},
		ActRefuse:     {To: Refusing, Who: AsAddressee, Guard: nothingBelow},
		ActClose:      {To: Closed, Who: AsGiver | AsSystem},
		ActAskTime:    {To: same, Who: AsAddressee},
		ActGrantTime:  {To: same, Who: AsGiver, Guard: timeAsked},
		ActRefuseTime: {To: same, Who: AsGiver, Guard: timeAsked},
	},
	Working: {
		ActForward:    {To: Forwarded, Who: AsAddressee},
		ActReport:     {To: Reported, Who: AsAddressee, Guard: nothingBelow},
		ActAskGuide:   {To: AwaitingGuide, Who: AsAddressee},
		ActClose:      {To: Closed, Who: AsGiver | AsSystem},
		ActAskTime:    {To: same, Who: AsAddressee},
		ActGrantTime:  {To: same, Who: AsGiver, Guard: timeAsked},
		ActRefuseTime: {To: same, Who: AsGiver, Guard: timeAsked},
	},
	Forwarded: {
		ActForward:    {To: Forwarded, Who: AsAddressee},
		ActReport:     {To: Reported, Who: AsAddressee, Guard: nothingBelow},
		ActAskGuide:   {To: AwaitingGuide, Who: AsAddressee},
		ActClose:      {To: Closed, Who: AsGiver | AsSystem},
		ActAskTime:    {To: same, Who: AsAddressee},
		ActGrantTime:  {To: same, Who: AsGiver, Guard: timeAsked},
		ActRefuseTime: {To: same, Who: AsGiver, Guard: timeAsked},
	},
	AwaitingGuide: {
		ActGuide: {To: Working, Who: AsGiver},
		ActClose: {To: Closed, Who: AsGiver | AsSystem},
	},
	Refusing: {
		ActAgree:    {To: Refused, Who: AsGiver},
		ActDisagree: {To: Read, Who: AsGiver},
		ActClose:    {To: Closed, Who: AsSystem},
	},
	Reported: {
		ActAccept: {To: Done, Who: AsGiver | AsSystem},
		ActRework: {To: Working, Who: AsGiver},
		ActClose:  {To: Closed, Who: AsSystem},
	},
	Done: {}, Refused: {}, Cancelled: {}, Closed: {},
}

func nothingBelow(o *Order, _ Moment) error {
	if o.OpenBelow > 0 {
		return errs.New(errs.Conflict, fmt.Sprintf("Masih ada %d disposisi di bawahnya yang belum selesai. Tunggu laporannya, atau tutup dengan alasan.", o.OpenBelow))
	}
	return nil
}

func timeAsked(o *Order, _ Moment) error {
	if o.AskedDueAt == nil {
		return errs.New(errs.Conflict, "Tidak ada permohonan tambahan waktu untuk disposisi ini.")
	}
	return nil
}

// ApplyOrder is the state after e. It checks nothing.
func ApplyOrder(s OrderState, e Event) OrderState {
	at, c := e.At, e.Change
	s.Seq, s.Status = e.Seq, e.To
	if e.From != e.To {
		s.StatusAt = at
	}
	if c.Due != nil {
		s.DueAt = c.Due
	}
	switch e.Action {
	case ActStart, ActForward: // a request for time stays
	default:
		s.AskedDueAt, s.AnswerDueAt = c.Asked, c.Answer
	}
	s.PausedAt = nil
	switch e.Action {
	case ActOpen:
		s.ReadAt = &at
	case ActAskGuide:
		s.PausedAt = &at
	case ActReport:
		s.ReportedAt, s.ReplyID = &at, c.Reply
		s.Report, s.ReportSealed = "", nil
		if c.Words != nil {
			s.Report, s.ReportSealed = c.Words.Text, c.Words.Sealed
		}
	case ActRework:
		s.ReportedAt = nil
	case ActAccept:
		s.AutoAccepted = e.ActorID == 0
	}
	if !s.Open() {
		s.DoneAt = &at
	}
	return s
}

// DecideOrder makes the event of an action on an order, or says why not.
func DecideOrder(o *Order, m Moment, in Intent) (Event, error) {
	m = m.doing(in.Action)
	roles := o.RolesOf(m)
	s, err := cell(OrderSteps, o.Status, in.Action, roles, o, m)
	if err != nil {
		return Event{}, err
	}
	desk := o.FromID
	if s.Who.Has(AsAddressee) {
		desk = o.ToID
	}
	seat, _ := m.seat(desk)
	e := Event{
		Seq: o.Seq + 1, Action: in.Action, From: o.Status, To: s.To, At: m.Now, ActorID: m.Actor.AccountID, PositionID: seat.PositionID,
		Seat: seat.Kind, Title: seat.Title, Role: (roles & s.Who).String(), Reason: in.Reason, Change: in.Change,
	}
	switch {
	case s.To == same:
		e.To = o.Status
	case s.To == onward && o.ForInfo:
		e.To = Done
	case s.To == onward:
		e.To = Read
	}
	if in.Action == ActGuide {
		due := o.resumed(m)
		e.Change.Due = &due
	}
	return e, nil
}

// resumed is when an order is due whose clock stood until now: later by the time that it
// stood, but not later than what it carries out.
func (o *Order) resumed(m Moment) time.Time {
	var due time.Time
	if m.Pace.AroundTheClock {
		due = o.DueAt.Add(m.Now.Sub(*o.PausedAt))
	} else {
		due = m.Cal.AddWorkingTime(*o.DueAt, time.Duration(m.Cal.WorkingMinutes(*o.PausedAt, m.Now))*time.Minute)
	}
	if o.ParentDue != nil && due.After(*o.ParentDue) {
		return *o.ParentDue
	}
	return due
}

// OrderActionsFor lists what whoever acts may do with an order now.
func OrderActionsFor(o *Order, m Moment) (out []Action) {
	for _, a := range OrderActions {
		if _, err := cell(OrderSteps, o.Status, a, o.RolesOf(m.doing(a)), o, m); err == nil {
			out = append(out, a)
		}
	}
	return out
}

// ReplayOrder folds events, oldest first, into the state of an order. An event out of order,
// or one that does not leave from where the last one led, is an error.
func ReplayOrder(events []Event) (OrderState, error) {
	return replay(events, func(s OrderState) Status { return s.Status }, ApplyOrder)
}
