package mtrweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// photosView is the photo step. Before the first answer there is no draft.
type photosView struct {
	flow
	Cleared bool // the phone was just cleared
}

func (v photosView) action() string {
	if v.draft.Token == "" {
		return "/mtr/lapor"
	}
	return v.path("foto")
}

func (v photosView) room() int { return mtr.MaxPhotos - len(v.draft.Photos) }

// start shows the photo step without making a draft: looking costs nothing.
func (h *pages) start(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	return web.Render(w, r, http.StatusOK, photosPage(photosView{
		flow: flow{step: mtr.StepPhotos}, Cleared: r.URL.Query().Has("bersih"),
	}))
}

// begin makes the draft with the first answer.
func (h *pages) begin(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v := photosView{flow: flow{step: mtr.StepPhotos}}
	if !photosAnswered(f, 0) {
		v.errors = f.Errors()
		return web.Render(w, r, http.StatusUnprocessableEntity, photosPage(v))
	}
	token, err := h.MTR.CreateDraft(r.Context(), web.ActorOf(r.Context()))
	if err != nil {
		return err
	}
	return h.takePhotos(w, r, f, token)
}

func (h *pages) photosStep(w http.ResponseWriter, r *http.Request) error {
	f, done, err := h.open(w, r, mtr.StepPhotos)
	if done {
		return err
	}
	return web.Render(w, r, http.StatusOK, photosPage(photosView{flow: f}))
}

func (h *pages) addPhotos(w http.ResponseWriter, r *http.Request) error {
	fl, done, err := h.open(w, r, mtr.StepPhotos)
	if done {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	if !photosAnswered(f, len(fl.draft.Photos)) {
		fl.errors = f.Errors()
		return web.Render(w, r, http.StatusUnprocessableEntity, photosPage(photosView{flow: fl}))
	}
	return h.takePhotos(w, r, f, fl.draft.Token)
}

// photosAnswered: nothing chosen is an answer only when the citizen says so, or
// when photos are there already.
func photosAnswered(f *form.Form, have int) bool {
	if len(f.Files(mtr.ControlPhoto)) == 0 && have == 0 && !f.Bool("tanpa_foto") {
		f.Fail(mtr.ControlPhoto, "Pilih foto dahulu, atau tekan Lanjut tanpa foto.")
	}
	return f.OK()
}

// takePhotos stores the photos of the form. Those that are fine stay even when
// another is refused, unless our script sent them: it keeps all of them on the
// page and sends all of them again.
func (h *pages) takePhotos(w http.ResponseWriter, r *http.Request, f *form.Form, token string) error {
	ctx := r.Context()
	if !f.Bool("tanpa_foto") {
		u := readUploads(f)
		refs, err := u.addEach(f, func(in mtr.PhotoInput) (string, error) {
			p, err := h.MTR.AddPhoto(ctx, token, in)
			return p.Ref, err
		})
		if err != nil {
			return h.sentMeanwhile(w, r, token, err)
		}
		if !f.OK() {
			if u.scripted {
				for _, ref := range refs {
					if err := h.MTR.RemovePhoto(ctx, token, ref); err != nil {
						return err
					}
				}
			}
			d, err := h.MTR.Draft(ctx, token)
			if err != nil {
				return err
			}
			v := photosView{flow: flow{draft: d, step: mtr.StepPhotos, errors: f.Errors()}}
			return web.Render(w, r, http.StatusUnprocessableEntity, photosPage(v))
		}
	}
	if err := h.MTR.FinishPhotos(ctx, token); err != nil {
		return h.sentMeanwhile(w, r, token, err)
	}
	return h.onward(w, r, token)
}

func (h *pages) removePhoto(w http.ResponseWriter, r *http.Request) error {
	token := web.Path(r, "draf")
	if err := h.MTR.RemovePhoto(r.Context(), token, web.Path(r, "foto")); err != nil {
		return h.sentMeanwhile(w, r, token, err)
	}
	return web.Redirect(w, r, draftPath(token, "foto"))
}

func (h *pages) draftPhoto(w http.ResponseWriter, r *http.Request) error {
	return h.servePhoto(w, r, mtr.Viewer{Actor: web.ActorOf(r.Context()), DraftToken: web.Path(r, "draf")}, web.Path(r, "foto"))
}
