package letter

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest/walks"
)

// bySystem are the steps that nobody takes but the program.
var bySystem = []Action{ActSignFail}

// TestEveryPair asks for every action in every status, by somebody who is everything to
// the letter, by the system, and by somebody who is nothing.
func TestEveryPair(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	cal, err := calendar.Load(c.ctx, c.db.Pool, c.unit(kassiKassi))
	c.must(err)
	everything := authz.Actor{AccountID: 1, Kind: authz.Staff, PersonID: 5}
	for _, p := range []authz.Permission{PermView, PermCheck, PermParaf, PermSign, PermSignFor} {
		everything.Grants = append(everything.Grants, authz.Grant{Permission: p, UnitID: 1})
	}
	for _, mode := range []Mode{Electronic, Wet} {
		for _, from := range append([]Status{""}, Statuses...) {
			for _, action := range Actions {
				dated := start
				l := Case{
					State:     State{Status: from, Seq: 3, SigningFrom: AwaitingSign, DatedAt: &dated},
					AccountID: 1, Ancestors: []int64{1, 2}, Mode: mode, CounterPrint: true,
				}
				if from.runs() {
					l.RunningSince = &dated
				}
				mo := Moment{Now: start.Add(time.Hour), Actor: everything, Neighbour: true, Heads: AsLurah | AsCamat, Cal: cal, Promised: 60, Effect: OfferDeath}
				if slices.Contains(bySystem, action) {
					mo.Actor = authz.System("uji")
				}
				name := fmt.Sprintf("%s in %q (%s)", action, from, mode)
				e, err := Decide(&l, mo, Intent{Action: action})
				_, stranger := Decide(&l, Moment{Now: start, Cal: cal, Actor: authz.Actor{AccountID: 9, Kind: authz.Citizen}}, Intent{Action: action})
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
				if refused := action == ActSign && mode == Wet && from == AwaitingSign || action == ActPrint && mode == Electronic; refused {
					errstest.Kind(t, err, errs.Conflict)
					continue
				}
				if from == Draft && err == nil && e.Role != AsApplicant.String() {
					t.Errorf("%s by %s", name, e.Role)
				}
				if err != nil || !slices.Contains(to, e.To) || e.From != from || e.Seq != 4 {
					t.Errorf("%s: got %+v, %v, want one of %v", name, e, err, to)
					continue
				}
				next := Apply(l.State, e)
				if (next.RunningSince != nil) != e.To.runs() || (next.DueAt != nil) != e.To.runs() && e.From != e.To && !from.runs() {
					t.Errorf("%s: the clock is at %v, due %v", name, next.RunningSince, next.DueAt)
				}
			}
		}
	}
}

// events of a letter, oldest first.
func (c *city) events(id int64) []Event {
	c.t.Helper()
	es, err := pg.Many[Event](c.ctx, c.db.Pool, sqlEvents, id)
	c.must(err)
	return es
}

// sameAsReplay fails unless the events tell the whole story of the row.
func (c *city) sameAsReplay(t interface{ Fatalf(string, ...any) }, id int64) {
	c.t.Helper()
	told, err := Replay(c.events(id))
	if err != nil {
		t.Fatalf("letter %d: %v", id, err)
	}
	if d := cmp.Diff(c.state(id), told, cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("letter %d (-row +events):\n%s", id, d)
	}
}

// TestRandomWalks lets random people do random things to letters of both modes.
// Whatever happens is in the table, and the events tell the whole story of the row.
func TestRandomWalks(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	c.electronic(kassiKassi, "DOM")
	citizen := c.citizen()
	c.exec(`INSERT INTO epemerintahan_office (kelurahan_id, code, updated_at) VALUES ($1, 'KSK', now())`, c.unit(kassiKassi))
	people := []authz.Actor{s.operator, s.secretary, s.lurah, s.camat, citizen, authz.System("uji"), {}}
	resident := c.resident(s.operator, kassiKassi, nil)[0]
	walks.Check(t, func(r *rapid.T) {
		code := rapid.SampledFrom([]string{"DOM", "USH"}).Draw(r, "kind")
		id, err := c.Enter(c.ctx, s.operator, c.entry(code, kassiKassi, resident))
		c.must(err)
		c.exec(`UPDATE epemerintahan_letter SET account_id = $2, with_camat = false WHERE id = $1`, id, citizen.AccountID)
		for range rapid.IntRange(1, 14).Draw(r, "steps") {
			c.clock.Advance(time.Duration(rapid.IntRange(0, 40).Draw(r, "minutes")) * time.Minute)
			before := c.state(id)
			who := people[rapid.IntRange(0, len(people)-1).Draw(r, "who")]
			// Mostly what is possible, so that walks get far.
			var possible []Action
			for a := range Steps[before.Status] {
				possible = append(possible, a)
			}
			slices.Sort(possible)
			action := rapid.SampledFrom(append(possible, Actions...)).Draw(r, "action")
			in := Intent{Reason: "Alasan yang cukup panjang"}
			_, err := c.act(c.ctx, caller{actor: who, id: id}, action, func(tx pgx.Tx, l *Case, mo Moment) (Intent, error) {
				var err error
				if action == ActSign || action == ActPrint {
					in.Change, err = c.number(c.ctx, tx, l, mo, false)
				}
				return in, err
			}, func(tx pgx.Tx, l *Case, e Event) error { return c.giveUp(c.ctx, tx, who, l, e) })
			after := c.state(id)
			if err != nil {
				if k := errs.KindOf(err); k != errs.Conflict && k != errs.Forbidden && k != errs.NotFound {
					r.Fatalf("%s in %s: %v", action, before.Status, err)
				}
				if d := cmp.Diff(before, after); d != "" {
					r.Fatalf("a refused %s changed the letter: %s", action, d)
				}
				continue
			}
			if !slices.Contains(Leads(before.Status, action), after.Status) {
				r.Fatalf("%s led from %s to %s", action, before.Status, after.Status)
			}
			if before.LetterNo != 0 && after.LetterNo != before.LetterNo {
				r.Fatalf("%s changed number %d to %d", action, before.LetterNo, after.LetterNo)
			}
		}
		c.sameAsReplay(r, id)
	})
}
