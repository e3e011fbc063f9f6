package eofficeweb_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/eoffice"
)

const giveForm = `form[action$="/disposisi"]`

// below is somebody in Bappeda under somebody.
func (o *office) below(boss somebody, name string) somebody {
	o.t.Helper()
	h := o.s.Hire(o.t, apptest.Staff{Email: strings.ToLower(name) + "@kantor.example", Name: name, Title: "Jabatan " + name, UnitCode: "BAPPEDA", Kind: "struktural"})
	who := somebody{o.s.SignedIn(o.t, h.AccountID), h}
	o.under(who, boss)
	return who
}

// arrived is a letter that the head of Bappeda has open.
func (o *office) arrived(secrecy eoffice.Secrecy, subject string) (int64, *apptest.Page) {
	o.t.Helper()
	id, _ := o.write(secrecy, subject, "Isi "+subject+".")
	o.verifier.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/paraf"]`, nil).Want(http.StatusOK)
	o.head.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/tandatangani"]`, url.Values{"sandi": {password}}).Want(http.StatusOK)
	if secrecy.Confidential() {
		o.clerk.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/kirim"]`, nil).Want(http.StatusOK)
	}
	return id, o.other.Get(path(id)).Want(http.StatusOK)
}

func part(w somebody) string { return "sebagai_" + strconv.FormatInt(w.id.PositionID, 10) }

// link follows the first link of a page that begins with a text.
func link(t *testing.T, c *apptest.Client, p *apptest.Page, text string) *apptest.Page {
	t.Helper()
	a := p.Doc.Find("main a").FilterFunction(func(_ int, s *goquery.Selection) bool { return strings.HasPrefix(strings.TrimSpace(s.Text()), text) }).First()
	href, ok := a.Attr("href")
	if !ok {
		t.Fatalf("no link %q: %s", text, p.Text("main"))
	}
	return c.Get(href).Want(http.StatusOK)
}

