package mtrweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
)

// office does the city's part of what these tests need.
type office struct {
	t                           *testing.T
	s                           *apptest.Server
	dispatcher, unit, validator authz.Actor
	dishub                      int64
}

func newOffice(t *testing.T, s *apptest.Server) *office {
	t.Helper()
	d := &office{t: t, s: s}
	hire := func(name, unit string, city bool, ps ...authz.Permission) (authz.Actor, apptest.Hired) {
		h := s.Hire(t, apptest.Staff{Email: strings.ToLower(name) + "@portal.example", Name: name, UnitCode: unit, City: city, Permissions: ps})
		a, err := s.App.Accounts.Actor(t.Context(), h.AccountID)
		if err != nil {
			t.Fatal(err)
		}
		return a, h
	}
	d.dispatcher, _ = hire("Dewi", "KOMINFO", true, mtr.PermDispatch, mtr.PermModerate)
	var h apptest.Hired
	d.unit, h = hire("Hasan", "DISHUB", false, mtr.PermHandle, mtr.PermWork)
	d.dishub = h.UnitID
	d.validator, _ = hire("Vina", "KOMINFO", true, mtr.PermValidate)
	return d
}

// reportID of a number; Act.Version 0 means whatever it is now.
func (d *office) act(number string) mtr.Act {
	d.t.Helper()
	var id int64
	if err := d.s.Pool.QueryRow(d.t.Context(), `SELECT id FROM mtr_report WHERE number = $1`, number).Scan(&id); err != nil {
		d.t.Fatal(err)
	}
	return mtr.Act{ReportID: id}
}

func (d *office) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *office) forward(number string) {
	d.t.Helper()
	d.must(d.s.App.MTR.Forward(d.t.Context(), d.dispatcher, mtr.ForwardInput{Act: d.act(number), UnitID: d.dishub}))
}

// finish brings a forwarded report to selesai.
func (d *office) finish(number string) {
	d.t.Helper()
	ctx, m := d.t.Context(), d.s.App.MTR
	d.must(m.Start(ctx, d.unit, mtr.StartInput{Act: d.act(number)}))
	photo := mediatest.JPEG(320, 240, mediatest.Seed(9))
	_, err := m.AddProofPhoto(ctx, d.unit, d.act(number).ReportID, mtr.PhotoInput{File: strings.NewReader(string(photo)), Size: int64(len(photo))})
	d.must(err)
	d.must(m.SubmitProof(ctx, d.unit, mtr.ProofInput{Act: d.act(number), Answer: "Sudah kami perbaiki."}))
	d.must(m.Validate(ctx, d.validator, mtr.ValidateInput{Act: d.act(number)}))
}

// sent is what the citizen takes home.
type sent struct {
	number, code, own string
	page              *apptest.Page
}

// send sends the draft that stands at the last step.
func (f *flow) send() sent {
	f.t.Helper()
	p := f.at("periksa").Page.Submit("#kirim", url.Values{}).Want(http.StatusOK)
	out := sent{number: p.Text("#nomor"), code: p.Text("#kode-singkat"), own: p.Doc.Find("#tautan-rahasia").AttrOr("href", ""), page: p}
	if !strings.HasSuffix(p.URL.Path, "/terkirim") || out.number == "" || out.code == "" || out.own == "" {
		f.t.Fatalf("sending ends at %s: %s", p.URL.Path, p.Text("main"))
	}
	return out
}

