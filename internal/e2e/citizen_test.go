package e2e_test

import (
	"bytes"
	"context"
	"strconv"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
)

// applicants are citizens who ask for letters.
type applicants struct {
	*apptest.Village
	t testing.TB
	a authz.Actor // Sitti's account
}

func (p *applicants) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// draft is a filled in letter of a kind about a member of the family.
func (p *applicants) draft(code string, who int) (ref string) {
	p.t.Helper()
	ctx, m := context.Background(), p.App.Letters
	ref, err := m.StartDraft(ctx, p.a, code, p.Family[who])
	p.must(err)
	d, err := m.Draft(ctx, p.a, ref)
	p.must(err)
	p.must(m.SaveDraft(ctx, p.a, ref, d.Kind.SampleValues(p.Clock.Now())))
	for i, r := range d.Kind.Requirements {
		if r.Scan && !r.Optional && !r.Proved {
			photo := mediatest.JPEG(800, 1000, mediatest.Seed(uint64(i+3)))
			p.must(m.AddScan(ctx, p.a, ref, r.Name, letter.File{Name: "x.jpg", ReadSeeker: bytes.NewReader(photo)}))
		}
	}
	return ref
}

// send is a letter that was sent.
func (p *applicants) send(code string, who int) (number string, id int64) {
	p.t.Helper()
	number, err := p.App.Letters.Submit(context.Background(), p.a, p.draft(code, who))
	p.must(err)
	d, err := p.App.Letters.MyLetter(context.Background(), p.a, number)
	p.must(err)
	return number, d.ID
}

func (p *applicants) check(id int64) {
	p.t.Helper()
	d, err := p.App.Letters.View(context.Background(), p.Operator, id)
	p.must(err)
	in := letter.Checking{Act: letter.Act{ID: id}}
	for _, r := range d.Kind.Requirements {
		in.Checked = append(in.Checked, r.Name)
	}
	p.must(p.App.Letters.Check(context.Background(), p.Operator, in))
}

func (p *applicants) do(a authz.Actor, action letter.Action, id int64, why string) {
	p.t.Helper()
	p.must(p.App.Letters.Do(context.Background(), a, action, letter.Act{ID: id, Reason: why}))
}

