package eofficeweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

const password = "kata sandi yang panjang"

// somebody is a member of staff with their browser.
type somebody struct {
	*apptest.Client
	id apptest.Hired
}

// office is a portal with the people who write a letter and those who get it.
type office struct {
	t                                                      *testing.T
	s                                                      *apptest.Server
	drafter, verifier, head, clerk, other, otherClerk, spy somebody
}

func newOffice(t *testing.T) *office {
	t.Helper()
	t.Parallel()
	o := &office{t: t, s: apptest.New(t)}
	hire := func(name, unit, kind string, ps ...authz.Permission) somebody {
		h := o.s.Hire(t, apptest.Staff{Email: strings.ToLower(name) + "@kantor.example", Name: name, Title: "Jabatan " + name, UnitCode: unit, Kind: kind, Permissions: ps})
		return somebody{o.s.SignedIn(t, h.AccountID), h}
	}
	o.head = hire("Hasanuddin", "DPU", "kepala")
	o.verifier = hire("Fadli", "DPU", "struktural")
	o.drafter = hire("Wahyuni", "DPU", "pelaksana")
	o.clerk = hire("Sumiati", "DPU", "pelaksana", eoffice.PermRegister)
	o.other = hire("Rabiah", "BAPPEDA", "kepala")
	o.otherClerk = hire("Amran", "BAPPEDA", "pelaksana", eoffice.PermRegister)
	o.spy = hire("Mata", "DISHUB", "pelaksana")
	o.under(o.verifier, o.head)
	o.under(o.drafter, o.verifier)
	o.s.Password(t, o.head.id.AccountID, password)
	return o
}

func (o *office) under(who, boss somebody) {
	o.t.Helper()
	if _, err := o.s.DB.Owner().Exec(o.t.Context(), `UPDATE org_position SET superior_id = $2 WHERE id = $1`, who.id.PositionID, boss.id.PositionID); err != nil {
		o.t.Fatal(err)
	}
}

const form = `form[action$="/ubah"]`

// begin opens the form of a new letter.
func (o *office) begin(kind string) *apptest.Page {
	o.t.Helper()
	return o.drafter.Get("/meja/eoffice/baru").Want(http.StatusOK).Submit("main form", url.Values{eoffice.ControlKind: {kind}}).Want(http.StatusOK)
}

// write fills in everything and sends it on its way.
func (o *office) write(secrecy eoffice.Secrecy, subject, body string) (id int64, page *apptest.Page) {
	o.t.Helper()
	return o.writeKind("SD", secrecy, subject, body)
}

func (o *office) writeKind(kind string, secrecy eoffice.Secrecy, subject, body string) (id int64, page *apptest.Page) {
	o.t.Helper()
	p := o.begin(kind)
	p = p.Submit(form, url.Values{
		eoffice.ControlSubject: {subject}, eoffice.ControlBody: {body}, eoffice.ControlKKA: {"600.1"}, eoffice.ControlSecrecy: {string(secrecy)},
		"cari": {"Badan Perencanaan"}, "@tombol": {"aksi=cari"},
	}).Want(http.StatusOK)
	to := "peran_" + strconv.FormatInt(o.other.id.PositionID, 10)
	if !p.Has(`select[name="` + to + `"]`) {
		o.t.Fatalf("the search did not find the head of Bappeda: %s", p.Text("#orang"))
	}
	p = p.Submit(form, url.Values{to: {"kepada"}, "@tombol": {"aksi=ajukan"}}).Want(http.StatusOK)
	parts := strings.Split(p.URL.Path, "/")
	id, err := strconv.ParseInt(parts[len(parts)-1], 10, 64)
	if err != nil {
		o.t.Fatalf("ended at %s: %s", p.URL.Path, p.Text("main"))
	}
	return id, p
}

func path(id int64) string { return fmt.Sprintf("/meja/eoffice/naskah/%d", id) }

