package epuskesmas

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Hundreds hear of a call at once and want to know the queue: it is read once for those
// who asked first and once more for all the others, and nobody is shown what was read
// before they asked.
func TestWhoLooksAtTheSameTimeSharesTheReading(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l looks[*queueNow]
		var begun atomic.Int64
		goOn := make(chan struct{})
		read := func(context.Context, int64) (*queueNow, error) {
			n := begun.Add(1)
			<-goOn
			return &queueNow{session: Session{Seq: int(n)}}, nil
		}
		want := func(id int64, reading int) {
			q, err := l.get(t.Context(), id, read)
			if err != nil || q.session.Seq != reading {
				t.Errorf("got %+v, %v; want reading %d", q, err, reading)
			}
		}
		var wg sync.WaitGroup
		wg.Go(func() { want(7, 1) })
		synctest.Wait()
		for range 300 {
			wg.Go(func() { want(7, 2) })
		}
		// One of them closes the page; the others do not notice.
		ctx, leave := context.WithCancel(t.Context())
		wg.Go(func() {
			if _, err := l.get(ctx, 7, read); !errors.Is(err, context.Canceled) {
				t.Errorf("who left was answered: %v", err)
			}
		})
		synctest.Wait()
		leave()
		synctest.Wait()
		if begun.Load() != 1 {
			t.Errorf("%d readings at once", begun.Load())
		}
		close(goOn)
		wg.Wait()
		synctest.Wait()
		want(7, 3)
		synctest.Wait()
		if begun.Load() != 3 || len(l.next) != 0 || len(l.running) != 0 {
			t.Errorf("%d readings, %d and %d kept", begun.Load(), len(l.next), len(l.running))
		}
	})
}

// A reading that begins while another is under way knows what its own readers know, not what was
// known before that one.
func TestALaterReadingIsOfThoseWhoAskForIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l looks[*queueNow]
		goOn := make(chan struct{})
		var wg sync.WaitGroup
		for _, version := range []string{"before the call", "after it"} {
			wg.Go(func() {
				q, err := l.get(t.Context(), 7, func(context.Context, int64) (*queueNow, error) {
					<-goOn
					return &queueNow{version: version}, nil
				})
				if err != nil || q.version != version {
					t.Errorf("who asks %s is shown %+v, %v", version, q, err)
				}
			})
			synctest.Wait()
		}
		close(goOn)
		wg.Wait()
	})
}

