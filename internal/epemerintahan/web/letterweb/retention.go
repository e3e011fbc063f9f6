package letterweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// retentionView is which scans go soon, and what is kept from it.
type retentionView struct {
	Desk  *ui.Desk
	Form  *form.Form // what was typed, when it was refused
	Due   []letter.ScansDue
	Holds []letter.Hold
}

func (v retentionView) control(c ui.Control) ui.Control { return c.Typed(v.Form) }

func (k *desk) retention(w http.ResponseWriter, r *http.Request) error {
	return k.showRetention(w, r, http.StatusOK, nil)
}

func (k *desk) showRetention(w http.ResponseWriter, r *http.Request, status int, f *form.Form) (err error) {
	a := web.ActorOf(r.Context())
	v := retentionView{Desk: settingsDesk(r, retentionPath), Form: f}
	if v.Due, err = k.Letters.ScansDue(r.Context(), a); err != nil {
		return err
	}
	if v.Holds, err = k.Letters.Holds(r.Context(), a); err != nil {
		return err
	}
	return web.Render(w, r, status, retentionPage(v))
}

func (k *desk) hold(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	err = k.Letters.HoldLetter(r.Context(), web.ActorOf(r.Context()), f.Line(letter.ControlHoldNumber), f.Line(letter.ControlAskedBy), f.Text(letter.ControlHoldReason))
	if err != nil {
		if !f.Refuse(err) {
			return err
		}
		return k.showRetention(w, r, web.Status(err), f)
	}
	web.Flash(r, "success", "Permohonan ditahan. Pindaiannya tidak dihapus sampai dilepas.")
	return web.Redirect(w, r, retentionPath)
}

func (k *desk) liftHold(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "tahanan")
	if err != nil {
		return err
	}
	if err := k.Letters.LiftHold(r.Context(), web.ActorOf(r.Context()), id); err != nil {
		return err
	}
	web.Flash(r, "success", "Penahanan dilepas. Pindaian yang masa simpannya lewat terhapus paling cepat besok.")
	return web.Redirect(w, r, retentionPath)
}
