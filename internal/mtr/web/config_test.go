package mtrweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/mtr"
)

const config = "/meja/mtr/konfigurasi"

func configurer(t *testing.T, s *apptest.Server) *apptest.Client {
	t.Helper()
	return s.SignedIn(t, s.Hire(t, apptest.Staff{
		Email: "adi@kota.example", Name: "Adi", UnitCode: "KOMINFO", City: true, Permissions: perms(mtr.PermConfigure),
	}).AccountID)
}

// link is the address behind the words of a link.
func link(t *testing.T, p *apptest.Page, words string) string {
	t.Helper()
	a := p.Doc.Find(`main a:contains("` + words + `")`).First()
	if a.Length() == 0 {
		t.Fatalf("%s: no link %q", p.URL.Path, words)
	}
	return a.AttrOr("href", "")
}

func TestConfigurationIsForThoseWhoMay(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	handler := s.SignedIn(t, s.Hire(t, apptest.Staff{Email: "h@kota.example", Name: "Hasan", UnitCode: "DISHUB", Permissions: perms(mtr.PermHandle)}).AccountID)
	for _, path := range []string{"", "/rute", "/kategori/baru", "/kategori/1", "/kategori/1/rute"} {
		if p := handler.Get(config + path); p.Status != http.StatusForbidden && p.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, p.Status)
		}
	}
	for _, path := range []string{"/kategori/baru", "/kategori/1", "/kategori/1/rute", "/kategori/1/rute/1/hapus"} {
		if p := handler.Post(config+path, url.Values{}); p.Status != http.StatusForbidden && p.Status != http.StatusNotFound {
			t.Errorf("POST %s: %d", path, p.Status)
		}
	}
	// What holds in the whole city is not offered to who configures in one unit.
	unit := s.SignedIn(t, s.Hire(t, apptest.Staff{Email: "u@kota.example", Name: "Umar", UnitCode: "DISHUB",
		Permissions: perms(mtr.PermConfigure, mtr.PermHandle)}).AccountID)
	for _, path := range []string{"", "/rute", "/kategori/baru", "/kategori/1", "/kunci", "/masa-simpan"} {
		unit.Get(config + path).Want(http.StatusForbidden)
	}
	for _, path := range []string{"/meja", "/meja/mtr"} {
		if n := unit.Get(path).Want(http.StatusOK).Doc.Find(`a[href^="` + config + `"]`).Length(); n != 0 {
			t.Errorf("%s offers the configuration to one unit's", path)
		}
	}
	admin := configurer(t, s)
	for _, path := range []string{"/kategori/999999", "/kategori/x", "/kategori/-1", "/kategori/99999999999999999999", "/kategori/999999/rute"} {
		admin.Get(config + path).Want(http.StatusNotFound)
		admin.Post(config+path, url.Values{}).Want(http.StatusNotFound)
	}
	admin.Post(config+"/kategori/1/rute/999999/hapus", url.Values{}).Want(http.StatusNotFound)
}

