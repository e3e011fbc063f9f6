package epemerintahan

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// Layout is what an export holds and in which order.
type Layout string

// The layouts.
const (
	ListLayout   Layout = "daftar" // what a search finds, by name, in the columns of an import
	BookLayout   Layout = "induk"
	ChangeLayout Layout = "mutasi"
)

const (
	// exportBatch rows are read at a time.
	exportBatch = 500
	// maxExport rows go into one file.
	maxExport = 200_000
	// shortestPurpose of an export with full numbers.
	shortestPurpose = 10
	// ControlPurpose is the control that states why numbers are exported in full.
	ControlPurpose = "tujuan_ekspor"
)

// ExportInput says what to export.
type ExportInput struct {
	Layout Layout
	Filter Filter     // of ListLayout
	Book   BookFilter // of the others
	Format string     // of package sheet
	// Full numbers instead of masked ones need PermFull and a Purpose.
	Full    bool
	Purpose string
}

// Exported is a finished file; the caller ends it with sheet.Discard. Its name tells
// nothing about anybody.
type Exported struct {
	File *os.File
	Size int64
	Name string
	Type string
}

// Export writes residents into a spreadsheet. It is audited with its counts before the
// file is given away.
func (m *Module) Export(ctx context.Context, a authz.Actor, in ExportInput) (_ Exported, err error) {
	defer errs.In(&err, "epemerintahan.Export(%s)", in.Layout)
	if sheet.Types[in.Format] == "" {
		return Exported{}, errs.Invalid(errs.Field{Name: "format", Message: "Pilih XLSX atau CSV."})
	}
	p := PermExport
	if in.Full {
		p = PermFull
		if !a.Has(PermFull) {
			return Exported{}, errs.New(errs.Forbidden, "Anda tidak berwenang mengekspor NIK dan KK lengkap.")
		}
		if utf8.RuneCountInString(indo.CleanName(in.Purpose)) < shortestPurpose {
			return Exported{}, errs.Invalid(errs.Field{Name: ControlPurpose, Message: "Tulis untuk apa NIK lengkap diperlukan, paling sedikit 10 huruf."})
		}
	}
	from, err := m.exporting(ctx, a, in, p)
	if err != nil {
		return Exported{}, err
	}
	f, err := sheet.Hidden()
	if err != nil {
		return Exported{}, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, sheet.Discard(f))
		}
	}()
	n, err := from.write(ctx, f, in.Format)
	if err != nil {
		return Exported{}, err
	}
	detail := map[string]any{"bentuk": in.Layout, "format": in.Format, "baris": n, "lengkap": in.Full, "menurut": from.by}
	if in.Full {
		detail["tujuan"] = indo.CleanName(in.Purpose)
	}
	if err := m.read(ctx, m.db, a, "export", subject{objectResident, 0, from.unit}, detail); err != nil {
		return Exported{}, err
	}
	size, err := f.Seek(0, 2)
	if err != nil {
		return Exported{}, err
	}
	_, err = f.Seek(0, 0)
	return Exported{f, size, string(in.Layout) + "-penduduk-" + m.today().Format(time.DateOnly) + "." + in.Format, sheet.Types[in.Format]}, err
}

// export is an export made ready: its columns, and its rows batch by batch until none
// is left.
type export struct {
	title   string
	columns []sheet.Column
	next    func(context.Context) ([][]any, error)
	unit    int64 // for the trail
	by      string
}

func (e *export) write(ctx context.Context, f *os.File, format string) (n int, err error) {
	w, err := sheet.NewWriter(f, format, e.title, e.columns)
	if err != nil {
		return 0, err
	}
	for {
		rows, err := e.next(ctx)
		if err == nil && n+len(rows) > maxExport {
			err = errs.New(errs.TooLarge, "Ada lebih dari 200.000 baris. Persempit menurut kelurahan, RW atau RT.")
		}
		if err != nil {
			return n, errors.Join(err, w.Abort())
		}
		if len(rows) == 0 {
			return n, w.Close()
		}
		for _, row := range rows {
			if err := w.Row(row...); err != nil {
				return n, errors.Join(err, w.Abort())
			}
		}
		n += len(rows)
	}
}

var errNotExporter = errs.New(errs.Forbidden, "Anda tidak berwenang mengekspor data penduduk di wilayah ini.")

// exporting makes an export ready of what lies where the actor holds p.
func (m *Module) exporting(ctx context.Context, a authz.Actor, in ExportInput, p authz.Permission) (*export, error) {
	allowed, err := m.Workplaces(ctx, a, p)
	if err != nil {
		return nil, err
	}
	if in.Layout == ListLayout {
		return m.exportList(ctx, a, in, allowed)
	}
	if _, _, err := m.bookPlace(ctx, a, &in.Book.Area); err != nil {
		return nil, err
	}
	if !holds(allowed, in.Book.UnitID) {
		return nil, errNotExporter
	}
	switch in.Layout {
	case BookLayout:
		return m.exportBook(in), nil
	case ChangeLayout:
		return m.exportChanges(in), nil
	}
	return nil, errs.New(errs.BadRequest, "Bentuk ekspor ini tidak dikenal.")
}