// Without scripts: ordered down two levels, guidance asked for and given, reported, sent
// back, reported, accepted.
func TestADispositionGoesItsWayThroughThePages(t *testing.T) {
	o := newOffice(t)
	bidang := o.below(o.other, "Darwis")
	sub := o.below(bidang, "Hamid")
	id, p := o.arrived(eoffice.Open, "Perbaikan drainase")
	form := link(t, o.other.Client, p, "Beri disposisi")
	bad := form.Submit(giveForm, url.Values{eoffice.ControlNote: {"Segera ya."}, eoffice.ControlDue: {"2001-01-01"}, part(bidang): {"laksana"}, "@tombol": {"aksi=kirim"}}).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(bad.Text(".ds-error-summary"), "sudah lewat") || bad.Text("#"+eoffice.ControlNote) != "Segera ya." || bad.Doc.Find("#"+part(bidang)+` option[selected]`).AttrOr("value", "") != "laksana" {
		t.Errorf("refused: %s", bad.Text("main"))
	}
	found := bad.Submit(giveForm, url.Values{eoffice.ControlDue: {""}, "cari": {"Hamid"}, "@tombol": {"aksi=cari"}}).Want(http.StatusOK)
	jump := found.Submit(giveForm, url.Values{part(bidang): {""}, part(sub): {"laksana"}, "@tombol": {"aksi=kirim"}}).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(jump.Text(".ds-error-summary"), "mengapa Jabatan Darwis dilewati") {
		t.Errorf("a jump: %s", jump.Text(".ds-error-summary"))
	}
	sent := jump.Submit(giveForm, url.Values{part(sub): {""}, part(bidang): {"laksana"}, eoffice.ControlInstruction: {"Tindak lanjuti"}, "@tombol": {"aksi=kirim"}}).Want(http.StatusOK)
	if text := sent.Text("main"); !strings.Contains(text, "Jabatan Darwis") || !strings.Contains(text, "penanggung jawab") || !strings.Contains(text, "Segera ya.") {
		t.Errorf("given: %s", text)
	}
	jump.Submit(giveForm, url.Values{part(sub): {""}, part(bidang): {"laksana"}, "@tombol": {"aksi=kirim"}}).Want(http.StatusConflict) // a second click

	if text := bidang.Get("/meja/eoffice").Want(http.StatusOK).Text("main"); !strings.Contains(text, "Perbaikan drainase") {
		t.Errorf("his desk: %s", text)
	}
	p = bidang.Get(path(id)).Want(http.StatusOK)
	p = link(t, bidang.Client, p, "Teruskan").Submit(giveForm, url.Values{part(sub): {"laksana"}, eoffice.ControlInstruction: {"Agendakan"}, "@tombol": {"aksi=kirim"}}).Want(http.StatusOK)
	if text := p.Text("main"); p.Has(`form[action$="/lapor"]`) || !strings.Contains(text, "setelah 1 disposisi di bawahnya") {
		t.Errorf("with something open below: %s", text)
	}
	bidang.Post("/meja/eoffice/disposisi/1/lapor", url.Values{"naskah": {strconv.FormatInt(id, 10)}, eoffice.ControlReport: {"Belum selesai."}}).Want(http.StatusConflict)
	ask := sub.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/mohon-arahan"]`, url.Values{eoffice.ControlReason: {"no"}}).Want(http.StatusUnprocessableEntity)
	if !ask.Has(`details[open] form[action$="/mohon-arahan"] #alasan[aria-invalid]`) {
		t.Errorf("what was refused is not open at its control: %s", ask.Text("main"))
	}
	ask.Submit(`form[action$="/mohon-arahan"]`, url.Values{eoffice.ControlReason: {"Hari apa rapatnya?"}}).Want(http.StatusOK)
	bidang.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/arahkan"]`, url.Values{eoffice.ControlReason: {"Hari Senin."}}).Want(http.StatusOK)
	report := func(w somebody, text string) {
		t.Helper()
		w.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/lapor"]`, url.Values{eoffice.ControlReport: {text}}).Want(http.StatusOK)
	}
	refused := sub.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/lapor"]`, url.Values{eoffice.ControlReport: {"Sudah diagendakan."}},
		apptest.File{Control: eoffice.ControlFile, Name: "a.pdf", Data: []byte("MZ program")}).Want(http.StatusUnprocessableEntity)
	if refused.Text(`details[open] form[action$="/lapor"] textarea`) != "Sudah diagendakan." || !refused.Has(`.ds-error-summary a[href="#lampiran"]`) {
		t.Errorf("a file that is refused takes the words along: %s", refused.Text("main"))
	}
	report(sub, "Sudah diagendakan.")
	bidang.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/kembalikan"][action*="disposisi"]`, url.Values{eoffice.ControlReason: {"Undang camat juga."}}).Want(http.StatusOK)
	report(sub, "Sudah diagendakan, camat diundang.")
	bidang.Get(path(id)).Want(http.StatusOK).Submit(`form[action*="/disposisi/"][action$="/terima"]`, nil).Want(http.StatusOK)
	report(bidang, "Selesai semuanya.")
	if text := o.other.Get("/meja/eoffice?antrean=laporan").Want(http.StatusOK).Text("main table"); !strings.Contains(text, "Perbaikan drainase") {
		t.Errorf("to answer: %s", text)
	}
	done := o.other.Get(path(id)).Want(http.StatusOK).Submit(`form[action*="/disposisi/"][action$="/terima"]`, nil).Want(http.StatusOK)
	if text := done.Text("main"); !strings.Contains(text, "Sudah diagendakan, camat diundang.") || !strings.Contains(text, "Hari Senin.") {
		t.Errorf("done: %s", text)
	}
	if pdf := link(t, o.other.Client, done, "Lembar disposisi"); !strings.HasPrefix(pdf.Body, "%PDF") {
		t.Error("no sheet")
	}
	if text := o.drafter.Get(path(id)).Want(http.StatusOK).Text("main"); strings.Contains(text, "Segera ya.") || strings.Contains(text, "Selesai semuanya.") || !strings.Contains(text, "ditindaklanjuti") {
		t.Errorf("who wrote it sees: %s", text)
	}
	o.spy.Get(path(id) + "/disposisi?kiriman=1").Want(http.StatusNotFound)
	o.spy.Get("/meja/eoffice/disposisi/1/lembar").Want(http.StatusNotFound)
	for _, act := range []string{"lapor", "terima", "tutup", "beri-waktu", "kerjakan"} {
		o.spy.Post("/meja/eoffice/disposisi/1/"+act, url.Values{"naskah": {strconv.FormatInt(id, 10)}, eoffice.ControlDue: {"2030-01-01"}}).Want(http.StatusNotFound)
	}
	sub.Get(path(id) + "/disposisi?kiriman=1").Want(http.StatusNotFound)
}

