package portalweb_test

import (
	"encoding/csv"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/portal"
)

func TestRolesAreMadeGivenAndTaken(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.city.Get(admin("/peran/baru")).Want(200)
	form := values("kode", "penata-unit", "nama", "Penata unit", "izin", string(portal.PermUnits))
	if p := p.Submit(adminForm, form).Want(200); p.Text("h1") != "Penata unit" {
		t.Fatalf("after creating: %q", p.Text("h1"))
	}
	role := o.id(t, `SELECT id FROM authz_role WHERE code = 'penata-unit'`)
	o.audited(t, 1, "authz.role.save", role)

	o.clerk.Get(admin("/unit")).Want(404)
	give := o.city.Get(admin("/jabatan/%d/peran", o.staff.PositionID)).Want(200)
	given := values("peran", idText(role), "unit", "DPU")
	give.Submit(adminForm, given).Want(200)
	grant := o.id(t, `SELECT id FROM authz_grant WHERE role_id = $1`, role)
	o.audited(t, 1, "authz.grant.give", grant)
	if p := o.clerk.Get(admin("/unit")).Want(200); p.Text("h1") != "Dinas Pekerjaan Umum" {
		t.Errorf("the new right opens %q", p.Text("h1"))
	}
	v := values("peran", idText(role), "unit", "DPU")
	refusedWith(t, o.city.Get(admin("/jabatan/%d/peran", o.staff.PositionID)).Submit(adminForm, v), 422, "peran", "sudah diberikan", v)
	v = values("peran", idText(role), "unit", "Negeri Antah Berantah")
	refusedWith(t, o.city.Get(admin("/jabatan/%d/peran", o.staff.PositionID)).Submit(adminForm, v), 422, "unit", "Tidak ada unit", v)
	v = values("peran", idText(role), "unit", "DISHUB", "sampai", "2020-01-01")
	refusedWith(t, o.city.Get(admin("/jabatan/%d/peran", o.staff.PositionID)).Submit(adminForm, v), 422, "sampai", "sudah lewat", v)

	// Changing what a role may do changes it for those who hold it.
	o.city.Get(admin("/peran/%d/ubah", role)).Submit(adminForm, url.Values{"izin": {string(portal.PermUnits), string(portal.PermPeople)}}).Want(200)
	o.clerk.Get(admin("/pegawai")).Want(200)
	o.city.Get(admin("/wewenang/%d/akhiri", grant)).Submit(adminForm, nil).Want(200)
	o.audited(t, 1, "authz.grant.end", grant)
	o.clerk.Get(admin("/unit")).Want(404)
	o.city.Post(admin("/wewenang/%d/akhiri", grant), nil).Want(404)
}

func TestRoleFormsRefuseWhatIsWrong(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if err := portal.EnsureRoles(t.Context(), o.Pool); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ control, value, words string }{
		{"kode", "Huruf Besar", "huruf kecil"},
		{"kode", authn.AdminRole, "sudah dipakai"},
		{"nama", strings.Repeat("n", 500), "paling banyak 120"},
		{"izin", "dunia.kuasai", "tidak dikenal"},
	} {
		v := values("kode", "peran-uji", "nama", "Peran uji", "izin", string(portal.PermUnits))
		v.Set(tc.control, tc.value)
		p := o.city.Get(admin("/peran/baru")).Submit(adminForm, v)
		v.Del("izin")
		refusedWith(t, p, 422, tc.control, tc.words, v)
	}
	builtin := o.id(t, `SELECT id FROM authz_role WHERE code = $1`, authn.AdminRole)
	o.city.Get(admin("/peran/%d/ubah", builtin)).Submit(adminForm, nil).Want(409)
	if o.id(t, `SELECT count(*) FROM authz_role_permission WHERE role_id = $1`, builtin) != int64(len(portal.AdminPermissions)) {
		t.Error("the built-in role changed")
	}
}

// Whoever may give roles in one unit gives nothing there that they may not do
// themselves, and nothing elsewhere.
func TestRightsDoNotGrowByGiving(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Grant(t, o.camat.PositionID, o.camat.UnitID, portal.PermRoles)
	mighty := o.id(t, `INSERT INTO authz_role (code, name) VALUES ('auditor', 'Auditor') RETURNING id`)
	if _, err := o.DB.Owner().Exec(t.Context(), `INSERT INTO authz_role_permission VALUES ($1, 'audit.baca')`, mighty); err != nil {
		t.Fatal(err)
	}
	v := values("peran", idText(mighty), "unit", "73.71.13")
	refusedWith(t, o.kecamatan.Get(admin("/jabatan/%d/peran", o.camat.PositionID)).Submit(adminForm, v), 422, "peran", "tidak Anda punyai", v)
	v = values("peran", idText(mighty), "unit", "73.71")
	refusedWith(t, o.kecamatan.Get(admin("/jabatan/%d/peran", o.camat.PositionID)).Submit(adminForm, v), 422, "unit", "Tidak ada unit", v)
	o.kecamatan.Get(admin("/jabatan/%d/peran", o.staff.PositionID)).Want(404)
	o.kecamatan.Get(admin("/peran/%d/ubah", mighty)).Submit(adminForm, nil).Want(404)
}

