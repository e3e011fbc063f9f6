package kucinikiweb

import (
	"net/http"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	work "makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// homeView is "Saya": one's own plans and what waits.
type homeView struct {
	Desk  *ui.Desk
	Year  int
	Now   int
	Name  string
	Posts []kuciniki.Post
	Waits []kuciniki.Waiting
	Today work.Day
	Links links
	Owed  []kuciniki.Unreported
	Talks int          // dialogues with the team that are due
	Flags []work.Found // in one's own work
	At    time.Time
	Form  *form.Form
}

// dueText tells until when something on the desk should be done.
func dueText(due *time.Time, now time.Time) string {
	switch {
	case due == nil:
		return "tanpa batas"
	case due.Before(now):
		return "lewat batas sejak " + moment(*due)
	case due.In(indo.WITA).YearDay() == now.In(indo.WITA).YearDay() && due.Sub(now) < 24*time.Hour:
		return "hari ini, " + indo.Clock(*due)
	}
	return "sampai " + moment(*due)
}

func (v homeView) yearControl() ui.Control { return yearControl(v.Year, v.Now) }

func yearControl(year, now int) ui.Control {
	return ui.Control{Name: kuciniki.ControlYear, Label: "Tahun", Value: idText(int64(year)), Options: years(now), Width: "short"}
}

func (k *desk) home(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	return k.showHome(w, r, http.StatusOK, k.yearOf(f), f)
}

func (k *desk) showHome(w http.ResponseWriter, r *http.Request, status, year int, f *form.Form) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v := homeView{Year: year, Now: k.Kuciniki.Year(), Name: a.Name, Form: f}
	if !f.OK() {
		status = http.StatusUnprocessableEntity
	}
	if v.Posts, err = k.Kuciniki.Posts(ctx, a, year); err != nil {
		return err
	}
	if v.Waits, err = k.Kuciniki.Waits(ctx, a); err != nil {
		return err
	}
	v.At = k.Clock.Now()
	if v.Today, err = k.Evidence.Today(ctx, a); err != nil {
		return err
	}
	if v.Links, err = k.links(ctx, a, refs(v.Today.Due, func(l work.Listed) caseRef { return refOf(l.OpenCase) })); err != nil {
		return err
	}
	if v.Owed, err = k.Kuciniki.Unreported(ctx, a); err != nil {
		return err
	}
	talks, err := k.Kuciniki.Dialogues(ctx, a)
	if err != nil {
		return err
	}
	v.Talks = dueOf(talks, v.At)
	if v.Flags, err = k.Evidence.OwnFlags(ctx, a); err != nil {
		return err
	}
	v.Desk = sideOf(a, deskPath, len(v.Waits))
	return web.Render(w, r, status, homePage(v))
}

func (k *desk) begin(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	year, post := k.yearOf(f), f.ID(kuciniki.ControlPost, "Pilih jabatan Anda.")
	var id int64
	if err = f.Err(); err == nil {
		id, err = k.Kuciniki.Begin(r.Context(), web.ActorOf(r.Context()), year, post)
	}
	if err == nil {
		return web.Redirect(w, r, planHref(id))
	}
	if !f.Refuse(err) {
		return err
	}
	return k.showHome(w, r, web.Status(err), year, f)
}
