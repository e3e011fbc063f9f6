package portal

import (
	"context"
	"regexp"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Roles lists all roles to those who may give one.
func (ad *Admin) Roles(ctx context.Context, a authz.Actor) (rs []authz.Role, err error) {
	defer errs.In(&err, "portal.Roles")
	if !a.Has(PermRoles) {
		return nil, errs.New(errs.NotFound, "")
	}
	return authz.Roles(ctx, ad.DB)
}

// RoleDetail is a role and who holds it in the actor's units.
type RoleDetail struct {
	authz.Role
	Grants  []authz.GrantInfo
	MayEdit bool
}

// Role returns one role.
func (ad *Admin) Role(ctx context.Context, a authz.Actor, id int64) (d RoleDetail, err error) {
	defer errs.In(&err, "portal.Role(%d)", id)
	if d.Role, err = ad.role(ctx, ad.DB, a, id); err != nil {
		return d, err
	}
	if d.MayEdit, err = ad.InCity(ctx, a, PermRoles); err != nil {
		return d, err
	}
	d.MayEdit = d.MayEdit && !d.Builtin
	ids, err := pg.Scalars[int64](ctx, ad.DB, sqlGrantsWithin, id, realm(a, PermRoles), ad.Clock.Now())
	if err != nil {
		return d, err
	}
	all, err := authz.Grants(ctx, ad.DB, ad.Clock.Now(), authz.GrantFilter{RoleID: id})
	for _, g := range all {
		if slices.Contains(ids, g.ID) {
			d.Grants = append(d.Grants, g)
		}
	}
	return d, err
}

func (ad *Admin) role(ctx context.Context, q pg.Querier, a authz.Actor, id int64) (authz.Role, error) {
	if !a.Has(PermRoles) {
		return authz.Role{}, errs.New(errs.NotFound, "")
	}
	all, err := authz.Roles(ctx, q)
	if err != nil {
		return authz.Role{}, err
	}
	for _, r := range all {
		if r.ID == id {
			return r, nil
		}
	}
	return authz.Role{}, errs.New(errs.NotFound, "")
}

var roleCode = regexp.MustCompile(`^[a-z][a-z0-9._-]{1,60}$`)

// SaveRole creates a role (ID 0) or changes name, description and permissions
// of one that is not the program's own; form fields kode, nama, keterangan, izin.
// Only the whole city's administrator may: a role means the same everywhere.
func (ad *Admin) SaveRole(ctx context.Context, a authz.Actor, key string, r authz.Role) (id int64, err error) {
	defer errs.In(&err, "portal.SaveRole(%d)", r.ID)
	if err := ad.needCity(ctx, a, PermRoles); err != nil {
		return 0, err
	}
	r.Name, r.Builtin = indo.CleanName(r.Name), false
	var fs []errs.Field
	fail := func(name, message string) { fs = append(fs, errs.Field{Name: name, Message: message}) }
	if r.ID == 0 && !roleCode.MatchString(r.Code) {
		fail("kode", "Tulis kode dengan huruf kecil, angka, titik, atau tanda hubung; diawali huruf.")
	}
	if n := len([]rune(r.Name)); n < 1 || n > 120 {
		fail("nama", "Tulis nama peran, paling banyak 120 huruf.")
	}
	if len([]rune(r.Description)) > 500 {
		fail("keterangan", "Keterangan paling banyak 500 huruf.")
	}
	if len(r.Permissions) == 0 {
		fail("izin", "Pilih paling sedikit satu izin.")
	}
	for _, p := range r.Permissions {
		if authz.Describe(p) == "" {
			fail("izin", "Izin ini tidak dikenal. Pilih dari daftar.")
			break
		}
	}
	if len(fs) > 0 {
		return 0, errs.Invalid(fs...)
	}
	return ad.once(ctx, a, key, func(tx pgx.Tx) (int64, error) {
		// One at a time: a code that is taken must be seen.
		if err := pg.Exec(ctx, tx, sqlRolesLock); err != nil {
			return 0, err
		}
		all, err := authz.Roles(ctx, tx)
		if err != nil {
			return 0, err
		}
		var old authz.Role
		for _, o := range all {
			switch {
			case o.ID == r.ID:
				old = o
			case r.ID == 0 && o.Code == r.Code:
				return 0, errs.Invalid(errs.Field{Name: "kode", Message: "Kode ini sudah dipakai peran lain."})
			}
		}
		if r.ID != 0 {
			switch {
			case old.ID == 0:
				return 0, errs.New(errs.NotFound, "")
			case old.Builtin:
				return 0, errs.New(errs.Conflict, "Peran bawaan mengikuti program dan tidak dapat diubah. Buat peran baru.")
			}
			r.Code = old.Code
		}
		id, err := authz.SaveRole(ctx, tx, r)
		if err != nil {
			return 0, err
		}
		return id, ad.note(ctx, tx, a, audit.Entry{Action: "authz.role.save", Object: "authz_role", ObjectID: id,
			Detail: map[string]any{"code": r.Code, "from": old.Permissions, "to": r.Permissions}})
	})
}

// GrantForm gives a role to a position or an account.
type GrantForm struct {
	RoleID     int64
	PositionID int64
	AccountID  int64
	Unit       string // code or name of where it holds
	From, To   time.Time
}

// Give gives a role in a unit of the actor's. An admin of part of the city
// gives only to positions there, and nothing that the admin may not do there;
// form fields peran, unit, mulai, sampai.
func (ad *Admin) Give(ctx context.Context, a authz.Actor, key string, in GrantForm) (id int64, err error) {
	defer errs.In(&err, "portal.Give(%d)", in.RoleID)
	city, err := ad.InCity(ctx, a, PermRoles)
	if err != nil {
		return 0, err
	}
	return ad.once(ctx, a, key, func(tx pgx.Tx) (int64, error) {
		now := ad.Clock.Now()
		r, err := ad.role(ctx, tx, a, in.RoleID)
		if errs.KindOf(err) == errs.NotFound && a.Has(PermRoles) {
			return 0, errs.Invalid(errs.Field{Name: "peran", Message: "Pilih peran dari daftar."})
		}
		if err != nil {
			return 0, err
		}
		if in.PositionID != 0 {
			if _, err := ad.position(ctx, tx, a, in.PositionID, PermRoles); err != nil {
				return 0, err
			}
		} else if !city {
			return 0, errs.New(errs.NotFound, "")
		}
		unitID, err := ad.named(ctx, tx, in.Unit, "unit", realm(a, PermRoles))
		if err != nil {
			return 0, err
		}
		u, err := ad.unit(ctx, tx, a, unitID, PermRoles)
		if err != nil {
			return 0, err
		}
		if !city {
			for _, p := range r.Permissions {
				if !a.HasIn(p, u.Ancestors) {
					return 0, errs.Invalid(errs.Field{Name: "peran", Message: "Peran ini memuat izin yang tidak Anda punyai di unit itu. Minta administrator kota memberikannya."})
				}
			}
		}
		if err := pg.Exec(ctx, tx, sqlRolesLock); err != nil {
			return 0, err
		}
		given, err := authz.Grants(ctx, tx, now, authz.GrantFilter{AccountID: in.AccountID, PositionID: in.PositionID, RoleID: r.ID, UnitID: unitID})
		if err != nil {
			return 0, err
		}
		if len(given) > 0 {
			return 0, errs.Invalid(errs.Field{Name: "peran", Message: "Peran ini sudah diberikan di unit itu. Cabut dahulu bila waktunya perlu diubah."})
		}
		g := authz.NewGrant{RoleID: r.ID, PositionID: in.PositionID, AccountID: in.AccountID, UnitID: unitID, From: in.From, By: a.AccountID}
		if g.From.IsZero() || g.From.Before(now) {
			g.From = now
		}
		if !in.To.IsZero() {
			g.To = &in.To
			if !in.To.After(g.From) {
				return 0, errs.Invalid(errs.Field{Name: "sampai", Message: "Hari terakhir tidak boleh sebelum hari mulai atau sudah lewat."})
			}
		}
		id, err := authz.GiveRole(ctx, tx, now, g)
		if err != nil {
			return 0, err
		}
		return id, ad.note(ctx, tx, a, audit.Entry{Action: "authz.grant.give", Object: "authz_grant", ObjectID: id, UnitID: unitID,
			Detail: map[string]any{"role": r.Code, "position": in.PositionID, "account": in.AccountID}})
	})
}

// Grant returns a grant in one of the actor's units.
func (ad *Admin) Grant(ctx context.Context, a authz.Actor, id int64) (g authz.GrantInfo, err error) {
	defer errs.In(&err, "portal.Grant(%d)", id)
	role, err := pg.Scalar[int64](ctx, ad.DB, sqlRoleOfGrant, id, realm(a, PermRoles))
	if err != nil {
		return g, err
	}
	all, err := authz.Grants(ctx, ad.DB, ad.Clock.Now(), authz.GrantFilter{RoleID: role})
	if err != nil {
		return g, err
	}
	for _, g := range all {
		if g.ID == id {
			return g, nil
		}
	}
	return g, errs.New(errs.NotFound, "")
}

// EndGrant takes a role away at once.
func (ad *Admin) EndGrant(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "portal.EndGrant(%d)", id)
	return pg.InTx(ctx, ad.DB, func(tx pgx.Tx) error {
		if _, err := pg.Scalar[int64](ctx, tx, sqlRoleOfGrant, id, realm(a, PermRoles)); err != nil {
			return err
		}
		if err := authz.EndGrant(ctx, tx, ad.Clock.Now(), id); err != nil {
			return err
		}
		return ad.note(ctx, tx, a, audit.Entry{Action: "authz.grant.end", Object: "authz_grant", ObjectID: id})
	})
}

const sqlRolesLock = `SELECT pg_advisory_xact_lock(hashtextextended('authz_role', 0))`

const sqlGrantsWithin = `SELECT g.id FROM authz_grant g JOIN org_unit u ON u.id = g.unit_id
WHERE g.role_id = $1 AND u.ancestors && $2::bigint[] AND (g.valid_to IS NULL OR g.valid_to > $3::timestamptz)`

const sqlRoleOfGrant = `SELECT g.role_id FROM authz_grant g JOIN org_unit u ON u.id = g.unit_id
WHERE g.id = $1 AND u.ancestors && $2::bigint[]`
