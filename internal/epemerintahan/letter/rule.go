package letter

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// Eligible checks, before a form is filled in, the rules that need no answers; a
// broken one is errs.Unprocessable with its message. status is the subject's in the
// register, "" for an outsider.
func (k Kind) Eligible(subject Person, status epemerintahan.Status, today time.Time) error {
	c := ruleCase{kind: k, subject: subject, status: status, today: today.In(indo.WITA)}
	for _, r := range k.Rules {
		kind := ruleKinds[r.Name]
		if kind.early == nil || !kind.early(r.Args) {
			continue
		}
		if _, broken := kind.broken(c, r.Args); broken {
			return errs.New(errs.Unprocessable, r.Message)
		}
	}
	return nil
}

// ruleCase is what rules look at.
type ruleCase struct {
	kind    Kind
	subject Person
	status  epemerintahan.Status // "": not known
	values  Values
	today   time.Time
}

func (c ruleCase) text(field string) string { return c.values[field].Text }

func (c ruleCase) people(name string) []Person {
	if name == SubjectName {
		return []Person{c.subject}
	}
	return c.values[name].People
}

// day of an answer with a date, "" when there is none.
func (c ruleCase) day(field string) string { return firstDay(c.text(field)) }

func firstDay(s string) string {
	if len(s) < len(time.DateOnly) {
		return ""
	}
	return s[:len(time.DateOnly)]
}

func (c ruleCase) now() string { return c.today.Format(time.DateOnly) }

// RuleKind is a rule that a kind may have.
type RuleKind struct {
	Name    string
	Args    string // what its arguments are, for administrators
	Explain string // what it demands

	params []param
	// early tells, by the arguments, whether no answer is needed; nil: one always is.
	early func(args []string) bool
	// broken tells whether the rule does not hold, and the control of the answer to blame.
	broken func(c ruleCase, args []string) (control string, broken bool)
}

// param says what an argument may be.
type param uint8

const (
	aField    param = iota // the name of a field
	aPeople                // of a field of people, or the subject
	aNumber                // whole
	aWord                  // anything
	manyWords              // any number of words, the last
	manyPeople
	maybeField // a field or nothing
)

func always([]string) bool { return true }

