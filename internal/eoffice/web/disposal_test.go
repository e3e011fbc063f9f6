package eofficeweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/eoffice"
)

// Without scripts: an old folder is proposed, a panel is put together and judges, the berita
// acara is signed, the letters are destroyed, and their pages say so.
func TestDisposalThroughThePages(t *testing.T) {
	o := newOffice(t)
	keeper := o.archivist()
	id := o.signedLetter(eoffice.Open, "Perbaikan drainase")
	keeper.Get("/meja/eoffice/arsip").Want(http.StatusOK).Submit(`form[action="/meja/eoffice/arsip"].form`, nil).Want(http.StatusOK)
	folder := hrefOf(keeper.Get(path(id)).Want(http.StatusOK), `aside a[href^="/meja/eoffice/arsip/berkas/"]`)
	if _, err := o.s.DB.Owner().Exec(t.Context(), `UPDATE eoffice_folder SET year = 2010, opened_on = '2010-01-04'`); err != nil {
		t.Fatal(err)
	}
	if _, err := o.s.DB.Owner().Exec(t.Context(), `UPDATE eoffice_kka SET active_years = 2, inactive_years = 9, fate = 'musnah' WHERE code = '600.1'`); err != nil {
		t.Fatal(err)
	}
	keeper.Get(folder).Want(http.StatusOK).Submit(`form[action$="/tutup"]`, url.Values{eoffice.ControlDay: {"2010-12-31"}}).Want(http.StatusOK)
	if _, err := o.s.App.Office.ProposeDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	keeper.Get("/meja/eoffice/arsip/jatuh-tempo?tahun=1900").Want(http.StatusBadRequest)
	keeper.Get("/meja/eoffice/arsip/jatuh-tempo").Want(http.StatusOK)
	keeper.Get(folder).Want(http.StatusOK).Submit(`form[action$="/tunda"]`, url.Values{eoffice.ControlUntil: {""}}).Want(http.StatusUnprocessableEntity)
	form := keeper.Get("/meja/eoffice/arsip/usul").Want(http.StatusOK).Submit(`form[action$="/penyusutan/baru"]`, nil).Want(http.StatusOK)
	const make = `form[action$="/penyusutan/baru"]`
	few := form.Submit(make, url.Values{"@tombol": {"aksi=ajukan"}}).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(few.Text(".ds-error-summary"), "3 jabatan") {
		t.Errorf("said: %s", few.Text(".ds-error-summary"))
	}
	found := few.Submit(make, url.Values{"cari": {"Fadli"}, "@tombol": {"aksi=cari"}}).Want(http.StatusOK)
	if !strings.Contains(found.Text("main"), "Jabatan Fadli") || !found.Has(`input[name="panitia"][checked]`) {
		t.Fatalf("found: %s", found.Text("main"))
	}
	panel := url.Values{"panitia": {fmt.Sprint(o.head.id.PositionID), fmt.Sprint(o.verifier.id.PositionID), fmt.Sprint(o.clerk.id.PositionID)}, "@tombol": {"aksi=ajukan"}}
	page := found.Submit(make, panel).Want(http.StatusOK)
	address := page.URL.Path
	for _, w := range []somebody{o.head, o.verifier, o.clerk} {
		if list := w.Get("/meja/eoffice/arsip/penilaian").Want(http.StatusOK); hrefOf(list, `main a[href^="/meja/eoffice/arsip/penyusutan/"]`) != address {
			t.Errorf("not in the list: %s", list.Text("main"))
		}
		w.Get(address).Want(http.StatusOK).Submit(`form[action$="/setuju"]`, url.Values{eoffice.ControlWords: {"Setuju dimusnahkan"}}).Want(http.StatusOK)
	}
	o.spy.Get(address).Want(http.StatusNotFound)
	page = keeper.Get(address).Want(http.StatusOK)
	page.Submit(`form[action$="/anri"]`, url.Values{eoffice.ControlANRI: {"x"}}).Want(http.StatusUnprocessableEntity)
	page.Submit(`form[action$="/anri"]`, url.Values{eoffice.ControlANRI: {"B-KN.00/12/2026, 3 Januari 2026"}}).Want(http.StatusOK)
	draft := page.Submit(`form[action$="/tulis"]`, nil).Want(http.StatusOK)
	sent := draft.Submit(`form[action$="/ubah"]`, url.Values{eoffice.ControlKKA: {"000.1"}, "@tombol": {"aksi=ajukan"}}).Want(http.StatusOK)
	for _, w := range []somebody{o.verifier, o.clerk} {
		o.s.Password(t, w.id.AccountID, password)
	}
	signed := 0
	for range 3 { // the panel, each in turn
		for _, w := range []somebody{o.head, o.verifier, o.clerk} {
			if p := w.Get(sent.URL.Path); p.Status == http.StatusOK && p.Has(`form[action$="/tandatangani"]`) {
				p.Submit(`form[action$="/tandatangani"]`, url.Values{"sandi": {password}}).Want(http.StatusOK)
				signed++
			}
		}
	}
	if signed != 3 {
		t.Fatalf("%d signed the berita acara", signed)
	}
	gone := keeper.Get(address).Want(http.StatusOK).Submit(`form[action$="/laksanakan"]`, nil).Want(http.StatusOK)
	if text := gone.Text("main"); !strings.Contains(text, "dilaksanakan") {
		t.Errorf("carried out: %s", text)
	}
	letter := o.drafter.Get(path(id)).Want(http.StatusOK)
	if text := letter.Text("main"); !strings.Contains(text, "sudah dimusnahkan") || strings.Contains(text, "Isi naskah") || !strings.Contains(letter.Text("h1"), "Perbaikan drainase") {
		t.Errorf("the letter: %s", text)
	}
	o.drafter.Get(path(id) + "/versi").Want(http.StatusNotFound)
	o.drafter.Get(path(id) + "/berkas/naskah").Want(http.StatusNotFound)
}
