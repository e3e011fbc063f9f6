package portalweb

import (
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/session"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// What the session holds between password and second factor.
const (
	pendingAccount = "masuk.akun"
	pendingUntil   = "masuk.sampai"
	pendingTo      = "masuk.lanjut"
	pendingFor     = 10 * time.Minute
)

func (d AccountDeps) signIn(w http.ResponseWriter, r *http.Request) error {
	to := r.URL.Query().Get("lanjut")
	if a := web.ActorOf(r.Context()); a.SignedIn() {
		return web.Redirect(w, r, landing(a.Kind, to))
	}
	return web.Render(w, r, http.StatusOK, signInPage(answers{Values: map[string]string{"lanjut": to}}))
}

func (d AccountDeps) signInSend(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	name := f.Line("nama", form.Required("Tulis email, nomor HP, atau nomor akun Anda."), form.Max(254))
	password := f.Value("sandi")
	if password == "" {
		f.Fail("sandi", "Tulis sandi Anda.")
	}
	if len(password) > 4*authn.MaxPassword {
		f.Fail("sandi", "Sandi terlalu panjang.")
	}
	page := func(a answers) templ.Component { return signInPage(a) }
	if !f.OK() {
		return refuse(w, r, f, f.Err(), page, "nama", "lanjut")
	}
	res, err := d.Auth.Login(r.Context(), authn.Login{Name: name, Password: password, Address: web.AddrOf(r.Context())})
	if err != nil {
		return refuse(w, r, f, err, page, "nama", "lanjut")
	}
	to := f.Value("lanjut")
	if res.NeedsCode {
		session.Put(r.Context(), pendingAccount, res.AccountID)
		session.Put(r.Context(), pendingUntil, d.Clock.Now().Add(pendingFor))
		session.Put(r.Context(), pendingTo, to)
		return web.Redirect(w, r, "/masuk/kode")
	}
	return d.enter(w, r, res.AccountID, to)
}

// enter gives the browser its session and leads on.
func (d AccountDeps) enter(w http.ResponseWriter, r *http.Request, accountID int64, to string) error {
	a, err := d.Auth.Actor(r.Context(), accountID)
	if err != nil {
		return err
	}
	life := session.Citizen
	if a.IsStaff() {
		life = session.Staff
	}
	if err := session.SignIn(r.Context(), accountID, life); err != nil {
		return err
	}
	if a.NeedsTOTP {
		session.Put(r.Context(), pendingTo, to)
		return web.Redirect(w, r, EnrolPath)
	}
	return web.Redirect(w, r, landing(a.Kind, to))
}

// landing is where a sign-in ends: where it was asked for, never outside the portal.
func landing(k authz.Kind, to string) string {
	switch to = web.Local(to); {
	case to != "/" && to != "/masuk":
		return to
	case k == authz.Staff:
		return "/meja"
	}
	return "/akun"
}

func (d AccountDeps) pending(r *http.Request) (accountID int64, ok bool) {
	until, _ := session.Get(r.Context(), pendingUntil).(time.Time)
	accountID = session.GetInt64(r.Context(), pendingAccount)
	return accountID, accountID != 0 && d.Clock.Now().Before(until)
}

func (d AccountDeps) second(w http.ResponseWriter, r *http.Request) error {
	if _, ok := d.pending(r); !ok {
		return web.Redirect(w, r, "/masuk")
	}
	return web.Render(w, r, http.StatusOK, secondPage(answers{}))
}

func (d AccountDeps) secondSend(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	accountID, ok := d.pending(r)
	if !ok {
		web.Flash(r, "info", "Waktu untuk memasukkan kode sudah lewat. Silakan masuk lagi.")
		return web.Redirect(w, r, "/masuk?lanjut="+url.QueryEscape(session.GetString(r.Context(), pendingTo)))
	}
	code := f.Line("kode", form.Required("Tulis kode dari aplikasi autentikator Anda."), form.Max(40))
	if f.OK() {
		err = d.Auth.CheckSecond(r.Context(), accountID, code, web.AddrOf(r.Context()))
	} else {
		err = f.Err()
	}
	if err != nil {
		return refuse(w, r, f, err, secondPage)
	}
	to := session.GetString(r.Context(), pendingTo)
	for _, key := range []string{pendingAccount, pendingUntil, pendingTo} {
		session.Remove(r.Context(), key)
	}
	return d.enter(w, r, accountID, to)
}

func (d AccountDeps) signOut(w http.ResponseWriter, r *http.Request) error {
	if a := web.ActorOf(r.Context()); a.SignedIn() {
		if err := d.Auth.SignedOut(r.Context(), a); err != nil {
			return err
		}
	}
	if err := session.SignOut(r.Context()); err != nil {
		return err
	}
	web.Flash(r, "success", "Anda sudah keluar.")
	return web.Redirect(w, r, "/")
}

func (d AccountDeps) invitation(w http.ResponseWriter, r *http.Request) error {
	acc, err := d.Auth.OpenInvitation(r.Context(), web.Path(r, "token"))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, invitationPage(acc, answers{}))
}

func (d AccountDeps) invitationSend(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	token := web.Path(r, "token")
	acc, err := d.Auth.OpenInvitation(r.Context(), token)
	if err != nil {
		return err
	}
	var id int64
	if err = samePassword(f); err == nil {
		id, err = d.Auth.AcceptInvitation(r.Context(), token, f.Value("sandi"))
	}
	if err != nil {
		return refuse(w, r, f, err, func(a answers) templ.Component { return invitationPage(acc, a) })
	}
	web.Flash(r, "success", "Sandi tersimpan. Selamat datang, "+acc.Name+".")
	return d.enter(w, r, id, "")
}

// samePassword asks for a new password to be typed the same way twice.
func samePassword(f *form.Form) error {
	if f.Value("sandi") != f.Value("sandi-ulang") {
		return errs.Invalid(errs.Field{Name: "sandi-ulang", Message: "Kedua sandi tidak sama. Tulis sandi yang sama dua kali."})
	}
	return nil
}
