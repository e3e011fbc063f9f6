package eoffice

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest/walks"
)

var pace = Pace{Code: Ordinary, StepMinutes: 900, DispatchMinutes: 900, ActionMinutes: 2250}

// everything is somebody who sits at desks 1 to 9 and is tata usaha of the city.
func everything(seat string) Moment {
	m := Moment{Now: start, Pace: pace, Cal: &calendar.Calendar{}, Actor: authz.Actor{AccountID: 1, Kind: authz.Staff, PersonID: 5, Grants: []authz.Grant{{Permission: PermRegister, UnitID: 1}}}}
	for p := range int64(9) {
		m.Seats = append(m.Seats, Seat{PositionID: p + 1, Kind: seat, Title: fmt.Sprint("Meja ", p+1)})
	}
	return m
}

func pairCase(from Status) Case {
	c := Case{ID: 1, Ancestors: []int64{1, 2}, DrafterID: 1, DraftedBy: 1}
	c.State = State{Seq: 3, Status: from, Secrecy: Open, Urgency: Ordinary, Mode: Electronic, Version: 2, Step: 1, StatusAt: start, Chain: []Link{
		{PositionID: 2, Duty: Paraf, Version: 2}, {PositionID: 3, Duty: Paraf}, {PositionID: 4, Duty: Sign}, {PositionID: 5, Duty: Sign},
	}}
	switch from {
	case AwaitingSign, Signing, Printed:
		c.Step, c.Chain[1].Version = 2, 2
	}
	c.DeskID = deskOf(c.State, 1)
	return c
}

// Every action in every status, by somebody who is everything to the letter, by the system,
// and by somebody who is nothing.
func TestEveryPairOfALetter(t *testing.T) {
	t.Parallel()
	bySystem := []Action{ActSignFail, ActRevoke, ActDestroy}
	for _, from := range append([]Status{""}, LetterStatuses...) {
		for _, action := range LetterActions {
			c, mo := pairCase(from), everything("definitif")
			if slices.Contains(bySystem, action) {
				mo.Actor = authz.System("uji")
			}
			switch action {
			case ActPrint:
				c.Mode = Wet
			case ActRaise:
				c.Addressees = []int64{9}
			case ActLower:
				c.Secrecy = Restricted
			case ActWaive:
				c.Strategic = true
			}
			name := fmt.Sprintf("%s in %q", action, from)
			in := Intent{Action: action}
			if action == ActSubmit {
				in.Change = Change{Chain: c.Chain, Version: 2}
			}
			e, err := Decide(&c, mo, in)
			_, stranger := Decide(&c, Moment{Now: start, Pace: pace, Cal: mo.Cal, Actor: authz.Actor{AccountID: 9, Kind: authz.Citizen}}, in)
			to := Leads(from, action)
			if len(to) == 0 {
				if errs.KindOf(err) != errs.Conflict || errs.KindOf(stranger) != errs.Conflict {
					t.Errorf("%s: got %v and %v for a stranger, want a conflict", name, err, stranger)
				}
				continue
			}
			if errs.KindOf(stranger) != errs.Forbidden {
				t.Errorf("%s by a stranger: %v", name, stranger)
			}
			if err != nil || !slices.Contains(to, e.To) || e.From != from || e.Seq != 4 || e.Role == "" {
				t.Errorf("%s: got %+v, %v, want one of %v", name, e, err, to)
				continue
			}
			next := Apply(c.State, 1, e)
			if open := next.DeskID != 0; open != slices.Contains([]Status{Drafting, Mending, Verifying, AwaitingSign, Signing, Printed}, e.To) {
				t.Errorf("%s: it lies at %d", name, next.DeskID)
			}
		}
	}
}

// Every action on a recipient in every status.
func TestEveryPairOfARecipient(t *testing.T) {
	t.Parallel()
	for _, copied := range []bool{false, true} {
		for _, outsider := range []bool{false, true} {
			for _, from := range RecipientStatuses {
				for _, action := range RecipientActions {
					r := Recipient{RecipientState: RecipientState{Seq: 1, Status: from}, ID: 1, Role: "kepada", UnitID: 7, Ancestors: []int64{1, 7}, PositionID: 9, LetterAncestors: []int64{1, 2}}
					if copied {
						r.Role = "tembusan"
					}
					if outsider {
						r.UnitID, r.PositionID, r.Ancestors = 0, 0, nil
					}
					e, err := DecideRecipient(&r, everything("definitif"), Intent{Action: action})
					s, known := RecipientSteps[from][action]
					if !known {
						errstest.Kind(t, err, errs.Conflict)
						continue
					}
					if err == nil && (e.To != s.To || e.Seq != 2) {
						t.Errorf("%s in %s: %+v", action, from, e)
					}
					if err != nil && errs.KindOf(err) != errs.Conflict && errs.KindOf(err) != errs.Forbidden {
						t.Errorf("%s in %s: %v", action, from, err)
					}
					if _, err := DecideRecipient(&r, Moment{Now: start, Actor: authz.Actor{Kind: authz.Staff, AccountID: 9}}, Intent{Action: action}); errs.KindOf(err) != errs.Forbidden {
						t.Errorf("%s in %s by a stranger: %v", action, from, err)
					}
					if err == nil && copied && (e.To == Followed || e.To == Done || e.To == TakenIn || e.To == GivenBack) {
						t.Errorf("a copy came to %s", e.To)
					}
				}
			}
		}
	}
}

