package epuskesmas

import (
	"math/rand/v2"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
)

// timed plays days at a poli through the use cases, and beside them through package
// estimate alone, which must say the same.
type timed struct {
	*house
	staff   authz.Actor
	doctor  int64
	counter int64
	portals []*Module // over one database
	turn    int
	model   *estimate.Model
	session *estimate.Session
	id      int64 // of the session
	told    map[string][]estimate.Estimate
	last    map[string]openPromise
	here    map[string]bool
	begins  time.Time
	news    int
}

func newTimed(t testing.TB) *timed {
	t.Helper()
	w := &timed{house: newHouse(t, Quota{All: 60, Online: 40}), model: estimate.NewModel()}
	w.doctor = one[int64](w.house, `INSERT INTO epuskesmas_doctor (unit_id, name) VALUES ($1, 'dr. Sitti') RETURNING id`, w.unit)
	w.counter = one[int64](w.house, `INSERT INTO epuskesmas_counter (poli_id, name) VALUES ($1, 'Ruang 1') RETURNING id`, w.poli)
	one[int64](w.house, `WITH p AS (UPDATE epuskesmas_plan SET doctor_ids = ARRAY[$2::bigint] WHERE poli_id = $1 RETURNING id) SELECT count(*) FROM p`, w.poli, w.doctor)
	w.staff = w.hire("PKM-KASSI-KASSI", PermDesk, PermCall, PermTriage, PermManage)
	for range 2 {
		w.portals = append(w.portals, w.portal())
	}
	return w
}

// portal is another process over the same database.
func (w *timed) portal() *Module {
	return remembering(Deps{DB: w.db.Pool, Clock: w.clock, Box: w.box, BaseURL: "https://portal.test"})
}

func (w *timed) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *timed) doctorName() string { return "d" + itoa(w.doctor) }

// hear tells package estimate what happened, by this test's own account of it.
func (w *timed) hear(kind estimate.EventKind, ticket int64) {
	w.t.Helper()
	e := estimate.Event{At: w.clock.Now(), Kind: kind, Session: w.session.ID, Doctors: []string{w.doctorName()}}
	if ticket != 0 {
		e.Ticket = itoa(ticket)
	}
	w.must(w.session.Apply(e))
	switch kind {
	case estimate.CheckedIn:
		w.here[e.Ticket] = true
	case estimate.Started:
		for _, p := range w.told[e.Ticket] {
			w.model.Observe(p, e.At)
		}
		delete(w.told, e.Ticket)
	case estimate.Closed:
		w.model.Learn(w.session)
	}
}

// open begins a session with somebody's number.
func (w *timed) open(begins time.Time) {
	w.begins = begins
	w.told, w.last, w.here = map[string][]estimate.Estimate{}, map[string]openPromise{}, map[string]bool{}
	w.session = nil
}

func (w *timed) number() BookedTicket {
	w.t.Helper()
	out := w.book(func(b *Booking) { b.StartsAt = w.begins })
	if w.session == nil {
		w.id = out.Ticket.SessionID
		ends := w.begins.Add(4 * time.Hour)
		w.session = estimate.NewSession(estimate.Event{Session: itoa(w.id), Poli: itoa(w.poli), Begins: &w.begins, Ends: &ends,
			Doctors: []string{w.doctorName()}}, false)
	}
	w.must(w.session.Apply(estimate.Event{At: w.clock.Now(), Kind: estimate.Booked, Session: w.session.ID, Ticket: itoa(out.Ticket.ID),
		Number: estimate.TicketNumber(out.Ticket.Number), Origin: estimate.Online, Class: estimate.Regular}))
	return out
}

type published struct {
	Seq           int
	P10, P50, P90 time.Time
	Ahead         int
	Moment        string
}

// reckon lets one portal work the times out and compares what it publishes with what
// package estimate says: to the microsecond, nothing more, nothing less.
func (w *timed) reckon() {
	w.t.Helper()
	w.turn++
	before := one[int64](w.house, `SELECT COALESCE(max(id), 0) FROM epuskesmas_estimate`)
	_, err := w.portals[w.turn%len(w.portals)].ReckonAll(w.ctx)
	w.must(err)
	got := map[string]published{}
	rows, err := w.db.Owner().Query(w.ctx, `SELECT ticket_id, seq, p10, p50, p90, ahead, moment FROM epuskesmas_estimate WHERE id > $1`, before)
	w.must(err)
	for rows.Next() {
		var id int64
		var p published
		w.must(rows.Scan(&id, &p.Seq, &p.P10, &p.P50, &p.P90, &p.Ahead, &p.Moment))
		got[itoa(id)] = p
	}
	w.must(rows.Err())
	now := w.clock.Now()
	for id, e := range w.model.All(w.session, now) {
		last, known := w.last[id]
		want := ""
		switch {
		case w.here[id] && !last.ToldHere:
			want = MomentHere
		case !known:
			want = MomentBooked
		case e.P50.Sub(*last.P50).Abs() >= 3*time.Minute:
			want = MomentWaiting
		}
		p := got[id]
		delete(got, id)
		if p.Moment != want {
			w.t.Fatalf("%v: ticket %s was told %q, want %q", now, id, p.Moment, want)
		}
		if want == "" {
			continue
		}
		w.news++
		near := func(a, b time.Time) bool { return a.Sub(b).Abs() <= time.Millisecond }
		if !near(p.P10, e.P10) || !near(p.P50, e.P50) || !near(p.P90, e.P90) || p.Ahead != e.Ahead {
			w.t.Fatalf("%v: ticket %s was told %v, want %v", now, id, p, e)
		}
		w.last[id] = openPromise{P50: &p.P50, ToldHere: w.here[id]}
		w.told[id] = append(w.told[id], estimate.Told(now, w.begins, p.P10, p.P50, p.P90, p.Ahead, w.here[id]))
	}
	if len(got) > 0 {
		w.t.Fatalf("%v: told too much: %v", now, got)
	}
}

