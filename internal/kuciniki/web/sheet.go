package kucinikiweb

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	work "makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// sheetView is the page of an evaluation.
type sheetView struct {
	Now  time.Time
	Desk *ui.Desk
	kuciniki.Sheet
	Form *form.Form
	Open string // path of the act that was refused
	Ends bool   // it stands
}

func sheetHref(skp int64, month int) string {
	return planHref(skp) + "/penilaian/" + strconv.Itoa(month)
}

// The paths of the acts on an evaluation.
const (
	pathReport  = "lapor"
	pathOpine   = "pendapat"
	pathJudge   = "nilai"
	pathConfirm = "sahkan"
	pathReject  = "tolak"
	pathAccept  = "terima"
	pathObject  = "sanggah"
	pathDecide  = "putus"
)

// sheetAct is what the form of an act on an evaluation does.
type sheetAct struct {
	Path string
	Done string
	Do   func(k *desk, r *http.Request, v sheetView, t kuciniki.Turn, f *form.Form) error
}

var sheetActs = []sheetAct{
	{pathReport, "Realisasi dilaporkan.", func(k *desk, r *http.Request, v sheetView, t kuciniki.Turn, f *form.Form) error {
		var reached []kuciniki.Realisation
		for _, rhk := range v.RHKs {
			for _, in := range rhk.Indicators {
				c := kuciniki.ReachedControls(in.ID)
				got := kuciniki.Realisation{IndicatorID: in.ID, Note: f.Line(c[1])}
				if n, ok := f.Amount(c[0], 0, 1e11, "Isi realisasi dengan angka 0 atau lebih, tanpa titik ribuan, misalnya 1250 atau 12,5."); ok {
					got.Value = &n
				}
				reached = append(reached, got)
			}
		}
		if err := f.Err(); err != nil {
			return err
		}
		return k.Kuciniki.Report(r.Context(), web.ActorOf(r.Context()), t, reached, f.Text(kuciniki.ControlReflection))
	}},
	{pathOpine, "Pendapat Anda dicatat.", func(k *desk, r *http.Request, _ sheetView, t kuciniki.Turn, f *form.Form) error {
		return k.Kuciniki.Opine(r.Context(), web.ActorOf(r.Context()), t, f.Text(kuciniki.ControlOpinion))
	}},
	{pathJudge, "Penilaian disimpan.", func(k *desk, r *http.Request, _ sheetView, t kuciniki.Turn, f *form.Form) error {
		return k.Kuciniki.Judge(r.Context(), web.ActorOf(r.Context()), t, verdict(f))
	}},
	{pathConfirm, "Penilaian disahkan dan disampaikan.", func(k *desk, r *http.Request, _ sheetView, t kuciniki.Turn, _ *form.Form) error {
		return k.Kuciniki.Confirm(r.Context(), web.ActorOf(r.Context()), t, true, "")
	}},
	{pathReject, "Penilaian dikembalikan kepada penilai.", func(k *desk, r *http.Request, _ sheetView, t kuciniki.Turn, f *form.Form) error {
		return k.Kuciniki.Confirm(r.Context(), web.ActorOf(r.Context()), t, false, f.Text(kuciniki.ControlReason))
	}},
	{pathAccept, "Penilaian Anda terima.", func(k *desk, r *http.Request, _ sheetView, t kuciniki.Turn, _ *form.Form) error {
		return k.Kuciniki.Accept(r.Context(), web.ActorOf(r.Context()), t)
	}},
	{pathObject, "Sanggah Anda diterima dan akan diputus orang lain daripada yang menilai.", func(k *desk, r *http.Request, _ sheetView, t kuciniki.Turn, f *form.Form) error {
		return k.Kuciniki.Object(r.Context(), web.ActorOf(r.Context()), t, f.Text(kuciniki.ControlObjection))
	}},
	{pathDecide, "Sanggah diputus.", func(k *desk, r *http.Request, _ sheetView, t kuciniki.Turn, f *form.Form) error {
		return k.Kuciniki.Decide(r.Context(), web.ActorOf(r.Context()), t, verdict(f))
	}},
}

func verdict(f *form.Form) kuciniki.Verdict {
	d := kuciniki.Verdict{Result: kuciniki.Rating(f.Line(kuciniki.ControlResult)), Behaviour: kuciniki.Rating(f.Line(kuciniki.ControlBehaviour)),
		Values: map[kuciniki.Value]kuciniki.Rating{}, Reason: f.Text(kuciniki.ControlReason)}
	for _, v := range kuciniki.Values {
		if r := f.Line(kuciniki.ValueControl(v)); r != "" {
			d.Values[v] = kuciniki.Rating(r)
		}
	}
	return d
}

func (v sheetView) may(a kuciniki.Action) bool {
	for _, may := range v.Actions {
		if may == a {
			return true
		}
	}
	return false
}

func (v sheetView) name() string { return kuciniki.PeriodName(v.SKP.Year, v.Month) }

func (v sheetView) near() bool {
	return v.Role.Has(kuciniki.AsOwner | kuciniki.AsRater | kuciniki.AsCoRater | kuciniki.AsSecond)
}

