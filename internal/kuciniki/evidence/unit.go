package evidence

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// UnitInfo is a unit in a list.
type UnitInfo struct {
	ID   int64
	Name string
}

// Standard is how much of the services of a unit, and of those below it, was in its time.
type Standard struct {
	UnitInfo
	Count
	Open, Late int
}

// Trend is a metric in a month.
type Trend struct {
	Month time.Time
	Count
}

// Lag is how long steps of a kind take.
type Lag struct {
	Module, Kind string
	N            int
	Median, P90  int // working minutes
}

// Ages is how much is open, by age.
type Ages struct{ Week, Month, Quarter, Older, Late, Waiting int }

// Total is everything that the office has.
func (a Ages) Total() int { return a.Week + a.Month + a.Quarter + a.Older }

// City is a unit with everything below it on one screen.
type City struct {
	Unit   UnitInfo
	Up     UnitInfo // 0: the actor sees nothing above
	Below  []Standard
	Trend  []Trend
	Lags   []Lag
	Ages   Ages
	Oldest []OpenCase
	Looked Looked // of samples
}

const (
	sqlTop = `SELECT id, name FROM org_unit WHERE id = ANY ($1::bigint[]) AND valid_to IS NULL ORDER BY array_length(ancestors, 1), id LIMIT 1`

	sqlUnitInScope = `SELECT id, name FROM org_unit WHERE id = $2 AND ancestors && $1::bigint[]`

	sqlUp = `SELECT p.id, p.name FROM org_unit u JOIN org_unit p ON p.id = u.parent_id WHERE u.id = $2 AND p.ancestors && $1::bigint[]`

	// The services are reports and letters of citizens.
	sqlBelow = `
SELECT c.id, c.name, COALESCE(t.n, 0)::integer AS n, COALESCE(t.x, 0)::integer AS x, COALESCE(o.open, 0)::integer AS open, COALESCE(o.late, 0)::integer AS late
FROM org_unit c
LEFT JOIN (
	SELECT b.id, sum(k.n) AS n, sum(k.x) AS x FROM kuciniki_whole k JOIN org_unit b ON b.parent_id = $1 AND b.id = k.unit_id
	WHERE k.metric IN ('E6', 'E10') AND k.month >= $2 AND k.month < $3 GROUP BY b.id
) t ON t.id = c.id
LEFT JOIN (
	SELECT b.id, count(*) AS open, count(*) FILTER (WHERE k.due_at < $4) AS late FROM kuciniki_open k JOIN org_unit u ON u.id = k.unit_id JOIN org_unit b ON b.parent_id = $1 AND b.id = ANY (u.ancestors)
	WHERE NOT k.waiting GROUP BY b.id
) o ON o.id = c.id
WHERE c.parent_id = $1 AND (t.n > 0 OR o.open > 0) ORDER BY c.name, c.id`

	sqlTrend = `
SELECT k.month, sum(k.n)::integer AS n, sum(k.x)::integer AS x FROM kuciniki_whole k
WHERE k.unit_id = $1 AND k.metric IN ('E6', 'E10') AND k.month >= $2 AND k.month < $3 GROUP BY 1 ORDER BY 1`

	sqlLags = `
SELECT split_part(k.kind, '.', 1) AS module, split_part(k.kind, '.', 2) AS kind, k.bucket, sum(k.n)::integer AS n FROM kuciniki_lag k
WHERE k.unit_id = $1 AND k.month >= $2 AND k.month < $3 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`

	// At $2, of kuciniki_open o.
	ageColumns = `
	count(*) FILTER (WHERE NOT o.waiting AND o.since > $2::timestamptz - interval '168 hours')::integer AS week,
	count(*) FILTER (WHERE NOT o.waiting AND o.since <= $2::timestamptz - interval '168 hours' AND o.since > $2::timestamptz - interval '720 hours')::integer AS month,
	count(*) FILTER (WHERE NOT o.waiting AND o.since <= $2::timestamptz - interval '720 hours' AND o.since > $2::timestamptz - interval '2160 hours')::integer AS quarter,
	count(*) FILTER (WHERE NOT o.waiting AND o.since <= $2::timestamptz - interval '2160 hours')::integer AS older,
	count(*) FILTER (WHERE NOT o.waiting AND o.due_at < $2)::integer AS late, count(*) FILTER (WHERE o.waiting)::integer AS waiting`

	sqlAges = `SELECT` + ageColumns + ` FROM kuciniki_open o JOIN org_unit u ON u.id = o.unit_id WHERE u.ancestors @> ARRAY[$1::bigint]`

	sqlOldest = `
WITH page AS MATERIALIZED (
	SELECT * FROM kuciniki_open WHERE unit_id IN (SELECT id FROM org_unit WHERE ancestors @> ARRAY[$1::bigint]) AND NOT waiting ORDER BY since, object_id LIMIT 10
)` + openColumns + `page o` + openJoins + `ORDER BY o.since, o.object_id`
)

