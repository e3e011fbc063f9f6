package notify

import (
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlRewordMessages = `
UPDATE notify_message SET subject = $4, body = CASE WHEN body = '' THEN '' ELSE $5 END
WHERE account_id = ANY($1) AND object = $2 AND object_id = $3`

const sqlRewordInbox = `UPDATE notify_inbox SET title = $3, body = $4 WHERE account_id = ANY($1) AND link = $2`

// Reword replaces what messages to some accounts say of an object, those that went out and
// those that wait, and the entries of their inboxes that lead to its page: it became secret.
func Reword(ctx context.Context, tx pgx.Tx, accounts []int64, object string, objectID int64, link, subject, text string) (err error) {
	defer errs.In(&err, "notify.Reword(%s %d)", object, objectID)
	if err := pg.Exec(ctx, tx, sqlRewordMessages, accounts, object, objectID, subject, text); err != nil {
		return err
	}
	return pg.Exec(ctx, tx, sqlRewordInbox, accounts, link, subject, text)
}

const (
	sqlReplaceQueued = `UPDATE notify_message SET body = replace(body, $1, $2) WHERE status IN ('queued', 'sending') AND strpos(body, $1) > 0`
	sqlReplaceInbox  = `UPDATE notify_inbox SET body = replace(body, $1, $2) WHERE strpos(body, $1) > 0`
)

// Replace puts words in the place of others in all messages that wait and in all inboxes:
// what was said may not be read any more. What went out is out.
func Replace(ctx context.Context, tx pgx.Tx, words, by string) (err error) {
	defer errs.In(&err, "notify.Replace")
	if err := pg.Exec(ctx, tx, sqlReplaceQueued, words, by); err != nil {
		return err
	}
	return pg.Exec(ctx, tx, sqlReplaceInbox, words, by)
}
