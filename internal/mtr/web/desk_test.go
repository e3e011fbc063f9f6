package mtrweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
)

func perms(ps ...authz.Permission) []authz.Permission { return ps }

// desk is a portal with the people who deal with reports, each in a browser.
type desk struct {
	t                                                                  *testing.T
	s                                                                  *apptest.Server
	dispatcher, moderator, revealer, head, worker, validator, stranger *apptest.Client
	workerIs                                                           apptest.Hired
	dishub                                                             int64
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	t.Parallel()
	d := &desk{t: t, s: apptest.New(t)}
	hire := func(name, unit string, city bool, ps ...authz.Permission) (*apptest.Client, apptest.Hired) {
		h := d.s.Hire(t, apptest.Staff{Email: strings.ToLower(name) + "@kota.example", Name: name, UnitCode: unit, City: city, Permissions: ps})
		return d.s.SignedIn(t, h.AccountID), h
	}
	d.dispatcher, _ = hire("Dewi", "KOMINFO", true, mtr.PermDispatch)
	d.moderator, _ = hire("Mimi", "KOMINFO", true, mtr.PermModerate)
	var revealer apptest.Hired
	d.revealer, revealer = hire("Ruli", "INSP", true, mtr.PermReveal, mtr.PermOverview)
	d.s.Assign(t, revealer, "mtr")
	var head apptest.Hired
	d.head, head = hire("Hasan", "DISHUB", false, mtr.PermHandle)
	d.dishub = head.UnitID
	d.worker, d.workerIs = hire("Wati", "DISHUB", false, mtr.PermWork)
	d.validator, _ = hire("Vina", "DISHUB", false, mtr.PermValidate)
	d.stranger, _ = hire("Sari", "DLH", false, mtr.PermHandle, mtr.PermValidate)
	return d
}

var filedCount atomic.Int64

// file puts a report before the dispatchers: of a category, and anonymous or held.
func (d *desk) file(category string, anonymous, held bool) (number string) {
	d.t.Helper()
	number = fmt.Sprintf("MTR-26-%06d", filedCount.Add(1))
	box, at := d.s.App.Box, apptest.Start
	status, action, received := "diterima", "submit", &at
	if held {
		status, action, received = "belum_konfirmasi", "hold", nil
	}
	d.exec(`WITH r AS (
		INSERT INTO mtr_report (number, code_hash, code_sealed, category_id, class, title, body, place_source, kelurahan_id,
			kecamatan_id, dispatch_unit_id, anonymous, confidential, submitted_at, words_hash, proof, field_check,
			seq, status, due_kind, due_at, warn_at, received_at, status_changed_at)
		SELECT $1, $2, $2, c.id, 'pengaduan', 'Lampu mati di depan pasar', 'Lampu di depan pasar mati sejak Senin.', 'manual', u.id, u.parent_id,
			u.id, $3, false, $4, $2, c.proof, c.field_check, 1, $5, 'verifikasi', $6, $6, $7, $4
		FROM mtr_category c, (SELECT id, parent_id FROM org_unit WHERE kind = 'kelurahan' ORDER BY code LIMIT 1) u WHERE c.code = $8
		RETURNING id
	), e AS (
		INSERT INTO mtr_event (report_id, seq, action, from_status, to_status, at, actor_kind, role, audience)
		SELECT id, 1, $9, '', $5, $4, 'anonim', 'pelapor', 'publik' FROM r
	)
	INSERT INTO mtr_contact (report_id, name_sealed, email_sealed, email_hash, email_verified_at, link_sealed)
	SELECT id, $10, $11, $2, $4, $12 FROM r`,
		number, []byte(number), anonymous, at, status, at.AddDate(0, 0, 3), received, category, action,
		box.Seal("Siti Pelapor", "mtr.name"), box.Seal("siti@contoh.id", "mtr.email"), box.Seal("rahasia123", "mtr.link"))
	return number
}

func (d *desk) exec(sql string, args ...any) {
	d.t.Helper()
	if _, err := d.s.DB.Owner().Exec(d.t.Context(), sql, args...); err != nil {
		d.t.Fatal(err)
	}
}

// page is a report at somebody's desk.
func (d *desk) page(c *apptest.Client, number string) *apptest.Page {
	d.t.Helper()
	return c.Get("/meja/mtr/" + number + "?antrean=semua").Want(http.StatusOK)
}

