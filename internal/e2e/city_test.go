package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/oversight"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/survey"
	surveyweb "makassartidakrantasa.com/portal/internal/survey/web"
)

func idText(n int64) string { return strconv.FormatInt(n, 10) }

// city is a portal with people and reports in it.
type city struct {
	*apptest.Server
	t        testing.TB
	accounts map[string]int64 // by role; a visitor has none
	petugas  apptest.Hired
	tugas    int64 // the auditor's assignment
	areas    []org.Area
	ids      map[string]string // what placeholders of the desk's addresses stand for
}

func newCity(t testing.TB, options ...apptest.Option) *city {
	t.Helper()
	c := &city{Server: apptest.New(t, options...), t: t, accounts: map[string]int64{}}
	areas, err := org.Areas(context.Background(), c.Pool)
	if err != nil {
		t.Fatal(err)
	}
	c.areas = areas
	c.must(c.App.Letters.EnsureKinds(context.Background()))
	c.accounts["warga"] = c.Citizen(t, "warga@portal.example", "Daeng Sitti")
	for who, h := range map[string]apptest.Staff{
		"dispatcher": {Name: "Dewi Verifikator", UnitCode: "KOMINFO", City: true, Permissions: []authz.Permission{mtr.PermDispatch, mtr.PermModerate}},
		"validator":  {Name: "Vina Pemeriksa", UnitCode: "KOMINFO", City: true, Permissions: []authz.Permission{mtr.PermValidate}},
		"kepala":     {Name: "Hasan Kepala", UnitCode: "DISHUB", Permissions: []authz.Permission{mtr.PermHandle, mtr.PermOverview}},
		"petugas":    {Name: "Petugas Lampu", UnitCode: "DISHUB", Permissions: []authz.Permission{mtr.PermWork}},
		"walikota":   {Name: "Wali Kota", UnitCode: "KOMINFO", City: true, Permissions: []authz.Permission{mtr.PermOverview, mtr.PermReveal}},
		"inspektur":  {Name: "Ina Sekretaris", UnitCode: "INSP", Permissions: []authz.Permission{oversight.PermAssign}},
		"auditor":    {Name: "Amir Auditor", UnitCode: "INSP", City: true, Permissions: []authz.Permission{mtr.PermOverview, mtr.PermReveal}},
		"admin":      {Name: "Ani Pengelola", UnitCode: "KOMINFO", City: true, Permissions: authz.Registered()},
	} {
		h.Email = who + "@portal.example"
		hired := c.Hire(t, h)
		c.accounts[who] = hired.AccountID
		if who == "auditor" {
			c.tugas = c.Assign(t, hired, "mtr")
		}
		if who == "petugas" {
			c.petugas = hired
			c.ids = map[string]string{
				"unit": idText(hired.UnitID), "jabatan": idText(hired.PositionID), "pegawai": idText(hired.PersonID),
				"penempatan": idText(hired.OccupancyID), "akun": idText(hired.AccountID), "kategori": idText(c.category("LAMPU").ID),
				"peran": c.first("authz_role"), "wewenang": c.first("authz_grant"), "jadwal": c.first("calendar_schedule"),
				"hari": "2026-12-25", "jenis": "unit", "kode": "DOM",
			}
		}
	}
	c.must(c.App.Personal.AskErasure(context.Background(), c.Actor(t, c.accounts["warga"])))
	c.ids["permintaan"] = c.first("portal_erasure")
	return c
}

func (c *city) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// first is the id of some row.
func (c *city) first(table string) (id string) {
	c.t.Helper()
	c.must(c.DB.Owner().QueryRow(context.Background(), `SELECT min(id)::text FROM `+table).Scan(&id))
	return id
}

func (c *city) category(name string) mtr.Category {
	c.t.Helper()
	all, err := c.App.MTR.Categories(context.Background())
	c.must(err)
	for _, k := range all {
		if k.Code == name {
			return k
		}
	}
	c.t.Fatalf("no category %s", name)
	return mtr.Category{}
}

