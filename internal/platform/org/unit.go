package org

import (
	"context"
	"fmt"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Kinds of units.
const (
	KindCity          = "kota"
	KindSecretariat   = "sekretariat"
	KindInspectorate  = "inspektorat"
	KindDepartment    = "dinas"
	KindAgency        = "badan"
	KindHospital      = "rsud"
	KindEnterprise    = "bumd"
	KindTechnicalUnit = "upt"
	KindPuskesmas     = "puskesmas"
	KindBureau        = "bagian"
	KindDivision      = "bidang"
	KindSubdivision   = "subbagian"
	KindSection       = "seksi"
	KindKecamatan     = "kecamatan"
	KindKelurahan     = "kelurahan"
	KindRW            = "rw"
	KindRT            = "rt"
)

// Kind is a kind of unit with its Indonesian name.
type Kind struct{ Value, Label string }

// Kinds lists every kind of unit in the order of the tree.
func Kinds() []Kind {
	return []Kind{
		{KindCity, "Kota"}, {KindSecretariat, "Sekretariat"}, {KindInspectorate, "Inspektorat"},
		{KindDepartment, "Dinas"}, {KindAgency, "Badan"}, {KindHospital, "Rumah sakit"},
		{KindEnterprise, "Perusahaan daerah"}, {KindTechnicalUnit, "UPT"}, {KindPuskesmas, "Puskesmas"},
		{KindBureau, "Bagian"}, {KindDivision, "Bidang"}, {KindSubdivision, "Subbagian"}, {KindSection, "Seksi"},
		{KindKecamatan, "Kecamatan"}, {KindKelurahan, "Kelurahan"}, {KindRW, "RW"}, {KindRT, "RT"},
	}
}

// OPDKinds are the kinds of units that answer complaints as a whole.
func OPDKinds() []string {
	return []string{KindSecretariat, KindInspectorate, KindDepartment, KindAgency, KindHospital, KindEnterprise}
}

// Unit is one node of the tree.
type Unit struct {
	ID          int64
	ParentID    *int64
	Ancestors   []int64 // from the root to the unit itself
	Kind        string
	Code        string
	Name        string // official: "Kelurahan Kassi-Kassi"
	ShortName   string // on tags and in tables: "Kassi-Kassi", "Dishub"
	AreaID      *int64 // the kecamatan a puskesmas lies in
	Address     string
	Phone       string
	Lat, Lng    *float64
	ByNameOnly  bool // an island, never guessed from coordinates
	ValidFrom   time.Time
	ValidTo     *time.Time // first day on which it no longer exists
	SuccessorID *int64
	UpdatedAt   time.Time
}

// Valid tells whether the unit exists on the day of at in the city.
func (u Unit) Valid(at time.Time) bool {
	day := dayOf(at)
	return !u.ValidFrom.After(day) && (u.ValidTo == nil || u.ValidTo.After(day))
}

// Depth is 0 for the city.
func (u Unit) Depth() int { return len(u.Ancestors) - 1 }

// dayOf returns the city's day of t as PostgreSQL's date comes back: midnight UTC.
func dayOf(t time.Time) time.Time {
	t = t.In(clock.Makassar)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// midnight returns the moment in the city at which a day begins.
func midnight(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, clock.Makassar)
}

// UnitByID returns one unit, closed ones too; errs.NotFound when there is none.
func UnitByID(ctx context.Context, q pg.Querier, id int64) (u Unit, err error) {
	defer errs.In(&err, "org.UnitByID(%d)", id)
	return pg.One[Unit](ctx, q, sqlUnitByID, id)
}

// UnitByCode returns the unit that carries a code now ("73.71.13.1002",
// "DISHUB"); errs.NotFound when there is none.
func UnitByCode(ctx context.Context, q pg.Querier, code string) (u Unit, err error) {
	defer errs.In(&err, "org.UnitByCode(%q)", code)
	return pg.One[Unit](ctx, q, sqlUnitByCode, code)
}

// Root returns the city.
func Root(ctx context.Context, q pg.Querier) (u Unit, err error) {
	defer errs.In(&err, "org.Root")
	return pg.Once(ctx, theRoot{}, func() (Unit, error) { return pg.One[Unit](ctx, q, sqlUnitRoot) })
}

// HoldsRoot tells whether the city is among some units, such as those in which somebody holds a
// permission.
func HoldsRoot(ctx context.Context, q pg.Querier, ids []int64) (_ bool, err error) {
	defer errs.In(&err, "org.HoldsRoot")
	return pg.Once(ctx, holdsRoot(fmt.Sprint(ids)), func() (bool, error) { return pg.Scalar[bool](ctx, q, sqlHoldsRoot, ids) })
}

type (
	holdsRoot string // units
	theRoot   struct{}
)

// Path returns the units from the root down to the unit itself.
func Path(ctx context.Context, q pg.Querier, id int64) (us []Unit, err error) {
	defer errs.In(&err, "org.Path(%d)", id)
	us, err = pg.Many[Unit](ctx, q, sqlUnitPath, id)
	if err == nil && len(us) == 0 {
		err = errs.New(errs.NotFound, "")
	}
	return us, err
}

// UnitFilter chooses units; the zero value means every unit that exists on At.
type UnitFilter struct {
	Kinds  []string
	Under  []int64 // these units and all below them
	Parent int64   // direct children of
	Search string  // part of the name, short name or code
	At     time.Time
	Closed bool // closed ones and those to come as well
	Limit  int  // 0: all
}

// Units lists units in the order of the tree: a parent before its children,
// siblings by code.
func Units(ctx context.Context, q pg.Querier, f UnitFilter) (us []Unit, err error) {
	defer errs.In(&err, "org.Units(%+v)", f)
	var limit *int
	if f.Limit > 0 {
		limit = &f.Limit
	}
	var day *time.Time
	if !f.Closed {
		d := dayOf(f.At)
		day = &d
	}
	return pg.Many[Unit](ctx, q, sqlUnits, f.Kinds, f.Under, zeroIsNull(f.Parent), f.Search, day, limit)
}

// Current follows successors from a unit to the one that does its work on the
// day of at. A unit that exists is its own; one without successor is returned
// closed.
func Current(ctx context.Context, q pg.Querier, id int64, at time.Time) (u Unit, err error) {
	defer errs.In(&err, "org.Current(%d)", id)
	return pg.One[Unit](ctx, q, sqlUnitCurrent, id, dayOf(at))
}

// NameAt returns what a unit was called on the day of at.
func NameAt(ctx context.Context, q pg.Querier, id int64, at time.Time) (name string, err error) {
	defer errs.In(&err, "org.NameAt(%d)", id)
	return pg.Scalar[string](ctx, q, sqlUnitNameAt, id, dayOf(at))
}

func zeroIsNull(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}
