package mtrweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/mtr"
)

// An original shows on the answer to reason and password, and nowhere else.
func TestOriginalsAskForThePassword(t *testing.T) {
	d := newDesk(t)
	h := d.s.Hire(t, apptest.Staff{Email: "nani@kota.example", Name: "Nani", UnitCode: "KOMINFO", City: true, Permissions: perms(mtr.PermModerate)})
	d.s.Password(t, h.AccountID, "kuda-laut-merah-7")
	moderator := d.s.SignedIn(t, h.AccountID)
	number := d.file("LAMPU", false, false)
	d.exec(`UPDATE mtr_report SET body = 'Rumah Pak Amir gelap.' WHERE number = $1`, number)
	page := moderator.Get("/meja/mtr/" + number).Want(http.StatusOK)
	page = page.Submit(`#tutup-kata form`, url.Values{"kata": {"Pak Amir"}, "alasan": {"Nama orang."}}).Want(http.StatusOK)
	if strings.Contains(page.Body, "Amir") {
		t.Fatal("the words are still there")
	}
	page = moderator.Get(link(t, page, "Lihat yang ditutup")).Want(http.StatusOK)
	const form = "main details form"
	page = page.Submit(form, url.Values{"alasan": {"Diminta penyidik."}, "sandi": {"salah"}}).Want(http.StatusUnprocessableEntity)
	if strings.Contains(page.Body, "Amir") || page.Doc.Find("#alasan").Text() != "Diminta penyidik." {
		t.Error("the wrong password opens it, or loses the reason")
	}
	page = page.Submit(form, url.Values{"alasan": {"x"}, "sandi": {"kuda-laut-merah-7"}}).Want(http.StatusUnprocessableEntity)
	page = page.Submit(form, url.Values{"alasan": {"Diminta penyidik."}, "sandi": {"kuda-laut-merah-7"}}).Want(http.StatusOK)
	if !strings.Contains(page.Text("main"), "Rumah Pak Amir gelap.") || page.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the original does not show: %s", page.Text("main"))
	}
	if again := moderator.Get("/meja/mtr/" + number + "/asli").Want(http.StatusOK); strings.Contains(again.Body, "Amir") {
		t.Error("it shows without being asked for")
	}
	if p := d.dispatcher.Get("/meja/mtr/" + number + "/asli"); p.Status != http.StatusForbidden && p.Status != http.StatusNotFound {
		t.Errorf("a dispatcher gets %d", p.Status)
	}
}

// The rule is looked at before it is set, and what it shows is what it will change.
func TestRetentionIsLookedAtFirst(t *testing.T) {
	d := newDesk(t)
	admin := configurer(t, d.s)
	open, secret := d.file("LAMPU", false, false), d.file("LAMPU", false, false)
	d.exec(`UPDATE mtr_report SET status = 'ditolak', due_kind = '', due_at = NULL, warn_at = NULL, closed_at = $2 WHERE number = $1`, open, apptest.Start.AddDate(0, -5, 0))
	d.exec(`UPDATE mtr_report SET status = 'ditolak', due_kind = '', due_at = NULL, warn_at = NULL, closed_at = $2, confidential = true, title = 'Rahasia sekali' WHERE number = $1`, secret, apptest.Start.AddDate(0, -5, 0))
	page := admin.Get(config + "/masa-simpan").Want(http.StatusOK)
	try := `form[method="get"]`
	page = page.Submit(try, url.Values{"umum": {"banyak"}, "rahasia": {"4"}}).Want(http.StatusUnprocessableEntity)
	page = page.Submit(try, url.Values{"umum": {"12"}, "anonim": {""}, "rahasia": {"4"}}).Want(http.StatusOK)
	if text := page.Text("#daftar"); !strings.Contains(text, secret) || strings.Contains(text, open) || strings.Contains(page.Body, "Rahasia sekali") {
		t.Errorf("it shows %s", text)
	}
	page = page.Submit(`#daftar form`, url.Values{"dasar": {""}}).Want(http.StatusUnprocessableEntity)
	page = page.Submit(`#daftar form`, url.Values{"dasar": {"Keputusan 7"}}).Want(http.StatusOK)
	if text := page.Text("main"); !strings.Contains(text, "12 bulan sesudah ditutup") || !strings.Contains(text, "Keputusan 7") {
		t.Errorf("the rule reads %s", text)
	}
	hold := `#tahanan form[action$="/tahanan"]`
	page = page.Submit(hold, url.Values{"nomor": {secret}, "diminta_oleh": {""}, "alasan": {"Perkara"}}).Want(http.StatusUnprocessableEntity)
	page = page.Submit(hold, url.Values{"diminta_oleh": {"Pengadilan"}}).Want(http.StatusOK)
	if text := page.Text("#daftar"); strings.Contains(text, secret) {
		t.Errorf("what is held is due: %s", text)
	}
	page = page.Submit(`#tahanan .confirm form`, url.Values{}).Want(http.StatusOK)
	if text := page.Text("#daftar"); !strings.Contains(text, secret) {
		t.Errorf("what was let go is not due: %s", text)
	}
}
