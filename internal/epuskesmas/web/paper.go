package epuskesmasweb

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	paperPath  = deskPath + "/kertas"
	paramDay   = "tanggal"
	ctlSession = "sesi"
)

// paperWork is who works with paper when the power is out.
var paperWork = []authz.Permission{epuskesmas.PermDesk, epuskesmas.PermManage}

// PaperRoutes are the list to print and the form for what was written on it.
func PaperRoutes(d Deps) []web.Route {
	k := &desk{d}
	may := web.Needs(paperWork...)
	return []web.Route{
		get(paperPath, may, k.paper), post(paperPath, may, k.setAside),
		get(paperPath+"/susulan", may, k.late), post(paperPath+"/susulan", may, k.enterLate),
	}
}

// lateTyped are the answers of a late entry that the warning of [epuskesmas.Alike] carries.
var lateTyped = []string{
	"di", paramDay, ctlSession, epuskesmas.ControlNumber, epuskesmas.ControlHere, epuskesmas.ControlCalled, epuskesmas.ControlStarted, epuskesmas.ControlEnded,
	epuskesmas.ControlLateDoctor, epuskesmas.ControlOutcome, epuskesmas.ControlName, epuskesmas.ControlBirth, epuskesmas.ControlNIK, epuskesmas.ControlBPJS,
	epuskesmas.ControlPayer,
}

type paperView struct {
	Desk *ui.Desk
	Site epuskesmas.Site
	Day  time.Time
	Now  time.Time
	List []epuskesmas.PaperSession
	Form *form.Form
	// Alike may be the patient that was typed as new.
	Alike *epuskesmas.Alike
	// Of the number entered last: the next one is mostly of the same.
	LastSession, LastDoctor string
}

// loadPaper is the list that an address or a form names. Where the actor has several
// puskesmas and none is named it answers with their list.
func (k *desk) loadPaper(w http.ResponseWriter, r *http.Request, f *form.Form) (v paperView, answered bool, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	slug, err := k.chooseOr(w, r, f.Line("di"), paperPath, "Daftar kertas", paperWork...)
	if err != nil || slug == "" {
		return v, true, err
	}
	v.Now = k.Clock.Now()
	if v.Day = f.Date(paramDay, ""); v.Day.IsZero() {
		v.Day = v.Now.In(clock.Makassar)
	}
	v.Site, v.List, err = k.Queue.PaperList(ctx, a, slug, v.Day)
	v.Desk = reportSide(a, v.Site, paperPath)
	return v, false, err
}

func (v paperView) href(path string) string {
	return inSite(path, v.Site.Slug) + "&" + paramDay + "=" + v.Day.In(clock.Makassar).Format(time.DateOnly)
}

func (k *desk) paper(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v, answered, err := k.loadPaper(w, r, f)
	if answered || err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, paperPage(v))
}

func (k *desk) setAside(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	session, n := f.ID(ctlSession, "Pilih sesinya."), f.Int(epuskesmas.ControlCount, 1, epuskesmas.MaxSetAside, "Sisihkan 1 sampai 100 nomor.")
	if f.OK() {
		_, err = k.Queue.SetAside(r.Context(), web.ActorOf(r.Context()), session, n)
	}
	v, answered, loadErr := k.loadPaper(w, r, f)
	switch {
	case answered || loadErr != nil:
		return loadErr
	case f.OK() && err == nil:
		web.Flash(r, "success", indo.Int(n)+" nomor disisihkan. Cetak daftarnya sekarang.")
		return web.Redirect(w, r, v.href(paperPath))
	case err != nil && !f.Refuse(err):
		return err
	}
	v.Form = f
	return web.Render(w, r, http.StatusUnprocessableEntity, paperPage(v))
}

func (k *desk) late(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v, answered, err := k.loadPaper(w, r, f)
	if answered || err != nil {
		return err
	}
	v.LastSession, v.LastDoctor = f.Value(ctlSession), f.Value(epuskesmas.ControlLateDoctor)
	return web.Render(w, r, http.StatusOK, latePage(v))
}

