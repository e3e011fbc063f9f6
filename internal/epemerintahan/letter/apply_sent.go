package letter

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlSentAs = `SELECT request_number FROM epemerintahan_letter WHERE account_id = $1 AND ref = $2 AND status <> 'draf'`

// SentAs is the request number of the letter that a draft of the account became;
// errs.NotFound for anything else.
func (m *Module) SentAs(ctx context.Context, a authz.Actor, ref string) (_ string, err error) {
	defer errs.In(&err, "letter.SentAs")
	return pg.Scalar[string](ctx, m.db, sqlSentAs, a.AccountID, ref)
}
