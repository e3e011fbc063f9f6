package eoffice

import (
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/jobs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Everybody who ever sat at a desk that had the letter.
const sqlEverReaders = `
SELECT DISTINCT o.account_id FROM eoffice_reader r JOIN eoffice_seat s ON s.position_id = r.position_id JOIN org_person o ON o.id = s.person_id
WHERE r.letter_id = $1 AND o.account_id IS NOT NULL`

// Raise makes an open letter restricted, by an addressee: who merely reads what is open in
// a unit does not find or open it any more, and the messages about it no longer say what it
// is about.
func (m *Module) Raise(ctx context.Context, a authz.Actor, act Act) error {
	_, err := m.act(ctx, a, act, ActRaise, func(pgx.Tx, *Case, Moment) (Change, error) {
		return Change{Secrecy: Restricted}, nil
	}, func(tx pgx.Tx, c *Case, _ Moment, _ Event) error {
		accounts, err := pg.Scalars[int64](ctx, tx, sqlEverReaders, c.ID)
		if err != nil {
			return err
		}
		title, text := about(c.Secrecy, "Naskah terbatas", "")
		if err := notify.Reword(ctx, tx, accounts, object, c.ID, letterURL(c.ID), title, text); err != nil {
			return err
		}
		return m.index(ctx, tx, c)
	})
	return err
}

const (
	sqlTakeSeal = `UPDATE eoffice_letter SET content_sealed = NULL WHERE id = $1`
	sqlLayOpen  = `UPDATE eoffice_letter SET subject = $2, body = $3 WHERE id = $1`
)

// Lower makes a letter less secret, by who signed it: what it says lies in the open then
// and is found by. Its earlier versions and what was written about it stay sealed.
func (m *Module) Lower(ctx context.Context, a authz.Actor, act Act, to Secrecy) error {
	var content Content
	var sealed bool
	_, err := m.act(ctx, a, act, ActLower, func(tx pgx.Tx, c *Case, _ Moment) (ch Change, err error) {
		if to.Rank() < 0 || to.Rank() >= c.Secrecy.Rank() {
			return ch, errs.Invalid(errs.Field{Name: ControlSecrecy, Message: "Pilih sifat yang lebih rendah daripada sekarang."})
		}
		if sealed = c.Secrecy.Confidential(); sealed {
			if content, err = m.contentOf(ctx, tx, c.ID); err != nil {
				return ch, err
			}
			if err := pg.Exec(ctx, tx, sqlTakeSeal, c.ID); err != nil {
				return ch, err
			}
		}
		return Change{Secrecy: to}, nil
	}, func(tx pgx.Tx, c *Case, _ Moment, _ Event) error {
		if sealed {
			if err := pg.Exec(ctx, tx, sqlLayOpen, c.ID, content.Subject, content.Body); err != nil {
				return err
			}
			files, err := filesOf(ctx, tx, c.ID)
			if err != nil {
				return err
			}
			for _, f := range files {
				if err := jobs.Insert(ctx, tx, wordsArgs{f.ID}, nil); err != nil {
					return err
				}
			}
		}
		return m.index(ctx, tx, c)
	})
	return err
}

func isOpen(c *Case, _ Moment) error {
	if c.Secrecy != Open {
		return errs.New(errs.Conflict, "Naskah ini sudah "+c.Secrecy.Label()+".")
	}
	return nil
}

// mayBeLower: of the most secret the portal has nothing that it could lay open.
func mayBeLower(c *Case, _ Moment) error {
	if c.Secrecy != Restricted && c.Secrecy != Secret {
		return errs.New(errs.Conflict, "Sifat naskah ini tidak dapat diturunkan.")
	}
	return nil
}
