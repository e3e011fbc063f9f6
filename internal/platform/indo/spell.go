package indo

import "strings"

var ones = [...]string{"", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"}

var scales = []struct {
	size int64
	name string
}{
	{1_000_000_000_000_000_000, "kuintiliun"}, {1_000_000_000_000_000, "kuadriliun"}, {1_000_000_000_000, "triliun"},
	{1_000_000_000, "miliar"}, {1_000_000, "juta"}, {1000, "ribu"}, {100, "ratus"},
}

// Spell writes a whole number in words (terbilang): 1.250 is "seribu dua ratus lima puluh".
func Spell(n int64) string {
	switch {
	case n == 0:
		return "nol"
	case n < 0 && -n > 0:
		return "minus " + Spell(-n)
	case n < 0:
		return "minus " + Spell(-(n + 1)) + " lebih satu" // the one number without an opposite
	}
	return strings.Join(spell(n), " ")
}

func spell(n int64) []string {
	for _, s := range scales {
		if n < s.size {
			continue
		}
		head := append(spell(n/s.size), s.name)
		if n/s.size == 1 && s.size <= 1000 {
			head = []string{"se" + s.name}
		}
		return append(head, spell(n%s.size)...)
	}
	switch {
	case n == 0:
		return nil
	case n < 12:
		return []string{ones[n]}
	case n < 20:
		return []string{ones[n-10], "belas"}
	}
	return append([]string{ones[n/10], "puluh"}, spell(n%10)...)
}
