package eoffice

import (
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	sqlWatch   = `INSERT INTO eoffice_watch (account_id, letter_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	sqlUnwatch = `DELETE FROM eoffice_watch WHERE account_id = $1 AND letter_id = $2`

	sqlIsWatched = `SELECT EXISTS (SELECT FROM eoffice_watch WHERE account_id = $1 AND letter_id = $2)`

	sqlWatchers = `SELECT account_id FROM eoffice_watch WHERE letter_id = $1 AND account_id <> $2 ORDER BY account_id`

	// Of what somebody follows they find what they may find by a search: $6 to $9 as there.
	isWatched = `EXISTS (SELECT FROM eoffice_watch w WHERE w.account_id = $3 AND w.letter_id = l.id)
	AND ($6::text[] IS NULL OR eoffice_access(l.id) && $6::text[])
	AND (l.secrecy IN ('B', 'T') OR $7::text[] IS NULL OR eoffice_access(l.id) && $7::text[] OR l.secrecy = 'R' AND EXISTS (
		SELECT FROM eoffice_reader r JOIN eoffice_seat q ON q.position_id = r.position_id
		WHERE r.letter_id = l.id AND q.person_id = $8 AND q.starts_at <= $9 AND (q.ends_at IS NULL OR q.ends_at > $9) AND r.at >= q.starts_at))`
	sqlWatched = letterRows + isWatched + letterOrder
)

// Watch follows a letter that the actor may see: they hear of every step of it for as long
// as they may. Twice is once.
func (m *Module) Watch(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "eoffice.Watch(%d)", id)
	if _, _, err := m.seen(ctx, m.db, a, id); err != nil {
		return err
	}
	return pg.Exec(ctx, m.db, sqlWatch, a.AccountID, id, m.now())
}

// Unwatch follows a letter no longer.
func (m *Module) Unwatch(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "eoffice.Unwatch(%d)", id)
	return pg.Exec(ctx, m.db, sqlUnwatch, a.AccountID, id)
}

// Watched tells whether the actor follows a letter.
func (m *Module) Watched(ctx context.Context, a authz.Actor, id int64) (_ bool, err error) {
	defer errs.In(&err, "eoffice.Watched(%d)", id)
	return pg.Scalar[bool](ctx, m.db, sqlIsWatched, a.AccountID, id)
}

// tellWatchers queues what those hear who follow a letter, of an event of it, of a recipient
// or of an order. Who may not see the letter now hears nothing, and of orders only whose
// office they came through.
func (m *Module) tellWatchers(ctx context.Context, tx pgx.Tx, letterID int64, object string, objectID int64, e Event, where string) error {
	switch {
	case e.Action == ActSign, object == onRecipient && (e.Action == ActDeliver || e.Action == ActPost):
		return nil // a part of a step that is told
	}
	watchers, err := pg.Scalars[int64](ctx, tx, sqlWatchers, letterID, e.ActorID)
	if err != nil || len(watchers) == 0 {
		return err
	}
	what := "Naskah yang Anda pantau: " + e.To.Label()
	switch object {
	case onRecipient:
		what += " di " + where
	case onDisposition:
		what = "Disposisi naskah yang Anda pantau: " + e.To.Label()
	}
	content, err := m.contentOf(ctx, tx, letterID)
	if err != nil {
		return err
	}
	for _, account := range watchers {
		a, err := authn.LoadActor(ctx, tx, account, e.At)
		if err != nil {
			if errs.KindOf(err) == errs.Unauthenticated {
				continue // the account is closed
			}
			return err
		}
		c, err := readCase(ctx, tx, letterID, a.PersonID, e.At)
		if err != nil {
			return err
		}
		mo := Moment{Now: e.At, Actor: a}
		if err := mo.occupy(ctx, tx, c.Secrecy); err != nil {
			return err
		}
		see := c.ViewOf(mo)
		if see == Nothing || see == Envelope && object == onDisposition {
			continue
		}
		if object == onDisposition {
			seen, err := seenOrders(ctx, tx, &c, mo)
			if err != nil {
				return err
			}
			if !seen.orders[objectID] {
				continue
			}
		}
		title, text := about(c.Secrecy, what, content.Subject)
		if err := m.message(ctx, tx, account, title, text, e.At, &c, eventKey(object, objectID, e.Seq)+":pantau"); err != nil {
			return err
		}
	}
	return nil
}
