package mtrweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// whoView is the step about the reporter.
type whoView struct {
	flow
	In     mtr.WhoInput
	Actor  authz.Actor
	Behalf string // as typed
}

func (h *pages) whoStep(w http.ResponseWriter, r *http.Request) error {
	f, done, err := h.open(w, r, mtr.StepWho)
	if done {
		return err
	}
	a, actor := f.draft.Answers, web.ActorOf(r.Context())
	v := whoView{flow: f, Actor: actor, Behalf: string(a.Behalf), In: mtr.WhoInput{
		Anonymous: a.Anonymous, Confidential: a.Confidential, Name: a.Name, Email: a.Email, Phone: a.Phone,
		Behalf: a.Behalf, BehalfName: a.BehalfName, Consent: a.Consent,
	}}
	if !a.WhoDone {
		v.In.Confidential = f.draft.Category != nil && f.draft.Category.Sensitive
		v.In.Name = actor.Name
	}
	return web.Render(w, r, http.StatusOK, whoPage(v))
}

func (h *pages) saveWho(w http.ResponseWriter, r *http.Request) error {
	fl, done, err := h.open(w, r, mtr.StepWho)
	if done {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	token := fl.draft.Token
	in := mtr.WhoInput{
		Anonymous: f.Bool(mtr.ControlAnonymous), Confidential: f.Bool(mtr.ControlSecret),
		Name: f.Line(mtr.ControlName), Email: f.Line(mtr.ControlEmail), Phone: f.Line(mtr.ControlPhone),
		Behalf: mtr.Behalf(f.Line(mtr.ControlBehalf)), BehalfName: f.Line(mtr.ControlBehalfName), Consent: f.Bool(mtr.ControlConsent),
	}
	if in.Behalf == mtr.BehalfSelf {
		in.BehalfName, in.Consent = "", false
	}
	err = h.MTR.SaveWho(r.Context(), token, in)
	if err == nil {
		return h.onward(w, r, token)
	}
	if !f.FailWith(err) {
		return h.sentMeanwhile(w, r, token, err)
	}
	fl.errors = f.Errors()
	v := whoView{flow: fl, In: in, Actor: web.ActorOf(r.Context()), Behalf: string(in.Behalf)}
	return web.Render(w, r, http.StatusUnprocessableEntity, whoPage(v))
}

func (v whoView) behalf() ui.Control {
	c := ui.Control{
		Name: mtr.ControlBehalf, Label: "Laporan ini untuk siapa?", Value: v.Behalf, Error: v.errors.Get(mtr.ControlBehalf),
		Options: []ui.Option{{Value: "", Label: mtr.BehalfSelf.Label()}}, Values: []string{v.Behalf},
	}
	for _, b := range mtr.Behalves {
		c.Options = append(c.Options, ui.Option{Value: string(b), Label: b.Label()})
	}
	return c
}

// checked is what a single checkbox holds.
func checked(on bool) []string {
	if on {
		return []string{"1"}
	}
	return nil
}
