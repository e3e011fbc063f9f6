package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/portal"
)

// adminOffice is a portal with some of everything that administration shows.
func adminOffice(t *testing.T) (s *apptest.Server, admin, lurah apptest.Hired, ids map[string]int64) {
	t.Helper()
	s = apptest.New(t)
	admin = s.Hire(t, apptest.Staff{Email: "admin@uji.example", Name: "Andi Administrator", UnitCode: "KOMINFO", City: true,
		Title: "Kepala Bidang Aplikasi", Permissions: portal.AdminPermissions})
	lurah = s.Hire(t, apptest.Staff{Email: "lurah@uji.example", Name: "Nurhayati Daeng Ngai, S.Sos., M.Si.", UnitCode: "73.71.13.1002", Title: "Sekretaris Lurah", Kind: "sekretaris"})
	if err := portal.EnsureRoles(t.Context(), s.Pool); err != nil {
		t.Fatal(err)
	}
	ids = map[string]int64{}
	for name, sql := range map[string]string{
		"kecamatan": `SELECT id FROM org_unit WHERE code = '73.71.13'`,
		"kelurahan": `SELECT id FROM org_unit WHERE code = '73.71.13.1002'`,
		"peran":     `SELECT id FROM authz_role WHERE code = 'admin-unit'`,
		"uji":       `SELECT id FROM authz_role WHERE NOT builtin ORDER BY id LIMIT 1`,
	} {
		var id int64
		if err := s.DB.Owner().QueryRow(t.Context(), sql).Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids[name] = id
	}
	for _, n := range []string{"1", "2", "3"} {
		s.SignedIn(t, admin.AccountID).Post(fmt.Sprintf("/meja/admin/unit/%d/rt-rw", ids["kelurahan"]), map[string][]string{"nomor": {n}}).Want(200)
	}
	return s, admin, lurah, ids
}

// TestAdminScreens looks at every page of administration in every look.
func TestAdminScreens(t *testing.T) {
	t.Parallel()
	s, admin, lurah, ids := adminOffice(t)
	pages := []struct{ name, path string }{
		{"beranda", ""}, {"unit", "/unit"}, {"unit-cari", "/unit?cari=kassi"},
		{"unit-kota", fmt.Sprintf("/unit/%d", 1)}, {"unit-kelurahan", fmt.Sprintf("/unit/%d", ids["kelurahan"])},
		{"unit-ubah", fmt.Sprintf("/unit/%d/ubah", ids["kelurahan"])}, {"unit-baru", "/unit/baru"},
		{"unit-tutup", fmt.Sprintf("/unit/%d/tutup", ids["kelurahan"])}, {"unit-rw", fmt.Sprintf("/unit/%d/rt-rw", ids["kelurahan"])},
		{"unit-jadwal", fmt.Sprintf("/unit/%d/jadwal", ids["kelurahan"])},
		{"jabatan", fmt.Sprintf("/jabatan/%d", lurah.PositionID)}, {"jabatan-admin", fmt.Sprintf("/jabatan/%d", admin.PositionID)},
		{"jabatan-ubah", fmt.Sprintf("/jabatan/%d/ubah", lurah.PositionID)}, {"jabatan-tunjuk", fmt.Sprintf("/jabatan/%d/tunjuk?cari=nur", lurah.PositionID)},
		{"jabatan-tunjuk-cari", fmt.Sprintf("/jabatan/%d/tunjuk", lurah.PositionID)}, {"jabatan-peran", fmt.Sprintf("/jabatan/%d/peran", lurah.PositionID)},
		{"penempatan-akhiri", fmt.Sprintf("/penempatan/%d/akhiri", lurah.OccupancyID)},
		{"pegawai", "/pegawai"}, {"pegawai-satu", fmt.Sprintf("/pegawai/%d", lurah.PersonID)}, {"pegawai-baru", fmt.Sprintf("/pegawai/baru?jabatan=%d", lurah.PositionID)},
		{"pegawai-keluar", fmt.Sprintf("/pegawai/%d/keluar", lurah.PersonID)}, {"mutasi", "/mutasi"},
		{"peran", "/peran"}, {"peran-satu", fmt.Sprintf("/peran/%d", ids["uji"])}, {"peran-ubah", fmt.Sprintf("/peran/%d/ubah", ids["uji"])},
		{"akun", "/akun"}, {"akun-satu", fmt.Sprintf("/akun/%d", lurah.AccountID)}, {"akun-nonaktif", fmt.Sprintf("/akun/%d/nonaktif", lurah.AccountID)},
		{"loket", "/akun/loket"}, {"kalender", "/kalender"}, {"kalender-libur", "/kalender/libur-baru"}, {"kalender-ramadan", "/kalender/ramadan-baru"},
		{"kalender-jadwal", "/kalender/jadwal/1"}, {"impor", "/impor"}, {"impor-unit", "/impor/unit"}, {"audit", "/audit"},
	}
	file := filepath.Join(t.TempDir(), "unit.csv")
	if err := os.WriteFile(file, []byte("kode,nama,jenis,induk\nDPU-A,Bidang A,bidang,DPU\nDPU-B,Bidang B,kerajaan,TAK-ADA\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, look := range looks {
		t.Run(look.name, func(t *testing.T) {
			t.Parallel()
			tab := e2e.Open(t, s.URL, look.options...).Go(fmt.Sprintf("/uji/masuk/%d", admin.AccountID))
			for _, p := range pages {
				tab.Go("/meja/admin" + p.path).Sound()
				snap(tab, "admin-"+p.name, look.name)
			}
			tab.Go("/meja/admin/unit/baru").Fill("#nama", "Bidang").Submit(".form button[type=submit]").Wait("#ringkasan-galat")
			tab.Sound()
			snap(tab, "admin-unit-galat", look.name)
			tab.Go("/meja/admin/impor/unit").Upload("#berkas", file).Submit(".form button[type=submit]").Wait("table")
			tab.Sound()
			snap(tab, "admin-impor-galat", look.name)
			tab.Go("/meja/admin/mutasi").Fill("#nip_1", "x").Fill("#jabatan_1", "Lurah Tidung").Submit("button[name=coba]").Wait("#ringkasan-galat")
			tab.Sound()
			snap(tab, "admin-mutasi-galat", look.name)
			tab.Go("/meja/admin/akun/loket").Fill("#nama", "Daeng Sangkala").Submit(".form button[type=submit]").Wait(".prominent")
			tab.Sound()
			snap(tab, "admin-lembar", look.name)
		})
	}
}
