package epemerintahanweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// entries are the ways in which a record begins.
var entries = []ui.Option{
	{Value: string(epemerintahan.Registered), Label: "Sudah tinggal di sini", Hint: "Belum sempat tercatat."},
	{Value: string(epemerintahan.MovedIn), Label: "Pindah datang", Hint: "Dari kelurahan, kota, atau negara lain."},
	{Value: string(epemerintahan.Born), Label: "Baru lahir", Hint: "Tanggalnya sama dengan tanggal lahir."},
}

// controlAlong asks whether those come too who moved away together.
const controlAlong = "serta"

// newRecord is a record before its form is filled.
type newRecord struct {
	family   epemerintahan.Family // zero: a new one
	places   []epemerintahan.Kelurahan
	person   epemerintahan.Person
	status   epemerintahan.NIKStatus
	entry    epemerintahan.EventKind
	known    Prefill
	override bool
}

func (k *desk) create(w http.ResponseWriter, r *http.Request) error {
	n, err := k.newRecord(r)
	if err != nil {
		return err
	}
	return serve(w, r, n.view(frame(r)), func(f *form.Form) (string, error) {
		in := n.read(f)
		if !f.OK() {
			return "", nil
		}
		id, err := k.Residents.Create(r.Context(), web.ActorOf(r.Context()), in)
		if err == nil {
			k.recorded(r, in.Entry, id)
			web.Flash(r, "success", in.Name+" tercatat.")
		}
		return residentHref(id), err
	})
}

// newRecord is what the address says of a record: the family, how it begins, the letter
// that it is from.
func (k *desk) newRecord(r *http.Request) (n newRecord, err error) {
	a := web.ActorOf(r.Context())
	q, err := form.Query(r)
	if err != nil {
		return n, err
	}
	n = newRecord{person: epemerintahan.Person{Citizenship: 1, Permanence: 1}, status: epemerintahan.NIKPresent,
		entry: epemerintahan.EventKind(q.Line(epemerintahan.ControlEntry)), override: a.Has(epemerintahan.PermOverride)}
	if n.entry == "" {
		n.entry = epemerintahan.Registered
	}
	if n.places, err = k.Residents.Workplaces(r.Context(), a, epemerintahan.PermEdit); err != nil {
		return n, err
	}
	if id := q.ID("keluarga", ""); id != 0 {
		if n.family, err = k.Residents.ViewFamily(r.Context(), a, id); err != nil {
			return n, err
		}
		n.override = n.family.May.Override
		if n.entry == epemerintahan.Born {
			if err := k.newborn(r, &n); err != nil {
				return n, err
			}
		}
	}
	if n.family.ID == 0 && len(n.places) == 0 || n.family.ID != 0 && !n.family.May.Edit {
		return n, errReadOnly
	}
	if n.known, err = k.prefill(r); err != nil {
		return n, err
	}
	if n.known.Person.Name != "" {
		relation := n.person.Relation
		n.person = n.known.Person
		n.person.Relation = relation
	}
	return n, nil
}

// newborn fills what a child has of its family.
func (k *desk) newborn(r *http.Request, n *newRecord) error {
	p := &n.person
	p.Relation, p.Education, p.Job, p.Marital, n.status = relationChild, 1, 1, 1, epemerintahan.NIKNone
	head, ok := n.family.Head()
	if !ok {
		return nil
	}
	o, err := k.Residents.ByID(r.Context(), k.DB, head.ID)
	if err != nil {
		return err
	}
	p.Religion = o.Religion
	if head.Sex == epemerintahan.Female {
		p.MotherName = head.Name
		return nil
	}
	p.FatherName = head.Name
	for _, m := range n.family.Members {
		if m.Relation == relationWife && m.Status == epemerintahan.Living {
			p.MotherName = m.Name
		}
	}
	return nil
}

const (
	relationWife  = 3
	relationChild = 4
)

func (n newRecord) isBirth() bool { return n.family.ID != 0 && n.entry == epemerintahan.Born }

