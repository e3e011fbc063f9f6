package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/unicode"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
)

// read returns the cells of a file as "line:kind text|…", and how it ended.
func read(data []byte) (lines []string, err error) {
	r, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return lines, err
		}
		var b strings.Builder
		fmt.Fprintf(&b, "%d:", row.Line)
		for _, c := range row.Cells {
			fmt.Fprintf(&b, "%s%s|", []string{"", "#", "=", "!"}[c.Kind], c.Text)
		}
		lines = append(lines, b.String())
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte("NIK\tNama\n7371\tÉlan\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		in   []byte
		want []string
	}{
		{"commas", []byte("NIK,Nama\n7371,\"Dg. Ngai, S.Pd\"\n"), []string{"1:NIK|Nama|", "2:7371|Dg. Ngai, S.Pd|"}},
		{"semicolons and a mark", []byte("\ufeffNIK;Nama\r\n\r\n7371; A,B \r\n"), []string{"1:NIK|Nama|", "3:7371|A,B|"}},
		{"Latin-1", []byte("NIK;Nama\n7371;\xc9lan\n"), []string{"1:NIK|Nama|", "2:7371|Élan|"}},
		{"UTF-16", utf16, []string{"1:NIK|Nama|", "2:7371|Élan|"}},
		{"digits kept as text", []byte("NIK;Nama\n=\"7371\";'08\n"), []string{"1:NIK|Nama|", "2:7371|08|"}},
		{"formula", []byte("NIK;Nama\n=A1+1;-\n"), []string{"1:NIK|Nama|", "2:==A1+1|-|"}},
		{"short and long rows", []byte("a;b\n1\n1;2;3\n"), []string{"1:a|b|", "2:1|", "3:1|2|3|"}},
	} {
		got, err := read(c.in)
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", c.name, err, diff)
		}
	}
}

// workbook makes an XLSX by hand, with the parts given.
func workbook(sheet, shared string) []byte {
	return mediatest.Archive(
		"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="1"/><sheets><sheet name="rahasia" sheetId="1" state="hidden" r:id="r9"/><sheet name="Data" sheetId="2" r:id="r2"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`,
		"xl/worksheets/sheet2.xml", `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`+sheet+`</sheetData></worksheet>`,
		"xl/sharedStrings.xml", `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`+shared+`</sst>`,
	)
}

func TestXLSXCells(t *testing.T) {
	t.Parallel()
	data := workbook(`<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2"><v>7.3711317088500003E+15</v></c></row>
		<row><c t="inlineStr"><is><r><t>Dg. </t></r><r><t>Ngai</t></r></is></c><c t="str"><f>A1&amp;"x"</f><v>ax</v></c><c t="e"><v>#N/A</v></c><c t="b"><v>1</v></c></row>
		<row r="9"><c r="B9" t="s"><v>1</v></c></row>`,
		`<si><t>NIK</t></si><si><r><t>Si</t></r><r><t>tti</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si>`)
	got, err := read(data)
	want := []string{"2:NIK||#7.3711317088500003E+15|", "3:Dg. Ngai|=ax|!#N/A|1|", "9:|Sitti|"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// TestBrokenFiles are refused in words, whatever they are.
func TestBrokenFiles(t *testing.T) {
	t.Parallel()
	whole := workbook(`<row><c t="s"><v>0</v></c></row>`, `<si><t>a</t></si>`)
	for name, data := range map[string][]byte{
		"empty":            nil,
		"old XLS":          []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
		"cut off":          whole[:len(whole)/2],
		"another archive":  []byte("PK\x05\x06" + strings.Repeat("\x00", 18)),
		"binary":           bytes.Repeat([]byte{0, 1, 2}, 100),
		"no such string":   workbook(`<row><c t="s"><v>7</v></c></row>`, `<si><t>a</t></si>`),
		"not XML":          workbook(`<row><c t="s"><v>0</v>`, `<si><t>a</t></si>`),
		"a cell of 30 MB":  workbook(`<row><c t="str"><v>`+strings.Repeat("x", 30<<20)+`</v></c></row>`, ``),
		"a string of 2 MB": workbook(`<row><c t="s"><v>0</v></c></row>`, `<si><t>`+strings.Repeat("x", 2<<20)+`</t></si>`),
	} {
		if _, err := read(data); errs.KindOf(err) != errs.Unprocessable || len(errs.FieldsOf(err)) == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRoundTrip writes what would be reckoned elsewhere and reads it back as text.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for format, want := range map[string][]string{
		XLSX: {"1:NIK|Nama|Jumlah|", "2:7371131708850001|=1+1|#7|", "3:|@SUM(A1)|#8|"},
		CSV:  {"1:NIK|Nama|Jumlah|", "2:7371131708850001|=1+1|7|", "3:|@SUM(A1)|8|"},
	} {
		var b bytes.Buffer
		w, err := NewWriter(&b, format, "Penduduk", []Column{{"NIK", 20}, {"Nama", 30}, {"Jumlah", 0}})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Row("7371131708850001", "=1+1", 7), w.Row("", "@SUM(A1)", 8), w.Close()); err != nil {
			t.Fatal(err)
		}
		if format == CSV && !strings.Contains(b.String(), ";'=1+1;7\r\n") {
			t.Errorf("a CSV would be reckoned: %q", b.String())
		}
		got, err := read(b.Bytes())
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", format, err, diff)
		}
		if format != XLSX {
			continue
		}
		f, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		if kind, err := f.GetCellType("Penduduk", "A2"); err != nil || kind != excelize.CellTypeInlineString {
			t.Errorf("a NIK is written as %v, %v", kind, err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMemoryDoesNotGrow reads ten and a hundred thousand rows whose strings are all
// different and compares what the heap holds at its highest.
func TestMemoryDoesNotGrow(t *testing.T) {
	// Not parallel: the heap belongs to the whole process.
	peak := func(rows int) uint64 {
		file, err := os.CreateTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		var rowsXML, strs strings.Builder
		for i := range rows {
			n := strconv.Itoa(i)
			rowsXML.WriteString(`<row><c t="s"><v>` + n + `</v></c><c t="inlineStr"><is><t>Nama ` + n + `</t></is></c><c><v>` + n + `</v></c></row>`)
			strs.WriteString(`<si><t>7371130101` + fmt.Sprintf("%06d", i) + `</t></si>`)
		}
		if _, err := file.Write(workbook(rowsXML.String(), strs.String())); err != nil {
			t.Fatal(err)
		}
		rowsXML.Reset()
		strs.Reset()
		size, err := file.Seek(0, io.SeekEnd)
		if err != nil {
			t.Fatal(err)
		}
		var before, now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		r, err := Open(file, size)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		most, n := uint64(0), 0
		for {
			_, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if n++; n%(rows/20) == 0 {
				runtime.GC()
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapAlloc-min(before.HeapAlloc, now.HeapAlloc))
			}
		}
		if n != rows {
			t.Fatalf("read %d of %d rows", n, rows)
		}
		return most
	}
	few, many := peak(10_000), peak(100_000)
	t.Logf("%d KB with 10 thousand rows, %d KB with 100 thousand", few>>10, many>>10)
	if many > few+1<<20 {
		t.Errorf("the heap holds %d KB with 10 thousand rows and %d KB with 100 thousand", few>>10, many>>10)
	}
}
