package e2e_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/portal"
)

// adminScreens are the pages of administration, with some of everything that they show.
func (c *city) adminScreens() []screen {
	c.t.Helper()
	admin := c.Hire(c.t, apptest.Staff{Email: "pengelola@uji.example", Name: "Andi Administrator", UnitCode: "KOMINFO", City: true,
		Title: "Kepala Bidang Aplikasi", Permissions: portal.AdminPermissions})
	c.accounts["pengelola"] = admin.AccountID
	lurah := c.Hire(c.t, apptest.Staff{Email: "lurah@uji.example", Name: "Nurhayati Daeng Ngai, S.Sos., M.Si.", UnitCode: kelurahan, Title: "Sekretaris Lurah", Kind: "sekretaris"})
	c.must(portal.EnsureRoles(context.Background(), c.Pool))
	id := func(sql string) (id int64) {
		c.must(c.DB.Owner().QueryRow(context.Background(), sql).Scan(&id))
		return id
	}
	unit, role := id(`SELECT id FROM org_unit WHERE code = '`+kelurahan+`'`), id(`SELECT id FROM authz_role WHERE NOT builtin ORDER BY id LIMIT 1`)
	for _, n := range []string{"1", "2", "3"} {
		c.SignedIn(c.t, admin.AccountID).Post(fmt.Sprintf("/meja/admin/unit/%d/rt-rw", unit), url.Values{"nomor": {n}}).Want(200)
	}
	file := filepath.Join(c.t.TempDir(), "unit.csv")
	c.must(os.WriteFile(file, []byte("kode,nama,jenis,induk\nDPU-A,Bidang A,bidang,DPU\nDPU-B,Bidang B,kerajaan,TAK-ADA\n"), 0o600))
	page := func(name, path string) screen { return screen{name: "admin-" + name, path: "/meja/admin" + path} }
	after := func(name, path string, do func(*e2e.Tab)) screen {
		return screen{name: "admin-" + name, path: "/meja/admin" + path, do: do}
	}
	return []screen{
		page("beranda", ""), page("unit", "/unit"), page("unit-cari", "/unit?cari=kassi"),
		page("unit-kota", fmt.Sprintf("/unit/%d", 1)), page("unit-kelurahan", fmt.Sprintf("/unit/%d", unit)),
		page("unit-ubah", fmt.Sprintf("/unit/%d/ubah", unit)), page("unit-baru", "/unit/baru"),
		page("unit-tutup", fmt.Sprintf("/unit/%d/tutup", unit)), page("unit-rw", fmt.Sprintf("/unit/%d/rt-rw", unit)),
		page("unit-jadwal", fmt.Sprintf("/unit/%d/jadwal", unit)),
		page("jabatan", fmt.Sprintf("/jabatan/%d", lurah.PositionID)), page("jabatan-admin", fmt.Sprintf("/jabatan/%d", admin.PositionID)),
		page("jabatan-ubah", fmt.Sprintf("/jabatan/%d/ubah", lurah.PositionID)), page("jabatan-tunjuk", fmt.Sprintf("/jabatan/%d/tunjuk?cari=nur", lurah.PositionID)),
		page("jabatan-tunjuk-cari", fmt.Sprintf("/jabatan/%d/tunjuk", lurah.PositionID)), page("jabatan-peran", fmt.Sprintf("/jabatan/%d/peran", lurah.PositionID)),
		page("penempatan-akhiri", fmt.Sprintf("/penempatan/%d/akhiri", lurah.OccupancyID)),
		page("pegawai", "/pegawai"), page("pegawai-satu", fmt.Sprintf("/pegawai/%d", lurah.PersonID)), page("pegawai-baru", fmt.Sprintf("/pegawai/baru?jabatan=%d", lurah.PositionID)),
		page("pegawai-keluar", fmt.Sprintf("/pegawai/%d/keluar", lurah.PersonID)), page("mutasi", "/mutasi"),
		page("peran", "/peran"), page("peran-satu", fmt.Sprintf("/peran/%d", role)), page("peran-ubah", fmt.Sprintf("/peran/%d/ubah", role)),
		page("akun", "/akun"), page("akun-satu", fmt.Sprintf("/akun/%d", lurah.AccountID)), page("akun-nonaktif", fmt.Sprintf("/akun/%d/nonaktif", lurah.AccountID)),
		page("loket", "/akun/loket"), page("kalender", "/kalender"), page("kalender-libur", "/kalender/libur-baru"), page("kalender-ramadan", "/kalender/ramadan-baru"),
		page("kalender-jadwal", "/kalender/jadwal/1"), page("impor", "/impor"), page("impor-unit", "/impor/unit"), page("audit", "/audit"),
		after("unit-galat", "/unit/baru", func(tab *e2e.Tab) {
			tab.Fill("#nama", "Bidang").Submit(".form button[type=submit]").Wait("#ringkasan-galat")
		}),
		after("impor-galat", "/impor/unit", func(tab *e2e.Tab) {
			tab.Upload("#berkas", file).Submit(".form button[type=submit]").Wait("table")
		}),
		after("mutasi-galat", "/mutasi", func(tab *e2e.Tab) {
			tab.Fill("#nip_1", "x").Fill("#jabatan_1", "Lurah Tidung").Submit("button[name=coba]").Wait("#ringkasan-galat")
		}),
		after("lembar", "/akun/loket", func(tab *e2e.Tab) {
			tab.Fill("#nama", "Daeng Sangkala").Submit(".form button[type=submit]").Wait(".prominent")
		}),
	}
}
