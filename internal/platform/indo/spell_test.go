package indo

import (
	"math"
	"strings"
	"testing"
)

func TestSpell(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		0: "nol", 1: "satu", 10: "sepuluh", 11: "sebelas", 12: "dua belas", 19: "sembilan belas", 20: "dua puluh", 21: "dua puluh satu",
		100: "seratus", 101: "seratus satu", 111: "seratus sebelas", 200: "dua ratus", 1000: "seribu", 1001: "seribu satu", 1100: "seribu seratus",
		2026: "dua ribu dua puluh enam", 11_000: "sebelas ribu", 100_000: "seratus ribu", 101_000: "seratus satu ribu",
		1_000_000: "satu juta", 1_500_000: "satu juta lima ratus ribu", 12_345_678: "dua belas juta tiga ratus empat puluh lima ribu enam ratus tujuh puluh delapan",
		1_000_000_000: "satu miliar", 1_000_000_000_000: "satu triliun", -5: "minus lima",
	} {
		if got := Spell(n); got != want {
			t.Errorf("Spell(%d) = %q, want %q", n, got, want)
		}
	}
	seen := map[string]int64{}
	for n := range int64(20_000) {
		s := Spell(n)
		if other, ok := seen[s]; ok {
			t.Fatalf("%d and %d are both %q", other, n, s)
		}
		seen[s] = n
	}
	for _, n := range []int64{math.MaxInt64, math.MinInt64} {
		if s := Spell(n); strings.Contains(s, "  ") || s == "" {
			t.Errorf("Spell(%d) = %q", n, s)
		}
	}
}
