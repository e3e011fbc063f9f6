package e2e_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
)

// clinic is Puskesmas Antang with one poli that is open every day.
type clinic struct {
	city *city
	boss authz.Actor
	site epuskesmas.Site
	poli int64
}

func (c *city) clinic() *clinic {
	c.t.Helper()
	ctx, m := context.Background(), c.App.Queues
	c.must(m.EnsureSites(ctx))
	boss := c.Hire(c.t, apptest.Staff{Name: "Nirmala Sari", Email: "kapus.antang@portal.example", UnitCode: "PKM-ANTANG", Permissions: []authz.Permission{
		epuskesmas.PermManage, epuskesmas.PermReports, epuskesmas.PermDesk, epuskesmas.PermPatient,
	}})
	c.accounts["kapus"] = boss.AccountID
	a, err := c.App.Accounts.Actor(ctx, boss.AccountID)
	c.must(err)
	p := &clinic{city: c, boss: a}
	p.site, _, err = m.StaffSite(ctx, a, "antang", epuskesmas.PermManage)
	c.must(err)
	p.poli, err = m.SavePoli(ctx, a, epuskesmas.Poli{UnitID: p.site.UnitID, Kind: epuskesmas.KindClinic, Letter: "A", Name: "Poli Umum", PriorityRatio: 2, Active: true})
	c.must(err)
	_, err = m.SaveCounter(ctx, a, epuskesmas.Counter{PoliID: p.poli, Name: "Ruang 1", Active: true})
	c.must(err)
	doctor, err := m.SaveDoctor(ctx, a, epuskesmas.Doctor{UnitID: p.site.UnitID, Name: "dr. Aulia Rahman", Active: true})
	c.must(err)
	for day := 1; day <= 7; day++ {
		_, err = m.SavePlan(ctx, a, epuskesmas.Plan{
			PoliID: p.poli, Weekday: day, Starts: 8 * 60, Ends: 12 * 60, Quota: epuskesmas.Quota{All: 20, Online: 12}, DoctorIDs: []int64{doctor}, ValidFrom: apptest.Start,
		}, "")
		c.must(err)
	}
	p.site.Open = true
	c.must(m.SaveSite(ctx, a, p.site))
	return p
}

// sessions are those that can be booked now.
func (p *clinic) sessions() []epuskesmas.Session {
	p.city.t.Helper()
	list, err := p.city.App.Queues.Sessions(context.Background(), p.poli)
	p.city.must(err)
	return list
}

// ticket is the page of a number for a session, 0 the next.
func (p *clinic) ticket(name string, session int, account int64) (path string) {
	p.city.t.Helper()
	out, err := p.city.App.Queues.Book(context.Background(), authz.Actor{}, epuskesmas.Booking{
		PoliID: p.poli, StartsAt: p.sessions()[session].StartsAt, Name: name, BirthDate: time.Date(1992, 3, 4, 0, 0, 0, 0, clock.Makassar),
		Payer: epuskesmas.JKN, Contact: strings.ReplaceAll(strings.ToLower(name), " ", ".") + "@portal.example", AccountID: account, Origin: epuskesmas.OriginOnline,
	})
	p.city.must(err)
	return "/antrean/" + out.Token
}

