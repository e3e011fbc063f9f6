package eofficeweb

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	recordPath = deskPath + "/catat"
	loosePath  = deskPath + "/baki"
)

// Controls of the form of a letter from outside that only the page knows.
const (
	controlLoose = "baki"  // scans that wait in the tray for this letter
	controlDrop  = "hapus" // scans that a correction takes away
	doNext       = "berikutnya"
	doSave       = "simpan"
	doAnyway     = "tetap"
	sendersList  = "daftar-asal"
)

// arrivalView is the form in which a letter from outside is written down or corrected.
type arrivalView struct {
	Desk    *ui.Desk
	Form    *form.Form
	In      eoffice.Arrival
	Setting eoffice.Arrivals
	KKA     []eoffice.KKA
	Key     string
	Loose   []eoffice.Loose
	Twins   []eoffice.Twin
	Case    eoffice.Case   // being corrected; ID 0: it is a new one
	Files   []eoffice.File // that it has
	Now     time.Time
}

// recordForm is the empty form, with what repeats from the letter before.
func (k *desk) recordForm(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := arrivalView{Key: crypt.Token()}
	if v.Setting, err = k.Office.ArrivalForm(ctx, a, f.ID(eoffice.ControlSeat, "")); err != nil {
		return err
	}
	v.In = readArrival(f)
	v.In.Kind, v.In.Secrecy = cmp.Or(v.In.Kind, "SD"), eoffice.Secrecy(cmp.Or(string(v.In.Secrecy), string(eoffice.Open)))
	v.In.Urgency, v.In.Channel = eoffice.Urgency(cmp.Or(string(v.In.Urgency), string(eoffice.Ordinary))), cmp.Or(v.In.Channel, eoffice.Channels[0])
	if v.In.Received.IsZero() {
		v.In.Received = k.Clock.Now()
	}
	if v.Loose, err = k.Office.LooseOf(ctx, a, v.In.Papers); err != nil {
		return err
	}
	return k.showArrival(w, r, http.StatusOK, v)
}

func (k *desk) showArrival(w http.ResponseWriter, r *http.Request, status int, v arrivalView) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v.Now = k.Clock.Now()
	if v.KKA, err = k.Office.Classification(ctx); err != nil {
		return err
	}
	current := ""
	if v.Case.ID == 0 {
		current = recordPath
	}
	if v.Desk, err = k.side(ctx, a, current); err != nil {
		return err
	}
	return web.Render(w, r, status, arrivalPage(v))
}

// readArrival reads the form. What is no date or no id is asked for again by the module.
func readArrival(f *form.Form) eoffice.Arrival {
	number := func(name string) int64 { n, _ := strconv.ParseInt(f.Line(name), 10, 64); return n }
	day := func(name string) time.Time {
		t, _ := time.ParseInLocation(time.DateOnly, f.Line(name), indo.WITA)
		return t
	}
	return eoffice.Arrival{
		Kind: f.Line(eoffice.ControlKind), Sender: f.Line(eoffice.ControlSender), Number: f.Line(eoffice.ControlNumber), Date: day(eoffice.ControlDate),
		Received: day(eoffice.ControlReceived), Subject: f.Line(eoffice.ControlSubject), Secrecy: eoffice.Secrecy(f.Line(eoffice.ControlSecrecy)),
		Urgency: eoffice.Urgency(f.Line(eoffice.ControlUrgency)), KKA: f.Line(eoffice.ControlKKA), Channel: f.Line(eoffice.ControlChannel),
		Place: f.Line(eoffice.ControlPlace), OtherSystem: f.Line(eoffice.ControlOtherSystem), Other: f.Line(eoffice.ControlOther), To: number(eoffice.ControlTo),
		Papers: f.IDs(controlLoose), Drop: f.IDs(controlDrop), Twin: f.Value(controlDo) == doAnyway,
	}
}

