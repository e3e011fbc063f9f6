package epemerintahan

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// Finding is what a check has to say about a number. One that is not Refused may
// enter with a reason.
type Finding struct {
	Refused bool
	Message string
}

func refused(format string, args ...any) Finding { return Finding{true, fmt.Sprintf(format, args...)} }
func doubted(format string, args ...any) Finding { return Finding{false, fmt.Sprintf(format, args...)} }

// CleanNumber drops spaces and characters that nobody sees, which come along when a
// number is pasted.
func CleanNumber(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// digits says what keeps number from being 16 ASCII digits, "" when nothing does.
func digits(what, number string) string {
	for _, r := range number {
		if r < '0' || r > '9' {
			return what + " hanya boleh berisi angka 0 sampai 9."
		}
	}
	if len(number) != 16 {
		return fmt.Sprintf("%s harus 16 angka; yang ditulis %d angka.", what, len(number))
	}
	return ""
}

// CheckNIK cleans a NIK and checks it against what is written about its owner; a zero
// birth date or sex is not compared. The number carries where somebody was
// registered first and is never changed, so another region is no reason to doubt.
func CheckNIK(number string, born time.Time, sex int) (clean string, found []Finding) {
	clean = CleanNumber(number)
	if wrong := digits("NIK", clean); wrong != "" {
		return clean, []Finding{refused("%s", wrong)}
	}
	dayOfBirth, month, year := two(clean[6:]), two(clean[8:]), two(clean[10:])
	female := dayOfBirth > 40
	if female {
		dayOfBirth -= 40
	}
	switch {
	case dayOfBirth < 1 || dayOfBirth > 31:
		found = append(found, refused("Angka ke-7 dan ke-8 NIK (tanggal lahir) harus 01–31, atau 41–71 untuk perempuan; tertulis %s.", clean[6:8]))
	case month < 1 || month > 12:
		found = append(found, refused("Angka ke-9 dan ke-10 NIK (bulan lahir) harus 01–12; tertulis %s.", clean[8:10]))
	case dayOfBirth > daysIn(month, year):
		found = append(found, refused("Angka ke-7 sampai ke-12 NIK menyebut %d %s %02d, tanggal yang tidak ada.", dayOfBirth, indo.Month(time.Month(month)), year))
	}
	if clean[12:] == "0000" {
		found = append(found, refused("Empat angka terakhir NIK (nomor urut) tidak boleh 0000."))
	}
	if len(found) > 0 {
		return clean, found
	}
	if !knownArea(clean[:6]) {
		found = append(found, doubted("Enam angka pertama NIK (%s) bukan kode wilayah yang dikenal.", clean[:6]))
	}
	if !born.IsZero() && (born.Day() != dayOfBirth || int(born.Month()) != month || born.Year()%100 != year) {
		found = append(found, doubted("Angka ke-7 sampai ke-12 NIK menyebut lahir %02d-%02d-%02d, sedangkan tanggal lahir tertulis %s.",
			dayOfBirth, month, year, born.Format("02-01-2006")))
	}
	if sex != 0 && female != (sex == Female) {
		says := "laki-laki"
		if female {
			says = "perempuan"
		}
		found = append(found, doubted("Angka ke-7 dan ke-8 NIK menyebut %s, tidak sama dengan jenis kelamin yang dipilih.", says))
	}
	return clean, found
}

// CheckKK cleans and checks the number of a family card. How it is made up is
// custom rather than rule, so all but its form is only doubted.
func CheckKK(number string) (clean string, found []Finding) {
	clean = CleanNumber(number)
	if wrong := digits("Nomor KK", clean); wrong != "" {
		return clean, []Finding{refused("%s", wrong)}
	}
	if !knownArea(clean[:6]) {
		found = append(found, doubted("Enam angka pertama nomor KK (%s) bukan kode wilayah yang dikenal.", clean[:6]))
	}
	if month := two(clean[8:]); month < 1 || month > 12 || two(clean[6:]) < 1 || two(clean[6:]) > daysIn(month, two(clean[10:])) {
		found = append(found, doubted("Angka ke-7 sampai ke-12 nomor KK (%s) bukan tanggal pendataan yang ada.", clean[6:12]))
	}
	if clean[12:] == "0000" {
		found = append(found, doubted("Empat angka terakhir nomor KK (nomor urut) biasanya bukan 0000."))
	}
	return clean, found
}

// two reads the two digits that s begins with.
func two(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }

// daysIn a month of a year of which only two digits are known: of 1900 and 2000 the
// latter was a leap year, and any other pair agrees.
func daysIn(month, year int) int {
	return time.Date(2000+year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// provinces that give or gave numbers.
const provinces = "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 54 61 62 63 64 65 71 72 73 74 75 76 81 82 91 92 93 94 95 96"

// knownArea tells whether six digits can be a kecamatan. Of Makassar all are known;
// elsewhere only the province.
func knownArea(area string) bool {
	if !strings.Contains(provinces, area[:2]) || area[2:4] == "00" || area[4:6] == "00" {
		return false
	}
	return area[:4] != "7371" || two(area[4:]) <= 15
}

// mask shows the last four digits of a number.
func mask(number string) string {
	if len(number) < 4 {
		return strings.Repeat("•", len(number))
	}
	return strings.Repeat("•", len(number)-4) + number[len(number)-4:]
}
