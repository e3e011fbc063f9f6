package mtrweb

import (
	"net/http"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const keysPath = configPath + "/kunci"

// keysView lists the keys of other systems and holds the form for a new one.
type keysView struct {
	Desk       *ui.Desk
	Keys       []mtr.APIKey
	Categories []mtr.Category
	Form       *form.Form
	Made       string // the key made just now: shown this once
	MadeFor    string
}

func (k *desk) loadKeys(r *http.Request) (v keysView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.Keys, err = k.MTR.APIKeys(ctx, a); err != nil {
		return v, err
	}
	if v.Categories, err = k.MTR.Categories(ctx); err != nil {
		return v, err
	}
	v.Desk, err = k.configDesk(r)
	return v, err
}

func (k *desk) keys(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadKeys(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, keysPage(v))
}

// issueKey answers with the page itself: the key is nowhere to be read again.
func (k *desk) issueKey(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	in := mtr.APIKeyInput{
		Name: f.Line(mtr.ControlName), Contact: f.Line(mtr.ControlEmail), Categories: f.Multi(mtr.ControlCategory),
		PerMinute: f.Int(mtr.ControlPerMinute, 1, 1000, "Tulis angka dari 1 sampai 1.000."),
		PerDay:    f.Int(mtr.ControlPerDay, 1, 100000, "Tulis angka dari 1 sampai 100.000."),
		ExpiresAt: f.Date(mtr.ControlDate, ""),
	}
	key := ""
	if err = f.Err(); err == nil {
		key, err = k.MTR.IssueAPIKey(r.Context(), web.ActorOf(r.Context()), in)
	}
	if err != nil && !f.FailWith(err) {
		return err
	}
	v, loadErr := k.loadKeys(r)
	if loadErr != nil {
		return loadErr
	}
	if err != nil {
		v.Form = f
		return web.Render(w, r, http.StatusUnprocessableEntity, keysPage(v))
	}
	v.Made, v.MadeFor = key, in.Name
	return web.Render(w, r, http.StatusOK, keysPage(v))
}

func (k *desk) revokeKey(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "kunci")
	if err != nil {
		return err
	}
	if err := k.MTR.RevokeAPIKey(r.Context(), web.ActorOf(r.Context()), id); err != nil {
		return err
	}
	web.Flash(r, "success", "Kunci dicabut. Mulai sekarang kunci itu ditolak.")
	return web.Redirect(w, r, keysPath)
}

func (v keysView) control(c ui.Control) ui.Control {
	return c.Typed(v.Form)
}

func (v keysView) choices() ui.Control {
	c := ui.Control{Name: mtr.ControlCategory, Label: "Kategori yang boleh dikirim", Hint: "Kosongkan bila semua boleh."}
	for _, it := range v.Categories {
		c.Options = append(c.Options, ui.Option{Value: it.Code, Label: it.Name})
	}
	if v.Form != nil {
		c.Values, c.Error = v.Form.Multi(mtr.ControlCategory), v.Form.Errors().Get(mtr.ControlCategory)
	}
	return c
}

func keyState(k mtr.APIKey) string {
	switch {
	case k.RevokedAt != nil:
		return "Dicabut " + indo.LongDate(*k.RevokedAt)
	case k.ExpiresAt != nil:
		return "Sampai " + indo.LongDate(*k.ExpiresAt)
	}
	return "Berlaku"
}

func keyScope(k mtr.APIKey) string {
	if len(k.Categories) == 0 {
		return "Semua kategori"
	}
	return strings.Join(k.Categories, ", ")
}

func keyHref(id int64) string { return keysPath + "/" + strconv.FormatInt(id, 10) + "/cabut" }
