package letterweb_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

const (
	kindsPage  = "/meja/surat/jenis"
	officePage = "/meja/surat/kantor"
	kassiKassi = "73.71.13.1002"
	tidung     = "73.71.13.1001"
)

type settingsTest struct {
	*apptest.Server
	city, lurah *apptest.Client
	unit        string // of the lurah
	elsewhere   string
}

func newSettings(t *testing.T) *settingsTest {
	t.Parallel()
	s := &settingsTest{Server: apptest.New(t)}
	if err := s.App.Letters.EnsureKinds(t.Context()); err != nil {
		t.Fatal(err)
	}
	may := []authz.Permission{letter.PermConfigure}
	lurah := s.Hire(t, apptest.Staff{Email: "lurah@kota.example", Name: "Mulyani", UnitCode: kassiKassi, Permissions: may})
	other := s.Hire(t, apptest.Staff{Email: "lain@kota.example", Name: "Syahrir", UnitCode: tidung})
	city := s.Hire(t, apptest.Staff{Email: "adi@kota.example", Name: "Adi", UnitCode: "KOMINFO", City: true, Permissions: may})
	s.unit, s.elsewhere = strconv.FormatInt(lurah.UnitID, 10), strconv.FormatInt(other.UnitID, 10)
	s.city, s.lurah = s.SignedIn(t, city.AccountID), s.SignedIn(t, lurah.AccountID)
	return s
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

const because = "Perwali baru tentang surat kelurahan"

func TestSettingsAreForThoseWhoMay(t *testing.T) {
	s := newSettings(t)
	stranger := s.SignedIn(t, s.Hire(t, apptest.Staff{Email: "h@kota.example", Name: "Hasan", UnitCode: kassiKassi, Permissions: []authz.Permission{letter.PermView}}).AccountID)
	for _, path := range []string{kindsPage, kindsPage + "/DOM", kindsPage + "/DOM/riwayat", kindsPage + "/DOM/contoh", kindsPage + "/baru", officePage, officePage + "/rt"} {
		if p := stranger.Get(path); p.Status != http.StatusForbidden && p.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, p.Status)
		}
		for _, unit := range []string{s.elsewhere, "-1", "x", "99999999999999999999"} {
			if strings.HasSuffix(path, "/baru") {
				continue
			}
			s.lurah.Get(path + "?kelurahan=" + unit).Want(http.StatusNotFound)
		}
	}
	s.lurah.Get(kindsPage + "/baru").Want(http.StatusNotFound)
	s.lurah.Post(kindsPage+"/baru", values("judul", "x")).Want(http.StatusNotFound)
	s.lurah.Get(kindsPage + "?kelurahan=0").Want(http.StatusNotFound)
	s.lurah.Get(kindsPage + "/QQQ").Want(http.StatusNotFound)
	s.lurah.Post(kindsPage+"/DOM", values("kelurahan", "0", "judul", "x")).Want(http.StatusNotFound)
	s.lurah.Post(kindsPage+"/DOM", values("kelurahan", s.elsewhere, "judul", "x")).Want(http.StatusNotFound)
	s.lurah.Post(officePage, values("kelurahan", s.elsewhere)).Want(http.StatusNotFound)
	s.lurah.Post(officePage+"/rt", values("kelurahan", s.elsewhere)).Want(http.StatusNotFound)
	s.city.Get(kindsPage).Want(http.StatusOK)
	s.city.Get(kindsPage + "?kelurahan=" + s.elsewhere).Want(http.StatusOK)
}

const kindForm = `main form.column[action^="/meja/surat/jenis/"]:not([action$="ikut-kota"])`

