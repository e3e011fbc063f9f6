// Package authz says who acts and what they may do. Roles are bundles of
// permissions scoped to units; a use case asks pure questions of an Actor, and
// lists are scoped in SQL by Actor.Units.
package authz

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Permission names one thing that an actor may do: "module.verb".
type Permission string

// Kind says what sort of actor acts.
type Kind string

const (
	Anonymous Kind = "anonim"
	Citizen   Kind = "warga"
	Staff     Kind = "pegawai"
	Machine   Kind = "sistem"
)

// Actor is whoever acts in one request or job. The zero value is a visitor
// without an account.
type Actor struct {
	AccountID int64
	Kind      Kind
	Name      string
	Email     string
	PersonID  int64 // org_person, 0 for citizens
	Positions []Position
	Grants    []Grant
	SessionID string // public handle of the session, never its token
	NeedsTOTP bool   // staff who must enrol a second factor before anything else
}

// Position is a jabatan that the actor holds at the moment of the request.
type Position struct {
	ID, OccupancyID, UnitID int64
	Title, UnitName, Kind   string // Kind: definitif, plt or plh
}

// Grant is a permission that holds in UnitID and in all units below it. AssignmentID is the
// assignment but for which it would not, see [Overseen]; 0 where it needs none.
type Grant struct {
	Permission   Permission
	UnitID       int64
	AssignmentID int64
}

// System is the actor of background work; name says which.
func System(name string) Actor { return Actor{Kind: Machine, Name: name} }

// SignedIn tells whether the actor has an account.
func (a Actor) SignedIn() bool { return a.AccountID != 0 }

// IsStaff tells whether the actor works for the city.
func (a Actor) IsStaff() bool { return a.Kind == Staff }

// Has tells whether the actor holds p anywhere.
func (a Actor) Has(p Permission) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Permission == p })
}

// HasAny tells whether the actor holds one of ps anywhere.
func (a Actor) HasAny(ps ...Permission) bool { return slices.ContainsFunc(ps, a.Has) }

// Units returns the roots of the actor's realm for p, without duplicates. It
// scopes SQL: `org_unit.ancestors && $1`. Never nil, so that nothing matches
// where nothing is granted.
func (a Actor) Units(p Permission) []int64 {
	units := []int64{}
	for _, g := range a.Grants {
		if g.Permission == p && !slices.Contains(units, g.UnitID) {
			units = append(units, g.UnitID)
		}
	}
	return units
}

// HasIn tells whether the actor holds p in a unit, given that unit's
// ancestors, itself included.
func (a Actor) HasIn(p Permission, ancestors []int64) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		return g.Permission == p && slices.Contains(ancestors, g.UnitID)
	})
}

// MainPosition is the position in whose name the actor acts when nothing
// chose another: the definitif one first. The zero Position when none is held.
func (a Actor) MainPosition() Position {
	for _, p := range a.Positions {
		if p.Kind == "definitif" {
			return p
		}
	}
	if len(a.Positions) > 0 {
		return a.Positions[0]
	}
	return Position{}
}

// Workplace says in whose name the actor works, in one line: position and unit, or the name
// of who holds no position.
func (a Actor) Workplace() string {
	p := a.MainPosition()
	switch {
	case p.Title == "":
		return a.Name
	case p.UnitName == "", strings.Contains(p.Title, p.UnitName):
		return p.Title
	}
	return p.Title + ", " + p.UnitName
}

var registered = map[Permission]string{}

// Register declares a permission with its Indonesian description, for the
// screen where roles are made. Call it from package variables only; it panics
// on a name declared twice.
func Register(p Permission, description string) Permission {
	if _, twice := registered[p]; twice || !strings.Contains(string(p), ".") {
		panic(fmt.Sprintf("authz: permission %q declared twice or without a module", p))
	}
	registered[p] = description
	return p
}

// Registered returns all declared permissions in the order of their names.
func Registered() []Permission {
	ps := make([]Permission, 0, len(registered))
	for p := range registered {
		ps = append(ps, p)
	}
	sort.Slice(ps, func(i, j int) bool { return ps[i] < ps[j] })
	return ps
}

// Describe returns the Indonesian description of p, "" when undeclared.
func Describe(p Permission) string { return registered[p] }
