package epuskesmas

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/pgtest/walks"
)

func (h *house) mineAt(token string) MyTicket {
	h.t.Helper()
	t, err := h.Mine(h.ctx, token)
	if err != nil {
		h.t.Fatal(err)
	}
	return t
}

func TestTheOwnerChecksInCancelsAndMoves(t *testing.T) {
	t.Parallel()
	h := newHouse(t, quota(3))
	first, second := h.book(nil), h.book(nil)
	if got := h.mineAt(second.Token); got.Code != "A-002" || got.Ahead.All() != 1 || got.CanCheckIn || !got.CanCancel || !got.CanMove {
		t.Fatalf("the second ticket is %+v", got)
	}
	errstest.Kind(t, h.CheckIn(h.ctx, first.Token), errs.Conflict)
	_, err := h.Mine(h.ctx, "aaaaaaaaaaaaaaaaaaaaaa")
	errstest.Kind(t, err, errs.NotFound)
	h.clock.Set(tomorrow.Add(-2 * time.Hour))
	for range 2 { // twice is once
		if err := h.CheckIn(h.ctx, first.Token); err != nil {
			t.Fatal(err)
		}
	}
	if got := h.mineAt(first.Token); got.Status != Waiting || got.HereAt == nil || got.CanMove {
		t.Fatalf("who checked in is %+v", got)
	}
	for range 2 {
		if err := h.Cancel(h.ctx, second.Token, "sudah sembuh"); err != nil {
			t.Fatal(err)
		}
	}
	// The place is free, the number is not.
	if third := h.book(nil); third.Ticket.Code != "A-003" {
		t.Errorf("after a cancelled one comes %s", third.Ticket.Code)
	}
	thursday := tomorrow.AddDate(0, 0, 1)
	errstest.Kind(t, h.Reschedule(h.ctx, first.Token, thursday), errs.Conflict) // here already
	fourth := h.book(nil)
	if err := h.Reschedule(h.ctx, fourth.Token, thursday); err != nil {
		t.Fatal(err)
	}
	got := h.mineAt(fourth.Token)
	if got.Code != "A-001" || !got.Session.StartsAt.Equal(thursday) || got.Day.Format(time.DateOnly) != "2026-11-26" || got.Status != Booked {
		t.Errorf("the rescheduled ticket is %+v", got)
	}
	errstest.Field(t, h.Reschedule(h.ctx, fourth.Token, thursday.AddDate(0, 0, 3)), ControlSession) // a Sunday
}

