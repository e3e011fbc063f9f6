package letter

import (
	"context"
	"encoding/base64"
	"strings"
	"time"
	"unicode"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// What a verified letter is worth today.
const (
	StateValid      = "berlaku"
	StateExpired    = "kedaluwarsa"
	StateVoided     = "dicabut"
	StateUnfinished = "belum terbit" // printed with its number, the signed paper is not back yet
)

// Verification is what anybody may know of an issued letter.
type Verification struct {
	Kind, Number, KelurahanName string
	IssuedOn                    time.Time
	ValidUntil                  *time.Time
	Signed                      []Signed
	MaskedName                  string // "S**** R****"
	Mode                        Mode
	State                       string
	Certified                   bool   // every signature is by BSrE
	Hash                        []byte // SHA-256 of the file as issued; nil before
}

// Verify tells what a letter's QR code leads to; unknown is errs.NotFound. Letters
// that did not leave the kelurahan are unknown.
func (m *Module) Verify(ctx context.Context, token string) (_ Verification, err error) {
	defer errs.In(&err, "letter.Verify")
	if raw, err := base64.RawURLEncoding.DecodeString(token); err != nil || len(raw) != 16 {
		return Verification{}, errs.New(errs.NotFound, "")
	}
	row, err := pg.One[verifyRow](ctx, m.db, sqlVerify, crypt.HashToken(token))
	if err != nil {
		return Verification{}, err
	}
	v := Verification{
		Kind: row.Title, Number: row.LetterNumber, KelurahanName: row.KelurahanName, IssuedOn: row.IssuedOn,
		ValidUntil: row.ValidUntil, Signed: row.Signed, MaskedName: maskName(row.SubjectName), Mode: row.Mode,
		Certified: len(row.Signed) > 0, State: StateValid, Hash: row.PDFHash,
	}
	for _, s := range row.Signed {
		v.Certified = v.Certified && s.Certified
	}
	switch {
	case row.Status == Voided:
		v.State = StateVoided
	case row.Status == Printed:
		v.State, v.Hash = StateUnfinished, nil
	case row.ValidUntil != nil && row.ValidUntil.Format(time.DateOnly) < m.now().In(clock.Makassar).Format(time.DateOnly):
		v.State = StateExpired
	}
	return v, nil
}

// maskName keeps the first letter of each word, and hides how many follow.
func maskName(name string) string {
	var out []string
	for word := range strings.FieldsSeq(name) {
		if i := strings.IndexFunc(word, unicode.IsLetter); i >= 0 {
			for _, r := range word[i:] {
				out = append(out, string(unicode.ToUpper(r))+"****")
				break
			}
		}
	}
	return strings.Join(out, " ")
}

type verifyRow struct {
	Title, LetterNumber, KelurahanName, SubjectName string
	IssuedOn                                        time.Time
	ValidUntil                                      *time.Time
	Signed                                          []Signed
	Mode                                            Mode
	Status                                          Status
	PDFHash                                         []byte
}

const sqlVerify = `
SELECT l.title, l.letter_number, u.name AS kelurahan_name, l.subject_name, COALESCE(l.issued_on, (l.status_at AT TIME ZONE 'Asia/Makassar')::date) AS issued_on,
	l.valid_until, l.signed, l.mode, l.status, l.pdf_hash
FROM epemerintahan_letter l JOIN org_unit u ON u.id = l.kelurahan_id
WHERE l.token_hash = $1 AND l.status IN ('dicetak', 'terbit', 'dicabut') AND l.letter_number IS NOT NULL`