// form of an act, by the last part of its address.
func form(act string) string { return `main form[action$="/` + act + `"]:not([data-suggested])` }

// does fills an act's form and succeeds: the next page says so.
func (d *desk) does(c *apptest.Client, number, act string, v url.Values, files ...apptest.File) *apptest.Page {
	d.t.Helper()
	p := d.page(c, number).Submit(form(act), v, files...).Want(http.StatusOK)
	if !strings.Contains(p.Text("body"), number+" ") || strings.Contains(p.URL.Path, "/"+act) {
		d.t.Fatalf("after %s at %s:\n%s", act, p.URL, p.Text("body"))
	}
	return p
}

func (d *desk) status(number string, want mtr.Status) {
	d.t.Helper()
	var got mtr.Status
	if err := d.s.Pool.QueryRow(d.t.Context(), `SELECT status FROM mtr_report WHERE number = $1`, number).Scan(&got); err != nil || got != want {
		d.t.Fatalf("%s is %s, want %s (%v)", number, got, want, err)
	}
}

func (d *desk) forwarded(number string) string {
	d.t.Helper()
	d.does(d.dispatcher, number, "teruskan", values("unit", strconv.FormatInt(d.dishub, 10)))
	return number
}

func (d *desk) started(number string) string {
	d.t.Helper()
	d.forwarded(number)
	d.does(d.head, number, "tugaskan", values("jabatan", fmt.Sprintf("%d:%d", d.workerIs.PositionID, d.workerIs.PersonID)))
	d.does(d.worker, number, "mulai", values("alasan", "Teknisi menuju lokasi."))
	return number
}

func photo(name string) apptest.File {
	return apptest.File{Control: "foto", Name: name, Type: "image/jpeg", Data: mediatest.JPEG(320, 240)}
}

func (d *desk) proven(number string) string {
	d.t.Helper()
	d.started(number)
	d.does(d.worker, number, "bukti", values("jawaban", "Lampu sudah diganti."), photo("sesudah.jpg"))
	return number
}

// From the dispatcher's desk to the validator's, without scripts: each page offers
// what its reader may do now, and nothing else.
func TestDeskFollowsAReportThrough(t *testing.T) {
	d := newDesk(t)
	n := d.file("LAMPU", false, false)
	p := d.page(d.dispatcher, n)
	if got := apptest.Shown(p.Doc.Find(form("teruskan"))).Get("unit"); got != strconv.FormatInt(d.dishub, 10) {
		t.Errorf("the suggested unit is not chosen: %q", got)
	}
	d.head.Get("/meja/mtr/" + n).Want(http.StatusNotFound)
	d.started(n)
	d.status(n, mtr.InProgress)
	d.stranger.Get("/meja/mtr/" + n).Want(http.StatusNotFound)
	if p := d.page(d.worker, n); p.Has(form("tugaskan")) || p.Has(form("terima-bukti")) || !p.Has(form("bukti")) {
		t.Error("the worker's page offers the wrong acts")
	}
	d.does(d.worker, n, "bukti", values("jawaban", "Lampu sudah diganti."), photo("sesudah.jpg"))
	d.status(n, mtr.ToValidate)
	d.does(d.validator, n, "kembalikan-bukti", values("alasan", "Fotonya gelap."))
	if p := d.page(d.worker, n); !strings.Contains(p.Text("main"), "Fotonya gelap.") {
		t.Error("the worker does not read what is missing")
	}
	d.does(d.worker, n, "jadwalkan", values("tanggal", "2026-12-10", "alasan", "Menunggu suku cadang."))
	d.status(n, mtr.Scheduled)
	d.does(d.worker, n, "mulai", nil)
	d.does(d.worker, n, "tanya", values("alasan", "Tiang yang mana?"))
	d.status(n, mtr.NeedsInfo)
	d.does(d.worker, n, "lanjutkan", values("alasan", "Sudah ketemu."))
	d.does(d.worker, n, "bukti", values("jawaban", "Sekarang terang."), photo("lagi.jpg"))
	p = d.does(d.validator, n, "terima-bukti", values("alasan", "Terima kasih."))
	d.status(n, mtr.Done)
	if got := p.URL.Query().Get("antrean"); got != "semua" {
		t.Errorf("went to %s, not back to the queue", p.URL)
	}
	d.does(d.head, n, "tanggapi", values("alasan", "Kabari kami bila mati lagi."))
	d.does(d.head, n, "catat", values("alasan", "Tiang ini tua."))
}

