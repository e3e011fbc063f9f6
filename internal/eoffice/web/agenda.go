package eofficeweb

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	agendaPath = deskPath + "/agenda"
	paramWeek  = "pekan"
	planAct    = "agenda"
	watchAct   = "pantau"
	unwatchAct = "lepas-pantau"
)

// plan is what a letter invites one of the reader's desks to.
type plan struct {
	Recipient eoffice.Recipient
	Entry     *eoffice.Entry // nil: not in the diary yet
	Plan      eoffice.Plan   // in the form
}

// plans reads the diary entries that the reader keeps about a letter.
func (k *desk) plans(ctx context.Context, d *eoffice.Detail) (out []plan, err error) {
	for _, r := range d.Recipients {
		if !d.MayPlan(r) {
			continue
		}
		p := plan{Recipient: r, Plan: eoffice.PlanIn(d.Content.Body)}
		if p.Entry, err = k.Office.EntryOf(ctx, d, r); err != nil {
			return nil, err
		}
		if e := p.Entry; e != nil {
			p.Plan = eoffice.Plan{Start: e.Start, Place: e.Place}
			if e.End != nil {
				p.Plan.End = *e.End
			}
		}
		out = append(out, p)
	}
	return out, nil
}

// says when and where it is, and who goes.
func (p plan) says() string {
	e := *p.Entry
	text := indo.LongDate(e.Start) + ", " + hours(e)
	if e.Place != "" {
		text += " di " + e.Place
	}
	return text + ", " + attends(e) + "."
}

func (p plan) key() string { return planAct + "-" + strconv.FormatInt(p.Recipient.ID, 10) }

// control is one of the form of a diary entry, with what was typed where it was refused.
func (p plan) control(v letterView, c ui.Control) ui.Control {
	if v.Form != nil && v.Open == p.key() {
		return c.Kept(v.Form)
	}
	c.ID = c.Name + "-" + strconv.FormatInt(p.Recipient.ID, 10)
	return c
}

func hourValue(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(indo.WITA).Format("15:04")
}

// hours says when something begins, and when it ends where that is known.
func hours(e eoffice.Entry) string {
	if e.End == nil {
		return indo.Clock(e.Start) + " WITA"
	}
	return indo.Clock(e.Start) + "–" + indo.Clock(*e.End) + " WITA"
}

// attends says who goes.
func attends(e eoffice.Entry) string {
	if len(e.Attend) == 0 {
		return "dihadiri sendiri"
	}
	return "diwakili " + strings.Join(e.Attend, ", ")
}

// hourOf is the time of a day in a form; empty is none.
func hourOf(f *form.Form, name string, day time.Time) time.Time {
	raw := f.Line(name)
	if raw == "" || day.IsZero() {
		return time.Time{}
	}
	at, err := time.Parse("15:04", raw)
	if err != nil {
		f.Fail(name, "Tulis jamnya seperti 09:00.")
		return time.Time{}
	}
	return day.Add(time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute)
}

func (k *desk) savePlan(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	letter := f.ID(controlLetter, "")
	day := f.Date(eoffice.ControlOn, "Tulis harinya.")
	p := eoffice.Plan{Start: hourOf(f, eoffice.ControlBegins, day), End: hourOf(f, eoffice.ControlEnds, day), Place: f.Line(eoffice.ControlPlace)}
	if f.OK() && p.Start.IsZero() {
		f.Fail(eoffice.ControlBegins, "Tulis pukul berapa mulainya.")
	}
	if err = f.Err(); err == nil {
		err = k.Office.SavePlan(r.Context(), web.ActorOf(r.Context()), id, f.Int(controlContent, 0, 1<<30, ""), p)
	}
	if err != nil {
		if errs.KindOf(err) == errs.NotFound || letter == 0 {
			return err
		}
		return k.refused(w, r, planAct+"-"+strconv.FormatInt(id, 10), letter, f, err)
	}
	web.Flash(r, "success", "Agenda disimpan.")
	return web.Redirect(w, r, letterHref(letter))
}

func (k *desk) dropPlan(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	if err := k.Office.DropPlan(r.Context(), web.ActorOf(r.Context()), id); err != nil {
		return err
	}
	web.Flash(r, "success", "Dihapus dari agenda.")
	return web.Redirect(w, r, letterHref(f.ID(controlLetter, "")))
}

// watch follows a letter, or no longer does.
func (k *desk) watch(done string, do func(ctx context.Context, r *http.Request, id int64) error) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := web.PathInt(r, "id")
		if err != nil {
			return err
		}
		if err := do(r.Context(), r, id); err != nil {
			return err
		}
		web.Flash(r, "success", done)
		return web.Redirect(w, r, letterHref(id))
	}
}

func (k *desk) follow(ctx context.Context, r *http.Request, id int64) error {
	return k.Office.Watch(ctx, web.ActorOf(r.Context()), id)
}

