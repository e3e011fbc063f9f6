package mtr

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// Every cell of the table, by staff, by staff as the reporter, by the reporter and by the
// portal: who did it, where, what, what came of it, since when, until when and how long.
func TestEveryStepLeavesItsEntry(t *testing.T) {
	t.Parallel()
	since, due := start.Add(-2*time.Hour), start.Add(time.Hour)
	cal := &calendar.Calendar{}
	staff := authz.Actor{AccountID: 1, Kind: authz.Staff, PersonID: 5, Positions: []authz.Position{{ID: 6, OccupancyID: 7, UnitID: 8}}}
	for _, s := range Transitions() {
		for _, by := range []struct {
			actor  authz.Actor
			role   Role
			person bool
		}{{staff, AsHandler, true}, {staff, AsReporter, false}, {authz.Actor{AccountID: 2, Kind: authz.Citizen}, AsReporter, false}, {authz.System("uji"), AsSystem, false}} {
			c := &Case{ID: 9, CategoryCode: "jalan", Class: "lapangan", Proof: "foto", State: State{Status: s.From, StatusChangedAt: since, UnitID: 4, AssigneeID: 3, DueAt: &due}}
			e := Event{Action: s.Action, From: s.From, To: s.To, At: start, UnitID: 8, Role: by.role.String()}
			got, ok := ledgerEntry(c, Moment{Now: start, Actor: by.actor, Cal: cal}, e)
			want := workledger.Event{
				UnitID: 4, Module: "mtr", Kind: string(s.Action), Object: "mtr_report", ObjectID: 9, HolderID: Apply(c.State, e).AssigneeID, Outcome: string(s.To),
				StartedAt: &since, DueAt: &due, NextDueAt: Apply(c.State, e).DueAt, WorkingMinutes: int(cal.WorkingTime(since, start).Minutes()),
				Strata: map[string]string{"kategori": "jalan", "kelas": "lapangan", "bukti": "foto"},
			}
			if s.From == "" {
				at := start
				want.StartedAt, want.WorkingMinutes = &at, 0
			}
			wanted := s.From != s.To || s.Action == ActRate
			if by.person {
				want.Actor, want.Position, want.UnitID, wanted = staff, staff.Positions[0], 8, !notWork[s.Action]
				want.HolderUnitID = 4 // it lies with the unit in charge, not with theirs
			}
			if ok != wanted {
				t.Errorf("%v by %v: an entry is %v, want %v", s, by.role, ok, wanted)
			} else if d := cmp.Diff(want, got); ok && d != "" {
				t.Errorf("%v by %v: %s", s, by.role, d)
			}
			if ok && !slices.Contains(LedgerKinds(), got.Kind) {
				t.Errorf("%s is not declared", got.Kind)
			}
		}
	}
}
