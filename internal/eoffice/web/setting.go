package eofficeweb

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	setPath      = deskPath + "/atur"
	classPath    = setPath + "/klasifikasi"
	pacePath     = setPath + "/waktu"
	paramSetUnit = "unit"
	paramCode    = "kode"
)

// setView is what a unit sets for itself: how it writes, and its instructions.
type setView struct {
	Desk         *ui.Desk
	Units        []eoffice.SetUnit
	Office       eoffice.Office
	Screeners    []eoffice.Place
	Instructions string
	Form         *form.Form
}

func (v setView) control(c ui.Control) ui.Control {
	return c.Kept(v.Form)
}

func (v setView) unitControl() ui.Control {
	c := ui.Control{Name: paramSetUnit, Label: "Unit", Value: strconv.FormatInt(v.Office.UnitID, 10)}
	for _, u := range v.Units {
		c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(u.ID, 10), Label: u.Name})
	}
	return c
}

func (v setView) autoControl() ui.Control {
	c := ui.Control{Name: eoffice.ControlAutoSend, Label: "Kirim sendiri sesudah ditandatangani", Hint: "Berlaku untuk naskah biasa dan terbatas kepada penerima di dalam pemerintah kota."}
	if v.Form == nil && v.Office.AutoSend || v.Form != nil && v.Form.Bool(c.Name) {
		c.Values = []string{"1"}
	}
	return c
}

// positionValue is the value of a position in a form, "" for none.
func positionValue(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func (v setView) screenerControl() ui.Control {
	c := ui.Control{Name: eoffice.ControlScreener, Label: "Naskah untuk kepala disaring dahulu oleh", Value: positionValue(v.Office.ScreenerID),
		Hint:    "Berlaku untuk naskah biasa dan terbatas yang sampai sesudah ini. Yang rahasia langsung kepada kepala.",
		Options: []ui.Option{{Label: "Tidak disaring"}}}
	for _, p := range v.Screeners {
		label := p.Title
		if p.Holder != "" {
			label += " (" + p.Holder + ")"
		}
		c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(p.PositionID, 10), Label: label})
	}
	return v.control(c)
}

func setHref(unit int64) string {
	return setPath + "?" + url.Values{paramSetUnit: {strconv.FormatInt(unit, 10)}}.Encode()
}

// loadSet reads what a unit has set: the first that the reader sets, where none is named.
func (k *desk) loadSet(r *http.Request, f *form.Form) (v setView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.Units, err = k.Office.SetUnits(ctx, a); err != nil {
		return v, err
	}
	unit := f.ID(paramSetUnit, "")
	if unit == 0 && len(v.Units) > 0 {
		unit = v.Units[0].ID
	}
	mine := false
	for _, u := range v.Units {
		mine = mine || u.ID == unit
	}
	if !mine {
		return v, errs.New(errs.NotFound, "Pengaturan ini tidak ada di unit Anda.")
	}
	if v.Office, err = k.Office.OfficeOf(ctx, unit); err != nil {
		return v, err
	}
	if v.Screeners, err = k.Office.Screeners(ctx, unit); err != nil {
		return v, err
	}
	list, err := k.Office.Instructions(ctx, unit)
	if err != nil {
		return v, err
	}
	v.Instructions = strings.Join(list, "\n")
	v.Desk, err = k.side(ctx, a, setPath)
	return v, err
}

func (k *desk) set(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v, err := k.loadSet(r, f)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, setPage(v))
}

// saveSet is the frame of both forms of a unit.
func (k *desk) saveSet(done string, save func(r *http.Request, v setView, f *form.Form) error) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := form.Read(r)
		if err != nil {
			return err
		}
		v, err := k.loadSet(r, f)
		if err != nil {
			return err
		}
		if err = save(r, v, f); err == nil {
			web.Flash(r, "success", done)
			return web.Redirect(w, r, setHref(v.Office.UnitID))
		}
		if errs.KindOf(err) == errs.Conflict {
			f.Fail("", errs.MessageOf(err))
		} else if !f.FailWith(err) {
			return err
		}
		v.Form = f
		return web.Render(w, r, web.Status(err), setPage(v))
	}
}