func (k *desk) enterLate(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, answered, err := k.loadPaper(w, r, f)
	if answered || err != nil {
		return err
	}
	in := epuskesmas.LateEntry{
		SessionID: f.ID(ctlSession, "Pilih polinya."), Number: f.Int(epuskesmas.ControlNumber, 1, 9999, "Tulis nomor antreannya, angkanya saja."),
		Name: f.Line(epuskesmas.ControlName), BirthDate: f.Date(epuskesmas.ControlBirth, ""), NIK: f.Line(epuskesmas.ControlNIK), BPJS: f.Line(epuskesmas.ControlBPJS),
		PatientID: f.ID(paramPatient, ""), Seen: seenAlike(f), Payer: epuskesmas.Payer(f.Line(epuskesmas.ControlPayer)), Outcome: epuskesmas.Status(f.Line(epuskesmas.ControlOutcome)),
	}
	if f.Value(epuskesmas.ControlLateDoctor) != "" {
		in.DoctorID = f.ID(epuskesmas.ControlLateDoctor, "Pilih dokter dari daftar, atau kosongkan.")
	}
	for name, to := range map[string]*time.Time{
		epuskesmas.ControlHere: &in.Here, epuskesmas.ControlCalled: &in.Called, epuskesmas.ControlStarted: &in.Started, epuskesmas.ControlEnded: &in.Ended,
	} {
		at, ok := epuskesmas.ClockOn(v.Day, f.Line(name))
		if *to = at; !ok {
			f.Fail(name, "Tulis jam seperti 09.40.")
		}
	}
	status := http.StatusUnprocessableEntity
	if f.OK() {
		err := k.Queue.EnterLate(r.Context(), web.ActorOf(r.Context()), in)
		switch {
		case err == nil:
			web.Flash(r, "success", "Catatan nomor itu disimpan. Lanjutkan nomor berikutnya.")
			return web.Redirect(w, r, v.href(paperPath+"/susulan")+"&"+ctlSession+"="+itoa(in.SessionID)+"&"+epuskesmas.ControlLateDoctor+"="+itoa(in.DoctorID))
		case errors.As(err, &v.Alike):
			status = http.StatusConflict
		case errs.KindOf(err) == errs.Conflict:
			f.Fail(epuskesmas.ControlNumber, errs.MessageOf(err))
			status = http.StatusConflict
		case !f.FailWith(err):
			return err
		}
	}
	v.Form = f
	return web.Render(w, r, status, latePage(v))
}

// control is a control with what was typed and what was wrong with it.
func (v paperView) control(c ui.Control) ui.Control {
	return c.Typed(v.Form)
}

func (v paperView) sessions() ui.Control {
	c := ui.Control{Name: ctlSession, Label: "Poli", Value: v.LastSession}
	for _, s := range v.List {
		c.Options = append(c.Options, ui.Option{Value: itoa(s.ID), Label: s.Poli + ", " + indo.Clock(s.StartsAt) + "–" + indo.Clock(s.EndsAt)})
	}
	return v.control(c)
}

// doctors are those of the day's sessions, each with the polis where they work.
func (v paperView) doctors() ui.Control {
	c := ui.Control{Name: epuskesmas.ControlLateDoctor, Label: "Dokter yang melayani", Optional: true, Value: v.LastDoctor, Options: []ui.Option{{Value: "", Label: "Tidak dicatat"}}}
	at := map[int64]int{}
	for _, s := range v.List {
		for _, d := range s.Doctors {
			i, known := at[d.ID]
			if !known {
				at[d.ID] = len(c.Options)
				c.Options = append(c.Options, ui.Option{Value: itoa(d.ID), Label: d.Name + ", " + s.Poli})
			} else if !strings.Contains(c.Options[i].Label, ", "+s.Poli) {
				c.Options[i].Label += ", " + s.Poli
			}
		}
	}
	return v.control(c)
}

// isToday reports whether the list is that of today: only then numbers are set aside.
func (v paperView) isToday() bool {
	return v.Day.In(clock.Makassar).Format(time.DateOnly) == v.Now.In(clock.Makassar).Format(time.DateOnly)
}
