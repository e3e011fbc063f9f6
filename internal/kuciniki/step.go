package kuciniki

import "makassartidakrantasa.com/portal/internal/platform/errs"

// Step is one cell of a table: where the action leads and who may take it.
type Step struct {
	To  Status
	Who Role
}

// Table is a state machine: Table[from][action]. What is absent cannot happen.
type Table map[Status]map[Action]Step

// PlanSteps is the machine of an SKP.
var PlanSteps = Table{
	Drafting: {ActPropose: {Proposed, AsOwner}},
	Proposed: {ActAgree: {Agreed, AsRater}, ActReturn: {Drafting, AsRater | AsOwner}},
	Agreed:   {ActChange: {Dialogue, AsOwner | AsRater}},
	Dialogue: {ActPropose: {Proposed, AsOwner}},
}

// Decide is the step that an action takes, for somebody who may see it: errs.Conflict when
// there is none from here, errs.Forbidden when it is somebody else's.
func (t Table) Decide(from Status, action Action, roles Role) (Step, error) {
	s, ok := t[from][action]
	if !ok {
		return s, errs.New(errs.Conflict, "Keadaannya sekarang "+from.Label()+", jadi tindakan itu tidak dapat dilakukan. Muat ulang halaman untuk melihat keadaan terbaru.")
	}
	if !roles.Has(s.Who) {
		return s, errs.New(errs.Forbidden, "Tindakan ini bukan wewenang Anda.")
	}
	return s, nil
}

// Allowed lists what somebody with the roles may do, in the order of all.
func (t Table) Allowed(from Status, roles Role, all []Action) (out []Action) {
	for _, a := range all {
		if s, ok := t[from][a]; ok && roles.Has(s.Who) {
			out = append(out, a)
		}
	}
	return out
}

// PlanActions lists the actions on an SKP.
var PlanActions = []Action{ActPropose, ActAgree, ActReturn, ActChange}
