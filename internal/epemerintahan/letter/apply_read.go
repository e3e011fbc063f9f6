package letter

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// sqlMine: $1 is the account, $2 the ref of a draft or a request number.
const sqlMine = `SELECT` + caseColumns + ` WHERE l.account_id = $1 AND (l.ref = $2 AND l.status = 'draf' OR l.request_number = $2)`

const sqlLockMine = sqlMine + ` FOR UPDATE OF l`

// mine is a letter of the account; anybody else's does not exist.
func mine(ctx context.Context, q pg.Querier, a authz.Actor, ref string, lock bool) (Case, error) {
	if !a.SignedIn() {
		return Case{}, errs.New(errs.Unauthenticated, "")
	}
	sql := sqlMine
	if lock {
		sql = sqlLockMine
	}
	c, err := pg.One[Case](ctx, q, sql, a.AccountID, ref)
	if err != nil && errs.KindOf(err) == errs.NotFound {
		err = errs.New(errs.NotFound, "Surat ini tidak ada di akun Anda.")
	}
	return c, err
}
