package eofficeweb

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	opinionPath = deskPath + "/pendapat"
	controlAsk  = "tanya_" // a desk of the list is asked
)

// asked is a desk in the list of those who may be asked.
type asked struct {
	eoffice.Place
	Chosen bool
	Found  bool // by the search just made
}

type askView struct {
	Desk    *ui.Desk
	D       eoffice.Detail
	Version int // as the form showed the letter
	People  []asked
	Find    string
	Nobody  bool
	Form    *form.Form
}

// loadAsk reads the letter about which opinions are asked. What takes none now is errs.Conflict.
func (k *desk) loadAsk(r *http.Request) (v askView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "id")
	if err != nil {
		return v, err
	}
	if v.D, err = k.Office.Open(ctx, a, id); err != nil {
		return v, err
	}
	if !v.D.MayAsk() {
		return v, errs.New(errs.Conflict, "Pendapat atas naskah ini tidak dapat Anda minta sekarang. Kembali ke naskahnya untuk melihat keadaannya.")
	}
	v.Version = v.D.Seq
	v.Desk, err = k.side(ctx, a, "")
	return v, err
}

// askForm shows the form in which other desks are asked.
func (k *desk) askForm(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadAsk(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, askPage(v))
}

// ask sends the requests of the form, or looks for a desk.
func (k *desk) ask(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := k.loadAsk(r)
	if err != nil {
		return err
	}
	v.Form = f
	act, err := actOf(r, f)
	if err != nil {
		return err
	}
	v.Version = act.Version
	if err := k.listAsked(r, &v); err != nil {
		return err
	}
	if do := f.Value(controlDo); do == "cari" || do == "enter" && f.Line(controlFind) != "" {
		status, err := k.findAsked(r, &v)
		if err != nil {
			return err
		}
		return web.Render(w, r, status, askPage(v))
	}
	ask := eoffice.Asking{Question: f.Text(eoffice.ControlQuestion), Mandatory: f.Bool(eoffice.ControlMandatory)}
	for _, p := range v.People {
		if p.Chosen {
			ask.Desks = append(ask.Desks, p.PositionID)
		}
	}
	if day := f.Date(eoffice.ControlDue, "Pilih batas waktunya."); f.OK() {
		ask.Due = endOf(day)
		err := k.Office.AskOpinions(ctx, a, act, ask)
		if err == nil {
			web.Flash(r, "success", "Permintaan pendapat dikirim. Jabatan yang diminta sekarang dapat membaca naskah ini.")
			return web.Redirect(w, r, letterHref(act.ID)+"#pendapat")
		}
		switch errs.KindOf(err) {
		case errs.Unprocessable:
			f.FailWith(err)
		case errs.Conflict:
			f.Fail("", errs.MessageOf(err))
		default:
			return err
		}
		return web.Render(w, r, web.Status(err), askPage(v))
	}
	return web.Render(w, r, http.StatusUnprocessableEntity, askPage(v))
}

