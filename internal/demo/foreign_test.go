package demo_test

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/demo"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// things are what the demo has behind the addresses of routes that name one: where it
// stands, and which it is. None is of the citizen or of the office that ask for it below.
var things = map[string]string{
	"/meja/admin/akun/{akun}":              `SELECT a.id::text FROM authn_account a WHERE a.email = 'lurah@portal.example'`,
	"/meja/admin/jabatan/{jabatan}":        sqlPost,
	"/meja/admin/kalender/jadwal/{jadwal}": `SELECT id::text FROM calendar_schedule`,
	"/meja/admin/kalender/libur/{hari}":    `SELECT day::text FROM calendar_holiday`,
	"/meja/admin/kalender/ramadan/{hari}":  `SELECT first_day::text FROM calendar_ramadan`,
	"/meja/admin/pegawai/{pegawai}":        sqlPerson,
	"/meja/admin/penempatan/{penempatan}":  `SELECT o.id::text FROM org_occupancy o JOIN org_person p ON p.id = o.person_id JOIN authn_account a ON a.id = p.account_id WHERE a.email = 'lurah@portal.example'`,
	"/meja/admin/peran/{peran}":            `SELECT id::text FROM authz_role WHERE code NOT LIKE 'uji-%'`,
	"/meja/admin/unit/{unit}":              `SELECT id::text FROM org_unit WHERE code = '73.71.13.1002'`,
	"/meja/admin/wewenang/{wewenang}":      `SELECT g.id::text FROM authz_grant g JOIN authz_role r ON r.id = g.role_id WHERE r.code NOT LIKE 'uji-%'`,

	"/meja/eoffice/arsip/berkas/{id}":  `SELECT id::text FROM eoffice_folder`,
	"/meja/eoffice/disposisi/{id}":     `SELECT id::text FROM eoffice_disposition`,
	"/meja/eoffice/kiriman/{id}":       `SELECT id::text FROM eoffice_recipient WHERE unit_id IS NOT NULL`,
	"/meja/eoffice/atur/kelompok/{id}": `SELECT id::text FROM eoffice_group`,
	"/meja/eoffice/bantu/{id}":         sqlPost,
	"/meja/eoffice/naskah/{id}":        `SELECT id::text FROM eoffice_letter`,
	"/meja/eoffice/pendapat/{id}":      `SELECT id::text FROM eoffice_opinion`,

	"/meja/kuciniki/bukti/{orang}":              sqlPerson,
	"/meja/kuciniki/pola/{id}":                  `SELECT id::text FROM kuciniki_flag`,
	"/meja/kuciniki/selesai/{meja}":             sqlPost,
	"/meja/kuciniki/skp/{id}":                   `SELECT id::text FROM kuciniki_skp`,
	"/meja/mtr/blokir/{blokir}":                 `SELECT id::text FROM mtr_block`,
	"/meja/mtr/berkas/{ref}":                    `SELECT ref FROM mtr_document`,
	"/meja/mtr/catat-laporan/{nomor}":           sqlReport,
	"/meja/mtr/contoh-jawaban/{contoh}":         `SELECT id::text FROM mtr_template`,
	"/meja/mtr/foto/{ref}":                      `SELECT p.ref FROM mtr_photo p JOIN mtr_report r ON r.id = p.report_id WHERE r.number = (` + sqlReport + `)`,
	"/meja/mtr/konfigurasi/kategori/{kategori}": `SELECT id::text FROM mtr_category`,
	"/meja/mtr/pelanggaran/{perkara}":           `SELECT ref FROM mtr_misconduct`,
	"/meja/mtr/{nomor}":                         sqlReport,
	"/meja/pengawasan/{tugas}":                  `SELECT id::text FROM authz_assignment WHERE subject LIKE '%drainase%'`,
	"/meja/penduduk/keluarga/{keluarga}":        `SELECT id::text FROM epemerintahan_family`,
	"/meja/penduduk/{penduduk}":                 `SELECT id::text FROM epemerintahan_resident`,
	"/meja/puskesmas/atur/{puskesmas}":          `SELECT slug FROM epuskesmas_site WHERE slug = 'kassi-kassi'`,
	"/meja/puskesmas/pasien/{id}":               `SELECT p.id::text FROM epuskesmas_patient p JOIN epuskesmas_site s ON s.unit_id = p.unit_id WHERE s.slug = 'kassi-kassi' AND p.record_number IS NOT NULL`,
	"/meja/puskesmas/perubahan/{unit}":          `SELECT unit_id::text FROM epuskesmas_site WHERE open`,
	"/meja/puskesmas/ruang/{ruang}":             `SELECT id::text FROM epuskesmas_counter`,
	"/meja/puskesmas/tiket/{tiket}":             `SELECT id::text FROM epuskesmas_ticket`,
	"/meja/surat/identitas/{id}":                `SELECT id::text FROM epemerintahan_identity`,
	"/meja/surat/tanda-tangan/{id}":             `SELECT id::text FROM epemerintahan_letter WHERE status = 'menunggu_ttd'`,
	"/meja/surat/{id}":                          `SELECT id::text FROM epemerintahan_letter WHERE request_number IS NOT NULL`,

	"/mtr/laporan-saya/{nomor}":  `SELECT r.number FROM mtr_report r JOIN authn_account a ON a.id = r.account_id WHERE a.email = 'warga@portal.example'`,
	"/surat/draf/{ref}":          `SELECT ref FROM epemerintahan_letter WHERE request_number IS NULL`,
	"/surat/pindaian/{pindaian}": `SELECT ref FROM epemerintahan_letter_scan`,
	"/surat/{nomor}":             `SELECT l.request_number FROM epemerintahan_letter l JOIN authn_account a ON a.id = l.account_id WHERE a.email = 'warga@portal.example' AND l.request_number IS NOT NULL`,
}

