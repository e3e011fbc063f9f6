package epuskesmasweb

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// regView is the registration at a window of the desk.
type regView struct {
	Text    string // searched for
	Found   []epuskesmas.Known
	Patient *epuskesmas.Known
	New     bool
	Key     string
	Alike   *epuskesmas.Alike // who may be the patient that was typed as new
}

// cameWith names who is asked about.
func cameWith(a epuskesmas.Alike) string {
	t := a.Booked
	if t == nil || t.BirthDate == nil {
		return "Orang ini"
	}
	return t.Code + " " + t.Patient + ", lahir " + indo.ShortDate(*t.BirthDate) + ","
}

// controlSeen are the patients who were shown as looking the same, when none of them is it.
const controlSeen = "dilihat"

// typed are the answers of a registration that its warning carries along.
var typed = []string{
	controlKey, controlTicket, controlSeq, epuskesmas.ControlName, epuskesmas.ControlBirth, epuskesmas.ControlNIK, epuskesmas.ControlBPJS, epuskesmas.ControlPoli,
	epuskesmas.ControlPayer, epuskesmas.ControlFaskes, epuskesmas.ControlReason,
}

// alikeIDs lists who a warning shows, for controlSeen.
func alikeIDs(a epuskesmas.Alike) string {
	ids := make([]string, len(a.Known))
	for i, p := range a.Known {
		ids[i] = itoa(p.ID)
	}
	return strings.Join(ids, " ")
}

