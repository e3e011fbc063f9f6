package mtr

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// DeskNumbers are the numbers of those of some reports that the actor may open at their desk,
// by id.
func (m *Module) DeskNumbers(ctx context.Context, a authz.Actor, ids []int64) (_ map[int64]string, err error) {
	defer errs.In(&err, "mtr.DeskNumbers")
	if len(ids) == 0 || !a.IsStaff() {
		return nil, nil
	}
	s, err := m.realms(ctx, a)
	if err != nil {
		return nil, err
	}
	w := &where{} // nothing here hangs on the time
	w.and("r.id = ANY (" + w.arg(ids) + ")")
	w.and(s.any(w))
	return pg.Map[int64, string](ctx, m.db, "SELECT r.id, r.number FROM mtr_report r WHERE "+w.String(), w.fresh(s.scoped())...)
}

const sqlNumbers = `SELECT id, number FROM mtr_report WHERE id = ANY ($1::bigint[])`

// Numbers are the numbers of some reports by id, whoever asks: for who looks at work that was
// drawn by lot.
func (m *Module) Numbers(ctx context.Context, ids []int64) (_ map[int64]string, err error) {
	defer errs.In(&err, "mtr.Numbers")
	return pg.Map[int64, string](ctx, m.db, sqlNumbers, ids)
}
