package epuskesmasweb_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// Nothing that was typed is lost: on the way back, for another day, and when the last place or
// the session itself is gone meanwhile.
func TestAnotherDayForTheSameAnswers(t *testing.T) {
	p := openHouse(t)
	me := p.SignedIn(t, p.Citizen(t, "daeng.ngai@uji.example", "Daeng Ngai"))
	sessions, err := p.App.Queues.Sessions(t.Context(), p.Clinic)
	if err != nil {
		t.Fatal(err)
	}
	at := func(i int) string {
		return sessions[i].StartsAt.In(time.FixedZone("WITA", 8*3600)).Format("2006-01-02T15:04")
	}
	const who, offer = `form:has(#nama)`, `form:has(input[type=radio][name=sesi])`
	kept := func(page *apptest.Page) {
		t.Helper()
		if name := page.Doc.Find("#nama").AttrOr("value", ""); name != "Basse" || page.Has("#ringkasan-galat") {
			t.Errorf("at %s the name typed is %q, wrong is %q", page.URL.Path, name, page.Text("#ringkasan-galat"))
		}
	}
	first := me.Get("/puskesmas/kassi-kassi/daftar?poli=" + fmt.Sprint(p.Clinic) + "&sesi=" + at(1)).Want(http.StatusOK)
	days := first.Submit(who, values("nama", "Basse", "ganti", "1")).Want(http.StatusOK)
	if days.Has(offer + ` input[value="` + at(1) + `"]`) {
		t.Error("the day itself is offered as another")
	}
	second := days.Submit(offer, values("sesi", at(2))).Want(http.StatusOK)
	kept(second)
	contains(t, second, ".note", "Poli Umum")
	check := second.Submit(who, values("lahir", "1986-03-12", "bayar", "umum", "keluhan", "Demam")).Want(http.StatusOK)
	contains(t, check, "h1", "Periksa")
	kept(check.Submit("form.back", nil).Want(http.StatusOK))

	if _, err := p.DB.Owner().Exec(t.Context(), `UPDATE epuskesmas_plan SET quota_online = 0 WHERE weekday = extract(isodow FROM $1::date)`, sessions[2].Day); err != nil {
		t.Fatal(err)
	}
	full := check.Submit(`form[action$="/kirim"]`, nil).Want(http.StatusConflict)
	contains(t, full, ".ds-alert", "Tempat di sesi ini sudah habis")
	check = full.Submit(offer, values("sesi", at(3))).Want(http.StatusOK)
	contains(t, check, "main", "Demam")

	closed := me.Post("/puskesmas/kassi-kassi/daftar", values("poli", fmt.Sprint(p.Clinic), "sesi", "2020-01-06T00:00", "nama", "Basse", "keluhan", "Demam")).Want(http.StatusGone)
	contains(t, closed, ".ds-alert", "sudah lewat, atau polinya tutup")
	wrong := closed.Submit(offer, values("sesi", at(3))).Want(http.StatusUnprocessableEntity)
	if name := wrong.Doc.Find("#nama").AttrOr("value", ""); name != "Basse" {
		t.Errorf("after a session that is over the name typed is %q", name)
	}
	contains(t, me.Get("/puskesmas/kassi-kassi/daftar?poli=1&sesi=x").Want(http.StatusGone), "main", "Lihat semua poli")
	contains(t, check.Submit(`form[action$="/kirim"]`, nil).Want(http.StatusOK), ".ticket .no", "A-001")
	twice := second.Submit(who, values("kunci", "lagi-dari-awal", "sesi", at(3), "lahir", "1986-03-12", "bayar", "umum")).Want(http.StatusOK)
	refused := twice.Submit(`form[action$="/kirim"]`, nil).Want(http.StatusConflict)
	if !refused.Has(`main a[href="/puskesmas/antrean-saya"]`) || !refused.Has(offer) {
		t.Errorf("whoever has a number is told %q", refused.Text("main"))
	}
}

// What the puskesmas does to a session, a doctor's absence among it, is told on the tickets.
func TestTheTicketSaysWhatThePuskesmasDid(t *testing.T) {
	p := openHouse(t)
	sessions, err := p.App.Queues.Sessions(t.Context(), p.Clinic)
	if err != nil {
		t.Fatal(err)
	}
	booked, err := p.App.Queues.Book(t.Context(), authz.Actor{}, epuskesmas.Booking{PoliID: p.Clinic, StartsAt: sessions[1].StartsAt, Name: "Basse",
		BirthDate: time.Date(1986, 3, 12, 0, 0, 0, 0, time.UTC), Payer: epuskesmas.JKN, Contact: "basse@portal.example", Origin: epuskesmas.OriginOnline})
	if err != nil {
		t.Fatal(err)
	}
	head := p.SignedIn(t, p.Head.AccountID)
	list := head.Get("/meja/puskesmas/atur/kassi-kassi/sesi").Want(http.StatusOK)
	list.Submit(`form[action$="/sesi"]`, nil).Want(http.StatusUnprocessableEntity)
	opened := list.Submit(`form[action$="/sesi"]`, values("sesi", list.Doc.Find(`select[name=sesi] option`).Last().AttrOr("value", ""))).Want(http.StatusOK)
	contains(t, opened, "main", "0 dari 200")
	day := head.Get(list.Doc.Find("main tbody a").Last().AttrOr("href", "")).Want(http.StatusOK)
	both := day.Submit(`form[action$="/absen"]`, nil).Want(http.StatusUnprocessableEntity)
	contains(t, both, "#ringkasan-galat", "Pilih dokter")
	contains(t, both, "#ringkasan-galat", "Tulis alasannya")
	absent := both.Submit(`form[action$="/absen"]`, values("dokter", fmt.Sprint(p.Doctor), "alasan", "Sakit")).Want(http.StatusOK)
	contains(t, absent, "main", "dr. Aulia Rahman (tidak datang)")
	absent.Submit(`form[action$="/batal"]`, values("alasan", "Dokter sakit")).Want(http.StatusOK)
	ticket := p.Client(t).Get("/antrean/" + booked.Token).Want(http.StatusOK)
	contains(t, ticket, ".ticket", "Dibatalkan puskesmas: Dokter sakit")
	clerk := p.SignedIn(t, p.Clerk.AccountID).Get("/meja/puskesmas/kode").Want(http.StatusOK)
	contains(t, clerk, ".side [aria-current]", "Kode untuk pasien")
	contains(t, clerk, ".side", "Loket 1")
	if clerk.Has(`a[href="/meja/puskesmas/atur"]`) {
		t.Error("the clerk is led to pages of others")
	}
}

// By when to be there is said before choosing, and a session for which there is hardly time
// to come is not the first that is offered.
func TestDeadlinesBeforeChoosing(t *testing.T) {
	p := openHouse(t)
	page := p.Client(t).Get("/puskesmas/kassi-kassi").Want(http.StatusOK)
	first := page.Doc.Find(".picks li").First().Text()
	if !strings.Contains(first, "Besok") || !strings.Contains(first, "Datang paling lambat pukul") || strings.Contains(first, "mepet") {
		t.Errorf("first offered is %q", first)
	}
	today := page.Doc.Find("details.more").Last()
	if text := today.Text(); !strings.Contains(text, "bila Anda bisa segera datang") || !strings.Contains(text, "Hari ini") || !strings.Contains(text, "Waktunya mepet") {
		t.Errorf("today is offered as %q", text)
	}
	who := p.Client(t).Get(today.Find("a").AttrOr("href", "")).Want(http.StatusOK)
	contains(t, who, ".note", "Waktunya mepet")
}
