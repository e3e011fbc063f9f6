package naskah_test

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	. "makassartidakrantasa.com/portal/internal/platform/naskah"
)

var update = flag.Bool("update", false, "write the golden files anew")

var day = time.Date(2026, time.January, 2, 9, 30, 0, 0, indo.WITA)

// domisili is a letter of one page as most are.
func domisili() Document {
	return Document{
		Head: Head{
			Lines:   []string{"PEMERINTAH KOTA MAKASSAR", "KECAMATAN RAPPOCINI", "KELURAHAN KASSI-KASSI"},
			Address: "Jalan Tamalate I Nomor 2, Makassar 90222 · Telepon (0411) 400123",
		},
		Title:  "SURAT KETERANGAN DOMISILI",
		Number: "400.12.2.1/12/KSK/I/2026",
		Blocks: []Block{
			Paragraph{Text: "Yang bertanda tangan di bawah ini:", Indent: true},
			Fields{{"Nama", "ANDI BASO MAPPANYUKKI, S.STP., M.Si."}, {"Jabatan", "Lurah Kassi-Kassi"}},
			Paragraph{Text: "menerangkan dengan sebenarnya bahwa:"},
			Fields{
				{"Nama", "SITTI NURHALIZAH DG. NGINTANG"},
				{"NIK", "7371095503900001"},
				{"Tempat/tanggal lahir", "Makassar, 15 Maret 1990"},
				{"Jenis kelamin", "Perempuan"},
				{"Agama", "Islam"},
				{"Pekerjaan", "Pedagang"},
				{"Alamat", "Jalan Tamalate Raya Blok C Nomor 17, RT 003/RW 005, Kelurahan Kassi-Kassi, Kecamatan Rappocini, Kota Makassar"},
			},
			Paragraph{Text: "adalah benar penduduk yang berdomisili di alamat tersebut di atas sejak tanggal 1 Februari 2015 dan hingga surat ini dibuat masih bertempat tinggal di sana.", Indent: true},
			Paragraph{Text: "Surat keterangan ini diberikan atas permintaan yang bersangkutan untuk keperluan pembukaan rekening bank dan berlaku sampai dengan tanggal 1 Juli 2026.", Indent: true},
			Paragraph{Text: "Demikian surat keterangan ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya.", Indent: true},
		},
		Place: "Makassar",
		Date:  day,
		Signatures: []Signature{{
			Lines: []string{"LURAH KASSI-KASSI,"}, Name: "ANDI BASO MAPPANYUKKI, S.STP., M.Si.", Rank: "Penata Tk. I (III/d)", NIP: "198001172006041003",
			Electronic: true, Note: "Ditandatangani secara elektronik · tidak tersertifikasi BSrE",
		}},
		QR:      QR{Text: "https://portal.example/verifikasi/9TqXh2cVb7mLw4Rk8sYdFg", Caption: "Pindai untuk memeriksa keaslian surat ini di portal Kota Makassar."},
		Foot:    []string{"Surat ini dibuat dari data pelayanan kelurahan, bukan data resmi Disdukcapil."},
		Subject: "Surat keterangan domisili", Author: "Kelurahan Kassi-Kassi", Created: day,
	}
}

