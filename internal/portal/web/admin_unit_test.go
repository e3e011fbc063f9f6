package portalweb_test

import (
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestUnitsAreCreatedChangedAndClosed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	dpu := o.unitID(t, "DPU")
	p := o.city.Get(admin("/unit/baru?induk=%d", dpu)).Want(200).Submit(adminForm, values(
		"nama", "Bidang Jalan dan Jembatan", "jenis", "bidang", "kode", "DPU-JALAN", "lat", "-5,14", "lng", "119,43")).Want(200)
	if got := p.Text("h1"); got != "Bidang Jalan dan Jembatan" {
		t.Fatalf("after creating, the page is %q", got)
	}
	id := o.unitID(t, "DPU-JALAN")
	o.audited(t, 1, "org.unit.add", id)

	o.Clock.Advance(time.Minute)
	o.city.Get(admin("/unit/%d/ubah", id)).Submit(adminForm, values("nama", "Bidang Jalan")).Want(200)
	o.audited(t, 1, "org.unit.update", id)
	if p := o.city.Get(admin("/unit/%d", id)); !strings.Contains(p.Text("main"), "Nama sebelumnya") || !strings.Contains(p.Text("main"), "Bidang Jalan dan Jembatan") {
		t.Error("the former name is not on the page")
	}
	if p := o.city.Get(admin("/unit?cari=jalan")); !strings.Contains(p.Text("#daftar"), "Bidang Jalan") {
		t.Error("the search does not find the unit")
	}

	p = o.city.Get(admin("/unit/%d/tutup", id)).Submit(adminForm, values("tanggal", "2026-12-01", "penerus", "DPU")).Want(200)
	if !strings.Contains(p.Text("main"), "Penerusnya Dinas Pekerjaan Umum") {
		t.Errorf("the closed unit's page says %q", p.Text("main"))
	}
	o.audited(t, 1, "org.unit.close", id)
}

func TestRWAndRTAreAddedByNumber(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	kel := o.unitID(t, "73.71.13.1002")
	o.kecamatan.Get(admin("/unit/%d/rt-rw", kel)).Submit(adminForm, values("nomor", "4")).Want(200)
	rw := o.unitID(t, "73.71.13.1002.RW004")
	o.kecamatan.Get(admin("/unit/%d/rt-rw", rw)).Submit(adminForm, values("nomor", "2")).Want(200)
	rt := o.unitID(t, "73.71.13.1002.RW004.RT002")
	if p := o.kecamatan.Get(admin("/unit/%d", rt)); !strings.Contains(p.Text("main"), "Ketua RT 002") {
		t.Error("the ketua's position is missing")
	}
	v := values("nomor", "4")
	refusedWith(t, o.kecamatan.Get(admin("/unit/%d/rt-rw", kel)).Submit(adminForm, v), 422, "nomor", "sudah ada", v)
}

func TestUnitFormsRefuseWhatIsWrong(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	form := func() string { return admin("/unit/baru") }
	good := func(pairs ...string) url.Values {
		v := values("nama", "Bidang Uji", "jenis", "bidang", "kode", "UJI-1", "induk", "DPU")
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v
	}
	for _, tc := range []struct{ control, value, words string }{
		{"nama", "", "Tulis nama unit"},
		{"nama", strings.Repeat("x", 5000), "paling banyak 200"},
		{"kode", "'; DROP TABLE org_unit; --", "Tulis kode dengan huruf"},
		{"kode", "DISHUB", "sudah dipakai"},
		{"induk", "<script>alert(1)</script>", "Tidak ada unit dengan kode"},
		{"jenis", "kerajaan", "Pilih jenis unit"},
		{"lat", "NaN", "derajat desimal"},
		{"mulai", "2026-13-45", "tidak dapat dibaca"},
	} {
		v := good(tc.control, tc.value)
		p := o.city.Get(form()).Submit(adminForm, v)
		if tc.control == "jenis" || tc.control == "mulai" {
			v.Del(tc.control) // a list and a date control cannot show what is none of theirs
		}
		refusedWith(t, p, 422, tc.control, tc.words, v)
		if strings.Contains(p.Body, "<script>alert") {
			t.Error("markup comes back as markup")
		}
	}
	o.city.Get(form()).Submit(adminForm, good("nama", "a\x00b")).Want(400)
	o.city.Get(form()).Submit(adminForm, good("kunci", "x")).Want(400)
	o.city.Get(admin("/unit/tidak")).Want(404)
	o.city.Get(admin("/unit/99999999999999999999")).Want(404)
	o.city.Get(admin("/unit?cari=%s", strings.Repeat("a", 300))).Want(422)
}

