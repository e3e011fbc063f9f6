package letter

import (
	"net/url"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// How answers are named in a web form:
//
//	f.keperluan               the answer of the field keperluan
//	f.saksi1.id               the resident chosen for saksi1, "" or 0: nobody
//	f.saksi1.nama, .nik …     or somebody written out, by the names of [Parts]
//	f.ahli_waris.0.nama …     the first of several people, .0.id a resident
//	f.anggota.id              several residents: one value for each that is ticked
//	warga.nama …              the subject who is not in the register
//
// Numbers of rows need not follow each other: rows in which nothing is written do
// not count. A resident is known by their id: whoever keeps the answers fills in
// the rest from the register and sees to it that the resident is the actor's to name.
const (
	fieldPrefix   = "f."
	subjectPrefix = SubjectName + "."
	idPart        = "id"
)

// MaxPeople in one answer.
const MaxPeople = 50

// maxRow is the highest number of a row that is read.
const maxRow = 99

// FieldControl names the control of a field.
func FieldControl(field string) string { return fieldPrefix + field }

// PartControl names the control of a part of the only person of a field; part "id" is the resident.
func PartControl(field, part string) string { return fieldPrefix + field + "." + part }

// RowControl names the control of a part of one of several people.
func RowControl(field string, row int, part string) string {
	return fieldPrefix + field + "." + strconv.Itoa(row) + "." + part
}

// SubjectControl names the control of a part of the subject.
func SubjectControl(part string) string { return subjectPrefix + part }

// ReadValues reads the answers to k's fields as they were typed; see
// [Kind.CheckValues] for cleaning them. Nothing typed into them is lost.
func ReadValues(k Kind, form url.Values) Values {
	v := Values{}
	for _, f := range k.Fields {
		people, many := f.Type.OfPeople()
		switch name := FieldControl(f.Name); {
		case !people:
			if text := strings.TrimSpace(strings.ReplaceAll(form.Get(name), "\r\n", "\n")); text != "" {
				v[f.Name] = Value{Text: text}
			}
		case !many:
			if p, ok := readPerson(form, name+"."); ok {
				v[f.Name] = Value{People: []Person{p}}
			}
		default:
			if ps := readPeople(form, name+"."); len(ps) > 0 {
				v[f.Name] = Value{People: ps}
			}
		}
	}
	return v
}

// ReadSubject reads the subject who is not in the register.
func ReadSubject(form url.Values) Person {
	p, _ := readPerson(form, subjectPrefix)
	return p
}

func readPeople(form url.Values, prefix string) (out []Person) {
	seen := map[int64]bool{}
	for _, s := range form[prefix+idPart] {
		if id, err := strconv.ParseInt(s, 10, 64); err == nil && id > 0 && !seen[id] && len(out) <= MaxPeople {
			seen[id] = true
			out = append(out, Person{ResidentID: id})
		}
	}
	for row := range maxRow + 1 {
		if p, ok := readPerson(form, prefix+strconv.Itoa(row)+"."); ok && (p.ResidentID == 0 || !seen[p.ResidentID]) {
			seen[p.ResidentID] = true
			out = append(out, p)
		}
	}
	return out
}

// readPerson reads the parts of one person; ok is false when nothing is written.
func readPerson(form url.Values, prefix string) (p Person, ok bool) {
	if id, err := strconv.ParseInt(form.Get(prefix+idPart), 10, 64); err == nil && id > 0 {
		p.ResidentID, ok = id, true
	}
	for _, part := range Parts {
		text := strings.Join(strings.Fields(form.Get(prefix+part.Name)), " ")
		if part.Name == "nik" || part.Name == "kk" {
			text = epemerintahan.CleanNumber(text)
		}
		*part.of(&p) = text
		ok = ok || text != ""
	}
	return p, ok
}

// Control is a field as a form shows it, with what is answered so far.
type Control struct {
	Field
	Name   string // of the control; for people what stands before the part
	Text   string // as a person types it: money with dots, dates as browsers want them
	People []PersonControl
}

// PersonControl is one person of a control.
type PersonControl struct {
	Name   string // what stands before ".nama"
	Person Person
	Asks   []AskedPart
}

// Controls are k's fields with the answers v. Fields for several people get spare
// empty rows beside those answered.
func (k Kind) Controls(v Values, spare int) []Control {
	out := make([]Control, len(k.Fields))
	for i, f := range k.Fields {
		c := Control{Field: f, Name: FieldControl(f.Name), Text: k.typed(f, v[f.Name].Text)}
		switch people, many := f.Type.OfPeople(); {
		case people && !many:
			p := PersonControl{Name: c.Name, Asks: f.Asks()}
			if ps := v[f.Name].People; len(ps) > 0 {
				p.Person = ps[0]
			}
			c.People = []PersonControl{p}
		case people:
			ps := v[f.Name].People
			for row := range min(len(ps)+spare, maxRow+1) {
				p := PersonControl{Name: c.Name + "." + strconv.Itoa(row), Asks: f.Asks()}
				if row < len(ps) {
					p.Person = ps[row]
				}
				c.People = append(c.People, p)
			}
		}
		out[i] = c
	}
	return out
}

// typed writes an answer the way somebody types it.
func (k Kind) typed(f Field, text string) string {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && (f.Type == Money || f.Type == Number && !k.isYear(f)) {
		return indo.Int(n)
	}
	return text
}

// Form writes the answers as a form would send them; [ReadValues] reads them back.
func (k Kind) Form(v Values) url.Values {
	form := url.Values{}
	for _, c := range k.Controls(v, 0) {
		if c.Text != "" {
			form.Set(c.Name, c.Text)
		}
		for _, p := range c.People {
			writePerson(form, p.Name+".", p.Person)
		}
	}
	return form
}

func writePerson(form url.Values, prefix string, p Person) {
	if p.ResidentID != 0 {
		form.Set(prefix+idPart, strconv.FormatInt(p.ResidentID, 10))
	}
	for _, part := range Parts {
		if text := *part.of(&p); text != "" {
			form.Set(prefix+part.Name, text)
		}
	}
}
