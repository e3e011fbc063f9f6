package portalweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
)

// trackView is the tracking page: what was typed and what was wrong with it.
type trackView struct {
	Number, Code string
	Errors       form.Errors
	Missing      string // a well-formed number without a public page
	WithCode     bool   // the second form was sent
}

const (
	sayNumber  = "Tulis nomornya, misalnya MTR-26-004217 atau SRT-26-000318."
	sayCode    = "Tulis kode singkatnya, misalnya KAPAL-4821."
	sayPair    = "Nomor dan kode ini tidak cocok. Periksa keduanya pada bukti laporan Anda."
	sayNotCode = "Ini kode singkat. Tulis nomor laporannya juga, di bagian kode singkat di bawah."
)

// track leads from a number to its public page. It reveals nothing that is
// not public: a secret case and a number that never was look the same.
func (d HomeDeps) track(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	if !f.Has("nomor") {
		return web.Render(w, r, http.StatusOK, trackPage(trackView{}))
	}
	v := trackView{Number: f.Line("nomor", form.Required(sayNumber), form.Max(40))}
	if !f.OK() {
		return trackRefused(w, r, v, f)
	}
	if code, ok := portal.ParseCode(v.Number); ok {
		v.Number, v.Code = "", code
		f.Fail("nomor", sayNotCode)
		return trackRefused(w, r, v, f)
	}
	number, ok := portal.ParseNumber(v.Number)
	if !ok {
		f.Fail("nomor", "Nomor ini tidak lengkap. "+sayNumber)
		return trackRefused(w, r, v, f)
	}
	v.Number = number.String()
	path, err := d.publicPath(r, number)
	switch {
	case err == nil:
		return web.Redirect(w, r, path)
	case errs.KindOf(err) == errs.NotFound:
		v.Missing = v.Number
		return web.Render(w, r, http.StatusNotFound, trackPage(v))
	}
	return err
}

func (d HomeDeps) publicPath(r *http.Request, n portal.Number) (string, error) {
	t, ok := d.Trackers[n.Prefix]
	if !ok {
		return "", errs.New(errs.NotFound, "")
	}
	return t.PublicPath(r.Context(), n.String())
}

// trackByCode exchanges number and short code for the reporter's own page.
// The code travels in the body, so that it stands in no log and no history.
func (d HomeDeps) trackByCode(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v := trackView{
		WithCode: true,
		Number:   f.Line("nomor_saya", form.Required(sayNumber), form.Max(40)),
		Code:     f.Line("kode", form.Required(sayCode), form.Max(40)),
	}
	number, ok := portal.ParseNumber(v.Number)
	if !ok && v.Number != "" {
		f.Fail("nomor_saya", "Nomor ini tidak lengkap. "+sayNumber)
	}
	code, ok := portal.ParseCode(v.Code)
	if !ok && v.Code != "" {
		f.Fail("kode", "Kode ini tidak lengkap. "+sayCode)
	}
	if !f.OK() {
		return trackRefused(w, r, v, f)
	}
	t, ok := d.Trackers[number.Prefix]
	if !ok {
		f.Fail("kode", sayPair)
		return trackRefused(w, r, v, f)
	}
	path, err := t.PathByCode(r.Context(), number.String(), code)
	switch {
	case err == nil:
		return web.Redirect(w, r, path)
	case errs.KindOf(err) == errs.NotFound:
		f.Fail("kode", sayPair)
		return trackRefused(w, r, v, f)
	}
	return err
}

func trackRefused(w http.ResponseWriter, r *http.Request, v trackView, f *form.Form) error {
	v.Errors = f.Errors()
	return web.Render(w, r, http.StatusUnprocessableEntity, trackPage(v))
}

// trackNumber is what a form shows again: the second form also takes over a
// number that the first did not find.
func trackNumber(v trackView, withCode bool) string {
	if v.WithCode == withCode || withCode && v.Missing != "" {
		return v.Number
	}
	return ""
}
