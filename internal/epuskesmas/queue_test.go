package epuskesmas

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/platform/pgtest/walks"
)

// clinic is one poli with two rooms on a Tuesday morning, its session open.
type clinic struct {
	*Module
	t        testing.TB
	ctx      context.Context
	db       *pgtest.DB
	clock    *clock.Fake
	unit     int64
	poli     int64
	session  int64
	counters []int64
	caller   authz.Actor
}

func newClinic(t testing.TB) *clinic {
	t.Helper()
	db := pgtest.New(t)
	box, err := crypt.New(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	k := clock.NewFake(time.Date(2026, 11, 24, 8, 0, 0, 0, clock.Makassar))
	c := &clinic{Module: remembering(Deps{DB: db.Pool, Clock: k, Box: box, BaseURL: "https://portal.test"}), t: t, ctx: t.Context(), db: db, clock: k}
	c.unit = ask[int64](c, `SELECT id FROM org_unit WHERE code = 'PKM-KASSI-KASSI'`)
	c.do(`INSERT INTO epuskesmas_site (unit_id, slug, open, updated_at) VALUES ($1, 'kassi-kassi', true, now()) ON CONFLICT DO NOTHING`, c.unit)
	c.poli = ask[int64](c, `INSERT INTO epuskesmas_poli (unit_id, kind, letter, name, spoken) VALUES ($1, 'poli', 'A', 'Poli Umum', 'Poli Umum') RETURNING id`, c.unit)
	for i := range 2 {
		c.counters = append(c.counters, ask[int64](c, `INSERT INTO epuskesmas_counter (poli_id, name) VALUES ($1, $2) RETURNING id`, c.poli, fmt.Sprint("Ruang ", i+1)))
	}
	c.session = ask[int64](c, `INSERT INTO epuskesmas_session (unit_id, poli_id, day, starts_at, ends_at, quota, quota_online)
		VALUES ($1, $2, '2026-11-24', $3, $4, 2000, 2000) RETURNING id`, c.unit, c.poli, k.Now(), k.Now().Add(15*time.Hour))
	c.caller = authz.Actor{Kind: authz.Staff, Name: "Perawat", Grants: []authz.Grant{{Permission: PermCall, UnitID: c.unit}, {Permission: PermDesk, UnitID: c.unit}}}
	return c
}

func ask[T any](c *clinic, sql string, args ...any) (v T) {
	c.t.Helper()
	if err := c.db.Owner().QueryRow(c.ctx, sql, args...).Scan(&v); err != nil {
		c.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

func (c *clinic) do(sql string, args ...any) {
	c.t.Helper()
	if _, err := c.db.Owner().Exec(c.ctx, sql, args...); err != nil {
		c.t.Fatalf("%s: %v", sql, err)
	}
}

// number gives somebody a number, who is here or not.
func (c *clinic) number(class estimate.Class, here bool) int64 {
	c.t.Helper()
	var got taken
	err := pg.InTx(c.ctx, c.DBPool(), func(tx pgx.Tx) (err error) {
		visit, err := pg.Scalar[int64](c.ctx, tx, `INSERT INTO epuskesmas_visit (unit_id, day, token_sealed, token_hash, origin, created_at)
			VALUES ($1, '2026-11-24', '\x00', sha256(gen_random_uuid()::text::bytea), 'loket', now()) RETURNING id`, c.unit)
		if err != nil {
			return err
		}
		p := place{sessionID: c.session, visitID: visit, online: true, payer: General, class: class}
		if here {
			now := c.now()
			p.here = &now
		}
		got, err = take(c.ctx, tx, p, c.now())
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return got.ID
}

// DBPool is what the module works on.
func (c *clinic) DBPool() pg.Beginner { return c.db.Pool }

func (c *clinic) act(id int64, action Action) error {
	return c.Act(c.ctx, c.caller, id, 0, action, "karena uji")
}

func (c *clinic) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *clinic) next(counter int) int64 {
	c.t.Helper()
	id, err := c.Next(c.ctx, c.caller, c.counters[counter], 0)
	c.must(err)
	return id
}

func (c *clinic) status(id int64) Status {
	return Status(ask[string](c, `SELECT status FROM epuskesmas_ticket WHERE id = $1`, id))
}

func TestCallsFollowTheRules(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	late := c.number(estimate.Regular, false)
	var ids []int64
	for _, class := range []estimate.Class{estimate.Regular, estimate.Priority, estimate.Regular, estimate.Priority, estimate.Priority, estimate.Regular, estimate.Regular, estimate.Regular} {
		ids = append(ids, c.number(class, true))
	}
	want := []int64{ids[1], ids[3], ids[0], ids[4], ids[2]} // two priority, one regular, the third, by number
	var got []int64
	for range want {
		got = append(got, c.next(0))
	}
	if !slices.Equal(got, want) {
		t.Fatalf("called %v, want %v", got, want)
	}
	// Number one comes late: behind the next three, of whom there are three.
	c.must(c.act(late, ActCheckIn))
	got = got[:0]
	for range 4 {
		got = append(got, c.next(0))
	}
	if want := []int64{ids[5], ids[6], ids[7], late}; !slices.Equal(got, want) {
		t.Fatalf("called %v, want %v", got, want)
	}
	if _, err := c.Next(c.ctx, c.caller, c.counters[0], 0); errs.KindOf(err) != errs.NotFound {
		t.Errorf("nobody waits: %v", err)
	}
	if s := c.status(late); s != Done {
		t.Errorf("who was called before is %s once the next is", s)
	}
}

func TestTwoWhoCallAtOnceNeverGetTheSamePatient(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	const patients = 40
	for range patients {
		c.number(estimate.Regular, true)
	}
	for i := 2; i < 8; i++ {
		c.counters = append(c.counters, ask[int64](c, `INSERT INTO epuskesmas_counter (poli_id, name) VALUES ($1, $2) RETURNING id`, c.poli, fmt.Sprint("Ruang ", i+1)))
	}
	var mu sync.Mutex
	called := map[int64]int{}
	var wg sync.WaitGroup
	for _, counter := range c.counters {
		wg.Go(func() {
			for {
				id, err := c.Next(c.ctx, c.caller, counter, 0)
				if errs.KindOf(err) == errs.NotFound && err != nil {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				called[id]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(called) != patients {
		t.Errorf("%d of %d patients were called", len(called), patients)
	}
	for id, n := range called {
		if n != 1 {
			t.Errorf("ticket %d was called %d times", id, n)
		}
	}
}

func TestAnUnansweredCallGoesBackAndThenOut(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	absent, other := c.number(estimate.Regular, true), c.number(estimate.Regular, true)
	for call := range 3 {
		for id := c.next(0); id != absent; id = c.next(0) {
			c.number(estimate.Regular, true)
		}
		if call < 2 {
			if err := c.act(absent, ActNoShow); errs.KindOf(err) != errs.Conflict {
				t.Fatalf("no-show after %d calls: %v", call+1, err)
			}
		}
		c.must(c.act(absent, ActSkip))
		c.clock.Advance(8 * time.Minute)
	}
	if s := c.status(absent); s != NoShow {
		t.Fatalf("after three calls in 16 minutes: %s", s)
	}
	if s := c.status(other); s != Done {
		t.Errorf("the one behind is %s", s)
	}
	c.must(c.act(absent, ActReinstate))
	if s := c.status(absent); s != Waiting {
		t.Errorf("reinstated: %s", s)
	}
}

func TestTheLastStepIsUndoneWithinTwoMinutes(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	id := c.number(estimate.Priority, true)
	c.number(estimate.Regular, true)
	if got := c.next(0); got != id {
		t.Fatalf("called %d", got)
	}
	c.must(c.act(id, ActUndo))
	if got := c.next(0); got != id {
		t.Errorf("after the undo %d is called, want %d again", got, id)
	}
	c.must(c.act(id, ActServe))
	c.must(c.act(id, ActFinish))
	c.must(c.act(id, ActUndo))
	if s := c.status(id); s != Serving {
		t.Errorf("the finish undone: %s", s)
	}
	if err := c.act(id, ActUndo); errs.KindOf(err) != errs.Conflict {
		t.Errorf("an undo undone: %v", err)
	}
	c.must(c.act(id, ActFinish))
	c.clock.Advance(3 * time.Minute)
	if err := c.act(id, ActUndo); errs.KindOf(err) != errs.Conflict {
		t.Errorf("after three minutes: %v", err)
	}
	other := c.next(0)
	c.must(c.act(other, ActFinish))
	c.next2(t, other)
}

// next2: a finish is not undone into a counter that serves somebody else.
func (c *clinic) next2(t *testing.T, finished int64) {
	t.Helper()
	c.number(estimate.Regular, true)
	c.next(0)
	if err := c.act(finished, ActUndo); errs.KindOf(err) != errs.Conflict {
		t.Errorf("undone into a busy room: %v", err)
	}
}

// Every pair of status and action either leads where the table says or is refused and
// changes nothing.
func TestEveryPairOfTheTable(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	for _, status := range Statuses {
		for _, action := range Actions {
			step, ok := Steps[status][action]
			if ok && step.To == back || action == ActCall || action == ActBook {
				continue
			}
			now := c.now()
			mv := &move{now: now, session: &running{}, action: action, t: queued{Status: status, CalledAt: ago(now), FirstCallAt: ago(now), Calls: 2}}
			mv.was = mv.t
			err := mv.decide(func(bool) ([]float64, error) { return nil, nil })
			switch {
			case !ok && errs.KindOf(err) != errs.Conflict:
				t.Errorf("%s in %s: %v", action, status, err)
			case ok && err != nil:
				t.Errorf("%s in %s: %v", action, status, err)
			case ok && mv.t.Status != step.To && !(action == ActSkip && mv.t.Status == NoShow):
				t.Errorf("%s in %s leads to %s, want %s", action, status, mv.t.Status, step.To)
			}
		}
	}
}

func ago(t time.Time) *time.Time {
	t = t.Add(-time.Hour)
	return &t
}

// Whatever is clicked, the events replay to the tickets' statuses and their numbers
// run without a gap.
func TestEventsReplayToTheTickets(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	walks.Check(t, func(rt *rapid.T) {
		var ids []int64
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			switch k := rapid.IntRange(0, 3).Draw(rt, "what"); {
			case k == 0 || len(ids) == 0:
				ids = append(ids, c.number(estimate.Regular, rapid.Bool().Draw(rt, "here")))
			case k == 1:
				_, _ = c.Next(c.ctx, c.caller, c.counters[rapid.IntRange(0, 1).Draw(rt, "counter")], 0) // refusals are fine
			default:
				_ = c.act(rapid.SampledFrom(ids).Draw(rt, "ticket"), rapid.SampledFrom(Actions).Draw(rt, "action"))
			}
			c.clock.Advance(time.Duration(rapid.IntRange(0, 40).Draw(rt, "seconds")) * time.Second)
		}
	})
	if n := ask[int](c, `SELECT count(*) FROM epuskesmas_ticket t WHERE status <> (SELECT to_status FROM epuskesmas_event e WHERE e.ticket_id = t.id ORDER BY id DESC LIMIT 1)`); n != 0 {
		t.Errorf("%d tickets stand elsewhere than their events say", n)
	}
	if n := ask[int](c, `SELECT max(seq) - count(*) FROM epuskesmas_event WHERE session_id = $1`, c.session); n != 0 {
		t.Errorf("%d events are missing", n)
	}
	if n := ask[int](c, `SELECT taken - (SELECT count(*) FROM epuskesmas_ticket t WHERE session_id = s.id AND status NOT IN ('batal', 'dijadwalkan_ulang', 'dialihkan')) FROM epuskesmas_session s WHERE id = $1`, c.session); n != 0 {
		t.Errorf("the places taken are off by %d", n)
	}
}

// The second of two clicks calls nobody, and finishes nobody who was not served.
func TestTwoClicksCallOnePatient(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	first, second := c.number(estimate.Regular, true), c.number(estimate.Regular, true)
	id, err := c.NextAfter(c.ctx, c.caller, c.counters[0], 0, 0)
	c.must(err)
	if _, err := c.NextAfter(c.ctx, c.caller, c.counters[0], 0, 0); errs.KindOf(err) != errs.Conflict {
		t.Errorf("the second click: %v", err)
	}
	if id != first || c.status(first) != Called || c.status(second) != Waiting {
		t.Errorf("called %d: %s and %s", id, c.status(first), c.status(second))
	}
	if _, err := c.NextAfter(c.ctx, c.caller, c.counters[0], 0, first); err != nil || c.status(second) != Called {
		t.Errorf("after that one: %v, %s", err, c.status(second))
	}
}
