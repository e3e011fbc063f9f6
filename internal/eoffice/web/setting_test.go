package eofficeweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// Who sets an office sets that office; the city's settings are the city's.
func TestSettingsThroughThePages(t *testing.T) {
	o := newOffice(t)
	h := o.s.Hire(t, apptest.Staff{Email: "sekretaris@kantor.example", Name: "Sekretaris", Title: "Sekretaris", UnitCode: "DPU", Kind: "sekretaris", Permissions: nil})
	o.s.Grant(t, h.PositionID, h.UnitID, eoffice.PermConfigure)
	chief := o.s.SignedIn(t, h.AccountID)
	p := chief.Get("/meja/eoffice/atur").Want(http.StatusOK)
	const office = `form[action$="/atur"]`
	bad := p.Submit(office, url.Values{eoffice.ControlCode: {"D P U"}, eoffice.ControlAnswer: {"0"}}).Want(http.StatusUnprocessableEntity)
	if got := bad.Doc.Find("#kode").AttrOr("value", ""); got != "D P U" || bad.Doc.Find(".ds-error-summary a").Length() != 1 {
		t.Errorf("typed %q: %s", got, bad.Text(".ds-error-summary"))
	}
	p.Submit(office, url.Values{eoffice.ControlCode: {"PU"}, eoffice.ControlAnswer: {"4"}}).Want(http.StatusOK)
	p.Submit(office, url.Values{eoffice.ControlCode: {"PUU"}}).Want(http.StatusConflict)
	p = chief.Get("/meja/eoffice/atur").Want(http.StatusOK).Submit(`form[action$="/instruksi"]`, url.Values{eoffice.ControlInstruction: {"Segera kerjakan\nLaporkan"}}).Want(http.StatusOK)
	if got := p.Text("textarea"); !strings.Contains(got, "Segera kerjakan") {
		t.Errorf("instructions: %q", got)
	}
	for _, path := range []string{"/meja/eoffice/atur/klasifikasi", "/meja/eoffice/atur/waktu"} {
		chief.Get(path).Want(http.StatusNotFound)
		o.head.Get(path).Want(http.StatusNotFound)
	}
	o.head.Get("/meja/eoffice/atur").Want(http.StatusNotFound)

	root := one[string](o, `SELECT code FROM org_unit WHERE parent_id IS NULL`)
	h = o.s.Hire(t, apptest.Staff{Email: "pengatur@kantor.example", Name: "Pengatur", Title: "Pengatur", UnitCode: root, Kind: "pelaksana", Permissions: []authz.Permission{eoffice.PermConfigure}})
	boss := o.s.SignedIn(t, h.AccountID)
	const days = `form[action$="/waktu/pengingat"]`
	p = boss.Get("/meja/eoffice/atur/waktu").Want(http.StatusOK)
	bad = p.Submit(days, url.Values{eoffice.ControlLateDays: {"61"}}).Want(http.StatusUnprocessableEntity)
	if bad.Doc.Find("#"+eoffice.ControlLateDays).AttrOr("value", "") != "61" || bad.Doc.Find("#langkah_biasa").AttrOr("value", "") == "" {
		t.Error("what was typed, or what is set, is lost")
	}
	p = p.Submit(days, url.Values{eoffice.ControlLateDays: {"3"}, eoffice.ControlDraftDays: {"4"}}).Want(http.StatusOK)
	if got := p.Doc.Find("#"+eoffice.ControlLateDays).AttrOr("value", ""); got != "3" {
		t.Errorf("set to %q", got)
	}
	const panel = `form[action$="/kearsipan/panitia"]`
	p = boss.Get("/meja/eoffice/atur/kearsipan").Want(http.StatusOK)
	bad = p.Submit(panel, url.Values{eoffice.ControlPanelLeast: {"nol"}}).Want(http.StatusUnprocessableEntity)
	if got := bad.Doc.Find("#"+eoffice.ControlPanelLeast).AttrOr("value", ""); got != "nol" {
		t.Errorf("typed %q", got)
	}
	p = p.Submit(panel, url.Values{eoffice.ControlPanelLeast: {"5"}}).Want(http.StatusOK)
	if got := p.Doc.Find("#"+eoffice.ControlPanelLeast).AttrOr("value", ""); got != "5" {
		t.Errorf("set to %q", got)
	}
}