// layouts are letters of every form, by name.
func layouts() map[string]Document {
	camat := Signature{Caption: "Mengetahui:", Lines: []string{"CAMAT RAPPOCINI,"}, Name: "Drs. H. MUHAMMAD SYAHRUL DG. NABA, M.Si.", Rank: "Pembina Tk. I (IV/b)", NIP: "197001011995031002"}
	sekretaris := Signature{Lines: []string{"a.n. LURAH KASSI-KASSI", "SEKRETARIS,"}, Name: "HASNAH, S.Sos.", Rank: "Penata (III/c)", NIP: "198501172010042003"}
	people := func(n int, nik string) (rows [][]string) {
		for i := range n {
			rows = append(rows, []string{fmt.Sprintf("MUHAMMAD AKBAR DG. SIRUWA %d", i+1), nik, "Makassar, 12 Mei 1980", "Anak kandung"})
		}
		return rows
	}

	wet := domisili() // printed for signature, on the other paper
	wet.Paper, wet.Number, wet.Watermark = F4, "", "KONSEP"
	wet.Head.Emblem, wet.Head.EmblemPNG = true, emblem()
	wet.Signatures = []Signature{camat, sekretaris}

	waris := domisili()
	waris.Title = "SURAT KETERANGAN AHLI WARIS"
	waris.Signatures = wet.Signatures
	waris.Blocks = []Block{
		Paragraph{Text: "Kami yang bertanda tangan di bawah ini, para ahli waris dari almarhum H. ABDUL RAHMAN DG. TUTU, menyatakan dengan sesungguhnya dan sanggup diangkat sumpah bahwa almarhum semasa hidupnya bertempat tinggal terakhir di Jalan Tamalate Raya Nomor 17, RT 003/RW 005, Kelurahan Kassi-Kassi, Kecamatan Rappocini, Kota Makassar, dan telah meninggal dunia di Makassar pada tanggal 3 November 2025.", Indent: true},
		Paragraph{Text: "Almarhum meninggalkan ahli waris sebagai berikut:", Indent: true},
		Table{Head: []string{"Nama", "NIK", "Tempat, tanggal lahir", "Hubungan"}, Rows: people(6, "7371091205800001"), Numbered: true},
		Paragraph{Text: "Apabila di kemudian hari pernyataan ini ternyata tidak benar, maka:", Indent: true},
		List{
			"segala akibat hukum menjadi tanggung jawab kami sepenuhnya dan tidak melibatkan pihak kelurahan maupun kecamatan yang mengetahui surat ini;",
			"surat ini dinyatakan tidak berlaku.",
		},
	}
	for i := range 6 {
		waris.Parties = append(waris.Parties, Party{Role: fmt.Sprintf("Ahli waris %d", i+1), Name: fmt.Sprintf("MUHAMMAD AKBAR DG. SIRUWA %d", i+1), Stamp: i == 0})
	}
	waris.Parties = append(waris.Parties, Party{Role: "Saksi I", Name: "SYAMSUDDIN DG. NGALLE", Note: "Ketua RT 003"}, Party{Role: "Saksi II", Name: "NURLIAH"})

	jual := domisili()
	jual.Title = "SURAT KETERANGAN JUAL BELI"
	jual.Blocks = jual.Blocks[2:]
	jual.Parties = []Party{{Role: "Penjual,", Name: "ANDI TENRI", Stamp: true}, {Role: "Pembeli,", Name: "SYAMSUDDIN DG. NGALLE"}, {Role: "Saksi,"}}
	jual.Signatures = []Signature{sekretaris}

	data := domisili() // a print that nobody signs
	data.Title, data.Unnumbered, data.Watermark = "SALINAN DATA KELUARGA", true, "SALINAN"
	data.Signatures, data.QR = nil, QR{}
	data.Blocks = []Block{Table{Head: []string{"Nama", "NIK", "Tempat, tanggal lahir", "Hubungan"}, Rows: people(45, "************0001"), Numbered: true}}

	return map[string]Document{"domisili": domisili(), "basah": wet, "waris": waris, "jual": jual, "keluarga": data}
}

// emblem is a picture in the place of the city's.
func emblem() []byte {
	m := image.NewNRGBA(image.Rect(0, 0, 100, 120))
	for y := range 120 {
		for x := range 100 {
			if dx, dy := x-50, y-60; dx*dx*36+dy*dy*25 < 90000 {
				m.Set(x, y, color.NRGBA{B: uint8(2 * y), G: 60, A: 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func render(t testing.TB, d Document) []byte {
	t.Helper()
	b, err := Render(d)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// run runs a program on the PDF, whose name it puts in the place of "PDF".
func run(t testing.TB, pdf []byte, name string, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "letter.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, "PDF", file)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func words(t testing.TB, pdf []byte) string {
	return run(t, pdf, "pdftotext", "-layout", "PDF", "-")
}

// pages returns the words of each page.
func pages(t testing.TB, pdf []byte) []string {
	return strings.Split(strings.TrimSuffix(words(t, pdf), "\f"), "\f")
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, d := range layouts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pdf := render(t, d)
			run(t, pdf, "qpdf", "--check", "PDF")
			got := words(t, pdf)
			golden := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("text differs from %s (-want +got); run with -update if it is meant:\n%s", golden, diff)
			}
		})
	}
}

func TestSameDocumentSameBytes(t *testing.T) {
	t.Parallel()
	for name, d := range layouts() {
		want := render(t, d)
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				if got, err := Render(d); err != nil || !bytes.Equal(got, want) {
					t.Errorf("%s: the same letter gave other bytes (%v)", name, err)
				}
			})
		}
		group.Wait()
	}
	undated := domisili()
	undated.Created = time.Time{}
	if a, b := render(t, undated), render(t, undated); !bytes.Equal(a, b) || bytes.Equal(a, render(t, domisili())) {
		t.Error("the bytes do not follow from Created alone")
	}
}

