package eofficeweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// controlReply names the letter that a new draft answers.
const controlReply = "balas"

// referencesView are the letters to which a draft refers.
type referencesView struct {
	Desk   *ui.Desk
	Case   eoffice.Case
	Draft  eoffice.Draft
	Links  []eoffice.Reference
	Asked  bool // for letters to refer to
	Found  []eoffice.ThreadLetter
	Form   *form.Form
	Tie    eoffice.Tie
	Search string
}

func (k *desk) references(w http.ResponseWriter, r *http.Request) error {
	return k.showReferences(w, r, http.StatusOK, &form.Form{})
}

func (k *desk) showReferences(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	v := referencesView{Form: f, Search: f.Line(controlFind), Tie: eoffice.Tie(f.Line(eoffice.ControlTie))}
	v.Case, v.Draft, err = k.Office.DraftOf(ctx, a, id)
	if errs.KindOf(err) == errs.Conflict {
		return gone(w, r, id)
	}
	if err != nil {
		return err
	}
	if v.Links, err = k.Office.ReferencesOf(ctx, a, id); err != nil {
		return err
	}
	if v.Asked = v.Search != ""; v.Asked {
		if v.Found, err = k.Office.FindReferences(ctx, a, id, v.Search); err != nil {
			return err
		}
	}
	if v.Desk, err = k.side(ctx, a, ""); err != nil {
		return err
	}
	return web.Render(w, r, status, referencesPage(v))
}

// refer does what the pressed button of the form of references says.
func (k *desk) refer(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	verb, arg, _ := strings.Cut(f.Value(controlDo), ":")
	other, _ := strconv.ParseInt(arg, 10, 64)
	done := ""
	switch {
	case verb == "rujuk" && other > 0:
		err, done = k.Office.Refer(ctx, a, id, other, eoffice.Tie(f.Line(eoffice.ControlTie))), "Rujukan ditambahkan."
	case verb == "hapus" && other > 0:
		err, done = k.Office.Unrefer(ctx, a, id, other), "Rujukan dihapus."
	default:
		if f.Line(controlFind) == "" {
			f.Fail(controlFind, "Tulis nomor atau hal naskah yang dicari.")
			return k.showReferences(w, r, http.StatusUnprocessableEntity, f)
		}
		return k.showReferences(w, r, http.StatusOK, f)
	}
	switch {
	case errs.KindOf(err) == errs.Conflict && err != nil:
		return gone(w, r, id)
	case f.FailWith(err):
		return k.showReferences(w, r, http.StatusUnprocessableEntity, f)
	case err != nil:
		return err
	}
	web.Flash(r, "success", done)
	return web.Redirect(w, r, letterHref(id)+"/rujukan")
}

func (v referencesView) tie() ui.Control {
	c := ui.Control{Name: eoffice.ControlTie, Label: "Naskah ini …", Value: string(v.Tie), Error: v.Form.Errors().Get(eoffice.ControlTie), Width: "medium"}
	for _, t := range eoffice.Ties {
		c.Options = append(c.Options, ui.Option{Value: string(t), Label: string(t) + " naskah yang dipilih"})
	}
	return c
}

func (v referencesView) find() ui.Control {
	return ui.Control{Name: controlFind, Label: "Cari naskah", Hint: "Nomor atau hal. Naskah rahasia hanya ditemukan dengan nomornya.", Value: v.Search,
		Error: v.Form.Errors().Get(controlFind), Autocomplete: "off", MaxLength: 200}
}

// tied tells whether the draft refers to the letter already.
func (v referencesView) tied(id int64) bool {
	return slices.ContainsFunc(v.Links, func(l eoffice.Reference) bool { return l.ID == id })
}

// relation says what a reference means from the page of the one letter to the other.
func relation(l eoffice.Reference) string {
	s := string(l.Kind)
	if l.From {
		s = l.Kind.Passive() + " oleh"
	}
	return sentence(s)
}

// called is a letter's number, or what it is instead.
func called(number string) string {
	if number == "" {
		return "naskah belum bernomor"
	}
	return number
}

// of finds a letter of the thread.
func (v letterView) of(id int64) string {
	for _, l := range v.D.Thread {
		if l.ID == id {
			return called(l.Number)
		}
	}
	return ""
}

// revokedBy is the letter that ended this one, where the reader may open it.
func (v letterView) revokedBy() (l eoffice.Reference, ok bool) {
	i := slices.IndexFunc(v.D.Links, func(l eoffice.Reference) bool {
		return l.From && l.Kind == eoffice.TieRevoke && l.Status != eoffice.Drafting
	})
	if i < 0 {
		return l, false
	}
	return v.D.Links[i], true
}
