package letter

import (
	"net/url"
	"reflect"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

func shippedKind(t *testing.T, code string) Kind {
	t.Helper()
	for _, k := range shipped {
		if k.Code == code {
			return k
		}
	}
	t.Fatalf("no kind %s", code)
	return Kind{}
}

func TestAnswersAreCleaned(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind       FieldType
		typed      string
		want, says string
	}{
		{Text, "  Warung \t Ibu\u200b Sitti ", "Warung Ibu Sitti", ""},
		{Text, strings.Repeat("a", 201), strings.Repeat("a", 201), "paling banyak 200 huruf"},
		{TextArea, "satu\r\n\r\n\r\n  dua  ", "satu\n\ndua", ""},
		{Date, "2026-08-17", "2026-08-17", ""},
		{Date, "17-8-2026", "2026-08-17", ""},
		{Date, "17/08/2026", "2026-08-17", ""},
		{Date, "17 agustus 2026", "2026-08-17", ""},
		{Date, "17 Agu 2026", "2026-08-17", ""},
		{Date, "29-2-2025", "29-2-2025", "tanggal yang benar"},
		{Date, "0017-08-17", "0017-08-17", "Tahunnya"},
		{Date, "besok", "besok", "tanggal yang benar"},
		{DateTime, "2026-08-17T09:00", "2026-08-17T09:00", ""},
		{DateTime, "17-8-2026 9.00", "2026-08-17T09:00", ""},
		{DateTime, "17-8-2026", "17-8-2026", "tanggal dan jam"},
		{DateTime, "17-8-2026 09.30", "2026-08-17T09:30", ""},
		{DateTime, "17 Agustus 2026 21:05", "2026-08-17T21:05", ""},
		{Time, "14.30", "14:30", ""},
		{Time, "25:00", "25:00", "jam yang benar"},
		{Number, "1.250", "1250", ""},
		{Number, "007", "7", ""},
		{Number, "-3", "-3", "angka bulat"},
		{Number, "12,5", "12,5", "angka bulat"},
		{Number, "9999999999999999", "9999999999999999", "angka bulat"},
		{Money, "1.500.000", "1500000", ""},
		{Money, "Rp 1.500.000,00", "1500000", ""},
		{Money, "rp1500000,-", "1500000", ""},
		{Money, "1.50", "1.50", "rupiah penuh"},
		{Money, "satu juta", "satu juta", "rupiah penuh"},
		{Select, "Kos", "Kos", ""},
		{Select, "Istana", "Istana", "Pilih salah satu"},
		{Bool, "on", Yes, ""},
		{Bool, "tidak", "", ""},
		{KK, "7371 1301 0110 0901", "7371130101100901", ""},
		{KK, "123", "123", "16 angka"},
	} {
		k := Kind{Definition: Definition{Fields: []Field{{Name: "x", Label: "X", Type: c.kind, Options: []string{"Kos", "Rumah"}}}}}
		got, err := k.CheckValues(Values{"x": {Text: c.typed}}, Person{}, monday)
		if got["x"].Text != c.want {
			t.Errorf("%s %q is kept as %q, want %q", c.kind, c.typed, got["x"].Text, c.want)
		}
		says := ""
		if err != nil {
			f := errs.FieldsOf(err)
			if errs.KindOf(err) != errs.Unprocessable || len(f) != 1 || f[0].Name != "f.x" {
				t.Fatalf("%s %q: %v", c.kind, c.typed, err)
			}
			says = f[0].Message
		}
		if !strings.Contains(says, c.says) || (says == "") != (c.says == "") {
			t.Errorf("%s %q says %q, want %q", c.kind, c.typed, says, c.says)
		}
	}
}

func TestMissingAnswersAreNamed(t *testing.T) {
	t.Parallel()
	k := shippedKind(t, "LHR")
	_, err := k.CheckValues(Values{
		"saksi1": {People: []Person{{NIK: "7371", BirthDate: "kemarin"}}},
		"ibu":    {People: []Person{{Name: "Ani", Address: "Jl. A", BirthDate: "31-2-1990"}}},
	}, Person{}, monday)
	got := map[string]string{}
	for _, f := range errs.FieldsOf(err) {
		got[f.Name] = f.Message
	}
	for _, control := range []string{"f.nama_anak", "f.jk_anak", "f.tgl_lahir", "f.anak_ke", "f.pelapor", "f.saksi2", "f.saksi1.nama", "f.saksi1.nik", "f.saksi1.alamat", "f.ibu.tgl_lahir"} {
		if got[control] == "" {
			t.Errorf("%s is not named: %v", control, got)
		}
	}
	for _, control := range []string{"f.ayah", "f.jam_lahir", "f.berat_gram", "f.ibu.nik", "f.saksi1.pekerjaan"} {
		if got[control] != "" {
			t.Errorf("%s is blamed: %s", control, got[control])
		}
	}
}