// shownNumbers gives a resident's numbers as the export has them.
func (m *Module) shownNumbers(r residentRow, full bool) (nik, kk string, err error) {
	if !full {
		return r.NIK, r.KK, nil
	}
	if nik, err = m.number(r.NIKSealed, sealNIK); err != nil {
		return "", "", err
	}
	kk, err = m.number(r.KKSealed, sealKK)
	return nik, kk, err
}

const sqlExportRows = `SELECT` + residentColumns + `WHERE r.id = ANY ($1::bigint[])`

// exportList walks through what a search finds.
func (m *Module) exportList(ctx context.Context, a authz.Actor, in ExportInput, allowed []Kelurahan) (*export, error) {
	q, err := m.query(ctx, a, in.Filter, nil)
	if err != nil {
		return nil, err
	}
	q.size, q.whole = exportBatch, false
	q.units = slices.DeleteFunc(q.units, func(id int64) bool { return !holds(allowed, id) })
	if len(q.units) == 0 {
		return nil, errNotExporter
	}
	e := &export{title: "Penduduk", by: "semua", unit: in.Filter.KelurahanID}
	if in.Filter.Text != "" {
		e.by = q.by()
	}
	if e.unit == 0 {
		e.unit = a.MainPosition().UnitID
	}
	for _, c := range ImportColumns {
		if c.Name != columnGroup {
			e.columns = append(e.columns, sheet.Column{Title: c.Title, Width: 18})
		}
	}
	e.columns = append(e.columns, sheet.Column{Title: "Keadaan"}, sheet.Column{Title: "Sejak"})
	done, alike := false, false
	e.next = func(ctx context.Context) (out [][]any, err error) {
		if done {
			return nil, nil
		}
		items, err := q.run(ctx, m.db, alike)
		if err == nil && len(items) == 0 && !alike && q.cursor == nil && len(q.words) > 0 {
			alike = true // as on the page
			items, err = q.run(ctx, m.db, alike)
		}
		if err != nil {
			return nil, err
		}
		done = len(items) <= exportBatch
		items = items[:min(len(items), exportBatch)]
		ids := make([]int64, len(items))
		for i, it := range items {
			ids[i] = it.ID
			q.cursor, q.cursorName = &Cursor{ID: it.ID}, it.NameFold
		}
		rows, err := pg.Many[residentRow](ctx, m.db, sqlExportRows, ids)
		if err != nil {
			return nil, err
		}
		slices.SortFunc(rows, func(a, b residentRow) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
		for _, r := range rows {
			if err := m.open(&r); err != nil {
				return nil, err
			}
			nik, kk, err := m.shownNumbers(r, in.Full)
			if err != nil {
				return nil, err
			}
			out = append(out, listRow(r, nik, kk))
		}
		return out, nil
	}
	return e, nil
}

// listRow is a resident in the columns of an import.
func listRow(r residentRow, nik, kk string) (row []any) {
	status := ""
	if r.NIKStatus != NIKPresent {
		status = strings.ReplaceAll(string(r.NIKStatus), "_", " ") // as an import reads it
	}
	values := map[string]string{
		ControlKK: kk, ControlNIK: nik, ControlName: r.Name, ControlRelation: Relations.Name(r.Relation), ControlSex: Sexes.Name(r.Sex),
		ControlBirthPlace: r.BirthPlace, ControlBirthDate: r.BirthDate.Format("02-01-2006"), ControlReligion: Religions.Name(r.Religion),
		ControlEducation: Educations.Name(r.Education), ControlJob: Jobs.Name(r.Job), ControlMarital: Maritals.Name(r.Marital), ControlRW: r.RW, ControlRT: r.RT,
		ControlAddress: r.Address, ControlCitizenship: Citizenships.Name(r.Citizenship), ControlPermanence: Permanences.Name(r.Permanence), ControlNIKStatus: status,
		ControlFather: r.FatherName, ControlMother: r.MotherName, ControlBirthDeed: r.BirthDeed, ControlMarriageDeed: r.MarriageDeed,
		ControlDivorceDeed: r.DivorceDeed, columnKelurahan: r.KelurahanName,
	}
	for _, c := range ImportColumns {
		if c.Name != columnGroup {
			row = append(row, values[c.Name])
		}
	}
	return append(row, string(r.Status), r.StatusOn.Format("02-01-2006"))
}

// BookTitles are the columns of the register of residents, those of Buku Induk Penduduk
// (Permendagri 47/2016, form B.1) without the ability to read, which is not recorded.
var BookTitles = []string{"No. urut", "Nama lengkap", "Jenis kelamin", "Status kawin", "Tempat lahir", "Tanggal lahir", "Agama", "Pendidikan terakhir",
	"Pekerjaan", "Kewarganegaraan", "Alamat lengkap", "RT", "RW", "Kedudukan dalam keluarga", "NIK", "Nomor KK", "Keterangan"}

func (m *Module) exportBook(in ExportInput) *export {
	e := &export{title: "Buku Induk Penduduk", unit: in.Book.UnitID, by: "buku"}
	for _, title := range BookTitles {
		e.columns = append(e.columns, sheet.Column{Title: title, Width: 18})
	}
	var c *Cursor
	n := 0
	e.next = func(ctx context.Context) (out [][]any, err error) {
		rows, err := m.bookRows(ctx, in.Book.Area, c, exportBatch)
		for _, r := range rows {
			nik, kk, err := m.shownNumbers(r, in.Full)
			if err != nil {
				return nil, err
			}
			n++
			c = &Cursor{ID: r.ID}
			out = append(out, []any{n, r.Name, Sexes.Name(r.Sex), Maritals.Name(r.Marital), r.BirthPlace, r.BirthDate.Format("02-01-2006"), Religions.Name(r.Religion),
				Educations.Name(r.Education), Jobs.Name(r.Job), Citizenships.Name(r.Citizenship), r.Address, r.RT, r.RW, Relations.Name(r.Relation), nik, kk, r.Remark()})
		}
		return out, err
	}
	return e
}

// Remark is what the last column of the book says: where somebody is who no longer
// lives here.
func (r Resident) Remark() string {
	if r.Status == Living {
		return ""
	}
	return string(r.Status) + " sejak " + r.StatusOn.Format("02-01-2006")
}

// ChangeTitles are the columns of the book of changes, those of Buku Mutasi Penduduk
// (Permendagri 47/2016, form B.2) with births, and with the day of recording.
var ChangeTitles = []string{"No. urut", "Nama lengkap", "Jenis kelamin", "Tempat lahir", "Tanggal lahir", "Kewarganegaraan", "Peristiwa", "Tanggal peristiwa",
	"Datang dari", "Pindah ke", "Meninggal di", "Nomor surat", "Tanggal dicatat", "Keterangan"}

func (m *Module) exportChanges(in ExportInput) *export {
	e := &export{title: "Buku Mutasi Penduduk", unit: in.Book.UnitID, by: "buku"}
	for _, title := range ChangeTitles {
		e.columns = append(e.columns, sheet.Column{Title: title, Width: 18})
	}
	var c *Cursor
	n := 0
	e.next = func(ctx context.Context) (out [][]any, err error) {
		rows, err := m.changeRows(ctx, in.Book, c, exportBatch)
		for _, l := range rows {
			n++
			c = &Cursor{ID: l.ID}
			out = append(out, []any{n, l.Name, Sexes.Name(l.Sex), l.BirthPlace, l.BirthDate.Format("02-01-2006"), Citizenships.Name(l.Citizenship), l.Kind.Words(),
				l.HappenedOn.Format("02-01-2006"), l.Detail.Origin, l.Detail.Destination, l.Detail.Place, l.Detail.Letter, indo.ShortDate(l.RecordedAt), l.Remark()})
		}
		return out, err
	}
	return e
}

// Remark says what else is to know of a change.
func (l ChangeLine) Remark() string {
	if l.Undone {
		return "Dibatalkan"
	}
	return ""
}

// Words names a kind of event.
func (k EventKind) Words() string {
	for _, f := range Flows {
		if f.Kind == k {
			return f.Label
		}
	}
	return string(k)
}

// ExportMonth writes a monthly report as a spreadsheet.
func ExportMonth(r Month, format string, out io.Writer) error {
	kinds, labels := r.Used()
	columns := []sheet.Column{{Title: "Wilayah", Width: 24}}
	titles := append(append([]string{"Awal"}, labels...), "Akhir")
	for _, t := range titles {
		for _, sex := range []string{"L", "P", "Jumlah"} {
			columns = append(columns, sheet.Column{Title: t + " " + sex, Width: 12})
		}
	}
	w, err := sheet.NewWriter(out, format, "Laporan "+strconv.Itoa(int(r.From.Month()))+"-"+strconv.Itoa(r.From.Year()), columns)
	if err != nil {
		return err
	}
	for _, row := range append(slices.Clone(r.Parts), r.Sum) {
		cells := []any{row.Place}
		balances := []Balance{row.Opening}
		for _, k := range kinds {
			balances = append(balances, row.Flows[k])
		}
		for _, b := range append(balances, row.Closing) {
			cells = append(cells, b.Male, b.Female, b.Total())
		}
		if err := w.Row(cells...); err != nil {
			return errors.Join(err, w.Abort())
		}
	}
	return w.Close()
}
