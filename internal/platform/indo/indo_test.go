package indo_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/platform/indo"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestDates(t *testing.T) {
	t.Parallel()
	when := at("2026-11-24T01:40:00Z") // 09.40 in the city
	for want, got := range map[string]string{
		"24 November 2026":         indo.Date(when),
		"Selasa, 24 November 2026": indo.LongDate(when),
		"24 Nov 2026":              indo.ShortDate(when),
		"November 2026":            indo.MonthYear(when),
		"09.40":                    indo.Clock(when),
		"24 Nov 2026 09.40 WITA":   indo.DateTime(when),
		"Selasa, 24 November 2026 pukul 09.40 WITA": indo.LongDateTime(when),
		"25 November 2026":                          indo.Date(at("2026-11-24T16:00:00Z")), // midnight has passed here
		"24–26 November 2026":                       indo.DateRange(when, when.AddDate(0, 0, 2)),
		"24 November–4 Desember 2026":               indo.DateRange(when, when.AddDate(0, 0, 10)),
		"24 November 2026–4 Januari 2027":           indo.DateRange(when, at("2027-01-04T01:00:00Z")),
		"Agu":                                       strings.Fields(indo.ShortDate(at("2026-08-17T01:00:00Z")))[1],
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := indo.DateRange(when, when); got != "24 November 2026" {
		t.Errorf("one day: %q", got)
	}
}

