package epuskesmas

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// TestWhoBookedIsReceivedAtTheDesk: found by the code or the number of their ticket, they are
// checked in; who looks like somebody known is that person or another, as the desk says.
func TestWhoBookedIsReceivedAtTheDesk(t *testing.T) {
	t.Parallel()
	w := newRecords(t)
	born := time.Date(1986, 3, 12, 0, 0, 0, 0, clock.Makassar)
	was := w.register(func(r *Registration) { r.Name, r.BirthDate = "Siti Rahmawati", born })
	known := w.patientOf(was.ID)
	online := func(name string) BookedTicket {
		return w.book(func(b *Booking) { b.Name, b.BirthDate, b.StartsAt = name, born, tomorrow.AddDate(0, 0, -1) })
	}
	arrive := func(b BookedTicket, same int64, seen ...int64) error {
		return w.Arrive(w.ctx, w.staff, Arrival{TicketID: b.Ticket.ID, Seq: b.Ticket.Seq, Same: same, Seen: seen})
	}

	twin := online("Sitti Rahmawaty")
	p := w.patientOf(twin.Ticket.ID)
	w.wantOne(p.ID, "https://portal.test/antrean/"+twin.Token, "http://localhost/antrean/"+twin.Token+"?kabar=hadir", "A-002", "a2", "A 002")
	antang := w.hire("PKM-ANTANG", PermDesk)
	elsewhere := one[int64](w.house, `SELECT id FROM org_unit WHERE code = 'PKM-ANTANG'`)
	for _, text := range []string{"https://portal.test/antrean/" + twin.Token, "A-002"} {
		if found, err := w.FindPatients(w.ctx, antang, elsewhere, text); err != nil || len(found) != 0 {
			t.Errorf("another puskesmas finds %+v, %v", found, err)
		}
	}
	errstest.Kind(t, w.Arrive(w.ctx, antang, Arrival{TicketID: twin.Ticket.ID}), errs.NotFound)

	err := arrive(twin, 0)
	var a *Alike
	if !errors.As(err, &a) || errs.KindOf(err) != errs.Conflict || a.SameNIK || len(a.Known) != 1 || a.Known[0].ID != known.ID || len(a.Known[0].Today) != 1 {
		t.Fatalf("%v, %+v", err, a)
	}
	if s := w.ticket(twin.Ticket.ID).Status; s != Booked {
		t.Errorf("who was not settled is %s", s)
	}
	// Both have a number for the clinic, so they cannot be one yet.
	if err := arrive(twin, known.ID); errs.KindOf(err) != errs.Conflict || !strings.Contains(errs.MessageOf(err), "A-001 dan A-002") {
		t.Errorf("with two numbers: %v", err)
	}
	w.must(w.Act(w.ctx, w.staff, w.call(w.atClinic).ID, 0, ActFinish, ""))
	// Two clerks receive them at once, as the same person: once.
	var wait sync.WaitGroup
	results := make([]error, 4)
	for i := range results {
		wait.Go(func() { results[i] = arrive(twin, known.ID) })
	}
	wait.Wait()
	received := 0
	for _, err := range results {
		switch {
		case err == nil:
			received++
		case errs.KindOf(err) != errs.Conflict || errs.MessageOf(err) == "":
			t.Errorf("the slower clerk hears %v", err)
		}
	}
	merged, err := w.MergedInto(w.ctx, w.clerk, kassi, known.ID)
	w.must(err)
	if got := w.patientOf(twin.Ticket.ID); received != 1 || got.ID != known.ID || got.RecordNo != 1 || len(merged) != 1 || w.ticket(twin.Ticket.ID).Status != Waiting {
		t.Errorf("received %d times as %+v, merged %+v", received, got, merged)
	}
	w.wantNoneLost()

	other := online("Siti Rachmawati") // another person after all
	w.must(arrive(other, 0, known.ID))
	if got := w.patientOf(other.Ticket.ID); got.ID == known.ID || got.RecordNo != 2 {
		t.Errorf("somebody else is %+v", got)
	}
	again := w.book(func(b *Booking) {
		*b = Booking{Key: "lagi", PoliID: w.poli, StartsAt: tomorrow, Name: "Siti Rachmawati", BirthDate: born, Payer: General, Contact: "lain@contoh.id", Origin: OriginOnline}
	})
	w.clock.Set(tomorrow)
	nurse := w.hire("PKM-KASSI-KASSI", PermTriage)
	w.must(w.Arrive(w.ctx, nurse, Arrival{TicketID: again.Ticket.ID})) // sees no patients, so is not asked
	own := w.book(func(b *Booking) { b.StartsAt = tomorrow })
	w.must(w.CheckIn(w.ctx, own.Token))
	if got := w.patientOf(own.Ticket.ID); got.RecordNo != 3 {
		t.Errorf("who checked in from the phone is %+v", got)
	}
	// Who looks like somebody is here, but has no record until the desk has asked.
	twins := w.book(func(b *Booking) { b.Name, b.BirthDate, b.StartsAt = "Siti Rahmawatti", born, tomorrow })
	w.must(w.CheckIn(w.ctx, twins.Token))
	unsettled := func(want ...string) {
		t.Helper()
		list, err := w.Unsettled(w.ctx, w.staff, w.unit)
		w.must(err)
		var codes []string
		for _, n := range list {
			codes = append(codes, n.Code)
		}
		if !slices.Equal(codes, want) {
			t.Errorf("to be asked are %v, want %v", codes, want)
		}
	}
	unsettled(again.Ticket.Code, twins.Ticket.Code)
	if _, err := w.Unsettled(w.ctx, antang, w.unit); errs.KindOf(err) != errs.NotFound {
		t.Errorf("another puskesmas sees who is to be asked: %v", err)
	}
	first := w.call(w.atClinic) // called meanwhile
	if first.ID != again.Ticket.ID {
		t.Fatalf("%s is called", first.Code)
	}
	if err := arrive(BookedTicket{Ticket: w.ticket(first.ID)}, 0); !errors.As(err, &a) {
		t.Errorf("who was let in by the nurse is not asked about: %v", err)
	}
	w.must(arrive(BookedTicket{Ticket: w.ticket(first.ID)}, known.ID))
	if got := w.patientOf(first.ID); got.ID != known.ID || w.ticket(first.ID).Status != Called {
		t.Errorf("settled as %+v, %s", got, w.ticket(first.ID).Status)
	}
	errstest.Kind(t, arrive(BookedTicket{Ticket: w.ticket(first.ID)}, 0), errs.Conflict) // once
	unsettled(twins.Ticket.Code)
	w.must(w.Act(w.ctx, w.staff, first.ID, 0, ActFinish, ""))
	w.must(w.Act(w.ctx, w.staff, w.call(w.atClinic).ID, 0, ActFinish, ""))
	w.must(w.Act(w.ctx, w.staff, w.call(w.atClinic).ID, 0, ActFinish, ""))
	w.must(w.Close(w.ctx, w.staff, first.SessionID))
	unsettled()
	if got := w.patientOf(twins.Ticket.ID); got.RecordNo != 4 {
		t.Errorf("who was never asked is %+v", got)
	}
}

