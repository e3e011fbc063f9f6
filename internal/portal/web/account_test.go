package portalweb_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pquerna/otp/totp"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/config"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	good   = "perahu kuning di losari"
	better = "perahu biru di paotere"
)

var (
	system  = authz.System("uji")
	counter = authz.Actor{Kind: authz.Staff, Name: "Loket", Grants: []authz.Grant{{Permission: authn.PermCounter, UnitID: 1}}}
)

var digits = regexp.MustCompile(`\b\d{6}\b`)

// code is the newest one that came to an address.
func code(t *testing.T, s *apptest.Server, to string) string {
	t.Helper()
	s.Deliver(t)
	mails := s.Mail.To(to)
	if len(mails) == 0 {
		t.Fatalf("nothing came to %s", to)
	}
	c := digits.FindString(mails[len(mails)-1].Text)
	if c == "" {
		t.Fatalf("no code in %q", mails[len(mails)-1].Text)
	}
	return c
}

func signUp(t *testing.T, s *apptest.Server, email string) *apptest.Client {
	t.Helper()
	c := s.Client(t)
	p := c.Get("/daftar").Want(200).Submit("form[action='/daftar']", url.Values{"nama": {"Sitti Rahma"}, "kontak": {email}}).Want(200)
	p = p.Submit("form[action='/daftar/kode']", url.Values{"kode": {code(t, s, email)}}).Want(200)
	p = p.Submit("form[action='/daftar/sandi']", url.Values{"sandi": {good}, "sandi-ulang": {good}}).Want(200)
	if p.URL.Path != "/akun" || !strings.Contains(p.Text("main"), "Sitti Rahma") {
		t.Fatalf("signing up ended at %s: %s", p.URL.Path, p.Text("main"))
	}
	return c
}

func signIn(t *testing.T, c *apptest.Client, name, password string) *apptest.Page {
	t.Helper()
	return c.Get("/masuk").Want(200).Submit("main form", url.Values{"nama": {name}, "sandi": {password}})
}

func TestSigningUpInAndOut(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	c := signUp(t, s, "rahma@contoh.id")
	home := c.Get("/").Want(200)
	if !home.Has("header a[href='/akun']") || home.Has("header a[href='/masuk']") {
		t.Error("the header does not know who is signed in")
	}
	out := home.Submit(".menu-list form[action='/keluar']", nil).Want(200)
	if out.URL.Path != "/" || !strings.Contains(out.Text(".flash"), "Anda sudah keluar") || !out.Has("header a[href='/masuk']") {
		t.Errorf("signing out ended at %s: %s", out.URL.Path, out.Text("main"))
	}
	p := c.Get("/akun/sandi").Want(200)
	if p.URL.Path != "/masuk" {
		t.Fatalf("a stranger was shown %s", p.URL.Path)
	}
	p = p.Submit("main form", url.Values{"nama": {"rahma@contoh.id"}, "sandi": {good}}).Want(200)
	if p.URL.Path != "/akun/sandi" {
		t.Errorf("signing in led to %s", p.URL.Path)
	}
	for _, evil := range []string{"https://jahat.example/", "//jahat.example", "/\\jahat.example"} {
		if p := c.Get("/masuk?lanjut=" + url.QueryEscape(evil)).Want(200); p.URL.Path != "/akun" {
			t.Errorf("%s led to %s", evil, p.URL)
		}
	}
}