// draft makes a report of a lamp, as far as the last step.
func (c *city) draft(a authz.Actor, seed uint64, title string) string {
	c.t.Helper()
	ctx, m := context.Background(), c.App.MTR
	token, err := m.CreateDraft(ctx, a)
	c.must(err)
	photo := mediatest.JPEG(1200, 900, mediatest.Seed(seed), mediatest.GPS(-5.1357, 119.4131))
	_, err = m.AddPhoto(ctx, token, mtr.PhotoInput{File: bytes.NewReader(photo), Size: int64(len(photo))})
	c.must(err)
	c.must(m.FinishPhotos(ctx, token))
	area := c.areas[int(seed*7)%len(c.areas)]
	c.must(m.SavePlace(ctx, token, mtr.PlaceInput{
		Place: &mtr.Point{Lat: area.Lat, Lng: area.Lng}, Source: mtr.SourcePin, KelurahanID: area.ID, Landmark: "Jl. Veteran Selatan, depan masjid",
	}))
	c.must(m.SaveDraftCategory(ctx, token, mtr.CategoryInput{CategoryID: c.category("LAMPU").ID}))
	c.must(m.SaveExtra(ctx, token, map[string]string{"kabel": "tidak", "jumlah": "beberapa"}))
	c.must(m.SaveWords(ctx, token, mtr.WordsInput{Title: title, Body: fmt.Sprintf("Sudah %d hari tidak menyala. Jalannya gelap sekali dan dua orang sudah jatuh.", seed)}))
	c.must(m.SaveWho(ctx, token, mtr.WhoInput{Name: "Daeng Sitti", Email: fmt.Sprintf("sitti%d@portal.example", seed)}))
	return token
}

// sent is a report that was sent, with what the reporter got for it.
type sent struct {
	mtr.Receipt
	own string // path of the reporter's page
}

func (c *city) send(token string, a authz.Actor) sent {
	c.t.Helper()
	r, err := c.App.MTR.Submit(context.Background(), a, token)
	c.must(err)
	return sent{r, "/mtr/laporan/" + r.Number + "/" + r.Token}
}

// stages are reports as far as their names say.
type stages struct {
	received, forwarded, asked, working, proven, done, closed, rejected, referred, duplicate, secret, mine, held sent

	seed    uint64 // of forwarded
	support string // path of the link sent to somebody who supports forwarded
}

