package eoffice

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlDeskNumbers = `
SELECT l.id, COALESCE(l.letter_number, l.sender_number, '') AS number FROM eoffice_search s JOIN eoffice_letter l ON l.id = s.letter_id WHERE ` + isTheirs + ` AND s.letter_id = ANY ($5::bigint[])`

// DeskNumbers are the numbers of those of some letters that the actor may open, by id; "" of
// one that has none yet.
func (m *Module) DeskNumbers(ctx context.Context, a authz.Actor, ids []int64) (_ map[int64]string, err error) {
	defer errs.In(&err, "eoffice.DeskNumbers")
	if len(ids) == 0 || !a.IsStaff() {
		return nil, nil
	}
	who, err := m.finder(ctx, a, false)
	if err != nil {
		return nil, err
	}
	return pg.Map[int64, string](ctx, m.db, sqlDeskNumbers, who.all, who.sure, a.PersonID, m.now(), ids)
}

const sqlNumbers = `SELECT id, COALESCE(letter_number, sender_number, '') AS number FROM eoffice_letter WHERE id = ANY ($1::bigint[]) AND secrecy IN ('B', 'T')`

// Numbers are the numbers of those of some letters that are not secret, by id, whoever asks:
// for who looks at work that was drawn by lot.
func (m *Module) Numbers(ctx context.Context, ids []int64) (_ map[int64]string, err error) {
	defer errs.In(&err, "eoffice.Numbers")
	return pg.Map[int64, string](ctx, m.db, sqlNumbers, ids)
}