// The other ends.
func TestDeskEndsReports(t *testing.T) {
	d := newDesk(t)
	parent := d.file("LAMPU", false, false)
	for act, c := range map[string]struct {
		v  url.Values
		to mtr.Status
	}{
		"tolak":    {values("alasan", "Bukan laporan."), mtr.Rejected},
		"duplikat": {values("induk", strings.ToLower(parent)), mtr.Duplicate},
		"rujuk":    {values("instansi", "PLN", "nomor_instansi", "P-1", "alasan", "Bukan lampu kota."), mtr.Referred},
	} {
		n := d.file("LAMPU", false, false)
		d.does(d.dispatcher, n, act, c.v)
		d.status(n, c.to)
		if act == "rujuk" {
			d.does(d.dispatcher, n, "jawaban-instansi", values("jawaban", "Sudah kami perbaiki."))
			if p := d.page(d.dispatcher, n); !strings.Contains(p.Text("aside"), "Sudah kami perbaiki.") {
				t.Error("the agency's answer is not shown")
			}
		}
	}
	n := d.forwarded(d.file("LAMPU", false, false))
	d.does(d.head, n, "kembalikan", values("alasan", "Ini jalan nasional."))
	d.status(n, mtr.Received)
	d.head.Get("/meja/mtr/" + n).Want(http.StatusNotFound)
}

// Moderators hide and show, let held reports through, and hide single photos.
func TestDeskModerates(t *testing.T) {
	d := newDesk(t)
	n := d.file("LAMPU", false, true)
	d.does(d.moderator, n, "lepas", values("alasan", "Bukan spam."))
	d.status(n, mtr.Received)
	d.does(d.moderator, n, "sembunyikan", values("alasan", "Ada nama orang."))
	if p := d.page(d.moderator, n); p.Has(form("sembunyikan")) || !strings.Contains(p.Text(".heading"), "Disembunyikan") {
		t.Error("a hidden report does not look hidden")
	}
	d.does(d.moderator, n, "tampilkan", values("alasan", "Namanya sudah dihapus."))
	d.proven(n)
	d.does(d.moderator, n, "tutup-kata", values("kata", "lampu", "alasan", "Nama orang."))
	if p := d.page(d.moderator, n); strings.Contains(strings.ToLower(p.Text("h1")+p.Text(".report-body")), "lampu") || !strings.Contains(p.Text("main"), "Sebagian kata ditutup") {
		t.Errorf("the words are still open: %s", p.Text("h1"))
	}
	link, _ := d.page(d.moderator, n).Doc.Find(`main a[href$="/tutup"]`).Attr("href")
	cover := d.moderator.Get(link).Want(http.StatusOK)
	for _, wrong := range [][]string{{"alasan", "Wajah."}, {"alasan", "Wajah.", "kiri1", "9"}, {"alasan", "Wajah.", "kiri1", "x", "atas1", "0", "lebar1", "9", "tinggi1", "9"}} {
		p := cover.Submit("form[data-cover]", values(wrong...)).Want(http.StatusUnprocessableEntity)
		if got, _ := p.Doc.Find("textarea").First().Html(); got != "Wajah." {
			t.Errorf("a refused form forgot %q: %q", wrong, got)
		}
	}
	numbers := values("kiri1", "0", "atas1", "0", "lebar1", "40", "tinggi1", "50", "alasan", "Ada wajah anak.")
	cover.Submit("form[data-cover]", numbers).Want(http.StatusOK)
	cover.Submit("form[data-cover]", numbers).Want(http.StatusNotFound)
	if next, _ := d.page(d.moderator, n).Doc.Find(`main a[href$="/tutup"]`).Attr("href"); next == link || next == "" {
		t.Errorf("the photo is still at %q", next)
	}
	p := d.page(d.moderator, n).Submit(form("sembunyikan-foto"), values("alasan", ""))
	(&flow{t, p}).refused("sembunyikan-foto-alasan", "Tulis alasan")
	d.does(d.moderator, n, "sembunyikan-foto", values("alasan", "Ada wajah anak."))
	if p := d.page(d.worker, n); p.Has(`main img[src*="/meja/mtr/foto/"]`) {
		t.Error("the hidden photo shows to the field")
	}
	anonymous := d.started(d.file("LAMPU", true, false))
	if d.page(d.head, anonymous).Has(form("buka-foto")) {
		t.Error("photos to release where there are none")
	}
	d.exec(`INSERT INTO mtr_photo (ref, report_id, kind, event_seq, width, height, dhash, stored, created_at)
		SELECT 'fotopelaporpertama1234', id, 'sebelum', 1, 4, 3, 0, true, now() FROM mtr_report WHERE number = $1`, anonymous)
	if p := d.page(d.worker, anonymous); p.Has(`main img[src*="/meja/mtr/foto/"]`) || !strings.Contains(p.Text("main"), "minta kepala unit") {
		t.Error("the worker sees where an anonymous reporter stood")
	}
	d.does(d.head, anonymous, "buka-foto", values("alasan", "Tiangnya tidak ketemu."))
	if !d.page(d.worker, anonymous).Has(`main img[src*="/meja/mtr/foto/"]`) {
		t.Error("the released photo does not show")
	}
}

