package epemerintahan

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// RecordEvent records a death, a move away, a disappearance, or the return of somebody
// who moved away from here. Who arrives from elsewhere is Create's. When the head of a
// family dies or leaves and more than one stays, HeadID says who leads them.
func (m *Module) RecordEvent(ctx context.Context, a authz.Actor, in EventInput) (err error) {
	defer errs.In(&err, "epemerintahan.RecordEvent(%d, %s)", in.ResidentID, in.Kind)
	c := check{}
	in.On = dayOf(in.On)
	c.day(in.On, m.today())
	c.detail(&in.Detail)
	c.reason(&in.Reason, "")
	moves := in.Kind == MovedOut || in.Kind == MovedIn
	if len(in.Along) > 0 && !moves {
		c.fail(ControlMembers, "Hanya kepindahan yang dicatat untuk beberapa orang sekaligus.")
	}
	if in.Kind == MovedOut && in.Detail.Destination == "" {
		c.fail(ControlDestination, "Tulis tujuan pindahnya.")
	}
	if err := c.err(false, ""); err != nil {
		return err
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		first, f, err := m.lock(ctx, tx, a, PermEdit, in.ResidentID, in.Version)
		if err != nil {
			return err
		}
		them, err := m.together(ctx, tx, a, first, in.Along)
		if err != nil {
			return err
		}
		var events []Event
		for i := range them {
			e, err := m.happens(ctx, tx, &them[i], Event{Kind: in.Kind, HappenedOn: in.On, Reason: in.Reason, Detail: in.Detail, KelurahanID: f.KelurahanID})
			if err != nil {
				return err
			}
			events = append(events, e)
		}
		head, err := m.lead(ctx, tx, a, f.ID, in.HeadID, "")
		if err != nil {
			return err
		}
		for i, r := range them {
			if r.Relation == RelationHead && head.ID != 0 && in.Kind != MovedIn {
				events[i].Detail.Head, events[i].Detail.HeadRelation = head.ID, head.Relation
			}
			if err := m.note(ctx, tx, a, r, events[i]); err != nil {
				return err
			}
		}
		return m.touch(ctx, tx, f.ID)
	})
}

// together locks those of the family who go along, the first one included.
func (m *Module) together(ctx context.Context, tx pgx.Tx, a authz.Actor, first residentRow, along []int64) ([]residentRow, error) {
	them := []residentRow{first}
	ids := slices.Compact(slices.Sorted(slices.Values(along)))
	for _, id := range ids {
		if id == first.ID {
			continue
		}
		r, err := m.resident(ctx, tx, sqlLockResident, a, PermEdit, id, 0)
		if errs.KindOf(err) == errs.NotFound && err != nil || err == nil && r.FamilyID != first.FamilyID {
			return nil, errs.Invalid(errs.Field{Name: ControlMembers, Message: "Pilih hanya anggota keluarga yang sama."})
		}
		if err != nil {
			return nil, err
		}
		if r.Status != first.Status {
			return nil, errs.Invalid(errs.Field{Name: ControlMembers, Message: r.Name + " tidak dapat ikut: tercatat " + string(r.Status) + "."})
		}
		them = append(them, r)
	}
	return them, nil
}

// happens changes where somebody stands and returns the event with its place in their
// history. A former head finds the family with another one and comes back as somebody
// else.
func (m *Module) happens(ctx context.Context, tx pgx.Tx, r *residentRow, e Event) (Event, error) {
	events, err := pg.Many[Event](ctx, tx, sqlEvents, r.ID)
	if err != nil {
		return e, err
	}
	if !slices.Contains(follows[r.Status], e.Kind) {
		return e, errs.New(errs.Conflict, r.Name+" tercatat "+string(r.Status)+" sejak "+indo.Date(r.StatusOn)+". Peristiwa ini tidak dapat dicatat sesudahnya.")
	}
	last, _ := Latest(events)
	switch {
	case e.HappenedOn.Before(r.BirthDate):
		return e, errs.Invalid(errs.Field{Name: ControlDate, Message: "Tanggal ini sebelum " + r.Name + " lahir."})
	case last.Kind != Registered && e.HappenedOn.Before(last.HappenedOn):
		return e, errs.Invalid(errs.Field{Name: ControlDate, Message: "Tanggal ini sebelum peristiwa terakhirnya, " + indo.Date(last.HappenedOn) + "."})
	}
	e.Seq, e.RecordedAt = len(events)+1, m.now()
	s, err := Replay(append(events, e))
	if err != nil {
		return e, err
	}
	relation, err := m.relationOnReturn(ctx, tx, *r, s.Status)
	if err != nil {
		return e, err
	}
	if relation != r.Relation {
		e.Detail.RelationBefore = r.Relation
	}
	return e, m.stand(ctx, tx, r, s, relation)
}

// relationOnReturn is what somebody is in their family when they live there again.
func (m *Module) relationOnReturn(ctx context.Context, tx pgx.Tx, r residentRow, to Status) (int, error) {
	if to != Living || r.Status == Living || r.Relation != RelationHead {
		return r.Relation, nil
	}
	living, err := pg.Many[Member](ctx, tx, sqlLiving, r.FamilyID)
	if err != nil {
		return 0, err
	}
	if slices.ContainsFunc(living, func(p Member) bool { return p.Relation == RelationHead }) {
		return RelationOther, nil
	}
	return RelationHead, nil
}

