package epuskesmas

import (
	"maps"
	"slices"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
)

// Every step of the table that ends with somebody served leaves who did it and how long it
// took, and nothing of whom.
func TestWhoWasServedIsInTheLedger(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC)
	since, patient := at.Add(-20*time.Minute), int64(77)
	staff := authz.Actor{AccountID: 1, Kind: authz.Staff, PersonID: 5, Positions: []authz.Position{{ID: 6, OccupancyID: 7, UnitID: 4}}}
	n := 0
	for _, from := range slices.Sorted(maps.Keys(Steps)) {
		for action, s := range Steps[from] {
			if s.To != Done && s.To != Referred {
				continue
			}
			n++
			mv := &move{now: at, session: &running{UnitID: 4}, action: action, t: queued{ID: 9, PoliID: 3, Class: estimate.Regular, Status: s.To, StartedAt: &since, PatientID: &patient}}
			e := ledgerEntry(mv, staff, &calendar.Calendar{})
			if e.Actor.PersonID != 5 || e.Position != staff.Positions[0] || e.UnitID != 4 || e.Kind != string(action) || e.ObjectID != 9 || e.Outcome != string(s.To) ||
				e.StartedAt != &since || !slices.Contains(LedgerKinds(), e.Kind) || !maps.Equal(e.Strata, map[string]string{"poli": "3", "golongan": string(estimate.Regular)}) {
				t.Errorf("%s in %q: %+v", action, from, e)
			}
		}
	}
	if n == 0 {
		t.Error("nobody is ever served")
	}
}

// Every way for a number to end without a service leaves that too: by whom where staff did it.
func TestWhoWasNotServedIsInTheLedger(t *testing.T) {
	t.Parallel()
	patient := int64(77)
	staff := authz.Actor{AccountID: 1, Kind: authz.Staff, PersonID: 5, Positions: []authz.Position{{ID: 6, OccupancyID: 7, UnitID: 4}}}
	ways := map[Status]bool{}
	for from, steps := range Steps {
		for action, s := range steps {
			if !unserved(s.To) {
				continue
			}
			ways[s.To] = true
			mv := &move{session: &running{UnitID: 4}, action: action, t: queued{ID: 9, PoliID: 3, Class: estimate.Regular, Status: s.To, PatientID: &patient}}
			for _, by := range []authz.Actor{staff, {AccountID: 2, Kind: authz.Citizen}, authz.System("epuskesmas")} {
				e := unservedEntry(mv, by)
				if e.ObjectID != 9 || e.UnitID != 4 || e.Outcome != string(s.To) || !slices.Contains(LedgerKinds(), e.Kind) || (e.Actor.PersonID == 5) != by.IsStaff() || (e.Position.ID == 6) != by.IsStaff() {
					t.Errorf("%s in %q: %+v", action, from, e)
				}
			}
		}
	}
	if len(ways) != 4 {
		t.Errorf("numbers end unserved as %v", ways)
	}
}