// play a day: people book in the evening, come in the morning, and are served.
func (w *timed) play(begins time.Time, rng *rand.Rand, patients int, beforeClose func()) {
	w.t.Helper()
	w.clock.Set(begins.Add(-12 * time.Hour))
	w.open(begins)
	var tickets []BookedTicket
	for range patients {
		tickets = append(tickets, w.number())
		w.clock.Advance(time.Minute)
	}
	w.reckon()
	w.clock.Set(begins.Add(-30 * time.Minute))
	for _, b := range tickets[:patients/2] {
		w.clock.Advance(time.Minute)
		w.must(w.CheckIn(w.ctx, b.Token))
		w.hear(estimate.CheckedIn, b.Ticket.ID)
		w.reckon()
	}
	w.clock.Set(begins.Add(7 * time.Minute))
	w.must(w.Report(w.ctx, w.staff, w.id, w.doctor, w.counter, DutyHere, ""))
	w.hear(estimate.DoctorHere, 0)
	w.reckon()
	for n := range patients - 1 {
		if i := patients/2 + n; i < patients-1 { // one never comes
			w.must(w.CheckIn(w.ctx, tickets[i].Token))
			w.hear(estimate.CheckedIn, tickets[i].Ticket.ID)
		}
		// The doctor is named now and then; else the counter tells.
		id, err := w.Next(w.ctx, w.staff, w.counter, w.doctor*int64(n%2))
		w.must(err)
		w.hear(estimate.Called, id)
		w.clock.Advance(time.Duration(20+rng.IntN(60)) * time.Second)
		if n == 3 {
			w.must(w.Act(w.ctx, w.staff, id, 0, ActSkip, ""))
			w.hear(estimate.Unanswered, id)
			w.reckon()
			continue
		}
		w.must(w.Act(w.ctx, w.staff, id, 0, ActServe, ""))
		w.hear(estimate.Started, id)
		w.reckon()
		w.clock.Advance(time.Duration(4*60+rng.IntN(9*60)) * time.Second)
		w.must(w.Act(w.ctx, w.staff, id, 0, ActFinish, ""))
		w.hear(estimate.Finished, id)
		w.reckon()
	}
	id, err := w.Next(w.ctx, w.staff, w.counter, 0)
	w.must(err)
	w.hear(estimate.Called, id)
	w.clock.Advance(time.Minute)
	w.must(w.Act(w.ctx, w.staff, id, 0, ActFinish, ""))
	w.hear(estimate.Finished, id)
	beforeClose()
	w.must(w.Close(w.ctx, w.staff, w.id))
	w.hear(estimate.NoShow, tickets[patients-1].Ticket.ID)
	w.hear(estimate.Closed, 0)
	w.clock.Advance(time.Minute)
	if n, err := w.portals[0].ReckonAll(w.ctx); err != nil || n != 0 {
		w.t.Fatalf("%d told, %v, after the end", n, err)
	}
}

func TestPatientsAreToldWhatTheEstimatorSays(t *testing.T) {
	t.Parallel()
	w := newTimed(t)
	rng := rand.New(rand.NewPCG(4, 4))
	for d := range 3 {
		w.play(tomorrow.AddDate(0, 0, d), rng, 8, func() {
			// A portal that starts now says what the others say.
			p, q := w.portals[w.turn%2].times.of(w.poli, w.clock.Now()), w.portal().times.of(w.poli, w.clock.Now())
			for _, p := range []*poliTimes{p, q} {
				w.must(p.learn(w.ctx, w.db.Pool, w.poli, w.clock.Now()))
			}
			a, err := p.follow(w.ctx, w.db.Pool, w.id)
			w.must(err)
			b, err := q.follow(w.ctx, w.db.Pool, w.id)
			w.must(err)
			old, young := p.model.Newcomer(a.Session, estimate.Regular, w.clock.Now()), q.model.Newcomer(b.Session, estimate.Regular, w.clock.Now())
			if old != young || a.seq != b.seq {
				t.Errorf("one portal says %v, a new one %v", old, young)
			}
		})
	}
	if w.news < 60 {
		t.Errorf("only %d estimates were compared", w.news)
	}
	if n := one[int](w.house, `WITH e AS (SELECT p50, moment, lag(p50) OVER (PARTITION BY ticket_id ORDER BY id) AS before FROM epuskesmas_estimate)
		SELECT count(*) FROM e WHERE moment = 'antre' AND p50 - before BETWEEN '-3 minutes'::interval + '1 microsecond' AND '3 minutes'::interval - '1 microsecond'`); n != 0 {
		t.Errorf("%d were told of less than three minutes", n)
	}
}

