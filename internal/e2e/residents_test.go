package e2e_test

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// registerScreens are the pages of the register of residents, with a family in which
// much has happened.
func (c *city) registerScreens() []screen {
	c.t.Helper()
	ctx, m := context.Background(), c.App.Residents
	c.accounts["kelurahan"] = c.Hire(c.t, apptest.Staff{Name: "Hasnah Operator", Email: "kelurahan@portal.example", UnitCode: "73.71.13.1002", Permissions: []authz.Permission{
		epemerintahan.PermView, epemerintahan.PermEdit, epemerintahan.PermReveal, epemerintahan.PermOverride, epemerintahan.PermDelete,
	}}).AccountID
	a, err := c.App.Accounts.Actor(ctx, c.accounts["kelurahan"])
	c.must(err)
	person := func(nik, name string, relation, sex, year int) epemerintahan.NewResident {
		return epemerintahan.NewResident{NIK: nik, Person: epemerintahan.Person{
			Relation: relation, Name: name, Sex: sex, BirthPlace: "Makassar", BirthDate: time.Date(year, 8, 17, 0, 0, 0, 0, time.UTC),
			Religion: 1, Education: 5, Job: 88, Marital: 2, Citizenship: 1, Permanence: 1, FatherName: "Daeng Tutu", MotherName: "Daeng Bau",
		}}
	}
	var added []epemerintahan.AddedFamily
	c.must(pg.InTx(ctx, c.Pool, func(tx pgx.Tx) (err error) {
		added, err = m.AddFamilies(ctx, tx, a, []epemerintahan.NewFamily{{
			Home: epemerintahan.Home{KelurahanID: a.MainPosition().UnitID, RW: "003", RT: "002", Address: "Jl. Toddopuli III No. 12, Kompleks Puri Mutiara Blok B"}, KK: "7371131708859001",
			Members: []epemerintahan.NewResident{
				person("7371131708659001", "H. Muhammad Syamsul Bahri Daeng Ngalle", 1, 1, 1965), person("7371135708709001", "Hj. Sitti Nurhayati", 3, 2, 1970),
				person("7371131708959001", "Muh. Yusuf", 4, 1, 1995), person("7371131708989001", "Abd. Rahman", 4, 1, 1998),
			},
		}})
		return err
	}))
	family, ids := added[0].FamilyID, added[0].Residents
	today := c.Clock.Now()
	c.must(m.RecordEvent(ctx, a, epemerintahan.EventInput{ResidentID: ids[0], Kind: epemerintahan.Died, On: today.AddDate(0, 0, -2), HeadID: ids[1], Detail: epemerintahan.Detail{Place: "RSUD Labuang Baji"}}))
	c.must(m.RecordEvent(ctx, a, epemerintahan.EventInput{ResidentID: ids[2], Kind: epemerintahan.MovedOut, On: today, Detail: epemerintahan.Detail{Destination: "Kota Kendari"}}))
	c.must(m.ReverseEvent(ctx, a, epemerintahan.ReverseInput{ResidentID: ids[2], Seq: 2, Reason: "Batal pindah."}))
	v, err := m.View(ctx, a, ids[2])
	c.must(err)
	edit := epemerintahan.EditInput{ID: v.ID, Version: v.Version, Person: v.Person}
	edit.Job, edit.Name = 15, "Muhammad Yusuf"
	c.must(m.Edit(ctx, a, edit))
	c.must(m.RecordEvent(ctx, a, epemerintahan.EventInput{ResidentID: ids[3], Kind: epemerintahan.MovedOut, On: today, Detail: epemerintahan.Detail{Destination: "Kabupaten Gowa"}}))

	c.ids["penduduk"], c.ids["keluarga"] = idText(ids[2]), idText(family)
	of := func(id int64, rest string) string { return "/meja/penduduk/" + idText(id) + rest }
	home := "/meja/penduduk/keluarga/" + idText(family)
	search := func(words string) func(*e2e.Tab) {
		return func(tab *e2e.Tab) { tab.Fill("#q", words).Submit("form[role=search] button[type=submit]").Wait("main") }
	}
	return []screen{
		{path: "/meja/penduduk"},
		{name: "penduduk-mirip", path: "/meja/penduduk", do: search("sity nurhayatti")},
		{name: "penduduk-kosong", path: "/meja/penduduk", do: search("zzzz")},
		{name: "penduduk", path: of(ids[2], "")},
		{name: "penduduk-meninggal", path: of(ids[0], "")},
		{name: "penduduk-terbuka", path: of(ids[1], ""), do: func(tab *e2e.Tab) { tab.Submit("main form button[type=submit]").Wait(".note") }},
		{name: "penduduk-ubah", path: of(ids[1], "/ubah")},
		{name: "penduduk-mati", path: of(ids[1], "/peristiwa/mati")},
		{name: "penduduk-pindah", path: of(ids[1], "/peristiwa/pindah_keluar")},
		{name: "penduduk-kembali", path: of(ids[3], "/peristiwa/pindah_datang")},
		{name: "penduduk-batal", path: of(ids[3], "/batal")},
		{name: "penduduk-hapus", path: of(ids[1], "/hapus")},
		{name: "penduduk-cetak", path: of(ids[1], "/cetak")},
		{name: "penduduk-cetak-galat", path: of(ids[1], "/cetak"), do: func(tab *e2e.Tab) {
			tab.Click("#lengkap").Submit("main form button[type=submit]").Wait("#ringkasan-galat")
		}},
		{path: "/meja/penduduk/baru"},
		{name: "penduduk-baru-galat", path: "/meja/penduduk/baru", do: func(tab *e2e.Tab) {
			tab.Fill("#nik", "737113").Submit("main form button[type=submit]").Wait("#ringkasan-galat")
		}},
		{name: "penduduk-lahir", path: "/meja/penduduk/baru?keluarga=" + idText(family) + "&asal_data=lahir"},
		{name: "keluarga", path: home},
		{name: "keluarga-cetak", path: home + "/cetak"},
		{name: "keluarga-ubah", path: home + "/ubah"},
		{name: "keluarga-kepala", path: home + "/kepala"},
		{name: "keluarga-pisah", path: home + "/pisah"},
		{name: "keluarga-gabung", path: home + "/gabung", do: func(tab *e2e.Tab) { tab.Submit("main form button[type=submit]").Wait("#ringkasan-galat") }},
	}
}
