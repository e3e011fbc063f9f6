package notify

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Preference says whether an account wants a topic on one channel: "email", "phone"
// or "inbox".
type Preference struct {
	Topic   string
	Channel string
	Enabled bool
}

const sqlPreferences = `SELECT topic, channel, enabled FROM notify_preference WHERE account_id = $1`

// Preferences returns what accountID has chosen; what is not among them is on.
func Preferences(ctx context.Context, q pg.Querier, accountID int64) (_ []Preference, err error) {
	defer errs.In(&err, "notify.Preferences(%d)", accountID)
	return pg.Many[Preference](ctx, q, sqlPreferences, accountID)
}

const sqlSetPreference = `
INSERT INTO notify_preference (account_id, topic, channel, enabled, updated_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT ON CONSTRAINT notify_preference_pkey
DO UPDATE SET enabled = excluded.enabled, updated_at = excluded.updated_at`

// SetPreference stores one choice of accountID. A required topic cannot be switched
// off; an unknown one is errs.BadRequest.
func SetPreference(ctx context.Context, q pg.Querier, accountID int64, p Preference, at time.Time) (err error) {
	defer errs.In(&err, "notify.SetPreference(%d)", accountID)
	t, ok := topicOf(p.Topic)
	if !ok || t.Required && !p.Enabled {
		return errs.New(errs.BadRequest, "")
	}
	return pg.Exec(ctx, q, sqlSetPreference, accountID, p.Topic, p.Channel, p.Enabled, at)
}

// Subscription is what the link at the end of a message is about.
type Subscription struct {
	MessageID     int64
	Topic         string
	TopicName     string
	Subject       string
	Object        string
	ObjectID      int64
	AccountID     int64
	Stopped       bool // nothing more comes about this object or topic
	RecipientHash []byte
}

const sqlSubscription = `
SELECT m.id AS message_id, m.topic, '' AS topic_name, m.subject, m.object, m.object_id,
    coalesce(m.account_id, 0) AS account_id, m.recipient_hash,
    EXISTS (SELECT FROM notify_unsubscribe u
        WHERE u.recipient_hash = m.recipient_hash AND u.topic = m.topic
          AND (u.object_id = 0 OR (u.object = m.object AND u.object_id = m.object_id))) AS stopped
FROM notify_message m WHERE m.unsubscribe_hash = $1`

const sqlStop = `
INSERT INTO notify_unsubscribe (recipient_hash, topic, object, object_id, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT ON CONSTRAINT notify_unsubscribe_pkey DO NOTHING`

const sqlResume = `
DELETE FROM notify_unsubscribe WHERE recipient_hash = $1 AND topic = $2
  AND (object_id = 0 OR (object = $3 AND object_id = $4))`

// FindSubscription returns what token, from a message's link, is about. An unknown
// token is errs.NotFound.
func FindSubscription(ctx context.Context, q pg.Querier, token string) (_ Subscription, err error) {
	defer errs.In(&err, "notify.FindSubscription")
	s, err := pg.One[Subscription](ctx, q, sqlSubscription, hashToken(token))
	if err != nil {
		return Subscription{}, err
	}
	if t, ok := topicOf(s.Topic); ok {
		s.TopicName = t.Name
	}
	return s, nil
}

// Stop ends messages of s: all of its topic, or with onlyObject those about its object.
// Doing it again changes nothing.
func Stop(ctx context.Context, q pg.Querier, s Subscription, onlyObject bool, at time.Time) (err error) {
	defer errs.In(&err, "notify.Stop(%d)", s.MessageID)
	object, id := "", int64(0)
	if onlyObject && s.ObjectID != 0 {
		object, id = s.Object, s.ObjectID
	}
	return pg.Exec(ctx, q, sqlStop, s.RecipientHash, s.Topic, object, id, at)
}

// Resume undoes Stop, for whoever clicked by mistake.
func Resume(ctx context.Context, q pg.Querier, s Subscription) (err error) {
	defer errs.In(&err, "notify.Resume(%d)", s.MessageID)
	return pg.Exec(ctx, q, sqlResume, s.RecipientHash, s.Topic, s.Object, s.ObjectID)
}

const sqlRejoin = `DELETE FROM notify_unsubscribe WHERE recipient_hash = $1 AND topic = $2 AND object_id = 0`

// Rejoin undoes an earlier Stop of all of a topic, for an account (or an e-mail address
// without one) that asks for news of it again, and reports whether there was one.
func Rejoin(ctx context.Context, q pg.Querier, box *crypt.Box, accountID int64, email, topic string) (stopped bool, err error) {
	defer errs.In(&err, "notify.Rejoin(%s)", topic)
	hash := hashEmail(box, email)
	if accountID != 0 {
		hash = hashAccount(box, accountID)
	}
	return rejoin(ctx, q, hash, topic)
}

func rejoin(ctx context.Context, q pg.Querier, hash []byte, topic string) (stopped bool, err error) {
	tag, err := q.Exec(ctx, sqlRejoin, hash, topic)
	return tag.RowsAffected() > 0, pg.Classify(err)
}

const sqlForgetAccount = `
WITH gone AS (DELETE FROM notify_preference WHERE account_id = $1), devices AS (DELETE FROM notify_device WHERE account_id = $1)
DELETE FROM notify_inbox WHERE account_id = $1`

// Forget deletes what accountID kept here, inbox, choices and devices, for a closed account.
func Forget(ctx context.Context, q pg.Querier, accountID int64) (err error) {
	defer errs.In(&err, "notify.Forget(%d)", accountID)
	return pg.Exec(ctx, q, sqlForgetAccount, accountID)
}

const (
	sqlForgetMessages = `
DELETE FROM notify_message WHERE account_id = ANY($1) AND object = $2 AND object_id = ANY($3) AND finished_at IS NOT NULL`
	sqlForgetEntries = `DELETE FROM notify_inbox WHERE account_id = ANY($1) AND link = ANY($2)`
	sqlForgetStops   = `DELETE FROM notify_unsubscribe WHERE object = $1 AND object_id = ANY($2)`
)

// ForgetAbout deletes what still tells which accounts were told of some objects: messages
// that are done with, entries of their inboxes that lead to pages, and who said stop.
func ForgetAbout(ctx context.Context, tx pgx.Tx, accounts []int64, object string, ids []int64, pages []string) (err error) {
	defer errs.In(&err, "notify.ForgetAbout(%s)", object)
	if err := pg.Exec(ctx, tx, sqlForgetMessages, accounts, object, ids); err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlForgetEntries, accounts, pages); err != nil {
		return err
	}
	return pg.Exec(ctx, tx, sqlForgetStops, object, ids)
}
