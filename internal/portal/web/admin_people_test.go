package portalweb_test

import (
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/portal"
)

const goodNIP = "198501012010011001"

func (o *office) lurah(t *testing.T, code string) int64 {
	t.Helper()
	return o.id(t, `SELECT id FROM org_position WHERE kind = 'kepala' AND unit_id = $1`, o.unitID(t, code))
}

func (o *office) newPerson(t *testing.T, name, number string) int64 {
	t.Helper()
	return o.id(t, `INSERT INTO org_person (name, staff_number, employment) VALUES ($1, $2, 'pns') RETURNING id`, name, number)
}

func appointment(person int64, pairs ...string) url.Values {
	v := values("orang", idText(person), "bentuk", "definitif", "mulai", "2026-11-01")
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func TestPersonIsAddedAppointedInvitedAndLeaves(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	post := o.lurah(t, "73.71.13.1002")
	p := o.kecamatan.Get(admin("/pegawai/baru?jabatan=%d", post)).Want(200).Submit(adminForm, values(
		"nama", "Nurhayati, S.Sos.", "nip", goodNIP, "kepegawaian", "pns", "pangkat", "Penata (III/c)", "email", "nurhayati@uji.example", "mulai", "2026-11-01")).Want(200)
	if p.Text("h1") != "Nurhayati, S.Sos." || !strings.Contains(p.Text("main"), "Lurah Kassi-Kassi") {
		t.Fatalf("after adding: %q", p.Text("main"))
	}
	person := o.id(t, `SELECT id FROM org_person WHERE staff_number = $1`, goodNIP)
	o.audited(t, 1, "org.person.add", person)
	if p := o.kecamatan.Get(admin("/pegawai?cari=nurha")); !strings.Contains(p.Text("#daftar"), "Lurah Kassi-Kassi") {
		t.Error("the list does not find the person with the post")
	}

	o.kecamatan.Get(admin("/pegawai/%d/akun", person)).Submit(adminForm, nil).Want(200)
	account := o.id(t, `SELECT account_id FROM org_person WHERE id = $1`, person)
	o.audited(t, 1, "authn.account.invite", account)
	o.Deliver(t)
	if mails := o.Mail.To("nurhayati@uji.example"); len(mails) != 1 || !strings.Contains(mails[0].Text, "/undangan/") {
		t.Errorf("the invitation was not sent: %d letters", len(mails))
	}
	o.kecamatan.Post(admin("/pegawai/%d/akun", person), values("email", "lain@uji.example")).Want(409)

	lurah := o.SignedIn(t, account)
	lurah.Get("/meja").Want(200)
	work := o.id(t, `SELECT count(*) FROM org_position WHERE id = $1`, post)
	o.kecamatan.Get(admin("/pegawai/%d/keluar", person)).Submit(adminForm, values("tanggal", "2026-11-24")).Want(200)
	if p := lurah.Get("/meja"); p.URL.Path != "/masuk" {
		t.Errorf("the leaver's session still opens %s with %d", p.URL.Path, p.Status)
	}
	if got := o.id(t, `SELECT count(*) FROM authn_account WHERE id = $1 AND status = 'disabled'`, account); got != 1 {
		t.Error("the leaver could sign in again")
	}
	if work != 1 || o.id(t, `SELECT count(*) FROM org_occupancy WHERE person_id = $1 AND (ends_at IS NULL OR ends_at > $2)`, person, o.Clock.Now()) != 0 {
		t.Error("the post does not stay without its holder")
	}
	o.audited(t, 1, "org.person.leave", person)
	o.audited(t, 1, "authn.account.disable", account)
	o.kecamatan.Get(admin("/pegawai/%d", person)).Submit(`form[action$="/kembali"]`, nil).Want(200)
	o.audited(t, 1, "org.person.readmit", person)
	o.kecamatan.Post(admin("/pegawai/%d/kembali", person), nil).Want(409)
}

func TestLeaverOfTheFutureIsShutOutOnTheDay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.city.Get(admin("/pegawai/%d/keluar", o.staff.PersonID)).Submit(adminForm, values("tanggal", "2026-11-25")).Want(200)
	o.clerk.Get("/meja").Want(200)
	o.Clock.Set(apptest.Start.Add(15*time.Hour + time.Second)) // midnight
	if n, err := o.App.Admin.SettleLeavers(t.Context()); err != nil || n != 1 {
		t.Fatalf("settled %d leavers: %v", n, err)
	}
	if got := o.id(t, `SELECT count(*) FROM authn_session WHERE account_id = $1`, o.staff.AccountID); got != 0 {
		t.Errorf("%d sessions are left", got)
	}
}