func (k *desk) saveOffice(r *http.Request, v setView, f *form.Form) error {
	o := v.Office
	o.Version = f.Int(controlContent, 0, 1<<30, "")
	o.Code, o.Paper, o.AutoSend = f.Line(eoffice.ControlCode), f.Line(eoffice.ControlPaper), f.Bool(eoffice.ControlAutoSend)
	o.AnswerDays = f.Int(eoffice.ControlAnswer, 1, 30, "Isi 1 sampai 30 hari kerja.")
	o.ScreenerID = f.ID(eoffice.ControlScreener, "")
	if err := f.Err(); err != nil {
		return err
	}
	return k.Office.SaveOffice(r.Context(), web.ActorOf(r.Context()), o)
}

func (k *desk) saveInstructions(r *http.Request, v setView, f *form.Form) error {
	return k.Office.SetInstructions(r.Context(), web.ActorOf(r.Context()), v.Office.UnitID, strings.Split(f.Text(eoffice.ControlInstruction), "\n"))
}

// classesView is the classification of records.
type classesView struct {
	Desk  *ui.Desk
	Text  string
	List  []eoffice.Class
	Class eoffice.Class // in the form
	Form  *form.Form
}

// mostClasses is how many a page shows; the search narrows them.
const mostClasses = 200

func (v classesView) control(c ui.Control) ui.Control {
	return c.Kept(v.Form)
}

func (v classesView) fates() (out []ui.Option) {
	for _, f := range eoffice.Fates {
		out = append(out, ui.Option{Value: f, Label: eoffice.FateLabel(f)})
	}
	return out
}

func (v classesView) inUse() ui.Control {
	return v.tick(ui.Control{Name: eoffice.ControlInUse, Label: "Dapat dipilih untuk naskah baru"}, v.Class.InUse)
}

func (v classesView) tick(c ui.Control, on bool) ui.Control {
	if v.Form == nil && on || v.Form != nil && v.Form.Bool(c.Name) {
		c.Values = []string{"1"}
	}
	return c
}

func classHref(code string) string {
	return classPath + "?" + url.Values{paramCode: {code}}.Encode() + "#ubah"
}

func (k *desk) classes(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	return k.showClasses(w, r, http.StatusOK, classesView{Text: f.Line(paramText)}, f.Line(paramCode))
}

func (k *desk) showClasses(w http.ResponseWriter, r *http.Request, status int, v classesView, code string) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	ok, err := k.Office.SetsCity(ctx, a)
	if err != nil {
		return err
	}
	if !ok {
		return errs.New(errs.NotFound, "Pengaturan ini milik kota.")
	}
	v.Class = eoffice.Class{ActiveYears: 2, InactiveYears: 3, Fate: "dinilai_kembali", InUse: true}
	if code != "" {
		known, err := k.Office.Classes(ctx, code)
		if err != nil {
			return err
		}
		for _, c := range known {
			if c.Code == code {
				v.Class = c
			}
		}
	}
	if v.List, err = k.Office.Classes(ctx, v.Text); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, classPath); err != nil {
		return err
	}
	return web.Render(w, r, status, classesPage(v))
}

func (k *desk) saveClass(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	c := eoffice.Class{Code: f.Line(eoffice.ControlCode), Name: f.Line(eoffice.ControlName), Fate: f.Line(eoffice.ControlFate), InUse: f.Bool(eoffice.ControlInUse),
		Inherits: f.Bool(eoffice.ControlInherits)}
	if !c.Inherits {
		c.ActiveYears, c.InactiveYears = f.Int(eoffice.ControlActive, 0, 100, "Isi 0 sampai 100 tahun."), f.Int(eoffice.ControlInactive, 0, 100, "Isi 0 sampai 100 tahun.")
	}
	err = f.Err()
	if err == nil {
		err = k.Office.SaveClass(r.Context(), web.ActorOf(r.Context()), c)
	}
	return k.classSaved(w, r, f, err, "Kode "+c.Code+" disimpan.")
}

func (k *desk) importClasses(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	files, trial := f.Files(eoffice.ControlSheet), f.Bool(eoffice.ControlTrial)
	var got eoffice.Imported
	if len(files) != 1 {
		err = errs.Invalid(errs.Field{Name: eoffice.ControlSheet, Message: "Pilih satu berkas XLSX atau CSV."})
	} else {
		err = withFile(files[0], func(u eoffice.Upload) (err error) {
			got, err = k.Office.ImportClasses(r.Context(), web.ActorOf(r.Context()), u.Upload, files[0].Size, trial)
			return err
		})
	}
	said := fmt.Sprintf("%d kode ditambah, %d diubah, %d tetap.", got.Added, got.Changed, got.Same)
	if trial {
		said = "Berkas ini dapat diimpor, belum ada yang disimpan: " + said
	}
	return k.classSaved(w, r, f, err, said)
}

