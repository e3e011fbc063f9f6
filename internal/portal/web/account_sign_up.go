package portalweb

import (
	"net/http"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/session"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// flow is a code and then a new password: the same pages for signing up, for a
// forgotten password and for an account opened at a counter.
type flow struct {
	key   string // prefix of what the session holds
	base  string // path
	title string
	steps int
	// start sends the code anew.
	start func(d AccountDeps, r *http.Request, name, contact string) (authn.Challenge, error)
	// finish sets the password and returns the account.
	finish func(d AccountDeps, r *http.Request, id int64, password string) (int64, error)
	done   string // flash of flows that end signed in
}

var signUpFlow = flow{
	key: "daftar", base: "/daftar", title: "Buat akun", steps: 3,
	start: func(d AccountDeps, r *http.Request, name, contact string) (authn.Challenge, error) {
		return d.Auth.StartSignUp(r.Context(), authn.SignUp{Name: name, Contact: contact, Address: web.AddrOf(r.Context())})
	},
	finish: func(d AccountDeps, r *http.Request, id int64, password string) (int64, error) {
		return d.Auth.FinishSignUp(r.Context(), id, password)
	},
	done: "Akun Anda sudah jadi dan Anda sudah masuk.",
}

var resetFlow = flow{
	key: "lupa", base: "/lupa-sandi", title: "Atur ulang sandi", steps: 3,
	start: func(d AccountDeps, r *http.Request, _, contact string) (authn.Challenge, error) {
		return d.Auth.StartReset(r.Context(), contact, web.AddrOf(r.Context()))
	},
	finish: func(d AccountDeps, r *http.Request, id int64, password string) (int64, error) {
		return d.Auth.FinishReset(r.Context(), id, password)
	},
}

var activationFlow = flow{
	key: "aktivasi", base: "/daftar/aktivasi", title: "Aktifkan akun dari loket", steps: 2,
	finish: func(d AccountDeps, r *http.Request, id int64, password string) (int64, error) {
		return d.Auth.FinishActivation(r.Context(), id, password)
	},
	done: "Akun Anda aktif dan Anda sudah masuk.",
}

func (d AccountDeps) signUp(w http.ResponseWriter, r *http.Request) error {
	if web.ActorOf(r.Context()).SignedIn() {
		return web.Redirect(w, r, "/akun")
	}
	return web.Render(w, r, http.StatusOK, signUpPage(answers{}, d.ways()))
}

func (d AccountDeps) signUpSend(w http.ResponseWriter, r *http.Request) error {
	return signUpFlow.begin(d, w, r, func(a answers) templ.Component { return signUpPage(a, d.ways()) })
}

func (d AccountDeps) forgot(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, forgotPage(answers{}, d.ways()))
}

func (d AccountDeps) forgotSend(w http.ResponseWriter, r *http.Request) error {
	return resetFlow.begin(d, w, r, func(a answers) templ.Component { return forgotPage(a, d.ways()) })
}

// ways says how codes can be sent at the moment.
type ways struct{ Email, Phone, Dev bool }

func (d AccountDeps) ways() ways {
	return ways{Email: d.Auth.EmailOn, Phone: d.Auth.PhoneOn, Dev: d.Dev}
}

func (fl flow) begin(d AccountDeps, w http.ResponseWriter, r *http.Request, page func(answers) templ.Component) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	name, contact := f.Value("nama"), f.Value("kontak")
	ch, err := fl.start(d, r, name, contact)
	if err != nil {
		return refuse(w, r, f, err, page, "nama", "kontak")
	}
	fl.remember(d, r, ch, name, contact)
	return web.Redirect(w, r, fl.base+"/kode")
}

const contactContext = "account.flow.contact"

// remember keeps what the next pages need, the contact sealed: sessions are rows of
// the database, where phone numbers never lie open.
func (fl flow) remember(d AccountDeps, r *http.Request, ch authn.Challenge, name, contact string) {
	ctx := r.Context()
	session.Put(ctx, fl.key+".id", ch.ID)
	session.Put(ctx, fl.key+".nama", name)
	session.Put(ctx, fl.key+".kontak", d.Auth.Box.Seal(contact, contactContext))
	session.Put(ctx, fl.key+".samar", ch.Contact.Masked())
	session.Put(ctx, fl.key+".cocok", false)
}

func (fl flow) forget(r *http.Request) {
	for _, k := range []string{".id", ".nama", ".kontak", ".samar", ".cocok"} {
		session.Remove(r.Context(), fl.key+k)
	}
}

func (fl flow) id(r *http.Request) int64 { return session.GetInt64(r.Context(), fl.key+".id") }