func TestInvitationLinkShowsOnceWithoutMail(t *testing.T) {
	t.Parallel()
	o := &office{Server: apptest.New(t)}
	o.App.Accounts.EmailOn = false
	o.admin = o.Hire(t, apptest.Staff{Email: "admin@uji.example", Name: "Andi Admin", UnitCode: "KOMINFO", City: true, Permissions: portal.AdminPermissions})
	o.city = o.SignedIn(t, o.admin.AccountID)
	person := o.newPerson(t, "Budi", goodNIP)
	page := o.city.Get(admin("/pegawai/%d/akun", person))
	p := page.Submit(adminForm, values("email", "budi@uji.example")).Want(200)
	link := p.Text("#tautan")
	if !strings.Contains(link, "/undangan/") {
		t.Fatalf("no link: %q", p.Text("main"))
	}
	account := o.id(t, `SELECT account_id FROM org_person WHERE id = $1`, person)
	if again := o.city.Get(admin("/akun/%d", account)).Want(200); strings.Contains(again.Body, link) {
		t.Error("the link shows again")
	}
	p = o.city.Get(admin("/akun/%d", account)).Submit(`form[action$="/undang"]`, nil).Want(200)
	if second := p.Text("#tautan"); second == link || second == "" {
		t.Error("sending again does not make a new link")
	}
}

func TestPersonFormsRefuseWhatIsWrong(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.newPerson(t, "Sudah Ada", goodNIP)
	for _, tc := range []struct{ control, value, words string }{
		{"nama", "", "Tulis nama lengkap"},
		{"nip", "123", "NIP 18 angka"},
		{"nip", goodNIP, "sudah terdaftar"},
		{"email", "bukan email", "alamat email"},
		{"pangkat", strings.Repeat("IV", 100), "paling banyak 60"},
	} {
		v := values("nama", "Orang Baru", "nip", "199001012015012002", "kepegawaian", "pns")
		v.Set(tc.control, tc.value)
		refusedWith(t, o.city.Get(admin("/pegawai/baru")).Submit(adminForm, v), 422, tc.control, tc.words, v)
	}
	if o.city.Post(admin("/pegawai/baru"), values("nama", "\xff", "kunci", strings.Repeat("k", 20))).Status != 400 {
		t.Error("broken UTF-8 is taken")
	}
	o.city.Get(admin("/pegawai?setelah=%%%%")).Want(400)
	o.city.Get(admin("/pegawai?setelah=e30x")).Want(400)
	o.city.Get(admin("/pegawai/0")).Want(404)
	// An admin of a part records nobody without a post, whom they would not see again.
	o.kecamatan.Get(admin("/pegawai/baru")).Submit(adminForm, values("nama", "Tanpa Tempat", "nip", "199001012015012002", "kepegawaian", "pns")).Want(404)
}

func TestStalePersonFormIsAConflict(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person := o.newPerson(t, "Rahma", goodNIP)
	first, second := o.city.Get(admin("/pegawai/%d/ubah", person)), o.city.Get(admin("/pegawai/%d/ubah", person))
	o.Clock.Advance(time.Minute)
	first.Submit(adminForm, values("pangkat", "III/a")).Want(200)
	v := values("pangkat", "III/b")
	refusedWith(t, second.Submit(adminForm, v), 409, "", "baru saja diubah orang lain", v)
	o.audited(t, 1, "org.person.update", person)
}

func TestOneSeatTakesOneOfManyAppointments(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	post := o.lurah(t, "73.71.13.1003")
	var pages []*apptest.Page
	var people []int64
	for _, n := range []string{"A", "B", "C", "D", "E", "F"} {
		people = append(people, o.newPerson(t, "Calon "+n, "calon-"+n))
		pages = append(pages, o.city.Get(admin("/jabatan/%d/tunjuk?cari=calon", post)).Want(200))
	}
	var won, lost atomic.Int32
	var all sync.WaitGroup
	for i, page := range pages {
		all.Go(func() {
			switch p := page.Submit("form.form[method=post]", appointment(people[i])); p.Status {
			case 200:
				won.Add(1)
			case 409:
				lost.Add(1)
				if !strings.Contains(p.Text("#ringkasan-galat"), "sudah terisi") {
					t.Errorf("the loser reads %q", p.Text("#ringkasan-galat"))
				}
			default:
				t.Errorf("status %d: %s", p.Status, p.Text("main"))
			}
		})
	}
	all.Wait()
	if won.Load() != 1 || lost.Load() != 5 {
		t.Errorf("%d won and %d lost, want 1 and 5", won.Load(), lost.Load())
	}
	if n := o.id(t, `SELECT count(*) FROM org_occupancy WHERE position_id = $1`, post); n != 1 {
		t.Errorf("%d people sit there", n)
	}
}

