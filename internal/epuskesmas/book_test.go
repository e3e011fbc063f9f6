package epuskesmas

import (
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

func quota(n int) Quota { return Quota{All: n, Online: n} }

// wantNumbers fails unless the session's tickets are numbered 1 to n without a gap and
// the counts of its row are true.
func (h *house) wantNumbers(n int) {
	h.t.Helper()
	h.wantNumbersOnline(n, n)
}

// wantNumbersOnline is wantNumbers where only so many came from outside.
func (h *house) wantNumbersOnline(n, online int) {
	h.t.Helper()
	type sum struct {
		Tickets, Least, Most, Different, LastNumber, Taken, TakenOnline, Visits, Events int
	}
	got, err := pg.One[sum](h.ctx, h.db.Owner(), `SELECT count(t.id) AS tickets, COALESCE(min(t.number), 0) AS least, COALESCE(max(t.number), 0) AS most,
		count(DISTINCT t.number) AS different, max(s.last_number) AS last_number, max(s.taken) AS taken, max(s.taken_online) AS taken_online,
		(SELECT count(*) FROM epuskesmas_visit) AS visits, (SELECT count(*) FROM epuskesmas_event) AS events
		FROM epuskesmas_session s LEFT JOIN epuskesmas_ticket t ON t.session_id = s.id WHERE s.starts_at = $1`, tomorrow)
	if err != nil {
		h.t.Fatal(err)
	}
	if want := (sum{n, min(n, 1), n, n, n, n, online, n, n}); got != want {
		h.t.Errorf("the session has %+v, want %+v", got, want)
	}
}

// Ten times as many as there are connections ask at once for fewer places than they are.
func TestARushGetsTheQuotaAndNoMore(t *testing.T) {
	t.Parallel()
	const patients, places = 1000, 300
	h := newHouse(t, quota(places))
	var got, full atomic.Int64
	var wg sync.WaitGroup
	for range patients {
		b := h.booking()
		wg.Go(func() {
			_, err := h.Book(h.ctx, authz.Actor{}, b)
			switch {
			case err == nil:
				got.Add(1)
			case errors.Is(err, errFull):
				full.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got.Load() != places || full.Load() != patients-places {
		t.Errorf("%d got a number and %d were told it is full, want %d and %d", got.Load(), full.Load(), places, patients-places)
	}
	h.wantNumbers(places)
}

// Whoever sends the same booking many times at once, or again later, has one ticket.
func TestABookingSentAgainIsTheSame(t *testing.T) {
	t.Parallel()
	h := newHouse(t, quota(1))
	b := h.booking()
	var wg sync.WaitGroup
	tokens := make([]string, 20)
	for i := range tokens {
		wg.Go(func() {
			out, err := h.Book(h.ctx, authz.Actor{}, b)
			if err != nil {
				t.Error(err)
			}
			tokens[i] = out.Token
		})
	}
	wg.Wait()
	for _, token := range tokens {
		if token == "" || token != tokens[0] {
			t.Fatalf("tokens differ: %q", tokens)
		}
	}
	h.wantNumbers(1)
}

// One patient asks for many tickets at once and by different ways of writing.
func TestOneTicketPerPatientPoliAndDay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, quota(50))
	first := h.booking()
	first.Contact, first.Name = "0812 3456 7890", "Sitti Aminah"
	var got atomic.Int64
	var wg sync.WaitGroup
	for range 10 {
		b := h.booking()
		b.Contact, b.Name, b.BirthDate = first.Contact, []string{"Sitti Aminah", "St. Aminah", "SITTI  AMINAH"}[rand.IntN(3)], first.BirthDate
		wg.Go(func() {
			_, err := h.Book(h.ctx, authz.Actor{}, b)
			if err == nil {
				got.Add(1)
			} else if !errors.Is(err, errSecond) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got.Load() != 1 {
		t.Errorf("the patient has %d tickets", got.Load())
	}
	h.wantNumbers(1)

	nik := h.booking()
	nik.NIK = "7371" + "13" + nik.BirthDate.Format("020106") + "0001"
	h.book(func(b *Booking) { b.NIK, b.BirthDate = nik.NIK, nik.BirthDate })
	if _, err := h.Book(h.ctx, authz.Actor{}, nik); !errors.Is(err, errSecond) {
		t.Errorf("a second ticket for one NIK gives %v", err)
	}
	nik.Name = "Baharuddin"
	_, err := h.Book(h.ctx, authz.Actor{}, nik)
	errstest.Field(t, err, ControlNIK)
}

// Six tickets are a contact's most, also when they are asked for at once.
func TestAContactHasSixTicketsAtMost(t *testing.T) {
	t.Parallel()
	h := newHouse(t, quota(50))
	var got atomic.Int64
	var wg sync.WaitGroup
	for i := range 20 {
		b := h.booking()
		b.Contact, b.Name = "Ibu@contoh.id", "Anak "+strings.Repeat("a", i+1)
		wg.Go(func() {
			_, err := h.Book(h.ctx, authz.Actor{}, b)
			if err == nil {
				got.Add(1)
			} else if errs.KindOf(err) != errs.TooMany {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got.Load() != 6 {
		t.Errorf("the contact has %d tickets, want 6", got.Load())
	}
}

func TestQuotasSplit(t *testing.T) {
	t.Parallel()
	three, one := 3, 1
	h := newHouse(t, Quota{All: 5, Online: 3, JKN: &three, General: &one})
	h.book(nil)
	_, err := h.Book(h.ctx, authz.Actor{}, h.booking())
	if !errors.Is(err, errFull) {
		t.Fatalf("the second who pays gives %v", err)
	}
	jkn := func(b *Booking) { b.Payer, b.BPJS = "", "0001 2345 67890" }
	h.book(jkn)
	h.book(jkn)
	online := h.booking()
	jkn(&online)
	_, err = h.Book(h.ctx, authz.Actor{}, online)
	if !errors.Is(err, errFull) || !strings.Contains(errs.MessageOf(err), "Kamis, 26 November 2026 pukul 08.00 (sisa 3)") {
		t.Fatalf("the fourth online gives %v: %q", err, errs.MessageOf(err))
	}
	// The desk still has a JKN place, but not two.
	desk := h.hire("PKM-KASSI-KASSI", PermDesk)
	walkIn := h.booking()
	jkn(&walkIn)
	walkIn.Origin, walkIn.Contact = OriginDesk, ""
	if _, err := h.Book(h.ctx, desk, walkIn); err != nil {
		t.Fatal(err)
	}
	walkIn.Key, walkIn.Name = "lain", "Daeng Kanang"
	if _, err := h.Book(h.ctx, desk, walkIn); !errors.Is(err, errFull) {
		t.Fatalf("the fifth JKN patient gives %v", err)
	}
	stranger := h.hire("PKM-ANTANG", PermDesk)
	walkIn.Payer, walkIn.BPJS = General, ""
	_, err = h.Book(h.ctx, stranger, walkIn)
	errstest.Kind(t, err, errs.NotFound)
	_, err = h.Book(h.ctx, authz.Actor{}, walkIn)
	errstest.Kind(t, err, errs.NotFound)
}

// A full session names the nearest others, but none for which whoever is at home would come
// too late; who stands at the desk may have that one, too.
func TestTheNearestOthersCanBeReached(t *testing.T) {
	t.Parallel()
	h := newHouse(t, Quota{All: 2, Online: 1})
	h.book(nil)
	desk := h.hire("PKM-KASSI-KASSI", PermDesk)
	const today, thursday = "Selasa, 24 November 2026 pukul 08.00", "Kamis, 26 November 2026 pukul 08.00"
	for _, c := range []struct {
		at    time.Duration // before today's session
		from  string
		today bool
	}{{2 * time.Hour, OriginOnline, true}, {20 * time.Minute, OriginOnline, false}, {20 * time.Minute, OriginBPJS, false}, {20 * time.Minute, OriginDesk, true}} {
		h.clock.Set(tomorrow.AddDate(0, 0, -1).Add(-c.at))
		b, by := h.booking(), authz.Actor{Kind: authz.Machine}
		b.Origin = c.from
		if c.from == OriginDesk {
			by = desk
			one[int64](h, `UPDATE epuskesmas_session SET quota = taken WHERE poli_id = $1 RETURNING id`, h.poli)
		}
		_, err := h.Book(h.ctx, by, b)
		if words := errs.MessageOf(err); !errors.Is(err, errFull) || strings.Contains(words, today) != c.today || !strings.Contains(words, thursday) {
			t.Errorf("%s, %v before: %v", c.from, c.at, err)
		}
	}
}
