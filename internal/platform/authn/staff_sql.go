package authn

const sqlAddInvitation = `
INSERT INTO authn_invitation (account_id, token_hash, created_by, created_at, expires_at)
VALUES ($1, $2, nullif($3::bigint, 0), $4, $5)`

type invitationRow struct {
	ID        int64
	AccountID int64
}

const sqlInvitation = `
SELECT i.id, i.account_id FROM authn_invitation i JOIN authn_account a ON a.id = i.account_id
WHERE i.token_hash = $1 AND i.used_at IS NULL AND i.expires_at > $2 AND a.status = 'active'`

const sqlUseInvitation = `UPDATE authn_invitation SET used_at = $2 WHERE id = $1 AND used_at IS NULL`

const sqlActivation = `
SELECT id FROM authn_code
WHERE contact_hash = $1 AND purpose = 'activation' AND account_id IS NOT NULL
  AND used_at IS NULL AND expires_at > $2
ORDER BY id DESC LIMIT 1`

const sqlRootUnit = `SELECT id FROM org_unit WHERE parent_id IS NULL`

const sqlRoleByCode = `SELECT id FROM authz_role WHERE code = $1`

const sqlSearch = `
SELECT a.id, a.kind, a.status, a.name, coalesce(a.email, '') AS email, coalesce(a.login_number, '') AS login_number,
    a.password_hash IS NOT NULL AS has_password, a.totp_confirmed_at IS NOT NULL AS has_totp, a.last_login_at,
    coalesce(held.title, '') AS position, coalesce(held.unit_name, '') AS unit_name
FROM authn_account a
LEFT JOIN LATERAL (
    SELECT p.title, u.name AS unit_name
    FROM org_person n
    JOIN org_occupancy o ON o.person_id = n.id AND o.during @> $7::timestamptz
    JOIN org_position p ON p.id = o.position_id
    JOIN org_unit u ON u.id = p.unit_id
    WHERE n.account_id = a.id
    ORDER BY o.kind, o.id LIMIT 1
) held ON true
WHERE ($1::text = '' OR portal_unaccent(lower(a.name)) LIKE '%' || portal_unaccent(lower($1)) || '%'
        OR position(lower($1) in lower(a.email)) > 0 OR a.login_number = $1)
  AND ($2::text = '' OR a.kind = $2)
  AND CASE $3::text WHEN '' THEN a.status <> 'closed'
        WHEN 'invited' THEN a.status = 'active' AND a.password_hash IS NULL
        ELSE a.status = $3 END
  AND ($5::bigint = 0 OR (lower(a.name), a.id) > (lower($4::text), $5::bigint))
ORDER BY lower(a.name), a.id LIMIT $6`
