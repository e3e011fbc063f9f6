package org

const sqlPositionInsert = `INSERT INTO org_position (unit_id, title, kind, superior_id, seats, valid_from, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7) RETURNING id`

const sqlPositionUpdate = `UPDATE org_position SET title = $2, kind = $3, superior_id = $4, seats = $5, updated_at = $6 WHERE id = $1`

const sqlPositionClose = `UPDATE org_position SET valid_to = $2, updated_at = $3 WHERE id = $1 AND valid_to IS NULL`

const sqlPositionLock = `SELECT unit_id, kind, seats, valid_from, valid_to FROM org_position WHERE id = $1 FOR UPDATE`

const sqlPositionHighestSeat = `SELECT coalesce(max(seat), 0) FROM org_occupancy
WHERE position_id = $1 AND (ends_at IS NULL OR ends_at > $2)`

const sqlPositionSuperiorLoops = `WITH RECURSIVE up AS (
	SELECT id, superior_id, 1 AS step FROM org_position WHERE id = $2
	UNION ALL
	SELECT p.id, p.superior_id, up.step + 1 FROM up JOIN org_position p ON p.id = up.superior_id WHERE up.step < 100
)
SELECT coalesce(bool_or(id = $1), false) FROM up`

const sqlPersonLock = `SELECT name, left_on FROM org_person WHERE id = $1 FOR UPDATE`

// The lowest seat that is free all the time; null when none is.
const sqlFreeSeat = `SELECT min(s.seat)::int FROM generate_series(1, $2::int) s (seat)
WHERE NOT EXISTS (SELECT FROM org_occupancy o
	WHERE o.position_id = $1 AND o.seat = s.seat AND (o.kind = 'plh') = $3::boolean
		AND o.during && tstzrange($4::timestamptz, $5::timestamptz))`

const sqlOccupancyInsert = `INSERT INTO org_occupancy (position_id, seat, person_id, kind, starts_at, ends_at, basis_number, basis_date, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`

// RW and RT are led beside a post, not instead of one.
const sqlDefinitivePosts = `SELECT o.id FROM org_occupancy o
JOIN org_position p ON p.id = o.position_id JOIN org_unit u ON u.id = p.unit_id
WHERE o.person_id = $1 AND o.position_id <> $2 AND o.kind = 'definitif' AND u.kind NOT IN ('rw', 'rt')
	AND o.during && tstzrange($3::timestamptz, $4::timestamptz)
	AND NOT EXISTS (SELECT FROM org_position t JOIN org_unit tu ON tu.id = t.unit_id WHERE t.id = $2 AND tu.kind IN ('rw', 'rt'))`

// One that would end before it began is ended a second after its beginning.
const sqlOccupanciesEnd = `UPDATE org_occupancy SET ends_at = greatest($2::timestamptz, starts_at + interval '1 second')
WHERE id = ANY ($1::bigint[])`

const sqlOccupanciesEndOfPosition = `UPDATE org_occupancy SET ends_at = $2
WHERE position_id = $1 AND starts_at < $2 AND (ends_at IS NULL OR ends_at > $2)`

const sqlOccupancyUnit = `SELECT p.unit_id, o.starts_at FROM org_occupancy o JOIN org_position p ON p.id = o.position_id
WHERE o.id = $1 FOR UPDATE OF o`

const sqlOccupancyEnd = `UPDATE org_occupancy SET ends_at = $2 WHERE id = $1 AND starts_at < $2 AND (ends_at IS NULL OR ends_at > $2)`

const sqlOccupancyDelete = `DELETE FROM org_occupancy WHERE id = $1`
