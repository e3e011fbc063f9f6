package letter

import (
	"fmt"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
)

// Controls of the form of a kind. Rows of fields, requirements and rules are named
// by their place: "isian.0".
const (
	ControlKindCode       = "kode"
	ControlTitle          = "judul"
	ControlCategory       = "kelompok"
	ControlNotice         = "pemberitahuan"
	ControlSubject        = "sebutan"
	ControlField          = "isian"
	ControlRequirement    = "syarat"
	ControlRule           = "aturan"
	ControlLegalBasis     = "dasar_hukum"
	ControlCamat          = "camat"
	ControlParties        = "pihak"
	ControlStamps         = "meterai"
	ControlMode           = "cara"
	ControlValidDays      = "berlaku_hari"
	ControlKeepDays       = "simpan_hari"
	ControlClassification = "klasifikasi"
	ControlMinutes        = "menit"
	ControlEffect         = "peristiwa"
	ControlBody           = "isi_surat"
	ControlReason         = "alasan"
)

// Categories of kinds, in the order of lists.
var Categories = []string{"kependudukan", "keluarga", "sosial", "ekonomi", "ketertiban", "pertanahan", "umum"}

// FieldTypes lists every type once.
var FieldTypes = []FieldType{
	Text, TextArea, Date, DateTime, Time, Number, Money, Select, Bool, KK, OneResident, ResidentOrPerson, Residents, Persons,
}

// Effects lists every effect once.
var Effects = []Effect{NoEffect, OfferBirth, OfferDeath, OfferMoveOut, OfferMoveIn}

// Most of each in one kind.
const (
	MaxFields       = 40
	MaxRequirements = 25
	MaxRules        = 30
	maxOptions      = 30
	maxValidDays    = 3650
	maxMinutes      = 100_000
)

var (
	fieldName      = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	classification = regexp.MustCompile(`^\d{3}(\.\d{1,3}){0,6}$`)
)

// CheckDefinition cleans a definition and says what is wrong with it, by control
// (errs.Invalid). One that passes can be asked for, checked and composed whatever is answered.
func CheckDefinition(d Definition) (Definition, error) {
	// Cleaning must not reach into what the caller, or the shipped kinds, hold.
	d.Fields, d.Requirements, d.Rules = slices.Clone(d.Fields), slices.Clone(d.Requirements), slices.Clone(d.Rules)
	d.LegalBasis, d.PartiesSign, d.StampOn = slices.Clone(d.LegalBasis), slices.Clone(d.PartiesSign), slices.Clone(d.StampOn)
	c := definitionCheck{d: d}
	c.words()
	c.fields()
	c.requirements()
	c.rules()
	c.signing()
	if len(c.wrong) == 0 {
		c.body()
	}
	if len(c.wrong) > 0 {
		return c.d, errs.Invalid(c.wrong...)
	}
	return c.d, nil
}

type definitionCheck struct {
	d     Definition
	wrong []errs.Field
}

func (c *definitionCheck) fail(control, format string, args ...any) {
	c.wrong = append(c.wrong, errs.Field{Name: control, Message: fmt.Sprintf(format, args...)})
}

func row(control string, i int) string { return control + "." + strconv.Itoa(i) }

// line cleans a text of one line and tells whether it is as long as it may be.
func line(s *string, least, most int) bool {
	*s = indo.CleanName(*s)
	n := utf8.RuneCountInString(*s)
	return n >= least && n <= most
}

func (c *definitionCheck) words() {
	d := &c.d
	if !line(&d.Title, 3, 120) {
		c.fail(ControlTitle, "Tulis judul surat, 3 sampai 120 huruf.")
	}
	if !slices.Contains(Categories, d.Category) {
		c.fail(ControlCategory, "Pilih kelompok surat.")
	}
	if d.Notice = cleanLines(d.Notice); utf8.RuneCountInString(d.Notice) > 600 {
		c.fail(ControlNotice, "Ringkas pemberitahuan menjadi paling banyak 600 huruf.")
	}
	if !line(&d.Subject, 0, 60) {
		c.fail(ControlSubject, "Ringkas sebutan menjadi paling banyak 60 huruf.")
	}
	var basis []string
	for _, b := range d.LegalBasis {
		if !line(&b, 0, 160) || len(basis) >= 10 {
			c.fail(ControlLegalBasis, "Dasar hukum paling banyak 10 baris, masing-masing 160 huruf.")
			break
		}
		if b != "" {
			basis = append(basis, b)
		}
	}
	d.LegalBasis = basis
	if d.KeepDays != 0 && (d.KeepDays < MinKeepDays || d.KeepDays > maxValidDays) {
		c.fail(ControlKeepDays, "Berkas disimpan %d sampai %s hari. Angka 0 berarti satu tahun.", MinKeepDays, indo.Int(maxValidDays))
	}
	if d.ValidDays < 0 || d.ValidDays > maxValidDays {
		c.fail(ControlValidDays, "Tulis masa berlaku dalam hari, 0 sampai %s. Angka 0 berarti tanpa batas.", indo.Int(maxValidDays))
	}
	if d.ServiceMinutes < 1 || d.ServiceMinutes > maxMinutes {
		c.fail(ControlMinutes, "Tulis janji layanan dalam menit kerja, 1 sampai %s.", indo.Int(maxMinutes))
	}
	if !line(&d.Classification, 1, 40) || !classification.MatchString(d.Classification) {
		c.fail(ControlClassification, "Tulis kode klasifikasi arsip, contoh: 400.12.2.1.")
	}
	if d.NumberPattern = indo.CleanName(d.NumberPattern); d.NumberPattern != "" {
		if problem := numbering.PatternProblem(d.NumberPattern); problem != "" {
			c.fail(ControlPattern, "%s", problem)
		}
	}
	if d.Mode != Electronic && d.Mode != Wet {
		c.fail(ControlMode, "Pilih cara menandatangani.")
	}
	if !slices.Contains(Effects, d.Effect) {
		c.fail(ControlEffect, "Pilih peristiwa dari daftar.")
	}
}

