package e2e_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// bureau is Dinas PU, which writes, and Bappeda, which receives.
type bureau struct {
	*city
	drafter, verifier, secretary, head, clerk, archivist, other, otherClerk authz.Actor
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
	b.archivist = hire("arsiparis", "Darmawati Soi", "DPU", "fungsional", "Arsiparis Dinas PU", eoffice.PermArchive)
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
	office := c.App.Office
	draft := b.draft("Perbaikan drainase Jalan Hertasning", eoffice.Open)
	verifying := b.to(b.draft("Perbaikan drainase Jalan Toddopuli", eoffice.Restricted))
	changed := b.to(b.draft("Perbaikan trotoar", eoffice.Open))
	ask := eoffice.Asking{Desks: []int64{b.other.MainPosition().ID}, Question: "Apakah anggarannya sudah ada di RKPD?", Due: c.Clock.Now().AddDate(0, 0, 3), Mandatory: true}
	for _, id := range []int64{verifying, changed} {
		c.must(office.AskOpinions(context.Background(), b.drafter, eoffice.Act{ID: id}, ask))
	}
	opinion, err := office.Open(context.Background(), b.other, changed)
	c.must(err)
	c.must(office.Opine(context.Background(), b.other, eoffice.Act{ID: opinion.Opinions[0].ID}, eoffice.Answer{Stance: eoffice.AgreesIf, Words: "Sebutkan sumber anggarannya."}))
	_, err = c.App.Office.Open(context.Background(), b.verifier, changed)
	c.must(err)
	_, err = c.App.Office.Edit(context.Background(), b.verifier, eoffice.Act{ID: changed}, eoffice.Content{Subject: "Perbaikan trotoar", Body: "<p>Isi yang baru sama sekali, dengan anggaran.</p>"})
	c.must(err)
	waiting := b.to(b.draft("Rapat koordinasi banjir", eoffice.Open), b.verifier, b.secretary)
	b.to(b.draft("Usulan anggaran", eoffice.Open), b.verifier, b.secretary)
	sent := b.signed(b.to(b.draft("Rencana kerja tahun 2027", eoffice.Open), b.verifier, b.secretary))
	quiet := b.signed(b.to(b.draft("Temuan pemeriksaan", eoffice.Secret), b.verifier, b.secretary))
	inked := b.to(b.draft("", eoffice.HighlySecret), b.verifier, b.secretary)
	_, err = office.BookNumbers(context.Background(), b.clerk, eoffice.NewBooking{UnitID: b.clerk.MainPosition().UnitID, Series: "surat", Confidential: true, Count: 3,
		Holder: "Sekretariat Dinas PU", Reason: "Listrik padam di kantor", Expires: c.Clock.Now().AddDate(0, 0, 3)})
	c.must(err)
	unnumbered := b.to(b.draft("Nomor dari kertas", eoffice.HighlySecret), b.verifier, b.secretary)
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
	group, err := office.MakeGroup(context.Background(), b.clerk, b.clerk.MainPosition().UnitID, "Para Camat se-Kota Makassar")
	c.must(err)
	c.must(office.AddHeads(context.Background(), b.clerk, group, "kecamatan", true))
	into["konseptor"] = append(into["konseptor"],
		screen{name: "eoffice-konsep", path: "/meja/eoffice?antrean=konsep"},
		screen{name: "eoffice-baru", path: "/meja/eoffice/baru"},
		screen{name: "eoffice-tulis", path: at(draft, "ubah"), do: open},
		screen{name: "eoffice-cari", path: at(draft, "ubah"), do: func(tab *e2e.Tab) {
			tab.Fill("#cari", "dinas perhubungan").Click("button[value=cari]").WaitText(".concerned", "hasil pencarian")
		}},
		screen{name: "eoffice-cari-kelompok", path: at(draft, "ubah"), do: func(tab *e2e.Tab) {
			tab.Fill("#cari", "camat").Click("button[value=cari]").WaitText("#orang", "Kepada semua")
		}},
		screen{name: "eoffice-lampiran", path: at(draft, "lampiran")},
		screen{name: "eoffice-rujukan", path: at(draft, "rujukan"), do: func(tab *e2e.Tab) {
			tab.Fill("#cari", "rencana kerja").Submit("button[value=cari].ds-button").WaitText("main", "Rencana kerja tahun 2027")
		}},
		screen{name: "eoffice-kurang", path: at(draft, "ubah"), do: func(tab *e2e.Tab) {
			tab.Fill("#hal", "").Click("button[value=ajukan]").Wait("#ringkasan-galat")
		}},
		screen{name: "eoffice-terkirim", path: at(sent), do: open},
		screen{name: "eoffice-rahasia", path: at(quiet)},
		screen{name: "eoffice-pendapat-lama", path: at(changed), do: open},
		screen{name: "eoffice-minta-pendapat", path: at(waiting, "pendapat"), do: func(tab *e2e.Tab) {
			tab.Fill("#cari", "dinas perhubungan").Submit("button[value=cari].ds-button").WaitText("main", "Dinas Perhubungan")
			tab.Submit("button[value=minta].ds-button").Wait("#ringkasan-galat")
		}},
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
		screen{name: "eoffice-beri-nomor", path: at(unnumbered), do: open},
		screen{name: "eoffice-pesan-nomor", path: "/meja/eoffice/buku/pesan", do: open},
		screen{name: "eoffice-pesan-kurang", path: "/meja/eoffice/buku/pesan", do: func(tab *e2e.Tab) {
			open(tab)
			tab.Submit("button[value=berikutnya].ds-button").Wait("#ringkasan-galat")
		}},
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
		screen{name: "eoffice-kelompok", path: "/meja/eoffice/atur/kelompok"},
		screen{name: "eoffice-kelompok-satu", path: "/meja/eoffice/atur/kelompok/" + idText(group)},
		screen{name: "eoffice-buku", path: "/meja/eoffice/buku?buku=surat"},
	)
	into["pengatur"] = append(into["pengatur"], screen{name: "eoffice-atur", path: "/meja/eoffice/atur"}, screen{name: "eoffice-klasifikasi", path: "/meja/eoffice/atur/klasifikasi?kode=600.1"},
		screen{name: "eoffice-waktu", path: "/meja/eoffice/atur/waktu"}, screen{name: "eoffice-kerahasiaan", path: "/meja/eoffice/atur/kerahasiaan"})
	into["bappeda"] = append(into["bappeda"], screen{name: "eoffice-pendapat", path: "/meja/eoffice?antrean=pendapat"}, screen{name: "eoffice-beri-pendapat", path: at(verifying), do: open},
		screen{name: "eoffice-masuk", path: at(sent), do: open},
		screen{name: "eoffice-balas", path: "/meja/eoffice/baru?balas=" + idText(sent)})
	b.orderScreens(into, open)
	b.archiveScreens(into, open, sent)
}

