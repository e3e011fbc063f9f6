package eofficeweb

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const groupPath = setPath + "/kelompok"

func groupHref(id int64) string { return groupPath + "/" + itoa(id) }

func groupsHref(unit int64) string {
	return groupPath + "?" + url.Values{paramUnit: {itoa(unit)}}.Encode()
}

// groupsView are the groups of an office.
type groupsView struct {
	Desk   *ui.Desk
	Units  []eoffice.SetUnit
	UnitID int64
	Unit   string
	Rows   []eoffice.Group
	Form   *form.Form
}

func (v groupsView) unitControl() ui.Control {
	c := ui.Control{Name: paramUnit, Label: "Kantor", Value: itoa(v.UnitID)}
	for _, u := range v.Units {
		c.Options = append(c.Options, ui.Option{Value: itoa(u.ID), Label: u.Name})
	}
	return c
}

func groupNameControl(name string) ui.Control {
	return ui.Control{Name: eoffice.ControlGroupName, Label: "Nama kelompok", Value: name, Required: true, MaxLength: 120, Autocomplete: "off",
		Hint: "Seperti sesudah “Yth.”, misalnya Para Camat se-Kota Makassar."}
}

func (k *desk) loadGroups(r *http.Request, f *form.Form) (v groupsView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.Units, err = k.Office.GroupUnits(ctx, a); err != nil {
		return v, err
	}
	v.UnitID = f.ID(paramUnit, "")
	if v.UnitID == 0 && len(v.Units) > 0 {
		v.UnitID = v.Units[0].ID
		for _, u := range v.Units { // one's own before the others of the city
			if u.ID == a.MainPosition().UnitID {
				v.UnitID = u.ID
			}
		}
	}
	i := slices.IndexFunc(v.Units, func(u eoffice.SetUnit) bool { return u.ID == v.UnitID })
	if i < 0 {
		return v, errs.New(errs.NotFound, "Kelompok tujuan ini tidak ada di kantor Anda.")
	}
	v.Unit = v.Units[i].Name
	if v.Rows, err = k.Office.Groups(ctx, a, v.UnitID); err != nil {
		return v, err
	}
	v.Desk, err = k.side(ctx, a, groupPath)
	return v, err
}

func (k *desk) groups(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v, err := k.loadGroups(r, f)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, groupsPage(v))
}

func (k *desk) makeGroup(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := k.loadGroups(r, f)
	if err != nil {
		return err
	}
	id, err := k.Office.MakeGroup(r.Context(), web.ActorOf(r.Context()), v.UnitID, f.Line(eoffice.ControlGroupName))
	if f.FailWith(err) {
		v.Form = f
		return web.Render(w, r, http.StatusUnprocessableEntity, groupsPage(v))
	}
	if err != nil {
		return err
	}
	web.Flash(r, "success", "Kelompok dibuat. Tambahkan jabatannya.")
	return web.Redirect(w, r, groupHref(id))
}

// groupView is a group with its desks.
type groupView struct {
	Desk    *ui.Desk
	Group   eoffice.Group
	Members []eoffice.Place
	Offers  []eoffice.HeadsOffer
	Find    string
	Found   []eoffice.Place
	Form    *form.Form
}

func (k *desk) group(w http.ResponseWriter, r *http.Request) error {
	return k.showGroup(w, r, http.StatusOK, nil)
}

func (k *desk) showGroup(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	v := groupView{Form: f}
	if v.Group, v.Members, err = k.Office.GroupOf(ctx, a, id); err != nil {
		return err
	}
	if v.Offers, err = k.Office.HeadsOffers(ctx, v.Group.UnitID); err != nil {
		return err
	}
	if f != nil {
		v.Find = f.Line(controlFind)
	}
	if v.Find != "" {
		if v.Found, err = k.Office.FindPlaces(ctx, v.Find); err != nil {
			return err
		}
	}
	if v.Desk, err = k.side(ctx, a, groupPath); err != nil {
		return err
	}
	return web.Render(w, r, status, groupPage(v))
}

