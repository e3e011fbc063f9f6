package letterweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	rappocini = "73.71.13"
	password  = "kata sandi yang panjang"
)

// somebody is a member of staff with their browser.
type somebody struct {
	*apptest.Client
	id    apptest.Hired
	actor authz.Actor
}

// desk is a portal with the people who deal with letters in two kelurahan.
type desk struct {
	t                                        *testing.T
	s                                        *apptest.Server
	operator, secretary, lurah, camat, other somebody
	unit                                     int64
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	t.Parallel()
	d := &desk{t: t, s: apptest.New(t)}
	d.must(d.s.App.Letters.EnsureKinds(t.Context()))
	hire := func(name, unit, kind string, ps ...authz.Permission) somebody {
		h := d.s.Hire(t, apptest.Staff{Email: strings.ToLower(name) + "@kelurahan.example", Name: name, UnitCode: unit, Kind: kind, Permissions: ps})
		a, err := authn.LoadActor(t.Context(), d.s.Pool, h.AccountID, d.s.Clock.Now())
		d.must(err)
		return somebody{d.s.SignedIn(t, h.AccountID), h, a}
	}
	d.operator = hire("Hasnah", kassiKassi, "pelaksana", letter.PermView, letter.PermCheck, letter.PermIdentity, letter.PermExport,
		epemerintahan.PermView, epemerintahan.PermEdit)
	d.secretary = hire("Ridwan", kassiKassi, "sekretaris", letter.PermView, letter.PermParaf, epemerintahan.PermView)
	d.lurah = hire("Mulyani", kassiKassi, "kepala", letter.PermView, letter.PermSign, epemerintahan.PermView)
	d.camat = hire("Camat", rappocini, "kepala", letter.PermView, letter.PermSign)
	d.other = hire("Syahrir", tidung, "kepala", letter.PermView, letter.PermCheck, letter.PermParaf, letter.PermSign, letter.PermIdentity, epemerintahan.PermView)
	for _, who := range []somebody{d.lurah, d.camat} {
		d.s.Password(t, who.id.AccountID, password)
	}
	d.unit = d.operator.id.UnitID
	return d
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

var residentCount atomic.Int64

// resident is a married man of 41 with a child, by name; their NIK come with them.
func (d *desk) resident(name string) (id int64, nik string) {
	d.t.Helper()
	n := residentCount.Add(1)
	number := func(i int64) string { return fmt.Sprintf("737113170885%04d", 2*n+i) }
	person := func(relation int, name string, i int64) epemerintahan.NewResident {
		return epemerintahan.NewResident{NIK: number(i), Person: epemerintahan.Person{
			Relation: relation, Name: name, Sex: epemerintahan.Male, BirthPlace: "Makassar", BirthDate: time.Date(1985, 8, 17, 0, 0, 0, 0, time.UTC),
			Religion: 1, Education: 5, Job: 3, Marital: 2, Citizenship: 1, Permanence: 1,
		}}
	}
	var out []epemerintahan.AddedFamily
	d.must(pg.InTx(d.t.Context(), d.s.Pool, func(tx pgx.Tx) (err error) {
		out, err = d.s.App.Residents.AddFamilies(d.t.Context(), tx, d.operator.actor, []epemerintahan.NewFamily{{
			Home: epemerintahan.Home{KelurahanID: d.unit, RW: "3", RT: "2", Address: "Jl. Toddopuli " + strconv.FormatInt(n, 10)}, KK: fmt.Sprintf("737113010120%04d", n),
			Members: []epemerintahan.NewResident{person(1, name, 0), person(4, "Anak "+name, 1)},
		}})
		return err
	}))
	if len(out[0].Problems) > 0 {
		d.t.Fatalf("%+v", out[0].Problems)
	}
	return out[0].Residents[0], number(0)
}

// electronic lets a kind be signed electronically in Kassi-Kassi.
func (d *desk) electronic(code string) {
	d.t.Helper()
	_, err := d.s.DB.Owner().Exec(d.t.Context(), `INSERT INTO epemerintahan_kind_version (code, unit_id, version, definition, created_at)
		SELECT code, $2, 1, jsonb_set(definition, '{mode}', '"tte"'), $3 FROM epemerintahan_kind_version WHERE code = $1 AND unit_id IS NULL`,
		code, d.unit, d.s.Clock.Now())
	d.must(err)
}

// enter makes a domicile letter at the counter through the use case.
func (d *desk) enter(name string) int64 {
	d.t.Helper()
	resident, _ := d.resident(name)
	k, err := d.s.App.Letters.KindFor(d.t.Context(), d.unit, "DOM")
	d.must(err)
	e := letter.Entry{KelurahanID: d.unit, Code: "DOM", Subject: letter.Person{ResidentID: resident}, Values: k.SampleValues(d.s.Clock.Now())}
	for _, r := range k.Requirements {
		e.Checked = append(e.Checked, r.Name)
	}
	id, err := d.s.App.Letters.Enter(d.t.Context(), d.operator.actor, e)
	d.must(err)
	return id
}

func at(id int64) string { return "/meja/surat/" + strconv.FormatInt(id, 10) }

// form of an act, by the last part of its address.
func form(act string) string { return `main form[action$="/` + act + `"]` }

func (d *desk) status(id int64, want letter.Status) {
	d.t.Helper()
	var got letter.Status
	d.must(d.s.Pool.QueryRow(d.t.Context(), `SELECT status FROM epemerintahan_letter WHERE id = $1`, id).Scan(&got))
	if got != want {
		d.t.Fatalf("letter %d is %s, want %s", id, got, want)
	}
}

func press(button string) url.Values { return url.Values{"@tombol": {button}} }

func with(v url.Values, more ...string) url.Values {
	if v == nil {
		v = url.Values{}
	}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

const counter = "#loket"

// Without scripts the counter asks step by step, and ends in a numbered print.
func TestCounterFromNIKToPrint(t *testing.T) {
	d := newDesk(t)
	_, nik := d.resident("Muh. Yusuf Daeng Nai")
	p := d.operator.Get("/meja/surat/baru").Want(http.StatusOK)
	if p.Has("select[name=kode]") {
		t.Error("kinds are asked before anybody is named")
	}
	p = p.Submit(counter, url.Values{"cari": {nik}}).Want(http.StatusOK)
	card := p.Text(".known-subject")
	if !strings.Contains(card, "Muh. Yusuf Daeng Nai") || !strings.Contains(card, "KAWIN") || strings.Contains(p.Body, nik) && !strings.Contains(p.Doc.Find("#cari").AttrOr("value", ""), nik) {
		t.Fatalf("the register's card: %s", card)
	}
	if strings.Contains(card, nik) || strings.Contains(p.URL.String(), nik) {
		t.Error("the NIK is shown or stands in the address")
	}
	p = p.Submit(counter, url.Values{"kode": {"DOM"}}).Want(http.StatusOK)
	if !p.Has("[name='f.keperluan']") || !p.Has("input[name=berkas]") {
		t.Fatalf("no questions: %s", p.Text("main"))
	}
	// What is missing is said beside its control; what was typed stays.
	p = p.Submit(counter, with(press("langkah=cetak"), "f.alamat_domisili", "Jl. Hertasning 5")).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(p.Text(".ds-error-summary"), "Untuk keperluan apa?") || !strings.Contains(p.Text("[name='f.alamat_domisili']"), "Jl. Hertasning 5") {
		t.Fatalf("%s", p.Text("main"))
	}
	p = p.Submit(counter, with(press("langkah=cetak"), "f.keperluan", "Membuka rekening bank")).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(p.Text(".ds-error-summary"), "Berkas belum lengkap") {
		t.Fatalf("papers: %s", p.Text(".ds-error-summary"))
	}
	form := apptest.Shown(p.Doc.Find(counter))
	p = p.Submit(counter, with(press("langkah=cetak"), "semua", "1")).Want(http.StatusOK)
	if !strings.Contains(p.Text("#cetak-sekarang"), "/KSK/") && !strings.Contains(p.Text("#cetak-sekarang"), "Nomor") {
		t.Fatalf("after printing at %s: %s", p.URL, p.Text("main"))
	}
	pdf := d.operator.Get(p.Doc.Find(`a[href$="/berkas/cetak"]`).AttrOr("href", "")).Want(http.StatusOK)
	if !strings.HasPrefix(pdf.Body, "%PDF") || pdf.Header.Get("Cache-Control") != "private, no-store" || !strings.HasPrefix(pdf.Header.Get("Content-Disposition"), "inline") {
		t.Errorf("the print: %v", pdf.Header)
	}
	// Sent a second time, the form makes no second letter.
	form.Set("semua", "1")
	form.Set("langkah", "cetak")
	again := d.operator.Post("/meja/surat/baru", form).Want(http.StatusOK)
	if again.URL.Path != p.URL.Path {
		t.Errorf("a resend led to %s, the letter is %s", again.URL, p.URL)
	}
}

func (d *desk) paraf(id int64) {
	d.t.Helper()
	d.secretary.Get(at(id)).Want(http.StatusOK).Submit(form("paraf"), nil).Want(http.StatusOK)
	d.status(id, letter.AwaitingSign)
}

// Wet: printed at the desk, scanned back, issued, handed over, voided and replaced;
// each page offers the next thing.
func TestAWetLetterFromTheDeskToItsReplacement(t *testing.T) {
	d := newDesk(t)
	id := d.enter("Sitti Nurhayati")
	d.paraf(id)
	p := d.lurah.Get(at(id)).Want(http.StatusOK)
	if p.Has(form("tandatangani")) || !p.Has(form("cetak")) {
		t.Fatal("a wet letter is printed, not signed by a click")
	}
	p.Submit(form("cetak"), nil).Want(http.StatusOK)
	d.status(id, letter.Printed)
	p = d.operator.Get(at(id)).Want(http.StatusOK)
	p = p.Submit(form("pindai"), nil, apptest.File{Control: "pindaian", Name: "x.pdf", Type: "application/pdf", Data: []byte("bukan PDF")}).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(p.Text("#pindai-pindaian-error"), "bukan PDF") {
		t.Fatalf("a broken scan: %s", p.Text("main"))
	}
	p.Submit(form("pindai"), nil, apptest.File{Control: "pindaian", Name: "Sitti.pdf", Type: "application/pdf", Data: mediatest.PDF("")}).Want(http.StatusOK)
	d.status(id, letter.Issued)
	scan := d.operator.Get(at(id) + "/berkas/pindaian").Want(http.StatusOK)
	if cd := scan.Header.Get("Content-Disposition"); !strings.HasPrefix(scan.Body, "%PDF") || strings.Contains(cd, "Sitti") {
		t.Errorf("the scan: %q", cd)
	}
	d.operator.Get(at(id)).Submit(form("serahkan"), nil).Want(http.StatusOK)
	if d.operator.Get(at(id)).Has(form("cabut")) {
		t.Error("an operator may void")
	}
	p = d.lurah.Get(at(id)).Submit(form("cabut"), with(nil, "alasan", "pendek")).Want(http.StatusUnprocessableEntity)
	if p.Text("#cabut-alasan") != "pendek" || p.Text(".ds-error-summary") == "" {
		t.Errorf("a short reason: %s", p.Text("main"))
	}
	p.Submit(form("cabut"), with(nil, "alasan", "Nama salah tulis di surat ini.")).Want(http.StatusOK)
	d.status(id, letter.Voided)
	p = d.operator.Get(at(id)).Want(http.StatusOK).Submit(form("terbit-ulang"), nil).Want(http.StatusOK)
	if p.URL.Path == at(id) || !p.Has(`a[href$="/ubah"]`) {
		t.Fatalf("the replacement: %s %s", p.URL, p.Text("main"))
	}
	p = d.operator.Get(p.Doc.Find(`a[href$="/ubah"]`).AttrOr("href", "")).Want(http.StatusOK)
	p = p.Submit("main form", with(press("langkah=teruskan"), "f.keperluan", "")).Want(http.StatusUnprocessableEntity)
	p = p.Submit("main form", with(press("langkah=teruskan"), "f.keperluan", "Mendaftar sekolah")).Want(http.StatusOK)
	if !strings.Contains(p.Text("main"), "Mendaftar sekolah") {
		t.Error("the correction is not shown")
	}
}

// The lurah reads each letter, then signs those read at one go with the password.
func TestTheLurahReadsThenSignsManyAtOnce(t *testing.T) {
	d := newDesk(t)
	d.electronic("DOM")
	var ids []int64
	for _, name := range []string{"Abd. Rahman", "Andi Zulkifli", "Nurul Fadhilah"} {
		id := d.enter(name)
		d.paraf(id)
		ids = append(ids, id)
	}
	const list = "/meja/surat/tanda-tangan"
	p := d.lurah.Get(list).Want(http.StatusOK)
	if p.Has("#sandi") || p.Has("input[name=surat]") {
		t.Fatal("letters can be signed unread")
	}
	if got := d.lurah.Post(list, url.Values{"surat": {strconv.FormatInt(ids[0], 10)}, "sandi": {password}}).Want(http.StatusUnprocessableEntity); !strings.Contains(got.Text(".ds-error-summary"), "Belum ada surat yang dibaca") {
		t.Errorf("unread: %s", got.Text("main"))
	}
	p = d.lurah.Get(list + "/" + strconv.FormatInt(ids[0], 10)).Want(http.StatusOK)
	if !strings.Contains(p.Text(".sheet-paper"), "SURAT KETERANGAN DOMISILI") || !strings.Contains(p.Text(".sheet-paper"), "ABD. RAHMAN") {
		t.Fatalf("the sheet: %s", p.Text(".sheet-paper"))
	}
	p = p.Submit(".turn form", nil).Want(http.StatusOK) // leads to the second
	if p.URL.Path != list+"/"+strconv.FormatInt(ids[1], 10) {
		t.Fatalf("after the first comes %s", p.URL)
	}
	p.Submit(".turn form", nil).Want(http.StatusOK)
	p = d.lurah.Get(list).Want(http.StatusOK)
	if p.Doc.Find("input[name=surat]").Length() != 2 {
		t.Fatalf("read: %s", p.Text("main"))
	}
	p = p.Submit("main form", with(nil, "sandi", "salah")).Want(http.StatusUnprocessableEntity)
	if p.Text("#sandi-error") == "" {
		t.Error("a wrong password is not told beside its field")
	}
	d.status(ids[0], letter.AwaitingSign)
	// The second changes while the lurah hesitates: it is not signed unread.
	d.must(d.s.App.Letters.Do(t.Context(), d.lurah.actor, letter.ActSendBack, letter.Act{ID: ids[1], Reason: "Alamatnya perlu dicek lagi."}))
	shown := apptest.Shown(p.Doc.Find("main form"))
	shown.Set("sandi", password)
	p = d.lurah.Post(list, shown).Want(http.StatusOK)
	if got := p.Text("#hasil"); got != "1 surat ditandatangani" {
		t.Fatalf("%s: %s", got, p.Text("main"))
	}
	d.status(ids[0], letter.Issued)
	d.status(ids[1], letter.Submitted)
	d.status(ids[2], letter.AwaitingSign)
	pdf := d.operator.Get(at(ids[0]) + "/berkas/surat").Want(http.StatusOK)
	if !strings.HasPrefix(pdf.Body, "%PDF") {
		t.Error("no PDF")
	}
}

// Who sees which acts at which point of the way; another kelurahan sees nothing.
func TestWhoMayDoWhat(t *testing.T) {
	d := newDesk(t)
	d.electronic("DOM")
	id := d.enter("Muh. Yusuf")
	acts := func(who somebody) string {
		t.Helper()
		p := who.Get(at(id)).Want(http.StatusOK)
		var out []string
		p.Doc.Find(`main form[method=post][action^="` + at(id) + `/"]`).Each(func(_ int, f *goquery.Selection) {
			action := f.AttrOr("action", "")
			if act := action[strings.LastIndex(action, "/")+1:]; act != "nik" {
				out = append(out, act)
			}
		})
		return strings.Join(out, " ")
	}
	want := func(operator, secretary, lurah, camat string) {
		t.Helper()
		for who, pair := range map[string][2]string{
			"operator": {acts(d.operator), operator}, "secretary": {acts(d.secretary), secretary}, "lurah": {acts(d.lurah), lurah}, "camat": {acts(d.camat), camat},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s sees %q, want %q", who, pair[0], pair[1])
			}
		}
		for _, path := range []string{"", "/ubah", "/berkas/pratinjau", "/berkas/surat"} {
			d.other.Get(at(id) + path).Want(http.StatusNotFound)
		}
		for _, act := range []string{"periksa", "paraf", "tandatangani", "cetak", "tolak", "cabut", "serahkan", "nik", "terbit-ulang"} {
			if p := d.other.Post(at(id)+"/"+act, url.Values{"versi": {"1"}, "alasan": {"Alasan yang cukup panjang."}, "sandi": {password}}); p.Status != http.StatusNotFound && p.Status != http.StatusUnprocessableEntity {
				t.Errorf("another lurah's %s: %d", act, p.Status)
			}
		}
	}
	want("batal", "paraf kembali-cek tolak", "", "")
	d.paraf(id)
	want("batal", "", "tandatangani kembali-cek tolak", "")
	d.lurah.Get(at(id)).Submit(form("kembali-cek"), with(nil, "alasan", "Alamatnya perlu dicek lagi.")).Want(http.StatusOK)
	want("periksa kembalikan tolak batal", "", "", "")
	d.operator.Get(at(id)).Submit(form("kembalikan"), with(nil, "alasan", "Lampirkan surat pengantar RT/RW.")).Want(http.StatusOK)
	want("lengkapi tolak batal", "", "", "")
	d.operator.Get(at(id)).Submit(form("lengkapi"), nil).Want(http.StatusOK)
	d.operator.Get(at(id)).Submit(form("periksa"), nil).Want(http.StatusOK)
	d.paraf(id)
	p := d.lurah.Get(at(id)).Submit(form("tandatangani"), with(nil, "sandi", password)).Want(http.StatusOK)
	if !strings.Contains(p.Text("body"), "ditandatangani") {
		t.Errorf("signed: %s", p.Text("body"))
	}
	want("serahkan", "", "cabut", "cabut")
}

// Two at one letter: the second is told who was faster and keeps the words.
func TestTheSecondIsToldWhoWasFaster(t *testing.T) {
	d := newDesk(t)
	id := d.enter("Hj. Rosmini")
	late := d.secretary.Get(at(id)).Want(http.StatusOK)
	d.paraf(id)
	p := late.Submit(form("tolak"), with(nil, "alasan", "Berkasnya palsu menurut RT setempat.")).Want(http.StatusConflict)
	told := p.Text("#keadaan-baru")
	if !strings.Contains(told, "Diparaf · Ridwan") || !strings.Contains(told, "Berkasnya palsu menurut RT setempat.") {
		t.Errorf("told: %s", told)
	}
	d.status(id, letter.AwaitingSign)
}

// NIK are masked until somebody opens them, which is in the trail.
func TestNIKAreMaskedUntilOpened(t *testing.T) {
	d := newDesk(t)
	id := d.enter("Daeng Sitti")
	p := d.operator.Get(at(id)).Want(http.StatusOK)
	full := regexp.MustCompile(`7371131708\d{6}`)
	if full.MatchString(p.Body) {
		t.Error("a whole NIK is on the page")
	}
	count := func() (n int) {
		d.must(d.s.DB.Owner().QueryRow(t.Context(), `SELECT count(*) FROM audit_entry WHERE action LIKE '%reveal%'`).Scan(&n))
		return n
	}
	before := count()
	p = p.Submit(form("nik"), nil).Want(http.StatusOK)
	if !full.MatchString(p.Text("#orang")) || count() != before+1 {
		t.Errorf("opened: %s, %d entries", p.Text("#orang"), count()-before)
	}
}

func TestRegisterFindsAndExports(t *testing.T) {
	d := newDesk(t)
	first, second := d.enter("Sitti Hajrah"), d.enter("Baharuddin")
	d.paraf(first)
	d.lurah.Get(at(first)).Submit(form("cetak"), nil).Want(http.StatusOK)
	const register = "/meja/surat/register"
	p := d.operator.Get(register).Want(http.StatusOK).Submit("form[role=search]", with(nil, "q", "St. Hajrah")).Want(http.StatusOK)
	if !strings.Contains(p.Text("main table"), "Sitti Hajrah") || strings.Contains(p.Text("main table"), "Baharuddin") || strings.Contains(strings.ToLower(p.URL.String()), "hajrah") {
		t.Fatalf("%s: %s", p.URL, p.Text("main"))
	}
	p = p.Submit("#unduh form", with(press("bentuk=csv"), "tujuan", "pendek")).Want(http.StatusUnprocessableEntity)
	if p.Text("#tujuan-error") == "" || !strings.Contains(p.Text("main table"), "Sitti Hajrah") {
		t.Fatalf("a purpose that is none: %s", p.Text("main"))
	}
	csv := p.Submit("#unduh form", with(press("bentuk=csv"), "tujuan", "Laporan bulanan kepada camat")).Want(http.StatusOK)
	if !strings.Contains(csv.Body, "Sitti Hajrah") || strings.Contains(csv.Body, "Baharuddin") || !strings.HasPrefix(csv.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("%v %s", csv.Header, csv.Body)
	}
	book := d.operator.Get(register + "/nomor").Want(http.StatusOK)
	if !strings.Contains(book.Text("main table"), "Sitti Hajrah") || !strings.Contains(book.Text("main table"), "Belum terbit") {
		t.Errorf("the book: %s", book.Text("main"))
	}
	if d.secretary.Get(register).Has("#unduh") {
		t.Error("whoever may not export is offered to")
	}
	d.secretary.Post(register+"/unduh", url.Values{"bentuk": {"csv"}, "tujuan": {"Laporan bulanan kepada camat"}}).Want(http.StatusNotFound)
	if got := d.other.Get(register).Want(http.StatusOK).Text("main"); strings.Contains(got, "Hajrah") {
		t.Error("another kelurahan's register")
	}
	for _, q := range []string{"?s=x", "?status=x", "?dari=2026-11-30&sampai=2026-11-01", "?sesudah=x"} {
		if p := d.operator.Get(register + q); p.Status != http.StatusBadRequest && p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", q, p.Status)
		}
	}
	_ = second
}

