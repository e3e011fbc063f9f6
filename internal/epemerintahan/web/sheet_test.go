package epemerintahanweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

const (
	impor = "/meja/penduduk/impor"
	// official is on every page of the register.
	official = "Data pelayanan kelurahan, bukan data resmi Disdukcapil"
)

// sheetOf is a CSV of n families of two; spoil may change a cell of a row.
func sheetOf(n int, spoil func(row int, cells map[string]string)) []byte {
	var b strings.Builder
	for _, c := range epemerintahan.ImportColumns {
		b.WriteString(c.Title + ",")
	}
	for i := range 2 * n {
		cells := map[string]string{
			epemerintahan.ControlKK: fmt.Sprintf("73711312041%05d", i/2+1), epemerintahan.ControlNIK: fmt.Sprintf("737113%06d%04d", 170885+400000*(i%2), i/2+1),
			epemerintahan.ControlName: fmt.Sprintf("Warga Uji %d", i+1), epemerintahan.ControlRelation: []string{"1", "3"}[i%2], epemerintahan.ControlSex: []string{"L", "P"}[i%2],
			epemerintahan.ControlBirthPlace: "Makassar", epemerintahan.ControlBirthDate: "17-08-1985", epemerintahan.ControlReligion: "Islam", epemerintahan.ControlEducation: "SMA",
			epemerintahan.ControlJob: "Wiraswasta", epemerintahan.ControlMarital: "Kawin", epemerintahan.ControlRW: "1", epemerintahan.ControlRT: fmt.Sprint(1 + i/2%2),
			epemerintahan.ControlAddress: "Jl. Contoh",
		}
		if spoil != nil {
			spoil(i, cells)
		}
		b.WriteString("\n")
		for _, c := range epemerintahan.ImportColumns {
			b.WriteString(cells[c.Name] + ",")
		}
	}
	return []byte(b.String())
}

// settled waits for the jobs to finish what they do with an import.
func settled(t *testing.T, c *apptest.Client, path string) *apptest.Page {
	t.Helper()
	for until := time.Now().Add(2 * time.Minute); time.Now().Before(until); {
		p := c.Get(path).Want(http.StatusOK)
		if !p.Has("#kemajuan") {
			if p.Has("head noscript meta") {
				t.Error("a page with nothing to wait for reloads itself")
			}
			return p
		}
		if !p.Has("head noscript") || p.Doc.Find("#perkembangan").AttrOr("data-live", "") == "" {
			t.Fatal("the page does not stay up to date")
		}
	}
	t.Fatalf("%s does not settle", path)
	return nil
}