func TestReceipt(t *testing.T) {
	t.Parallel()
	c := apptest.New(t).Client(t)
	r := begin(t, c).toCheck().send()
	if !regexp.MustCompile(`^MTR-26-\d{6}$`).MatchString(r.number) || !regexp.MustCompile(`^[A-Z]+-\d{4}$`).MatchString(r.code) {
		t.Errorf("the receipt shows %q and %q", r.number, r.code)
	}
	for _, want := range []string{"paling lambat Jumat, 27 November 2026", "5 hari kerja", "10 hari kerja"} {
		if !strings.Contains(r.page.Text(".timeline"), want) {
			t.Errorf("what happens next does not tell %q: %s", want, r.page.Text(".timeline"))
		}
	}
	if !strings.Contains(r.page.Text(".secret-link"), "http://"+r.page.URL.Host+r.own) {
		t.Errorf("the secret link is not shown in full: %s", r.page.Text(".secret-link"))
	}
	// Every page of the draft leads to the receipt now.
	for _, step := range []string{"", "/foto", "/tempat", "/kategori", "/periksa"} {
		if p := c.Get(strings.TrimSuffix(r.page.URL.Path, "/terkirim") + step); p.URL.Path != r.page.URL.Path {
			t.Errorf("%s of a sent draft leads to %s", step, p.URL.Path)
		}
	}
	if len(r.page.Header.Values("Set-Cookie")) > 0 || r.page.Header.Get("Cache-Control") != "no-store" {
		t.Error("the receipt stays on the phone")
	}
	// On a borrowed phone the way back to the receipt is closed, the report lives on.
	p := r.page.Submit(`form[action$="/hapus"]`, url.Values{}).Want(http.StatusOK)
	if !strings.Contains(p.Text("main"), "tidak tersimpan di perangkat ini") {
		t.Errorf("clearing says %q", p.Text("main"))
	}
	c.Get(r.page.URL.Path).Want(http.StatusNotFound)
	own := c.Get(r.own).Want(http.StatusOK)
	if own.Header.Get("Cache-Control") != "no-store" || len(own.Header.Values("Set-Cookie")) > 0 {
		t.Error("the reporter's page stays on the phone")
	}
}

func TestDoubleClickMakesOneReport(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	c := s.Client(t)
	f := begin(t, c).toCheck()
	send := strings.Replace(f.URL.Path, "periksa", "kirim", 1)
	numbers := make([]string, 8)
	var all sync.WaitGroup
	for i := range numbers {
		all.Go(func() { numbers[i] = s.Client(t).Post(send, url.Values{}).Text("#nomor") })
	}
	all.Wait()
	for _, n := range numbers {
		if n == "" || n != numbers[0] {
			t.Fatalf("eight clicks at once show %v", numbers)
		}
	}
	if again := c.Post(send, url.Values{}).Text("#nomor"); again != numbers[0] {
		t.Errorf("sent again it shows %s, want %s", again, numbers[0])
	}
	var n int
	if err := s.Pool.QueryRow(t.Context(), `SELECT count(*) FROM mtr_report`).Scan(&n); err != nil || n != 1 {
		t.Errorf("%d reports (%v), want 1", n, err)
	}
	// An answer typed in another tab meanwhile changes nothing and says where it went.
	if p := c.Post(strings.Replace(f.URL.Path, "periksa", "uraian", 1), values("judul", "Judul lain", "uraian", "Uraian lain sekali")); !strings.HasSuffix(p.URL.Path, "/terkirim") {
		t.Errorf("an answer after sending leads to %s", p.URL.Path)
	}
}

func TestTrackByNumberAndByCode(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	c := s.Client(t)
	open := begin(t, c).toCheck().send()
	f := begin(t, c).toCheck()
	f = (&flow{t, c.Get(strings.Replace(f.URL.Path, "periksa", "pelapor", 1))}).form(values("rahasia", "1"))
	secret := f.send()

	// By number whoever asks sees what is public: before forwarding only what and where.
	p := c.Get("/lacak?nomor=" + strings.ToLower(open.number)).Want(http.StatusOK)
	if p.URL.Path != "/mtr/laporan/"+open.number || !strings.Contains(p.Text("main"), "Karuwisi") || strings.Contains(p.Text("main"), "Bangku") {
		t.Errorf("a number leads to %s: %s", p.URL.Path, p.Text("main"))
	}
	// A secret report and one that never was look the same.
	a, b := c.Get("/lacak?nomor="+secret.number).Want(http.StatusNotFound), c.Get("/lacak?nomor=MTR-26-999999").Want(http.StatusNotFound)
	if strings.ReplaceAll(a.Text("main"), secret.number, "") != strings.ReplaceAll(b.Text("main"), "MTR-26-999999", "") {
		t.Error("tracking tells a secret report from none")
	}
	c.Get("/mtr/laporan/" + secret.number).Want(http.StatusNotFound)

	byCode := func(number, code string) *apptest.Page {
		return s.Client(t).Get("/lacak").Submit(`form[method=post]`, values("nomor_saya", number, "kode", code))
	}
	own := byCode(secret.number, strings.ToLower(secret.code)).Want(http.StatusOK)
	if !strings.HasPrefix(own.URL.Path, "/mtr/laporan/"+secret.number+"/") || !strings.Contains(own.Text("h1"), "Bangku taman patah") {
		t.Errorf("number and code lead to %s", own.URL.Path)
	}
	if tab := own.Text("title"); !strings.HasPrefix(tab, secret.number) || strings.Contains(tab, "Bangku") {
		t.Errorf("the browser's history would tell %q", tab)
	}
	if p := byCode(secret.number, "KAPAL-0000"); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("#kode-error"), "tidak cocok") {
		t.Errorf("a wrong code gets %d", p.Status)
	}
	// The same from the report's own public page.
	if own := c.Get("/mtr/laporan/"+open.number).Submit(`form[action="/lacak"]`, values("kode", open.code)).Want(http.StatusOK); own.Text("h1") != "Bangku taman patah" {
		t.Errorf("the code on the public page leads to %s", own.URL.Path)
	}
	// Guessing ends.
	status := 0
	for range 12 {
		status = byCode(secret.number, "KAPAL-0000").Status
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("the thirteenth guess gets %d", status)
	}
}