func TestAccountsAreFoundAndRepaired(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if p := o.city.Get(admin("/akun?cari=sitti")).Want(200); !strings.Contains(p.Text("#daftar"), "staf@uji.example") {
		t.Fatalf("the search shows %q", p.Text("#daftar"))
	}
	o.audited(t, 1, "authn.account.search", 0)
	id := o.staff.AccountID
	v := values("alasan", "")
	refusedWith(t, o.city.Get(admin("/akun/%d/nonaktif", id)).Submit(adminForm, v), 422, "alasan", "Tulis alasannya", v)
	o.city.Get(admin("/akun/%d/nonaktif", id)).Submit(adminForm, values("alasan", "Cuti panjang <b>sekali</b>")).Want(200)
	o.audited(t, 1, "authn.account.disable", id)
	if p := o.clerk.Get("/meja"); p.URL.Path != "/masuk" {
		t.Errorf("a disabled account opens %s", p.URL.Path)
	}
	p := o.city.Get(admin("/akun/%d", id)).Want(200)
	if !strings.Contains(p.Text("main"), "Cuti panjang <b>sekali</b>") {
		t.Error("the reason is missing or taken for markup")
	}
	p.Submit(`form[action$="/aktif"]`, nil).Want(200)
	o.audited(t, 1, "authn.account.enable", id)

	clerk := o.SignedIn(t, id)
	o.city.Get(admin("/akun/%d", id)).Submit(`form[action$="/sesi"]`, nil).Want(200)
	if p := clerk.Get("/meja"); p.URL.Path != "/masuk" {
		t.Error("the session goes on")
	}
	o.city.Post(admin("/akun/%d/totp", id), nil).Want(200)
	o.audited(t, 1, "authn.totp.reset", id)
	o.city.Get(admin("/akun/%d/nonaktif", o.admin.AccountID)).Submit(adminForm, values("alasan", "diri sendiri")).Want(409)
	o.kecamatan.Get(admin("/akun/%d", id)).Want(404)
	o.kecamatan.Post(admin("/akun/%d/totp", id), nil).Want(404)
}

func TestCounterPrintsASlipOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	page := o.city.Get(admin("/akun/loket")).Want(200)
	refusedWith(t, page.Submit(adminForm, values("nama", "")), 422, "nama", "", values())
	page = o.city.Get(admin("/akun/loket"))
	p := page.Submit(adminForm, values("nama", "Daeng Tanpa Surel")).Want(200)
	if n := p.Doc.Find(".prominent").Length(); n != 2 {
		t.Fatalf("the slip holds %d codes: %q", n, p.Text("main"))
	}
	again := page.Submit(adminForm, values("nama", "Daeng Tanpa Surel")).Want(409)
	if !strings.Contains(again.Text("#ringkasan-galat"), "sudah dibuat") {
		t.Errorf("the second sending reads %q", again.Text("#ringkasan-galat"))
	}
	id := o.id(t, `SELECT id FROM authn_account WHERE name = 'Daeng Tanpa Surel'`)
	o.audited(t, 1, "authn.account.counter", id)
	old := p.Doc.Find(".prominent").Last().Text()
	p = o.city.Get(admin("/akun/%d", id)).Submit(`form[action$="/kode"]`, nil).Want(200)
	if fresh := p.Doc.Find(".prominent").Last().Text(); fresh == old || fresh == "" {
		t.Error("the new slip repeats the code")
	}
	o.kecamatan.Get(admin("/akun/loket")).Want(404)
	o.kecamatan.Post(admin("/akun/%d/kode", id), nil).Want(404)
}

