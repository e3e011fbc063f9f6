package epemerintahan

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// SplitFamily takes living members out of a family into a new one of the same
// kelurahan (pisah KK) and returns its id. At least one stays.
func (m *Module) SplitFamily(ctx context.Context, a authz.Actor, in SplitInput) (id int64, err error) {
	defer errs.In(&err, "epemerintahan.SplitFamily(%d)", in.FamilyID)
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		from, err := m.family(ctx, tx, sqlLockFamily, a, PermEdit, in.FamilyID, in.Version)
		if err != nil {
			return err
		}
		leave, stay, err := m.leaving(ctx, tx, from.ID, in.Members)
		if err != nil {
			return err
		}
		c, may := check{}, mayIn(a, from.Ancestors)
		in.KelurahanID = from.KelurahanID
		c.home(&in.RW, &in.RT, &in.Address)
		c.kk(&in.KK)
		c.reason(&in.Reason, "")
		if len(stay) == 0 && len(leave) > 0 {
			c.fail(ControlMembers, "Semua anggota dipilih. Bila seluruh keluarga pindah rumah, ubah saja alamat atau nomor KK keluarga ini.")
		}
		c.group(leave, in.Relations, 1)
		if err := c.err(may.Override, in.Reason); err != nil {
			return err
		}
		to := familyRow{Family: Family{Home: in.Home, Version: 1}}
		if to.ID, err = pg.Scalar[int64](ctx, tx, sqlFamilyIDs, 1); err != nil {
			return err
		}
		kk := m.keep(in.KK, sealKK)
		to.KKSealed = kk.sealed
		made := rows{now: m.now(), by: a.AccountID}
		made.family(to.ID, to.Home, kk, explained(CheckKK(in.KK))(in.Reason))
		if err := m.copy(ctx, tx, made); err != nil {
			return err
		}
		id = to.ID
		return m.transfer(ctx, tx, a, from, to, leave, in.Relations, in.StayHeadID, "pisah", in.Reason)
	})
	return id, taken(err)
}

// MoveMembers takes living members of a family into another family of the same
// kelurahan; all of them when they join that household.
func (m *Module) MoveMembers(ctx context.Context, a authz.Actor, in MoveInput) (err error) {
	defer errs.In(&err, "epemerintahan.MoveMembers(%d, %d)", in.FamilyID, in.ToFamilyID)
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		from, to, err := m.two(ctx, tx, a, in)
		if err != nil {
			return err
		}
		leave, _, err := m.leaving(ctx, tx, from.ID, in.Members)
		if err != nil {
			return err
		}
		there, err := pg.Many[Member](ctx, tx, sqlLiving, to.ID)
		if err != nil {
			return err
		}
		heads := 0
		if len(there) == 0 {
			heads = 1
		}
		c := check{}
		c.reason(&in.Reason, "")
		c.group(leave, in.Relations, heads)
		if err := c.err(false, ""); err != nil {
			return err
		}
		return m.transfer(ctx, tx, a, from, to, leave, in.Relations, in.StayHeadID, "pindah", in.Reason)
	})
	return taken(err)
}

// two locks the families of a move in the order of their ids.
func (m *Module) two(ctx context.Context, tx pgx.Tx, a authz.Actor, in MoveInput) (from, to familyRow, err error) {
	first, second := in.FamilyID, in.ToFamilyID
	if first == second {
		return from, to, errs.Invalid(errs.Field{Name: ControlFamily, Message: "Pilih keluarga lain sebagai tujuan."})
	}
	get := func(id int64) (f familyRow, err error) {
		if id == in.FamilyID {
			from, err = m.family(ctx, tx, sqlLockFamily, a, PermEdit, id, in.Version)
			return from, err
		}
		to, err = m.family(ctx, tx, sqlLockFamily, a, PermEdit, id, 0)
		if errs.KindOf(err) == errs.NotFound && err != nil {
			err = errs.Invalid(errs.Field{Name: ControlFamily, Message: "Keluarga tujuan tidak ada di kelurahan ini."})
		}
		return to, err
	}
	for _, id := range []int64{min(first, second), max(first, second)} {
		if _, err := get(id); err != nil {
			return from, to, err
		}
	}
	if from.KelurahanID != to.KelurahanID {
		err = errs.Invalid(errs.Field{Name: ControlFamily, Message: "Keluarga tujuan ada di kelurahan lain. Catat sebagai pindah keluar, lalu pindah datang di sana."})
	}
	return from, to, err
}