// listAsked are the desks that the form lists.
func (k *desk) listAsked(r *http.Request, v *askView) error {
	var ids []int64
	for _, id := range v.Form.IDs(controlPerson) {
		if len(ids) < 50 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	places, err := k.Office.Places(r.Context(), ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if p, ok := places[id]; ok {
			v.People = append(v.People, asked{Place: p, Chosen: v.Form.Bool(controlAsk + strconv.FormatInt(id, 10))})
		}
	}
	return nil
}

func (k *desk) findAsked(r *http.Request, v *askView) (status int, err error) {
	if v.Find = v.Form.Line(controlFind); v.Find == "" {
		v.Form.Fail(controlFind, "Tulis nama jabatan, unit, atau orang yang dicari.")
		return http.StatusUnprocessableEntity, nil
	}
	found, err := k.Office.FindPlaces(r.Context(), v.Find)
	if err != nil {
		return 0, err
	}
	v.Nobody = len(found) == 0
	for _, p := range found {
		if !slices.ContainsFunc(v.People, func(o asked) bool { return o.PositionID == p.PositionID }) {
			v.People = append(v.People, asked{Place: p, Found: true, Chosen: len(found) == 1})
		}
	}
	return http.StatusOK, nil
}

func (p asked) control() ui.Control {
	c := ui.Control{Name: controlAsk + strconv.FormatInt(p.PositionID, 10), Label: p.Title, Hint: p.UnitName}
	switch {
	case p.Holder == "":
		c.Hint += " · jabatan kosong"
	default:
		c.Hint += " · " + p.Holder
	}
	if p.Chosen {
		c.Value = "1"
	}
	return c
}

func (v askView) control(c ui.Control) ui.Control {
	return c.Typed(v.Form)
}

func (v askView) question() ui.Control {
	return v.control(ui.Control{Name: eoffice.ControlQuestion, Label: "Apa yang ingin ditanyakan", Optional: true, Rows: 3, MaxLength: 1000})
}

func (v askView) due() ui.Control {
	return v.control(ui.Control{Name: eoffice.ControlDue, Label: "Batas waktu", Required: true, Min: v.D.Moment.Now.In(indo.WITA).Format(time.DateOnly)})
}

func (v askView) mandatory() ui.Control {
	return v.control(ui.Control{Name: eoffice.ControlMandatory, Label: "Wajib", Hint: "Naskah belum dapat ditandatangani sebelum pendapat ini ada."})
}

// opinionAct is one thing that may be done to an opinion, as a form of its letter's page.
type opinionAct struct {
	Path   string
	Action eoffice.Action
	Button string
	Done   string
}

var opinionActs = []opinionAct{
	{Path: "beri", Action: eoffice.ActOpine, Button: "Beri pendapat", Done: "Pendapat Anda dikirim."},
	{Path: "minta-lagi", Action: eoffice.ActAskAgain, Button: "Minta lagi untuk versi ini", Done: "Pendapat diminta lagi."},
	{Path: "tarik", Action: eoffice.ActCancel, Button: "Tarik permintaan", Done: "Permintaan pendapat ditarik."},
}

// opinionAct handles the form of one act on an opinion.
func (k *desk) opinionAct(a opinionAct) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := form.Read(r)
		if err != nil {
			return err
		}
		act, err := actOf(r, f)
		if err != nil {
			return err
		}
		ctx, who := r.Context(), web.ActorOf(r.Context())
		switch a.Action {
		case eoffice.ActOpine:
			err = k.Office.Opine(ctx, who, act, eoffice.Answer{Stance: eoffice.Stance(f.Line(eoffice.ControlStance)), Words: f.Text(eoffice.ControlRemark)})
		case eoffice.ActAskAgain:
			day := f.Date(eoffice.ControlDue, "Pilih batas waktunya.")
			if err = f.Err(); err == nil {
				err = k.Office.AskAgain(ctx, who, act, endOf(day))
			}
		case eoffice.ActCancel:
			err = k.Office.CancelOpinion(ctx, who, act)
		}
		letter, _ := strconv.ParseInt(f.Value(controlLetter), 10, 64)
		if err != nil {
			if errs.KindOf(err) == errs.NotFound || letter <= 0 {
				return err
			}
			return k.refused(w, r, opinionKey(a, act.ID), letter, f, err)
		}
		web.Flash(r, "success", a.Done)
		if letter <= 0 {
			return web.Redirect(w, r, deskPath)
		}
		return web.Redirect(w, r, letterHref(letter)+"#pendapat")
	}
}

func opinionKey(a opinionAct, id int64) string {
	return "pendapat-" + a.Path + "-" + strconv.FormatInt(id, 10)
}

func opinionHref(id int64, path string) string {
	return opinionPath + "/" + strconv.FormatInt(id, 10) + "/" + path
}

// opinionControl is a control of an act's form with an id of its own, and with what was
// typed when that act was refused.
func (v letterView) opinionControl(a opinionAct, id int64, c ui.Control) ui.Control {
	return oneOf(opinionKey(a, id), v.Open, v.Form, c)
}

func (v letterView) stance(a opinionAct, id int64) ui.Control {
	c := ui.Control{Name: eoffice.ControlStance, Label: "Pendapat Anda", Required: true}
	for _, s := range eoffice.Stances {
		c.Options = append(c.Options, ui.Option{Value: string(s), Label: s.Label()})
	}
	return v.opinionControl(a, id, c)
}

// opinionMark says where an opinion stands.
func opinionMark(o eoffice.OpinionView, before bool) (mark, color string) {
	switch {
	case o.Stance == "" && before:
		return "menunggu pendapat", "info"
	case o.Stance == "":
		return "tidak dijawab", "neutral"
	case !o.Current():
		return o.Stance.Label() + ", untuk versi " + strconv.Itoa(o.Version), "warning"
	}
	return o.Stance.Label(), map[eoffice.Stance]string{eoffice.Agrees: "success", eoffice.AgreesIf: "info", eoffice.Disapproves: "danger"}[o.Stance]
}

// beforeSigning tells whether the letter still waits for opinions.
func (v letterView) beforeSigning() bool {
	return v.D.Status == eoffice.Verifying || v.D.Status == eoffice.AwaitingSign || v.D.Status == eoffice.Mending
}

// opined says what happened to an opinion, which is named by whom it is of.
var opined = map[eoffice.Action]string{
	eoffice.ActAsk: "Pendapat diminta", eoffice.ActOpine: "Pendapat diberikan", eoffice.ActAskAgain: "Pendapat diminta lagi", eoffice.ActCancel: "Permintaan pendapat ditarik",
}
