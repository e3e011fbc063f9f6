package epemerintahan

const importColumns = `SELECT i.id, i.kelurahan_id, u.name AS kelurahan_name, a.name AS by, i.state, i.message, i.file_size, i.created_at, i.updated_at,
	i.people, i.families, i.checked, i.fresh, i.fresh_people, i.doubted, i.doubted_people, i.present, i.refused, i.remarks,
	i.written, i.written_people, i.kept_out, u.ancestors
FROM epemerintahan_import i JOIN org_unit u ON u.id = i.kelurahan_id JOIN authn_account a ON a.id = i.account_id `

const (
	sqlImport     = importColumns + `WHERE i.id = $1 AND u.ancestors && $2::bigint[]`
	sqlLockImport = sqlImport + ` FOR UPDATE OF i`
	sqlImports    = importColumns + `WHERE i.kelurahan_id = ANY ($1::bigint[]) ORDER BY i.id DESC LIMIT 20`
)

const sqlImportPlaces = `SELECT id, name FROM org_unit
WHERE kind = 'kelurahan' AND ancestors && $1::bigint[] AND ancestors && $2::bigint[] AND ancestors && $3::bigint[] ORDER BY name, id`

const sqlInsertImport = `INSERT INTO epemerintahan_import (kelurahan_id, account_id, actor, blob_key, file_size, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id`

const sqlPassDoubted = `WITH passed AS (
	UPDATE epemerintahan_import_family SET state = 'baru' WHERE import_id = $1 AND state = 'ragu' RETURNING people
)
UPDATE epemerintahan_import SET fresh = fresh + doubted, fresh_people = fresh_people + doubted_people, doubted = 0, doubted_people = 0 WHERE id = $1`

const sqlStartWriting = `UPDATE epemerintahan_import SET state = 'menulis', actor = $2, reason = $3, updated_at = $4 WHERE id = $1`

const sqlEndImport = `UPDATE epemerintahan_import SET state = $2, message = $3, updated_at = $4 WHERE id = $1 RETURNING blob_key`

const sqlForgetBlob = `UPDATE epemerintahan_import SET blob_key = '' WHERE id = $1`

const sqlForgetFamilies = `DELETE FROM epemerintahan_import_family WHERE import_id = $1`

// What the work needs to know of an import.
const (
	sqlImportWork = `SELECT i.id, i.kelurahan_id, u.name AS kelurahan_name, i.actor, i.blob_key, i.file_size, i.state, i.reason, i.read_line, i.month_first
FROM epemerintahan_import i JOIN org_unit u ON u.id = i.kelurahan_id WHERE i.id = $1`
	sqlLockImportWork = sqlImportWork + ` FOR UPDATE OF i`
)

const sqlStageFamilies = `INSERT INTO epemerintahan_import_family (import_id, key, line, people)
SELECT $1, key, line, people FROM unnest($2::bytea[], $3::integer[], $4::integer[]) n (key, line, people) ORDER BY key
ON CONFLICT ON CONSTRAINT epemerintahan_import_family_pkey
DO UPDATE SET people = epemerintahan_import_family.people + excluded.people RETURNING xmax = 0`

const sqlStaged = `UPDATE epemerintahan_import SET read_line = $2, month_first = $3, people = people + $4, families = families + $5, updated_at = $6 WHERE id = $1`

const sqlReadToEnd = `UPDATE epemerintahan_import SET state = 'memeriksa', updated_at = $2 WHERE id = $1 RETURNING blob_key`

const sqlNextFamilies = `SELECT key, line, people FROM epemerintahan_import_family WHERE import_id = $1 AND state = $2 ORDER BY line LIMIT $3`

const sqlFamilyRows = `SELECT line, key, sealed FROM epemerintahan_import_row WHERE import_id = $1 AND key = ANY ($2::bytea[]) ORDER BY line`

const sqlRowsOnLines = `SELECT line, key, sealed FROM epemerintahan_import_row WHERE import_id = $1 AND line = ANY ($2::integer[]) ORDER BY line`

// The lines on which a NIK stands that stands on several.
const sqlTwiceInFile = `SELECT nik_hash, (array_agg(line ORDER BY line))[1:6] AS lines FROM epemerintahan_import_row
WHERE import_id = $1 AND nik_hash = ANY ($2::bytea[]) GROUP BY nik_hash HAVING count(*) > 1`

const sqlKnownMembers = `SELECT f.kk_hash, r.nik_hash, r.name_fold, r.birth_date FROM epemerintahan_family f
JOIN epemerintahan_resident r ON r.family_id = f.id AND r.deleted_at IS NULL
WHERE f.kelurahan_id = $1 AND f.kk_hash = ANY ($2::bytea[])`

const sqlKnownAreas = `SELECT DISTINCT rw, rt FROM epemerintahan_family WHERE kelurahan_id = $1`

const sqlSetFamilies = `UPDATE epemerintahan_import_family f SET state = n.state
FROM unnest($2::bytea[], $3::text[]) n (key, state) WHERE f.import_id = $1 AND f.key = n.key`

const sqlSetRows = `UPDATE epemerintahan_import_row r SET sealed = n.sealed, remarks = n.remarks
FROM unnest($2::integer[], $3::bytea[], $4::integer[]) n (line, sealed, remarks) WHERE r.import_id = $1 AND r.line = n.line`

const sqlChecked = `UPDATE epemerintahan_import SET checked = checked + $2, fresh = fresh + $3, fresh_people = fresh_people + $4, doubted = doubted + $5,
	doubted_people = doubted_people + $6, present = present + $7, refused = refused + $8, remarks = remarks + $9, updated_at = $10 WHERE id = $1`

const sqlImportState = `UPDATE epemerintahan_import SET state = $2, updated_at = $3 WHERE id = $1`

const sqlWritten = `UPDATE epemerintahan_import SET written = written + $2, written_people = written_people + $3, kept_out = kept_out + $4,
	remarks = remarks + $5, updated_at = $6 WHERE id = $1`

// Of whom nothing is to be said, nothing is kept.
const sqlForgetWritten = `DELETE FROM epemerintahan_import_family WHERE import_id = $1 AND state IN ('tertulis', 'ada')`

const sqlFinish = `UPDATE epemerintahan_import SET state = 'selesai', updated_at = $2,
	remarks = (SELECT COALESCE(sum(remarks), 0) FROM epemerintahan_import_row WHERE import_id = $1) WHERE id = $1`

const sqlRemarkRows = `SELECT line, sealed FROM epemerintahan_import_row WHERE import_id = $1 AND remarks > 0 AND line > $2 ORDER BY line LIMIT $3`

const sqlOldImports = `SELECT id, state, blob_key FROM epemerintahan_import i WHERE created_at < $1
	AND (blob_key <> '' OR state NOT IN ('selesai', 'gagal', 'batal') OR EXISTS (SELECT FROM epemerintahan_import_family f WHERE f.import_id = i.id))
ORDER BY id LIMIT 100`
