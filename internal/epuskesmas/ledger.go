package epuskesmas

import (
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// kindLate is what was written down after the electricity came back.
const kindLate = "susulan"

// kindUnserved is a number that ended without a service; its outcome says how.
const kindUnserved = "tidak_terlayani"

// LedgerKinds lists the kinds of entries that the queue leaves in the work ledger: patients
// who were served, by whom and how long, and numbers that nobody was served by, never who they
// were.
func LedgerKinds() []string {
	return []string{string(ActFinish), string(ActRefer), kindLate, kindUnserved}
}

// unserved tells whether a ticket ends so without a service.
func unserved(s Status) bool {
	return s == NoShow || s == Cancelled || s == Rescheduled || s == Moved
}

// unservedEntry is what a move leaves in the work ledger that ended a number without a service:
// without a person where the patient or the portal did it.
func unservedEntry(mv *move, a authz.Actor) workledger.Event {
	e := workledger.Event{
		UnitID: mv.session.UnitID, Module: "epuskesmas", Kind: kindUnserved, Object: "epuskesmas_ticket", ObjectID: mv.t.ID, Outcome: string(mv.t.Status),
		Strata: map[string]string{"poli": itoa(mv.t.PoliID), "golongan": string(mv.t.Class)},
	}
	if a.IsStaff() {
		e.Actor, e.Position = a, a.MainPosition()
	}
	return e
}

// ledgerEntry is what a move that served somebody leaves in the work ledger.
func ledgerEntry(mv *move, a authz.Actor, cal *calendar.Calendar) workledger.Event {
	e := workledger.Event{
		Actor: a, Position: a.MainPosition(), UnitID: mv.session.UnitID, Module: "epuskesmas", Kind: string(mv.action),
		Object: "epuskesmas_ticket", ObjectID: mv.t.ID, Outcome: string(mv.t.Status), StartedAt: mv.t.StartedAt,
		Strata: map[string]string{"poli": itoa(mv.t.PoliID), "golongan": string(mv.t.Class)},
	}
	if mv.t.StartedAt != nil {
		e.WorkingMinutes = cal.WorkingMinutes(*mv.t.StartedAt, mv.now)
	}
	return e
}
