package epemerintahan

const residentColumns = ` r.id, r.family_id, r.kelurahan_id, r.rw, r.rt, f.address, u.name AS kelurahan_name, r.relation, r.name, r.sex,
	r.birth_place, r.birth_date, r.religion, r.education, r.job, r.marital, r.citizenship, r.permanence, r.father_name,
	r.mother_name, r.birth_deed, r.marriage_deed, r.divorce_deed, r.nik_status, r.nik_reason, r.status, r.status_on, r.seq,
	r.version, r.updated_at, r.nik_sealed, f.kk_sealed, u.ancestors
FROM epemerintahan_resident r
JOIN epemerintahan_family f ON f.id = r.family_id
JOIN org_unit u ON u.id = r.kelurahan_id `

// $2 is the realm: what lies elsewhere does not exist.
const (
	sqlResident     = `SELECT` + residentColumns + `WHERE r.id = $1 AND r.deleted_at IS NULL AND u.ancestors && $2::bigint[]`
	sqlLockResident = sqlResident + ` FOR UPDATE OF r`
	sqlByNIK        = `SELECT` + residentColumns + `WHERE r.nik_hash = $1 AND r.deleted_at IS NULL AND u.ancestors && $2::bigint[]`
	sqlResidents    = `SELECT` + residentColumns + `WHERE r.id = ANY ($1::bigint[]) AND r.deleted_at IS NULL ORDER BY array_position($1::bigint[], r.id)`
	sqlAnyResident  = `SELECT` + residentColumns + `WHERE r.id = $1 AND r.deleted_at IS NULL`

	sqlLockAnyResident = sqlAnyResident + ` FOR UPDATE OF r`
)

const (
	sqlFamily = `SELECT f.id, f.kelurahan_id, f.rw, f.rt, f.address, u.name AS kelurahan_name, f.version, f.updated_at, f.kk_sealed, u.ancestors
FROM epemerintahan_family f JOIN org_unit u ON u.id = f.kelurahan_id
WHERE f.id = $1 AND u.ancestors && $2::bigint[]`
	sqlLockFamily = sqlFamily + ` FOR UPDATE OF f`
)

const sqlMembers = `SELECT id, name, relation, sex, birth_date, status, status_on, version
FROM epemerintahan_resident WHERE family_id = $1 AND deleted_at IS NULL ORDER BY status <> 'hidup', relation, birth_date, id`

const sqlEvents = `SELECT seq, kind, happened_on, recorded_at, kelurahan_id, COALESCE(reverses, 0) AS reverses, reason, detail
FROM epemerintahan_event WHERE resident_id = $1 ORDER BY seq`

const sqlHistory = `SELECT e.seq, e.kind, e.happened_on, e.recorded_at, e.kelurahan_id, COALESCE(e.reverses, 0) AS reverses, e.reason,
	e.detail, COALESCE(a.name, 'Sistem') AS by, u.name AS kelurahan_name
FROM epemerintahan_event e JOIN org_unit u ON u.id = e.kelurahan_id LEFT JOIN authn_account a ON a.id = e.actor_id
WHERE e.resident_id = $1 ORDER BY e.seq`

const (
	changeColumns  = `SELECT c.at, COALESCE(a.name, 'Sistem') AS by, c.what, c.reason, c.fields FROM epemerintahan_change c LEFT JOIN authn_account a ON a.id = c.actor_id `
	sqlChanges     = changeColumns + `WHERE c.resident_id = $1 ORDER BY c.id DESC LIMIT 100`
	sqlFamilyMoves = changeColumns + `WHERE c.family_id = $1 ORDER BY c.id DESC LIMIT 100`
)

const sqlNumbers = `SELECT kk_sealed, since, until, reason FROM epemerintahan_kk WHERE family_id = $1 ORDER BY id DESC`

const sqlUpdateFamily = `UPDATE epemerintahan_family SET rw = $3, rt = $4, address = $5, address_fold = $6, kk_sealed = $7, kk_hash = $8,
	version = version + 1, updated_at = $9 WHERE id = $1 AND version = $2`

// The family is locked by then.
const sqlTouchFamily = `UPDATE epemerintahan_family SET version = version + 1, updated_at = $2 WHERE id = $1`

