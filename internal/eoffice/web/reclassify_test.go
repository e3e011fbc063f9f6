package eofficeweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/eoffice"
)

// Without scripts: who got a letter makes it restricted, who signed it opens it again.
func TestSecrecyIsRaisedAndLoweredThroughThePages(t *testing.T) {
	o := newOffice(t)
	id, p := o.arrived(eoffice.Open, "Perbaikan drainase")
	raise, lower := `form[action$="/naikkan-sifat"]`, `form[action$="/turunkan-sifat"]`
	if p.Has(lower) {
		t.Error("who got it is offered to lower it")
	}
	bad := p.Submit(raise, url.Values{"sifat": {"T"}, "alasan": {"ya"}}).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(bad.Text("main"), "Tulis alasannya") {
		t.Errorf("refused without a word: %s", bad.Text("main"))
	}
	done := bad.Submit(raise, url.Values{"sifat": {"T"}, "alasan": {"Belum boleh diumumkan"}}).Want(http.StatusOK)
	for _, want := range []string{"Terbatas", "Sifatnya dinaikkan menjadi terbatas", "Belum boleh diumumkan"} {
		if !strings.Contains(done.Text("main"), want) {
			t.Errorf("no %q on the page", want)
		}
	}
	signer := o.head.Get(path(id)).Want(http.StatusOK)
	opened := signer.Submit(lower, url.Values{"sifat": {"B"}, "alasan": {"Sudah diumumkan"}}).Want(http.StatusOK)
	if !strings.Contains(opened.Text("main"), "Sifatnya diturunkan") || opened.Has(lower) {
		t.Errorf("lowered: %s", opened.Text("main"))
	}
}
