package demo_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/demo"
	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/eoffice/text"
	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/mtr/misconduct"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// The good files of whoever asks for no other.
var (
	polyglot = mediatest.Polyglot()
	harmless = mediatest.PDF("")
)

const (
	newestPhoto = ` || ref || '/besar' FROM mtr_photo ORDER BY id DESC LIMIT 1`
	newestFile  = `SELECT '/meja/eoffice/naskah/' || letter_id || '/lampiran/' || id FROM eoffice_file ORDER BY id DESC LIMIT 1`
)

// uploads are all controls of the portal that take files.
func (w sender) uploads() []upload {
	w.t.Helper()
	kelurahan := w.one(`SELECT id::text FROM org_unit WHERE code = '73.71.13.1002'`)
	category := w.one(`SELECT id::text FROM mtr_category c WHERE active AND emergency = '' AND NOT EXISTS (SELECT FROM mtr_question q WHERE q.category_id = c.id) ORDER BY id LIMIT 1`)
	words := func(more ...string) url.Values {
		v := url.Values{mtr.ControlTitle: {"Bangku taman patah"}, mtr.ControlBody: {"Sudah patah sejak dua minggu lalu."}, mtr.ControlKelurahan: {kelurahan}, mtr.ControlLandmark: {"Depan masjid"}}
		for i := 0; i < len(more); i += 2 {
			v.Set(more[i], more[i+1])
		}
		return v
	}
	draft, err := w.s.App.MTR.CreateDraft(w.t.Context(), authz.Actor{})
	w.must(err)
	own := w.all(`SELECT '/mtr/laporan-saya/' || r.number FROM mtr_report r JOIN authn_account a ON a.id = r.account_id WHERE a.email LIKE 'warga%@portal.example' ORDER BY r.id DESC`)
	links := w.unsealed("mtr.link", `SELECT '/mtr/laporan/' || r.number || '/' AS path, k.link_sealed AS sealed FROM mtr_contact k JOIN mtr_report r ON r.id = k.report_id WHERE k.link_sealed IS NOT NULL ORDER BY r.id DESC`)
	said := url.Values{mtr.ControlBody: {"Ini keterangan tambahan."}, mtr.ControlReason: {"Bangkunya masih patah seperti semula."}}
	officers, tasks := w.tasks()
	proof := url.Values{mtr.ControlAnswer: {"Lampu sudah diganti."}, "langkah": {"unggah"}}
	told := url.Values{misconduct.ControlWho: {"Petugas loket"}, misconduct.ControlBody: {"Ia meminta uang untuk surat yang tidak berbayar."}}
	w.s.Citizen(w.t, "baru@"+demo.Domain, "Warga Baru")
	token, issued := w.issued()
	arrival := url.Values{eoffice.ControlSender: {"Balai Besar Jalan"}, eoffice.ControlNumber: {"600/77"}, eoffice.ControlDate: {w.day(-3)}, eoffice.ControlSubject: {"Data jalan rusak"},
		eoffice.ControlPlace: {"Map 3"}, "aksi": {"simpan"}}
	workers := []string{"kabid", "kasi", "teknik", "juru", "konseptor", "kadis", "petugas.dpu", "kepala.dishub", "petugas.dishub", "kepala.bappeda", "sekda"}
	letters := func(from string) []string {
		return w.all(`SELECT DISTINCT '/meja/eoffice/naskah/' || letter_id FROM ` + from + ` ORDER BY 1`)
	}
	apply := url.Values{"aksi": {"terapkan"}}
	number := func(who string) string {
		return w.one(`SELECT p.staff_number FROM org_person p JOIN authn_account a ON a.id = p.account_id WHERE a.email = '` + who + `@portal.example'`)
	}

	return []upload{
		{route: "POST /mtr/lapor", control: mtr.ControlPhoto, who: "tamu", pages: []string{"/mtr/lapor"}},
		{route: "POST /mtr/lapor/{draf}/foto", control: mtr.ControlPhoto, who: "tamu", pages: []string{"/mtr/lapor/" + draft + "/foto"}, served: `SELECT $1 || '/'` + newestPhoto},
		{route: "POST /mtr/lapor/luring", control: mtr.ControlPhoto, who: "tamu", path: "/mtr/lapor/luring",
			typed: words("kunci", strings.Repeat("k", 22), mtr.ControlCategory, category, mtr.ControlEmail, "ani@contoh.id", "foto_info", ";;")},
		{route: "POST /mtr/laporan-saya/{nomor}/informasi", control: mtr.ControlPhoto, who: "warga", more: []string{"warga2"}, pages: own, typed: url.Values{mtr.ControlBody: said[mtr.ControlBody]},
			served: `SELECT replace($1, 'informasi', 'foto/')` + newestPhoto},
		{route: "POST /mtr/laporan/{nomor}/{token}/informasi", control: mtr.ControlPhoto, who: "tamu", pages: links, typed: url.Values{mtr.ControlBody: said[mtr.ControlBody]},
			served: `SELECT replace($1, 'informasi', 'foto/')` + newestPhoto},
		{route: "POST /mtr/laporan-saya/{nomor}/sanggahan", control: mtr.ControlPhoto, who: "warga", more: []string{"warga2"}, pages: own, typed: url.Values{mtr.ControlReason: said[mtr.ControlReason]},
			served: `SELECT replace($1, 'sanggahan', 'foto/')` + newestPhoto},
		{route: "POST /mtr/laporan/{nomor}/{token}/sanggahan", control: mtr.ControlPhoto, who: "tamu", pages: links, typed: url.Values{mtr.ControlReason: said[mtr.ControlReason]},
			served: `SELECT replace($1, 'sanggahan', 'foto/')` + newestPhoto},
		{route: "POST /meja/mtr/{nomor}/bukti", control: mtr.ControlPhoto, who: officers[0], more: officers, pages: tasks, typed: proof, served: `SELECT '/meja/mtr/foto/'` + newestPhoto},
		{route: "POST /meja/mtr/{nomor}/bukti", control: mtr.ControlDocument, takes: papers, most: mtr.MaxDocumentBytes, who: officers[0], more: officers, pages: tasks, typed: proof,
			served: `SELECT '/meja/mtr/berkas/' || ref FROM mtr_document ORDER BY id DESC LIMIT 1`},
		{route: "POST /meja/mtr/{nomor}/bukti/luring", control: mtr.ControlPhoto, who: officers[0], path: tasks[0] + "/bukti/luring", served: `SELECT '/meja/mtr/foto/'` + newestPhoto,
			typed: url.Values{"kunci": {strings.Repeat("b", 22)}, "akun": {strconv.FormatInt(w.actor(officers[0]).AccountID, 10)}, mtr.ControlAnswer: proof[mtr.ControlAnswer]}},
		{route: "POST /meja/mtr/catat-laporan", control: mtr.ControlPhoto, who: "dispatcher", pages: []string{"/meja/mtr/catat-laporan?" + mtr.ControlCategory + "=" + category},
			typed:  words(mtr.ControlPhone, "0812 3456 7890", "dipastikan", "1", mtr.ControlName, "Bu Mina", mtr.ControlConsent, "1"),
			served: `SELECT '/meja/mtr/foto/'` + newestPhoto},
		{route: "POST /meja/mtr/sp4n", control: mtr.ControlFile, takes: sheets, who: "dispatcher", pages: []string{"/meja/mtr/sp4n"},
			good: []byte("Tracking ID;Judul Laporan;Isi Laporan;Kategori\n7001;Lampu mati;Lampu di lorong mati sejak Senin.;Lampu jalan mati\n"), says: "Hasil pemeriksaan"},
		{route: "POST /open311/v2/requests.{format}", control: "media", who: "tamu", path: "/open311/v2/requests.json", served: `SELECT '/meja/mtr/foto/'` + newestPhoto, reader: "dispatcher",
			typed: url.Values{"api_key": {w.key()}, "service_code": {"TAMAN"}, "lat": {"-5.1357"}, "long": {"119.4131"}, "description": {"Bangku taman patah dan berpaku"}}},

		{route: "POST /mtr/pelanggaran/tulis", control: misconduct.ControlFiles, takes: scans, most: misconduct.MaxFileBytes, who: "tamu", pages: []string{"/mtr/pelanggaran/tulis"}, typed: told,
			served: sqlCaseFile, reader: "inspektorat"},
		{route: "POST /mtr/pelanggaran/lanjut", control: misconduct.ControlFiles, takes: scans, most: misconduct.MaxFileBytes, who: "tamu", typed: url.Values{misconduct.ControlBody: {"Ini buktinya."}},
			open: func(c *apptest.Client) *apptest.Page {
				code := c.Get("/mtr/pelanggaran/tulis").Submit(`form[enctype]`, told).Want(http.StatusOK).Text("#kode")
				return c.Post("/mtr/pelanggaran/jawaban", url.Values{misconduct.ControlCode: {code}}).Want(http.StatusOK)
			}, served: sqlCaseFile, reader: "inspektorat"},

		{route: "POST /meja/penduduk/impor", control: "berkas", takes: sheets, most: sheet.MaxFile, who: "operator", pages: []string{"/meja/penduduk/impor"}, typed: url.Values{epemerintahan.ControlKelurahan: {kelurahan}},
			good: w.template()},
		{route: "POST /surat/identitas", control: letter.ControlKTP, takes: scans, most: media.MaxScanBytes, who: "baru", pages: []string{"/surat/identitas"},
			typed: url.Values{letter.ControlNIK: {demo.NIKOfWarga}, letter.ControlKelurahan: {kelurahan}}, reader: "operator",
			served: `SELECT '/meja/surat/identitas/' || id || '/foto' FROM epemerintahan_identity ORDER BY id DESC LIMIT 1`},
		{route: "POST /surat/draf/{ref}/berkas/{urut}", control: mtr.ControlPhoto, takes: scans, most: media.MaxScanBytes, who: "warga", served: sqlOwnScan,
			pages: w.all(`SELECT '/surat/draf/' || ref || '/berkas/' || n FROM epemerintahan_letter, generate_series(1, 6) n WHERE status = 'draf'`)},
		{route: "POST /surat/{nomor}/berkas/{urut}", control: mtr.ControlPhoto, takes: scans, most: media.MaxScanBytes, who: "warga", served: sqlOwnScan,
			pages: w.all(`SELECT '/surat/' || request_number || '/berkas/' || n FROM epemerintahan_letter, generate_series(1, 6) n WHERE status = 'dikembalikan' AND request_number IS NOT NULL`)},
		{route: "POST /meja/surat/{id}/pindai", control: "pindaian", takes: scans, most: media.MaxScanBytes, who: "operator", more: []string{"operator.buakana"},
			pages:  []string{w.printed()},
			served: `SELECT replace($1, '/pindai', '/berkas/pindaian')`},
		{route: "POST /verifikasi/{token}", control: "berkas", takes: anything, most: 20 << 20, who: "tamu", pages: []string{"/verifikasi/" + token}, good: issued, says: "Berkas ini asli"},

		{route: "POST /meja/eoffice/naskah/{id}/lampiran", control: eoffice.ControlFile, takes: documents, most: media.MaxDocumentBytes, who: "konseptor", served: newestFile,
			pages: w.all(naskahIs("konsep", "lampiran"))},
		{route: "POST /meja/eoffice/catat", control: eoffice.ControlFile, takes: documents, most: media.MaxDocumentBytes, who: "tu", pages: []string{"/meja/eoffice/catat"}, typed: arrival, served: newestFile},
		{route: "POST /meja/eoffice/naskah/{id}/betulkan", control: eoffice.ControlFile, takes: documents, most: media.MaxDocumentBytes, who: "tu", more: []string{"petugas.pdam", "petugas.dishub"},
			pages: w.all(naskahIs("tercatat", "betulkan")), typed: url.Values{eoffice.ControlSubject: {"Data jembatan rusak"}, "aksi": {"simpan"}}, served: newestFile},
		{route: "POST /meja/eoffice/baki", control: eoffice.ControlFile, takes: documents, most: media.MaxDocumentBytes, who: "tu", pages: []string{"/meja/eoffice/baki"},
			served: `SELECT '/meja/eoffice/baki/' || id FROM eoffice_tray ORDER BY id DESC LIMIT 1`},
		{route: "POST /meja/eoffice/naskah/{id}/pindai", control: eoffice.ControlFile, takes: scans, most: media.MaxDocumentBytes, who: "tu", pages: []string{w.verified("SD", eoffice.Wet)},
			served: `SELECT replace($1, '/pindai', '/berkas/pindaian')`},
		{route: "POST /meja/eoffice/naskah/{id}/mandat", control: eoffice.ControlFile, takes: scans, most: media.MaxDocumentBytes, who: "konseptor", pages: []string{w.verified("SK", eoffice.Electronic)},
			typed: url.Values{eoffice.ControlReason: {"Nomor 821/12/2026 dari Wali Kota"}}, served: newestFile},
		{route: "POST /meja/eoffice/disposisi/{id}/lapor", control: eoffice.ControlFile, takes: documents, most: media.MaxDocumentBytes, who: "kabid", more: workers,
			pages: letters(`eoffice_disposition WHERE status IN ('dikirim', 'dikerjakan')`), typed: url.Values{eoffice.ControlReport: {"Saluran sudah dikeruk."}}, served: newestFile},
		{route: "POST /meja/eoffice/kiriman/{id}/bukti", control: eoffice.ControlFile, takes: scans, most: media.MaxDocumentBytes, who: "tu", pages: letters(`eoffice_recipient WHERE status = 'dikirim_pos'`),
			served: `SELECT $1`},
		{route: "POST /meja/eoffice/atur/klasifikasi/impor", control: eoffice.ControlSheet, takes: sheets, who: "arsiparis", more: []string{"sekda", "admin"}, pages: []string{"/meja/eoffice/atur/klasifikasi"},
			good: []byte("Kode;Nama;Aktif;Inaktif;Nasib\n600.99;Uji;1;2;musnah\n"), says: "Berkas ini dapat diimpor"},

		{route: "POST /meja/kuciniki/skp/{id}/impor", control: "berkas", takes: sheets, who: "validator", pages: []string{w.plan("validator")}, typed: apply,
			good: []byte("Jenis;RHK atasan;Dasar;RHK;Aspek;Indikator;Target;Satuan\ntambahan;;ST 7/2026;Petugas upacara;kuantitas;Upacara;12;kali\n")},
		{route: "POST /meja/kuciniki/kehadiran/impor", control: "berkas", takes: sheets, who: "bkpsdm", pages: []string{"/meja/kuciniki/kehadiran"}, typed: apply,
			good: fmt.Appendf(nil, "NIP;Tanggal;Masuk;Pulang\n%s;%s;07:25;16:05\n", number("admin"), w.day(-4)), says: "1 baris kehadiran disimpan"},

		{route: "POST /meja/admin/mutasi", control: "berkas", takes: sheets, most: org.MaxSheetFile, who: "admin", pages: []string{"/meja/admin/mutasi"}, typed: url.Values{"tanggal": {w.day(7)}},
			good: fmt.Appendf(nil, "NIP;Jabatan\n%s;Petugas Pemeliharaan Jalan dan Drainase\n%s;Petugas Lampu Jalan dan Rambu\n", number("petugas.dishub"), number("petugas.dpu")), says: "pindah"},
		{route: "POST /meja/admin/impor/{jenis}", control: "berkas", takes: sheets, most: org.MaxSheetFile, who: "admin", pages: []string{"/meja/admin/impor/unit"},
			good: []byte("kode,nama,jenis,induk\nUJI-1,Bidang Uji,bidang,DPU\n")},
	}
}

