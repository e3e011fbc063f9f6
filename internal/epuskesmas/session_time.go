package epuskesmas

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// SessionTime is when a session of a poli was open; who came is not in it.
type SessionTime struct {
	PoliID   int64
	From, To time.Time
}

const sqlSessionTimes = `
SELECT poli_id, starts_at AS "from", ends_at AS "to" FROM epuskesmas_session WHERE poli_id = ANY ($1::bigint[]) AND starts_at >= $2 AND starts_at < $3 AND status <> 'ditiadakan' ORDER BY starts_at, id`

// SessionTimes lists when polis were open between two moments, for other modules.
func (m *Module) SessionTimes(ctx context.Context, polis []int64, from, to time.Time) (_ []SessionTime, err error) {
	defer errs.In(&err, "epuskesmas.SessionTimes")
	return pg.Many[SessionTime](ctx, m.db, sqlSessionTimes, polis, from, to)
}
