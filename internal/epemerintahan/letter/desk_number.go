package letter

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// DeskNumbers are the numbers of those of some requests that the actor may open at their desk,
// by id.
func (m *Module) DeskNumbers(ctx context.Context, a authz.Actor, ids []int64) (_ map[int64]string, err error) {
	defer errs.In(&err, "letter.DeskNumbers")
	if len(ids) == 0 {
		return nil, nil
	}
	r, err := m.realm(ctx, a)
	if err != nil || len(r.view) == 0 {
		return nil, err
	}
	w := &where{}
	w.and("l.id = ANY (" + w.arg(ids) + ")")
	w.and(w.in(r.view))
	return pg.Map[int64, string](ctx, m.db, "SELECT l.id, COALESCE(l.request_number, '') AS number FROM epemerintahan_letter l WHERE "+w.String(), w.fresh()...)
}

const sqlRequestNumbers = `SELECT id, COALESCE(request_number, '') AS number FROM epemerintahan_letter WHERE id = ANY ($1::bigint[])`

// RequestNumbers are the numbers of some requests by id, whoever asks: for who looks at work that was
// drawn by lot.
func (m *Module) RequestNumbers(ctx context.Context, ids []int64) (_ map[int64]string, err error) {
	defer errs.In(&err, "letter.RequestNumbers")
	return pg.Map[int64, string](ctx, m.db, sqlRequestNumbers, ids)
}
