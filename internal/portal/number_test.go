package portal

import "testing"

func TestParseNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"MTR-26-004217":     "MTR-26-004217",
		"  mtr-26-004217 ":  "MTR-26-004217",
		"mtr 26 4217":       "MTR-26-004217",
		"MTR26004217":       "MTR-26-004217",
		"mtr.26.4217":       "MTR-26-004217",
		"MTR - 26 - 004217": "MTR-26-004217",
		"SRT-26-1":          "SRT-26-000001",
		"":                  "",
		"MTR":               "",
		"MTR-26":            "",
		"MTR-26-0042179":    "",
		"KAPAL-4821x":       "",
		"' OR 1=1 --":       "",
	} {
		n, ok := ParseNumber(text)
		if got := n.String(); ok != (want != "") || ok && got != want {
			t.Errorf("ParseNumber(%q) = %s, %v; want %q", text, got, ok, want)
		}
	}
}

func TestParseCode(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"KAPAL-4821": "KAPAL-4821", "kapal 4821": "KAPAL-4821", " kapal4821": "KAPAL-4821",
		"MTR-26-004217": "", "KAPAL-482": "", "4821": "", "": "",
	} {
		if got, ok := ParseCode(text); got != want || ok != (want != "") {
			t.Errorf("ParseCode(%q) = %q, %v; want %q", text, got, ok, want)
		}
	}
}