// Without scripts: written, verified, sent back, mended, signed, taken in, read, finished.
func TestALetterGoesItsWayThroughThePages(t *testing.T) {
	o := newOffice(t)
	pasted := o.drafter.Post("/meja/eoffice/rapikan", url.Values{"html": {"<p class=MsoNormal onclick=x()><b>Isi</b><o:p></o:p></p>" + strings.Repeat("<!-- Word -->", 50_000)}}).Want(http.StatusOK)
	if pasted.Body != "<p><strong>Isi</strong></p>" {
		t.Errorf("what is pasted becomes %q", pasted.Body)
	}
	id, p := o.write(eoffice.Open, "Perbaikan drainase", "Rencana perbaikan drainase.\n\n- Toddopuli\n- Hertasning")
	if text := p.Text("main"); !strings.Contains(text, "Sekarang di meja Jabatan Fadli (Fadli)") {
		t.Errorf("it does not say where it lies: %s", text)
	}
	if n := o.verifier.Get("/meja/eoffice").Want(http.StatusOK).Text("main table"); !strings.Contains(n, "Perbaikan drainase") {
		t.Errorf("not on the verifier's desk: %s", n)
	}
	page := o.verifier.Get(path(id)).Want(http.StatusOK)
	if !page.Has(".naskah ul li") {
		t.Error("the list is not shown")
	}
	page.Submit(`form[action$="/kembalikan"]`, url.Values{eoffice.ControlReason: {""}}).Want(http.StatusUnprocessableEntity)
	page.Submit(`form[action$="/kembalikan"]`, url.Values{eoffice.ControlReason: {"Sebut juga anggarannya"}, eoffice.ControlCause: {string(eoffice.BadTime)}}).Want(http.StatusOK)
	mend := o.drafter.Get(path(id) + "/ubah").Want(http.StatusOK)
	mend.Submit(form, url.Values{eoffice.ControlBody: {"Rencana perbaikan drainase dengan anggaran 2027."}, "@tombol": {"aksi=ajukan"}}).Want(http.StatusOK)
	o.verifier.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/paraf"]`, nil).Want(http.StatusOK)
	page = o.head.Get(path(id)).Want(http.StatusOK)
	if text := page.Text("main"); !strings.Contains(text, "Lihat perubahan antarversi") || !strings.Contains(text, "Dikembalikan kepada konseptor: hanya soal waktu atau prioritas") {
		t.Errorf("no way to the versions, or not why it came back: %s", text)
	}
	if text := o.head.Get(path(id) + "/versi").Want(http.StatusOK).Text("ins"); !strings.Contains(text, "anggaran") {
		t.Errorf("the difference does not show what was added: %q", text)
	}
	page.Submit(`form[action$="/tandatangani"]`, url.Values{"sandi": {"salah"}}).Want(http.StatusUnprocessableEntity)
	page.Submit(`form[action$="/tandatangani"]`, url.Values{"sandi": {password}}).Want(http.StatusOK)
	if pdf := o.other.Get(path(id) + "/berkas/naskah").Want(http.StatusOK); !strings.HasPrefix(pdf.Body, "%PDF") {
		t.Error("no PDF")
	}
	o.verifies(id, "Surat Dinas", "600.1/1/DPU/")
	o.otherClerk.Get("/meja/eoffice?antrean=agenda").Want(http.StatusOK)
	o.otherClerk.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/terima"]`, nil).Want(http.StatusOK)
	read := o.other.Get(path(id)).Want(http.StatusOK)
	if !strings.Contains(read.Text("main"), "agenda 1/2026") {
		t.Errorf("no agenda number: %s", read.Text("main"))
	}
	if strings.Contains(read.Text("main"), "antarversi") {
		t.Error("who got the letter is led to its drafts")
	}
	o.other.Get(path(id) + "/versi").Want(http.StatusNotFound)
	read.Submit(`form[action$="/selesai"]`, url.Values{eoffice.ControlReason: {"Dianggarkan."}}).Want(http.StatusOK)
	o.spy.Get(path(id)).Want(http.StatusNotFound)
	o.spy.Get(path(id) + "/berkas/naskah").Want(http.StatusNotFound)
	o.spy.Get(path(id) + "/versi").Want(http.StatusNotFound)
	o.spy.Post(path(id)+"/paraf", url.Values{}).Want(http.StatusNotFound)
}

// verifies fails unless anybody who scans the code of a letter learns that it holds.
func (o *office) verifies(id int64, words ...string) {
	o.t.Helper()
	var sealed []byte
	if err := o.s.DB.Owner().QueryRow(o.t.Context(), `SELECT token_sealed FROM eoffice_letter WHERE id = $1`, id).Scan(&sealed); err != nil {
		o.t.Fatal(err)
	}
	token, err := o.s.App.Box.Open(sealed, "eoffice.token")
	if err != nil {
		o.t.Fatal(err)
	}
	text := o.s.Client(o.t).Get("/verifikasi/" + token).Want(http.StatusOK).Text("main")
	for _, w := range append(words, "terdaftar dan berlaku", "Dinas Pekerjaan Umum", "Hasanuddin") {
		if !strings.Contains(text, w) {
			o.t.Errorf("%q is not on the page of the code: %s", w, text)
		}
	}
}

