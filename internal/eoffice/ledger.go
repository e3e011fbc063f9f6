package eoffice

import (
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// What staff do that is no finished step of work.
var (
	notWork      = map[Action]bool{ActSign: true, ActSignFail: true, ActCorrect: true, ActClassify: true, ActRaise: true, ActLower: true, ActConsult: true, ActWaive: true}
	notOrderWork = map[Action]bool{ActOpen: true, ActStart: true, ActAskTime: true}
)

// LedgerKinds lists the kinds of entries that letters, their recipients, orders and opinions
// leave in the work ledger.
func LedgerKinds() (out []string) {
	for _, a := range LetterActions {
		if !notWork[a] {
			out = append(out, "naskah_"+string(a))
		}
	}
	for _, a := range RecipientActions {
		if a != ActOpen {
			out = append(out, "kiriman_"+string(a))
		}
	}
	for _, a := range OrderActions {
		if !notOrderWork[a] {
			out = append(out, "disposisi_"+string(a))
		}
	}
	return append(out, kindOpinion)
}

const kindOpinion = "pendapat"

// doer is who a step is put down to: staff, or nobody when the portal did it.
func doer(mo Moment, e Event) (authz.Actor, authz.Position) {
	if !mo.Actor.IsStaff() {
		return authz.Actor{}, authz.Position{}
	}
	s, _ := mo.seat(e.PositionID)
	if s.Deputy() {
		return mo.Actor, mo.Actor.MainPosition()
	}
	return mo.Actor, authz.Position{ID: s.PositionID, OccupancyID: s.OccupancyID, UnitID: s.UnitID, Title: s.Title, Kind: s.Kind}
}

// letterEntry is what e, which happens to c where it lay since, leaves in the work ledger.
// What the portal did is there without a person where it moved the letter.
func letterEntry(c *Case, mo Moment, e Event, since time.Time) (workledger.Event, bool) {
	actor, position := doer(mo, e)
	if notWork[e.Action] || actor.PersonID == 0 && e.From == e.To {
		return workledger.Event{}, false
	}
	next := Apply(c.State, c.DrafterID, e)
	strata := map[string]string{"jenis": c.KindCode, "urgensi": string(c.Urgency)}
	if next.Secrecy.Confidential() {
		strata["tertutup"] = "ya" // nobody is asked to look at it
	}
	if e.Change.Cause != "" {
		strata["sebab"] = string(e.Change.Cause) // a return that finds no fault is not held against the drafter
	}
	return workledger.Event{
		Actor: actor, Position: position, UnitID: c.UnitID, Module: "eoffice", Kind: "naskah_" + string(e.Action), Object: object, ObjectID: c.ID,
		ThreadID: c.ID, HolderID: next.DeskID, Outcome: string(e.To), StartedAt: &since, DueAt: c.DueAt, NextDueAt: next.DueAt,
		WorkingMinutes: mo.Cal.WorkingMinutes(since, mo.Now), Strata: strata,
	}, true
}

// recipientEntry is what e, which happened to a recipient that was so before and is now r,
// leaves in the work ledger.
func recipientEntry(r *Recipient, was RecipientState, unit int64, mo Moment, e Event) (workledger.Event, bool) {
	actor, position := doer(mo, e)
	if e.Action == ActOpen || actor.PersonID == 0 && e.From == e.To {
		return workledger.Event{}, false
	}
	return workledger.Event{
		Actor: actor, Position: position, UnitID: unit, Module: "eoffice", Kind: "kiriman_" + string(e.Action), Object: recipientObject, ObjectID: r.ID,
		ThreadID: r.LetterID, HolderID: r.PositionID, Outcome: string(e.To), StartedAt: &was.StatusAt, DueAt: was.DueAt, NextDueAt: r.DueAt,
		WorkingMinutes: mo.Cal.WorkingMinutes(was.StatusAt, mo.Now), Strata: map[string]string{"peran": r.Role},
	}, true
}

// orderEntry is what e, which happened to an order that was so before and is now o, leaves
// in the work ledger. due is when who acts should have done it; of an order that is given,
// when its addressee should have.
func orderEntry(was *Order, o *orderAct, e Event, due *time.Time) (workledger.Event, bool) {
	actor, position := doer(o.mo, e)
	if notOrderWork[e.Action] || actor.PersonID == 0 && e.From == e.To {
		return workledger.Event{}, false
	}
	unit, lies, since, next := o.ToUnit, o.ToUnit, was.StatusAt, o.DueAt
	if o.Holder() == o.FromID {
		lies, next = o.FromUnit, o.AnswerDueAt
	}
	switch {
	case e.Action == ActGive:
		since, due = o.mo.Now, o.DueAt
	case e.PositionID == o.FromID:
		unit = o.FromUnit
	}
	if lies == unit {
		lies = 0
	}
	return workledger.Event{
		Actor: actor, Position: position, UnitID: unit, HolderUnitID: lies, Module: "eoffice", Kind: "disposisi_" + string(e.Action), Object: orderObject, ObjectID: o.ID,
		ThreadID: o.LetterID, HolderID: o.Holder(), Outcome: string(e.To), StartedAt: &since, DueAt: due, NextDueAt: next, WorkingMinutes: e.Minutes,
		Strata: map[string]string{"jenis": o.letter.KindCode, "urgensi": string(o.letter.Urgency)},
	}, true
}

// opinionEntry is what a first answer, on an opinion that was so before and is now o, leaves
// in the work ledger.
func opinionEntry(o *Opinion, was OpinionState, c *Case, mo Moment, e Event) workledger.Event {
	actor, position := doer(mo, e)
	return workledger.Event{
		Actor: actor, Position: position, UnitID: o.DeskUnit, Module: "eoffice", Kind: kindOpinion, Object: opinionObject, ObjectID: o.ID, ThreadID: o.LetterID,
		Outcome: string(o.Stance), StartedAt: &was.StatusAt, DueAt: &was.DueAt, WorkingMinutes: e.Minutes, Strata: map[string]string{"urgensi": string(c.Urgency)},
	}
}
