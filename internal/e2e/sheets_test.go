package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// familiesFile writes a CSV of n families of all ages, a few of them with something wrong.
func familiesFile(t *testing.T, n int) string {
	t.Helper()
	var b strings.Builder
	for _, c := range epemerintahan.ImportColumns {
		b.WriteString(c.Title + ";")
	}
	names := []string{"Muh. Yusuf", "Sitti Aminah", "Abd. Rahman", "Nurhayati", "Andi Baso", "Hasnah Dg. Ngai", "Syamsul Bahri", "St. Rahmah"}
	jobs := []string{"WIRASWASTA", "MENGURUS RUMAH TANGGA", "KARYAWAN SWASTA", "PELAJAR/MAHASISWA", "PEDAGANG", "GURU", "BURUH HARIAN LEPAS", "NELAYAN/PERIKANAN"}
	person := 0
	for i := range n {
		for j := range 2 + i%4 {
			person++
			day, sex, born := 1+person%27, j%2, 1955+(i*7)%35
			if j > 1 {
				born, sex = 1994+(i*3+j*4)%31, person%2
			}
			religion := []string{"Islam", "Islam", "Islam", "Islam", "Kristen", "Katolik"}[i%6]
			if i == 7 && j == 0 {
				religion = "Islm"
			}
			nik := fmt.Sprintf("737113%02d%02d%02d%04d", day+40*sex, 1+person%12, born%100, person)
			if i == 11 && j == 0 {
				nik = "7.37113E+15"
			}
			if i == 19 && j == 1 {
				sex = 1 - sex
			}
			cells := map[string]string{
				epemerintahan.ControlKK: fmt.Sprintf("73711312041%05d", i+1), epemerintahan.ControlNIK: nik,
				epemerintahan.ControlName:     fmt.Sprintf("%s %d", names[(i+j)%len(names)], i+1),
				epemerintahan.ControlRelation: []string{"Kepala Keluarga", "Istri", "Anak", "Anak", "Anak"}[j],
				epemerintahan.ControlSex:      []string{"L", "P"}[sex], epemerintahan.ControlBirthPlace: "Makassar",
				epemerintahan.ControlBirthDate: fmt.Sprintf("%02d-%02d-%d", day, 1+person%12, born), epemerintahan.ControlReligion: religion,
				epemerintahan.ControlEducation: []string{"SD", "SMP", "SMA", "S1", "Tamat SD / Sederajat"}[(i+j)%5], epemerintahan.ControlJob: jobs[(i+j)%len(jobs)],
				epemerintahan.ControlMarital: []string{"Kawin", "Kawin", "Belum Kawin", "Belum Kawin", "Belum Kawin"}[j],
				epemerintahan.ControlRW:      fmt.Sprint(1 + i%3), epemerintahan.ControlRT: fmt.Sprint(1 + i%4), epemerintahan.ControlAddress: fmt.Sprintf("Jl. Toddopuli %d No. %d", i%5+1, i+1),
			}
			b.WriteString("\n")
			for _, c := range epemerintahan.ImportColumns {
				b.WriteString(cells[c.Name] + ";")
			}
		}
	}
	name := filepath.Join(t.TempDir(), "warga.csv")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestImport takes a file in, sees it checked and written without touching the page, and
// looks at what becomes of it: figures, reports and books.
func TestImport(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	s.Work()
	clerk := s.Hire(t, apptest.Staff{Email: "sekretaris@uji.example", Name: "Hj. Marwah", Title: "Sekretaris Kelurahan", UnitCode: "73.71.13.1002", Permissions: []authz.Permission{
		epemerintahan.PermView, epemerintahan.PermEdit, epemerintahan.PermImport, epemerintahan.PermOverride, epemerintahan.PermExport, epemerintahan.PermFull}})
	tab := e2e.Open(t, s.URL, e2e.Desktop).Go("/uji/masuk/" + idText(clerk.AccountID))
	seen := func(name string) {
		t.Helper()
		for width, size := range map[string]e2e.Option{"360": e2e.Phone, "1280": e2e.Desktop} {
			tab.Look(size, e2e.Light).Sound()
			snap(tab, name, width+"-light")
			tab.Look(e2e.Dark).Contrast()
			snap(tab, name, width+"-dark")
		}
		tab.Look(e2e.Light)
	}
	tab.Go("/meja/penduduk/impor")
	seen("impor")
	tab.Upload("#berkas", familiesFile(t, 160)).Submit("main form button[type=submit]")
	tab.WaitText("main", "Menunggu keputusan Anda") // told by the stream, or fetched at once
	path := tab.Path()
	seen("impor-siap")
	tab.Fill("#alasan", "Begitu tertulis di KTP dan KK").Click("button[value=terapkan]")
	tab.WaitText("main", "Impor selesai")
	seen("impor-selesai")
	for _, page := range []string{"", "/statistik", "/statistik?rw=1&rt=1", "/laporan-bulanan", "/buku-induk", "/buku-mutasi", "/ekspor", "/impor"} {
		tab.Go("/meja/penduduk" + page)
		seen("penduduk" + page)
	}
	tab.Go(path).WaitText("main", "Impor selesai")
}
