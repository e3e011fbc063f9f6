package org

const unitColumns = `u.id, u.parent_id, u.ancestors, u.kind, u.code, u.name, u.short_name, u.area_id, u.address, u.phone,
	u.lat, u.lng, u.by_name_only, u.valid_from, u.valid_to, u.successor_id, u.updated_at`

const sqlUnitByID = `SELECT ` + unitColumns + ` FROM org_unit u WHERE u.id = $1`

const sqlUnitByCode = `SELECT ` + unitColumns + ` FROM org_unit u WHERE lower(u.code) = lower($1::text) AND u.valid_to IS NULL`

const sqlUnitRoot = `SELECT ` + unitColumns + ` FROM org_unit u WHERE u.parent_id IS NULL`

const sqlHoldsRoot = `SELECT EXISTS (SELECT FROM org_unit WHERE parent_id IS NULL AND id = ANY ($1::bigint[]))`

const sqlUnitPath = `SELECT ` + unitColumns + `
FROM org_unit leaf JOIN org_unit u ON u.id = ANY (leaf.ancestors)
WHERE leaf.id = $1 ORDER BY array_length(u.ancestors, 1)`

// Sorting by the codes along the path gives the order of the tree.
const sqlUnits = `SELECT ` + unitColumns + `
FROM org_unit u
WHERE ($1::text[] IS NULL OR u.kind = ANY ($1))
	AND ($2::bigint[] IS NULL OR u.ancestors && $2)
	AND ($3::bigint IS NULL OR u.parent_id = $3)
	AND ($4::text = '' OR u.code ILIKE '%' || $4 || '%'
		OR portal_unaccent(lower(u.name || ' ' || u.short_name)) LIKE '%' || portal_unaccent(lower($4)) || '%')
	AND ($5::date IS NULL OR (u.valid_from <= $5 AND (u.valid_to IS NULL OR u.valid_to > $5)))
ORDER BY (SELECT array_agg(a.code ORDER BY array_length(a.ancestors, 1)) FROM org_unit a WHERE a.id = ANY (u.ancestors)), u.id
LIMIT $6::bigint`

const sqlUnitCurrent = `WITH RECURSIVE line AS (
	SELECT o.id, o.successor_id, o.valid_to, 0 AS step FROM org_unit o WHERE o.id = $1
	UNION ALL
	SELECT n.id, n.successor_id, n.valid_to, line.step + 1 FROM line JOIN org_unit n ON n.id = line.successor_id
	WHERE line.valid_to <= $2::date AND line.step < 20
)
SELECT ` + unitColumns + ` FROM org_unit u WHERE u.id = (SELECT line.id FROM line ORDER BY line.step DESC LIMIT 1)`

const sqlUnitNameAt = `SELECT coalesce(
	(SELECT f.name FROM org_unit_former_name f WHERE f.unit_id = u.id AND f.used_until > $2::date ORDER BY f.used_until LIMIT 1),
	u.name) FROM org_unit u WHERE u.id = $1`

const sqlUnitInsert = `INSERT INTO org_unit
	(parent_id, ancestors, kind, code, name, short_name, area_id, address, phone, lat, lng, by_name_only, valid_from, created_at, updated_at)
VALUES ($1, '{}', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13) RETURNING id`

const sqlUnitLock = `SELECT ` + unitColumns + ` FROM org_unit u WHERE u.id = $1 FOR UPDATE`

const sqlUnitUpdate = `UPDATE org_unit SET
	parent_id = $2, kind = $3, code = $4, name = $5, short_name = $6, area_id = $7, address = $8, phone = $9,
	lat = $10, lng = $11, by_name_only = $12, updated_at = $13
WHERE id = $1`

// A name that changes twice in a day keeps the one it had when the day began.
const sqlUnitFormerNameInsert = `INSERT INTO org_unit_former_name (unit_id, name, short_name, used_until)
VALUES ($1, $2, $3, $4) ON CONFLICT (unit_id, used_until) DO NOTHING`

const sqlUnitClose = `UPDATE org_unit SET valid_to = $2, successor_id = $3, updated_at = $4 WHERE id = $1 AND valid_to IS NULL`

const sqlUnitOpenChildren = `SELECT count(*) FROM org_unit
WHERE parent_id = $1 AND (valid_to IS NULL OR valid_to > $2::date)`

const sqlUnitClosePositions = `UPDATE org_position SET valid_to = greatest($2::date, valid_from + 1), updated_at = $3
WHERE unit_id = $1 AND (valid_to IS NULL OR valid_to > $2::date)`

const sqlUnitEndOccupancies = `UPDATE org_occupancy o SET ends_at = $2
FROM org_position p
WHERE p.id = o.position_id AND p.unit_id = $1 AND o.starts_at < $2 AND (o.ends_at IS NULL OR o.ends_at > $2)`
