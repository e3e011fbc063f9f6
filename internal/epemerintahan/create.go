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

// Create records one person and returns their id. The first person of a new family is
// its head. Somebody who moved away from another family of the city and arrives here
// keeps their record: it comes along, with its history.
func (m *Module) Create(ctx context.Context, a authz.Actor, in CreateInput) (id int64, err error) {
	defer errs.In(&err, "epemerintahan.Create")
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		id, err = m.create(ctx, tx, a, in)
		return taken(err)
	})
	return id, err
}

func (m *Module) create(ctx context.Context, tx pgx.Tx, a authz.Actor, in CreateInput) (int64, error) {
	f, err := m.familyFor(ctx, tx, a, in.FamilyID, in.KelurahanID)
	if err != nil {
		return 0, err
	}
	may, c, today := mayIn(a, f.Ancestors), check{}, m.today()
	living, err := pg.Many[Member](ctx, tx, sqlLiving, f.ID)
	if err != nil {
		return 0, err
	}
	if slices.ContainsFunc(living, func(p Member) bool {
		return indo.FoldPerson(p.Name) == indo.FoldPerson(in.Name) && p.BirthDate.Equal(dayOf(in.BirthDate))
	}) {
		c.fail(ControlName, wordsThere) // sent twice, or written down twice
	}
	if len(living) == 0 {
		in.Relation = RelationHead
	} else if in.Relation == RelationHead {
		c.fail(ControlRelation, wordsTwoHeads)
	}
	c.nik(&in.NIK, &in.NIKStatus, in.Person)
	c.person(&in.Person, today)
	if f.ID == 0 {
		c.home(&in.RW, &in.RT, &in.Address)
		c.kk(&in.KK)
		f.RW, f.RT, f.Address = in.RW, in.RT, in.Address
	}
	c.entry(&in.NewResident, today)
	c.reason(&in.Reason, "")
	nik := m.keep(in.NIK, sealNIK)
	moved, err := m.movedWith(ctx, tx, nik, in.NewResident, &c)
	if err != nil {
		return 0, err
	}
	if err := c.err(may.Override, in.Reason); err != nil {
		return 0, err
	}
	made := rows{now: m.now(), by: a.AccountID}
	if f.ID == 0 {
		if f.ID, err = pg.Scalar[int64](ctx, tx, sqlFamilyIDs, 1); err != nil {
			return 0, err
		}
		made.family(f.ID, f.Home, m.keep(in.KK, sealKK), explained(CheckKK(in.KK))(in.Reason))
	}
	why := explained(CheckNIK(in.NIK, in.BirthDate, in.Sex))(in.Reason)
	if moved != nil {
		if err := m.copy(ctx, tx, made); err != nil {
			return 0, err
		}
		return moved.ID, m.arrivals(ctx, tx, a, *moved, f, in, why)
	}
	id, err := pg.Scalar[int64](ctx, tx, sqlResidentIDs, 1)
	if err != nil {
		return 0, err
	}
	made.resident(id, f.ID, f.Home, in.NewResident, nik, why)
	if err := m.copy(ctx, tx, made); err != nil {
		return 0, err
	}
	if err := m.touch(ctx, tx, f.ID); err != nil {
		return 0, err
	}
	return id, m.worked(ctx, tx, a, string(in.Entry), subject{objectResident, id, f.KelurahanID}, string(in.Entry), nil)
}

// familyFor locks an existing family, or prepares a new one in a kelurahan where the
// actor may record.
func (m *Module) familyFor(ctx context.Context, tx pgx.Tx, a authz.Actor, familyID, kelurahanID int64) (f familyRow, err error) {
	if familyID != 0 {
		return m.family(ctx, tx, sqlLockFamily, a, PermEdit, familyID, 0)
	}
	places, err := pg.Many[struct {
		ID        int64
		Ancestors []int64
	}](ctx, tx, sqlPlaces, []int64{kelurahanID})
	if err != nil {
		return f, err
	}
	if len(places) == 0 || !a.HasIn(PermView, places[0].Ancestors) || !a.HasIn(PermEdit, places[0].Ancestors) {
		return f, errs.Invalid(errs.Field{Name: ControlKelurahan, Message: "Pilih kelurahan tempat Anda bekerja."})
	}
	f.KelurahanID, f.Ancestors = kelurahanID, places[0].Ancestors
	return f, nil
}

// movedWith finds who has the NIK and moved away; nil when nobody has it. Somebody with
// another name or birthday is a doubt: perhaps the number is mistyped.
func (m *Module) movedWith(ctx context.Context, tx pgx.Tx, nik kept, r NewResident, c *check) (*residentRow, error) {
	if nik.hash == nil {
		return nil, nil
	}
	found, err := pg.Many[residentRow](ctx, tx, sqlLockMoved, nik.hash)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	was := found[0]
	switch {
	case r.Entry != MovedIn:
		c.fail(ControlNIK, wordsNIKMoved)
	case !was.BirthDate.Equal(r.BirthDate) || indo.FoldPerson(was.Name) != indo.FoldPerson(r.Name):
		c.problems = append(c.problems, Problem{c.member, ControlNIK, "NIK ini tercatat pada orang yang pindah dengan nama atau tanggal lahir lain. Periksa lagi angkanya.", true})
	}
	return &was, nil
}