// City shows a unit and what is below it over the year until the month that ends before to,
// for who may see its figures; unit 0 is the highest of those. It is errs.NotFound to others.
func (m *Module) City(ctx context.Context, a authz.Actor, unit int64, from, to Month) (c City, err error) {
	defer errs.In(&err, "evidence.City(%d)", unit)
	over := scope(a)
	if c.Unit, err = m.unitFor(ctx, over, unit); err != nil {
		return c, err
	}
	if c.Up, err = pg.One[UnitInfo](ctx, m.db, sqlUp, over, c.Unit.ID); err != nil && errs.KindOf(err) != errs.NotFound {
		return c, err
	}
	now := m.clock.Now()
	if c.Below, err = pg.Many[Standard](ctx, m.db, sqlBelow, c.Unit.ID, from.Time, to.Time, now); err != nil {
		return c, err
	}
	if c.Trend, err = pg.Many[Trend](ctx, m.db, sqlTrend, c.Unit.ID, from.AddDate(-1, 0, 0), to.Time); err != nil {
		return c, err
	}
	if c.Lags, err = m.lags(ctx, c.Unit.ID, from, to); err != nil {
		return c, err
	}
	if c.Ages, err = pg.One[Ages](ctx, m.db, sqlAges, c.Unit.ID, now); err != nil {
		return c, err
	}
	if c.Looked, err = pg.One[Looked](ctx, m.db, sqlLookedIn, []int64{c.Unit.ID}, from.Time, to.Time); err != nil {
		return c, err
	}
	c.Oldest, err = pg.Many[OpenCase](ctx, m.db, sqlOldest, c.Unit.ID)
	return c, err
}

var errNoFigures = errs.New(errs.NotFound, "Angka ini tidak ada, atau bukan untuk Anda.")

// unitFor is a unit in or below those of over, 0: the highest of them. What is not there, or
// not below them, is errs.NotFound.
func (m *Module) unitFor(ctx context.Context, over []int64, unit int64) (u UnitInfo, err error) {
	if unit == 0 {
		u, err = pg.One[UnitInfo](ctx, m.db, sqlTop, over)
	} else {
		u, err = pg.One[UnitInfo](ctx, m.db, sqlUnitInScope, over, unit)
	}
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return u, errNoFigures
	}
	return u, err
}

func (m *Module) lags(ctx context.Context, unit int64, from, to Month) (out []Lag, err error) {
	rows, err := pg.Many[struct {
		Module, Kind string
		Bucket, N    int
	}](ctx, m.db, sqlLags, unit, from.Time, to.Time)
	for i := 0; i < len(rows); {
		l := Lag{Module: rows[i].Module, Kind: rows[i].Kind}
		var buckets []Bucket
		for ; i < len(rows) && rows[i].Module == l.Module && rows[i].Kind == l.Kind; i++ {
			buckets = append(buckets, Bucket{rows[i].Bucket, rows[i].N})
		}
		l.Median, l.N = Length(buckets, 0.5)
		l.P90, _ = Length(buckets, 0.9)
		out = append(out, l)
	}
	return out, err
}

const sqlLookable = `
SELECT id, name FROM org_unit WHERE ancestors && $1::bigint[] AND valid_to IS NULL AND kind NOT IN ('rt', 'rw') ORDER BY array_length(ancestors, 1), name, id`

// Lookable lists the units in which the actor may look for patterns, from above.
func (m *Module) Lookable(ctx context.Context, a authz.Actor) (_ []UnitInfo, err error) {
	defer errs.In(&err, "evidence.Lookable")
	return pg.Many[UnitInfo](ctx, m.db, sqlLookable, overseen(a))
}