func TestAgo(t *testing.T) {
	t.Parallel()
	now := at("2026-11-24T06:00:00Z") // 14.00
	for _, c := range []struct {
		t    string
		want string
	}{
		{"2026-11-24T06:00:00Z", "baru saja"},
		{"2026-11-24T05:59:01Z", "baru saja"},
		{"2026-11-24T05:58:59Z", "1 menit lalu"},
		{"2026-11-24T05:15:00Z", "45 menit lalu"},
		{"2026-11-24T03:30:00Z", "2 jam lalu"},
		{"2026-11-23T19:00:00Z", "11 jam lalu"},
		{"2026-11-23T16:30:00Z", "13 jam lalu"}, // 00.30 the same day
		{"2026-11-23T06:00:00Z", "kemarin"},
		{"2026-11-21T06:00:00Z", "3 hari lalu"},
		{"2026-10-20T06:00:00Z", "1 bulan lalu"},
		{"2024-11-20T06:00:00Z", "2 tahun lalu"},
		{"2026-11-24T06:00:30Z", "sebentar lagi"},
		{"2026-11-24T08:00:00Z", "2 jam lagi"},
		{"2026-11-25T06:00:00Z", "besok"},
		{"2026-11-30T06:00:00Z", "6 hari lagi"},
	} {
		if got := indo.Ago(at(c.t), now); got != c.want {
			t.Errorf("Ago(%s) = %q, want %q", c.t, got, c.want)
		}
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		-time.Hour:               "0 detik",
		30 * time.Second:         "30 detik",
		45 * time.Minute:         "45 menit",
		150 * time.Minute:        "2,5 jam",
		5 * time.Hour:            "5 jam",
		75 * time.Hour:           "3,1 hari",
		24 * 30 * time.Hour:      "30 hari",
		24 * 1482 * time.Hour:    "1.482 hari",
		48*time.Hour - time.Hour: "47 jam",
	} {
		if got := indo.Span(d); got != want {
			t.Errorf("Span(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"0":            indo.Int(0),
		"999":          indo.Int(999),
		"1.482":        indo.Int(1482),
		"-1.482.000":   indo.Int(int64(-1482000)),
		"3,1":          indo.Decimal(3.14, 1),
		"0,0":          indo.Decimal(-0.01, 1),
		"12.345,68":    indo.Decimal(12345.678, 2),
		"3":            indo.Decimal(3.2, 0),
		"–":            indo.Decimal(math.NaN(), 1),
		"87,5%":        indo.Percent(0.875),
		"90%":          indo.Percent(0.9),
		"Rp15.000":     indo.Rupiah(15000),
		"-Rp1.500.000": indo.Rupiah(-1500000),
		"tiga":         indo.Count(3),
		"11":           indo.Count(11),
		"360 KB":       indo.FileSize(360_000),
		"12 MB":        indo.FileSize(12_000_000),
		"1,5 GB":       indo.FileSize(1_500_000_000),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestParseNIK(t *testing.T) {
	t.Parallel()
	today := at("2026-11-24T00:00:00Z")
	n, ok := indo.ParseNIK("7371 1357 0885 0003", today)
	if !ok || !n.Female || n.Region != "73.71.13" || indo.Date(n.Born) != "17 Agustus 1985" {
		t.Fatalf("woman of 1985: %+v %v", n, ok)
	}
	if n, ok = indo.ParseNIK("7371130101260001", today); !ok || n.Born.Year() != 2026 {
		t.Errorf("child of 2026: %+v %v", n, ok)
	}
	if n, ok = indo.ParseNIK("7371133112260001", today); !ok || n.Born.Year() != 1926 {
		t.Errorf("a date after today is of the last century: %+v %v", n, ok)
	}
	for _, bad := range []string{
		"", "737113570885000", "73711357088500031", "0071135708850003", "7371133002900001", "7371130113900001",
		"7371135708850000", "73711357O8850003", "7371005708850003", "7371130000900001",
	} {
		if _, ok := indo.ParseNIK(bad, today); ok {
			t.Errorf("%q was accepted", bad)
		}
	}
	if got := indo.MaskNIK("7371135708850003"); got != "737113••••••••03" {
		t.Errorf("mask: %q", got)
	}
}

func TestNIP(t *testing.T) {
	t.Parallel()
	if got, ok := indo.NIP("19800117 200604 1 003"); !ok || got != "198001172006041003" {
		t.Errorf("NIP: %q %v", got, ok)
	}
	if got := indo.FormatNIP("198001172006041003"); got != "19800117 200604 1 003" {
		t.Errorf("FormatNIP: %q", got)
	}
	if _, ok := indo.NIP("199905212025212001"); !ok {
		t.Error("a PPPK number was refused")
	}
	for _, bad := range []string{"", "19800117200604100", "198013172006041003", "188001172006041003", "1980011720060410O3"} {
		if _, ok := indo.NIP(bad); ok {
			t.Errorf("%q was accepted", bad)
		}
	}
	if got := indo.FormatNIP("NON-12"); got != "NON-12" {
		t.Errorf("other numbers stay: %q", got)
	}
}

func TestPhone(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"081234567890":        "+6281234567890",
		" 0812-3456-7890 ":    "+6281234567890",
		"+62 812 3456 7890":   "+6281234567890",
		"62812.3456.7890":     "+6281234567890",
		"0062 812 3456 7890":  "+6281234567890",
		"+62 (0)812 34567890": "+6281234567890",
		"81234567890":         "+6281234567890",
		"(0411) 512345":       "+62411512345",
		"":                    "",
		"12345":               "",
		"0812345":             "",
		"081234567890123":     "",
		"+1 212 555 0100":     "",
		"0812x4567890":        "",
		"0012345678":          "",
	} {
		got, ok := indo.Phone(in)
		if got != want || ok != (want != "") {
			t.Errorf("Phone(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
	if got := indo.FormatPhone("+6281234567890"); got != "0812-3456-7890" {
		t.Errorf("FormatPhone: %q", got)
	}
	if got := indo.MaskPhone("+6281234567890"); got != "0812-••••-7890" {
		t.Errorf("MaskPhone: %q", got)
	}
	if !indo.IsMobile("+6281234567890") || indo.IsMobile("+62411512345") {
		t.Error("IsMobile")
	}
}

// The normal form is a fixed point, whatever the way of writing.
func TestPhoneNormalFormIsStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[+]?[0-9 ().-]{6,18}`).Draw(t, "phone")
		n, ok := indo.Phone(s)
		if !ok {
			return
		}
		if again, ok := indo.Phone(n); !ok || again != n {
			t.Fatalf("Phone(%q) = %q, but Phone of that = %q, %v", s, n, again, ok)
		}
		if again, ok := indo.Phone(indo.FormatPhone(n)); !ok || again != n {
			t.Fatalf("FormatPhone(%q) = %q is not read back", n, indo.FormatPhone(n))
		}
	})
}

func TestFolding(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"pabaeng baeng":  indo.Fold(" Pa'Baeng-Baeng "),
		"barabaraya":     indo.Squeeze("Bara - Baraya"),
		"syamsul bahri":  indo.FoldName("Dr. H. Syamsul Bahri, S.Sos., M.Si"),
		"hj":             indo.FoldName("Hj."),
		"sitti aisyah":   indo.FoldName("HJ SITTI  AISYAH"),
		"Sitti Aisyah":   indo.CleanName("  Sitti \t Ai\xffsyah\u0007 "),
		"cafe resume":    indo.Fold("Café Résumé"),
		"lalatang tallo": indo.Fold("La’Latang, Tallo"),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestParseNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{"0": 0, "12": 12, "1250": 1250, "12,5": 12.5, "12.5": 12.5, "0.125": 0.125, "12,125": 12.125, "1250.25": 1250.25} {
		if got, ok := indo.ParseNumber(text); !ok || got != want {
			t.Errorf("%q is %v", text, got)
		}
	}
	for _, text := range []string{"", "-1", "1.250", "1.250.000", "1.250,5", "1,250.5", "1e3", "NaN", "0x10", " 1", "1,", "banyak"} {
		if got, ok := indo.ParseNumber(text); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}
