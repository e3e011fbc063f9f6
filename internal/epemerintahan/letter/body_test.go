package letter

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
)

var testKind = Definition{
	Title: "Surat Uji", Category: "umum", Mode: Wet, Classification: "400.12.2.1", ServiceMinutes: 30,
	Fields: []Field{
		{Name: "keperluan", Label: "Keperluan", Type: Text}, {Name: "harga", Label: "Harga", Type: Money}, {Name: "tgl", Label: "Tanggal", Type: Date},
		{Name: "ibu", Label: "Ibu", Type: ResidentOrPerson}, {Name: "ahli", Label: "Ahli", Type: Persons},
	},
	Body: "Isi.",
}

func TestWordingsAreRefusedInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		body, says string
		line       int
	}{
		{"", "kosong", 0},
		{strings.Repeat("a", MaxBody+1), "terlalu panjang", 0},
		{"{{.keperluann}}", "“.keperluann” tidak dikenal", 1},
		{"A.\n\nB {{.ibu}}", "{{.ibu.nama}}", 3},
		{"{{.ibu.gelar}}", "Bagian orang", 1},
		{"{{.ahli}}", "{{nama_semua .ahli}}", 1},
		{"{{.ahli.nama}}", "tiap ahli", 1},
		{"{{.keperluan.nama}}", "{{.keperluan}} saja", 1},
		{"{{keperluan}}", "{{.keperluan}}", 1},
		{"{{if .tgl}}A", "belum ditutup", 1},
		{"{{if .tgl}}A\n\nB{{end}}", "belum ditutup", 1},
		{"A{{end}}", "tanpa {{if}}", 1},
		{"A {{.tgl", "belum ditutup dengan }}", 1},
		{"{{range .ahli}}x{{end}}", "hanya nama", 1},
		{"{{with .ibu}}x{{end}}", "hanya nama", 1},
		{`{{define "x"}}y{{end}}z`, "hanya nama", 1},
		{`{{template "x"}}`, "hanya nama", 1},
		{`{{$x := .tgl}}{{$x}}`, "hanya nama", 1},
		{`{{printf "%999999999d" 1}}`, "printf", 1},
		{`{{call .tgl}}`, "call", 1},
		{`{{.tgl | kapital}}`, "hanya nama", 1},
		{"{{terbilang .keperluan}}", "angka atau uang", 1},
		{"{{hari .keperluan}}", "isian tanggal", 1},
		{"{{kapital .ibu}}", "Sebut bagiannya", 1},
		{"{{jumlah .ibu}}", "beberapa orang", 1},
		{"{{umur .tgl .ibu}}", "orang dan tanggal", 1},
		{"{{kapital}}", "tidak cocok", 1},
		{"Nama : A\nkalimat biasa", "Label : isi", 2},
		{"kalimat\nNama : A", "baris kosong", 2},
		{"[identitas ayah]", "satu orang", 1},
		{"[identitas ahli]", "satu orang", 1},
		{"[kepala surat]", "tidak dikenal", 1},
		{"# A\n\n# B", "hanya boleh sekali", 3},
		{"# A\nB", "satu baris kosong", 1},
		{"| Nama\n", "dua baris", 1},
		{"| Nama | NIK\ntiap ahli | {{.nama}}", "punya 2 kolom, barisnya 1", 2},
		{"| Nama\ntiap ibu | {{.nama}}", "beberapa orang", 2},
		{"| Nama\ntiap ahli | {{.keperluan}}", "tidak dikenal", 2},
		{"1. Satu\ndua", "angka dan titik", 2},
	} {
		d := testKind
		d.Body = c.body
		_, err := CheckDefinition(d)
		f := errs.FieldsOf(err)
		if len(f) != 1 || f[0].Name != ControlBody || !strings.Contains(f[0].Message, c.says) {
			t.Errorf("%q: %v, want %q", c.body, err, c.says)
			continue
		}
		if _, err := parseBody(d); err != nil {
			var e *BodyError
			if !errors.As(err, &e) || e.Line != c.line {
				t.Errorf("%q: %v, want line %d", c.body, err, c.line)
			}
		}
	}
}