// What is missing is said at its control, and nothing typed is lost.
func TestARefusedDraftKeepsWhatWasTyped(t *testing.T) {
	o := newOffice(t)
	p := o.begin("ND").Submit(form, url.Values{eoffice.ControlSubject: {"Belum lengkap"}, eoffice.ControlBody: {"Masih […]"}, "@tombol": {"aksi=ajukan"}}).Want(http.StatusUnprocessableEntity)
	for _, control := range []string{eoffice.ControlBody, eoffice.ControlTo, eoffice.ControlKKA} {
		if !p.Has(`.ds-error-summary a[href="#` + control + `"]`) {
			t.Errorf("%s is not in the summary: %s", control, p.Text(".ds-error-summary"))
		}
	}
	if got := p.Doc.Find("#"+eoffice.ControlSubject).AttrOr("value", ""); got != "Belum lengkap" {
		t.Errorf("the subject became %q", got)
	}
}

// A letter that was sent on its way twice is on its way, and says so.
func TestSubmittingTwiceLeadsToTheLetter(t *testing.T) {
	o := newOffice(t)
	id, _ := o.write(eoffice.Open, "Perbaikan trotoar", "Isi surat.")
	for _, p := range []*apptest.Page{o.drafter.Get(path(id) + "/ubah"), o.drafter.Post(path(id)+"/ubah", url.Values{"aksi": {"ajukan"}})} {
		if p.Want(http.StatusOK).URL.Path != path(id) || !strings.Contains(p.Text("body"), "sudah diajukan") {
			t.Errorf("ended at %s: %s", p.URL.Path, p.Text(".flash"))
		}
	}
}

// Two tabs of one draft: the second is told, and its text stays.
func TestTwoTabsOfOneDraft(t *testing.T) {
	o := newOffice(t)
	a := o.begin("ND")
	b := o.drafter.Get(a.URL.Path).Want(http.StatusOK)
	a.Submit(form, url.Values{eoffice.ControlSubject: {"Tab satu"}, "@tombol": {"aksi=simpan"}}).Want(http.StatusOK)
	p := b.Submit(form, url.Values{eoffice.ControlSubject: {"Tab dua"}, "@tombol": {"aksi=simpan"}}).Want(http.StatusConflict)
	if got := p.Doc.Find("#"+eoffice.ControlSubject).AttrOr("value", ""); got != "Tab dua" || !strings.Contains(p.Text(".ds-error-summary"), "diubah di tempat lain") {
		t.Errorf("%q, %s", got, p.Text(".ds-error-summary"))
	}
}

// A letter that changed since it was shown is not agreed to, and the difference is offered.
func TestAChangedLetterShowsTheDifference(t *testing.T) {
	o := newOffice(t)
	id, _ := o.write(eoffice.Open, "Perbaikan drainase", "Isi yang pertama.")
	shown := o.verifier.Get(path(id)).Want(http.StatusOK)
	edit := o.verifier.Get(path(id) + "/isi").Want(http.StatusOK)
	edit.Submit(`form[action$="/isi"]`, url.Values{eoffice.ControlBody: {"Isi yang kedua."}}).Want(http.StatusOK)
	p := shown.Submit(`form[action$="/paraf"]`, url.Values{"peristiwa": {"0"}}).Want(http.StatusConflict)
	if !p.Has(`a[href$="/versi?dari=1&ke=2"]`) {
		t.Errorf("no link to the difference: %s", p.Text("main"))
	}
}

// Letters that were opened are signed at one go, the others are not.
func TestSigningWhatWasRead(t *testing.T) {
	o := newOffice(t)
	var ids []int64
	for i := range 3 {
		id, _ := o.write(eoffice.Open, fmt.Sprint("Surat ", i), "Isi surat.")
		o.verifier.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/paraf"]`, nil).Want(http.StatusOK)
		ids = append(ids, id)
	}
	o.head.Get(path(ids[0])).Want(http.StatusOK)
	o.head.Get(path(ids[1])).Want(http.StatusOK)
	list := o.head.Get("/meja/eoffice/tanda-tangan").Want(http.StatusOK)
	if n := list.Doc.Find(`input[name="naskah"]`).Length(); n != 2 {
		t.Errorf("%d may be signed together", n)
	}
	p := list.Submit(`form[action$="/tanda-tangan"]`, url.Values{"sandi": {password}}).Want(http.StatusOK)
	if text := p.Text("main"); strings.Count(text, "Ditandatangani dengan nomor") != 2 || !strings.Contains(text, "Surat 2") {
		t.Errorf("outcome: %s", text)
	}
}

// The script of a form saves as one types.
func TestAutosave(t *testing.T) {
	o := newOffice(t)
	p := o.begin("ND")
	values := apptest.Shown(p.Doc.Find(form))
	values.Set(eoffice.ControlSubject, "Tersimpan sendiri")
	at := strings.TrimSuffix(p.URL.Path, "/ubah") + "/simpan"
	if got := o.drafter.Post(at, values).Want(http.StatusNoContent).Header.Get("X-Versi"); got != "1" {
		t.Errorf("counter %q", got)
	}
	o.drafter.Post(at, values).Want(http.StatusConflict)
	o.spy.Post(at, values).Want(http.StatusNotFound)
}

