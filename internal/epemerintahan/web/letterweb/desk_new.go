package letterweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const newPath = deskPath + "/baru"

// Controls of the counter. One form carries them all: each sending of it asks for the
// next part, until everything is there.
const (
	controlSearch   = "cari"
	controlSearched = "dicari" // what the people shown were found by
	controlSubject  = "orang"
	controlPick     = "pilih"
	controlOutsider = "luar"
	controlOffice   = "kelurahan"
	controlKind     = "kode"
	controlAsked    = "diisi" // of which kind the questions are shown
	controlAll      = "semua" // all papers were seen
	controlKey      = "kunci"
	controlStep     = "langkah"
)

// Steps that end the form.
const (
	stepPrint   = "cetak"
	stepForward = "teruskan"
	stepOutside = "luar"
)

// maxFound people are shown to choose from.
const maxFound = 8

// newView is the counter's page.
type newView struct {
	Desk       *ui.Desk
	Offices    []epemerintahan.Kelurahan
	Office     int64
	Search     string
	Found      []epemerintahan.Item
	More       bool // more were found than are shown
	Alike      bool
	Subject    letter.Person // ResidentID 0: nobody yet, or an outsider
	Status     epemerintahan.Status
	Outsider   bool
	Kinds      []letter.Kind
	Code       string
	Kind       *letter.Kind // its questions are shown
	Ineligible string
	Fields     fieldsView
	Values     url.Values
	Key        string
	Errors     []errs.Field
	Focus      string // the control that takes the focus
}

func (k *desk) newLetter(w http.ResponseWriter, r *http.Request) error {
	v, err := k.counter(r)
	if err != nil {
		return err
	}
	v.Key, v.Focus = crypt.Token(), controlSearch
	if id, err := strconv.ParseInt(r.URL.Query().Get(controlSubject), 10, 64); err == nil && id > 0 {
		v.Focus = controlKind
		if err := k.resident(r, &v, id); err != nil {
			return err
		}
	}
	return web.Render(w, r, http.StatusOK, newPage(v))
}

// counter is the page before anything was asked.
func (k *desk) counter(r *http.Request) (v newView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.Offices, err = k.Residents.Workplaces(ctx, a, letter.PermCheck); err != nil {
		return v, err
	}
	if len(v.Offices) == 0 {
		return v, errs.New(errs.Forbidden, "Surat dibuat oleh operator kelurahan. Jabatan Anda tidak di kelurahan.")
	}
	v.Office, v.Values = v.Offices[0].ID, url.Values{}
	v.Desk, err = k.side(ctx, a, newPath)
	return v, err
}

func (k *desk) enter(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := k.counter(r)
	if err != nil {
		return err
	}
	v.Values, v.Key = r.PostForm, f.Line(controlKey)
	if len(v.Key) < 16 || len(v.Key) > 64 {
		v.Key = crypt.Token()
	}
	step := f.Line(controlStep)
	done, err := k.subject(r, f, &v, step)
	if err != nil {
		return err
	}
	if done {
		return k.ask(w, r, v)
	}
	done, err = k.questions(r, f, &v, step)
	if err != nil {
		return err
	}
	if done {
		return k.ask(w, r, v)
	}
	return k.send(w, r, f, v, step)
}

// ask shows the page again for its next part; 422 when something was wrong.
func (k *desk) ask(w http.ResponseWriter, r *http.Request, v newView) error {
	status := http.StatusOK
	if len(v.Errors) > 0 || v.Ineligible != "" {
		status = http.StatusUnprocessableEntity
	}
	return web.Render(w, r, status, newPage(v))
}