// clinicScreens are the pages of patients and of those who set a puskesmas up.
func (c *city) clinicScreens(all map[string][]screen) {
	ctx := context.Background()
	p := c.clinic()
	c.ids["puskesmas"] = p.site.Slug
	today, tomorrow, cancelled := p.ticket("Fatimah", 0, 0), p.ticket("Sitti Rahmawati Daeng Kanang", 1, c.accounts["warga"]), p.ticket("Ical", 2, 0)
	c.must(c.App.Queues.Cancel(ctx, strings.TrimPrefix(cancelled, "/antrean/"), ""))
	_, sessions, err := c.App.Queues.SessionsAhead(ctx, p.boss, p.site.Slug)
	c.must(err)
	c.must(c.App.Queues.SetQuota(ctx, p.boss, sessions[0].ID, epuskesmas.Quota{All: 18, Online: 12}, "Dokter cuti"))
	c.must(c.App.Queues.SaveClosure(ctx, p.boss, epuskesmas.Closure{UnitID: p.site.UnitID, FromDay: c.Clock.Now().AddDate(0, 0, 5), Reason: "Akreditasi"}))
	meeting := "/meja/puskesmas/atur/antang/sesi/" + idText(sessions[len(sessions)-1].ID)
	book := "/puskesmas/antang/daftar?poli=" + idText(p.poli) + "&sesi=" + p.sessions()[1].StartsAt.In(clock.Makassar).Format("2006-01-02T15:04")
	_, patients, _, err := c.App.Queues.Patients(ctx, p.boss, p.site.Slug, epuskesmas.PatientCursor{})
	c.must(err)
	open := func(tab *e2e.Tab) {
		e2e.Eval[bool](tab, `document.querySelectorAll("main details.act").forEach((d) => { d.open = true; }), true`)
	}
	all["pasien"] = []screen{
		{name: "puskesmas", path: "/puskesmas"},
		{name: "puskesmas-kosong", path: "/puskesmas?q=zebra"},
		{name: "puskesmas-satu", path: "/puskesmas/antang"},
		{name: "puskesmas-siapa", path: book},
		{name: "puskesmas-siapa-galat", path: book, do: func(tab *e2e.Tab) { tab.Fill("#kontak", "x").Submit("main form button").Wait("#ringkasan-galat") }},
		{name: "antrean-hari-ini", path: today}, {name: "antrean-besok", path: tomorrow}, {name: "antrean-batal", path: cancelled},
		{name: "antrean-ganti", path: tomorrow + "/ganti"},
	}
	all["warga"] = append(all["warga"], screen{name: "antrean-saya", path: "/puskesmas/antrean-saya"})
	all["kapus"] = []screen{
		{name: "atur", path: "/meja/puskesmas/atur"},
		{name: "atur-satu", path: "/meja/puskesmas/atur/antang"},
		{name: "atur-satu-terbuka", path: "/meja/puskesmas/atur/antang", do: open},
		{name: "atur-sesi", path: "/meja/puskesmas/atur/antang/sesi"},
		{name: "atur-sesi-satu", path: meeting}, {name: "atur-sesi-satu-terbuka", path: meeting, do: open},
		{name: "atur-kuota", path: "/meja/puskesmas/atur/antang/kuota"},
		{name: "puskesmas-laporan", path: "/meja/puskesmas/laporan"},
		{name: "puskesmas-laporan-nomor", path: "/meja/puskesmas/laporan/nomor?di=antang"},
		{name: "puskesmas-kertas", path: "/meja/puskesmas/kertas"}, {name: "puskesmas-susulan", path: "/meja/puskesmas/kertas/susulan"},
		{name: "puskesmas-pasien", path: "/meja/puskesmas/pasien"},
		{name: "puskesmas-pasien-satu", path: "/meja/puskesmas/pasien/" + idText(patients[0].ID) + "?di=antang"},
		{name: "puskesmas-gabung", path: "/meja/puskesmas/pasien/" + idText(patients[0].ID) + "/gabung?di=antang"},
		{name: "puskesmas-gabung-banding", path: "/meja/puskesmas/pasien/" + idText(patients[0].ID) + "/gabung/" + idText(patients[1].ID) + "?di=antang"},
		{name: "puskesmas-ketepatan", path: "/meja/puskesmas/ketepatan"},
		{name: "atur-bpjs", path: "/meja/puskesmas/atur/antang/bpjs"},
		{name: "atur-bpjs-kiriman", path: "/meja/puskesmas/atur/antang/bpjs/kiriman"},
		{name: "atur-bpjs-galat", path: "/meja/puskesmas/atur/antang/bpjs", do: func(tab *e2e.Tab) {
			tab.Fill("#pengguna", "dua kata").Submit(`form[action$="/bpjs"] button[data-once]`).Wait("#ringkasan-galat")
		}},
		{name: "atur-bpjs-sandi", path: "/meja/puskesmas/atur/antang/bpjs", do: func(tab *e2e.Tab) {
			tab.Fill("#pengguna", "mjkn-antang").Submit(`form[action$="/bpjs"] button[data-once]`).Wait(".flash").Submit(`form[action$="/sandi"] button`).Wait("#sandi")
		}},
		{name: "atur-kode", path: "/meja/puskesmas/kode", do: func(tab *e2e.Tab) { tab.Fill("#kontak", "0812 3456 7890").Submit("main form button") }},
	}
}

var sixDigits = regexp.MustCompile(`Kode Anda: (\d{6})`)

// TestANumberFromAPhone takes a number on a phone, with scripts and without: the code
// from the e-mail, the ticket, another day, and giving it up.
func TestANumberFromAPhone(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]e2e.Option{"scripts": {e2e.Phone}, "no-scripts": {e2e.Phone, e2e.NoScript}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCity(t)
			c.clinic()
			tab := e2e.Open(t, c.URL, options...)
			tab.Go("/puskesmas").Submit(`.picks a[href="/puskesmas/antang"]`).WaitText("h1", "Puskesmas Antang")
			tab.Submit(".picks li:nth-child(2) a").WaitText("h1", "Siapa yang berobat?").Sound()
			e2e.Eval[bool](tab, `document.querySelector("#lahir").value = "1992-03-04", true`)
			tab.Fill("#nama", "Fatimah").Check("BPJS Kesehatan (JKN-KIS)").Fill("#kontak", "fatimah@portal.example")
			tab.Submit("main form button[type=submit]").WaitText("h1", "Masukkan kode").Sound()
			c.Deliver(t)
			mails := c.Mail.To("fatimah@portal.example")
			if len(mails) != 1 {
				t.Fatalf("%d e-mails came", len(mails))
			}
			code := sixDigits.FindStringSubmatch(mails[0].Text)
			if code == nil {
				t.Fatalf("no code in %q", mails[0].Text)
			}
			tab.Fill("#kode", "000000").Submit(`form[action$="/kode"] button`).Wait("#ringkasan-galat")
			tab.Fill("#kode", code[1]).Submit(`form[action$="/kode"] button`).WaitText("h1", "Periksa, lalu ambil nomor").Sound()
			tab.Submit("form.back button").WaitText("h1", "Siapa yang berobat?").Submit("main form button[type=submit]").WaitText("h1", "Periksa, lalu ambil nomor")
			tab.Submit(`form[action$="/kirim"] button`).WaitText(".ticket .no", "A-001").Sound()
			ticket := tab.Path()
			tab.Submit(`a[href$="/ganti"]`).WaitText("h1", "Ganti hari")
			e2e.Eval[bool](tab, `document.querySelector("main input[type=radio]").click(), true`)
			tab.Submit("main form button[type=submit]").WaitText(".flash", "Hari Anda sudah diganti")
			if !strings.HasPrefix(tab.Path(), ticket) {
				t.Errorf("the ticket moved from %s to %s", ticket, tab.Path())
			}
			tab.Click("details.confirm summary").Submit("details.confirm button[type=submit]").WaitText(".ticket", "Dibatalkan")
		})
	}
}