const (
	sqlPerson = `SELECT p.id::text FROM org_person p JOIN authn_account a ON a.id = p.account_id WHERE a.email = 'lurah@portal.example'`
	sqlPost   = `SELECT o.position_id::text FROM org_occupancy o JOIN org_person p ON p.id = o.person_id JOIN authn_account a ON a.id = p.account_id WHERE a.email = 'lurah@portal.example'`
	sqlReport = `SELECT r.number FROM mtr_report r JOIN mtr_photo p ON p.report_id = r.id JOIN org_unit u ON u.id = r.unit_id WHERE u.code = 'DISHUB' ORDER BY r.id LIMIT 1`
)

// openers are who opens such a thing, tried in their order after whoever may do everything in
// the whole city: a thing that nobody opens would prove nothing.
var openers = map[string][]string{
	"/meja/admin/": {"admin"}, "/meja/eoffice/": {"kadis", "konseptor", "kabid", "tu", "arsiparis", "kepala.bappeda", "sekda"},
	"/meja/kuciniki/": {"kadis", "inspektorat", "bkpsdm", "lurah", "camat"}, "/meja/mtr/": {"petugas.dishub", "inspektorat"},
	"/meja/penduduk/": {"operator"}, "/meja/pengawasan/": {"inspektorat"}, "/meja/puskesmas/": {"loket", "kapus"}, "/meja/surat/": {"lurah", "operator"},
	"/mtr/": {"warga", "warga2"}, "/surat/": {"warga", "warga2"},
}

