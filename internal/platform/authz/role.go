package authz

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Role is a named bundle of permissions.
type Role struct {
	ID          int64
	Code        string
	Name        string
	Description string
	Builtin     bool // the program's own; its permissions follow the program
	Permissions []Permission
}

// Roles returns all roles by name.
func Roles(ctx context.Context, q pg.Querier) (_ []Role, err error) {
	defer errs.In(&err, "authz.Roles")
	return pg.Many[Role](ctx, q, sqlRoles)
}

// SaveRole creates the role with r.Code or brings it to r, permissions included, and
// returns its id. The caller writes the audit entry.
func SaveRole(ctx context.Context, q pg.Querier, r Role) (id int64, err error) {
	defer errs.In(&err, "authz.SaveRole(%q)", r.Code)
	permissions := make([]string, len(r.Permissions))
	for i, p := range r.Permissions {
		permissions[i] = string(p)
	}
	id, err = pg.Scalar[int64](ctx, q, sqlSaveRole, r.Code, r.Name, r.Description, r.Builtin)
	if err != nil {
		return 0, err
	}
	if _, err := q.Exec(ctx, sqlDropPermissions, id, permissions); err != nil {
		return 0, err
	}
	_, err = q.Exec(ctx, sqlAddPermissions, id, permissions)
	return id, err
}

// NewGrant says who gets a role where. Exactly one of AccountID and PositionID is set:
// a grant to a position belongs to whoever holds it.
type NewGrant struct {
	RoleID     int64
	AccountID  int64
	PositionID int64
	UnitID     int64
	From       time.Time
	To         *time.Time // nil: until it is ended
	By         int64      // account of the granter, 0 for the program
}

// GiveRole stores a grant and returns its id. The caller writes the audit entry.
func GiveRole(ctx context.Context, q pg.Querier, at time.Time, g NewGrant) (id int64, err error) {
	defer errs.In(&err, "authz.GiveRole")
	if g.From.IsZero() {
		g.From = at
	}
	id, err = pg.Scalar[int64](ctx, q, sqlGiveRole, g.RoleID, g.AccountID, g.PositionID, g.UnitID, g.From, g.To, g.By, at)
	if pg.Violates(err, "authz_grant_validity_check") {
		return 0, errs.Invalid(errs.Field{Name: "sampai", Message: "Tanggal berakhir harus setelah tanggal mulai."})
	}
	return id, err
}

// EndGrant ends a grant at once. One that has ended already is errs.Conflict.
func EndGrant(ctx context.Context, q pg.Querier, at time.Time, id int64) (err error) {
	defer errs.In(&err, "authz.EndGrant(%d)", id)
	return pg.Changed(q.Exec(ctx, sqlEndGrant, id, at))
}

// GrantInfo is a grant as the administration shows it.
type GrantInfo struct {
	ID         int64
	RoleID     int64
	RoleName   string
	AccountID  int64
	PositionID int64
	Subject    string // name of the person or title of the position
	UnitID     int64
	UnitName   string
	ValidFrom  time.Time
	ValidTo    *time.Time
}

// GrantFilter narrows Grants; zero fields do not narrow.
type GrantFilter struct{ AccountID, PositionID, RoleID, UnitID int64 }

// Grants returns the grants not yet over at that time that match f, at most 500.
func Grants(ctx context.Context, q pg.Querier, at time.Time, f GrantFilter) (_ []GrantInfo, err error) {
	defer errs.In(&err, "authz.Grants")
	return pg.Many[GrantInfo](ctx, q, sqlGrants, at, f.AccountID, f.PositionID, f.RoleID, f.UnitID)
}
