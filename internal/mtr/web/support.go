package mtrweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// controlAct says what a form about a support is for.
const (
	controlAct = "aksi"
	actEnd     = "henti"
)

// supportView is the page on which somebody says: this is my problem too.
type supportView struct {
	mtr.Supported
	Path     string
	SignedIn bool // or by a link that was sent
	Sent     bool
	Email    string
	errors   form.Errors
}

func (h *pages) support(w http.ResponseWriter, r *http.Request) error {
	v, err := h.supportOf(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, supportPage(v))
}

func (h *pages) supportOf(r *http.Request) (v supportView, err error) {
	a := web.ActorOf(r.Context())
	if v.Supported, err = h.MTR.SupportOf(r.Context(), a, web.Path(r, "nomor")); err != nil {
		return v, err
	}
	v.Path, v.SignedIn = join("/mtr/laporan", v.Number, "dukung"), a.SignedIn()
	return v, nil
}

func (h *pages) saveSupport(w http.ResponseWriter, r *http.Request) error {
	v, err := h.supportOf(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	ctx, a := r.Context(), web.ActorOf(r.Context())
	switch {
	case v.SignedIn && f.Value(controlAct) == actEnd:
		err = h.MTR.EndOwnSupport(ctx, a, v.Number)
	case v.SignedIn:
		err = h.MTR.Support(ctx, a, v.Number)
	default:
		v.Email = f.Line(mtr.ControlEmail)
		err = h.MTR.AskSupport(ctx, v.Number, v.Email)
	}
	switch {
	case err == nil && v.SignedIn:
		return web.Redirect(w, r, v.Path)
	case err == nil:
		v.Sent = true
		return web.Render(w, r, http.StatusOK, supportPage(v))
	case f.FailWith(err):
		v.errors = f.Errors()
		return web.Render(w, r, http.StatusUnprocessableEntity, supportPage(v))
	case errs.KindOf(err) == errs.Conflict:
		web.Flash(r, "warning", errs.MessageOf(err))
		return web.Redirect(w, r, join("/mtr/laporan", v.Number))
	}
	return err
}

// supportLink is the page of a link that was sent to somebody.
func (h *pages) supportLink(w http.ResponseWriter, r *http.Request) error {
	token := web.Path(r, "token")
	s, err := h.MTR.SupportByToken(r.Context(), token)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, supportPage(supportView{Supported: s, Path: join("/mtr/dukungan", token), SignedIn: true}))
}

func (h *pages) saveSupportLink(w http.ResponseWriter, r *http.Request) error {
	token := web.Path(r, "token")
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	if _, err := h.MTR.SupportByToken(r.Context(), token); err != nil {
		return err
	}
	do := h.MTR.ConfirmSupport
	if f.Value(controlAct) == actEnd {
		do = h.MTR.EndSupport
	}
	if err := do(r.Context(), token); err != nil {
		return err
	}
	return web.Redirect(w, r, join("/mtr/dukungan", token))
}

// supportable reports whether one may still join a report.
func supportable(r mtr.PublicReport) bool {
	g := r.Status.Group()
	return r.Published && (g == mtr.GroupNew || g == mtr.GroupWork)
}

// supporters says how many have the same problem; "" for nobody.
func supporters(n int) string {
	if n == 0 {
		return ""
	}
	return indo.Int(n) + " warga lain punya masalah yang sama"
}