// readPapers reads the form with its scans, which wait in the tray from now on: whatever is
// refused then, they need not be sent again.
func (k *desk) readPapers(r *http.Request, a authz.Actor, f *form.Form, unitID int64) (in eoffice.Arrival, loose []eoffice.Loose, err error) {
	in = readArrival(f)
	for _, header := range f.Files(eoffice.ControlFile) {
		err := withFile(header, func(u eoffice.Upload) error {
			l, err := k.Office.ToTray(r.Context(), a, unitID, u)
			if err == nil {
				in.Papers = append(in.Papers, l.ID)
			}
			return err
		})
		if err != nil && !f.FailWith(err) {
			return in, nil, err
		}
	}
	loose, err = k.Office.LooseOf(r.Context(), a, in.Papers)
	in.Papers = in.Papers[:0]
	for _, l := range loose { // those that are left
		in.Papers = append(in.Papers, l.ID)
	}
	return in, loose, err
}

// record writes a letter down.
func (k *desk) record(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := readFiles(r)
	if err != nil {
		return err
	}
	seat := f.ID(eoffice.ControlSeat, "")
	v := arrivalView{Form: f, Key: f.Line(controlKey)}
	if len(v.Key) > 64 || v.Key == "" {
		v.Key = crypt.Token()
	}
	if v.Setting, err = k.Office.ArrivalForm(ctx, a, seat); err != nil {
		return err
	}
	if v.In, v.Loose, err = k.readPapers(r, a, f, v.Setting.At.UnitID); err != nil {
		return err
	}
	if !f.OK() {
		return k.showArrival(w, r, http.StatusUnprocessableEntity, v)
	}
	done, err := k.Office.Record(ctx, a, v.Setting.At.PositionID, v.In, v.Key)
	if err != nil {
		return k.refuseArrival(w, r, v, err)
	}
	web.Flash(r, "success", "Tercatat dengan nomor agenda "+done.Agenda+".")
	if f.Value(controlDo) == doSave {
		return web.Redirect(w, r, letterHref(done.ID))
	}
	next := url.Values{}
	if slices.ContainsFunc(v.Loose, func(l eoffice.Loose) bool { return l.Batch }) {
		waiting, err := k.Office.Batch(ctx, a)
		if err != nil {
			return err
		}
		for _, l := range waiting {
			if !l.Splitting && l.UnitID == v.Setting.At.UnitID {
				next.Set(controlLoose, strconv.FormatInt(l.ID, 10))
				break
			}
		}
		if !next.Has(controlLoose) {
			web.Flash(r, "info", "Semua pindaian di baki sudah dicatat.")
			return web.Redirect(w, r, queueHref(eoffice.ToDirect))
		}
	}
	return web.Redirect(w, r, nextHref(v, next))
}

// nextHref is the form for the next letter, with what repeats and its scan, if one waits.
// Nothing in it says who wrote.
func nextHref(v arrivalView, next url.Values) string {
	q := url.Values{
		controlLoose:        next[controlLoose],
		eoffice.ControlSeat: {strconv.FormatInt(v.Setting.At.PositionID, 10)}, eoffice.ControlKind: {v.In.Kind}, eoffice.ControlSecrecy: {string(v.In.Secrecy)},
		eoffice.ControlUrgency: {string(v.In.Urgency)}, eoffice.ControlChannel: {v.In.Channel}, eoffice.ControlReceived: {v.In.Received.Format(time.DateOnly)},
		eoffice.ControlTo: {strconv.FormatInt(v.In.To, 10)}, eoffice.ControlPlace: {v.In.Place},
	}
	return recordPath + "?" + q.Encode()
}

// refuseArrival shows the form again with what was wrong; nothing typed or sent is lost.
func (k *desk) refuseArrival(w http.ResponseWriter, r *http.Request, v arrivalView, cause error) error {
	var twin *eoffice.TwinError
	switch {
	case errors.As(cause, &twin):
		v.Twins = twin.Twins
		return k.showArrival(w, r, http.StatusConflict, v)
	case v.Form.FailWith(cause):
		return k.showArrival(w, r, http.StatusUnprocessableEntity, v)
	case errs.KindOf(cause) == errs.Conflict:
		v.Form.Fail("", errs.MessageOf(cause))
		return k.showArrival(w, r, http.StatusConflict, v)
	}
	return cause
}

// loadCorrection is the form of a letter that is not directed yet.
func (k *desk) loadCorrection(r *http.Request) (v arrivalView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "id")
	if err != nil {
		return v, err
	}
	if v.Case, v.In, v.Files, err = k.Office.ArrivalOf(ctx, a, id); err != nil {
		v.Case.ID = id
		return v, err
	}
	v.Setting, err = k.Office.ArrivalFormOf(ctx, a, v.Case.UnitID)
	return v, err
}

