package portal

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// PositionDetail is everything the administration shows of one position.
type PositionDetail struct {
	org.Position
	Unit        org.Unit
	Occupancies []org.Occupancy // all there ever were, the latest first
	Grants      []authz.GrantInfo
}

// Position returns one position of the actor's realm.
func (ad *Admin) Position(ctx context.Context, a authz.Actor, id int64) (d PositionDetail, err error) {
	defer errs.In(&err, "portal.Position(%d)", id)
	if d.Position, err = ad.position(ctx, ad.DB, a, id, PermUnits, PermPeople, PermRoles); err != nil {
		return d, err
	}
	if d.Unit, err = org.UnitByID(ctx, ad.DB, d.UnitID); err != nil {
		return d, err
	}
	if d.Occupancies, err = org.Occupancies(ctx, ad.DB, org.OccupancyFilter{PositionID: id}); err != nil {
		return d, err
	}
	d.Grants, err = authz.Grants(ctx, ad.DB, ad.Clock.Now(), authz.GrantFilter{PositionID: id})
	return d, err
}

// PositionForm is a position as an administrator writes it.
type PositionForm struct {
	org.PositionInput
	Superior string // title, may be empty
}

// SavePosition creates a position in a unit (id 0) or changes one, and returns
// its id.
func (ad *Admin) SavePosition(ctx context.Context, a authz.Actor, key string, id int64, in PositionForm) (_ int64, err error) {
	defer errs.In(&err, "portal.SavePosition(%d)", id)
	save := func(tx pgx.Tx) (int64, error) {
		now := ad.Clock.Now()
		if id != 0 {
			p, err := ad.position(ctx, tx, a, id, PermUnits)
			if err != nil {
				return 0, err
			}
			in.UnitID = p.UnitID
		}
		u, err := ad.unit(ctx, tx, a, in.UnitID, PermUnits)
		if err != nil {
			return 0, err
		}
		if in.Superior != "" {
			ids, err := pg.Scalars[int64](ctx, tx, sqlPositionTitled, in.Superior, u.Ancestors, now)
			if err != nil {
				return 0, err
			}
			if len(ids) == 0 {
				return 0, errs.Invalid(errs.Field{Name: "atasan", Message: "Tidak ada jabatan dengan nama ini. Pilih dari saran yang muncul."})
			}
			in.SuperiorID = ids[0]
		}
		if id != 0 {
			return id, org.UpdatePosition(ctx, tx, a, now, id, in.PositionInput)
		}
		if !u.Valid(now) {
			return 0, errs.New(errs.Conflict, "Unit ini tidak berlaku hari ini.")
		}
		return org.AddPosition(ctx, tx, a, now, in.PositionInput)
	}
	return ad.once(ctx, a, key, save)
}

// ClosePosition ends a position on a day together with whoever holds it then.
func (ad *Admin) ClosePosition(ctx context.Context, a authz.Actor, id int64, day time.Time) (err error) {
	defer errs.In(&err, "portal.ClosePosition(%d)", id)
	return pg.InTx(ctx, ad.DB, func(tx pgx.Tx) error {
		if _, err := ad.position(ctx, tx, a, id, PermUnits); err != nil {
			return err
		}
		return org.ClosePosition(ctx, tx, a, ad.Clock.Now(), id, DateOf(day))
	})
}

// Appoint puts a person into a position. The actor manages both: the position,
// none of whose rights reach beyond the actor's units, and the person.
func (ad *Admin) Appoint(ctx context.Context, a authz.Actor, key string, in org.Appointment) (id int64, err error) {
	defer errs.In(&err, "portal.Appoint(%d)", in.PositionID)
	return ad.once(ctx, a, key, func(tx pgx.Tx) (int64, error) {
		if err := ad.mayFill(ctx, tx, a, in.PositionID); err != nil {
			return 0, err
		}
		// In org's order: the position before the person.
		person, err := ad.person(ctx, tx, a, in.PersonID)
		if err != nil {
			return 0, err
		}
		if in.Move && !person.Wholly {
			return 0, errs.Invalid(errs.Field{Name: "orang", Message: "Orang ini juga bertugas di luar unit Anda. Minta administrator kota memindahkannya."})
		}
		return org.Appoint(ctx, tx, a, ad.Clock.Now(), in)
	})
}

