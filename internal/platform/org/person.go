package org

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Kinds of employment.
const (
	EmploymentPNS    = "pns"
	EmploymentPPPK   = "pppk"
	EmploymentNonASN = "non_asn"
	// EmploymentCitizen is a ketua RT or RW and others who serve without being employed.
	EmploymentCitizen = "warga"
)

// Employments lists the kinds of employment with their names.
func Employments() []Kind {
	return []Kind{{EmploymentPNS, "PNS"}, {EmploymentPPPK, "PPPK"}, {EmploymentNonASN, "Non-ASN"}, {EmploymentCitizen, "Warga (RT/RW, kader)"}}
}

// Person is somebody who works for the city, with or without an account.
type Person struct {
	ID          int64
	AccountID   *int64
	Name        string
	StaffNumber *string // NIP without spaces, or the unit's own number
	Rank        string  // pangkat: "Penata Muda Tk. I (III/b)"
	Employment  string
	Email       string
	LeftOn      *time.Time // first day on which the person no longer works here
	UpdatedAt   time.Time
}

// Kinds of positions.
const (
	PositionHead       = "kepala"
	PositionSecretary  = "sekretaris"
	PositionStructural = "struktural"
	PositionFunctional = "fungsional"
	PositionClerk      = "pelaksana"
)

// PositionKinds lists the kinds of positions with their names.
func PositionKinds() []Kind {
	return []Kind{
		{PositionHead, "Kepala unit"}, {PositionSecretary, "Sekretaris"}, {PositionStructural, "Struktural lain"},
		{PositionFunctional, "Fungsional"}, {PositionClerk, "Pelaksana"},
	}
}

// Position is a jabatan: work is addressed to it, whoever holds it.
type Position struct {
	ID            int64
	UnitID        int64
	UnitName      string
	Ancestors     []int64 // of its unit
	Title         string
	Kind          string
	SuperiorID    *int64
	SuperiorTitle *string
	Seats         int
	ValidFrom     time.Time
	ValidTo       *time.Time
}

// Kinds of occupancy.
const (
	Definitive = "definitif"
	Plt        = "plt" // acts in a vacant post
	Plh        = "plh" // stands in while the holder is away
)

// Occupancy is a person in a position for a time.
type Occupancy struct {
	ID          int64
	PositionID  int64
	Title       string
	UnitID      int64
	UnitName    string
	Seat        int
	PersonID    int64
	PersonName  string
	StaffNumber *string
	Kind        string
	StartsAt    time.Time
	EndsAt      *time.Time // rights end at this very second
	BasisNumber string     // number of the decree
	BasisDate   *time.Time
}

// Holder is who sits in a position at one moment.
type Holder struct {
	PositionID   int64
	PositionKind string
	OccupancyID  int64
	UnitID       int64
	UnitName     string
	PersonID     int64
	AccountID    *int64 // nil: the person cannot sign in
	Name         string
	Title        string
	Kind         string // definitif, plt or plh
}

// PositionsOf returns the positions that an account holds at a moment, the
// definitive ones first. It is empty for citizens and for people who have left.
func PositionsOf(ctx context.Context, q pg.Querier, accountID int64, at time.Time) (ps []authz.Position, err error) {
	defer errs.In(&err, "org.PositionsOf(%d)", accountID)
	return pg.Many[authz.Position](ctx, q, sqlPositionsOf, accountID, at)
}

// PersonOf returns the person behind an account; errs.NotFound for citizens.
func PersonOf(ctx context.Context, q pg.Querier, accountID int64) (p Person, err error) {
	defer errs.In(&err, "org.PersonOf(%d)", accountID)
	return pg.One[Person](ctx, q, sqlPersonOfAccount, accountID)
}

// PersonByID returns one person.
func PersonByID(ctx context.Context, q pg.Querier, id int64) (p Person, err error) {
	defer errs.In(&err, "org.PersonByID(%d)", id)
	return pg.One[Person](ctx, q, sqlPersonByID, id)
}

// Head returns who decides for a unit at a moment: the Plh of its head while
// there is one, else the definitive holder or Plt; errs.NotFound when the post is
// vacant.
func Head(ctx context.Context, q pg.Querier, unitID int64, at time.Time) (h Holder, err error) {
	defer errs.In(&err, "org.Head(%d)", unitID)
	return pg.Once(ctx, headOf{unitID, at.Truncate(time.Minute).Unix()}, func() (Holder, error) { return pg.One[Holder](ctx, q, sqlHead, unitID, at) })
}

// headOf is the key of a unit's head in a minute.
type headOf struct{ unit, minute int64 }

// NearestHead is Head of the unit or, where that post is vacant, of the nearest
// unit above that has one.
func NearestHead(ctx context.Context, q pg.Querier, unitID int64, at time.Time) (h Holder, err error) {
	defer errs.In(&err, "org.NearestHead(%d)", unitID)
	return pg.One[Holder](ctx, q, sqlNearestHead, unitID, at)
}

// HoldersOf returns who holds a position at a moment, definitive ones first.
func HoldersOf(ctx context.Context, q pg.Querier, positionID int64, at time.Time) (hs []Holder, err error) {
	defer errs.In(&err, "org.HoldersOf(%d)", positionID)
	return pg.Many[Holder](ctx, q, sqlHoldersOf, positionID, at)
}

// StaffOf returns everybody who holds a position in a unit or below it at a
// moment, by title and name: whom work may be assigned to.
func StaffOf(ctx context.Context, q pg.Querier, unitID int64, at time.Time) (hs []Holder, err error) {
	defer errs.In(&err, "org.StaffOf(%d)", unitID)
	return pg.Many[Holder](ctx, q, sqlStaffOf, unitID, at)
}

// PositionByID returns one position, closed ones too.
func PositionByID(ctx context.Context, q pg.Querier, id int64) (p Position, err error) {
	defer errs.In(&err, "org.PositionByID(%d)", id)
	return pg.One[Position](ctx, q, sqlPositionByID, id)
}

// PositionsIn lists the positions of one unit that exist on the day of at, the
// head first.
func PositionsIn(ctx context.Context, q pg.Querier, unitID int64, at time.Time) (ps []Position, err error) {
	defer errs.In(&err, "org.PositionsIn(%d)", unitID)
	return pg.Many[Position](ctx, q, sqlPositionsIn, unitID, dayOf(at))
}