func TestPlhNeedsAnEndAndOccupanciesEnd(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	post, person := o.lurah(t, "73.71.13.1004"), o.newPerson(t, "Wakil", "wakil-1")
	open := func() *apptest.Page { return o.city.Get(admin("/jabatan/%d/tunjuk?cari=wakil", post)) }
	const f = "form.form[method=post]"
	p := open().Submit(f, appointment(person, "bentuk", "plh")).Want(422)
	if !strings.Contains(p.Text("#sampai-error"), "Plh perlu tanggal berakhir") {
		t.Errorf("refused with %q", p.Text("#ringkasan-galat"))
	}
	p = open().Submit(f, appointment(person, "bentuk", "raja")).Want(422)
	if !strings.Contains(p.Text("#ringkasan-galat"), "Pilih definitif") {
		t.Errorf("refused with %q", p.Text("#ringkasan-galat"))
	}
	if p := open().Submit(f, appointment(person, "bentuk", "plh", "sampai", "2026-12-31")).Want(200); !strings.Contains(p.Text("body"), "lebih dari 30 hari") {
		t.Errorf("nothing warns of a long Plh: %s", p.Text(".flash"))
	}
	occupancy := o.id(t, `SELECT id FROM org_occupancy WHERE person_id = $1`, person)
	o.city.Get(admin("/penempatan/%d/akhiri", occupancy)).Submit(adminForm, values("sampai", "2026-11-30")).Want(200)
	o.audited(t, 1, "org.occupancy.end", occupancy)
	o.city.Get(admin("/penempatan/%d/akhiri", occupancy)).Submit(adminForm, values("sampai", "2026-12-20")).Want(409)
	o.clerk.Post(admin("/penempatan/%d/akhiri", occupancy), nil).Want(404)
}

func TestUnitAdminFillsNoPostThatReachesFurther(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	post := o.id(t, `INSERT INTO org_position (unit_id, title, kind) VALUES ($1, 'Admin Kota di Kecamatan', 'pelaksana') RETURNING id`, o.unitID(t, "73.71.13"))
	o.Grant(t, post, o.id(t, `SELECT id FROM org_unit WHERE parent_id IS NULL`), portal.PermRoles)
	p := o.kecamatan.Get(admin("/jabatan/%d/tunjuk?cari=kasma", post)).Submit("form.form[method=post]", appointment(o.camat.PersonID)).Want(409)
	if !strings.Contains(p.Text("#ringkasan-galat"), "wewenang di luar unit Anda") {
		t.Errorf("refused with %q", p.Text("#ringkasan-galat"))
	}
	// People of other units are not theirs either.
	o.kecamatan.Get(admin("/pegawai/%d", o.staff.PersonID)).Want(404)
	o.kecamatan.Post(admin("/pegawai/%d/keluar", o.staff.PersonID), values("tanggal", "2026-11-24")).Want(404)
	if p := o.kecamatan.Get(admin("/pegawai?cari=sitti")); !p.Has(".empty") {
		t.Error("the list shows somebody else's staff")
	}
}

func TestPositionsAreCreatedChangedAndClosed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	kec := o.unitID(t, "73.71.13")
	p := o.kecamatan.Get(admin("/unit/%d/jabatan-baru", kec)).Submit(adminForm, values(
		"jabatan", "Kepala Seksi Trantib", "jenis", "struktural", "atasan", "Camat Rappocini", "kursi", "1")).Want(200)
	if p.Text("h1") != "Kepala Seksi Trantib" || !strings.Contains(p.Text("main"), "Camat Rappocini") {
		t.Fatalf("the new position's page: %q", p.Text("main"))
	}
	id := o.id(t, `SELECT id FROM org_position WHERE title = 'Kepala Seksi Trantib'`)
	o.audited(t, 1, "org.position.add", id)
	v := values("jabatan", "Kepala Seksi Trantib", "jenis", "struktural", "kursi", "1")
	refusedWith(t, o.kecamatan.Get(admin("/unit/%d/jabatan-baru", kec)).Submit(adminForm, v), 422, "jabatan", "sudah punya jabatan", v)
	v = values("kursi", "0")
	refusedWith(t, o.kecamatan.Get(admin("/jabatan/%d/ubah", id)).Submit(adminForm, v), 422, "kursi", "1 sampai 1.000", v)
	v = values("atasan", "Raja Gowa")
	refusedWith(t, o.kecamatan.Get(admin("/jabatan/%d/ubah", id)).Submit(adminForm, v), 422, "atasan", "Tidak ada jabatan", v)
	o.kecamatan.Get(admin("/jabatan/%d/tutup", id)).Submit(adminForm, values("tanggal", "2026-12-01")).Want(200)
	o.audited(t, 1, "org.position.close", id)
	o.kecamatan.Get(admin("/jabatan/%d", o.lurah(t, "DPU"))).Want(404)
}

