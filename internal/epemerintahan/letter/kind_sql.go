package letter

import (
	"context"
	"encoding/json"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// A portal that starts may wait for those that started before it.
const sqlKindsPatience = `SELECT set_config('lock_timeout', '1min', true), set_config('statement_timeout', '1min', true)`

const sqlKindsLock = `SELECT pg_advisory_xact_lock(hashtextextended('epemerintahan_kind', 0))`

const sqlInsertKind = `INSERT INTO epemerintahan_kind (code, no) VALUES ($1, $2) ON CONFLICT (code) DO NOTHING`

const sqlNextKindNo = `SELECT COALESCE(max(no), 0) + 1 FROM epemerintahan_kind`

// A new city version of a shipped kind, unless the newest one says the same or is an
// administrator's. jsonb compares what definitions say, not how they are written.
const sqlShip = `
INSERT INTO epemerintahan_kind_version (code, version, shipped, definition, reason, created_at)
SELECT $1, COALESCE(n.version, 0) + 1, true, $2::jsonb, 'Bawaan program', $3
FROM (SELECT) x LEFT JOIN LATERAL (
	SELECT version, shipped, definition FROM epemerintahan_kind_version
	WHERE code = $1 AND unit_id IS NULL ORDER BY version DESC LIMIT 1) n ON true
WHERE n.version IS NULL OR n.shipped AND n.definition <> $2::jsonb`

// The version of each kind that holds in a unit ($1; 0 is the city): the unit's newest, else
// the city's. A unit's definition of null says that it follows the city again.
const sqlKinds = `
SELECT k.code, k.no, v.id AS version_id, v.version, v.unit_id, v.definition
FROM epemerintahan_kind k
LEFT JOIN LATERAL (
	SELECT * FROM epemerintahan_kind_version
	WHERE code = k.code AND unit_id = NULLIF($1::bigint, 0) ORDER BY version DESC LIMIT 1) own ON true
JOIN LATERAL (
	SELECT * FROM epemerintahan_kind_version WHERE id = own.id AND own.definition <> 'null'
	UNION ALL (SELECT * FROM epemerintahan_kind_version
		WHERE code = k.code AND unit_id IS NULL AND (own.id IS NULL OR own.definition = 'null') ORDER BY version DESC LIMIT 1)
) v ON true
WHERE $2::text = '' OR k.code = $2
ORDER BY k.no`

const sqlKindVersion = `
SELECT k.code, k.no, v.id AS version_id, v.version, v.unit_id, v.definition
FROM epemerintahan_kind_version v JOIN epemerintahan_kind k ON k.code = v.code
WHERE v.id = $1`

type kindRow struct {
	Code       string
	No         int
	VersionID  int64
	Version    int
	UnitID     *int64
	Definition Definition
}

func (r kindRow) kind() Kind {
	return Kind{Code: r.Code, No: r.No, VersionID: r.VersionID, Version: r.Version, UnitID: r.UnitID, Definition: r.Definition}
}

func kinds(ctx context.Context, q pg.Querier, sql string, args ...any) ([]Kind, error) {
	rows, err := pg.Many[kindRow](ctx, q, sql, args...)
	out := make([]Kind, len(rows))
	for i, r := range rows {
		out[i] = r.kind()
	}
	return out, err
}

// kindVersion is a kind as a letter keeps it.
func kindVersion(ctx context.Context, q pg.Querier, id int64) (Kind, error) {
	r, err := pg.One[kindRow](ctx, q, sqlKindVersion, id)
	return r.kind(), err
}

func ship(ctx context.Context, q pg.Querier, k Kind, at time.Time) error {
	if err := pg.Exec(ctx, q, sqlInsertKind, k.Code, k.No); err != nil {
		return err
	}
	return pg.Exec(ctx, q, sqlShip, k.Code, k.Definition, at)
}

// nullDefinition is the definition of a version by which a unit follows the city again.
var nullDefinition = json.RawMessage("null")

const sqlAddVersion = `
INSERT INTO epemerintahan_kind_version (code, unit_id, version, definition, reason, created_at, created_by)
SELECT $1, NULLIF($2::bigint, 0), COALESCE(max(version), 0) + 1, $3::jsonb, $4, $5, $6
FROM epemerintahan_kind_version WHERE code = $1 AND unit_id IS NOT DISTINCT FROM NULLIF($2::bigint, 0)
RETURNING id`

const sqlKindHistory = `
SELECT v.id, v.unit_id, v.version, v.shipped, v.reason, v.created_at AS at, COALESCE(c.name, '') AS by,
	NULLIF(v.definition, 'null') AS definition
FROM epemerintahan_kind_version v LEFT JOIN authn_account c ON c.id = v.created_by
WHERE v.code = $1 AND (v.unit_id IS NULL OR v.unit_id = NULLIF($2::bigint, 0))
ORDER BY v.created_at DESC, v.id DESC`
