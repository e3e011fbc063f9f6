package letter

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"text/template"
	"time"
	"unicode"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
)

// Answers as wordings see them. All are strings below, so that an empty one is false
// to {{if}}; how they print differs.
type (
	dateText   string // 2006-01-02
	momentText string // 2006-01-02T15:04
	clockText  string // 15:04
	countText  string
	yearText   string
	moneyText  string
)

func (d dateText) String() string {
	if t, err := time.ParseInLocation(time.DateOnly, string(d), indo.WITA); err == nil {
		return indo.Date(t)
	}
	return string(d)
}

func (m momentText) String() string {
	if t, err := time.ParseInLocation(dateTimeForm, string(m), indo.WITA); err == nil {
		return indo.Date(t) + " pukul " + indo.Clock(t) + " WITA"
	}
	return string(m)
}

func (c clockText) String() string {
	if c == "" {
		return ""
	}
	return strings.Replace(string(c), ":", ".", 1) + " WITA"
}

func (c countText) String() string {
	if n, err := strconv.ParseInt(string(c), 10, 64); err == nil {
		return indo.Int(n)
	}
	return string(c)
}

func (m moneyText) String() string {
	if n, err := strconv.ParseInt(string(m), 10, 64); err == nil {
		return indo.Rupiah(n)
	}
	return string(m)
}

// person is somebody as wordings see them: the parts, ready to print.
type person map[string]string

// personNames are the parts of a person in wordings.
var personNames = []string{
	"nama", "nik", "kk", "ttl", "tempat_lahir", "tgl_lahir", "umur", "jk", "agama", "pekerjaan", "status_kawin", "kewarganegaraan",
	"hubungan", "alamat", "alamat_lengkap", "rt", "rw",
}

func personOf(p Person, today string) person {
	birth := dateText(p.BirthDate)
	out := person{
		"nama": p.Name, "nik": p.NIK, "kk": p.KK, "tempat_lahir": words(p.BirthPlace), "tgl_lahir": birth.String(),
		"jk": sentence(p.Sex), "agama": words(p.Religion), "pekerjaan": words(p.Job), "status_kawin": words(p.Marital),
		"kewarganegaraan": words(p.Nation), "hubungan": sentence(p.Relation), "alamat": p.Address, "rt": p.RT, "rw": p.RW,
	}
	out["ttl"] = strings.Trim(out["tempat_lahir"]+", "+out["tgl_lahir"], ", ")
	if age, ok := ageOn(p.BirthDate, today); ok {
		out["umur"] = strconv.Itoa(age) + " tahun"
	}
	out["alamat_lengkap"] = p.Address
	switch {
	case p.RT != "" && p.RW != "":
		out["alamat_lengkap"] += fmt.Sprintf(", RT %s/RW %s", p.RT, p.RW)
	case p.RW != "":
		out["alamat_lengkap"] += ", RW " + p.RW
	}
	out["_lahir"] = p.BirthDate // for umur
	return out
}

// lines are the usual ones about somebody.
func (p person) lines(short bool) naskah.Fields {
	all := naskah.Fields{
		{Label: "Nama", Value: strings.ToUpper(p["nama"])}, {Label: "NIK", Value: p["nik"]},
		{Label: "Tempat, tanggal lahir", Value: p["ttl"]}, {Label: "Jenis kelamin", Value: p["jk"]}, {Label: "Agama", Value: p["agama"]},
		{Label: "Pekerjaan", Value: p["pekerjaan"]}, {Label: "Status perkawinan", Value: p["status_kawin"]},
		{Label: "Kewarganegaraan", Value: p["kewarganegaraan"]}, {Label: "Alamat", Value: p["alamat_lengkap"]},
	}
	if short {
		return naskah.Fields{all[0], all[1], all[5], all[8]}
	}
	return all
}

// logic are text/template's own functions that wordings may use.
var logic = []string{"and", "or", "not", "eq", "ne"}

// Function is one that wordings may use, for administrators.
type Function struct{ Name, Example, Gives string }

// Functions lists them.
var Functions = []Function{
	{"kapital", "{{kapital .warga.nama}}", "SITTI NURHAYATI"},
	{"kecil", "{{kecil .jk_anak}}", "laki-laki"},
	{"sisip", "untuk keperluan {{sisip .keperluan}}", "untuk keperluan melamar pekerjaan"},
	{"hari", "{{hari .tgl_lahir}}", "Senin"},
	{"tanggal_huruf", "{{tanggal_huruf .tanggal}}", "dua bulan November tahun dua ribu dua puluh enam"},
	{"terbilang", "{{terbilang .harga}} rupiah", "satu juta lima ratus ribu rupiah"},
	{"umur", "{{umur .warga .tgl_meninggal}}", "64 tahun"},
	{"jumlah", "{{jumlah .ahli_waris}} orang", "3 orang"},
	{"nama_semua", "{{nama_semua .pengikut}}", "Andi, Budi, dan Citra"},
}

// functionError is what a function says to an argument that it cannot use.
type functionError struct{ message string }

func (e *functionError) Error() string { return e.message }

func cannot(format string, args ...any) error {
	return &functionError{fmt.Sprintf(format, args...)}
}