// Who only stands in signs no letter that changes somebody's standing.
func TestWhoStandsInSignsNothingStrategic(t *testing.T) {
	t.Parallel()
	for _, seat := range []string{"definitif", "plt", "plh"} {
		c := pairCase(AwaitingSign)
		c.Strategic = true
		err := Allowed(&c, everything(seat), ActSign)
		if seat == "definitif" && err != nil || seat != "definitif" && errs.KindOf(err) != errs.Forbidden {
			t.Errorf("%s: %v", seat, err)
		}
		if c.Waived = true; Allowed(&c, everything(seat), ActSign) != nil {
			t.Errorf("%s does not sign with a mandate", seat)
		}
	}
}

// However a chain is walked, nothing is signed to which not everybody before has agreed.
func TestNothingIsSignedThatSomebodyHasNotSeen(t *testing.T) {
	t.Parallel()
	walks.Check(t, func(r *rapid.T) {
		c, mo := pairCase(Drafting), everything("definitif")
		c.Seq, c.Version, c.Step = 0, 0, 0
		n := rapid.IntRange(0, 5).Draw(r, "paraf")
		c.Chain = nil
		for i := range n {
			c.Chain = append(c.Chain, Link{PositionID: int64(2 + i), Duty: Paraf})
		}
		c.Chain = append(c.Chain, Link{PositionID: 8, Duty: Sign})
		content := 1
		for range 30 {
			var possible []Action
			for _, a := range ActionsFor(&c, mo) {
				if a != ActWithdraw && a != ActPrint {
					possible = append(possible, a)
				}
			}
			if c.Status == Signing {
				mo.Actor.Kind = authz.Staff
			}
			if len(possible) == 0 {
				break
			}
			in := Intent{Action: rapid.SampledFrom(possible).Draw(r, "action"), Reason: "Alasan"}
			switch in.Action {
			case ActSubmit:
				if rapid.Bool().Draw(r, "changed") {
					content++
				}
				in.Change = Change{Chain: c.Chain, Version: content}
			case ActEdit:
				content++
				in.Change = Change{Version: content}
			}
			e, err := Decide(&c, mo, in)
			if err != nil {
				r.Fatal(err)
			}
			c.State = Apply(c.State, 1, e)
			if in.Action == ActSign {
				for _, l := range c.Chain[:c.Step] {
					if l.Version != c.Version {
						r.Fatalf("signing version %d with %+v", c.Version, c.Chain)
					}
				}
			}
			if c.Status == Signed {
				for _, l := range c.Chain {
					if l.Version != c.Version {
						r.Fatalf("signed version %d with %+v", c.Version, c.Chain)
					}
				}
				break
			}
		}
	})
}

func (c *city) events(id int64) []Event {
	c.t.Helper()
	es, err := pg.Many[Event](c.ctx, c.db.Pool, sqlEvents, id)
	c.must(err)
	return es
}

// sameAsReplay fails unless the events tell the whole story of the rows.
func (c *city) sameAsReplay(t interface{ Fatalf(string, ...any) }, id int64) {
	c.t.Helper()
	row, err := readCase(c.ctx, c.db.Pool, id, 0, c.clock.Now())
	c.must(err)
	told, err := Replay(row.DrafterID, c.events(id))
	if err != nil {
		t.Fatalf("letter %d: %v", id, err)
	}
	if d := cmp.Diff(row.State, told, cmpopts.EquateEmpty()); row.Seq > 0 && d != "" {
		t.Fatalf("letter %d (-row +events):\n%s", id, d)
	}
	all, err := pg.Many[Recipient](c.ctx, c.db.Pool, sqlRecipients, id)
	c.must(err)
	for _, r := range all {
		es, err := pg.Many[Event](c.ctx, c.db.Pool, `SELECT seq, action, from_status AS "from", to_status AS "to", at, COALESCE(actor_id, 0) AS actor_id,
			COALESCE(position_id, 0) AS position_id, occupancy AS seat, title, role, minutes, reason, detail AS change
			FROM eoffice_event WHERE object = 'kiriman' AND object_id = $1 ORDER BY seq`, r.ID)
		c.must(err)
		s := RecipientState{Status: Prepared}
		for i, e := range es {
			if e.Seq != i+1 || e.From != s.Status {
				t.Fatalf("recipient %d: event %+v after %+v", r.ID, e, s)
			}
			s = ApplyRecipient(s, e)
		}
		if d := cmp.Diff(r.RecipientState, s, cmpopts.EquateEmpty()); len(es) > 0 && d != "" {
			t.Fatalf("recipient %d (-row +events):\n%s", r.ID, d)
		}
	}
}

