package portal

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// UnitRow is a unit in a list of the administration.
type UnitRow struct {
	ID        int64
	Kind      string
	Code      string
	Name      string
	Above     string // name of the unit above
	ValidFrom time.Time
	ValidTo   *time.Time
	Children  int
	Head      string // who decides now; empty when the post is vacant
}

// MaxFound is how many units, positions or people a search shows.
const MaxFound = 100

// Units lists what the tree shows first: the roots of the actor's realm, or,
// with words, what they find in it, at most MaxFound. closed adds units that
// are closed or to come.
func (ad *Admin) Units(ctx context.Context, a authz.Actor, words string, closed bool) (us []UnitRow, err error) {
	defer errs.In(&err, "portal.Units")
	scope := realm(a, PermUnits, PermPeople)
	if words == "" {
		return pg.Many[UnitRow](ctx, ad.DB, sqlAdminUnitRoots, scope, ad.Clock.Now())
	}
	return pg.Many[UnitRow](ctx, ad.DB, sqlAdminUnitSearch, scope, ad.Clock.Now(), words, closed, MaxFound)
}

// UnitDetail is everything the administration shows of one unit.
type UnitDetail struct {
	org.Unit
	Path        []org.Unit // from the root of the actor's realm down to the unit's parent
	Children    []UnitRow  // open ones first
	Positions   []org.Position
	Occupancies []org.Occupancy // those that hold now or will
	FormerNames []FormerName
	AreaName    string
	Successor   string
	SuccessorID int64
	HasBoundary bool
	Schedule    calendar.Schedule
	OwnSchedule bool // not that of a unit above
}

// FormerName is what a unit was called until the day before UsedUntil.
type FormerName struct {
	Name, ShortName string
	UsedUntil       time.Time
}

// Unit returns one unit of the actor's realm.
func (ad *Admin) Unit(ctx context.Context, a authz.Actor, id int64) (d UnitDetail, err error) {
	defer errs.In(&err, "portal.Unit(%d)", id)
	now := ad.Clock.Now()
	if d.Unit, err = ad.unit(ctx, ad.DB, a, id, PermUnits, PermPeople); err != nil {
		return d, err
	}
	path, err := org.Path(ctx, ad.DB, id)
	if err != nil {
		return d, err
	}
	for _, u := range path[:len(path)-1] {
		if hasIn(a, u.Ancestors, PermUnits, PermPeople) {
			d.Path = append(d.Path, u)
		}
	}
	if d.Children, err = pg.Many[UnitRow](ctx, ad.DB, sqlAdminUnitChildren, realm(a, PermUnits, PermPeople), now, id); err != nil {
		return d, err
	}
	if d.Positions, err = org.PositionsIn(ctx, ad.DB, id, now); err != nil {
		return d, err
	}
	if d.Occupancies, err = org.Occupancies(ctx, ad.DB, org.OccupancyFilter{UnitID: id, From: now}); err != nil {
		return d, err
	}
	if d.FormerNames, err = pg.Many[FormerName](ctx, ad.DB, sqlAdminFormerNames, id); err != nil {
		return d, err
	}
	more, err := pg.One[unitMore](ctx, ad.DB, sqlAdminUnitMore, id)
	if err != nil {
		return d, err
	}
	d.AreaName, d.Successor, d.HasBoundary = more.AreaName, more.Successor, more.HasBoundary
	if d.Unit.SuccessorID != nil {
		d.SuccessorID = *d.Unit.SuccessorID
	}
	d.Schedule, d.OwnSchedule, err = calendar.ScheduleOf(ctx, ad.DB, id)
	return d, err
}

type unitMore struct {
	AreaName    string
	Successor   string
	HasBoundary bool
}

// UnitForm is a unit as an administrator writes it: other units by code or
// name.
type UnitForm struct {
	org.UnitInput
	Parent  string
	Area    string
	Version int64 // what the form was opened with
}

// AddUnit creates a unit under one of the actor's and returns its id.
func (ad *Admin) AddUnit(ctx context.Context, a authz.Actor, key string, in UnitForm) (id int64, err error) {
	defer errs.In(&err, "portal.AddUnit")
	return ad.once(ctx, a, key, func(tx pgx.Tx) (int64, error) {
		if err := ad.resolve(ctx, tx, a, &in); err != nil {
			return 0, err
		}
		return org.AddUnit(ctx, tx, a, ad.Clock.Now(), in.UnitInput)
	})
}

// UpdateUnit changes a unit. Moving it takes the permission at both places.
// One that somebody else changed since the form was opened is errs.Conflict.
func (ad *Admin) UpdateUnit(ctx context.Context, a authz.Actor, id int64, in UnitForm) (err error) {
	defer errs.In(&err, "portal.UpdateUnit(%d)", id)
	return pg.InTx(ctx, ad.DB, func(tx pgx.Tx) error {
		updated, err := pg.Scalar[time.Time](ctx, tx, sqlUnitVersion, id)
		if err != nil {
			return err
		}
		old, err := ad.unit(ctx, tx, a, id, PermUnits)
		if err != nil {
			return err
		}
		if err := fresh(in.Version, updated); err != nil {
			return err
		}
		if old.ParentID == nil || !a.HasIn(PermUnits, old.Ancestors[:len(old.Ancestors)-1]) {
			// The head of the realm stays where it is: what is above is not the actor's.
			in.Parent = ""
			if old.ParentID != nil {
				in.ParentID = *old.ParentID
			}
		}
		if err := ad.resolve(ctx, tx, a, &in); err != nil {
			return err
		}
		return org.UpdateUnit(ctx, tx, a, ad.Clock.Now(), id, in.UnitInput)
	})
}

