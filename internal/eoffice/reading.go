package eoffice

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlMarkRead = `
INSERT INTO eoffice_reading (letter_id, account_id, version, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (letter_id, account_id) DO UPDATE SET version = $3, at = $4`

// markRead notes which content somebody has had open.
func markRead(ctx context.Context, q pg.Querier, a authz.Actor, c *Case, at time.Time) error {
	return pg.Exec(ctx, q, sqlMarkRead, c.ID, a.AccountID, c.Version, at)
}

const sqlReading = `SELECT version FROM eoffice_reading WHERE letter_id = $1 AND account_id = $2`

// wasRead refuses a letter that whoever agrees to it has not had open as it is now.
func wasRead(ctx context.Context, q pg.Querier, a authz.Actor, c *Case) error {
	version, err := pg.Scalar[int](ctx, q, sqlReading, c.ID, a.AccountID)
	switch {
	case err != nil && errs.KindOf(err) == errs.NotFound:
		return errs.New(errs.Conflict, "Buka dan baca dahulu naskah ini.")
	case err != nil:
		return err
	case version != c.Version:
		return changedSince(version, c.Version)
	}
	return nil
}

const sqlHaveRead = `SELECT letter_id FROM eoffice_reading r JOIN eoffice_letter l ON l.id = r.letter_id
WHERE r.account_id = $1 AND r.letter_id = ANY($2) AND r.version = l.version`

// HaveRead tells which letters of a list the actor has had open as they are now.
func (m *Module) HaveRead(ctx context.Context, a authz.Actor, rows []Row) (_ map[int64]bool, err error) {
	defer errs.In(&err, "eoffice.HaveRead")
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	read, err := pg.Scalars[int64](ctx, m.db, sqlHaveRead, a.AccountID, ids)
	out := map[int64]bool{}
	for _, id := range read {
		out[id] = true
	}
	return out, err
}
