package epemerintahan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// ImportState is how far an import has come.
type ImportState string

// The states of an import. A job does the work of reading, checking and writing; its
// user decides in ImportReady.
const (
	ImportReading  ImportState = "membaca"
	ImportChecking ImportState = "memeriksa"
	ImportReady    ImportState = "siap"
	ImportWriting  ImportState = "menulis"
	ImportDone     ImportState = "selesai"
	ImportFailed   ImportState = "gagal"
	ImportDropped  ImportState = "batal"
)

// Working tells whether a job is at it.
func (s ImportState) Working() bool {
	return s == ImportReading || s == ImportChecking || s == ImportWriting
}

// keepImports is how long a file and what was read of it are kept.
const keepImports = 24 * time.Hour

// Import is a file of residents on its way into the register of one kelurahan. Until
// ImportWriting nothing of it is in the register.
type Import struct {
	ID            int64
	KelurahanID   int64
	KelurahanName string
	By            string
	State         ImportState
	Message       string // why it failed
	FileSize      int64
	CreatedAt     time.Time
	UpdatedAt     time.Time

	People   int // rows read so far
	Families int
	Checked  int // families

	Fresh, FreshPeople     int // families that may be written, and who is in them
	Doubted, DoubtedPeople int // families that need a reason besides
	Present                int // families that are recorded already
	Refused                int // families with something wrong
	Remarks                int // lines of the report

	Written, WrittenPeople int
	KeptOut                int // families that somebody else recorded in between

	May May `db:"-"`
}

// Done is the share of the present stage that is done.
func (i Import) Done() float64 {
	part, whole := 0, 0
	switch i.State {
	case ImportChecking:
		part, whole = i.Checked, i.Families
	case ImportWriting:
		part, whole = i.Written+i.KeptOut, i.Fresh
	}
	if whole == 0 {
		return 0
	}
	return min(1, float64(part)/float64(whole))
}

// Reported tells whether there is still a report to download.
func (i Import) Reported(now time.Time) bool {
	return i.Remarks > 0 && now.Sub(i.CreatedAt) < keepImports && (i.State == ImportReady || i.State == ImportWriting || i.State == ImportDone)
}

type importRow struct {
	Import
	Ancestors []int64
}

// LiveImport is the topic on which an import's progress is told.
func LiveImport(id int64) string { return fmt.Sprintf("epemerintahan.import.%d", id) }

var (
	errNoImport    = errs.New(errs.NotFound, "Impor ini tidak ada di wilayah Anda.")
	errNotImporter = errs.New(errs.Forbidden, "Impor hanya untuk yang berwenang mengimpor data penduduk di kelurahan ini.")
)

// Upload takes a file in and has it read and checked. Needs PermImport and PermEdit in
// the kelurahan.
func (m *Module) Upload(ctx context.Context, a authz.Actor, kelurahan int64, file io.ReaderAt, size int64) (id int64, err error) {
	defer errs.In(&err, "epemerintahan.Upload")
	switch places, err := m.ImportPlaces(ctx, a); {
	case err != nil:
		return 0, err
	case !holds(places, kelurahan):
		return 0, errs.Invalid(errs.Field{Name: ControlKelurahan, Message: "Pilih kelurahan tempat Anda mengimpor."})
	}
	// What is no table at all is said at once.
	r, err := sheet.Open(file, size)
	if err != nil {
		return 0, err
	}
	_, err = findHeader(r)
	if err := errors.Join(err, r.Close()); err != nil {
		return 0, err
	}
	key := "impor/" + crypt.Token()
	if err := m.putSealed(ctx, key, io.NewSectionReader(file, 0, size)); err != nil {
		return 0, err
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) (err error) {
		id, err = pg.Scalar[int64](ctx, tx, sqlInsertImport, kelurahan, a.AccountID, importer(a), key, size, m.now())
		if err != nil {
			return err
		}
		if err := m.queueImport(ctx, tx, id); err != nil {
			return err
		}
		return m.read(ctx, tx, a, "upload", subject{objectImport, id, kelurahan}, map[string]any{"ukuran": size})
	})
	if err != nil {
		return 0, errors.Join(err, m.blobs.Delete(context.WithoutCancel(ctx), key))
	}
	return id, nil
}

func holds(places []Kelurahan, id int64) bool {
	for _, p := range places {
		if p.ID == id {
			return true
		}
	}
	return false
}

// ImportPlaces lists the kelurahan where the actor may import.
func (m *Module) ImportPlaces(ctx context.Context, a authz.Actor) (_ []Kelurahan, err error) {
	defer errs.In(&err, "epemerintahan.ImportPlaces")
	return pg.Many[Kelurahan](ctx, m.db, sqlImportPlaces, a.Units(PermImport), a.Units(PermEdit), a.Units(PermView))
}

// importer is who a job acts for: the rights in this module, nothing else.
func importer(a authz.Actor) authz.Actor {
	out := authz.Actor{AccountID: a.AccountID, Kind: a.Kind, Name: a.Name}
	if p := a.MainPosition(); p.ID != 0 {
		out.Positions = []authz.Position{p}
	}
	for _, g := range a.Grants {
		switch g.Permission {
		case PermView, PermEdit, PermOverride, PermImport:
			out.Grants = append(out.Grants, g)
		}
	}
	return out
}

