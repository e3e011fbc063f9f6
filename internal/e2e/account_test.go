package e2e_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pquerna/otp/totp"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

var codeDigits = regexp.MustCompile(`\b\d{6}\b`)

// TestAccounts walks through everything around an account, in the browser. In the dark
// the colours alone are checked, as in TestScreens.
func TestAccounts(t *testing.T) {
	t.Parallel()
	for width, size := range map[string]e2e.Option{"360": e2e.Phone, "1280": e2e.Desktop} {
		t.Run(width, func(t *testing.T) {
			t.Parallel()
			s := apptest.New(t)
			tab := e2e.Open(t, s.URL, size)
			seeIn := func(tab *e2e.Tab, name string) {
				t.Helper()
				tab.Sound()
				snap(tab, "akun_"+name, width+"-light")
				tab.Look(e2e.Dark).Contrast()
				snap(tab, "akun_"+name, width+"-dark")
				tab.Look(e2e.Light)
			}
			see := func(name string) { t.Helper(); seeIn(tab, name) }
			code := func(to string) string {
				t.Helper()
				s.Deliver(t)
				mails := s.Mail.To(to)
				return codeDigits.FindString(mails[len(mails)-1].Text)
			}
			const password = "perahu kuning di losari"

			tab.Go("/masuk")
			see("masuk")
			tab.Fill("#nama", "rahma@contoh.id").Fill("#sandi", "salah sekali").Submit("main form button")
			see("masuk-salah")
			tab.Go("/daftar")
			see("daftar")
			tab.Submit("main form button")
			see("daftar-salah")
			tab.Fill("#nama", "Sitti Rahma").Fill("#kontak", "rahma@contoh.id").Submit("main form button")
			see("daftar-kode")
			tab.Fill("#kode", "000000").Submit("main form button")
			see("daftar-kode-salah")
			tab.Fill("#kode", code("rahma@contoh.id")).Submit("main form button")
			see("daftar-sandi")
			tab.Fill("#sandi", "12345").Fill("#sandi-ulang", "12345").Submit("main form button")
			see("daftar-sandi-salah")
			tab.Fill("#sandi", password).Fill("#sandi-ulang", password).Submit("main form button")
			tab.WaitText("h1", "Akun saya")
			see("ikhtisar")
			for _, page := range []string{"nama", "kontak", "sandi", "perangkat", "pemberitahuan", "kotak-masuk", "data", "data/hapus", "tutup"} {
				tab.Go("/akun/" + page)
				see(strings.ReplaceAll(page, "/", "-"))
			}
			tab.Go("/akun/kontak").Fill("#kontak", "baru@contoh.id").Fill("#sandi-lama", password).Submit("form[action='/akun/kontak'] button")
			see("kontak-kode")
			tab.Fill("#kode", code("baru@contoh.id")).Submit("main form button")

			tab.Go("/akun/verifikasi-dua-langkah")
			see("totp")
			tab.Click("details.more summary")
			secret := strings.ReplaceAll(tab.Text(".secret-link"), " ", "")
			now, err := totp.GenerateCode(secret, s.Clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			tab.Fill("#kode", now).Submit("main form.form button")
			see("kode-pemulihan")
			tab.Go("/akun/verifikasi-dua-langkah")
			see("totp-aktif")
			tab.Go("/akun/kotak-masuk")
			see("kotak-masuk-isi")
			tab.Go("/akun")
			see("ikhtisar-aman")
			tab.Submit("main form[action='/keluar'] button")
			tab.Go("/masuk").Fill("#nama", "baru@contoh.id").Fill("#sandi", password).Submit("main form button")
			see("masuk-kode")
			s.Clock.Advance(30 * time.Second)
			if now, err = totp.GenerateCode(secret, s.Clock.Now()); err != nil {
				t.Fatal(err)
			}
			tab.Fill("#kode", now).Submit("main form button").WaitText("h1", "Akun saya")

			// What survives an expired session.
			tab.Go("/akun/nama").Fill("#nama", "Sitti Nai")
			s.Clock.Advance(8 * 24 * time.Hour)
			tab.Submit("main form button").Fill("#nama", "baru@contoh.id").Fill("#sandi", password).Submit("main form button")
			if now, err = totp.GenerateCode(secret, s.Clock.Now()); err != nil {
				t.Fatal(err)
			}
			tab.Fill("#kode", now).Submit("main form button").WaitText("h1", "masih tersimpan")
			see("lanjutkan")
			tab.Submit("main form button").WaitText("main", "Sitti Nai")

			stranger := e2e.Open(t, s.URL, size)
			for name, path := range map[string]string{"lupa": "/lupa-sandi", "aktivasi": "/daftar/aktivasi", "undangan": invitation(t, s), "berhenti": unsubscribing(t, s), "undangan-lewat": "/undangan/tiada"} {
				seeIn(stranger.Go(path), name)
			}
			seeIn(stranger.Go("/lupa-sandi").Fill("#kontak", "baru@contoh.id").Submit("main form button"), "lupa-kode")
		})
	}
}

// invitation is the path of a staff member's link.
func invitation(t *testing.T, s *apptest.Server) string {
	t.Helper()
	var inv authn.Invitation
	err := pg.InTx(context.Background(), s.Pool, func(tx pgx.Tx) (err error) {
		inv, err = s.App.Accounts.Invite(context.Background(), tx, authz.System("uji"), "Andi Baso Mappanyukki", "andi@kota.example")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(inv.Link, s.URL)
}

var newsTopic = notify.RegisterTopic(notify.Topic{Code: "uji", Name: "Kabar uji", Hint: "Hanya untuk uji."})

// unsubscribing is the path of a letter's unsubscribe link.
func unsubscribing(t *testing.T, s *apptest.Server) string {
	t.Helper()
	err := pg.InTx(context.Background(), s.Pool, func(tx pgx.Tx) error {
		return notify.Queue(context.Background(), tx, notify.Message{
			Topic: newsTopic, Email: notify.SealEmail(s.App.Box, "kabar@contoh.id"), Subject: "Laporan MTR-26-000001 diteruskan", Text: "Isi", Object: "mtr_report", ObjectID: 1, At: s.Clock.Now(),
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Deliver(t)
	return strings.TrimPrefix(s.Mail.To("kabar@contoh.id")[0].Unsubscribe, s.URL)
}