// A letter goes its whole way over the desks of those who write it, those who get it and those
// below them: written to a group of two offices, agreed to twice, sent back, mended, signed,
// taken in and read by both, ordered on down two levels, reported, accepted, filed; with scripts
// and without.
func TestOfficeJourney(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]e2e.Option{"scripts": nil, "no-scripts": {e2e.NoScript}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBureau(newCity(t))
			p := b.planners()
			b.partners()
			b.Work()
			as := func(who string, screen e2e.Option) *e2e.Tab {
				return e2e.Open(t, b.URL, append([]e2e.Option{screen}, options...)...).Go("/uji/masuk/" + idText(b.accounts[who])).Go("/meja/eoffice")
			}
			if name == "scripts" {
				intake(t, as("tu.dishub", e2e.Desktop))
			}
			field := "textarea#teks" // in which the text is written
			if name == "scripts" {
				field = ".editor #teks"
			}
			drafter := as("konseptor", e2e.Desktop).Go("/meja/eoffice/baru").Sound()
			drafter.Choose("#jenis", "SD").Submit("main form button[type=submit]").Wait(field)
			drafter.Fill("#hal", "Perbaikan drainase Toddopuli").Fill("#teks", "Rencana perbaikan drainase.")
			if name == "scripts" {
				drafter.Fill("#kka-ketik", "600.1 ").Press("\r")
				useEditor(t, drafter)
			} else {
				drafter.Choose("#kka", "600.1")
			}
			drafter.Fill("#cari", "mitra").Submit("button[value=cari]").WaitText("#orang", "Mitra perencanaan")
			drafter.Submit(`button[value^="kelompok:"][value$=":kepada"]`).WaitText(".flash", "2 penerima").WaitText(".concerned", "Sitti Rabiah").Sound()
			drafter.Submit("button[value=ajukan]").WaitText("main", "Sekarang di meja Kepala Bidang Bina Marga")

			verifier := as("kabid", e2e.Desktop).WaitText("main table", "Perbaikan drainase Toddopuli").Submit("main table a").WaitText("main", "Rencana perbaikan").Sound()
			verifier.Submit(`form[action$="/paraf"] button`).WaitText(".flash", "diparaf")
			secretary := as("sekdis", e2e.Desktop).Submit("main table a").WaitText("main", "Rencana perbaikan")
			secretary.Click("#kembalikan summary")
			secretary.Fill("#alasan-kembalikan", "Sebutkan anggarannya").Submit(`form[action$="/kembalikan"] button`).WaitText(".flash", "dikembalikan")

			drafter.Go("/meja/eoffice?antrean=perbaikan").Submit("main table a").Wait(field).Fill("#teks", "Rencana perbaikan drainase dengan anggaran 2027.")
			drafter.Submit("button[value=ajukan]").WaitText("main", "Kepala Bidang Bina Marga")
			verifier.Go("/meja/eoffice").Submit("main table a").WaitText("main", "anggaran 2027").Submit(`form[action$="/paraf"] button`).WaitText(".flash", "diparaf")
			secretary.Go("/meja/eoffice").Submit("main table a").WaitText("main", "anggaran 2027").Submit(`form[action$="/paraf"] button`).WaitText(".flash", "diparaf")

			head := as("kadis", e2e.Tablet).Submit("main table a").WaitText("main", "anggaran 2027").Sound()
			head.Fill("[name=sandi]", secret).Submit(`form[action$="/tandatangani"] button`).WaitText(".flash", "ditandatangani")

			clerk := as("tu.bappeda", e2e.Desktop).Go("/meja/eoffice?antrean=agenda").Submit("main table a").Wait(`form[action$="/terima"]`).Sound()
			clerk.Submit(`form[action$="/terima"] button`).WaitText(".flash", "nomor agenda")
			second := as("tu.dishub", e2e.Desktop).Go("/meja/eoffice?antrean=agenda").Submit("main table a").Wait(`form[action$="/terima"]`)
			second.Submit(`form[action$="/terima"] button`).WaitText(".flash", "nomor agenda")
			second = as("kadishub", e2e.Phone).Submit("main table a").WaitText("main", "anggaran 2027").Click(`details:has(form[action$="/selesai"]) summary`)
			second.Submit(`form[action$="/selesai"] button`).WaitText(".flash", "selesai")

			part := func(a authz.Actor) string { return "#sebagai_" + idText(a.MainPosition().ID) }
			other := as("bappeda", e2e.Phone).Submit("main table a").WaitText("main", "agenda 1/2026").Sound()
			other.Go("/meja/eoffice?antrean=tindak-lanjut").Submit("main table a").WaitText("main", "Beri disposisi").Submit(`a[href*="/disposisi?kiriman="]`).Sound()
			other.Choose(part(p.bidang), "utama").Choose(part(p.economy), "tahu").Click(`input[value="Tindak lanjuti"]`).Submit("button[value=kirim]").WaitText(".flash", "2 jabatan").Sound()
			as("ekonomi", e2e.Phone).Submit("main table a").WaitText("main", "anggaran 2027")
			bidang := as("kabid.bappeda", e2e.Tablet).WaitText("main table", "Perbaikan drainase").Submit("main table a").WaitText("main", "Tindak lanjuti").Sound()
			bidang.Submit(`a[href*="/disposisi?atas="]`).Choose(part(p.section), "laksana").Fill("#catatan", "Ukur dahulu.").Submit("button[value=kirim]").WaitText(".flash", "1 jabatan")
			section := as("kasubbid", e2e.Phone).Submit("main table a").WaitText("main", "Ukur dahulu.")
			section.Click(`details[id*="-lapor-"] summary`).Fill(`details[id*="-lapor-"] textarea`, "Sudah diukur.").Submit(`form[action$="/lapor"] button`).WaitText(".flash", "Laporan dikirim").Sound()
			bidang.Go("/meja/eoffice?antrean=laporan").Submit("main table a").WaitText("main", "Sudah diukur.").Submit(`form[action*="/disposisi/"][action$="/terima"] button`).WaitText(".flash", "diterima")
			bidang.Click(`details[id*="-lapor-"] summary`).Fill(`details[id*="-lapor-"] textarea`, "Semua selesai.").Submit(`form[action$="/lapor"] button`).WaitText(".flash", "Laporan dikirim")
			other.Go("/meja/eoffice?antrean=laporan").Submit("main table a").WaitText("main", "Semua selesai.").Submit(`form[action*="/disposisi/"][action$="/terima"] button`).WaitText(".flash", "selesai").Sound()
			if text := other.Text("main"); strings.Count(text, "selesai") < 2 {
				t.Errorf("the tree at its end: %s", text)
			}

			archivist := as("arsiparis", e2e.Desktop).Go("/meja/eoffice/arsip").WaitText("main", "Perbaikan drainase Toddopuli").Sound()
			archivist.Submit(`form[action$="/arsip"] button[type=submit]`).WaitText(".flash", "1 naskah diberkaskan")
			archivist.Go("/meja/eoffice/arsip/berkas").Submit("main table a").WaitText("main", "Perbaikan drainase Toddopuli").Sound()
			drafter.Go(drafter.Path()).WaitText("main", "diarsipkan").Sound()
		})
	}
}

