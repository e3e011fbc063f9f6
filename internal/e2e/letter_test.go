package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	kelurahan = "73.71.13.1002" // Kassi-Kassi
	kecamatan = "73.71.13"
	secret    = "kata sandi yang panjang" // of who signs
)

// office is a kelurahan with its people and residents.
type office struct {
	*city
	operator, secretary, lurah, camat authz.Actor
	unit                              int64
	residents                         []int64
	niks                              []string
}

// newOffice staffs Kelurahan Kassi-Kassi and its kecamatan.
func newOffice(c *city) *office {
	c.t.Helper()
	ctx := context.Background()
	c.must(c.App.Letters.EnsureKinds(ctx))
	o := &office{city: c}
	hire := func(who, name, unit, kind, title string, ps ...authz.Permission) authz.Actor {
		h := c.Hire(c.t, apptest.Staff{Name: name, Email: who + "@portal.example", UnitCode: unit, Kind: kind, Title: title, Permissions: ps})
		c.Password(c.t, h.AccountID, secret)
		c.accounts[who] = h.AccountID
		a, err := c.App.Accounts.Actor(ctx, h.AccountID)
		c.must(err)
		return a
	}
	o.operator = hire("operator", "Hasnah Mile", kelurahan, "pelaksana", "Pengelola Pelayanan", letter.PermView, letter.PermCheck, letter.PermIdentity, letter.PermExport,
		epemerintahan.PermView, epemerintahan.PermEdit)
	o.secretary = hire("sekretaris", "Ridwan Saleh", kelurahan, "sekretaris", "Sekretaris Kelurahan Kassi-Kassi", letter.PermView, letter.PermParaf, epemerintahan.PermView)
	o.lurah = hire("lurah", "Andi Mulyani", kelurahan, "kepala", "", letter.PermView, letter.PermSign, epemerintahan.PermView)
	o.camat = hire("camat", "Baso Amiruddin", kecamatan, "kepala", "", letter.PermView, letter.PermSign)
	o.unit = o.operator.MainPosition().UnitID
	for i, name := range []string{"Muh. Yusuf Daeng Nai", "Sitti Nurhayati", "Abd. Rahman Daeng Tutu", "Hj. Rosmini", "Andi Zulkifli", "Nurul Fadhilah"} {
		o.family(i, name)
	}
	return o
}

// family records somebody with a wife or husband and a child.
func (o *office) family(i int, name string) {
	o.t.Helper()
	number := func(member int) string { return fmt.Sprintf("737113170885%02d%02d", i+1, member) }
	person := func(member, relation int, name string, year int) epemerintahan.NewResident {
		return epemerintahan.NewResident{NIK: number(member), Person: epemerintahan.Person{
			Relation: relation, Name: name, Sex: epemerintahan.Male, BirthPlace: "Makassar", BirthDate: time.Date(1985, 8, 17, 0, 0, 0, 0, time.UTC),
			Religion: 1, Education: 5, Job: 88, Marital: 2, Citizenship: 1, Permanence: 1,
		}}
	}
	var added []epemerintahan.AddedFamily
	o.must(pg.InTx(context.Background(), o.Pool, func(tx pgx.Tx) (err error) {
		added, err = o.App.Residents.AddFamilies(context.Background(), tx, o.operator, []epemerintahan.NewFamily{{
			Home: epemerintahan.Home{KelurahanID: o.unit, RW: "003", RT: "002", Address: fmt.Sprintf("Jl. Toddopuli III No. %d", i+1)}, KK: fmt.Sprintf("737113010120%04d", i+1),
			Members: []epemerintahan.NewResident{person(1, 1, name, 1985), person(2, 4, "Anak "+name, 1985)},
		}})
		return err
	}))
	if len(added[0].Problems) > 0 {
		o.t.Fatalf("%+v", added[0].Problems)
	}
	o.residents, o.niks = append(o.residents, added[0].Residents[0]), append(o.niks, number(1))
}

// electronic lets a kind be signed electronically.
func (o *office) electronic(code string) {
	o.t.Helper()
	_, err := o.DB.Owner().Exec(context.Background(), `INSERT INTO epemerintahan_kind_version (code, unit_id, version, definition, created_at)
		SELECT code, $2, 1, jsonb_set(definition, '{mode}', '"tte"'), $3 FROM epemerintahan_kind_version WHERE code = $1 AND unit_id IS NULL`,
		code, o.unit, o.Clock.Now())
	o.must(err)
}

