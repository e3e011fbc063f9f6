package eofficeweb

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/eoffice/kind"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Controls of the draft's form that only the page knows.
const (
	controlPerson  = "orang" // a desk that is listed, in the order of the list
	controlRole    = "peran_"
	controlFor     = "an_"
	controlToUnit  = "unit_"
	controlFind    = "cari"
	controlDo      = "aksi"
	controlSaved   = "versi"
	controlOutside = eoffice.ControlOutside
)

// What a desk has to do with a letter.
const (
	roleNone  = ""
	roleTo    = "kepada"
	roleCC    = "tembusan"
	roleParaf = "paraf"
	roleSign  = "ttd"
)

// doGroup is the verb of the buttons that write a group out as recipients.
const doGroup = "kelompok"

// person is a desk in the list of those concerned.
type person struct {
	eoffice.Place
	Role   string
	For    int64           // signs in the name of this one
	Above  []eoffice.Place // in whose name they may
	ToUnit bool
	Group  string // with which it came
	Found  bool   // by the search just made
}

type draftView struct {
	Desk    *ui.Desk
	Case    eoffice.Case
	Kind    kind.Kind
	Draft   eoffice.Draft
	People  []person
	Saved   int
	Find    string
	Nobody  bool            // the search found no one
	Groups  []eoffice.Group // that it found
	KKA     []eoffice.KKA
	Files   []eoffice.File
	Links   []eoffice.Reference
	Form    *form.Form
	Outside string
	Keeps   bool // the city keeps what its most secret letters say
}

func (k *desk) draft(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	v, err := k.loadDraft(r, id)
	if errors.Is(err, errLocked) {
		return web.Redirect(w, r, bodyView{ID: id, For: forDraft}.action())
	}
	if errs.KindOf(err) == errs.Conflict {
		return gone(w, r, id)
	}
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, draftPage(v))
}

// gone leads from the form of a letter that is on its way to its page.
func gone(w http.ResponseWriter, r *http.Request, id int64) error {
	web.Flash(r, "info", "Naskah ini sudah diajukan, jadi tidak dapat diubah lagi di sini.")
	return web.Redirect(w, r, letterHref(id))
}

// loadDraft reads a draft as it is kept.
func (k *desk) loadDraft(r *http.Request, id int64) (v draftView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.Case, v.Draft, err = k.Office.DraftOf(ctx, a, id); err != nil {
		return v, err
	}
	if err := k.unlocked(r, &v); err != nil {
		return v, err
	}
	v.Saved = v.Case.Saved
	v.Kind, _ = kind.ByCode(v.Case.KindCode)
	v.People = peopleOf(v.Draft)
	v.Outside = outsideText(v.Draft.To)
	return v, k.fill(r, &v)
}

// fill adds what the page needs besides the draft: names, codes, the side list.
func (k *desk) fill(r *http.Request, v *draftView) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.KKA, err = k.Office.Classification(ctx); err != nil {
		return err
	}
	if v.Files, err = k.Office.FilesOf(ctx, a, v.Case.ID); err != nil {
		return err
	}
	if v.Links, err = k.Office.ReferencesOf(ctx, a, v.Case.ID); err != nil {
		return err
	}
	var ids []int64
	for _, p := range v.People {
		ids = append(ids, p.PositionID)
	}
	places, err := k.Office.Places(ctx, ids)
	if err != nil {
		return err
	}
	for i, p := range v.People {
		v.People[i].Place = places[p.PositionID]
		v.People[i].PositionID = p.PositionID
		if p.Role == roleSign {
			if v.People[i].Above, err = k.Office.SignsFor(ctx, p.PositionID); err != nil {
				return err
			}
		}
	}
	if v.Find != "" {
		found, err := k.Office.FindPlaces(ctx, v.Find)
		if err != nil {
			return err
		}
		if v.Groups, err = k.Office.GroupsFor(ctx, v.Case, v.Find); err != nil {
			return err
		}
		v.Nobody = len(found)+len(v.Groups) == 0
		for _, f := range found {
			if !slices.ContainsFunc(v.People, func(p person) bool { return p.PositionID == f.PositionID }) {
				v.People = append(v.People, person{Place: f, Found: true})
			}
		}
	}
	if v.Keeps, err = k.Office.KeepsBodies(ctx); err != nil {
		return err
	}
	v.Desk, err = k.side(ctx, a, "")
	return err
}

