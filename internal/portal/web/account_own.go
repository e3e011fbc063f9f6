package portalweb

import (
	"net/http"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/session"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

func (d AccountDeps) own(r *http.Request) (authn.Account, error) {
	return d.Auth.Account(r.Context(), web.ActorOf(r.Context()).AccountID)
}

func (d AccountDeps) overview(w http.ResponseWriter, r *http.Request) error {
	acc, err := d.own(r)
	if err != nil {
		return err
	}
	unread, err := notify.Unread(r.Context(), d.Auth.Pool, acc.ID)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, overviewPage(acc, web.ActorOf(r.Context()), unread))
}

func (d AccountDeps) name(w http.ResponseWriter, r *http.Request) error {
	acc, err := d.own(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, namePage(answers{Values: map[string]string{"nama": acc.Name}}))
}

func (d AccountDeps) nameSend(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	if err := d.Auth.Rename(r.Context(), web.ActorOf(r.Context()), f.Value("nama")); err != nil {
		return refuse(w, r, f, err, namePage, "nama")
	}
	web.Flash(r, "success", "Nama Anda sudah diubah.")
	return web.Redirect(w, r, "/akun")
}

func (d AccountDeps) contact(w http.ResponseWriter, r *http.Request) error {
	acc, err := d.own(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, contactPage(acc, answers{}, d.ways()))
}

// confirmed runs act after the owner's password was given rightly.
func (d AccountDeps) confirmed(r *http.Request, f *form.Form, act func() error) error {
	if f.Value("sandi-lama") == "" {
		return errs.Invalid(errs.Field{Name: "sandi-lama", Message: "Tulis sandi Anda sekarang."})
	}
	if err := d.Auth.CheckPassword(r.Context(), web.ActorOf(r.Context()).AccountID, f.Value("sandi-lama")); err != nil {
		return err
	}
	return act()
}

func (d AccountDeps) contactSend(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	acc, err := d.own(r)
	if err != nil {
		return err
	}
	var ch authn.Challenge
	err = d.confirmed(r, f, func() (err error) {
		ch, err = d.Auth.StartContact(r.Context(), web.ActorOf(r.Context()), f.Value("kontak"), web.AddrOf(r.Context()))
		return err
	})
	if err != nil {
		return refuse(w, r, f, err, func(a answers) templ.Component { return contactPage(acc, a, d.ways()) }, "kontak")
	}
	session.Put(r.Context(), "kontak.id", ch.ID)
	session.Put(r.Context(), "kontak.samar", ch.Contact.Masked())
	return web.Redirect(w, r, "/akun/kontak/kode")
}

func (d AccountDeps) contactCode(w http.ResponseWriter, r *http.Request) error {
	if session.GetInt64(r.Context(), "kontak.id") == 0 {
		return web.Redirect(w, r, "/akun/kontak")
	}
	return web.Render(w, r, http.StatusOK, contactCodePage(session.GetString(r.Context(), "kontak.samar"), answers{}, d.Dev))
}

func (d AccountDeps) contactCodeSend(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	id := session.GetInt64(r.Context(), "kontak.id")
	if id == 0 {
		return web.Redirect(w, r, "/akun/kontak")
	}
	code := f.Line("kode", form.Required("Tulis 6 angka dari pesan kami."), form.Max(20))
	if err = f.Err(); err == nil {
		err = d.Auth.VerifyCode(r.Context(), id, code, web.AddrOf(r.Context()))
	}
	if err == nil {
		err = d.Auth.FinishContact(r.Context(), web.ActorOf(r.Context()), id)
	}
	if err != nil {
		return refuse(w, r, f, err, func(a answers) templ.Component {
			return contactCodePage(session.GetString(r.Context(), "kontak.samar"), a, d.Dev)
		})
	}
	session.Remove(r.Context(), "kontak.id")
	session.Remove(r.Context(), "kontak.samar")
	web.Flash(r, "success", "Kontak Anda sudah disimpan.")
	return web.Redirect(w, r, "/akun/kontak")
}

func (d AccountDeps) contactDrop(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	acc, err := d.own(r)
	if err != nil {
		return err
	}
	err = d.confirmed(r, f, func() error {
		return d.Auth.DropContact(r.Context(), web.ActorOf(r.Context()), f.Value("jenis"))
	})
	if err != nil {
		return refuse(w, r, f, err, func(a answers) templ.Component { return contactPage(acc, a, d.ways()) })
	}
	web.Flash(r, "success", "Kontak sudah dihapus.")
	return web.Redirect(w, r, "/akun/kontak")
}

func (d AccountDeps) changePassword(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, changePasswordPage(answers{}))
}

