package backup

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// lock is the advisory lock that a backup holds alone and a deletion of a file shares.
const lock = 7_201_908_330_417

// Hold returns store with a Delete that fails with errs.Unavailable while a backup of the
// database behind db runs. Jobs delete files, and try again.
func Hold(store blob.Store, db pg.Beginner) blob.Store { return held{store, db} }

type held struct {
	blob.Store
	db pg.Beginner
}

func (h held) Delete(ctx context.Context, key string) error {
	return pg.InTx(ctx, h.db, func(tx pgx.Tx) error {
		var free bool
		if err := tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock_shared($1)`, int64(lock)).Scan(&free); err != nil {
			return err
		}
		if !free {
			return errs.Wrap(errs.Unavailable, errors.New("a backup is running: no file is deleted until it ends"), "")
		}
		return h.Store.Delete(ctx, key)
	})
}
