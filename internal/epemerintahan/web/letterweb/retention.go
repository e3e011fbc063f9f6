package letterweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/hold"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// retentionView is which files go soon, and what is kept from it.
type retentionView struct {
	Desk  *ui.Desk
	Form  *form.Form // what was typed, when it was refused
	Due   []letter.FilesDue
	Holds []hold.Hold
}

func (v retentionView) holds() ui.HoldsView {
	return ui.HoldsView{Thing: "permohonan", Hint: "Nomor permohonan surat, misalnya SRT-26-000318, atau permintaan identitas, misalnya KTP-57.",
		Lifted: "Berkasnya terhapus sehari kemudian bila masa simpannya lewat.", Path: retentionPath, Holds: v.Holds, Form: v.Form}
}

func (k *desk) retention(w http.ResponseWriter, r *http.Request) error {
	return k.showRetention(w, r, http.StatusOK, nil)
}

func (k *desk) showRetention(w http.ResponseWriter, r *http.Request, status int, f *form.Form) (err error) {
	a := web.ActorOf(r.Context())
	v := retentionView{Desk: settingsDesk(r, retentionPath), Form: f}
	if v.Due, err = k.Letters.FilesDue(r.Context(), a); err != nil {
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
	if err := k.Letters.HoldFiles(r.Context(), web.ActorOf(r.Context()), ui.HoldInput(f)); err != nil {
		if !f.Refuse(err) {
			return err
		}
		return k.showRetention(w, r, web.Status(err), f)
	}
	web.Flash(r, "success", "Permohonan ditahan. Berkasnya tidak dihapus sampai dilepas.")
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
	web.Flash(r, "success", "Penahanan dilepas. Berkas yang masa simpannya lewat terhapus paling cepat besok.")
	return web.Redirect(w, r, retentionPath)
}
