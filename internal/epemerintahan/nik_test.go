package epemerintahan

import (
	"strings"
	"testing"
	"time"
)

func TestCheckNIK(t *testing.T) {
	t.Parallel()
	on := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		number, born string
		sex          int
		want         string // r: refused, d: doubted, by finding
		says         string
	}{
		{"7371131708850001", "1985-08-17", Male, "", ""},
		{"7371135708850001", "1985-08-17", Female, "", ""},
		{" 7371 1317\u00a00885\u200b0001 ", "1985-08-17", Male, "", ""},
		{"3171131708850001", "1985-08-17", Male, "", ""}, // first registered elsewhere
		{"7371081708850001", "1985-08-17", Male, "", ""}, // islanders before the split
		{"7371132902000001", "2000-02-29", Male, "", ""}, // 1900 had none, 2000 had
		{"7371132902010001", "", 0, "r", "29 Februari 01"},
		{"7371133102850001", "", 0, "r", "31 Februari 85"},
		{"7371130008850001", "", 0, "r", "ke-7 dan ke-8"},
		{"7371134008850001", "", 0, "r", "ke-7 dan ke-8"},
		{"7371133208850001", "", 0, "r", "ke-7 dan ke-8"},
		{"7371137208850001", "", 0, "r", "ke-7 dan ke-8"},
		{"7371131713850001", "", 0, "r", "ke-9 dan ke-10"},
		{"7371131700850001", "", 0, "r", "ke-9 dan ke-10"},
		{"7371131708850000", "", 0, "r", "0000"},
		{"7371131713850000", "", 0, "rr", "ke-9"},
		{"737113170885001", "", 0, "r", "15 angka"},
		{"", "", 0, "r", "0 angka"},
		{"7.37113170885e15", "", 0, "r", "hanya boleh berisi angka"},
		{"７371131708850001", "", 0, "r", "hanya boleh berisi angka"},
		{"7371131708850001", "1985-08-18", Male, "d", "tanggal lahir tertulis 18-08-1985"},
		{"7371131708850001", "1985-08-17", Female, "d", "laki-laki"},
		{"7371135708850001", "1985-08-18", Male, "dd", "perempuan"},
		{"9971131708850001", "1985-08-17", Male, "d", "kode wilayah"},
		{"7371161708850001", "1985-08-17", Male, "d", "kode wilayah"},
		{"7300131708850001", "1985-08-17", Male, "d", "kode wilayah"},
	} {
		var born time.Time
		if c.born != "" {
			born = on(c.born)
		}
		_, found := CheckNIK(c.number, born, c.sex)
		got, said := "", ""
		for _, f := range found {
			said += f.Message + " "
			if f.Refused {
				got += "r"
			} else {
				got += "d"
			}
		}
		if got != c.want || !strings.Contains(said, c.says) {
			t.Errorf("%q born %s sex %d: got %q (%s), want %q (…%s…)", c.number, c.born, c.sex, got, said, c.want, c.says)
		}
	}
}

func TestCheckKK(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"7371132501120003": "", "737113 250112 0003": "", "7371136501120003": "d", "9971132501120003": "d",
		"7371132513120003": "d", "7371132501120000": "d", "737113250112000": "r", "73711325011200O3": "r",
	} {
		got := ""
		_, found := CheckKK(number)
		for _, f := range found {
			if f.Refused {
				got += "r"
			} else {
				got += "d"
			}
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", number, got, want)
		}
	}
}

func TestMasksShowFourDigits(t *testing.T) {
	t.Parallel()
	if got := mask("7371131708850001"); got != "••••••••••••0001" {
		t.Error(got)
	}
}
