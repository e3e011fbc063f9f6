package epuskesmasweb_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
)

// An open ticket hears of its own call and, when the doctor sends on to the pharmacy, of
// what happens there, without a new stream. Somebody whose phone takes nothing from the
// same queue's stream holds nobody up.
func TestAnOpenTicketFollowsTheVisit(t *testing.T) {
	p := openHouse(t)
	p.Work()
	ctx, m := t.Context(), p.App.Queues
	now := p.Clock.Now().In(clock.Makassar)
	out, err := m.Book(ctx, authz.Actor{}, epuskesmas.Booking{
		Key: "siaran", PoliID: p.Clinic, StartsAt: time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, clock.Makassar), Name: "Sitti Aminah",
		BirthDate: time.Date(1980, 1, 1, 0, 0, 0, 0, clock.Makassar), Payer: epuskesmas.General, Contact: "aminah@contoh.id", Origin: epuskesmas.OriginOnline,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.CheckIn(ctx, out.Token); err != nil {
		t.Fatal(err)
	}
	page := p.Client(t).Get("/antrean/" + out.Token).Want(http.StatusOK)
	address, ok := page.Doc.Find("[data-live]").Attr("data-live")
	if !ok {
		t.Fatal("the ticket names no stream")
	}
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	open := func() *http.Response {
		t.Helper()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL+address, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %v, %v", address, resp, err)
		}
		return resp
	}
	slow, stream := open(), open()
	defer slow.Body.Close()
	defer stream.Body.Close()
	lines := bufio.NewScanner(stream.Body)
	hears := func(ticket int64, seq int) {
		t.Helper()
		for lines.Scan() {
			if said, ok := strings.CutPrefix(lines.Text(), "data: "); ok && strings.Contains("."+said+".", fmt.Sprintf(".%d.%d.", ticket, seq)) {
				return
			}
		}
		t.Fatalf("the stream ended before it told of ticket %d at %d: %v", ticket, seq, lines.Err())
	}
	doctor := p.Actor(t, p.Doc.AccountID)
	called, err := m.Next(ctx, doctor, p.Room1, 0)
	if err != nil || called != out.Ticket.ID {
		t.Fatalf("called %d, %v", called, err)
	}
	hears(called, 3) // booked, here, called
	medicine, err := m.Forward(ctx, doctor, called, 0, p.Pharmacy)
	if err != nil {
		t.Fatal(err)
	}
	hears(medicine.ID, medicine.Seq)
	if _, err := m.Next(ctx, p.Actor(t, p.Chemist.AccountID), p.AtDrugs, 0); err != nil {
		t.Fatal(err)
	}
	hears(medicine.ID, medicine.Seq+1)
}
