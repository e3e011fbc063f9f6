package eoffice

import (
	"strings"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Words are what somebody writes about a letter: in the open where what it says is too,
// sealed where it is confidential.
type Words struct {
	Text   string `json:"teks,omitempty"`
	Sealed []byte `json:"segel,omitempty"`
}

// sealWords is the context under which words about a confidential letter are sealed.
const sealWords = "eoffice.words"

// words keeps a text as a letter's secrecy allows.
func (m *Module) words(s Secrecy, text string) Words {
	if s.Confidential() && text != "" {
		return Words{Sealed: m.box.Seal(text, sealWords)}
	}
	return Words{Text: text}
}

// explain puts a reason into an intent as a letter's secrecy allows. Words that the action
// brings stay.
func (m *Module) explain(in *Intent, s Secrecy, reason string) {
	w := m.words(s, strings.TrimSpace(reason))
	if w.Sealed == nil {
		in.Reason = w.Text
	} else if in.Change.Words == nil {
		in.Change.Words = &w
	}
}

// said is what the words say.
func (m *Module) said(w Words) (_ string, err error) {
	defer errs.In(&err, "eoffice.said")
	if len(w.Sealed) == 0 {
		return w.Text, nil
	}
	return m.box.Open(w.Sealed, sealWords)
}
