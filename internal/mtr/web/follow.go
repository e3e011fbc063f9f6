package mtrweb

import (
	"context"
	"net/http"
	"net/url"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	followPath  = "/mtr/ikuti"
	followsPath = "/mtr/ikutan"
	// followsPerMinute is how often one network may ask: each asking sends an e-mail.
	followsPerMinute = 30

	controlSubject = "hal"
	controlOf      = "dari"
	controlBy      = "lewat"
	byWhatsApp     = "whatsapp"
)

// followView is the page on which somebody begins to follow.
type followView struct {
	In       mtr.FollowInput
	Of       string // number, code or id, as in the address
	Name     string
	SignedIn bool
	Back     string // the page it is about
	RSS      string
	PushKey  string // with which a browser subscribes; "" = web push is off
	Form     *form.Form
}

// readFollow reads what is to be followed; what does not exist is 404.
func (h *pages) readFollow(ctx context.Context, subject, of string) (v followView, err error) {
	v.Of, v.In.Subject, v.PushKey = of, mtr.Subject(subject), h.MTR.PushKey()
	missing := errs.New(errs.NotFound, "")
	switch v.In.Subject {
	case mtr.FollowReport:
		rep, err := h.MTR.PublicView(ctx, of)
		if err != nil {
			return v, err
		}
		v.In.Number, v.Name = rep.Number, "Laporan "+rep.Number
		if rep.Title != "" {
			v.Name += ", " + rep.Title
		}
		v.Back, v.RSS = join("/mtr/laporan", rep.Number), join("/mtr/laporan", rep.Number, "rss.xml")
		return v, nil
	case mtr.FollowCategory:
		all, err := h.MTR.Categories(ctx)
		if err != nil {
			return v, err
		}
		for _, c := range all {
			if c.Code == of {
				v.In.ID, v.Name = c.ID, c.Name
			}
		}
	case mtr.FollowKelurahan, mtr.FollowUnit:
		dir, err := h.choices.get(ctx)
		if err != nil {
			return v, err
		}
		for _, a := range dir.areas {
			if v.In.Subject == mtr.FollowKelurahan && idText(a.ID) == of {
				v.In.ID, v.Name = a.ID, "Kelurahan "+a.Name
			}
		}
		for id, name := range dir.names {
			if v.In.Subject == mtr.FollowUnit && idText(id) == of {
				v.In.ID, v.Name = id, name
			}
		}
	}
	if v.In.ID == 0 {
		return v, missing
	}
	asked := "?" + url.Values{subject: {of}}.Encode()
	v.Back, v.RSS = "/mtr"+asked, "/mtr/rss.xml"+asked
	return v, nil
}

func (h *pages) follow(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	v, err := h.readFollow(r.Context(), q.Value(controlSubject), q.Value(controlOf))
	if err != nil {
		return err
	}
	v.SignedIn = web.ActorOf(r.Context()).SignedIn()
	return web.Render(w, r, http.StatusOK, followPage(v))
}

func (h *pages) beginFollow(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	v, err := h.readFollow(r.Context(), f.Line(controlSubject), f.Line(controlOf))
	if err != nil {
		return err
	}
	v.In.Email, v.In.Pace, v.In.WhatsApp = f.Line(mtr.ControlEmail), mtr.Pace(f.Line(mtr.ControlPace)), f.Line(controlBy) == byWhatsApp
	err = h.MTR.Follow(r.Context(), a, v.In)
	if errs.KindOf(err) == errs.TooMany {
		f.Fail(mtr.ControlEmail, errs.MessageOf(err))
		err = f.Err()
	}
	switch {
	case err == nil && a.SignedIn():
		web.Flash(r, "success", "Anda mengikuti "+v.Name+".")
		return web.Redirect(w, r, followsPath)
	case err == nil:
		web.Flash(r, "success", "Satu langkah lagi: buka tautan di surat yang kami kirim ke email Anda. Tautan berlaku 48 jam.")
		return web.Redirect(w, r, v.Back)
	case !f.FailWith(err):
		return err
	}
	v.SignedIn, v.Form = a.SignedIn(), f
	return web.Render(w, r, http.StatusUnprocessableEntity, followPage(v))
}

