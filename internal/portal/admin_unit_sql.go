package portal

const unitRowSelect = `SELECT u.id, u.kind, u.code, u.name, coalesce(above.name, '') AS above, u.valid_from, u.valid_to,
	(SELECT count(*) FROM org_unit c WHERE c.parent_id = u.id
		AND (c.valid_to IS NULL OR c.valid_to > ($2::timestamptz AT TIME ZONE 'Asia/Makassar')::date))::int AS children,
	coalesce((SELECT n.name FROM org_position p
		JOIN org_occupancy o ON o.position_id = p.id AND o.during @> $2::timestamptz
		JOIN org_person n ON n.id = o.person_id
		WHERE p.unit_id = u.id AND p.kind = 'kepala' ORDER BY o.kind = 'plh' DESC, o.id LIMIT 1), '') AS head
FROM org_unit u LEFT JOIN org_unit above ON above.id = u.parent_id
`

const sqlAdminUnitRoots = unitRowSelect + `WHERE u.id = ANY ($1::bigint[]) ORDER BY array_length(u.ancestors, 1), u.name, u.id`

const kindOrder = `array_position(ARRAY['kota', 'sekretariat', 'inspektorat', 'dinas', 'badan', 'rsud', 'bumd', 'upt', 'puskesmas',
	'bagian', 'bidang', 'subbagian', 'seksi', 'kecamatan', 'kelurahan', 'rw', 'rt'], u.kind)`

const sqlAdminUnitChildren = unitRowSelect + `WHERE u.ancestors && $1::bigint[] AND u.parent_id = $3
ORDER BY u.valid_to IS NOT NULL, ` + kindOrder + `, u.code, u.id`

const sqlAdminUnitSearch = unitRowSelect + `WHERE u.ancestors && $1::bigint[]
	AND (u.code ILIKE '%' || $3::text || '%'
		OR portal_unaccent(lower(u.name || ' ' || u.short_name)) LIKE '%' || portal_unaccent(lower($3)) || '%')
	AND ($4::boolean OR (u.valid_from <= ($2::timestamptz AT TIME ZONE 'Asia/Makassar')::date
		AND (u.valid_to IS NULL OR u.valid_to > ($2::timestamptz AT TIME ZONE 'Asia/Makassar')::date)))
ORDER BY ` + kindOrder + `, u.name, u.id LIMIT $5`

const sqlAdminFormerNames = `SELECT name, short_name, used_until FROM org_unit_former_name WHERE unit_id = $1 ORDER BY used_until DESC`

const sqlAdminUnitMore = `SELECT coalesce(area.name, '') AS area_name, coalesce(next.name, '') AS successor,
	EXISTS (SELECT FROM org_boundary b WHERE b.unit_id = u.id) AS has_boundary
FROM org_unit u LEFT JOIN org_unit area ON area.id = u.area_id LEFT JOIN org_unit next ON next.id = u.successor_id
WHERE u.id = $1`

const sqlUnitVersion = `SELECT updated_at FROM org_unit WHERE id = $1 FOR UPDATE`

const sqlUnitNamed = `SELECT u.id FROM org_unit u
WHERE (lower(u.code) = lower($1::text) OR lower(u.name) = lower($1)) AND u.valid_to IS NULL
	AND ($2::bigint[] IS NULL OR u.ancestors && $2)
ORDER BY lower(u.code) = lower($1) DESC, u.id LIMIT CASE WHEN EXISTS (
	SELECT FROM org_unit c WHERE lower(c.code) = lower($1) AND c.valid_to IS NULL) THEN 1 ELSE 2 END`

const sqlSuggestUnits = `SELECT u.code AS value, u.name AS label FROM org_unit u
WHERE u.ancestors && $1::bigint[] AND u.kind NOT IN ('rw', 'rt') AND u.valid_to IS NULL
ORDER BY ` + kindOrder + `, u.name LIMIT 600`