// peopleOf are the desks of a draft: those who put their paraf, who sign, who get it.
func peopleOf(d eoffice.Draft) (out []person) {
	add := func(id int64, p person) {
		if i := slices.IndexFunc(out, func(o person) bool { return o.PositionID == id }); id != 0 && i < 0 {
			p.PositionID = id
			out = append(out, p)
		}
	}
	for _, l := range d.Chain {
		role := roleParaf
		if l.Duty == eoffice.Sign {
			role = roleSign
		}
		add(l.PositionID, person{Role: role, For: l.ForID})
	}
	for _, t := range d.To {
		add(t.PositionID, person{Role: roleTo, ToUnit: t.ToUnit, Group: t.Group})
	}
	for _, t := range d.CC {
		add(t.PositionID, person{Role: roleCC, ToUnit: t.ToUnit, Group: t.Group})
	}
	return out
}

// outsideText are the people outside, a line each: name; address.
func outsideText(all []eoffice.Addressee) string {
	var lines []string
	for _, t := range all {
		if t.PositionID == 0 {
			lines = append(lines, strings.TrimSuffix(t.Name+"; "+t.Address, "; "))
		}
	}
	return strings.Join(lines, "\n")
}

// readDraft reads the form.
func readDraft(f *form.Form) (d eoffice.Draft, people []person, saved int) {
	d.Subject = f.Line(eoffice.ControlSubject)
	d.Body = readBody(f)
	d.Secrecy, d.Urgency = eoffice.Secrecy(f.Line(eoffice.ControlSecrecy)), eoffice.Urgency(f.Line(eoffice.ControlUrgency))
	d.KKA, d.Mode = f.Line(eoffice.ControlKKA), eoffice.Mode(f.Line(eoffice.ControlMode))
	for _, id := range f.IDs(controlPerson) {
		key := strconv.FormatInt(id, 10)
		p := person{Role: f.Line(controlRole + key), ToUnit: f.Bool(controlToUnit + key)}
		p.PositionID = id
		p.For, _ = strconv.ParseInt(f.Value(controlFor+key), 10, 64)
		if slices.ContainsFunc(people, func(o person) bool { return o.PositionID == id }) {
			continue
		}
		people = append(people, p)
	}
	if up, ok := strings.CutPrefix(f.Value(controlDo), "naik:"); ok {
		moveUp(people, up)
	}
	for _, duty := range []string{roleParaf, roleSign} {
		for _, p := range people {
			if p.Role == duty {
				l := eoffice.Link{PositionID: p.PositionID, Duty: eoffice.Paraf}
				if duty == roleSign {
					l.Duty, l.ForID = eoffice.Sign, p.For
				}
				d.Chain = append(d.Chain, l)
			}
		}
	}
	for _, p := range people {
		t := eoffice.Addressee{PositionID: p.PositionID, ToUnit: p.ToUnit}
		switch p.Role {
		case roleTo:
			d.To = append(d.To, t)
		case roleCC:
			d.CC = append(d.CC, t)
		}
	}
	for line := range strings.SplitSeq(f.Text(controlOutside), "\n") {
		name, address, _ := strings.Cut(line, ";")
		if name = strings.TrimSpace(name); name != "" {
			d.To = append(d.To, eoffice.Addressee{Name: name, Address: strings.TrimSpace(address)})
		}
	}
	saved, _ = strconv.Atoi(f.Value(controlSaved))
	return d, people, saved
}

// moveUp puts a desk before the one listed above it.
func moveUp(people []person, id string) {
	for i := 1; i < len(people); i++ {
		if strconv.FormatInt(people[i].PositionID, 10) == id {
			people[i-1], people[i] = people[i], people[i-1]
			return
		}
	}
}