// More time is asked for until a day, and given; on the last day of the order above, until
// its hour.
func TestTimeThroughThePages(t *testing.T) {
	o := newOffice(t)
	bidang := o.below(o.other, "Darwis")
	id, p := o.arrived(eoffice.Open, "Perbaikan drainase")
	link(t, o.other.Client, p, "Beri disposisi").Submit(giveForm, url.Values{part(bidang): {"utama"}, eoffice.ControlInstruction: {"Tindak lanjuti"}, "@tombol": {"aksi=kirim"}}).Want(http.StatusOK)
	day := o.s.Clock.Now().AddDate(0, 1, 0).Format("2006-01-02")
	p = bidang.Get(path(id)).Want(http.StatusOK)
	p.Submit(`form[action$="/mohon-waktu"]`, url.Values{eoffice.ControlReason: {"Menunggu data."}}).Want(http.StatusUnprocessableEntity)
	p.Submit(`form[action$="/mohon-waktu"]`, url.Values{eoffice.ControlReason: {"Menunggu data."}, eoffice.ControlDue: {day}}).Want(http.StatusOK)
	p = o.other.Get(path(id)).Want(http.StatusOK)
	if got := p.Doc.Find(`form[action$="/beri-waktu"] input[type=date]`).AttrOr("value", ""); got != day {
		t.Errorf("offered %q, asked %q", got, day)
	}
	if text := p.Submit(`form[action$="/beri-waktu"]`, nil).Want(http.StatusOK).Text("main"); !strings.Contains(text, "23.59 WITA") {
		t.Errorf("granted: %s", text)
	}
}

// A secret letter goes on to who is let in, which the form asks for.
func TestASecretLetterIsPassedOnToWhoIsLetIn(t *testing.T) {
	o := newOffice(t)
	bidang := o.below(o.other, "Darwis")
	id, p := o.arrived(eoffice.Secret, "Kerbau Putih")
	form := link(t, o.other.Client, p, "Beri disposisi")
	values := url.Values{part(bidang): {"laksana"}, eoffice.ControlNote: {"Kerbau itu urus."}, "@tombol": {"aksi=kirim"}}
	refused := form.Submit(giveForm, values).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(refused.Text("#"+part(bidang)+"-error"), "belum berhak membuka") {
		t.Errorf("refused: %s", refused.Text(".ds-error-summary"))
	}
	bidang.Get(path(id)).Want(http.StatusNotFound)
	refused.Submit(giveForm, url.Values{eoffice.ControlAdmit: {"1"}, "@tombol": {"aksi=kirim"}}).Want(http.StatusOK)
	if text := bidang.Get(path(id)).Want(http.StatusOK).Text("main"); !strings.Contains(text, "Kerbau itu urus.") {
		t.Error("who was let in does not see it")
	}
	if page := o.otherClerk.Get(path(id)).Want(http.StatusOK); strings.Contains(page.Body, "Kerbau") || strings.Contains(page.Body, "Darwis") {
		t.Error("the clerk sees more than the envelope")
	}
	if strings.Contains(bidang.Get("/meja/eoffice?antrean=disposisi").Want(http.StatusOK).Body, "Kerbau") {
		t.Error("the list tells what it is about")
	}
}