// A reading that fails is told to all who wait for it, and the next one is a new one.
func TestAReadingThatFails(t *testing.T) {
	t.Parallel()
	var l looks[*queueNow]
	broken := errors.New("no database")
	if _, err := l.get(t.Context(), 1, func(context.Context, int64) (*queueNow, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if q, err := l.get(t.Context(), 1, func(context.Context, int64) (*queueNow, error) { return &queueNow{lastCall: "A-001"}, nil }); err != nil || q.lastCall != "A-001" {
		t.Errorf("got %v, %v", q, err)
	}
}

// Who looks at a queue, or a ticket, to which nothing happened is shown what was read before; a
// call, a new time and, of a board, a second that passed, let it be read anew.
func TestAQueueIsReadAnewWhenItMoved(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	first, second := w.book(nil).Token, w.book(nil).Token
	w.clock.Set(tomorrow)
	w.must(w.CheckIn(w.ctx, first))
	read := func() (q *queueNow, b Board) {
		t.Helper()
		b, err := w.Board(w.ctx, w.board)
		w.must(err)
		session := w.mineAt(second).SessionID
		w.looks.mu.Lock()
		defer w.looks.mu.Unlock()
		return w.looks.kept[session].value, b
	}
	visit := func() *mineRow {
		t.Helper()
		id := w.mineAt(first).VisitID
		w.visits.mu.Lock()
		defer w.visits.mu.Unlock()
		return &w.visits.kept[id].value[0]
	}
	mine := visit()
	if visit() != mine {
		t.Error("a ticket is read anew although nothing happened")
	}
	q, b := read()
	if again, same := read(); again != q || len(same.Polis) == 0 || &same.Polis[0] != &b.Polis[0] {
		t.Error("read anew although nothing happened")
	}
	if _, err := w.Next(w.ctx, w.staff, w.atClinic, 0); err != nil {
		t.Fatal(err)
	}
	called, shown := read()
	if visit() == mine {
		t.Error("a ticket that was called is not read anew")
	}
	if called == q || &shown.Polis[0] == &b.Polis[0] {
		t.Error("a call is not seen")
	}
	w.clock.Advance(2 * reckonAgain)
	_, shown = read()
	if _, err := w.ReckonAll(w.ctx); err != nil {
		t.Fatal(err)
	}
	told, later := read()
	if told == called || &later.Polis[0] == &shown.Polis[0] {
		t.Error("new times are not seen")
	}
	w.clock.Advance(time.Second)
	if same, last := read(); same != told || &last.Polis[0] == &later.Polis[0] {
		t.Error("a queue is read anew, or a board remembered for more than a second")
	}
}

// The database counts who is before by another way of saying it.
func TestWhoIsBeforeAsTheDatabaseCounts(t *testing.T) {
	t.Parallel()
	const n = 60
	h := newHouse(t, quota(n))
	var tokens []string
	for range n {
		tokens = append(tokens, h.book(nil).Token)
	}
	if _, err := h.db.Owner().Exec(h.ctx, `UPDATE epuskesmas_ticket SET class = (ARRAY['biasa', 'prioritas', 'biasa', 'darurat', 'biasa'])[1 + number % 5],
		status = (ARRAY['menunggu', 'dipesan', 'menunggu', 'dipanggil', 'menunggu', 'selesai', 'batal', 'dilayani', 'dipesan', 'tidak_hadir', 'menunggu'])[1 + number % 11],
		queue_key = number * 37 % 61`); err != nil {
		t.Fatal(err)
	}
	type before struct {
		ID    int64
		Ahead int
	}
	list, err := pg.Many[before](h.ctx, h.db.Owner(), `SELECT me.id, (SELECT count(*) FROM epuskesmas_ticket t WHERE t.session_id = me.session_id AND t.id <> me.id
		AND me.status IN ('dipesan', 'menunggu') AND (t.status IN ('dipanggil', 'dilayani') OR t.status IN ('dipesan', 'menunggu') AND CASE
			WHEN t.class = me.class THEN t.queue_key < me.queue_key
			ELSE t.status = 'menunggu' AND (t.class = 'darurat' OR t.class = 'prioritas' AND me.class = 'biasa') END)) AS ahead
		FROM epuskesmas_ticket me ORDER BY me.id`)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range list {
		if got := h.mineAt(tokens[i]); got.ID != want.ID || got.Ahead.All() != want.Ahead {
			t.Errorf("%d are before %s, the database says %d", got.Ahead.All(), got.Code, want.Ahead)
		}
	}
}

// What Watch says of a ticket is at each step what a new look at it says.
func TestWatchingIsLookingAgain(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	first, second := w.book(nil).Token, w.book(nil).Token
	w.clock.Set(tomorrow)
	w.must(w.CheckIn(w.ctx, first))
	seen := map[string]MyTicket{first: w.mineAt(first), second: w.mineAt(second)}
	var ticket int64
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"nothing", func() error { return nil }},
		{"the second comes", func() error { return w.CheckIn(w.ctx, second) }},
		{"the first is called", func() (err error) { ticket, err = w.Next(w.ctx, w.staff, w.atClinic, 0); return err }},
		{"and goes on to the laboratory", func() error { _, err := w.Forward(w.ctx, w.staff, ticket, 0, w.lab); return err }},
		{"somebody cancels", func() error { return w.Cancel(w.ctx, second, "") }},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.what, err)
		}
		for token, before := range seen {
			got, err := w.Watch(w.ctx, token, before)
			if err != nil {
				t.Fatalf("%s: %v", step.what, err)
			}
			want := w.mineAt(token)
			if got.Seq != want.Seq || got.Status != want.Status || got.Ahead != want.Ahead || got.LastCall != want.LastCall || (got.Next == nil) != (want.Next == nil) {
				t.Errorf("%s: watching %s says %s, %d before, %q last; a new look %s, %d, %q", step.what, got.Code, got.Status, got.Ahead.All(), got.LastCall,
					want.Status, want.Ahead.All(), want.LastCall)
			}
			seen[token] = got
		}
	}
	if next := seen[first].Next; next == nil || next.Code != "M-001" {
		t.Errorf("who watches is not told where to go next: %+v", next)
	}
	// A call in the laboratory is seen too.
	lab := one[int64](w.house, `SELECT id FROM epuskesmas_counter WHERE poli_id = $1`, w.lab)
	if _, err := w.Next(w.ctx, w.staff, lab, 0); err != nil {
		t.Fatal(err)
	}
	got, err := w.Watch(w.ctx, first, seen[first])
	if err != nil || got.Next == nil || got.Next.Status != Called {
		t.Errorf("the call in the laboratory is not seen: %+v, %v", got.Next, err)
	}
	if _, err := w.Watch(w.ctx, first, MyTicket{Ticket: Ticket{ID: 1, SessionID: 999999}}); !errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("a session that is not there gives %v", err)
	}
}
