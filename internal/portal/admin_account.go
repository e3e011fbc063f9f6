package portal

import (
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// AccountGrants returns the roles given to an account itself and whether the
// actor may change them.
func (ad *Admin) AccountGrants(ctx context.Context, a authz.Actor, accountID int64) (gs []authz.GrantInfo, may bool, err error) {
	defer errs.In(&err, "portal.AccountGrants(%d)", accountID)
	if may, err = ad.InCity(ctx, a, PermRoles); err != nil {
		return nil, false, err
	}
	gs, err = authz.Grants(ctx, ad.DB, ad.Clock.Now(), authz.GrantFilter{AccountID: accountID})
	return gs, may, err
}

// OpenAccount opens a citizen's account at a counter; see authn.Activate. The
// code is shown once, so a second sending of the same form is errs.Conflict.
func (ad *Admin) OpenAccount(ctx context.Context, a authz.Actor, key, name string) (act authn.Activation, err error) {
	defer errs.In(&err, "portal.OpenAccount")
	first := false
	if _, err := ad.once(ctx, a, key, func(pgx.Tx) (int64, error) { first = true; return 0, nil }); err != nil {
		return act, err
	}
	if !first {
		return act, errs.New(errs.Conflict, "Lembar untuk isian ini sudah dibuat. Bila lembarnya hilang, cari akunnya lalu buat kode baru.")
	}
	return ad.Accounts.Activate(ctx, a, name)
}