// saveDraft keeps the form and does what its button says.
func (k *desk) saveDraft(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	c, _, err := k.Office.DraftOf(ctx, a, id)
	if errs.KindOf(err) == errs.Conflict {
		return gone(w, r, id)
	}
	if err != nil {
		return err
	}
	d, people, saved := readDraft(f)
	v := draftView{Case: c, Draft: d, People: people, Saved: saved, Form: f, Outside: f.Text(controlOutside)}
	v.Kind, _ = kind.ByCode(c.KindCode)
	again := func(status int) error {
		if err := k.fill(r, &v); err != nil {
			return err
		}
		return web.Render(w, r, status, draftPage(v))
	}
	v.Saved, err = k.Office.SaveDraft(ctx, a, id, saved, d)
	if err != nil {
		v.Saved = saved
		if errs.KindOf(err) == errs.Conflict {
			f.Fail("", errs.MessageOf(err))
			return again(http.StatusConflict)
		}
		if f.FailWith(err) {
			return again(http.StatusUnprocessableEntity)
		}
		return err
	}
	switch do := f.Value(controlDo); {
	case do == "cari", do == "enter" && f.Line(controlFind) != "":
		if v.Find = f.Line(controlFind); v.Find == "" {
			f.Fail(controlFind, "Tulis nama jabatan, unit, orang, atau kelompok yang dicari.")
			return again(http.StatusUnprocessableEntity)
		}
		v.Form = nil
		return again(http.StatusOK)
	case strings.HasPrefix(do, doGroup+":"):
		group, role, _ := strings.Cut(strings.TrimPrefix(do, doGroup+":"), ":")
		groupID, _ := strconv.ParseInt(group, 10, 64)
		got, err := k.Office.AddGroup(ctx, a, id, groupID, role == roleCC)
		if f.FailWith(err) {
			return again(http.StatusUnprocessableEntity)
		}
		if err != nil {
			return err
		}
		web.Flash(r, "success", added(got))
		return web.Redirect(w, r, letterHref(id)+"/ubah#orang")
	case do == "ajukan":
		if _, err := k.Office.Submit(ctx, a, eoffice.Act{ID: id}); err != nil {
			if f.FailWith(err) {
				return again(http.StatusUnprocessableEntity)
			}
			return err
		}
		web.Flash(r, "success", "Naskah diajukan. Anda dapat melihat sekarang ada di meja siapa.")
		return web.Redirect(w, r, letterHref(id))
	case do == "lampiran":
		return web.Redirect(w, r, letterHref(id)+"/lampiran")
	case do == "rujukan":
		return web.Redirect(w, r, letterHref(id)+"/rujukan")
	case do == "pratinjau" && !d.Secrecy.Kept():
		web.Flash(r, "info", "Konsep disimpan. Naskah sangat rahasia tidak mempunyai cetakan di portal.")
		return web.Redirect(w, r, letterHref(id)+"/ubah")
	case do == "pratinjau":
		return web.Redirect(w, r, paperHref(id, eoffice.PaperDraft))
	case strings.HasPrefix(do, "naik:"):
		return web.Redirect(w, r, letterHref(id)+"/ubah#orang")
	}
	web.Flash(r, "success", "Konsep disimpan.")
	return web.Redirect(w, r, letterHref(id)+"/ubah")
}

// headerSaved tells the script of the form the counter of its next save.
const headerSaved = "X-Versi"

