package mtrweb_test

import (
	"net/http"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/mtr"
)

// The head writes an answer, an officer takes it into the form after their own words, and
// several reports get it with their own numbers.
func TestReadyAnswers(t *testing.T) {
	d := newDesk(t)
	boss := d.s.SignedIn(t, d.s.Hire(t, apptest.Staff{Email: "bos@kota.example", Name: "Bos", UnitCode: "DISHUB", Kind: "kepala", Permissions: perms(mtr.PermHandle)}).AccountID)
	const page = "/meja/mtr/contoh-jawaban"
	p := boss.Get(page).Want(http.StatusOK).Submit(`main form[action$="/contoh-jawaban"]`, values("nama", "Terima kasih", "uraian", "Hai {siapa}"))
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "tidak dikenal: {siapa}") || p.Doc.Find("#nama").AttrOr("value", "") != "Terima kasih" {
		t.Fatalf("an unknown variable: %d\n%s", p.Status, p.Text("main"))
	}
	p = p.Submit(`main form[action$="/contoh-jawaban"]`, values("uraian", "Laporan {nomor} sudah kami baca. Batasnya {tenggat}.")).Want(http.StatusOK)
	if !strings.Contains(p.Text("main"), "sudah kami baca") {
		t.Fatalf("the saved template:\n%s", p.Text("main"))
	}
	if p := d.worker.Get(page).Want(http.StatusOK); !strings.Contains(p.Text("main"), "sudah kami baca") || p.Has("main form") {
		t.Errorf("an officer may edit:\n%s", p.Text("main"))
	}
	one, two := d.forwarded(d.file("LAMPU", false, false)), d.forwarded(d.file("LAMPU", false, false))
	choice := d.page(d.head, one).Doc.Find(form("tanggapi")+" option:contains(Terima)").AttrOr("value", "")
	p = d.page(d.head, one).Submit(form("tanggapi"), values("alasan", "Halo.", "contoh", choice, "langkah", "contoh")).Want(http.StatusOK)
	if got := p.Text(form("tanggapi") + " textarea"); !strings.HasPrefix(got, "Halo.") || !strings.Contains(got, one+" sudah kami baca") || strings.Contains(got, "{") {
		t.Fatalf("in the form: %q", got)
	}
	p = p.Submit(form("tanggapi"), nil).Want(http.StatusOK)
	if !strings.Contains(p.Text("main"), one+" sudah kami baca") {
		t.Errorf("the answer did not go out:\n%s", p.Text("main"))
	}
	d.head.Post("/meja/mtr/massal", values("tindakan", "tanggapi", "antrean", "masuk", "pilih", one, "pilih", two, "contoh", choice)).Want(http.StatusOK)
	if p := d.page(d.head, two); !strings.Contains(p.Text("main"), two+" sudah kami baca") {
		t.Errorf("several at once:\n%s", p.Text("main"))
	}
	if p := d.page(d.head, one).Submit(form("tanggapi"), values("alasan", "Kami datang {tanggal_janji}.")); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "Ganti {tanggal_janji}") {
		t.Errorf("an open variable: %d", p.Status)
	}
}