func (c *city) stages() (s stages) {
	c.t.Helper()
	ctx, m := context.Background(), c.App.MTR
	actor := func(who string) authz.Actor {
		a, err := c.App.Accounts.Actor(ctx, c.accounts[who])
		c.must(err)
		return a
	}
	dispatcher, head, worker, validator, citizen := actor("dispatcher"), actor("kepala"), actor("petugas"), actor("validator"), actor("warga")
	act := func(r sent) mtr.Act { return mtr.Act{ReportID: r.ReportID} }
	titles := []string{
		"Lampu jalan mati di depan Pasar Terong", "Tiga lampu padam di Jl. Veteran Selatan", "Lorong gelap sejak Minggu", "Lampu taman tidak menyala",
		"Lampu jalan berkedip di Hertasning", "Lampu di jembatan Tello mati",
	}
	n := uint64(10)
	next := func(a authz.Actor) sent {
		n++
		c.Clock.Advance(37 * time.Minute)
		return c.send(c.draft(a, n, titles[int(n)%len(titles)]), a)
	}
	forward := func(r sent) sent {
		c.must(m.Forward(ctx, dispatcher, mtr.ForwardInput{Act: act(r), UnitID: c.petugas.UnitID, Note: "Kami teruskan ke Dinas Perhubungan."}))
		return r
	}
	start := func(r sent) sent {
		c.must(m.Assign(ctx, head, mtr.AssignInput{Act: act(r), PositionID: c.petugas.PositionID, PersonID: c.petugas.PersonID}))
		c.must(m.Start(ctx, worker, mtr.StartInput{Act: act(r), Note: "Tim sedang di tempat."}))
		return r
	}
	prove := func(r sent) sent {
		n++
		photo := mediatest.JPEG(1200, 900, mediatest.Seed(n))
		_, err := m.AddProofPhoto(ctx, worker, r.ReportID, mtr.PhotoInput{File: bytes.NewReader(photo), Size: int64(len(photo))})
		c.must(err)
		c.must(m.SubmitProof(ctx, worker, mtr.ProofInput{Act: act(r), Answer: "Tiga lampu sudah diganti dan menyala."}))
		return r
	}
	finish := func(r sent) sent {
		c.must(m.Validate(ctx, validator, mtr.ValidateInput{Act: act(r)}))
		return r
	}
	visitor := authz.Actor{}
	s.closed = finish(prove(start(forward(next(visitor)))))
	key := mtr.ReporterKey{Number: s.closed.Number, Token: s.closed.Token}
	c.must(m.Confirm(ctx, visitor, key))
	c.must(m.Rate(ctx, visitor, key, mtr.RateInput{Stars: 5, Comment: "Cepat."}))
	s.done = finish(prove(start(forward(next(visitor)))))
	s.proven = prove(start(forward(next(visitor))))
	s.working = start(forward(next(visitor)))
	s.asked = forward(next(visitor))
	c.must(m.AskInfo(ctx, head, mtr.AskInfoInput{Act: act(s.asked), Question: "Tiang nomor berapa? Tertulis di pelat kecil pada tiangnya."}))
	s.rejected = next(visitor)
	c.must(m.Reject(ctx, dispatcher, mtr.RejectInput{Act: act(s.rejected), Reason: "Foto dan tempatnya tidak cocok. Silakan kirim laporan baru."}))
	s.referred = next(visitor)
	c.must(m.ReferOut(ctx, dispatcher, mtr.ReferInput{Act: act(s.referred), Agency: "PLN UP3 Makassar Selatan", AgencyRef: "PLN-8812", Reason: "Lampu di gardu adalah milik PLN."}))
	c.must(m.RecordAgencyAnswer(ctx, dispatcher, mtr.AgencyAnswerInput{Act: act(s.referred), AgencyRef: "PLN-8812", Answer: "Petugas kami datang hari Kamis."}))
	s.forwarded = forward(next(visitor))
	s.seed = n
	s.support = c.supportLink(s.forwarded.Number)
	s.duplicate = next(visitor)
	c.must(m.MarkDuplicate(ctx, dispatcher, mtr.DuplicateInput{Act: act(s.duplicate), ParentNumber: s.forwarded.Number}))
	s.mine = forward(next(citizen))
	hidden := c.draft(visitor, 99, "Lampu di rumah aman mati")
	c.must(m.SaveWho(ctx, hidden, mtr.WhoInput{Anonymous: true, Confidential: true}))
	s.secret = c.send(hidden, visitor)
	spam := c.draft(visitor, 98, "Lampu murah, cek tautan ini")
	c.must(m.SaveWords(ctx, spam, mtr.WordsInput{Title: "Lampu murah, cek tautan ini", Body: "https://a.example https://b.example https://c.example"}))
	s.held = c.send(spam, visitor)
	s.received = next(visitor)
	c.Clock.Advance(26 * time.Hour)
	return s
}

// supportLink asks for the support of a report and returns the path of the link sent.
func (c *city) supportLink(number string) string {
	c.t.Helper()
	ctx := context.Background()
	c.must(c.App.MTR.AskSupport(ctx, number, "tetangga@portal.example"))
	var sealed []byte
	c.must(c.DB.Owner().QueryRow(ctx, `SELECT token_sealed FROM mtr_support ORDER BY id DESC LIMIT 1`).Scan(&sealed))
	token, err := c.App.Box.Open(sealed, "mtr.support")
	c.must(err)
	return "/mtr/dukungan/" + token
}

// citizenPaths are pages about reports that any visitor may open.
func (s stages) citizenPaths() []string {
	return []string{"/mtr/laporan/" + s.closed.Number, "/mtr/laporan/" + s.received.Number, s.done.own, s.asked.own}
}