func TestBlocks(t *testing.T) {
	t.Parallel()
	d := testKind
	d.Body = `# SURAT {{kapital .keperluan}}

## Bagian satu

Kalimat {{sisip .keperluan}}
dua baris.{{if .tgl}} Ada.{{end}}

{{.tgl}}

Nama : {{kapital .ibu.nama}}
Tanggal : {{.tgl}}
Harga : {{if .harga}}{{.harga}} ({{terbilang .harga}} rupiah){{end}}
[identitas singkat ibu]

1. Satu
2. {{.tgl}}
3. Tiga

| Nama | Hubungan
tiap ahli | {{.nama}} | {{.hubungan}}

[identitas ibu]`
	b, err := parseBody(d)
	if err != nil {
		t.Fatal(err)
	}
	k := Kind{Definition: d}
	in := Composition{Values: Values{
		"keperluan": {Text: "Melamar Kerja."}, "harga": {Text: "1500000"},
		"ibu":  {People: []Person{{Name: "Siti", NIK: "1", Job: "PEGAWAI NEGERI SIPIL (PNS)", Address: "Jl. A", RT: "001", RW: "002"}}},
		"ahli": {People: []Person{{Name: "Ani", Relation: "ANAK"}, {Name: "Budi"}}},
	}}
	title, got, err := b.fill(k.data(in), nil)
	want := []naskah.Block{
		naskah.Paragraph{Text: "Bagian satu", Bold: true, Center: true},
		naskah.Paragraph{Text: "Kalimat melamar Kerja dua baris."},
		naskah.Fields{
			{Label: "Nama", Value: "SITI"}, {Label: "Harga", Value: "Rp1.500.000 (satu juta lima ratus ribu rupiah)"},
			{Label: "Nama", Value: "SITI"}, {Label: "NIK", Value: "1"}, {Label: "Pekerjaan", Value: "Pegawai Negeri Sipil (PNS)"},
			{Label: "Alamat", Value: "Jl. A, RT 001/RW 002"},
		},
		naskah.List{"Satu", "Tiga"},
		naskah.Table{Head: []string{"Nama", "Hubungan"}, Rows: [][]string{{"Ani", "Anak"}, {"Budi", ""}}, Numbered: true},
		naskah.Fields{
			{Label: "Nama", Value: "SITI"}, {Label: "NIK", Value: "1"}, {Label: "Pekerjaan", Value: "Pegawai Negeri Sipil (PNS)"},
			{Label: "Alamat", Value: "Jl. A, RT 001/RW 002"},
		},
	}
	if err != nil || title != "SURAT MELAMAR KERJA." || !reflect.DeepEqual(got, want) {
		t.Errorf("%q %v\n%#v\nwant\n%#v", title, err, got, want)
	}
	// Nobody's table, nobody's identity and no sum leave nothing behind.
	_, got, err = b.fill(k.data(Composition{}), nil)
	if err != nil || len(got) != 3 || got[1].(naskah.Paragraph).Text != "Kalimat dua baris." {
		t.Errorf("empty: %v %#v", err, got)
	}
}

