package kucinikiweb

import (
	"net/http"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// planView is the page of an SKP.
type planView struct {
	Desk    *ui.Desk
	Now     time.Time
	Plan    kuciniki.Plan
	Form    *form.Form
	Open    string // path of the act that was refused
	Leaders []kuciniki.Leader
	Search  string
	Taken   *kuciniki.Taken // what a file would bring
}

const (
	controlSeq    = "urutan"
	controlLeader = "cari_tim"
)

// planAct is one thing that may be done with an SKP.
type planAct struct {
	Path   string
	Action kuciniki.Action
	Button string
	Reason string // label of a reason, "" where none is asked
	Done   string
	Main   bool
}

var planActs = []planAct{
	{Path: "ajukan", Action: kuciniki.ActPropose, Button: "Ajukan kepada atasan", Done: "SKP diajukan kepada Pejabat Penilai Kinerja.", Main: true},
	{Path: "sepakati", Action: kuciniki.ActAgree, Button: "Sepakati SKP", Done: "SKP disepakati.", Main: true},
	{Path: "kembalikan", Action: kuciniki.ActReturn, Button: "Kembalikan untuk diperbaiki", Reason: "Apa yang perlu diperbaiki", Done: "SKP dikembalikan."},
	{Path: "ubah", Action: kuciniki.ActChange, Button: "Buka dialog kinerja untuk mengubah", Reason: "Mengapa SKP perlu diubah", Done: "SKP dibuka untuk diubah. Yang lama berlaku sampai yang baru disepakati."},
}

// acts are what the reader may do.
func (v planView) acts() (out []planAct) {
	for _, a := range planActs {
		for _, may := range v.Plan.Actions {
			if a.Action == may {
				if may == kuciniki.ActReturn && v.owner() {
					a.Button, a.Reason = "Tarik kembali", "Apa yang akan Anda perbaiki"
				}
				out = append(out, a)
			}
		}
	}
	return out
}

// spreadText says that a target is divided by months.
func spreadText(in kuciniki.Indicator) string {
	if in.Spread {
		return ", dibagi rata per bulan"
	}
	return ""
}

func (v planView) owner() bool { return v.Plan.Role.Has(kuciniki.AsOwner) }

func (v planView) reason(a planAct) ui.Control {
	c := ui.Control{Name: kuciniki.ControlReason, Label: a.Reason, Rows: 3, MaxLength: 2000, Required: true}
	if v.Open == a.Path {
		return c.Kept(v.Form)
	}
	c.ID = c.Name + "-" + a.Path
	return c
}

func (v planView) modelControl() ui.Control {
	c := ui.Control{Name: kuciniki.ControlModel, Label: "Model", Value: v.Plan.Model, Hint: "Kuantitatif: indikator menurut aspek dengan target angka. Kualitatif: ukuran keberhasilan dengan kata-kata."}
	for _, m := range kuciniki.Models {
		c.Options = append(c.Options, ui.Option{Value: m, Label: modelLabel(m)})
	}
	return v.typed(c)
}

func (v planView) typed(c ui.Control) ui.Control {
	if v.Open == "atur" {
		return c.Kept(v.Form)
	}
	return c
}

func (v planView) weightedControl() ui.Control {
	c := ui.Control{Name: kuciniki.ControlWeighted, Label: "Pakai bobot", Hint: "Bobot RHK utama berjumlah 100. Hanya untuk hitungan di portal; tidak tercetak di formulir."}
	if v.Open == "atur" && v.Form.Bool(c.Name) || v.Open != "atur" && v.Plan.Weighted {
		c.Values = []string{"1"}
	}
	return c
}

func (v planView) leaderControl() ui.Control {
	c := ui.Control{Name: kuciniki.ControlCoRater, Label: "Ketua tim di unit lain", Hint: "Bila Anda bekerja dalam tim unit lain, ketuanya ikut menilai."}
	c.Options = []ui.Option{{Value: "", Label: "Tidak ada"}}
	if id := v.Plan.CoRaterID; id != nil {
		c.Value = idText(*id)
		c.Options = append(c.Options, ui.Option{Value: c.Value, Label: v.Plan.CoRater})
	}
	for _, l := range v.Leaders {
		if o := (ui.Option{Value: idText(l.ID), Label: l.Label}); o.Value != c.Value {
			c.Options = append(c.Options, o)
		}
	}
	return v.typed(c)
}

func (v planView) searchControl() ui.Control {
	return ui.Control{Name: controlLeader, Label: "Cari ketua tim", Hint: "Nama, jabatan, atau unitnya.", Value: v.Search}
}

func (k *desk) loadPlan(r *http.Request) (v planView, err error) {
	v.Now = k.Clock.Now()
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "id")
	if err != nil {
		return v, err
	}
	if v.Plan, err = k.Kuciniki.Plan(ctx, a, id); err != nil {
		return v, err
	}
	here := teamPath
	if v.owner() {
		here = deskPath
	}
	v.Desk, err = k.side(ctx, a, here)
	return v, err
}

