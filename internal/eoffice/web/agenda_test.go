package eofficeweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/eoffice"
)

// Without scripts: an invitation fills the form of the diary, is kept, represented, printed
// and taken to a calendar; its reader follows it and stops.
func TestAnInvitationGoesIntoTheDiaryThroughThePages(t *testing.T) {
	o := newOffice(t)
	bidang := o.below(o.other, "Darwis")
	id, _ := o.writeKind("UND", eoffice.Open, "Rapat drainase", "Mengundang Bapak/Ibu pada:\n\nHari, tanggal | Senin, 30 November 2026\nPukul | 09.00–11.00 WITA\nTempat | Ruang Sipakatau")
	o.verifier.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/paraf"]`, nil).Want(http.StatusOK)
	o.head.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/tandatangani"]`, url.Values{"sandi": {password}}).Want(http.StatusOK)
	const plan = `form[action$="/agenda"]`
	p := o.other.Get(path(id)).Want(http.StatusOK)
	for name, want := range map[string]string{"hari": "2026-11-30", "pukul": "09:00", "selesai": "11:00", "tempat": "Ruang Sipakatau"} {
		if got := p.Doc.Find(plan+` [name="`+name+`"]`).AttrOr("value", ""); got != want {
			t.Errorf("%s is filled with %q", name, got)
		}
	}
	bad := p.Submit(plan, url.Values{"selesai": {"08:00"}, "tempat": {"Ruang lain"}}).Want(http.StatusUnprocessableEntity)
	if !bad.Has("details[open] "+plan+" #selesai[aria-invalid]") || bad.Doc.Find(plan+` #tempat`).AttrOr("value", "") != "Ruang lain" {
		t.Errorf("refused: %s", bad.Text("main"))
	}
	saved := bad.Submit(plan, url.Values{"selesai": {"11:00"}, "tempat": {"Ruang Sipakatau"}}).Want(http.StatusOK)
	if text := saved.Text("main"); !strings.Contains(text, "Senin, 30 November 2026, 09.00–11.00 WITA di Ruang Sipakatau, dihadiri sendiri.") {
		t.Errorf("saved: %s", text)
	}
	link(t, o.other.Client, saved, "Beri disposisi").Submit(giveForm, url.Values{part(bidang): {"utama"}, eoffice.ControlInstruction: {"Wakili dan laporkan hasilnya"}, "@tombol": {"aksi=kirim"}}).Want(http.StatusOK)
	week := "/meja/eoffice/agenda?pekan=2026-12-02"
	if text := o.other.Get(week).Want(http.StatusOK).Text("main"); !strings.Contains(text, "Rapat drainase") || !strings.Contains(text, "diwakili Jabatan Darwis") || !strings.Contains(text, "Agenda 30 November–6 Desember 2026") {
		t.Errorf("the week: %s", text)
	}
	if text := o.spy.Get("/meja/eoffice/agenda").Want(http.StatusOK).Text("main"); strings.Contains(text, "Rapat") {
		t.Errorf("another office reads %s", text)
	}
	file := "/meja/eoffice/agenda/berkas.ics?pekan=2026-12-02"
	ics := o.other.Get(file).Want(http.StatusOK)
	for _, want := range []string{"DTSTART:20261130T010000Z", "DTEND:20261130T030000Z", "SUMMARY:Rapat drainase", "LOCATION:Ruang Sipakatau"} {
		if !strings.Contains(ics.Body, want+"\r\n") {
			t.Errorf("the calendar file lacks %s: %s", want, ics.Body)
		}
	}
	for _, name := range []string{"Rabiah", "Hasanuddin"} {
		if strings.Contains(strings.ReplaceAll(ics.Body, "Jabatan "+name, ""), name) {
			t.Errorf("the calendar file names %s", name)
		}
	}
	o.other.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/naikkan-sifat"]`, url.Values{"sifat": {"R"}, "alasan": {"Menyangkut penertiban"}}).Want(http.StatusOK)
	if body := o.other.Get(file).Want(http.StatusOK).Body; strings.Contains(body, "drainase") || strings.Contains(body, "Sipakatau") || !strings.Contains(body, "SUMMARY:Acara\r\n") {
		t.Errorf("of a secret letter the calendar file says: %s", body)
	}
	p = o.other.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/pantau"]`, nil).Want(http.StatusOK)
	if text := o.other.Get("/meja/eoffice?antrean=pantau").Want(http.StatusOK).Text("main table"); !strings.Contains(text, "RAHASIA") {
		t.Errorf("what is followed: %s", text)
	}
	p.Submit(`form[action$="/lepas-pantau"]`, nil).Want(http.StatusOK)
	if o.other.Get("/meja/eoffice?antrean=pantau").Want(http.StatusOK).Has("main table") {
		t.Error("it is still followed")
	}
	if p := o.other.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/agenda/hapus"]`, nil).Want(http.StatusOK); p.Has(`form[action$="/agenda/hapus"]`) {
		t.Error("it is still in the diary")
	}
	o.spy.Post(path(id)+"/pantau", url.Values{}).Want(http.StatusNotFound)
}