// citizenScreens are the letters' pages of those who ask for them.
func (c *city) citizenScreens(all map[string][]screen) {
	p := &applicants{Village: c.Village(c.t, "73.71.13.1004"), t: c.t}
	ctx, m := context.Background(), c.App.Letters
	for _, who := range []string{"pemohon", "pemohon-baru", "pemohon-menunggu", "pemohon-ditolak"} {
		c.accounts[who] = c.Citizen(c.t, who+"@portal.example", "Sitti Rahmawati")
	}
	c.must(m.ClaimIdentity(ctx, p.Actor(c.t, c.accounts["pemohon-ditolak"]), p.NIK[1], p.Kelurahan, nil))
	claims, err := m.Claims(ctx, p.Operator, 0)
	c.must(err)
	c.must(m.RefuseIdentity(ctx, p.Operator, claims[0].ID, "Foto KTP-el terlalu gelap, nomornya tidak terbaca."))
	p.Prove(c.t, c.accounts["pemohon"], 0)
	c.must(m.ClaimIdentity(ctx, p.Actor(c.t, c.accounts["pemohon-menunggu"]), p.NIK[2], p.Kelurahan, nil))
	p.a = p.Actor(c.t, c.accounts["pemohon"])

	empty, err := m.StartDraft(ctx, p.a, "TM", p.Family[0])
	c.must(err)
	full, heirs := p.draft("DOM", 0), p.draft("AHW", 0)
	sent, _ := p.send("USH", 0)
	returned, id := p.send("TM", 0)
	p.do(p.Operator, letter.ActReturn, id, "Foto rumahnya gelap. Potret lagi dari depan pada siang hari, lalu kirim ulang.")
	signing, id := p.send("BRM", 0)
	p.check(id)
	p.do(p.Secretary, letter.ActParaf, id, "")
	rejected, id := p.send("SKC", 2)
	p.do(p.Operator, letter.ActReject, id, "SKCK didaftarkan langsung lewat aplikasi Polri, tanpa surat ini.")
	wet, id := p.send("DOM", 2)
	p.check(id)
	c.must(m.Print(ctx, p.Operator, letter.Act{ID: id}))
	c.must(m.AttachScan(ctx, p.Operator, letter.Act{ID: id}, letter.File{Name: "x.jpg", ReadSeeker: bytes.NewReader(mediatest.JPEG(800, 1100))}))
	_, err = c.DB.Owner().Exec(ctx, `INSERT INTO epemerintahan_kind_version (code, unit_id, version, definition, created_at)
		SELECT code, $1, 1, jsonb_set(definition, '{mode}', '"tte"'), $2 FROM epemerintahan_kind_version WHERE code = 'PHS' AND unit_id IS NULL`, p.Kelurahan, c.Clock.Now())
	c.must(err)
	signed, id := p.send("PHS", 0)
	p.check(id)
	p.do(p.Secretary, letter.ActParaf, id, "")
	_, err = m.View(ctx, p.Lurah, id)
	c.must(err)
	c.must(m.Sign(ctx, p.Lurah, []letter.Act{{ID: id}}, letter.Secret{})[0].Err)

	office, err := m.OfficeOf(ctx, p.Kelurahan)
	c.must(err)
	office.AskRT, office.Address, office.Phone = true, "Jl. Toddopuli Raya No. 1", "0411 123456"
	c.must(m.SaveOffice(ctx, p.Operator, office))
	c.must(m.SaveContact(ctx, p.Operator, letter.Contact{KelurahanID: p.Kelurahan, RW: "003", RT: "002", Name: "Dg. Sila", Email: "rt@portal.example"}))
	asked, id := p.send("KHL", 0)
	token := crypt.Token() // the one that was sent is known to the head of the RT alone
	_, err = c.DB.Owner().Exec(ctx, `UPDATE epemerintahan_neighbour_ask SET token_hash = $2 WHERE letter_id = $1`, id, crypt.HashToken(token))
	c.must(err)
	link := "/surat/rt/" + token

	draft := func(name, ref, page string) screen {
		return screen{name: "surat-" + name, path: "/surat/draf/" + ref + page}
	}
	own := func(name, number string) screen { return screen{name: "surat-saya-" + name, path: "/surat/" + number} }
	pages := []screen{
		{name: "surat-masuk", path: "/surat"}, {path: "/surat/saya"}, {path: "/surat/data-saya"}, {path: "/surat/identitas"},
		{name: "surat-untuk", path: "/surat/ajukan/DOM"}, {name: "surat-untuk-sebagian", path: "/surat/ajukan/BMN"}, {name: "surat-untuk-tidak", path: "/surat/ajukan/JDA"},
		{name: "surat-untuk-galat", path: "/surat/ajukan/KTP", do: func(tab *e2e.Tab) { tab.Submit("#untuk-siapa button").Wait("#ringkasan-galat") }},
		{name: "surat-isian-orang", path: "/surat/draf/" + empty + "/isian/1"},
		{name: "surat-isian-orang-lain", path: "/surat/draf/" + empty + "/isian/1", do: func(tab *e2e.Tab) {
			tab.Check("Orang lain").Submit("#isian .actions button").Wait("#ringkasan-galat")
		}},
		{name: "surat-isian-galat", path: "/surat/draf/" + empty + "/isian/2", do: func(tab *e2e.Tab) { tab.Submit("#isian .actions button").Wait("#ringkasan-galat") }},
		draft("berkas-kosong", empty, "/berkas"), draft("periksa", full, "/periksa"), draft("isian", full, "/isian/1"), draft("berkas", full, "/berkas"),
		{name: "surat-periksa-galat", path: "/surat/draf/" + empty + "/periksa", do: func(tab *e2e.Tab) { tab.Submit("#kirim button").Wait("#ringkasan-galat") }},
		draft("potret", empty, "/berkas/1"), draft("potret-ada", full, "/berkas/1"),
		own("diperiksa", sent), own("dikembalikan", returned), own("menunggu", signing), own("ditolak", rejected), own("basah", wet), own("elektronik", signed), own("rt", asked),
		{name: "surat-perbaiki", path: "/surat/" + returned + "/perbaiki"}, {name: "surat-perbaiki-potret", path: "/surat/" + returned + "/berkas/1"},
	}
	for n := 1; n <= 6; n++ {
		pages = append(pages, draft("waris-"+strconv.Itoa(n), heirs, "/isian/"+strconv.Itoa(n)))
	}
	all["pemohon"] = pages
	all["pemohon-baru"] = []screen{
		{name: "identitas-baru", path: "/surat/identitas"}, {name: "surat-baru", path: "/surat"}, {name: "surat-untuk-baru", path: "/surat/ajukan/DOM"},
		{name: "identitas-galat", path: "/surat/identitas", do: func(tab *e2e.Tab) {
			tab.Fill("#nik", "7371").Submit("form[data-photos] .actions button").Wait("#ringkasan-galat")
		}},
	}
	all["pemohon-menunggu"] = []screen{
		{name: "identitas-menunggu", path: "/surat/identitas"},
		{name: "identitas-kode", path: "/surat/identitas", do: func(tab *e2e.Tab) { tab.Submit("#di-loket button").Wait("#kode") }},
		{name: "surat-untuk-menunggu", path: "/surat/ajukan/DOM"},
	}
	all["pemohon-ditolak"] = []screen{{name: "identitas-ditolak", path: "/surat/identitas"}}
	all["ketua-rt"] = []screen{
		{name: "surat-tamu", path: "/surat"}, {name: "surat-cari", path: "/surat?cari=surat+miskin"}, {name: "surat-cari-kosong", path: "/surat?cari=helikopter"},
		{name: "surat-jenis", path: "/surat/jenis/TM"}, {name: "surat-jenis-perhatian", path: "/surat/jenis/PDH"},
		{name: "surat-lacak", path: "/surat/lacak/" + sent}, {name: "surat-lacak-jadi", path: "/surat/lacak/" + wet},
		{name: "rt", path: link},
		{name: "rt-galat", path: link, do: func(tab *e2e.Tab) {
			tab.Check("Tidak, ada yang tidak sesuai").Submit("#jawab button").Wait("#ringkasan-galat")
		}},
		{name: "rt-terima-kasih", path: link, do: func(tab *e2e.Tab) {
			if tab.Has("#jawab") {
				tab.Check("Benar").Submit("#jawab button").Wait("h1")
			}
		}},
		{name: "rt-lewat", path: "/surat/rt/AAAAAAAAAAAAAAAAAAAAAA"},
	}
}