func TestHolidayMovesWhatIsDue(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	dpu := o.unitID(t, "DPU")
	due := func() string {
		t.Helper()
		c, err := calendar.Load(t.Context(), o.Pool, dpu)
		if err != nil {
			t.Fatal(err)
		}
		return c.AddWorkingDays(apptest.Start, 3).In(clock.Makassar).Format("2006-01-02 15:04")
	}
	if got := due(); got != "2026-11-27 16:30" {
		t.Fatalf("three working days end at %s", got)
	}
	o.city.Get(admin("/kalender/libur-baru")).Submit(adminForm, values("tanggal", "2026-11-26", "nama", "Hari Jadi Kota", "jenis", "daerah")).Want(200)
	o.audited(t, 1, "calendar.holiday.save", 0)
	if got := due(); got != "2026-11-30 16:00" {
		t.Errorf("with a holiday on the way they end at %s", got)
	}
	o.city.Get(admin("/kalender/libur/2026-11-26")).Submit(adminForm, values("nama", "Hari Jadi Makassar")).Want(200)
	p := o.city.Get(admin("/kalender?tahun=2026")).Want(200)
	if !strings.Contains(p.Text("main"), "Hari Jadi Makassar") {
		t.Error("the new name is missing")
	}
	p.Submit(`form[action$="/libur/2026-11-26/hapus"]`, nil).Want(200)
	o.audited(t, 1, "calendar.holiday.remove", 0)
	if got := due(); got != "2026-11-27 16:30" {
		t.Errorf("without the holiday they end at %s", got)
	}
	o.city.Post(admin("/kalender/libur/2026-11-26/hapus"), nil).Want(409)

	// Hours: a unit that goes its own way.
	o.city.Get(admin("/kalender/jadwal-baru")).Submit(adminForm, values("nama", "Senin saja", "biasa_1", "08.00-12.00, 13.00 – 15:30")).Want(200)
	schedule := o.id(t, `SELECT id FROM calendar_schedule WHERE name = 'Senin saja'`)
	o.audited(t, 1, "calendar.schedule.save", schedule)
	o.city.Get(admin("/unit/%d/jadwal", dpu)).Submit(adminForm, values("jadwal", idText(schedule))).Want(200)
	if got := due(); got != "2026-12-14 15:30" {
		t.Errorf("three Mondays end at %s", got)
	}
	if p := o.city.Get(admin("/kalender/jadwal/%d", schedule)); apptest.Shown(p.Doc.Find(adminForm)).Get("biasa_1") != "08.00–12.00, 13.00–15.30" {
		t.Error("the hours do not come back as written")
	}
	o.city.Get(admin("/unit/%d/jadwal", dpu)).Submit(adminForm, values("jadwal", "0")).Want(200)

	// Ramadan has its own hours.
	o.city.Get(admin("/kalender/ramadan-baru")).Submit(adminForm, values("awal", "2026-11-20", "akhir", "2026-12-10")).Want(200)
	if got := due(); got != "2026-11-27 15:30" {
		t.Errorf("in Ramadan they end at %s", got)
	}
}

func TestCalendarFormsRefuseWhatIsWrong(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := values("tanggal", "2026-11-26", "nama", "")
	refusedWith(t, o.city.Get(admin("/kalender/libur-baru")).Submit(adminForm, v), 422, "nama", "Tulis nama hari libur", v)
	v = values("awal", "2026-12-10", "akhir", "2026-11-10")
	refusedWith(t, o.city.Get(admin("/kalender/ramadan-baru")).Submit(adminForm, v), 422, "akhir", "sesudah hari pertama", v)
	v = values("awal", "2026-03-01", "akhir", "2026-03-05")
	refusedWith(t, o.city.Get(admin("/kalender/ramadan-baru")).Submit(adminForm, v), 422, "awal", "beririsan", v)
	for _, hours := range []string{"12.00-08.00", "pagi", "08.00-12.00, 11.00-13.00", "25.00-26.00", strings.Repeat("08.00-09.00,", 60)} {
		v = values("nama", "Jadwal salah", "biasa_2", hours)
		words := "Selasa: tulis jam"
		if len(hours) > 200 {
			words = "Terlalu panjang"
		}
		refusedWith(t, o.city.Get(admin("/kalender/jadwal-baru")).Submit(adminForm, v), 422, "biasa_2", words, v)
	}
	o.city.Get(admin("/kalender?tahun=99999")).Want(404)
	o.city.Get(admin("/kalender/libur/kemarin")).Want(404)
	o.city.Get(admin("/kalender/jadwal/999")).Want(404)
	o.kecamatan.Get(admin("/kalender")).Want(404)
}

func TestImportIsTriedThenAppliedOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	file := func(rows string) apptest.File {
		return apptest.File{Control: "berkas", Name: "unit.csv", Type: "text/csv", Data: []byte("kode,nama,jenis,induk\n" + rows)}
	}
	page := o.city.Get(admin("/impor/unit")).Want(200)
	p := page.Submit(adminForm, nil, file("DPU-A,Bidang A,bidang,DPU\nDPU-B,Bidang B,kerajaan,TAK-ADA\n")).Want(422)
	if table := p.Text("table"); !strings.Contains(table, "kerajaan") && !strings.Contains(table, "TAK-ADA") {
		t.Errorf("the table of problems: %q", table)
	}
	if p.Has(`button[name="terapkan"]`) {
		t.Error("a bad file may be applied")
	}
	p = page.Submit(adminForm, nil, file("DPU-A,Bidang A,bidang,DPU\n")).Want(200)
	if !strings.Contains(p.Text("main"), "1 baru") || o.id(t, `SELECT count(*) FROM org_unit WHERE code = 'DPU-A'`) != 0 {
		t.Fatalf("the dry run: %q", p.Text("main"))
	}
	key := p.Doc.Find(`button[name="terapkan"]`).AttrOr("value", "")
	o.kecamatan.PostFiles(admin("/impor/unit"), values("terapkan", key)).Want(404)
	var won, lost int
	var mu sync.Mutex
	var both sync.WaitGroup
	for range 3 {
		both.Go(func() {
			p := o.city.PostFiles(admin("/impor/unit"), values("terapkan", key))
			mu.Lock()
			defer mu.Unlock()
			switch p.Status {
			case 200:
				won++
			case 409:
				lost++
			}
		})
	}
	both.Wait()
	if won != 1 || lost != 2 {
		t.Errorf("%d applied and %d refused, want 1 and 2", won, lost)
	}
	o.audited(t, 1, "org.unit.import", 0)
	o.audited(t, 1, "org.unit.add", o.unitID(t, "DPU-A"))

	// A file that waits too long is gone.
	p = page.Submit(adminForm, nil, file("DPU-C,Bidang C,bidang,DPU\n")).Want(200)
	key = p.Doc.Find(`button[name="terapkan"]`).AttrOr("value", "")
	for range 7 {
		o.Clock.Advance(20 * time.Minute)
		o.city.Get("/meja").Want(200)
	}
	o.city.PostFiles(admin("/impor/unit"), values("terapkan", key)).Want(409)

	for name, f := range map[string]apptest.File{
		"empty":  {Control: "berkas", Name: "a.csv", Type: "text/csv", Data: []byte(" ")},
		"binary": {Control: "berkas", Name: "a.csv", Type: "text/csv", Data: []byte{0, 1, 2, 0xff}},
		"zip":    {Control: "berkas", Name: "a.xlsx", Type: "application/zip", Data: []byte("PK\x03\x04aaaa")},
	} {
		if p := page.Submit(adminForm, nil, f); p.Status != 422 || p.Text("#berkas-error") == "" {
			t.Errorf("%s: status %d, %q", name, p.Status, p.Text("main"))
		}
	}
	page.Submit(adminForm, nil).Want(422)
	o.city.Get(admin("/impor/wilayah")).Submit(adminForm, nil, apptest.File{Control: "berkas", Name: "b.geojson", Type: "application/json", Data: []byte(`{"type":"Point"}`)}).Want(422)
	o.city.Get(admin("/impor/rahasia")).Want(404)
	o.SignedIn(t, o.camat.AccountID).Get(admin("/impor")).Want(404)
}

func TestStaffImportByScreen(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	rows := "nip,nama,status,jabatan,unit,tmt\n" + goodNIP + ",Nurhayati,PNS,Lurah Tidung,73.71.13.1001,01-11-2026\n"
	p := o.city.Get(admin("/impor/pegawai")).Submit(adminForm, nil,
		apptest.File{Control: "berkas", Name: "p.csv", Type: "text/csv", Data: []byte(rows)}).Want(200)
	if !strings.Contains(p.Text("main"), "1 baru") {
		t.Fatalf("the dry run: %q", p.Text("main"))
	}
	o.city.PostFiles(admin("/impor/pegawai"), values("terapkan", p.Doc.Find(`button[name="terapkan"]`).AttrOr("value", ""))).Want(200)
	if p := o.city.Get(admin("/pegawai?cari=%s", goodNIP)); !strings.Contains(p.Text("#daftar"), "Lurah Tidung") {
		t.Errorf("the list after the import: %q", p.Text("#daftar"))
	}
}