// made are things that the demo tells nothing of: put in, as their owners leave them.
var made = map[string]string{
	"/meja/admin/data-pribadi/{permintaan}": `INSERT INTO portal_erasure (account_id, status, asked_at) SELECT id, 'diminta', now() FROM authn_account WHERE email = 'warga2@portal.example'`,
	"/meja/eoffice/arsip/penyusutan/{id}":   `INSERT INTO eoffice_disposal (unit_id, kind, status, seq, created_at) SELECT id, 'musnah', 'dinilai', 1, now() FROM org_unit WHERE code = 'DPU'`,
	"/meja/eoffice/baki/{id}": `INSERT INTO eoffice_tray (unit_id, batch, name, blob_key, type, size, hash, uploaded_at, uploaded_by)
		SELECT u.id, false, 'pindaian.pdf', '` + trayKey + `', 'application/pdf', 8, '\x00', now(), a.id FROM org_unit u, authn_account a WHERE u.code = 'DPU' AND a.email = 'tu@portal.example'`,
	"/meja/eoffice/cari/{id}": `INSERT INTO eoffice_view (account_id, name, query_sealed, created_at) SELECT id, 'Uji', '\x00', now() FROM authn_account WHERE email = 'kadis@portal.example'`,
	"/meja/eoffice/wakil/{id}": `INSERT INTO eoffice_deputy (desk_id, deputy_id, kind, starts_at, ends_at, reason, made_by, made_at)
		SELECT d.position_id, p.position_id, 'limpahan', now(), now() + interval '30 days', 'Uji', a.id, now() FROM authn_account a, (` + postOf("kadis") + `) d, (` + postOf("konseptor") + `) p WHERE a.email = 'kadis@portal.example'`,
	"/meja/kuciniki/gangguan/{id}": `INSERT INTO kuciniki_outage (unit_id, from_at, to_at, reason, added_by, added_at)
		SELECT u.id, now() - interval '2 days', now() - interval '1 day', 'Listrik padam seharian', (` + sqlPerson + `)::bigint, now() FROM org_unit u WHERE u.code = 'DPU'`,
	"/meja/kuciniki/kehadiran/surat/{id}": `INSERT INTO kuciniki_leave (person_id, first_day, last_day, kind, number, added_by, added_at)
		SELECT p.id, '2026-11-16', '2026-11-17', 'cuti', '800/17/DPU', (` + sqlPerson + `)::bigint, now() FROM org_person p JOIN authn_account a ON a.id = p.account_id WHERE a.email = 'konseptor@portal.example'`,
	"/meja/kuciniki/log/{id}": `INSERT INTO kuciniki_log (person_id, position_id, day, minutes, text_sealed, witness_id, status, at, entry_key)
		SELECT p.id, o.position_id, '2026-11-20', 60, '\x00', (` + sqlPerson + `)::bigint, 'disampel', now(), 'uji' FROM org_person p JOIN org_occupancy o ON o.person_id = p.id JOIN authn_account a ON a.id = p.account_id WHERE a.email = 'konseptor@portal.example'`,
	"/meja/kuciniki/sampel/{id}": `WITH drawn AS (INSERT INTO kuciniki_draw (month, seed, finished, drawn_at) VALUES ('2025-01-01', decode(repeat('00', 32), 'hex'), 1, now()) RETURNING month)
		INSERT INTO kuciniki_sample (month, module, kind, object, object_id, thread_id, unit_id, person_id, done_at)
		SELECT d.month, w.module, 'validate', w.object, w.object_id, w.id, u.id, (` + sqlPerson + `)::bigint, now() FROM drawn d, (SELECT * FROM work_event WHERE module = 'mtr' AND object = 'mtr_report' LIMIT 1) w, org_unit u WHERE u.code = 'DPU'`,
	"/meja/mtr/konfigurasi/kunci/{kunci}": `INSERT INTO mtr_api_key (name, contact_sealed, key_hash, beginning, per_minute, per_day, created_at) VALUES ('Uji', '\x00', '\x00', 'uji', 1, 1, now())`,
	"/meja/mtr/konfigurasi/masa-simpan/tahanan/{tahanan}": `INSERT INTO mtr_legal_hold (report_id, asked_by, reason, set_by, set_at)
		SELECT r.id, 'Pengadilan', 'Uji', a.id, now() FROM mtr_report r, authn_account a WHERE r.number = (` + sqlReport + `) AND a.email = 'admin@portal.example'`,
	"/meja/penduduk/impor/{impor}": `INSERT INTO epemerintahan_import (kelurahan_id, account_id, actor, blob_key, file_size, state, created_at, updated_at)
		SELECT u.id, a.id, '{}', 'impor/uji', 1, 'siap', now(), now() FROM org_unit u, authn_account a WHERE u.code = '73.71.13.1002' AND a.email = 'operator@portal.example'`,
	"/meja/surat/kantor/rt/{id}": `INSERT INTO epemerintahan_neighbour (kelurahan_id, rw, rt, name, phone_sealed, updated_at) SELECT id, '098', '098', 'Uji', '\x00', now() FROM org_unit WHERE code = '73.71.13.1002'`,
	"/meja/surat/masa-simpan/{tahanan}": `INSERT INTO epemerintahan_letter_hold (letter_id, asked_by, reason, set_by, set_at)
		SELECT l.id, 'Pengadilan', 'Untuk uji', a.id, now() FROM (SELECT id FROM epemerintahan_letter ORDER BY id LIMIT 1) l, authn_account a WHERE a.email = 'admin@portal.example'`,
	"/mtr/ikutan/{ikutan}": `INSERT INTO mtr_follow (subject, subject_id, account_id, channel, pace, token_hash, created_at, confirmed_at, digest_at)
		SELECT 'laporan', r.id, a.id, 'email', 'segera', '\x00', now(), now(), now() FROM mtr_report r, authn_account a WHERE r.number = (` + sqlReport + `) AND a.email = 'warga2@portal.example'`,
}

