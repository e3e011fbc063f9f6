package eofficeweb_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/demo/scene"
	"makassartidakrantasa.com/portal/internal/eoffice"
)

// Attachments go with a letter: added, looked at, removed, refused in words.
func TestAttachments(t *testing.T) {
	o := newOffice(t)
	p := o.begin("ND").Submit(form, url.Values{eoffice.ControlSubject: {"Denah lorong"}, "@tombol": {"aksi=lampiran"}}).Want(http.StatusOK)
	const attach = `form[enctype="multipart/form-data"]`
	at := p.URL.Path
	if !strings.HasSuffix(at, "/lampiran") {
		t.Fatalf("ended at %s", at)
	}
	file := func(name string, data []byte) apptest.File {
		return apptest.File{Control: eoffice.ControlFile, Name: name, Data: data}
	}
	p = p.Submit(attach, nil, file("denah.txt", []byte("lorong 1")), file("program.pdf", []byte("MZ program")), file("jalan.jpg", scene.JPEG(scene.Scene{}))).Want(http.StatusUnprocessableEntity)
	if !p.Has(`.ds-error-summary a[href="#lampiran"]`) || p.Doc.Find(".papers li").Length() != 2 {
		t.Errorf("one refused, two kept: %s", p.Text("main"))
	}
	p.Submit(attach, nil).Want(http.StatusUnprocessableEntity)
	o.drafter.PostFiles(at, nil, file("besar.txt", bytes.Repeat([]byte("a"), 25<<20+1))).Want(http.StatusUnprocessableEntity)
	links := p.Doc.Find(".papers a")
	text := o.drafter.Get(links.Eq(0).AttrOr("href", "")).Want(http.StatusOK)
	if text.Body != "lorong 1" || !strings.HasPrefix(text.Header.Get("Content-Disposition"), "inline") || text.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%q, %v", text.Body, text.Header)
	}
	photo := o.drafter.Get(links.Eq(1).AttrOr("href", "")).Want(http.StatusOK)
	if photo.Header.Get("Content-Type") != "image/jpeg" || strings.Contains(photo.Header.Get("Content-Disposition"), "jalan") {
		t.Errorf("%v", photo.Header)
	}
	for _, path := range []string{at, links.Eq(0).AttrOr("href", "")} {
		o.spy.Get(path).Want(http.StatusNotFound)
	}
	o.spy.PostFiles(at, nil, file("a.txt", []byte("a"))).Want(http.StatusNotFound)
	o.spy.Post(links.Eq(0).AttrOr("href", "")+"/hapus", url.Values{}).Want(http.StatusNotFound)
	p = o.drafter.Get(at).Want(http.StatusOK).Submit(`.papers li:first-child form`, nil).Want(http.StatusOK)
	if p.Doc.Find(".papers li").Length() != 1 {
		t.Errorf("after removing: %s", p.Text("main"))
	}
	if got := o.drafter.Get(strings.TrimSuffix(at, "lampiran") + "ubah").Want(http.StatusOK); got.Doc.Find("#hal").AttrOr("value", "") != "Denah lorong" || !strings.Contains(got.Text("#lampiran"), "jalan.jpg") {
		t.Errorf("the draft says %s", got.Text("#lampiran"))
	}
}

// A letter that is signed in ink, without scripts: numbered, printed, scanned, sent.
func TestSigningInInk(t *testing.T) {
	o := newOffice(t)
	p := o.begin("SD")
	p = p.Submit(form, url.Values{
		eoffice.ControlSubject: {"Perjanjian sewa"}, eoffice.ControlBody: {"Isi surat."}, eoffice.ControlKKA: {"600.1"}, eoffice.ControlMode: {"basah"},
		"cari": {"Badan Perencanaan"}, "@tombol": {"aksi=cari"},
	}).Want(http.StatusOK)
	p = p.Submit(form, url.Values{"peran_" + strconv.FormatInt(o.other.id.PositionID, 10): {"kepada"}, "@tombol": {"aksi=ajukan"}}).Want(http.StatusOK)
	at := p.URL.Path
	o.verifier.Get(at).Want(http.StatusOK).Submit(`form[action$="/paraf"]`, nil).Want(http.StatusOK)
	o.clerk.Get(at).Want(http.StatusOK).Submit(`form[action$="/beri-nomor"]`, nil).Want(http.StatusOK)
	p = o.clerk.Get(at).Want(http.StatusOK)
	if pdf := o.clerk.Get(p.Doc.Find(`form[action$="/pindai"] a`).AttrOr("href", "")).Want(http.StatusOK); !strings.HasPrefix(pdf.Body, "%PDF") {
		t.Error("no print")
	}
	const scan = `form[action$="/pindai"]`
	bad := p.Submit(scan, nil, apptest.File{Control: eoffice.ControlFile, Name: "a.txt", Data: []byte("teks")}).Want(http.StatusUnprocessableEntity)
	if !bad.Has(`.ds-error-summary a[href="#lampiran"]`) {
		t.Errorf("refused: %s", bad.Text("main"))
	}
	o.clerk.PostFiles(at+"/pindai", nil, apptest.File{Control: eoffice.ControlFile, Name: "besar.pdf", Data: make([]byte, 110<<20)}).Want(http.StatusUnprocessableEntity)
	bad.Submit(scan, nil, apptest.File{Control: eoffice.ControlFile, Name: "foto.jpg", Data: scene.JPEG(scene.Scene{})}).Want(http.StatusOK)
	if pdf := o.other.Get(at + "/berkas/pindaian").Want(http.StatusOK); !strings.HasPrefix(pdf.Body, "%PDF") {
		t.Error("no scan")
	}
}