func TestOwnPageIsForTheReporterAlone(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	c := s.Client(t)
	mine, other := begin(t, c).form(values(), jpeg("satu.jpg", mediatest.GPS(lat, lng))).at("tempat"), begin(t, c).toCheck().send()
	mine = mine.form(values("kelurahan", mine.choice("kelurahan", "Karuwisi"), "patokan", "Depan masjid", "lat", "", "lng", "")).at("kategori")
	mine = mine.form(values("kategori", mine.choice("kategori", "Taman dan fasilitas umum"))).form(values("judul", "Ayunan rusak", "uraian", "Rantai ayunan putus sebelah.")).form(values())
	r := mine.send()
	own := c.Get(r.own).Want(http.StatusOK)
	photo := own.Doc.Find("#perjalanan img").AttrOr("src", "")
	p := c.Get(photo).Want(http.StatusOK)
	if p.Header.Get("Cache-Control") != "private, no-store" || p.Header.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("the reporter's photo may be kept: %v", p.Header)
	}
	token := strings.Split(r.own, "/")[4]
	theirs := strings.Split(other.own, "/")[4]
	ref := strings.Split(photo, "/")[6]
	for _, path := range []string{
		"/mtr/laporan/" + r.number + "/" + theirs, "/mtr/laporan/" + other.number + "/" + token,
		"/mtr/laporan/" + r.number + "/AAAAAAAAAAAAAAAAAAAAAA", "/mtr/laporan/" + r.number + "/" + theirs + "/perubahan",
		"/mtr/laporan/" + r.number + "/" + theirs + "/foto/" + ref + "/kecil", "/mtr/foto/" + ref + "/kecil", "/mtr/foto/" + ref + "/besar",
	} {
		c.Get(path).Want(http.StatusNotFound)
	}
	for _, act := range []string{"selesai", "batal", "kontak", "kode", "nilai"} {
		c.Post("/mtr/laporan/"+r.number+"/"+theirs+"/"+act, values("nilai", "5", "email", "x@portal.example")).Want(http.StatusNotFound)
	}
	// The account's pages are for accounts, and only for their own reports.
	if p := c.Get("/mtr/laporan-saya/" + r.number); p.URL.Path != "/masuk" {
		t.Errorf("without an account it leads to %s", p.URL.Path)
	}
	citizen := s.SignedIn(t, s.Citizen(t, "warga@portal.example", "Warga"))
	citizen.Get("/mtr/laporan-saya/" + r.number).Want(http.StatusNotFound)
	citizen.Get("/mtr/laporan-saya/" + r.number + "/foto/" + ref + "/kecil").Want(http.StatusNotFound)
}