// seenAlike are the patients of controlSeen.
func seenAlike(f *form.Form) (ids []int64) {
	for _, text := range strings.Fields(f.Line(controlSeen, form.Max(200))) {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// open says that a form to register somebody is on the page.
func (v regView) open() bool { return v.Patient != nil || v.New }

// expected says that the patient has a number and is to be checked in: Enter does it.
func (v regView) expected() bool {
	return v.Patient != nil && slices.ContainsFunc(v.Patient.Today, func(t epuskesmas.Ticket) bool { return t.Status == epuskesmas.Booked })
}

// loadSearch finds the patient that the address asks for.
func (k *desk) loadSearch(r *http.Request, v *roomView) error {
	if !v.AtDesk {
		return nil
	}
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v.Reg.Key = crypt.Token()
	v.Reg.New = f.Bool(paramNew)
	if id := f.ID(paramPatient, ""); id != 0 && f.OK() {
		p, err := k.Queue.Patient(ctx, a, v.Site.UnitID, id)
		if err != nil {
			return err
		}
		v.Reg.Patient = &p
		return nil
	}
	v.Print = f.ID(paramPrint, "")
	return nil
}

// search finds patients. What was typed may be a NIK, so it does not stand in the
// address; one hit needs no choosing.
func (k *desk) search(w http.ResponseWriter, r *http.Request) error {
	id, f, err := k.posted(r)
	if err != nil {
		return err
	}
	v, err := k.loadRoom(r)
	if err != nil {
		return err
	}
	if !v.AtDesk {
		return errs.New(errs.NotFound, "")
	}
	if v.Reg.Text = f.Line(paramSearch); len(v.Reg.Text) > 200 || v.Reg.Text == "" {
		return web.Redirect(w, r, roomPath(id))
	}
	if v.Reg.Found, err = k.Queue.FindPatients(r.Context(), web.ActorOf(r.Context()), v.Site.UnitID, v.Reg.Text); err != nil {
		return err
	}
	if len(v.Reg.Found) == 1 {
		return web.Redirect(w, r, roomPath(id)+"?"+paramPatient+"="+itoa(v.Reg.Found[0].ID))
	}
	return web.Render(w, r, http.StatusOK, roomPage(v))
}

func (k *desk) register(w http.ResponseWriter, r *http.Request) error {
	id, f, err := k.posted(r)
	if err != nil {
		return err
	}
	v, err := k.loadRoom(r)
	if err != nil {
		return err
	}
	if !v.AtDesk {
		return errs.New(errs.NotFound, "")
	}
	in := epuskesmas.Registration{
		Key: "loket-" + f.Line(controlKey, form.Max(64)), PatientID: f.ID(paramPatient, ""), Name: f.Line(epuskesmas.ControlName), NIK: f.Line(epuskesmas.ControlNIK),
		BPJS: f.Line(epuskesmas.ControlBPJS), Payer: epuskesmas.Payer(f.Value(epuskesmas.ControlPayer)), Faskes: f.Line(epuskesmas.ControlFaskes),
		PoliID: f.ID(epuskesmas.ControlPoli, ""), Reason: f.Line(epuskesmas.ControlReason),
	}
	if in.PatientID == 0 {
		in.BirthDate = f.Date(epuskesmas.ControlBirth, "")
	}
	if in.Reason != "" {
		in.Class = estimate.Priority
	}
	in.Seen = seenAlike(f)
	if f.Value(controlTicket) != "" {
		if in.DeskID, in.DeskSeq, err = seen(f); err != nil {
			return err
		}
	}
	a := web.ActorOf(r.Context())
	var t epuskesmas.Ticket
	if err = f.Err(); err == nil {
		t, err = k.Queue.Register(r.Context(), a, v.Site.UnitID, in)
	}
	switch kind := errs.KindOf(err); {
	case errors.As(err, &v.Reg.Alike):
	case err == nil:
		web.Flash(r, "success", "Nomor "+t.Code+" di "+t.PoliName+", nomor rekam medis "+recordNo(t.RecordNo)+".")
		return web.Redirect(w, r, roomPath(id)+"?"+paramPrint+"="+itoa(t.ID))
	case kind == errs.Unprocessable:
		f.FailWith(err)
	case kind == errs.Conflict:
		f.Fail(epuskesmas.ControlPoli, errs.MessageOf(err))
	default:
		return err
	}
	v.Form, v.Refused = f, "daftar"
	v.Reg.Key = f.Value(controlKey)
	if in.PatientID != 0 {
		p, err := k.Queue.Patient(r.Context(), a, v.Site.UnitID, in.PatientID)
		if err != nil {
			return err
		}
		v.Reg.Patient = &p
	} else {
		v.Reg.New = true
	}
	return web.Render(w, r, web.Status(err), roomPage(v))
}

// regControl gives a control of the registration what was typed into it.
func (v roomView) regControl(c ui.Control) ui.Control {
	if v.Form != nil && v.Refused == "daftar" {
		c.Value, c.Error = v.Form.Value(c.Name), v.Form.Errors().Get(c.Name)
	}
	return c
}

// poliControl offers the clinics; the first is chosen, so that Enter alone registers.
func (v roomView) poliControl() ui.Control {
	c := ui.Control{Name: epuskesmas.ControlPoli, Label: "Poli tujuan", Required: true, Inline: true}
	for _, p := range v.House.Polis {
		if p.Kind != epuskesmas.KindClinic {
			continue
		}
		o := ui.Option{Value: itoa(p.ID), Label: p.Letter + " · " + p.Name, Hint: strconv.Itoa(v.House.Loads[p.ID].Waiting) + " menunggu"}
		if len(c.Options) == 0 {
			c.Value = o.Value
			if v.Reg.Patient != nil && !v.Reg.expected() {
				o.Attrs = map[string]any{"autofocus": true}
			}
		}
		c.Options = append(c.Options, o)
	}
	return v.regControl(c)
}

func (v roomView) payerControl() ui.Control {
	c := ui.Control{Name: epuskesmas.ControlPayer, Label: "Cara membayar", Required: true, Inline: true, Value: string(epuskesmas.General),
		Options: []ui.Option{{Value: string(epuskesmas.JKN), Label: "JKN (BPJS)"}, {Value: string(epuskesmas.General), Label: "Umum"}}}
	if p := v.Reg.Patient; p != nil && (p.Payer == epuskesmas.JKN || p.Payer == "" && p.BPJS != "") {
		c.Value = string(epuskesmas.JKN)
	}
	return v.regControl(c)
}

func (v roomView) faskesControl() ui.Control {
	c := ui.Control{Name: epuskesmas.ControlFaskes, Label: "Faskes terdaftar", Hint: "Seperti di kartu JKN.", Optional: true, Width: "medium", Autocomplete: "off"}
	if p := v.Reg.Patient; p != nil {
		c.Value = p.Faskes
	}
	return v.regControl(c)
}

func (v roomView) priorityControl() ui.Control {
	c := ui.Control{Name: epuskesmas.ControlReason, Label: "Prioritas", Width: "medium", Options: []ui.Option{{Value: "", Label: "Menurut umur"}}}
	for _, reason := range epuskesmas.PriorityReasons {
		c.Options = append(c.Options, ui.Option{Value: reason, Label: reason})
	}
	return v.regControl(c)
}

// slip is a ticket on 80 mm paper.
func (k *desk) slip(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "tiket")
	if err != nil {
		return err
	}
	s, err := k.Queue.Slip(r.Context(), web.ActorOf(r.Context()), id)
	if err != nil {
		return err
	}
	code, err := picture(k.BaseURL + "/antrean/" + s.Token)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, slipPage(s, code))
}
