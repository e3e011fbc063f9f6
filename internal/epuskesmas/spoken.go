package epuskesmas

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// Clips are the words that the board can say, each a file of web/static/suara.
func Clips() map[string]bool { return maps.Clone(clips) }

var clips = func() map[string]bool {
	known := map[string]bool{"nomor-antrean": true, "ke": true, "silakan-lihat-layar": true}
	for c := 'a'; c <= 'z'; c++ {
		known["huruf-"+string(c)] = true
	}
	for _, w := range strings.Fields(spokenWords) {
		known[w] = true
	}
	return known
}()

// spokenWords are the words of numbers and of the names of polis and rooms.
const spokenWords = `nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas belas puluh seratus ratus seribu ribu
	loket pendaftaran poli klaster ruang umum gigi dan mulut kia kb ibu anak lansia gizi imunisasi konseling laboratorium farmasi apotek
	tindakan gawat darurat kandungan remaja dewasa balita mata jiwa paru kasir kesehatan pemeriksaan pelayanan obat usia lanjut bersalin`

// Words are the clips that say a call: "Nomor antrean A tujuh belas, ke Poli Umum". A
// name with a word that nobody has recorded is left to the screen.
func (c Call) Words() []string {
	out := []string{"nomor-antrean"}
	letters, number, _ := strings.Cut(c.Code, "-")
	for _, r := range strings.ToLower(letters) {
		out = append(out, "huruf-"+string(r))
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return nil
	}
	out = append(out, strings.Fields(indo.Spell(n))...)
	where, room := spokenName(c.Spoken), spokenName(c.Counter)
	if len(room) > 0 && len(where) > 0 && room[0] == where[0] {
		where = nil // "Loket 2" says all of "Loket Pendaftaran, Loket 2"
	}
	where = append(where, room...)
	if slices.ContainsFunc(where, func(w string) bool { return !clips[w] }) {
		return append(out, "silakan-lihat-layar")
	}
	return append(append(out, "ke"), where...)
}

// spokenName splits a name into clips; numbers in it are spelled, single letters said.
func spokenName(name string) (out []string) {
	for _, w := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') }) {
		n, err := strconv.ParseInt(w, 10, 64)
		switch {
		case err == nil && n < 1000:
			out = append(out, strings.Fields(indo.Spell(n))...)
		case len(w) == 1:
			out = append(out, "huruf-"+w)
		default:
			out = append(out, w)
		}
	}
	return out
}
