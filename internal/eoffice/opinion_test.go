package eoffice

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Every action in every status, on a letter in every status, current or changed since, by
// who asked, who is asked, and somebody else.
func TestEveryPairOfAnOpinion(t *testing.T) {
	t.Parallel()
	by := func(desk int64) Moment {
		return Moment{Now: start, Actor: authz.Actor{AccountID: 1, Kind: authz.Staff, PersonID: 5}, Seats: []Seat{{PositionID: desk, Kind: "definitif"}}}
	}
	const asker, desk, stranger = 1, 2, 3
	for _, from := range append([]Status{""}, OpinionStatuses...) {
		for _, letter := range LetterStatuses {
			for _, stale := range []bool{false, true} {
				for _, action := range OpinionActions {
					o := Opinion{AskerID: asker, DeskID: desk, LetterStatus: letter, LetterVersion: 2}
					o.Seq, o.Status, o.Version = 3, from, 2
					if stale {
						o.Version = 1
					}
					name := fmt.Sprintf("%s in %q on a letter in %s, stale %v", action, from, letter, stale)
					live := letter == Verifying || letter == AwaitingSign
					who, to := int64(asker), Status("")
					switch {
					case action == ActAsk && from == "":
						to = Asked
					case action == ActOpine && (from == Asked || from == Answered):
						who, to = desk, Answered
					case action == ActCancel && (from == Asked || from == Answered && stale):
						to = Cancelled
					case action == ActAskAgain && from == Answered && stale:
						to = Asked
					}
					_, wrong := DecideOpinion(&o, by(stranger), Intent{Action: action})
					e, err := DecideOpinion(&o, by(who), Intent{Action: action})
					if to == "" || !live {
						if errs.KindOf(err) != errs.Conflict || wrong == nil {
							t.Errorf("%s: %v and %v for a stranger, want a refusal", name, err, wrong)
						}
						continue
					}
					if err != nil || e.To != to || e.From != from || e.Seq != 4 || e.Role == "" || e.PositionID != who {
						t.Errorf("%s: %+v, %v, want %s", name, e, err, to)
					}
					if errs.KindOf(wrong) != errs.Forbidden {
						t.Errorf("%s by a stranger: %v", name, wrong)
					}
				}
			}
		}
	}
}

