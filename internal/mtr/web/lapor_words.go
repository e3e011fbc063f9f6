package mtrweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// wordsView is the step for title and text.
type wordsView struct {
	flow
	Title, Body string
}

func (h *pages) wordsStep(w http.ResponseWriter, r *http.Request) error {
	f, done, err := h.open(w, r, mtr.StepWords)
	if done {
		return err
	}
	a := f.draft.Answers
	return web.Render(w, r, http.StatusOK, wordsPage(wordsView{flow: f, Title: a.Title, Body: a.Body}))
}

func (h *pages) saveWords(w http.ResponseWriter, r *http.Request) error {
	fl, done, err := h.open(w, r, mtr.StepWords)
	if done {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	token := fl.draft.Token
	in := mtr.WordsInput{Title: f.Line(mtr.ControlTitle), Body: f.Text(mtr.ControlBody)}
	err = h.MTR.SaveWords(r.Context(), token, in)
	switch before := fl.draft.Answers; {
	case err == nil && mtr.LooksUrgent(in.Title+" "+in.Body) && !mtr.LooksUrgent(before.Title+" "+before.Body):
		return web.Redirect(w, r, draftPath(token, "darurat")) // once: who goes on has read it
	case err == nil:
		return h.alikeOrOnward(w, r, token)
	}
	if !f.FailWith(err) {
		return h.sentMeanwhile(w, r, token, err)
	}
	fl.errors = f.Errors()
	return web.Render(w, r, http.StatusUnprocessableEntity, wordsPage(wordsView{flow: fl, Title: in.Title, Body: in.Body}))
}