// enter makes a letter at the counter about a resident.
func (o *office) enter(code string, resident int) int64 {
	o.t.Helper()
	ctx, m := context.Background(), o.App.Letters
	o.Clock.Advance(7 * time.Minute)
	k, err := m.KindFor(ctx, o.unit, code)
	o.must(err)
	e := letter.Entry{KelurahanID: o.unit, Code: code, Subject: letter.Person{ResidentID: o.residents[resident]}, Values: k.SampleValues(o.Clock.Now())}
	for _, r := range k.Requirements {
		e.Checked = append(e.Checked, r.Name)
	}
	id, err := m.Enter(ctx, o.operator, e)
	o.must(err)
	return id
}

func (o *office) paraf(id int64) int64 {
	o.t.Helper()
	o.must(o.App.Letters.Do(context.Background(), o.secretary, letter.ActParaf, letter.Act{ID: id}))
	return id
}

func (o *office) sign(id int64) int64 {
	o.t.Helper()
	ctx, m := context.Background(), o.App.Letters
	_, err := m.View(ctx, o.lurah, id)
	o.must(err)
	o.must(m.Sign(ctx, o.lurah, []letter.Act{{ID: id}}, letter.Secret{})[0].Err)
	return id
}

func (o *office) print(id int64) int64 {
	o.t.Helper()
	o.must(o.App.Letters.Print(context.Background(), o.operator, letter.Act{ID: id}))
	return id
}

func (o *office) scan(id int64) int64 {
	o.t.Helper()
	o.must(o.App.Letters.AttachScan(context.Background(), o.operator, letter.Act{ID: id}, letter.File{
		Name: "surat.pdf", ReadSeeker: bytes.NewReader(mediatest.PDF("")),
	}))
	return id
}