// RuleKinds lists the rules there are.
var RuleKinds = []RuleKind{
	{Name: "hidup", Explain: "Orangnya masih hidup dan tinggal di sini menurut data penduduk.",
		early: always, broken: func(c ruleCase, _ []string) (string, bool) {
			return "", c.status != "" && c.status != epemerintahan.Living
		}},
	{Name: "status_kawin", Args: "status …", Explain: "Status perkawinan orangnya salah satu dari yang disebut.",
		params: []param{manyWords}, early: always, broken: func(c ruleCase, args []string) (string, bool) {
			return "", !containsFold(args, c.subject.Marital)
		}},
	{Name: "umur_min", Args: "tahun [isian]", Explain: "Umur orangnya paling sedikit sekian tahun, kecuali isian itu diisi.",
		params: []param{aNumber, maybeField}, early: func(args []string) bool { return len(args) == 1 },
		broken: func(c ruleCase, args []string) (string, bool) {
			if len(args) > 1 && c.text(args[1]) != "" || !younger(c.subject, args[0], c.now()) {
				return "", false
			}
			if len(args) > 1 {
				return FieldControl(args[1]), true
			}
			return "", true
		}},
	{Name: "umur_min_atau_kawin", Args: "tahun", Explain: "Umur orangnya paling sedikit sekian tahun, atau sudah pernah kawin.",
		params: []param{aNumber}, early: always, broken: func(c ruleCase, args []string) (string, bool) {
			married := c.subject.Marital != "" && !strings.EqualFold(c.subject.Marital, unmarried)
			return "", !married && younger(c.subject, args[0], c.now())
		}},
	{Name: "umur_orang_min", Args: "isian tahun [isian]", Explain: "Orang di isian itu berumur paling sedikit sekian tahun, kecuali isian terakhir diisi.",
		params: []param{aPeople, aNumber, maybeField}, broken: func(c ruleCase, args []string) (string, bool) {
			if len(args) > 2 && c.text(args[2]) != "" {
				return "", false
			}
			return FieldControl(args[0]), slices.ContainsFunc(c.people(args[0]), func(p Person) bool { return younger(p, args[1], c.now()) })
		}},
	{Name: "umur_orang_maks", Args: "isian tahun", Explain: "Orang di isian itu berumur paling banyak sekian tahun.",
		params: []param{aPeople, aNumber}, broken: func(c ruleCase, args []string) (string, bool) {
			most, _ := strconv.Atoi(args[1])
			return FieldControl(args[0]), slices.ContainsFunc(c.people(args[0]), func(p Person) bool {
				age, ok := ageOn(p.BirthDate, c.now())
				return ok && age > most
			})
		}},
	{Name: "sama_status_kawin", Args: "isian", Explain: "Jawaban isian itu sama dengan status perkawinan orangnya.",
		params: []param{aField}, broken: func(c ruleCase, args []string) (string, bool) {
			answer := c.text(args[0])
			return FieldControl(args[0]), answer != "" && c.subject.Marital != "" && !strings.EqualFold(answer, c.subject.Marital)
		}},
	{Name: "pilihan_jk", Args: "isian jenis-kelamin pilihan …", Explain: "Pilihan itu hanya untuk orang berjenis kelamin itu.",
		params: []param{aField, aWord, manyWords}, broken: func(c ruleCase, args []string) (string, bool) {
			return FieldControl(args[0]), c.subject.Sex != "" && !strings.EqualFold(c.subject.Sex, args[1]) && slices.Contains(args[2:], c.text(args[0]))
		}},
	{Name: "bukan_pilihan", Args: "isian pilihan …", Explain: "Pilihan itu tidak dilayani; pesannya menunjukkan jalan lain.",
		params: []param{aField, manyWords}, broken: func(c ruleCase, args []string) (string, bool) {
			return FieldControl(args[0]), slices.Contains(args[1:], c.text(args[0]))
		}},
	{Name: "tanpa_kata", Args: "isian kata …", Explain: "Jawaban tidak memuat kata itu. Kata yang diawali ! selalu boleh.",
		params: []param{aField, manyWords}, broken: func(c ruleCase, args []string) (string, bool) {
			return FieldControl(args[0]), hasWord(c.text(args[0]), args[1:])
		}},
	{Name: "wajib_bila", Args: "isian isian-lain pilihan …", Explain: "Isian pertama wajib diisi bila isian lain dijawab dengan salah satu pilihan itu.",
		params: []param{aField, aField, manyWords}, broken: func(c ruleCase, args []string) (string, bool) {
			v := c.values[args[0]]
			return FieldControl(args[0]), v.Text == "" && len(v.People) == 0 && slices.Contains(args[2:], c.text(args[1]))
		}},
	{Name: "angka_antara", Args: "isian terkecil terbesar", Explain: "Angkanya di antara keduanya.",
		params: []param{aField, aNumber, aNumber}, broken: func(c ruleCase, args []string) (string, bool) {
			n, err := strconv.ParseInt(c.text(args[0]), 10, 64)
			low, _ := strconv.ParseInt(args[1], 10, 64)
			high, _ := strconv.ParseInt(args[2], 10, 64)
			return FieldControl(args[0]), err == nil && (n < low || n > high)
		}},
	{Name: "tahun_lampau", Args: "isian", Explain: "Angkanya sebuah tahun, paling lambat tahun ini.",
		params: []param{aField}, broken: func(c ruleCase, args []string) (string, bool) {
			n, err := strconv.Atoi(c.text(args[0]))
			return FieldControl(args[0]), err == nil && (n < 1900 || n > c.today.Year())
		}},
	{Name: "tanggal_tidak_mendatang", Args: "isian", Explain: "Tanggalnya hari ini atau sebelumnya.",
		params: []param{aField}, broken: func(c ruleCase, args []string) (string, bool) {
			return FieldControl(args[0]), c.day(args[0]) > c.now()
		}},
	{Name: "tanggal_tidak_lewat", Args: "isian", Explain: "Tanggalnya hari ini atau sesudahnya.",
		params: []param{aField}, broken: func(c ruleCase, args []string) (string, bool) {
			day := c.day(args[0])
			return FieldControl(args[0]), day != "" && day < c.now()
		}},
	{Name: "tanggal_sesudah_hari_ini", Args: "isian", Explain: "Tanggalnya paling cepat besok.",
		params: []param{aField}, broken: func(c ruleCase, args []string) (string, bool) {
			day := c.day(args[0])
			return FieldControl(args[0]), day != "" && day <= c.now()
		}},
	{Name: "urut", Args: "isian isian", Explain: "Tanggal kedua tidak sebelum tanggal pertama.",
		params: []param{aField, aField}, broken: func(c ruleCase, args []string) (string, bool) {
			first, last := c.text(args[0]), c.text(args[1])
			return FieldControl(args[1]), first != "" && last != "" && last < first
		}},
	{Name: "sesudah_lahir", Args: "isian", Explain: "Tanggalnya tidak sebelum orangnya lahir.",
		params: []param{aField}, broken: func(c ruleCase, args []string) (string, bool) {
			day := c.day(args[0])
			return FieldControl(args[0]), day != "" && day < c.subject.BirthDate
		}},
	{Name: "satu_kk", Args: "isian", Explain: "Orang-orang itu berada di KK yang sama dengan orangnya.",
		params: []param{aPeople}, broken: func(c ruleCase, args []string) (string, bool) {
			return FieldControl(args[0]), c.subject.KK != "" && slices.ContainsFunc(c.people(args[0]), func(p Person) bool {
				return p.KK != "" && p.KK != c.subject.KK
			})
		}},
	{Name: "orang_beda", Args: "isian …", Explain: "Semua orang di isian itu berbeda; warga ialah orang yang diterangkan.",
		params: []param{manyPeople}, broken: func(c ruleCase, args []string) (string, bool) {
			var seen []Person
			for _, name := range args {
				for _, p := range c.people(name) {
					if slices.ContainsFunc(seen, p.same) {
						return FieldControl(name), true
					}
					seen = append(seen, p)
				}
			}
			return "", false
		}},
}