// Whatever is answered, a letter has the blocks that its wording says, in their order,
// and is set without a failure.
func TestAnswersNeverMakeStructure(t *testing.T) {
	t.Parallel()
	nasty := []string{
		"{{.warga.nik}}", "{{end}}", "}}{{", "# JUDUL", "\n\n# JUDUL\n\n", "Nama : Palsu", "\nNIK : 1\n", "| a | b |", "tiap ahli | x", "1. satu\n2. dua",
		"[identitas warga]", "%s%d%!", "<script>", "\u202eterbalik", "\x00\x07", "日本", "👍🏽", strings.Repeat("panjang", 300), strings.Repeat("\n", 50), `"\`, "(a) \\) Tj", "",
		"NaN", "-1", "99999999999999999999", "2026-02-30", "0000-00-00", "24:61", "9999-12-31T99:99",
	}
	random := rand.New(rand.NewPCG(1, 2))
	pick := func() string { return nasty[random.IntN(len(nasty))] + nasty[random.IntN(len(nasty))] }
	someone := func() (p Person) {
		for _, part := range Parts {
			*part.of(&p) = pick()
		}
		return p
	}
	for _, k := range shipped {
		b, err := parseBody(k.Definition)
		if err != nil {
			t.Fatal(err)
		}
		for round := range 12 {
			in := Composition{
				Office: sampleOffice, Subject: someone(), Values: Values{}, Number: pick(), Date: monday.AddDate(random.IntN(200)-100, 0, random.IntN(365)),
				Mode: Electronic, QRText: "https://portal.example/verifikasi/contoh", Watermark: "KONSEP",
				Signed: []Signed{{Office: Lurah, Name: pick(), Rank: pick(), NIP: pick(), Lines: []string{pick(), pick()}}},
			}
			for _, f := range k.Fields {
				v := Value{Text: pick()}
				if people, many := f.Type.OfPeople(); people {
					v = Value{People: []Person{someone()}}
					if many {
						v.People = append(v.People, someone(), someone())
					}
				}
				in.Values[f.Name] = v
			}
			doc, err := Compose(k, in)
			if err != nil {
				t.Fatalf("%s: %v", k.Code, err)
			}
			at := 0
			for _, block := range doc.Blocks {
				for at < len(b.blocks) && kindOf(b.blocks[at]) != reflect.TypeOf(block) {
					at++
				}
				if at == len(b.blocks) {
					t.Fatalf("%s: a block that the wording does not have: %#v", k.Code, block)
				}
				if fields, ok := block.(naskah.Fields); ok && len(fields) > 9*len(b.blocks[at].lines) {
					t.Fatalf("%s: more lines than the wording has", k.Code)
				}
				at++
			}
			if round == 0 {
				if _, err := naskah.Render(doc); err != nil {
					t.Errorf("%s cannot be set: %v", k.Code, err)
				}
			}
			// What is refused stays as it was typed, and what passes composes the same.
			if clean, err := k.CheckValues(in.Values, in.Subject, monday); err == nil {
				in.Values = clean
				if _, err := Compose(k, in); err != nil {
					t.Errorf("%s: %v", k.Code, err)
				}
			}
		}
	}
}

func kindOf(b bodyBlock) reflect.Type {
	switch {
	case b.text != nil:
		return reflect.TypeFor[naskah.Paragraph]()
	case b.list != nil:
		return reflect.TypeFor[naskah.List]()
	case b.table != nil:
		return reflect.TypeFor[naskah.Table]()
	}
	return reflect.TypeFor[naskah.Fields]()
}

// A wording made up of anything is read or refused, quickly.
func TestAnyWordingIsReadOrRefused(t *testing.T) {
	t.Parallel()
	pieces := []string{
		"{{", "}}", "{{if .tgl}}", "{{else}}", "{{end}}", "{{.keperluan}}", "{{kapital (kecil .keperluan)}}", " : ", "\n", "\n\n", "| a | b", "tiap ahli |", "[identitas warga]",
		"# ", "1. ", "teks", "{{umur .warga .tgl}}", "{{/* x */}}", "{{- .tgl -}}", `{{"a"}}`, "{{1}}", "{{and .tgl .ibu}}", "{{not .tgl}}", "{{eq .tgl .harga}}", "{{eq .ibu .ahli}}",
	}
	random := rand.New(rand.NewPCG(3, 4))
	passed := 0
	for range 500 {
		d := testKind
		d.Body = ""
		for range 1 + random.IntN(12) {
			d.Body += pieces[random.IntN(len(pieces))]
		}
		begin := time.Now()
		_, err := CheckDefinition(d)
		if err == nil {
			passed++
		} else if errs.KindOf(err) != errs.Unprocessable {
			t.Fatalf("%q: %v", d.Body, err)
		}
		if took := time.Since(begin); took > 30*time.Second {
			t.Fatalf("%q took %v", d.Body, took)
		}
	}
	if passed < 20 {
		t.Errorf("only %d wordings passed: the test is too wild to say anything", passed)
	}
}

func TestShippedDefinitionsPassAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, k := range shipped {
		clean, err := CheckDefinition(k.Definition)
		if err != nil {
			t.Errorf("%s: %v", k.Code, err)
		}
		if !sameDefinition(clean, k.Definition) {
			t.Errorf("%s is changed by cleaning: %v", k.Code, Differences(k.Definition, clean))
		}
	}
}

func TestDefinitionsAreRefusedByControl(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		control string
		spoil   func(*Definition)
	}{
		{ControlTitle, func(d *Definition) { d.Title = " " }},
		{ControlCategory, func(d *Definition) { d.Category = "apa" }},
		{ControlClassification, func(d *Definition) { d.Classification = "470/1" }},
		{ControlPattern, func(d *Definition) { d.NumberPattern = "{no}" }},
		{ControlMode, func(d *Definition) { d.Mode = "" }},
		{ControlValidDays, func(d *Definition) { d.ValidDays = -1 }},
		{ControlMinutes, func(d *Definition) { d.ServiceMinutes = 0 }},
		{ControlEffect, func(d *Definition) { d.Effect = "terbang" }},
		{ControlCamat, func(d *Definition) { d.CamatSigns = "mungkin" }},
		{ControlParties, func(d *Definition) { d.PartiesSign = []string{"keperluan"} }},
		{ControlStamps, func(d *Definition) { d.StampOn = []string{"ibu"} }},
		{"isian.0", func(d *Definition) { d.Fields[0].Name = "Nama" }},
		{"isian.0", func(d *Definition) { d.Fields[0].Name = "warga" }},
		{"isian.1", func(d *Definition) { d.Fields[1].Name = "keperluan" }},
		{"isian.0", func(d *Definition) { d.Fields[0].Type = Select }},
		{"isian.0", func(d *Definition) { d.Fields[0].Options = []string{"a"} }},
		{"isian.3", func(d *Definition) { d.Fields[3].Ask = []string{"gelar"} }},
		{"isian.3", func(d *Definition) { d.Fields[3].Ask = []string{"nik"} }},
		{"syarat.0", func(d *Definition) { d.Requirements = []Requirement{{}} }},
		{"syarat.1", func(d *Definition) { d.Requirements = []Requirement{{Name: "KK"}, {Name: " KK "}} }},
		{"aturan.0", func(d *Definition) { d.Rules = []Rule{{Name: "sihir", Message: "x"}} }},
		{"aturan.0", func(d *Definition) { d.Rules = []Rule{{Name: "hidup"}} }},
		{"aturan.0", func(d *Definition) {
			d.Rules = []Rule{{Name: "tanggal_tidak_lewat", Args: []string{"tanggal"}, Message: "x"}}
		}},
		{"aturan.0", func(d *Definition) { d.Rules = []Rule{{Name: "umur_min", Args: []string{"tua"}, Message: "x"}} }},
		{"aturan.0", func(d *Definition) {
			d.Rules = []Rule{{Name: "urut", Args: []string{"tgl", "tgl", "tgl"}, Message: "x"}}
		}},
		{"aturan.0", func(d *Definition) {
			d.Rules = []Rule{{Name: "tanpa_kata", Args: []string{"keperluan", ""}, Message: "x"}}
		}},
		{ControlBody, func(d *Definition) { d.Body = "日本" }},
	} {
		d := testKind
		d.Fields = append([]Field(nil), d.Fields...)
		c.spoil(&d)
		_, err := CheckDefinition(d)
		if f := errs.FieldsOf(err); len(f) == 0 || f[0].Name != c.control {
			t.Errorf("want %s: %v", c.control, err)
		}
	}
	if _, err := CheckDefinition(testKind); err != nil {
		t.Errorf("what was not spoilt: %v", err)
	}
}

func TestSignatureLines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s    Signer
		want string
	}{
		{Signer{Office: Lurah, UnitName: "Kassi-Kassi", Occupancy: "definitif", Head: true}, "LURAH KASSI-KASSI,"},
		{Signer{Office: Lurah, UnitName: "Kassi-Kassi", Occupancy: "plt", Head: true}, "Plt. LURAH KASSI-KASSI,"},
		{Signer{Office: Camat, UnitName: "Rappocini", Occupancy: "plh", Head: true}, "Plh. CAMAT RAPPOCINI,"},
		{Signer{Office: Lurah, UnitName: "Kassi-Kassi", Occupancy: "definitif", Secretary: true, Title: "Sekretaris Kelurahan Kassi-Kassi"}, "a.n. LURAH KASSI-KASSI|SEKRETARIS,"},
		{Signer{Office: Lurah, UnitName: "Kassi-Kassi", Occupancy: "plt", Secretary: true, Title: "Sekretaris Kelurahan"}, "a.n. LURAH KASSI-KASSI|Plt. SEKRETARIS,"},
		{Signer{Office: Lurah, UnitName: "Kassi-Kassi", Occupancy: "definitif", Title: "Kepala Seksi Pemerintahan Kelurahan Kassi-Kassi"}, "a.n. LURAH KASSI-KASSI|SEKRETARIS|u.b. KEPALA SEKSI PEMERINTAHAN,"},
	} {
		lines := SignatureLines(c.s)
		if got := strings.Join(lines, "|"); got != c.want {
			t.Errorf("%+v: %s, want %s", c.s, got, c.want)
		}
	}
	if got := (Signed{Lines: []string{"a.n. LURAH KASSI-KASSI", "Plt. SEKRETARIS,"}}).office(); got != "a.n. Lurah Kassi-Kassi, Plt. Sekretaris" {
		t.Errorf("office %q", got)
	}
}

func TestAbbreviations(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Kassi-Kassi": "KSK", "Buakana": "BKN", "Ujung Pandang Baru": "UPB", "Tidung": "TDN", "Ende": "END", "": "KEL"} {
		if got := abbreviation(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
