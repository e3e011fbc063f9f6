package mtrweb

import (
	"encoding/base64"
	"net/http"
	"strconv"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	controlOriginal = "asli"
	controlPassword = "sandi"
)

func originalsHref(number string) string { return join(deskPath, number, "asli") }

// originalsView lists what was blacked out, and shows one of it once it is opened.
type originalsView struct {
	reportView
	All    []mtr.Original
	Shown  int // number of the event whose original is open; 0 = none
	Opened mtr.OpenedOriginal
	typed  *form.Form // a refused form
	Late   string     // why it was not done
}

func (v originalsView) control(o mtr.Original, c ui.Control) ui.Control {
	c.ID = c.Name + "-" + strconv.Itoa(o.Seq)
	if v.open(o) {
		c.ID = c.Name // where the summary of errors leads
		return c.Typed(v.typed)
	}
	return c
}

// open tells whether the form for o was sent and refused.
func (v originalsView) open(o mtr.Original) bool {
	return v.typed != nil && v.typed.Value(controlOriginal) == strconv.Itoa(o.Seq)
}

// picture is the opened photo within the page itself: an address of its own could be kept.
func (v originalsView) picture() string {
	return "data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(v.Opened.JPEG)
}

func originalTitle(o mtr.Original) string {
	if o.Photo {
		return "Foto asli"
	}
	return "Kata asli"
}

func wordFacts(words []mtr.OriginalWords) (rows []ui.SummaryRow) {
	for _, w := range words {
		rows = append(rows, ui.SummaryRow{Key: w.Where, Value: w.Text})
	}
	return rows
}

func (k *desk) loadOriginals(r *http.Request) (v originalsView, err error) {
	if v.reportView, err = k.load(r, web.Path(r, "nomor")); err != nil {
		return v, err
	}
	v.All, err = k.MTR.Originals(r.Context(), web.ActorOf(r.Context()), v.R.Number)
	return v, err
}

func (k *desk) originals(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadOriginals(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, originalsPage(v))
}

// openOriginal shows an original in its answer alone, after reason and password.
func (k *desk) openOriginal(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	act, err := actOf(f)
	if err != nil {
		return err
	}
	in := mtr.OpenOriginalInput{Act: act, Reason: f.Text(mtr.ControlReason)}
	in.Seq, _ = strconv.Atoi(f.Value(controlOriginal)) // what is no number is not there
	var opened mtr.OpenedOriginal
	if err = k.samePerson(r, f); err == nil {
		opened, err = k.MTR.OpenOriginal(ctx, a, in)
	}
	late := ""
	if err != nil && !f.FailWith(err) {
		if errs.KindOf(err) != errs.Conflict && errs.KindOf(err) != errs.TooMany {
			return err
		}
		late = errs.MessageOf(err)
	}
	v, loadErr := k.loadOriginals(r)
	if loadErr != nil {
		return loadErr
	}
	if err != nil {
		v.typed, v.Late = f, late
		return web.Render(w, r, web.Status(err), originalsPage(v))
	}
	v.Shown, v.Opened = in.Seq, opened
	return web.Render(w, r, http.StatusOK, originalsPage(v))
}

// samePerson asks for the password again: nobody opens things at a desk that somebody left.
func (k *desk) samePerson(r *http.Request, f *form.Form) error {
	wrong := func(message string) error {
		return errs.Invalid(errs.Field{Name: controlPassword, Message: message})
	}
	if f.Value(controlPassword) == "" {
		return wrong("Tulis sandi akun Anda.")
	}
	err := k.Auth.CheckPassword(r.Context(), web.ActorOf(r.Context()).AccountID, f.Value(controlPassword))
	if errs.KindOf(err) == errs.Unprocessable {
		return wrong("Sandi ini tidak cocok. Belum ada yang dibuka.")
	}
	return err
}
