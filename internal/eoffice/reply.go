package eoffice

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/eoffice/kind"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// MayReply tells whether the letter came to one of the reader's desks, by itself or by an
// order, so that they may answer it.
func (d Detail) MayReply() bool {
	return d.finished() && d.Status != Revoked && d.Status != Destroyed &&
		(slices.ContainsFunc(d.Recipients, func(r Recipient) bool { return r.SentAt != nil && d.Moment.sits(r.PositionID) }) ||
			slices.ContainsFunc(d.Orders, func(o OrderView) bool { return d.Moment.sits(o.ToID) }))
}

const replies = "Balasan: "

// Reply starts a draft that answers a letter which the actor may open: to who signed it, in
// its secrecy, about the same. The same key again gives the same draft as it is.
func (m *Module) Reply(ctx context.Context, a authz.Actor, otherID int64, kindCode string, positionID int64, key string) (id int64, err error) {
	defer errs.In(&err, "eoffice.Reply(%d)", otherID)
	k, ok := kind.ByCode(kindCode)
	if !ok {
		return 0, errs.Invalid(errs.Field{Name: ControlKind, Message: "Pilih jenis naskah."})
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		other, mo, err := m.seen(ctx, tx, a, otherID)
		if err != nil {
			return err
		}
		if !other.opens(mo) {
			return errNoLetter
		}
		if id, err = m.begin(ctx, tx, a, k, positionID, key); err != nil {
			return err
		}
		c, mo, err := m.drafting(ctx, tx, a, id)
		if err != nil || c.Saved > 0 {
			return err
		}
		if err := m.refer(ctx, tx, &c, mo, otherID, TieReply); err != nil {
			return err
		}
		d, err := m.draftOf(ctx, tx, id)
		if err != nil {
			return err
		}
		d.Secrecy = other.Secrecy
		if d.Subject, err = m.replySubject(ctx, tx, otherID); err != nil {
			return err
		}
		if d.To, err = m.replyTo(ctx, tx, &other, k, positionID); err != nil {
			return err
		}
		_, err = m.saveDraft(ctx, tx, a, id, 0, d)
		return err
	})
	return id, err
}

func (m *Module) replySubject(ctx context.Context, q pg.Querier, otherID int64) (string, error) {
	content, err := m.contentOf(ctx, q, otherID)
	if err != nil || content.Subject == "" {
		return "", err
	}
	return cut(replies+strings.TrimPrefix(content.Subject, replies), maxSubject), nil
}

// replyTo is who signed a letter, or in whose name; from outside, who wrote it.
func (m *Module) replyTo(ctx context.Context, q pg.Querier, other *Case, k kind.Kind, from int64) ([]Addressee, error) {
	if !k.Addressed {
		return nil, nil
	}
	if other.Incoming() {
		sender, err := pg.Scalar[string](ctx, q, sqlSender, other.ID)
		if err != nil || !k.Outside || sender == "" {
			return nil, err
		}
		return []Addressee{{Name: sender}}, nil
	}
	for _, l := range slices.Backward(other.Chain) {
		to := l.PositionID
		if l.ForID != 0 {
			to = l.ForID
		}
		if l.Duty == Sign && to != from {
			return []Addressee{{PositionID: to}}, nil
		}
	}
	return nil, nil
}
