package epemerintahan

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// table finds one of the tables.
func (f Figures) table(key string) FigureTable {
	for _, t := range f.Tables {
		if t.Key == key {
			return t
		}
	}
	return FigureTable{}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	operator, camat := c.hire(kassiKassi, PermView, PermEdit), c.hire(rappocini, PermView, PermEdit)
	for i := range 20 {
		f := c.household(kassiKassi, 2)
		f.RT = []string{"001", "002"}[i%2]
		f.Members[1].Sex, f.Members[1].NIK = Female, strings.Replace(f.Members[1].NIK, "170885", "570885", 1)
		f.Members[1].Relation = 3
		if i < 3 {
			f.Members[0].Religion = 4 // small
		}
		c.add(operator, f)
	}
	c.add(camat, c.household(tidung, 8))
	at := Area{UnitID: c.unit(kassiKassi)}
	f, err := c.Figures(t.Context(), operator, at)
	if err != nil {
		t.Fatal(err)
	}
	if f.People.N != 40 || f.Families.N != 20 || len(f.Places) != 1 {
		t.Errorf("%v people in %v families, places %v", f.People, f.Families, f.Places)
	}
	// Three Hindu men are hidden, and the Muslims with them, or one could subtract.
	religion := f.table("agama")
	if got := religion.Rows[3]; got.Counts[0].Mark != Small || got.Total.Mark != Held || got.Counts[0].N != 0 {
		t.Errorf("%+v", got)
	}
	if got := religion.Rows[0]; got.Counts[0].Mark != Held || got.Counts[1].Mark != Held || religion.Sums[0].N != 20 || !religion.Hidden() {
		t.Errorf("%+v", religion)
	}
	age := f.table(dimensionAge)
	if len(age.Rows) != 16 || age.Rows[8].Counts[0].N != 20 || age.Rows[8].Counts[1].N != 20 || age.Rows[8].Label != "40–44 tahun" {
		t.Errorf("%+v", age)
	}
	if size := f.table(dimensionSize); size.Rows[1].Counts[0].N != 20 {
		t.Errorf("%+v", size)
	}
	if places := f.table(dimensionPlace); len(places.Rows) != 2 || places.Rows[0].Label != "RT 001 / RW 003" || places.Rows[0].Total.N != 20 {
		t.Errorf("%+v", places)
	}
	at.RW, at.RT = "003", "001"
	if f, err = c.Figures(t.Context(), operator, at); err != nil || f.People.N != 20 {
		t.Errorf("%v: %v", err, f.People)
	}
	// The dead are not counted, and larger areas as of the last count.
	wide := Area{UnitID: c.unit(rappocini)}
	if f, err = c.Figures(t.Context(), camat, wide); err != nil || f.People.N != 48 || len(f.table(dimensionPlace).Rows) != 2 {
		t.Errorf("%v: %+v", err, f)
	}
	c.exec(`UPDATE epemerintahan_resident SET status = 'mati' WHERE religion = 4`)
	if f, err = c.Figures(t.Context(), camat, wide); err != nil || f.People.N != 48 || !f.At.Equal(start) {
		t.Errorf("%v: %v at %v", err, f.People, f.At)
	}
	c.clock.Advance(time.Hour)
	if err := c.Recount(t.Context()); err != nil {
		t.Fatal(err)
	}
	if f, err = c.Figures(t.Context(), camat, wide); err != nil || f.People.N != 45 || !f.At.Equal(start.Add(time.Hour)) {
		t.Errorf("%v: %v at %v", err, f.People, f.At)
	}
	for _, area := range []Area{wide, {UnitID: c.unit(tidung)}, {UnitID: 1 << 60}, {UnitID: c.unit(kassiKassi), RT: "001"}} {
		if _, err := c.Figures(t.Context(), operator, area); errs.KindOf(err) != errs.NotFound || err == nil {
			t.Errorf("%+v: %v", area, err)
		}
		if _, err := c.MonthlyReport(t.Context(), operator, area, start, ByEvent); errs.KindOf(err) != errs.NotFound || err == nil {
			t.Errorf("%+v: %v", area, err)
		}
	}
}