// Who reported shows once, on the page itself, and leaves a trace.
func TestDeskRevealsOnce(t *testing.T) {
	d := newDesk(t)
	n := d.file("LAMPU", true, false)
	if p := d.page(d.dispatcher, n); p.Has(form("identitas")) || strings.Contains(p.Body, "Siti") || strings.Contains(p.Body, "contoh.id") {
		t.Error("an anonymous reporter is open to the dispatcher")
	}
	p := d.page(d.revealer, n)
	(&flow{t, p.Submit(form("identitas"), values("alasan", "ingin"))}).refused("identitas-alasan", "paling sedikit 10 huruf")
	p = p.Submit(form("identitas"), values("alasan", "Perlu menelepon pelapor.")).Want(http.StatusOK)
	if !strings.Contains(p.Text("#identitas"), "Siti Pelapor") || !strings.Contains(p.Text("#identitas"), "siti@contoh.id") {
		t.Errorf("not opened: %s", p.Text("aside"))
	}
	if p.Header.Get("Cache-Control") != "no-store" && !strings.Contains(p.Header.Get("Cache-Control"), "no-store") {
		t.Errorf("an identity may be cached: %q", p.Header.Get("Cache-Control"))
	}
	if p := d.page(d.revealer, n); strings.Contains(p.Body, "Siti Pelapor") {
		t.Error("still open after leaving")
	}
}

// wrongAnswers are forms that come back: act, whose, what is sent, and where it is wrong.
func TestDeskKeepsWhatWasTyped(t *testing.T) {
	d := newDesk(t)
	fresh := d.file("LAMPU", false, false)
	started := d.started(d.file("LAMPU", false, false))
	proven := d.proven(d.file("LAMPU", false, false))
	for _, c := range []struct {
		who              *apptest.Client
		number, act      string
		v                url.Values
		control, message string
		kept             string
	}{
		{d.dispatcher, fresh, "teruskan", values("unit", "", "alasan", "Mohon segera."), "unit", "Pilih unit", "alasan"},
		{d.dispatcher, fresh, "teruskan", values("unit", "'; --", "alasan", "Mohon segera."), "unit", "Pilih unit", "alasan"},
		{d.dispatcher, fresh, "tolak", values("alasan", strings.Repeat("x", mtr.MaxReason+1)), "alasan", "paling banyak 2.000", "alasan"},
		{d.dispatcher, fresh, "duplikat", values("induk", "MTR-26-999999", "alasan", "Sama."), "induk", "tidak ada", "alasan"},
		{d.dispatcher, fresh, "duplikat", values("induk", fresh, "alasan", "Sama."), "induk", "laporan ini sendiri", "induk"},
		{d.dispatcher, fresh, "rujuk", values("instansi", "", "nomor_instansi", "P-1", "alasan", "Bukan kami."), "instansi", "Tulis nama instansi", "nomor_instansi"},
		{d.dispatcher, fresh, "tanya", values("alasan", " "), "alasan", "Tulis pertanyaan", ""},
		{d.head, started, "tugaskan", values("jabatan", "1:99999999", "alasan", "Tolong."), "jabatan", "Pilih petugas", "alasan"},
		{d.head, started, "tugaskan", values("jabatan", "x", "alasan", "Tolong."), "jabatan", "tidak dikenal", "alasan"},
		{d.worker, started, "jadwalkan", values("tanggal", "2020-01-01", "alasan", "Menunggu."), "tanggal", "sudah lewat", "alasan"},
		{d.worker, started, "jadwalkan", values("tanggal", "kapan-kapan", "alasan", "Menunggu."), "tanggal", "Pilih tanggal", "tanggal"},
		{d.worker, started, "bukti", values("jawaban", "Sudah."), "foto", "meminta foto", "jawaban"},
		{d.validator, proven, "kembalikan-bukti", values("alasan", ""), "alasan", "Tulis apa yang masih kurang", ""},
	} {
		p := &flow{t, d.page(c.who, c.number).Submit(form(c.act), c.v)}
		p.refused(c.act+"-"+c.control, c.message)
		if c.kept != "" {
			if got := apptest.Shown(p.Doc.Find(form(c.act))).Get(c.kept); got != c.v.Get(c.kept) {
				t.Errorf("%s: %s is %q now", c.act, c.kept, got)
			}
		}
	}
}

