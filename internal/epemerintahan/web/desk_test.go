package epemerintahanweb_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	kassiKassi = "73.71.13.1002"
	tidung     = "73.71.13.1001"
)

// desk is a portal with the people who keep the register, each in a browser without
// JavaScript, and one family.
type desk struct {
	s                                *apptest.Server
	operator, sekretaris, lurah, far *apptest.Client
	actor                            authz.Actor // the operator
	family                           int64
	father, mother, son              int64
}

const (
	nikFather = "7371131708659001"
	nikMother = "7371135708709001"
	kkOfAll   = "7371131708859001"
)

func newDesk(t *testing.T) *desk {
	t.Helper()
	t.Parallel()
	d := &desk{s: apptest.New(t)}
	hire := func(name, unit string, ps ...authz.Permission) (*apptest.Client, int64) {
		h := d.s.Hire(t, apptest.Staff{Email: name + "@kota.example", Name: name, UnitCode: unit, Permissions: ps})
		return d.s.SignedIn(t, h.AccountID), h.AccountID
	}
	var account int64
	d.operator, account = hire("operator", kassiKassi, epemerintahan.PermView, epemerintahan.PermEdit, epemerintahan.PermReveal)
	d.sekretaris, _ = hire("sekretaris", kassiKassi, epemerintahan.PermView, epemerintahan.PermEdit, epemerintahan.PermOverride)
	d.lurah, _ = hire("lurah", kassiKassi, epemerintahan.PermView, epemerintahan.PermDelete)
	d.far, _ = hire("jauh", tidung, epemerintahan.PermView, epemerintahan.PermEdit, epemerintahan.PermReveal, epemerintahan.PermDelete)
	var err error
	if d.actor, err = d.s.App.Accounts.Actor(t.Context(), account); err != nil {
		t.Fatal(err)
	}
	person := func(nik, name string, relation, sex, year int) epemerintahan.NewResident {
		return epemerintahan.NewResident{NIK: nik, Person: epemerintahan.Person{Relation: relation, Name: name, Sex: sex, BirthPlace: "Makassar",
			BirthDate: time.Date(year, 8, 17, 0, 0, 0, 0, time.UTC), Religion: 1, Education: 5, Job: 88, Marital: 2, Citizenship: 1, Permanence: 1}}
	}
	err = pg.InTx(t.Context(), d.s.Pool, func(tx pgx.Tx) error {
		added, err := d.s.App.Residents.AddFamilies(context.Background(), tx, d.actor, []epemerintahan.NewFamily{{
			Home: epemerintahan.Home{KelurahanID: d.actor.MainPosition().UnitID, RW: "003", RT: "002", Address: "Jl. Toddopuli III No. 12"}, KK: kkOfAll,
			Members: []epemerintahan.NewResident{
				person(nikFather, "H. Syamsul Bahri", 1, 1, 1965), person(nikMother, "Hj. Sitti Nurhayati Dg. Kanang", 3, 2, 1970), person("7371131708959001", "Muh. Yusuf", 4, 1, 1995),
			},
		}})
		if err == nil {
			d.family, d.father, d.mother, d.son = added[0].FamilyID, added[0].Residents[0], added[0].Residents[1], added[0].Residents[2]
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func at(id int64, rest string) string {
	return "/meja/penduduk/" + strconv.FormatInt(id, 10) + rest
}

func (d *desk) home(rest string) string {
	return "/meja/penduduk/keluarga/" + strconv.FormatInt(d.family, 10) + rest
}

// says fails unless the page answers with the status and has the words.
func says(t *testing.T, p *apptest.Page, status int, words string) *apptest.Page {
	t.Helper()
	p.Want(status)
	if !strings.Contains(p.Text("main"), words) {
		t.Fatalf("%s does not say %q:\n%s", p.URL.Path, words, p.Text("main"))
	}
	return p
}

const form = "main form.form"

// A search finds names in any spelling, and no address tells whom it looked for.
func TestSearchKeepsItsWordsOutOfAddresses(t *testing.T) {
	d := newDesk(t)
	list := d.operator.Get("/meja/penduduk").Want(200)
	for words, found := range map[string]bool{
		"st nurhayati daeng kanang": true, "siti nurhayati": true, "nurhayatti": true, nikMother: true, kkOfAll: true, "toddopuli": true, "zulkarnain": false,
		"7371131708659999": false,
	} {
		p := list.Submit("form[role=search]", url.Values{"q": {words}}).Want(200)
		if got := strings.Contains(p.Text("main"), "Hj. Sitti Nurhayati"); got != found {
			t.Errorf("%q finds her: %v", words, got)
		}
		if strings.Contains(p.URL.String(), words) || strings.Contains(p.URL.String(), url.QueryEscape(words)) {
			t.Errorf("the address tells: %s", p.URL)
		}
		if got, _ := p.Doc.Find("#q").Attr("value"); got != words {
			t.Errorf("the box says %q after %q", got, words)
		}
	}
	if p := d.far.Get("/meja/penduduk").Submit("form[role=search]", url.Values{"q": {nikMother}}); strings.Contains(p.Text("main"), "Nurhayati") {
		t.Error("she is found from elsewhere")
	}
	for _, bad := range []string{"?q=abc", "?rt=x", "?status=entah", "?kelurahan=-1", "?hal=%00", "?hal=abc"} {
		if p := d.operator.Get("/meja/penduduk" + bad); p.Status != http.StatusBadRequest {
			t.Errorf("%s gives %d", bad, p.Status)
		}
	}
	says(t, list.Submit("form[role=search]", url.Values{"rt": {"2"}, "rw": {"3"}, "status": {"hidup"}}), 200, "Muh. Yusuf")
	says(t, list.Submit("form[role=search]", url.Values{"rt": {"4"}}), 200, "Tidak ada yang cocok")
}

// Numbers show by their last four digits, and in full only on the page that was asked to.
func TestNumbersOpenForOnePage(t *testing.T) {
	d := newDesk(t)
	page := d.operator.Get(at(d.mother, "")).Want(200)
	if strings.Contains(page.Body, nikMother) || strings.Contains(page.Body, kkOfAll) || !strings.Contains(page.Text("main"), "••••9001") {
		t.Fatal("the numbers are not masked")
	}
	open := page.Submit(`main form[method="post"]`, nil).Want(200)
	if !strings.Contains(open.Text("main"), nikMother) || !strings.Contains(open.Text("main"), kkOfAll) {
		t.Fatal("the numbers stay closed")
	}
	if strings.Contains(d.operator.Get(at(d.mother, "")).Body, nikMother) {
		t.Error("the number is still open")
	}
	says(t, d.sekretaris.Post(at(d.mother, ""), nil), http.StatusForbidden, "")
	var n int
	if err := d.s.Pool.QueryRow(t.Context(), `SELECT count(*) FROM audit_entry WHERE action = 'epemerintahan.resident.reveal' AND object_id = $1`, d.mother).Scan(&n); err != nil || n != 1 {
		t.Errorf("%d openings are in the trail, %v", n, err)
	}
}

// What is not yours does not exist, what you may only read says so, and every page says
// what the data is not.
func TestPagesKeepToTheirPlace(t *testing.T) {
	d := newDesk(t)
	pages := []string{at(d.mother, ""), at(d.mother, "/ubah"), at(d.mother, "/peristiwa/mati"), at(d.mother, "/peristiwa/pindah_keluar"), at(d.mother, "/peristiwa/hilang"),
		d.home(""), d.home("/ubah"), d.home("/kepala"), d.home("/pisah"), d.home("/gabung"), "/meja/penduduk/baru?keluarga=" + strconv.FormatInt(d.family, 10), "/meja/penduduk/baru", "/meja/penduduk"}
	for _, path := range pages {
		says(t, d.operator.Get(path), 200, "Data pelayanan kelurahan, bukan data resmi Disdukcapil")
		if strings.HasPrefix(path, "/meja/penduduk/baru") && !strings.Contains(path, "keluarga=") || path == "/meja/penduduk" {
			continue
		}
		if p := d.far.Get(path); p.Status != http.StatusNotFound || strings.Contains(p.Body, "Nurhayati") {
			t.Errorf("%s from elsewhere gives %d", path, p.Status)
		}
		want := http.StatusForbidden
		if path == at(d.mother, "") || path == d.home("") {
			want = http.StatusOK
		}
		d.lurah.Get(path).Want(want)
	}
	d.operator.Get(at(d.mother, "/hapus")).Want(http.StatusForbidden)
	d.operator.Get(at(d.mother, "/batal")).Want(http.StatusConflict)
	d.operator.Get(at(d.mother, "/peristiwa/pindah_datang")).Want(http.StatusConflict)
	d.operator.Get(at(d.mother, "/peristiwa/menikah")).Want(http.StatusNotFound)
	d.operator.Get(at(1<<40, "")).Want(http.StatusNotFound)
	d.operator.Get("/meja/penduduk/abc").Want(http.StatusNotFound)
	d.s.Client(t).Get(at(d.mother, "")).Want(200) // asks to sign in
}

// The operator writes a child down, corrects it, and hears of whoever was faster.
func TestWritingAndCorrecting(t *testing.T) {
	d := newDesk(t)
	birth := d.operator.Get(d.home("")).Want(200)
	href, _ := birth.Doc.Find(`a:contains("Catat kelahiran")`).Attr("href")
	page := d.operator.Get(href).Want(200)
	if v, _ := page.Doc.Find("#nama_ibu").Attr("value"); v != "Hj. Sitti Nurhayati Dg. Kanang" {
		t.Errorf("the mother is %q", v)
	}
	bad := says(t, page.Submit(form, url.Values{"nama": {""}, "tanggal_lahir": {"2026-13-45"}, "tempat_lahir": {"Makassar"}}), http.StatusUnprocessableEntity, "tidak dapat dibaca")
	bad = says(t, bad.Submit(form, url.Values{"tanggal_lahir": {"2027-01-01"}}), http.StatusUnprocessableEntity, "Tulis nama lengkapnya")
	if v, _ := bad.Doc.Find("#tempat_lahir").Attr("value"); v != "Makassar" {
		t.Errorf("what was typed is lost: %q", v)
	}
	child := says(t, bad.Submit(form, url.Values{"nama": {"Aisyah"}, "tanggal_lahir": {"2026-11-20"}, "jenis_kelamin": {"2"}}), 200, "Aisyah tercatat.")
	says(t, child, 200, "Belum punya NIK")
	says(t, bad.Submit(form, url.Values{"nama": {"Aisyah"}, "tanggal_lahir": {"2026-11-20"}, "jenis_kelamin": {"2"}}), http.StatusUnprocessableEntity, "sudah tercatat di keluarga ini")

	// Two have the same form open.
	first, second := d.operator.Get(at(d.son, "/ubah")), d.sekretaris.Get(at(d.son, "/ubah"))
	says(t, first.Submit(form, url.Values{"pekerjaan": {"15"}}), 200, "Perubahan disimpan.")
	late := says(t, second.Submit(form, url.Values{"nama": {"Muhammad Jusuf"}}), http.StatusConflict, "baru saja diubah orang lain")
	says(t, late.Submit(form, nil), 200, "Muhammad Jusuf")

	// A doubtful number needs the sekretaris.
	doubt := url.Values{"nik": {"7371130101909001"}}
	says(t, d.operator.Get(at(d.son, "/ubah")).Submit(form, doubt), http.StatusUnprocessableEntity, "sekretaris atau lurah")
	p := says(t, d.sekretaris.Get(at(d.son, "/ubah")).Submit(form, doubt), http.StatusUnprocessableEntity, "tulis alasannya")
	says(t, p.Submit(form, url.Values{"alasan": {"Begitu di KTP-nya."}}), 200, "Begitu di KTP-nya.")
	says(t, d.operator.Get(at(d.son, "/ubah")).Submit(form, url.Values{"nik": {nikFather}, "tanggal_lahir": {"1965-08-17"}}), http.StatusUnprocessableEntity, "atas nama orang lain")
}

// A head dies; the family chooses another one, parts, joins and moves.
func TestAFamilysWays(t *testing.T) {
	d := newDesk(t)
	death := d.operator.Get(at(d.father, "/peristiwa/mati")).Want(200)
	says(t, death.Submit(form, nil), http.StatusUnprocessableEntity, "Isi tanggal kejadian")
	choose := says(t, death.Submit(form, url.Values{"tanggal": {"2026-11-20"}}), http.StatusUnprocessableEntity, "Pilih siapa yang menjadi kepala keluarga")
	says(t, choose.Submit(form, url.Values{"kepala": {strconv.FormatInt(d.mother, 10)}}), 200, "Peristiwa tercatat: Meninggal 20 November 2026.")
	says(t, d.operator.Get(d.home("")), 200, "Keluarga Hj. Sitti Nurhayati")

	split := d.operator.Get(d.home("/pisah")).Want(200)
	says(t, split.Submit(form, nil), http.StatusUnprocessableEntity, "Pilih anggota")
	son := strconv.FormatInt(d.son, 10)
	p := says(t, split.Submit(form, url.Values{"anggota": {son}, "hubungan_" + son: {"4"}}), http.StatusUnprocessableEntity, "Pilih satu orang sebagai kepala keluarga")
	alone := says(t, p.Submit(form, url.Values{"anggota": {son}, "hubungan_" + son: {"1"}, "alamat": {"Jl. Baru 1"}}), 200, "Keluarga Muh. Yusuf")
	join := d.operator.Get(alone.URL.Path + "/gabung").Want(200)
	says(t, join.Submit(form, url.Values{"anggota": {son}, "keluarga": {"7371131708850000"}}), http.StatusUnprocessableEntity, "Tidak ada keluarga dengan nomor ini")
	says(t, join.Submit(form, url.Values{"anggota": {son}, "hubungan_" + son: {"4"}, "keluarga": {nikMother}}), 200, "Keluarga Hj. Sitti Nurhayati")

	out := d.operator.Get(at(d.mother, "/peristiwa/pindah_keluar")).Want(200)
	says(t, out.Submit(form, url.Values{"tanggal": {"2026-11-21"}, "tujuan": {"Kota Kendari"}}), 200, "Pindah keluar 21 November 2026")
	says(t, d.operator.Get(d.home("")), 200, "Keluarga di Jl. Toddopuli III No. 12")
	undo := d.operator.Get(at(d.son, "/batal")).Want(200)
	says(t, undo.Submit(form, url.Values{"anggota": {"1"}, "alasan": {"Batal pindah."}}), 200, "Peristiwa dibatalkan.")
	says(t, d.operator.Get(d.home("")), 200, "Keluarga Hj. Sitti Nurhayati")
	// All leave, and come back without their head.
	out = d.operator.Get(at(d.mother, "/peristiwa/pindah_keluar")).Want(200)
	says(t, out.Submit(form, url.Values{"tanggal": {"2026-11-21"}, "tujuan": {"Kota Kendari"}}), 200, "Pindah keluar 21 November 2026")
	back := d.operator.Get(at(d.son, "/peristiwa/pindah_datang")).Want(200)
	says(t, back.Submit(form, url.Values{"tanggal": {"2026-11-22"}, "anggota": nil}), 200, "Pindah datang 22 November 2026")
	says(t, d.operator.Get(at(d.mother, "/peristiwa/pindah_datang")).Submit(form, url.Values{"tanggal": {"2026-11-22"}}), 200, "Pindah datang 22 November 2026")
	says(t, d.operator.Get(d.home("")), 200, "Keluarga Muh. Yusuf")
	back = d.operator.Get(d.home("/kepala")).Want(200)
	says(t, back.Submit(form, url.Values{"kepala": {strconv.FormatInt(d.mother, 10)}, "hubungan_" + son: {"4"}}), 200, "Keluarga Hj. Sitti Nurhayati")
	head := d.operator.Get(d.home("/kepala")).Want(200)
	mother := strconv.FormatInt(d.mother, 10)
	says(t, head.Submit(form, url.Values{"kepala": {son}}), http.StatusUnprocessableEntity, "Pilih hubungan Hj. Sitti Nurhayati")
	says(t, head.Submit(form, url.Values{"kepala": {son}, "hubungan_" + mother: {"7"}}), 200, "Keluarga Muh. Yusuf")
	says(t, d.operator.Get(d.home("/ubah")).Submit(form, url.Values{"rt": {"7"}, "kk": {"7371131708859002"}, "alasan": {"Pindah rumah."}}), 200, "Nomor KK dulu")
	says(t, d.lurah.Get(at(d.mother, "/hapus")).Submit(form, nil), http.StatusUnprocessableEntity, "Tulis mengapa")
	says(t, d.lurah.Get(at(d.mother, "/hapus")).Submit(form, url.Values{"alasan": {"Tercatat dua kali."}}), 200, "dihapus.")
	d.operator.Get(at(d.mother, "")).Want(http.StatusNotFound)
}

// Rubbish in any control of any page is refused in words and changes nobody.
func TestRubbishIsRefused(t *testing.T) {
	d := newDesk(t)
	mother := strconv.FormatInt(d.mother, 10)
	controls := []string{"q", "kelurahan", "status", "hal", "rw", "rt", "alamat", "kk", "nik", "status_nik", "hubungan", "hubungan_" + mother, "nama", "jenis_kelamin", "tempat_lahir",
		"tanggal_lahir", "agama", "pendidikan", "pekerjaan", "status_kawin", "kewarganegaraan", "status_penduduk", "asal_data", "tanggal", "tempat", "asal", "tujuan", "surat",
		"alasan", "kepala", "anggota", "keluarga", "versi", "tanpa_kk", "serta", "urut"}
	rubbish := []string{"", "-1", "99999999999999999999", "9223372036854775807", "' OR 1=1 --", "<script>alert(1)</script>", strings.Repeat("ꦗ", 5000), "\u202e\u200b", "2026-02-30", "NaN", "%", "\x00", "\xff"}
	count := func() (n int) {
		if err := d.s.Pool.QueryRow(t.Context(), `SELECT count(*) + sum(version) FROM epemerintahan_resident`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := count()
	for _, r := range d.s.App.Router.Routes() {
		if !strings.HasPrefix(r.Pattern, "/meja/penduduk") || strings.Contains(r.Pattern, "impor") || strings.HasSuffix(r.Pattern, "/cetak") {
			continue
		}
		for _, v := range rubbish {
			path := strings.NewReplacer("{penduduk}", mother, "{keluarga}", strconv.FormatInt(d.family, 10), "{peristiwa}", "pindah_keluar").Replace(r.Pattern)
			if strings.Contains(path, "{") {
				continue
			}
			values := url.Values{}
			for _, c := range controls {
				values.Set(c, v)
			}
			var p *apptest.Page
			if r.Method == http.MethodPost {
				p = d.operator.Post(path, values)
			} else {
				p = d.operator.Get(path + "?" + values.Encode())
			}
			if p.Status >= 500 || r.Method == http.MethodPost && p.Status < 300 && path != at(d.mother, "") && path != "/meja/penduduk" {
				t.Errorf("%s %s with %.20q gives %d: %s", r.Method, path, v, p.Status, p.Text("main"))
			}
		}
	}
	if after := count(); after != before {
		t.Errorf("something changed: %d, %d", before, after)
	}
}
