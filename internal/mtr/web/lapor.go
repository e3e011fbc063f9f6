package mtrweb

import (
	"net/http"
	"slices"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// The report form asks one thing per page. What was answered lives in a draft
// whose token is in the path: no cookie, nothing kept in the browser, and the
// pages are never cached, so that a borrowed phone shows nothing afterwards.

// flow is what every page of the report form shows besides its question.
type flow struct {
	draft  mtr.Draft // without a token before the first answer
	step   mtr.DraftStep
	errors form.Errors
}

// path is the address of a part of the draft.
func (f flow) path(part string) string { return draftPath(f.draft.Token, part) }

func draftPath(token, part string) string {
	if part == "" {
		return join("/mtr/lapor", token)
	}
	return join("/mtr/lapor", token, part)
}

// steps are those that this draft goes through.
func (f flow) steps() []mtr.DraftStep {
	asks := f.draft.Category != nil && len(f.draft.Category.Questions) > 0
	return slices.DeleteFunc(slices.Clone(mtr.DraftSteps), func(s mtr.DraftStep) bool {
		return s == mtr.StepExtra && !asks
	})
}

func (f flow) number() int { return slices.Index(f.steps(), f.step) + 1 }

// back is the address of the step before; "" on the first.
func (f flow) back() string {
	steps := f.steps()
	i := slices.Index(steps, f.step)
	if i < 1 {
		return ""
	}
	return f.path(string(steps[i-1]))
}

// page is the name of a step in the browser's tab.
func (f flow) page() string {
	names := map[mtr.DraftStep]string{
		mtr.StepPhotos: "Foto", mtr.StepPlace: "Tempat", mtr.StepCategory: "Kategori", mtr.StepExtra: "Pertanyaan",
		mtr.StepWords: "Uraian", mtr.StepWho: "Pelapor", mtr.StepCheck: "Periksa jawaban",
	}
	title := names[f.step] + " – Lapor masalah"
	if len(f.errors) > 0 {
		title = "Perbaiki: " + title
	}
	return title
}

// open reads the draft that the path names. A draft already sent leads to its
// receipt, whatever page of it was asked for.
func (h *pages) open(w http.ResponseWriter, r *http.Request, step mtr.DraftStep) (f flow, done bool, err error) {
	d, err := h.MTR.Draft(r.Context(), web.Path(r, "draf"))
	if err != nil {
		return flow{}, true, err
	}
	if d.Receipt != nil {
		return flow{}, true, web.Redirect(w, r, draftPath(d.Token, "terkirim"))
	}
	return flow{draft: d, step: step}, false, nil
}

// onward leads to the first step that still lacks something.
func (h *pages) onward(w http.ResponseWriter, r *http.Request, token string) error {
	d, err := h.MTR.Draft(r.Context(), token)
	if err != nil {
		return err
	}
	if d.Receipt != nil {
		return web.Redirect(w, r, draftPath(token, "terkirim"))
	}
	return web.Redirect(w, r, draftPath(token, string(d.Next())))
}

// sentMeanwhile leads to the receipt when err says that the draft was sent in
// the meantime, by a double click or from another tab.
func (h *pages) sentMeanwhile(w http.ResponseWriter, r *http.Request, token string, err error) error {
	if errs.KindOf(err) == errs.Gone {
		return web.Redirect(w, r, draftPath(token, "terkirim"))
	}
	return err
}

// resume leads back to where the citizen was.
func (h *pages) resume(w http.ResponseWriter, r *http.Request) error {
	return h.onward(w, r, web.Path(r, "draf"))
}

// discard forgets the draft, or after sending the way back to its receipt.
func (h *pages) discard(w http.ResponseWriter, r *http.Request) error {
	if err := h.MTR.DiscardDraft(r.Context(), web.Path(r, "draf")); err != nil {
		return err
	}
	// Browsers that know the header also drop what they may have kept.
	w.Header().Set("Clear-Site-Data", `"cache"`)
	return web.Redirect(w, r, "/mtr/lapor?bersih=1")
}
