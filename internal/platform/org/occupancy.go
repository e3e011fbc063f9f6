package org

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// OccupancyFilter narrows Occupancies; zero fields do not narrow.
type OccupancyFilter struct {
	UnitID, PositionID, PersonID int64
	From                         time.Time // only those that are not over by then
}

// Occupancies lists who held, holds or will hold what, the latest first, at
// most 500.
func Occupancies(ctx context.Context, q pg.Querier, f OccupancyFilter) (os []Occupancy, err error) {
	defer errs.In(&err, "org.Occupancies(%+v)", f)
	var from *time.Time
	if !f.From.IsZero() {
		from = &f.From
	}
	return pg.Many[Occupancy](ctx, q, sqlOccupancies, f.UnitID, f.PositionID, f.PersonID, from)
}

const sqlOccupancies = `SELECT o.id, o.position_id, p.title, p.unit_id, u.name AS unit_name, o.seat, o.person_id, n.name AS person_name,
	n.staff_number, o.kind, o.starts_at, o.ends_at, o.basis_number, o.basis_date
FROM org_occupancy o
JOIN org_position p ON p.id = o.position_id
JOIN org_unit u ON u.id = p.unit_id
JOIN org_person n ON n.id = o.person_id
WHERE ($1::bigint = 0 OR p.unit_id = $1) AND ($2::bigint = 0 OR o.position_id = $2) AND ($3::bigint = 0 OR o.person_id = $3)
	AND ($4::timestamptz IS NULL OR o.ends_at IS NULL OR o.ends_at > $4)
ORDER BY o.starts_at DESC, o.id DESC LIMIT 500`