func TestAKelurahanEditsItsKind(t *testing.T) {
	s := newSettings(t)
	page := s.lurah.Get(kindsPage).Want(http.StatusOK)
	if n := page.Doc.Find("main tbody tr").Length(); n != 26 {
		t.Errorf("%d kinds listed", n)
	}
	edit := s.lurah.Get(kindsPage + "/DOM").Want(http.StatusOK)
	// Sent back as it is shown, nothing but the version is new.
	wrong := edit.Submit(kindForm, values("masa", "")).Want(http.StatusUnprocessableEntity)
	if f := wrong.Text("#ringkasan-galat"); !strings.Contains(f, "alasan perubahan") || strings.Count(f, ".") != 1 {
		t.Errorf("without a reason: %q", f)
	}
	wrong = edit.Submit(kindForm, values("isi_surat", "Halo {{.entah}}", "berlaku_hari", "lama", "syarat.0", strings.Repeat("a", 151), "alasan", because)).Want(http.StatusUnprocessableEntity)
	if got := wrong.Doc.Find("#berlaku_hari").AttrOr("value", ""); got != "lama" {
		t.Errorf("the days typed are lost: %q", got)
	}
	if got := wrong.Doc.Find("#isi_surat").Text(); got != "Halo {{.entah}}" {
		t.Errorf("the wording typed is lost: %q", got)
	}
	if _, open := wrong.Doc.Find(`details:has([id="syarat.0"])`).Attr("open"); !open {
		t.Error("the wrong requirement is closed")
	}
	for _, link := range []string{"#berlaku_hari", "#syarat.0"} {
		if wrong.Doc.Find(`#ringkasan-galat a[href="`+link+`"]`).Length() != 1 || wrong.Doc.Find(`[id="`+link[1:]+`"]`).Length() != 1 {
			t.Errorf("%s is not named and found", link)
		}
	}
	saved := edit.Submit(kindForm, values("berlaku_hari", "45", "syarat.0.hapus", "1", "syarat.5", "Foto rumah", "alasan", because)).Want(http.StatusOK)
	if saved.URL.Path != kindsPage || !strings.Contains(saved.Text("main"), "45 hari") {
		t.Errorf("at %s: %s", saved.URL, saved.Text("main"))
	}
	k, err := s.App.Letters.KindFor(t.Context(), mustID(t, s.unit), "DOM")
	if err != nil {
		t.Fatal(err)
	}
	if k.ValidDays != 45 || k.Requirements[0].Name != "KTP-el" || k.Requirements[len(k.Requirements)-1].Name != "Foto rumah" {
		t.Errorf("saved as %+v", k.Requirements)
	}
	// The second tab is told, and may save all the same.
	late := edit.Submit(kindForm, values("berlaku_hari", "46", "alasan", because)).Want(http.StatusConflict)
	late.Submit(kindForm, url.Values{}).Want(http.StatusOK)

	history := s.lurah.Get(kindsPage + "/DOM/riwayat").Want(http.StatusOK).Text("main")
	for _, want := range []string{"Versi kelurahan 2", "Masa berlaku (hari)4546", "Syarat Foto rumah", "Masa berlaku (hari)18045", "Mulyani", "Versi kota 1"} {
		if !strings.Contains(strings.Join(strings.Fields(history), " "), want) {
			t.Errorf("no %q in the history: %s", want, history)
		}
	}
	back := s.lurah.Get(kindsPage+"/DOM").Submit(`main form[action$="ikut-kota"]`, values("alasan", because)).Want(http.StatusOK)
	if !strings.Contains(back.Text("main"), "180 hari") {
		t.Errorf("not the city's again: %s", back.Text("main"))
	}
}