// Somebody was faster: 409, what happened meanwhile, and the words are still there.
func TestDeskTellsWhoComesTooLate(t *testing.T) {
	d := newDesk(t)
	n := d.file("LAMPU", false, false)
	early := d.page(d.dispatcher, n)
	d.does(d.dispatcher, n, "catat", values("alasan", "Sudah saya telepon."))
	p := early.Submit(form("tolak"), values("alasan", "Kalimat yang panjang.")).Want(http.StatusConflict)
	if !strings.Contains(p.Text("#keadaan-baru"), "Catatan petugas") || apptest.Shown(p.Doc.Find(form("tolak"))).Get("alasan") != "Kalimat yang panjang." {
		t.Errorf("a conflict that may be sent again: %s", p.Text("main"))
	}
	p.Submit(form("tolak"), nil).Want(http.StatusOK)
	d.status(n, mtr.Rejected)
	// Now the act is not possible any more: the words stand there to be copied.
	p = early.Submit(form("tanya"), values("alasan", "Pertanyaan yang panjang.")).Want(http.StatusConflict)
	if p.Has(form("tanya")) || !strings.Contains(p.Text("#keadaan-baru"), "Pertanyaan yang panjang.") {
		t.Errorf("a conflict that cannot be sent again: %s", p.Text("main"))
	}
	// It has left the unit's sight.
	m := d.forwarded(d.file("LAMPU", false, false))
	early = d.page(d.head, m)
	d.does(d.head, m, "kembalikan", values("alasan", "Ini jalan nasional."))
	p = early.Submit(form("catat"), values("alasan", "Catatan yang panjang.")).Want(http.StatusNotFound)
	if !strings.Contains(p.Text("main"), "Catatan yang panjang.") {
		t.Errorf("the words are lost: %s", p.Text("main"))
	}
}

// What is not one's own is refused, whatever is posted.
func TestDeskRefusesOthers(t *testing.T) {
	d := newDesk(t)
	n := d.started(d.file("LAMPU", false, false))
	p := d.page(d.worker, n)
	carried := apptest.Shown(p.Doc.Find(form("tanggapi") + ", " + form("catat")).First())
	post := func(c *apptest.Client, act string, more ...string) *apptest.Page {
		v := values(more...)
		for _, name := range []string{"laporan", "versi"} {
			v.Set(name, carried.Get(name))
		}
		return c.Post("/meja/mtr/"+n+"/"+act, v)
	}
	for _, act := range []string{"tolak", "teruskan", "tugaskan", "mulai", "jadwalkan", "terima-bukti", "tanya", "catat", "sembunyikan", "identitas", "bukti", "bukti/hapus"} {
		if p := post(d.stranger, act, "alasan", "Kata-kata saya.", "unit", "1", "jabatan", "0", "tanggal", "2026-12-10", "jawaban", "x"); p.Status != http.StatusNotFound {
			t.Errorf("a stranger's %s: %d", act, p.Status)
		}
		if p := d.s.Client(t).Post("/meja/mtr/"+n+"/"+act, values("laporan", carried.Get("laporan"), "versi", "1")); p.Status == http.StatusOK && !strings.HasPrefix(p.URL.Path, "/masuk") {
			t.Errorf("a visitor's %s: %d at %s", act, p.Status, p.URL.Path)
		}
	}
	p = post(d.worker, "tugaskan", "jabatan", "0", "alasan", "Bukan saya.").Want(http.StatusForbidden)
	if !strings.Contains(p.Text("#keadaan-baru"), "bukan wewenang Anda") {
		t.Errorf("forbidden without a sentence: %s", p.Text("main"))
	}
	for _, v := range []url.Values{nil, values("laporan", "x"), values("laporan", "-1", "versi", "1"), values("laporan", carried.Get("laporan"), "versi", "0"), values("laporan", "1", "versi", "99999999999999999999")} {
		d.worker.Post("/meja/mtr/"+n+"/catat", v).Want(http.StatusBadRequest)
	}
}