// leaving parts the living members of a family into those named and the others.
func (m *Module) leaving(ctx context.Context, tx pgx.Tx, familyID int64, ids []int64) (leave, stay []Member, err error) {
	living, err := pg.Many[Member](ctx, tx, sqlLiving, familyID)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range living {
		if slices.Contains(ids, p.ID) {
			leave = append(leave, p)
		} else {
			stay = append(stay, p)
		}
	}
	if len(leave) == 0 || slices.ContainsFunc(ids, func(id int64) bool { return !slices.ContainsFunc(leave, func(p Member) bool { return p.ID == id }) }) {
		return nil, nil, errs.Invalid(errs.Field{Name: ControlMembers, Message: "Pilih anggota yang masih tinggal di keluarga ini."})
	}
	return leave, stay, nil
}

// group checks what some people become to each other, with so many heads among them.
func (c *check) group(ps []Member, relations map[int64]int, heads int) {
	got := 0
	for _, p := range ps {
		to := relationIn(relations, p)
		c.code(RelationControl(p.ID), Relations, to, "Pilih hubungan "+p.Name+" dalam keluarga itu.")
		if to == RelationHead {
			got++
		}
	}
	switch {
	case len(ps) == 0 || got == heads:
	case heads == 0:
		c.fail(ControlMembers, "Keluarga itu sudah punya kepala keluarga. Pilih hubungan lain.")
	default:
		c.fail(ControlMembers, "Pilih satu orang sebagai kepala keluarga yang baru.")
	}
}

func relationIn(relations map[int64]int, p Member) int {
	if to, ok := relations[p.ID]; ok {
		return to
	}
	return p.Relation
}

// transfer places people from one family in another, both locked or new.
func (m *Module) transfer(ctx context.Context, tx pgx.Tx, a authz.Actor, from, to familyRow, ps []Member, relations map[int64]int, stayHead int64, what, reason string) error {
	for _, p := range ps {
		relation := relationIn(relations, p)
		if err := pg.Changed(tx.Exec(ctx, sqlPlaceResident, p.ID, p.Version, to.ID, relation, m.now())); err != nil {
			return err
		}
		fields := append(differ(from.Home.fields(), to.Home.fields()), relationChange(p.Relation, relation)...)
		fields = append(fields, numberChange(fieldKK, from.KKSealed, to.KKSealed))
		s := subject{objectResident, p.ID, from.KelurahanID}
		if err := m.changed(ctx, tx, a, s, p.Version+1, what, reason, fields); err != nil {
			return err
		}
		if err := m.read(ctx, tx, a, "move", s, map[string]any{"dari": from.ID, "ke": to.ID}); err != nil {
			return err
		}
	}
	if _, err := m.lead(ctx, tx, a, from.ID, stayHead, reason); err != nil {
		return err
	}
	who := make([]string, len(ps))
	for i, p := range ps {
		who[i] = p.Name
	}
	for _, side := range []struct {
		f     familyRow
		label string
	}{{from, "Anggota yang pergi"}, {to, "Anggota yang datang"}} {
		fields := []FieldChange{{side.label, "", strings.Join(who, ", ")}}
		if err := m.changed(ctx, tx, a, subject{object: objectFamily, id: side.f.ID}, side.f.Version+1, what, reason, fields); err != nil {
			return err
		}
	}
	verb := map[string]string{"pisah": "split", "pindah": "join"}[what]
	if err := m.touch(ctx, tx, to.ID); err != nil {
		return err
	}
	return m.familyDone(ctx, tx, a, from, verb, what, map[string]any{"ke": to.ID, "penduduk": len(ps)})
}

// Delete takes out the record of somebody who should never have been in it; it stays
// in the database with the reason, and its NIK is free again. Needs PermDelete.
func (m *Module) Delete(ctx context.Context, a authz.Actor, in DeleteInput) (err error) {
	defer errs.In(&err, "epemerintahan.Delete(%d)", in.ID)
	c := check{}
	c.reason(&in.Reason, "Tulis mengapa data ini dihapus.")
	if err := c.err(false, ""); err != nil {
		return err
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		r, f, err := m.lock(ctx, tx, a, PermDelete, in.ID, in.Version)
		if err != nil {
			return err
		}
		if err := pg.Changed(tx.Exec(ctx, sqlDeleteResident, r.ID, r.Version, m.now(), a.AccountID, in.Reason)); err != nil {
			return err
		}
		if _, err := m.lead(ctx, tx, a, f.ID, in.HeadID, in.Reason); err != nil {
			return err
		}
		s := subject{objectResident, r.ID, r.KelurahanID}
		if err := m.changed(ctx, tx, a, s, r.Version+1, "hapus", in.Reason, nil); err != nil {
			return err
		}
		if err := m.touch(ctx, tx, f.ID); err != nil {
			return err
		}
		return m.worked(ctx, tx, a, "delete", s, "dihapus", map[string]any{"alasan": in.Reason})
	})
}
