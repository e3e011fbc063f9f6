package eofficeweb_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/eoffice"
)

// Without scripts: a leader names a secretary, who takes receipt and gives an order in the
// leader's name; all of it shows, and it ends when the leader says so.
func TestASecretaryWorksThroughThePages(t *testing.T) {
	o := newOffice(t)
	bidang := o.below(o.other, "Darwis")
	secretary := o.below(o.other, "Rahmi")
	id, _ := o.write(eoffice.Open, "Perbaikan drainase", "Rencana perbaikan drainase.")
	o.verifier.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/paraf"]`, nil).Want(http.StatusOK)
	o.head.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/tandatangani"]`, url.Values{"sandi": {password}}).Want(http.StatusOK)
	secretary.Get(path(id)).Want(http.StatusNotFound)
	help := "/meja/eoffice/bantu/" + strconv.FormatInt(o.other.id.PositionID, 10)
	secretary.Get(help).Want(http.StatusNotFound)

	p := o.other.Get("/meja/eoffice/wakil").Want(http.StatusOK)
	if !p.Has(`a[href="/meja/eoffice/wakil"]`) {
		t.Error("the menu does not lead there")
	}
	const name = `form.column[action$="/wakil"]`
	day := o.s.Clock.Now()
	values := url.Values{"sebagai": {"sekretaris"}, "wakil": {strconv.FormatInt(secretary.id.PositionID, 10)}, "mulai": {day.Format("2006-01-02")}, "alasan": {"SK nomor 3"}}
	bad := p.Submit(name, values).Want(http.StatusUnprocessableEntity)
	if !bad.Has(`.ds-error-summary a[href="#sampai"]`) || bad.Doc.Find("#alasan").AttrOr("value", "") != "SK nomor 3" {
		t.Errorf("refused: %s", bad.Text("main"))
	}
	named := bad.Submit(name, url.Values{"sampai": {day.AddDate(0, 1, 0).Format("2006-01-02")}}).Want(http.StatusOK)
	if text := named.Text("main"); !strings.Contains(text, "Jabatan Rahmi (Rahmi) sebagai sekretaris") || !strings.Contains(text, "berlaku") {
		t.Errorf("named: %s", text)
	}
	if text := secretary.Get(help).Want(http.StatusOK).Text("main"); !strings.Contains(text, "Perbaikan drainase") {
		t.Errorf("the leader's desk: %s", text)
	}
	page := secretary.Get(path(id)).Want(http.StatusOK)
	if !strings.Contains(page.Text("nav, aside, body"), "Meja yang Anda bantu") || page.Has(`form[action$="/naikkan-sifat"]`) {
		t.Error("no way to the leader's desk, or too much may be done")
	}
	page = page.Submit(`form[action$="/terima-atas-nama"]`, nil).Want(http.StatusOK)
	given := link(t, secretary.Client, page, "Beri disposisi").Submit(giveForm, url.Values{part(bidang): {"utama"}, eoffice.ControlInstruction: {"Tindak lanjuti"}, "@tombol": {"aksi=kirim"}}).Want(http.StatusOK)
	if text := given.Text("main"); !strings.Contains(text, "disiapkan oleh Rahmi") || !strings.Contains(text, "Rahmi, atas nama Kepala") {
		t.Errorf("it does not show who prepared it: %s", text)
	}
	if pdf := words(t, link(t, bidang.Client, bidang.Get(path(id)).Want(http.StatusOK), "Lembar disposisi")); !strings.Contains(pdf, "Disiapkan atas nama jabatan ini") || strings.Contains(pdf, "Diparaf") {
		t.Errorf("the sheet: %s", pdf)
	}
	o.other.Get("/meja/eoffice/wakil").Want(http.StatusOK).Submit(`form[action$="/akhiri"]`, nil).Want(http.StatusOK)
	secretary.Get(path(id)).Want(http.StatusNotFound)
	secretary.Get(help).Want(http.StatusNotFound)
}