// subject finds out whom the letter is about; done when the page has to ask.
func (k *desk) subject(r *http.Request, f *form.Form, v *newView, step string) (done bool, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if office := f.ID(controlOffice, ""); slices.ContainsFunc(v.Offices, func(o epemerintahan.Kelurahan) bool { return o.ID == office }) {
		v.Office = office
	}
	v.Search, v.Code = f.Line(controlSearch), f.Line(controlKind)
	id := f.ID(controlSubject, "")
	if picked := f.ID(controlPick, ""); picked != 0 {
		id = picked
	}
	v.Outsider = f.Bool(controlOutsider) || step == stepOutside
	switch {
	case step == stepOutside:
		id = 0
	case v.Search != "" && v.Search != f.Line(controlSearched) && f.ID(controlPick, "") == 0:
		v.Outsider = false
		if n := onlyDigits(v.Search); n != "" && len(n) != 16 {
			v.Errors, v.Focus = []errs.Field{{Name: controlSearch, Message: wrongNIK(n)}}, controlSearch
			return true, k.kinds(ctx, v)
		}
		found, err := k.Residents.Search(ctx, a, epemerintahan.Filter{Text: v.Search}, nil)
		if err != nil {
			return false, err
		}
		v.Found, v.More, v.Alike = found.Items[:min(len(found.Items), maxFound)], len(found.Items) > maxFound || found.Next != nil, found.Alike
		if len(v.Found) != 1 || v.Alike {
			if len(v.Found) == 0 {
				v.Errors = []errs.Field{{Name: controlSearch, Message: notFound(v.Search)}}
			}
			v.Focus = controlPick
			return true, k.kinds(ctx, v)
		}
		id = v.Found[0].ID
		v.Found = nil
	}
	if !v.Outsider && id == 0 {
		v.Errors = []errs.Field{{Name: controlSearch, Message: "Tulis NIK atau nama warga."}}
		return true, k.kinds(ctx, v)
	}
	if v.Outsider {
		v.Subject = letter.ReadSubject(r.PostForm)
		if v.Search == "" {
			v.Search = f.Line(controlSearched)
		}
		return false, k.kinds(ctx, v)
	}
	err = k.resident(r, v, id)
	if errs.KindOf(err) == errs.NotFound && err != nil {
		v.Errors = []errs.Field{{Name: controlSearch, Message: "Warga ini tidak ada di data penduduk wilayah Anda."}}
		return true, k.kinds(ctx, v)
	}
	return false, err
}

// resident puts somebody of the register on the page, with their family.
func (k *desk) resident(r *http.Request, v *newView, id int64) error {
	rec, err := k.Residents.View(r.Context(), web.ActorOf(r.Context()), id)
	if err != nil {
		return err
	}
	v.Subject, v.Status, v.Office = letter.PersonOf(rec.Resident), rec.Status, rec.KelurahanID
	for _, m := range rec.Family {
		if m.ID != id && m.Status == epemerintahan.Living {
			v.Fields.Family = append(v.Fields.Family, memberPerson(m))
		}
	}
	return k.kinds(r.Context(), v)
}

// onlyDigits is a search for a number, cleaned; "" for words.
func onlyDigits(search string) string {
	n := epemerintahan.CleanNumber(search)
	if strings.Trim(n, "0123456789") != "" {
		return ""
	}
	return n
}

// wrongNIK says which rule a number breaks; "" when it may be a NIK.
func wrongNIK(number string) string {
	_, found := epemerintahan.CheckNIK(number, time.Time{}, 0)
	for _, f := range found {
		if f.Refused {
			return f.Message
		}
	}
	return ""
}

func notFound(search string) string {
	if n := onlyDigits(search); n != "" {
		if wrong := wrongNIK(n); wrong != "" {
			return "Nomor ini tidak ada di data penduduk wilayah Anda. " + wrong
		}
		return "Nomor ini tidak ada di data penduduk wilayah Anda. Periksa angkanya, atau tulis datanya sendiri bila bukan warga sini."
	}
	return "Nama ini tidak ditemukan di wilayah Anda. Coba ejaan lain atau NIK, atau tulis datanya sendiri bila bukan warga sini."
}

func (k *desk) kinds(ctx context.Context, v *newView) (err error) {
	v.Kinds, err = k.Letters.Kinds(ctx, v.Office)
	return err
}

func memberPerson(m epemerintahan.Member) letter.Person {
	return letter.Person{
		ResidentID: m.ID, Name: m.Name, Relation: epemerintahan.Relations.Name(m.Relation), Sex: epemerintahan.Sexes.Name(m.Sex),
		BirthDate: m.BirthDate.Format("2006-01-02"),
	}
}

