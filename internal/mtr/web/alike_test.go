package mtrweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
)

// TestReportingWhatIsKnown: who reports what somebody reported before is shown it, supports it
// or goes on, and loses nothing.
func TestReportingWhatIsKnown(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	d := newOffice(t, s)
	c := s.Client(t)
	known := begin(t, c).toCheck().send()
	d.forward(known.number)

	again := begin(t, s.Client(t)).toCategory()
	again = again.form(values("kategori", again.choice("kategori", "Taman dan fasilitas umum"))).at("uraian")
	again = again.form(values("judul", "Bangku taman patah", "uraian", "Bangku di taman patah, ada pakunya.")).at("serupa")
	if text := again.Page.Text(".alike"); !strings.Contains(text, "Bangku taman patah") {
		t.Fatalf("the known report is not shown: %s", text)
	}
	support := again.Page.Doc.Find(".alike a.ds-button").AttrOr("href", "")
	again = again.form(url.Values{}).at("pelapor")
	if again.form(values("nama", "Daeng Tata")).at("periksa").send().number == known.number {
		t.Error("going on led to the known report")
	}

	visitor := s.Client(t)
	page := visitor.Get(support).Want(http.StatusOK)
	if p := page.Submit("main form", values("email", "salah")).Want(http.StatusUnprocessableEntity); p.Doc.Find("#ringkasan-galat").Length() == 0 {
		t.Error("a wrong address is not said")
	}
	if p := page.Submit("main form", values("email", "tetangga@contoh.id")).Want(http.StatusOK); !strings.Contains(p.Text("main"), "Periksa email") {
		t.Errorf("asking for support says %s", p.Text("main"))
	}
	citizen := s.SignedIn(t, s.Citizen(t, "warga2@contoh.id", "Warga Dua"))
	joined := citizen.Get(support).Want(http.StatusOK).Submit("main form", url.Values{}).Want(http.StatusOK)
	if !strings.Contains(joined.Text("main"), "Anda mendukung laporan ini") {
		t.Errorf("supporting says %s", joined.Text("main"))
	}
	if text := visitor.Get("/mtr/laporan/" + known.number).Want(http.StatusOK).Text("main"); !strings.Contains(text, "1 warga lain punya masalah yang sama") {
		t.Error("the report's page does not count the support")
	}
	visitor.Get("/mtr/dukungan/" + strings.Repeat("a", 22)).Want(http.StatusNotFound)
}
