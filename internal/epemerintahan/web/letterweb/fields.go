package letterweb

import (
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
)

// fieldsView is a kind's questions as a form shows them, with what was answered.
type fieldsView struct {
	Controls []letter.Control
	Errors   []errs.Field
	// Family are the subject's, offered where some of them are asked for.
	Family []letter.Person
	// Known are people of the register that answers name, by id.
	Known map[int64]letter.Person
	// Step names the control whose buttons ask the page for more: "" offers none, as
	// for citizens, who may not look into the register.
	Step string
}

// Steps of a form that only ask for the page again.
const (
	stepPick  = "isi"    // somebody was named by NIK: look them up
	stepClear = "kosong" // followed by a control: somebody else
	stepRow   = "baris"  // one more row of people
)

func (v fieldsView) problem(name string) string {
	for _, e := range v.Errors {
		if e.Name == name {
			return e.Message
		}
	}
	return ""
}

// control is a question of plain text.
func (v fieldsView) control(c letter.Control) ui.Control {
	out := ui.Control{
		Name: c.Name, Label: c.Label, Hint: c.Hint, Value: c.Text, Error: v.problem(c.Name),
		Required: c.Required, Optional: !c.Required, Autocomplete: "off",
	}
	switch c.Type {
	case letter.TextArea:
		out.Rows, out.MaxLength = 2, letter.MaxTextArea
	case letter.Number:
		out.InputMode, out.Width = "numeric", "short"
	case letter.Money:
		out.InputMode, out.Width, out.Prefix = "numeric", "medium", "Rp"
	case letter.KK:
		out.InputMode, out.Width = "numeric", "medium"
	case letter.DateTime:
		out.Type, out.Width = "datetime-local", "medium"
	case letter.Time:
		out.Type, out.Width = "time", "short"
	case letter.Select:
		out.Options = []ui.Option{{Label: "Pilih"}}
		for _, o := range c.Options {
			out.Options = append(out.Options, ui.Option{Value: o, Label: o})
		}
	case letter.Bool:
		out.Value, out.Optional = letter.Yes, false
		if c.Text != "" {
			out.Values = []string{letter.Yes}
		}
	}
	return out
}

// family offers the subject's family to choose from.
func (v fieldsView) family(c letter.Control) ui.Control {
	out := ui.Control{
		Name: c.Name + ".id", Label: c.Label, Hint: c.Hint, Error: v.problem(c.Name), Optional: !c.Required,
	}
	for _, p := range c.People {
		if p.Person.ResidentID != 0 {
			out.Values = append(out.Values, strconv.FormatInt(p.Person.ResidentID, 10))
		}
	}
	for _, p := range v.Family {
		out.Options = append(out.Options, ui.Option{Value: strconv.FormatInt(p.ResidentID, 10), Label: p.Name, Hint: familyHint(p)})
	}
	return out
}

func familyHint(p letter.Person) string {
	s := p.Relation
	if b := birth(p); b != "" {
		if s != "" {
			s += ", "
		}
		s += "lahir " + b
	}
	return s
}

// part is one thing asked about one of the people.
func (v fieldsView) part(p letter.PersonControl, a letter.AskedPart) ui.Control {
	return partControl(p.Name+"."+a.Name, a, p.Person, v.problem(p.Name+"."+a.Name))
}

func partControl(name string, a letter.AskedPart, p letter.Person, problem string) ui.Control {
	c := ui.Control{
		Name: name, Label: a.Label, Value: p.Get(a.Name), Error: problem, Required: a.Required, Optional: !a.Required, Autocomplete: "off",
	}
	switch a.Name {
	case "nik", "kk":
		c.InputMode, c.Width = "numeric", "medium"
	case "rt", "rw":
		c.InputMode, c.Width = "numeric", "short"
	case "tgl_lahir":
		c.Type, c.Width = "date", "short"
	case "jk":
		c.Options = names("Pilih", epemerintahan.Sexes)
	case "agama":
		c.Options = names("Pilih", epemerintahan.Religions)
	case "status_kawin":
		c.Options = names("Pilih", epemerintahan.Maritals)
	case "kewarganegaraan":
		c.Options = names("Pilih", epemerintahan.Citizenships)
	}
	return c
}

// names are a list's entries as letters write them.
func names(none string, codes epemerintahan.Codes) []ui.Option {
	out := []ui.Option{{Label: none}}
	for _, c := range codes {
		out = append(out, ui.Option{Value: c.Name, Label: c.Name})
	}
	return out
}

// known is somebody of the register whom an answer names.
func (v fieldsView) known(p letter.PersonControl) (letter.Person, bool) {
	k, ok := v.Known[p.Person.ResidentID]
	return k, ok && p.Person.ResidentID != 0
}

// age in words, for telling people of the same name apart.
func age(birth string, now time.Time) string {
	b, err := time.ParseInLocation(time.DateOnly, birth, indo.WITA)
	if err != nil {
		return ""
	}
	n := now.In(indo.WITA)
	years := n.Year() - b.Year()
	if n.Month() < b.Month() || n.Month() == b.Month() && n.Day() < b.Day() {
		years--
	}
	return indo.Int(years) + " tahun"
}
