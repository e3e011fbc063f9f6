package epuskesmasweb

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// meetingView is one session as its manager sees it.
type meetingView struct {
	Desk    *ui.Desk
	Site    epuskesmas.Site
	Session epuskesmas.Session
	Doctors []epuskesmas.OnDuty
	Waiting []epuskesmas.Ticket
	Others  []epuskesmas.Session
	Form    *form.Form
	Open    string
	Now     time.Time
}

// meetingsView are the sessions to come: those that somebody has a number of, and the rest.
type meetingsView struct {
	Desk    *ui.Desk
	Site    epuskesmas.Site
	List    []epuskesmas.Session
	Planned []epuskesmas.Session
	Form    *form.Form
	Now     time.Time
}

func (k *setting) sessions(w http.ResponseWriter, r *http.Request) error {
	return k.showSessions(w, r, http.StatusOK, nil)
}

func (k *setting) showSessions(w http.ResponseWriter, r *http.Request, status int, f *form.Form) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v := meetingsView{Form: f, Now: k.Clock.Now()}
	if v.Site, v.List, err = k.Queue.SessionsAhead(ctx, a, web.Path(r, "puskesmas")); err != nil {
		return err
	}
	_, polis, err := k.Queue.StaffSite(ctx, a, v.Site.Slug, epuskesmas.PermManage)
	if err != nil {
		return err
	}
	all, err := k.Queue.SessionsOf(ctx, clinicsOf(polis))
	if err != nil {
		return err
	}
	v.Planned = slices.DeleteFunc(all, func(s epuskesmas.Session) bool { return s.ID != 0 })
	v.Desk = settingSide(a, v.Site, "/sesi")
	return web.Render(w, r, status, meetingsPage(v))
}

// prepare opens the page of a session that nobody has a number of yet.
func (k *setting) prepare(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	slug := web.Path(r, "puskesmas")
	poli, at, ok := readTarget(f.Line(epuskesmas.ControlSession))
	if !ok {
		f.Fail(epuskesmas.ControlSession, "Pilih sesinya.")
	}
	var id int64
	if err = f.Err(); err == nil {
		id, err = k.Queue.Prepare(r.Context(), web.ActorOf(r.Context()), slug, poli, at)
	}
	switch {
	case err == nil:
		return web.Redirect(w, r, settingPath+"/"+slug+"/sesi/"+idText(id))
	case !f.FailWith(err):
		return err
	}
	return k.showSessions(w, r, http.StatusUnprocessableEntity, f)
}

// planned asks which of the sessions that nobody has a number of is meant.
func (v meetingsView) planned() ui.Control {
	c := ui.Control{Name: epuskesmas.ControlSession, Label: "Sesi", Options: []ui.Option{{Label: "Pilih sesi"}}}
	for _, s := range v.Planned {
		c.Options = append(c.Options, ui.Option{Value: target(s), Label: dayName(s.StartsAt, v.Now) + ", " + hours(s), Group: s.PoliName})
	}
	return c.Typed(v.Form)
}

// clinicsOf are the polis that can be booked.
func clinicsOf(polis []epuskesmas.Poli) []epuskesmas.Poli {
	return slices.DeleteFunc(polis, func(p epuskesmas.Poli) bool { return !p.Active || p.Kind != epuskesmas.KindClinic })
}

func (k *setting) meeting(r *http.Request) (v meetingView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "sesi")
	if err != nil {
		return v, err
	}
	var polis []epuskesmas.Poli
	if v.Site, polis, err = k.Queue.StaffSite(ctx, a, web.Path(r, "puskesmas"), epuskesmas.PermManage); err != nil {
		return v, err
	}
	if v.Session, v.Doctors, v.Waiting, err = k.Queue.ManagedSession(ctx, a, id); err != nil {
		return v, err
	}
	if v.Session.UnitID != v.Site.UnitID {
		return v, errs.New(errs.NotFound, "")
	}
	v.Others, err = k.Queue.SessionsOf(ctx, clinicsOf(polis))
	v.Others = slices.DeleteFunc(v.Others, func(s epuskesmas.Session) bool { return s.ID == id })
	v.Desk, v.Now = settingSide(a, v.Site, "/sesi"), k.Clock.Now()
	return v, err
}

func (k *setting) session(w http.ResponseWriter, r *http.Request) error {
	v, err := k.meeting(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, meetingPage(v))
}

func (v meetingView) href() string { return settingHref(v.Site) + "/sesi/" + idText(v.Session.ID) }

