package mtr

import (
	"context"
	"errors"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// How long leftovers stay. Whoever still works on something that just ended must be
// done by then: no request takes an hour.
const (
	sweepGrace  = time.Hour
	pendingLife = 24 * time.Hour // uploaded, never sent
)

const sqlOldDrafts = `SELECT id FROM mtr_draft WHERE expires_at <= $1 AND id > $2 ORDER BY id LIMIT $3`

// Uploads that broke off, and photos of reports that were never sent. Those of drafts
// go with the draft.
const sqlOldPhotos = `
SELECT id FROM mtr_photo WHERE event_seq IS NULL AND created_at <= $1 AND id > $2 AND (NOT stored OR report_id IS NOT NULL)
ORDER BY id LIMIT $3`

const sqlPhotoRef = `SELECT ref FROM mtr_photo WHERE id = $1`

const sqlOldDocuments = `
SELECT id FROM mtr_document WHERE event_seq IS NULL AND created_at <= $1 AND id > $2 ORDER BY id LIMIT $3`

const sqlDocumentRef = `SELECT ref FROM mtr_document WHERE id = $1`

const sqlPurgeKeys = `DELETE FROM mtr_key WHERE expires_at <= $1`

const sqlPurgeGuesses = `DELETE FROM mtr_guess WHERE window_start <= $1`

const sqlPurgeCodeDays = `DELETE FROM mtr_code_day WHERE day < $1::date`

// Sweep removes what nobody needs any more: drafts that ran out, uploads never sent,
// keys that ran out, addresses nobody confirmed, old counters. What fails is tried again the next time.
func (m *Module) Sweep(ctx context.Context) (err error) {
	defer errs.In(&err, "mtr.Sweep")
	now := m.now()
	_, err = eachID(ctx, m.db, sqlOldDrafts, now.Add(-sweepGrace), func(id int64) (bool, error) { return true, m.dropDraft(ctx, id) })
	failed := []error{err}
	byRef := func(sql string, drop func(context.Context, string) error) func(int64) (bool, error) {
		return func(id int64) (bool, error) {
			ref, err := pg.Scalar[string](ctx, m.db, sql, id)
			if errs.KindOf(err) == errs.NotFound {
				return false, nil
			}
			if err != nil {
				return false, err
			}
			return true, drop(ctx, ref)
		}
	}
	_, err = eachID(ctx, m.db, sqlOldPhotos, now.Add(-pendingLife), byRef(sqlPhotoRef, m.dropPhoto))
	failed = append(failed, err)
	_, err = eachID(ctx, m.db, sqlOldDocuments, now.Add(-pendingLife), byRef(sqlDocumentRef, m.dropDocument))
	failed = append(failed, err, m.dropStrays(ctx), m.forgetIdleDevices(ctx),
		pg.Exec(ctx, m.db, sqlForgetDevices, now.Add(-deviceLife)),
		pg.Exec(ctx, m.db, sqlPurgeBlocks, now.Add(-blockLife)),
		pg.Exec(ctx, m.db, sqlPurgeKeys, now),
		pg.Exec(ctx, m.db, sqlPurgeReplays, now.Add(-ReplayLife)),
		pg.Exec(ctx, m.db, sqlPurgeFollows, now.Add(-confirmFollow)),
		pg.Exec(ctx, m.db, sqlPurgeSupports, now.Add(-supportLife)),
		pg.Exec(ctx, m.db, sqlDropCalls, int64(0)),
		pg.Exec(ctx, m.db, sqlPurgeGuesses, now.Add(-guessWindow)),
		pg.Exec(ctx, m.db, sqlPurgeCodeDays, now.In(clock.Makassar).Format(time.DateOnly)))
	return errors.Join(failed...)
}
