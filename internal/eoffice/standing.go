package eoffice

import (
	"context"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Standing is whether a letter of a number may be pointed at, and nothing of what it says.
type Standing struct {
	ID      int64
	Number  string
	Signed  bool // by whom it should, or registered as it came from outside
	Revoked bool
}

// Of letters with the same number the one that was signed last.
const sqlStanding = `
SELECT id, COALESCE(letter_number, sender_number) AS number, origin = 'masuk' OR status IN ('ditandatangani', 'terkirim', 'diarsipkan', 'dimusnahkan', 'dicabut') AND signed_at IS NOT NULL AS signed, status = 'dicabut' AS revoked
FROM eoffice_letter
WHERE upper(replace(COALESCE(letter_number, sender_number), ' ', '')) = $1 AND COALESCE(letter_number, sender_number) <> '' AND secrecy <> 'SR' AND status <> 'dibatalkan'
ORDER BY status = 'dicabut', signed_at DESC NULLS LAST, id DESC LIMIT 1`

// Standing finds a letter by its whole number, in whatever case and with whatever spaces, for
// other modules, which say themselves who may ask. There is none: errs.NotFound. The most
// secret ones are not found.
func (m *Module) Standing(ctx context.Context, number string) (s Standing, err error) {
	defer errs.In(&err, "eoffice.Standing")
	return pg.One[Standing](ctx, m.db, sqlStanding, strings.ToUpper(strings.Join(strings.Fields(number), "")))
}

const sqlRevokedOf = `SELECT id, status_at AS at FROM eoffice_letter WHERE id = ANY ($1::bigint[]) AND status = 'dicabut'`

// RevokedOf are those of some letters that were revoked, with when.
func (m *Module) RevokedOf(ctx context.Context, ids []int64) (_ map[int64]time.Time, err error) {
	defer errs.In(&err, "eoffice.RevokedOf")
	return pg.Map[int64, time.Time](ctx, m.db, sqlRevokedOf, ids)
}