func (d AccountDeps) changePasswordSend(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	err = d.confirmed(r, f, func() error {
		if err := samePassword(f); err != nil {
			return err
		}
		return d.Auth.ChangePassword(r.Context(), web.ActorOf(r.Context()), session.ID(r.Context()), f.Value("sandi"))
	})
	if err != nil {
		return refuse(w, r, f, err, changePasswordPage)
	}
	if err := session.Renew(r.Context()); err != nil {
		return err
	}
	web.Flash(r, "success", "Sandi sudah diganti. Perangkat lain sudah dikeluarkan.")
	return web.Redirect(w, r, "/akun")
}

func (d AccountDeps) totp(w http.ResponseWriter, r *http.Request) error {
	return d.totpPage(w, r, http.StatusOK, answers{})
}

// totpPage shows what there is to do: enrol, or mind the factor that is on.
func (d AccountDeps) totpPage(w http.ResponseWriter, r *http.Request, status int, a answers) error {
	acc, err := d.own(r)
	if err != nil {
		return err
	}
	actor := web.ActorOf(r.Context())
	required := actor.IsStaff() && d.Auth.RequireTOTP
	if acc.HasTOTP {
		return web.Render(w, r, status, totpOnPage(acc, required, a))
	}
	enrolment, err := d.Auth.StartTOTP(r.Context(), actor)
	if err != nil {
		return err
	}
	return web.Render(w, r, status, totpPage(enrolment, required, a))
}

func (d AccountDeps) totpSend(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	actor := web.ActorOf(r.Context())
	code := f.Line("kode", form.Required("Tulis 6 angka dari aplikasi autentikator."), form.Max(20))
	var codes []string
	if err = f.Err(); err == nil {
		codes, err = d.Auth.ConfirmTOTP(r.Context(), actor, session.ID(r.Context()), code)
	}
	if err != nil {
		return d.totpRefused(w, r, f, err)
	}
	if err := session.Renew(r.Context()); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, recoveryPage(codes, landing(actor.Kind, session.PopString(r.Context(), pendingTo))))
}

func (d AccountDeps) totpRefused(w http.ResponseWriter, r *http.Request, f *form.Form, err error) error {
	switch errs.KindOf(err) {
	case errs.Unprocessable:
		f.FailWith(err)
		return d.totpPage(w, r, web.Status(err), answers{Errors: f.Errors()})
	case errs.TooMany, errs.Conflict, errs.Forbidden:
		web.SetRetryAfter(w, err)
		return d.totpPage(w, r, web.Status(err), answers{Errors: form.Errors{{Message: errs.MessageOf(err)}}})
	}
	return err
}

func (d AccountDeps) totpOff(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	err = d.confirmed(r, f, func() error { return d.Auth.DisableTOTP(r.Context(), web.ActorOf(r.Context())) })
	if err != nil {
		return d.totpRefused(w, r, f, err)
	}
	web.Flash(r, "success", "Verifikasi dua langkah sudah dimatikan.")
	return web.Redirect(w, r, "/akun")
}

func (d AccountDeps) recoveryRenew(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	var codes []string
	err = d.confirmed(r, f, func() (err error) {
		codes, err = d.Auth.RenewRecovery(r.Context(), web.ActorOf(r.Context()))
		return err
	})
	if err != nil {
		return d.totpRefused(w, r, f, err)
	}
	return web.Render(w, r, http.StatusOK, recoveryPage(codes, "/akun"))
}

func (d AccountDeps) devices(w http.ResponseWriter, r *http.Request) error {
	list, err := d.Auth.Sessions(r.Context(), web.ActorOf(r.Context()))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, devicesPage(list, session.ID(r.Context()), d.Clock.Now()))
}

func (d AccountDeps) devicesSend(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	own := session.ID(r.Context())
	id := f.ID("sesi", "")
	if err := f.Err(); err != nil {
		return err
	}
	if id == own {
		return d.signOut(w, r)
	}
	if err := d.Auth.RevokeSession(r.Context(), web.ActorOf(r.Context()), id, own); err != nil {
		return err
	}
	web.Flash(r, "success", "Perangkat sudah dikeluarkan.")
	return web.Redirect(w, r, "/akun/perangkat")
}

func (d AccountDeps) closing(w http.ResponseWriter, r *http.Request) error {
	if web.ActorOf(r.Context()).IsStaff() {
		return errs.New(errs.NotFound, "")
	}
	return web.Render(w, r, http.StatusOK, closingPage(answers{}))
}

func (d AccountDeps) closingSend(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	err = d.confirmed(r, f, func() error { return d.Auth.CloseAccount(r.Context(), web.ActorOf(r.Context())) })
	if err != nil {
		return refuse(w, r, f, err, closingPage)
	}
	if err := session.SignOut(r.Context()); err != nil {
		return err
	}
	web.Flash(r, "success", "Akun Anda sudah ditutup. Terima kasih.")
	return web.Redirect(w, r, "/")
}
