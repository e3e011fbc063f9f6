package kucinikiweb

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	work "makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const patternPath = deskPath + "/pola"

// patternView is what somebody should look at.
type patternView struct {
	Desk   *ui.Desk
	Form   *form.Form
	Period period
	Unit   work.UnitInfo
	Units  []work.UnitInfo
	Found  []work.Found
	Unseen int // that those whom they are about are to see first
}

func (v patternView) unitControl() ui.Control {
	c := ui.Control{Name: paramUnit, Label: "Unit", Value: idText(v.Unit.ID)}
	for _, u := range v.Units {
		c.Options = append(c.Options, ui.Option{Value: idText(u.ID), Label: u.Name})
	}
	return c
}

func flagHref(id int64) string { return patternPath + "/" + idText(id) }

// flagTone is the colour of a flag's state.
func flagTone(s work.FlagStatus) string {
	switch s {
	case work.FlagJudged, work.FlagDecided:
		return "success"
	case work.FlagObjected:
		return "warning"
	case work.FlagAnswered:
		return "info"
	}
	return "neutral"
}

func (k *desk) patterns(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	unit, err := unitOf(f)
	if err != nil {
		return err
	}
	v := patternView{Form: f, Period: k.periodOf(f)}
	if v.Unit, v.Found, v.Unseen, err = k.Evidence.Flags(ctx, a, unit, v.Period.From.Start(), v.Period.To.Start()); err != nil {
		return err
	}
	if v.Units, err = k.Evidence.Lookable(ctx, a); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, patternPath); err != nil {
		return err
	}
	return web.Render(w, r, status(f), patternPage(v))
}

// flagView is a flag with what was said of it.
type flagView struct {
	Now   time.Time
	Desk  *ui.Desk
	Form  *form.Form
	Links links
	work.FlagFile
}

func (v flagView) may(a work.FlagAction) bool { return slices.Contains(v.Actions, a) }

// back is where the viewer came from.
func (v flagView) back() string {
	if v.Self {
		return deskPath
	}
	return patternPath + "?" + paramUnit + "=" + idText(v.UnitID)
}

func (v flagView) action(a work.FlagAction) string { return flagHref(v.ID) + "/" + string(a) }

func (v flagView) text(label, hint string) ui.Control {
	return ui.Control{Name: work.ControlFlagText, Label: label, Hint: hint, Rows: 5, MaxLength: 4000, Required: true}.Kept(v.Form)
}

func (v flagView) verdict() ui.Control {
	c := ui.Control{Name: work.ControlVerdict, Label: "Kesimpulan", Required: true}
	for _, x := range work.Verdicts {
		c.Options = append(c.Options, ui.Option{Value: string(x), Label: x.Label()})
	}
	return c.Kept(v.Form)
}

// said names what somebody said of a flag.
func said(w work.FlagWord) string {
	switch w.Action {
	case work.AnswerFlag:
		return "Penjelasan"
	case work.JudgeFlag:
		return "Dinilai: " + w.Verdict.Label()
	case work.ObjectFlag:
		return "Sanggahan"
	}
	return "Sanggah diputus: " + w.Verdict.Label()
}

// moments are the words of a flag for a timeline, the newest first.
func (v flagView) moments() (out []ui.Moment) {
	for _, w := range slices.Backward(v.Words) {
		m := ui.Moment{Title: said(w), Who: w.Who, At: w.At, Text: w.Text}
		if w.Title != "" {
			m.Who += ", " + w.Title
		}
		out = append(out, m)
	}
	if v.Pattern == work.NotInOrder {
		return append(out, ui.Moment{Title: "Pekerjaan selesai, lalu diundi", Who: "Portal", At: v.FirstAt})
	}
	return append(out, ui.Moment{Title: "Pola ditemukan", Who: "Portal", At: v.FoundAt})
}

// waits says what happens next, "" where nothing does.
func (v flagView) waits() string {
	until := indo.ShortDate(v.Until)
	switch {
	case v.Status == work.FlagFound || v.Status == work.FlagAnswered && !v.may(work.JudgeFlag) && !v.Self:
		return "Orangnya dapat menjelaskan sampai " + until + ". Sesudah dijelaskan, atau sesudah hari itu, pola ini dapat dinilai."
	case v.Status == work.FlagAnswered && v.Self:
		return "Penjelasan Anda tersimpan. BKPSDM atau Inspektorat akan menilainya."
	case v.Status == work.FlagJudged:
		return "Dapat disanggah sampai " + until + "."
	case v.Status == work.FlagObjected:
		return "Sanggahan diputus oleh orang lain daripada yang menilai. Kedua putusan tetap tersimpan."
	}
	return ""
}

func (k *desk) flag(w http.ResponseWriter, r *http.Request) error {
	return k.showFlag(w, r, http.StatusOK, nil)
}

func (k *desk) showFlag(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	v := flagView{Now: k.Clock.Now(), Form: f}
	if v.FlagFile, err = k.Evidence.Flag(ctx, a, id); err != nil {
		return err
	}
	if v.Links, err = k.links(ctx, a, refs(v.Steps, refOfEntry)); err != nil {
		return err
	}
	current := patternPath
	if v.Self {
		current = deskPath
	}
	if v.Desk, err = k.side(ctx, a, current); err != nil {
		return err
	}
	return web.Render(w, r, status, flagPage(v))
}

func (k *desk) sayFlag(action work.FlagAction) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := web.PathInt(r, "id")
		if err != nil {
			return err
		}
		f, err := form.Read(r)
		if err != nil {
			return err
		}
		seq, text := f.Int(controlSeq, 0, 1<<20, "Muat ulang halaman lalu tulis lagi."), f.Text(work.ControlFlagText)
		if err = f.Err(); err == nil {
			err = k.Evidence.SayFlag(r.Context(), web.ActorOf(r.Context()), id, seq, action, work.Verdict(f.Line(work.ControlVerdict)), text)
		}
		if err == nil {
			web.Flash(r, "success", "Tersimpan.")
			return web.Redirect(w, r, flagHref(id))
		}
		if !f.Refuse(err) {
			return err
		}
		return k.showFlag(w, r, web.Status(err), f)
	}
}

func seqText(seq int) string { return strconv.Itoa(seq) }