func (c *definitionCheck) fields() {
	if len(c.d.Fields) > MaxFields {
		c.fail(ControlField, "Paling banyak %d isian.", MaxFields)
		return
	}
	seen := map[string]bool{}
	for i := range c.d.Fields {
		f := &c.d.Fields[i]
		f.Name = strings.TrimSpace(f.Name)
		at := row(ControlField, i)
		switch _, reserved := general[f.Name]; {
		case !fieldName.MatchString(f.Name):
			c.fail(at, "Nama isian: huruf kecil, angka, atau garis bawah, diawali huruf. Contoh: tgl_hilang.")
		case reserved:
			c.fail(at, "Nama %s dipakai program. Pilih nama lain.", f.Name)
		case seen[f.Name]:
			c.fail(at, "Nama %s dipakai dua kali.", f.Name)
		case !line(&f.Label, 1, 100):
			c.fail(at, "Tulis pertanyaan untuk %s, paling banyak 100 huruf.", f.Name)
		case !line(&f.Hint, 0, 200):
			c.fail(at, "Ringkas petunjuk %s menjadi paling banyak 200 huruf.", f.Name)
		case !slices.Contains(FieldTypes, f.Type):
			c.fail(at, "Pilih jenis jawaban untuk %s.", f.Name)
		}
		seen[f.Name] = true
		c.options(at, f)
		c.ask(at, f)
	}
}

func (c *definitionCheck) options(at string, f *Field) {
	var out []string
	for _, o := range f.Options {
		switch {
		case !line(&o, 0, 100):
			c.fail(at, "Pilihan paling banyak 100 huruf.")
			return
		case o == "":
		case slices.Contains(out, o):
			c.fail(at, "Pilihan “%s” ditulis dua kali.", o)
			return
		default:
			out = append(out, o)
		}
	}
	switch f.Options = out; {
	case f.Type == Select && (len(out) < 2 || len(out) > maxOptions):
		c.fail(at, "Tulis 2 sampai %d pilihan untuk %s, satu di setiap baris.", maxOptions, f.Name)
	case f.Type != Select && len(out) > 0:
		c.fail(at, "Hanya jawaban berupa pilihan yang punya daftar pilihan.")
	}
}

func (c *definitionCheck) ask(at string, f *Field) {
	people, _ := f.Type.OfPeople()
	if !people && len(f.Ask) > 0 {
		c.fail(at, "Hanya isian tentang orang yang punya bagian yang ditanyakan.")
		return
	}
	named := len(f.Ask) == 0
	for _, name := range f.Ask {
		bare := strings.TrimSuffix(name, "?")
		if _, ok := partNamed(bare); !ok {
			c.fail(at, "Bagian orang “%s” tidak dikenal.", bare)
			return
		}
		named = named || name == "nama"
	}
	if people && !named {
		c.fail(at, "Nama orang selalu ditanyakan: tambahkan nama.")
	}
}

func (c *definitionCheck) requirements() {
	if len(c.d.Requirements) > MaxRequirements {
		c.fail(ControlRequirement, "Paling banyak %d syarat.", MaxRequirements)
		return
	}
	seen := map[string]bool{}
	for i := range c.d.Requirements {
		r := &c.d.Requirements[i]
		switch {
		case !line(&r.Name, 1, 150):
			c.fail(row(ControlRequirement, i), "Tulis nama berkas, paling banyak 150 huruf.")
		case seen[r.Name]:
			c.fail(row(ControlRequirement, i), "Berkas “%s” ditulis dua kali.", r.Name)
		}
		seen[r.Name] = true
	}
}

