package indo

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Integer is every integer type a count or an amount may come in.
type Integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32
}

// Int writes a whole number with points between thousands: "1.482".
func Int[N Integer](n N) string { return group(strconv.FormatInt(int64(n), 10)) }

// Decimal writes a number with a decimal comma and exactly digits decimals:
// Decimal(3.14, 1) is "3,1". What is not a number is written "–".
func Decimal(f float64, digits int) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "–"
	}
	s := strconv.FormatFloat(f, 'f', max(digits, 0), 64)
	whole, rest, found := strings.Cut(s, ".")
	if strings.Trim(whole+rest, "-0") == "" {
		whole = strings.TrimPrefix(whole, "-") // no "-0,0"
	}
	if !found {
		return group(whole)
	}
	return group(whole) + "," + rest
}

// Percent writes a share of 1 as a percentage without needless decimals:
// Percent(0.875) is "87,5%".
func Percent(share float64) string {
	if math.IsNaN(share) || math.IsInf(share, 0) {
		return "–"
	}
	return shortDecimal(share*100) + "%"
}

// Rupiah writes whole rupiah: "Rp15.000", negative "-Rp15.000".
func Rupiah(n int64) string {
	s := Int(n)
	if rest, negative := strings.CutPrefix(s, "-"); negative {
		return "-Rp" + rest
	}
	return "Rp" + s
}

// group puts points between thousands of a string of digits with an optional
// sign.
func group(s string) string {
	sign := ""
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		sign, s = "-", rest
	}
	first := len(s) % 3
	if first == 0 {
		first = 3
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, r := range s {
		if i >= first && (i-first)%3 == 0 {
			b.WriteByte('.')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Count writes a number as people say it in running text: words up to ten,
// digits above.
func Count(n int) string {
	words := [...]string{"nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh"}
	if n >= 0 && n < len(words) {
		return words[n]
	}
	return Int(n)
}

// FileSize writes a number of bytes: "360 KB", "12 MB", "1,5 GB".
func FileSize(n int64) string {
	switch {
	case n < 1000:
		return Int(n) + " byte"
	case n < 1_000_000:
		return Int(n/1000) + " KB"
	case n < 1_000_000_000:
		return shortDecimal(math.Floor(float64(n)/1e5)/10) + " MB"
	}
	return shortDecimal(math.Floor(float64(n)/1e8)/10) + " GB"
}

var plainNumber = regexp.MustCompile(`^[0-9]{1,12}(?:[.,][0-9]+)?$`)

// ParseNumber reads a number of digits with a decimal comma or point. ok is false for what is
// none, and for "1.250", which is a thousand and more to who types it and a little more than one
// to a program.
func ParseNumber(text string) (f float64, ok bool) {
	whole, rest, point := strings.Cut(text, ".")
	if !plainNumber.MatchString(text) || point && len(rest) == 3 && whole != "0" {
		return 0, false
	}
	f, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	return f, err == nil
}