// Two groups change to each other's day at once; nobody is lost and nobody waits forever.
func TestReschedulesCross(t *testing.T) {
	t.Parallel()
	h := newHouse(t, quota(20))
	thursday := tomorrow.AddDate(0, 0, 1)
	var wg sync.WaitGroup
	for i := range 16 {
		to := thursday
		b := h.book(func(b *Booking) {
			if i%2 == 0 {
				b.StartsAt, to = thursday, tomorrow
			}
		})
		wg.Go(func() {
			if err := h.Reschedule(h.ctx, b.Token, to); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := one[int](h, `SELECT count(*) FROM epuskesmas_session s WHERE s.taken = 8 AND s.last_number = 16
		AND s.taken = (SELECT count(*) FROM epuskesmas_ticket t WHERE t.session_id = s.id AND t.status = 'dipesan')`); n != 2 {
		t.Errorf("%d sessions are right, want 2", n)
	}
}

// Whatever people book, cancel and move, the counts of the sessions are those of their
// tickets, no quota is passed, and a number is never given twice.
func TestCountsFollowTheTickets(t *testing.T) {
	t.Parallel()
	two, three := 2, 3
	h := newHouse(t, Quota{All: 5, Online: 4, JKN: &three, General: &two})
	desk := h.hire("PKM-KASSI-KASSI", PermDesk)
	var tokens []string
	days := []time.Time{tomorrow, tomorrow.AddDate(0, 0, 1)}
	walks.Check(t, func(r *rapid.T) {
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			switch {
			case len(tokens) == 0 || rapid.IntRange(0, 3).Draw(r, "what") > 1:
				b, a := h.booking(), authz.Actor{}
				b.StartsAt = rapid.SampledFrom(days).Draw(r, "day")
				b.Payer = rapid.SampledFrom([]Payer{JKN, General}).Draw(r, "payer")
				if rapid.Bool().Draw(r, "desk") {
					b.Origin, a = OriginDesk, desk
				}
				out, err := h.Book(h.ctx, a, b)
				if err == nil {
					tokens = append(tokens, out.Token)
				} else if !errors.Is(err, errFull) {
					r.Fatal(err)
				}
			case rapid.Bool().Draw(r, "cancel"):
				i := rapid.IntRange(0, len(tokens)-1).Draw(r, "which")
				if err := h.Cancel(h.ctx, tokens[i], ""); err != nil {
					r.Fatal(err)
				}
				tokens = append(tokens[:i], tokens[i+1:]...)
			default:
				i := rapid.IntRange(0, len(tokens)-1).Draw(r, "which")
				if err := h.Reschedule(h.ctx, tokens[i], rapid.SampledFrom(days).Draw(r, "to")); err != nil && !errors.Is(err, errFull) {
					r.Fatal(err)
				}
			}
		}
		wrong := one[int](h, `SELECT count(*) FROM epuskesmas_session s, LATERAL (SELECT
				count(*) FILTER (WHERE live) AS taken, count(*) FILTER (WHERE live AND online) AS online, count(*) FILTER (WHERE live AND jkn) AS jkn,
				count(*) FILTER (WHERE live AND NOT jkn) AS general, count(*) AS every, max(number) AS most
			FROM (SELECT *, status = 'dipesan' AS live FROM epuskesmas_ticket WHERE session_id = s.id) t) t
			WHERE (s.taken, s.taken_online, s.taken_jkn, s.taken_general) <> (t.taken, t.online, t.jkn, t.general)
				OR s.last_number <> t.every OR t.most <> t.every OR s.taken > 5 OR s.taken_online > 4 OR s.taken_jkn > 3 OR s.taken_general > 2`)
		if wrong != 0 {
			r.Fatalf("%d sessions have wrong counts", wrong)
		}
	})
}

// Half of those who have a place give it up while others ask for one.
func TestCancellingFreesWhileOthersBook(t *testing.T) {
	t.Parallel()
	h := newHouse(t, quota(20))
	var tokens []string
	for range 20 {
		tokens = append(tokens, h.book(nil).Token)
	}
	var got atomic.Int64
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			if err := h.Cancel(h.ctx, tokens[i], ""); err != nil {
				t.Error(err)
			}
		})
		for range 4 {
			b := h.booking()
			wg.Go(func() {
				if _, err := h.Book(h.ctx, authz.Actor{}, b); err == nil {
					got.Add(1)
				} else if !errors.Is(err, errFull) {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	taken := one[int](h, `SELECT taken FROM epuskesmas_session`)
	if last := one[int](h, `SELECT last_number FROM epuskesmas_session`); int64(taken) != 10+got.Load() || int64(last) != 20+got.Load() {
		t.Errorf("%d got freed places; taken %d, last number %d", got.Load(), taken, last)
	}
}

func TestOwnersAreRemindedOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, quota(10))
	b := h.book(nil)
	h.book(func(b *Booking) { b.Contact = "081234567890" })
	cancelled := h.book(nil)
	if err := h.Cancel(h.ctx, cancelled.Token, ""); err != nil {
		t.Fatal(err)
	}
	one[int64](h, `INSERT INTO epuskesmas_estimate (ticket_id, at, seq, p10, p50, p90, ahead, moment) VALUES ($1, $2, 1, $3, $4, $5, 0, 'pesan') RETURNING id`,
		b.Ticket.ID, start, tomorrow.Add(7*time.Minute), tomorrow.Add(14*time.Minute), tomorrow.Add(22*time.Minute))
	sent := func() int { return one[int](h, `SELECT count(*) FROM notify_message`) }
	for _, step := range []struct {
		at   time.Time
		want int
	}{
		{start, 2}, {start.Add(time.Hour), 2}, {start.Add(13 * time.Hour), 4}, {tomorrow.Add(-3 * time.Hour), 4}, {tomorrow.Add(-2 * time.Hour), 6},
		{tomorrow, 6},
	} {
		h.clock.Set(step.at)
		var wg sync.WaitGroup
		for range 4 { // as if four processes did
			wg.Go(func() {
				if err := h.Remind(h.ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := sent(); n != step.want {
			t.Fatalf("at %s %d messages have been sent, want %d", step.at, n, step.want)
		}
	}
	text, err := h.box.Open(one[[]byte](h, `SELECT body_sealed FROM notify_message WHERE subject LIKE '%A-001%' ORDER BY id LIMIT 1`), "notify.text")
	if err != nil || !strings.Contains(text, "https://portal.test/antrean/"+b.Token) {
		t.Errorf("the first message is %q, %v", text, err)
	}
	if !strings.Contains(text, "sekitar 08.15, antara 08.05–08.25 WITA. Datang paling lambat pukul 07.55 WITA.") {
		t.Errorf("of the time the first message says %q", text)
	}
}

func TestWrongAnswersGetWords(t *testing.T) {
	t.Parallel()
	h := newHouse(t, quota(10))
	for control, change := range map[string]func(*Booking){
		ControlName:      func(b *Booking) { b.Name = " <b> " },
		ControlBirth:     func(b *Booking) { b.BirthDate = h.clock.Now().AddDate(0, 0, 2) },
		ControlNIK:       func(b *Booking) { b.NIK = "7371130101010001" },
		ControlBPJS:      func(b *Booking) { b.BPJS = "12345678901" },
		ControlPayer:     func(b *Booking) { b.Payer = "utang" },
		ControlComplaint: func(b *Booking) { b.Complaint = strings.Repeat("a", 201) },
		ControlContact:   func(b *Booking) { b.Contact = "0411-123456" },
		ControlSession:   func(b *Booking) { b.StartsAt = tomorrow.AddDate(0, 0, -7) },
	} {
		b := h.booking()
		change(&b)
		_, err := h.Book(h.ctx, authz.Actor{}, b)
		errstest.Field(t, err, control)
	}
	nobody := h.booking()
	nobody.Name = "123 !!!"
	_, err := h.Book(h.ctx, authz.Actor{}, nobody)
	errstest.Field(t, err, ControlName)
	for _, at := range []time.Time{{}, tomorrow.Add(time.Minute), tomorrow.AddDate(0, 0, 60), tomorrow.AddDate(9000, 0, 0)} {
		b := h.booking()
		b.StartsAt = at
		_, err := h.Book(h.ctx, authz.Actor{}, b)
		errstest.Field(t, err, ControlSession)
	}
	if n := one[int](h, `SELECT count(*) FROM epuskesmas_visit`); n != 0 {
		t.Errorf("%d visits were left", n)
	}
}