// resolve finds the units that the form names.
func (ad *Admin) resolve(ctx context.Context, q pg.Querier, a authz.Actor, in *UnitForm) error {
	if in.Parent != "" {
		u, err := ad.named(ctx, q, in.Parent, "induk", realm(a, PermUnits))
		if err != nil {
			return err
		}
		in.ParentID = u
	}
	if in.Area != "" {
		u, err := ad.named(ctx, q, in.Area, "wilayah", nil)
		if err != nil {
			return err
		}
		in.AreaID = u
	}
	return nil
}

// named returns the open unit with that code or exact name, in scope unless
// scope is nil; otherwise it is errs.Unprocessable for the field.
func (ad *Admin) named(ctx context.Context, q pg.Querier, words, field string, scope []int64) (int64, error) {
	ids, err := pg.Scalars[int64](ctx, q, sqlUnitNamed, strings.TrimSpace(words), scope)
	if err != nil {
		return 0, err
	}
	switch {
	case len(ids) == 0:
		return 0, errs.Invalid(errs.Field{Name: field, Message: "Tidak ada unit dengan kode atau nama ini. Pilih dari saran yang muncul."})
	case len(ids) > 1:
		return 0, errs.Invalid(errs.Field{Name: field, Message: "Ada beberapa unit dengan nama ini. Tulis kodenya."})
	}
	return ids[0], nil
}

// CloseUnit ends a unit on a day; successor is a code or name, may be empty.
func (ad *Admin) CloseUnit(ctx context.Context, a authz.Actor, id int64, day time.Time, successor string) (err error) {
	defer errs.In(&err, "portal.CloseUnit(%d)", id)
	return pg.InTx(ctx, ad.DB, func(tx pgx.Tx) error {
		if _, err := ad.unit(ctx, tx, a, id, PermUnits); err != nil {
			return err
		}
		var next int64
		if successor != "" {
			var err error
			if next, err = ad.named(ctx, tx, successor, "penerus", nil); err != nil {
				return err
			}
		}
		return org.CloseUnit(ctx, tx, a, ad.Clock.Now(), id, DateOf(day), next)
	})
}

// AddNeighbourhood creates RW n of a kelurahan or RT n of an RW with the
// position of its ketua.
func (ad *Admin) AddNeighbourhood(ctx context.Context, a authz.Actor, parentID int64, n int) (id int64, err error) {
	defer errs.In(&err, "portal.AddNeighbourhood(%d)", parentID)
	err = pg.InTx(ctx, ad.DB, func(tx pgx.Tx) error {
		u, err := ad.unit(ctx, tx, a, parentID, PermUnits)
		if err != nil {
			return err
		}
		if u.Kind == org.KindRW {
			id, err = org.AddRT(ctx, tx, a, ad.Clock.Now(), parentID, n)
		} else {
			id, err = org.AddRW(ctx, tx, a, ad.Clock.Now(), parentID, n)
		}
		return err
	})
	return id, err
}

// SetSchedule says which hours a unit and those below it follow; 0 for those
// of the unit above.
func (ad *Admin) SetSchedule(ctx context.Context, a authz.Actor, unitID, scheduleID int64) (err error) {
	defer errs.In(&err, "portal.SetSchedule(%d, %d)", unitID, scheduleID)
	return pg.InTx(ctx, ad.DB, func(tx pgx.Tx) error {
		if _, err := ad.unit(ctx, tx, a, unitID, PermCalendar); err != nil {
			return err
		}
		return calendar.Follow(ctx, tx, a, ad.Clock.Now(), unitID, scheduleID)
	})
}

// Suggestion is a unit or a title for a field that takes one by name.
type Suggestion struct{ Value, Label string }

// SuggestUnits lists the units that a form is likely to name: those of the
// actor's realm without RW and RT.
func (ad *Admin) SuggestUnits(ctx context.Context, a authz.Actor, ps ...authz.Permission) (s []Suggestion, err error) {
	defer errs.In(&err, "portal.SuggestUnits")
	return pg.Many[Suggestion](ctx, ad.DB, sqlSuggestUnits, realm(a, ps...))
}

// DateOf is the date of a moment in the city, as the database has dates; the
// zero time stays zero.
func DateOf(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	d := calendar.DayOf(t)
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// note writes an audit entry of the administration itself.
func (ad *Admin) note(ctx context.Context, q pg.Querier, a authz.Actor, e audit.Entry) error {
	return audit.Write(ctx, q, a, ad.Clock.Now(), e)
}
