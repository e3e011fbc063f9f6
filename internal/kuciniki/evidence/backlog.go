package evidence

import (
	"context"
	"fmt"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// keepWithin is how long after its end a month's backlog may still be written down: later, what
// is open tells another story.
const keepWithin = 3 * 24 * time.Hour

const (
	sqlTheirDesks = `
SELECT COALESCE(array_agg(o.position_id ORDER BY o.kind <> 'definitif', o.id), '{}') AS positions, COALESCE((array_agg(p.unit_id ORDER BY o.kind <> 'definitif', o.id))[1], 0) AS unit_id
FROM org_occupancy o JOIN org_position p ON p.id = o.position_id WHERE o.person_id = $1 AND o.kind <> 'plh' AND o.during @> $2::timestamptz`

	sqlKeptBacklog = `SELECT n, p90, unit FROM kuciniki_backlog WHERE person_id = $1 AND month = $2`

	// At $2, the end of the month $1; a Plh has no backlog of theirs.
	sqlKeepBacklog = `
WITH open AS (
	SELECT k.unit_id, k.holder_id, k.since, ($2::timestamptz AT TIME ZONE 'Asia/Makassar')::date - (k.since AT TIME ZONE 'Asia/Makassar')::date AS days
	FROM kuciniki_open k WHERE NOT k.waiting AND k.since < $2
), middle AS (
	SELECT unit_id, percentile_disc(0.5) WITHIN GROUP (ORDER BY days) AS days FROM open GROUP BY unit_id
), home AS (
	SELECT DISTINCT ON (o.person_id) o.person_id, p.unit_id FROM org_occupancy o JOIN org_position p ON p.id = o.position_id
	WHERE o.during @> $2::timestamptz AND o.kind <> 'plh' ORDER BY o.person_id, o.kind <> 'definitif', o.id
), theirs AS (
	SELECT o.person_id, greatest(0, k.days - COALESCE((
		SELECT sum(greatest(0, least(l.last_day, ($2::timestamptz AT TIME ZONE 'Asia/Makassar')::date) - greatest(l.first_day, (k.since AT TIME ZONE 'Asia/Makassar')::date) + 1))
		FROM kuciniki_leave l WHERE l.person_id = o.person_id AND l.withdrawn_at IS NULL), 0))::integer AS days
	FROM org_occupancy o JOIN open k ON k.holder_id = o.position_id WHERE o.during @> $2::timestamptz AND o.kind <> 'plh'
)
INSERT INTO kuciniki_backlog (month, person_id, n, p90, unit)
SELECT $1::date, t.person_id, count(*), percentile_disc(0.9) WITHIN GROUP (ORDER BY t.days), COALESCE((SELECT m.days FROM home h JOIN middle m ON m.unit_id = h.unit_id WHERE h.person_id = t.person_id), 0)
FROM theirs t WHERE NOT EXISTS (SELECT FROM kuciniki_backlog WHERE month = $1::date) GROUP BY t.person_id
ON CONFLICT DO NOTHING`
)

// KeepBacklog writes down how old what is open was when the last month ended, in the first days
// after it, once.
func (m *Module) KeepBacklog(ctx context.Context) (err error) {
	defer errs.In(&err, "evidence.KeepBacklog")
	this := MonthOf(m.clock.Now())
	if m.clock.Now().Sub(this.Start()) > keepWithin {
		return nil
	}
	return pg.Exec(ctx, m.db, sqlKeepBacklog, this.AddDate(0, -1, 0), this.Start())
}

// backlogAt is somebody's backlog when the month before until ended, or as it is now where it has
// not. ok is false where nobody knows.
func (m *Module) backlogAt(ctx context.Context, q pg.Querier, person int64, until Month) (b Backlog, ok bool, err error) {
	now := m.clock.Now()
	if !now.Before(until.Start()) {
		b, err = pg.One[Backlog](ctx, q, sqlKeptBacklog, person, until.AddDate(0, -1, 0))
		if err != nil && errs.KindOf(err) == errs.NotFound {
			return b, false, nil
		}
		return b, err == nil, err
	}
	desks, err := pg.One[struct {
		Positions []int64
		UnitID    int64
	}](ctx, q, sqlTheirDesks, person, now)
	if err != nil {
		return b, false, err
	}
	b, err = pg.One[Backlog](ctx, q, sqlBacklog, person, desks.Positions, desks.UnitID, now)
	return b, err == nil && b.N > 0, err
}

// figure is the backlog beside a rating: an age, which an indicator in days may take over.
func (b Backlog) figure() kuciniki.Figure {
	rule, _ := RuleOf(AgeOfBacklog)
	f := kuciniki.Figure{Metric: string(AgeOfBacklog), N: b.N, Enough: b.N >= rule.Least}
	if !f.Enough {
		f.Text = fmt.Sprintf("data belum cukup (%d kasus)", b.N)
		return f
	}
	age := float64(b.P90)
	f.Value = &age
	f.Text = fmt.Sprintf("9 dari 10 pekerjaan terbuka paling lama %s hari (%s pekerjaan; nilai tengah unit %s hari)", indo.Int(b.P90), indo.Int(b.N), indo.Int(b.Unit))
	return f
}
