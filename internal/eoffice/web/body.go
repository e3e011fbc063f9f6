package eofficeweb

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/session"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	openBody    = "buka"         // last part of the address at which the most secret is read
	provenKey   = "eoffice.buka" // who proved who they are in this session, and when
	paramFor    = "untuk"
	forDraft    = "ubah"
	secrecyPath = setPath + "/kerahasiaan"
)

// prove takes the password of the account once more.
func (k *desk) prove(ctx context.Context, a authz.Actor, f *form.Form) error {
	secret := f.Value(controlPassword)
	if secret == "" {
		return errs.Invalid(errs.Field{Name: controlPassword, Message: "Tulis sandi akun Anda."})
	}
	err := k.Auth.CheckPassword(ctx, a.AccountID, secret)
	if errs.KindOf(err) == errs.Unprocessable {
		err = errs.Invalid(errs.Field{Name: controlPassword, Message: "Sandi ini tidak cocok."})
	}
	return err
}

// provenFor is how long the reader's proof of who they are still holds, 0: it does not.
func (k *desk) provenFor(r *http.Request) time.Duration {
	var account, at int64
	if _, err := fmt.Sscanf(session.GetString(r.Context(), provenKey), "%d %d", &account, &at); err != nil || account != web.ActorOf(r.Context()).AccountID {
		return 0
	}
	return max(0, time.Unix(at, 0).Add(eoffice.BodyOpenFor).Sub(k.Clock.Now()))
}

// bodyView is what a most secret letter says, or the question who wants to read it.
type bodyView struct {
	Desk *ui.Desk
	ID   int64
	For  string
	Body eoffice.Body // of who has proved who they are
	Open bool
	Form *form.Form
}

func (v bodyView) action() string {
	at := letterHref(v.ID) + "/" + openBody
	if v.For == forDraft {
		at += "?" + paramFor + "=" + forDraft
	}
	return at
}

func (k *desk) loadBody(r *http.Request) (v bodyView, err error) {
	if v.ID, err = web.PathInt(r, "id"); err != nil {
		return v, err
	}
	q, err := form.Query(r)
	if err != nil {
		return v, err
	}
	v.For = q.Line(paramFor)
	v.Desk, err = k.side(r.Context(), web.ActorOf(r.Context()), "")
	return v, err
}

// body shows what a most secret letter says for as long as its reader's proof holds; the page
// leaves by itself then.
func (k *desk) body(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadBody(r)
	if err != nil {
		return err
	}
	left := k.provenFor(r)
	if left == 0 {
		if err := k.Office.MayOpenBody(r.Context(), web.ActorOf(r.Context()), v.ID); err != nil {
			return err
		}
		return web.Render(w, r, http.StatusOK, bodyPage(v))
	}
	if v.Body, err = k.Office.OpenBody(r.Context(), web.ActorOf(r.Context()), v.ID); err != nil {
		return err
	}
	v.Open = true
	w.Header().Set("Refresh", strconv.Itoa(int(left.Seconds())+1)+"; url="+letterHref(v.ID))
	return web.Render(w, r, http.StatusOK, bodyPage(v))
}

func (k *desk) proveForBody(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadBody(r)
	if err != nil {
		return err
	}
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if err := k.Office.MayOpenBody(ctx, a, v.ID); err != nil {
		return err
	}
	if v.Form, err = form.Read(r); err != nil {
		return err
	}
	if err := k.prove(ctx, a, v.Form); err != nil {
		if !v.Form.FailWith(err) {
			return err
		}
		return web.Render(w, r, web.Status(err), bodyPage(v))
	}
	session.Put(ctx, provenKey, fmt.Sprintf("%d %d", a.AccountID, k.Clock.Now().Unix()))
	if v.For == forDraft {
		return web.Redirect(w, r, letterHref(v.ID)+"/ubah")
	}
	return web.Redirect(w, r, letterHref(v.ID)+"/"+openBody)
}

// errLocked is a draft whose text is shown only to who proves once more who they are.
var errLocked = errors.New("eofficeweb: locked")

// unlocked puts what a most secret draft says into its form, for who has proved who they are.
func (k *desk) unlocked(r *http.Request, v *draftView) error {
	if !v.Case.BodyKept {
		return nil
	}
	if k.provenFor(r) == 0 {
		return errLocked
	}
	b, err := k.Office.OpenBody(r.Context(), web.ActorOf(r.Context()), v.Case.ID)
	v.Draft.Content = b.Content
	return err
}

func passwordControl(f *form.Form) ui.Control {
	return ui.Control{Name: controlPassword, Label: "Sandi akun Anda", Type: "password", Autocomplete: "current-password", Width: "medium", Required: true,
		Error: f.Errors().Get(controlPassword)}
}

// secrecyView is what the city says about its most secret letters.
type secrecyView struct {
	Desk *ui.Desk
	Keep bool
	Form *form.Form
}

func (v secrecyView) keep() ui.Control {
	c := ui.Control{Name: eoffice.ControlKeepBodies, Label: "Simpan isi naskah sangat rahasia di portal, tersegel", Value: "1",
		Hint: "Isinya hanya dapat dilihat di layar oleh pemegang jabatan yang disebut, sesudah menulis sandinya lagi. Tidak ada cetakan, lampiran, surel, unduhan, atau pencarian."}
	if v.Form == nil && v.Keep || v.Form != nil && v.Form.Bool(c.Name) {
		c.Values = []string{"1"}
	}
	return c
}

func (k *desk) secrecy(w http.ResponseWriter, r *http.Request) error {
	return k.showSecrecy(w, r, http.StatusOK, nil)
}

func (k *desk) showSecrecy(w http.ResponseWriter, r *http.Request, status int, f *form.Form) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	ok, err := k.Office.SetsCity(ctx, a)
	if err != nil {
		return err
	}
	if !ok {
		return errs.New(errs.NotFound, "Pengaturan ini milik kota.")
	}
	v := secrecyView{Form: f}
	if v.Keep, err = k.Office.KeepsBodies(ctx); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, secrecyPath); err != nil {
		return err
	}
	return web.Render(w, r, status, secrecyPage(v))
}

func (k *desk) saveSecrecy(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	if err = k.prove(ctx, a, f); err == nil {
		err = k.Office.SetKeepBodies(ctx, a, f.Bool(eoffice.ControlKeepBodies))
	}
	if err == nil {
		web.Flash(r, "success", "Pengaturan kerahasiaan disimpan.")
		return web.Redirect(w, r, secrecyPath)
	}
	if !f.FailWith(err) {
		return err
	}
	return k.showSecrecy(w, r, web.Status(err), f)
}