// TestACalledRegistrationSentAgain: clicked twice, a form gives the kiosk's number one number
// at the clinic; another patient does not get it. A full session names others.
func TestACalledRegistrationSentAgain(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	at := func() (r Registration) {
		_, err := w.TakeKiosk(w.ctx, w.kiosk, "orang-"+itoa(w.count.Add(1))+"-kios")
		w.must(err)
		called := w.call(w.atDesk)
		r = w.newcomer()
		r.DeskID, r.DeskSeq = called.ID, called.Seq
		return r
	}
	send := func(r Registration) string {
		codes, wait := make([]string, 4), sync.WaitGroup{}
		for i := range codes {
			wait.Go(func() {
				got, err := w.Register(w.ctx, w.staff, w.unit, r)
				if err != nil {
					t.Error(err)
				}
				codes[i] = got.Code
			})
		}
		wait.Wait()
		for _, code := range codes[1:] {
			if code != codes[0] {
				t.Errorf("one form gave %v", codes)
			}
		}
		return codes[0]
	}
	first := at()
	if code := send(first); code != "A-001" {
		t.Errorf("the first number is %s", code)
	}
	stranger := w.newcomer()
	stranger.DeskID, stranger.DeskSeq = first.DeskID, first.DeskSeq
	if _, err := w.Register(w.ctx, w.staff, w.unit, stranger); errs.KindOf(err) != errs.Conflict || !strings.Contains(errs.MessageOf(err), "L-001") {
		t.Errorf("another patient with the number: %v", err)
	}
	returning := at()
	returning.PatientID = one[int64](w.house, `SELECT patient_id FROM epuskesmas_ticket WHERE id = $1`, first.DeskID)
	w.must(w.Act(w.ctx, w.staff, w.call(w.atClinic).ID, 0, ActFinish, ""))
	if code := send(returning); code != "A-002" {
		t.Errorf("who came again got %s", code)
	}
	if n := one[int](w.house, `SELECT count(*) FROM epuskesmas_ticket`); n != 4 {
		t.Errorf("%d numbers were given", n)
	}
	one[int64](w.house, `UPDATE epuskesmas_session SET quota = taken, quota_online = 0 WHERE poli_id = $1 RETURNING id`, w.poli)
	late := at()
	if _, err := w.Register(w.ctx, w.staff, w.unit, late); errs.KindOf(err) != errs.Conflict || !strings.Contains(errs.MessageOf(err), "Yang terdekat masih ada") {
		t.Errorf("a full session: %v", err)
	}
	if s := w.ticket(late.DeskID).Status; s != Called {
		t.Errorf("who got no number is %s at the desk", s)
	}
}
