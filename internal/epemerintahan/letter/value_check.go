package letter

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// Longest answers, in letters.
const (
	MaxText     = 200
	MaxTextArea = 2000
)

const maxDigits = 15

// CheckValues cleans answers and says what is wrong with each, by control name
// (errs.Invalid); today is for rules about dates. It also evaluates the kind's rules
// against the subject: a broken rule is errs.Unprocessable with its message, beside the
// control of the answer that breaks it where there is one. The cleaned answers come
// back with the error too. People who are residents must have been filled in from the
// register; what was typed as their hubungan stays.
func (k Kind) CheckValues(v Values, subject Person, today time.Time) (Values, error) {
	c := checker{out: Values{}}
	for _, f := range k.Fields {
		c.field(f, v[f.Name])
	}
	message := ""
	rc := ruleCase{kind: k, subject: subject, values: c.out, today: today.In(indo.WITA)}
	for _, r := range k.Rules {
		control, broken := r.broken(rc)
		if !broken || control != "" && c.failed(control) {
			continue
		}
		if message == "" {
			message = r.Message
		}
		c.fail(control, r.Message)
	}
	if len(c.wrong) == 0 {
		return c.out, nil
	}
	return c.out, &errs.Error{Kind: errs.Unprocessable, Message: message, Fields: c.wrong}
}

// CheckSubject cleans a subject who is not in the register and says what is wrong, by control name.
func CheckSubject(p Person) (Person, error) {
	c := checker{}
	p = c.person(p, AsksSubject(), subjectPrefix)
	if len(c.wrong) > 0 {
		return p, errs.Invalid(c.wrong...)
	}
	return p, nil
}

type checker struct {
	out   Values
	wrong []errs.Field
}

func (c *checker) fail(control, message string) {
	c.wrong = append(c.wrong, errs.Field{Name: control, Message: message})
}

// failed tells whether something was wrong with the control or a part of it.
func (c *checker) failed(control string) bool {
	return slices.ContainsFunc(c.wrong, func(f errs.Field) bool {
		return f.Name == control || strings.HasPrefix(f.Name, control+".")
	})
}

func (c *checker) field(f Field, v Value) {
	name := FieldControl(f.Name)
	if people, many := f.Type.OfPeople(); people {
		c.people(f, v.People, name, many)
		return
	}
	text, wrong := cleanText(f, v.Text)
	switch {
	case text == "" && f.Required:
		c.fail(name, missing(f))
	case text == "":
		return
	case wrong != "":
		c.fail(name, wrong)
	}
	if text != "" {
		c.out[f.Name] = Value{Text: text}
	}
}

func missing(f Field) string {
	if f.Type == Select {
		return fmt.Sprintf("Pilih jawaban untuk “%s”.", f.Label)
	}
	return fmt.Sprintf("Isi “%s”.", f.Label)
}

// cleanText is an answer as it is kept, or as it was typed and what is wrong with it.
func cleanText(f Field, text string) (clean, wrong string) {
	if f.Type == TextArea {
		clean = cleanLines(text)
	} else {
		clean = indo.CleanName(text)
	}
	if clean == "" {
		return "", ""
	}
	switch f.Type {
	case Text:
		return clean, tooLong(clean, MaxText)
	case TextArea:
		return clean, tooLong(clean, MaxTextArea)
	case Date:
		day, ok := parseDay(clean)
		if !ok {
			return clean, "Tulis tanggal yang benar, contoh: 17-8-2025."
		}
		return day.Format(time.DateOnly), oddYear(day)
	case DateTime:
		at, ok := parseMoment(clean)
		if !ok {
			return clean, "Tulis tanggal dan jam yang benar, contoh: 17-8-2025 09.00."
		}
		return at.Format(dateTimeForm), oddYear(at)
	case Time:
		at, ok := parseFirst(clean, timeForms)
		if !ok {
			return clean, "Tulis jam yang benar, contoh: 14.30."
		}
		return at.Format("15:04"), ""
	case Number:
		n, ok := wholeNumber(clean)
		if !ok {
			return clean, "Tulis angka bulat saja, contoh: 12."
		}
		return n, ""
	case Money:
		n, ok := wholeNumber(strings.TrimSpace(rupiahSign.ReplaceAllString(clean, "")))
		if !ok {
			return clean, "Tulis rupiah penuh dengan angka, contoh: 1.500.000."
		}
		return n, ""
	case Select:
		if !slices.Contains(f.Options, clean) {
			return clean, "Pilih salah satu jawaban yang tersedia."
		}
		return clean, ""
	case Bool:
		if slices.Contains([]string{"ya", "on", "true", "1"}, strings.ToLower(clean)) {
			return Yes, ""
		}
		return "", ""
	case KK:
		number, found := epemerintahan.CheckKK(clean)
		return number, refusal(found)
	}
	return clean, "Isian ini tidak dikenal."
}

