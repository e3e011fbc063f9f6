package eofficeweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// archivist of Dinas PU.
func (o *office) archivist() somebody {
	h := o.s.Hire(o.t, apptest.Staff{Email: "darmawati@kantor.example", Name: "Darmawati", Title: "Arsiparis", UnitCode: "DPU", Kind: "fungsional", Permissions: []authz.Permission{eoffice.PermArchive}})
	return somebody{o.s.SignedIn(o.t, h.AccountID), h}
}

// signedLetter went all the way to Bappeda.
func (o *office) signedLetter(secrecy eoffice.Secrecy, subject string) int64 {
	o.t.Helper()
	id, _ := o.write(secrecy, subject, "Isi naskah "+subject)
	o.verifier.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/paraf"]`, nil).Want(http.StatusOK)
	o.head.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/tandatangani"]`, url.Values{"sandi": {password}}).Want(http.StatusOK)
	if secrecy.Confidential() {
		o.clerk.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/kirim"]`, nil).Want(http.StatusOK)
	}
	return id
}

// Without scripts: what is finished is filed as proposed, its folder shows it and is closed,
// a confidential letter waits for the head.
func TestLettersAreFiledThroughThePages(t *testing.T) {
	o := newOffice(t)
	keeper := o.archivist()
	id, secret := o.signedLetter(eoffice.Open, "Perbaikan drainase"), o.signedLetter(eoffice.Secret, "Temuan pemeriksaan")
	list := keeper.Get("/meja/eoffice/arsip").Want(http.StatusOK)
	if text := list.Text("main"); !strings.Contains(text, "Perbaikan drainase") || strings.Contains(text, "Temuan") || !strings.Contains(text, "berkas baru") {
		t.Errorf("proposed: %s", text)
	}
	list.Submit(`form[action="/meja/eoffice/arsip"].form`, url.Values{"naskah": {}}).Want(http.StatusUnprocessableEntity)
	said := list.Submit(`form[action="/meja/eoffice/arsip"].form`, url.Values{"naskah": {fmt.Sprint(id), fmt.Sprint(secret)}}).Want(http.StatusOK)
	if text := said.Text("body"); !strings.Contains(text, "2 naskah diberkaskan") || !strings.Contains(text, "menunggu persetujuan kepala") {
		t.Errorf("said: %s", text)
	}
	letter := o.drafter.Get(path(id)).Want(http.StatusOK)
	if text := letter.Text("aside"); !strings.Contains(text, "Berkas 600.1/") || letter.Has(`a[href^="/meja/eoffice/arsip"]`) {
		t.Errorf("the drafter sees: %s", text)
	}
	folder := keeper.Get(hrefOf(keeper.Get(path(id)).Want(http.StatusOK), `aside a[href^="/meja/eoffice/arsip/berkas/"]`)).Want(http.StatusOK)
	folder.Submit(`form[action$="/tutup"]`, url.Values{eoffice.ControlDay: {"2100-01-01"}}).Want(http.StatusUnprocessableEntity)
	closed := folder.Submit(`form[action$="/tutup"]`, nil).Want(http.StatusOK)
	if text := closed.Text("main"); !strings.Contains(text, "tertutup") {
		t.Errorf("closed: %s", text)
	}
	waits := o.head.Get("/meja/eoffice/arsip/persetujuan").Want(http.StatusOK)
	agreed := o.head.Get(hrefOf(waits, `main a[href^="/meja/eoffice/arsip/berkas/"]`)).Want(http.StatusOK).Submit(`form[action$="/setujui"]`, nil).Want(http.StatusOK)
	if text := agreed.Text("main"); !strings.Contains(text, "diarsipkan") || strings.Contains(text, "Temuan") {
		t.Errorf("agreed: %s", text)
	}
	o.spy.Get("/meja/eoffice/arsip").Want(http.StatusNotFound)
	o.otherClerk.Get(folder.URL.Path).Want(http.StatusNotFound)
}

func hrefOf(p *apptest.Page, selector string) string {
	href, _ := p.Doc.Find(selector).First().Attr("href")
	return href
}