// change does one of the acts on a session.
func (k *setting) change(w http.ResponseWriter, r *http.Request, part string, do func(meetingView, *form.Form, authz.Actor) (string, error)) error {
	v, err := k.meeting(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	done, err := do(v, f, web.ActorOf(r.Context()))
	if err == nil {
		err = f.Err()
	}
	if err == nil {
		web.Flash(r, "success", done)
		return web.Redirect(w, r, v.href())
	}
	if !f.Refuse(err) {
		return err
	}
	v.Form, v.Open = f, part
	return web.Render(w, r, web.Status(err), meetingPage(v))
}

func (k *setting) setQuota(w http.ResponseWriter, r *http.Request) error {
	return k.change(w, r, "kuota", func(v meetingView, f *form.Form, a authz.Actor) (string, error) {
		q := readQuota(f)
		if !f.OK() {
			return "", epuskesmas.CheckReason(f.Line(epuskesmas.ControlReason))
		}
		return "Kuota diubah dan tercatat.", k.Queue.SetQuota(r.Context(), a, v.Session.ID, q, f.Line(epuskesmas.ControlReason))
	})
}

func (k *setting) absent(w http.ResponseWriter, r *http.Request) error {
	return k.change(w, r, "absen", func(v meetingView, f *form.Form, a authz.Actor) (string, error) {
		doctor := f.ID(epuskesmas.ControlDoctors, "Pilih dokter.")
		if f.OK() && !slices.ContainsFunc(v.Doctors, func(d epuskesmas.OnDuty) bool { return d.ID == doctor }) {
			f.Fail(epuskesmas.ControlDoctors, "Pilih dokter dari daftar.")
		}
		if !f.OK() {
			return "", epuskesmas.CheckReason(f.Line(epuskesmas.ControlReason))
		}
		return "Dicatat. Jika tidak ada dokter lain, alihkan atau batalkan nomor di bawah.",
			k.Queue.Absent(r.Context(), a, v.Session.ID, doctor, f.Line(epuskesmas.ControlReason))
	})
}

func (k *setting) moveAll(w http.ResponseWriter, r *http.Request) error {
	return k.change(w, r, "pindah", func(v meetingView, f *form.Form, a authz.Actor) (string, error) {
		poli, at, ok := readTarget(f.Line(epuskesmas.ControlSession))
		if !ok {
			f.Fail(epuskesmas.ControlSession, "Pilih sesi yang baru.")
			return "", nil
		}
		n, had, err := k.Queue.MoveAll(r.Context(), a, v.Session.ID, poli, at, f.Line(epuskesmas.ControlReason))
		done := fmt.Sprintf("%s nomor dialihkan, pemiliknya diberi tahu.", indo.Int(n))
		if had > 0 {
			done += fmt.Sprintf(" %s orang sudah punya nomor di sana, jadi nomor lamanya dibatalkan.", indo.Int(had))
		}
		return done, err
	})
}

func (k *setting) cancelAll(w http.ResponseWriter, r *http.Request) error {
	return k.change(w, r, "batal", func(v meetingView, f *form.Form, a authz.Actor) (string, error) {
		n, err := k.Queue.CancelAll(r.Context(), a, v.Session.ID, f.Line(epuskesmas.ControlReason))
		return fmt.Sprintf("Sesi ditiadakan. %s nomor dibatalkan, pemiliknya diberi tahu.", indo.Int(n)), err
	})
}

// target names a session in a form: its poli and when it begins.
func target(s epuskesmas.Session) string {
	return idText(s.PoliID) + "/" + s.StartsAt.UTC().Format(time.RFC3339)
}

func readTarget(v string) (poli int64, at time.Time, ok bool) {
	id, when, _ := strings.Cut(v, "/")
	poli, err := strconv.ParseInt(id, 10, 64)
	at, wrong := time.Parse(time.RFC3339, when)
	return poli, at, err == nil && wrong == nil && poli > 0
}

func (v meetingView) control(part string, c ui.Control) ui.Control {
	c.ID = part + "-" + c.Name
	if v.Form != nil && v.Open == part {
		c.Value, c.Error, c.ID = v.Form.Value(c.Name), v.Form.Errors().Get(c.Name), c.Name
	}
	return c
}

func (v meetingView) targets() []ui.Option {
	out := []ui.Option{{Label: "Pilih sesi"}}
	for _, s := range v.Others {
		out = append(out, ui.Option{Value: target(s), Label: s.PoliName + ", " + dayName(s.StartsAt, v.Now) + ", " + hours(s) + " (terisi " + strconv.Itoa(s.Taken) + " dari " + strconv.Itoa(s.All) + ")"})
	}
	return out
}

func (v meetingView) doctorOptions() []ui.Option {
	out := []ui.Option{{Label: "Pilih dokter"}}
	for _, d := range v.Doctors {
		if d.Status != "absen" {
			out = append(out, ui.Option{Value: idText(d.ID), Label: d.Name})
		}
	}
	return out
}

// onDuty are the doctors, those who will not come marked so.
func (v meetingView) onDuty() string {
	names := make([]string, len(v.Doctors))
	for i, d := range v.Doctors {
		if names[i] = d.Name; d.Status == "absen" {
			names[i] += " (tidak datang)"
		}
	}
	return orDash(strings.Join(names, ", "))
}

func (v meetingView) dropped() bool { return v.Session.Status == epuskesmas.Dropped }

// quotas lists the changes of quota.
func (k *setting) quotas(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	s, list, err := k.Queue.QuotaChanges(r.Context(), a, web.Path(r, "puskesmas"), q.ID("sebelum", ""))
	if err != nil {
		return err
	}
	older := ""
	if len(list) > epuskesmas.QuotaPage {
		list = list[:epuskesmas.QuotaPage]
		older = settingHref(s) + "/kuota?sebelum=" + idText(list[len(list)-1].ID)
	}
	return web.Render(w, r, http.StatusOK, quotasPage(settingSide(a, s, "/kuota"), s, list, older))
}

// quotaWords is what a quota was or became.
func quotaWords(q map[string]*int) string {
	var parts []string
	for _, k := range []struct{ key, label string }{{"semua", "semua"}, {"daring", "daring"}, {"jkn", "JKN"}, {"umum", "umum"}} {
		if n := q[k.key]; n != nil {
			parts = append(parts, k.label+" "+strconv.Itoa(*n))
		}
	}
	return strings.Join(parts, ", ")
}

func quotaOf(c epuskesmas.QuotaChange) string {
	switch {
	case c.StartsAt != nil:
		return c.Poli + ", " + indo.LongDateTime(*c.StartsAt)
	case c.Weekday != 0:
		return c.Poli + ", setiap " + weekday(c.Weekday)
	}
	return c.Poli
}

// codeView is the desk's page for codes on paper.
type codeView struct {
	Desk  *ui.Desk
	Form  *form.Form
	Phone string
	Code  string
}

func (k *setting) code(w http.ResponseWriter, r *http.Request) error {
	side, err := k.codeSide(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, deskCodePage(codeView{Desk: side}))
}

// codeSide is the side list of whoever works at the desk.
func (k *setting) codeSide(r *http.Request) (*ui.Desk, error) {
	v, _, err := (&desk{k.Deps}).house(r, epuskesmas.PermDesk)
	if err != nil {
		return nil, err
	}
	d := side(web.ActorOf(r.Context()), v, 0)
	for _, g := range d.Groups {
		for i := range g.Items {
			g.Items[i].Current = g.Items[i].Href == codePath
		}
	}
	return d, nil
}

// makeCode makes a code for somebody at the desk whose phone gets no messages from us.
func (k *setting) makeCode(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v := codeView{Form: f}
	if v.Desk, err = k.codeSide(r); err != nil {
		return err
	}
	err = pg.InTx(ctx, k.DB, func(tx pgx.Tx) error {
		code, contact, err := k.Auth.DeskCode(ctx, tx, f.Line(epuskesmas.ControlContact))
		if err != nil {
			return err
		}
		v.Code, v.Phone = code, indo.FormatPhone(contact.Phone)
		return audit.Write(ctx, tx, a, k.Clock.Now(), audit.Entry{Action: "epuskesmas.code", Object: "epuskesmas_site", UnitID: a.MainPosition().UnitID})
	})
	if err != nil {
		if !f.FailWith(err) {
			return err
		}
		return web.Render(w, r, http.StatusUnprocessableEntity, deskCodePage(v))
	}
	return web.Render(w, r, http.StatusOK, deskCodePage(v))
}

func (v codeView) control() ui.Control {
	c := ui.Control{Name: epuskesmas.ControlContact, Label: "Nomor HP pasien", Type: "tel", InputMode: "tel", Width: "medium", Required: true, Autocomplete: "off"}
	if v.Form != nil && v.Code == "" {
		c.Value, c.Error = v.Form.Value(c.Name), v.Form.Errors().Get(c.Name)
	}
	return c
}