// questions finds out what the letter says; done when the page has to ask.
func (k *desk) questions(r *http.Request, f *form.Form, v *newView, step string) (done bool, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.Code == "" {
		v.Focus = controlKind
		if f.Has(controlAsked) && step != stepOutside && f.ID(controlPick, "") == 0 && f.Line(controlSearched) == v.Search {
			v.Errors = []errs.Field{{Name: controlKind, Message: "Pilih jenis surat."}}
		}
		return true, nil
	}
	i := slices.IndexFunc(v.Kinds, func(k letter.Kind) bool { return k.Code == v.Code })
	if i < 0 {
		v.Code, v.Focus = "", controlKind
		v.Errors = []errs.Field{{Name: controlKind, Message: "Jenis surat ini tidak dilayani di kelurahan ini. Pilih dari daftar."}}
		return true, nil
	}
	kind := v.Kinds[i]
	if err := kind.Eligible(v.Subject, v.Status, k.now()); err != nil {
		if errs.KindOf(err) != errs.Unprocessable {
			return false, err
		}
		v.Ineligible, v.Focus = errs.MessageOf(err), ""
		return true, nil
	}
	v.Kind = &kind
	values := letter.ReadValues(kind, r.PostForm)
	asked := f.Line(controlAsked) == v.Code
	if control, ok := strings.CutPrefix(step, stepClear+":"); ok {
		clearPerson(values, control)
	}
	if v.Fields.Known, err = k.lookUp(ctx, a, v.Office, values); err != nil {
		return false, err
	}
	spare := 1
	if step == stepRow {
		spare = 2
	}
	v.Fields.Controls, v.Fields.Step = kind.Controls(values, spare), controlStep
	if asked && (step == stepPrint || step == stepForward) {
		return false, nil
	}
	v.Focus = "isian"
	return true, nil
}

// clearPerson takes the person named by a control out of the answers.
func clearPerson(values letter.Values, control string) {
	parts := strings.Split(strings.TrimPrefix(control, letter.FieldControl("")), ".")
	val, ok := values[parts[0]]
	if !ok {
		return
	}
	row := 0
	if len(parts) > 1 {
		row, _ = strconv.Atoi(parts[1])
	}
	if row >= 0 && row < len(val.People) {
		val.People = slices.Clone(val.People)
		val.People[row] = letter.Person{Relation: val.People[row].Relation}
		values[parts[0]] = val
	}
}

// lookUp puts people of the register in place of their NIK, and knows those that are
// there already. Who is not there stays as written.
func (k *desk) lookUp(ctx context.Context, a authz.Actor, office int64, values letter.Values) (map[int64]letter.Person, error) {
	known := map[int64]letter.Person{}
	for name, val := range values {
		for i, p := range val.People {
			var res epemerintahan.Resident
			switch {
			case p.ResidentID != 0:
				rec, err := k.Residents.View(ctx, a, p.ResidentID)
				if errs.KindOf(err) == errs.NotFound && err != nil {
					val.People[i] = letter.Person{Relation: p.Relation}
					continue
				}
				if err != nil {
					return nil, err
				}
				res = rec.Resident
			case len(p.NIK) == 16:
				var err error
				res, err = k.Residents.ByNIK(ctx, a, p.NIK)
				if kind := errs.KindOf(err); err != nil && (kind == errs.NotFound || kind == errs.Unprocessable) {
					continue
				} else if err != nil {
					return nil, err
				}
			default:
				continue
			}
			found := letter.PersonOf(res)
			known[found.ResidentID] = found
			if p.Relation != "" {
				found.Relation = p.Relation
			}
			val.People[i] = found
		}
		values[name] = val
	}
	return known, nil
}

// send makes the letter, and prints it when that was asked.
func (k *desk) send(w http.ResponseWriter, r *http.Request, f *form.Form, v newView, step string) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	e := letter.Entry{
		KelurahanID: v.Office, Code: v.Code, Subject: v.Subject, Values: letter.ReadValues(*v.Kind, r.PostForm),
		Checked: f.Multi(controlChecked), WithCamat: f.Bool(controlCamat), Key: v.Key,
	}
	for _, c := range v.Fields.Controls { // people by NIK are known by now
		if people, _ := c.Type.OfPeople(); people {
			e.Values[c.Field.Name] = peopleOf(c)
		}
	}
	if f.Bool(controlAll) {
		e.Checked = nil
		for _, o := range paperOptions(*v.Kind, v.Subject) {
			e.Checked = append(e.Checked, o.Value)
		}
	}
	if !v.Outsider {
		e.Subject = letter.Person{ResidentID: v.Subject.ResidentID}
	}
	id, err := k.Letters.Enter(ctx, a, e)
	if err != nil {
		if errs.KindOf(err) != errs.Unprocessable {
			return err
		}
		if v.Errors = errs.FieldsOf(err); len(v.Errors) == 0 {
			v.Errors = []errs.Field{{Message: errs.MessageOf(err)}}
		}
		v.Fields.Errors, v.Focus = v.Errors, ""
		return k.ask(w, r, v)
	}
	if step == stepPrint && prints(*v.Kind) {
		return k.printNow(w, r, id)
	}
	web.Flash(r, "success", "Surat dicatat dan diteruskan kepada sekretaris.")
	return web.Redirect(w, r, letterHref(id, ""))
}