const (
	sqlCaseFile = `SELECT '/meja/mtr/pelanggaran/' || c.ref || '/berkas/' || f.id FROM mtr_misconduct_file f JOIN mtr_misconduct c ON c.id = f.case_id ORDER BY f.id DESC LIMIT 1`
	sqlOwnScan  = `SELECT '/surat/pindaian/' || ref FROM epemerintahan_letter_scan ORDER BY id DESC LIMIT 1`
)

func (w sender) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Error(err)
	}
}

func (w sender) all(sql string) []string {
	w.t.Helper()
	out, err := pg.Scalars[string](w.t.Context(), w.s.Pool, sql)
	w.must(err)
	return out
}

func (w sender) one(sql string) string {
	w.t.Helper()
	out := w.all(sql)
	if len(out) == 0 {
		w.t.Errorf("the demo has nothing for %s", sql)
		return ""
	}
	return out[0]
}

// unsealed are addresses whose end is sealed.
func (w sender) unsealed(under, sql string) (paths []string) {
	w.t.Helper()
	found, err := pg.Many[struct {
		Path   string
		Sealed []byte
	}](w.t.Context(), w.s.Pool, sql)
	w.must(err)
	for _, f := range found {
		end, err := w.s.App.Box.Open(f.Sealed, under)
		w.must(err)
		paths = append(paths, f.Path+end)
	}
	return paths
}

