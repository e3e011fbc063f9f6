package letterweb

import (
	"net/http"
	"strconv"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Controls of the office's form that the domain does not name.
const (
	controlCounter = "cetak_loket"
	controlAskRT   = "tanya_rt"
)

// officeView is the form of a kelurahan's kop, numbers and habits.
type officeView struct {
	settings
	Office letter.OfficeSettings
	Next   string // the next number, by what is in the form
	Errors form.Errors
}

func (v officeView) control(c ui.Control) ui.Control {
	c.Error = v.Errors.Get(c.Name)
	return c
}

func (v officeView) tick(c ui.Control, on bool) ui.Control {
	c.Value = "1"
	if on {
		c.Values = []string{"1"}
	}
	return c
}

func (k *desk) officeShown(r *http.Request, unit string) (v officeView, err error) {
	if v.settings, err = k.settingsOf(r, unit, officePath, false); err != nil {
		return v, err
	}
	v.Office, err = k.Letters.OfficeOf(r.Context(), v.UnitID)
	return v, err
}

// example writes the number that the next letter might have.
func (k *desk) example(o letter.OfficeSettings) string {
	if numbering.PatternProblem(o.NumberPattern) != "" {
		return ""
	}
	return numbering.FormatPattern(o.NumberPattern, numbering.Parts{KKA: "400.12.2.1", Unit: o.Code, No: 12, Date: k.now()})
}

func (k *desk) office(w http.ResponseWriter, r *http.Request) error {
	v, err := k.officeShown(r, r.URL.Query().Get(paramKelurahan))
	if err != nil {
		return err
	}
	v.Next = k.example(v.Office)
	return web.Render(w, r, http.StatusOK, officePage(v))
}

func (k *desk) officeSave(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := k.officeShown(r, f.Value(paramKelurahan))
	if err != nil {
		return err
	}
	latest := v.Office.Version
	version := f.Int(controlBase, 0, 1<<30, "Buka lagi halaman ini.")
	o := &v.Office
	o.KelurahanID, o.Version = v.UnitID, version
	o.Address, o.Phone, o.Postcode = f.Line(letter.ControlAddress), f.Line(letter.ControlPhone), f.Line(letter.ControlPostcode)
	o.Email, o.Code, o.NumberPattern = f.Line(letter.ControlEmail), f.Line(letter.ControlCode), f.Line(letter.ControlPattern)
	o.Paper, o.CounterPrint, o.AskRT = f.Line(letter.ControlPaper), f.Bool(controlCounter), f.Bool(controlAskRT)
	if f.OK() {
		err = k.Letters.SaveOffice(r.Context(), web.ActorOf(r.Context()), *o)
	} else {
		err = f.Err()
	}
	if err == nil {
		web.Flash(r, "success", "Kop dan nomor surat "+v.Name+" disimpan.")
		return web.Redirect(w, r, v.at(officePath))
	}
	status := http.StatusUnprocessableEntity
	switch {
	case errs.KindOf(err) == errs.Conflict:
		status = http.StatusConflict
		f.Fail("", errs.MessageOf(err))
		o.Version = latest
	case !f.FailWith(err):
		return err
	}
	v.Next, v.Errors = k.example(*o), f.Errors()
	return web.Render(w, r, status, officePage(v))
}

// contactsView lists the heads of RT and RW, with a form for one more.
type contactsView struct {
	settings
	Contacts []letter.Contact
	New      letter.Contact
	Errors   form.Errors
}

func (v contactsView) control(c ui.Control) ui.Control {
	c.Error = v.Errors.Get(c.Name)
	return c
}

func (k *desk) contactsShown(r *http.Request, unit string) (v contactsView, err error) {
	if v.settings, err = k.settingsOf(r, unit, officePath+"/rt", false); err != nil {
		return v, err
	}
	v.Contacts, err = k.Letters.Contacts(r.Context(), web.ActorOf(r.Context()), v.UnitID)
	return v, err
}

func (k *desk) contacts(w http.ResponseWriter, r *http.Request) error {
	v, err := k.contactsShown(r, r.URL.Query().Get(paramKelurahan))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, contactsPage(v))
}

func (k *desk) contactSave(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := k.contactsShown(r, f.Value(paramKelurahan))
	if err != nil {
		return err
	}
	v.New = letter.Contact{
		KelurahanID: v.UnitID, RW: f.Line(letter.ControlRW), RT: f.Line(letter.ControlRT), Name: f.Line(letter.ControlContactName),
		Phone: f.Line(letter.ControlHP), Email: f.Line(letter.ControlEmail),
	}
	err = k.Letters.SaveContact(r.Context(), web.ActorOf(r.Context()), v.New)
	switch {
	case err == nil:
		web.Flash(r, "success", "Kontak "+v.New.Name+" disimpan.")
		return web.Redirect(w, r, v.at(officePath+"/rt"))
	case !f.FailWith(err):
		return err
	}
	v.Errors = f.Errors()
	return web.Render(w, r, http.StatusUnprocessableEntity, contactsPage(v))
}

func (k *desk) contactForget(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := k.contactsShown(r, f.Value(paramKelurahan))
	if err != nil {
		return err
	}
	if err := k.Letters.ForgetContact(r.Context(), web.ActorOf(r.Context()), v.UnitID, id); err != nil {
		return err
	}
	web.Flash(r, "success", "Kontak dihapus.")
	return web.Redirect(w, r, v.at(officePath+"/rt"))
}

func contactPlace(c letter.Contact) string {
	if c.RT == "" {
		return "RW " + c.RW
	}
	return "RT " + c.RT + "/RW " + c.RW
}

func contactHref(id int64) string { return officePath + "/rt/" + strconv.FormatInt(id, 10) + "/hapus" }