func (c *definitionCheck) rules() {
	if len(c.d.Rules) > MaxRules {
		c.fail(ControlRule, "Paling banyak %d aturan.", MaxRules)
		return
	}
	for i := range c.d.Rules {
		r := &c.d.Rules[i]
		at := row(ControlRule, i)
		kind, ok := ruleKinds[r.Name]
		if !ok {
			c.fail(at, "Pilih aturan dari daftar.")
			continue
		}
		if r.Message = cleanLines(r.Message); r.Message == "" || utf8.RuneCountInString(r.Message) > 600 {
			c.fail(at, "Tulis pesan: mengapa tidak bisa dan apa yang sebaiknya dilakukan, paling banyak 600 huruf.")
		}
		if wrong := c.args(kind, r.Args); wrong != "" {
			c.fail(at, "Aturan %s: %s Bentuknya: %s", r.Name, wrong, strings.TrimSpace(r.Name+" "+kind.Args)+".")
		}
	}
}

// args says what is wrong with the arguments of a rule.
func (c *definitionCheck) args(kind RuleKind, args []string) string {
	names := newScope(c.d).names
	for i, p := range kind.params {
		rest := args[min(i, len(args)):]
		if len(rest) == 0 {
			if p == maybeField {
				return ""
			}
			return "keterangannya kurang."
		}
		many := p == manyWords || p == manyPeople
		if !many {
			rest = rest[:1]
		}
		for _, a := range rest {
			_, isGeneral := general[a]
			switch p {
			case aField, maybeField:
				if names[a] == noName || isGeneral {
					return fmt.Sprintf("isian “%s” tidak ada.", a)
				}
			case aPeople, manyPeople:
				if names[a] != onePerson && names[a] != manyPersons {
					return fmt.Sprintf("isian orang “%s” tidak ada.", a)
				}
			case aNumber:
				if _, err := strconv.ParseInt(a, 10, 64); err != nil {
					return fmt.Sprintf("“%s” bukan angka.", a)
				}
			default:
				if strings.Trim(a, "! ") == "" {
					return "ada kata yang kosong."
				}
			}
		}
		if many {
			return ""
		}
	}
	if len(args) > len(kind.params) {
		return "keterangannya terlalu banyak."
	}
	return ""
}

func (c *definitionCheck) signing() {
	if !slices.Contains([]string{"", CamatAlways, CamatAsked}, c.d.CamatSigns) {
		c.fail(ControlCamat, "Pilih apakah camat ikut menandatangani.")
	}
	names := newScope(c.d).names
	for _, p := range c.d.PartiesSign {
		if shape := names[p]; shape != onePerson && shape != manyPersons {
			c.fail(ControlParties, "Isian orang “%s” tidak ada.", p)
			return
		}
	}
	for _, p := range c.d.StampOn {
		if !slices.Contains(c.d.PartiesSign, p) {
			c.fail(ControlStamps, "“%s” tidak termasuk yang menandatangani.", p)
			return
		}
	}
}

// checkDay is when samples are made up.
var checkDay = time.Date(2026, 1, 5, 9, 0, 0, 0, clock.Makassar)

// body fills the wording in with made-up answers: all of them, none, all but one, one
// alone, and every choice of a Select.
func (c *definitionCheck) body() {
	b, err := parseBody(c.d)
	if err != nil {
		c.fail(ControlBody, "%s", err)
		return
	}
	k := Kind{Definition: c.d}
	full := Sample(k, OfficeSettings{Kelurahan: "Contoh", Kecamatan: "Contoh", Code: "CTH", NumberPattern: DefaultPattern}, checkDay)
	for v := range variants(k, full.Values) {
		full.Values = v
		for _, in := range []Composition{full, {Values: v, Subject: samplePeople[1]}} {
			if _, _, err := b.fill(k.data(in), nil); err != nil {
				c.fail(ControlBody, "%s", err)
				return
			}
		}
	}
	if odd := naskah.Unprintable(c.d.Body + c.d.Title); odd != "" {
		c.fail(ControlBody, "Huruf ini tidak dapat dicetak: %s", odd)
	}
}

func variants(k Kind, full Values) iter.Seq[Values] {
	return func(yield func(Values) bool) {
		if !yield(full) || !yield(Values{}) {
			return
		}
		for _, f := range k.Fields {
			without := maps.Clone(full)
			delete(without, f.Name)
			if !yield(without) || !yield(Values{f.Name: full[f.Name]}) {
				return
			}
			for _, o := range f.Options {
				chosen := maps.Clone(full)
				chosen[f.Name] = Value{Text: o}
				if !yield(chosen) {
					return
				}
			}
		}
	}
}
