package eoffice

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// MaxReportFiles is how many files one report brings at most.
const MaxReportFiles = 5

const (
	sqlReportFiles = fileColumns + ` WHERE letter_id = $1 AND purpose = 'laporan' AND removed_at IS NULL AND disposition_id = ANY ($2) ORDER BY id`

	sqlReplaceReport = `UPDATE eoffice_file SET removed_at = $2 WHERE disposition_id = $1 AND removed_at IS NULL`

	sqlAddReportFile = `
INSERT INTO eoffice_file (letter_id, purpose, disposition_id, name, blob_key, type, size, hash, uploaded_at, uploaded_by) VALUES ($1, 'laporan', $2, $3, $4, $5, $6, $7, $8, $9)`
)

// keepReport checks and stores the files of a report on an order whose letter the actor sees;
// what is refused is errs.Unprocessable at [ControlFile], and nothing of it stays.
func (m *Module) keepReport(ctx context.Context, a authz.Actor, orderID int64, uploads []Upload) (files []File, err error) {
	if len(uploads) == 0 {
		return nil, nil
	}
	o, err := pg.One[Order](ctx, m.db, sqlOrder, orderID)
	if err != nil {
		return nil, absent(err)
	}
	if _, _, err := m.seen(ctx, m.db, a, o.LetterID); err != nil {
		return nil, err
	}
	if len(uploads) > MaxReportFiles {
		return nil, errs.Invalid(errs.Field{Name: ControlFile, Message: fmt.Sprintf("Satu laporan paling banyak memuat %d berkas.", MaxReportFiles)})
	}
	for _, u := range uploads {
		f, err := m.keep(ctx, "laporan", u.Upload)
		if err != nil {
			m.dropAll(ctx, files)
			return nil, err
		}
		f.Name = shownName(u.Name, f.Ending())
		files = append(files, f)
	}
	return files, nil
}

func (m *Module) dropAll(ctx context.Context, files []File) {
	for _, f := range files {
		m.drop(ctx, f.BlobKey)
	}
}

// addReport writes down the files of a report on an order, in place of those of an earlier
// one: like its words and the letter that answers, they are what the report comes to now. Those
// before are kept for the record.
func (m *Module) addReport(ctx context.Context, tx pgx.Tx, a authz.Actor, o *orderAct, files []File) error {
	if err := pg.Exec(ctx, tx, sqlReplaceReport, o.ID, o.mo.Now); err != nil {
		return err
	}
	for i, f := range files {
		if o.letter.Secrecy == Secret && !keepsMark(f.Type) {
			return errs.Invalid(errs.Field{Name: ControlFile, Message: noMark})
		}
		if o.letter.Secrecy.Confidential() {
			f.Name = fmt.Sprintf("Laporan %d.%s", i+1, f.Ending())
		}
		if err := pg.Exec(ctx, tx, sqlAddReportFile, o.LetterID, o.ID, f.Name, f.BlobKey, f.Type, f.Size, f.Hash, o.mo.Now, a.AccountID); err != nil {
			return err
		}
	}
	return nil
}
