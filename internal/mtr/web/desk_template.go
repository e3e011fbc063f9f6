package mtrweb

import (
	"net/http"
	"strings"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	templatesPath   = deskPath + "/contoh-jawaban"
	controlTemplate = "contoh"
	stepTemplate    = "contoh"
)

// templatesView lists the ready answers of somebody's units, with forms for who leads them.
type templatesView struct {
	Desk      *ui.Desk
	Templates []mtr.Template
	Units     []mtr.UnitChoice // that the reader writes for
	Form      *form.Form       // that was refused
	Open      string           // id of its template; "" = the new one
}

func (k *desk) loadTemplates(r *http.Request) (v templatesView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	counts, err := k.MTR.Queues(ctx, a)
	if err != nil {
		return v, err
	}
	v.Desk = k.side(ctx, a, counts, "")
	if v.Templates, err = k.MTR.Templates(ctx, a); err != nil {
		return v, err
	}
	v.Units, err = k.MTR.TemplateUnits(ctx, a)
	return v, err
}

func (k *desk) templates(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadTemplates(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, templatesPage(v))
}

func (k *desk) saveTemplate(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	in := mtr.TemplateInput{
		ID: f.ID(controlTemplate, ""), UnitID: f.ID(mtr.ControlUnit, "Pilih unit."), Name: f.Line(mtr.ControlName), Body: f.Text(mtr.ControlBody),
		Version: f.Int(controlVersion, 0, 1<<30, ""),
	}
	if err = f.Err(); err == nil {
		_, err = k.MTR.SaveTemplate(r.Context(), web.ActorOf(r.Context()), in)
	}
	if err == nil {
		web.Flash(r, "success", "Contoh jawaban disimpan.")
		return web.Redirect(w, r, templatesPath)
	}
	status := web.Status(err)
	if !f.Refuse(err) {
		return err
	}
	v, err := k.loadTemplates(r)
	if err != nil {
		return err
	}
	v.Form, v.Open = f, idText(in.ID)
	return web.Render(w, r, status, templatesPage(v))
}

func (k *desk) deleteTemplate(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "contoh")
	if err != nil {
		return err
	}
	if err := k.MTR.DeleteTemplate(r.Context(), web.ActorOf(r.Context()), id); err != nil {
		return err
	}
	web.Flash(r, "success", "Contoh jawaban dihapus.")
	return web.Redirect(w, r, templatesPath)
}

// mine tells whether the reader writes for the unit of a template.
func (v templatesView) mine(t mtr.Template) bool {
	for _, u := range v.Units {
		if u.ID == t.UnitID {
			return true
		}
	}
	return false
}

func (v templatesView) open(t mtr.Template) bool { return v.Form != nil && v.Open == idText(t.ID) }

// control describes a control of one template's form, with what was typed when it was refused.
func (v templatesView) control(t mtr.Template, c ui.Control) ui.Control {
	if v.open(t) {
		return c.Typed(v.Form) // keeps the id to which the summary leads
	}
	c.ID = c.Name + "-" + orDash(idText(t.ID), "baru")
	return c
}

func (v templatesView) units() []ui.Option {
	var out []ui.Option
	for _, u := range v.Units {
		out = append(out, ui.Option{Value: idText(u.ID), Label: u.Name})
	}
	return out
}

// templated tells whether an act's words may come from a template.
func templated(a mtr.Action) bool {
	switch a {
	case mtr.ActRespond, mtr.ActAskInfo, mtr.ActReject, mtr.ActReferOut, mtr.ActSchedule, mtr.ActSubmitProof:
		return true
	}
	return false
}

// templateOptions are the templates as a choice, the nearest unit's first.
func templateOptions(all []mtr.Template) []ui.Option {
	out := []ui.Option{{Label: "Pilih contoh"}}
	for _, t := range all {
		out = append(out, ui.Option{Value: idText(t.ID), Label: t.Name, Group: t.UnitName})
	}
	return out
}

// useTemplate shows the report again with a template in the words of an act, after what was
// typed there. Nothing is sent yet; photos of a proof wait on the page.
func (k *desk) useTemplate(w http.ResponseWriter, r *http.Request, a deskAct, act mtr.Act, f *form.Form) error {
	control := mtr.ControlReason
	if a.Action == mtr.ActSubmitProof {
		control = mtr.ControlAnswer
	}
	if id := f.ID(controlTemplate, ""); id == 0 {
		f.Fail(controlTemplate, "Pilih contohnya dahulu.")
	} else {
		words, err := k.MTR.FilledTemplate(r.Context(), web.ActorOf(r.Context()), act, id)
		switch {
		case errs.KindOf(err) == errs.NotFound:
			f.Fail(controlTemplate, "Contoh itu sudah tidak ada. Pilih yang lain.")
		case err != nil:
			return err
		default:
			f.Set(control, strings.TrimSpace(f.Text(control)+"\n\n"+words))
			f.Set(controlTemplate, "")
			if a.Action == mtr.ActSubmitProof {
				keepAnswer(r, act.ReportID, f.Value(control))
				return web.Redirect(w, r, reportHref(web.Path(r, "nomor"), mtr.QueueKey(f.Value(paramQueue)))+"#"+a.Path)
			}
		}
	}
	v, err := k.load(r, web.Path(r, "nomor"))
	if err != nil {
		return err
	}
	v.Queue = mtr.QueueKey(f.Value(paramQueue))
	v.typed(a, f)
	status := http.StatusOK
	if !f.OK() {
		status = http.StatusUnprocessableEntity
	}
	return web.Render(w, r, status, reportPage(v))
}
