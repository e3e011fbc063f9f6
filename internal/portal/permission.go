package portal

import (
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Permissions of administration. All but PermRoles, PermPrivacy and PermCalendar's
// common part may be held in one unit: then they hold there and below.
var (
	PermUnits    = authz.Register("direktori.unit", "Direktori: mengelola unit dan jabatan")
	PermPeople   = authz.Register("direktori.pegawai", "Direktori: mengelola pegawai dan penempatannya")
	PermRoles    = authz.Register("peran.kelola", "Peran: mengatur peran dan memberikannya")
	PermCalendar = authz.Register("kalender.kelola", "Kalender: mengatur jam kerja dan hari libur")
	PermAudit    = authz.Register("audit.baca", "Jejak audit: membaca dan mengunduh")
	PermPrivacy  = authz.Register("data.hapus", "Data pribadi: memutus permintaan penghapusan")
)

// AdminPermissions are what opens the administration's pages.
var AdminPermissions = []authz.Permission{PermUnits, PermPeople, PermRoles, PermCalendar, PermAudit, PermPrivacy, authn.PermManage, authn.PermCounter}

// EnsureRoles brings the program's own roles to what this version means by
// them: the administrator, who also gets more, and the admin of one unit.
func EnsureRoles(ctx context.Context, db pg.Beginner, more ...authz.Permission) error {
	return pg.InTx(ctx, db, func(tx pgx.Tx) error {
		for _, r := range []authz.Role{
			{
				Code: authn.AdminRole, Name: "Administrator", Builtin: true,
				Description: "Mengelola unit, pegawai, peran, akun, dan kalender seluruh kota.",
				Permissions: append(AdminPermissions[:len(AdminPermissions):len(AdminPermissions)], more...),
			},
			{
				Code: "admin-unit", Name: "Admin unit", Builtin: true,
				Description: "Mengelola unit, jabatan, dan pegawai di satu unit dan di bawahnya.",
				Permissions: []authz.Permission{PermUnits, PermPeople},
			},
		} {
			if _, err := authz.SaveRole(ctx, tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}