func TestMassChangeIsTriedThenAppliedWhole(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	one, two := o.lurah(t, "73.71.13.1001"), o.lurah(t, "73.71.13.1002")
	ani, budi := o.newPerson(t, "Ani", "ani-1"), o.newPerson(t, "Budi", "budi-1")
	for person, post := range map[int64]int64{ani: one, budi: two} {
		o.id(t, `INSERT INTO org_occupancy (position_id, person_id, kind, starts_at) VALUES ($1, $2, 'definitif', '2025-01-01') RETURNING id`, post, person)
	}
	holder := func(post int64) int64 {
		return o.id(t, `SELECT person_id FROM org_occupancy WHERE position_id = $1 AND during @> '2026-12-01 01:00+08'::timestamptz`, post)
	}
	swap := values("tanggal", "2026-12-01", "dasar", "821/77/BKPSDM", "nip_1", "ani-1", "jabatan_1", "Lurah Kassi-Kassi", "nip_2", "budi-1", "jabatan_2", "Lurah Tidung")
	bad := url.Values{}
	for k, vs := range swap {
		bad[k] = vs
	}
	bad.Set("jabatan_2", "Lurah Atlantis")
	page := o.city.Get(admin("/mutasi")).Want(200)
	p := page.Submit("form.form", bad).Want(422)
	if !strings.Contains(p.Text("#jabatan_2-error"), "tidak ada jabatan") || apptest.Shown(p.Doc.Find("form.form")).Get("nip_1") != "ani-1" {
		t.Errorf("the bad line: %q", p.Text("#ringkasan-galat"))
	}
	bad.Set("@tombol", "terapkan=1")
	page.Submit("form.form", bad).Want(422)
	if holder(one) != ani || holder(two) != budi {
		t.Fatal("a bad list changed something")
	}
	p = page.Submit("form.form", swap).Want(200)
	if !strings.Contains(p.Text("main"), "2 pindah") || holder(one) != ani {
		t.Fatalf("the dry run: %q", p.Text("main"))
	}
	p.Submit("form.form", values("@tombol", "terapkan=1")).Want(200)
	if holder(one) != budi || holder(two) != ani {
		t.Error("the two did not swap")
	}
	o.audited(t, 1, "org.occupancy.mass", 0)
	o.audited(t, 2, "org.occupancy.appoint", 0)
	// Sent again, it is true already.
	swap.Set("@tombol", "terapkan=1")
	page.Submit("form.form", swap).Want(200)
	o.audited(t, 2, "org.occupancy.appoint", 0)
	o.kecamatan.Get(admin("/mutasi")).Want(404)

	csv := apptest.File{Control: "berkas", Name: "mutasi.csv", Type: "text/csv", Data: []byte("NIP;Jabatan\nani-1;Lurah Tidung\nbudi-1;Lurah Kassi-Kassi\n")}
	p = page.Submit("form.form", values("tanggal", "2026-12-15"), csv).Want(200)
	if !strings.Contains(p.Text("main"), "2 pindah") || apptest.Shown(p.Doc.Find("form.form")).Get("jabatan_2") != "Lurah Kassi-Kassi" {
		t.Errorf("the uploaded list: %q", p.Text("main"))
	}
	rubbish := apptest.File{Control: "berkas", Name: "x.xlsx", Type: "application/zip", Data: []byte("PK\x03\x04rubbish")}
	if p := page.Submit("form.form", values("tanggal", "2026-12-15"), rubbish).Want(422); !strings.Contains(p.Text("#berkas-error"), "tidak dapat dibaca") {
		t.Errorf("rubbish: %q", p.Text("#ringkasan-galat"))
	}
}
