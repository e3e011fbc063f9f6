package authz

import (
	"context"
	"slices"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Overseen are the modules, by the first part of their permissions, whose material the
// Inspektorat reads under an assignment alone: what a post in it is granted there beyond the
// Inspektorat itself holds while an assignment covers it. The rest, such as accounts and
// roles, is administration and goes by grants.
var Overseen = []string{"mtr", "epemerintahan", "epuskesmas", "eoffice", "kuciniki", "survey", "audit"}

// Module is the part of the portal that a permission belongs to.
func (p Permission) Module() string {
	module, _, _ := strings.Cut(string(p), ".")
	return module
}

// UnderAssignment tells whether an assignment opens anything to the actor now.
func (a Actor) UnderAssignment() bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.AssignmentID != 0 })
}

// Assigned are the assignments that open something of a module to the actor now, each with a
// unit in which it does.
func (a Actor) Assigned(module string) (ids, units []int64) {
	for _, g := range a.Grants {
		if g.AssignmentID != 0 && g.Permission.Module() == module {
			ids, units = append(ids, g.AssignmentID), append(units, g.UnitID)
		}
	}
	return ids, units
}

// Under is the actor with what one assignment opens to them and what is their own, without
// their other grants.
func (a Actor) Under(assignment int64) Actor {
	grants := []Grant{}
	for _, g := range a.Grants {
		if g.AssignmentID == assignment {
			grants = append(grants, g)
		}
	}
	a.Grants = grants
	return a
}

// Scope is a module in a unit and all below it.
type Scope struct {
	Module   string
	UnitID   int64
	UnitName string // as it is read
}

// Assignment is a surat tugas: it lets its members, while it runs and as far as their grants
// go, read what its scopes cover.
type Assignment struct {
	ID           int64
	UnitID       int64 // the Inspektorat
	Number       string
	IssuedOn     time.Time
	Subject      string
	StartsAt     time.Time
	EndsAt       time.Time // the end of its last day
	RegisteredBy string    // name
	RegisteredAt time.Time
	RevokedBy    string // name
	RevokedAt    *time.Time
	RevokedWhy   string
}

// Runs tells whether it opens anything at that time.
func (x Assignment) Runs(at time.Time) bool {
	return x.RevokedAt == nil && !at.Before(x.StartsAt) && at.Before(x.EndsAt)
}

// LastDay is within the last day on which it may run.
func (x Assignment) LastDay() time.Time { return x.EndsAt.Add(-time.Second) }

// NewAssignment is what is registered.
type NewAssignment struct {
	UnitID   int64
	Number   string
	IssuedOn time.Time
	Subject  string
	From, To time.Time // To is exclusive
	Members  []int64   // persons
	Scopes   []Scope
	By       int64 // account
}

const sqlAddAssignment = `
WITH x AS (
	INSERT INTO authz_assignment (unit_id, number, issued_on, subject, starts_at, ends_at, registered_by, registered_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
), m AS (
	INSERT INTO authz_assignment_member (assignment_id, person_id) SELECT DISTINCT x.id, p FROM x, unnest($9::bigint[]) p
)
INSERT INTO authz_assignment_scope (assignment_id, module, unit_id)
SELECT DISTINCT x.id, s.module, s.unit FROM x, unnest($10::text[], $11::bigint[]) s (module, unit) RETURNING assignment_id`

// AddAssignment stores an assignment and returns its id. A number that is taken is a wrong
// field "nomor". The caller writes the audit entry.
func AddAssignment(ctx context.Context, q pg.Querier, at time.Time, n NewAssignment) (id int64, err error) {
	defer errs.In(&err, "authz.AddAssignment")
	modules, units := make([]string, len(n.Scopes)), make([]int64, len(n.Scopes))
	for i, s := range n.Scopes {
		modules[i], units[i] = s.Module, s.UnitID
	}
	ids, err := pg.Scalars[int64](ctx, q, sqlAddAssignment, n.UnitID, n.Number, n.IssuedOn, n.Subject, n.From, n.To, n.By, at, n.Members, modules, units)
	if pg.Violates(err, "authz_assignment_number_key") {
		return 0, errs.Invalid(errs.Field{Name: "nomor", Message: "Surat tugas dengan nomor ini sudah dicatat."})
	}
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}

const sqlRevokeAssignment = `UPDATE authz_assignment SET revoked_by = $2, revoked_at = $3, revoked_why = $4 WHERE id = $1 AND revoked_at IS NULL`

// RevokeAssignment ends an assignment at once; one that is revoked already is errs.Conflict.
// The caller writes the audit entry.
func RevokeAssignment(ctx context.Context, q pg.Querier, at time.Time, id, by int64, why string) (err error) {
	defer errs.In(&err, "authz.RevokeAssignment(%d)", id)
	return pg.Changed(q.Exec(ctx, sqlRevokeAssignment, id, by, at, why))
}

const assignmentColumns = `
SELECT x.id, x.unit_id, x.number, x.issued_on, x.subject, x.starts_at, x.ends_at, r.name AS registered_by, x.registered_at,
	coalesce(v.name, '') AS revoked_by, x.revoked_at, coalesce(x.revoked_why, '') AS revoked_why
FROM authz_assignment x JOIN authn_account r ON r.id = x.registered_by LEFT JOIN authn_account v ON v.id = x.revoked_by
WHERE (EXISTS (SELECT FROM org_unit u WHERE u.id = x.unit_id AND u.ancestors && $1::bigint[])
	OR EXISTS (SELECT FROM authz_assignment_member m WHERE m.assignment_id = x.id AND m.person_id = $2)) `

const (
	sqlAssignments = assignmentColumns + `AND ($3::bigint = 0 OR x.id < $3) ORDER BY x.id DESC LIMIT $4`
	sqlAssignment  = assignmentColumns + `AND x.id = $3`
)

// Assignments are those of Inspektorats in units and of a person, newest first: those before
// the id before (0 = from the newest), at most limit.
func Assignments(ctx context.Context, q pg.Querier, units []int64, person, before int64, limit int) (_ []Assignment, err error) {
	defer errs.In(&err, "authz.Assignments")
	return pg.Many[Assignment](ctx, q, sqlAssignments, units, person, before, limit)
}

// AssignmentByID is one of those that Assignments lists; another one is errs.NotFound.
func AssignmentByID(ctx context.Context, q pg.Querier, units []int64, person, id int64) (_ Assignment, err error) {
	defer errs.In(&err, "authz.AssignmentByID(%d)", id)
	return pg.One[Assignment](ctx, q, sqlAssignment, units, person, id)
}

// Member is somebody of an assignment.
type Member struct {
	PersonID int64
	Name     string
}

const (
	sqlMembers = `SELECT m.person_id, n.name FROM authz_assignment_member m JOIN org_person n ON n.id = m.person_id WHERE m.assignment_id = $1 ORDER BY n.name, n.id`
	sqlScopes  = `SELECT s.module, s.unit_id, u.name AS unit_name FROM authz_assignment_scope s JOIN org_unit u ON u.id = s.unit_id WHERE s.assignment_id = $1 ORDER BY s.module, u.name`
)

// Members are who an assignment names.
func Members(ctx context.Context, q pg.Querier, id int64) (_ []Member, err error) {
	defer errs.In(&err, "authz.Members(%d)", id)
	return pg.Many[Member](ctx, q, sqlMembers, id)
}

// Scopes are what an assignment covers.
func Scopes(ctx context.Context, q pg.Querier, id int64) (_ []Scope, err error) {
	defer errs.In(&err, "authz.Scopes(%d)", id)
	return pg.Many[Scope](ctx, q, sqlScopes, id)
}
