package epemerintahan

import (
	"context"
	"errors"
	"io"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

var reportColumns = []sheet.Column{{Title: "Baris", Width: 8}, {Title: "Kolom", Width: 22}, {Title: "Akibat", Width: 16}, {Title: "Keterangan", Width: 100}}

// ImportReport writes what is wrong with a file, row by row, as a spreadsheet in a
// format of package sheet.
func (m *Module) ImportReport(ctx context.Context, a authz.Actor, id int64, format string, out io.Writer) (err error) {
	defer errs.In(&err, "epemerintahan.ImportReport(%d)", id)
	i, err := m.importOf(ctx, m.db, sqlImport, a, id)
	if err != nil {
		return err
	}
	if !i.Reported(m.now()) {
		return errs.New(errs.Gone, "Hasil pemeriksaan ini sudah tidak disimpan. Unggah berkasnya lagi.")
	}
	if err := m.read(ctx, m.db, a, "report", subject{objectImport, id, i.KelurahanID}, nil); err != nil {
		return err
	}
	w, err := sheet.NewWriter(out, format, "Hasil pemeriksaan", reportColumns)
	if err != nil {
		return err
	}
	for after := 0; ; {
		rows, err := pg.Many[struct {
			Line   int
			Sealed []byte
		}](ctx, m.db, sqlRemarkRows, id, after, readBatch)
		if err != nil {
			return errors.Join(err, w.Abort())
		}
		for _, row := range rows {
			r, err := m.openRow(id, row.Line, row.Sealed)
			if err != nil {
				return errors.Join(err, w.Abort())
			}
			for _, remark := range r.Remarks {
				effect := "Ditolak"
				if remark.Doubt {
					effect = "Perlu alasan"
				}
				if err := w.Row(row.Line, remark.Column, effect, remark.Message); err != nil {
					return errors.Join(err, w.Abort())
				}
			}
			after = row.Line
		}
		if len(rows) < readBatch {
			return w.Close()
		}
	}
}

// ImportTemplate writes an empty file for an import with two made-up people, in a
// format of package sheet.
func ImportTemplate(format string, out io.Writer) error {
	columns := make([]sheet.Column, len(ImportColumns))
	for i, c := range ImportColumns {
		columns[i] = sheet.Column{Title: c.Title, Width: max(16, float64(len(c.Title)+4))}
	}
	w, err := sheet.NewWriter(out, format, "Penduduk", columns)
	if err != nil {
		return err
	}
	for _, row := range []map[string]string{
		{ControlNIK: "7371131708850001", ControlName: "Muhammad Yusuf (contoh, hapus baris ini)", ControlRelation: "Kepala Keluarga", ControlSex: "L", ControlBirthDate: "17-08-1985", ControlJob: "Wiraswasta", ControlEducation: "SLTA"},
		{ControlNIK: "7371136103880002", ControlName: "Sitti Aminah (contoh, hapus baris ini)", ControlRelation: "Istri", ControlSex: "P", ControlBirthDate: "21-03-1988", ControlJob: "Mengurus Rumah Tangga", ControlEducation: "Strata I"},
	} {
		for name, v := range map[string]string{
			ControlKK: "7371131204100003", ControlBirthPlace: "Makassar", ControlReligion: "Islam", ControlMarital: "Kawin", ControlRW: "003", ControlRT: "002",
			ControlAddress: "Jl. Contoh No. 1", ControlCitizenship: "WNI", ControlPermanence: "Tetap",
		} {
			row[name] = v
		}
		cells := make([]any, len(ImportColumns))
		for i, c := range ImportColumns {
			cells[i] = row[c.Name]
		}
		if err := w.Row(cells...); err != nil {
			return errors.Join(err, w.Abort())
		}
	}
	return w.Close()
}

// RemarkSample lists the first remarks of an import for its page.
func (m *Module) RemarkSample(ctx context.Context, a authz.Actor, id int64, limit int) (_ []LineRemark, err error) {
	defer errs.In(&err, "epemerintahan.RemarkSample(%d)", id)
	if _, err := m.importOf(ctx, m.db, sqlImport, a, id); err != nil {
		return nil, err
	}
	rows, err := pg.Many[struct {
		Line   int
		Sealed []byte
	}](ctx, m.db, sqlRemarkRows, id, 0, limit)
	if err != nil {
		return nil, err
	}
	var out []LineRemark
	for _, row := range rows {
		r, err := m.openRow(id, row.Line, row.Sealed)
		if err != nil {
			return nil, err
		}
		for _, remark := range r.Remarks {
			if len(out) < limit {
				out = append(out, LineRemark{row.Line, remark})
			}
		}
	}
	return out, nil
}

// LineRemark is a remark with its line.
type LineRemark struct {
	Line int
	Remark
}

// CodeWords are the entries of the list that a column takes, as an import reads them.
func CodeWords(column string) []string {
	var words []string
	for _, c := range codeLists[column] {
		words = append(words, indo.Int(c.ID)+" "+c.Name)
	}
	return words
}