// changeGroup does what the pressed button of the page of a group says.
func (k *desk) changeGroup(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	verb, arg, _ := strings.Cut(f.Value(controlDo), ":")
	position, _ := strconv.ParseInt(arg, 10, 64)
	done := ""
	switch {
	case verb == "nama":
		err, done = k.Office.RenameGroup(ctx, a, id, f.Line(eoffice.ControlGroupName)), "Nama kelompok disimpan."
	case verb == "kepala":
		kind, where, _ := strings.Cut(f.Value(eoffice.ControlHeads), ":")
		err, done = k.Office.AddHeads(ctx, a, id, kind, where == "kota"), "Kepala unitnya ditambahkan."
	case verb == "tambah":
		err, done = k.Office.AddMember(ctx, a, id, position), "Jabatan ditambahkan."
	case verb == "keluar":
		err, done = k.Office.DropMember(ctx, a, id, position), "Jabatan dikeluarkan."
	default:
		if f.Line(controlFind) == "" {
			f.Fail(controlFind, "Tulis nama jabatan, unit, atau orang yang dicari.")
			return k.showGroup(w, r, http.StatusUnprocessableEntity, f)
		}
		return k.showGroup(w, r, http.StatusOK, f)
	}
	if f.FailWith(err) {
		return k.showGroup(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	web.Flash(r, "success", done)
	return web.Redirect(w, r, groupHref(id))
}

func (k *desk) dropGroup(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	g, _, err := k.Office.GroupOf(ctx, a, id)
	if err != nil {
		return err
	}
	if err := k.Office.DropGroup(ctx, a, id); err != nil {
		return err
	}
	web.Flash(r, "success", "Kelompok “"+g.Name+"” dibubarkan. Naskah yang sudah memakainya tidak berubah.")
	return web.Redirect(w, r, groupsHref(g.UnitID))
}

func (v groupView) name() ui.Control { return groupNameControl(v.Group.Name).Kept(v.Form) }

func (v groupView) find() ui.Control {
	return ui.Control{Name: controlFind, Label: "Tambah jabatan", Hint: "Nama jabatan, unit, atau orangnya.", Value: v.Find, Error: v.Form.Errors().Get(controlFind),
		Autocomplete: "off", MaxLength: 200}
}

// heads offers the heads of all units of a kind at once.
func (v groupView) heads() ui.Control {
	c := ui.Control{Name: eoffice.ControlHeads, Label: "Tambah semua kepala", Options: []ui.Option{{Label: "Pilih jenis unit"}}}
	labels := map[string]string{}
	for _, k := range org.Kinds() {
		labels[k.Value] = k.Label
	}
	for _, o := range v.Offers {
		if o.Below > 0 && !v.Group.City {
			c.Options = append(c.Options, ui.Option{Value: o.Kind, Label: fmt.Sprintf("%s (%d)", labels[o.Kind], o.Below), Group: "Di " + v.Group.UnitName})
		}
	}
	for _, o := range v.Offers {
		c.Options = append(c.Options, ui.Option{Value: o.Kind + ":kota", Label: fmt.Sprintf("%s (%d)", labels[o.Kind], o.City), Group: "Di seluruh kota"})
	}
	return c.Typed(v.Form)
}

// in tells whether a desk is in the group.
func (v groupView) in(position int64) bool {
	return slices.ContainsFunc(v.Members, func(p eoffice.Place) bool { return p.PositionID == position })
}

// size says how many desks the group has, and how many of them nobody holds.
func (v groupView) size() string {
	vacant := 0
	for _, p := range v.Members {
		if p.Holder == "" {
			vacant++
		}
	}
	said := strconv.Itoa(len(v.Members)) + " jabatan"
	if vacant > 0 {
		said += fmt.Sprintf(", %d di antaranya sedang kosong", vacant)
	}
	return said
}

// whose says who may choose a group.
func whose(g eoffice.Group) string {
	if g.City {
		return "untuk seluruh kota"
	}
	return g.UnitName
}

// added says what became of a group that was chosen for a letter.
func added(g eoffice.GroupAdded) string {
	said := fmt.Sprintf("%d penerima dari kelompok “%s” ditambahkan.", g.Added, g.Name)
	if g.Known > 0 {
		said += fmt.Sprintf(" %d jabatan sudah terlibat dan tidak ditulis dua kali.", g.Known)
	}
	if n := len(g.Vacant); n > 0 {
		names := strings.Join(g.Vacant[:min(n, 5)], "; ")
		if n > 5 {
			names += fmt.Sprintf("; dan %d lagi", n-5)
		}
		said += " Sedang kosong: " + names + ". Pilih penggantinya, atau centang “Tetap ke unitnya”."
	}
	return said
}
