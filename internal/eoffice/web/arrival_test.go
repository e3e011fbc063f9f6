package eofficeweb_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

const intake = "form.intake"

// noted is a letter as a tata usaha types it.
func (o *office) noted(number string) url.Values {
	return url.Values{
		eoffice.ControlSender: {"Balai Besar Jalan"}, eoffice.ControlNumber: {number}, eoffice.ControlDate: {o.s.Clock.Now().AddDate(0, 0, -3).Format(time.DateOnly)},
		eoffice.ControlSubject: {"Data jalan rusak"}, eoffice.ControlPlace: {"Map 3"},
	}
}

// One letter after the other: written down, the form keeps what repeats, bulk forward, the
// head reads; a wrong desk gives it back and it goes to another.
func TestLettersFromOutsideThroughThePages(t *testing.T) {
	o := newOffice(t)
	o.drafter.Get("/meja/eoffice/catat").Want(http.StatusForbidden)
	p := o.clerk.Get("/meja/eoffice/catat").Want(http.StatusOK)
	if got := p.Doc.Find("#kepada option").First().Text(); !strings.Contains(got, "Hasanuddin") {
		t.Errorf("the head is not offered first: %q", got)
	}
	typed := o.noted("600/77")
	typed.Set(eoffice.ControlUrgency, string(eoffice.Urgent))
	typed.Set("@tombol", "aksi=berikutnya")
	p = p.Submit(intake, typed).Want(http.StatusOK)
	if !strings.Contains(p.Text("body"), "nomor agenda 1/2026") {
		t.Errorf("no number: %s", p.Text(".flash"))
	}
	if p.Doc.Find("#urgensi option[selected]").AttrOr("value", "") != string(eoffice.Urgent) || p.Doc.Find("#tempat").AttrOr("value", "") != "Map 3" || p.Doc.Find("#asal").AttrOr("value", "") != "" {
		t.Error("what repeats is not kept, or what does not is")
	}
	if strings.Contains(p.URL.RawQuery, "Balai") {
		t.Errorf("the address says who wrote: %s", p.URL)
	}
	if !p.Has(`datalist option[value="Balai Besar Jalan"]`) {
		t.Error("the sender is not completed")
	}
	second := o.noted("600/78")
	second.Set("@tombol", "aksi=simpan")
	p = p.Submit(intake, second).Want(http.StatusOK)
	if text := p.Text("main"); !strings.Contains(text, "Menunggu diarahkan") || !strings.Contains(text, "Balai Besar Jalan") || !strings.Contains(text, "Map 3") {
		t.Errorf("the page of the letter: %s", text)
	}
	letter := p.URL.Path
	o.head.Get(letter).Want(http.StatusNotFound)
	p = o.clerk.Get(letter+"/betulkan").Want(http.StatusOK).Submit(intake, url.Values{eoffice.ControlSubject: {"Data jembatan rusak"}, "@tombol": {"aksi=simpan"}}).Want(http.StatusOK)
	if !strings.Contains(p.Text("main"), "“Data jalan rusak” menjadi “Data jembatan rusak”") {
		t.Errorf("no trail: %s", p.Text(".timeline"))
	}
	o.clerk.Post("/meja/eoffice/arahkan", url.Values{}).Want(http.StatusUnprocessableEntity)
	o.otherClerk.Get("/meja/eoffice/arahkan").Want(http.StatusOK)
	all := o.clerk.Get("/meja/eoffice/arahkan").Want(http.StatusOK)
	if all.Doc.Find(".papers li").Length() != 2 || !strings.Contains(all.Text(".papers"), "untuk ") {
		t.Errorf("to direct: %s", all.Text("main"))
	}
	if p := all.Submit(`form[action$="/arahkan"]`, nil).Want(http.StatusOK); !strings.Contains(p.Text("body"), "2 naskah diarahkan") {
		t.Errorf("said %s", p.Text(".flash"))
	}
	if text := o.head.Get(letter).Want(http.StatusOK).Text("main"); !strings.Contains(text, "Data jembatan rusak") || !strings.Contains(text, "agenda 2/2026") {
		t.Errorf("the head sees %s", text)
	}
	if p := o.clerk.Get(letter + "/betulkan").Want(http.StatusOK); p.URL.Path != letter || !strings.Contains(p.Text("body"), "sudah diarahkan") {
		t.Errorf("corrected when it is gone: %s", p.URL)
	}
	o.head.Get(letter).Submit(`form[action*="/kiriman/"][action$="/kembalikan"]`, url.Values{eoffice.ControlReason: {"Untuk bidang saja"}}).Want(http.StatusOK)
	p = o.clerk.Get(letter).Want(http.StatusOK)
	if p.Has(`form[action$="/kirim-lagi"]`) {
		t.Error("a letter from outside can be sent again")
	}
	p = p.Submit(`form[action*="/kiriman/"][action$="/arahkan"]`, url.Values{eoffice.ControlTo: {strconv.FormatInt(o.verifier.id.PositionID, 10)}}).Want(http.StatusOK)
	o.verifier.Get(letter).Want(http.StatusOK)
	p.Submit(`form[action$="/klasifikasi"]`, url.Values{eoffice.ControlKKA: {"600.1"}}).Want(http.StatusOK)
	if text := o.clerk.Get("/meja/eoffice/buku").Want(http.StatusOK).Text("main"); !strings.Contains(text, "600/78") {
		t.Errorf("not in the book: %s", text)
	}
}

