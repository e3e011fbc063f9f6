package eoffice

import (
	"fmt"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Stance is what an opinion comes to.
type Stance string

// The stances.
const (
	Agrees      Stance = "setuju"
	AgreesIf    Stance = "catatan"
	Disapproves Stance = "tidak"
)

// Stances lists the stances.
var Stances = []Stance{Agrees, AgreesIf, Disapproves}

// Label names the stance.
func (s Stance) Label() string {
	return map[Stance]string{Agrees: "Setuju", AgreesIf: "Setuju dengan catatan", Disapproves: "Tidak setuju"}[s]
}

// The statuses of an opinion; [Cancelled] is the same word.
const (
	Asked    Status = "diminta"
	Answered Status = "dijawab"
)

// OpinionStatuses lists the statuses of an opinion.
var OpinionStatuses = []Status{Asked, Answered, Cancelled}

// The actions on an opinion; [ActCancel] is the same word.
const (
	ActAsk      Action = "minta_pendapat"
	ActOpine    Action = "beri_pendapat"
	ActAskAgain Action = "minta_lagi"
)

// OpinionActions lists the actions on an opinion.
var OpinionActions = []Action{ActAsk, ActOpine, ActAskAgain, ActCancel}

// OpinionState is the part of an opinion that events change.
type OpinionState struct {
	Seq         int
	Status      Status
	StatusAt    time.Time
	DueAt       time.Time
	Version     int // of the content that the answer is about; 0 before there is one
	Stance      Stance
	Words       string // of B and T
	WordsSealed []byte // of R and SR
	AnsweredBy  string // name
	AnsweredAs  string // definitif, plt, plh
	AnsweredAt  *time.Time
}

// Opinion is a paraf koordinasi: what a desk outside the chain thinks of a letter before it
// is signed. It stands for the version of the content that it was given on.
type Opinion struct {
	OpinionState
	ID             int64
	LetterID       int64
	AskerID        int64 // position
	AskerTitle     string
	DeskID         int64 // position that is asked
	DeskTitle      string
	DeskUnit       int64
	UnitName       string
	Mandatory      bool // nothing is signed before it is there
	Question       string
	QuestionSealed []byte
	AskedAt        time.Time
	LetterStatus   Status // of its letter now
	LetterVersion  int
}

// Current tells whether the opinion is about what the letter says now.
func (o *Opinion) Current() bool { return o.Status == Answered && o.Version == o.LetterVersion }

// Stale tells whether the letter was changed since.
func (o *Opinion) Stale() bool { return o.Status == Answered && o.Version != o.LetterVersion }

// Awaited tells whether signing waits for it.
func (o *Opinion) Awaited() bool {
	return o.Mandatory && (o.Status == Asked || o.Stale())
}

// RolesOf is everything the acting person is to the opinion.
func (o *Opinion) RolesOf(m Moment) (out Role) {
	if !m.Actor.IsStaff() {
		return 0
	}
	if m.sits(o.AskerID) {
		out |= AsGiver
	}
	if m.sits(o.DeskID) {
		out |= AsAddressee
	}
	return out
}

// OpinionSteps is the machine of an opinion.
var OpinionSteps = Table[Opinion]{
	"": {
		ActAsk: {To: Asked, Who: AsGiver, Guard: beforeSigning},
	},
	Asked: {
		ActOpine:  {To: Answered, Who: AsAddressee, Guard: beforeSigning},
		ActCancel: {To: Cancelled, Who: AsGiver, Guard: beforeSigning},
	},
	Answered: {
		ActOpine:    {To: Answered, Who: AsAddressee, Guard: beforeSigning},
		ActAskAgain: {To: Asked, Who: AsGiver, Guard: changedSinceAnswer},
		ActCancel:   {To: Cancelled, Who: AsGiver, Guard: changedSinceAnswer},
	},
	Cancelled: {},
}

func beforeSigning(o *Opinion, _ Moment) error {
	switch o.LetterStatus {
	case Verifying, AwaitingSign:
		return nil
	case Drafting, Mending:
		return errs.New(errs.Conflict, "Naskah ini sedang diperbaiki konseptornya. Tunggu sampai diajukan lagi.")
	}
	return errs.New(errs.Conflict, "Naskah ini sudah "+o.LetterStatus.Label()+", jadi tidak menunggu pendapat lagi.")
}

func changedSinceAnswer(o *Opinion, m Moment) error {
	if !o.Stale() {
		return errs.New(errs.Conflict, "Pendapat ini masih berlaku untuk isi naskah yang sekarang.")
	}
	return beforeSigning(o, m)
}

// ApplyOpinion is the state after e. It checks nothing.
func ApplyOpinion(s OpinionState, e Event) OpinionState {
	c := e.Change
	s.Seq, s.Status = e.Seq, e.To
	if e.From != e.To {
		s.StatusAt = e.At
	}
	if c.Due != nil {
		s.DueAt = *c.Due
	}
	if e.Action == ActOpine {
		at := e.At
		s.Version, s.Stance, s.AnsweredAt, s.AnsweredBy, s.AnsweredAs = c.Version, c.Stance, &at, c.By, e.Seat
		s.Words, s.WordsSealed = "", nil
		if c.Words != nil {
			s.Words, s.WordsSealed = c.Words.Text, c.Words.Sealed
		}
	}
	return s
}

// DecideOpinion makes the event of an action on an opinion, or says why not.
func DecideOpinion(o *Opinion, m Moment, in Intent) (Event, error) {
	roles := o.RolesOf(m)
	s, err := cell(OpinionSteps, o.Status, in.Action, roles, o, m)
	if err != nil {
		return Event{}, err
	}
	desk := o.AskerID
	if s.Who.Has(AsAddressee) {
		desk = o.DeskID
	}
	seat, _ := m.seat(desk)
	return Event{
		Seq: o.Seq + 1, Action: in.Action, From: o.Status, To: s.To, At: m.Now, ActorID: m.Actor.AccountID, PositionID: seat.PositionID,
		Seat: seat.Kind, Title: seat.Title, Role: (roles & s.Who).String(), Reason: in.Reason, Change: in.Change,
	}, nil
}

// OpinionActionsFor lists what whoever acts may do with an opinion now.
func OpinionActionsFor(o *Opinion, m Moment) (out []Action) {
	for _, a := range OpinionActions {
		if _, err := cell(OpinionSteps, o.Status, a, o.RolesOf(m), o, m); err == nil {
			out = append(out, a)
		}
	}
	return out
}

// ReplayOpinion folds events, oldest first, into the state of an opinion. An event out of
// order, or one that does not leave from where the last one led, is an error.
func ReplayOpinion(events []Event) (OpinionState, error) {
	return replay(events, func(s OpinionState) Status { return s.Status }, ApplyOpinion)
}

// noneAwaited refuses to sign before the mandatory opinions are there.
func noneAwaited(c *Case) error {
	if c.Awaited > 0 {
		return errs.New(errs.Conflict, fmt.Sprintf("Masih menunggu %d pendapat wajib atas isi naskah yang sekarang. Lihat bagian Pendapat koordinasi.", c.Awaited))
	}
	return nil
}
