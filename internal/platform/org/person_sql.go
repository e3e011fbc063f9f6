package org

// A position lends rights from the second an occupancy starts to the second it
// ends, while the unit and the position exist and the person has not left.
const sqlPositionsOf = `SELECT p.id, o.id AS occupancy_id, p.unit_id, p.title, u.name AS unit_name, o.kind
FROM org_person n
JOIN org_occupancy o ON o.person_id = n.id
JOIN org_position p ON p.id = o.position_id
JOIN org_unit u ON u.id = p.unit_id
WHERE n.account_id = $1 AND o.during @> $2::timestamptz
	AND (n.left_on IS NULL OR n.left_on > ($2::timestamptz AT TIME ZONE 'Asia/Makassar')::date)
	AND (u.valid_to IS NULL OR u.valid_to > ($2::timestamptz AT TIME ZONE 'Asia/Makassar')::date)
	AND (p.valid_to IS NULL OR p.valid_to > ($2::timestamptz AT TIME ZONE 'Asia/Makassar')::date)
ORDER BY array_position(ARRAY['definitif', 'plt', 'plh'], o.kind), o.starts_at, o.id`

const personColumns = `n.id, n.account_id, n.name, n.staff_number, n.rank, n.employment, n.email, n.left_on, n.updated_at`

const sqlPersonOfAccount = `SELECT ` + personColumns + ` FROM org_person n WHERE n.account_id = $1`

const sqlPersonByID = `SELECT ` + personColumns + ` FROM org_person n WHERE n.id = $1`

const holderSelect = `SELECT p.id AS position_id, p.kind AS position_kind, o.id AS occupancy_id, p.unit_id, u.name AS unit_name,
	n.id AS person_id, n.account_id, n.name, p.title, o.kind
FROM org_position p
JOIN org_unit u ON u.id = p.unit_id
JOIN org_occupancy o ON o.position_id = p.id AND o.during @> $2::timestamptz
JOIN org_person n ON n.id = o.person_id
	AND (n.left_on IS NULL OR n.left_on > ($2::timestamptz AT TIME ZONE 'Asia/Makassar')::date)
`

const sqlHead = holderSelect + `WHERE p.unit_id = $1 AND p.kind = 'kepala'
ORDER BY o.kind = 'plh' DESC, o.id LIMIT 1`

const sqlNearestHead = holderSelect + `WHERE p.kind = 'kepala'
	AND p.unit_id = ANY ((SELECT leaf.ancestors FROM org_unit leaf WHERE leaf.id = $1)::bigint[])
ORDER BY array_length(u.ancestors, 1) DESC, o.kind = 'plh' DESC, o.id LIMIT 1`

const sqlHoldersOf = holderSelect + `WHERE p.id = $1
ORDER BY array_position(ARRAY['definitif', 'plt', 'plh'], o.kind), o.seat, o.id`

const sqlStaffOf = holderSelect + `WHERE u.ancestors && ARRAY[$1::bigint]
ORDER BY array_length(u.ancestors, 1), p.kind <> 'kepala', p.title, n.name, o.id`

const positionSelect = `SELECT p.id, p.unit_id, u.name AS unit_name, u.ancestors, p.title, p.kind, p.superior_id, s.title AS superior_title,
	p.seats, p.valid_from, p.valid_to
FROM org_position p JOIN org_unit u ON u.id = p.unit_id LEFT JOIN org_position s ON s.id = p.superior_id
`

const sqlPositionByID = positionSelect + `WHERE p.id = $1`

const sqlPositionsIn = positionSelect + `WHERE p.unit_id = $1 AND (p.valid_to IS NULL OR p.valid_to > $2::date)
ORDER BY array_position(ARRAY['kepala', 'sekretaris', 'struktural', 'fungsional', 'pelaksana'], p.kind), p.title, p.id`