func TestSigningWaitsForOpinions(t *testing.T) {
	t.Parallel()
	for _, mode := range []Mode{Electronic, Wet} {
		c, mo := pairCase(AwaitingSign), everything("definitif")
		c.Mode, c.Awaited = mode, 1
		action := ActSign
		if mode == Wet {
			action = ActPrint
		}
		if err := Allowed(&c, mo, action); errs.KindOf(err) != errs.Conflict || !strings.Contains(errs.MessageOf(err), "pendapat wajib") {
			t.Errorf("%s: %v", mode, err)
		}
		c.Awaited = 0
		if err := Allowed(&c, mo, action); err != nil {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

func (c *city) opinions(w worker, id int64) []OpinionView { return c.open(w, id).Opinions }

// sameOpinions fails unless each row is the replay of its events.
func (c *city) sameOpinions(letter int64) {
	c.t.Helper()
	for _, o := range must(pg.Many[Opinion](c.ctx, c.db.Pool, strings.Replace(sqlOpinions, "AND o.status <> 'dibatalkan'", "", 1), letter, true, []int64{}))(c) {
		events := must(pg.Many[Event](c.ctx, c.db.Pool, strings.Replace(sqlEvents, "'naskah'", "'pendapat'", 1), o.ID))(c)
		s, err := ReplayOpinion(events)
		c.must(err)
		if d := cmp.Diff(o.OpinionState, s, cmpopts.EquateEmpty(), cmpopts.EquateApproxTime(0)); d != "" {
			c.t.Errorf("opinion %d is not what its events say:\n%s", o.ID, d)
		}
	}
}

func must[T any](v T, err error) func(*city) T {
	return func(c *city) T {
		c.t.Helper()
		c.must(err)
		return v
	}
}

// Asked in parallel, answered, void after an edit, answered again; the letter is signed only
// then. A confidential letter asks only who is named on it.
func TestOpinionsOnALetter(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	id := c.submit(p, p.draft())
	due := c.clock.Now().Add(72 * time.Hour)
	ask := Asking{Desks: []int64{p.other.desk, p.third.desk}, Question: "Apakah anggarannya ada?", Due: due, Mandatory: true}

	if _, err := c.Open(c.ctx, p.third.Actor, id); errs.KindOf(err) != errs.NotFound {
		t.Fatalf("who was not asked sees it: %v", err)
	}
	errstest.Kind(t, c.AskOpinions(c.ctx, p.stranger.Actor, Act{ID: id}, ask), errs.NotFound)
	errstest.Kind(t, c.AskOpinions(c.ctx, p.head.Actor, Act{ID: id}, ask), errs.NotFound) // not on their desk yet
	for control, wrong := range map[string]Asking{
		ControlAsked:    {Due: due},
		ControlQuestion: {Desks: ask.Desks, Due: due, Question: strings.Repeat("x", 1001)},
		ControlDue:      {Desks: ask.Desks, Due: c.clock.Now().Add(-time.Minute)},
	} {
		errstest.Field(t, c.AskOpinions(c.ctx, p.drafter.Actor, Act{ID: id}, wrong), control)
	}
	errstest.Field(t, c.AskOpinions(c.ctx, p.drafter.Actor, Act{ID: id}, Asking{Desks: []int64{p.drafter.desk}, Due: due}), ControlAsked)
	vacant := one[int64](c, `INSERT INTO org_position (unit_id, title, kind) VALUES ($1, 'Kosong', 'pelaksana') RETURNING id`, c.unit("BAPPEDA"))
	err := c.AskOpinions(c.ctx, p.drafter.Actor, Act{ID: id}, Asking{Desks: []int64{vacant}, Due: due})
	if errstest.Field(t, err, ControlAsked); !strings.Contains(errs.FieldsOf(err)[0].Message, "Pilih ") {
		t.Errorf("no other desk is offered: %v", errs.FieldsOf(err))
	}
	c.must(c.AskOpinions(c.ctx, p.drafter.Actor, Act{ID: id}, ask))
	errstest.Field(t, c.AskOpinions(c.ctx, p.verifier.Actor, Act{ID: id}, ask), ControlAsked) // both were asked already

	if n := must(c.Counts(c.ctx, p.other.Actor))(c)[ToOpine].N; n != 1 {
		t.Errorf("%d letters wait for Bappeda's opinion", n)
	}
	rows, _, err := c.Desk(c.ctx, p.third.Actor, ToOpine, nil)
	if c.must(err); len(rows) != 1 || rows[0].ID != id || rows[0].DueAt == nil || !rows[0].DueAt.Equal(due) {
		t.Errorf("the queue is %+v", rows)
	}
	mine := func(w worker) OpinionView {
		t.Helper()
		list := c.opinions(w, id)
		i := slices.IndexFunc(list, func(o OpinionView) bool { return o.DeskID == w.desk })
		if i < 0 {
			t.Fatalf("%+v are the opinions", list)
		}
		return list[i]
	}
	o := mine(p.other)
	errstest.Field(t, c.Opine(c.ctx, p.other.Actor, Act{ID: o.ID}, Answer{Stance: "x"}), ControlStance)
	errstest.Field(t, c.Opine(c.ctx, p.other.Actor, Act{ID: o.ID}, Answer{Stance: Disapproves}), ControlRemark)
	errstest.Kind(t, c.Opine(c.ctx, p.third.Actor, Act{ID: o.ID}, Answer{Stance: Agrees}), errs.NotFound) // it is Bappeda that was asked
	errstest.Kind(t, c.Opine(c.ctx, p.stranger.Actor, Act{ID: o.ID}, Answer{Stance: Agrees}), errs.NotFound)
	c.must(c.Opine(c.ctx, p.other.Actor, Act{ID: o.ID, Version: o.Seq, Content: 1}, Answer{Stance: AgreesIf, Words: "Tambahkan pagu anggarannya."}))
	errstest.Kind(t, c.Opine(c.ctx, p.other.Actor, Act{ID: o.ID, Version: o.Seq}, Answer{Stance: Agrees}), errs.Conflict)

	c.toSign(p, id)
	errstest.Kind(t, c.sign(p.head, id).Err, errs.Conflict) // Dishub has not answered
	c.must(c.BackOne(c.ctx, p.head.Actor, Act{ID: id, Reason: "Diubah dahulu"}))
	_, err = c.Edit(c.ctx, p.second.Actor, Act{ID: id}, Content{Subject: "Perbaikan drainase", Body: "<p>Dengan pagu anggaran.</p>"})
	c.must(err)
	if o := mine(p.other); !o.Stale() || o.Version != 1 || !o.Awaited() {
		t.Errorf("after the edit it is %+v", o.Opinion)
	}
	errstest.Kind(t, c.Opine(c.ctx, p.other.Actor, Act{ID: o.ID, Content: 1}, Answer{Stance: Agrees}), errs.Conflict)
	if n := must(c.Counts(c.ctx, p.other.Actor))(c)[ToOpine].N; n != 1 {
		t.Errorf("%d letters wait for the opinion that is void", n)
	}
	if n := one[int](c, `SELECT count(*) FROM notify_message WHERE object_id = $1 AND subject LIKE 'Naskah berubah, pendapat%'`, id); n != 1 {
		t.Errorf("%d were told that their opinion is void, want the one who had given it", n)
	}
	c.paraf(p.second, id)
	c.paraf(p.verifier, id)
	c.open(p.head, id)
	for _, w := range []worker{p.other, p.third} {
		o := mine(w)
		c.must(c.Opine(c.ctx, w.Actor, Act{ID: o.ID}, Answer{Stance: Agrees}))
	}
	c.must(c.sign(p.head, id).Err)
	errstest.Kind(t, c.Opine(c.ctx, p.other.Actor, Act{ID: o.ID}, Answer{Stance: Disapproves, Words: "Terlambat sekali"}), errs.Conflict)
	c.sameOpinions(id)
	c.sameAsReplay(t, id)

	secret := p.draft()
	secret.Secrecy = Secret
	id = c.submit(p, secret)
	errstest.Field(t, c.AskOpinions(c.ctx, p.drafter.Actor, Act{ID: id}, Asking{Desks: []int64{p.third.desk}, Due: due}), ControlAsked)
	c.must(c.AskOpinions(c.ctx, p.verifierOpens(c, id).Actor, Act{ID: id}, Asking{Desks: []int64{p.head.desk}, Due: due, Question: "Layak dirahasiakan?"}))
	if n := one[int](c, `SELECT count(*) FROM eoffice_opinion WHERE letter_id = $1 AND question = '' AND question_sealed IS NOT NULL`, id); n != 1 {
		t.Error("the question on a secret letter is not sealed")
	}
	o = mine(p.head)
	if o.QuestionText != "Layak dirahasiakan?" {
		t.Errorf("it reads %q", o.QuestionText)
	}
	c.must(c.Opine(c.ctx, p.head.Actor, Act{ID: o.ID}, Answer{Stance: Disapproves, Words: "Cukup terbatas saja"}))
	if n := one[int](c, `SELECT count(*) FROM eoffice_event WHERE letter_id = $1 AND (reason || detail::text) LIKE '%terbatas saja%'`, id); n != 0 {
		t.Error("what was said of a secret letter is in the open")
	}
	c.sameOpinions(id)
}

func (p people) verifierOpens(c *city, id int64) worker {
	c.open(p.verifier, id)
	return p.verifier
}

// Each desk is reminded once, whoever runs the job and how often.
func TestOpinionsAreRemindedOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	id := c.submit(p, p.draft())
	c.must(c.AskOpinions(c.ctx, p.drafter.Actor, Act{ID: id}, Asking{Desks: []int64{p.other.desk, p.third.desk}, Due: c.clock.Now().Add(72 * time.Hour)}))
	if n := must(c.RemindOpinions(c.ctx))(c); n != 0 {
		t.Errorf("%d were reminded three days before", n)
	}
	c.clock.Set(start.Add(50 * time.Hour))
	var wait sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for range 4 {
		wait.Go(func() {
			n, err := c.RemindOpinions(c.ctx)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			total += n
			mu.Unlock()
		})
	}
	wait.Wait()
	if total != 2 {
		t.Errorf("%d reminders, want 2", total)
	}
}

// While a signer signs, somebody asks for a mandatory opinion: either it was signed before,
// or signing waits. Two answers at once are one answer.
func TestAskingAndSigningAtOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	due := c.clock.Now().Add(72 * time.Hour)
	for range 6 {
		id := c.submit(p, p.draft())
		c.toSign(p, id)
		var wait sync.WaitGroup
		var asked, signed error
		wait.Go(func() {
			asked = c.AskOpinions(c.ctx, p.drafter.Actor, Act{ID: id}, Asking{Desks: []int64{p.other.desk}, Due: due, Mandatory: true})
		})
		wait.Go(func() { signed = c.sign(p.head, id).Err })
		wait.Wait()
		n := one[int](c, `SELECT count(*) FROM eoffice_opinion WHERE letter_id = $1`, id)
		if (asked == nil) == (signed == nil) || (asked == nil) != (n == 1) {
			t.Fatalf("asked: %v, signed: %v, %d opinions", asked, signed, n)
		}
		if asked != nil {
			continue
		}
		o := c.opinions(p.other, id)[0]
		var first, second error
		wait.Go(func() { first = c.Opine(c.ctx, p.other.Actor, Act{ID: o.ID, Version: o.Seq}, Answer{Stance: Agrees}) })
		wait.Go(func() { second = c.Opine(c.ctx, p.other.Actor, Act{ID: o.ID, Version: o.Seq}, Answer{Stance: Agrees}) })
		wait.Wait()
		if (first == nil) == (second == nil) {
			t.Fatalf("two answers at once: %v and %v", first, second)
		}
		c.must(c.sign(p.head, id).Err)
		c.sameOpinions(id)
	}
}
