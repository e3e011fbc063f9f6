package portal

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/dossier"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// OwnTrail is what the audit trail says that an account did.
type OwnTrail struct {
	DB pg.Querier
	// ActName names an act in words.
	ActName func(action string) string
}

// mostTrail entries are told, the newest.
const mostTrail = 2000

const sqlOwnTrail = `SELECT at, action FROM audit_entry WHERE account_id = $1 ORDER BY id DESC LIMIT $2`

// Dossier tells what the account did, as the trail has it.
func (t OwnTrail) Dossier(ctx context.Context, accountID int64) (p dossier.Part, err error) {
	defer errs.In(&err, "portal.OwnTrail(%d)", accountID)
	p = dossier.Part{
		Code: "jejak", Title: "Jejak audit",
		Why:   "Untuk membuktikan siapa melakukan apa dan kapan.",
		Kept:  "Selamanya: catatan berantai yang tidak bisa diubah siapa pun.",
		Stays: "Jejak audit wajib ada (PP 71/2019). Isinya nomor akun, waktu, dan perbuatan, tanpa nama dan kontak.",
	}
	rows, err := pg.Many[struct {
		At     time.Time
		Action string
	}](ctx, t.DB, sqlOwnTrail, accountID, mostTrail)
	for _, r := range rows {
		p.Records = append(p.Records, dossier.Record{Title: t.ActName(r.Action), At: r.At})
	}
	return p, err
}

// Forget erases nothing: the trail is chained.
func (t OwnTrail) Forget(context.Context, pgx.Tx, authz.Actor, int64, time.Time) (int64, error) {
	return 0, nil
}