// mayFill asks whether the actor may choose who holds a position.
func (ad *Admin) mayFill(ctx context.Context, tx pgx.Tx, a authz.Actor, positionID int64) error {
	if _, err := ad.position(ctx, tx, a, positionID, PermPeople); err != nil {
		return err
	}
	beyond, err := pg.Scalar[bool](ctx, tx, sqlPositionReachesBeyond, positionID, realm(a, PermPeople), ad.Clock.Now())
	if err == nil && beyond {
		err = errs.New(errs.Conflict, "Jabatan ini punya wewenang di luar unit Anda. Minta administrator kota mengisinya.")
	}
	return err
}

// Occupancy returns one occupancy of a position in the actor's realm.
func (ad *Admin) Occupancy(ctx context.Context, a authz.Actor, id int64) (o org.Occupancy, err error) {
	defer errs.In(&err, "portal.Occupancy(%d)", id)
	position, err := pg.Scalar[int64](ctx, ad.DB, sqlPositionOfOccupancy, id)
	if err != nil {
		return o, err
	}
	if _, err := ad.position(ctx, ad.DB, a, position, PermPeople); err != nil {
		return o, err
	}
	all, err := org.Occupancies(ctx, ad.DB, org.OccupancyFilter{PositionID: position})
	if err != nil {
		return o, err
	}
	for _, o := range all {
		if o.ID == id {
			return o, nil
		}
	}
	return o, errs.New(errs.NotFound, "")
}

// EndOccupancy ends an occupancy at a moment; one that has not begun by then
// is withdrawn.
func (ad *Admin) EndOccupancy(ctx context.Context, a authz.Actor, id int64, ends time.Time) (err error) {
	defer errs.In(&err, "portal.EndOccupancy(%d)", id)
	return pg.InTx(ctx, ad.DB, func(tx pgx.Tx) error {
		position, err := pg.Scalar[int64](ctx, tx, sqlPositionOfOccupancy, id)
		if err != nil {
			return err
		}
		if _, err := ad.position(ctx, tx, a, position, PermPeople); err != nil {
			return err
		}
		return org.EndOccupancy(ctx, tx, a, ad.Clock.Now(), id, ends)
	})
}

// SuggestTitles lists positions that a form is likely to name: those of the
// unit and of the units above it, or with unit 0 those of the actor's realm.
func (ad *Admin) SuggestTitles(ctx context.Context, a authz.Actor, unitID int64) (s []Suggestion, err error) {
	defer errs.In(&err, "portal.SuggestTitles(%d)", unitID)
	return pg.Many[Suggestion](ctx, ad.DB, sqlSuggestTitles, realm(a, PermUnits, PermPeople), unitID, ad.Clock.Now())
}

const sqlPositionOfOccupancy = `SELECT position_id FROM org_occupancy WHERE id = $1`

// A title in the unit itself or above wins over the same title elsewhere.
const sqlPositionTitled = `SELECT p.id FROM org_position p JOIN org_unit u ON u.id = p.unit_id
WHERE lower(p.title) = lower($1::text) AND (p.valid_to IS NULL OR p.valid_to > ($3::timestamptz AT TIME ZONE 'Asia/Makassar')::date)
ORDER BY u.id = ANY ($2::bigint[]) DESC, array_length(u.ancestors, 1) DESC, p.id LIMIT 1`

const sqlPositionReachesBeyond = `SELECT EXISTS (
	SELECT FROM authz_grant g JOIN org_unit u ON u.id = g.unit_id
	WHERE g.position_id = $1 AND (g.valid_to IS NULL OR g.valid_to > $3::timestamptz) AND NOT u.ancestors && $2::bigint[])`

const sqlSuggestTitles = `SELECT p.title AS value, u.name AS label
FROM org_position p JOIN org_unit u ON u.id = p.unit_id
WHERE (p.valid_to IS NULL OR p.valid_to > ($3::timestamptz AT TIME ZONE 'Asia/Makassar')::date) AND u.kind NOT IN ('rw', 'rt')
	AND CASE WHEN $2::bigint = 0 THEN u.ancestors && $1::bigint[]
		ELSE u.id = ANY ((SELECT l.ancestors FROM org_unit l WHERE l.id = $2)::bigint[]) OR p.kind = 'kepala' AND array_length(u.ancestors, 1) = 2 END
ORDER BY array_length(u.ancestors, 1) DESC, p.kind <> 'kepala', p.title LIMIT 500`
