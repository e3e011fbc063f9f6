package notify

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlLock = `
SELECT m.id, m.topic, m.channel, m.status, m.last_error, m.expires_at,
    coalesce(m.email, '') AS email, m.email_sealed, m.phone_sealed, coalesce(m.account_id, 0) AS account_id,
    coalesce(a.status = 'active', false) AS account_active,
    coalesce(CASE WHEN a.email_verified_at IS NOT NULL THEN a.email END, '') AS account_email,
    CASE WHEN a.phone_verified_at IS NOT NULL THEN a.phone_sealed END AS account_phone,
    EXISTS (SELECT FROM notify_preference p WHERE p.account_id = m.account_id AND p.topic = m.topic
        AND p.channel = 'email' AND NOT p.enabled) AS no_email,
    EXISTS (SELECT FROM notify_preference p WHERE p.account_id = m.account_id AND p.topic = m.topic
        AND p.channel = 'phone' AND NOT p.enabled) AS no_phone,
    d.address_sealed AS device, coalesce(m.device_id, 0) AS device_id,
    m.subject, m.body, m.body_sealed, m.link_label, m.link_url, m.object, m.object_id, m.created_at
FROM notify_message m LEFT JOIN authn_account a ON a.id = m.account_id LEFT JOIN notify_device d ON d.id = m.device_id
WHERE m.id = $1 FOR UPDATE OF m`

func lock(ctx context.Context, q pg.Querier, id int64) (stored, error) {
	return pg.One[stored](ctx, q, sqlLock, id)
}

const sqlBegin = `
UPDATE notify_message SET status = 'sending', attempts = attempts + 1, recipient_hash = $2,
    unsubscribe_hash = $3, last_error = $4, sending_since = $5
WHERE id = $1`

func begin(ctx context.Context, q pg.Querier, id int64, recipient, unsubscribe []byte, lastError string, now time.Time) error {
	return pg.Exec(ctx, q, sqlBegin, id, recipient, unsubscribe, lastError, now)
}

const sqlRequeue = `UPDATE notify_message SET status = 'queued', last_error = left($2, 500) WHERE id = $1 AND status = 'sending'`

func requeue(ctx context.Context, q pg.Querier, id int64, reason string) error {
	return pg.Exec(ctx, q, sqlRequeue, id, reason)
}

const sqlFinish = `
UPDATE notify_message SET status = $2, last_error = left($3, 500), finished_at = $4, body_sealed = NULL
WHERE id = $1 AND status IN ('queued', 'sending')`

func finish(ctx context.Context, q pg.Querier, id int64, status, reason string, now time.Time) error {
	return pg.Exec(ctx, q, sqlFinish, id, status, reason, now)
}

const sqlIsStopped = `
SELECT EXISTS (SELECT FROM notify_unsubscribe WHERE recipient_hash = $1 AND topic = $2
    AND (object_id = 0 OR (object = $3 AND object_id = $4)))`

func isStopped(ctx context.Context, q pg.Querier, recipient []byte, topic, object string, objectID int64) (bool, error) {
	return pg.Scalar[bool](ctx, q, sqlIsStopped, recipient, topic, object, objectID)
}

// An e-mail address or number stays only where it is the message's sole recipient:
// the row's check wants one. Its text goes either way.
const sqlForget = `
UPDATE notify_message SET body = '', link_url = '',
    email = CASE WHEN account_id IS NULL AND num_nonnulls(email, email_sealed) > 0 THEN '-' END, email_sealed = NULL,
    phone_sealed = CASE WHEN account_id IS NULL AND num_nonnulls(email, email_sealed) = 0 THEN phone_sealed END
WHERE finished_at < $1 AND (body <> '' OR link_url <> '' OR email <> '-' OR email_sealed IS NOT NULL)`

const sqlPurge = `DELETE FROM notify_message WHERE finished_at < $1`

const sqlPurgeInbox = `DELETE FROM notify_inbox WHERE read_at < $1`

const sqlDrop = `
UPDATE notify_message SET status = 'expired', finished_at = $1, body_sealed = NULL
WHERE status = 'queued' AND created_at < $1`

// Drop gives up every message queued before a moment and returns how many there were:
// news of a story that happened before anybody listened.
func Drop(ctx context.Context, q pg.Querier, before time.Time) (n int64, err error) {
	defer errs.In(&err, "notify.Drop")
	tag, err := q.Exec(ctx, sqlDrop, before)
	return tag.RowsAffected(), pg.Classify(err)
}