func (w sender) day(n int) string { return w.s.Clock.Now().AddDate(0, 0, n).Format(time.DateOnly) }

func (w sender) actor(who string) authz.Actor {
	w.t.Helper()
	return w.s.Actor(w.t, accountOf(w.t, w.s, who))
}

// tasks are the reports that officers may hand in a proof of, and who these are: the first has the first.
func (w sender) tasks() (officers, pages []string) {
	w.t.Helper()
	for _, who := range w.all(`SELECT split_part(email, '@', 1) FROM authn_account WHERE email LIKE 'petugas.%@portal.example' ORDER BY 1`) {
		var round struct {
			Tugas []struct {
				Nomor string
				Bukti bool
			}
		}
		w.must(json.Unmarshal([]byte(w.as(who).Get("/meja/mtr/rute.json").Body), &round))
		for _, task := range round.Tugas {
			if task.Bukti {
				officers, pages = append(officers, who), append(pages, "/meja/mtr/"+task.Nomor)
			}
		}
	}
	if len(pages) == 0 {
		w.t.Fatal("nobody has anything to do")
	}
	return slices.Compact(officers), pages
}

// key is one with which another system sends reports.
func (w sender) key() string {
	w.t.Helper()
	h := w.s.Hire(w.t, apptest.Staff{Email: "kunci@uji.example", Name: "Pemberi Kunci", UnitCode: "DLH", City: true, Permissions: []authz.Permission{mtr.PermConfigure}})
	key, err := w.s.App.MTR.IssueAPIKey(w.t.Context(), w.s.Actor(w.t, h.AccountID), mtr.APIKeyInput{Name: "Aplikasi Uji", Contact: "tim@aplikasi.example"})
	w.must(err)
	return key
}

