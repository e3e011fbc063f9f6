package mtrweb_test

import (
	"encoding/xml"
	"net/http"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
)

func TestFollowByEmail(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	d := newOffice(t, s)
	c := s.Client(t)
	r := d.reported(c, "Taman dan fasilitas umum", "Bangku taman patah", "-5.1357,119.4131", true)
	page := c.Get("/mtr/laporan/" + r.number).Want(http.StatusOK)
	href := page.Doc.Find(`a[href^="/mtr/ikuti"]`).AttrOr("href", "")
	f := &flow{t, c.Get(href).Want(http.StatusOK)}
	if !strings.Contains(f.Text("main"), "Bangku taman patah") {
		t.Fatalf("the page is about %s", f.Text("main"))
	}
	// By web push: hidden until a script says that the browser can, and to push services alone.
	if _, hidden := f.Doc.Find("[data-kabar]").Attr("hidden"); !hidden {
		t.Error("without JavaScript a button does nothing")
	}
	subject := values("hal", "laporan", "dari", r.number, "seberapa", "segera", "endpoint", "https://127.0.0.1/dalam", "p256dh", "x", "auth", "x", "lama", "https://push.invalid/x")
	if p := c.Post("/mtr/ikuti/ponsel", subject).Want(http.StatusUnprocessableEntity); !strings.Contains(p.Text("[role=alert]"), "belum kami kenal") || !p.Has("[data-aksi=ikuti]") {
		t.Errorf("an address of the inner network gets\n%s", p.Body)
	}
	c.Post("/mtr/ikuti/ponsel/daftar", subject).Want(http.StatusOK)
	c.Post("/mtr/ikuti/ponsel/berhenti", subject).Want(http.StatusOK)
	c.Post("/mtr/ikuti/ponsel/pindah", subject).Want(http.StatusUnprocessableEntity)
	c.Post("/mtr/ikuti/ponsel", values("hal", "laporan", "dari", "MTR-26-999999")).Want(http.StatusNotFound)
	f = f.form(values("email", "bukan", "seberapa", "harian")).refused("email", "Periksa alamat email")
	if f.Doc.Find("#email").AttrOr("value", "") != "bukan" {
		t.Error("what was typed is lost")
	}
	if p := f.form(values("email", "warga@contoh.id", "seberapa", "segera")); p.Status != http.StatusOK || !strings.Contains(p.Text("body"), "buka tautan di surat") {
		t.Fatalf("after asking: %d\n%s", p.Status, p.Text("body"))
	}
	s.Deliver(t)
	mails := s.Mail.To("warga@contoh.id")
	if len(mails) != 1 {
		t.Fatalf("%d letters came", len(mails))
	}
	_, link, _ := strings.Cut(mails[0].Text, s.URL)
	link = strings.Fields(link)[0]
	p := c.Get(link).Want(http.StatusOK)
	if p.Header.Get("X-Robots-Tag") != "noindex" || !strings.Contains(p.Text("h1"), "Ikuti kabar laporan") {
		t.Errorf("the link leads to\n%s", p.Text("main"))
	}
	p = p.Submit("main form", values("@tombol", "")).Want(http.StatusOK)
	if !strings.Contains(p.Text("body"), "Kabarnya kami kirim") {
		t.Fatalf("after the yes:\n%s", p.Text("body"))
	}
	p = p.Submit("main form", values("@tombol", "berhenti=1")).Want(http.StatusOK)
	if !strings.Contains(p.Text("main"), "Anda sudah berhenti") {
		t.Errorf("after the end:\n%s", p.Text("main"))
	}
	c.Get("/mtr/ikuti/tidakada").Want(http.StatusNotFound)
	for _, bad := range []string{"", "?hal=laporan&dari=MTR-26-999999", "?hal=apa&dari=1", "?hal=kelurahan&dari=x", "?hal=unit&dari=%00", "?hal=kategori&dari=TIDAK_ADA"} {
		if p := c.Get("/mtr/ikuti" + bad); p.Status != http.StatusNotFound && p.Status != http.StatusBadRequest {
			t.Errorf("/mtr/ikuti%s gets %d", bad, p.Status)
		}
	}
	// With an account, from the list.
	own := s.SignedIn(t, s.Citizen(t, "sitti@contoh.id", "Sitti"))
	href = own.Get("/mtr?kategori=TAMAN").Want(http.StatusOK).Doc.Find(`a[href^="/mtr/ikuti"]`).AttrOr("href", "")
	p = own.Get(href).Want(http.StatusOK).Submit(`main form[action="/mtr/ikuti"]`, values("seberapa", "harian")).Want(http.StatusOK)
	if p.URL.Path != "/mtr/ikutan" || !strings.Contains(p.Text("main"), "Taman dan fasilitas umum") || !strings.Contains(p.Text("main"), "Rangkuman sekali sehari") {
		t.Fatalf("they are led to %s\n%s", p.URL.Path, p.Text("main"))
	}
	p = p.Submit(`main form[action$="/berhenti"]`, nil).Want(http.StatusOK)
	if !strings.Contains(p.Text("main"), "Anda belum mengikuti apa pun") {
		t.Errorf("after stopping they see\n%s", p.Text("main"))
	}
	// The feed of a report.
	feed := c.Get("/mtr/laporan/" + r.number + "/rss.xml").Want(http.StatusOK)
	var doc struct {
		Items []struct {
			Title string `xml:"title"`
		} `xml:"channel>item"`
	}
	if err := xml.Unmarshal([]byte(feed.Body), &doc); err != nil || len(doc.Items) != 2 || !strings.Contains(doc.Items[0].Title, "Diteruskan") {
		t.Errorf("the feed holds %+v, %v", doc, err)
	}
	c.Get("/mtr/laporan/MTR-26-999999/rss.xml").Want(http.StatusNotFound)
}
