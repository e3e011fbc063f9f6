package epemerintahan

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Opened is a resident with their numbers in full.
type Opened struct {
	Resident
	Full Numbers
}

// Lookup opens a resident of the actor's realm, for a purpose that the audit trail
// keeps: to fill a letter. Somebody who does not live here any more is found too.
func (m *Module) Lookup(ctx context.Context, q pg.Querier, a authz.Actor, id int64, purpose string) (_ Opened, err error) {
	defer errs.In(&err, "epemerintahan.Lookup(%d)", id)
	r, err := m.resident(ctx, q, sqlResident, a, PermView, id, 0)
	if err != nil {
		return Opened{}, err
	}
	if err := m.read(ctx, q, a, "use", subject{objectResident, id, r.KelurahanID}, map[string]any{"untuk": purpose}); err != nil {
		return Opened{}, err
	}
	return m.opened(r)
}

// ByID opens a resident for the program itself, wherever they live and without a
// trace: whoever shows it answers for that. A deleted record is errs.NotFound.
func (m *Module) ByID(ctx context.Context, q pg.Querier, id int64) (_ Opened, err error) {
	defer errs.In(&err, "epemerintahan.ByID(%d)", id)
	r, err := pg.One[residentRow](ctx, q, sqlAnyResident, id)
	if err != nil {
		return Opened{}, err
	}
	if err := m.open(&r); err != nil {
		return Opened{}, err
	}
	return m.opened(r)
}

// ByIDs is ByID for several, in their order; deleted records are left out.
func (m *Module) ByIDs(ctx context.Context, q pg.Querier, ids []int64) (all []Opened, err error) {
	defer errs.In(&err, "epemerintahan.ByIDs")
	rows, err := pg.Many[residentRow](ctx, q, sqlResidents, ids)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if err := m.open(&r); err != nil {
			return nil, err
		}
		o, err := m.opened(r)
		if err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, nil
}

func (m *Module) opened(r residentRow) (o Opened, err error) {
	o.Resident = r.Resident
	if o.Full.NIK, err = m.number(r.NIKSealed, sealNIK); err != nil {
		return o, err
	}
	o.Full.KK, err = m.number(r.KKSealed, sealKK)
	return o, err
}

// ByNIK finds the resident with a NIK in the actor's realm; anybody else is
// errs.NotFound, and a number that cannot be one errs.Invalid. It is audited.
func (m *Module) ByNIK(ctx context.Context, a authz.Actor, nik string) (_ Resident, err error) {
	defer errs.In(&err, "epemerintahan.ByNIK")
	nik = CleanNumber(nik)
	if wrong := digits("NIK", nik); wrong != "" {
		return Resident{}, errs.Invalid(errs.Field{Name: ControlNIK, Message: wrong})
	}
	r, err := pg.One[residentRow](ctx, m.db, sqlByNIK, m.box.Hash(sealNIK, nik), a.Units(PermView))
	if err != nil {
		if errs.KindOf(err) == errs.NotFound {
			err = errNoResident
		}
		return Resident{}, err
	}
	if err := m.open(&r); err != nil {
		return Resident{}, err
	}
	return r.Resident, m.read(ctx, m.db, a, "find", subject{objectResident, r.ID, r.KelurahanID}, nil)
}

// FamilyByNumber finds the family with a KK number, or of the living resident with a
// NIK, in the actor's realm; none is errs.Invalid at ControlFamily.
func (m *Module) FamilyByNumber(ctx context.Context, a authz.Actor, number string) (id int64, err error) {
	defer errs.In(&err, "epemerintahan.FamilyByNumber")
	number = CleanNumber(number)
	wrong := digits("Nomor", number)
	if number == "" {
		wrong = "Tulis nomor KK keluarga itu, atau NIK salah satu anggotanya."
	}
	if wrong != "" {
		return 0, errs.Invalid(errs.Field{Name: ControlFamily, Message: wrong})
	}
	id, err = pg.Scalar[int64](ctx, m.db, sqlFamilyByNumber, m.box.Hash(sealKK, number), m.box.Hash(sealNIK, number), a.Units(PermView))
	if err != nil && errs.KindOf(err) == errs.NotFound {
		err = errs.Invalid(errs.Field{Name: ControlFamily, Message: "Tidak ada keluarga dengan nomor ini di wilayah Anda."})
	}
	return id, err
}

// FamilyMembers are those of a family, for the program itself: the living first, the
// head leading, then by relation and age.
func (m *Module) FamilyMembers(ctx context.Context, q pg.Querier, familyID int64) (_ []Member, err error) {
	defer errs.In(&err, "epemerintahan.FamilyMembers(%d)", familyID)
	return pg.Many[Member](ctx, q, sqlMembers, familyID)
}

// Reading is one look at a resident's record, or one act on it.
type Reading struct {
	ID     int64 // for the next page
	At     time.Time
	Name   string // of who acted; "Sistem" for the program
	Unit   string // in which they acted; "" = none
	Letter string // code of the kind of letter, where it was about one
	// Title is of the position that they held then, WorksIn its unit; "" = none.
	Title, WorksIn string
	Action         string
	Reason         string // what it was for, when it was said
}

// Readers lists who looked at a resident's record or changed it, newest first: the
// entries before the id before (0 = from the newest), at most limit.
func (m *Module) Readers(ctx context.Context, residentID, before int64, limit int) (_ []Reading, err error) {
	defer errs.In(&err, "epemerintahan.Readers(%d)", residentID)
	entries, err := audit.About(ctx, m.db, objectResident, residentID, before, limit)
	if err != nil {
		return nil, err
	}
	out := make([]Reading, len(entries))
	for i, e := range entries {
		out[i] = ReadingOf(e)
	}
	return out, nil
}