// letterScreens are the letters' desk, by who looks at it.
func (c *city) letterScreens(into map[string][]screen) {
	c.t.Helper()
	ctx := context.Background()
	o := newOffice(c)
	m := c.App.Letters
	o.electronic("DOM")
	o.electronic("USH")
	at := func(id int64, rest ...string) string {
		s := "/meja/surat/" + idText(id)
		for _, r := range rest {
			s += "/" + r
		}
		return s
	}
	back := o.enter("DOM", 0)
	c.must(m.Do(ctx, o.secretary, letter.ActSendBack, letter.Act{ID: back, Reason: "Alamatnya belum sesuai dengan KK, tolong dicek."}))
	waiting := o.enter("TM", 1)
	parafed, second := o.paraf(o.enter("DOM", 2)), o.paraf(o.enter("USH", 3))
	wet := o.paraf(o.enter("SKC", 1))
	printed := o.print(o.enter("BRM", 4))
	done := o.scan(o.print(o.enter("MTI", 5)))
	signed := o.sign(o.paraf(o.enter("DOM", 4)))
	voided := o.sign(o.paraf(o.enter("DOM", 3)))
	c.must(m.Do(ctx, o.lurah, letter.ActVoid, letter.Act{ID: voided, Reason: "Nama salah tulis, diterbitkan penggantinya."}))
	open := func(tab *e2e.Tab) {
		e2e.Eval[bool](tab, `document.querySelectorAll("main details").forEach((d) => { d.open = true; }), true`)
	}
	counter := func(kind string) func(*e2e.Tab) {
		return func(tab *e2e.Tab) {
			tab.Fill("#cari", o.niks[0]).Click("#lanjut").Wait(".known-subject")
			if kind != "" {
				tab.Fill("#kode-ketik", kind).Press("\r").Wait("#isian")
			}
		}
	}
	into["operator"] = append(into["operator"],
		screen{name: "surat-periksa", path: "/meja/surat"},
		screen{name: "surat-menunggu", path: "/meja/surat?antrean=menunggu"},
		screen{name: "surat-pindai", path: "/meja/surat?antrean=pindai"},
		screen{name: "meja-operator", path: "/meja"},
		screen{name: "loket", path: "/meja/surat/baru"},
		screen{name: "loket-nama", path: "/meja/surat/baru", do: func(tab *e2e.Tab) { tab.Fill("#cari", "daeng").Click("#lanjut").Wait(".found") }},
		screen{name: "loket-tidak-ada", path: "/meja/surat/baru", do: func(tab *e2e.Tab) { tab.Fill("#cari", "7371131708859999").Click("#lanjut").Wait("#ringkasan-galat") }},
		screen{name: "loket-warga", path: "/meja/surat/baru", do: counter("")},
		screen{name: "loket-isian", path: "/meja/surat/baru", do: counter("DOM")},
		screen{name: "loket-orang", path: "/meja/surat/baru", do: counter("LHR")},
		screen{name: "loket-luar", path: "/meja/surat/baru", do: func(tab *e2e.Tab) { tab.Click("button[value=luar]").Wait(".person") }},
		screen{name: "loket-tidak-bisa", path: "/meja/surat/baru", do: func(tab *e2e.Tab) {
			tab.Fill("#cari", o.niks[0]).Click("#lanjut").Wait(".known-subject").Fill("#kode-ketik", "BMN").Press("\r").Wait("#loket .ds-alert")
		}},
		screen{name: "surat-dikembalikan-cek", path: at(back), do: open},
		screen{name: "surat-ubah", path: at(back, "ubah")},
		screen{name: "surat-dicetak", path: at(printed)},
		screen{name: "surat-baru-dicetak", path: at(printed) + "?cetak"},
		screen{name: "surat-terbit-basah", path: at(done), do: open},
		screen{name: "surat-terbit", path: at(signed)},
		screen{name: "surat-dicabut", path: at(voided)},
	)
	claim := func(i int, name string, photo *letter.File) string {
		a, err := c.App.Accounts.Actor(ctx, c.Citizen(c.t, fmt.Sprintf("identitas%d@portal.example", i), name))
		c.must(err)
		c.must(m.ClaimIdentity(ctx, a, o.niks[i], o.unit, photo))
		return "/meja/surat/identitas/" + c.first("epemerintahan_identity WHERE account_id = "+idText(a.AccountID))
	}
	shown := claim(0, "Yusuf Nai", &letter.File{Name: "ktp.jpg", ReadSeeker: bytes.NewReader(mediatest.JPEG(1200, 760))})
	coming := claim(1, "Nurhayati", nil)
	search := func(words string) func(*e2e.Tab) {
		return func(tab *e2e.Tab) { tab.Fill("#q", words).Submit("form[role=search] button[type=submit]").Wait("main") }
	}
	into["operator"] = append(into["operator"],
		screen{name: "identitas", path: "/meja/surat/identitas"},
		screen{name: "identitas-foto", path: shown, do: open},
		screen{name: "identitas-datang", path: coming},
		screen{name: "register", path: "/meja/surat/register", do: open},
		screen{name: "register-cari", path: "/meja/surat/register", do: search("daeng")},
		screen{name: "register-kosong", path: "/meja/surat/register", do: search("zebra")},
		screen{name: "buku-nomor", path: "/meja/surat/register/nomor"},
	)
	into["sekretaris"] = append(into["sekretaris"], screen{name: "surat-paraf", path: "/meja/surat"}, screen{name: "surat-menunggu-paraf", path: at(waiting), do: open})
	into["lurah"] = append(into["lurah"],
		screen{name: "surat-tanda-tangan", path: "/meja/surat"},
		screen{name: "tanda-tangan", path: "/meja/surat/tanda-tangan"},
		screen{name: "tanda-tangan-baca", path: "/meja/surat/tanda-tangan/" + idText(parafed)},
		screen{name: "tanda-tangan-terbaca", path: "/meja/surat/tanda-tangan/" + idText(second), do: func(tab *e2e.Tab) {
			tab.Submit(`.turn button[type=submit]`).Go("/meja/surat/tanda-tangan").Wait("#sandi")
		}},
		screen{name: "surat-lurah", path: at(parafed), do: open},
		screen{name: "surat-lurah-basah", path: at(wet)},
	)
	into["camat"] = append(into["camat"], screen{name: "surat-camat", path: "/meja/surat"})
	c.ids["id"], c.ids["which"] = idText(signed), string(letter.FilePDF)
}
