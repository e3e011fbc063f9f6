package authn

const sqlStartTOTP = `
UPDATE authn_account SET totp_sealed = $2, totp_confirmed_at = NULL WHERE id = $1 AND totp_confirmed_at IS NULL`

const sqlConfirmTOTP = `
UPDATE authn_account SET totp_confirmed_at = $2, totp_last_step = $3 WHERE id = $1`

// A step is accepted once, and none before it.
const sqlSpendStep = `UPDATE authn_account SET totp_last_step = $2 WHERE id = $1 AND totp_last_step < $2`

const sqlDropTOTP = `
UPDATE authn_account SET totp_sealed = NULL, totp_confirmed_at = NULL WHERE id = $1`

const sqlDropRecovery = `DELETE FROM authn_recovery_code WHERE account_id = $1`

const sqlAddRecovery = `
INSERT INTO authn_recovery_code (account_id, code_hash, created_at)
SELECT $1, unnest($2::bytea[]), $3`

const sqlSpendRecovery = `
UPDATE authn_recovery_code SET used_at = $3 WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL`
