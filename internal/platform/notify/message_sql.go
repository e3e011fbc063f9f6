package notify

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlInsert = `
INSERT INTO notify_message (dedup_key, topic, channel, account_id, email_sealed, phone_sealed, object, object_id,
    subject, body, body_sealed, link_label, link_url, created_at, expires_at, device_id)
VALUES (nullif($1, ''), $2, $3, nullif($4::bigint, 0), $5, $6, $7, $8,
    $9, $10, $11, $12, $13, coalesce($14, now()), $15, nullif($16::bigint, 0))
ON CONFLICT ON CONSTRAINT notify_message_dedup_key DO NOTHING
RETURNING id`

// insert returns 0 when the key was known.
func insert(ctx context.Context, tx pgx.Tx, m Message) (id int64, err error) {
	text := m.Text
	if m.Secret != nil {
		text = ""
	}
	err = tx.QueryRow(ctx, sqlInsert, m.Key, m.Topic, m.Channel, m.AccountID, m.Email, m.Phone, m.Object, m.ObjectID,
		m.Subject, text, m.Secret, m.Link.Label, m.Link.URL, orNull(m.At), orNull(m.Expires), m.DeviceID).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	return id, pg.Classify(err)
}

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

const sqlDeliverInbox = `
INSERT INTO notify_inbox (account_id, topic, title, body, link, created_at)
SELECT $1, $2, $3, $4, $5, coalesce($6, now())
WHERE NOT EXISTS (SELECT FROM notify_preference
    WHERE account_id = $1 AND topic = $2 AND channel = 'inbox' AND NOT enabled)`

func deliverInbox(ctx context.Context, tx pgx.Tx, m Message) error {
	return pg.Exec(ctx, tx, sqlDeliverInbox, m.AccountID, m.Topic, m.Subject, m.Text, m.Link.URL, orNull(m.At))
}

const sqlInbox = `
SELECT id, topic, title, body, link, created_at, read_at FROM notify_inbox
WHERE account_id = $1 AND ($2::bigint = 0 OR id < $2) ORDER BY id DESC LIMIT $3`

const sqlUnread = `
SELECT count(*)::int FROM (
    SELECT FROM notify_inbox WHERE account_id = $1 AND read_at IS NULL LIMIT 99) unread`

const sqlMarkRead = `
UPDATE notify_inbox SET read_at = $3 WHERE account_id = $1 AND id <= $2 AND read_at IS NULL`
