package e2e_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// bureau is Dinas PU, which writes, and Bappeda, which receives.
type bureau struct {
	*city
	drafter, verifier, secretary, head, clerk, other, otherClerk authz.Actor
}

func newBureau(c *city) *bureau {
	c.t.Helper()
	ctx := context.Background()
	b := &bureau{city: c}
	hire := func(who, name, unit, kind, title string, ps ...authz.Permission) authz.Actor {
		h := c.Hire(c.t, apptest.Staff{Name: name, Email: who + "@portal.example", UnitCode: unit, Kind: kind, Title: title, Permissions: ps})
		c.Password(c.t, h.AccountID, secret)
		c.accounts[who] = h.AccountID
		a, err := c.App.Accounts.Actor(ctx, h.AccountID)
		c.must(err)
		return a
	}
	b.head = hire("kadis", "Hasanuddin Rewa", "DPU", "kepala", "")
	b.secretary = hire("sekdis", "Ratna Mappa", "DPU", "sekretaris", "Sekretaris Dinas Pekerjaan Umum")
	b.verifier = hire("kabid", "Ahmad Fadli", "DPU", "struktural", "Kepala Bidang Bina Marga", eoffice.PermFigures)
	b.drafter = hire("konseptor", "Wahyuni Rauf", "DPU", "pelaksana", "Penyusun Naskah Dinas PU")
	b.clerk = hire("tu", "Sumiati Lallo", "DPU", "pelaksana", "Pengelola Tata Usaha Dinas PU", eoffice.PermRegister)
	b.other = hire("bappeda", "Sitti Rabiah", "BAPPEDA", "kepala", "")
	b.otherClerk = hire("tu.bappeda", "Amran Cora", "BAPPEDA", "pelaksana", "Pengelola Tata Usaha Bappeda", eoffice.PermRegister)
	var city string
	c.must(c.DB.Owner().QueryRow(ctx, `SELECT code FROM org_unit WHERE parent_id IS NULL`).Scan(&city))
	hire("pengatur", "Nurhaeni Tola", city, "pelaksana", "Pengelola Tata Naskah Kota", eoffice.PermConfigure)
	for _, line := range [][2]authz.Actor{{b.secretary, b.head}, {b.verifier, b.secretary}, {b.drafter, b.verifier}} {
		_, err := c.DB.Owner().Exec(ctx, `UPDATE org_position SET superior_id = $2 WHERE id = $1`, line[0].MainPosition().ID, line[1].MainPosition().ID)
		c.must(err)
	}
	return b
}

// draft is a letter to Bappeda, complete.
func (b *bureau) draft(subject string, s eoffice.Secrecy) int64 {
	b.t.Helper()
	ctx, m := context.Background(), b.App.Office
	id, err := m.Begin(ctx, b.drafter, "SD", b.drafter.MainPosition().ID, subject)
	b.must(err)
	_, d, err := m.DraftOf(ctx, b.drafter, id)
	b.must(err)
	d.Content = eoffice.Content{Subject: subject, Body: "<p>Bersama ini disampaikan rencana <strong>perbaikan drainase</strong>:</p><ol><li>pengerukan saluran</li><li>penggantian gorong-gorong</li></ol>"}
	d.Secrecy, d.KKA = s, "600.1"
	d.To = []eoffice.Addressee{{PositionID: b.other.MainPosition().ID}}
	_, err = m.SaveDraft(ctx, b.drafter, id, 0, d)
	b.must(err)
	return id
}

// to leads a letter to somebody's desk: past everybody who stands before them.
func (b *bureau) to(id int64, past ...authz.Actor) int64 {
	b.t.Helper()
	ctx, m := context.Background(), b.App.Office
	_, err := m.Submit(ctx, b.drafter, eoffice.Act{ID: id})
	b.must(err)
	for _, a := range past {
		_, err := m.Open(ctx, a, id)
		b.must(err)
		_, err = m.Paraf(ctx, a, eoffice.Act{ID: id})
		b.must(err)
	}
	return id
}