func peopleOf(c letter.Control) (v letter.Value) {
	for _, p := range c.People {
		if p.Person != (letter.Person{}) {
			v.People = append(v.People, p.Person)
		}
	}
	return v
}

// prints tells whether a letter can be printed with its number at once.
func prints(kind letter.Kind) bool { return kind.Mode == letter.Wet || kind.AlwaysWet }

// printNow numbers a letter that was just entered and leads to its print. A resend
// finds it numbered already.
func (k *desk) printNow(w http.ResponseWriter, r *http.Request, id int64) error {
	err := k.Letters.Print(r.Context(), web.ActorOf(r.Context()), letter.Act{ID: id})
	switch errs.KindOf(err) {
	case errs.Conflict:
		err = nil
	case errs.Forbidden, errs.Unprocessable:
		if err != nil {
			web.Flash(r, "warning", "Surat dicatat, tetapi belum dicetak. "+errs.MessageOf(err))
			return web.Redirect(w, r, letterHref(id, ""))
		}
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, letterHref(id, "")+"?cetak")
}

// value is what was typed into a control of the form.
func (v newView) value(name string) string { return v.Values.Get(name) }

func (v newView) problem(name string) string {
	for _, e := range v.Errors {
		if e.Name == name {
			return e.Message
		}
	}
	return ""
}

// There tells whether somebody is chosen, or written out.
func (v newView) There() bool { return v.Subject.ResidentID != 0 || v.Outsider }

func (v newView) searchControl() ui.Control {
	c := ui.Control{
		Name: controlSearch, Label: "NIK atau nama", Value: v.Search, Error: v.problem(controlSearch), Autocomplete: "off", Required: true,
		Attrs: map[string]any{"spellcheck": "false"},
	}
	if v.Focus == controlSearch {
		c.Attrs["autofocus"] = true
	}
	return c
}

func (v newView) kindControl() ui.Control {
	c := ui.Control{
		Name: controlKind, Label: "Jenis surat", Value: v.Code, Error: v.problem(controlKind), Required: true,
		Attrs: map[string]any{"data-typeahead": "Ketik kode atau nama surat"},
	}
	if v.Focus == controlKind {
		c.Attrs["autofocus"] = true
	}
	c.Options = []ui.Option{{Label: "Pilih jenis surat"}}
	for _, k := range v.Kinds {
		c.Options = append(c.Options, ui.Option{Value: k.Code, Label: k.Code + " – " + k.Title})
	}
	return c
}

func (v newView) officeControl() ui.Control {
	c := ui.Control{Name: controlOffice, Label: "Kelurahan", Value: strconv.FormatInt(v.Office, 10), Width: "medium"}
	for _, o := range v.Offices {
		c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(o.ID, 10), Label: o.Name})
	}
	return c
}

func (v newView) papersControl() ui.Control {
	return ui.Control{
		Name: controlChecked, Label: "Berkas yang dilihat", Values: v.Values[controlChecked], Options: paperOptions(*v.Kind, v.Subject),
		Error: v.problem(controlChecked),
	}
}

func (v newView) allControl() ui.Control {
	c := ui.Control{Name: controlAll, Label: "Semua berkas di bawah ini sudah saya lihat", Value: "1"}
	if v.value(controlAll) != "" {
		c.Values = []string{"1"}
	}
	return c
}

func (v newView) camatControl() ui.Control {
	c := ui.Control{Name: controlCamat, Label: "Camat ikut menandatangani", Value: "1"}
	if v.value(controlCamat) != "" {
		c.Values = []string{"1"}
	}
	return c
}

// subjectControl is one thing asked about an outsider.
func (v newView) subjectControl(a letter.AskedPart) ui.Control {
	name := letter.SubjectControl(a.Name)
	return partControl(name, a, v.Subject, v.problem(name))
}
