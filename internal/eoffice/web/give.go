package eofficeweb

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
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

// On what orders are given: a letter that arrived, or an order.
const (
	paramRecipient = "kiriman"
	paramAbove     = "atas"
)

// What a desk has to do with an order.
const (
	partDo   = "laksana"
	partLead = "utama"
	partInfo = "tahu"
)

const controlPart = "sebagai_"

func giveHref(letterID int64, param string, id int64) string {
	return letterHref(letterID) + "/disposisi?" + url.Values{param: {strconv.FormatInt(id, 10)}}.Encode()
}

func giveLabel(v letterView, r eoffice.Recipient) string {
	if len(v.givers()) > 1 {
		return "Beri disposisi sebagai " + r.Title
	}
	return "Beri disposisi"
}

// target is a desk in the list of those who may get an order.
type target struct {
	eoffice.Place
	Part   string
	Beyond bool // not directly below
	Found  bool // by the search just made
	Team   string
}

type giveView struct {
	Desk    *ui.Desk
	D       eoffice.Detail
	Param   string // paramRecipient or paramAbove
	ID      int64
	Version int
	Seat    int64  // position
	Title   string // of it
	Above   *time.Time
	Targets []target
	Labels  []string // instructions
	Find    string
	Nobody  bool
	Form    *form.Form
}

// loadGive reads on what orders are to be given. What is not the reader's is errs.NotFound,
// what takes none now errs.Conflict.
func (k *desk) loadGive(r *http.Request, f *form.Form) (v giveView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	letter, err := web.PathInt(r, "id")
	if err != nil {
		return v, err
	}
	if v.D, err = k.Office.Open(ctx, a, letter); err != nil {
		return v, err
	}
	v.Param = paramRecipient
	if f.Has(paramAbove) {
		v.Param = paramAbove
	}
	v.ID, _ = strconv.ParseInt(f.Value(v.Param), 10, 64)
	possible := false
	for _, rc := range v.D.Recipients {
		if v.Param == paramRecipient && rc.ID == v.ID {
			possible = slices.Contains(v.D.RecipientActions[rc.ID], eoffice.ActFollow)
			v.Version, v.Seat, v.Title = rc.Seq, rc.PositionID, rc.Title
		}
	}
	for _, o := range v.D.Orders {
		if v.Param == paramAbove && o.ID == v.ID {
			possible = slices.Contains(o.Actions, eoffice.ActForward)
			v.Version, v.Seat, v.Title, v.Above = o.Seq, o.ToID, o.ToTitle, o.DueAt
		}
	}
	switch {
	case v.Seat == 0 || !v.D.Moment.WorksAt(v.Seat):
		return v, errs.New(errs.NotFound, "Naskah ini tidak ada di meja Anda.")
	case !possible || !v.D.Secrecy.PassedOn():
		return v, errs.New(errs.Conflict, "Naskah ini sekarang tidak dapat didisposisikan dari meja Anda. Buka naskahnya untuk melihat keadaannya.")
	}
	choices, err := k.Office.Choices(ctx, a, v.Seat)
	if err != nil {
		return v, err
	}
	v.Labels = choices.Instructions
	for _, p := range choices.Desks {
		v.Targets = append(v.Targets, target{Place: p})
	}
	v.Desk, err = k.side(ctx, a, "")
	return v, err
}

// give shows the form of orders.
func (k *desk) give(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v, err := k.loadGive(r, f)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, givePage(v))
}

