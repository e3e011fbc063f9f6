package portalweb_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
)

func TestAFormSentTooLateSurvivesSigningInAgain(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	c := signUp(t, s, "rahma@contoh.id")
	form := c.Get("/akun/nama").Want(200)
	s.Clock.Advance(8 * 24 * time.Hour)
	p := form.Submit("main form", url.Values{"nama": {"Sitti <Rahma> & “Nai”"}}).Want(200)
	if p.URL.Path != "/masuk" {
		t.Fatalf("an expired session led to %s", p.URL.Path)
	}
	// A wrong password on the way loses nothing.
	p = p.Submit("main form", url.Values{"nama": {"rahma@contoh.id"}, "sandi": {"salah sekali"}}).Want(422)
	p = p.Submit("main form", url.Values{"nama": {"rahma@contoh.id"}, "sandi": {good}}).Want(200)
	if p.URL.Path != "/lanjutkan" || p.Doc.Find("main form input[name=nama]").AttrOr("value", "") != "Sitti <Rahma> & “Nai”" {
		t.Fatalf("%s: %s", p.URL.Path, p.Text("main"))
	}
	// Nothing was sent yet, and the page can be loaded again.
	if name := c.Get("/akun").Text("main dd"); !strings.Contains(name, "Sitti Rahma") {
		t.Errorf("the name is %q already", name)
	}
	p = c.Get("/lanjutkan").Want(200).Submit("main form", nil).Want(422) // the name has < in it
	if p.Doc.Find("#nama").AttrOr("value", "") != "Sitti <Rahma> & “Nai”" {
		t.Error("the form's own page lost what was typed")
	}
	p.Submit("main form", url.Values{"nama": {"Sitti Nai"}}).Want(200)
	if !strings.Contains(c.Get("/akun").Text("main"), "Sitti Nai") {
		t.Error("the form never arrived")
	}
}

func TestAnotherPersonIsNotShownTheForm(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	signUp(t, s, "lain@contoh.id")
	c := signUp(t, s, "rahma@contoh.id")
	form := c.Get("/akun/nama")
	s.Clock.Advance(8 * 24 * time.Hour)
	p := form.Submit("main form", url.Values{"nama": {"Rahasia Rahma"}})
	p = p.Submit("main form", url.Values{"nama": {"lain@contoh.id"}, "sandi": {good}}).Want(200)
	if p.URL.Path != "/akun" || strings.Contains(p.Body, "Rahasia") {
		t.Errorf("somebody else was shown %s: %s", p.URL.Path, p.Text("main"))
	}
}

func TestAnUploadSentTooLateKeepsItsWords(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	c := signUp(t, s, "rahma@contoh.id")
	s.Clock.Advance(8 * 24 * time.Hour)
	p := c.PostFiles("/akun/nama", url.Values{"nama": {"Sitti Nai"}}, apptest.File{Control: "foto", Name: "a.jpg", Type: "image/jpeg", Data: make([]byte, 100_000)}).Want(200)
	p = p.Submit("main form", url.Values{"nama": {"rahma@contoh.id"}, "sandi": {good}}).Want(200)
	if p.URL.Path != "/lanjutkan" || !strings.Contains(p.Text(".ds-alert"), "dipilih lagi") {
		t.Fatalf("%s: %s", p.URL.Path, p.Text("main"))
	}
	p.Submit("main form", nil).Want(200)
	if !strings.Contains(c.Get("/akun").Text("main"), "Sitti Nai") {
		t.Error("the words were lost")
	}
}
