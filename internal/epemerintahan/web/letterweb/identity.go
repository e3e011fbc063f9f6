package letterweb

import (
	"net/http"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const identityPath = citizenPath + "/identitas"

// identityView is how far an account is with proving who its owner is.
type identityView struct {
	letter.Identity
	Now         time.Time
	Areas       []org.Area
	Typed, Area string // the NIK and the kelurahan as they were typed
	Errors      form.Errors
}

func (h *pages) identityView(r *http.Request) (v identityView, err error) {
	v.Now = h.now()
	if v.Identity, err = h.Letters.MyIdentity(r.Context(), web.ActorOf(r.Context())); err != nil {
		return v, err
	}
	if v.asks() {
		v.Areas, err = org.Areas(r.Context(), h.DB)
	}
	return v, err
}

// asks tells whether the page has a form to fill in.
func (v identityView) asks() bool {
	return v.Status != letter.IdentityWaiting && v.Status != letter.IdentityProved
}

func (h *pages) identityPage(w http.ResponseWriter, r *http.Request) error {
	v, err := h.identityView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, identityPage(v))
}

// claimIdentity takes NIK, kelurahan and, from those who do not come to the counter, a
// photo of the KTP. Whether there is such a resident the answer never tells.
func (h *pages) claimIdentity(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Read(r)
	if errs.KindOf(err) == errs.TooLarge && err != nil {
		v, viewErr := h.identityView(r)
		if viewErr != nil {
			return viewErr
		}
		v.Errors = form.Errors{{Name: letter.ControlKTP, Message: tooLargeScan}}
		return web.Render(w, r, http.StatusRequestEntityTooLarge, identityPage(v))
	}
	if err != nil {
		return err
	}
	nik := f.Line(letter.ControlNIK, form.Required("Tulis NIK Anda, 16 angka di KTP-el."))
	kelurahan := f.ID(letter.ControlKelurahan, "Pilih kelurahan sesuai KK Anda.")
	var photo *letter.File
	if files := f.Files(letter.ControlKTP); len(files) > 0 {
		file, err := files[0].Open()
		if err != nil {
			return err
		}
		defer file.Close()
		photo = &letter.File{Name: files[0].Filename, ReadSeeker: file}
	}
	if f.OK() {
		err := h.Letters.ClaimIdentity(ctx, a, nik, kelurahan, photo)
		if err == nil {
			web.Flash(r, "success", "Terima kasih, sudah kami terima.")
			return web.Redirect(w, r, identityPath)
		}
		if !f.FailWith(err) {
			return err
		}
	}
	v, err := h.identityView(r)
	if err != nil {
		return err
	}
	v.Typed, v.Area, v.Errors = nik, f.Value(letter.ControlKelurahan), f.Errors()
	return web.Render(w, r, http.StatusUnprocessableEntity, identityPage(v))
}

// codeView is the code to show at the counter.
type codeView struct {
	Code  string
	Until time.Time
}

// identityCode shows a code; it is kept nowhere, so the page cannot be opened again.
func (h *pages) identityCode(w http.ResponseWriter, r *http.Request) error {
	code, until, err := h.Letters.IdentityCode(r.Context(), web.ActorOf(r.Context()))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, codePage(codeView{code, until}))
}

func (h *pages) withdrawIdentity(w http.ResponseWriter, r *http.Request) error {
	if err := h.Letters.WithdrawIdentity(r.Context(), web.ActorOf(r.Context())); err != nil {
		return err
	}
	web.Flash(r, "success", "Sudah ditarik. Foto KTP-el Anda ikut dihapus.")
	return web.Redirect(w, r, identityPath)
}

func (v identityView) kelurahan() ui.Control {
	c := ui.Control{
		Name: letter.ControlKelurahan, Label: "Kelurahan di KK Anda", Value: v.Area, Error: v.Errors.Get(letter.ControlKelurahan),
		Required: true, Options: []ui.Option{{Label: "Pilih kelurahan"}}, Attrs: map[string]any{"data-cascade": "Kecamatan"},
	}
	for _, a := range v.Areas {
		c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(a.ID, 10), Label: a.Name, Group: "Kecamatan " + a.KecamatanName})
	}
	return c
}

func (v identityView) title() string {
	if len(v.Errors) > 0 {
		return "Perbaiki: Identitas saya"
	}
	return "Identitas saya"
}

// spaced writes a code in two groups, for reading aloud.
func (v codeView) spaced() string {
	if len(v.Code) != 6 {
		return v.Code
	}
	return v.Code[:3] + " " + v.Code[3:]
}
