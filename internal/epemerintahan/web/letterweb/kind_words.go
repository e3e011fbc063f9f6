package letterweb

import (
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/ui"
)

// Controls of a kind's form that the domain does not name.
const (
	controlAlwaysWet = "selalu_basah"
	controlClosed    = "ditutup"
)

// spareRows are the empty rows that the form offers.
const spareRows = 2

func kindHref(code string) string { return kindsPath + "/" + code }

func (v kindView) action() string {
	if v.New {
		return kindsPath + "/baru"
	}
	return kindHref(v.Code)
}

func (v kindView) heading() string {
	if v.New {
		return "Jenis surat baru"
	}
	return v.Title
}

func (v kindView) control(c ui.Control) ui.Control {
	c.Error = v.Errors.Get(c.Name)
	return c
}

// number shows what was typed, also where it is no number.
func (v kindView) number(c ui.Control, n int) ui.Control {
	c.Value, c.InputMode, c.Width = strconv.Itoa(n), "numeric", "short"
	if typed, ok := v.Typed[c.Name]; ok {
		c.Value = typed
	}
	return v.control(c)
}

func (v kindView) tick(c ui.Control, on bool) ui.Control {
	c.Value = "1"
	if on {
		c.Values = []string{"1"}
	}
	return v.control(c)
}

// owner says whose version a unit uses.
func owner(k letter.Kind) string {
	if k.UnitID == nil {
		return "Kota"
	}
	return "Kelurahan"
}

func validWords(days int) string {
	if days == 0 {
		return "Tanpa batas"
	}
	return strconv.Itoa(days) + " hari"
}

func modeShort(k letter.Kind) string {
	switch {
	case k.AlwaysWet:
		return "Selalu basah"
	case k.Mode == letter.Electronic:
		return "Elektronik"
	}
	return "Basah"
}

func modeOptions() []ui.Option {
	return []ui.Option{
		{Value: string(letter.Wet), Label: "Basah", Hint: "Dicetak bernomor dengan kode QR, ditandatangani dan distempel, lalu dipindai."},
		{Value: string(letter.Electronic), Label: "Elektronik", Hint: "Ditandatangani di portal dan langsung terbit. Tanpa BSrE, surat bertulis “tidak tersertifikasi BSrE”."},
	}
}

func categoryOptions() (out []ui.Option) {
	for _, c := range letter.Categories {
		out = append(out, ui.Option{Value: c, Label: titled(c)})
	}
	return out
}

func titled(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func camatOptions() []ui.Option {
	return []ui.Option{
		{Value: "", Label: "Tidak"}, {Value: letter.CamatAsked, Label: "Bila diminta petugas"}, {Value: letter.CamatAlways, Label: "Selalu"},
	}
}

func effectOptions() []ui.Option {
	return []ui.Option{
		{Value: string(letter.NoEffect), Label: "Tidak ada"}, {Value: string(letter.OfferBirth), Label: "Kelahiran"},
		{Value: string(letter.OfferDeath), Label: "Kematian"}, {Value: string(letter.OfferMoveOut), Label: "Pindah keluar"},
		{Value: string(letter.OfferMoveIn), Label: "Pindah datang"},
	}
}

// typeNames of fields.
var typeNames = map[letter.FieldType]string{
	letter.Text: "Teks satu baris", letter.TextArea: "Teks beberapa baris", letter.Date: "Tanggal", letter.DateTime: "Tanggal dan jam", letter.Time: "Jam",
	letter.Number: "Angka bulat", letter.Money: "Rupiah", letter.Select: "Pilihan", letter.Bool: "Ya atau tidak", letter.KK: "Nomor KK",
	letter.OneResident: "Satu penduduk", letter.ResidentOrPerson: "Satu orang, penduduk atau bukan", letter.Residents: "Beberapa anggota keluarga",
	letter.Persons: "Beberapa orang",
}

func typeOptions() (out []ui.Option) {
	for _, t := range letter.FieldTypes {
		out = append(out, ui.Option{Value: string(t), Label: typeNames[t]})
	}
	return out
}

func ruleOptions() []ui.Option {
	out := []ui.Option{{Value: "", Label: "Pilih aturan"}}
	for _, r := range letter.RuleKinds {
		out = append(out, ui.Option{Value: r.Name, Label: r.Name})
	}
	return out
}

// partNames of people, for hints.
func partNames() string {
	var out []string
	for _, p := range letter.Parts {
		out = append(out, p.Name)
	}
	return strings.Join(out, ", ")
}

// wordNames are what may stand in {{ }} of a kind's wording.
func (v kindView) wordNames() (out []string) {
	for _, f := range v.Fields {
		switch people, many := f.Type.OfPeople(); {
		case many:
			out = append(out, "tiap "+f.Name)
		case people:
			out = append(out, "{{."+f.Name+".nama}}")
		default:
			out = append(out, "{{."+f.Name+"}}")
		}
	}
	return append(out, "{{.warga.nama}}", "{{.kelurahan}}", "{{.kecamatan}}", "{{.kota}}", "{{.nomor}}", "{{.tanggal}}", "{{.berlaku_sampai}}")
}

// fieldRows are the kind's fields and some empty ones.
func (v kindView) fieldRows() []letter.Field {
	return append(v.Fields[:len(v.Fields):len(v.Fields)], make([]letter.Field, spareRows)...)
}

func (v kindView) requirementRows() []letter.Requirement {
	out := v.Requirements[:len(v.Requirements):len(v.Requirements)]
	for range spareRows {
		out = append(out, letter.Requirement{Scan: true})
	}
	return out
}

func (v kindView) ruleRows() []letter.Rule {
	return append(v.Rules[:len(v.Rules):len(v.Rules)], make([]letter.Rule, spareRows)...)
}

func rowAt(control string, i int) string { return control + "." + strconv.Itoa(i) }

func count(control string) string { return control + "." + controlCount }

// ruleSummary is the beginning of what people are told, or the rule's name.
func ruleSummary(r letter.Rule) string {
	words := strings.Fields(r.Message)
	switch {
	case len(words) == 0:
		return r.Name
	case len(words) > 12:
		return strings.Join(words[:12], " ") + " …"
	}
	return r.Message
}

// moreWrong tells whether an answer among those that stand folded is wrong.
func (v kindView) moreWrong() bool {
	for _, name := range []string{
		letter.ControlCategory, letter.ControlSubject, letter.ControlLegalBasis, letter.ControlParties, letter.ControlStamps, letter.ControlEffect,
	} {
		if v.Errors.Get(name) != "" {
			return true
		}
	}
	return false
}

// rowNo is the number of a row as people count, for those who hear the page.
func rowNo(at string) string {
	n, _ := strconv.Atoi(at[strings.LastIndexByte(at, '.')+1:])
	return strconv.Itoa(n + 1)
}
