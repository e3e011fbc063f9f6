package kucinikiweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	notePath   = deskPath + "/umpan-balik"
	controlWho = "orang"
	controlKey = "kunci"
)

// noteView is giving feedback, and what one got.
type noteView struct {
	Desk     *ui.Desk
	Subjects []kuciniki.Subject
	Received []kuciniki.Note
	Form     *form.Form
	Key      string // names the note, so that a resend is the same one
}

func (v noteView) who() ui.Control {
	c := ui.Control{Name: controlWho, Label: "Tentang siapa", Options: []ui.Option{{Value: "", Label: "Pilih orang"}}, Required: true}
	for _, s := range v.Subjects {
		c.Options = append(c.Options, ui.Option{Value: idText(s.SKPID), Label: s.Person + " · " + s.Title})
	}
	return c.Kept(v.Form)
}

func (v noteView) kind() ui.Control {
	return ui.Control{Name: kuciniki.ControlKind, Label: "Jenis", Value: kuciniki.Feedback, Options: []ui.Option{
		{Value: kuciniki.Feedback, Label: "Umpan balik"},
		{Value: kuciniki.Talk, Label: "Catatan dialog kinerja", Hint: "Hanya untuk bawahan langsung Anda."},
	}}.Kept(v.Form)
}

func (v noteView) text() ui.Control {
	return ui.Control{Name: kuciniki.ControlNote, Label: "Apa yang dikerjakan, dan apa akibatnya", Rows: 4, MaxLength: 2000, Required: true,
		Hint: "Dibaca orangnya dan penilainya saja."}.Kept(v.Form)
}

func (v noteView) value() ui.Control {
	c := ui.Control{Name: kuciniki.ControlValue, Label: "Nilai BerAKHLAK yang tampak", Optional: true, Options: []ui.Option{{Value: "", Label: "Tidak menyebut nilai"}}}
	for _, value := range kuciniki.Values {
		c.Options = append(c.Options, ui.Option{Value: string(value), Label: value.Label()})
	}
	return c.Kept(v.Form)
}

func (v noteView) rating() ui.Control {
	return ui.Control{Name: kuciniki.ControlRating, Label: "Penilaian untuk nilai itu", Optional: true, Options: append([]ui.Option{{Value: "", Label: "Tidak menilai"}}, ratings()...)}.Kept(v.Form)
}

func (k *desk) notes(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r) // may say about whom
	if err != nil {
		return err
	}
	return k.showNotes(w, r, http.StatusOK, f)
}

func (k *desk) showNotes(w http.ResponseWriter, r *http.Request, status int, f *form.Form) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v := noteView{Form: f, Key: crypt.Token()}
	if f != nil && f.Value(controlKey) != "" {
		v.Key = f.Value(controlKey)
	}
	if v.Subjects, err = k.Kuciniki.Subjects(ctx, a); err != nil {
		return err
	}
	if v.Received, err = k.Kuciniki.Received(ctx, a, k.Kuciniki.Year()); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, notePath); err != nil {
		return err
	}
	return web.Render(w, r, status, notesPage(v))
}

func (k *desk) remark(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	who := f.ID(controlWho, "Pilih orangnya.")
	key := f.Line(controlKey, form.Required("Muat ulang halaman lalu kirim lagi."), form.Max(60))
	n := kuciniki.Note{Kind: f.Line(kuciniki.ControlKind), Text: f.Text(kuciniki.ControlNote), Value: kuciniki.Value(f.Line(kuciniki.ControlValue)),
		Rating: kuciniki.Rating(f.Line(kuciniki.ControlRating))}
	if err = f.Err(); err == nil {
		err = k.Kuciniki.Remark(r.Context(), web.ActorOf(r.Context()), who, n, key)
	}
	if err != nil {
		if !f.Refuse(err) {
			return err
		}
		return k.showNotes(w, r, web.Status(err), f)
	}
	web.Flash(r, "success", "Catatan disimpan dan orangnya diberi tahu.")
	return web.Redirect(w, r, notePath)
}
