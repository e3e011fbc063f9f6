package epuskesmasweb_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"
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
