package eofficeweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/eoffice"
)

const searchForm = `form[role="search"][action$="/cari"]`

// A search leads to an address without its words, can be narrowed and kept, and finds
// nothing for who may not open.
func TestLettersAreFoundThroughThePages(t *testing.T) {
	o := newOffice(t)
	id, _ := o.write(eoffice.Open, "Perbaikan drainase", "Rencana perbaikan drainase Toddopuli.")
	link := `main table a[href="` + path(id) + `"]`
	p := o.drafter.Get("/meja/eoffice").Want(http.StatusOK).Submit(searchForm, url.Values{"q": {"Toddopuli"}}).Want(http.StatusOK)
	if !p.Has(link) || strings.Contains(strings.ToLower(p.URL.String()), "toddopuli") {
		t.Fatalf("at %s: %s", p.URL, p.Text("main"))
	}
	if o.spy.Get(p.URL.RequestURI()).Want(http.StatusOK).Has(link) {
		t.Error("a sealed query opens letters to whoever has its address")
	}
	p.Submit(`form[action$="/simpan"]`, url.Values{"nama": {" "}}).Want(http.StatusUnprocessableEntity)
	p = p.Submit(`form[action$="/simpan"]`, url.Values{"nama": {"Drainase kita"}}).Want(http.StatusOK)
	again := p.Doc.Find(".searches a").AttrOr("href", "")
	if !o.drafter.Get(again).Want(http.StatusOK).Has(link) {
		t.Errorf("the saved search leads to %q", again)
	}
	p.Submit(`.searches form`, nil).Want(http.StatusOK)
	if o.drafter.Get("/meja/eoffice/cari").Want(http.StatusOK).Has(".searches") {
		t.Error("the search is still kept")
	}
	p = o.drafter.Get("/meja/eoffice/cari").Want(http.StatusOK).Submit(searchForm, url.Values{"q": {"drainase"}, "mulai": {"2026-12-02"}, "sampai": {"2026-12-01"}}).Want(http.StatusUnprocessableEntity)
	if got := p.Doc.Find("#q").AttrOr("value", ""); got != "drainase" || !p.Has(`.ds-error-summary a[href="#sampai"]`) {
		t.Errorf("typed %q, %s", got, p.Text(".ds-error-summary"))
	}
	for _, bad := range []string{"?s=x", "?s=" + strings.Repeat("A", 500)} {
		o.drafter.Get("/meja/eoffice/cari" + bad).Want(http.StatusBadRequest)
	}
}

// The tata usaha reads the books of its office, nobody else's.
func TestBooksThroughThePages(t *testing.T) {
	o := newOffice(t)
	id, _ := o.write(eoffice.Open, "Perbaikan drainase", "Isi surat.")
	o.verifier.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/paraf"]`, nil).Want(http.StatusOK)
	o.head.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/tandatangani"]`, url.Values{"sandi": {password}}).Want(http.StatusOK)
	o.otherClerk.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/terima"]`, nil).Want(http.StatusOK)
	if text := o.clerk.Get("/meja/eoffice/buku?buku=surat").Want(http.StatusOK).Text("main table"); !strings.Contains(text, "Perbaikan drainase") {
		t.Errorf("issued: %s", text)
	}
	if text := o.otherClerk.Get("/meja/eoffice/buku?semua=1").Want(http.StatusOK).Text("main table"); !strings.Contains(text, "Perbaikan drainase") {
		t.Errorf("taken in: %s", text)
	}
	if p := o.head.Get("/meja/eoffice/buku").Want(http.StatusOK); p.Has("main table") {
		t.Error("the books are open to who does not keep them")
	}
	o.spy.Get("/meja/eoffice/buku?kantor=" + fmt.Sprint(o.clerk.id.UnitID)).Want(http.StatusNotFound)
	for _, bad := range []string{"?tahun=1", "?tahun=9999", "?kantor=x", "?sesudah=-1"} {
		o.clerk.Get("/meja/eoffice/buku" + bad).Want(http.StatusBadRequest)
	}
	o.clerk.Get("/meja/eoffice/buku?buku=tidak-ada").Want(http.StatusNotFound)
}