// TestSheetPages goes from a file to its people, their figures and their export.
func TestSheetPages(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	s.Work()
	const code = "73.71.13.1002"
	head := s.Hire(t, apptest.Staff{Email: "lurah@uji.example", Name: "Lurah", UnitCode: code, Permissions: []authz.Permission{
		epemerintahan.PermView, epemerintahan.PermEdit, epemerintahan.PermImport, epemerintahan.PermOverride, epemerintahan.PermExport, epemerintahan.PermFull}})
	reader := s.Hire(t, apptest.Staff{Email: "baca@uji.example", Name: "Pembaca", UnitCode: code, Permissions: []authz.Permission{epemerintahan.PermView}})
	c := s.SignedIn(t, head.AccountID)

	// What is no table is refused beside its control.
	p := c.Get(impor).Want(http.StatusOK)
	p = p.Submit("main form", nil, apptest.File{Control: "berkas", Name: "foto.xlsx", Data: []byte("PK\x03\x04")}).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(p.Text("#berkas-error"), "rusak") {
		t.Errorf("it says %q", p.Text("main"))
	}
	p.Submit("main form", nil).Want(http.StatusUnprocessableEntity)
	for _, format := range []string{"xlsx", "csv"} {
		if p := c.Get(impor + "/contoh/" + format).Want(http.StatusOK); !strings.Contains(p.Header.Get("Content-Disposition"), "contoh-impor-penduduk."+format) {
			t.Errorf("the template comes as %q", p.Header.Get("Content-Disposition"))
		}
	}
	c.Get(impor + "/contoh/exe").Want(http.StatusNotFound)

	data := sheetOf(30, func(row int, cells map[string]string) {
		switch row {
		case 3:
			cells[epemerintahan.ControlReligion] = "Jedi"
		case 9:
			cells[epemerintahan.ControlSex] = "L"
		}
	})
	p = c.Get(impor).Submit("main form", nil, apptest.File{Control: "berkas", Name: "warga.csv", Data: data}).Want(http.StatusOK)
	path := p.URL.Path
	p = settled(t, c, path)
	for _, want := range []string{"28", "keluarga baru", "“Jedi” tidak dikenal", "Perlu alasan", official} {
		if !strings.Contains(p.Text("main"), want) {
			t.Errorf("%q is not on the page: %s", want, p.Text("main"))
		}
	}
	if p := c.Get(path + "/hasil/csv").Want(http.StatusOK); !strings.Contains(p.Body, "\r\n5;Agama;Ditolak;") {
		t.Errorf("the report is %q", p.Body)
	}
	if p := c.Get("/meja/penduduk").Want(http.StatusOK); !strings.Contains(p.Text("main"), "Belum ada penduduk") {
		t.Error("the dry run wrote")
	}
	// Nothing typed is lost.
	p = c.Get(path).Submit("main form", url.Values{"alasan": {"ya"}, "@tombol": {"langkah=terapkan"}}).Want(http.StatusUnprocessableEntity)
	if p.Text("#alasan") != "ya" || p.Text("#alasan-error") == "" {
		t.Errorf("the page forgot what was typed: %s", p.Text("main"))
	}
	p.Submit("main form", url.Values{"alasan": {"Begitu tertulis di KTP"}, "@tombol": {"langkah=terapkan"}}).Want(http.StatusOK)
	if p = settled(t, c, path); !strings.Contains(p.Text("main"), "29 keluarga dengan 58 penduduk ditulis") {
		t.Errorf("it says %q", p.Text("main"))
	}
	c.Post(path, url.Values{"langkah": {"terapkan"}}).Want(http.StatusConflict)
	c.Post(path, url.Values{"langkah": {"lari"}}).Want(http.StatusBadRequest)

	if p := c.Get("/meja/penduduk/statistik").Want(http.StatusOK); !strings.Contains(p.Text("main"), "58") || !p.Has("figure svg") || !strings.Contains(p.Text("main"), official) {
		t.Errorf("figures: %s", p.Text("main"))
	}
	if p := c.Get("/meja/penduduk/statistik?rw=1&rt=2").Want(http.StatusOK); !strings.Contains(p.Text("main h2"), "RW 001, RT 002") {
		t.Errorf("figures: %s", p.Text("main h2"))
	}
	c.Get("/meja/penduduk/statistik?rt=2").Want(http.StatusBadRequest)
	if p := c.Get("/meja/penduduk/laporan-bulanan").Want(http.StatusOK); !strings.Contains(p.Text("main tfoot"), "Penduduk akhir bulan302858") {
		t.Errorf("month: %s", p.Text("main tfoot"))
	}
	c.Get("/meja/penduduk/laporan-bulanan?bulan=2027-01").Want(http.StatusBadRequest)
	c.Get("/meja/penduduk/laporan-bulanan?dasar=kira-kira").Want(http.StatusBadRequest)
	c.Get("/meja/penduduk/laporan-bulanan/unduh/xlsx?bulan=2026-10&dasar=pencatatan").Want(http.StatusOK)
	p = c.Get("/meja/penduduk/buku-induk").Want(http.StatusOK)
	if p.Doc.Find("tbody tr").Length() != 50 || strings.Contains(p.Body, "7371131708850") {
		t.Errorf("the book has %d lines", p.Doc.Find("tbody tr").Length())
	}
	p = c.Get(p.Doc.Find("a[rel=next]").AttrOr("href", "")).Want(http.StatusOK)
	if p.Doc.Find("tbody tr").Length() != 8 {
		t.Errorf("its second page has %d lines", p.Doc.Find("tbody tr").Length())
	}
	c.Get("/meja/penduduk/buku-mutasi").Want(http.StatusOK)

	// A search leads to its export, its words sealed all the way.
	p = c.Post("/meja/penduduk", url.Values{"q": {"Warga Uji 1"}}).Want(http.StatusOK)
	href := p.Doc.Find("a[href^='/meja/penduduk/ekspor?']").AttrOr("href", "")
	if href == "" || strings.Contains(href, "Warga") {
		t.Fatalf("the export of the search is at %q", href)
	}
	p = c.Get(href).Want(http.StatusOK).Submit("main form", url.Values{"format": {"csv"}}).Want(http.StatusOK)
	if rows := strings.Count(p.Body, "Warga Uji"); rows == 0 || rows > 20 || strings.Contains(p.Body, "7371131708850") || strings.Contains(p.Header.Get("Content-Disposition"), "Warga") {
		t.Errorf("%d rows as %q", rows, p.Header.Get("Content-Disposition"))
	}
	p = c.Get("/meja/penduduk/ekspor").Want(http.StatusOK)
	p = p.Submit("main form", url.Values{"format": {"csv"}, "lengkap": {"1"}, "tujuan_ekspor": {"perlu"}}).Want(http.StatusUnprocessableEntity)
	if p.Doc.Find("#tujuan_ekspor").AttrOr("value", "") != "perlu" || p.Text("#tujuan_ekspor-error") == "" {
		t.Errorf("the page forgot what was typed: %s", p.Text("main"))
	}
	p = p.Submit("main form", url.Values{"tujuan_ekspor": {"Verifikasi penerima bantuan"}}).Want(http.StatusOK)
	if !strings.Contains(p.Body, "7371131708850001") {
		t.Error("a full export has no full number")
	}
	p = c.Get("/meja/penduduk/buku-induk").Submit("main form[method=post]", nil).Want(http.StatusOK)
	if !strings.HasPrefix(p.Body, "PK") {
		t.Error("the book is no XLSX")
	}

	// Who may only read finds no door, and what is not theirs does not exist.
	r := s.SignedIn(t, reader.AccountID)
	for _, path := range []string{impor, path, path + "/hasil/csv", path + "/perkembangan", "/meja/penduduk/ekspor"} {
		r.Get(path).Want(http.StatusNotFound)
	}
	if p := r.Get("/meja/penduduk").Want(http.StatusOK); p.Has("a[href*=ekspor]") || p.Has("a[href*=impor]") {
		t.Error("a reader is shown doors that do not open")
	}
	c.Get("/meja/penduduk/statistik?wilayah=1").Want(http.StatusNotFound)
}