// behind is the address of the list behind a figure of the evidence in the period; "" for who
// does not see the evidence: a leader of a team in another unit.
func (v sheetView) behind(f kuciniki.Figure) string {
	if !v.Role.Has(kuciniki.AsOwner | kuciniki.AsRater | kuciniki.AsAbove | kuciniki.AsPersonnel | kuciniki.AsInspector) {
		return ""
	}
	path := evidencePath + "/" + idText(v.SKP.PersonID)
	if r, ok := work.RuleOf(work.Metric(f.Metric)); ok && r.Metric != work.AgeOfBacklog {
		path += "/" + f.Metric
	}
	month := strconv.Itoa(v.SKP.Year)
	if v.Month != 0 {
		month = fmt.Sprintf("%d-%02d", v.SKP.Year, v.Month)
	}
	return path + "?" + paramMonth + "=" + month
}

// monthOf says that a target is that of a month.
func monthOf(month int) string {
	if month == 0 {
		return ""
	}
	return " bulan ini"
}

// typed is a control of an act's form, with what was typed where that act was refused.
func (v sheetView) typed(path string, c ui.Control) ui.Control {
	if v.Open == path {
		return c.Kept(v.Form)
	}
	c.ID = c.Name + "-" + path
	return c
}

func (v sheetView) reached(in kuciniki.Indicator) ui.Control {
	c := ui.Control{Name: kuciniki.ReachedControls(in.ID)[0], Label: "Realisasi", InputMode: "decimal", Width: "short", Value: number(v.Realisations[in.ID].Value)}
	if proposed, from, ok := kuciniki.ProposeReached(in, v.Figures); ok {
		of := indo.Int(from.X) + " dari " + indo.Int(from.N)
		if from.Value != nil {
			of = "9 dari 10 dari " + indo.Int(from.N) + " pekerjaan terbuka tidak lebih lama"
		}
		c.Hint = "Usulan dari pekerjaan: " + number(&proposed) + " " + in.Unit + " (" + of + "). Periksa dahulu; Anda yang melaporkan."
		if c.Value == "" && v.ID == 0 {
			c.Value = number(&proposed)
		}
	}
	return v.typed(pathReport, c)
}

func (v sheetView) reachedNote(in kuciniki.Indicator) ui.Control {
	return v.typed(pathReport, ui.Control{Name: kuciniki.ReachedControls(in.ID)[1], Label: "Keterangan", Optional: true, Value: v.Realisations[in.ID].Note})
}

func (v sheetView) long(path, name, label, value, hint string) ui.Control {
	return v.typed(path, ui.Control{Name: name, Label: label, Value: value, Hint: hint, Rows: 4, MaxLength: 4000})
}

func (v sheetView) reason(path, label, hint string) ui.Control {
	return v.typed(path, ui.Control{Name: kuciniki.ControlReason, Label: label, Hint: hint, Rows: 4, MaxLength: 2000})
}

func ratings() (out []ui.Option) {
	for _, r := range kuciniki.Ratings {
		out = append(out, ui.Option{Value: string(r), Label: r.Label()})
	}
	return out
}

func (v sheetView) rating(path, name, label, hint string, value kuciniki.Rating) ui.Control {
	return v.typed(path, ui.Control{Name: name, Label: label, Hint: hint, Value: string(value), Inline: true, Options: ratings()})
}

func (v sheetView) valueControl(path string, value kuciniki.Value, was kuciniki.Rating) ui.Control {
	return v.typed(path, ui.Control{Name: kuciniki.ValueControl(value), Label: value.Label(), Value: string(was), Width: "medium",
		Options: append([]ui.Option{{Value: "", Label: "Pilih"}}, ratings()...)})
}

// before is the judgement that a decision starts from.
func (v sheetView) before() kuciniki.Judgement {
	j, _ := v.Last()
	return j
}

// realised is what came of an indicator, in words.
func (v sheetView) realised(in kuciniki.Indicator) string {
	got := v.Realisations[in.ID]
	if got.Value == nil {
		return "belum dilaporkan"
	}
	out := kuciniki.Amount(got.Value, in.Unit)
	if in.Target != nil {
		if c, ok := kuciniki.Achieved(*in.Target, *got.Value, in.Lower); ok {
			out += " (" + indo.Decimal(c, 0) + "%)"
		}
	}
	return out
}

func (k *desk) loadSheet(r *http.Request) (v sheetView, err error) {
	v.Now = k.Clock.Now()
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "id")
	if err != nil {
		return v, err
	}
	month, err := strconv.Atoi(web.Path(r, "bulan"))
	if err != nil {
		return v, errs.New(errs.NotFound, "")
	}
	if v.Sheet, err = k.Kuciniki.Sheet(ctx, a, id, month); err != nil {
		return v, err
	}
	v.Ends = v.Final(k.Clock.Now())
	here := teamPath
	if v.Role.Has(kuciniki.AsOwner) {
		here = deskPath
	}
	v.Desk, err = k.side(ctx, a, here)
	return v, err
}

func (k *desk) sheet(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadSheet(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, sheetPage(v))
}

func (k *desk) sheetAct(a sheetAct) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := k.loadSheet(r)
		if err != nil {
			return err
		}
		f, err := form.Read(r)
		if err != nil {
			return err
		}
		t := kuciniki.Turn{SKP: v.SKP.ID, Month: v.Month}
		t.Seq, _ = strconv.Atoi(f.Value(controlSeq))
		if err := a.Do(k, r, v, t, f); err != nil {
			if !f.Refuse(err) {
				return err
			}
			code := web.Status(err)
			if v, err = k.loadSheet(r); err != nil {
				return err
			}
			v.Form, v.Open = f, a.Path
			return web.Render(w, r, code, sheetPage(v))
		}
		web.Flash(r, "success", a.Done)
		return web.Redirect(w, r, sheetHref(t.SKP, t.Month))
	}
}
