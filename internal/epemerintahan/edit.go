package epemerintahan

import (
	"bytes"
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Edit corrects what is written about somebody. Who leads the family is ChangeHead's,
// whether they live here RecordEvent's.
func (m *Module) Edit(ctx context.Context, a authz.Actor, in EditInput) (err error) {
	defer errs.In(&err, "epemerintahan.Edit(%d)", in.ID)
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		r, f, err := m.lock(ctx, tx, a, PermEdit, in.ID, in.Version)
		if err != nil {
			return err
		}
		c, may := check{}, mayIn(a, f.Ancestors)
		if (r.Relation == RelationHead) != (in.Relation == RelationHead) {
			c.fail(ControlRelation, "Kepala keluarga diganti di halaman keluarganya, bukan di sini.")
		}
		in.BirthDate = dayOf(in.BirthDate)
		nik, why, err := m.editNIK(&c, r, &in)
		if err != nil {
			return err
		}
		c.person(&in.Person, m.today())
		c.reason(&in.Reason, "")
		if err := c.err(may.Override, in.Reason); err != nil {
			return err
		}
		if why && in.Reason == "" { // as before, and explained then
			in.Reason = r.NIKReason
		} else if !why {
			in.Reason = ""
		}
		fields := differ(r.Person.fields(), in.Person.fields())
		if in.NIKStatus != r.NIKStatus {
			fields = append(fields, FieldChange{"Keadaan NIK", r.NIKStatus.Words(), in.NIKStatus.Words()})
		}
		if !bytes.Equal(nik.sealed, r.NIKSealed) {
			fields = append(fields, numberChange(fieldNIK, r.NIKSealed, nik.sealed))
		}
		if len(fields) == 0 {
			return nil
		}
		if err := m.write(ctx, tx, a, &r, in.Person, nik, in.NIKStatus, in.Reason); err != nil {
			return err
		}
		s := subject{objectResident, r.ID, r.KelurahanID}
		if err := m.changed(ctx, tx, a, s, r.Version, "ubah", in.Reason, fields); err != nil {
			return err
		}
		return m.worked(ctx, tx, a, "edit", s, "diubah", map[string]any{"isian": names(fields)})
	})
}

// editNIK is the number after an edit, and whether it stands only because somebody
// answers for it. A number that stays is doubted anew only when its owner's birth date
// or sex changes.
func (m *Module) editNIK(c *check, r residentRow, in *EditInput) (nik kept, doubtful bool, err error) {
	number, err := m.number(r.NIKSealed, sealNIK)
	if err != nil {
		return nik, false, err
	}
	typed := CleanNumber(in.NIK)
	if in.NIKStatus == "" {
		in.NIKStatus = NIKPresent
	}
	stays := in.NIKStatus == NIKPresent && number != "" && (typed == "" || typed == number)
	if !stays {
		c.nik(&in.NIK, &in.NIKStatus, in.Person)
		_, found := CheckNIK(in.NIK, in.BirthDate, in.Sex)
		return m.keep(in.NIK, sealNIK), in.NIK != "" && len(found) > 0, nil
	}
	_, found := CheckNIK(number, in.BirthDate, in.Sex)
	if !in.BirthDate.Equal(r.BirthDate) || in.Sex != r.Sex {
		c.found(ControlNIK, found)
	}
	return m.sameNIK(r, number), len(found) > 0, nil
}

// EditFamily corrects a family's address, moves it to another RT or RW of its
// kelurahan, or gives it another KK number; the old one is kept.
func (m *Module) EditFamily(ctx context.Context, a authz.Actor, in EditFamilyInput) (err error) {
	defer errs.In(&err, "epemerintahan.EditFamily(%d)", in.ID)
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		f, err := m.family(ctx, tx, sqlLockFamily, a, PermEdit, in.ID, in.Version)
		if err != nil {
			return err
		}
		c, may := check{}, mayIn(a, f.Ancestors)
		c.home(&in.RW, &in.RT, &in.Address)
		c.kk(&in.KK)
		c.reason(&in.Reason, "")
		number, err := m.number(f.KKSealed, sealKK)
		if err != nil {
			return err
		}
		if in.NoKK && in.KK != "" {
			c.fail(ControlKK, "Kosongkan nomor KK, atau hapus tanda bahwa KK belum ada.")
		}
		if err := c.err(may.Override, in.Reason); err != nil {
			return err
		}
		kk := kept{f.KKSealed, nil}
		if number != "" {
			kk.hash = m.box.Hash(sealKK, number)
		}
		other := in.NoKK && number != "" || in.KK != "" && in.KK != number
		if other {
			kk = m.keep(in.KK, sealKK)
		}
		to := Home{f.KelurahanID, in.RW, in.RT, in.Address}
		fields, what := differ(f.Home.fields(), to.fields()), "ubah"
		if f.RW != to.RW || f.RT != to.RT {
			what = "pindah"
		}
		if other {
			fields = append(fields, numberChange(fieldKK, f.KKSealed, kk.sealed))
		}
		if len(fields) == 0 {
			return nil
		}
		err = pg.Changed(tx.Exec(ctx, sqlUpdateFamily, f.ID, f.Version, to.RW, to.RT, to.Address, FoldAddress(to.Address), kk.sealed, kk.hash, m.now()))
		if err != nil {
			return err
		}
		if other {
			if err := m.renumber(ctx, tx, f.ID, kk, in.Reason); err != nil {
				return err
			}
		}
		s := subject{objectFamily, f.ID, f.KelurahanID}
		if err := m.changed(ctx, tx, a, s, f.Version+1, what, in.Reason, fields); err != nil {
			return err
		}
		return m.worked(ctx, tx, a, "edit", s, "diubah", map[string]any{"isian": names(fields)})
	})
	return taken(err)
}

// renumber ends a family's KK number and begins another one, if there is one.
func (m *Module) renumber(ctx context.Context, tx pgx.Tx, familyID int64, kk kept, reason string) error {
	if err := pg.Exec(ctx, tx, sqlEndNumber, familyID, m.now()); err != nil || kk.hash == nil {
		return err
	}
	return pg.Exec(ctx, tx, sqlInsertNumber, familyID, kk.sealed, kk.hash, m.now(), reason)
}
