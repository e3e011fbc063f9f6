package eoffice

import (
	"context"
	"fmt"
	"slices"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Copies are the numbered copies of a confidential letter: one for everybody who gets it, in
// their order, and the last for the file of the office that issued it.
type Copies struct {
	For []string // whose each is
	No  int      // the reader's
}

// Mark is what stands on the reader's copy, however many there are.
func (c Copies) Mark() string { return fmt.Sprintf("Salinan %d dari %d", c.No, len(c.For)) }

// made says on the letter itself how many copies there are.
func (c Copies) made() string { return fmt.Sprintf("Dibuat dalam %d salinan bernomor", len(c.For)) }

const (
	sqlCopies = `
SELECT r.id, COALESCE(r.position_id, 0) AS position_id, COALESCE(p.title, r.name) AS name FROM eoffice_recipient r LEFT JOIN org_position p ON p.id = r.position_id
WHERE r.letter_id = $1 ORDER BY r.role = 'tembusan', r.ord, r.id`

	// Through whose copy a desk knows of a letter.
	sqlCopyOf = `
SELECT recipient_id FROM eoffice_disposition WHERE letter_id = $1 AND to_id = ANY($2) AND status <> 'dibatalkan' ORDER BY id`
)

// copiesOf are the copies of a letter for whoever acts: an addressee reads their own, who was
// given an order the one of whom it comes from, everybody else that of the file.
func copiesOf(ctx context.Context, q pg.Querier, c *Case, mo Moment) (out Copies, err error) {
	all, err := pg.Many[struct {
		ID, PositionID int64
		Name           string
	}](ctx, q, sqlCopies, c.ID)
	if err != nil {
		return out, err
	}
	through, err := pg.Scalars[int64](ctx, q, sqlCopyOf, c.ID, desks(mo.Seats))
	if err != nil {
		return out, err
	}
	ordered := 0
	for i, r := range all {
		out.For = append(out.For, r.Name)
		if out.No == 0 && mo.sits(r.PositionID) {
			out.No = i + 1
		}
		if ordered == 0 && slices.Contains(through, r.ID) {
			ordered = i + 1
		}
	}
	out.For = append(out.For, "Arsip "+c.UnitName)
	if out.No == 0 {
		out.No = ordered
	}
	if out.No == 0 {
		out.No = len(out.For)
	}
	return out, nil
}