// A drafter asks another office, which answers; without scripts.
func TestOpinionsThroughThePages(t *testing.T) {
	o := newOffice(t)
	id, _ := o.write(eoffice.Open, "Perbaikan trotoar", "Rencana perbaikan trotoar.")
	const ask = `form[action$="/pendapat"]`
	o.spy.Get(path(id)).Want(http.StatusNotFound)
	p := o.drafter.Get(path(id) + "/pendapat").Want(http.StatusOK)
	p.Submit(ask, url.Values{"cari": {""}, "@tombol": {"aksi=cari"}}).Want(http.StatusUnprocessableEntity)
	p = p.Submit(ask, url.Values{"cari": {"Jabatan Mata"}, eoffice.ControlQuestion: {"Apakah lalu lintasnya dialihkan?"}, "@tombol": {"aksi=cari"}}).Want(http.StatusOK)
	desk := "tanya_" + strconv.FormatInt(o.spy.id.PositionID, 10)
	p = p.Submit(ask, url.Values{desk: {"1"}, "@tombol": {"aksi=minta"}}).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(p.Text("main"), "Pilih batas waktunya.") {
		t.Errorf("the missing date is not asked for: %s", p.Text("main"))
	}
	page := p.Submit(ask, url.Values{desk: {"1"}, eoffice.ControlDue: {o.s.Clock.Now().AddDate(0, 0, 3).Format("2006-01-02")}, eoffice.ControlMandatory: {"1"}, "@tombol": {"aksi=minta"}}).Want(http.StatusOK)
	if text := page.Text("main"); !strings.Contains(text, "Apakah lalu lintasnya dialihkan?") || !strings.Contains(text, "wajib") {
		t.Errorf("what was typed before the search is lost: %s", text)
	}
	if text := o.spy.Get("/meja/eoffice").Want(http.StatusOK).Text("main table"); !strings.Contains(text, "Perbaikan trotoar") {
		t.Errorf("not in the queue of who is asked: %s", text)
	}
	const answer = `form[action$="/beri"]`
	page = o.spy.Get(path(id)).Want(http.StatusOK)
	refused := page.Submit(answer, url.Values{eoffice.ControlStance: {"tidak"}}).Want(http.StatusUnprocessableEntity)
	refused.Submit(answer, url.Values{eoffice.ControlRemark: {"Tutup satu lajur saja."}}).Want(http.StatusOK)
	if text := o.drafter.Get(path(id)).Want(http.StatusOK).Text("main"); !strings.Contains(text, "Tidak setuju") || !strings.Contains(text, "Tutup satu lajur saja.") {
		t.Errorf("the drafter does not see the opinion: %s", text)
	}
}

// The tata usaha keeps numbers and gives one up; the book says so.
func TestKeptNumbersThroughThePages(t *testing.T) {
	o := newOffice(t)
	const page, form = "/meja/eoffice/buku/pesan", `form:has([value="berikutnya"])`
	o.spy.Get(page).Want(http.StatusNotFound)
	p := o.clerk.Get(page).Want(http.StatusOK)
	if p.Has(`[value="sisip"]`) {
		t.Error("the tata usaha is offered what the archivist does")
	}
	fill := url.Values{eoffice.ControlSeries: {"surat"}, eoffice.ControlCount: {"2"}, eoffice.ControlHolder: {"Bidang Bina Marga"}, eoffice.ControlWhy: {"Listrik padam"}, "@tombol": {"aksi=berikutnya"}}
	p = p.Submit(form, fill).Want(http.StatusUnprocessableEntity)
	p = p.Submit(form, url.Values{eoffice.ControlExpires: {o.s.Clock.Now().AddDate(0, 0, 2).Format("2006-01-02")}, "@tombol": {"aksi=berikutnya"}}).Want(http.StatusOK)
	if text := p.Text("main"); !strings.Contains(text, "1/"+o.s.Clock.Now().Format("2006")) || !strings.Contains(text, "Bidang Bina Marga") {
		t.Errorf("the numbers are not listed: %s", text)
	}
	const last = `.papers li:first-child form`
	give := url.Values{eoffice.ControlWhy: {"Tidak jadi dipakai"}, "@tombol": {"aksi=" + p.Doc.Find(last+" button").AttrOr("value", "")}}
	p.Submit(last, give).Want(http.StatusOK)
	if text := o.clerk.Get("/meja/eoffice/buku?buku=surat").Want(http.StatusOK).Text("main table"); !strings.Contains(text, "Tidak jadi dipakai") || !strings.Contains(text, "Dipesan untuk Bidang Bina Marga") {
		t.Errorf("the book does not explain them: %s", text)
	}
}
