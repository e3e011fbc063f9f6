package portalweb

import (
	"net/http"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
)

// AccountDeps is what signing in and the own account stand on.
type AccountDeps struct {
	Auth     *authn.Service
	Clock    clock.Clock
	Personal *portal.Personal
	// Dev says on the pages where a newcomer finds the codes: in the terminal.
	Dev bool
}

// EnrolPath is where staff without a second factor are sent.
const EnrolPath = "/akun/verifikasi-dua-langkah"

// AccountRoutes returns signing in and out, signing up, forgotten passwords,
// invitations, unsubscribing, and the own account.
func AccountRoutes(d AccountDeps) []web.Route {
	get, post := http.MethodGet, http.MethodPost
	route := func(method, pattern string, access web.Access, h web.Handler) web.Route {
		return web.Route{Method: method, Pattern: pattern, Access: access, Handle: h}
	}
	same := func(pattern string, h web.Handler) web.Route {
		return web.Route{Method: get, Pattern: pattern, Access: web.Public, Handle: h, Same: true}
	}
	return []web.Route{
		same("/masuk", d.signIn),
		route(post, "/masuk", web.Public, d.signInSend),
		route(get, "/masuk/kode", web.Public, d.second),
		route(post, "/masuk/kode", web.Public, d.secondSend),
		route(post, "/keluar", web.Public, d.signOut),

		same("/daftar", d.signUp),
		route(post, "/daftar", web.Public, d.signUpSend),
		route(get, "/daftar/kode", web.Public, signUpFlow.code(d)),
		route(post, "/daftar/kode", web.Public, signUpFlow.codeSend(d)),
		route(post, "/daftar/kode/ulang", web.Public, signUpFlow.again(d)),
		route(get, "/daftar/sandi", web.Public, signUpFlow.password(d)),
		route(post, "/daftar/sandi", web.Public, signUpFlow.passwordSend(d)),

		route(get, "/daftar/aktivasi", web.Public, d.activate),
		route(post, "/daftar/aktivasi", web.Public, d.activateSend),
		route(get, "/daftar/aktivasi/sandi", web.Public, activationFlow.password(d)),
		route(post, "/daftar/aktivasi/sandi", web.Public, activationFlow.passwordSend(d)),

		same("/lupa-sandi", d.forgot),
		route(post, "/lupa-sandi", web.Public, d.forgotSend),
		route(get, "/lupa-sandi/kode", web.Public, resetFlow.code(d)),
		route(post, "/lupa-sandi/kode", web.Public, resetFlow.codeSend(d)),
		route(post, "/lupa-sandi/kode/ulang", web.Public, resetFlow.again(d)),
		route(get, "/lupa-sandi/sandi", web.Public, resetFlow.password(d)),
		route(post, "/lupa-sandi/sandi", web.Public, resetFlow.passwordSend(d)),

		route(get, "/undangan/{token}", web.Secret, d.invitation),
		route(post, "/undangan/{token}", web.Secret, d.invitationSend),
		route(get, "/berhenti/{token}", web.Secret, d.unsubscribe),
		route(post, "/berhenti/{token}", web.Secret, d.unsubscribeSend),

		route(get, "/akun", web.SignedIn, d.overview),
		route(get, "/akun/nama", web.SignedIn, d.name),
		route(post, "/akun/nama", web.SignedIn, d.nameSend),
		route(get, "/akun/kontak", web.SignedIn, d.contact),
		route(post, "/akun/kontak", web.SignedIn, d.contactSend),
		route(get, "/akun/kontak/kode", web.SignedIn, d.contactCode),
		route(post, "/akun/kontak/kode", web.SignedIn, d.contactCodeSend),
		route(post, "/akun/kontak/hapus", web.SignedIn, d.contactDrop),
		route(get, "/akun/sandi", web.SignedIn, d.changePassword),
		route(post, "/akun/sandi", web.SignedIn, d.changePasswordSend),
		route(get, EnrolPath, web.SignedIn, d.totp),
		route(post, EnrolPath, web.SignedIn, d.totpSend),
		route(post, EnrolPath+"/matikan", web.SignedIn, d.totpOff),
		route(post, EnrolPath+"/kode-pemulihan", web.SignedIn, d.recoveryRenew),
		route(get, "/akun/perangkat", web.SignedIn, d.devices),
		route(post, "/akun/perangkat", web.SignedIn, d.devicesSend),
		route(get, "/akun/pemberitahuan", web.SignedIn, d.preferences),
		route(post, "/akun/pemberitahuan", web.SignedIn, d.preferencesSend),
		route(get, "/akun/kotak-masuk", web.SignedIn, d.inbox),
		route(post, "/akun/kotak-masuk", web.SignedIn, d.inboxRead),
		route(get, "/akun/data", web.SignedIn, d.ownData),
		{Method: post, Pattern: "/akun/data/unduh", Access: web.SignedIn, Handle: d.ownDataFile, PerMinute: 6},
		route(get, "/akun/data/hapus", web.SignedIn, d.erase),
		route(post, "/akun/data/hapus", web.SignedIn, d.eraseSend),
		route(post, "/akun/data/batal", web.SignedIn, d.eraseWithdraw),
		route(get, "/akun/tutup", web.SignedIn, d.closing),
		route(post, "/akun/tutup", web.SignedIn, d.closingSend),
	}
}

// answers are what a form held and what was wrong with it, for showing it again.
// Passwords and codes are not among them.
type answers struct {
	Values map[string]string
	Errors form.Errors
}

func (a answers) value(name string) string { return a.Values[name] }

func (a answers) wrong(name string) string { return a.Errors.Get(name) }

// refuse shows a form again with what a use case refused: wrong answers beside their
// controls, anything else the reader can act on in the summary. What is not the
// reader's to mend becomes the usual error page.
func refuse(w http.ResponseWriter, r *http.Request, f *form.Form, err error, page func(answers) templ.Component, keep ...string) error {
	a := answers{Values: map[string]string{}}
	for _, name := range keep {
		a.Values[name] = f.Value(name)
	}
	switch errs.KindOf(err) {
	case errs.Unprocessable:
		f.FailWith(err)
		a.Errors = f.Errors()
	case errs.TooMany, errs.Conflict, errs.Gone, errs.Forbidden:
		a.Errors = form.Errors{{Message: errs.MessageOf(err)}}
	default:
		return err
	}
	web.SetRetryAfter(w, err)
	return web.Render(w, r, web.Status(err), page(a))
}