// rowsOf reads an exported file back.
func rowsOf(t *testing.T, e Exported) (rows [][]sheet.Cell) {
	t.Helper()
	defer func() {
		if err := sheet.Discard(e.File); err != nil {
			t.Error(err)
		}
	}()
	r, err := sheet.Open(e.File, e.Size)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		row, err := r.Next()
		if err == io.EOF {
			return rows
		}
		if err != nil {
			t.Fatal(err)
		}
		cells := make([]sheet.Cell, len(row.Cells))
		copy(cells, row.Cells)
		rows = append(rows, cells)
	}
}

func TestExport(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	operator := c.hire(kassiKassi, PermView, PermEdit)
	exporter := c.hire(kassiKassi, PermView, PermExport)
	whole := c.hire(kassiKassi, PermView, PermExport, PermFull)
	families := make([]NewFamily, 400)
	for i := range families {
		families[i] = c.household(kassiKassi, 3)
	}
	families[7].Members[0].Name, families[7].Address = `=HYPERLINK("x")`, "+62 jalan"
	families[9].Members[1].NIK, families[9].Members[1].NIKStatus = "", NIKNone
	c.add(operator, families...)
	for _, format := range []string{sheet.XLSX, sheet.CSV} {
		for _, layout := range []Layout{ListLayout, BookLayout, ChangeLayout} {
			in := ExportInput{Layout: layout, Format: format, Book: BookFilter{From: start.AddDate(0, -1, 0), To: start.AddDate(0, 1, 0)}}
			_, err := c.Export(t.Context(), operator, in)
			errstest.Kind(t, err, errs.Forbidden)
			e, err := c.Export(t.Context(), exporter, in)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(e.Name, "2026-11-24."+format) {
				t.Errorf("its name is %q", e.Name)
			}
			rows := rowsOf(t, e)
			if want := 1 + 1200; layout != ChangeLayout && len(rows) != want {
				t.Fatalf("%s %s: %d rows", layout, format, len(rows))
			}
			seen := map[string]bool{}
			for _, row := range rows {
				for _, cell := range row {
					if strings.Contains(cell.Text, "7371131708") {
						t.Fatalf("%s shows %q", layout, cell.Text)
					}
					if cell.Kind == sheet.Formula || format == sheet.CSV && strings.HasPrefix(cell.Text, "=") {
						seen[cell.Text] = true
					}
				}
			}
			if format == sheet.XLSX && len(seen) > 0 {
				t.Errorf("formulas: %v", seen)
			}
		}
	}
	in := ExportInput{Layout: ListLayout, Format: sheet.XLSX, Full: true, Purpose: "  Verifikasi penerima bantuan "}
	_, err := c.Export(t.Context(), exporter, in)
	errstest.Kind(t, err, errs.Forbidden)
	short := in
	short.Purpose = "  perlu     "
	_, err = c.Export(t.Context(), whole, short)
	errstest.Field(t, err, ControlPurpose)
	e, err := c.Export(t.Context(), whole, in)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(e.File)
	if err != nil {
		t.Fatal(err)
	}
	if nik, err := f.GetCellValue("Penduduk", "B2"); err != nil || len(nik) != 16 {
		t.Errorf("the NIK is %q, %v", nik, err)
	}
	if kind, err := f.GetCellType("Penduduk", "B2"); err != nil || kind != excelize.CellTypeInlineString {
		t.Errorf("the NIK is a %v, %v", kind, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	// What was exported in full can be imported where it is not yet.
	if rows := rowsOf(t, e); len(rows) != 1201 || readHeaderOf(rows[0]) != "" {
		t.Errorf("%d rows, %s", len(rows), readHeaderOf(rows[0]))
	}
	if n := one[int](c, `SELECT count(*)::int FROM audit_entry WHERE action = 'epemerintahan.resident.export' AND detail ->> 'tujuan' = 'Verifikasi penerima bantuan' AND (detail ->> 'baris')::int = 1200`); n != 1 {
		t.Errorf("%d entries in the trail", n)
	}
	// A search's words are what is exported, and nobody else's kelurahan.
	in = ExportInput{Layout: ListLayout, Format: sheet.CSV, Filter: Filter{Text: families[0].Members[0].NIK}}
	if e, err = c.Export(t.Context(), exporter, in); err != nil {
		t.Fatal(err)
	}
	if rows := rowsOf(t, e); len(rows) != 2 {
		t.Errorf("%d rows", len(rows))
	}
	in.Filter = Filter{KelurahanID: c.unit(tidung)}
	_, err = c.Export(t.Context(), exporter, in)
	errstest.Kind(t, err, errs.Forbidden)
	in = ExportInput{Layout: BookLayout, Format: sheet.CSV, Book: BookFilter{Area: Area{UnitID: c.unit(tidung)}}}
	_, err = c.Export(t.Context(), exporter, in)
	errstest.Kind(t, err, errs.NotFound)
}

func readHeaderOf(cells []sheet.Cell) string {
	_, wrong := readHeader(sheet.Row{Line: 1, Cells: cells})
	return wrong
}

// TestBooksPage walks through both books there and back.
func TestBooksPage(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	operator := c.hire(kassiKassi, PermView, PermEdit)
	for i := range 44 {
		f := c.household(kassiKassi, 3)
		f.RT = []string{"004", "001", "002"}[i%3]
		for j := range f.Members {
			f.Members[j].Entry, f.Members[j].EntryOn = MovedIn, start.AddDate(0, 0, -i%20)
		}
		c.add(operator, f)
	}
	kelurahan := Area{UnitID: c.unit(kassiKassi)}
	walk := func(page func(*Cursor) ([]int64, *Cursor, *Cursor)) {
		t.Helper()
		var all, again []int64
		var last, cursor *Cursor
		for {
			ids, _, next := page(cursor)
			all = append(all, ids...)
			last = cursor
			if cursor = next; next == nil {
				break
			}
		}
		for cursor = last; ; {
			ids, prev, _ := page(cursor)
			again = append(append([]int64{}, ids...), again...)
			if cursor = prev; prev == nil {
				break
			}
		}
		seen := map[int64]bool{}
		for i, id := range all {
			if seen[id] || len(again) != len(all) || again[i] != id {
				t.Fatalf("there %v\nand back %v", all, again)
			}
			seen[id] = true
		}
		if len(all) != 132 {
			t.Errorf("%d lines", len(all))
		}
	}
	walk(func(cursor *Cursor) (ids []int64, prev, next *Cursor) {
		p, err := c.Book(t.Context(), operator, BookFilter{Area: kelurahan}, cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range p.Lines {
			ids = append(ids, l.ID)
		}
		return ids, p.Prev, p.Next
	})
	walk(func(cursor *Cursor) (ids []int64, prev, next *Cursor) {
		p, err := c.ChangeBook(t.Context(), operator, BookFilter{Area: kelurahan, From: start.AddDate(0, -1, 0), To: start.AddDate(0, 1, 0)}, cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range p.Lines {
			ids = append(ids, l.ID)
		}
		return ids, p.Prev, p.Next
	})
	if p, err := c.Book(t.Context(), operator, BookFilter{Area: Area{UnitID: kelurahan.UnitID, RW: "003", RT: "001"}}, nil); err != nil || len(p.Lines) != 45 || p.Lines[0].Relation != RelationHead {
		t.Errorf("%v: %d lines", err, len(p.Lines))
	}
	r, err := c.MonthlyReport(t.Context(), operator, kelurahan, start, ByRecord)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := ExportMonth(r, sheet.CSV, &b); err != nil || !strings.Contains(b.String(), "\nJumlah;0;0;0;") || !strings.Contains(b.String(), ";132;0;132\r\n") {
		t.Errorf("%v\n%s", err, b.String())
	}
}
