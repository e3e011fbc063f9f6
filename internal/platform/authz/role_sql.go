package authz

const sqlRoles = `
SELECT r.id, r.code, r.name, r.description, r.builtin,
    coalesce((SELECT array_agg(p.permission ORDER BY p.permission)
              FROM authz_role_permission p WHERE p.role_id = r.id), '{}') AS permissions
FROM authz_role r ORDER BY r.name, r.id`

const sqlSaveRole = `
INSERT INTO authz_role (code, name, description, builtin) VALUES ($1, $2, $3, $4)
ON CONFLICT ON CONSTRAINT authz_role_code_key
DO UPDATE SET name = excluded.name, description = excluded.description, builtin = excluded.builtin
RETURNING id`

const sqlDropPermissions = `
DELETE FROM authz_role_permission WHERE role_id = $1 AND permission <> ALL ($2::text[])`

const sqlAddPermissions = `
INSERT INTO authz_role_permission (role_id, permission)
SELECT $1, unnest($2::text[])
ON CONFLICT ON CONSTRAINT authz_role_permission_pkey DO NOTHING`

const sqlGiveRole = `
INSERT INTO authz_grant (role_id, account_id, position_id, unit_id, valid_from, valid_to, granted_by, created_at)
VALUES ($1, nullif($2::bigint, 0), nullif($3::bigint, 0), $4, $5, $6, nullif($7::bigint, 0), $8)
RETURNING id`

const sqlEndGrant = `
UPDATE authz_grant SET valid_to = greatest($2::timestamptz, valid_from)
WHERE id = $1 AND (valid_to IS NULL OR valid_to > $2::timestamptz)`

const sqlGrants = `
SELECT g.id, g.role_id, r.name AS role_name,
    coalesce(g.account_id, 0) AS account_id, coalesce(g.position_id, 0) AS position_id,
    coalesce(a.name, p.title) AS subject, g.unit_id, u.name AS unit_name, g.valid_from, g.valid_to
FROM authz_grant g
JOIN authz_role r ON r.id = g.role_id
JOIN org_unit u ON u.id = g.unit_id
LEFT JOIN authn_account a ON a.id = g.account_id
LEFT JOIN org_position p ON p.id = g.position_id
WHERE (g.valid_to IS NULL OR g.valid_to > $1)
  AND ($2::bigint = 0 OR g.account_id = $2)
  AND ($3::bigint = 0 OR g.position_id = $3)
  AND ($4::bigint = 0 OR g.role_id = $4)
  AND ($5::bigint = 0 OR g.unit_id = $5)
ORDER BY r.name, subject, g.id LIMIT 500`
