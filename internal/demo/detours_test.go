package demo_test

import (
	"bytes"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/jackc/pgx/v5"
	"github.com/pquerna/otp/totp"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/demo"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// leadsOn are the pages that never show anything, and where to they lead.
var leadsOn = map[string]string{"/mtr/lapor/{draf}": "the step of a draft that comes next", "/surat/draf/{ref}": "as above"}

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
	"/meja/eoffice/arsip/penyusutan/baru":       {"arsiparis", `SELECT '/meja/eoffice/arsip/penyusutan/baru?kantor=' || f.unit_id || '&jenis=' || f.proposed || '&berkas=' || f.id FROM eoffice_folder f JOIN org_unit u ON u.id = f.unit_id WHERE u.code = 'DPU' AND f.proposed IN ('pindah', 'musnah', 'serah') ORDER BY f.id`},
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
	w.reports()
	w.links()
	w.claim()
	w.secretary()
	w.written()
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
	return w.s.SignedIn(w.t, accountOf(w.t, w.s, who))
}

// accountOf is the account of somebody of the demo.
func accountOf(t *testing.T, s *apptest.Server, who string) int64 {
	t.Helper()
	id, err := pg.Scalar[int64](t.Context(), s.Pool, `SELECT id FROM authn_account WHERE email = $1`, who+"@"+demo.Domain)
	if err != nil {
		t.Fatalf("%s: %v", who, err)
	}
	return id
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

// reports tells of what the demo has a report of already, and then supports and follows that one.
func (w *stroll) reports() {
	t, s := w.t, w.s
	t.Helper()
	const draft = "/mtr/lapor/{draf}"
	known, err := pg.One[struct{ Number, Title, Lat, Lng, Kelurahan, Category string }](t.Context(), s.Pool, `SELECT r.number, r.title, r.public_lat::text AS lat, r.public_lng::text AS lng, r.kelurahan_id::text AS kelurahan, c.id::text AS category
		FROM mtr_report r JOIN mtr_category c ON c.id = r.category_id WHERE r.open AND r.words_public AND r.status_group IN ('baru', 'proses') AND r.public_lat IS NOT NULL AND r.kelurahan_id IS NOT NULL
		AND EXISTS (SELECT FROM mtr_question q WHERE q.category_id = c.id AND q.required) ORDER BY r.id DESC LIMIT 1`)
	if err != nil {
		t.Fatal(err)
	}
	c := w.as("tamu")
	send := func(p *apptest.Page, values url.Values, files ...apptest.File) *apptest.Page {
		t.Helper()
		return p.Submit(`main form[method=post][action="`+p.URL.Path+`"]:not(#dari-foto)`, values, files...).Want(200)
	}
	p := send(c.Get("/mtr/lapor"), nil, apptest.File{Control: "foto", Name: "foto.jpg", Type: "image/jpeg", Data: mediatest.JPEG(320, 240)})
	base := strings.TrimSuffix(p.URL.Path, "/tempat")
	photo := w.at("tamu", c, base+"/foto", draft+"/foto").Doc.Find(`main img[src^="`+base+`"]`).AttrOr("src", "")
	w.at("tamu", c, photo, draft+"/foto/{foto}/{ukuran}")
	p = send(p, url.Values{"lat": {known.Lat}, "lng": {known.Lng}, "sumber": {"pin"}, "kelurahan": {known.Kelurahan}})
	send(p, url.Values{"kategori": {known.Category}})
	p = send(w.at("tamu", c, base+"/serupa", draft+"/serupa"), nil)
	w.at("tamu", c, base+"/pertanyaan", draft+"/pertanyaan")
	p = send(p, firstChoices(p))
	p = send(p, url.Values{"judul": {"Masalah di dekat pasar"}, "uraian": {"Sudah dua minggu begini."}})
	if strings.HasSuffix(p.URL.Path, "/serupa") {
		p = send(p, nil)
	}
	send(p, url.Values{"nama": {"Daeng Sitti"}})
	w.at("tamu", c, base+"/periksa", draft+"/periksa").Submit(`#kirim`, nil).Want(200)
	w.at("tamu", c, base+"/terkirim", draft+"/terkirim")

	c.Get("/mtr/laporan/"+known.Number+"/dukung").Submit("main form", url.Values{"email": {"dukung@uji.example"}}).Want(200)
	w.visit("tamu", w.mailed("dukung@uji.example", "/mtr/dukungan/"), "/mtr/dukungan/{token}")
	p = c.Get(c.Get("/mtr/laporan/"+known.Number).Doc.Find(`a[href^="/mtr/ikuti"]`).AttrOr("href", "")).Want(200)
	p.Submit(`main form[action="/mtr/ikuti"]`, url.Values{"email": {"ikut@uji.example"}, "seberapa": {"segera"}}).Want(200)
	w.visit("tamu", w.mailed("ikut@uji.example", "/mtr/ikuti/"), "/mtr/ikuti/{token}")

	desk := w.as("dispatcher")
	p = desk.Get("/meja/mtr/catat-laporan?kategori=" + known.Category).Want(200)
	values := url.Values{"judul": {"Masalah di lorong 3"}, "uraian": {"Sudah dua malam begini."}, "telepon": {"0812 3456 7890"}, "dipastikan": {"1"}, "nama": {"Bu Mina"},
		"saluran": {"telepon"}, "persetujuan": {"1"}, "kelurahan": {known.Kelurahan}, "patokan": {"Lorong 3"}}
	maps.Copy(values, firstChoices(p))
	p = p.Submit(`main form[action$="/catat-laporan"]`, values).Want(200)
	w.at("dispatcher", desk, p.URL.Path, "/meja/mtr/catat-laporan/{nomor}")
}

// firstChoices answers each question of a category by its first choice, which is never an emergency.
func firstChoices(p *apptest.Page) url.Values {
	values := url.Values{}
	p.Doc.Find(`input[type=radio][name^="tanya_"]`).Each(func(_ int, i *goquery.Selection) {
		if name := i.AttrOr("name", ""); !values.Has(name) {
			values.Set(name, i.AttrOr("value", ""))
		}
	})
	return values
}

// mailed is the path of the link that came in the last letter to an address.
func (w *stroll) mailed(email, under string) string {
	w.t.Helper()
	w.s.Deliver(w.t)
	mails := w.s.Mail.To(email)
	if len(mails) == 0 {
		w.t.Fatalf("nothing comes to %s", email)
	}
	return regexp.MustCompile(under + `[\w-]+`).FindString(mails[len(mails)-1].Text)
}

// links opens what is behind the links of who may still move their number, and of the head of an RT.
func (w *stroll) links() {
	w.t.Helper()
	sealed, err := pg.Scalar[[]byte](w.t.Context(), w.s.Pool, `SELECT v.token_sealed FROM epuskesmas_visit v JOIN epuskesmas_ticket t ON t.visit_id = v.id WHERE t.status = 'dipesan' ORDER BY t.id LIMIT 1`)
	if err != nil {
		w.t.Fatal(err)
	}
	token, err := w.s.App.Box.Open(sealed, "epuskesmas.token")
	if err != nil {
		w.t.Fatal(err)
	}
	w.visit("tamu", "/antrean/"+token+"/ganti", "/antrean/{token}/ganti")

	// No kelurahan of the demo asks the heads of its RT.
	token = crypt.Token()
	_, err = w.s.DB.Owner().Exec(w.t.Context(), `WITH l AS (UPDATE epemerintahan_letter SET status = 'menunggu_rt' WHERE id = (SELECT max(id) FROM epemerintahan_letter WHERE status = 'diajukan') RETURNING id)
		INSERT INTO epemerintahan_neighbour_ask (letter_id, neighbour_id, token_hash, asked_at, expires_at) SELECT l.id, n.id, $1, $2, $2::timestamptz + interval '3 days' FROM l, epemerintahan_neighbour n ORDER BY n.id LIMIT 1`, crypt.HashToken(token), w.s.Clock.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	w.visit("tamu", "/surat/rt/"+token, "/surat/rt/{token}")
}

// claim opens an identity that waits to be confirmed.
func (w *stroll) claim() {
	t, s, ctx := w.t, w.s, w.t.Context()
	t.Helper()
	who, err := pg.One[struct {
		NIK         []byte
		KelurahanID int64
	}](ctx, s.Pool, `SELECT r.nik_sealed AS nik, r.kelurahan_id FROM epemerintahan_resident r JOIN org_unit u ON u.id = r.kelurahan_id WHERE u.code = '73.71.13.1002' AND r.status = 'hidup' AND r.birth_date < '1990-01-01' ORDER BY r.id DESC LIMIT 1`)
	if err != nil {
		t.Fatal(err)
	}
	nik, err := s.App.Box.Open(who.NIK, "epemerintahan.nik")
	if err != nil {
		t.Fatal(err)
	}
	a, err := authn.LoadActor(ctx, s.Pool, s.Citizen(t, "ktp@uji.example", "Sitti Rahma"), s.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.App.Letters.ClaimIdentity(ctx, a, nik, who.KelurahanID, &letter.File{Name: "ktp.jpg", ReadSeeker: bytes.NewReader(mediatest.JPEG(800, 500))}); err != nil {
		t.Fatal(err)
	}
	id, err := pg.Scalar[string](ctx, s.Pool, `SELECT id::text FROM epemerintahan_identity WHERE account_id = $1`, a.AccountID)
	if err != nil {
		t.Fatal(err)
	}
	w.visit("operator", "/meja/surat/identitas/"+id, "/meja/surat/identitas/{id}")
	w.visit("operator", "/meja/surat/identitas/"+id+"/foto", "/meja/surat/identitas/{id}/foto")
}

// secretary opens the desk of who names one.
func (w *stroll) secretary() {
	w.t.Helper()
	day, p := w.s.Clock.Now(), w.as("kadis").Get("/meja/eoffice/wakil")
	deputy := p.Doc.Find(`select[name=wakil] option:contains("Kepala Bidang Bina Marga dan Drainase")`).AttrOr("value", "")
	p.Submit(`form.column[action$="/wakil"]`, url.Values{"sebagai": {"sekretaris"}, "wakil": {deputy},
		"mulai": {day.Format(time.DateOnly)}, "sampai": {day.AddDate(0, 1, 0).Format(time.DateOnly)}, "alasan": {"SK nomor 3"}}).Want(200)
	desk := w.as("kabid").Get("/meja/eoffice").Doc.Find(`a[href^="/meja/eoffice/bantu/"]`).AttrOr("href", "")
	w.visit("kabid", desk, "/meja/eoffice/bantu/{id}")
}

// written opens a plan that is still being written.
func (w *stroll) written() {
	t, s := w.t, w.s
	t.Helper()
	user, err := pg.Scalar[string](t.Context(), s.Pool, `SELECT split_part(a.email, '@', 1) FROM org_occupancy o JOIN org_person p ON p.id = o.person_id JOIN authn_account a ON a.id = p.account_id
		WHERE a.email LIKE '%@portal.example' AND NOT EXISTS (SELECT FROM kuciniki_skp s WHERE s.person_id = p.id) ORDER BY a.id LIMIT 1`)
	if err != nil {
		t.Fatal(err)
	}
	p := w.as(user).Get("/meja/kuciniki").Want(200).Submit(`main form[action="/meja/kuciniki/skp"]`, nil).Want(200)
	w.visit(user, p.URL.Path+"/rhk/baru", "/meja/kuciniki/skp/{id}/rhk/{rhk}")
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