// stand brings the row to where the events lead.
func (m *Module) stand(ctx context.Context, tx pgx.Tx, r *residentRow, s Standing, relation int) error {
	err := pg.Changed(tx.Exec(ctx, sqlSetStanding, r.ID, r.Version, s.Status, s.StatusOn, s.Seq, relation, m.now()))
	r.Version++
	return taken(err)
}

// note writes an event down with its traces.
func (m *Module) note(ctx context.Context, tx pgx.Tx, a authz.Actor, r residentRow, e Event) error {
	err := pg.Exec(ctx, tx, sqlInsertEvent, r.ID, e.Seq, e.Kind, e.HappenedOn, e.RecordedAt, e.KelurahanID, e.Reverses, e.Reason, e.Detail, a.AccountID)
	if err != nil {
		return err
	}
	return m.worked(ctx, tx, a, string(e.Kind), subject{objectResident, r.ID, e.KelurahanID}, string(e.Kind), nil)
}

// ReverseEvent undoes the latest event of somebody that counts. Whoever had become the
// head in their place is again what they were. The first event stays: a record that
// should not be is deleted.
func (m *Module) ReverseEvent(ctx context.Context, a authz.Actor, in ReverseInput) (err error) {
	defer errs.In(&err, "epemerintahan.ReverseEvent(%d)", in.ResidentID)
	c := check{}
	c.reason(&in.Reason, "Tulis mengapa peristiwa ini dibatalkan.")
	if err := c.err(false, ""); err != nil {
		return err
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		r, f, err := m.lock(ctx, tx, a, PermEdit, in.ResidentID, in.Version)
		if err != nil {
			return err
		}
		undone, err := m.undo(ctx, tx, a, r, f, in)
		if err != nil {
			return err
		}
		if in.All {
			others, err := pg.Scalars[int64](ctx, tx, sqlTogether, f.ID, r.ID, undone.Kind, undone.RecordedAt)
			if err != nil {
				return err
			}
			for _, id := range others {
				other, err := m.resident(ctx, tx, sqlLockResident, a, PermEdit, id, 0)
				if err != nil {
					return err
				}
				if err := m.undoAlong(ctx, tx, a, other, f, in, undone); err != nil {
					return err
				}
			}
		}
		if _, err := m.lead(ctx, tx, a, f.ID, in.HeadID, in.Reason); err != nil {
			return err
		}
		return m.touch(ctx, tx, f.ID)
	})
}

// undoAlong undoes the same for another one, unless more has happened to them since.
func (m *Module) undoAlong(ctx context.Context, tx pgx.Tx, a authz.Actor, r residentRow, f familyRow, in ReverseInput, same Event) error {
	events, err := pg.Many[Event](ctx, tx, sqlEvents, r.ID)
	if err != nil {
		return err
	}
	last, ok := Latest(events)
	if !ok || last.Kind != same.Kind || !last.RecordedAt.Equal(same.RecordedAt) {
		return nil
	}
	in.Seq = last.Seq
	_, err = m.undo(ctx, tx, a, r, f, in)
	return err
}

// undo takes back the latest event of one resident and returns it.
func (m *Module) undo(ctx context.Context, tx pgx.Tx, a authz.Actor, r residentRow, f familyRow, in ReverseInput) (Event, error) {
	events, err := pg.Many[Event](ctx, tx, sqlEvents, r.ID)
	if err != nil {
		return Event{}, err
	}
	last, _ := Latest(events)
	switch {
	case last.Seq == 1:
		return last, errs.New(errs.Conflict, "Catatan pertama tidak dapat dibatalkan. Bila orang ini tidak pernah tinggal di sini, hapus datanya dengan alasan.")
	case last.Seq != in.Seq:
		return last, errFaster
	}
	e := Event{Seq: len(events) + 1, Kind: Reversal, HappenedOn: m.today(), RecordedAt: m.now(), KelurahanID: f.KelurahanID, Reverses: last.Seq, Reason: in.Reason}
	s, err := Replay(append(events, e))
	if err != nil {
		return last, err
	}
	if err := m.giveBack(ctx, tx, a, r, last, in.Reason); err != nil {
		return last, err
	}
	relation, err := m.relationOnReturn(ctx, tx, r, s.Status)
	if err != nil {
		return last, err
	}
	if last.Detail.RelationBefore != 0 {
		relation = last.Detail.RelationBefore
	}
	if err := m.stand(ctx, tx, &r, s, relation); err != nil {
		return last, err
	}
	if err := m.note(ctx, tx, a, r, e); err != nil {
		return last, err
	}
	if last.Detail.FamilyBefore == 0 {
		return last, nil
	}
	// They arrived from elsewhere, and are recorded there again.
	return last, pg.Changed(tx.Exec(ctx, sqlPlaceResident, r.ID, r.Version, last.Detail.FamilyBefore, relation, m.now()))
}

// giveBack takes the lead from whoever had it only because of the event.
func (m *Module) giveBack(ctx context.Context, tx pgx.Tx, a authz.Actor, r residentRow, undone Event, reason string) error {
	if undone.Detail.Head == 0 || r.Relation != RelationHead {
		return nil
	}
	living, err := pg.Many[Member](ctx, tx, sqlLiving, r.FamilyID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(living, func(p Member) bool { return p.ID == undone.Detail.Head && p.Relation == RelationHead })
	if i < 0 {
		return nil
	}
	return m.relate(ctx, tx, a, living[i], undone.Detail.HeadRelation, reason)
}