func (k *desk) plan(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadPlan(r)
	if err != nil {
		return err
	}
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	if v.Search = f.Line(controlLeader, form.Max(100)); v.Search != "" && v.Plan.Writable() {
		if v.Leaders, err = k.Kuciniki.Leaders(r.Context(), v.Search); err != nil {
			return err
		}
	}
	return web.Render(w, r, http.StatusOK, planPage(v))
}

// refusedPlan shows the SKP as it is now with what was wrong.
func (k *desk) refusedPlan(w http.ResponseWriter, r *http.Request, path string, f *form.Form, cause error) error {
	if !f.Refuse(cause) {
		return cause
	}
	v, err := k.loadPlan(r)
	if err != nil {
		return err
	}
	v.Form, v.Open = f, path
	return web.Render(w, r, web.Status(cause), planPage(v))
}

func (k *desk) setUp(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	in := kuciniki.Setup{Model: f.Line(kuciniki.ControlModel), Weighted: f.Bool(kuciniki.ControlWeighted), CoRater: f.ID(kuciniki.ControlCoRater, "")}
	if err = f.Err(); err == nil {
		err = k.Kuciniki.SetUp(r.Context(), web.ActorOf(r.Context()), id, in)
	}
	if err != nil {
		return k.refusedPlan(w, r, "atur", f, err)
	}
	web.Flash(r, "success", "Susunan SKP disimpan.")
	return web.Redirect(w, r, planHref(id))
}

func (k *desk) planAct(a planAct) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := web.PathInt(r, "id")
		if err != nil {
			return err
		}
		f, err := form.Read(r)
		if err != nil {
			return err
		}
		seq, _ := strconv.Atoi(f.Value(controlSeq))
		if err := k.Kuciniki.Act(r.Context(), web.ActorOf(r.Context()), id, seq, a.Action, f.Text(kuciniki.ControlReason)); err != nil {
			return k.refusedPlan(w, r, a.Path, f, err)
		}
		web.Flash(r, "success", a.Done)
		return web.Redirect(w, r, planHref(id))
	}
}

// versionsView is how an SKP changed.
type versionsView struct {
	Desk    *ui.Desk
	Plan    kuciniki.Plan
	Changes [][]kuciniki.Change // of each version against the one before
}

func (k *desk) versions(w http.ResponseWriter, r *http.Request) error {
	p, err := k.loadPlan(r)
	if err != nil {
		return err
	}
	v := versionsView{Desk: p.Desk, Plan: p.Plan}
	for i, ver := range p.Plan.Versions {
		before := kuciniki.Content{}
		if i > 0 {
			before = p.Plan.Versions[i-1].Content
		}
		v.Changes = append(v.Changes, kuciniki.Diff(before, ver.Content))
	}
	return web.Render(w, r, http.StatusOK, versionsPage(v))
}

// matrixView is the matriks pembagian peran dan hasil below an SKP.
type matrixView struct {
	Desk *ui.Desk
	SKP  kuciniki.SKP
	Tree []kuciniki.Branch
	Cut  bool
}

func (k *desk) matrix(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	var v matrixView
	if v.SKP, v.Tree, v.Cut, err = k.Kuciniki.Matrix(ctx, a, id); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, ""); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, matrixPage(v))
}