// What a form shows is what it reads back, for every kind.
func TestFormsReadBackWhatTheyShow(t *testing.T) {
	t.Parallel()
	for _, k := range shipped {
		in := sampled(t, k)
		form := k.Form(in.Values)
		back, err := k.CheckValues(ReadValues(k, form), in.Subject, monday)
		if err != nil {
			t.Errorf("%s: %v", k.Code, err)
		}
		if !reflect.DeepEqual(back, in.Values) {
			t.Errorf("%s: %v came back as %v", k.Code, in.Values, back)
		}
	}
}

func TestRowsOfPeopleAreRead(t *testing.T) {
	t.Parallel()
	k := Kind{Definition: Definition{Fields: []Field{{Name: "ahli", Type: Persons}, {Name: "ikut", Type: Residents}, {Name: "saksi", Type: ResidentOrPerson}}}}
	v := ReadValues(k, url.Values{
		"f.ahli.0.nama": {"Ani"}, "f.ahli.3.nama": {"Budi"}, "f.ahli.3.nik": {" 73 71 "}, "f.ahli.1.nama": {"  "}, "f.ahli.999.nama": {"Hantu"},
		"f.ikut.id": {"7", "8", "7", "x", "-1"}, "f.ikut.0.nama": {"Citra"},
		"f.saksi.id": {"0"}, "f.lain": {"tidak dikenal"},
	})
	want := Values{
		"ahli": {People: []Person{{Name: "Ani"}, {Name: "Budi", NIK: "7371"}}},
		"ikut": {People: []Person{{ResidentID: 7}, {ResidentID: 8}, {Name: "Citra"}}},
	}
	if !reflect.DeepEqual(v, want) {
		t.Errorf("read %+v, want %+v", v, want)
	}
	many := url.Values{}
	for i := range 99 {
		many.Set(RowControl("ahli", i, "nama"), "Orang")
		many.Set(RowControl("ahli", i, "alamat"), "Jalan")
	}
	if _, err := k.CheckValues(ReadValues(k, many), Person{}, monday); err == nil || !strings.Contains(err.Error(), "50 orang") {
		t.Errorf("99 people: %v", err)
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	woman := samplePeople[0]
	with := func(p Person, change func(*Person)) Person { change(&p); return p }
	wed := with(woman, func(p *Person) { p.Marital = "KAWIN" })
	child := with(woman, func(p *Person) { p.BirthDate = "2010-01-01" })
	for _, c := range []struct {
		code    string
		subject Person
		status  epemerintahan.Status
		says    string
	}{
		{"BMN", woman, epemerintahan.Living, ""},
		{"BMN", wed, epemerintahan.Living, "Surat Keterangan Janda/Duda"},
		{"BMN", woman, epemerintahan.Dead, "sudah meninggal"},
		{"JDA", woman, epemerintahan.Living, "akta cerai"},
		{"JDA", with(woman, func(p *Person) { p.Marital = "CERAI MATI" }), epemerintahan.Living, ""},
		{"MTI", woman, epemerintahan.Dead, "sudah tercatat meninggal"},
		{"MTI", woman, epemerintahan.Living, ""},
		{"MTI", woman, "", ""},
		{"KTP", child, epemerintahan.Living, "Kartu Identitas Anak"},
		{"KTP", with(child, func(p *Person) { p.Marital = "KAWIN" }), epemerintahan.Living, ""},
		{"NKH", child, epemerintahan.Living, ""}, // a court may allow it: known once answered
		{"WAL", child, epemerintahan.Living, "18 tahun"},
		{"AHW", woman, epemerintahan.Living, ""},
	} {
		err := shippedKind(t, c.code).Eligible(c.subject, c.status, monday)
		if (err == nil) != (c.says == "") || err != nil && (errs.KindOf(err) != errs.Unprocessable || !strings.Contains(errs.MessageOf(err), c.says)) {
			t.Errorf("%s for %s, %s: %v, want %q", c.code, c.subject.Marital, c.status, err, c.says)
		}
	}
	for _, c := range []struct {
		code, field, control string
		answer               Value
		says                 string
	}{
		{"JBL", "jenis_objek", "f.jenis_objek", Value{Text: "Tanah, rumah, atau bangunan"}, "PPAT"},
		{"JBL", "objek", "f.objek", Value{Text: "Sebidang tanah kavling di Antang"}, "PPAT"},
		{"JBL", "objek", "f.objek", Value{Text: "RUMAH panggung"}, "PPAT"},
		{"JBL", "objek", "", Value{Text: "Perabot rumah tangga"}, ""},
		{"JBL", "pembeli", "f.pembeli", Value{People: samplePeople[:1]}, "empat orang"},
		{"JBL", "tgl_transaksi", "f.tgl_transaksi", Value{Text: "2026-11-03"}, "sesudah hari ini"},
		{"KTP", "no_surat_kehilangan", "f.no_surat_kehilangan", Value{}, "Polsek"},
		{"NKH", "calon", "f.calon", Value{People: []Person{with(samplePeople[1], func(p *Person) { p.BirthDate = "2008-01-01" })}}, "19 tahun"},
		{"NKH", "status_nikah", "f.status_nikah", Value{Text: "Jejaka"}, "perawan atau janda"},
		{"NKH", "status_nikah", "f.pasangan_terdahulu", Value{Text: "Janda"}, "terdahulu"},
		{"JDA", "sebab", "f.sebab", Value{Text: "Cerai mati"}, "data kelurahan"},
		{"KRM", "tgl_mulai", "f.tgl_mulai", Value{Text: "2026-11-02T22:00"}, "paling cepat besok"},
		{"KRM", "tgl_selesai", "f.tgl_selesai", Value{Text: "2026-11-20T22:00"}, "sesudah waktu mulai"},
		{"LHR", "tgl_lahir", "f.tgl_lahir", Value{Text: "2026-11-03"}, "setelah bayi lahir"},
		{"LHR", "saksi2", "f.saksi2", Value{People: samplePeople[4:5]}, "dua orang yang berbeda"},
		{"MTI", "tgl_meninggal", "f.tgl_meninggal", Value{Text: "1980-01-01"}, "sebelum tanggal lahirnya"},
		{"PDH", "pengikut", "f.pengikut", Value{}, "ikut pindah"},
		{"PDH", "pengikut", "f.pengikut", Value{People: samplePeople[1:3]}, "KK yang sama"},
		{"USH", "mulai_tahun", "f.mulai_tahun", Value{Text: "2027"}, "tahun ini"},
		{"AHW", "saksi1", "f.saksi1", Value{People: samplePeople[2:3]}, "Saksi tidak boleh ahli waris"},
		{"WAL", "anak", "f.anak", Value{People: samplePeople[1:2]}, "belum berumur 21 tahun"},
		{"BPG", "tgl_kembali", "f.tgl_kembali", Value{Text: "2026-11-04"}, "sebelum tanggal berangkat"},
	} {
		k := shippedKind(t, c.code)
		in := sampled(t, k)
		in.Values[c.field] = c.answer
		_, err := k.CheckValues(in.Values, in.Subject, monday)
		if c.says == "" {
			if err != nil {
				t.Errorf("%s %s: %v", c.code, c.field, err)
			}
			continue
		}
		f := errs.FieldsOf(err)
		if errs.KindOf(err) != errs.Unprocessable || len(f) == 0 || f[0].Name != c.control || !strings.Contains(f[0].Message, c.says) || errs.MessageOf(err) != f[0].Message {
			t.Errorf("%s %s: %+v, want %s: %s", c.code, c.field, err, c.control, c.says)
		}
	}
}

func TestEveryRuleIsSomewhereAndExplained(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, k := range shipped {
		for _, r := range k.Rules {
			used[r.Name] = true
		}
	}
	for _, r := range RuleKinds {
		if !used[r.Name] || r.Explain == "" || (r.Args == "") != (len(r.params) == 0) {
			t.Errorf("rule %s", r.Name)
		}
	}
}