func (fl flow) matched(r *http.Request) bool {
	ok, _ := session.Get(r.Context(), fl.key+".cocok").(bool)
	return ok
}

// startOver leads to the first page where nothing is under way.
func (fl flow) startOver(w http.ResponseWriter, r *http.Request) error {
	return web.Redirect(w, r, fl.base)
}

func (fl flow) code(d AccountDeps) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if fl.id(r) == 0 {
			return fl.startOver(w, r)
		}
		return web.Render(w, r, http.StatusOK, codePage(fl, fl.masked(r), answers{}, d.Dev))
	}
}

func (fl flow) masked(r *http.Request) string {
	return session.GetString(r.Context(), fl.key+".samar")
}

func (fl flow) codeSend(d AccountDeps) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := form.Read(r)
		if err != nil {
			return err
		}
		id := fl.id(r)
		if id == 0 {
			return fl.startOver(w, r)
		}
		code := f.Line("kode", form.Required("Tulis 6 angka dari pesan kami."), form.Max(20))
		if f.OK() {
			err = d.Auth.VerifyCode(r.Context(), id, code, web.AddrOf(r.Context()))
		} else {
			err = f.Err()
		}
		if err != nil {
			return refuse(w, r, f, err, func(a answers) templ.Component { return codePage(fl, fl.masked(r), a, d.Dev) })
		}
		session.Put(r.Context(), fl.key+".cocok", true)
		return web.Redirect(w, r, fl.base+"/sandi")
	}
}

func (fl flow) again(d AccountDeps) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := form.Read(r)
		if err != nil {
			return err
		}
		sealed, _ := session.Get(r.Context(), fl.key+".kontak").([]byte)
		contact, err := d.Auth.Box.Open(sealed, contactContext)
		if err != nil {
			return fl.startOver(w, r)
		}
		name := session.GetString(r.Context(), fl.key+".nama")
		ch, err := fl.start(d, r, name, contact)
		if err != nil {
			return refuse(w, r, f, err, func(a answers) templ.Component { return codePage(fl, fl.masked(r), a, d.Dev) })
		}
		fl.remember(d, r, ch, name, contact)
		web.Flash(r, "success", "Kode baru sudah dikirim. Kode yang lama tidak perlu dipakai lagi.")
		return web.Redirect(w, r, fl.base+"/kode")
	}
}

func (fl flow) password(AccountDeps) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if fl.id(r) == 0 || !fl.matched(r) {
			return fl.startOver(w, r)
		}
		return web.Render(w, r, http.StatusOK, newPasswordPage(fl, answers{}))
	}
}

func (fl flow) passwordSend(d AccountDeps) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := form.Read(r)
		if err != nil {
			return err
		}
		if fl.id(r) == 0 || !fl.matched(r) {
			return fl.startOver(w, r)
		}
		var account int64
		if err = samePassword(f); err == nil {
			account, err = fl.finish(d, r, fl.id(r), f.Value("sandi"))
		}
		if err != nil {
			return refuse(w, r, f, err, func(a answers) templ.Component { return newPasswordPage(fl, a) })
		}
		fl.forget(r)
		// A second factor is still asked for: neither the contact nor a counter's
		// sheet alone must open the account.
		acc, err := d.Auth.Account(r.Context(), account)
		if err != nil {
			return err
		}
		if fl.key == resetFlow.key || acc.HasTOTP {
			web.Flash(r, "success", "Sandi Anda sudah diganti. Silakan masuk dengan sandi baru.")
			return web.Redirect(w, r, "/masuk")
		}
		web.Flash(r, "success", fl.done)
		return d.enter(w, r, account, "")
	}
}

func (d AccountDeps) activate(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, activatePage(answers{}))
}

func (d AccountDeps) activateSend(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	number := f.Line("nomor", form.Required("Tulis nomor akun dari lembar loket."), form.Max(40))
	code := f.Line("kode", form.Required("Tulis kode aktivasi dari lembar loket."), form.Max(40))
	ch := authn.Challenge{}
	if err = f.Err(); err == nil {
		ch, err = d.Auth.StartActivation(r.Context(), number)
	}
	if err == nil {
		err = d.Auth.VerifyCode(r.Context(), ch.ID, code, web.AddrOf(r.Context()))
	}
	if err != nil {
		if errs.KindOf(err) == errs.Gone {
			err = errs.New(errs.Gone, "Kode ini sudah tidak berlaku. Minta lembar baru di loket.")
		}
		return refuse(w, r, f, err, activatePage, "nomor")
	}
	activationFlow.remember(d, r, ch, "", number)
	session.Put(r.Context(), activationFlow.key+".cocok", true)
	return web.Redirect(w, r, activationFlow.base+"/sandi")
}
