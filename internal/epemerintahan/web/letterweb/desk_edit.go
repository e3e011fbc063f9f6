package letterweb

import (
	"net/http"
	"strings"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// editView is the form for correcting a letter's answers.
type editView struct {
	Desk   *ui.Desk
	L      letterView
	Fields fieldsView
}

// loadEdit reads the letter and who may be named in it; values nil: as they are kept.
func (k *desk) loadEdit(r *http.Request, id int64, values letter.Values, rows int) (v editView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.L, err = k.load(r, id); err != nil {
		return v, err
	}
	v.Desk = v.L.Desk
	if !v.L.may(letter.ActEdit) {
		return v, errs.New(errs.Conflict, "Isian surat ini tidak dapat dibetulkan lagi: "+Label(v.L.L.Status)+".")
	}
	if values == nil {
		values = v.L.L.Values
	}
	if subject := v.L.L.SubjectIs.ResidentID; subject != 0 {
		rec, err := k.Residents.View(ctx, a, subject)
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return v, err
		}
		for _, m := range rec.Family {
			if m.ID != subject && m.Status == epemerintahan.Living {
				v.Fields.Family = append(v.Fields.Family, memberPerson(m))
			}
		}
	}
	if v.Fields.Known, err = k.lookUp(ctx, a, v.L.L.KelurahanID, values); err != nil {
		return v, err
	}
	v.Fields.Controls, v.Fields.Step = v.L.L.Kind.Controls(values, rows), controlStep
	return v, nil
}

func (k *desk) editForm(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	v, err := k.loadEdit(r, id, nil, 1)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, editPage(v))
}

func (k *desk) edit(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	act, err := actOf(r, f)
	if err != nil {
		return err
	}
	d, err := k.Letters.View(r.Context(), web.ActorOf(r.Context()), act.ID)
	if err != nil {
		return err
	}
	values := letter.ReadValues(d.Kind, r.PostForm)
	step, rows := f.Line(controlStep), 1
	if control, ok := strings.CutPrefix(step, stepClear+":"); ok {
		clearPerson(values, control)
	}
	if step == stepRow {
		rows = 2
	}
	v, err := k.loadEdit(r, act.ID, values, rows)
	if errs.KindOf(err) == errs.Conflict && err != nil {
		return k.refused(w, r, deskAct{Action: letter.ActEdit}, act.ID, f, err)
	}
	if err != nil {
		return err
	}
	if step != "" && step != stepForward {
		return web.Render(w, r, http.StatusOK, editPage(v))
	}
	switch err = k.Letters.Edit(r.Context(), web.ActorOf(r.Context()), act, values); errs.KindOf(err) {
	case errs.Unprocessable:
		if v.Fields.Errors = errs.FieldsOf(err); len(v.Fields.Errors) == 0 {
			v.Fields.Errors = []errs.Field{{Message: errs.MessageOf(err)}}
		}
		return web.Render(w, r, http.StatusUnprocessableEntity, editPage(v))
	case errs.Conflict:
		// What was typed stays, over the newest version.
		v.L.Conflict = k.conflict(v.L, deskAct{Action: letter.ActEdit}, f, err)
		return web.Render(w, r, http.StatusConflict, editPage(v))
	}
	if err != nil {
		return err
	}
	web.Flash(r, "success", "Isian surat "+d.RequestNumber+" dibetulkan.")
	return web.Redirect(w, r, letterHref(act.ID, letter.QueueName(f.Value(paramQueue))))
}