// sendOrders gives the orders of the form, or looks for another desk.
func (k *desk) sendOrders(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := k.loadGive(r, f)
	if err != nil {
		return err
	}
	v.Form = f
	if err := k.chosen(r, &v); err != nil {
		return err
	}
	if f.Value(controlDo) == "cari" || f.Value(controlDo) == "enter" && f.Line(controlFind) != "" {
		status, err := k.findTargets(r, &v)
		if err != nil {
			return err
		}
		return web.Render(w, r, status, givePage(v))
	}
	g := v.giving()
	if f.OK() {
		g.Version = v.shown()
		ids, err := k.Office.Give(ctx, a, g)
		if err == nil {
			web.Flash(r, "success", sentTo(len(g.Orders), len(ids)))
			return web.Redirect(w, r, letterHref(v.D.ID)+"#disposisi")
		}
		switch errs.KindOf(err) {
		case errs.Unprocessable:
			f.FailWith(errs.Invalid(v.atControls(g, errs.FieldsOf(err))...))
		case errs.Conflict:
			f.Fail("", errs.MessageOf(err))
		default:
			return err
		}
		return web.Render(w, r, web.Status(err), givePage(v))
	}
	return web.Render(w, r, http.StatusUnprocessableEntity, givePage(v))
}

func sentTo(asked, given int) string {
	text := fmt.Sprintf("Disposisi dikirim kepada %d jabatan.", asked)
	if given > asked {
		text += " Pejabat yang dilewati mendapat tembusan."
	}
	return text
}

// chosen writes into the list what the form says of each desk, and those that were found.
func (k *desk) chosen(r *http.Request, v *giveView) error {
	var beyond []int64
	for _, id := range v.Form.IDs(controlPerson) {
		if len(beyond) < 50 && !slices.ContainsFunc(v.Targets, func(t target) bool { return t.PositionID == id }) && !slices.Contains(beyond, id) {
			beyond = append(beyond, id)
		}
	}
	places, err := k.Office.Places(r.Context(), beyond)
	if err != nil {
		return err
	}
	for _, id := range beyond {
		if p, ok := places[id]; ok {
			v.Targets = append(v.Targets, target{Place: p, Beyond: true})
		}
	}
	for i, t := range v.Targets {
		v.Targets[i].Part = v.Form.Line(controlPart + strconv.FormatInt(t.PositionID, 10))
	}
	return nil
}

func (k *desk) findTargets(r *http.Request, v *giveView) (status int, err error) {
	if v.Find = v.Form.Line(controlFind); v.Find == "" {
		v.Form.Fail(controlFind, "Tulis nama jabatan, unit, orang, atau tim kerja yang dicari.")
		return http.StatusUnprocessableEntity, nil
	}
	found, err := k.Office.FindPlaces(r.Context(), v.Find)
	if err != nil {
		return 0, err
	}
	teams, err := k.Office.Teams(r.Context(), v.Seat, v.Find)
	if err != nil {
		return 0, err
	}
	v.Nobody = len(found)+len(teams) == 0
	for _, p := range found {
		v.found(p)
	}
	for _, team := range teams {
		for _, p := range team.Desks {
			if p.PositionID == v.Seat {
				continue
			}
			t := v.found(p)
			if t.Team = team.Name; t.Part == "" {
				t.Part = partDo
			}
		}
	}
	return http.StatusOK, nil
}

// found marks a desk in the list, and puts it there.
func (v *giveView) found(p eoffice.Place) *target {
	at := slices.IndexFunc(v.Targets, func(t target) bool { return t.PositionID == p.PositionID })
	if at < 0 {
		at = len(v.Targets)
		v.Targets = append(v.Targets, target{Place: p, Beyond: true})
	}
	v.Targets[at].Found = true
	return &v.Targets[at]
}

// giving is what the form asks for. Wrong answers are failures of the form.
func (v *giveView) giving() eoffice.Giving {
	f := v.Form
	g := eoffice.Giving{Jump: f.Text(eoffice.ControlJump), Admit: f.Bool(eoffice.ControlAdmit)}
	if v.Param == paramAbove {
		g.ParentID = v.ID
	} else {
		g.RecipientID = v.ID
	}
	note := f.Text(eoffice.ControlNote)
	labels := f.Multi(eoffice.ControlInstruction)
	due := v.readDue()
	for _, t := range v.Targets {
		o := eoffice.NewOrder{To: t.PositionID, Note: note}
		switch t.Part {
		case partLead:
			o.Lead, o.Instructions, o.Due = true, labels, due
		case partDo:
			o.Instructions, o.Due = labels, due
		case partInfo:
			o.ForInfo = true
		default:
			continue
		}
		g.Orders = append(g.Orders, o)
	}
	return g
}

