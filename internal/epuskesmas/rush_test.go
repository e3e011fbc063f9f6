package epuskesmas

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Every fifth commit that has given a number fails, whoever makes it: sequences count
// what is rolled back too. 58030 is a disk that fails, which nobody tries again for.
const breakEveryFifth = `
CREATE SEQUENCE uji_given;
GRANT USAGE ON SEQUENCE uji_given TO portal_app;
CREATE FUNCTION uji_break() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
	IF nextval('uji_given') % 5 = 0 THEN RAISE EXCEPTION 'the commit fails' USING ERRCODE = '58030'; END IF;
	RETURN NULL;
END$$;
CREATE CONSTRAINT TRIGGER uji_break AFTER INSERT ON epuskesmas_event DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW WHEN (NEW.action = 'pesan') EXECUTE FUNCTION uji_break()`

// Patients at home, Mobile JKN and the desk ask the one allocator at once while a fifth
// of the numbers are rolled back when they were given already. Who hears of a failure
// sends again with the same key.
func TestARushWhereEveryFifthCommitFails(t *testing.T) {
	t.Parallel()
	const patients, places, online = 1000, 300, 200
	h := newHouse(t, Quota{All: places, Online: online})
	if _, err := h.db.Owner().Exec(h.ctx, breakEveryFifth); err != nil {
		t.Fatal(err)
	}
	desk := h.hire("PKM-KASSI-KASSI", PermDesk)
	type sending struct {
		by authz.Actor
		Booking
		got BookedTicket
	}
	all := make([]sending, patients)
	for i := range all {
		s := sending{Booking: h.booking()}
		switch s.Name = fmt.Sprintf("Pasien %c%c%c", 'a'+i/100, 'a'+i/10%10, 'a'+i%10); i % 3 {
		case 1:
			s.by, s.Origin, s.Contact = desk, OriginDesk, ""
		case 2:
			s.by, s.Origin, s.Contact = authz.Actor{Kind: authz.Machine}, OriginBPJS, ""
			s.Payer, s.BPJS = "", fmt.Sprintf("%013d", i)
		}
		all[i] = s
	}
	var full, broken atomic.Int64
	send := func(s *sending) {
		for {
			got, err := h.Book(h.ctx, s.by, s.Booking)
			var pe *pgconn.PgError
			switch {
			case err == nil:
				s.got = got
			case errors.Is(err, errFull):
				full.Add(1)
			case errors.As(err, &pe) && pe.Code == "58030":
				broken.Add(1)
				continue
			default:
				t.Error(err)
			}
			return
		}
	}
	var wg sync.WaitGroup
	for i := range all {
		wg.Go(func() { send(&all[i]) })
	}
	wg.Wait()
	h.wantNumbersOnline(places, online)
	// 300 were kept, and before each four of them one was not.
	if full.Load() != patients-places || broken.Load() < (places-1)/4 {
		t.Errorf("%d were told it is full, want %d; %d commits failed", full.Load(), patients-places, broken.Load())
	}
	type sum struct{ Online, BPJS, Desk int }
	got, err := pg.One[sum](h.ctx, h.db.Owner(), `SELECT count(*) FILTER (WHERE v.origin = 'daring') AS online, count(*) FILTER (WHERE v.origin = 'bpjs') AS bpjs,
		count(*) FILTER (WHERE v.origin = 'loket') AS desk FROM epuskesmas_ticket t JOIN epuskesmas_visit v ON v.id = t.visit_id`)
	if err != nil {
		t.Fatal(err)
	}
	if got.Desk != places-online || got.Online+got.BPJS != online || got.Online == 0 || got.BPJS == 0 {
		t.Errorf("the quota is split as %+v", got)
	}

	// Sent once more, each is what it was, and nobody else gets in.
	full.Store(0)
	for i := range all {
		wg.Go(func() {
			again := all[i]
			send(&again)
			if again.got.Token != all[i].got.Token || again.got.Ticket.Code != all[i].got.Ticket.Code || again.got.Again != (all[i].got.Token != "") {
				t.Errorf("booking %d was %s, and sent again it is %s", i, all[i].got.Ticket.Code, again.got.Ticket.Code)
			}
		})
	}
	wg.Wait()
	if full.Load() != patients-places {
		t.Errorf("%d are told it is full the second time", full.Load())
	}
	h.wantNumbersOnline(places, online)
}
