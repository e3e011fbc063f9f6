package eoffice

import (
	"bytes"
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

type wordsArgs struct {
	FileID int64 `json:"berkas"`
}

func (wordsArgs) Kind() string { return "eoffice_words" }

// wordsWorker reads what files say, so that their letters are found by it.
func (m *Module) wordsWorker() river.Worker[wordsArgs] {
	return slowWorker[wordsArgs]{work: func(ctx context.Context, a wordsArgs) error { return m.ReadWords(ctx, a.FileID) }}
}

const (
	sqlSaveWords = `
UPDATE eoffice_file f SET words = $2 FROM eoffice_letter l WHERE f.id = $1 AND l.id = f.letter_id AND l.secrecy IN ('B', 'T') AND f.removed_at IS NULL`

	sqlIndexed = `SELECT EXISTS (SELECT FROM eoffice_search WHERE letter_id = $1)`
)

// ReadWords reads what a file says and, where its letter is found already, has it found by
// that too. Of confidential letters nothing is read.
func (m *Module) ReadWords(ctx context.Context, fileID int64) (err error) {
	defer errs.In(&err, "eoffice.ReadWords(%d)", fileID)
	f, err := pg.One[File](ctx, m.db, sqlFile, fileID)
	if err != nil {
		return absentIsDone(err)
	}
	c, err := readCase(ctx, m.db, f.LetterID, 0, m.now())
	if err != nil || c.Secrecy.Confidential() || f.RemovedAt != nil {
		return err
	}
	b, err := m.readAll(ctx, f.BlobKey)
	if err != nil {
		return absentIsDone(err)
	}
	words, err := media.Words(ctx, f.Type, bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return err
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		c, err := lockCase(ctx, tx, f.LetterID, 0, m.now())
		if err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, sqlSaveWords, fileID, cut(tidyWords(words), mostWords)); err != nil {
			return err
		}
		indexed, err := pg.Scalar[bool](ctx, tx, sqlIndexed, c.ID)
		if err != nil || !indexed {
			return err
		}
		return m.index(ctx, tx, &c)
	})
}

// absentIsDone: what was removed meanwhile has no words.
func absentIsDone(err error) error {
	if errs.KindOf(err) == errs.NotFound {
		return nil
	}
	return err
}
