package eofficeweb

import (
	"net/http"
	"slices"
	"strconv"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/eoffice/text"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// contentView is what a letter says, to be changed by who verifies it.
type contentView struct {
	Desk *ui.Desk
	D    eoffice.Detail
	Form *form.Form
}

func (k *desk) content(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadContent(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, contentPage(v))
}

func (k *desk) loadContent(r *http.Request) (v contentView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "id")
	if err != nil {
		return v, err
	}
	if v.D, err = k.Office.Open(ctx, a, id); err != nil {
		return v, err
	}
	if !slices.Contains(v.D.Actions, eoffice.ActEdit) {
		return v, errs.New(errs.Conflict, "Isi naskah ini tidak dapat Anda ubah sekarang. Kembali ke naskahnya untuk melihat keadaannya.")
	}
	v.Desk, err = k.side(ctx, a, "")
	return v, err
}

func (k *desk) editContent(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	act, err := actOf(r, f)
	if err != nil {
		return err
	}
	_, err = k.Office.Edit(r.Context(), web.ActorOf(r.Context()), act, eoffice.Content{Subject: f.Line(eoffice.ControlSubject), Body: readBody(f)})
	if err == nil {
		web.Flash(r, "success", "Isi diubah. Beri paraf bila sudah benar; pemaraf sebelum Anda akan memaraf lagi.")
		return web.Redirect(w, r, letterHref(act.ID))
	}
	status := web.Status(err)
	if errs.KindOf(err) == errs.Conflict {
		f.Fail("", errs.MessageOf(err))
	} else if !f.FailWith(err) {
		return err
	}
	v, err := k.loadContent(r)
	if err != nil {
		return err
	}
	v.Form = f
	return web.Render(w, r, status, contentPage(v))
}

func (v contentView) subject() ui.Control {
	c := ui.Control{Name: eoffice.ControlSubject, Label: "Hal", Value: v.D.Content.Subject, Required: true, MaxLength: 500, Autocomplete: "off"}
	return c.Typed(v.Form)
}

func (v contentView) body() ui.Control { return bodyControl(v.said(), v.Form, "") }

// said is the text as it stands in the form.
func (v contentView) said() string {
	if v.Form != nil {
		return readBody(v.Form)
	}
	return v.D.Content.Body
}

// versionsView is the difference between two versions.
type versionsView struct {
	Desk     *ui.Desk
	ID       int64
	Versions []eoffice.Version
	From, To int
	Subject  [2]string
	Changes  []text.Change
}

const (
	paramOld = "dari"
	paramNew = "ke"
)

func versionsHref(id int64, from, to int) string {
	return letterHref(id) + "/versi?" + paramOld + "=" + strconv.Itoa(from) + "&" + paramNew + "=" + strconv.Itoa(to)
}

func (k *desk) versions(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := versionsView{ID: id}
	if v.Versions, err = k.Office.Versions(ctx, a, id); err != nil {
		return err
	}
	n := len(v.Versions)
	if n == 0 {
		return errs.New(errs.NotFound, "Naskah ini tidak mempunyai versi yang disimpan.")
	}
	v.From, _ = strconv.Atoi(f.Value(paramOld))
	v.To, _ = strconv.Atoi(f.Value(paramNew))
	if v.To < 1 || v.To > n {
		v.To = n
	}
	if v.From < 1 || v.From > n {
		v.From = max(v.To-1, 1)
	}
	before, after := v.Versions[v.From-1].Content, v.Versions[v.To-1].Content
	v.Subject, v.Changes = [2]string{before.Subject, after.Subject}, text.Diff(before.Body, after.Body)
	if v.Desk, err = k.side(ctx, a, ""); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, versionsPage(v))
}

func (v versionsView) control(name, label string, chosen int) ui.Control {
	c := ui.Control{Name: name, Label: label, Value: strconv.Itoa(chosen), Width: "medium"}
	for _, o := range v.Versions {
		n := strconv.Itoa(o.Version)
		c.Options = append(c.Options, ui.Option{Value: n, Label: "Versi " + n + ", " + o.Name})
	}
	return c
}

// files are the attachments that were added and removed between the versions.
func (v versionsView) files() (added, removed []string) {
	if v.From < 1 || v.To < 1 {
		return nil, nil
	}
	before, after := v.Versions[v.From-1].Files, v.Versions[v.To-1].Files
	without := func(list, other []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
	}
	return without(after, before), without(before, after)
}
