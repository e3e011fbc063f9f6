package kuciniki

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// Columns of the file for e-Kinerja BKN: a row for each indicator. docs/performance.md tells
// what they hold. Weights stay here.
var Columns = []string{"NIP", "Nama", "Tahun", "No", "Jenis", "RHK atasan", "Dasar", "RHK", "Aspek", "Indikator", "Target", "Satuan", "Makin rendah makin baik", "Dibagi per bulan"}

// ControlFile is the control of a file that is taken in.
const ControlFile = "berkas"

// ExportPlan writes an SKP as a table with [Columns] in a format of package sheet.
func (m *Module) ExportPlan(ctx context.Context, a authz.Actor, id int64, w io.Writer, format string) (err error) {
	defer errs.In(&err, "kuciniki.ExportPlan(%d)", id)
	p, err := m.Plan(ctx, a, id)
	if err != nil {
		return err
	}
	if err := m.noteRead(ctx, a, p.SKP, "kuciniki.skp.export"); err != nil {
		return err
	}
	columns := make([]sheet.Column, len(Columns))
	for i, c := range Columns {
		columns[i] = sheet.Column{Title: c}
	}
	out, err := sheet.NewWriter(w, format, "SKP", columns)
	if err != nil {
		return err
	}
	for no, r := range p.RHKs {
		for _, in := range r.Indicators {
			yes := map[bool]string{true: "ya"}
			target := ""
			if in.Target != nil {
				target = strings.ReplaceAll(strconv.FormatFloat(*in.Target, 'f', -1, 64), ".", ",")
			}
			cells := []string{deref2(p.StaffNumber), p.Person, strconv.Itoa(p.SKP.Year), strconv.Itoa(no + 1), r.Kind, r.Parent, r.Basis, r.Text, in.Slot, in.Text, target, in.Unit, yes[in.Lower], yes[in.Spread]}
			row := make([]any, len(cells))
			for i, c := range cells {
				row[i] = sheet.Harmless(c)
			}
			if err := out.Row(row...); err != nil {
				return errors.Join(err, out.Abort())
			}
		}
	}
	return out.Close()
}

// Problem is what is wrong with a row of a file.
type Problem struct {
	Row     int // as a spreadsheet counts
	Message string
}

// Taken is what a file brings: RHKs that are added or, where one has the same words,
// changed.
type Taken struct {
	Rows     int
	RHKs     []RHK
	Problems []Problem
}

// mostRows bounds what is read of one file.
const mostRows = 200

// ImportPlan reads RHKs into the actor's SKP from a file with [Columns]. With apply false,
// or where a row is wrong, nothing is written and the result tells what is wrong row by row.
func (m *Module) ImportPlan(ctx context.Context, a authz.Actor, id int64, file io.ReaderAt, size int64, apply bool) (t Taken, err error) {
	defer errs.In(&err, "kuciniki.ImportPlan(%d)", id)
	rows, err := readTable(file, size, []string{"RHK", "Indikator"}, mostRows)
	if err != nil {
		return t, err
	}
	undo := errors.New("only tried")
	err = m.write(ctx, a, id, "kuciniki.skp.import", func(tx pgx.Tx, s SKP) error {
		up, _, err := above(ctx, tx, s)
		if err != nil {
			return err
		}
		known, err := readRHKs(ctx, tx, id)
		if err != nil {
			return err
		}
		first := map[int]int{} // line of each RHK
		t = gather(s, rows, known, up, first)
		for i, r := range t.RHKs {
			if err := saveRHK(ctx, tx, s, r); err != nil {
				if errs.KindOf(err) != errs.Unprocessable {
					return err
				}
				for _, f := range errs.FieldsOf(err) {
					t.Problems = append(t.Problems, Problem{first[i], f.Message})
				}
			}
		}
		if !apply || len(t.Problems) > 0 {
			return undo
		}
		return nil
	})
	if errors.Is(err, undo) {
		err = nil
	}
	return t, err
}

