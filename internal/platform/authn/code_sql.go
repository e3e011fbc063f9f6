package authn

const sqlStoreCode = `
INSERT INTO authn_code (purpose, contact_hash, payload_sealed, account_id, code_hash, created_at, expires_at)
VALUES ($1, $2, $3, nullif($4::bigint, 0), $5, $6, $7)
RETURNING id`

type guessRow struct {
	Purpose     string
	ContactHash []byte
	CodeHash    []byte
	Attempts    int
}

// The guess is counted before it is judged.
const sqlGuess = `
UPDATE authn_code SET attempts = attempts + 1
WHERE id = $1 AND attempts < $2 AND verified_at IS NULL AND used_at IS NULL AND expires_at > $3
RETURNING purpose, contact_hash, code_hash, attempts`

const sqlVerified = `
UPDATE authn_code SET verified_at = $2, expires_at = $3
WHERE id = $1 AND verified_at IS NULL AND used_at IS NULL`

type verifiedRow struct {
	AccountID     int64
	ContactHash   []byte
	PayloadSealed []byte
}

const sqlVerifiedCode = `
SELECT coalesce(account_id, 0) AS account_id, contact_hash, payload_sealed FROM authn_code
WHERE id = $1 AND purpose = $2 AND verified_at IS NOT NULL AND used_at IS NULL AND expires_at > $3`

const sqlUseCode = `UPDATE authn_code SET used_at = $2 WHERE id = $1 AND verified_at IS NOT NULL AND used_at IS NULL`
