package eofficeweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/eoffice"
)

// Without scripts: a letter that came is answered, and its writer looks for what a draft
// refers to.
func TestALetterIsAnsweredThroughThePages(t *testing.T) {
	o := newOffice(t)
	id, p := o.arrived(eoffice.Open, "Perbaikan drainase")
	begin := link(t, o.other.Client, p, "Balas")
	draft := begin.Submit(`form[action$="/baru"]`, nil).Want(http.StatusOK)
	if got, _ := draft.Doc.Find("#hal").Attr("value"); got != "Balasan: Perbaikan drainase" {
		t.Errorf("subject %q", got)
	}
	for _, want := range []string{"Kepala", "Membalas"} {
		if !strings.Contains(draft.Text("main"), want) {
			t.Errorf("no %q on the draft", want)
		}
	}
	if again := o.other.Get(path(id)).Want(http.StatusOK).Text("aside"); !strings.Contains(again, "Dibalas oleh naskah belum bernomor") {
		t.Errorf("the letter says %q", again)
	}
	if others := o.head.Get(path(id)).Want(http.StatusOK).Text("main"); strings.Contains(others, "Dibalas") {
		t.Error("who may not open the draft reads of it")
	}
	mine := o.begin("SD").URL.Path
	page := o.drafter.Get(strings.TrimSuffix(mine, "/ubah") + "/rujukan").Want(http.StatusOK)
	form := `form[action$="/rujukan"]`
	page.Submit(form, url.Values{"@tombol": {"aksi=cari"}}).Want(http.StatusUnprocessableEntity)
	found := page.Submit(form, url.Values{"cari": {"drainase"}, "@tombol": {"aksi=cari"}}).Want(http.StatusOK)
	button, ok := found.Doc.Find(`button[value^="rujuk:"]`).Attr("value")
	if !ok {
		t.Fatalf("nothing found: %s", found.Text("main"))
	}
	tied := found.Submit(form, url.Values{"hubungan": {"menindaklanjuti"}, "@tombol": {"aksi=" + button}}).Want(http.StatusOK)
	if !strings.Contains(tied.Text("main"), "Menindaklanjuti 600.1/") {
		t.Errorf("tied: %s", tied.Text("main"))
	}
	gone := tied.Submit(form, url.Values{"@tombol": {"aksi=" + strings.Replace(button, "rujuk", "hapus", 1)}}).Want(http.StatusOK)
	if !strings.Contains(gone.Text("main"), "Belum merujuk") {
		t.Errorf("taken out: %s", gone.Text("main"))
	}
}