func TestOneFormMakesOneUnit(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	page := o.city.Get(admin("/unit/baru?induk=%d", o.unitID(t, "DPU")))
	v := values("nama", "Bidang Ganda", "jenis", "bidang", "kode", "DPU-GANDA")
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if p := page.Submit(adminForm, v); p.Status != 200 || p.Text("h1") != "Bidang Ganda" {
				t.Errorf("a second sending ends at %q with %d", p.Text("h1"), p.Status)
			}
		})
	}
	both.Wait()
	o.audited(t, 1, "org.unit.add", o.unitID(t, "DPU-GANDA"))
}

func TestStaleUnitFormIsAConflict(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path := admin("/unit/%d/ubah", o.unitID(t, "DPU"))
	first, second := o.city.Get(path), o.city.Get(path)
	o.Clock.Advance(time.Minute)
	first.Submit(adminForm, values("singkatan", "PU")).Want(200)
	o.Clock.Advance(time.Minute)
	v := values("singkatan", "Dinas Pekum")
	again := second.Submit(adminForm, v)
	refusedWith(t, again, 409, "", "baru saja diubah orang lain", v)
	// Whoever has read that may insist.
	if p := again.Submit(adminForm, nil).Want(200); !strings.Contains(p.Text("main"), "Dinas Pekum") {
		t.Error("the second sending did not save")
	}
}

func TestUnitAdminStaysInTheirUnits(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	rappocini, dpu, neighbour := o.unitID(t, "73.71.13"), o.unitID(t, "DPU"), o.unitID(t, "73.71.12")
	if p := o.kecamatan.Get(admin("/unit")).Want(200); p.Text("h1") != "Kecamatan Rappocini" {
		t.Errorf("the tree begins at %q", p.Text("h1"))
	}
	for _, id := range []int64{dpu, neighbour, o.id(t, `SELECT id FROM org_unit WHERE parent_id IS NULL`)} {
		o.kecamatan.Get(admin("/unit/%d", id)).Want(404)
		o.kecamatan.Get(admin("/unit/%d/ubah", id)).Want(404)
		o.kecamatan.Post(admin("/unit/%d/tutup", id), values("tanggal", "2026-12-01")).Want(404)
	}
	if p := o.kecamatan.Get(admin("/unit?cari=dinas")); !p.Has(".empty") {
		t.Error("the search reaches beyond the unit")
	}
	v := values("nama", "Seksi Gelap", "jenis", "seksi", "kode", "GELAP", "induk", "DPU")
	refusedWith(t, o.kecamatan.Get(admin("/unit/baru?induk=%d", rappocini)).Submit(adminForm, v), 422, "induk", "Tidak ada unit", v)
	// The head of the realm may be renamed but not moved.
	o.kecamatan.Get(admin("/unit/%d/ubah", rappocini)).Submit(adminForm, values("singkatan", "Rappo", "induk", "73.71.12")).Want(200)
	if got := o.id(t, `SELECT parent_id FROM org_unit WHERE id = $1`, rappocini); got != o.id(t, `SELECT id FROM org_unit WHERE parent_id IS NULL`) {
		t.Error("the kecamatan moved")
	}
	// Below it, units move only within the realm.
	kel := o.unitID(t, "73.71.13.1001")
	v = values("induk", "73.71.12")
	refusedWith(t, o.kecamatan.Get(admin("/unit/%d/ubah", kel)).Submit(adminForm, v), 422, "induk", "Tidak ada unit", v)
}