// readDue is the end of the day that was chosen, or on the last day that the order above
// leaves, the time that it leaves.
func (v *giveView) readDue() *time.Time {
	day := v.Form.Date(eoffice.ControlDue, "")
	if day.IsZero() {
		return nil
	}
	at := endOf(day)
	if v.Above != nil && !v.Above.Before(day) && v.Above.Before(at) {
		at = *v.Above
	}
	return &at
}

// atControls puts messages about one of several orders at the controls of the page, each
// once.
func (v *giveView) atControls(g eoffice.Giving, fields []errs.Field) (out []errs.Field) {
	for _, f := range fields {
		name, place, _ := strings.Cut(f.Name, ".")
		i, _ := strconv.Atoi(place)
		if name == eoffice.ControlTarget && i < len(g.Orders) {
			name = controlPart + strconv.FormatInt(g.Orders[i].To, 10)
		}
		if f.Name = name; !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

// shown is the number of the event that whoever fills in the form has seen.
func (v giveView) shown() int {
	if n, err := strconv.Atoi(v.value(controlEvent)); err == nil {
		return n
	}
	return v.Version
}

func (v giveView) problem(name string) string {
	if v.Form == nil {
		return ""
	}
	return v.Form.Errors().Get(name)
}

func (v giveView) value(name string) string {
	if v.Form == nil {
		return ""
	}
	return v.Form.Value(name)
}

// jumps tells whether somebody may be passed over by what was chosen.
func (v giveView) jumps() bool {
	return v.problem(eoffice.ControlJump) != "" || v.value(eoffice.ControlJump) != "" || slices.ContainsFunc(v.Targets, func(t target) bool { return t.Beyond })
}

func (v giveView) part(t target) ui.Control {
	name := controlPart + strconv.FormatInt(t.PositionID, 10)
	return ui.Control{
		Name: name, Label: "Tugas " + t.Title, Hidden: true, Value: t.Part, Error: v.problem(name),
		Options: []ui.Option{
			{Label: "tidak ikut"}, {Value: partDo, Label: "Menindaklanjuti"}, {Value: partLead, Label: "Penanggung jawab"}, {Value: partInfo, Label: "Untuk diketahui"},
		},
	}
}

func (v giveView) instructions() ui.Control {
	c := ui.Control{Name: eoffice.ControlInstruction, Label: "Instruksi", Error: v.problem(eoffice.ControlInstruction)}
	for _, l := range v.Labels {
		c.Options = append(c.Options, ui.Option{Value: l, Label: l})
	}
	if v.Form != nil {
		c.Values = v.Form.Multi(eoffice.ControlInstruction)
	}
	return c
}

func (v giveView) due() ui.Control {
	c := ui.Control{
		Name: eoffice.ControlDue, Label: "Batas waktu", Optional: true, Value: v.value(eoffice.ControlDue), Error: v.problem(eoffice.ControlDue),
		Min: v.D.Moment.Now.In(indo.WITA).Format(time.DateOnly), Hint: "Bila kosong, mengikuti urgensi naskah: " + strings.ToLower(v.D.Urgency.Label()) + ".",
	}
	switch {
	case v.Above == nil:
	case v.Above.Before(v.D.Moment.Now):
		c.Hint = "Batas disposisi di atasnya sudah lewat, " + indo.DateTime(*v.Above) + ". Kosongkan, atau mohon tambahan waktu lebih dahulu."
	default:
		c.Hint += " Paling lambat " + indo.DateTime(*v.Above) + ", batas disposisi di atasnya."
	}
	return c
}

func (v giveView) admit() ui.Control {
	c := ui.Control{
		Name: eoffice.ControlAdmit, Label: "Beri hak membuka naskah rahasia ini", Error: v.problem(eoffice.ControlAdmit),
		Hint: "Untuk jabatan yang belum berhak. Pemberian hak dicatat.",
	}
	if v.Form != nil && v.Form.Bool(eoffice.ControlAdmit) {
		c.Values = []string{"1"}
	}
	return c
}
