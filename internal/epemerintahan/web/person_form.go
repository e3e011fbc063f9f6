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
	if rec.Relation == epemerintahan.RelationHead && rec.Status == epemerintahan.Living {
		v.Fields = headField(hintStay, others(rec))
	}
	v.Fields = append(v.Fields, reasonField("Mengapa data ini salah catat", "", true))
	return serve(w, r, v, func(f *form.Form) (string, error) {
		err := k.Residents.Delete(r.Context(), web.ActorOf(r.Context()), epemerintahan.DeleteInput{
			ID: rec.ID, Version: version(f), HeadID: f.ID(epemerintahan.ControlHead, ""), Reason: f.Line(epemerintahan.ControlReason)})
		if err == nil {
			web.Flash(r, "success", "Data "+rec.Name+" dihapus.")
		}
		return familyHref(rec.FamilyID), err
	})
}

// headField asks who leads the family afterwards, when that can be a question: there is
// more than one who may stay, or come.
func headField(hint string, candidates []epemerintahan.Member) []field {
	if len(candidates) < 2 {
		return nil
	}
	return []field{{As: "select", Control: ui.Control{
		Name: epemerintahan.ControlHead, Label: "Kepala keluarga yang baru", Hint: hint, Options: memberOptions("Pilih bila perlu", candidates),
	}}}
}

const hintStay = "Bagi anggota yang tetap tinggal, bila kepala keluarganya tidak ada lagi."

// others are those who live with somebody.
func others(rec epemerintahan.Record) (out []epemerintahan.Member) {
	for _, m := range rec.Family {
		if m.ID != rec.ID && m.Status == epemerintahan.Living {
			out = append(out, m)
		}
	}
	return out
}

// returners are those of a family without a living head who may be back afterwards.
func returners(rec epemerintahan.Record) (out []epemerintahan.Member) {
	for _, m := range rec.Family {
		switch {
		case m.Status == epemerintahan.Living && m.Relation == epemerintahan.RelationHead:
			return nil
		case m.Status != epemerintahan.Dead || m.ID == rec.ID:
			out = append(out, m)
		}
	}
	return out
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