func (k *desk) unfollow(ctx context.Context, r *http.Request, id int64) error {
	return k.Office.Unwatch(ctx, web.ActorOf(r.Context()), id)
}

// weekView is a week of an office's diary.
type weekView struct {
	Desk   *ui.Desk
	Units  []eoffice.SetUnit
	UnitID int64
	Office string
	Monday time.Time
	Days   []diaryDay // those with entries
}

type diaryDay struct {
	Day     time.Time
	Entries []eoffice.Entry
}

func (v weekView) title() string {
	return "Agenda " + indo.DateRange(v.Monday, v.Monday.AddDate(0, 0, 6))
}

func (v weekView) href(path string, weeks int) string {
	return path + "?" + url.Values{paramUnit: {strconv.FormatInt(v.UnitID, 10)}, paramWeek: {v.Monday.AddDate(0, 0, 7*weeks).Format(time.DateOnly)}}.Encode()
}

func (v weekView) unitControl() ui.Control {
	c := ui.Control{Name: paramUnit, Label: "Kantor", Value: strconv.FormatInt(v.UnitID, 10)}
	for _, u := range v.Units {
		c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(u.ID, 10), Label: u.Name})
	}
	return c
}

// summary is what an entry says to whoever reads the diary: of what is not theirs, and of
// what is confidential, that there is something.
func summary(e eoffice.Entry) string {
	if e.Subject == "" {
		return "Acara"
	}
	return e.Subject
}

// loadWeek reads the week that a query names, this one where it names none.
func (k *desk) loadWeek(r *http.Request) (v weekView, list []eoffice.Entry, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return v, nil, err
	}
	day := f.Date(paramWeek, "")
	v.UnitID = f.ID(paramUnit, "")
	if !f.OK() {
		return v, nil, errs.New(errs.BadRequest, "Pekan ini tidak ada. Mulai lagi dari pekan ini.")
	}
	if day.IsZero() {
		y, m, d := k.Clock.Now().In(indo.WITA).Date()
		day = time.Date(y, m, d, 0, 0, 0, 0, indo.WITA)
	}
	v.Monday = day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	if v.Units, err = k.Office.Diaries(ctx, a); err != nil {
		return v, nil, err
	}
	if v.UnitID == 0 && len(v.Units) > 0 {
		v.UnitID = v.Units[0].ID
	}
	for _, u := range v.Units {
		if u.ID == v.UnitID {
			v.Office = u.Name
		}
	}
	list, err = k.Office.Week(ctx, a, v.UnitID, v.Monday)
	return v, list, err
}

func (k *desk) agenda(w http.ResponseWriter, r *http.Request) error {
	v, list, err := k.loadWeek(r)
	if err != nil {
		return err
	}
	for _, e := range list {
		y, m, d := e.Start.In(indo.WITA).Date()
		day := time.Date(y, m, d, 0, 0, 0, 0, indo.WITA)
		if n := len(v.Days); n == 0 || !v.Days[n-1].Day.Equal(day) {
			v.Days = append(v.Days, diaryDay{Day: day})
		}
		last := &v.Days[len(v.Days)-1]
		last.Entries = append(last.Entries, e)
	}
	if v.Desk, err = k.side(r.Context(), web.ActorOf(r.Context()), agendaPath); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, weekPage(v))
}

// agendaFile is the week as a calendar file: positions, no people.
func (k *desk) agendaFile(w http.ResponseWriter, r *http.Request) error {
	_, list, err := k.loadWeek(r)
	if err != nil {
		return err
	}
	const stamp = "20060102T150405Z"
	host := r.Host
	lines := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kota Makassar//e-Office//ID"}
	for _, e := range list {
		end := e.Start.Add(time.Hour)
		if e.End != nil {
			end = *e.End
		}
		lines = append(lines, "BEGIN:VEVENT", fmt.Sprintf("UID:agenda-%d@%s", e.RecipientID, host), fmt.Sprintf("SEQUENCE:%d", e.Version),
			"DTSTAMP:"+k.Clock.Now().UTC().Format(stamp), "DTSTART:"+e.Start.UTC().Format(stamp), "DTEND:"+end.UTC().Format(stamp),
			"SUMMARY:"+calendarText(fileSummary(e)), "DESCRIPTION:"+calendarText(e.Desk+", "+attends(e)))
		if e.Place != "" && e.Secrecy == eoffice.Open {
			lines = append(lines, "LOCATION:"+calendarText(e.Place))
		}
		lines = append(lines, "END:VEVENT")
	}
	lines = append(lines, "END:VCALENDAR", "")
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="agenda.ics"`)
	_, err = w.Write([]byte(strings.Join(lines, "\r\n")))
	return err
}

// fileSummary is what leaves the portal: what an open letter is about, else that there is
// something.
func fileSummary(e eoffice.Entry) string {
	if e.Secrecy != eoffice.Open {
		return "Acara"
	}
	return summary(e)
}

// calendarText escapes what has a meaning in a calendar file.
func calendarText(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", "").Replace(s)
}
