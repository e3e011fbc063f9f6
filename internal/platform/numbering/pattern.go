package numbering

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/platform/clock"
)

// Parts are what the number of an official letter is made of.
type Parts struct {
	Degree   string // of confidentiality: B, T, R, SR
	KKA      string // classification
	Position string // code of the signing position
	Unit     string // code of the unit
	No       int64
	Suffix   string // of a number put between two others, after No: "15.a"
	Date     time.Time
}

var (
	token      = regexp.MustCompile(`\{[^{}]*\}`)
	numberRest = regexp.MustCompile(`^[A-Za-z0-9 ./_-]*$`)
	paddedNo   = regexp.MustCompile(`^\{no:([1-6])\}$`)
)

var roman = [...]string{"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"}

// write writes one token; ok is false for what is none.
func (p Parts) write(t string) (text string, ok bool) {
	date := p.Date.In(clock.Makassar)
	switch t {
	case "{derajat}":
		return p.Degree, true
	case "{kka}":
		return p.KKA, true
	case "{jabatan}":
		return p.Position, true
	case "{unit}":
		return p.Unit, true
	case "{no}":
		return p.no(1), true
	case "{bulan}":
		return date.Format("01"), true
	case "{bulan_romawi}":
		return roman[date.Month()-1], true
	case "{tahun}":
		return date.Format("2006"), true
	}
	if m := paddedNo.FindStringSubmatch(t); m != nil {
		width, _ := strconv.Atoi(m[1])
		return p.no(width), true
	}
	return "", false
}

func (p Parts) no(width int) string {
	n := fmt.Sprintf("%0*d", width, p.No)
	if p.Suffix != "" {
		n += "." + p.Suffix
	}
	return n
}

// PatternProblem says in words what is wrong with a pattern of numbers, "" for nothing:
// {no} (or {no:3}, padded) and {tahun} must be there, tokens other than those of extra,
// {kka}, {unit}, {bulan} and {bulan_romawi} may not.
func PatternProblem(pattern string, extra ...string) string {
	known := append([]string{"{kka}", "{no}", "{no:3}", "{unit}", "{bulan}", "{bulan_romawi}", "{tahun}"}, extra...)
	for _, t := range token.FindAllString(pattern, -1) {
		if !paddedNo.MatchString(t) && !slices.Contains(known, t) {
			return "Bagian " + t + " tidak dikenal. Yang ada: " + strings.Join(known, ", ") + "."
		}
	}
	switch n := utf8.RuneCountInString(pattern); {
	case n < 4 || n > 120:
		return "Tulis pola nomor, 4 sampai 120 huruf."
	case !numberRest.MatchString(token.ReplaceAllString(pattern, "")):
		return "Di luar { } hanya huruf, angka, spasi, dan tanda / . - _."
	case !strings.Contains(pattern, "{no}") && !strings.Contains(pattern, "{no:"):
		return "Pola harus memuat {no}, nomor urut surat."
	case !strings.Contains(pattern, "{tahun}"):
		return "Pola harus memuat {tahun}, karena nomor urut dimulai lagi setiap tahun."
	}
	return ""
}

// FormatPattern writes a number by a pattern without [PatternProblem].
func FormatPattern(pattern string, p Parts) string {
	return token.ReplaceAllStringFunc(pattern, func(t string) string {
		if text, ok := p.write(t); ok {
			return text
		}
		return t
	})
}