// Photos and documents wait on the page, also when the answer is wrong, and go one by one.
func TestDeskProofWaitsOnThePage(t *testing.T) {
	d := newDesk(t)
	n := d.started(d.file("PUNGLI", false, false))
	pdf := apptest.File{Control: "dokumen", Name: "hasil.pdf", Type: "application/pdf", Data: []byte("%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 >>\nstartxref\n29\n%%EOF\n")}
	none := d.page(d.worker, n).Submit(form("bukti"), values("@tombol", "langkah=unggah")).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(none.Text("main"), "Pilih berkasnya dahulu.") {
		t.Errorf("uploading nothing is not told off: %s", none.Text("main"))
	}
	p := d.page(d.worker, n).Submit(form("bukti"), values("jawaban", "Sudah diperiksa.", "@tombol", "langkah=unggah"), photo("satu.jpg")).Want(http.StatusOK)
	if got := apptest.Shown(p.Doc.Find(form("bukti"))).Get("jawaban"); got != "Sudah diperiksa." {
		t.Errorf("the answer is lost between uploads: %q", got)
	}
	f := &flow{t, p.Submit(form("bukti"), values("jawaban", ""), apptest.File{Control: "dokumen", Name: "x.pdf", Type: "application/pdf", Data: []byte("MZ")})}
	f.refused("bukti-dokumen", "bukan PDF")
	f = &flow{t, f.Page.Submit(form("bukti"), values("jawaban", ""), pdf)}
	f.refused("bukti-jawaban", "Tulis apa yang sudah dikerjakan")
	if !strings.Contains(f.Text("#bukti"), "hasil.pdf") || f.Doc.Find("#bukti .gallery img").Length() != 1 {
		t.Errorf("uploads do not wait: %s", f.Text("#bukti"))
	}
	ref := f.Doc.Find("#bukti .gallery img").AttrOr("src", "")
	d.worker.Get(ref).Want(http.StatusOK)
	d.stranger.Get(ref).Want(http.StatusNotFound)
	doc := f.Doc.Find(`#bukti a[href*="/berkas/"]`).AttrOr("href", "")
	if got := d.worker.Get(doc).Want(http.StatusOK); got.Header.Get("Content-Type") != "application/pdf" || got.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the document comes as %v", got.Header)
	}
	d.stranger.Get(doc).Want(http.StatusNotFound)
	p = f.Page.Submit(`#bukti .gallery form`, nil).Want(http.StatusOK)
	if p.Doc.Find("#bukti .gallery img").Length() != 0 {
		t.Error("the photo is still there")
	}
	d.does(d.worker, n, "bukti", values("jawaban", "Sudah diperiksa."))
	if p := d.page(d.validator, n); !strings.Contains(p.Text("main"), "hasil.pdf") {
		t.Error("the validator does not see the document")
	}
}

// The text of the daily summary is made to leave the portal.
func TestTheDailySummaryHoldsNoWordsOfReporters(t *testing.T) {
	d := newDesk(t)
	number := d.file("LAMPU", false, false)
	d.exec(`UPDATE mtr_report SET received_at = received_at - interval '3 days' WHERE number = $1`, number)
	text := d.revealer.Get("/meja/mtr/ringkasan").Want(http.StatusOK).Text("pre.digest")
	if !strings.Contains(text, "- "+number+" Lampu jalan mati (") || strings.Contains(text, "pasar") {
		t.Errorf("the summary:\n%s", text)
	}
}
