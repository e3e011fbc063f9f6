package epemerintahan

// Who heads a print, and on which paper; what the kelurahan has not set comes from its unit.
const sqlLetterhead = `SELECT root.name AS city, COALESCE(p.short_name, '') AS kecamatan, u.short_name AS kelurahan,
	COALESCE(o.address, u.address) AS address, COALESCE(o.phone, u.phone) AS phone, COALESCE(o.postcode, '') AS postcode,
	COALESCE(o.paper, 'F4') AS paper
FROM org_unit u
JOIN org_unit root ON root.id = u.ancestors[1]
LEFT JOIN org_unit p ON p.id = u.parent_id AND p.kind = 'kecamatan'
LEFT JOIN epemerintahan_office o ON o.kelurahan_id = u.id
WHERE u.id = $1`

const sqlFamilyPrint = `SELECT` + residentColumns + `WHERE r.family_id = $1 AND r.status = 'hidup' AND r.deleted_at IS NULL
ORDER BY r.relation, r.birth_date, r.id`
