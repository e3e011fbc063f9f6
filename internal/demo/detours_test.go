package demo_test

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/pquerna/otp/totp"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/demo"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// leadsOn are the pages that never show anything, and where to they lead.
var leadsOn = map[string]string{"/surat/draf/{ref}": "the step of a draft that comes next"}

// detours are pages that links lead to in a state that the walk does not meet, since it opens
// one thing of each kind: where to find one in that state, and who opens it.
var detours = map[string]struct{ who, sql string }{
	"/meja/admin/unit": {"admin", `SELECT '/meja/admin/unit?cari=dinas'`},

	"/meja/eoffice/kiriman/{id}/bukti":          {"tu", `SELECT '/meja/eoffice/kiriman/' || id || '/bukti' FROM eoffice_recipient WHERE proof_key <> ''`},
	"/meja/eoffice/naskah/{id}/betulkan":        {"petugas.pdam", naskahIs("tercatat", "betulkan")},
	"/meja/eoffice/naskah/{id}/pendapat":        {"kepala.dinkes", naskahIs("menunggu_ttd", "pendapat")},
	"/meja/eoffice/naskah/{id}/lampiran":        {"konseptor", naskahIs("konsep", "lampiran")},
	"/meja/eoffice/naskah/{id}/rujukan":         {"konseptor", naskahIs("konsep", "rujukan")},
	"/meja/eoffice/naskah/{id}/ubah":            {"konseptor", naskahIs("konsep", "ubah")},
	"/meja/mtr/berkas/{ref}":                    {"inspektorat", `SELECT '/meja/mtr/berkas/' || ref FROM mtr_document`},
	"/meja/mtr/{nomor}/foto/{ref}/tutup":        {"dispatcher", `SELECT '/meja/mtr/' || r.number || '/foto/' || p.ref || '/tutup' FROM mtr_report r JOIN mtr_photo p ON p.report_id = r.id WHERE r.status = 'terkirim' OR r.status = 'diteruskan' ORDER BY r.id DESC`},
	"/meja/penduduk/{penduduk}/batal":           {"operator", `SELECT '/meja/penduduk/' || e.resident_id || '/batal' FROM epemerintahan_event e JOIN epemerintahan_resident r ON r.id = e.resident_id JOIN org_unit u ON u.id = r.kelurahan_id WHERE e.kind = 'mati' AND r.status = 'mati' AND u.code = '73.71.13.1002'`},
	"/meja/pengawasan/baru":                     {"sekretaris.insp", `SELECT '/meja/pengawasan/baru'`},
	"/meja/puskesmas/tiket/{tiket}":             {"loket", ticketIs("", "menunggu")},
	"/meja/puskesmas/pasien/{id}/gabung/{lain}": {"loket", `SELECT '/meja/puskesmas/pasien/' || min(p.id) || '/gabung/' || max(p.id) || '?di=kassi-kassi' FROM epuskesmas_patient p JOIN epuskesmas_site s ON s.unit_id = p.unit_id WHERE s.slug = 'kassi-kassi' AND p.merged_into IS NULL`},

	"/mtr/peta.json":               {"tamu", `SELECT '/mtr/peta.json?bbox=119.3,-5.3,119.6,-5.0&zoom=12'`},
	"/surat/lacak/{nomor}":         {"tamu", `SELECT '/surat/lacak/' || request_number FROM epemerintahan_letter WHERE status = 'dikembalikan'`},
	"/surat/draf/{ref}":            {"warga", `SELECT '/surat/draf/' || ref FROM epemerintahan_letter WHERE status = 'draf'`},
	"/surat/{nomor}/perbaiki":      {"warga", returned + `|| '/perbaiki' FROM epemerintahan_letter l WHERE status = 'dikembalikan'`},
	"/surat/{nomor}/berkas/{urut}": {"warga", returned + `|| '/berkas/1' FROM epemerintahan_letter l WHERE status = 'dikembalikan'`},
	"/surat/{nomor}/unduh":         {"warga", returned + `|| '/unduh' FROM epemerintahan_letter l JOIN authn_account a ON a.id = l.account_id WHERE l.status = 'terbit' AND a.email = 'warga@portal.example'`},
}

const returned = `SELECT '/surat/' || l.request_number `

func naskahIs(status, page string) string {
	return `SELECT '/meja/eoffice/naskah/' || id || '/` + page + `' FROM eoffice_letter WHERE status = '` + status + `' ORDER BY id DESC`
}

func ticketIs(site, status string) string {
	return `SELECT '/meja/puskesmas` + site + `/tiket/' || t.id FROM epuskesmas_ticket t JOIN epuskesmas_visit v ON v.id = t.visit_id JOIN epuskesmas_site s ON s.unit_id = v.unit_id
		WHERE s.slug = 'kassi-kassi' AND t.status = '` + status + `' ORDER BY t.id DESC`
}

// detour opens the pages that no link of the walk leads to.
func (w *stroll) detour(ids map[string]string) {
	w.t.Helper()
	for _, pattern := range slices.Sorted(maps.Keys(detours)) {
		d := detours[pattern]
		found, err := pg.Scalars[string](w.t.Context(), w.s.Pool, `SELECT * FROM (`+d.sql+`) q (path) LIMIT 1`)
		if err != nil || len(found) == 0 {
			w.t.Errorf("the demo has nothing at %s: %v", pattern, err)
			continue
		}
		w.visit(d.who, found[0], pattern)
	}
	for _, thing := range slices.Sorted(maps.Keys(madeFor)) {
		w.visit(madeFor[thing], parameter.ReplaceAllString(thing, ids[thing]), thing)
	}
	w.accounts()
}