// Random people do random things. Whatever happens is in the table, and the events tell the
// whole story of the rows.
func TestRandomWalks(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	everybody := []worker{p.drafter, p.verifier, p.second, p.head, p.clerk, p.other, p.otherClerk, p.stranger, p.third}
	walks.Check(t, func(r *rapid.T) {
		d := p.draft()
		d.Secrecy = rapid.SampledFrom([]Secrecy{Open, Restricted, Secret}).Draw(r, "secrecy")
		id := c.begin(p, d)
		for range rapid.IntRange(3, 16).Draw(r, "steps") {
			c.clock.Advance(time.Duration(rapid.IntRange(0, 90).Draw(r, "minutes")) * time.Minute)
			before := c.state(id)
			who := rapid.SampledFrom(everybody).Draw(r, "who")
			if w := rapid.SampledFrom([]string{"desk", "anybody"}).Draw(r, "desk"); w == "desk" {
				for _, x := range everybody {
					if x.desk == before.DeskID {
						who = x
					}
				}
			}
			if _, err := c.Open(c.ctx, who.Actor, id); err != nil {
				errstest.Kind(t, err, errs.NotFound)
			}
			act := Act{ID: id, Reason: "Alasan yang cukup panjang"}
			var err error
			switch rapid.IntRange(0, 9).Draw(r, "action") {
			case 0, 1:
				_, err = c.Submit(c.ctx, who.Actor, act)
			case 2, 3, 4:
				_, err = c.Paraf(c.ctx, who.Actor, act)
			case 5:
				_, err = c.Edit(c.ctx, who.Actor, act, Content{"Perbaikan drainase", fmt.Sprintf("<p>Isi yang ke-%d.</p>", c.count.Add(1))})
			case 6:
				err = c.Return(c.ctx, who.Actor, act)
			case 7:
				err = c.BackOne(c.ctx, who.Actor, act)
			case 8:
				err = c.Sign(c.ctx, who.Actor, []Act{act}, Passphrase{})[0].Err
			case 9:
				_, err = c.Send(c.ctx, who.Actor, act)
			}
			after := c.state(id)
			if err != nil {
				if k := errs.KindOf(err); k != errs.Conflict && k != errs.Forbidden && k != errs.NotFound && k != errs.Unprocessable {
					r.Fatalf("in %s: %v", before.Status, err)
				}
				if d := cmp.Diff(before, after); d != "" {
					r.Fatalf("what was refused changed the letter: %s", d)
				}
			}
			if before.LetterNo != 0 && after.LetterNo != before.LetterNo {
				r.Fatalf("number %d became %d", before.LetterNo, after.LetterNo)
			}
		}
		c.sameAsReplay(r, id)
	})
}

// A letter from outside takes its number once, and is directed with it, again only when it
// came back. Those of the offices never are.
func TestOnlyNumberedArrivalsAreDirected(t *testing.T) {
	t.Parallel()
	for _, outside := range []bool{false, true} {
		for _, no := range []int64{0, 7} {
			for _, from := range RecipientStatuses {
				r := Recipient{RecipientState: RecipientState{Seq: 1, Status: from, AgendaNo: no, AgendaYear: 2026}, Role: "kepada", UnitID: 7, Ancestors: []int64{1, 7},
					PositionID: 9, LetterAncestors: []int64{1, 7}, Outside: outside}
				decide := func(a Action, ch Change) (Event, error) {
					return DecideRecipient(&r, everything("definitif"), Intent{Action: a, Change: ch})
				}
				e, err := decide(ActDirect, Change{})
				if may := outside && no != 0 && (from == Prepared || from == GivenBack); may != (err == nil) {
					t.Errorf("outside %v, number %d: direct in %s: %v", outside, no, from, err)
				} else if may && (e.To != TakenIn || ApplyRecipient(r.RecipientState, e).AgendaNo != no) {
					t.Errorf("directed in %s: %+v", from, e)
				}
				if from == GivenBack {
					if _, err := decide(ActResend, Change{}); (err == nil) == outside {
						t.Errorf("outside %v: sent again: %v", outside, err)
					}
				}
				if from != Prepared {
					continue
				}
				e, err = decide(ActTakeIn, Change{Year: 2026, No: 8})
				if may := outside && no == 0; may != (err == nil) {
					t.Errorf("outside %v, number %d: taken in: %v", outside, no, err)
				} else if may && (e.To != Prepared || ApplyRecipient(r.RecipientState, e).AgendaNo != 8) {
					t.Errorf("taken in: %+v", e)
				}
			}
		}
	}
}