// The code is read back from paper as an office prints it, also on a watermark.
func TestCode(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"domisili", "basah"} {
		d := layouts()[name]
		pdf := render(t, d)
		image := filepath.Join(t.TempDir(), "page")
		run(t, pdf, "pdftoppm", "-r", "150", "-png", "-singlefile", "PDF", image)
		out, err := exec.Command("zbarimg", "-q", "--raw", "-Sqrcode.enable", image+".png").Output()
		if err != nil || strings.TrimSpace(string(out)) != d.QR.Text {
			t.Errorf("%s: read %q, %v", name, out, err)
		}
		if list := run(t, pdf, "pdfimages", "-list", "PDF"); name == "domisili" && strings.Contains(list, "image") {
			t.Errorf("the code is a picture:\n%s", list)
		}
	}
}

func TestWhatTheFileSays(t *testing.T) {
	t.Parallel()
	pdf := render(t, domisili())
	info := run(t, pdf, "pdfinfo", "PDF")
	for _, want := range []string{"SURAT KETERANGAN DOMISILI", "Kelurahan Kassi-Kassi", "Page size:       595.28 x 841.89", "Form:            none", "JavaScript:      no"} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo lacks %q:\n%s", want, info)
		}
	}
	catalog := string(pdf[bytes.LastIndex(pdf, []byte("/Type /Catalog")):])
	for _, want := range []string{"/Lang (id)", "/DisplayDocTitle true", "\nxref\n", "\ntrailer\n"} {
		if !strings.Contains(catalog, want) {
			t.Errorf("the end of the file lacks %q:\n%s", want, catalog)
		}
	}
	d := domisili()
	d.Paper = F4
	if info := run(t, render(t, d), "pdfinfo", "PDF"); !strings.Contains(info, "609.45 x 935.43") {
		t.Errorf("F4 is not 215 × 330 mm:\n%s", info)
	}
}

// However long the text, the officials' block stands with its last two lines.
func TestSignatureIsNeverAlone(t *testing.T) {
	t.Parallel()
	d := domisili()
	for _, table := range []bool{false, true} {
		for n := range 40 {
			var rows [][]string
			d.Blocks = nil
			for i := range n {
				rows = append(rows, []string{fmt.Sprintf("baris%d.", i+1), "isi"})
				d.Blocks = append(d.Blocks, Paragraph{Text: fmt.Sprintf("baris%d.", i+1)})
			}
			if table {
				d.Blocks = []Block{Table{Head: []string{"Baris", "Isi"}, Rows: rows}}
			}
			for i, page := range pages(t, render(t, d)) {
				if !strings.Contains(page, "Penata Tk. I") {
					if strings.Contains(page, "LURAH KASSI-KASSI,") {
						t.Fatalf("%d lines: the block is parted on page %d:\n%s", n, i+1, page)
					}
					continue
				}
				for last := max(1, n-1); last <= n; last++ {
					if !strings.Contains(page, fmt.Sprintf("baris%d.", last)) {
						t.Fatalf("%d lines: line %d is not with the signature:\n%s", n, last, page)
					}
				}
			}
		}
	}
}

// A paragraph leaves no single line on a page, and a letter that nearly fits
// one page is set to fit.
func TestBreaks(t *testing.T) {
	t.Parallel()
	d := domisili()
	d.Signatures, d.QR, d.Date = nil, QR{}, time.Time{}
	names := []string{"alfa ", "beta ", "gama ", "delta ", "zeta ", "teta "}
	for n := range 30 {
		d.Blocks = slices.Repeat([]Block{Paragraph{Text: "pengisi."}}, n)
		for _, name := range names {
			d.Blocks = append(d.Blocks, Paragraph{Text: strings.Repeat(name, 64)}) // several lines
		}
		for i, page := range pages(t, render(t, d)) {
			for _, name := range names {
				lines := 0
				for line := range strings.Lines(page) {
					if strings.Contains(line, name+name) {
						lines++
					}
				}
				if lines == 1 {
					t.Errorf("%d: one line of %q on page %d:\n%s", n, name, i+1, page)
				}
			}
		}
	}

	d = domisili()
	d.Blocks = append(d.Blocks, Paragraph{Text: "tambahan satu."}, Paragraph{Text: "tambahan dua."}, Paragraph{Text: "tambahan tiga."}, Paragraph{Text: "tambahan empat."})
	if got := pages(t, render(t, d)); len(got) != 1 {
		t.Errorf("a letter that fits tighter has %d pages", len(got))
	}
}

