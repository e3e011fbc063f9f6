package mtr

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// A stray is a file that the sweeper deletes. Before a file is written its key becomes one,
// and whoever keeps the file takes the key back in the transaction that refers to it: a crash
// in between leaves nothing behind.

const sqlInsertStrays = `INSERT INTO mtr_stray (blob_key, delete_at) SELECT k, $2 FROM unnest($1::text[]) k ON CONFLICT DO NOTHING`

const sqlKeepStrays = `DELETE FROM mtr_stray WHERE blob_key = ANY ($1) AND delete_at > $2`

const sqlStrays = `SELECT blob_key FROM mtr_stray WHERE delete_at <= $1 AND blob_key > $2 ORDER BY blob_key LIMIT 200`

const sqlStrayGone = `DELETE FROM mtr_stray WHERE blob_key = $1`

const (
	// strayFor is how long a file may take from being written to being kept.
	strayFor = time.Hour
	// strayGrace is more than the clocks of two processes differ.
	strayGrace = 5 * time.Minute
)

func strays(ctx context.Context, q pg.Querier, deleteAt time.Time, keys ...string) error {
	return pg.Exec(ctx, q, sqlInsertStrays, keys, deleteAt)
}

// keep takes keys back; errs.Conflict when it took so long that they may be deleted by now.
func (m *Module) keep(ctx context.Context, tx pgx.Tx, keys ...string) error {
	tag, err := tx.Exec(ctx, sqlKeepStrays, keys, m.now())
	if err == nil && tag.RowsAffected() != int64(len(keys)) {
		return errs.New(errs.Conflict, "Berkas ini terlalu lama diproses. Coba sekali lagi.")
	}
	return pg.Classify(err)
}

// dropStrays deletes the files whose time is over; what fails is tried again the next time,
// and keeps no other back.
func (m *Module) dropStrays(ctx context.Context) error {
	var failed error
	for last, until := "", m.now().Add(-strayGrace); ; {
		keys, err := pg.Scalars[string](ctx, m.db, sqlStrays, until, last)
		if err != nil || len(keys) == 0 {
			return errors.Join(failed, err)
		}
		last = keys[len(keys)-1]
		for _, key := range keys {
			if err = m.blobs.Delete(ctx, key); err == nil {
				err = pg.Exec(ctx, m.db, sqlStrayGone, key)
			}
			failed = errors.Join(failed, err)
		}
	}
}