// What is refused loses nothing: neither what was typed nor the scan; the same letter twice
// is said, with where the first one is, and taken if told so.
func TestARefusedArrivalKeepsItsScan(t *testing.T) {
	o := newOffice(t)
	scan := apptest.File{Control: eoffice.ControlFile, Name: "Surat balai.txt", Data: []byte("isi surat")}
	typed := o.noted("600/77")
	typed.Set(eoffice.ControlNumber, "")
	typed.Set("@tombol", "aksi=simpan")
	p := o.clerk.Get("/meja/eoffice/catat").Submit(intake, typed, scan).Want(http.StatusUnprocessableEntity)
	if !p.Has(`.ds-error-summary a[href="#nomor"]`) || p.Doc.Find("#hal").AttrOr("value", "") != "Data jalan rusak" || !strings.Contains(p.Text(intake), "Surat balai.txt") {
		t.Fatalf("lost: %s", p.Text("main"))
	}
	loose := p.Doc.Find(`a[href*="/baki/"]`).AttrOr("href", "")
	if got := o.clerk.Get(loose).Want(http.StatusOK); got.Body != "isi surat" {
		t.Errorf("the scan is %q", got.Body)
	}
	o.otherClerk.Get(loose).Want(http.StatusNotFound)
	o.spy.Get(loose).Want(http.StatusNotFound)
	o.keepsWhatIsLeft(loose)
	p = p.Submit(intake, url.Values{eoffice.ControlNumber: {"600/77"}, "@tombol": {"aksi=simpan"}}).Want(http.StatusOK)
	if !strings.Contains(p.Text("main"), "Surat balai.txt") {
		t.Errorf("saved without its scan: %s", p.Text("main"))
	}
	first := p.URL.Path
	typed.Set(eoffice.ControlNumber, "600 / 77")
	p = o.clerk.Get("/meja/eoffice/catat").Submit(intake, typed).Want(http.StatusConflict)
	if !p.Has(`.ds-alert a[href="`+first+`"]`) || p.Doc.Find("#nomor").AttrOr("value", "") != "600 / 77" {
		t.Errorf("the twin is not said: %s", p.Text("main"))
	}
	p = p.Submit(intake, url.Values{"@tombol": {"aksi=tetap"}}).Want(http.StatusOK)
	if !strings.Contains(p.Text("body"), "nomor agenda 2/2026") {
		t.Errorf("not taken all the same: %s", p.Text("main"))
	}
	bad := apptest.File{Control: eoffice.ControlFile, Name: "surat.pdf", Data: []byte("MZ program")}
	typed.Set(eoffice.ControlNumber, "9")
	if p := o.clerk.Get("/meja/eoffice/catat").Submit(intake, typed, bad).Want(http.StatusUnprocessableEntity); !p.Has(`.ds-error-summary a[href="#lampiran"]`) {
		t.Errorf("a program is taken: %s", p.Text("main"))
	}
}

