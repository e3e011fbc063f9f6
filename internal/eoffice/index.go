package eoffice

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlNames = `
SELECT COALESCE(p.title, r.name) FROM eoffice_recipient r LEFT JOIN org_position p ON p.id = r.position_id WHERE r.letter_id = $1 ORDER BY r.ord LIMIT 200`

const sqlSender = `SELECT sender FROM eoffice_letter WHERE id = $1`

const sqlIndex = `UPDATE eoffice_letter SET search_text = $2 WHERE id = $1`

// index writes the words by which a letter is found, as its secrecy allows.
func (m *Module) index(ctx context.Context, q pg.Querier, c *Case) error {
	content, err := m.contentOf(ctx, q, c.ID)
	if err != nil {
		return err
	}
	names, err := pg.Scalars[string](ctx, q, sqlNames, c.ID)
	if err != nil {
		return err
	}
	sender, err := pg.Scalar[string](ctx, q, sqlSender, c.ID)
	if err != nil {
		return err
	}
	files, err := filesOf(ctx, q, c.ID)
	if err != nil {
		return err
	}
	words := searchable(c.Secrecy, content, []string{c.LetterNumber, c.SenderNumber}, append(names, sender), files)
	return pg.Exec(ctx, q, sqlIndex, c.ID, words)
}
