package eoffice

import (
	"context"
	"io"
	"path"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Loose is a scan that waits in an office for the letter to be written down to which it belongs.
type Loose struct {
	ID         int64
	UnitID     int64
	Batch      bool // came for no letter in particular
	Splitting  bool // is being cut into letters: no letter's yet
	Name       string
	BlobKey    string
	Type       string
	Size       int64
	Hash       []byte
	UploadedAt time.Time
}

// Ending is that of the file's type, such as "pdf".
func (l Loose) Ending() string { return strings.TrimPrefix(path.Ext(l.BlobKey), ".") }

const (
	looseColumns = `SELECT t.id, t.unit_id, t.batch, t.splitting, t.name, t.blob_key, t.type, t.size, t.hash, t.uploaded_at FROM eoffice_tray t
WHERE t.unit_id IN (SELECT id FROM org_unit WHERE ancestors && $1)`

	sqlLoose  = looseColumns + ` AND t.id = ANY($2) ORDER BY t.id`
	sqlBatch  = looseColumns + ` AND t.batch ORDER BY t.id LIMIT 300`
	sqlToTray = `
INSERT INTO eoffice_tray (unit_id, batch, splitting, name, blob_key, type, size, hash, uploaded_at, uploaded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`
	sqlTakeTray = `
DELETE FROM eoffice_tray WHERE unit_id = $1 AND id = ANY($2) AND NOT splitting RETURNING id, unit_id, batch, splitting, name, blob_key, type, size, hash, uploaded_at`
	sqlUnfinished = looseColumns + ` AND NOT t.batch ORDER BY t.uploaded_at, t.id LIMIT 300`
	sqlKeepLoose  = `UPDATE eoffice_tray SET batch = true WHERE id = $1 AND NOT batch`
	sqlForgotten  = `DELETE FROM eoffice_tray WHERE NOT batch AND uploaded_at < $1 RETURNING blob_key`
)

// ToTray keeps a scan for a letter that is being written down in one of the actor's offices.
func (m *Module) ToTray(ctx context.Context, a authz.Actor, unitID int64, u Upload) (l Loose, err error) {
	defer errs.In(&err, "eoffice.ToTray")
	if err := m.registers(ctx, a, unitID); err != nil {
		return l, err
	}
	f, err := m.keep(ctx, "pindaian", u.Upload)
	if err != nil {
		return l, err
	}
	l = Loose{UnitID: unitID, Name: shownName(u.Name, f.Ending()), BlobKey: f.BlobKey, Type: f.Type, Size: f.Size, Hash: f.Hash, UploadedAt: m.now()}
	l.ID, err = m.toTray(ctx, m.db, a.AccountID, l)
	if err != nil {
		m.drop(ctx, f.BlobKey)
	}
	return l, err
}

const sqlRegisters = `SELECT EXISTS (SELECT FROM org_unit WHERE id = $1 AND ancestors && $2)`

// registers refuses who is not tata usaha of an office.
func (m *Module) registers(ctx context.Context, a authz.Actor, unitID int64) error {
	yes, err := pg.Scalar[bool](ctx, m.db, sqlRegisters, unitID, listOf(a.Units(PermRegister)))
	if err == nil && !yes {
		err = errNotClerk
	}
	return err
}

func (m *Module) toTray(ctx context.Context, q pg.Querier, accountID int64, l Loose) (int64, error) {
	return pg.Scalar[int64](ctx, q, sqlToTray, l.UnitID, l.Batch, l.Splitting, l.Name, l.BlobKey, l.Type, l.Size, l.Hash, l.UploadedAt, accountID)
}

// LooseOf are scans of the actor's offices by their ids, those that still wait.
func (m *Module) LooseOf(ctx context.Context, a authz.Actor, ids []int64) (_ []Loose, err error) {
	defer errs.In(&err, "eoffice.LooseOf")
	return pg.Many[Loose](ctx, m.db, sqlLoose, listOf(a.Units(PermRegister)), listOf(ids))
}

// OpenLoose reads a scan that waits in one of the actor's offices.
func (m *Module) OpenLoose(ctx context.Context, a authz.Actor, id int64) (_ io.ReadCloser, l Loose, err error) {
	defer errs.In(&err, "eoffice.OpenLoose(%d)", id)
	list, err := m.LooseOf(ctx, a, []int64{id})
	if err != nil {
		return nil, l, err
	}
	if len(list) == 0 {
		return nil, l, errNoFile
	}
	r, _, err := m.blobs.Get(ctx, list[0].BlobKey)
	return r, list[0], err
}

// takeTray takes scans out for a letter of their office. One that somebody else took
// meanwhile is errs.Unprocessable.
func (m *Module) takeTray(ctx context.Context, tx pgx.Tx, unitID int64, ids []int64) (out []File, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := pg.Many[Loose](ctx, tx, sqlTakeTray, unitID, ids)
	if err != nil {
		return nil, err
	}
	if len(list) != len(ids) {
		return nil, errs.Invalid(errs.Field{Name: ControlFile, Message: "Satu pindaian sudah dipakai atau dihapus. Periksa daftarnya, lalu simpan lagi."})
	}
	for _, l := range list {
		out = append(out, File{Name: l.Name, BlobKey: l.BlobKey, Type: l.Type, Size: l.Size, Hash: l.Hash})
	}
	return out, nil
}

func hashesOf(files []File) [][]byte {
	out := make([][]byte, len(files))
	for i, f := range files {
		out[i] = f.Hash
	}
	return out
}

// Unfinished lists the scans of forms of the actor's offices that nobody finished yet: those that
// [Module.SweepTray] will drop, the first first, at most 300.
func (m *Module) Unfinished(ctx context.Context, a authz.Actor) (_ []Loose, err error) {
	defer errs.In(&err, "eoffice.Unfinished")
	return pg.Many[Loose](ctx, m.db, sqlUnfinished, listOf(a.Units(PermRegister)))
}

// GoesAt is when a scan of a form is dropped that nobody finished.
func (l Loose) GoesAt() time.Time { return l.UploadedAt.AddDate(0, 0, trayDays) }

// KeepLoose puts a scan of a form into the tray, from where no job drops it. One that is there
// already is no error; one that is gone, or of another office, is errs.NotFound.
func (m *Module) KeepLoose(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "eoffice.KeepLoose(%d)", id)
	list, err := m.LooseOf(ctx, a, []int64{id})
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return errNoFile
	}
	if list[0].Batch {
		return nil
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := pg.Changed(tx.Exec(ctx, sqlKeepLoose, id)); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "eoffice.tray.keep", Object: "eoffice_tray", ObjectID: id, UnitID: list[0].UnitID}); err != nil {
			return err
		}
		return live.Notify(ctx, tx, LiveLetters)
	})
}

// trayDays is how long a scan waits for a form that nobody finished.
const trayDays = 2

// SweepTray drops scans of forms that nobody finished and returns how many.
func (m *Module) SweepTray(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "eoffice.SweepTray")
	keys, err := pg.Scalars[string](ctx, m.db, sqlForgotten, m.now().AddDate(0, 0, -trayDays))
	for _, key := range keys {
		m.drop(ctx, key)
	}
	return len(keys), err
}
