package authn

import "time"

type accountRow struct {
	ID                int64
	Kind              string
	Status            string
	Name              string
	Email             string
	EmailVerified     bool
	PhoneSealed       []byte
	PhoneVerified     bool
	LoginNumber       string
	PasswordHash      string
	PasswordChangedAt *time.Time
	TotpSealed        []byte
	HasTOTP           bool `db:"has_totp"`
	RecoveryLeft      int
	CreatedAt         time.Time
	LastLoginAt       *time.Time
	DisabledReason    string
}

const accountColumns = `
SELECT a.id, a.kind, a.status, a.name, coalesce(a.email, '') AS email,
    a.email_verified_at IS NOT NULL AS email_verified,
    a.phone_sealed, a.phone_verified_at IS NOT NULL AS phone_verified,
    coalesce(a.login_number, '') AS login_number,
    coalesce(a.password_hash, '') AS password_hash, a.password_changed_at,
    a.totp_sealed, a.totp_confirmed_at IS NOT NULL AS has_totp,
    (SELECT count(*) FROM authn_recovery_code c WHERE c.account_id = a.id AND c.used_at IS NULL)::int AS recovery_left,
    a.created_at, a.last_login_at, coalesce(a.disabled_reason, '') AS disabled_reason
FROM authn_account a `

const sqlAccount = accountColumns + `WHERE a.id = $1`

const sqlAccountLocked = accountColumns + `WHERE a.id = $1 FOR UPDATE OF a`

const sqlAccountByContact = accountColumns + `
WHERE ($1 <> '' AND lower(a.email) = lower($1)) OR a.phone_hash = $2 OR ($3 <> '' AND a.login_number = $3)`

const sqlCreateAccount = `
INSERT INTO authn_account (kind, name, email, email_verified_at, phone_sealed, phone_hash, phone_verified_at,
    login_number, password_hash, password_changed_at, created_at)
VALUES ($1, $2, nullif($3, ''), $4, $5, $6, $7, nullif($8, ''), nullif($9, ''),
    CASE WHEN $9 <> '' THEN $10::timestamptz END, $10)
RETURNING id`

const sqlSetPassword = `
UPDATE authn_account SET password_hash = $2, password_changed_at = $3
WHERE id = $1 AND status = 'active'`

const sqlRehash = `UPDATE authn_account SET password_hash = $2 WHERE id = $1 AND password_hash = $3`

const sqlLoggedIn = `UPDATE authn_account SET last_login_at = $2 WHERE id = $1 AND status = 'active'`

const sqlSetName = `UPDATE authn_account SET name = $2 WHERE id = $1 AND status = 'active'`

const sqlSetEmail = `
UPDATE authn_account SET email = $2, email_verified_at = $3 WHERE id = $1 AND status = 'active'`

const sqlVerifyEmail = `
UPDATE authn_account SET email_verified_at = coalesce(email_verified_at, $2)
WHERE id = $1 AND email IS NOT NULL`

const sqlSetPhone = `
UPDATE authn_account SET phone_sealed = $2, phone_hash = $3, phone_verified_at = $4
WHERE id = $1 AND status = 'active'`

const sqlDropEmail = `
UPDATE authn_account SET email = NULL, email_verified_at = NULL
WHERE id = $1 AND status = 'active' AND email IS NOT NULL AND (phone_hash IS NOT NULL OR login_number IS NOT NULL)`

const sqlDropPhone = `
UPDATE authn_account SET phone_sealed = NULL, phone_hash = NULL, phone_verified_at = NULL
WHERE id = $1 AND status = 'active' AND phone_hash IS NOT NULL AND (email IS NOT NULL OR login_number IS NOT NULL)`

const sqlClose = `
UPDATE authn_account SET status = 'closed', closed_at = $2, name = 'Akun ditutup',
    email = NULL, email_verified_at = NULL, phone_sealed = NULL, phone_hash = NULL, phone_verified_at = NULL,
    login_number = NULL, password_hash = NULL, totp_sealed = NULL, totp_confirmed_at = NULL
WHERE id = $1 AND status <> 'closed'`

const sqlDisable = `
UPDATE authn_account SET status = 'disabled', disabled_at = $2, disabled_reason = $3
WHERE id = $1 AND status = 'active'`

const sqlEnable = `
UPDATE authn_account SET status = 'active', disabled_at = NULL, disabled_reason = NULL
WHERE id = $1 AND status = 'disabled'`

const sqlDropCodes = `DELETE FROM authn_code WHERE account_id = $1`

const sqlDropInvitations = `DELETE FROM authn_invitation WHERE account_id = $1`