func TestWrongAnswersAreSaidAndNothingIsLost(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	c := s.Client(t)
	p := c.Get("/masuk").Submit("main form", url.Values{"nama": {"tiada@contoh.id"}, "sandi": {"salah sekali"}}).Want(422)
	if !p.Has("#ringkasan-galat a[href='#sandi']") || p.Doc.Find("#nama").AttrOr("value", "") != "tiada@contoh.id" || strings.Contains(p.Body, "salah sekali") {
		t.Error("a refused sign-in lost the name or kept the password")
	}
	p = c.Get("/daftar").Submit("form[action='/daftar']", url.Values{"nama": {""}, "kontak": {"<bukan>"}}).Want(422)
	if p.Doc.Find("#ringkasan-galat li").Length() != 2 || p.Doc.Find("#kontak").AttrOr("value", "") != "<bukan>" {
		t.Error("a refused sign-up lost what was typed")
	}
	for _, path := range []string{"/masuk", "/daftar", "/lupa-sandi", "/daftar/aktivasi"} {
		for name, values := range map[string]url.Values{
			"NUL": {"nama": {"a\x00b"}, "kontak": {"a\x00@b.id"}}, "no UTF-8": {"nama": {"\xff"}}, "nothing": {}, "long": {"nama": {strings.Repeat("a", 100_000)}, "sandi": {strings.Repeat("b", 100_000)}},
		} {
			if p := c.Post(path, values); p.Status < 400 || p.Status >= 500 {
				t.Errorf("%s with %s: %d", path, name, p.Status)
			}
		}
	}
	for _, path := range []string{"/masuk/kode", "/daftar/kode", "/daftar/sandi", "/lupa-sandi/sandi", "/daftar/aktivasi/sandi"} {
		if p := c.Post(path, url.Values{"kode": {"123456"}, "sandi": {good}, "sandi-ulang": {good}}); p.Status != 200 || p.URL.Path == path {
			t.Errorf("%s without its beginning: %d at %s", path, p.Status, p.URL.Path)
		}
	}
}

// What a stranger sees must not tell whether somebody has an account.
func TestPagesDoNotTellWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	signUp(t, s, "lama@contoh.id")
	secrets := regexp.MustCompile(`nonce="[^"]*"|lama|baru|la•••|ba•••`)
	for _, form := range []string{"/daftar", "/lupa-sandi"} {
		s.Clock.Advance(25 * time.Hour) // no tries are held against anybody
		see := func(contact string) (pages []string) {
			c := s.Client(t)
			note := func(p *apptest.Page) *apptest.Page {
				pages = append(pages, p.URL.Path+http.StatusText(p.Status)+secrets.ReplaceAllString(p.Body, ""))
				return p
			}
			p := note(c.Get(form).Submit("form[action='"+form+"']", url.Values{"nama": {"Sitti"}, "kontak": {contact}}))
			p = note(p.Submit("form[action='"+form+"/kode']", url.Values{"kode": {"000000"}}))
			for range 5 {
				p = note(p.Submit("form[action='"+form+"/kode']", url.Values{"kode": {"000000"}}))
			}
			note(p.Submit("form[action='"+form+"/kode/ulang']", nil))
			return pages
		}
		known, unknown := see("lama@contoh.id"), see("baru@contoh.id")
		for i := range known {
			if known[i] != unknown[i] {
				t.Errorf("%s, page %d differs:\n%s\n%s", form, i, known[i], unknown[i])
			}
		}
	}
	a := signIn(t, s.Client(t), "lama@contoh.id", "salah sekali")
	b := signIn(t, s.Client(t), "baru@contoh.id", "salah sekali")
	if a.Status != b.Status || secrets.ReplaceAllString(a.Body, "") != secrets.ReplaceAllString(b.Body, "") {
		t.Error("signing in tells who has an account")
	}
}

func TestAForgottenPasswordEndsAllSessions(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	old := signUp(t, s, "rahma@contoh.id")
	c := s.Client(t)
	p := c.Get("/lupa-sandi").Submit("main form", url.Values{"kontak": {"rahma@contoh.id"}}).Want(200)
	p = p.Submit("form[action='/lupa-sandi/kode']", url.Values{"kode": {code(t, s, "rahma@contoh.id")}}).Want(200)
	p = p.Submit("main form", url.Values{"sandi": {better}, "sandi-ulang": {good}}).Want(422)
	p = p.Submit("main form", url.Values{"sandi": {better}, "sandi-ulang": {better}}).Want(200)
	if p.URL.Path != "/masuk" {
		t.Errorf("a reset led to %s", p.URL.Path)
	}
	if old.Get("/akun").URL.Path != "/masuk" {
		t.Error("the session from before is still open")
	}
	signIn(t, c, "rahma@contoh.id", good).Want(422)
	signIn(t, c, "rahma@contoh.id", better).Want(200)
	s.Deliver(t)
	mails := s.Mail.To("rahma@contoh.id")
	if last := mails[len(mails)-1]; !strings.Contains(last.Subject, "Sandi Anda diganti") {
		t.Errorf("the owner heard %q", last.Subject)
	}
}

