package epuskesmasweb_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/epuskesmas"
)

// What paper says of a number is entered with its doctor, who stays chosen for the next one.
func TestPaperNamesTheDoctor(t *testing.T) {
	p := openHouse(t)
	ticket := p.Walk(t, "Sitti Aminah")
	p.Clock.Advance(time.Hour)
	clerk := p.SignedIn(t, p.Clerk.AccountID)
	page := clerk.Get("/meja/puskesmas/kertas/susulan?di=kassi-kassi").Want(http.StatusOK)
	const form = `form[action$="/susulan"]`
	contains(t, page, form+" select[name=dokter]", "dr. Aulia Rahman, Poli Umum")
	entry := values("nomor", fmt.Sprint(ticket.Number), "jam_mulai", "09.10", "jam_selesai", "09.20", "dokter", "123456")
	wrong := page.Submit(form, entry).Want(http.StatusUnprocessableEntity)
	contains(t, wrong, "main", "tidak bertugas di sesi itu")
	if got := wrong.Doc.Find("[name=jam_mulai]").AttrOr("value", ""); got != "09.10" {
		t.Errorf("the time typed is %q", got)
	}
	next := wrong.Submit(form, values("dokter", fmt.Sprint(p.Doctor))).Want(http.StatusOK)
	contains(t, next, ".flash", "disimpan")
	contains(t, next, form+" select[name=dokter] option[selected]", "dr. Aulia Rahman")
	list := clerk.Get("/meja/puskesmas/pasien?di=kassi-kassi").Want(http.StatusOK)
	patient := clerk.Get(list.Doc.Find("tbody a").AttrOr("href", "")).Want(http.StatusOK)
	contains(t, patient, "main table", "dr. Aulia Rahman")
}

// Who got a number on paper and looks like somebody known is that person or another, as
// whoever copies the paper says.
func TestPaperAsksWhoItIs(t *testing.T) {
	p := openHouse(t)
	was := p.Walk(t, "Rosmini Latif")
	var born time.Time
	if err := p.Pool.QueryRow(t.Context(), `SELECT birth_date FROM epuskesmas_patient`).Scan(&born); err != nil {
		t.Fatal(err)
	}
	block, err := p.App.Queues.SetAside(t.Context(), p.Actor(t, p.Clerk.AccountID), was.SessionID, 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.App.Queues.Act(t.Context(), p.Actor(t, p.Clerk.AccountID), was.ID, 0, epuskesmas.ActCancel, "Listrik padam"); err != nil {
		t.Fatal(err)
	}
	p.Clock.Advance(time.Hour)
	clerk := p.SignedIn(t, p.Clerk.AccountID)
	const form, choose = `form[action$="/susulan"]:has(#nama)`, ".queue-alike form"
	enter := func(number int) *apptest.Page {
		return clerk.Get("/meja/puskesmas/kertas/susulan?di=kassi-kassi").Want(http.StatusOK).Submit(form, values("nomor", fmt.Sprint(number),
			"jam_mulai", "09.10", "jam_selesai", "09.20", "nama", "Rosmini Latief", "lahir", born.Format(time.DateOnly))).Want(http.StatusConflict)
	}
	asked := enter(block)
	contains(t, asked, ".queue-alike", fmt.Sprintf("RM %06d", was.RecordNo))
	if got := asked.Doc.Find("#nama").AttrOr("value", ""); got != "Rosmini Latief" {
		t.Errorf("the name typed is %q", got)
	}
	id := asked.Doc.Find(choose+` button[name=pasien]`).First().AttrOr("value", "")
	contains(t, asked.Submit(choose, values("pasien", id)).Want(http.StatusOK), ".flash", "disimpan")
	asked = enter(block + 1)
	seen := asked.Doc.Find(choose+` button[name=dilihat]`).AttrOr("value", "")
	contains(t, asked.Submit(choose, values("dilihat", seen)).Want(http.StatusOK), ".flash", "disimpan")
	var patients, records int
	if err := p.Pool.QueryRow(t.Context(), `SELECT count(*), count(record_number) FROM epuskesmas_patient`).Scan(&patients, &records); err != nil || patients != 2 || records != 2 {
		t.Errorf("%d patients, %d with a record number, %v", patients, records, err)
	}
}
