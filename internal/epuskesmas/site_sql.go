package epuskesmas

const siteColumns = `g.unit_id, g.slug, u.name, COALESCE(k.short_name, '') AS kecamatan, u.address, u.phone, u.lat, u.lng, g.horizon_days,
	g.open, g.version`

const siteTables = `epuskesmas_site g JOIN org_unit u ON u.id = g.unit_id LEFT JOIN org_unit k ON k.id = u.area_id`

// A new puskesmas of the directory gets its row; it opens once its manager says so.
const sqlEnsureSites = `
INSERT INTO epuskesmas_site (unit_id, slug, updated_at)
SELECT u.id, trim(BOTH '-' FROM regexp_replace(regexp_replace(lower(u.code), '^pkm-', ''), '[^a-z0-9]+', '-', 'g')), $1
FROM org_unit u WHERE u.kind = 'puskesmas' AND u.valid_to IS NULL
	AND NOT EXISTS (SELECT FROM epuskesmas_site g WHERE g.unit_id = u.id)
ON CONFLICT DO NOTHING`

const sqlSites = `SELECT ` + siteColumns + ` FROM ` + siteTables + `
WHERE g.open AND (u.valid_to IS NULL OR u.valid_to > $1::date) ORDER BY k.short_name NULLS LAST, u.name, g.unit_id`

const sqlSiteBySlug = `SELECT ` + siteColumns + ` FROM ` + siteTables + ` WHERE g.slug = $1`

const sqlSiteByID = `SELECT ` + siteColumns + ` FROM ` + siteTables + ` WHERE g.unit_id = $1`

// $1 are the roots of the realm.
const sqlSitesIn = `SELECT ` + siteColumns + ` FROM ` + siteTables + `
WHERE u.ancestors && $1::bigint[] ORDER BY u.name, g.unit_id`

const sqlPolis = `
SELECT id, unit_id, kind, letter, name, spoken, bpjs_code, priority_ratio, position, active
FROM epuskesmas_poli WHERE unit_id = $1 ORDER BY active DESC, position, letter, id`

const sqlAncestors = `SELECT ancestors FROM org_unit WHERE id = $1`