// intake writes two letters from outside down with hands on the keyboard alone. What a trained
// typist's strokes and the portal's answers take leaves most of the promised 45 seconds to read
// the letter and put it away.
func intake(t *testing.T, tab *e2e.Tab) {
	t.Helper()
	tab.Go("/meja/eoffice/catat").Wait("#asal:focus").Fill("#tempat", "Map merah 3")
	e2e.Eval[bool](tab, `document.querySelector("#asal").focus(), true`)
	for i, subject := range []string{"Permohonan data jalan rusak di Kecamatan Tamalanrea", "Undangan rapat koordinasi penanganan banjir"} {
		strokes, began := 0, time.Now()
		press := func(keys string) { strokes += len(keys); tab.Press(keys) }
		press("Balai Besar Pelaksanaan Jalan Nasional\tUM.01.02/" + strconv.Itoa(i+17) + "/XI/2026\t")
		tab.Wait("#tanggal:focus")
		press("11022026") // a day that was, whichever of both comes first
		focus := func() string { return e2e.Eval[string](tab, `document.activeElement.id`) }
		for range 5 { // the rest of the date and the button that opens a calendar
			if focus() == "tanggal" {
				press("\t")
				e2e.Eval[bool](tab, `new Promise((done) => setTimeout(done, 100, true))`)
			}
		}
		if at := focus(); at != "hal" {
			t.Fatalf("after the date comes %q", at)
		}
		press(subject + "\r")
		tab.WaitText(".flash", "Tercatat dengan nomor agenda "+strconv.Itoa(i+1)+"/").Wait("#asal:focus")
		typing := time.Duration(strokes) * time.Minute / 280 // an ordinary typist's pace
		t.Logf("%d keystrokes: %v of typing; the portal answered in %v", strokes, typing.Round(100*time.Millisecond), time.Since(began).Round(time.Millisecond))
		if typing > 30*time.Second {
			t.Errorf("%d keystrokes take %v", strokes, typing)
		}
	}
}