// keepsWhatIsLeft looks at when the scan of a form that is not saved goes, and keeps it.
func (o *office) keepsWhatIsLeft(loose string) {
	o.t.Helper()
	const tray = "/meja/eoffice/baki"
	if p := o.otherClerk.Get(tray).Want(http.StatusOK); strings.Contains(p.Text("main"), "Surat balai.txt") {
		o.t.Error("another office sees what is left")
	}
	p := o.clerk.Get(tray).Want(http.StatusOK)
	if got := p.Text("main"); !strings.Contains(got, "belum disimpan") || !strings.Contains(got, "terhapus "+indo.LongDateTime(apptest.Start.AddDate(0, 0, 2))) {
		o.t.Errorf("when it goes is not said: %s", got)
	}
	keep := `form[action="` + loose + `/simpan"]`
	o.otherClerk.Post(loose+"/simpan", nil).Want(http.StatusNotFound)
	if p = p.Submit(keep, nil).Want(http.StatusOK); strings.Contains(p.Text(".papers"), "terhapus ") || !strings.Contains(p.Text(".papers"), "Surat balai.txt") || p.Has(keep) {
		o.t.Errorf("kept: %s", p.Text("main"))
	}
	if p = o.clerk.Post(loose+"/simpan", nil).Want(http.StatusOK); p.URL.Path != tray || !strings.Contains(p.Text(".papers"), "Surat balai.txt") {
		o.t.Errorf("kept again: %s %s", p.URL.Path, p.Text("main"))
	}
}

// Scans of a morning: they wait, and one after the other is written down with its own.
func TestScansAreWrittenDownOneAfterTheOther(t *testing.T) {
	o := newOffice(t)
	file := func(name string) apptest.File {
		return apptest.File{Control: eoffice.ControlFile, Name: name, Data: []byte("isi " + name)}
	}
	o.drafter.Get("/meja/eoffice/baki").Want(http.StatusForbidden)
	p := o.clerk.Get("/meja/eoffice/baki").Want(http.StatusOK)
	const send = `form[action$="/baki"]`
	p.Submit(send, nil).Want(http.StatusUnprocessableEntity)
	p = p.Submit(send, nil, file("satu.txt"), apptest.File{Control: eoffice.ControlFile, Name: "x.pdf", Data: []byte("MZ x")}, file("dua.txt")).Want(http.StatusUnprocessableEntity)
	if p.Doc.Find(".papers li").Length() != 2 {
		t.Fatalf("one refused, two kept: %s", p.Text("main"))
	}
	if pdf := o.clerk.Get("/meja/eoffice/baki/pemisah").Want(http.StatusOK); !strings.HasPrefix(pdf.Body, "%PDF") {
		t.Error("no separator sheet")
	}
	href := p.Doc.Find(`.papers a[href*="/catat"]`).First().AttrOr("href", "")
	form := o.clerk.Get(href).Want(http.StatusOK)
	if !strings.Contains(form.Text(intake), "satu.txt") {
		t.Fatalf("the scan is not there: %s", form.Text(intake))
	}
	for i, name := range []string{"satu.txt", "dua.txt"} {
		if !strings.Contains(form.Text(intake), name) {
			t.Errorf("the next form has not %s: %s", name, form.Text(intake))
		}
		typed := o.noted(strconv.Itoa(i))
		typed.Set(eoffice.ControlPlace, "")
		typed.Set("@tombol", "aksi=berikutnya")
		form = form.Submit(intake, typed).Want(http.StatusOK)
	}
	if form.URL.Query().Get("antrean") != "arahkan" || !strings.Contains(form.Text("body"), "Semua pindaian di baki sudah dicatat") {
		t.Errorf("ended at %s", form.URL)
	}
	p = o.otherClerk.Get("/meja/eoffice/baki").Want(http.StatusOK)
	if p.Has(".papers li") {
		t.Error("another office sees the scans")
	}
}
