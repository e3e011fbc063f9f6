package indo

import (
	"strconv"
	"strings"
	"time"
)

// NIK is what a national identity number says about its owner. The number is
// given once and kept for life, so Region is where the person was registered
// first, not where they live.
type NIK struct {
	Number string
	Region string // Kemendagri code of the first kecamatan, "73.71.13"
	Born   time.Time
	Female bool
}

// ParseNIK reads the 16 digits of a NIK, spaces and points between them
// allowed. It checks the province, the date of birth (not after today) and the
// serial; it cannot tell whether the number was ever given to anybody.
func ParseNIK(s string, today time.Time) (NIK, bool) {
	d := digitsOnly(s)
	if len(d) != 16 || d[12:] == "0000" || d[2:4] == "00" || d[4:6] == "00" {
		return NIK{}, false
	}
	if p := atoi(d[:2]); p < 11 || p > 97 {
		return NIK{}, false
	}
	day, month, year := atoi(d[6:8]), atoi(d[8:10]), atoi(d[10:12])
	n := NIK{Number: d, Region: d[:2] + "." + d[2:4] + "." + d[4:6]}
	if day > 40 {
		day -= 40
		n.Female = true
	}
	today = today.In(WITA)
	century := today.Year() / 100 * 100
	born := time.Date(century+year, time.Month(month), day, 0, 0, 0, 0, WITA)
	if born.After(today) {
		born = time.Date(century-100+year, time.Month(month), day, 0, 0, 0, 0, WITA)
	}
	// time.Date rolls 31 February over; a real date survives the round trip.
	if born.Day() != day || int(born.Month()) != month {
		return NIK{}, false
	}
	n.Born = born
	return n, true
}

// MaskNIK hides all but the region and the last two digits: "737113••••••••42".
func MaskNIK(s string) string {
	d := digitsOnly(s)
	if len(d) != 16 {
		return strings.Repeat("•", len([]rune(s)))
	}
	return d[:6] + "••••••••" + d[14:]
}

// NIP reads an employee number of 18 digits (PNS and PPPK), spaces allowed, and
// returns it without them. It checks the date of birth and the month of
// appointment where the number carries one (PPPK numbers have a code there).
func NIP(s string) (string, bool) {
	d := digitsOnly(s)
	if len(d) != 18 {
		return "", false
	}
	born, err := time.Parse("20060102", d[:8])
	if err != nil || born.Year() < 1930 || born.Year() > 2020 {
		return "", false
	}
	if start := atoi(d[8:12]); start < 1950 || start > 2100 {
		return "", false
	}
	return d, true
}

// FormatNIP writes an employee number in its usual groups:
// "19800117 200604 1 003". Anything else comes back as it is.
func FormatNIP(s string) string {
	if d, ok := NIP(s); ok {
		return d[:8] + " " + d[8:14] + " " + d[14:15] + " " + d[15:]
	}
	return s
}

// Phone brings an Indonesian telephone number, mobile or fixed, into its normal
// form: "0812-3456-7890", "62 812…", "812…" all become "+6281234567890". It
// returns false for what cannot be a number in Indonesia.
func Phone(s string) (string, bool) {
	var b strings.Builder
	for i, r := range strings.TrimSpace(s) {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '+' && i == 0, r == ' ', r == '-', r == '.', r == '(', r == ')', r == '/', r == '\u00a0', r == '–', r == '‑':
		default:
			return "", false
		}
	}
	d := b.String()
	switch {
	case strings.HasPrefix(d, "0062"):
		d = d[4:]
	case strings.HasPrefix(d, "62"):
		d = d[2:]
	case strings.HasPrefix(strings.TrimSpace(s), "+"):
		return "", false
	}
	d = strings.TrimPrefix(d, "0") // "+62 (0)812…" is written often
	switch {
	case len(d) == 0 || d[0] < '2' || d[0] > '9':
		return "", false
	case d[0] == '8' && (len(d) < 9 || len(d) > 12): // mobile: 08xx…, 10 to 13 digits
		return "", false
	case len(d) < 8 || len(d) > 12:
		return "", false
	}
	return "+62" + d, true
}

// IsMobile tells whether a number in normal form can receive messages.
func IsMobile(normal string) bool { return strings.HasPrefix(normal, "+628") }

// FormatPhone writes a number in normal form the way people read it aloud:
// "0812-3456-7890". Anything else comes back as it is.
func FormatPhone(normal string) string {
	d, ok := strings.CutPrefix(normal, "+62")
	if !ok {
		return normal
	}
	d = "0" + d
	var parts []string
	for len(d) > 5 {
		parts, d = append(parts, d[:4]), d[4:]
	}
	return strings.Join(append(parts, d), "-")
}

// MaskPhone hides the middle of a number: "0812-••••-7890".
func MaskPhone(normal string) string {
	d, ok := strings.CutPrefix(normal, "+62")
	if !ok || len(d) < 8 {
		return "••••"
	}
	return "0" + d[:3] + "-••••-" + d[len(d)-4:]
}

func digitsOnly(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == ' ' || r == '.' || r == '-' || r == '\u00a0':
		default:
			return ""
		}
	}
	return b.String()
}

// atoi reads digits that were checked before.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}