func (k *desk) classSaved(w http.ResponseWriter, r *http.Request, f *form.Form, err error, done string) error {
	if err == nil {
		web.Flash(r, "success", done)
		return web.Redirect(w, r, classPath)
	}
	if !f.FailWith(err) {
		return err
	}
	return k.showClasses(w, r, http.StatusUnprocessableEntity, classesView{Form: f}, "")
}

// pacesView is how fast letters of each urgency go.
type pacesView struct {
	Desk  *ui.Desk
	Paces []eoffice.Pace
	Days  eoffice.Reminding
	Form  *form.Form
}

// number is a control for days or minutes.
func (v pacesView) number(name, label, hint string, value int) ui.Control {
	return ui.Control{Name: name, Label: label, Hint: hint, Value: strconv.Itoa(value), InputMode: "numeric", Width: "short", Required: true}.Kept(v.Form)
}

func (v pacesView) minutes(name, label string, value int) ui.Control {
	return v.number(name, label, "", value)
}

func (v pacesView) around(name string, on bool) ui.Control {
	c := ui.Control{Name: name, Label: "Jam berjalan terus, juga di luar jam kerja"}
	if sent := v.Form.Has(eoffice.PaceControls(eoffice.Ordinary)[0]); !sent && on || sent && v.Form.Bool(name) {
		c.Values = []string{"1"}
	}
	return c
}

func (k *desk) paces(w http.ResponseWriter, r *http.Request) error {
	return k.showPaces(w, r, http.StatusOK, nil)
}

func (k *desk) showPaces(w http.ResponseWriter, r *http.Request, status int, f *form.Form) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	ok, err := k.Office.SetsCity(ctx, a)
	if err != nil {
		return err
	}
	if !ok {
		return errs.New(errs.NotFound, "Pengaturan ini milik kota.")
	}
	v := pacesView{Form: f}
	if v.Paces, err = k.Office.Paces(ctx); err != nil {
		return err
	}
	if v.Days, err = k.Office.Reminding(ctx); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, pacePath); err != nil {
		return err
	}
	return web.Render(w, r, status, pacesPage(v))
}

func (k *desk) savePaces(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	var all []eoffice.Pace
	for _, u := range eoffice.Urgencies {
		c := eoffice.PaceControls(u)
		const say = "Isi 1 sampai 43.200 menit."
		all = append(all, eoffice.Pace{Code: u, StepMinutes: f.Int(c[0], 1, 43200, say), DispatchMinutes: f.Int(c[1], 1, 43200, say), ActionMinutes: f.Int(c[2], 1, 43200, say),
			AroundTheClock: f.Bool(c[3])})
	}
	if err = f.Err(); err == nil {
		err = k.Office.SavePaces(r.Context(), web.ActorOf(r.Context()), all)
	}
	if err == nil {
		web.Flash(r, "success", "Waktu disimpan. Yang sudah punya tenggat memakai tenggat lamanya.")
		return web.Redirect(w, r, pacePath)
	}
	if !f.FailWith(err) {
		return err
	}
	return k.showPaces(w, r, http.StatusUnprocessableEntity, f)
}

// saveReminding sets for how long desks are reminded.
func (k *desk) saveReminding(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	set := eoffice.Reminding{LateDays: f.Int(eoffice.ControlLateDays, 0, 60, "Isi 0 sampai 60 hari."), DraftDays: f.Int(eoffice.ControlDraftDays, 1, 60, "Isi 1 sampai 60 hari.")}
	if err = f.Err(); err == nil {
		err = k.Office.SetReminding(r.Context(), web.ActorOf(r.Context()), set)
	}
	if err == nil {
		web.Flash(r, "success", "Pengingat disimpan.")
		return web.Redirect(w, r, pacePath)
	}
	if !f.FailWith(err) {
		return err
	}
	return k.showPaces(w, r, http.StatusUnprocessableEntity, f)
}