// What cannot be had is told before anything is asked; an outsider is written out; a
// login that ran out loses nothing.
func TestCounterTellsRefusalsEarlyAndKeepsWhatWasTyped(t *testing.T) {
	d := newDesk(t)
	_, nik := d.resident("Baso Amir")
	p := d.operator.Get("/meja/surat/baru").Submit(counter, url.Values{"cari": {nik}}).Want(http.StatusOK)
	p = p.Submit(counter, url.Values{"kode": {"BMN"}}).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(p.Text(counter+" .ds-alert"), "Surat ini tidak bisa") || p.Has("#isian") {
		t.Errorf("a married man and BMN: %s", p.Text("main"))
	}
	p = d.operator.Get("/meja/surat/baru").Submit(counter, url.Values{"cari": {"7371131708859999"}}).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(p.Text("#cari-error"), "tidak ada di data penduduk") {
		t.Errorf("an unknown NIK: %s", p.Text("main"))
	}
	for typed, says := range map[string]string{"123": "harus 16 angka", "7371134513859999": "bulan lahir"} {
		wrong := d.operator.Get("/meja/surat/baru").Submit(counter, url.Values{"cari": {typed}}).Want(http.StatusUnprocessableEntity)
		if !strings.Contains(wrong.Text("#cari-error"), says) || wrong.Has("[name='pilih']") {
			t.Errorf("a slip in a NIK: %s", wrong.Text("main"))
		}
	}
	p = p.Submit(counter, press("langkah=luar")).Want(http.StatusOK).Submit(counter, url.Values{"kode": {"KHL"}}).Want(http.StatusOK)
	p = p.Submit(counter, with(press("langkah=teruskan"), "warga.nama", "Lukas Tandi", "semua", "1")).Want(http.StatusUnprocessableEntity)
	if p.Text("#warga\\.nik-error") == "" || p.Doc.Find("[name='warga.nama']").AttrOr("value", "") != "Lukas Tandi" {
		t.Errorf("an outsider without a NIK: %s", p.Text("main"))
	}
	d.s.Clock.Advance(15 * 24 * time.Hour)
	p = p.Submit(counter, with(press("langkah=teruskan"), "warga.nama", "Lukas Tandi Rante")).Want(http.StatusOK)
	if p.URL.Path != "/masuk" {
		t.Fatalf("an expired login led to %s", p.URL)
	}
	d.s.Password(t, d.operator.id.AccountID, password)
	p = p.Submit("main form", url.Values{"nama": {"hasnah@kelurahan.example"}, "sandi": {password}}).Want(http.StatusOK)
	p = p.Submit("main form", nil).Want(http.StatusUnprocessableEntity)
	if p.Doc.Find("[name='warga.nama']").AttrOr("value", "") != "Lukas Tandi Rante" {
		t.Errorf("after signing in again at %s: %s", p.URL, p.Text("main"))
	}
}

