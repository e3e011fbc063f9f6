package numbering

import (
	"strings"
	"testing"
	"time"
)

func TestPatterns(t *testing.T) {
	t.Parallel()
	const standard = "{kka}/{no}/{unit}/{bulan_romawi}/{tahun}"
	n := Parts{KKA: "400.12.2.1", Unit: "KSK", No: 7, Date: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	for pattern, want := range map[string]string{
		standard:                              "400.12.2.1/7/KSK/XI/2026",
		"{no:3}/{unit}/{bulan}/{tahun}":       "007/KSK/11/2026",
		"{kka}/{no}-{unit}/Kel/{tahun}":       "400.12.2.1/7-KSK/Kel/2026",
		"B/{no:2}/{kka}/{unit}.{tahun}/{no}_": "B/07/400.12.2.1/KSK.2026/7_",
	} {
		if problem := PatternProblem(pattern); problem != "" {
			t.Errorf("%s: %s", pattern, problem)
		}
		if got := FormatPattern(pattern, n); got != want {
			t.Errorf("%s: %s, want %s", pattern, got, want)
		}
	}
	for _, bad := range []string{"", "{no}", "{tahun}", "{no}/{tahun}/{hari}", "{no:9}/{tahun}", "{no}/{tahun}/<b>", "{no}/{tahun}/{", strings.Repeat("{no}", 40) + "{tahun}"} {
		if PatternProblem(bad) == "" {
			t.Errorf("%q is a pattern", bad)
		}
	}
	if got := FormatPattern(standard, Parts{KKA: "1", Unit: "A", No: 1, Date: time.Date(2026, 12, 31, 16, 30, 0, 0, time.UTC)}); got != "1/1/A/I/2027" {
		t.Errorf("new year comes in Makassar first: %s", got)
	}

	secret := Parts{Degree: "R", KKA: "800.1", Position: "KADIS", No: 15, Suffix: "a", Date: n.Date}
	const withDegree = "{derajat}-{no}/{jabatan}/{kka}/{bulan}/{tahun}"
	if got := FormatPattern(withDegree, secret); got != "R-15.a/KADIS/800.1/11/2026" {
		t.Errorf("a secret one: %s", got)
	}
	if PatternProblem(withDegree) == "" || PatternProblem(withDegree, "{derajat}", "{jabatan}") != "" {
		t.Error("degree and position are for those who have them")
	}
}