// Yes is what a ticked Bool is kept as.
const Yes = "ya"

func cleanLines(s string) string {
	var out []string
	for line := range strings.Lines(s) {
		line = indo.CleanName(line)
		if line != "" || len(out) > 0 && out[len(out)-1] != "" {
			out = append(out, line)
		}
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

func tooLong(s string, most int) string {
	if n := utf8.RuneCountInString(s); n > most {
		return fmt.Sprintf("Ringkas menjadi paling banyak %s huruf; sekarang %s.", indo.Int(most), indo.Int(n))
	}
	return ""
}

func oddYear(t time.Time) string {
	if t.Year() < 1900 || t.Year() > 2100 {
		return "Tahunnya tidak masuk akal. Tulis dengan empat angka, contoh: 2025."
	}
	return ""
}

// refusal is what a number is refused for, "" when it may enter.
func refusal(found []epemerintahan.Finding) string {
	for _, f := range found {
		if f.Refused {
			return f.Message
		}
	}
	return ""
}

var (
	rupiahSign = regexp.MustCompile(`(?i)^rp\.?|,-$|,00$`)
	wholeForm  = regexp.MustCompile(`^(\d+|\d{1,3}(\.\d{3})+|\d{1,3}(,\d{3})+|\d{1,3}( \d{3})+)$`)
	notDigit   = regexp.MustCompile(`\D`)
)

// wholeNumber reads "1.500.000" and its like as plain digits.
func wholeNumber(s string) (string, bool) {
	if !wholeForm.MatchString(s) {
		return "", false
	}
	n := strings.TrimLeft(notDigit.ReplaceAllString(s, ""), "0")
	if n == "" {
		n = "0"
	}
	return n, len(n) <= maxDigits
}

const dateTimeForm = "2006-01-02T15:04"

var (
	dayForms  = []string{time.DateOnly, "2-1-2006", "2/1/2006", "2.1.2006"}
	timeForms = []string{"15:04", "15.04", "15:04:05"}
)

func parseFirst(s string, forms []string) (time.Time, bool) {
	for _, form := range forms {
		if t, err := time.ParseInLocation(form, s, indo.WITA); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// parseDay reads a day as a browser sends it or as people write it.
func parseDay(s string) (time.Time, bool) {
	if t, ok := parseFirst(s, dayForms); ok {
		return t, true
	}
	words := strings.Fields(strings.ToLower(s))
	if len(words) != 3 {
		return time.Time{}, false
	}
	for m := time.January; m <= time.December; m++ {
		if name := strings.ToLower(indo.Month(m)); words[1] == name || words[1] == name[:3] {
			return parseFirst(fmt.Sprintf("%s-%d-%s", words[0], m, words[2]), dayForms)
		}
	}
	return time.Time{}, false
}

func parseMoment(s string) (time.Time, bool) {
	day, hour, ok := strings.Cut(s, "T")
	if !ok {
		i := strings.LastIndex(s, " ")
		if i < 0 {
			return time.Time{}, false
		}
		day, hour = s[:i], s[i+1:]
	}
	d, okDay := parseDay(strings.TrimSpace(day))
	h, okHour := parseFirst(hour, timeForms)
	return d.Add(time.Duration(h.Hour())*time.Hour + time.Duration(h.Minute())*time.Minute), okDay && okHour
}

func (c *checker) people(f Field, ps []Person, name string, many bool) {
	switch {
	case len(ps) == 0 && f.Required && f.Type == OneResident:
		c.fail(name, fmt.Sprintf("Pilih “%s” dari data penduduk.", f.Label))
	case len(ps) == 0 && f.Required && many:
		c.fail(name, fmt.Sprintf("Isi “%s”, paling sedikit satu orang.", f.Label))
	case len(ps) == 0 && f.Required:
		c.fail(name, missing(f))
	case len(ps) > MaxPeople || len(ps) > 1 && !many:
		c.fail(name, fmt.Sprintf("“%s” paling banyak %d orang.", f.Label, MaxPeople))
	}
	if len(ps) == 0 {
		return
	}
	out := make([]Person, len(ps))
	for i, p := range ps {
		prefix := name + "."
		if many {
			prefix += strconv.Itoa(i) + "."
		}
		if f.Type == OneResident && p.ResidentID == 0 {
			c.fail(name, fmt.Sprintf("Pilih “%s” dari data penduduk.", f.Label))
		}
		out[i] = c.person(p, f.Asks(), prefix)
	}
	c.out[f.Name] = Value{People: out}
}

// person cleans somebody; of a resident only what the register does not know is asked.
func (c *checker) person(p Person, asks []AskedPart, prefix string) Person {
	for _, part := range Parts {
		at := part.of(&p)
		*at = indo.CleanName(*at)
		if wrong := tooLong(*at, MaxText); wrong != "" {
			c.fail(prefix+part.Name, wrong)
		}
	}
	if p.ResidentID != 0 {
		return p
	}
	for _, a := range asks {
		switch at := a.of(&p); {
		case *at == "" && a.Required:
			c.fail(prefix+a.Name, fmt.Sprintf("Isi %s.", lowerFirst(a.Label)))
		case *at != "":
			if wrong := checkPart(&p, a.Name); wrong != "" {
				c.fail(prefix+a.Name, wrong)
			}
		}
	}
	return p
}

// checkPart checks a part that was answered and writes it as it is kept.
func checkPart(p *Person, part string) (wrong string) {
	switch part {
	case "nama":
		if !strings.ContainsFunc(p.Name, func(r rune) bool { return r > '9' }) {
			return "Tulis nama dengan huruf."
		}
	case "nik":
		born, _ := parseDay(p.BirthDate)
		number, found := epemerintahan.CheckNIK(p.NIK, born, 0)
		p.NIK = number
		return refusal(found)
	case "kk":
		number, found := epemerintahan.CheckKK(p.KK)
		p.KK = number
		return refusal(found)
	case "tgl_lahir":
		day, ok := parseDay(p.BirthDate)
		if !ok {
			return "Tulis tanggal lahir yang benar, contoh: 17-8-1990."
		}
		p.BirthDate = day.Format(time.DateOnly)
		return oddYear(day)
	case "jk":
		p.Sex = strings.ToUpper(p.Sex)
		if p.Sex != male && p.Sex != female {
			return "Pilih laki-laki atau perempuan."
		}
	case "rt", "rw":
		at := &p.RT
		if part == "rw" {
			at = &p.RW
		}
		area, ok := epemerintahan.ParseArea(*at)
		if !ok {
			return fmt.Sprintf("Tulis %s dengan angka 1 sampai 999.", strings.ToUpper(part))
		}
		*at = area
	}
	return ""
}

// Sexes as letters keep them.
const (
	male   = "LAKI-LAKI"
	female = "PEREMPUAN"
)

func lowerFirst(s string) string {
	if first, size := utf8.DecodeRuneInString(s); size > 0 && !strings.HasPrefix(s, "NIK") && s != "RT" && s != "RW" {
		return strings.ToLower(string(first)) + s[size:]
	}
	return s
}
