package mtr

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// forgetBatch is how many reports one transaction changes.
const forgetBatch = 100

const forgetTime = 15 * time.Minute

type forgetArgs struct{}

func (forgetArgs) Kind() string { return "mtr_forget" }

type forgetWorker struct {
	river.WorkerDefaults[forgetArgs]
	m *Module
}

func (w forgetWorker) Timeout(*river.Job[forgetArgs]) time.Duration { return forgetTime }

func (w forgetWorker) Work(ctx context.Context, _ *river.Job[forgetArgs]) error {
	_, err := w.m.ForgetReporters(ctx)
	return err
}

const sqlLockToForget = `
SELECT r.id FROM mtr_report r WHERE ` + toForget + ` ORDER BY r.closed_at, r.id LIMIT $5 FOR UPDATE OF r SKIP LOCKED`

// Read again with the rows locked: a hold may have come in between, now none can.
const sqlToForget = `
SELECT r.id, r.number, COALESCE(r.account_id, 0) AS account_id, ` + visibilityOf + ` AS visibility
FROM mtr_report r WHERE r.id = ANY ($5) AND ` + toForget + ` ORDER BY r.id`

// forgetting is a report whose reporter is forgotten.
type forgetting struct {
	ID         int64
	Number     string
	AccountID  int64
	Visibility Visibility
}

// Photos that were never public go: what an anonymous or rahasia reporter took, what was sent
// later on, what a moderator hid, and with a rahasia report everything.
const sqlForgetPhotos = `
DELETE FROM mtr_photo p USING mtr_report r
WHERE r.id = ANY ($1) AND p.report_id = r.id
	AND (r.confidential OR p.kind = 'tambahan' OR p.hidden_at IS NOT NULL OR r.anonymous AND p.kind = 'sebelum')
RETURNING p.ref`

const sqlForgetDocuments = `
DELETE FROM mtr_document d USING mtr_report r WHERE r.id = ANY ($1) AND d.report_id = r.id AND r.confidential RETURNING d.ref`

const sqlForgetOriginals = `
WITH gone AS (DELETE FROM mtr_redaction WHERE report_id = ANY ($1) RETURNING blob_key) SELECT blob_key FROM gone WHERE blob_key <> ''`

// What is left is public; where and when exactly it was taken never was.
const sqlForgetCapture = `
UPDATE mtr_photo SET gps_lat = NULL, gps_lng = NULL, taken_at = NULL, dhash = 0 WHERE report_id = ANY ($1) AND kind = 'sebelum'`

const sqlForgetMessages = `DELETE FROM mtr_message WHERE report_id = ANY ($1)`

const sqlForgetLinks = `UPDATE mtr_contact SET link_sealed = NULL WHERE report_id = ANY ($1)`

const sqlForgetKeys = `DELETE FROM mtr_key WHERE report_id = ANY ($1)`

const sqlForgetReplays = `DELETE FROM mtr_replay WHERE report_id = ANY ($1)`

const sqlForgetDrafts = `UPDATE mtr_draft SET account_id = NULL WHERE report_id = ANY ($1)`

const sqlForgetOrigins = `UPDATE mtr_origin SET media_url = '', token_hash = NULL, neighbourhood = '' WHERE report_id = ANY ($1)`

const sqlForgetSupporters = `
UPDATE mtr_support SET contact_hash = sha256(uuid_send(gen_random_uuid())), account_id = NULL, email_sealed = NULL, phone_sealed = NULL, taken_by = NULL,
	token_hash = NULL, token_sealed = NULL
WHERE report_id = ANY ($1)`

const sqlForgetFollowers = `DELETE FROM mtr_follow WHERE subject = 'laporan' AND subject_id = ANY ($1)`

// The place of anonim and rahasia reports is what it was on the public map, so that no
// figure moves; that of open ones is public as it is.
const sqlForgetReports = `
UPDATE mtr_report r SET forgotten_at = $2, account_id = NULL, code_hash = sha256(uuid_send(gen_random_uuid())), code_sealed = '',
	lat = CASE WHEN r.anonymous OR r.confidential THEN r.public_lat ELSE r.lat END,
	lng = CASE WHEN r.anonymous OR r.confidential THEN r.public_lng ELSE r.lng END,
	landmark = CASE WHEN r.anonymous OR r.confidential THEN '' ELSE r.landmark END,
	title = CASE WHEN r.confidential THEN 'Laporan rahasia' ELSE r.title END,
	body = CASE WHEN r.confidential THEN 'Isi laporan ini sudah dihapus karena masa simpannya lewat.' ELSE r.body END,
	extra = CASE WHEN r.confidential THEN '{}' ELSE r.extra END, words_hash = ''
WHERE r.id = ANY ($1) AND r.forgotten_at IS NULL`