// directed leads from the form of a letter that is on its way to its page.
func directed(w http.ResponseWriter, r *http.Request, id int64) error {
	web.Flash(r, "info", "Naskah ini sudah diarahkan, jadi catatannya tidak dapat dibetulkan lagi.")
	return web.Redirect(w, r, letterHref(id))
}

func (k *desk) correctForm(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadCorrection(r)
	if errs.KindOf(err) == errs.Conflict && err != nil {
		return directed(w, r, v.Case.ID)
	}
	if err != nil {
		return err
	}
	return k.showArrival(w, r, http.StatusOK, v)
}

func (k *desk) correct(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := readFiles(r)
	if err != nil {
		return err
	}
	v, err := k.loadCorrection(r)
	if errs.KindOf(err) == errs.Conflict && err != nil {
		return directed(w, r, v.Case.ID)
	}
	if err != nil {
		return err
	}
	v.Form = f
	if v.In, v.Loose, err = k.readPapers(r, a, f, v.Setting.At.UnitID); err != nil {
		return err
	}
	if !f.OK() {
		return k.showArrival(w, r, http.StatusUnprocessableEntity, v)
	}
	event, _ := strconv.Atoi(f.Value(controlEvent))
	if err := k.Office.Correct(ctx, a, eoffice.Act{ID: v.Case.ID, Version: event}, v.In); err != nil {
		return k.refuseArrival(w, r, v, err)
	}
	web.Flash(r, "success", "Catatan dibetulkan.")
	return web.Redirect(w, r, letterHref(v.Case.ID))
}

// loose opens a scan that waits for its letter.
func (k *desk) loose(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	body, l, err := k.Office.OpenLoose(r.Context(), web.ActorOf(r.Context()), id)
	if err != nil {
		return err
	}
	return serveFile(w, r, body, l.Type, "pindaian-"+strconv.FormatInt(id, 10)+"."+l.Ending())
}

func looseHref(id int64) string { return loosePath + "/" + strconv.FormatInt(id, 10) }

func (v arrivalView) action() string {
	if v.Case.ID != 0 {
		return letterHref(v.Case.ID) + "/betulkan"
	}
	return recordPath
}

func (v arrivalView) title() string {
	if v.Case.ID != 0 {
		return "Betulkan catatan"
	}
	return "Catat naskah masuk"
}

// typed is a control with what was typed, and what is wrong with it.
func (v arrivalView) typed(c ui.Control) ui.Control {
	return c.Typed(v.Form)
}

func dayValue(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(indo.WITA).Format(time.DateOnly)
}

func (v arrivalView) sender() ui.Control {
	c := ui.Control{Name: eoffice.ControlSender, Label: "Dari", Value: v.In.Sender, Required: true, MaxLength: 200, Autocomplete: "off",
		Attrs: map[string]any{"list": sendersList}}
	if v.Form == nil && v.Case.ID == 0 {
		c.Attrs["autofocus"] = true
	}
	return v.typed(c)
}

func (v arrivalView) number() ui.Control {
	return v.typed(ui.Control{Name: eoffice.ControlNumber, Label: "Nomor surat", Value: v.In.Number, Required: true, MaxLength: 120, Autocomplete: "off"})
}

func (v arrivalView) date() ui.Control {
	return v.typed(ui.Control{Name: eoffice.ControlDate, Label: "Tanggal surat", Value: dayValue(v.In.Date), Required: true, Max: dayValue(v.Now)})
}

func (v arrivalView) received() ui.Control {
	return v.typed(ui.Control{Name: eoffice.ControlReceived, Label: "Diterima", Value: dayValue(v.In.Received), Required: true, Max: dayValue(v.Now)})
}

func (v arrivalView) subject() ui.Control {
	return v.typed(ui.Control{Name: eoffice.ControlSubject, Label: "Hal", Value: v.In.Subject, MaxLength: 500, Autocomplete: "off",
		Hint: "Kosongkan bila amplopnya rahasia: amplop itu tetap tertutup."})
}

func (v arrivalView) choice(name, label, value string, options []ui.Option) ui.Control {
	return v.typed(ui.Control{Name: name, Label: label, Value: value, Options: options})
}