func (n newRecord) view(d *ui.Desk) formView {
	v := formView{Desk: d, Back: deskPath, Title: "Catat penduduk", Submit: "Simpan", Lead: "Orang pertama dari keluarga baru menjadi kepala keluarganya."}
	v.Fields = nikFields(n.status, "")
	if f := n.family; f.ID != 0 {
		v.Back, v.Title, v.Lead = familyHref(f.ID), "Tambah anggota keluarga", f.Address+", "+area(f.RT, f.RW)+", "+f.KelurahanName+"."
		if n.isBirth() {
			v.Title = "Catat kelahiran"
		}
		if f.Living() > 0 {
			v.Fields = append(v.Fields, relationField(n.person.Relation, options(epemerintahan.Relations, "Pilih", epemerintahan.RelationHead), ""))
		}
	}
	v.Fields = append(v.Fields, personFields(n.person)...)
	if n.family.ID == 0 {
		v.Fields = append(v.Fields, n.placeFields()...)
	}
	v.Fields = append(append(v.Fields, n.originFields()...), override(n.override)...)
	return v
}

func (n newRecord) placeFields() []field {
	out := []field{heading("Alamat dan KK")}
	if len(n.places) > 1 {
		where := ui.Control{Name: epemerintahan.ControlKelurahan, Label: "Kelurahan", Options: []ui.Option{{Label: "Pilih"}}, Required: true}
		for _, p := range n.places {
			where.Options = append(where.Options, ui.Option{Value: idText(p.ID), Label: p.Name})
		}
		out = append(out, field{As: "select", Control: where})
	}
	return append(append(out, homeFields(epemerintahan.Home{})...), kkField("16 angka. Kosongkan bila KK baru belum terbit."))
}

// originFields ask why somebody is recorded only now; of a newborn that is known.
func (n newRecord) originFields() []field {
	letter := field{Control: ui.Control{Name: epemerintahan.ControlLetter, Label: "Nomor surat", Hint: "SKPWNI atau surat lahir.", Value: n.known.Detail.Letter, Optional: true, Autocomplete: "off"}}
	if n.isBirth() {
		return []field{letter, {As: "hidden", Control: ui.Control{Name: epemerintahan.ControlEntry, Value: string(n.entry)}}}
	}
	return []field{
		heading("Asal catatan"),
		{As: "radios", Control: ui.Control{Name: epemerintahan.ControlEntry, Label: "Mengapa baru tercatat", Value: string(n.entry), Options: entries}},
		row(
			field{As: "date", Control: ui.Control{Name: epemerintahan.ControlDate, Label: "Sejak tanggal", Hint: "Kosongkan bila mulai hari ini.", Value: dateText(n.known.On), Optional: true}},
			field{Control: ui.Control{Name: epemerintahan.ControlOrigin, Label: "Asal", Hint: "Bila pindah datang.", Value: n.known.Detail.Origin, Optional: true, Autocomplete: "off"}},
			letter,
		),
		{As: "check", Control: ui.Control{Name: controlAlong, Label: "Keluarga yang dulu pindah bersamanya ikut datang",
			Hint: "Bila orang ini pernah tercatat di kelurahan lain di Makassar: datanya dan riwayatnya ikut, tanpa ditulis ulang."}},
	}
}

func (n newRecord) read(f *form.Form) epemerintahan.CreateInput {
	in := epemerintahan.CreateInput{FamilyID: n.family.ID, Home: readHome(f), KK: f.Line(epemerintahan.ControlKK), Along: f.Bool(controlAlong), Reason: f.Line(epemerintahan.ControlReason)}
	in.Person = readPerson(f)
	in.NIK, in.NIKStatus = f.Line(epemerintahan.ControlNIK), epemerintahan.NIKStatus(f.Line(epemerintahan.ControlNIKStatus))
	in.Entry, in.EntryOn = epemerintahan.EventKind(f.Line(epemerintahan.ControlEntry)), day(f, epemerintahan.ControlDate)
	in.Detail = epemerintahan.Detail{Origin: f.Line(epemerintahan.ControlOrigin), Letter: f.Line(epemerintahan.ControlLetter)}
	if in.KelurahanID = f.ID(epemerintahan.ControlKelurahan, ""); len(n.places) == 1 {
		in.KelurahanID = n.places[0].ID
	}
	return in
}