// screens are the pages by who looks at them.
func (c *city) screens() map[string][]screen {
	s := c.stages()
	full := "/mtr/lapor/" + c.draft(authz.Actor{}, 1, "Lampu jalan mati di depan pasar")
	spoiled := "/mtr/lapor/" + c.draft(authz.Actor{}, 2, "Lampu jalan mati")
	again := "/mtr/lapor/" + c.draft(authz.Actor{}, s.seed, "Lampu taman tidak menyala") // what was forwarded
	receipt := c.draft(authz.Actor{}, 3, "Lampu jalan mati di ujung lorong")
	c.send(receipt, authz.Actor{})
	detail := func(name string, r sent) screen {
		return screen{name: "laporan-" + name, path: "/mtr/laporan/" + r.Number}
	}
	own := func(name string, r sent) screen { return screen{name: "pelapor-" + name, path: r.own} }
	desk := func(name string, r sent) screen { return screen{name: "meja-" + name, path: "/meja/mtr/" + r.Number} }
	open := func(selector string) func(*e2e.Tab) {
		return func(tab *e2e.Tab) {
			e2e.Eval[bool](tab, `document.querySelectorAll("`+selector+`").forEach((d) => { d.open = true; }), true`)
		}
	}
	all := map[string][]screen{
		"pemeriksa": c.verification(),
		"tamu": {
			{path: "/", do: func(tab *e2e.Tab) { // what the browser kept is looked at, before there is a service worker
				tab.Go("/")
				if took := e2e.Eval[int](tab, `performance.getEntriesByType("navigation")[0].transferSize`); took > againBudget || !e2e.Eval[bool](tab, `document.documentElement.matches(".js")`) {
					c.t.Errorf("the front page comes in %d bytes again, or its script does not run", took)
				}
			}},
			{path: "/lacak"},
			{path: "/lacak?nomor=abc"},
			{name: "lacak-tidak-ada", path: "/lacak?nomor=MTR-26-999999"},
			{path: "/tentang"}, {path: "/bantuan"}, {path: "/bantuan/laporan"}, {path: "/bantuan/surat"}, {path: "/bantuan/puskesmas"}, {path: "/tentang-data"}, {path: "/privasi"}, {path: "/aksesibilitas"},
			{path: "/tidak-ada"}, {path: "/luring"}, {path: "/mtr/lapangan"},
			{path: "/mtr/lapor/luring", do: func(tab *e2e.Tab) {
				tab.Wait("form[data-luring]").Check("Lampu jalan mati").Click("form[data-luring] button[type=submit]").WaitText("[data-luring-galat]", "Tulis judul")
			}},
			{path: "/mtr"},
			{name: "mtr-saring", path: "/mtr?kategori=LAMPU&status=proses"},
			{name: "mtr-kosong", path: "/mtr?cari=zebra"},
			{name: "mtr-ikuti", path: "/mtr/ikuti?hal=kategori&dari=LAMPU"},
			{path: "/mtr/peta", do: func(tab *e2e.Tab) { tab.Wait(".leaflet-marker-icon") }},
			{path: "/mtr/data"},
			{path: "/mtr/statistik"},
			{name: "statistik-daftar", path: "/mtr/statistik/daftar?angka=masuk"},
			{name: "statistik-terlambat", path: "/mtr/statistik/daftar?angka=terlambat"},
			{name: "dukung", path: "/mtr/laporan/" + s.forwarded.Number + "/dukung"},
			{name: "dukung-tautan", path: s.support},
			detail("baru", s.received), detail("diteruskan", s.forwarded), detail("ditutup", s.closed),
			detail("duplikat", s.duplicate), detail("dirujuk", s.referred),
		},
		"pelapor": {
			{path: "/mtr/lapor"},
			{name: "lapor-foto-galat", path: "/mtr/lapor", do: func(tab *e2e.Tab) { tab.Click("form[data-photos] button[type=submit]").Wait("#ringkasan-galat") }},
			{name: "lapor-foto", path: full + "/foto"},
			{name: "lapor-tempat", path: full + "/tempat"},
			{name: "lapor-tempat-peta", path: full + "/tempat", do: func(tab *e2e.Tab) { tab.Click("[data-open-map]").Wait(".pin-mark") }},
			{name: "lapor-kategori", path: full + "/kategori"},
			{name: "lapor-pertanyaan", path: full + "/pertanyaan"},
			{name: "lapor-darurat", path: full + "/darurat"},
			{name: "lapor-uraian", path: full + "/uraian"},
			{name: "lapor-uraian-galat", path: spoiled + "/uraian", do: func(tab *e2e.Tab) {
				tab.Fill("#judul", "").Fill("#uraian", "x").Submit("main form button").Wait("#ringkasan-galat")
			}},
			{name: "lapor-serupa", path: again + "/serupa", do: func(tab *e2e.Tab) { tab.Wait(".alike") }},
			{name: "lapor-pelapor", path: full + "/pelapor", do: open("details.more")},
			{name: "lapor-periksa", path: full + "/periksa"},
			{name: "lapor-terkirim", path: "/mtr/lapor/" + receipt + "/terkirim"},
			own("baru", s.received), own("ditanya", s.asked), own("dikerjakan", s.working), own("selesai", s.done), own("ditutup", s.closed),
			own("ditolak", s.rejected), own("rahasia", s.secret), own("tertahan", s.held),
			{name: "pelapor-selesai-buka", path: s.done.own, do: open("main details")},
		},
		"warga": {
			{path: "/mtr/laporan-saya"},
			{name: "laporan-saya", path: "/mtr/laporan-saya/" + s.mine.Number},
			{name: "depan-warga", path: "/"},
		},
		"dispatcher": {
			{path: "/meja"}, {path: "/meja/mtr"},
			{name: "meja-antrean-semua", path: "/meja/mtr?antrean=semua"},
			desk("baru", s.received),
			{name: "meja-tutup-foto", path: "/meja/mtr/" + s.received.Number, do: func(tab *e2e.Tab) {
				tab.Click(`a[href$="/tutup"]`).Wait("form[data-cover] [data-cover-hint]:not([hidden])").Drag("[data-cover-photo]", 0.252, 0.252, 0.498, 0.598)
				if got := tab.Value("[name=kiri1]") + " " + tab.Value("[name=atas1]") + " " + tab.Value("[name=lebar1]") + " " + tab.Value("[name=tinggi1]"); got != "25 25 25 35" {
					c.t.Errorf("a box drawn over a photo is %q", got)
				}
			}},
			desk("rahasia", s.secret), desk("dirujuk", s.referred), desk("tertahan", s.held),
		},
		"inspektur": {{path: "/meja/pengawasan"}, {path: "/meja/pengawasan/baru"}},
		"auditor":   {{path: "/meja/pengawasan/" + idText(c.tugas), do: open("details.act")}},
		"kepala":    {{name: "meja-kepala", path: "/meja/mtr"}, {path: "/meja/mtr/ringkasan"}, desk("masuk", s.forwarded)},
		"petugas":   {{name: "meja-petugas", path: "/meja/mtr"}, {path: "/meja/mtr/rute"}, desk("tugas", s.working)},
		"validator": {{name: "meja-validator", path: "/meja/mtr"}, desk("validasi", s.proven)},
		"walikota": {{name: "meja-walikota", path: "/meja/mtr"}, {path: "/meja/mtr/statistik"}, {name: "meja-komando", path: "/meja/mtr/komando"},
			{name: "meja-statistik-daftar", path: "/meja/mtr/statistik/daftar?angka=terbuka"}},
		"kelurahan": c.registerScreens(),
		"peserta": {{name: "survei-isi", path: surveyweb.Invite(c.App.Survey, survey.Reports)(c.petugas.UnitID, 1, c.Clock.Now()), do: func(tab *e2e.Tab) {
			tab.Click("button[data-once]").Wait("#ringkasan-galat")
		}}},
	}
	c.letterScreens(all)
	c.citizenScreens(all)
	c.queueScreens(all)
	c.officeScreens(all)
	c.performanceScreens(all)
	c.clinicScreens(all)
	all["pengelola"] = c.adminScreens()
	return all
}