const trayKey = "uji/baki.pdf"

func postOf(user string) string {
	return `SELECT o.position_id FROM org_occupancy o JOIN org_person p ON p.id = o.person_id JOIN authn_account a ON a.id = p.account_id WHERE a.email = '` + user + `@portal.example' LIMIT 1`
}

// names are parts of addresses that name no thing of anybody, but a kind of things.
var names = map[string]string{
	"/meja/admin/impor/{jenis}":                     "a kind of file",
	"/meja/penduduk/impor/contoh/{format}":          "a format",
	"/meja/penduduk/laporan-bulanan/unduh/{format}": "a format; of which kelurahan, the form says",
	"/meja/surat/jenis/{kode}":                      "a kind of letter, the same for the whole city",
	"/surat/ajukan/{kode}":                          "a kind of letter",
}

// unopened are things whose page is for a moment that has passed in the demo, or for who helps.
var unopened = []string{"/meja/eoffice/bantu/{id}", "/meja/mtr/catat-laporan/{nomor}", "/meja/surat/identitas/{id}"}

// answered are the routes that answer something else than that there is nothing, and why they may.
var answered = map[string]struct {
	status int
	why    string
}{
	"GET /meja/admin/peran/{peran}":                                    {200, "roles are the same for all units: who gives one has to read it"},
	"GET /meja/admin/peran/{peran}/ubah":                               {200, "as above; the change is refused"},
	"POST /meja/admin/akun/{akun}/kode":                                {409, "accounts of citizens at a counter are of no unit; that of an official is refused"},
	"GET /meja/mtr/konfigurasi/kategori/{kategori}":                    {403, "categories are public; changing them is for the whole city"},
	"POST /meja/mtr/konfigurasi/kategori/{kategori}":                   {403, "as above"},
	"GET /meja/mtr/konfigurasi/kategori/{kategori}/rute":               {403, "as above"},
	"POST /meja/mtr/konfigurasi/kategori/{kategori}/rute":              {403, "as above"},
	"POST /meja/mtr/konfigurasi/kategori/{kategori}/rute/{rute}/hapus": {403, "as above"},
	"POST /meja/mtr/konfigurasi/kunci/{kunci}/cabut":                   {403, "as above"},
	"POST /meja/mtr/konfigurasi/masa-simpan/tahanan/{tahanan}/lepas":   {403, "as above"},
	"POST /meja/eoffice/cari/{id}/hapus":                               {303, "forgets an own one, if it is there"},
	"POST /meja/eoffice/baki/{id}/hapus":                               {303, "takes away what waits in the own office, if it is there"},
	"POST /meja/eoffice/naskah/{id}/lepas-pantau":                      {303, "whoever watches nothing stops watching nothing"},
}

var (
	parameter      = regexp.MustCompile(`\{[a-z_]+\}`)
	firstParameter = regexp.MustCompile(`^[^{]*\{[a-z_]+\}`)
)

// makeThings puts in what is made, and returns which each is.
func makeThings(t *testing.T, s *apptest.Server) map[string]string {
	t.Helper()
	ids := map[string]string{}
	if err := s.App.Blobs.Put(t.Context(), trayKey, strings.NewReader("%PDF-1.7"), 8, "application/pdf"); err != nil {
		t.Fatal(err)
	}
	for thing, sql := range made {
		var id int64
		if err := s.DB.Owner().QueryRow(t.Context(), sql+` RETURNING id`).Scan(&id); err != nil {
			t.Fatalf("nothing was made at %s: %v", thing, err)
		}
		ids[thing] = strconv.FormatInt(id, 10)
	}
	return ids
}

