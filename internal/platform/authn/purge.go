package authn

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/session"
)

// Purge deletes what has served: sessions and codes a day after their end, counted
// tries once they no longer count, invitations a month after they ran out.
func Purge(ctx context.Context, q pg.Querier, now time.Time) (err error) {
	defer errs.In(&err, "authn.Purge")
	if err := session.Purge(ctx, q, now); err != nil {
		return err
	}
	if err := pg.Exec(ctx, q, sqlPurgeCodes, now.AddDate(0, 0, -1)); err != nil {
		return err
	}
	if err := pg.Exec(ctx, q, sqlPurgeThrottle, now.AddDate(0, 0, -1)); err != nil {
		return err
	}
	return pg.Exec(ctx, q, sqlPurgeInvitations, now.AddDate(0, -1, 0))
}
