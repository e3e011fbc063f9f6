package surveyweb

import (
	"net/http"
	"strconv"

	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/survey"
)

// formView is the questionnaire.
type formView struct {
	Path    string
	Service survey.Service
	Form    *form.Form // what was typed, when it was refused
}

func (v formView) question(i int) ui.Control {
	q := survey.Questionnaire[i]
	c := ui.Control{Name: survey.ControlOf(i), Label: strconv.Itoa(i+1) + ". " + q.Question, Required: true}
	for n, answer := range q.Answers { // in the order of the regulation: who finds the best first says the best
		c.Options = append(c.Options, ui.Option{Value: strconv.Itoa(n + 1), Label: answer})
	}
	return c.Typed(v.Form)
}

func (v formView) about(name, label string, of []string) ui.Control {
	c := ui.Control{Name: name, Label: label, Optional: true, Width: "medium", Options: []ui.Option{{Label: "Tidak disebutkan"}}}
	for _, o := range of {
		c.Options = append(c.Options, ui.Option{Value: o, Label: o})
	}
	return c.Typed(v.Form)
}

func (d Deps) questionnaire(w http.ResponseWriter, r *http.Request) error {
	c, err := d.Survey.Find(web.Path(r, "token"))
	if err != nil {
		return err
	}
	done, err := d.Survey.Answered(r.Context(), c)
	if err != nil {
		return err
	}
	if done {
		return web.Render(w, r, http.StatusOK, thanksPage())
	}
	return web.Render(w, r, http.StatusOK, formPage(formView{Path: r.URL.Path, Service: c.Service}))
}

func (d Deps) answer(w http.ResponseWriter, r *http.Request) error {
	token := web.Path(r, "token")
	c, err := d.Survey.Find(token)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	in := survey.Answer{
		Sex: f.Value(survey.ControlSex), Age: f.Value(survey.ControlAge), Education: f.Value(survey.ControlEducation), Job: f.Value(survey.ControlJob),
		Words: f.Text(survey.ControlWords),
	}
	for i := range in.Scores {
		in.Scores[i], _ = strconv.Atoi(f.Value(survey.ControlOf(i))) // what is no number is no answer
	}
	if _, err := d.Survey.Answer(r.Context(), token, in); f.FailWith(err) {
		return web.Render(w, r, http.StatusUnprocessableEntity, formPage(formView{Path: r.URL.Path, Service: c.Service, Form: f}))
	} else if err != nil {
		return err
	}
	return web.Redirect(w, r, r.URL.Path)
}