// template is the file of residents that the portal hands out to be filled in.
func (w sender) template() []byte {
	w.t.Helper()
	return []byte(w.as("operator").Get("/meja/penduduk/impor/contoh/csv").Want(http.StatusOK).Body)
}

// issued is a letter as it was issued, and the token of its QR code.
func (w sender) issued() (token string, pdf []byte) {
	w.t.Helper()
	const which = ` FROM epemerintahan_letter l JOIN org_unit u ON u.id = l.kelurahan_id WHERE l.status = 'terbit' AND l.mode = 'tte' AND u.code = '73.71.13.1002' ORDER BY l.id LIMIT 1`
	body := w.as("operator").Get(w.one(`SELECT '/meja/surat/' || l.id || '/berkas/surat'` + which)).Want(http.StatusOK).Body
	for _, token := range w.unsealed("epemerintahan.letter.token", `SELECT '' AS path, l.token_sealed AS sealed`+which) {
		return token, []byte(body)
	}
	return "", nil
}

// printed is the page of a citizen's letter that waits for its paper to come back, signed: of those
// that wait for their signature, one that is to be signed in ink instead.
func (w sender) printed() string {
	w.t.Helper()
	_, err := w.s.DB.Owner().Exec(w.t.Context(), `UPDATE epemerintahan_letter SET mode = 'basah' WHERE status = 'menunggu_ttd'`)
	w.must(err)
	for _, id := range w.all(`SELECT id::text FROM epemerintahan_letter WHERE mode = 'basah' AND status = 'menunggu_ttd' ORDER BY id`) {
		n, parsed := strconv.ParseInt(id, 10, 64)
		w.must(parsed)
		for _, who := range []string{"lurah", "lurah.buakana"} {
			if err = w.s.App.Letters.Print(w.t.Context(), w.actor(who), letter.Act{ID: n}); err == nil {
				return "/meja/surat/" + id
			}
		}
	}
	w.t.Errorf("no letter is to be printed: %v", err)
	return ""
}

