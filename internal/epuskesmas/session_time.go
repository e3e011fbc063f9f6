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
	People   []int64 // of the staff whom the roster names, as far as it is known who they are
}

const sqlSessionTimes = `
SELECT s.poli_id, s.starts_at AS "from", s.ends_at AS "to",
	ARRAY(SELECT e.person_id FROM epuskesmas_duty y JOIN epuskesmas_doctor e ON e.id = y.doctor_id WHERE y.session_id = s.id AND y.status <> 'absen' AND e.person_id IS NOT NULL ORDER BY 1) AS people
FROM epuskesmas_session s WHERE s.poli_id = ANY ($1::bigint[]) AND starts_at >= $2 AND starts_at < $3 AND status <> 'ditiadakan' ORDER BY starts_at, id`

// SessionTimes lists when polis were open between two moments, for other modules.
func (m *Module) SessionTimes(ctx context.Context, polis []int64, from, to time.Time) (_ []SessionTime, err error) {
	defer errs.In(&err, "epuskesmas.SessionTimes")
	return pg.Many[SessionTime](ctx, m.db, sqlSessionTimes, polis, from, to)
}