func TestSigningInTakesANewCookie(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	signUp(t, s, "rahma@contoh.id")
	c := s.Client(t)
	// A refused form leaves no session; a sign-up under way does.
	c.Get("/daftar").Submit("form[action='/daftar']", url.Values{"nama": {"X"}, "kontak": {"x@contoh.id"}}).Want(200)
	before := c.Cookie("sesi")
	signIn(t, c, "rahma@contoh.id", good).Want(200)
	if before == "" || c.Cookie("sesi") == before {
		t.Error("the cookie from before signing in still counts")
	}
}

func TestStaffCannotWorkWithoutASecondFactor(t *testing.T) {
	t.Parallel()
	s := apptest.New(t, apptest.WithTOTP())
	id := s.Hire(t, apptest.Staff{Email: "andi@kota.example", Name: "Andi", UnitCode: "DPU"}).AccountID
	var link string
	err := pg.InTx(context.Background(), s.Pool, func(tx pgx.Tx) error {
		inv, err := s.App.Accounts.InviteAgain(context.Background(), tx, system, id)
		link = strings.TrimPrefix(inv.Link, s.URL)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	c := s.Client(t)
	c.Get(link).Want(200).Submit("main form", url.Values{"sandi": {"pendek"}, "sandi-ulang": {"pendek"}}).Want(422)
	p := c.Get(link).Want(200).Submit("main form", url.Values{"sandi": {good}, "sandi-ulang": {good}}).Want(200)
	const enrol = "/akun/verifikasi-dua-langkah"
	if p.URL.Path != enrol || c.Get("/meja").URL.Path != enrol {
		t.Fatalf("staff got to %s without a second factor", p.URL.Path)
	}
	s.Client(t).Get(link).Want(410)
	if !strings.HasPrefix(p.Doc.Find("img.qr").AttrOr("src", ""), "data:image/png;base64,") {
		t.Error("no QR code")
	}
	secret := strings.ReplaceAll(p.Text(".secret-link"), " ", "")
	p.Submit("main form.form", url.Values{"kode": {"000000"}}).Want(422)
	now, _ := totp.GenerateCode(secret, s.Clock.Now())
	before := c.Cookie("sesi")
	p = c.Get(enrol).Submit("main form.form", url.Values{"kode": {now}}).Want(200)
	if c.Cookie("sesi") == before {
		t.Error("the cookie from before enrolling still counts")
	}
	recovery := p.Text(".recovery-codes li:first-child")
	if p.Doc.Find(".recovery-codes li").Length() != 10 || p.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("recovery codes: %s", p.Text("main"))
	}
	if p := c.Get("/meja").Want(200); p.URL.Path != "/meja" {
		t.Errorf("after enrolling: %s", p.URL.Path)
	}
	if c.Get(enrol).Has("form[action$='/matikan']") {
		t.Error("staff may switch it off")
	}
	// The next sign-in asks for it; the code from before is spent.
	again := s.Client(t)
	p = signIn(t, again, "andi@kota.example", good).Want(200)
	if p.URL.Path != "/masuk/kode" || again.Get("/akun").URL.Path == "/akun" {
		t.Fatalf("the password alone led to %s", p.URL.Path)
	}
	p = again.Get("/masuk/kode").Submit("main form", url.Values{"kode": {now}}).Want(422)
	s.Clock.Advance(30 * time.Second)
	now, _ = totp.GenerateCode(secret, s.Clock.Now())
	if p = p.Submit("main form", url.Values{"kode": {now}}).Want(200); p.URL.Path != "/meja" {
		t.Errorf("with the code: %s", p.URL.Path)
	}
	lost := s.Client(t)
	signIn(t, lost, "andi@kota.example", good).Submit("main form", url.Values{"kode": {recovery}}).Want(200)
	signIn(t, s.Client(t), "andi@kota.example", good).Submit("main form", url.Values{"kode": {recovery}}).Want(422)
	// Ten minutes between the two steps, no more.
	slow := s.Client(t)
	p = signIn(t, slow, "andi@kota.example", good)
	s.Clock.Advance(11 * time.Minute)
	if p = p.Submit("main form", url.Values{"kode": {"123456"}}); p.URL.Path != "/masuk" {
		t.Errorf("too late: %s", p.URL.Path)
	}
}

func TestOwnersMindTheirAccount(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	c := signUp(t, s, "rahma@contoh.id")
	other := s.Client(t)
	signIn(t, other, "rahma@contoh.id", good).Want(200)

	p := c.Get("/akun/perangkat").Want(200)
	if p.Doc.Find(".devices > li").Length() != 2 {
		t.Fatalf("devices: %s", p.Text("main"))
	}
	c.Post("/akun/perangkat", url.Values{"sesi": {"999999"}}).Want(404)
	c.Post("/akun/perangkat", url.Values{}).Want(200)
	if other.Get("/akun").URL.Path != "/masuk" || c.Get("/akun").URL.Path != "/akun" {
		t.Error("ending the others ended the wrong session")
	}
	c.Get("/akun/nama").Submit("main form", url.Values{"nama": {"  Sitti   R. "}}).Want(200)
	if !strings.Contains(c.Get("/akun").Text("main"), "Sitti R.") {
		t.Error("the name did not change")
	}
	c.Get("/akun/kontak").Submit("form[action='/akun/kontak']", url.Values{"kontak": {"baru@contoh.id"}, "sandi-lama": {"salah"}}).Want(422)
	c.Get("/akun/kontak").Submit("form[action='/akun/kontak']", url.Values{"kontak": {"baru@contoh.id"}, "sandi-lama": {good}}).Want(200).
		Submit("main form", url.Values{"kode": {code(t, s, "baru@contoh.id")}}).Want(200)
	if !strings.Contains(c.Get("/akun/kontak").Text("main"), "baru@contoh.id") {
		t.Error("the contact did not change")
	}
	before := c.Cookie("sesi")
	p = c.Get("/akun/sandi").Submit("main form", url.Values{"sandi-lama": {good}, "sandi": {better}, "sandi-ulang": {better}}).Want(200)
	if c.Cookie("sesi") == before || !p.Has(".flash") {
		t.Errorf("after another password: cookie as before %t, %s", c.Cookie("sesi") == before, p.Text("main"))
	}
	signIn(t, s.Client(t), "baru@contoh.id", better).Want(200)

	p = c.Get("/akun/verifikasi-dua-langkah")
	now, _ := totp.GenerateCode(strings.ReplaceAll(p.Text(".secret-link"), " ", ""), s.Clock.Now())
	p.Submit("main form.form", url.Values{"kode": {now}}).Want(200)
	p = c.Get("/akun/verifikasi-dua-langkah").Submit("form[action$='/kode-pemulihan']", url.Values{"sandi-lama": {better}}).Want(200)
	if p.Doc.Find(".recovery-codes li").Length() != 10 {
		t.Error("no new recovery codes")
	}
	c.Get("/akun/verifikasi-dua-langkah").Submit("form[action$='/matikan']", url.Values{"sandi-lama": {better}}).Want(200)

	p = c.Get("/akun/kotak-masuk").Want(200)
	if !p.Has(".inbox li.unread") {
		t.Fatalf("inbox: %s", p.Text("main"))
	}
	if p = p.Submit("main form", nil).Want(200); p.Has(".inbox li.unread") {
		t.Error("still unread")
	}
	for _, bad := range []string{"x", "eyJJRCI6LTF9", strings.Repeat("9", 40)} {
		if p := c.Get("/akun/kotak-masuk?setelah=" + bad); p.Status < 400 || p.Status >= 500 {
			t.Errorf("cursor %s: %d", bad, p.Status)
		}
	}
	p = c.Get("/akun/pemberitahuan").Want(200).Submit("main form", url.Values{"kabar": {"mtr/email"}}).Want(200)
	if p.Has("#kabar-mtr_tugas") || p.Doc.Find("input[name=kabar]").Length() == 0 || p.Doc.Find("input[name=kabar][checked]").Length() != 1 {
		t.Errorf("choices: %s", p.Text("main"))
	}

	c.Get("/akun/tutup").Submit("main form", url.Values{"sandi-lama": {good}}).Want(422)
	if p = c.Get("/akun/tutup").Submit("main form", url.Values{"sandi-lama": {better}}).Want(200); p.URL.Path != "/" {
		t.Errorf("closing led to %s", p.URL.Path)
	}
	signIn(t, c, "baru@contoh.id", better).Want(422)
}

func TestActivationWithASheetFromTheCounter(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	act, err := s.App.Accounts.Activate(t.Context(), counter, "Daeng Nai")
	if err != nil {
		t.Fatal(err)
	}
	c := s.Client(t)
	p := c.Get("/daftar/aktivasi").Submit("main form", url.Values{"nomor": {act.LoginNumber}, "kode": {"AAAA-AAAA"}}).Want(422)
	if p.Doc.Find("#nomor").AttrOr("value", "") != act.LoginNumber {
		t.Error("the number was lost")
	}
	p = p.Submit("main form", url.Values{"kode": {act.Code}}).Want(200)
	p = p.Submit("main form", url.Values{"sandi": {good}, "sandi-ulang": {good}}).Want(200)
	if p.URL.Path != "/akun" || !strings.Contains(p.Text("main"), act.LoginNumber) {
		t.Errorf("%s: %s", p.URL.Path, p.Text("main"))
	}
	signIn(t, s.Client(t), act.LoginNumber, good).Want(200)

	// A new sheet replaces the password, not the second factor.
	p = c.Get("/akun/verifikasi-dua-langkah")
	now, _ := totp.GenerateCode(strings.ReplaceAll(p.Text(".secret-link"), " ", ""), s.Clock.Now())
	p.Submit("main form.form", url.Values{"kode": {now}}).Want(200)
	if act, err = s.App.Accounts.ActivateAgain(t.Context(), counter, act.AccountID); err != nil {
		t.Fatal(err)
	}
	c = s.Client(t)
	p = c.Get("/daftar/aktivasi").Submit("main form", url.Values{"nomor": {act.LoginNumber}, "kode": {act.Code}}).Want(200)
	p = p.Submit("main form", url.Values{"sandi": {better}, "sandi-ulang": {better}}).Want(200)
	if p.URL.Path != "/masuk" || c.Get("/akun").URL.Path != "/masuk" {
		t.Errorf("the sheet alone opened an account with a second factor: %s", p.URL.Path)
	}
	if p = signIn(t, c, act.LoginNumber, better).Want(200); p.URL.Path != "/masuk/kode" {
		t.Errorf("signing in led to %s", p.URL.Path)
	}
}

// Sessions are rows of the database: a stolen copy must not tell who is signing up.
func TestASignUpUnderWayKeepsTheContactSealed(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	c := s.Client(t)
	p := c.Get("/daftar").Submit("form[action='/daftar']", url.Values{"nama": {"Sitti Rahma"}, "kontak": {"rahma@contoh.id"}}).Want(200)
	open, err := pg.Scalar[int](t.Context(), s.Pool, `SELECT count(*)::int FROM authn_session WHERE position('rahma@'::bytea IN data) > 0`)
	if err != nil || open != 0 {
		t.Errorf("%d sessions tell the contact: %v", open, err)
	}
	s.Clock.Advance(5 * time.Minute)
	p.Submit("form[action='/daftar/kode/ulang']", nil).Want(200)
	if s.Deliver(t); len(s.Mail.To("rahma@contoh.id")) != 2 {
		t.Error("no second code came")
	}
}

var uji = notify.RegisterTopic(notify.Topic{Code: "uji", Name: "Kabar uji"})

func TestUnsubscribingNeedsNoAccount(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	send := func() (link string) {
		t.Helper()
		err := pg.InTx(t.Context(), s.Pool, func(tx pgx.Tx) error {
			return notify.Queue(t.Context(), tx, notify.Message{Topic: uji, Email: notify.SealEmail(s.App.Box, "rahma@contoh.id"), Subject: "Kabar", Text: "Isi", Object: "mtr_report", ObjectID: 1, At: s.Clock.Now()})
		})
		if err != nil {
			t.Fatal(err)
		}
		before := len(s.Mail.To("rahma@contoh.id"))
		s.Deliver(t)
		if mails := s.Mail.To("rahma@contoh.id"); len(mails) > before {
			return strings.TrimPrefix(mails[len(mails)-1].Unsubscribe, s.URL)
		}
		return ""
	}
	link := send()
	c := s.Client(t)
	p := c.Get(link).Want(200) // looking at it stops nothing: mail programs fetch links by themselves
	if send() == "" {
		t.Fatal("opening the link stopped the news")
	}
	p = p.Submit("main form", url.Values{"@tombol": {"tindakan=ini"}}).Want(200)
	if !strings.Contains(p.Text("h1"), "dihentikan") || send() != "" {
		t.Error("news came after stopping")
	}
	p.Submit("main form", nil).Want(200)
	if send() == "" {
		t.Error("nothing came after starting again")
	}
	// What mail programs send by themselves: no cookie, no redirect.
	c.NoRedirects()
	c.Post(link, url.Values{"List-Unsubscribe": {"One-Click"}}).Want(200)
	if send() != "" {
		t.Error("news came after one click in the mail program")
	}
	c.Post("/berhenti/tiada", url.Values{"List-Unsubscribe": {"One-Click"}}).Want(404)
}

func TestSigningUpByPhoneThroughTheGateway(t *testing.T) {
	t.Parallel()
	texts := make(chan string, 4)
	gateway := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var m struct{ To, Text string }
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil || r.Header.Get("X-Portal-Signature") == "" {
			t.Errorf("the gateway got %v, %v", m, err)
		}
		texts <- m.To + " " + m.Text
	}))
	t.Cleanup(gateway.Close)
	s := apptest.New(t, apptest.WithConfig(func(c *config.Config) {
		c.WhatsAppURL = strings.Replace(gateway.URL, "http://", "http://kota:kunci@", 1)
	}))
	c := s.Client(t)
	p := c.Get("/daftar").Submit("form[action='/daftar']", url.Values{"nama": {"Daeng Nai"}, "kontak": {"0812 3456 7890"}}).Want(200)
	if strings.Contains(p.Body, "3456") {
		t.Error("the page tells the whole number")
	}
	s.Deliver(t)
	text := <-texts
	if !strings.HasPrefix(text, "+6281234567890 ") {
		t.Fatalf("the gateway got %q", text)
	}
	p = p.Submit("form[action='/daftar/kode']", url.Values{"kode": {digits.FindString(strings.TrimPrefix(text, "+6281234567890"))}}).Want(200)
	p.Submit("main form", url.Values{"sandi": {good}, "sandi-ulang": {good}}).Want(200)
	if p := signIn(t, s.Client(t), "+62 812-3456-7890", good).Want(200); p.URL.Path != "/akun" {
		t.Errorf("signing in by phone: %s", p.URL.Path)
	}
}

func TestWhoeverIsDisabledIsOutAtOnce(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	admin := s.Hire(t, apptest.Staff{Email: "admin@kota.example", Name: "Admin", UnitCode: "DPU", City: true, Permissions: []authz.Permission{authn.PermManage}}).AccountID
	c := signUp(t, s, "rahma@contoh.id")
	var id int64
	if err := s.Pool.QueryRow(t.Context(), `SELECT id FROM authn_account WHERE email = 'rahma@contoh.id'`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	a, err := s.App.Accounts.Actor(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.App.Accounts.Disable(t.Context(), a, id, "uji"); err != nil {
		t.Fatal(err)
	}
	if p := c.Get("/akun"); p.URL.Path != "/masuk" {
		t.Errorf("a disabled account is still at %s", p.URL.Path)
	}
	var left int
	if err := s.Pool.QueryRow(t.Context(), `SELECT count(*) FROM authn_session WHERE account_id = $1`, id).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d sessions are left: %v", left, err)
	}
	signIn(t, s.Client(t), "rahma@contoh.id", good).Want(403)
}
