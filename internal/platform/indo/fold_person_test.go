package indo

import "testing"

func TestNamesMeetAcrossSpellings(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"Hj. Sitti Nurhayati Dg. Kanang, S.Pd", "St. Nurhayati Daeng Kanang", "SITI NURHAYATI DG KANANG"},
		{"Muh. Yusuf", "Moh. Yusuf", "Muhammad Yusuf", "Mohammad Jusuf", "M. Yusuf", "H. Muhammad Yusuf"},
		{"Abd. Rahman", "Abdul Rahman", "ABD RACHMAN"},
		{"A. Tenri Ola", "Andi Tenri Ola"},
		{"Syamsuddin", "Samsudin", "Sjamsuddin"},
		{"Djamaluddin", "Jamaludin"},
	} {
		for _, s := range same[1:] {
			if a, b := FoldPerson(same[0]), FoldPerson(s); a != b {
				t.Errorf("%q is %q, %q is %q", same[0], a, s, b)
			}
		}
	}
	for _, apart := range [][2]string{{"Siti Aminah", "Siti Amanah"}, {"Abdul Rahim", "Abdul Rahman"}} {
		if FoldPerson(apart[0]) == FoldPerson(apart[1]) {
			t.Errorf("%q and %q are the same", apart[0], apart[1])
		}
	}
	if got := FoldPerson("Haji"); got == "" {
		t.Error("a name of one word vanished")
	}
}
