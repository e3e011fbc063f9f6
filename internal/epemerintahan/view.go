package epemerintahan

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// View is a resident's record. The reading is audited.
func (m *Module) View(ctx context.Context, a authz.Actor, id int64) (rec Record, err error) {
	defer errs.In(&err, "epemerintahan.View(%d)", id)
	r, err := m.resident(ctx, m.db, sqlResident, a, PermView, id, 0)
	if err != nil {
		return rec, err
	}
	rec.Resident, rec.May = r.Resident, mayIn(a, r.Ancestors)
	if rec.Family, err = pg.Many[Member](ctx, m.db, sqlMembers, r.FamilyID); err != nil {
		return rec, err
	}
	if rec.Events, err = pg.Many[HistoryEvent](ctx, m.db, sqlHistory, id); err != nil {
		return rec, err
	}
	if rec.Changes, err = m.changes(ctx, sqlChanges, id); err != nil {
		return rec, err
	}
	rec.Next = follows[rec.Status]
	events := make([]Event, len(rec.Events))
	for i, e := range rec.Events {
		events[i] = e.Event
	}
	if e, ok := Latest(events); ok && e.Seq > 1 {
		rec.Undo = e.Seq
	}
	return rec, m.read(ctx, m.db, a, "view", subject{objectResident, id, r.KelurahanID}, nil)
}

func (m *Module) changes(ctx context.Context, sql string, id int64) ([]Change, error) {
	all, err := pg.Many[Change](ctx, m.db, sql, id)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if err := m.show(&all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Numbers are a resident's in full.
type Numbers struct{ NIK, KK string }

// Reveal opens a resident's NIK and KK. Needs PermReveal; it is audited.
func (m *Module) Reveal(ctx context.Context, a authz.Actor, id int64) (n Numbers, err error) {
	defer errs.In(&err, "epemerintahan.Reveal(%d)", id)
	r, err := m.resident(ctx, m.db, sqlResident, a, PermReveal, id, 0)
	if err != nil {
		return n, err
	}
	// What cannot be written down is not shown.
	if err := m.read(ctx, m.db, a, "reveal", subject{objectResident, id, r.KelurahanID}, nil); err != nil {
		return n, err
	}
	if n.NIK, err = m.number(r.NIKSealed, sealNIK); err != nil {
		return n, err
	}
	n.KK, err = m.number(r.KKSealed, sealKK)
	return n, err
}

// ViewFamily is a family with its members. The reading is audited.
func (m *Module) ViewFamily(ctx context.Context, a authz.Actor, id int64) (_ Family, err error) {
	defer errs.In(&err, "epemerintahan.ViewFamily(%d)", id)
	f, err := m.family(ctx, m.db, sqlFamily, a, PermView, id, 0)
	if err != nil {
		return Family{}, err
	}
	f.May = mayIn(a, f.Ancestors)
	if f.Members, err = pg.Many[Member](ctx, m.db, sqlMembers, id); err != nil {
		return Family{}, err
	}
	if f.Changes, err = m.changes(ctx, sqlFamilyMoves, id); err != nil {
		return Family{}, err
	}
	numbers, err := pg.Many[struct {
		KKSealed []byte
		Number
	}](ctx, m.db, sqlNumbers, id)
	if err != nil {
		return Family{}, err
	}
	for _, n := range numbers {
		if n.KK, err = m.masked(n.KKSealed, sealKK); err != nil {
			return Family{}, err
		}
		f.Numbers = append(f.Numbers, n.Number)
	}
	return f.Family, m.read(ctx, m.db, a, "view", subject{objectFamily, id, f.KelurahanID}, nil)
}