// autosave keeps what was typed so far, for the script of the form.
func (k *desk) autosave(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	d, _, saved := readDraft(f)
	now, err := k.Office.SaveDraft(r.Context(), web.ActorOf(r.Context()), id, saved, d)
	if err != nil {
		return err
	}
	w.Header().Set(headerSaved, strconv.Itoa(now))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (v draftView) action(path string) string { return letterHref(v.Case.ID) + "/" + path }

func (v draftView) problem(name string) string {
	if v.Form == nil {
		return ""
	}
	return v.Form.Errors().Get(name)
}

func (v draftView) subject() ui.Control {
	return ui.Control{Name: eoffice.ControlSubject, Label: "Hal", Value: v.Draft.Subject, Error: v.problem(eoffice.ControlSubject), Required: true, MaxLength: 500, Autocomplete: "off"}
}

func (v draftView) body() ui.Control {
	return bodyControl(v.Draft.Body, v.Form, "Bagian […] perlu diisi.")
}

func (v draftView) secrecy() ui.Control {
	most := "isinya tetap di kertas, portal hanya mencatat amplopnya."
	if v.Keeps {
		most = "isinya tersegel dan hanya dilihat di layar oleh mereka, dengan sandi; tanda tangan dan lampirannya di kertas."
	}
	return ui.Control{Name: eoffice.ControlSecrecy, Label: "Sifat", Value: string(v.Draft.Secrecy), Error: v.problem(eoffice.ControlSecrecy), Options: secrecyOptions(eoffice.Secrecies),
		Hint: "Rahasia: hanya pemegang jabatan yang disebut. Sangat rahasia: " + most, Width: "medium"}
}

func (v draftView) urgency() ui.Control {
	return ui.Control{Name: eoffice.ControlUrgency, Label: "Urgensi", Value: string(v.Draft.Urgency), Error: v.problem(eoffice.ControlUrgency), Options: urgencyOptions(), Width: "medium"}
}

func (v draftView) kka() ui.Control {
	c := kkaControl(v.KKA, v.Draft.KKA, "Pilih kode klasifikasi")
	c.Required, c.Error = true, v.problem(eoffice.ControlKKA)
	return c
}

func (v draftView) mode() ui.Control {
	return ui.Control{Name: eoffice.ControlMode, Label: "Cara menandatangani", Value: string(v.Draft.Mode), Options: []ui.Option{
		{Value: string(eoffice.Electronic), Label: "Elektronik"},
		{Value: string(eoffice.Wet), Label: "Dengan tinta", Hint: "Dicetak bernomor, ditandatangani, lalu dipindai kembali."},
	}}
}

func (v draftView) outside() ui.Control {
	return ui.Control{
		Name: controlOutside, Label: "Penerima di luar pemerintah kota", Optional: true, Rows: 3, Value: v.Outside, Error: v.problem(controlOutside),
		Hint: "Satu penerima satu baris: nama; alamat.",
	}
}

func (p person) roleControl() ui.Control {
	return ui.Control{
		Name: controlRole + strconv.FormatInt(p.PositionID, 10), Label: "Peran " + p.Title, Hidden: true, Value: p.Role,
		Options: []ui.Option{
			{Label: "tidak ikut"}, {Value: roleTo, Label: "Kepada"}, {Value: roleCC, Label: "Tembusan"},
			{Value: roleParaf, Label: "Memaraf"}, {Value: roleSign, Label: "Menandatangani"},
		},
	}
}

// forControl offers in whose name somebody signs.
func (p person) forControl() ui.Control {
	c := ui.Control{Name: controlFor + strconv.FormatInt(p.PositionID, 10), Label: "Menandatangani atas nama", Value: strconv.FormatInt(p.For, 10), Width: "medium",
		Options: []ui.Option{{Value: "0", Label: "jabatannya sendiri"}}, Hint: "Yang diatasnamakan tetap bertanggung jawab dan mendapat tembusan."}
	for i, o := range p.Above {
		label := "a.n. " + o.Title
		if i > 0 {
			label += " (u.b.)"
		}
		c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(o.PositionID, 10), Label: label})
	}
	return c
}

// unitControl lets a letter go to a desk at which nobody sits.
func (p person) unitControl() ui.Control {
	c := ui.Control{Name: controlToUnit + strconv.FormatInt(p.PositionID, 10), Label: "Tetap ke unitnya", Hint: "Jabatan ini sedang kosong; tata usahanya yang menerima."}
	if p.ToUnit {
		c.Value = "1"
	}
	return c
}

func (v draftView) title() string {
	return fmt.Sprintf("%s, konsep", v.Kind.Name)
}