func (b *bureau) signed(id int64) int64 {
	b.t.Helper()
	ctx, m := context.Background(), b.App.Office
	_, err := m.Open(ctx, b.head, id)
	b.must(err)
	b.must(m.Sign(ctx, b.head, []eoffice.Act{{ID: id}}, eoffice.Passphrase{})[0].Err)
	return id
}

// noted is a letter from outside that the tata usaha of Dinas PU wrote down.
func (b *bureau) noted(sender, number string) int64 {
	b.t.Helper()
	ctx, m, now := context.Background(), b.App.Office, b.Clock.Now()
	done, err := m.Record(ctx, b.clerk, b.clerk.MainPosition().ID, eoffice.Arrival{
		Kind: "SD", Sender: sender, Number: number, Date: now.AddDate(0, 0, -4), Received: now, Subject: "Data jalan rusak", Secrecy: eoffice.Open,
		Urgency: eoffice.Urgent, Channel: "kertas", Place: "Map merah 3", To: b.head.MainPosition().ID, OtherSystem: "SRIKANDI", Other: "SRK-2026/777",
	}, number)
	b.must(err)
	return done.ID
}

// officeScreens are the desks of e-Office, by who looks at them.
func (c *city) officeScreens(into map[string][]screen) {
	c.t.Helper()
	b := newBureau(c)
	at := func(id int64, rest ...string) string {
		return strings.Join(append([]string{"/meja/eoffice/naskah/" + idText(id)}, rest...), "/")
	}
	open := func(tab *e2e.Tab) {
		e2e.Eval[bool](tab, `document.querySelectorAll("main details").forEach((d) => { d.open = true; }), true`)
	}
	draft := b.draft("Perbaikan drainase Jalan Hertasning", eoffice.Open)
	verifying := b.to(b.draft("Perbaikan drainase Jalan Toddopuli", eoffice.Restricted))
	changed := b.to(b.draft("Perbaikan trotoar", eoffice.Open))
	_, err := c.App.Office.Open(context.Background(), b.verifier, changed)
	c.must(err)
	_, err = c.App.Office.Edit(context.Background(), b.verifier, eoffice.Act{ID: changed}, eoffice.Content{Subject: "Perbaikan trotoar", Body: "<p>Isi yang baru sama sekali, dengan anggaran.</p>"})
	c.must(err)
	waiting := b.to(b.draft("Rapat koordinasi banjir", eoffice.Open), b.verifier, b.secretary)
	b.to(b.draft("Usulan anggaran", eoffice.Open), b.verifier, b.secretary)
	sent := b.signed(b.to(b.draft("Rencana kerja tahun 2027", eoffice.Open), b.verifier, b.secretary))
	quiet := b.signed(b.to(b.draft("Temuan pemeriksaan", eoffice.Secret), b.verifier, b.secretary))
	inked := b.to(b.draft("", eoffice.HighlySecret), b.verifier, b.secretary)
	_, err = c.App.Office.Print(context.Background(), b.clerk, eoffice.Act{ID: inked})
	c.must(err)
	c.must(c.App.Office.AttachFile(context.Background(), b.drafter, draft, eoffice.Upload{Name: "Daftar lorong.csv", Upload: strings.NewReader("No;Lorong\n1;Toddopuli 3\n")}))
	noted := b.noted("Balai Besar Jalan", "600/77")
	for _, name := range []string{"Pagi ini, surat 1.txt", "Pagi ini, surat 2.txt"} {
		c.must(c.App.Office.ToBatch(context.Background(), b.clerk, b.clerk.MainPosition().UnitID, eoffice.Upload{Name: name, Upload: strings.NewReader(name)}))
	}
	loose, err := c.App.Office.Batch(context.Background(), b.clerk)
	c.must(err)
	scan := loose[0].ID
	into["konseptor"] = append(into["konseptor"],
		screen{name: "eoffice-konsep", path: "/meja/eoffice?antrean=konsep"},
		screen{name: "eoffice-baru", path: "/meja/eoffice/baru"},
		screen{name: "eoffice-tulis", path: at(draft, "ubah"), do: open},
		screen{name: "eoffice-cari", path: at(draft, "ubah"), do: func(tab *e2e.Tab) {
			tab.Fill("#cari", "dinas perhubungan").Click("button[value=cari]").WaitText(".concerned", "hasil pencarian")
		}},
		screen{name: "eoffice-lampiran", path: at(draft, "lampiran")},
		screen{name: "eoffice-rujukan", path: at(draft, "rujukan"), do: func(tab *e2e.Tab) {
			tab.Fill("#cari", "rencana kerja").Submit("button[value=cari].ds-button").WaitText("main", "Rencana kerja tahun 2027")
		}},
		screen{name: "eoffice-kurang", path: at(draft, "ubah"), do: func(tab *e2e.Tab) {
			tab.Fill("#hal", "").Click("button[value=ajukan]").Wait("#ringkasan-galat")
		}},
		screen{name: "eoffice-terkirim", path: at(sent), do: open},
		screen{name: "eoffice-pencarian", path: "/meja/eoffice/cari", do: func(tab *e2e.Tab) {
			tab.Fill("#q", "drainase").Submit("form[role=search] button").WaitText("main table", "Toddopuli").Click(".act summary").Fill("#nama", "Drainase").Submit(`form[action$="/simpan"] button`).WaitText(".searches", "Drainase")
			open(tab)
		}},
	)
	into["kabid"] = append(into["kabid"],
		screen{name: "eoffice-paraf", path: "/meja/eoffice?antrean=paraf"},
		screen{name: "eoffice-naskah-paraf", path: at(verifying), do: open},
		screen{name: "eoffice-isi", path: at(verifying, "isi")},
		screen{name: "eoffice-versi", path: at(changed, "versi")},
		screen{name: "eoffice-waktu-meja", path: "/meja/eoffice/waktu-meja"},
		screen{name: "eoffice-waktu-rincian", path: "/meja/eoffice/waktu-meja?yang=naskah.paraf"},
	)
	into["kadis"] = append(into["kadis"],
		screen{name: "eoffice-ttd", path: "/meja/eoffice"},
		screen{name: "eoffice-naskah-ttd", path: at(waiting), do: open},
		screen{name: "eoffice-ttd-banyak", path: "/meja/eoffice/tanda-tangan"},
	)
	into["tu"] = append(into["tu"],
		screen{name: "eoffice-kirim", path: "/meja/eoffice?antrean=kirim"},
		screen{name: "eoffice-amplop", path: at(quiet), do: open},
		screen{name: "eoffice-tinta", path: at(inked), do: open},
		screen{name: "eoffice-catat", path: "/meja/eoffice/catat", do: open},
		screen{name: "eoffice-catat-kurang", path: "/meja/eoffice/catat", do: func(tab *e2e.Tab) {
			tab.Submit("button[value=berikutnya].ds-button").Wait("#ringkasan-galat")
		}},
		screen{name: "eoffice-catat-kembar", path: "/meja/eoffice/catat", do: func(tab *e2e.Tab) {
			tab.Fill("#asal", "Balai Besar Jalan").Fill("#nomor", "600/77").Fill("#hal", "Data jalan rusak").Fill("#tempat", "Map 3")
			e2e.Eval[bool](tab, `document.querySelector("#tanggal").value = "`+b.Clock.Now().AddDate(0, 0, -4).Format(time.DateOnly)+`", true`)
			tab.Submit("button[value=berikutnya].ds-button").WaitText("main", "sudah dicatat")
		}},
		screen{name: "eoffice-baki", path: "/meja/eoffice/baki"},
		screen{name: "eoffice-catat-baki", path: "/meja/eoffice/catat?baki=" + idText(scan)},
		screen{name: "eoffice-belum-diarahkan", path: "/meja/eoffice?antrean=arahkan"},
		screen{name: "eoffice-arahkan", path: "/meja/eoffice/arahkan"},
		screen{name: "eoffice-tercatat", path: at(noted), do: open},
		screen{name: "eoffice-betulkan", path: at(noted, "betulkan"), do: open},
		screen{name: "eoffice-buku", path: "/meja/eoffice/buku?buku=surat"},
	)
	into["pengatur"] = append(into["pengatur"], screen{name: "eoffice-atur", path: "/meja/eoffice/atur"}, screen{name: "eoffice-klasifikasi", path: "/meja/eoffice/atur/klasifikasi?kode=600.1"},
		screen{name: "eoffice-waktu", path: "/meja/eoffice/atur/waktu"})
	into["bappeda"] = append(into["bappeda"], screen{name: "eoffice-masuk", path: at(sent), do: open},
		screen{name: "eoffice-balas", path: "/meja/eoffice/baru?balas=" + idText(sent)})
	b.orderScreens(into, open)
}