// whatIsOthersDoesNotExist asks for what is somebody else's by every route that names a thing:
// as a citizen, and as somebody who may do everything, but in an island's kelurahan alone.
// ids are what makeThings made.
func whatIsOthersDoesNotExist(t *testing.T, s *apptest.Server, ids map[string]string) {
	t.Helper()
	citizen := s.SignedIn(t, s.Citizen(t, "asing@uji.example", "Orang Asing"))
	all := apptest.Staff{Email: "jauh@uji.example", Name: "Semua Bisa di Pulau", UnitCode: "73.71.15.1001", Permissions: authz.Registered()}
	far := s.SignedIn(t, s.Hire(t, all).AccountID)
	all.Email, all.Name, all.City = "dekat@uji.example", "Semua Bisa di Kota", true
	city := s.SignedIn(t, s.Hire(t, all).AccountID)
	opened, used := map[string]bool{}, map[string]bool{}
	for thing, sql := range things {
		found, err := pg.Scalars[string](t.Context(), s.Pool, `SELECT * FROM (`+sql+`) q (id) LIMIT 1`)
		if err != nil || len(found) == 0 {
			t.Fatalf("the demo has nothing at %s: %v", thing, err)
		}
		ids[thing] = found[0]
	}
	report, err := pg.Scalar[string](t.Context(), s.Pool, `SELECT id::text FROM mtr_report WHERE number = $1`, ids["/meja/mtr/{nomor}"])
	if err != nil {
		t.Fatal(err)
	}
	filled := filled + "&laporan=" + report + "&di=" + ids["/meja/puskesmas/atur/{puskesmas}"]
	early := 0
	for _, r := range s.App.Router.Routes() {
		thing, access := firstParameter.FindString(r.Pattern), r.Access.String()
		if thing == "" || access == "umum" || access == "tautan" {
			continue
		}
		id, ok := ids[thing]
		if !ok {
			if names[thing] == "" {
				t.Errorf("%s %s names what is in no table of this test", r.Method, r.Pattern)
			}
			continue
		}
		path := parameter.ReplaceAllString(strings.Replace(r.Pattern, thing, parameter.ReplaceAllString(thing, id), 1), "1")
		who := far
		if access == "akun" {
			who = citizen
		}
		route := r.Method + " " + r.Pattern
		want := cmp.Or(answered[route].status, http.StatusNotFound)
		used[route] = true
		switch got := ask(t, s, who, r.Method, path, filled); {
		case got == want:
		case want == http.StatusNotFound && r.Method != http.MethodGet && (got == http.StatusBadRequest || got == http.StatusUnprocessableEntity):
			if early++; early > mayBeEarly {
				t.Errorf("%s is one too many that refuse the form (%d) before they ask whose the thing is", route, got)
			}
		default:
			t.Errorf("%s answers somebody whose it is not with %d, want %d", route, got, want)
		}
		if r.Method == http.MethodGet && !r.Stream && !opened[thing] {
			opened[thing] = ask(t, s, city, r.Method, path, filled) < 400 || slices.ContainsFunc(openersOf(thing), func(user string) bool {
				id, err := pg.Scalar[int64](t.Context(), s.Pool, `SELECT id FROM authn_account WHERE email = $1`, user+"@"+demo.Domain)
				return err == nil && ask(t, s, s.SignedIn(t, id), r.Method, path, filled) < 400
			})
			if !opened[thing] && r.Pattern == thing && !slices.Contains(unopened, thing) {
				t.Errorf("nobody opens %s", path)
			}
		}
	}
	// What was answered as if it were done was not.
	left, err := pg.Scalar[int](t.Context(), s.Pool, `SELECT (SELECT count(*) FROM eoffice_view WHERE id = $1)::int + (SELECT count(*) FROM eoffice_tray WHERE id = $2)::int`,
		ids["/meja/eoffice/cari/{id}"], ids["/meja/eoffice/baki/{id}"])
	if err != nil || left != 2 {
		t.Errorf("%d of two things are left that others wanted away, %v", left, err)
	}
	for route, a := range answered {
		if !used[route] || a.why == "" {
			t.Errorf("%s is excused and does not exist, or without a reason", route)
		}
	}
}

func openersOf(thing string) []string {
	for under, who := range openers {
		if strings.HasPrefix(thing, under) {
			return who
		}
	}
	return nil
}

// mayBeEarly is how many routes may refuse what is wrong with the form below first.
const mayBeEarly = 20

// filled is a form that is right as far as most ask before they look at what it is about.
const filled = "versi=1&alasan=Alasan+yang+cukup+panjang&catatan=Catatan&isi=Isi+yang+cukup+panjang&judul=Judul&kode=1&unit=1&sandi=x&nama=Nama&tanggal=2026-11-25&lain=1&jawaban=Jawaban"

func ask(t *testing.T, s *apptest.Server, who *apptest.Client, method, path, form string) int {
	t.Helper()
	body := form
	if method == http.MethodGet {
		path, body = path+"?"+form, ""
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := who.Raw(req)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}