// partners are Dinas Perhubungan, which receives too, and a group of it and Bappeda.
func (b *bureau) partners() {
	b.t.Helper()
	ctx, m := context.Background(), b.App.Office
	group, err := m.MakeGroup(ctx, b.clerk, b.clerk.MainPosition().UnitID, "Mitra perencanaan")
	b.must(err)
	head := b.Hire(b.t, apptest.Staff{Name: "Muhammad Basri", Email: "kadishub@portal.example", UnitCode: "DISHUB", Kind: "kepala"})
	clerk := b.Hire(b.t, apptest.Staff{Name: "Rosmini Bado", Email: "tu.dishub@portal.example", UnitCode: "DISHUB", Title: "Pengelola Tata Usaha Dishub", Permissions: []authz.Permission{eoffice.PermRegister}})
	b.accounts["kadishub"], b.accounts["tu.dishub"] = head.AccountID, clerk.AccountID
	for _, desk := range []int64{b.other.MainPosition().ID, head.PositionID} {
		b.must(m.AddMember(ctx, b.clerk, group, desk))
	}
}

// useEditor makes part of a letter with the tools, by keyboard, pastes from Word, and leaves
// the plain text that the journey looks for.
func useEditor(t *testing.T, tab *e2e.Tab) {
	t.Helper()
	const html = `document.querySelector("#teks").innerHTML`
	tab.Fill("#teks", "Rencana perbaikan drainase.\rHal ")
	e2e.Eval[bool](tab, `document.querySelector("#teks").dispatchEvent(new KeyboardEvent("keydown", {key: "F10", altKey: true, bubbles: true, cancelable: true}))`)
	tab.Press(strings.Repeat(kb.ArrowRight, 3) + " ") // Paragraf, Judul, Subjudul, B
	tab.Wait(`.tools [aria-label="B, tebal"][aria-pressed="true"]`).Press("penting")
	tab.Wait(`#teks strong`)
	e2e.Eval[bool](tab, `(() => {
		const data = new DataTransfer();
		data.setData("text/plain", "Saluran");
		data.setData("text/html", "<p class=MsoNormal><o:p></o:p></p><p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.&nbsp;</span>Saluran</p>"
			+ "<table><tr><td colspan=2 style='color:red'><b onclick='x()'>Ruas</b></td></tr><tr><td>Toddopuli</td><td>120 m</td></tr></table>");
		return !document.querySelector("#teks").dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
	})()`)
	tab.Wait("#teks ol li").Wait("#teks table td strong").WaitText("[data-saved]", "Tersimpan").Sound()
	if got := e2e.Eval[string](tab, html); strings.Contains(got, "Mso") || strings.Contains(got, "onclick") {
		t.Errorf("Word came through: %s", got)
	}
	tab.Go(tab.Path()).Wait("#teks ol li").Wait("#teks table").Wait("#teks strong")
	if took := tab.Weight().Scripts; took == 0 || took > editorBudget {
		t.Errorf("the scripts of the editor's page take %d bytes, at most %d", took, editorBudget)
	}
}

// editorBudget is what the scripts of the page on which a letter is written may take on the
// wire; docs/adr/0002-libraries.md.
const editorBudget = 120_000
