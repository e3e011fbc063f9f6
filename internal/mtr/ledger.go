package mtr

import (
	"strconv"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// notWork are staff actions that are no finished step of work.
var notWork = map[Action]bool{
	ActNote: true, ActPrioritize: true, ActAppeal: true, ActReveal: true, ActHide: true, ActUnhide: true, ActHidePhoto: true, ActReleasePhoto: true,
	ActOpenOriginal: true, ActReleaseOriginal: true, ActRedact: true, ActRedactPhoto: true, ActAnonymize: true,
	ActEscalateUnit: true, ActEscalateMayor: true, ActLapse: true, ActAutoClose: true,
}

// LedgerKinds lists the kinds of entries that reports leave in the work ledger.
func LedgerKinds() (out []string) {
	for _, a := range Actions {
		if !notWork[a] || a == ActLapse || a == ActAutoClose {
			out = append(out, string(a))
		}
	}
	return out
}

// ledgerEntry is what e, which happens to c, leaves in the work ledger: what staff did, and
// without a person what the reporter or the portal did to where the report stands or how it
// is rated.
func ledgerEntry(c *Case, mo Moment, e Event) (workledger.Event, bool) {
	actor := mo.Actor
	if !actor.IsStaff() || e.Role == AsReporter.String() {
		actor = authz.Actor{}
		if e.From == e.To && e.Action != ActRate {
			return workledger.Event{}, false
		}
	} else if notWork[e.Action] {
		return workledger.Event{}, false
	}
	next := Apply(c.State, e)
	unit := e.UnitID
	if actor.PersonID == 0 || unit == 0 {
		unit = c.UnitID
	}
	lies := next.UnitID
	if lies == unit {
		lies = 0
	}
	since := c.StatusChangedAt
	if e.From == "" {
		since = mo.Now
	}
	strata := map[string]string{"kategori": c.CategoryCode, "kelas": string(c.Class), "bukti": string(c.Proof)}
	if e.Change.Rating != 0 {
		strata["nilai"] = strconv.Itoa(e.Change.Rating)
		if mo.Actor.IsStaff() {
			strata["pelapor"] = "pegawai" // their vote says nothing of their colleagues' work
		}
	}
	return workledger.Event{
		Actor: actor, Position: actor.MainPosition(), UnitID: unit, Module: "mtr", Kind: string(e.Action), Object: "mtr_report", ObjectID: c.ID,
		HolderID: next.AssigneeID, HolderUnitID: lies, Outcome: string(e.To), StartedAt: &since, DueAt: c.DueAt, NextDueAt: next.DueAt, WorkingMinutes: int(mo.Cal.WorkingTime(since, mo.Now).Minutes()), Strata: strata,
	}, true
}
