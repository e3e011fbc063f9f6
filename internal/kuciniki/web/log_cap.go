package kucinikiweb

import (
	"net/http"
	"strconv"

	work "makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const logCapPath = deskPath + "/batas-log"

// postKinds name the kinds of posts.
var postKinds = map[string]string{
	"kepala": "Kepala", "sekretaris": "Sekretaris", "struktural": "Jabatan struktural lain", "fungsional": "Jabatan fungsional", "pelaksana": "Pelaksana",
}

// logCapView is how much the manual log may count.
type logCapView struct {
	Desk *ui.Desk
	Form *form.Form
	Caps []work.LogCap
}

func (v logCapView) control(c work.LogCap) ui.Control {
	return ui.Control{Name: c.Kind, Label: postKinds[c.Kind], Value: strconv.Itoa(c.Percent), InputMode: "numeric", Width: "short", Suffix: "%"}.Kept(v.Form)
}

func (k *desk) logCaps(w http.ResponseWriter, r *http.Request) error {
	return k.showLogCaps(w, r, http.StatusOK, nil)
}

func (k *desk) showLogCaps(w http.ResponseWriter, r *http.Request, status int, f *form.Form) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v := logCapView{Form: f}
	if v.Caps, err = k.Evidence.LogCaps(ctx, a); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, logCapPath); err != nil {
		return err
	}
	return web.Render(w, r, status, logCapPage(v))
}

func (k *desk) saveLogCaps(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	caps, err := k.Evidence.LogCaps(ctx, a)
	if err != nil {
		return err
	}
	for i, c := range caps {
		caps[i].Percent = f.Int(c.Kind, 0, work.MostLogCap, "Isi 0 sampai 90.")
	}
	if err = f.Err(); err == nil {
		err = k.Evidence.SaveLogCaps(ctx, a, caps)
	}
	if err != nil {
		if !f.Refuse(err) {
			return err
		}
		return k.showLogCaps(w, r, web.Status(err), f)
	}
	web.Flash(r, "success", "Batas log kerja disimpan.")
	return web.Redirect(w, r, logCapPath)
}
