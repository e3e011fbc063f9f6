package eofficeweb

import (
	"net/http"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/eoffice/text"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
)

// The text of a letter comes back in one of two controls: what the editor wrote as HTML, or
// what was typed into the plain field over the text that stood there before.
const (
	controlEdited = eoffice.ControlBody + "_html"
	controlBefore = eoffice.ControlBody + "_asal"
	controlPasted = "html"
)

const (
	cleanPath = deskPath + "/rapikan"
	// bodyForm holds a letter of the greatest length twice, as a form writes it.
	bodyForm = 2 << 20
	// pasteForm holds the longest HTML that is looked at; what is longer is pasted as plain text.
	pasteForm = 3 * text.MaxSource
)

// readBody is the text of a letter as a form brings it; it is cleaned where it is kept.
func readBody(f *form.Form) string {
	if f.Has(controlEdited) {
		return f.Value(controlEdited)
	}
	return text.Retyped(f.Value(controlBefore), f.Text(eoffice.ControlBody))
}

// bodyControl is the plain field of a letter's text, which the editor takes the place of.
func bodyControl(body string, f *form.Form, also string) ui.Control {
	c := ui.Control{
		Name: eoffice.ControlBody, Label: "Isi naskah", Rows: 16, Required: true, Value: text.ToPlain(body),
		Hint:  "Baris kosong memisahkan paragraf. Baris yang diawali “- ” atau “1. ” menjadi daftar.",
		Attrs: templ.Attributes{"data-editor": controlBefore, "data-clean": cleanPath},
	}
	if also != "" {
		c.Hint += " " + also
	}
	if f != nil {
		c.Error = f.Errors().Get(c.Name)
		if f.Has(c.Name) {
			c.Value = f.Text(c.Name)
		}
	}
	return c
}

// clean answers with the subset of what the editor got from the clipboard, as text: nothing
// shows it as a page.
func (k *desk) clean(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	body, err := text.Sanitize(f.Value(controlPasted))
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	_, err = w.Write([]byte(body))
	return err
}
