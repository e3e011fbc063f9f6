package eoffice

import (
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Paraf agrees to the content that act names and sends the letter to the next desk that has
// not. Another content is errs.Conflict with a [ChangedError].
func (m *Module) Paraf(ctx context.Context, a authz.Actor, act Act) (Case, error) {
	return m.act(ctx, a, act, ActParaf, func(tx pgx.Tx, c *Case, _ Moment) (Change, error) {
		return Change{}, wasRead(ctx, tx, a, c)
	}, nil)
}

const sqlSetContent = `
UPDATE eoffice_letter SET subject = $2, body = $3, content_sealed = $4, saved = saved + 1 WHERE id = $1`

// Edit changes what a letter says on the desk of who verifies it: a new version, to which
// nobody has agreed yet.
func (m *Module) Edit(ctx context.Context, a authz.Actor, act Act, content Content) (Case, error) {
	return m.act(ctx, a, act, ActEdit, func(tx pgx.Tx, c *Case, mo Moment) (ch Change, err error) {
		d, err := m.draftOf(ctx, tx, c.ID)
		if err != nil {
			return ch, err
		}
		d.Content = content
		if err := tidy(&d); err != nil {
			return ch, err
		}
		k, err := kindOf(c)
		if err != nil {
			return ch, err
		}
		if err := m.complete(ctx, tx, k, d, mo.Now); err != nil {
			return ch, err
		}
		ch.Version, ch.Content, err = m.freeze(ctx, tx, c, mo, d)
		if err != nil {
			return ch, err
		}
		if ch.Version == c.Version {
			return ch, errs.Invalid(errs.Field{Name: ControlBody, Message: "Tidak ada yang berubah."})
		}
		st, err := m.store(c.Secrecy, d.Content)
		if err != nil {
			return ch, err
		}
		return ch, pg.Exec(ctx, tx, sqlSetContent, c.ID, st.Subject, st.Body, st.ContentSealed)
	}, func(tx pgx.Tx, c *Case, mo Moment, e Event) error {
		if err := m.tellVoided(ctx, tx, c, e); err != nil {
			return err
		}
		if err := markRead(ctx, tx, a, c, mo.Now); err != nil { // they wrote it
			return err
		}
		return m.index(ctx, tx, c)
	})
}

// Return sends a letter back to its drafter, with a reason and its cause. What was signed in it is void;
// its number, if it has one, stays.
func (m *Module) Return(ctx context.Context, a authz.Actor, act Act) error {
	dropped := ""
	_, err := m.act(ctx, a, act, ActReturn, caused(act, func(c *Case) { dropped = c.PDFKey }), nil)
	if err == nil && dropped != "" {
		m.drop(ctx, dropped)
	}
	return err
}

// BackOne sends a letter one desk back, with a reason and its cause.
func (m *Module) BackOne(ctx context.Context, a authz.Actor, act Act) error {
	_, err := m.act(ctx, a, act, ActBackOne, caused(act, nil), nil)
	return err
}

// explained is why a number names no letter; what is confidential of it stays out.
func explained(what string, e Event) string {
	if e.Reason == "" {
		return what + "."
	}
	return what + ": " + e.Reason
}

// Withdraw gives a letter up, with a reason. A number that it had taken is explained.
func (m *Module) Withdraw(ctx context.Context, a authz.Actor, act Act) error {
	_, err := m.act(ctx, a, act, ActWithdraw, nil, func(tx pgx.Tx, c *Case, mo Moment, e Event) error {
		if c.Incoming() {
			return m.forgetAgenda(ctx, tx, c, mo, e)
		}
		if c.LetterNo == 0 {
			return nil
		}
		if between, err := m.endSuffixed(ctx, tx, c.ID, mo.Now, "Naskah ditarik: "+e.Reason); between || err != nil {
			return err
		}
		k, err := kindOf(c)
		if err != nil {
			return err
		}
		return numbering.Explain(ctx, tx, a, mo.Now, series(c, k), c.LetterYear, c.LetterNo, explained("Naskah ditarik", e))
	})
	return err
}
