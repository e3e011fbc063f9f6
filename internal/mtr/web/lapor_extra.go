package mtrweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// extraView is the step with the category's own questions.
type extraView struct {
	flow
	Answers map[string]string
}

func (h *pages) extraStep(w http.ResponseWriter, r *http.Request) error {
	f, done, err := h.open(w, r, mtr.StepExtra)
	if done {
		return err
	}
	if f.draft.Category == nil || len(f.draft.Category.Questions) == 0 {
		return h.onward(w, r, f.draft.Token)
	}
	return web.Render(w, r, http.StatusOK, extraPage(extraView{flow: f, Answers: f.draft.Answers.Extra}))
}

func (h *pages) saveExtra(w http.ResponseWriter, r *http.Request) error {
	fl, done, err := h.open(w, r, mtr.StepExtra)
	if done {
		return err
	}
	if fl.draft.Category == nil {
		return h.onward(w, r, fl.draft.Token)
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	token, answers := fl.draft.Token, map[string]string{}
	for _, q := range fl.draft.Category.Questions {
		answers[q.Code] = f.Line(mtr.ControlQuestion + q.Code)
	}
	err = h.MTR.SaveExtra(r.Context(), token, answers)
	switch {
	case err == nil && mtr.EmergencyAnswers(*fl.draft.Category, answers):
		return web.Redirect(w, r, draftPath(token, "darurat"))
	case err == nil:
		return h.onward(w, r, token)
	case !f.FailWith(err):
		return h.sentMeanwhile(w, r, token, err)
	}
	fl.errors = f.Errors()
	return web.Render(w, r, http.StatusUnprocessableEntity, extraPage(extraView{flow: fl, Answers: answers}))
}

// emergencyView stands between something alarming and the rest of the form.
// Answers to our own questions say that there is danger; words alone only make
// us ask.
type emergencyView struct {
	flow
	Certain bool
}

func (h *pages) emergency(w http.ResponseWriter, r *http.Request) error {
	f, done, err := h.open(w, r, mtr.StepExtra)
	if done {
		return err
	}
	d := f.draft
	return web.Render(w, r, http.StatusOK, emergencyPage(emergencyView{
		flow: f, Certain: d.Category != nil && mtr.EmergencyAnswers(*d.Category, d.Answers.Extra) && !mtr.LooksUrgent(d.Answers.Title+" "+d.Answers.Body),
	}))
}

func (v extraView) control(q mtr.CategoryQuestion) ui.Control {
	name := mtr.ControlQuestion + q.Code
	c := ui.Control{
		Name: name, Label: q.Text, Hint: q.Hint, Value: v.Answers[q.Code], Error: v.errors.Get(name), Optional: !q.Required,
	}
	for _, o := range q.Options {
		c.Options = append(c.Options, ui.Option{Value: o.Value, Label: o.Label})
	}
	if q.Kind == mtr.QuestionNumber {
		c.InputMode, c.Width = "decimal", "short"
	}
	return c
}
