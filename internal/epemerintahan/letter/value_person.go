package letter

import (
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
)

// SubjectName is the name under which rules, wordings and PartiesSign know whom a
// letter is about. No field is called so.
const SubjectName = "warga"

// Part is one thing that is asked about a person.
type Part struct {
	Name  string // of the control, after the person's own
	Label string
	of    func(*Person) *string
}

// Parts are all there are, in the order of a form.
var Parts = []Part{
	{"nama", "Nama lengkap", func(p *Person) *string { return &p.Name }},
	{"nik", "NIK", func(p *Person) *string { return &p.NIK }},
	{"hubungan", "Hubungan keluarga", func(p *Person) *string { return &p.Relation }},
	{"jk", "Jenis kelamin", func(p *Person) *string { return &p.Sex }},
	{"tempat_lahir", "Tempat lahir", func(p *Person) *string { return &p.BirthPlace }},
	{"tgl_lahir", "Tanggal lahir", func(p *Person) *string { return &p.BirthDate }},
	{"agama", "Agama", func(p *Person) *string { return &p.Religion }},
	{"pekerjaan", "Pekerjaan", func(p *Person) *string { return &p.Job }},
	{"status_kawin", "Status perkawinan", func(p *Person) *string { return &p.Marital }},
	{"kewarganegaraan", "Kewarganegaraan", func(p *Person) *string { return &p.Nation }},
	{"kk", "Nomor KK", func(p *Person) *string { return &p.KK }},
	{"alamat", "Alamat", func(p *Person) *string { return &p.Address }},
	{"rt", "RT", func(p *Person) *string { return &p.RT }},
	{"rw", "RW", func(p *Person) *string { return &p.RW }},
}

// DefaultAsk is asked about people where a field does not say.
var DefaultAsk = []string{"nama", "nik?", "pekerjaan?", "alamat"}

// SubjectAsk is asked about a subject who is not in the register.
var SubjectAsk = []string{
	"nama", "nik", "jk", "tempat_lahir", "tgl_lahir", "agama", "pekerjaan", "status_kawin", "kewarganegaraan?", "kk?", "alamat", "rt?", "rw?",
}

func partNamed(name string) (Part, bool) {
	for _, p := range Parts {
		if p.Name == name {
			return p, true
		}
	}
	return Part{}, false
}

// Get returns a part of the person by its name; "" for a name that is none.
func (p Person) Get(part string) string {
	if d, ok := partNamed(part); ok {
		return *d.of(&p)
	}
	return ""
}

// AskedPart is a part and whether it has to be answered.
type AskedPart struct {
	Part
	Required bool
}

// Asks lists what the field asks about each of its people.
func (f Field) Asks() []AskedPart {
	if len(f.Ask) == 0 {
		return asks(DefaultAsk)
	}
	return asks(f.Ask)
}

// AsksSubject lists what is asked about a subject who is not in the register.
func AsksSubject() []AskedPart { return asks(SubjectAsk) }

func asks(names []string) (out []AskedPart) {
	for _, name := range names {
		name, optional := strings.CutSuffix(name, "?")
		if p, ok := partNamed(name); ok {
			out = append(out, AskedPart{p, !optional})
		}
	}
	return out
}

// OfPeople reports whether the answer is people, and whether it may be several.
func (t FieldType) OfPeople() (people, many bool) {
	switch t {
	case OneResident, ResidentOrPerson:
		return true, false
	case Residents, Persons:
		return true, true
	}
	return false, false
}

// PersonOf is a resident as letters write them, the numbers masked as they are in r:
// for showing, not for keeping.
func PersonOf(r epemerintahan.Resident) Person {
	return Person{
		ResidentID: r.ID, Name: r.Name, NIK: r.NIK, BirthPlace: r.BirthPlace, BirthDate: r.BirthDate.Format(time.DateOnly),
		Sex: epemerintahan.Sexes.Name(r.Sex), Religion: epemerintahan.Religions.Name(r.Religion), Job: epemerintahan.Jobs.Name(r.Job),
		Marital: epemerintahan.Maritals.Name(r.Marital), Nation: epemerintahan.Citizenships.Name(r.Citizenship), KK: r.KK,
		Relation: epemerintahan.Relations.Name(r.Relation), Address: r.Address, RW: r.RW, RT: r.RT,
	}
}
