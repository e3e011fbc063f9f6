package eofficeweb_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/eoffice"
)

// Without scripts: the tata usaha makes a group and fills it; a drafter finds it where
// recipients are searched and takes all of it; somebody else's browser finds nothing there.
func TestAGroupThroughThePages(t *testing.T) {
	o := newOffice(t)
	p := o.clerk.Get("/meja/eoffice").Want(http.StatusOK)
	if !p.Has(`a[href="/meja/eoffice/atur/kelompok"]`) {
		t.Error("no way to the groups")
	}
	const list = "/meja/eoffice/atur/kelompok"
	p = o.clerk.Get(list).Want(http.StatusOK)
	make := `form.column[action$="/kelompok"]`
	bad := p.Submit(make, url.Values{eoffice.ControlGroupName: {"x"}}).Want(http.StatusUnprocessableEntity)
	if got := bad.Doc.Find("#"+eoffice.ControlGroupName).AttrOr("value", ""); got != "x" {
		t.Errorf("typed %q", got)
	}
	p = p.Submit(make, url.Values{eoffice.ControlGroupName: {"Para Camat"}}).Want(http.StatusOK)
	home := p.URL.Path
	const change = `form.column:has(.finder)`
	p.Submit(change, url.Values{"@tombol": {"aksi=cari"}}).Want(http.StatusUnprocessableEntity)
	p.Submit(change, url.Values{"@tombol": {"aksi=kepala"}}).Want(http.StatusUnprocessableEntity)
	p = p.Submit(change, url.Values{eoffice.ControlHeads: {"kecamatan:kota"}, "@tombol": {"aksi=kepala"}}).Want(http.StatusOK)
	found := p.Submit(change, url.Values{"cari": {"rabiah"}, "@tombol": {"aksi=cari"}}).Want(http.StatusOK)
	add := "tambah:" + strconv.FormatInt(o.other.id.PositionID, 10)
	p = found.Submit(change, url.Values{"@tombol": {"aksi=" + add}}).Want(http.StatusOK)
	if text := p.Text("main"); !strings.Contains(text, "16 jabatan, 15 di antaranya sedang kosong") || !strings.Contains(text, "Rabiah") {
		t.Errorf("the group: %s", text)
	}
	if text := o.clerk.Get(list).Want(http.StatusOK).Text("main"); !strings.Contains(text, "Para Camat 16 jabatan") {
		t.Errorf("the groups: %s", text)
	}
	for _, who := range []somebody{o.otherClerk, o.head, o.spy} {
		who.Get(home).Want(http.StatusNotFound)
	}
	o.head.Get(list).Want(http.StatusNotFound)

	draft := o.begin("SD").Submit(form, url.Values{eoffice.ControlSubject: {"Rapat banjir"}, "cari": {"kelompok"}, "@tombol": {"aksi=cari"}}).Want(http.StatusOK)
	button := draft.Doc.Find(`button[value^="kelompok:"][value$=":kepada"]`).AttrOr("value", "")
	draft = draft.Submit(form, url.Values{"@tombol": {"aksi=" + button}}).Want(http.StatusOK)
	if text := draft.Text("body"); !strings.Contains(text, "16 penerima dari kelompok “Para Camat” ditambahkan.") || !strings.Contains(text, "dan 10 lagi") {
		t.Errorf("what was said: %s", draft.Text(".flash"))
	}
	if n := draft.Doc.Find(`.concerned option[value="kepada"][selected]`).Length(); n != 16 {
		t.Errorf("%d recipients", n)
	}
	if got := draft.Doc.Find("#hal").AttrOr("value", ""); got != "Rapat banjir" {
		t.Errorf("the subject is %q", got)
	}
	// Who gives orders finds a group of their office as a work team.
	bidang := o.below(o.other, "Darwis")
	team := o.otherClerk.Get(list).Want(http.StatusOK).Submit(make, url.Values{eoffice.ControlGroupName: {"Tim Drainase"}}).Want(http.StatusOK)
	team.Submit(change, url.Values{"cari": {"darwis"}, "@tombol": {"aksi=cari"}}).Want(http.StatusOK).
		Submit(change, url.Values{"@tombol": {"aksi=tambah:" + strconv.FormatInt(bidang.id.PositionID, 10)}}).Want(http.StatusOK)
	_, arrived := o.arrived(eoffice.Open, "Rapat drainase")
	give := link(t, o.other.Client, arrived, "Beri disposisi").Submit(giveForm, url.Values{"cari": {"tim drainase"}, "@tombol": {"aksi=cari"}}).Want(http.StatusOK)
	if got := give.Doc.Find(`select[name="`+part(bidang)+`"] option[selected]`).AttrOr("value", ""); got != "laksana" || !strings.Contains(give.Text(".concerned"), "Tim Drainase") {
		t.Errorf("the team is %q: %s", got, give.Text(".concerned"))
	}

	o.clerk.Get(home).Want(http.StatusOK).Submit(`form[action$="/bubar"]`, nil).Want(http.StatusOK)
	o.clerk.Get(home).Want(http.StatusNotFound)
	if gone := draft.Submit(form, url.Values{"@tombol": {"aksi=" + button}}).Want(http.StatusUnprocessableEntity); gone.Doc.Find(`.concerned option[value="kepada"][selected]`).Length() != 16 {
		t.Error("what was chosen is lost with the group")
	}
}
