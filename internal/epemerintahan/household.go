package epemerintahan

import (
	"cmp"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Whoever changes a family or somebody in it holds the family's lock first, those of
// two families in the order of their ids. So the members that an act reads stay as
// they are until it is done.

// lock takes a resident's family and then the resident, for somebody who may do p.
func (m *Module) lock(ctx context.Context, tx pgx.Tx, a authz.Actor, p authz.Permission, id int64, version int) (r residentRow, f familyRow, err error) {
	if r, err = m.resident(ctx, tx, sqlResident, a, p, id, version); err != nil {
		return r, f, err
	}
	family := r.FamilyID
	if f, err = m.family(ctx, tx, sqlLockFamily, a, p, family, 0); err != nil {
		return r, f, err
	}
	if r, err = m.resident(ctx, tx, sqlLockResident, a, p, id, version); err == nil && r.FamilyID != family {
		err = errFaster
	}
	return r, f, err
}

// lead sees to it that somebody leads those who live in a family: whoever did, the
// only one there, or headID. It returns who took over, with their relation before; the
// zero Member when nobody had to.
func (m *Module) lead(ctx context.Context, tx pgx.Tx, a authz.Actor, familyID, headID int64, reason string) (Member, error) {
	living, err := pg.Many[Member](ctx, tx, sqlLiving, familyID)
	if err != nil {
		return Member{}, err
	}
	isHead := func(p Member) bool { return p.Relation == RelationHead }
	if len(living) == 0 || slices.ContainsFunc(living, isHead) {
		return Member{}, nil
	}
	if len(living) == 1 {
		headID = living[0].ID
	}
	i := slices.IndexFunc(living, func(p Member) bool { return p.ID == headID })
	if i < 0 {
		return Member{}, errs.Invalid(errs.Field{Name: ControlHead, Message: "Pilih siapa yang menjadi kepala keluarga dari yang tinggal."})
	}
	return living[i], m.relate(ctx, tx, a, living[i], RelationHead, reason)
}

// relate changes what somebody is in their family.
func (m *Module) relate(ctx context.Context, tx pgx.Tx, a authz.Actor, p Member, to int, reason string) error {
	if p.Relation == to {
		return nil
	}
	if err := pg.Changed(tx.Exec(ctx, sqlSetRelation, p.ID, p.Version, to, m.now())); err != nil {
		return taken(err)
	}
	return m.changed(ctx, tx, a, subject{object: objectResident, id: p.ID}, p.Version+1, "ubah", reason, relationChange(p.Relation, to))
}

func relationChange(from, to int) []FieldChange {
	if from == to {
		return nil
	}
	return []FieldChange{{"Hubungan keluarga", Relations.Name(from), Relations.Name(to)}}
}

// ChangeHead makes somebody the head of their family and sets what the others are to
// them.
func (m *Module) ChangeHead(ctx context.Context, a authz.Actor, in HeadInput) (err error) {
	defer errs.In(&err, "epemerintahan.ChangeHead(%d)", in.FamilyID)
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		f, err := m.family(ctx, tx, sqlLockFamily, a, PermEdit, in.FamilyID, in.Version)
		if err != nil {
			return err
		}
		living, err := pg.Many[Member](ctx, tx, sqlLiving, f.ID)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(living, func(p Member) bool { return p.ID == in.HeadID }) {
			return errs.Invalid(errs.Field{Name: ControlHead, Message: "Pilih kepala keluarga dari anggota yang masih tinggal di keluarga ini."})
		}
		want := func(p Member) int {
			if p.ID == in.HeadID {
				return RelationHead
			}
			if to, ok := in.Relations[p.ID]; ok {
				return to
			}
			return p.Relation
		}
		for _, p := range living {
			if to := want(p); Relations.Name(to) == "" || p.ID != in.HeadID && to == RelationHead {
				return errs.Invalid(errs.Field{Name: RelationControl(p.ID), Message: "Pilih hubungan " + p.Name + " dengan kepala keluarga yang baru."})
			}
		}
		// The old head goes before the new one comes.
		slices.SortStableFunc(living, func(x, y Member) int { return cmp.Compare(x.Relation, y.Relation) })
		for _, p := range living {
			if err := m.relate(ctx, tx, a, p, want(p), ""); err != nil {
				return err
			}
		}
		return m.familyDone(ctx, tx, a, f, "head", "diubah", nil)
	})
}

// familyDone ends an act on a family: its version counts on, and it is noted.
func (m *Module) familyDone(ctx context.Context, tx pgx.Tx, a authz.Actor, f familyRow, verb, outcome string, detail map[string]any) error {
	if err := m.touch(ctx, tx, f.ID); err != nil {
		return err
	}
	return m.worked(ctx, tx, a, verb, subject{objectFamily, f.ID, f.KelurahanID}, outcome, detail)
}

func (m *Module) touch(ctx context.Context, tx pgx.Tx, familyID int64) error {
	return pg.Changed(tx.Exec(ctx, sqlTouchFamily, familyID, m.now()))
}