func (v arrivalView) kind() ui.Control {
	return v.choice(eoffice.ControlKind, "Jenis", v.In.Kind, kindOptions())
}

func (v arrivalView) secrecy() ui.Control {
	return v.choice(eoffice.ControlSecrecy, "Sifat", string(v.In.Secrecy), secrecyOptions(eoffice.Secrecies))
}

func (v arrivalView) urgency() ui.Control {
	return v.choice(eoffice.ControlUrgency, "Urgensi", string(v.In.Urgency), urgencyOptions())
}

func (v arrivalView) channel() ui.Control {
	var out []ui.Option
	for _, c := range eoffice.Channels {
		out = append(out, ui.Option{Value: c, Label: eoffice.ChannelLabel(c)})
	}
	return v.choice(eoffice.ControlChannel, "Datang lewat", v.In.Channel, out)
}

func (v arrivalView) to() ui.Control {
	c := v.choice(eoffice.ControlTo, "Untuk", strconv.FormatInt(v.In.To, 10), placeOptions(v.Setting.Desks))
	c.Required = true
	return c
}

// placeOptions are desks to choose from, with who sits there.
func placeOptions(places []eoffice.Place) (out []ui.Option) {
	for _, p := range places {
		label := p.Title
		if p.Holder != "" {
			label += " (" + p.Holder + ")"
		} else {
			label += " (kosong)"
		}
		out = append(out, ui.Option{Value: strconv.FormatInt(p.PositionID, 10), Label: label})
	}
	return out
}

func (v arrivalView) place() ui.Control {
	return v.typed(ui.Control{Name: eoffice.ControlPlace, Label: "Tempat kertas", Value: v.In.Place, MaxLength: 120, Autocomplete: "off",
		Hint: "Misalnya Map merah 3. Boleh kosong bila ada pindaian."})
}

func (v arrivalView) kka() ui.Control {
	return v.typed(kkaControl(v.KKA, v.In.KKA, "Boleh menyusul"))
}

// kkaControl offers the classification codes; none is what no code is called.
func kkaControl(all []eoffice.KKA, value, none string) ui.Control {
	c := ui.Control{Name: eoffice.ControlKKA, Label: "Kode klasifikasi", Value: value, Options: []ui.Option{{Label: none}},
		Attrs: map[string]any{"data-typeahead": "Ketik kode atau kata, misalnya drainase"}}
	for _, o := range all {
		c.Options = append(c.Options, ui.Option{Value: o.Code, Label: o.Code + " " + o.Name})
	}
	return c
}

func (v arrivalView) otherSystem() ui.Control {
	out := []ui.Option{{Label: "Tidak ada"}}
	for _, s := range eoffice.OtherSystems {
		out = append(out, ui.Option{Value: s, Label: s})
	}
	return v.choice(eoffice.ControlOtherSystem, "Tercatat juga di", v.In.OtherSystem, out)
}

func (v arrivalView) other() ui.Control {
	return v.typed(ui.Control{Name: eoffice.ControlOther, Label: "Nomornya di sana", Value: v.In.Other, MaxLength: 120, Autocomplete: "off"})
}

func (v arrivalView) file() ui.Control {
	c := ui.Control{Name: eoffice.ControlFile, Label: "Pindaian atau berkas", Attrs: manyFiles, Hint: "PDF, foto, atau dokumen; masing-masing paling besar 25 MB."}
	c.Error = v.Form.Errors().Get(c.Name)
	return c
}

func dropControl(f eoffice.File, drop bool) ui.Control {
	id := strconv.FormatInt(f.ID, 10)
	c := ui.Control{Name: controlDrop, ID: "hapus-" + id, Label: "Hapus", Value: id}
	if drop {
		c.Values = []string{id}
	}
	return c
}

// more tells whether the seldom filled part of the form has something in it to look at.
func (v arrivalView) more() bool {
	return v.In.KKA != "" || v.In.Other != "" || slices.ContainsFunc(v.Form.Errors(), func(p errs.Field) bool {
		return p.Name == eoffice.ControlKKA || p.Name == eoffice.ControlOtherSystem || p.Name == eoffice.ControlOther || p.Name == eoffice.ControlKind
	})
}