// arrivals takes over the records of who arrives and, when asked, of those who left
// together with them. Of several heads only the first one is asked about; the others
// become somebody in the family.
func (m *Module) arrivals(ctx context.Context, tx pgx.Tx, a authz.Actor, first residentRow, f familyRow, in CreateInput, why string) error {
	events, err := pg.Many[Event](ctx, tx, sqlEvents, first.ID)
	if err != nil {
		return err
	}
	var along []int64
	if last, _ := Latest(events); in.Along {
		if along, err = pg.Scalars[int64](ctx, tx, sqlTogether, first.FamilyID, first.ID, last.Kind, last.RecordedAt); err != nil {
			return err
		}
	}
	if err := m.arrive(ctx, tx, a, first, events, f, in, why); err != nil {
		return err
	}
	for _, id := range along {
		if err := m.follow(ctx, tx, a, id, first.FamilyID, f, in); err != nil {
			return err
		}
	}
	return m.touch(ctx, tx, f.ID)
}

// follow takes over the record of somebody along with another one's, unless more has
// happened to them since they left.
func (m *Module) follow(ctx context.Context, tx pgx.Tx, a authz.Actor, id, from int64, f familyRow, in CreateInput) error {
	r, err := pg.One[residentRow](ctx, tx, sqlLockAnyResident, id)
	if err != nil || r.FamilyID != from || r.Status != Moved {
		return err
	}
	events, err := pg.Many[Event](ctx, tx, sqlEvents, id)
	if err != nil {
		return err
	}
	in.Person, in.Reason = r.Person, ""
	if in.Relation == RelationHead {
		in.Relation = RelationOther
	}
	in.NIK = ""
	return m.arrive(ctx, tx, a, r, events, f, in, r.NIKReason)
}

// arrive takes over the record of somebody who moved away from elsewhere.
func (m *Module) arrive(ctx context.Context, tx pgx.Tx, a authz.Actor, was residentRow, events []Event, f familyRow, in CreateInput, why string) error {
	if in.EntryOn.Before(was.StatusOn) {
		return errs.Invalid(errs.Field{Name: ControlDate, Message: "Orang ini baru tercatat pindah pada " + indo.Date(was.StatusOn) + "; kedatangannya tidak mungkin lebih awal."})
	}
	in.Detail.FamilyBefore, in.Detail.RelationBefore = was.FamilyID, was.Relation
	e := Event{Seq: len(events) + 1, Kind: MovedIn, HappenedOn: in.EntryOn, RecordedAt: m.now(), KelurahanID: f.KelurahanID, Reason: in.Reason, Detail: in.Detail}
	s, err := Replay(append(events, e))
	if err != nil {
		return err
	}
	fields := differ(was.Person.fields(), in.Person.fields())
	if err := m.correct(ctx, tx, a, &was, in, why, fields); err != nil {
		return err
	}
	err = pg.Changed(tx.Exec(ctx, sqlPlaceResident, was.ID, was.Version, f.ID, in.Relation, m.now()))
	if err != nil {
		return err
	}
	was.Version++
	if err := m.stand(ctx, tx, &was, s, in.Relation); err != nil {
		return err
	}
	return m.note(ctx, tx, a, was, e)
}

// correct writes what is known anew of somebody who arrives.
func (m *Module) correct(ctx context.Context, tx pgx.Tx, a authz.Actor, was *residentRow, in CreateInput, why string, fields []FieldChange) error {
	if len(fields) == 0 {
		return nil
	}
	nik := kept{}
	if was.NIKStatus == NIKPresent {
		number, err := m.number(was.NIKSealed, sealNIK)
		if err != nil {
			return err
		}
		nik = m.sameNIK(*was, number)
	}
	// The place that they take is written with the place.
	in.Person.Relation = was.Relation
	if err := m.write(ctx, tx, a, was, in.Person, nik, was.NIKStatus, why); err != nil {
		return err
	}
	return m.changed(ctx, tx, a, subject{object: objectResident, id: was.ID}, was.Version, "ubah", in.Reason, fields)
}

// sameNIK keeps the sealed number of a row, whose hash has been found by number.
func (m *Module) sameNIK(r residentRow, number string) kept {
	return kept{r.NIKSealed, m.box.Hash(sealNIK, number)}
}

// write brings a row to what is written about its resident.
func (m *Module) write(ctx context.Context, tx pgx.Tx, a authz.Actor, r *residentRow, p Person, nik kept, status NIKStatus, why string) error {
	by := int64(0)
	if why != "" && why != r.NIKReason {
		by = a.AccountID
	}
	err := pg.Changed(tx.Exec(ctx, sqlUpdateResident, r.ID, r.Version, p.Relation, nik.sealed, nik.hash, status, why, by, p.Name, indo.FoldPerson(p.Name),
		p.Sex, p.BirthPlace, p.BirthDate, p.Religion, p.Education, p.Job, p.Marital, p.Citizenship, p.Permanence,
		p.FatherName, p.MotherName, p.BirthDeed, p.MarriageDeed, p.DivorceDeed, m.now()))
	r.Version++
	return taken(err)
}
