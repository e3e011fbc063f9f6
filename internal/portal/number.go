package portal

import (
	"regexp"
	"strings"
)

// spoken reads a number as people type it: any case, spaces or nothing for
// the hyphens, leading zeros left out.
var spoken = regexp.MustCompile(`^([A-Z]{2,5})[-. ]*(\d{2})[-. ]*(\d{1,6})$`)

// Number is a case number in its parts, such as MTR, 26 and 004217.
type Number struct{ Prefix, Year, Serial string }

// String is the number as it is written: MTR-26-004217.
func (n Number) String() string { return n.Prefix + "-" + n.Year + "-" + n.Serial }

// ParseNumber reads what somebody typed or pasted. "mtr 26 4217" is
// MTR-26-004217; what looks like no number is not ok.
func ParseNumber(text string) (n Number, ok bool) {
	text = strings.ToUpper(strings.TrimSpace(text))
	m := spoken.FindStringSubmatch(text)
	if m == nil {
		return Number{}, false
	}
	// Without separators "MTR26004217" must not lose digits to the year.
	return Number{Prefix: m[1], Year: m[2], Serial: strings.Repeat("0", 6-len(m[3])) + m[3]}, true
}

// code is a short readable code such as KAPAL-4821.
var code = regexp.MustCompile(`^([A-Z]{3,12})[- ]*(\d{4})$`)

// ParseCode reads a short code as people type it.
func ParseCode(text string) (string, bool) {
	m := code.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(text)))
	if m == nil {
		return "", false
	}
	return m[1] + "-" + m[2], true
}
