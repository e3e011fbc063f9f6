package eoffice

import (
	"slices"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// Every cell of the tables of letters, recipients and orders, by staff and by the portal.
func TestEveryStepLeavesItsEntry(t *testing.T) {
	t.Parallel()
	since, due := start.Add(-2*time.Hour), start.Add(time.Hour)
	staff := everything("definitif")
	staff.Seats[0].OccupancyID, staff.Seats[0].UnitID = 7, 8
	portal := staff
	portal.Actor, portal.Seats = authz.System("uji"), nil
	minutes := (&calendar.Calendar{}).WorkingMinutes(since, start)
	check := func(kind string, from, to Status, work bool, mo Moment, object string, got workledger.Event, ok bool) {
		t.Helper()
		person := mo.Actor.PersonID != 0
		if wanted := work && (person || from != to); ok != wanted {
			t.Errorf("%s in %q by %s: an entry is %v, want %v", kind, from, mo.Actor.Kind, ok, wanted)
			return
		}
		if !ok {
			return
		}
		bad := got.Module != "eoffice" || got.Kind != kind || got.Object != object || got.ObjectID != 9 || got.ThreadID == 0 || got.UnitID != 4 ||
			got.Outcome != string(to) || got.StartedAt == nil || got.WorkingMinutes != minutes || len(got.Strata) == 0
		if bad || got.Actor.PersonID != mo.Actor.PersonID || person != (got.Position == authz.Position{ID: 1, OccupancyID: 7, UnitID: 8, Title: "Meja 1", Kind: "definitif"}) {
			t.Errorf("%s in %q: %+v", kind, from, got)
		}
		if !slices.Contains(LedgerKinds(), kind) {
			t.Errorf("%s is not declared", kind)
		}
	}
	for _, mo := range []Moment{staff, portal} {
		for _, from := range append([]Status{""}, LetterStatuses...) {
			for _, action := range LetterActions {
				for _, to := range Leads(from, action) {
					c := pairCase(from)
					c.ID, c.UnitID, c.DueAt = 9, 4, &due
					got, ok := letterEntry(&c, mo, Event{Action: action, From: from, To: to, PositionID: 1}, since)
					check("naskah_"+string(action), from, to, !notWork[action], mo, object, got, ok)
					if ok && (got.DueAt != &due || got.ThreadID != 9 || got.Strata["tertutup"] != "") {
						t.Errorf("%s in %q: %+v", action, from, got)
					}
					c.Secrecy = Secret
					if got, ok := letterEntry(&c, mo, Event{Action: action, From: from, To: to, PositionID: 1}, since); ok && got.Strata["tertutup"] != "ya" {
						t.Errorf("%s in %q of a secret letter may be drawn: %+v", action, from, got)
					}
				}
			}
		}
		for from, cells := range RecipientSteps {
			for action, s := range cells {
				r := Recipient{ID: 9, LetterID: 3, Role: "kepada", PositionID: 6}
				got, ok := recipientEntry(&r, RecipientState{StatusAt: since, DueAt: &due}, 4, mo, Event{Action: action, From: from, To: s.To, PositionID: 1})
				check("kiriman_"+string(action), from, s.To, action != ActOpen, mo, recipientObject, got, ok)
				if ok && (got.DueAt != &due || got.ThreadID != 3 || got.HolderID != 6) {
					t.Errorf("%s in %q: %+v", action, from, got)
				}
			}
		}
		for from, cells := range OrderSteps {
			for action, s := range cells {
				was := Order{OrderState: OrderState{Status: from, StatusAt: since}}
				o := &orderAct{mo: mo, Order: Order{ID: 9, LetterID: 3, FromID: 1, FromUnit: 4, ToID: 2, ToUnit: 4, OrderState: OrderState{Status: s.To, DueAt: &due}}}
				got, ok := orderEntry(&was, o, Event{Action: action, From: from, To: s.To, PositionID: 1, Minutes: minutes}, &due)
				check("disposisi_"+string(action), from, s.To, !notOrderWork[action], mo, orderObject, got, ok)
				if ok && (got.DueAt != &due || got.ThreadID != 3 || got.HolderID != o.Holder()) {
					t.Errorf("%s in %q: %+v", action, from, got)
				}
			}
		}
	}
	o := &Opinion{ID: 9, LetterID: 3, DeskUnit: 4}
	o.Stance = "setuju"
	got := opinionEntry(o, OpinionState{StatusAt: since, DueAt: due}, &Case{State: State{Urgency: Ordinary}}, staff, Event{Action: ActOpine, To: Answered, PositionID: 1, Minutes: minutes})
	check("pendapat", Asked, "setuju", true, staff, opinionObject, got, true)
}
