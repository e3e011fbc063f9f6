package epuskesmasweb_test

import (
	"net/http"
	"strings"
	"testing"
)

// By when to be there is said before choosing, and a session for which there is hardly time
// to come is not the first that is offered.
func TestDeadlinesBeforeChoosing(t *testing.T) {
	p := openHouse(t)
	page := p.Client(t).Get("/puskesmas/kassi-kassi").Want(http.StatusOK)
	first := page.Doc.Find(".picks li").First().Text()
	if !strings.Contains(first, "Besok") || !strings.Contains(first, "Datang paling lambat pukul") || strings.Contains(first, "mepet") {
		t.Errorf("first offered is %q", first)
	}
	today := page.Doc.Find("details.more").Last()
	if text := today.Text(); !strings.Contains(text, "bila Anda bisa segera datang") || !strings.Contains(text, "Hari ini") || !strings.Contains(text, "Waktunya mepet") {
		t.Errorf("today is offered as %q", text)
	}
	who := p.Client(t).Get(today.Find("a").AttrOr("href", "")).Want(http.StatusOK)
	contains(t, who, ".note", "Waktunya mepet")
}