func (h *pages) follows(w http.ResponseWriter, r *http.Request) error {
	all, err := h.MTR.Followings(r.Context(), web.ActorOf(r.Context()))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, followsPage(all))
}

func (h *pages) unfollow(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "ikutan")
	if err != nil {
		return err
	}
	if err := h.MTR.Unfollow(r.Context(), web.ActorOf(r.Context()), id); err != nil {
		return err
	}
	web.Flash(r, "success", "Anda berhenti mengikutinya.")
	return web.Redirect(w, r, followsPath)
}

// following is a visitor's page, by the link in the e-mail.
func (h *pages) following(w http.ResponseWriter, r *http.Request) error {
	f, err := h.MTR.FollowingOf(r.Context(), web.Path(r, "token"))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, followingPage(f, r.URL.Path))
}

func (h *pages) setFollowing(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	token := web.Path(r, "token")
	if f.Has("berhenti") {
		if err := h.MTR.EndFollow(r.Context(), token); err != nil {
			return err
		}
		web.Flash(r, "success", "Anda berhenti mengikutinya. Tidak ada lagi kabar yang kami kirim.")
		return web.Redirect(w, r, join(followPath, token))
	}
	if err := h.MTR.ConfirmFollow(r.Context(), token, mtr.Pace(f.Line(mtr.ControlPace))); err != nil {
		return err
	}
	web.Flash(r, "success", "Tersimpan. Kabarnya kami kirim ke email Anda.")
	return web.Redirect(w, r, join(followPath, token))
}

func followHref(subject mtr.Subject, of string) string {
	return followPath + "?" + url.Values{controlSubject: {string(subject)}, controlOf: {of}}.Encode()
}

// followable is what the list's filters narrow it to, when it is one thing to follow.
func (v listView) followable() (subject mtr.Subject, of string) {
	for _, s := range []mtr.Subject{mtr.FollowKelurahan, mtr.FollowUnit, mtr.FollowCategory} {
		if value := v.query.Value(string(s)); value != "" {
			return s, value
		}
	}
	return "", ""
}

func paceControl(chosen mtr.Pace) ui.Control {
	if chosen == "" {
		chosen = mtr.PaceNow
	}
	c := ui.Control{Name: mtr.ControlPace, Label: "Kapan dikabari?", Value: string(chosen)}
	for _, p := range []mtr.Pace{mtr.PaceNow, mtr.PaceDaily} {
		c.Options = append(c.Options, ui.Option{Value: string(p), Label: p.Label()})
	}
	return c
}

func (v followView) scripts() []string {
	if v.PushKey == "" {
		return nil
	}
	return []string{"kabar.js"}
}

func (v followView) email() ui.Control {
	c := ui.Control{Name: mtr.ControlEmail, Label: "Email Anda", Type: "email", Autocomplete: "email", Required: true, Width: "medium",
		Hint: "Kami kirim surat untuk memastikan alamat ini milik Anda."}
	if v.Form != nil {
		c.Value, c.Error = v.Form.Value(mtr.ControlEmail), v.Form.Errors().Get(mtr.ControlEmail)
	}
	return c
}

func followDetail(f mtr.Following) string {
	by := map[string]string{"email": "email", byWhatsApp: "WhatsApp", "push": "pemberitahuan di ponsel"}[f.Channel]
	return f.Pace.Label() + ", lewat " + by
}

// aboutFollowing says what one hears.
func aboutFollowing(s mtr.Subject) string {
	if s == mtr.FollowReport {
		return "Anda dikabari setiap kali laporan ini bergerak: diteruskan, dikerjakan, dijadwalkan, selesai."
	}
	return "Anda dikabari bila ada laporan baru yang diteruskan, dan bila laporan selesai."
}