func TestPublicPhotoHeaders(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	d := newOffice(t, s)
	c := s.Client(t)
	f := begin(t, c).form(values(), jpeg("satu.jpg", mediatest.GPS(lat, lng))).at("tempat")
	f = f.form(values("kelurahan", f.choice("kelurahan", "Karuwisi"), "patokan", "Depan masjid", "lat", "", "lng", "")).at("kategori")
	f = f.form(values("kategori", f.choice("kategori", "Taman dan fasilitas umum"))).form(values("judul", "Ayunan rusak", "uraian", "Rantai ayunan putus sebelah.")).form(values())
	r := f.send()
	d.forward(r.number)
	public := c.Get("/mtr/laporan/" + r.number).Want(http.StatusOK)
	src := public.Doc.Find(".gallery img").AttrOr("src", "")
	p := c.Get(src).Want(http.StatusOK)
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
		"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "public, max-age=600",
	} {
		if got := p.Header.Get(name); got != want {
			t.Errorf("the public photo's %s is %q, want %q", name, got, want)
		}
	}
	if !strings.HasPrefix(p.Header.Get("Content-Disposition"), "inline") || strings.Contains(p.Header.Get("Content-Disposition"), "satu") {
		t.Errorf("the photo's name gives away the phone's: %s", p.Header.Get("Content-Disposition"))
	}
	req, err := http.NewRequest(http.MethodGet, s.URL+src, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("If-None-Match", p.Header.Get("ETag"))
	c.Do(req).Want(http.StatusNotModified)
	// Hidden by a moderator it is gone.
	d.must(s.App.MTR.Hide(t.Context(), d.dispatcher, mtr.ReasonInput{Act: d.act(r.number), Reason: "Wajah orang terlihat jelas."}))
	c.Get(src).Want(http.StatusNotFound)
	c.Get("/mtr/laporan/" + r.number).Want(http.StatusNotFound)
}

var digits = regexp.MustCompile(`\b\d{6}\b`)

func TestContactIsProvenByItsCode(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	c := s.Client(t)
	r := begin(t, c).toCheck().send()
	own := c.Get(r.own)
	p := own.Submit(`form[action$="/kontak"]`, values("email", "bukan email"))
	(&flow{t, p}).refused("email", "Periksa alamat email")
	if p.Doc.Find("#email").AttrOr("value", "") != "bukan email" || !p.Has("details[open] #email") {
		t.Error("the refused contact is lost or folded away")
	}
	own = own.Submit(`form[action$="/kontak"]`, values("email", "sitti@portal.example")).Want(http.StatusOK)
	if !own.Has("#konfirmasi") || strings.Contains(own.Text("main"), "sitti@portal.example") {
		t.Errorf("the page asks for no code, or shows the address in full: %s", own.Text("main"))
	}
	s.Deliver(t)
	mails := s.Mail.To("sitti@portal.example")
	if len(mails) != 1 {
		t.Fatalf("%d letters, want the code alone", len(mails))
	}
	code := digits.FindString(mails[0].Text)
	(&flow{t, own.Submit("#form-kode", values("kode", "000000"))}).refused("kode", "")
	own = own.Submit("#form-kode", values("kode", code)).Want(http.StatusOK)
	if own.Has("#konfirmasi") || !strings.Contains(own.Text(".flash"), "sudah dikonfirmasi") {
		t.Errorf("after the code: %s", own.Text("main"))
	}
}

