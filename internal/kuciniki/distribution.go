package kuciniki

import "fmt"

// fewStaff is below how many judgements a distribution says nothing.
const fewStaff = 10

// Guidance compares how predicates are spread in a unit with what SE MenPANRB 3/2023 has for
// its predicate. It is for whoever judges to think about, never a rule that changes a
// judgement; nothing is said of fewer than 10 people.
func Guidance(unit UnitPredicate, n map[Predicate]int) (says []string) {
	all := 0
	for _, p := range Predicates {
		all += n[p]
	}
	if all < fewStaff || unit == "" {
		return nil
	}
	share := func(ps ...Predicate) float64 {
		sum := 0
		for _, p := range ps {
			sum += n[p]
		}
		return float64(sum) / float64(all) * 100
	}
	say := func(wrong bool, format string, args ...any) {
		if wrong {
			says = append(says, fmt.Sprintf(format, args...))
		}
	}
	most := func(p Predicate) bool {
		for _, q := range Predicates {
			if n[q] > n[p] {
				return false
			}
		}
		return true
	}
	atMost := func(p Predicate, limit float64) {
		say(share(p) > limit, "%s paling banyak %.0f%%; sekarang %.0f%%.", p.Label(), limit, share(p))
	}
	atLeast := func(label string, limit float64, ps ...Predicate) {
		say(share(ps...) < limit, "%s paling sedikit %.0f%%; sekarang %.0f%%.", label, limit, share(ps...))
	}
	switch unit {
	case "istimewa":
		say(!most(VeryGood), "Yang terbanyak semestinya Sangat Baik.")
		atMost(VeryGood, 70)
	case "baik":
		say(!most(Good), "Yang terbanyak semestinya Baik.")
		atMost(Good, 70)
		say(n[ToMend]+n[Poor] == 0, "Semestinya ada Butuh Perbaikan atau Kurang.")
	case "butuh_perbaikan":
		atLeast(ToMend.Label(), 60, ToMend)
		atMost(VeryGood, 10)
	case "kurang":
		atLeast(Poor.Label(), 60, Poor)
		atLeast(ToMend.Label(), 10, ToMend)
		atMost(VeryGood, 10)
	case "sangat_kurang":
		atLeast(VeryPoor.Label(), 60, VeryPoor)
		atLeast("Kurang dan Butuh Perbaikan", 10, Poor, ToMend)
		say(n[VeryGood] > 0, "Semestinya tidak ada Sangat Baik.")
	}
	return says
}
