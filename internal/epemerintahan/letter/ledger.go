package letter

import (
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// notWork are staff actions that are no finished step of work.
var notWork = map[Action]bool{ActSign: true, ActSignFail: true}

// LedgerKinds lists the kinds of entries that letters leave in the work ledger.
func LedgerKinds() (out []string) {
	for _, a := range Actions {
		if !notWork[a] {
			out = append(out, ledgerKind(a))
		}
	}
	return append(out, kindIdentity)
}

const kindIdentity = "surat_identitas"

func ledgerKind(a Action) string { return "surat_" + string(a) }

// ledgerEntry is what e, which happens to c where it lay since, leaves in the work ledger:
// what staff did, and without a person what the applicant, a neighbour or the portal did
// to where the letter stands.
func ledgerEntry(c *Case, mo Moment, e Event, since time.Time) (workledger.Event, bool) {
	actor := mo.Actor
	if !actor.IsStaff() || e.Role == AsApplicant.String() {
		actor = authz.Actor{}
		if e.From == e.To {
			return workledger.Event{}, false
		}
	}
	if notWork[e.Action] {
		return workledger.Event{}, false
	}
	return workledger.Event{
		Actor: actor, Position: actor.MainPosition(), UnitID: c.KelurahanID, Module: "epemerintahan", Kind: ledgerKind(e.Action),
		Object: object, ObjectID: c.ID, Outcome: string(e.To), StartedAt: &since, DueAt: c.DueAt, NextDueAt: Apply(c.State, e).DueAt,
		WorkingMinutes: mo.Cal.WorkingMinutes(since, mo.Now), Strata: map[string]string{"jenis": c.KindCode, "cara": string(c.Mode)},
	}, true
}