// madeFor are who opens what the demo tells nothing of.
var madeFor = map[string]string{
	"/meja/admin/data-pribadi/{permintaan}": "admin", "/meja/eoffice/baki/{id}": "tu", "/meja/kuciniki/sampel/{id}": "inspektorat", "/meja/penduduk/impor/{impor}": "operator",
}

// as is somebody of the demo who has just signed in; tamu has not.
func (w *stroll) as(who string) *apptest.Client {
	w.t.Helper()
	if who == "tamu" {
		return w.s.Client(w.t)
	}
	id, err := pg.Scalar[int64](w.t.Context(), w.s.Pool, `SELECT id FROM authn_account WHERE email = $1`, who+"@"+demo.Domain)
	if err != nil {
		w.t.Fatalf("%s: %v", who, err)
	}
	return w.s.SignedIn(w.t, id)
}

func (w *stroll) visit(who, path, pattern string) {
	w.t.Helper()
	c := w.as(who)
	c.NoRedirects()
	w.at(who, c, path, pattern)
}

// at opens a page that has to be there.
func (w *stroll) at(who string, c *apptest.Client, path, pattern string) *apptest.Page {
	w.t.Helper()
	p := w.open(who, c, path, pattern)
	if w.opened[pattern] == 0 {
		w.t.Errorf("%s does not get to %s by %s: %d %s", who, pattern, path, p.Status, p.Text("main"))
	}
	return p
}

// accounts opens what comes after a code, a link or a password, and the form that is kept.
func (w *stroll) accounts() {
	t, s := w.t, w.s
	t.Helper()
	ctx, password := t.Context(), url.Values{"sandi": {password}, "sandi-ulang": {password}}
	code := func(to string) url.Values {
		s.Deliver(t)
		mails := s.Mail.To(to)
		return url.Values{"kode": {regexp.MustCompile(`\b\d{6}\b`).FindString(mails[len(mails)-1].Text)}}
	}
	const email = "daftar@uji.example"
	c := w.as("tamu")
	p := c.Get("/daftar").Submit("main form", url.Values{"nama": {"Sitti Rahma"}, "kontak": {email}})
	w.at("tamu", c, "/daftar/kode", "/daftar/kode")
	p = p.Submit(`main form[action="/daftar/kode"]`, code(email))
	w.at("tamu", c, "/daftar/sandi", "/daftar/sandi")
	p.Submit("main form", password).Want(200)
	c.Get("/akun/kontak").Submit("form[action='/akun/kontak']", url.Values{"kontak": {"baru@uji.example"}, "sandi-lama": password["sandi"]}).Want(200)
	w.at("warga baru", c, "/akun/kontak/kode", "/akun/kontak/kode")

	reset := w.as("tamu")
	p = reset.Get("/lupa-sandi").Submit("main form", url.Values{"kontak": {email}}).Want(200)
	w.at("tamu", reset, "/lupa-sandi/kode", "/lupa-sandi/kode")
	p.Submit(`main form[action="/lupa-sandi/kode"]`, code(email)).Want(200)
	w.at("tamu", reset, "/lupa-sandi/sandi", "/lupa-sandi/sandi")

	key := strings.ReplaceAll(c.Get("/akun/verifikasi-dua-langkah").Text(".secret-link"), " ", "")
	now, err := totp.GenerateCode(key, s.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	c.Get("/akun/verifikasi-dua-langkah").Submit("main form.form", url.Values{"kode": {now}}).Want(200)
	second := w.as("tamu")
	second.Get("/masuk").Submit(`main form[action^="/masuk"]`, url.Values{"nama": {email}, "sandi": password["sandi"]}).Want(200)
	w.at("tamu", second, "/masuk/kode", "/masuk/kode")

	// What survives a session that has ended.
	kept := w.as("tamu")
	p = kept.Post("/akun/nama", url.Values{"nama": {"Sitti Nai"}}).Want(200)
	p.Submit(`main form[action^="/masuk"]`, url.Values{"nama": {"warga2@" + demo.Domain}, "sandi": password["sandi"]}).Want(200)
	w.at("warga2", kept, "/lanjutkan", "/lanjutkan")

	var invited authn.Invitation
	err = pg.InTx(ctx, s.Pool, func(tx pgx.Tx) (err error) {
		if invited, err = s.App.Accounts.Invite(ctx, tx, authz.System("uji"), "Andi Baso", "andi@uji.example"); err != nil {
			return err
		}
		return notify.Queue(ctx, tx, notify.Message{Topic: mtr.TopicReport, Email: notify.SealEmail(s.App.Box, "kabar@uji.example"), Subject: "Kabar", Text: "Isi", Object: "mtr_report", ObjectID: 1, At: s.Clock.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	w.visit("tamu", strings.TrimPrefix(invited.Link, s.URL), "/undangan/{token}")
	s.Deliver(t)
	w.visit("tamu", strings.TrimPrefix(s.Mail.To("kabar@uji.example")[0].Unsubscribe, s.URL), "/berhenti/{token}")
}
