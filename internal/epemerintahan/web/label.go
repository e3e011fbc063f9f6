package epemerintahanweb

import (
	"cmp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// StatusName says whether somebody lives here.
func StatusName(s epemerintahan.Status) string {
	switch s {
	case epemerintahan.Living:
		return "Tinggal di sini"
	case epemerintahan.Dead:
		return "Meninggal"
	case epemerintahan.Moved:
		return "Pindah"
	case epemerintahan.Missing:
		return "Hilang"
	}
	return string(s)
}

// StatusTone is the colour of a status tag.
func StatusTone(s epemerintahan.Status) string {
	switch s {
	case epemerintahan.Living:
		return "success"
	case epemerintahan.Moved, epemerintahan.Missing:
		return "warning"
	}
	return "neutral"
}

// EventName says what happened.
func EventName(k epemerintahan.EventKind) string {
	switch k {
	case epemerintahan.Registered:
		return "Terdata tinggal di sini"
	case epemerintahan.Born:
		return "Lahir"
	case epemerintahan.MovedIn:
		return "Pindah datang"
	case epemerintahan.Died:
		return "Meninggal"
	case epemerintahan.MovedOut:
		return "Pindah keluar"
	case epemerintahan.Lost:
		return "Hilang"
	case epemerintahan.Reversal:
		return "Peristiwa dibatalkan"
	}
	return string(k)
}

// acts name the entries of the audit trail.
var acts = map[string]string{
	"resident.view": "Membuka data penduduk", "resident.search": "Mencari penduduk", "resident.find": "Mencari penduduk dengan NIK",
	"resident.use": "Memakai data penduduk", "resident.reveal": "Membuka NIK dan KK", "resident.print": "Mencetak data penduduk", "resident.edit": "Mengubah data penduduk",
	"resident.move": "Memindahkan penduduk ke keluarga lain", "resident.delete": "Menghapus data penduduk",
	"resident.pendataan": "Mencatat penduduk", "resident.lahir": "Mencatat kelahiran", "resident.pindah_datang": "Mencatat pindah datang",
	"resident.mati": "Mencatat kematian", "resident.pindah_keluar": "Mencatat pindah keluar", "resident.hilang": "Mencatat orang hilang",
	"resident.batal": "Membatalkan peristiwa penduduk",
	"family.view":    "Membuka data keluarga", "family.print": "Mencetak data keluarga", "family.add_many": "Mencatat banyak keluarga", "family.edit": "Mengubah data keluarga",
	"import.upload": "Mengunggah berkas impor penduduk", "import.apply": "Menerapkan impor penduduk", "import.drop": "Membatalkan impor penduduk",
	"import.finish": "Menyelesaikan impor penduduk", "import.report": "Mengunduh hasil pemeriksaan impor", "resident.export": "Mengekspor data penduduk",
	"letter.hold": "Menahan pindaian permohonan surat", "letter.lift_hold": "Melepas penahanan pindaian permohonan surat",
	"identity.hold": "Menahan foto KTP", "identity.lift_hold": "Melepas penahanan foto KTP",
	"resident.book": "Membuka Buku Induk Penduduk", "resident.change_book": "Membuka Buku Mutasi Penduduk",
	"family.head": "Mengganti kepala keluarga", "family.split": "Memisahkan keluarga", "family.join": "Memindahkan anggota keluarga",
}

// ActName says what an act in the audit trail did, "" for acts that are not of the
// register.
func ActName(action string) string {
	act, ours := strings.CutPrefix(action, "epemerintahan.")
	if !ours {
		return ""
	}
	return acts[act]
}

// age in whole years on a day.
func age(born, on time.Time) int {
	years := on.Year() - born.Year()
	if on.Month() < born.Month() || on.Month() == born.Month() && on.Day() < born.Day() {
		years--
	}
	return years
}

// lastDay is until when somebody ages.
func lastDay(s epemerintahan.Status, on, now time.Time) time.Time {
	if s == epemerintahan.Dead {
		return on
	}
	return now
}

// relationName is what somebody is in their family; who led it before is not its head.
func relationName(relation int, s epemerintahan.Status) string {
	name := epemerintahan.Relations.Name(relation)
	if relation == epemerintahan.RelationHead && s != epemerintahan.Living {
		return "Dulu " + strings.ToLower(name)
	}
	return name
}

func sexName(sex int) string {
	if sex == epemerintahan.Female {
		return "Perempuan"
	}
	return "Laki-laki"
}

// sexAge is "Perempuan, 34 tahun".
func sexAge(sex int, born, now time.Time) string {
	name := sexName(sex)
	now = now.In(indo.WITA)
	years := age(born, now)
	if years > 0 {
		return name + ", " + strconv.Itoa(years) + " tahun"
	}
	months := (now.Year()-born.Year())*12 + int(now.Month()) - int(born.Month())
	if now.Day() < born.Day() {
		months--
	}
	return name + ", " + strconv.Itoa(max(months, 0)) + " bulan"
}

// area is "RT 002 / RW 003".
func area(rt, rw string) string { return "RT " + rt + " / RW " + rw }

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// numberText is a masked number, or why there is none.
func numberText(masked string, s epemerintahan.NIKStatus) string {
	if masked == "" {
		return s.Words()
	}
	return masked
}

func sexLetter(sex int) string {
	if sex == epemerintahan.Female {
		return "P"
	}
	return "L"
}

// shortWords stay as they are: abbreviations and numerals.
var shortWords = " sd sltp slta pns tni polri ri bumn bumd dpr dpd dprd bpk wni wna i ii iii iv yme "

// words writes an entry of a code list, which shouts, as people do.
func words(s string) string {
	var b strings.Builder
	for i, word := range splitWords(s) {
		lower := strings.ToLower(word)
		switch {
		case strings.Contains(shortWords, " "+lower+" ") && len(word) <= 5:
			b.WriteString(strings.ToUpper(word))
		case i == 0:
			first, size := utf8.DecodeRuneInString(word)
			b.WriteString(string(unicode.ToUpper(first)) + lower[size:])
		default:
			b.WriteString(lower)
		}
	}
	return b.String()
}

// splitWords parts letters from what stands between them.
func splitWords(s string) (out []string) {
	for s != "" {
		letter := unicode.IsLetter([]rune(s)[0])
		n := strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) != letter })
		if n < 0 {
			n = len(s)
		}
		out, s = append(out, s[:n]), s[n:]
	}
	return out
}

// whereText says where somebody came from, went, or died.
func whereText(d epemerintahan.Detail) string {
	return orDash(cmp.Or(d.Origin, d.Destination, d.Place))
}
