package session

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

func hashToken(token string) []byte { return crypt.HashToken(token) }

type foundRow struct {
	ID        int64
	AccountID int64
	Data      []byte
	CreatedAt time.Time
	SeenAt    time.Time
	IdleUntil time.Time
	ExpiresAt time.Time
}

const sqlFind = `
SELECT id, coalesce(account_id, 0), data, created_at, seen_at, idle_until, expires_at
FROM authn_session WHERE token_hash = $1`

func find(ctx context.Context, q pg.Querier, tokenHash []byte) (r foundRow, ok bool, err error) {
	err = q.QueryRow(ctx, sqlFind, tokenHash).
		Scan(&r.ID, &r.AccountID, &r.Data, &r.CreatedAt, &r.SeenAt, &r.IdleUntil, &r.ExpiresAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return foundRow{}, false, nil
	}
	return r, err == nil, err
}

type newRow struct {
	TokenHash                               []byte
	AccountID                               int64
	Data                                    []byte
	Device                                  string
	CreatedAt, SeenAt, IdleUntil, ExpiresAt time.Time
}

const sqlInsert = `
INSERT INTO authn_session (token_hash, account_id, data, device, created_at, seen_at, idle_until, expires_at)
VALUES ($1, nullif($2::bigint, 0), $3, $4, $5, $6, $7, $8)
RETURNING id`

func insert(ctx context.Context, q pg.Querier, r newRow) (id int64, err error) {
	err = q.QueryRow(ctx, sqlInsert, r.TokenHash, r.AccountID, r.Data, r.Device,
		r.CreatedAt, r.SeenAt, r.IdleUntil, r.ExpiresAt).Scan(&id)
	return id, err
}

const sqlSave = `UPDATE authn_session SET data = $2 WHERE id = $1`

func save(ctx context.Context, q pg.Querier, id int64, data []byte) error {
	_, err := q.Exec(ctx, sqlSave, id, data)
	return err
}

// The interval between the two columns is the session's idle time; it is kept.
const sqlTouch = `
UPDATE authn_session SET seen_at = $2, idle_until = $2 + (idle_until - seen_at)
WHERE id = $1 AND seen_at < $2`

func touch(ctx context.Context, q pg.Querier, id int64, now time.Time) error {
	_, err := q.Exec(ctx, sqlTouch, id, now)
	return err
}

const sqlRemove = `DELETE FROM authn_session WHERE token_hash = $1`

func remove(ctx context.Context, q pg.Querier, tokenHash []byte) error {
	_, err := q.Exec(ctx, sqlRemove, tokenHash)
	return err
}

const sqlExists = `
SELECT EXISTS (SELECT FROM authn_session WHERE id = $1 AND idle_until > $2 AND expires_at > $2)`

func exists(ctx context.Context, q pg.Querier, id int64, now time.Time) (ok bool, err error) {
	err = q.QueryRow(ctx, sqlExists, id, now).Scan(&ok)
	return ok, err
}

// Info is what an owner sees of one of their sessions.
type Info struct {
	ID        int64
	Device    string
	CreatedAt time.Time
	SeenAt    time.Time
}

const sqlList = `
SELECT id, device, created_at, seen_at FROM authn_session
WHERE account_id = $1 AND idle_until > $2 AND expires_at > $2
ORDER BY seen_at DESC, id DESC LIMIT 100`

// List returns accountID's live sessions, the latest used first, at most 100.
func List(ctx context.Context, q pg.Querier, accountID int64, now time.Time) (_ []Info, err error) {
	defer errs.In(&err, "session.List(%d)", accountID)
	return pg.Many[Info](ctx, q, sqlList, accountID, now)
}

const sqlRevoke = `DELETE FROM authn_session WHERE account_id = $1 AND id = $2`

// Revoke ends one of accountID's sessions at once. Somebody else's, or one already
// gone, is errs.NotFound.
func Revoke(ctx context.Context, q pg.Querier, accountID, id int64) (err error) {
	defer errs.In(&err, "session.Revoke(%d, %d)", accountID, id)
	tag, err := q.Exec(ctx, sqlRevoke, accountID, id)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return errs.New(errs.NotFound, "Sesi itu sudah berakhir.")
	}
	return nil
}

const sqlEndOthers = `DELETE FROM authn_session WHERE account_id = $1 AND id <> $2`

// EndOthers ends every session of accountID but keep (0: every one) when the caller's
// transaction commits.
func EndOthers(ctx context.Context, q pg.Querier, accountID, keep int64) (err error) {
	defer errs.In(&err, "session.EndOthers(%d)", accountID)
	_, err = q.Exec(ctx, sqlEndOthers, accountID, keep)
	return err
}

const sqlPurge = `DELETE FROM authn_session WHERE idle_until < $1 OR expires_at < $1`

// Purge deletes sessions that ended more than a day ago. Until then an expired one
// tells whose form it was that came too late.
func Purge(ctx context.Context, q pg.Querier, now time.Time) (err error) {
	defer errs.In(&err, "session.Purge")
	_, err = q.Exec(ctx, sqlPurge, now.Add(-24*time.Hour))
	return err
}
