package portalweb

import (
	"net/http"
	"slices"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// preferenceChannels are the columns of the preference page.
var preferenceChannels = []string{"email", "phone", "inbox"}

func (d AccountDeps) preferences(w http.ResponseWriter, r *http.Request) error {
	chosen, err := notify.Preferences(r.Context(), d.Auth.Pool, web.ActorOf(r.Context()).AccountID)
	if err != nil {
		return err
	}
	off := map[string]bool{}
	for _, p := range chosen {
		off[p.Topic+"/"+p.Channel] = !p.Enabled
	}
	return web.Render(w, r, http.StatusOK, preferencesPage(topicsFor(web.ActorOf(r.Context())), off))
}

// topicsFor leaves out what the owner may never hear of.
func topicsFor(a authz.Actor) []notify.Topic {
	return slices.DeleteFunc(notify.Topics(), func(t notify.Topic) bool {
		return t.Staff && !a.IsStaff() || t.Required && t.Code != notify.Account
	})
}

func (d AccountDeps) preferencesSend(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	on := map[string]bool{}
	for _, v := range f.Multi("kabar") {
		on[v] = true
	}
	err = pg.InTx(r.Context(), d.Auth.Pool, func(tx pgx.Tx) error {
		for _, t := range topicsFor(a) {
			if t.Required {
				continue
			}
			for _, c := range preferenceChannels {
				p := notify.Preference{Topic: t.Code, Channel: c, Enabled: on[t.Code+"/"+c]}
				if err := notify.SetPreference(r.Context(), tx, a.AccountID, p, d.Clock.Now()); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	web.Flash(r, "success", "Pilihan Anda sudah disimpan.")
	return web.Redirect(w, r, "/akun/pemberitahuan")
}

const inboxShown = 20

func (d AccountDeps) inbox(w http.ResponseWriter, r *http.Request) error {
	var before struct{ ID int64 }
	if err := web.DecodeCursor(r.URL.Query().Get("setelah"), &before); err != nil {
		return err
	}
	if before.ID < 0 {
		return errs.New(errs.BadRequest, "")
	}
	entries, err := notify.Inbox(r.Context(), d.Auth.Pool, web.ActorOf(r.Context()).AccountID, before.ID, inboxShown+1)
	if err != nil {
		return err
	}
	next := ""
	if len(entries) > inboxShown {
		entries = entries[:inboxShown]
		next = "/akun/kotak-masuk?setelah=" + web.EncodeCursor(struct{ ID int64 }{entries[inboxShown-1].ID})
	}
	return web.Render(w, r, http.StatusOK, inboxPage(entries, next, d.Clock.Now()))
}

func (d AccountDeps) inboxRead(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	upTo := f.ID("sampai", "Muat ulang halaman lalu coba lagi.")
	if err := f.Err(); err != nil {
		return err
	}
	if err := notify.MarkRead(r.Context(), d.Auth.Pool, web.ActorOf(r.Context()).AccountID, upTo, d.Clock.Now()); err != nil {
		return err
	}
	return web.Redirect(w, r, "/akun/kotak-masuk")
}

func (d AccountDeps) unsubscribe(w http.ResponseWriter, r *http.Request) error {
	s, err := notify.FindSubscription(r.Context(), d.Auth.Pool, web.Path(r, "token"))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, unsubscribePage(s))
}

// unsubscribeSend is also what mail programs call for a one-click "stop" (RFC 8058):
// they send List-Unsubscribe=One-Click, mean the topic as a whole, and follow no redirect.
func (d AccountDeps) unsubscribeSend(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	s, err := notify.FindSubscription(r.Context(), d.Auth.Pool, web.Path(r, "token"))
	if err != nil {
		return err
	}
	switch f.Value("tindakan") {
	case "lanjut":
		err = notify.Resume(r.Context(), d.Auth.Pool, s)
	case "ini":
		err = notify.Stop(r.Context(), d.Auth.Pool, s, true, d.Clock.Now())
	default:
		err = notify.Stop(r.Context(), d.Auth.Pool, s, false, d.Clock.Now())
	}
	if err != nil {
		return err
	}
	if f.Has("List-Unsubscribe") {
		return d.unsubscribe(w, r)
	}
	return web.Redirect(w, r, "/berhenti/"+web.Path(r, "token"))
}