// verified is the page of a letter of Dinas PU that waits for its signature, or for its paper to come
// back where it is signed in ink.
func (w sender) verified(kind string, mode eoffice.Mode) string {
	w.t.Helper()
	ctx, m, drafter, verifier := w.t.Context(), w.s.App.Office, w.actor("konseptor"), w.actor("kabid")
	id, err := m.Begin(ctx, drafter, kind, drafter.MainPosition().ID, "uji-unggah-"+kind)
	w.must(err)
	_, d, err := m.DraftOf(ctx, drafter, id)
	w.must(err)
	d.Subject, d.Body, d.KKA, d.Mode = "Perbaikan pompa", text.FromPlain("Pompa Kanal Panampu diperbaiki."), "600.1", mode
	if kind == "SD" {
		d.To = []eoffice.Addressee{{PositionID: w.actor("kepala.bappeda").MainPosition().ID}}
	}
	_, err = m.SaveDraft(ctx, drafter, id, 0, d)
	w.must(err)
	_, err = m.Submit(ctx, drafter, eoffice.Act{ID: id})
	w.must(err)
	_, err = m.Open(ctx, verifier, id)
	w.must(err)
	_, err = m.Paraf(ctx, verifier, eoffice.Act{ID: id})
	w.must(err)
	if mode == eoffice.Wet {
		_, err = m.Print(ctx, w.actor("tu"), eoffice.Act{ID: id})
		w.must(err)
	}
	return fmt.Sprint("/meja/eoffice/naskah/", id)
}

// plan is the page of a plan that somebody has begun.
func (w sender) plan(who string) string {
	w.t.Helper()
	a, m := w.actor(who), w.s.App.Kuciniki
	id, err := m.Begin(w.t.Context(), a, m.Year(), a.MainPosition().OccupancyID)
	w.must(err)
	return fmt.Sprint("/meja/kuciniki/skp/", id)
}