const (
	sqlEndNumber    = `UPDATE epemerintahan_kk SET until = $2 WHERE family_id = $1 AND until IS NULL`
	sqlInsertNumber = `INSERT INTO epemerintahan_kk (family_id, kk_sealed, kk_hash, since, reason) VALUES ($1, $2, $3, $4, $5)`
)

const sqlUpdateResident = `UPDATE epemerintahan_resident SET relation = $3, nik_sealed = $4, nik_hash = $5, nik_status = $6, nik_reason = $7,
	nik_reason_by = CASE WHEN $7 = '' THEN NULL WHEN $8 > 0 THEN $8::bigint ELSE nik_reason_by END, name = $9, name_fold = $10,
	sex = $11, birth_place = $12, birth_date = $13::date, religion = $14, education = $15, job = $16, marital = $17, citizenship = $18,
	permanence = $19, father_name = $20, mother_name = $21, birth_deed = $22, marriage_deed = $23, divorce_deed = $24,
	version = version + 1, updated_at = $25
WHERE id = $1 AND version = $2`

const sqlSetStanding = `UPDATE epemerintahan_resident SET status = $3, status_on = $4::date, seq = $5, relation = $6, version = version + 1, updated_at = $7
WHERE id = $1 AND version = $2`

const sqlSetRelation = `UPDATE epemerintahan_resident SET relation = $3, version = version + 1, updated_at = $4 WHERE id = $1 AND version = $2`

// A resident takes the place of the family that they join.
const sqlPlaceResident = `UPDATE epemerintahan_resident r SET family_id = f.id, kelurahan_id = f.kelurahan_id, rw = f.rw, rt = f.rt, relation = $4,
	version = r.version + 1, updated_at = $5
FROM epemerintahan_family f WHERE r.id = $1 AND r.version = $2 AND f.id = $3`

const sqlDeleteResident = `UPDATE epemerintahan_resident SET deleted_at = $3, deleted_by = NULLIF($4::bigint, 0), delete_reason = $5,
	version = version + 1, updated_at = $3 WHERE id = $1 AND version = $2`

const sqlInsertEvent = `INSERT INTO epemerintahan_event (resident_id, seq, kind, happened_on, recorded_at, kelurahan_id, reverses, reason, detail, actor_id)
VALUES ($1, $2, $3, $4::date, $5, $6, NULLIF($7::integer, 0), $8, $9, NULLIF($10::bigint, 0))`

const sqlInsertChange = `INSERT INTO epemerintahan_change (resident_id, family_id, version, at, actor_id, what, reason, fields)
VALUES (NULLIF($1::bigint, 0), NULLIF($2::bigint, 0), $3, $4, NULLIF($5::bigint, 0), $6, $7, $8)`

// Somebody who moved away, wherever they were recorded: they may arrive anywhere.
const sqlLockMoved = `SELECT` + residentColumns + `WHERE r.nik_hash = $1 AND r.deleted_at IS NULL AND r.status = 'pindah' FOR UPDATE OF r`

const sqlFamilyByNumber = `SELECT f.id FROM epemerintahan_family f JOIN org_unit u ON u.id = f.kelurahan_id
WHERE u.ancestors && $3::bigint[] AND f.id IN (
	SELECT family_id FROM epemerintahan_kk WHERE kk_hash = $1 AND until IS NULL
	UNION ALL SELECT family_id FROM epemerintahan_resident WHERE nik_hash = $2 AND deleted_at IS NULL AND status = 'hidup')
ORDER BY f.id LIMIT 1`

const sqlLiving = `SELECT id, name, relation, sex, birth_date, status, status_on, version
FROM epemerintahan_resident WHERE family_id = $1 AND deleted_at IS NULL AND status = 'hidup' ORDER BY id`

// Others of a family to whom the same thing happened in the same act.
const sqlTogether = `SELECT r.id FROM epemerintahan_event e JOIN epemerintahan_resident r ON r.id = e.resident_id
WHERE r.family_id = $1 AND r.id <> $2 AND r.deleted_at IS NULL AND e.kind = $3 AND e.recorded_at = $4 ORDER BY r.id`

// Kelurahan within the realm $1.
const sqlKelurahan = `SELECT id, name FROM org_unit WHERE kind = 'kelurahan' AND ancestors && $1::bigint[] ORDER BY name, id`
