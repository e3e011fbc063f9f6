package misconductweb

import (
	"io"
	"net/http"

	"makassartidakrantasa.com/portal/internal/mtr/misconduct"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// controlKey makes a form known, so that one sent twice is one case.
const controlKey = "formulir"

// private keeps a page from being kept anywhere, on a borrowed phone too.
func private(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex")
	w.Header().Set("Referrer-Policy", "no-referrer")
}

func (d Deps) start(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, startPage())
}

// sendView is the form of a first writing.
type sendView struct {
	SignedIn bool
	Key      string
	Form     *form.Form
}

func (v sendView) control(c ui.Control) ui.Control { return c.Typed(v.Form) }

func (d Deps) form(w http.ResponseWriter, r *http.Request) error {
	private(w)
	return web.Render(w, r, http.StatusOK, sendPage(sendView{SignedIn: web.ActorOf(r.Context()).SignedIn(), Key: crypt.Token()}))
}

func (d Deps) send(w http.ResponseWriter, r *http.Request) error {
	private(w)
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	files, shut, err := uploadsOf(f)
	defer shut()
	if err != nil {
		return err
	}
	code, err := d.Channel.Send(r.Context(), misconduct.Sending{
		FormKey: f.Value(controlKey), Who: f.Line(misconduct.ControlWho), When: f.Line(misconduct.ControlWhen),
		Body: f.Text(misconduct.ControlBody), Contact: f.Line(misconduct.ControlContact), Files: files,
	})
	if err == nil {
		return web.Render(w, r, http.StatusOK, sentPage(code))
	}
	if !f.FailWith(err) {
		return err
	}
	key := f.Value(controlKey)
	if key == "" {
		key = crypt.Token()
	}
	return web.Render(w, r, web.Status(err), sendPage(sendView{SignedIn: web.ActorOf(r.Context()).SignedIn(), Key: key, Form: f}))
}

// uploadsOf are the files of a form, open until shut.
func uploadsOf(f *form.Form) (out []misconduct.Upload, shut func(), err error) {
	var open []io.Closer
	shut = func() {
		for _, c := range open {
			_ = c.Close() // was only read
		}
	}
	for _, header := range f.Files(misconduct.ControlFiles) {
		file, err := header.Open()
		if err != nil {
			return nil, shut, err
		}
		open = append(open, file)
		out = append(out, misconduct.Upload{Upload: file, Size: header.Size})
	}
	return out, shut, nil
}

// caseView is a case as its sender sees it. The code stays in the page, for what is written next.
type caseView struct {
	Code string
	Case misconduct.Case
	Sent bool
	Form *form.Form
}

func (v caseView) control(c ui.Control) ui.Control { return c.Typed(v.Form) }

func (d Deps) ask(w http.ResponseWriter, r *http.Request) error {
	private(w)
	return web.Render(w, r, http.StatusOK, askPage(nil))
}

// read shows the case in the answer itself: an address would stay in the browser's history.
func (d Deps) read(w http.ResponseWriter, r *http.Request) error {
	private(w)
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	c, err := d.Channel.Read(r.Context(), f.Line(misconduct.ControlCode))
	if errs.KindOf(err) == errs.NotFound {
		f.Fail(misconduct.ControlCode, errs.MessageOf(err))
		return web.Render(w, r, http.StatusUnprocessableEntity, askPage(f))
	}
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, casePage(caseView{Code: f.Line(misconduct.ControlCode), Case: c}))
}

func (d Deps) goOn(w http.ResponseWriter, r *http.Request) error {
	private(w)
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	files, shut, err := uploadsOf(f)
	defer shut()
	if err != nil {
		return err
	}
	v := caseView{Code: f.Line(misconduct.ControlCode)}
	failed := d.Channel.Write(r.Context(), v.Code, f.Text(misconduct.ControlBody), files)
	if v.Case, err = d.Channel.Read(r.Context(), v.Code); err != nil {
		return err
	}
	if failed == nil {
		v.Sent = true
		return web.Render(w, r, http.StatusOK, casePage(v))
	}
	if !f.FailWith(failed) {
		if k := errs.KindOf(failed); k != errs.Conflict && k != errs.TooMany {
			return failed
		}
		f.Fail(misconduct.ControlBody, errs.MessageOf(failed))
	}
	v.Form = f
	return web.Render(w, r, web.Status(failed), casePage(v))
}
