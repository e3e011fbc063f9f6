package letter

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	draftLife = 30 * 24 * time.Hour
	// DefaultKeepDays is how long scans are kept after a letter came to its end, where its
	// kind does not say otherwise.
	DefaultKeepDays = 365
	// MinKeepDays is the least that a kind may say.
	MinKeepDays = 30
)

const sqlOldDrafts = `SELECT id FROM epemerintahan_letter WHERE status = 'draf' AND created_at <= $1 AND id > $2 ORDER BY id LIMIT $3`

// PurgeDrafts removes drafts that were begun 30 days ago.
func (m *Module) PurgeDrafts(ctx context.Context) (int, error) {
	return eachID(ctx, m.db, sqlOldDrafts, m.now().Add(-draftLife), func(id int64) (bool, error) {
		err := m.dropDraft(ctx, id)
		if k := errs.KindOf(err); err != nil && (k == errs.Conflict || k == errs.NotFound) {
			return false, nil
		}
		return err == nil, err
	})
}

// $1 is now. A kind says in days how long its scans are kept; those that were taken
// back go after a day. What is held stays.
const sqlOldScans = `
SELECT s.id FROM epemerintahan_letter_scan s
JOIN epemerintahan_letter l ON l.id = s.letter_id
JOIN epemerintahan_kind_version v ON v.id = l.kind_version_id
WHERE s.purged_at IS NULL AND s.id > $2 AND NOT ` + kept + ` AND (
	s.removed_at <= $1::timestamptz - interval '1 day' OR NOT l.open AND ` + scansGo + ` <= $1::timestamptz)
ORDER BY s.id LIMIT $3`

// Asked once more just before a file goes, when its letter or claim is locked: a hold may have come
// in between, and one that comes now waits. It is a statement of its own, for the one that waits for
// the lock does not see what was committed meanwhile.
const (
	sqlLockOfScan = `SELECT l.id FROM epemerintahan_letter_scan s JOIN epemerintahan_letter l ON l.id = s.letter_id WHERE s.id = $1 FOR UPDATE OF l`
	sqlScanKey    = `
SELECT s.blob_key FROM epemerintahan_letter_scan s JOIN epemerintahan_letter l ON l.id = s.letter_id WHERE s.id = $2 AND s.purged_at IS NULL AND NOT ` + kept
	sqlScanPurged = `UPDATE epemerintahan_letter_scan SET purged_at = $2, size = 0 WHERE id = $1`

	sqlLockClaimID = `SELECT id FROM epemerintahan_identity WHERE id = $1 FOR UPDATE`
	sqlKTPKey      = `SELECT i.scan_key FROM epemerintahan_identity i WHERE i.id = $2 AND i.scan_key <> '' AND NOT ` + photoKept
	sqlKTPPurged   = `UPDATE epemerintahan_identity SET scan_key = '' WHERE id = $1 AND asked_at <= $2`
)

// purge removes a file that is not held and then marks it removed, so that one which fails is
// tried again.
func (m *Module) purge(ctx context.Context, id int64, lock, key, mark string) (gone bool, err error) {
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if _, err := pg.Scalar[int64](ctx, tx, lock, id); err != nil {
			return err
		}
		blobKey, err := pg.Scalar[string](ctx, tx, key, m.now(), id)
		if err != nil && errs.KindOf(err) == errs.NotFound {
			return nil // it is held now
		}
		if err != nil {
			return err
		}
		if err := m.blobs.Delete(ctx, blobKey); err != nil {
			return err
		}
		gone = true
		return pg.Exec(ctx, tx, mark, id, m.now())
	})
	return gone && err == nil, err
}

// PurgeScans removes the files of scans that are kept no longer. The mark that there was
// one stays.
func (m *Module) PurgeScans(ctx context.Context) (int, error) {
	return eachID(ctx, m.db, sqlOldScans, m.now(), func(id int64) (bool, error) {
		return m.purge(ctx, id, sqlLockOfScan, sqlScanKey, sqlScanPurged)
	})
}

// purgePhoto removes the photo of a claim, unless it is held.
func (m *Module) purgePhoto(ctx context.Context, id int64) (bool, error) {
	return m.purge(ctx, id, sqlLockClaimID, sqlKTPKey, sqlKTPPurged)
}

// Photos of claims that were decided, or replaced.
const sqlOldKTP = `
SELECT i.id FROM epemerintahan_identity i
WHERE i.scan_key <> '' AND i.status <> 'menunggu' AND i.decided_at <= $1::timestamptz - interval '30 days' AND i.id > $2 AND NOT ` + photoKept + ` ORDER BY i.id LIMIT $3`

// PurgeKTP removes photos of KTP 30 days after they were looked at.
func (m *Module) PurgeKTP(ctx context.Context) (int, error) {
	return eachID(ctx, m.db, sqlOldKTP, m.now(), func(id int64) (bool, error) { return m.purgePhoto(ctx, id) })
}

const sqlClosedClaims = `
SELECT i.id FROM epemerintahan_identity i JOIN authn_account a ON a.id = i.account_id
WHERE i.status IN ('menunggu', 'sah') AND a.status = 'closed' AND i.asked_at <= $1 AND i.id > $2 ORDER BY i.id LIMIT $3`

const sqlEndClaim = `
UPDATE epemerintahan_identity SET status = 'dicabut', decided_at = $2, reason = 'Akun ditutup'
WHERE id = $1 AND status IN ('menunggu', 'sah') RETURNING id, kelurahan_id, scan_key <> '' AS has_photo`

// EndClosed ends the claims of accounts that were closed, so that the resident can be
// proved with another one.
func (m *Module) EndClosed(ctx context.Context) (int, error) {
	return eachID(ctx, m.db, sqlClosedClaims, m.now(), func(id int64) (bool, error) {
		var ended []endedClaim
		err := pg.InTx(ctx, m.db, func(tx pgx.Tx) (err error) {
			if ended, err = pg.Many[endedClaim](ctx, tx, sqlEndClaim, id, m.now()); err != nil || len(ended) == 0 {
				return err
			}
			return m.identityTrail(ctx, tx, authz.System("surat"), "end_closed", id, ended[0].KelurahanID, 0)
		})
		if err == nil {
			m.forgetPhotos(ctx, ended)
		}
		return err == nil && len(ended) > 0, err
	})
}
