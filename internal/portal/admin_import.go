package portal

import (
	"bytes"
	"context"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Import is a file that the directory takes as a whole.
type Import struct {
	Slug    string // in addresses
	Title   string
	Lead    string
	Columns []string // of a sheet
	Accept  string   // of the file control
	Max     int64    // bytes
	Needs   authz.Permission
	Run     func(ctx context.Context, db pg.Beginner, a authz.Actor, at time.Time, file io.Reader, apply bool) (org.Report, error)
}

// keptFor is how long a file waits between its dry run and its import.
const keptFor = 2 * time.Hour

// TryImport says what the file would do. When nothing speaks against it the
// file is kept under key for ApplyImport.
func (ad *Admin) TryImport(ctx context.Context, a authz.Actor, im Import, key string, data []byte) (rep org.Report, err error) {
	defer errs.In(&err, "portal.TryImport(%s)", im.Slug)
	if err := ad.needCity(ctx, a, im.Needs); err != nil {
		return rep, err
	}
	now := ad.Clock.Now()
	if rep, err = im.Run(ctx, ad.DB, a, now, bytes.NewReader(data), false); err != nil || !rep.OK() {
		return rep, err
	}
	if err := pg.Exec(ctx, ad.DB, sqlFilesForget, now.Add(-keptFor)); err != nil {
		return rep, err
	}
	return rep, pg.Exec(ctx, ad.DB, sqlFileKeep, key, a.AccountID, im.Slug, data, now)
}

// ApplyImport imports the file that the same person tried, once; later calls
// are errs.Conflict. What the directory has become since may speak against the
// file after all: then nothing is written and the file stays.
func (ad *Admin) ApplyImport(ctx context.Context, a authz.Actor, im Import, key string) (rep org.Report, err error) {
	defer errs.In(&err, "portal.ApplyImport(%s)", im.Slug)
	if err := ad.needCity(ctx, a, im.Needs); err != nil {
		return rep, err
	}
	err = pg.InTx(ctx, ad.DB, func(tx pgx.Tx) error {
		now := ad.Clock.Now()
		data, err := pg.Scalar[[]byte](ctx, tx, sqlFileTake, key, a.AccountID, im.Slug, now.Add(-keptFor))
		if errs.KindOf(err) == errs.NotFound {
			return errs.New(errs.Conflict, "Berkas ini sudah diterapkan atau sudah kedaluwarsa. Unggah lagi bila perlu.")
		}
		if err != nil {
			return err
		}
		if rep, err = im.Run(ctx, tx, a, now, bytes.NewReader(data), true); err != nil || rep.OK() {
			return err
		}
		return pg.Exec(ctx, tx, sqlFileKeep, key, a.AccountID, im.Slug, data, now)
	})
	return rep, err
}

// Purge forgets files that nobody applied in time: they hold the city's staff.
func (ad *Admin) Purge(ctx context.Context) (err error) {
	defer errs.In(&err, "portal.Purge")
	return pg.Exec(ctx, ad.DB, sqlFilesForget, ad.Clock.Now().Add(-keptFor))
}

const sqlFileKeep = `INSERT INTO portal_file (key, account_id, purpose, data, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT ON CONSTRAINT portal_file_pkey DO NOTHING`

const sqlFileTake = `DELETE FROM portal_file WHERE key = $1 AND account_id = $2 AND purpose = $3 AND created_at > $4 RETURNING data`

const sqlFilesForget = `DELETE FROM portal_file WHERE created_at < $1`