func TestReporterFollowsTheReport(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	d := newOffice(t, s)
	c := s.Client(t)
	r := begin(t, c).toCheck().send()
	own := c.Get(r.own)
	own = own.Submit(`form[action$="/informasi"]`, values("uraian", "Pakunya berkarat."), jpeg("paku.jpg")).Want(http.StatusOK)
	if !strings.Contains(own.Text(".flash"), "Keterangan Anda sudah kami terima") || !strings.Contains(own.Text("#perjalanan"), "Pakunya berkarat.") || own.Doc.Find("#perjalanan .timeline img").Length() != 1 {
		t.Errorf("what was added does not show: %s", own.Text("#perjalanan"))
	}
	if strings.Contains(c.Get("/mtr/laporan/"+r.number).Text("main"), "berkarat") {
		t.Error("what the reporter added is public")
	}
	d.forward(r.number)
	d.must(s.App.MTR.AskInfo(t.Context(), d.unit, mtr.AskInfoInput{Act: d.act(r.number), Question: "Taman yang mana?"}))
	own = c.Get(r.own)
	if !strings.Contains(own.Text("#tanya"), "Taman yang mana?") {
		t.Fatalf("the question does not stand out: %s", own.Text("main"))
	}
	p := own.Submit(`#tanya form[action$="/informasi"]`, values("uraian", ""), jpeg("taman.jpg"))
	(&flow{t, p}).refused("uraian", "Tulis keterangan")
	if p.Doc.Find("#tanya .photos img").Length() != 1 {
		t.Error("the photo of a refused answer is lost")
	}
	own = p.Submit(`#tanya form[action$="/informasi"]`, values("uraian", "Taman Maccini.")).Want(http.StatusOK)
	if own.Has("#tanya") || !strings.Contains(own.Text("#keadaan"), "Diteruskan") {
		t.Errorf("after the answer: %s", own.Text("main"))
	}
	d.finish(r.number)
	own = c.Get(r.own)
	for _, want := range []string{"Sudah beres?", "Tanpa jawaban, laporan ditutup"} {
		if !strings.Contains(own.Text("#hasil"), want) {
			t.Errorf("the result does not say %q: %s", want, own.Text("#hasil"))
		}
	}
	(&flow{t, own.Submit(`form[action$="/sanggahan"]`, values("alasan", ""))}).refused("alasan", "Tulis apa yang belum beres")
	own = own.Submit(`form[action$="/selesai"]`, values()).Want(http.StatusOK)
	if !strings.Contains(own.Text("#keadaan"), "Ditutup") || !own.Has("#penilaian") {
		t.Fatalf("after confirming: %s", own.Text("main"))
	}
	(&flow{t, own.Submit(`form[action$="/nilai"]`, values())}).refused("nilai", "Pilih nilai")
	own = own.Submit(`form[action$="/nilai"]`, values("nilai", "5", "komentar", "Cepat sekali.")).Want(http.StatusOK)
	if own.Has(`form[action$="/nilai"]`) {
		t.Error("a second rating is offered")
	}
	if got := c.Get("/mtr/laporan/" + r.number).Text("main"); !strings.Contains(got, "5 dari 5") || strings.Contains(got, "Cepat sekali") {
		t.Errorf("the public page tells of the rating: %s", got)
	}
	// What is no longer possible says so and does no harm.
	p = c.Post(r.own+"/batal", values())
	if p.Status != http.StatusConflict || p.Text("main") == "" {
		t.Errorf("cancelling a closed report gets %d", p.Status)
	}
}

func TestCancelBeforeWorkBegins(t *testing.T) {
	t.Parallel()
	c := apptest.New(t).Client(t)
	r := begin(t, c).toCheck().send()
	own := c.Get(r.own).Submit(`form[action$="/batal"]`, values("alasan", "Sudah diperbaiki tetangga.")).Want(http.StatusOK)
	if !strings.Contains(own.Text("#keadaan"), "Dibatalkan pelapor") || own.Has(`form[action$="/batal"]`) {
		t.Errorf("after cancelling: %s", own.Text("main"))
	}
}

func TestMyReports(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	c := s.SignedIn(t, s.Citizen(t, "warga@portal.example", "Daeng Sitti"))
	if p := c.Get("/mtr/laporan-saya").Want(http.StatusOK); !strings.Contains(p.Text("main"), "Belum ada laporan") {
		t.Errorf("an empty list says %q", p.Text("main"))
	}
	var numbers []string
	for range 3 {
		numbers = append(numbers, begin(t, c).toCheck().send().number)
	}
	p := c.Get("/mtr/laporan-saya?jumlah=2").Want(http.StatusOK)
	if n := p.Doc.Find(".media").Length(); n != 2 || !strings.Contains(p.Doc.Find(".media a").First().AttrOr("href", ""), numbers[2]) {
		t.Errorf("the first page shows %d, newest first: %s", n, p.Text(".media-list"))
	}
	p = c.Get(p.Doc.Find("a[rel=next]").AttrOr("href", "")).Want(http.StatusOK)
	if n := p.Doc.Find(".media").Length(); n != 1 {
		t.Errorf("the second page shows %d", n)
	}
	own := c.Get(p.Doc.Find(".media a").AttrOr("href", "")).Want(http.StatusOK)
	if own.URL.Path != "/mtr/laporan-saya/"+numbers[0] || own.Text("h1") != "Bangku taman patah" {
		t.Errorf("a row leads to %s", own.URL.Path)
	}
	// The public page knows its reporter.
	if p := c.Get("/mtr/laporan/" + numbers[0]); p.URL.Path != "/mtr/laporan-saya/"+numbers[0] {
		t.Errorf("the public page leads its reporter to %s", p.URL.Path)
	}
	c.Get(fmt.Sprintf("/mtr/laporan-saya?sebelum=%d", -1)).Want(http.StatusBadRequest)
}
