package letter

import (
	"context"
	"slices"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// NumberLine is a line of the book of numbers: a number and what became of it.
type NumberLine struct {
	No     int64
	Number string   // as it stands on the letter
	Letter *Summary // nil: no letter has it
	// Gap says in words why the number carries no letter in force; "" when it does.
	Gap string
}

const sqlBook = `SELECT l.letter_no, l.void_reason, ` + summaryColumns + `
FROM epemerintahan_letter l JOIN org_unit u ON u.id = l.kelurahan_id
WHERE l.kelurahan_id = $1 AND l.letter_year = $2 AND l.letter_no < $3 AND l.letter_no >= $4 ORDER BY l.letter_no DESC`

// Numbers is the book of a kelurahan's numbers in a year, newest first: every number
// that was ever taken is there; before is the number to go on from, 0 at first.
func (m *Module) Numbers(ctx context.Context, a authz.Actor, kelurahanID int64, year int, before int64) (_ []NumberLine, err error) {
	defer errs.In(&err, "letter.Numbers(%d, %d)", kelurahanID, year)
	r, err := m.realm(ctx, a)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(r.view, kelurahanID) {
		return nil, errs.New(errs.NotFound, "Kelurahan ini di luar wilayah Anda.")
	}
	last, err := numbering.Last(ctx, m.db, letterSeries(kelurahanID), year)
	if err != nil {
		return nil, err
	}
	if before <= 0 || before > last {
		before = last + 1
	}
	first := max(1, before-QueuePage)
	rows, err := pg.Many[struct {
		LetterNo   int64
		VoidReason string
		Summary
	}](ctx, m.db, sqlBook, kelurahanID, year, before, first)
	if err != nil {
		return nil, err
	}
	gaps, err := numbering.Gaps(ctx, m.db, letterSeries(kelurahanID), year)
	if err != nil {
		return nil, err
	}
	why := map[int64]string{}
	for _, g := range gaps {
		why[g.Number] = g.Reason
	}
	byNo := map[int64]int{}
	for i, r := range rows {
		byNo[r.LetterNo] = i
	}
	var out []NumberLine
	for no := before - 1; no >= first; no-- {
		line := NumberLine{No: no, Gap: why[no]}
		if i, ok := byNo[no]; ok {
			l := rows[i]
			line.Number, line.Letter = l.Number, &l.Summary
			switch {
			case l.Status == Voided:
				line.Gap = "Dicabut: " + l.VoidReason
			case l.Status.Open():
				line.Gap = "Belum terbit: " + l.Status.Label()
			}
		}
		out = append(out, line)
	}
	return out, nil
}