func TestTrailIsFilteredPagedAndExported(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	kel := o.unitID(t, "73.71.13.1002")
	for n := range 60 {
		o.kecamatan.Post(admin("/unit/%d/rt-rw", kel), values("nomor", idText(int64(n+1)))).Want(200)
	}
	o.city.Get(admin("/unit/%d/ubah", o.unitID(t, "DPU"))).Submit(adminForm, values("singkatan", "PU")).Want(200)
	rows := func(p *apptest.Page) int { return p.Doc.Find("tbody tr").Length() }
	p := o.city.Get(admin("/audit?tindakan=org.unit.add&pelaku=kasma")).Want(200)
	if rows(p) != 50 {
		t.Fatalf("the first page holds %d rows", rows(p))
	}
	next, _ := p.Doc.Find(`a[rel="next"]`).Attr("href")
	p = o.city.Get(next).Want(200)
	if rows(p) != 10 || p.Has(`a[rel="next"]`) {
		t.Errorf("the second page holds %d rows", rows(p))
	}
	o.audited(t, 2, "audit.trail.read", 0)
	if p := o.city.Get(admin("/audit?objek=org_unit&nomor=%d", o.unitID(t, "DPU"))); rows(p) != 1 || !strings.Contains(p.Text("tbody"), "org.unit.update") {
		t.Errorf("by object: %q", p.Text("tbody"))
	}
	if p := o.city.Get(admin("/audit?dari=2026-11-25")); rows(p) != 0 {
		t.Error("the trail shows entries of another day")
	}

	export := o.city.Get(admin("/audit/unduh?tindakan=org.unit.add&pelaku=kasma&dari=2026-11-24&sampai=2026-11-24")).Want(200)
	if kind := export.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/csv") {
		t.Errorf("the export is %s", kind)
	}
	lines, err := csv.NewReader(strings.NewReader(export.Body)).ReadAll()
	if err != nil || len(lines) != 61 {
		t.Fatalf("%d lines: %v", len(lines), err)
	}
	for _, l := range lines[1:] {
		if l[5] != "org.unit.add" || l[4] != "Kasma Kecamatan" {
			t.Fatalf("a line the filter does not say: %v", l)
		}
	}
	o.audited(t, 1, "audit.trail.export", 0)
	if none := o.city.Get(admin("/audit/unduh?pelaku=siapa-pun-bukan")).Want(200); strings.Count(none.Body, "\n") != 1 {
		t.Errorf("an empty export: %q", none.Body)
	}
	for _, bad := range []string{"?dari=kemarin", "?nomor=-3", "?dari=2026-11-24&sampai=2026-11-01", "?nomor=99999999999999999999"} {
		o.city.Get(admin("/audit%s", bad)).Want(422)
		o.city.Get(admin("/audit/unduh%s", bad)).Want(422)
	}
	o.city.Get(admin("/audit?sebelum=-1")).Want(400)
	o.kecamatan.Get(admin("/audit")).Want(404)
	o.kecamatan.Get(admin("/audit/unduh")).Want(404)

	// Whoever reads the trail of one unit sees what happened there.
	o.Grant(t, o.camat.PositionID, o.camat.UnitID, portal.PermAudit)
	if p := o.kecamatan.Get(admin("/audit?tindakan=org.unit")); rows(p) != 50 || strings.Contains(p.Text("tbody"), "org.unit.update") {
		t.Errorf("the unit's trail holds %d rows", rows(p))
	}
}

func TestFormulaInANameStaysText(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if _, err := o.DB.Owner().Exec(t.Context(), `UPDATE authn_account SET name = '=HYPERLINK("x")' WHERE id = $1`, o.admin.AccountID); err != nil {
		t.Fatal(err)
	}
	o.city.Get(admin("/pegawai")).Want(200)
	if p := o.city.Get(admin("/audit/unduh")); !strings.Contains(p.Body, `"'=HYPERLINK(""x"")"`) {
		t.Errorf("the export: %q", p.Body)
	}
}

func TestAFileThatNobodyAppliesIsForgotten(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	account := s.Citizen(t, "pengunggah@contoh.id", "Pengunggah")
	for key, age := range map[string]time.Duration{"lama": 3 * time.Hour, "baru": time.Hour} {
		if _, err := s.DB.Owner().Exec(t.Context(), `INSERT INTO portal_file VALUES ($1, $2, 'pegawai', 'isi', $3)`, key, account, s.Clock.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.App.Admin.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left, err := pg.Scalars[string](t.Context(), s.Pool, `SELECT key FROM portal_file`); err != nil || len(left) != 1 || left[0] != "baru" {
		t.Errorf("left: %v, %v", left, err)
	}
}
