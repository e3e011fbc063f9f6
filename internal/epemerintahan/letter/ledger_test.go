package letter

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// Every cell of the table, by staff, by the applicant, by a neighbour and by the portal.
func TestEveryStepLeavesItsEntry(t *testing.T) {
	t.Parallel()
	since, due := start.Add(-2*time.Hour), start.Add(time.Hour)
	staff := authz.Actor{AccountID: 1, Kind: authz.Staff, PersonID: 5, Positions: []authz.Position{{ID: 6, OccupancyID: 7, UnitID: 8}}}
	n := 0
	for _, from := range append([]Status{""}, Statuses...) {
		for _, action := range Actions {
			for _, to := range Leads(from, action) {
				for _, by := range []struct {
					actor  authz.Actor
					role   Role
					person bool
				}{{staff, AsOperator, true}, {staff, AsApplicant, false}, {authz.Actor{AccountID: 2, Kind: authz.Citizen}, AsApplicant, false}, {authz.System("uji"), AsSystem, false}} {
					n++
					c := &Case{ID: 9, KindCode: "SKD", Mode: Wet, KelurahanID: 4, State: State{Status: from, DueAt: &due}}
					e := Event{Action: action, From: from, To: to, Role: by.role.String()}
					got, ok := ledgerEntry(c, Moment{Now: start, Actor: by.actor, Cal: &calendar.Calendar{}}, e, since)
					want := workledger.Event{
						UnitID: 4, Module: "epemerintahan", Kind: "surat_" + string(action), Object: "epemerintahan_letter", ObjectID: 9, Outcome: string(to),
						StartedAt: &since, DueAt: &due, NextDueAt: Apply(c.State, e).DueAt, WorkingMinutes: (&calendar.Calendar{}).WorkingMinutes(since, start),
						Strata: map[string]string{"jenis": "SKD", "cara": string(Wet)},
					}
					wanted := from != to && !notWork[action]
					if by.person {
						want.Actor, want.Position, wanted = staff, staff.Positions[0], !notWork[action]
					}
					if ok != wanted {
						t.Errorf("%s in %q by %v: an entry is %v, want %v", action, from, by.role, ok, wanted)
					} else if d := cmp.Diff(want, got); ok && d != "" {
						t.Errorf("%s in %q by %v: %s", action, from, by.role, d)
					}
					if ok && !slices.Contains(LedgerKinds(), got.Kind) {
						t.Errorf("%s is not declared", got.Kind)
					}
				}
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d cells", n)
	}
}