func TestUndoAndPriorityAreSeenAlikeByAll(t *testing.T) {
	t.Parallel()
	w := newTimed(t)
	w.open(tomorrow)
	w.clock.Set(tomorrow.Add(-time.Hour))
	var tickets []BookedTicket
	for range 4 {
		b := w.number()
		w.must(w.CheckIn(w.ctx, b.Token))
		tickets = append(tickets, b)
	}
	w.clock.Set(tomorrow)
	old := w.portals[0]
	_, err := old.ReckonAll(w.ctx)
	w.must(err)
	id, err := w.Next(w.ctx, w.staff, w.counter, 0)
	w.must(err)
	w.clock.Advance(10 * time.Second)
	_, err = old.ReckonAll(w.ctx)
	w.must(err)
	w.must(w.Act(w.ctx, w.staff, id, 0, ActUndo, ""))
	w.must(w.Classify(w.ctx, w.staff, tickets[3].Ticket.ID, 0, estimate.Priority, "Ibu hamil"))
	w.clock.Advance(10 * time.Second)
	_, err = old.ReckonAll(w.ctx)
	w.must(err)
	now := w.clock.Now()
	p, q := old.times.of(w.poli, now), w.portal().times.of(w.poli, now)
	w.must(q.learn(w.ctx, w.db.Pool, w.poli, now))
	r, err := q.follow(w.ctx, w.db.Pool, w.id)
	w.must(err)
	a, b := p.model.All(p.sessions[w.id].Session, now), q.model.All(r.Session, now)
	if len(a) != 4 || len(b) != 4 {
		t.Fatalf("%d and %d wait, want 4", len(a), len(b))
	}
	for id, e := range a {
		if b[id] != e {
			t.Errorf("ticket %s: %v and %v", id, e, b[id])
		}
	}
	if first, last := a[itoa(tickets[0].Ticket.ID)], a[itoa(tickets[3].Ticket.ID)]; !last.P50.Before(first.P50) {
		t.Errorf("priority at %v is not before %v", last.P50, first.P50)
	}
}

func TestNothingIsWorkedOutWhileNobodyWaits(t *testing.T) {
	t.Parallel()
	w := newTimed(t)
	b := w.book(nil)
	w.must(w.Cancel(w.ctx, b.Token, ""))
	m := w.portal()
	w.clock.Advance(time.Minute)
	n, err := m.ReckonAll(w.ctx)
	w.must(err)
	if n != 0 || m.times.of(w.poli, w.clock.Now()).model != nil {
		t.Errorf("%d told, model %v", n, m.times.of(w.poli, w.clock.Now()).model)
	}
}

func TestATicketTellsItsTimeAtOnce(t *testing.T) {
	t.Parallel()
	w := newTimed(t)
	b := w.book(nil)
	mine, err := w.Mine(w.ctx, b.Token)
	w.must(err)
	if mine.Promise == nil || mine.Promise.P50.Before(tomorrow) || mine.Promise.P90.Before(mine.Promise.P50) || mine.Promise.P50.After(tomorrow.Add(time.Hour)) {
		t.Fatalf("promised %+v", mine.Promise)
	}
	again, err := w.Mine(w.ctx, b.Token)
	w.must(err)
	if again.Promise == nil || *again.Promise != *mine.Promise {
		t.Errorf("promised %+v, then %+v", mine.Promise, again.Promise)
	}
}

func TestWhoChoosesSeesWhatToExpect(t *testing.T) {
	t.Parallel()
	w := newTimed(t)
	list, err := w.Sessions(w.ctx, w.poli)
	w.must(err)
	empty, err := w.Expect(w.ctx, list[1])
	w.must(err)
	if !list[1].StartsAt.Equal(tomorrow) || empty.P50.Before(tomorrow) || empty.P50.After(tomorrow.Add(time.Hour)) {
		t.Fatalf("session %v, expected %v", list[1].StartsAt, empty)
	}
	for range 20 {
		w.book(nil)
	}
	w.clock.Advance(time.Minute)
	list, err = w.Sessions(w.ctx, w.poli)
	w.must(err)
	full, err := w.Expect(w.ctx, list[1])
	w.must(err)
	if full.P50.Sub(empty.P50) < 30*time.Minute {
		t.Errorf("behind nobody %v, behind twenty %v", empty.P50.In(clock.Makassar), full.P50.In(clock.Makassar))
	}
}