func mustID(t *testing.T, s string) int64 {
	t.Helper()
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestPreviewsArePDFs(t *testing.T) {
	s := newSettings(t)
	pdf := func(p *apptest.Page) {
		t.Helper()
		if !strings.HasPrefix(p.Body, "%PDF-") || p.Header.Get("Content-Type") != "application/pdf" {
			t.Errorf("%s: %d %s", p.URL, p.Status, p.Header.Get("Content-Type"))
		}
	}
	pdf(s.lurah.Get(kindsPage + "/AHW/contoh").Want(http.StatusOK))
	edit := s.lurah.Get(kindsPage + "/USH").Want(http.StatusOK)
	pdf(edit.Submit(kindForm, values("lakukan", "pratinjau", "isi_surat", "Usaha {{.nama_usaha}}.")).Want(http.StatusOK))
	edit.Submit(kindForm, values("lakukan", "pratinjau", "isi_surat", "Usaha {{.nama_usah}}.")).Want(http.StatusUnprocessableEntity)
	if k, err := s.App.Letters.KindFor(t.Context(), mustID(t, s.unit), "USH"); err != nil || k.Version != 1 {
		t.Errorf("a preview saved: %d %v", k.Version, err)
	}
}

func TestTheCityAddsAKind(t *testing.T) {
	s := newSettings(t)
	form := s.city.Get(kindsPage + "/baru").Want(http.StatusOK)
	typed := values("kode", "ptk", "judul", "Surat Keterangan Pemilik Ternak", "klasifikasi", "500.7", "alasan", because,
		"isian.1", "Berapa ekor?", "isian.1.nama", "ekor", "isian.1.jenis", "number", "isian.1.wajib", "1",
		"aturan.0", "angka_antara", "aturan.0.keterangan", "ekor; 1", "aturan.0.pesan", "Tulis 1 sampai 500 ekor.")
	wrong := form.Submit(kindForm, typed).Want(http.StatusUnprocessableEntity)
	if got := wrong.Text("#ringkasan-galat"); !strings.Contains(got, "Aturan angka_antara") {
		t.Errorf("says %s", got)
	}
	wrong.Submit(kindForm, values("aturan.0.keterangan", "ekor; 1; 500")).Want(http.StatusOK)
	k, err := s.App.Letters.KindFor(t.Context(), mustID(t, s.elsewhere), "PTK")
	if err != nil {
		t.Fatal(err)
	}
	if k.No != 27 || len(k.Fields) != 2 || len(k.Rules) != 1 || k.Rules[0].Args[2] != "500" {
		t.Errorf("made %+v", k)
	}
	s.lurah.Get(kindsPage + "/PTK").Want(http.StatusOK)
}

func TestOfficeAndContactsAreSetUp(t *testing.T) {
	s := newSettings(t)
	const officeForm = `main form.column[action="/meja/surat/kantor"]`
	page := s.lurah.Get(officePage).Want(http.StatusOK)
	if !strings.Contains(page.Text("main"), "400.12.2.1/12/KSK/") {
		t.Errorf("no example number: %s", page.Text("main"))
	}
	wrong := page.Submit(officeForm, values("pola_nomor", "{no}/{apa}", "alamat", "Jl. Tamalate")).Want(http.StatusUnprocessableEntity)
	if got := wrong.Doc.Find("#pola_nomor").AttrOr("value", ""); got != "{no}/{apa}" || wrong.Doc.Find("#alamat").AttrOr("value", "") != "Jl. Tamalate" {
		t.Errorf("lost: %q", got)
	}
	done := wrong.Submit(officeForm, values("pola_nomor", "{no:3}/{unit}/{tahun}", "kertas", "A4")).Want(http.StatusOK)
	if !strings.Contains(done.Text("main"), "012/KSK/2026") {
		t.Errorf("after saving: %s", done.Text("main"))
	}
	page.Submit(officeForm, values("alamat", "Jl. Lain")).Want(http.StatusConflict)

	const contactForm = `main form.column[action="/meja/surat/kantor/rt"]`
	contacts := s.lurah.Get(officePage + "/rt").Want(http.StatusOK)
	wrong = contacts.Submit(contactForm, values("rw", "3", "nama", "Dg. Nai")).Want(http.StatusUnprocessableEntity)
	done = wrong.Submit(contactForm, values("hp", "0812 3456 7890")).Want(http.StatusOK)
	if got := done.Text("main tbody"); !strings.Contains(got, "RW 003") || !strings.Contains(got, "Dg. Nai") {
		t.Errorf("listed: %s", got)
	}
	done = done.Submit(`main tbody form`, url.Values{}).Want(http.StatusOK)
	if done.Doc.Find("main tbody tr").Length() != 0 {
		t.Error("the contact is still there")
	}
}
