package sign

type authorityRow struct {
	Certificate []byte
	KeySealed   []byte
}

const (
	sqlAuthority = `SELECT certificate, key_sealed FROM sign_authority ORDER BY id DESC LIMIT 1`

	sqlAuthorityLock = `SELECT pg_advisory_xact_lock(hashtextextended('sign_authority', 0))`

	sqlAuthorityInsert = `INSERT INTO sign_authority (certificate, key_sealed, created_at) VALUES ($1, $2, $3)`

	sqlAuthorityRoots = `SELECT certificate FROM sign_authority ORDER BY id`
)