const sqlForgetActors = `
UPDATE mtr_event SET actor_id = NULL, unit_id = NULL, position_id = NULL
WHERE report_id = ANY ($1) AND role = 'pelapor' AND num_nonnulls(actor_id, unit_id, position_id) > 0`

const sqlForgetReasons = `
UPDATE mtr_event e SET reason = '' FROM mtr_report r
WHERE r.id = ANY ($1) AND e.report_id = r.id AND r.confidential AND e.reason <> ''`

// ForgetReporters carries out the retention rule: of what is closed for longer, who reported
// goes for good, and with it whatever was never public. What the figures count stays. It
// works in batches and may be stopped at any time, run again or twice at once; it returns how
// many reports it changed.
func (m *Module) ForgetReporters(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "mtr.ForgetReporters")
	rule, err := pg.One[RetentionRule](ctx, m.db, sqlRetentionRule)
	if errs.KindOf(err) == errs.NotFound {
		return 0, nil
	}
	if err != nil || m.now().Before(rule.SetAt.Add(retentionGrace)) {
		return 0, err
	}
	defer m.changed()
	for {
		seen, did, err := m.forgetSome(ctx, rule)
		if n += did; err != nil || seen == 0 {
			return n, err
		}
	}
}

// forgetSome does one batch; seen counts those that somebody put under hold meanwhile too.
func (m *Module) forgetSome(ctx context.Context, rule RetentionRule) (seen, did int, err error) {
	now := m.now()
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		locked, err := pg.Scalars[int64](ctx, tx, sqlLockToForget, now, rule.Open, rule.Anonymous, rule.Confidential, forgetBatch)
		if seen = len(locked); err != nil || seen == 0 {
			return err
		}
		due, err := pg.Many[forgetting](ctx, tx, sqlToForget, now, rule.Open, rule.Anonymous, rule.Confidential, locked)
		if did = len(due); err != nil || did == 0 {
			return err
		}
		return m.forget(ctx, tx, rule, due, now)
	})
	return seen, did, err
}

func (m *Module) forget(ctx context.Context, tx pgx.Tx, rule RetentionRule, due []forgetting, now time.Time) error {
	counts := map[Visibility]int{}
	var ids, accounts []int64
	var pages []string
	for _, r := range due {
		counts[r.Visibility]++
		ids = append(ids, r.ID)
		if r.AccountID != 0 {
			accounts, pages = append(accounts, r.AccountID), append(pages, "/mtr/laporan-saya/"+r.Number)
		}
	}
	files, err := pg.Scalars[string](ctx, tx, sqlForgetOriginals, ids)
	if err != nil {
		return err
	}
	photos, err := pg.Scalars[string](ctx, tx, sqlForgetPhotos, ids)
	if err != nil {
		return err
	}
	documents, err := pg.Scalars[string](ctx, tx, sqlForgetDocuments, ids)
	if err != nil {
		return err
	}
	for _, ref := range photos {
		files = append(files, photoKeys(ref)...)
	}
	for _, ref := range documents {
		files = append(files, documentKey(ref))
	}
	if err := strays(ctx, tx, now.Add(-strayGrace), files...); err != nil {
		return err
	}
	if err := pg.Changed(tx.Exec(ctx, sqlForgetReports, ids, now)); err != nil {
		return err
	}
	for _, sql := range []string{
		sqlForgetCapture, sqlForgetMessages, sqlEraseContacts, sqlForgetLinks, sqlForgetKeys, sqlForgetReplays, sqlForgetDrafts, sqlForgetOrigins,
		sqlForgetSupporters, sqlForgetFollowers, sqlForgetActors, sqlForgetReasons,
	} {
		if err := pg.Exec(ctx, tx, sql, ids); err != nil {
			return err
		}
	}
	if err := notify.ForgetAbout(ctx, tx, accounts, object, ids, pages); err != nil {
		return err
	}
	return audit.Write(ctx, tx, authz.System("retensi"), now, audit.Entry{Action: "mtr.retention.forget", Object: "mtr_retention", ObjectID: rule.ID,
		Detail: map[string]any{"umum": counts[VisibleOpen], "anonim": counts[VisibleAnonymous], "rahasia": counts[VisibleConfidential]}})
}
