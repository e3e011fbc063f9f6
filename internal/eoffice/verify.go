package eoffice

import (
	"context"
	"encoding/base64"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Verification is what anybody may know of a signed letter: that it exists, of whom, and
// whether it holds. What it says, and to whom it goes, is not in it.
type Verification struct {
	KindCode, Number, Office string
	DatedAt                  time.Time
	Blocks                   []Block
	Mode                     Mode
	Status                   Status
	Hash                     []byte `db:"pdf_hash"` // SHA-256 of the file as signed; nil before
}

// Unfinished tells whether the paper has its number and waits for its signatures.
func (v Verification) Unfinished() bool {
	return v.Status == AwaitingSign || v.Status == Signing || v.Status == Printed
}

const sqlVerify = `
SELECT l.kind_code, l.letter_number AS number, u.name AS office, l.dated_at, l.blocks, l.mode, l.status, l.pdf_hash
FROM eoffice_letter l JOIN org_unit u ON u.id = l.unit_id
WHERE l.token_hash = $1 AND l.letter_number IS NOT NULL AND l.dated_at IS NOT NULL`

// Verify tells what a letter's QR code leads to; unknown is errs.NotFound.
func (m *Module) Verify(ctx context.Context, token string) (v Verification, err error) {
	defer errs.In(&err, "eoffice.Verify")
	if raw, err := base64.RawURLEncoding.DecodeString(token); err != nil || len(raw) != 16 {
		return v, errs.New(errs.NotFound, "")
	}
	return pg.One[Verification](ctx, m.db, sqlVerify, crypt.HashToken(token))
}
