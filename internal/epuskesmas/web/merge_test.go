package epuskesmasweb_test

import (
	"fmt"
	"net/http"
	"path"
	"strconv"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/epuskesmas"
)

// shown is whose page it is.
func shown(page *apptest.Page) int64 {
	id, _ := strconv.ParseInt(path.Base(page.URL.Path), 10, 64)
	return id
}

// Two records of one person become one on the patient's page, and two again, by hand and
// without JavaScript.
func TestMergingByHand(t *testing.T) {
	p := openHouse(t)
	first, second := p.Walk(t, "Rosmini Latif"), p.Walk(t, "Rosmini Latief")
	if _, err := p.DB.Owner().Exec(t.Context(), `UPDATE epuskesmas_patient SET birth_date = '1986-03-12'`); err != nil {
		t.Fatal(err)
	}
	clerk := p.SignedIn(t, p.Clerk.AccountID)
	list := clerk.Get("/meja/puskesmas/pasien?di=kassi-kassi").Want(http.StatusOK)
	page := func(name string) string {
		return list.Doc.Find(`tbody a:contains("`+name+`")`).First().AttrOr("href", "")
	}
	patient := clerk.Get(page("Latief")).Want(http.StatusOK)
	twins := clerk.Get(patient.Doc.Find(`a[href*="/gabung?"]`).AttrOr("href", "")).Want(http.StatusOK)
	contains(t, twins, ".queue-found", "Rosmini Latif")
	none := twins.Submit(`main form[role=search]`, values("cari", "Daeng Tompo")).Want(http.StatusOK)
	contains(t, none, "main", "Tidak ada pasien lain yang cocok")
	found := none.Submit(`main form[role=search]`, values("cari", "Rosmini")).Want(http.StatusOK)
	both := clerk.Get(found.Doc.Find(`.queue-found a`).AttrOr("href", "")).Want(http.StatusOK)
	contains(t, both, "main table", "A-001 Poli Umum")
	// Both still wait at the same poli.
	refused := both.Submit(`form.stack-lg`, nil).Want(http.StatusConflict)
	contains(t, refused, "#keadaan-baru", "Keduanya punya nomor yang masih berlaku")
	if _, err := p.DB.Owner().Exec(t.Context(), `UPDATE epuskesmas_ticket SET status = 'batal' WHERE id = $1`, second.ID); err != nil {
		t.Fatal(err)
	}
	both.Submit(`form.stack-lg`, values("tetap", "")).Want(http.StatusUnprocessableEntity)
	merged := both.Submit(`form.stack-lg`, nil).Want(http.StatusOK)
	contains(t, merged, ".flash", fmt.Sprintf("RM %06d sekarang menunjuk ke pasien ini", second.RecordNo))
	contains(t, merged, "h1", "Rosmini Latif")
	contains(t, merged, "main", fmt.Sprintf("RM %06d digabung ke pasien ini", second.RecordNo))
	old := clerk.Get(page("Latief")).Want(http.StatusOK)
	contains(t, old, ".flash", fmt.Sprintf("digabung ke RM %06d", first.RecordNo))
	hit := list.Submit(`main form[role=search]`, values("cari", fmt.Sprint(second.RecordNo))).Want(http.StatusOK)
	contains(t, hit, "main table", fmt.Sprintf("RM %06d digabung ke sini", second.RecordNo))
	apart := merged.Submit(`form[action$="/pisah"]`, nil).Want(http.StatusOK)
	contains(t, apart, "h1", "Rosmini Latief")
	late := merged.Submit(`form[action$="/pisah"]`, nil).Want(http.StatusOK)
	contains(t, late, ".flash", "sudah dipisahkan lagi")
	p.Clock.Advance(time.Minute)
	// Of a visit since, whoever takes them apart says whose it is.
	merged = clerk.Get(both.URL.RequestURI()).Submit(`form.stack-lg`, nil).Want(http.StatusOK)
	p.Clock.Advance(24 * time.Hour)
	clerk = p.SignedIn(t, p.Clerk.AccountID)
	merged = clerk.Get(merged.URL.RequestURI()).Want(http.StatusOK)
	if _, err := p.App.Queues.Register(t.Context(), p.Actor(t, p.Clerk.AccountID), p.Unit, epuskesmas.Registration{
		Key: "sesudah", PatientID: shown(merged), Payer: epuskesmas.General, PoliID: p.Clinic}); err != nil {
		t.Fatal(err)
	}
	unseen := merged.Submit(`form[action$="/pisah"]`, nil).Want(http.StatusOK)
	contains(t, unseen, ".flash", "belum ditentukan milik siapa")
	contains(t, unseen, `form[action$="/pisah"]`, "A-001 Poli Umum")
	visit := unseen.Doc.Find(`form[action$="/pisah"] input[name=kunjungan]`).AttrOr("value", "")
	apart = unseen.Submit(`form[action$="/pisah"]`, values("kunjungan", visit)).Want(http.StatusOK)
	contains(t, apart, "h1", "Rosmini Latief")
	contains(t, apart, "main table tbody tr:nth-child(2)", "A-002")
	stranger := p.SignedIn(t, p.Citizen(t, "warga@uji.example", "Warga"))
	stranger.Get(both.URL.RequestURI()).Want(http.StatusNotFound)
}
