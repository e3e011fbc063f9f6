package mtr

import (
	"context"
	"sync"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	figuresDays = 30
	figuresLife = time.Minute
)

// figuresCache keeps the last figures; whoever comes while they are computed waits
// for the same ones.
type figuresCache struct {
	mu   sync.Mutex
	last Figures
}

// Of public reports only, so that nobody learns from a number what is not public.
// Old enough to judge is what could have been answered for 48 hours; what its
// reporter took back before, unanswered, says nothing about the city.
const sqlFigures = `
WITH received AS (
	SELECT count(*) AS n,
		count(*) FILTER (WHERE judged) AS judged,
		count(*) FILTER (WHERE judged AND responded_at <= received_at + interval '48 hours') AS answered
	FROM (
		SELECT received_at, responded_at, received_at <= $2::timestamptz - interval '48 hours'
			AND (responded_at IS NOT NULL OR closed_at IS NULL OR closed_at > received_at + interval '48 hours') AS judged
		FROM mtr_report WHERE listed AND received_at > $1 AND received_at <= $2) r
), done AS (
	SELECT count(*) AS n, COALESCE(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM done_at - received_at)), 0) / 86400 AS days
	FROM mtr_report WHERE listed AND done_at > $1 AND done_at <= $2
)
SELECT $2::timestamptz AS as_of, received.n AS received,
	CASE WHEN received.judged = 0 THEN 0 ELSE received.answered::float8 / received.judged END AS answered_on_time,
	received.judged AS answered_n, done.days AS median_fix_days, done.n AS median_fix_n, done.n AS done_in_period,
	(SELECT count(*) FROM mtr_report WHERE listed AND status_group IN ('baru', 'proses')) AS open_now
FROM received, done`

// HomeFigures are computed at most once a minute.
func (m *Module) HomeFigures(ctx context.Context) (_ Figures, err error) {
	defer errs.In(&err, "mtr.HomeFigures")
	k := &m.figures
	k.mu.Lock()
	defer k.mu.Unlock()
	now := m.now()
	if age := now.Sub(k.last.AsOf); age >= 0 && age < figuresLife {
		return k.last, nil
	}
	f, err := pg.One[Figures](ctx, m.db, sqlFigures, now.AddDate(0, 0, -figuresDays), now)
	if err == nil {
		k.last = f
	}
	return f, err
}