// A letter goes over the desks of six people: written, agreed to, sent back, mended,
// signed, received and read; with scripts and without.
func TestOfficeJourney(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]e2e.Option{"scripts": nil, "no-scripts": {e2e.NoScript}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBureau(newCity(t))
			b.Work()
			as := func(who string, screen e2e.Option) *e2e.Tab {
				return e2e.Open(t, b.URL, append([]e2e.Option{screen}, options...)...).Go("/uji/masuk/" + idText(b.accounts[who])).Go("/meja/eoffice")
			}
			drafter := as("konseptor", e2e.Desktop).Go("/meja/eoffice/baru").Sound()
			drafter.Choose("#jenis", "SD").Submit("main form button[type=submit]").Wait("#hal")
			drafter.Fill("#hal", "Perbaikan drainase Toddopuli").Fill("#teks", "Rencana perbaikan drainase.")
			if name == "scripts" {
				drafter.Fill("#kka-ketik", "600.1 ").Press("\r")
			} else {
				drafter.Choose("#kka", "600.1")
			}
			drafter.Fill("#cari", "Badan Perencanaan Pembangunan").Submit("button[value=cari]").WaitText(".concerned", "Sitti Rabiah")
			drafter.Choose("#peran_"+idText(b.other.MainPosition().ID), "kepada").Sound()
			drafter.Submit("button[value=ajukan]").WaitText("main", "Sekarang di meja Kepala Bidang Bina Marga")

			verifier := as("kabid", e2e.Desktop).WaitText("main table", "Perbaikan drainase Toddopuli").Submit("main table a").WaitText("main", "Rencana perbaikan").Sound()
			verifier.Submit(`form[action$="/paraf"] button`).WaitText(".flash", "diparaf")
			secretary := as("sekdis", e2e.Desktop).Submit("main table a").WaitText("main", "Rencana perbaikan")
			secretary.Click("#kembalikan summary")
			secretary.Fill("#alasan-kembalikan", "Sebutkan anggarannya").Submit(`form[action$="/kembalikan"] button`).WaitText(".flash", "dikembalikan")

			drafter.Go("/meja/eoffice?antrean=perbaikan").Submit("main table a").Wait("#hal").Fill("#teks", "Rencana perbaikan drainase dengan anggaran 2027.")
			drafter.Submit("button[value=ajukan]").WaitText("main", "Kepala Bidang Bina Marga")
			verifier.Go("/meja/eoffice").Submit("main table a").WaitText("main", "anggaran 2027").Submit(`form[action$="/paraf"] button`).WaitText(".flash", "diparaf")
			secretary.Go("/meja/eoffice").Submit("main table a").WaitText("main", "anggaran 2027").Submit(`form[action$="/paraf"] button`).WaitText(".flash", "diparaf")

			head := as("kadis", e2e.Tablet).Submit("main table a").WaitText("main", "anggaran 2027").Sound()
			head.Fill("[name=sandi]", secret).Submit(`form[action$="/tandatangani"] button`).WaitText(".flash", "ditandatangani")

			clerk := as("tu.bappeda", e2e.Desktop).Go("/meja/eoffice?antrean=agenda").Submit("main table a").Wait(`form[action$="/terima"]`).Sound()
			clerk.Submit(`form[action$="/terima"] button`).WaitText(".flash", "nomor agenda")
			other := as("bappeda", e2e.Tablet).Submit("main table a").WaitText("main", "agenda 1/2026").Sound()
			other.Go("/meja/eoffice?antrean=tindak-lanjut").WaitText("main table", "Perbaikan drainase Toddopuli")
			drafter.Go("/meja/eoffice").Sound()
		})
	}
}
