package eoffice

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/jobs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Raise makes a letter more secret, by an addressee: restricted, so that who merely reads
// what is open in a unit does not find or open it any more; or secret, so that its tata
// usaha sees the envelope alone, and what was said of it lies under seal as if it had been
// born so. It keeps its number, and messages about it no longer say what it is about.
func (m *Module) Raise(ctx context.Context, a authz.Actor, act Act, to Secrecy) error {
	var content Content
	_, err := m.act(ctx, a, act, ActRaise, func(tx pgx.Tx, c *Case, _ Moment) (ch Change, err error) {
		if to == c.Secrecy { // a second click
			return ch, alreadySo(c)
		}
		if to.Rank() <= c.Secrecy.Rank() || !to.Kept() {
			return ch, errs.Invalid(errs.Field{Name: ControlSecrecy, Message: "Pilih sifat yang lebih tinggi daripada sekarang."})
		}
		if to.Confidential() {
			if content, err = m.contentOf(ctx, tx, c.ID); err != nil {
				return ch, err
			}
			if err := pg.Exec(ctx, tx, sqlTakeOpen, c.ID); err != nil {
				return ch, err
			}
		}
		return Change{Secrecy: to}, nil
	}, func(tx pgx.Tx, c *Case, _ Moment, _ Event) error {
		if to.Confidential() {
			st, err := m.store(to, content)
			if err != nil {
				return err
			}
			if err := pg.Exec(ctx, tx, sqlPutSealed, c.ID, st.ContentSealed); err != nil {
				return err
			}
			if err := m.conceal(ctx, tx, c.ID, to); err != nil {
				return err
			}
		}
		if err := m.retell(ctx, tx, c.ID, to); err != nil {
			return err
		}
		return m.index(ctx, tx, c)
	})
	return err
}

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

func mayBeHigher(c *Case, _ Moment) error {
	if c.Secrecy != Open && c.Secrecy != Restricted {
		return alreadySo(c)
	}
	return nil
}

func alreadySo(c *Case) error {
	return errs.New(errs.Conflict, "Naskah ini sudah "+strings.ToLower(c.Secrecy.Label())+".")
}

// mayBeLower: of the most secret the portal has nothing that it could lay open.
func mayBeLower(c *Case, _ Moment) error {
	if c.Secrecy != Restricted && c.Secrecy != Secret {
		return errs.New(errs.Conflict, "Sifat naskah ini tidak dapat diturunkan.")
	}
	return nil
}