var ruleKinds = func() map[string]RuleKind {
	out := map[string]RuleKind{}
	for _, k := range RuleKinds {
		out[k.Name] = k
	}
	return out
}()

// broken tells whether r does not hold. A rule that this program does not know never breaks.
func (r Rule) broken(c ruleCase) (control string, broken bool) {
	k, ok := ruleKinds[r.Name]
	if !ok {
		return "", false
	}
	return k.broken(c, r.Args)
}

const unmarried = "BELUM KAWIN"

// same tells whether two people are likely one.
func (p Person) same(other Person) bool {
	switch {
	case p.ResidentID != 0 && other.ResidentID != 0:
		return p.ResidentID == other.ResidentID
	case p.NIK != "" && other.NIK != "":
		return p.NIK == other.NIK
	case p.Name == "" || indo.FoldPerson(p.Name) != indo.FoldPerson(other.Name):
		return false
	}
	return p.BirthDate == "" || other.BirthDate == "" || p.BirthDate == other.BirthDate
}

// ageOn is an age in whole years on a day; ok is false where the birth date is not known.
func ageOn(birth, day string) (years int, ok bool) {
	b, err := time.Parse(time.DateOnly, birth)
	d, err2 := time.Parse(time.DateOnly, day)
	if err != nil || err2 != nil {
		return 0, false
	}
	years = d.Year() - b.Year()
	if d.Month() < b.Month() || d.Month() == b.Month() && d.Day() < b.Day() {
		years--
	}
	return years, true
}

func younger(p Person, years, day string) bool {
	least, _ := strconv.Atoi(years)
	age, ok := ageOn(p.BirthDate, day)
	return ok && age < least
}

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(x string) bool { return strings.EqualFold(x, s) })
}

// hasWord tells whether one of words stands in s as a whole; phrases that begin with ! are forgiven.
func hasWord(s string, words []string) bool {
	s = " " + indo.Fold(s) + " "
	for _, w := range words {
		if phrase, forgiven := strings.CutPrefix(w, "!"); forgiven {
			s = strings.ReplaceAll(s, " "+indo.Fold(phrase)+" ", "  ")
		}
	}
	return slices.ContainsFunc(words, func(w string) bool { return !strings.HasPrefix(w, "!") && strings.Contains(s, " "+indo.Fold(w)+" ") })
}