var functions = template.FuncMap{
	"kapital": func(v any) (string, error) { return mapped("kapital", v, strings.ToUpper) },
	"kecil":   func(v any) (string, error) { return mapped("kecil", v, strings.ToLower) },
	"sisip":   func(v any) (string, error) { return mapped("sisip", v, inSentence) },
	"hari": func(v any) (string, error) {
		t, err := dayOf("hari", v)
		if err != nil || t.IsZero() {
			return "", err
		}
		return indo.Weekday(t.Weekday()), nil
	},
	"tanggal_huruf": func(v any) (string, error) {
		t, err := dayOf("tanggal_huruf", v)
		if err != nil || t.IsZero() {
			return "", err
		}
		return fmt.Sprintf("%s bulan %s tahun %s", indo.Spell(int64(t.Day())), indo.Month(t.Month()), indo.Spell(int64(t.Year()))), nil
	},
	"terbilang": func(v any) (string, error) {
		switch v.(type) {
		case countText, yearText, moneyText:
		default:
			return "", cannot("terbilang hanya untuk isian angka atau uang.")
		}
		n, err := strconv.ParseInt(plain(v), 10, 64)
		if err != nil {
			return "", nil
		}
		return indo.Spell(n), nil
	},
	"umur": func(p any, day any) (string, error) {
		who, ok := p.(person)
		t, err := dayOf("umur", day)
		if !ok || err != nil {
			return "", cannot("umur memerlukan orang dan tanggal, misalnya {{umur .warga .tgl_meninggal}}.")
		}
		age, ok := ageOn(who["_lahir"], t.Format(time.DateOnly))
		if !ok || t.IsZero() {
			return "", nil
		}
		return strconv.Itoa(age) + " tahun", nil
	},
	"jumlah": func(v any) (countText, error) {
		people, ok := v.([]person)
		if !ok {
			return "", cannot("jumlah hanya untuk isian yang berisi beberapa orang.")
		}
		return countText(strconv.Itoa(len(people))), nil
	},
	"nama_semua": func(v any) (string, error) {
		people, ok := v.([]person)
		if !ok {
			return "", cannot("nama_semua hanya untuk isian yang berisi beberapa orang.")
		}
		names := make([]string, len(people))
		for i, p := range people {
			names[i] = p["nama"]
		}
		return enumerate(names), nil
	},
}

// plain is the text of an answer as it is kept; "" for people.
func plain(v any) string {
	if t := reflect.ValueOf(v); t.Kind() == reflect.String {
		return t.String()
	}
	return ""
}

func mapped(function string, v any, change func(string) string) (string, error) {
	switch v.(type) {
	case person, []person:
		return "", cannot("%s tidak dapat dipakai untuk orang. Sebut bagiannya, misalnya .nama.", function)
	}
	return change(fmt.Sprint(v)), nil
}

// dayOf is the day of an answer with a date; zero where there is none.
func dayOf(function string, v any) (time.Time, error) {
	switch v.(type) {
	case dateText, momentText:
	default:
		return time.Time{}, cannot("%s hanya untuk isian tanggal.", function)
	}
	t, err := time.ParseInLocation(time.DateOnly, firstDay(plain(v)), indo.WITA)
	if err != nil {
		return time.Time{}, nil
	}
	return t, nil
}

func enumerate(names []string) string {
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return names[0]
	case 2:
		return names[0] + " dan " + names[1]
	default:
		return strings.Join(names[:n-1], ", ") + ", dan " + names[n-1]
	}
}

// inSentence makes an answer fit into a sentence: no full stop, no capital at the
// beginning unless its word is one of capitals, one line.
func inSentence(s string) string {
	s = strings.TrimRight(strings.Join(strings.Fields(s), " "), ".;, ")
	first, _, _ := strings.Cut(s, " ")
	if first == "" || len(first) > 1 && strings.ToUpper(first) == first {
		return s
	}
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[size:]
}

// shortened are the words that stay in capitals.
var shortened = map[string]bool{
	"PNS": true, "TNI": true, "POLRI": true, "BUMN": true, "BUMD": true, "DPR": true, "DPR-RI": true, "DPD": true, "BPK": true, "DPRD": true,
	"WNI": true, "WNA": true, "RI": true, "TME": true, "YME": true, "TK": true, "SD": true, "DKI": true, "DI": false, "BPJS": true, "II": true, "III": true, "IV": true,
}

// words writes what a code list has in capitals with a capital per word: "Belum
// Kawin", "Pegawai Negeri Sipil (PNS)". What is not all capitals stays.
func words(s string) string {
	if strings.ToUpper(s) != s {
		return s
	}
	out := []rune(strings.ToLower(s))
	start := true
	for i, r := range out {
		if start {
			out[i] = unicode.ToUpper(r)
		}
		start = !unicode.IsLetter(r) && r != '\'' && r != '’'
	}
	fields := strings.Fields(string(out))
	for i, w := range fields {
		bare := strings.ToUpper(strings.Trim(w, "(),./"))
		if shortened[bare] {
			fields[i] = strings.ToUpper(w)
		}
	}
	return strings.Join(fields, " ")
}

// sentence writes what is in capitals with one capital: "Laki-laki", "Kepala keluarga".
func sentence(s string) string {
	if strings.ToUpper(s) != s || s == "" {
		return s
	}
	s = strings.ToLower(s)
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
