package demo_test

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
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
	"/meja/mtr/berkas/{ref}":                    `SELECT ref FROM mtr_document`,
	"/meja/mtr/catat-laporan/{nomor}":           sqlReport,
	"/meja/mtr/contoh-jawaban/{contoh}":         `SELECT id::text FROM mtr_template`,
	"/meja/mtr/foto/{ref}":                      `SELECT p.ref FROM mtr_photo p JOIN mtr_report r ON r.id = p.report_id WHERE r.number = (` + sqlReport + `)`,
	"/meja/mtr/konfigurasi/kategori/{kategori}": `SELECT id::text FROM mtr_category`,
	"/meja/mtr/pelanggaran/{perkara}":           `SELECT ref FROM mtr_misconduct`,
	"/meja/mtr/{nomor}":                         sqlReport,
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
	"/meja/penduduk/": {"operator"}, "/meja/puskesmas/": {"loket", "kapus"}, "/meja/surat/": {"lurah", "operator"},
	"/mtr/": {"warga", "warga2"}, "/surat/": {"warga", "warga2"},
}

// absent are things that the demo has none of, and names that are of no thing.
var absent = []string{
	"/meja/admin/data-pribadi/{permintaan}", "/meja/eoffice/arsip/penyusutan/{id}", "/meja/eoffice/baki/{id}", "/meja/eoffice/cari/{id}",
	"/meja/eoffice/wakil/{id}", "/meja/kuciniki/gangguan/{id}", "/meja/kuciniki/kehadiran/surat/{id}", "/meja/kuciniki/log/{id}", "/meja/kuciniki/sampel/{id}",
	"/meja/mtr/blokir/{blokir}", "/meja/mtr/konfigurasi/kunci/{kunci}", "/meja/mtr/konfigurasi/masa-simpan/tahanan/{tahanan}",
	"/meja/penduduk/impor/{impor}", "/meja/surat/kantor/rt/{id}", "/mtr/ikutan/{ikutan}",
	"/meja/admin/impor/{jenis}", "/meja/penduduk/impor/contoh/{format}", "/meja/penduduk/laporan-bulanan/unduh/{format}", "/meja/surat/jenis/{kode}", "/surat/ajukan/{kode}",
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
	"POST /meja/eoffice/naskah/{id}/lepas-pantau":                      {303, "whoever watches nothing stops watching nothing"},
}

var (
	parameter      = regexp.MustCompile(`\{[a-z_]+\}`)
	firstParameter = regexp.MustCompile(`^[^{]*\{[a-z_]+\}`)
)

// whatIsOthersDoesNotExist asks for what is somebody else's by every route that names a thing:
// as a citizen, and as somebody who may do everything, but in an island's kelurahan alone.
func whatIsOthersDoesNotExist(t *testing.T, s *apptest.Server) {
	t.Helper()
	citizen := s.SignedIn(t, s.Citizen(t, "asing@uji.example", "Orang Asing"))
	all := apptest.Staff{Email: "jauh@uji.example", Name: "Semua Bisa di Pulau", UnitCode: "73.71.15.1001", Permissions: authz.Registered()}
	far := s.SignedIn(t, s.Hire(t, all).AccountID)
	all.Email, all.Name, all.City = "dekat@uji.example", "Semua Bisa di Kota", true
	city := s.SignedIn(t, s.Hire(t, all).AccountID)
	ids, opened, used := map[string]string{}, map[string]bool{}, map[string]bool{}
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
			if !slices.Contains(absent, thing) {
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