// importOf reads an import that the actor may work on, with sql.
func (m *Module) importOf(ctx context.Context, q pg.Querier, sql string, a authz.Actor, id int64) (importRow, error) {
	i, err := pg.One[importRow](ctx, q, sql, id, a.Units(PermView))
	switch {
	case errs.KindOf(err) == errs.NotFound && err != nil:
		return i, errNoImport
	case err != nil:
		return i, err
	case !a.HasIn(PermImport, i.Ancestors) || !a.HasIn(PermEdit, i.Ancestors):
		return i, errNotImporter
	}
	i.May = mayIn(a, i.Ancestors)
	return i, nil
}

// ViewImport is an import with its counts.
func (m *Module) ViewImport(ctx context.Context, a authz.Actor, id int64) (_ Import, err error) {
	defer errs.In(&err, "epemerintahan.ViewImport(%d)", id)
	i, err := m.importOf(ctx, m.db, sqlImport, a, id)
	return i.Import, err
}

// Imports lists the latest ones of the kelurahan where the actor may import.
func (m *Module) Imports(ctx context.Context, a authz.Actor) (_ []Import, err error) {
	defer errs.In(&err, "epemerintahan.Imports")
	places, err := m.ImportPlaces(ctx, a)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	rows, err := pg.Many[importRow](ctx, m.db, sqlImports, ids)
	out := make([]Import, len(rows))
	for i, r := range rows {
		out[i] = r.Import
	}
	return out, err
}

// ApplyImport has the families written that nothing speaks against; with a reason, from
// somebody who holds PermOverride, those with doubts too. A second call is errs.Conflict.
func (m *Module) ApplyImport(ctx context.Context, a authz.Actor, id int64, reason string) (err error) {
	defer errs.In(&err, "epemerintahan.ApplyImport(%d)", id)
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		i, err := m.importOf(ctx, tx, sqlLockImport, a, id)
		if err != nil {
			return err
		}
		c := check{member: -1}
		c.reason(&reason, "")
		switch {
		case i.State != ImportReady:
			return errs.New(errs.Conflict, "Impor ini sudah diterapkan atau dibatalkan.")
		case reason != "" && !a.HasIn(PermOverride, i.Ancestors):
			return errs.Invalid(errs.Field{Name: ControlReason, Message: "Hanya sekretaris atau lurah yang dapat meloloskan yang meragukan."})
		case reason != "" && len([]rune(reason)) < 10:
			return errs.Invalid(errs.Field{Name: ControlReason, Message: "Tulis alasannya lebih jelas, paling sedikit 10 huruf."})
		case len(c.problems) > 0:
			return errs.Invalid(errs.Field{Name: ControlReason, Message: c.problems[0].Message})
		case reason == "" && i.Fresh == 0, i.Fresh+i.Doubted == 0:
			return errs.New(errs.Conflict, "Tidak ada keluarga yang dapat ditulis dari berkas ini.")
		}
		if reason != "" {
			if err := pg.Exec(ctx, tx, sqlPassDoubted, id); err != nil {
				return err
			}
		}
		if err := pg.Exec(ctx, tx, sqlStartWriting, id, importer(a), reason, m.now()); err != nil {
			return err
		}
		if err := m.queueImport(ctx, tx, id); err != nil {
			return err
		}
		return m.read(ctx, tx, a, "apply", subject{objectImport, id, i.KelurahanID},
			map[string]any{"keluarga": i.Fresh, "meragukan": i.Doubted, "alasan": reason})
	})
}

// DropImport gives an import up that is not being written.
func (m *Module) DropImport(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "epemerintahan.DropImport(%d)", id)
	key := ""
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		i, err := m.importOf(ctx, tx, sqlLockImport, a, id)
		if err != nil {
			return err
		}
		if i.State == ImportWriting || i.State == ImportDone || i.State == ImportDropped {
			return errs.New(errs.Conflict, "Impor ini sudah diterapkan atau dibatalkan.")
		}
		if key, err = m.endImport(ctx, tx, id, ImportDropped, ""); err != nil {
			return err
		}
		return m.read(ctx, tx, a, "drop", subject{objectImport, id, i.KelurahanID}, nil)
	})
	if err != nil {
		return err
	}
	return m.forgetBlob(ctx, id, key)
}

// endImport puts an import in its last state, forgets what was read of the file, and
// returns the key of the file, which the caller forgets after the commit.
func (m *Module) endImport(ctx context.Context, tx pgx.Tx, id int64, state ImportState, message string) (key string, err error) {
	if key, err = pg.Scalar[string](ctx, tx, sqlEndImport, id, state, message, m.now()); err != nil {
		return "", err
	}
	if err := pg.Exec(ctx, tx, sqlForgetFamilies, id); err != nil {
		return "", err
	}
	return key, live.Notify(ctx, tx, LiveImport(id))
}
