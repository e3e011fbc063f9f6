package eoffice

import (
	"fmt"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// RecipientState is the part of a recipient that events change.
type RecipientState struct {
	Seq        int
	Status     Status
	StatusAt   time.Time
	AgendaYear int
	AgendaNo   int64
	SentAt     *time.Time
	ReceivedAt *time.Time
	ReadAt     *time.Time
	DoneAt     *time.Time
	DueAt      *time.Time // of the first action; nil once it was taken
	ProofKey   string
	ScreenerID int64 // desk that has to screen it first, 0: none
}

// Recipient is one addressee of a letter and how far it has come there.
type Recipient struct {
	RecipientState
	ID              int64
	LetterID        int64
	Role            string // kepada or tembusan
	UnitID          int64  // 0: outside the offices
	UnitName        string
	Ancestors       []int64
	PositionID      int64
	Title           string
	Name            string // outside
	Address         string
	Orders          int     // disposisi given so far, without those cancelled
	OpenOrders      int     // of which so many are not done
	LetterUnit      int64   // the office that issued the letter
	LetterAncestors []int64 // and where it belongs
	Secrecy         Secrecy
	Outside         bool // the letter came from outside
	Over            bool // the letter was revoked or destroyed
}

// Copy tells whether the recipient only gets a copy.
func (r *Recipient) Copy() bool { return r.Role == "tembusan" }

// Label is the recipient's name.
func (r *Recipient) Label() string {
	if r.Title != "" {
		return r.Title
	}
	return r.Name
}

// Agenda is the number under which the recipient's office took the letter in ("17/2026"), ""
// where it did not yet.
func (r *Recipient) Agenda() string {
	if r.AgendaNo == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", r.AgendaNo, r.AgendaYear)
}

// RolesOf is everything the acting person is to the recipient.
func (r *Recipient) RolesOf(m Moment) (out Role) {
	if m.Actor.Kind == authz.Machine {
		return AsSystem
	}
	if !m.Actor.IsStaff() {
		return 0
	}
	if m.WorksAt(r.PositionID) {
		out |= AsAddressee
	}
	if m.WorksAt(r.ScreenerID) {
		out |= AsScreener
	}
	if r.UnitID != 0 && m.Actor.HasIn(PermRegister, r.Ancestors) {
		out |= AsReceiver
	}
	if m.Actor.HasIn(PermRegister, r.LetterAncestors) {
		out |= AsClerk
	}
	return out
}

// RecipientSteps is the machine of a recipient.
var RecipientSteps = Table[Recipient]{
	Prepared: {
		ActDeliver: {To: Arrived, Who: AsClerk | AsSystem, Guard: inside},
		ActPost:    {To: Posted, Who: AsClerk | AsSystem, Guard: outside},
		ActTakeIn:  {To: Prepared, Who: AsReceiver, Guard: recorded}, // its number, before it is directed
		ActDirect:  {To: TakenIn, Who: AsReceiver, Guard: numbered},
	},
	Arrived: {
		ActTakeIn:   {To: TakenIn, Who: AsReceiver, Guard: addressed},
		ActOpen:     {To: Read, Who: AsAddressee},
		ActGiveBack: {To: GivenBack, Who: AsReceiver | AsAddressee | AsScreener, Guard: unordered},
		ActScreen:   {To: Arrived, Who: AsScreener | AsSystem, Guard: unscreened},
	},
	TakenIn: {
		ActOpen:     {To: Read, Who: AsAddressee},
		ActGiveBack: {To: GivenBack, Who: AsReceiver | AsAddressee | AsScreener, Guard: unordered},
		ActScreen:   {To: TakenIn, Who: AsScreener | AsSystem, Guard: unscreened},
	},
	Read: {
		ActFollow:   {To: Followed, Who: AsAddressee | AsSystem, Guard: orderable},
		ActFinish:   {To: Done, Who: AsAddressee, Guard: settled},
		ActGiveBack: {To: GivenBack, Who: AsAddressee, Guard: unordered},
	},
	Followed: {
		ActFollow: {To: Followed, Who: AsAddressee, Guard: orderable}, // one more order
		ActFinish: {To: Done, Who: AsAddressee | AsSystem, Guard: settled},
	},
	Done: {
		ActFollow: {To: Followed, Who: AsAddressee | AsSystem, Guard: orderable},
	},
	GivenBack: {
		ActResend: {To: Arrived, Who: AsClerk, Guard: fromInside},
		ActDirect: {To: TakenIn, Who: AsReceiver, Guard: numbered},
	},
	Posted: {
		ActProve: {To: Proved, Who: AsClerk},
	},
	Proved: {},
}

func inside(r *Recipient, _ Moment) error {
	if r.UnitID == 0 {
		return errs.New(errs.Conflict, "Penerima ini di luar pemerintah kota: naskah dikirim lewat pos.")
	}
	return nil
}

func outside(r *Recipient, _ Moment) error {
	if r.UnitID != 0 {
		return errs.New(errs.Conflict, "Penerima ini menerima naskah lewat portal.")
	}
	return nil
}

// recorded lets a letter from outside take its number once.
func recorded(r *Recipient, _ Moment) error {
	if !r.Outside || r.AgendaNo != 0 {
		return errs.New(errs.Conflict, "Naskah ini belum sampai, atau sudah bernomor agenda.")
	}
	return nil
}

func numbered(r *Recipient, m Moment) error {
	if !r.Outside || r.AgendaNo == 0 {
		return errs.New(errs.Conflict, "Hanya naskah dari luar yang sudah dicatat yang dapat diarahkan.")
	}
	return addressed(r, m)
}

func fromInside(r *Recipient, _ Moment) error {
	if r.Outside {
		return errs.New(errs.Conflict, "Naskah dari luar tidak dikirim lagi: arahkan ke jabatan lain.")
	}
	return nil
}

func addressed(r *Recipient, _ Moment) error {
	if r.Copy() {
		return errs.New(errs.Conflict, "Tembusan hanya untuk diketahui.")
	}
	return nil
}

// orderable: about what was revoked or is gone nobody is ordered anything.
func orderable(r *Recipient, m Moment) error {
	if r.Over {
		return errs.New(errs.Conflict, "Naskah ini sudah dicabut atau dimusnahkan, jadi tidak didisposisikan lagi.")
	}
	return addressed(r, m)
}

func unordered(r *Recipient, _ Moment) error {
	if r.Copy() {
		return errs.New(errs.Conflict, "Tembusan tidak perlu dikembalikan.")
	}
	if r.Orders > 0 {
		return errs.New(errs.Conflict, "Naskah ini sudah didisposisikan, jadi tidak dapat dikembalikan lagi.")
	}
	return nil
}

func settled(r *Recipient, _ Moment) error {
	if err := addressed(r, Moment{}); err != nil {
		return err
	}
	if r.OpenOrders > 0 {
		return errs.New(errs.Conflict, "Masih ada disposisi yang belum selesai.")
	}
	return nil
}

// ApplyRecipient is the state after e. It checks nothing.
func ApplyRecipient(s RecipientState, e Event) RecipientState {
	at, c := e.At, e.Change
	s.Seq, s.Status = e.Seq, e.To
	if e.From != e.To || e.Seq == 1 {
		s.StatusAt = at
	}
	if c.No != 0 {
		s.AgendaYear, s.AgendaNo, s.ReceivedAt = c.Year, c.No, &at
	}
	if c.Scan != "" {
		s.ProofKey = c.Scan
	}
	switch e.Action {
	case ActDeliver, ActResend, ActDirect:
		s.ScreenerID = c.Screen
	case ActScreen, ActOpen, ActGiveBack:
		s.ScreenerID = 0
	}
	switch e.Action {
	case ActDeliver, ActResend, ActPost:
		s.SentAt, s.DueAt = &at, c.Due
		s.AgendaYear, s.AgendaNo, s.ReceivedAt, s.ReadAt = 0, 0, nil, nil
	case ActDirect: // it keeps its number
		s.SentAt, s.DueAt, s.ReadAt = &at, c.Due, nil
	case ActOpen:
		s.ReadAt = &at
	case ActFollow:
		s.DueAt, s.DoneAt = nil, nil
	case ActFinish:
		s.DueAt, s.DoneAt = nil, &at
	case ActGiveBack:
		s.DueAt = nil
	}
	return s
}

// DecideRecipient makes the event of an action on a recipient, or says why not.
func DecideRecipient(r *Recipient, m Moment, in Intent) (Event, error) {
	m = m.doing(in.Action)
	roles := r.RolesOf(m)
	s, err := cell(RecipientSteps, r.Status, in.Action, roles, r, m)
	if err != nil {
		return Event{}, err
	}
	seat, _ := m.seat(r.PositionID)
	if in.Action == ActScreen {
		seat, _ = m.seat(r.ScreenerID)
	}
	if seat.PositionID == 0 && len(m.Seats) > 0 {
		seat = m.Seats[0]
	}
	return Event{
		Seq: r.Seq + 1, Action: in.Action, From: r.Status, To: s.To, At: m.Now, ActorID: m.Actor.AccountID, PositionID: seat.PositionID,
		Seat: seat.Kind, Title: seat.Title, Role: (roles & s.Who).String(), Reason: in.Reason, Change: in.Change,
	}, nil
}

// RecipientActionsFor lists what whoever acts may do with a recipient now.
func RecipientActionsFor(r *Recipient, m Moment) (out []Action) {
	for _, a := range RecipientActions {
		if _, err := cell(RecipientSteps, r.Status, a, r.RolesOf(m.doing(a)), r, m); err == nil && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}