func TestCategoryIsMadeAndChanged(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	admin := configurer(t, s)
	page := admin.Get(config).Want(http.StatusOK)
	const form = "main form.column"
	f := &flow{t, admin.Get(link(t, page, "Kategori baru")).Want(http.StatusOK)}

	typed := values("nama", "Kolam kotor", "kode_kategori", "kolam-1", "kelompok", "", "sinonim", "Empang, kolam ikan",
		"tanya_0_teks", "Warnanya?", "tanya_0_kode", "warna", "tanya_0_cara", "pilihan", "tanya_0_pilihan", "hijau\nhitam")
	f = &flow{t, f.Page.Submit(form, typed)}
	f.refused("tanya_0_teks", "Tulis setiap pilihan")
	if got := f.Doc.Find("#nama").AttrOr("value", ""); got != "Kolam kotor" {
		t.Errorf("the name is lost: %q", got)
	}
	if got := f.Doc.Find("#tanya_0_pilihan").Text(); got != "hijau\nhitam" {
		t.Errorf("the options are lost: %q", got)
	}
	if _, open := f.Doc.Find("details:has(#tanya_0_teks)").Attr("open"); !open {
		t.Error("the wrong question is closed")
	}
	f = &flow{t, f.Page.Submit(form, values("tanya_0_pilihan", "hijau = Hijau\nmerah = Merah, berbau [darurat]"))}
	f.refused("kode_kategori", "Kode 2 sampai 32").refused("kelompok", "Tulis kelompok")
	done := f.Page.Submit(form, values("kode_kategori", "KOLAM", "kelompok", "Ruang kota")).Want(http.StatusOK)
	if done.URL.Path != config || !strings.Contains(done.Text("body"), "Kategori Kolam kotor disimpan.") {
		t.Fatalf("at %s: %s", done.URL.Path, done.Text("main"))
	}

	page = admin.Get(link(t, done, "Kolam kotor")).Want(http.StatusOK)
	shown := apptest.Shown(page.Doc.Find(form))
	for name, want := range map[string]string{
		"kode_kategori": "KOLAM", "sinonim": "empang, kolam ikan", "tanya_0_kode": "warna",
		"tanya_0_pilihan": "hijau = Hijau\nmerah = Merah, berbau [darurat]", "aktif": "1",
	} {
		if got := shown.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	// A second question, and the first one goes.
	done = page.Submit(form, values("tanya_0_hapus", "1", "tanya_1_teks", "Seberapa luas?", "tanya_1_kode", "luas",
		"tanya_1_cara", "angka", "aktif", "0")).Want(http.StatusOK)
	page = admin.Get(link(t, done, "Kolam kotor"))
	shown = apptest.Shown(page.Doc.Find(form))
	if shown.Get("tanya_0_kode") != "luas" || shown.Get("tanya_1_kode") != "" || shown.Get("aktif") != "" {
		t.Errorf("after the change: %v", shown)
	}
	if !strings.Contains(done.Text("main"), "Tidak dipakai") {
		t.Error("the list does not say that the category is out of use")
	}
	// Somebody else's code.
	f = &flow{t, page.Submit(form, values("kode_kategori", "LAMPU"))}
	f.refused("kode_kategori", "sudah dipakai")
	// Rubbish stays a sentence.
	f = &flow{t, f.Page.Submit(form, values("kelas", "x", "lokasi", "", "bukti", "'", "pertanyaan", "-7", "nama", strings.Repeat("ê", 5000)))}
	f.refused("kelas", "Pilih jenis").refused("nama", "paling banyak 120")
}

func TestRoutesAreMadeChangedAndRemoved(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	admin := configurer(t, s)
	category := admin.Get(link(t, admin.Get(config), "Jalan rusak atau berlubang"))
	page := admin.Get(link(t, category, "Rute kategori ini")).Want(http.StatusOK)
	at := page.URL.Path
	const fresh = `main details:last-of-type form`
	f := &flow{t, page}
	kelurahan := (&flow{t, page}).choice("kelurahan", "Karuwisi")

	f = &flow{t, page.Submit(fresh, values("kelurahan", kelurahan, "jawaban", "kelas_jalan=kota", "tujuan", "unit", "unit", ""))}
	f.refused("unit", "Pilih unit")
	if got := apptest.Shown(f.Doc.Find(fresh)); got.Get("kelurahan") != kelurahan || got.Get("jawaban") != "kelas_jalan=kota" {
		t.Errorf("typed and lost: %v", got)
	}
	f = &flow{t, f.Page.Submit(fresh, values("tujuan", "instansi", "instansi", ""))}
	f.refused("instansi", "Tulis nama instansi")
	f = &flow{t, f.Page.Submit(fresh, values("kelurahan", "", "jawaban", "", "tujuan", "kecamatan"))}
	f.Want(http.StatusUnprocessableEntity)
	if !strings.Contains(f.Text("#ringkasan-galat"), "sudah ada") {
		t.Errorf("a second route without conditions: %s", f.Text("main"))
	}
	done := f.Page.Submit(fresh, values("kelurahan", kelurahan, "jawaban", "kelas_jalan=kota", "tujuan", "instansi", "instansi", "PLN")).Want(http.StatusOK)
	if done.URL.Path != at || !strings.Contains(done.Text("main"), "Rujuk ke PLN") {
		t.Fatalf("at %s: %s", done.URL.Path, done.Text("main"))
	}
	all := admin.Get(config + "/rute").Want(http.StatusOK)
	if !strings.Contains(all.Text("table"), "Karuwisi; Jalan kota") {
		t.Errorf("the table of all routes: %s", all.Text("table"))
	}

	own := `main details:contains("Rujuk ke PLN") form`
	done = done.Submit(own+":not([data-confirm])", values("tujuan", "kecamatan")).Want(http.StatusOK)
	if strings.Contains(done.Text("main summary"), "PLN") {
		t.Errorf("not changed: %s", done.Text("main"))
	}
	// The answer is in use now: the category's form says so.
	f = &flow{t, category.Submit("main form.column", values("tanya_0_hapus", "1"))}
	f.Want(http.StatusUnprocessableEntity)
	if !strings.Contains(f.Text("#ringkasan-galat"), "masih dipakai rute") {
		t.Errorf("dropping a used question: %s", f.Text("#ringkasan-galat"))
	}
	done = done.Submit(`main details:contains("Karuwisi; ") form[data-confirm]`, url.Values{}).Want(http.StatusOK)
	if strings.Contains(done.Text("main summary"), "Karuwisi") {
		t.Errorf("not removed: %s", done.Text("main"))
	}
}
