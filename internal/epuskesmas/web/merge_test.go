package epuskesmasweb_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

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
	stranger := p.SignedIn(t, p.Citizen(t, "warga@uji.example", "Warga"))
	stranger.Get(both.URL.RequestURI()).Want(http.StatusNotFound)
}
