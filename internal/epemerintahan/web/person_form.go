package epemerintahanweb

import (
	"net/http"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// personFields are the questions about somebody, in the order of a KK.
func personFields(p epemerintahan.Person) []field {
	list := func(name, label string, codes epemerintahan.Codes, value int) field {
		return field{As: "select", Control: ui.Control{Name: name, Label: label, Value: codeText(value), Options: options(codes, "Pilih"), Required: true}}
	}
	line := func(name, label, value string) field {
		return field{Control: ui.Control{Name: name, Label: label, Value: value, Optional: true, Autocomplete: "off"}}
	}
	return []field{
		heading("Data diri"),
		{Control: ui.Control{Name: epemerintahan.ControlName, Label: "Nama lengkap", Hint: "Seperti di KTP atau akta lahir, tanpa gelar.", Value: p.Name, Required: true, Autocomplete: "off"}},
		{As: "radios", Control: ui.Control{Name: epemerintahan.ControlSex, Label: "Jenis kelamin", Value: codeText(p.Sex), Inline: true,
			Options: []ui.Option{{Value: codeText(epemerintahan.Male), Label: "Laki-laki"}, {Value: codeText(epemerintahan.Female), Label: "Perempuan"}}}},
		row(
			field{Control: ui.Control{Name: epemerintahan.ControlBirthPlace, Label: "Tempat lahir", Value: p.BirthPlace, Required: true, Autocomplete: "off"}},
			field{As: "date", Control: ui.Control{Name: epemerintahan.ControlBirthDate, Label: "Tanggal lahir", Value: dateText(p.BirthDate), Required: true, Autocomplete: "off"}},
		),
		row(
			list(epemerintahan.ControlReligion, "Agama", epemerintahan.Religions, p.Religion),
			list(epemerintahan.ControlMarital, "Status perkawinan", epemerintahan.Maritals, p.Marital),
		),
		row(
			list(epemerintahan.ControlEducation, "Pendidikan", epemerintahan.Educations, p.Education),
			list(epemerintahan.ControlJob, "Pekerjaan", epemerintahan.Jobs, p.Job),
		),
		row(
			list(epemerintahan.ControlCitizenship, "Kewarganegaraan", epemerintahan.Citizenships, p.Citizenship),
			list(epemerintahan.ControlPermanence, "Status penduduk", epemerintahan.Permanences, p.Permanence),
		),
		heading("Orang tua dan akta"),
		row(line(epemerintahan.ControlFather, "Nama ayah", p.FatherName), line(epemerintahan.ControlMother, "Nama ibu", p.MotherName)),
		row(line(epemerintahan.ControlBirthDeed, "Nomor akta lahir", p.BirthDeed), line(epemerintahan.ControlMarriageDeed, "Nomor akta kawin", p.MarriageDeed),
			line(epemerintahan.ControlDivorceDeed, "Nomor akta cerai", p.DivorceDeed)),
	}
}

// nikFields ask for the NIK; kept is the masked one that stays when nothing is typed.
func nikFields(status epemerintahan.NIKStatus, kept string) []field {
	number := ui.Control{Name: epemerintahan.ControlNIK, Label: "NIK", Hint: "16 angka, seperti di KTP atau KK.", InputMode: "numeric", Autocomplete: "off", Width: "medium"}
	if kept != "" {
		number.Hint = "Yang tercatat: " + kept + ". Isi hanya bila nomornya salah catat."
	}
	var choices []ui.Option
	for _, s := range epemerintahan.NIKStatuses {
		choices = append(choices, ui.Option{Value: string(s), Label: s.Words()})
	}
	return []field{
		heading("NIK"),
		row(
			field{As: "select", Control: ui.Control{Name: epemerintahan.ControlNIKStatus, Label: "Keadaan NIK", Value: string(status), Options: choices}},
			field{Control: number},
		),
	}
}

func relationField(value int, options []ui.Option, hint string) field {
	return field{As: "select", Control: ui.Control{Name: epemerintahan.ControlRelation, Label: "Hubungan dengan kepala keluarga", Hint: hint, Value: codeText(value), Options: options, Required: true}}
}

func homeFields(h epemerintahan.Home) []field {
	return []field{
		{Control: ui.Control{Name: epemerintahan.ControlAddress, Label: "Alamat", Hint: "Jalan, lorong, blok, nomor rumah.", Value: h.Address, Required: true, Autocomplete: "off"}},
		row(
			field{Control: ui.Control{Name: epemerintahan.ControlRT, Label: "RT", Value: h.RT, InputMode: "numeric", Required: true, Autocomplete: "off"}},
			field{Control: ui.Control{Name: epemerintahan.ControlRW, Label: "RW", Value: h.RW, InputMode: "numeric", Required: true, Autocomplete: "off"}},
		),
	}
}

func kkField(hint string) field {
	return field{Control: ui.Control{Name: epemerintahan.ControlKK, Label: "Nomor KK", Hint: hint, Optional: true, InputMode: "numeric", Autocomplete: "off", Width: "medium"}}
}

// override asks for the reason why a doubtful number passes, of those who may say it.
func override(may bool) []field {
	if !may {
		return nil
	}
	return []field{reasonField("Alasan meloloskan nomor", "Hanya bila NIK atau nomor KK diragukan sistem, padahal memang begitu di KTP atau KK.", false)}
}

func readPerson(f *form.Form) epemerintahan.Person {
	return epemerintahan.Person{
		Relation: code(f, epemerintahan.ControlRelation), Name: f.Line(epemerintahan.ControlName), Sex: code(f, epemerintahan.ControlSex),
		BirthPlace: f.Line(epemerintahan.ControlBirthPlace), BirthDate: day(f, epemerintahan.ControlBirthDate),
		Religion: code(f, epemerintahan.ControlReligion), Education: code(f, epemerintahan.ControlEducation), Job: code(f, epemerintahan.ControlJob),
		Marital: code(f, epemerintahan.ControlMarital), Citizenship: code(f, epemerintahan.ControlCitizenship), Permanence: code(f, epemerintahan.ControlPermanence),
		FatherName: f.Line(epemerintahan.ControlFather), MotherName: f.Line(epemerintahan.ControlMother), BirthDeed: f.Line(epemerintahan.ControlBirthDeed),
		MarriageDeed: f.Line(epemerintahan.ControlMarriageDeed), DivorceDeed: f.Line(epemerintahan.ControlDivorceDeed),
	}
}

// entries are the ways in which a record begins.
var entries = []ui.Option{
	{Value: string(epemerintahan.Registered), Label: "Sudah tinggal di sini", Hint: "Belum sempat tercatat."},
	{Value: string(epemerintahan.MovedIn), Label: "Pindah datang", Hint: "Dari kelurahan, kota, atau negara lain."},
	{Value: string(epemerintahan.Born), Label: "Baru lahir", Hint: "Tanggalnya sama dengan tanggal lahir."},
}

func (k *desk) create(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	places, err := k.Residents.Workplaces(r.Context(), a, epemerintahan.PermEdit)
	if err != nil {
		return err
	}
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	in := epemerintahan.CreateInput{FamilyID: q.ID("keluarga", "")}
	v := formView{Desk: frame(r), Back: deskPath, Title: "Catat penduduk", Submit: "Simpan", Lead: "Orang pertama dari keluarga baru menjadi kepala keluarganya."}
	p := epemerintahan.Person{Citizenship: 1, Permanence: 1}
	entry, status, override_ := epemerintahan.EventKind(q.Line(epemerintahan.ControlEntry)), epemerintahan.NIKPresent, a.Has(epemerintahan.PermOverride)
	if entry == "" {
		entry = epemerintahan.Registered
	}
	var detail epemerintahan.Detail
	on := ""
	switch {
	case in.FamilyID == 0 && len(places) == 0:
		return errReadOnly
	case in.FamilyID != 0:
		f, err := k.Residents.ViewFamily(r.Context(), a, in.FamilyID)
		if err != nil {
			return err
		}
		if !f.May.Edit {
			return errReadOnly
		}
		v.Back, v.Title, v.Lead = familyHref(f.ID), "Tambah anggota keluarga", f.Address+", "+area(f.RT, f.RW)+", "+f.KelurahanName+"."
		override_ = f.May.Override
		if entry == epemerintahan.Born {
			v.Title = "Catat kelahiran"
			p.Relation, p.Religion, p.Education, p.Job, p.Marital, status = 4, 0, 1, 1, 1, epemerintahan.NIKNone
			if p, err = k.newborn(r, f, p); err != nil {
				return err
			}
		}
		if f.Living() > 0 {
			v.Fields = append(v.Fields, relationField(p.Relation, options(epemerintahan.Relations, "Pilih", epemerintahan.RelationHead), ""))
		}
	}
	if id := q.ID("surat", ""); id != 0 && k.FromLetter != nil {
		known, err := k.FromLetter(r.Context(), a, id)
		if err != nil {
			return err
		}
		detail, on = known.Detail, dateText(known.On)
		if known.Person.Name != "" {
			relation := p.Relation
			p = known.Person
			p.Relation = relation
		}
	}
	v.Fields = append(append(nikFields(status, ""), v.Fields...), personFields(p)...)
	if in.FamilyID == 0 {
		v.Fields = append(v.Fields, heading("Alamat dan KK"))
		if len(places) > 1 {
			where := ui.Control{Name: epemerintahan.ControlKelurahan, Label: "Kelurahan", Options: []ui.Option{{Label: "Pilih"}}, Required: true}
			for _, p := range places {
				where.Options = append(where.Options, ui.Option{Value: idText(p.ID), Label: p.Name})
			}
			v.Fields = append(v.Fields, field{As: "select", Control: where})
		}
		v.Fields = append(append(v.Fields, homeFields(epemerintahan.Home{})...), kkField("16 angka. Kosongkan bila KK baru belum terbit."))
	}
	v.Fields = append(v.Fields, heading("Asal catatan"),
		field{As: "radios", Control: ui.Control{Name: epemerintahan.ControlEntry, Label: "Mengapa baru tercatat", Value: string(entry), Options: entries}},
		row(
			field{As: "date", Control: ui.Control{Name: epemerintahan.ControlDate, Label: "Sejak tanggal", Hint: "Kosongkan bila mulai hari ini.", Value: on, Optional: true}},
			field{Control: ui.Control{Name: epemerintahan.ControlOrigin, Label: "Asal", Hint: "Bila pindah datang.", Value: detail.Origin, Optional: true, Autocomplete: "off"}},
			field{Control: ui.Control{Name: epemerintahan.ControlLetter, Label: "Nomor surat", Hint: "SKPWNI atau surat lahir.", Value: detail.Letter, Optional: true, Autocomplete: "off"}},
		))
	v.Fields = append(v.Fields, field{As: "check", Control: ui.Control{Name: "serta", Label: "Keluarga yang dulu pindah bersamanya ikut datang",
		Hint: "Bila orang ini pernah tercatat di kelurahan lain di Makassar: datanya dan riwayatnya ikut, tanpa ditulis ulang."}})
	v.Fields = append(v.Fields, override(override_)...)
	return serve(w, r, v, func(f *form.Form) (string, error) {
		in.Person = readPerson(f)
		in.NIK, in.NIKStatus = f.Line(epemerintahan.ControlNIK), epemerintahan.NIKStatus(f.Line(epemerintahan.ControlNIKStatus))
		in.Entry, in.EntryOn = epemerintahan.EventKind(f.Line(epemerintahan.ControlEntry)), day(f, epemerintahan.ControlDate)
		in.Detail = epemerintahan.Detail{Origin: f.Line(epemerintahan.ControlOrigin), Letter: f.Line(epemerintahan.ControlLetter)}
		in.Home, in.Along = readHome(f), f.Bool("serta")
		if in.KelurahanID = f.ID(epemerintahan.ControlKelurahan, ""); len(places) == 1 {
			in.KelurahanID = places[0].ID
		}
		in.KK, in.Reason = f.Line(epemerintahan.ControlKK), f.Line(epemerintahan.ControlReason)
		if !f.OK() {
			return "", nil
		}
		id, err := k.Residents.Create(r.Context(), a, in)
		if err == nil {
			web.Flash(r, "success", in.Name+" tercatat.")
		}
		return residentHref(id), err
	})
}

// newborn fills what a child has of its family.
func (k *desk) newborn(r *http.Request, f epemerintahan.Family, p epemerintahan.Person) (epemerintahan.Person, error) {
	head, ok := f.Head()
	if !ok {
		return p, nil
	}
	o, err := k.Residents.ByID(r.Context(), k.DB, head.ID)
	if err != nil {
		return p, err
	}
	p.Religion = o.Religion
	if head.Sex == epemerintahan.Female {
		p.MotherName = head.Name
		return p, nil
	}
	p.FatherName = head.Name
	for _, m := range f.Members {
		if m.Relation == relationWife && m.Status == epemerintahan.Living {
			p.MotherName = m.Name
		}
	}
	return p, nil
}

const relationWife = 3

func readHome(f *form.Form) epemerintahan.Home {
	return epemerintahan.Home{RW: f.Line(epemerintahan.ControlRW), RT: f.Line(epemerintahan.ControlRT), Address: f.Line(epemerintahan.ControlAddress)}
}

func (k *desk) edit(w http.ResponseWriter, r *http.Request) error {
	rec, err := k.editable(r)
	if err != nil {
		return err
	}
	v := formView{Desk: frame(r), Back: residentHref(rec.ID), Title: "Ubah data " + rec.Name, Submit: "Simpan", Version: rec.Version,
		Lead: "Untuk membetulkan yang salah tulis. Meninggal, pindah, dan hilang dicatat sebagai peristiwa. Sebelum dan sesudahnya tersimpan di riwayat."}
	relation := relationField(rec.Relation, options(epemerintahan.Relations, "", epemerintahan.RelationHead), "")
	if rec.Relation == epemerintahan.RelationHead {
		relation = relationField(rec.Relation, options(epemerintahan.Relations[:1], ""), "Kepala keluarga diganti di halaman keluarganya.")
	}
	v.Fields = append(append(append(nikFields(rec.NIKStatus, rec.NIK), relation), personFields(rec.Person)...), override(rec.May.Override)...)
	return serve(w, r, v, func(f *form.Form) (string, error) {
		in := epemerintahan.EditInput{ID: rec.ID, Version: version(f), Person: readPerson(f), NIK: f.Line(epemerintahan.ControlNIK),
			NIKStatus: epemerintahan.NIKStatus(f.Line(epemerintahan.ControlNIKStatus)), Reason: f.Line(epemerintahan.ControlReason)}
		if !f.OK() {
			return "", nil
		}
		err := k.Residents.Edit(r.Context(), web.ActorOf(r.Context()), in)
		if err == nil {
			web.Flash(r, "success", "Perubahan disimpan.")
		}
		return residentHref(rec.ID), err
	})
}

func (k *desk) remove(w http.ResponseWriter, r *http.Request) error {
	rec, err := k.record(r)
	if err != nil {
		return err
	}
	if !rec.May.Delete {
		return errs.New(errs.Forbidden, "Data hanya dihapus oleh lurah. Sampaikan kepadanya mengapa data ini salah catat.")
	}
	v := formView{Desk: frame(r), Back: residentHref(rec.ID), Title: "Hapus data " + rec.Name, Submit: "Hapus data", Danger: true, Version: rec.Version,
		Lead: "Data tidak tampil lagi dan NIK-nya bebas dipakai. Alasannya tersimpan. Orang yang meninggal atau pindah jangan dihapus; catat peristiwanya."}
	v.Fields = append(headField(rec, rec.Relation == epemerintahan.RelationHead), reasonField("Mengapa data ini salah catat", "", true))
	return serve(w, r, v, func(f *form.Form) (string, error) {
		err := k.Residents.Delete(r.Context(), web.ActorOf(r.Context()), epemerintahan.DeleteInput{
			ID: rec.ID, Version: version(f), HeadID: f.ID(epemerintahan.ControlHead, ""), Reason: f.Line(epemerintahan.ControlReason)})
		if err == nil {
			web.Flash(r, "success", "Data "+rec.Name+" dihapus.")
		}
		return familyHref(rec.FamilyID), err
	})
}

// headField asks who leads those who stay, when that can be a question: the head may be
// gone afterwards, and more than one other lives there.
func headField(rec epemerintahan.Record, headMayGo bool) []field {
	var stay []epemerintahan.Member
	for _, m := range rec.Family {
		if m.ID != rec.ID && m.Status == epemerintahan.Living {
			stay = append(stay, m)
		}
	}
	if !headMayGo || len(stay) < 2 {
		return nil
	}
	return []field{{As: "select", Control: ui.Control{
		Name: epemerintahan.ControlHead, Label: "Kepala keluarga yang baru", Hint: "Bagi anggota yang tetap tinggal, bila kepala keluarganya tidak ada lagi.",
		Options: memberOptions("Pilih bila perlu", stay),
	}}}
}

// day reads a date, one from before 1900 included, which the form's own reader has no
// use for. Empty gives the zero time: whether that will do is for the use case to say.
func day(f *form.Form, name string) time.Time {
	raw := f.Line(name)
	if raw == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, raw)
	if err != nil || t.Year() > 2200 {
		f.Fail(name, "Tanggal ini tidak dapat dibaca. Contoh: 24-11-2026.")
	}
	return t
}