func TestIdentitiesAreConfirmedAtTheDesk(t *testing.T) {
	d := newDesk(t)
	claim := func(name, email string, photo *letter.File) (path, code string, account authz.Actor) {
		_, nik := d.resident(name)
		a, err := authn.LoadActor(t.Context(), d.s.Pool, d.s.Citizen(t, email, name), d.s.Clock.Now())
		d.must(err)
		d.must(d.s.App.Letters.ClaimIdentity(t.Context(), a, nik, d.unit, photo))
		code, _, err = d.s.App.Letters.IdentityCode(t.Context(), a)
		d.must(err)
		var id int64
		d.must(d.s.DB.Owner().QueryRow(t.Context(), `SELECT id FROM epemerintahan_identity WHERE account_id = $1`, a.AccountID).Scan(&id))
		return "/meja/surat/identitas/" + strconv.FormatInt(id, 10), code, a
	}
	photo := letter.File{Name: "ktp.jpg", ReadSeeker: strings.NewReader(string(mediatest.JPEG(800, 500)))}
	withPhoto, _, first := claim("Nurlela", "nurlela@contoh.id", &photo)
	coming, code, second := claim("Hamka", "hamka@contoh.id", nil)
	const list = "/meja/surat/identitas"
	p := d.operator.Get(list).Want(http.StatusOK)
	if text := p.Text("main table"); !strings.Contains(text, "Nurlela") || regexp.MustCompile(`\d{16}`).MatchString(text) {
		t.Errorf("the list: %s", text)
	}
	for _, path := range []string{withPhoto, withPhoto + "/foto", coming} {
		d.other.Get(path).Want(http.StatusNotFound)
	}
	if got := d.other.Get(list).Want(http.StatusOK).Text("main"); strings.Contains(got, "Nurlela") {
		t.Error("another kelurahan sees the claim")
	}
	p = d.operator.Get(withPhoto).Want(http.StatusOK)
	if img := d.operator.Get(p.Doc.Find(".compare img").AttrOr("src", "")).Want(http.StatusOK); !strings.HasPrefix(img.Header.Get("Content-Type"), "image/") || img.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("the photo: %v", img.Header)
	}
	p = p.Submit(form("tolak"), url.Values{"alasan": {"buram"}}).Want(http.StatusUnprocessableEntity)
	if p.Text("#alasan") != "buram" || p.Text("#alasan-error") == "" {
		t.Errorf("a short reason: %s", p.Text("main"))
	}
	p.Submit(form("tolak"), url.Values{"alasan": {"Fotonya buram, kirim lagi yang jelas."}}).Want(http.StatusOK)
	if got, err := d.s.App.Letters.MyIdentity(t.Context(), first); err != nil || got.Status != letter.IdentityRefused {
		t.Errorf("refused: %+v %v", got, err)
	}
	p = d.operator.Get(list).Submit("main .code-form", url.Values{"kode": {"000000"}}).Want(http.StatusUnprocessableEntity)
	if p.Text("#kode-error") == "" {
		t.Errorf("a wrong code: %s", p.Text("main"))
	}
	p = p.Submit("main .code-form", url.Values{"kode": {code}}).Want(http.StatusOK)
	if p.URL.Path != coming || strings.Contains(p.URL.String(), code) {
		t.Fatalf("the code led to %s", p.URL)
	}
	again := d.operator.Get(coming).Want(http.StatusOK)
	p.Submit(form("sah"), nil).Want(http.StatusOK)
	if got, err := d.s.App.Letters.MyIdentity(t.Context(), second); err != nil || got.Status != letter.IdentityProved {
		t.Errorf("proved: %+v %v", got, err)
	}
	again.Submit(form("sah"), nil).Want(http.StatusConflict)
}