// gather makes RHKs of rows: those that follow each other with the same words are one. What no
// file tells, weights and metrics, stays as it is.
func gather(s SKP, rows []tableRow, known, up []RHK, first map[int]int) (t Taken) {
	t.Rows = len(rows)
	same := func(a, b string) bool {
		return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
	}
	for _, row := range rows {
		bad := func(message string) { t.Problems = append(t.Problems, Problem{row.line, message}) }
		if nip := row.get("NIP"); nip != "" && nip != deref2(s.StaffNumber) {
			bad("NIP ini bukan NIP pemilik SKP.")
			continue
		}
		if y := row.get("Tahun"); y != "" && y != strconv.Itoa(s.Year) {
			bad("Tahun ini bukan tahun SKP.")
			continue
		}
		text := row.get("RHK")
		if n := len(t.RHKs); n == 0 || !same(t.RHKs[n-1].Text, text) {
			r := RHK{Kind: strings.ToLower(row.get("Jenis")), Text: text, Basis: row.get("Dasar")}
			if r.Kind == "" {
				r.Kind = Main
			}
			if i := slices.IndexFunc(known, func(k RHK) bool { return same(k.Text, text) }); i >= 0 {
				r.ID, r.Weight = known[i].ID, known[i].Weight
			}
			if p := row.get("RHK atasan"); p != "" {
				if i := slices.IndexFunc(up, func(u RHK) bool { return same(u.Text, p) }); i >= 0 {
					r.ParentID = &up[i].ID
				} else {
					bad("RHK atasan ini tidak ada di SKP atasan Anda.")
				}
			}
			t.RHKs = append(t.RHKs, r)
			first[len(t.RHKs)-1] = row.line
		}
		in := Indicator{Slot: strings.ToLower(row.get("Aspek")), Text: row.get("Indikator"), Unit: row.get("Satuan"), Lower: strings.EqualFold(row.get("Makin rendah makin baik"), "ya"), Spread: strings.EqualFold(row.get("Dibagi per bulan"), "ya")}
		if raw := row.get("Target"); raw != "" {
			v, ok := indo.ParseNumber(raw)
			if !ok || v > 1e11 {
				bad("Target harus angka, tanpa titik ribuan, misalnya 1250 atau 12,5.")
				continue
			}
			in.Target = &v
		}
		r := &t.RHKs[len(t.RHKs)-1]
		in.Metric = watchedBy(known, r.ID, in.Slot)
		if slices.ContainsFunc(r.Indicators, func(k Indicator) bool { return k.Slot == in.Slot }) {
			bad("Aspek ini sudah ada untuk RHK yang sama.")
			continue
		}
		r.Indicators = append(r.Indicators, in)
	}
	return t
}

// watchedBy is the metric that an indicator of an RHK watches; "" of a new one.
func watchedBy(known []RHK, rhk int64, slot string) string {
	for _, r := range known {
		for _, in := range r.Indicators {
			if r.ID == rhk && in.Slot == slot {
				return in.Metric
			}
		}
	}
	return ""
}

// tableRow is a row of a file by the names of its columns.
type tableRow struct {
	line  int
	cells map[string]string
}

func (r tableRow) get(column string) string { return r.cells[strings.ToLower(column)] }

// readTable reads at most so many rows below a header that has at least the required
// columns. What cannot be read is errs.Unprocessable at [ControlFile].
func readTable(file io.ReaderAt, size int64, required []string, most int) (out []tableRow, err error) {
	r, err := sheet.Open(file, size)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var header []string
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if header == nil {
			header = []string{}
			for _, c := range row.Cells {
				header = append(header, strings.ToLower(strings.TrimSpace(c.Text)))
			}
			for _, want := range required {
				if !slices.Contains(header, strings.ToLower(want)) {
					return nil, sheet.Bad("Kolom %s tidak ada di baris judul.", want)
				}
			}
			continue
		}
		if len(out) == most {
			return nil, sheet.Bad("Paling banyak %d baris dalam satu berkas.", most)
		}
		cells := map[string]string{}
		for i, name := range header {
			cells[name] = strings.TrimPrefix(strings.TrimSpace(row.Cell(i).Text), "'")
		}
		out = append(out, tableRow{row.Line, cells})
	}
	if len(out) == 0 {
		return nil, sheet.Bad("Berkas ini tidak berisi baris data.")
	}
	return out, nil
}
