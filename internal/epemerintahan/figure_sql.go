package epemerintahan

// The units that have figures and lie wholly in the realm $1.
const sqlFigurePlaces = `SELECT u.id, u.name, u.kind, COALESCE(u.parent_id, 0) AS parent_id
FROM org_unit u LEFT JOIN org_unit p ON p.id = u.parent_id
WHERE (u.parent_id IS NULL OR u.kind IN ('kecamatan', 'kelurahan')) AND u.valid_to IS NULL AND u.ancestors && $1::bigint[]
ORDER BY u.parent_id IS NOT NULL, CASE u.kind WHEN 'kelurahan' THEN p.name ELSE u.name END, u.kind = 'kelurahan', u.name, u.id`

// Those who live in a kelurahan, and their counts by everything but their places.
const (
	livingPeople = `WITH person AS MATERIALIZED (
	SELECT sex, religion, education, job, marital, citizenship, relation, family_id, rw, rt, birth_date
	FROM epemerintahan_resident WHERE kelurahan_id = $1 AND status = 'hidup' AND deleted_at IS NULL`
	livingCounts = `), counts AS (
	SELECT d.dimension, d.code, sex, count(*)::integer AS n FROM person CROSS JOIN LATERAL (VALUES
		('umur', LEAST(date_part('year', age($2::date, birth_date))::integer / 5, 15)), ('agama', religion), ('pendidikan', education),
		('pekerjaan', job), ('kawin', marital), ('warga_negara', citizenship), ('hubungan', relation)) d (dimension, code)
	GROUP BY d.dimension, d.code, sex
	UNION ALL
	SELECT 'ukuran', LEAST(size, 10), 0, count(*)::integer
	FROM (SELECT count(*)::integer AS size FROM person GROUP BY family_id) f GROUP BY LEAST(size, 10)
)`
)

const sqlCounts = livingPeople + ` AND ($3 = '' OR rw = $3) AND ($4 = '' OR rt = $4)` + livingCounts + `
SELECT dimension, code, sex, n FROM counts
UNION ALL
SELECT 'tempat', (rw || rt)::integer, sex, count(*)::integer FROM person GROUP BY rw, rt, sex`

const sqlKeepCounts = livingPeople + livingCounts + `
INSERT INTO epemerintahan_count (kelurahan_id, dimension, code, sex, n) SELECT $1, dimension, code, sex, n FROM counts`

const sqlForgetCounts = `DELETE FROM epemerintahan_count WHERE kelurahan_id = $1`

const sqlCounted = `INSERT INTO epemerintahan_counted (kelurahan_id, at) VALUES ($1, $2)
ON CONFLICT ON CONSTRAINT epemerintahan_counted_pkey DO UPDATE SET at = excluded.at`

// Kelurahan below $1, or all for 0, that were not counted since $2.
const sqlUncounted = `SELECT u.id FROM org_unit u LEFT JOIN epemerintahan_counted c ON c.kelurahan_id = u.id
WHERE u.kind = 'kelurahan' AND ($1 = 0 OR $1 = ANY (u.ancestors)) AND (c.at IS NULL OR c.at < $2) ORDER BY u.id`

const sqlCountedAt = `SELECT COALESCE(min(c.at), $2) FROM epemerintahan_counted c JOIN org_unit u ON u.id = c.kelurahan_id WHERE $1 = ANY (u.ancestors)`

const sqlSummed = `SELECT c.dimension, c.code, c.sex, sum(c.n)::integer AS n
FROM epemerintahan_count c JOIN org_unit u ON u.id = c.kelurahan_id WHERE $1 = ANY (u.ancestors) GROUP BY c.dimension, c.code, c.sex
UNION ALL
SELECT 'tempat', c.kelurahan_id::integer, c.sex, sum(c.n)::integer
FROM epemerintahan_count c JOIN org_unit u ON u.id = c.kelurahan_id WHERE $1 = ANY (u.ancestors) AND c.dimension = 'agama' GROUP BY c.kelurahan_id, c.sex`