// Every page after the first says which it is, and repeats the table's head.
func TestLaterPages(t *testing.T) {
	t.Parallel()
	all := pages(t, render(t, layouts()["keluarga"]))
	if len(all) < 2 {
		t.Fatalf("%d pages", len(all))
	}
	for i, page := range all {
		if got := strings.Contains(page, fmt.Sprintf("Halaman %d dari %d", i+1, len(all))); got != (i > 0) {
			t.Errorf("page %d names itself: %v", i+1, got)
		}
		for _, want := range []string{"Hubungan", "SALINAN", "bukan data resmi Disdukcapil"} {
			if !strings.Contains(page, want) {
				t.Errorf("page %d lacks %q", i+1, want)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	wide := Table{Rows: [][]string{make([]string, 60)}}
	for want, change := range map[string]func(*Document){
		"kertas":           func(d *Document) { d.Paper = 7 },
		"lambang":          func(d *Document) { d.Head.Emblem, d.Head.EmblemPNG = true, []byte("\x89PNG\r\n\x1a\nnothing") },
		"kaki surat":       func(d *Document) { d.Foot = slices.Repeat([]string{"catatan"}, 60) },
		"latar":            func(d *Document) { d.Watermark = strings.Repeat("SALINAN ", 9) },
		"Isi kode QR":      func(d *Document) { d.QR.Text = strings.Repeat("x", 4000) },
		"Keterangan kode":  func(d *Document) { d.QR.Caption = strings.Repeat("x", 400) },
		"elektronik":       func(d *Document) { d.Signatures[0].Note = strings.Repeat("x", 400) },
		"banyak kolom":     func(d *Document) { d.Blocks = []Block{wide} },
		"lebih dari 200 h": func(d *Document) { d.Blocks = []Block{Paragraph{Text: strings.Repeat("a\n", 20000)}} },
	} {
		d := domisili()
		change(&d)
		_, err := Render(d)
		if errs.KindOf(err) != errs.Unprocessable || !strings.Contains(errs.MessageOf(err), want) {
			t.Errorf("want a refusal that speaks of %q, got %v", want, err)
		}
	}
}

// The columns of signatures are read one after the other.
func TestReadingOrder(t *testing.T) {
	t.Parallel()
	text := strings.Join(strings.Fields(run(t, render(t, layouts()["waris"]), "pdftotext", "-raw", "PDF", "-")), " ")
	at := 0
	for _, next := range []string{
		"KELURAHAN KASSI-KASSI", "SURAT KETERANGAN AHLI WARIS", "Nomor:", "Kami yang bertanda", "No. Nama NIK", "1. MUHAMMAD", "6. MUHAMMAD", "1. segala",
		"Ahli waris 1 Meterai Rp10.000 MUHAMMAD AKBAR DG. SIRUWA 1", "Ahli waris 2 MUHAMMAD AKBAR DG. SIRUWA 2", "Halaman 2 dari 2", "Ahli waris 3 MUHAMMAD",
		"Saksi I SYAMSUDDIN DG. NGALLE Ketua RT 003", "Saksi II NURLIAH", "Mengetahui: CAMAT RAPPOCINI,", "NIP. 19700101 199503 1 002",
		"Makassar, 2 Januari 2026 a.n. LURAH KASSI-KASSI SEKRETARIS, HASNAH, S.Sos.", "Pindai untuk memeriksa",
	} {
		i := strings.Index(text[at:], next)
		if i < 0 {
			t.Fatalf("%q is not where it is to be read:\n%s", next, text)
		}
		at += i
	}
}

func TestUnprintable(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Andi Ba\u0308so D’Naba – ½ Ωж\n": "", "Nur 😀 محمد 😀": "😀محد", "a\u200bb\x07\u202e": "",
	} {
		if got := Unprintable(in); got != want {
			t.Errorf("Unprintable(%q) = %q, want %q", in, got, want)
		}
	}
	d := domisili()
	d.Blocks = []Block{Paragraph{Text: "Nama\u202e Ba\u0308so 😀 Rp\u00a05.000\x00,\u200b ʻAbd"}}
	if got := words(t, render(t, d)); !strings.Contains(got, "Nama Bäso □ Rp 5.000, ‘Abd") {
		t.Errorf("printed:\n%s", got)
	}
}

// Whatever people type becomes a valid PDF, unless it fills more than 200 pages: that is
// refused in words.
func TestAnyTextIsSet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.String(),
			rapid.StringOfN(rapid.RuneFrom(nil, unicode.Arabic, unicode.So, unicode.Mn, unicode.Cf, unicode.Cc, unicode.Han), 0, 80, -1),
			rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 80), func(b []byte) string { return string(b) }),
			rapid.SampledFrom([]string{strings.Repeat("W", 10_000), strings.Repeat("( ", 3000), "\\)(\r\n", "\u00a0", "{nb}", strings.Repeat("i\n", 300)}),
		)
		some := rapid.SliceOfN(text, 0, 4)
		d := Document{
			Paper: rapid.SampledFrom([]Paper{A4, F4}).Draw(t, "paper"),
			Head:  Head{Lines: some.Draw(t, "head"), Address: text.Draw(t, "address")},
			Title: text.Draw(t, "title"), Number: text.Draw(t, "number"), Unnumbered: rapid.Bool().Draw(t, "unnumbered"),
			Place: text.Draw(t, "place"), Subject: text.Draw(t, "subject"), Author: text.Draw(t, "author"),
			Watermark: rapid.StringN(0, 24, -1).Draw(t, "watermark"),
			Foot:      rapid.SliceOfN(rapid.StringN(0, 100, -1), 0, 3).Draw(t, "foot"),
			QR:        QR{Text: rapid.StringN(0, 60, 240).Draw(t, "qr"), Caption: rapid.StringN(0, 200, -1).Draw(t, "caption")},
		}
		if rapid.Bool().Draw(t, "dated") {
			d.Date = day
		}
		for range rapid.IntRange(0, 4).Draw(t, "blocks") {
			switch rapid.IntRange(0, 3).Draw(t, "block") {
			case 0:
				d.Blocks = append(d.Blocks, Paragraph{Text: text.Draw(t, "text"), Indent: rapid.Bool().Draw(t, "indent"), Bold: rapid.Bool().Draw(t, "bold"), Center: rapid.Bool().Draw(t, "center")})
			case 1:
				d.Blocks = append(d.Blocks, Fields{{text.Draw(t, "label"), text.Draw(t, "value")}, {text.Draw(t, "label"), text.Draw(t, "value")}})
			case 2:
				d.Blocks = append(d.Blocks, List(some.Draw(t, "list")))
			case 3:
				d.Blocks = append(d.Blocks, Table{
					Head: some.Draw(t, "cells"), Rows: rapid.SliceOfN(some, 0, 5).Draw(t, "rows"),
					Widths: rapid.SliceOfN(rapid.Float64(), 0, 4).Draw(t, "widths"), Numbered: rapid.Bool().Draw(t, "numbered"),
				})
			}
		}
		for range rapid.IntRange(0, 3).Draw(t, "parties") {
			d.Parties = append(d.Parties, Party{text.Draw(t, "role"), text.Draw(t, "name"), text.Draw(t, "note"), rapid.Bool().Draw(t, "stamp")})
		}
		for range rapid.IntRange(0, 4).Draw(t, "signatures") {
			d.Signatures = append(d.Signatures, Signature{
				Caption: text.Draw(t, "caption"), Lines: some.Draw(t, "lines"), Name: text.Draw(t, "name"), Rank: text.Draw(t, "rank"),
				NIP: text.Draw(t, "nip"), Electronic: rapid.Bool().Draw(t, "electronic"), Note: rapid.StringN(0, 160, -1).Draw(t, "note"),
			})
		}
		pdf, err := Render(d)
		if errs.KindOf(err) == errs.Unprocessable && strings.Contains(errs.MessageOf(err), "lebih dari 200 halaman") {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		file, err := os.CreateTemp("", "naskah-*.pdf")
		if err != nil {
			t.Fatal(err)
		}
		defer os.Remove(file.Name())
		if _, err := file.Write(pdf); err != nil {
			t.Fatal(err)
		}
		_ = file.Close()
		if out, err := exec.Command("qpdf", "--check", file.Name()).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	})
}

func TestEmblem(t *testing.T) {
	t.Parallel()
	if err := CheckEmblem(emblem()); err != nil {
		t.Error(err)
	}
	for name, bad := range map[string][]byte{"empty": nil, "text": []byte("lambang"), "cut off": emblem()[:200]} {
		if err := CheckEmblem(bad); errs.KindOf(err) != errs.Unprocessable {
			t.Errorf("%s: %v", name, err)
		}
	}
	d := domisili()
	d.Head.Emblem, d.Head.EmblemPNG = true, emblem()
	if list := run(t, render(t, d), "pdfimages", "-list", "PDF"); !strings.Contains(list, "100   120") {
		t.Errorf("the emblem is not in the letter:\n%s", list)
	}
	d.Head.EmblemPNG = nil
	if list := run(t, render(t, d), "pdfimages", "-list", "PDF"); strings.Contains(list, "image") {
		t.Errorf("a picture from nowhere:\n%s", list)
	}
}
