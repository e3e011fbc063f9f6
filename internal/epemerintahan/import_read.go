package epemerintahan

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

const (
	// readBatch rows are held in memory and kept at a time.
	readBatch = 500
	// familyBatch families are checked or written at a time.
	familyBatch = 100
	// headerWithin so many rows, or there is none.
	headerWithin = 10
)

// importWork is an import as its job sees it.
type importWork struct {
	ID            int64
	KelurahanID   int64
	KelurahanName string
	Actor         authz.Actor
	BlobKey       string
	FileSize      int64
	State         ImportState
	Reason        string
	ReadLine      int
	MonthFirst    int
}

// errOvertaken ends the work of a job beside which another one works.
var errOvertaken = errors.New("somebody else works on this import")

// step does the next piece of an import's work and tells whether there is more. Each
// piece is one transaction, in which the import is locked: after a crash the next job
// goes on where the last commit was.
func (m *Module) step(ctx context.Context, id int64) (more bool, err error) {
	defer errs.In(&err, "epemerintahan.step(%d)", id)
	w, err := pg.One[importWork](ctx, m.db, sqlImportWork, id)
	if err != nil {
		return false, err
	}
	switch w.State {
	case ImportReading:
		err = m.readImport(ctx, w)
		if errs.KindOf(err) == errs.Unprocessable {
			err = m.failImport(ctx, w, err)
			return false, err
		}
		return true, err
	case ImportChecking:
		return true, m.checkFamilies(ctx, id)
	case ImportWriting:
		return true, m.writeFamilies(ctx, id)
	}
	return false, nil
}

// failImport ends an import whose file is none.
func (m *Module) failImport(ctx context.Context, w importWork, why error) error {
	message := errs.MessageOf(why)
	if fs := errs.FieldsOf(why); len(fs) > 0 {
		message = fs[0].Message
	}
	key := ""
	err := pg.InTx(ctx, m.db, func(tx pgx.Tx) (err error) {
		key, err = m.endImport(ctx, tx, w.ID, ImportFailed, message)
		return err
	})
	if err != nil {
		return err
	}
	return m.forgetBlob(ctx, w.ID, key)
}

// lockImport locks an import for a piece of work; errOvertaken when it is no longer in
// that state.
func lockImport(ctx context.Context, tx pgx.Tx, id int64, state ImportState) (importWork, error) {
	w, err := pg.One[importWork](ctx, tx, sqlLockImportWork, id)
	if err == nil && w.State != state {
		err = errOvertaken
	}
	return w, err
}

// readImport stages the rows of a file from where it was left.
func (m *Module) readImport(ctx context.Context, w importWork) (err error) {
	file, err := m.openSealed(ctx, w.BlobKey)
	if errs.KindOf(err) == errs.NotFound {
		return errOvertaken // who read it to its end has removed it
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sheet.Discard(file)) }()
	r, err := openSheet(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	rows := rowReader{kelurahan: Kelurahan{w.KelurahanID, w.KelurahanName}, date1904: r.Date1904}
	if rows.header, err = findHeader(r); err != nil {
		return err
	}
	until := time.Now().Add(sliceOfWork)
	batch := staging{from: w.ReadLine, to: w.ReadLine, monthFirst: w.MonthFirst}
	for {
		row, err := r.Next()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		end := err != nil
		if !end && row.Line > w.ReadLine {
			if err := m.stageRow(&batch, w, row.Line, rows.read(row)); err != nil {
				return err
			}
		}
		if len(batch.rows) == readBatch || end && len(batch.rows) > 0 {
			if err := m.stage(ctx, w.ID, &batch); err != nil {
				return err
			}
		}
		if end {
			break
		}
		if len(batch.rows) == 0 && time.Now().After(until) {
			return nil // the next job goes on
		}
	}
	if batch.to == 0 {
		return sheet.Bad("Berkas ini hanya memuat judul kolom.")
	}
	key := ""
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) (err error) {
		if _, err := lockImport(ctx, tx, w.ID, ImportReading); err != nil {
			return err
		}
		if key, err = pg.Scalar[string](ctx, tx, sqlReadToEnd, w.ID, m.now()); err != nil {
			return err
		}
		return live.Notify(ctx, tx, LiveImport(w.ID))
	})
	if err != nil {
		return err
	}
	return m.forgetBlob(ctx, w.ID, key)
}

func openSheet(f *os.File) (*sheet.Reader, error) {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	return sheet.Open(f, size)
}

// findHeader reads up to the row of titles; sheets like to begin with a heading.
func findHeader(r *sheet.Reader) (header, error) {
	best, why := -1, "Berkas ini kosong."
	for range headerWithin {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		h, wrong := readHeader(row)
		if wrong == "" {
			return h, nil
		}
		if len(h) > best {
			best, why = len(h), wrong
		}
	}
	return nil, sheet.Bad("%s", why)
}

// staging is a batch of rows on their way into the waiting tables.
type staging struct {
	from, to   int // lines
	monthFirst int
	rows       [][]any
	keys       [][]byte // in the order of their first lines
	people     map[string]int
	lines      map[string]int
}

// familyKey holds the rows of a family together.
func (m *Module) familyKey(line int, r *importedRow) []byte {
	switch {
	case r.KK != "":
		return m.box.Hash(sealKK, r.KK)
	case r.Group != "":
		return m.box.Hash(sealImport, "kode "+indo.Fold(r.Group))
	}
	return m.box.Hash(sealImport, "baris "+strconv.Itoa(line)) // a family of its own, refused
}

func (m *Module) stageRow(b *staging, w importWork, line int, r *importedRow) error {
	sealed, err := m.sealRow(w.ID, line, r)
	if err != nil {
		return err
	}
	if r.MonthFirst && b.monthFirst == 0 {
		b.monthFirst = line
	}
	key := m.familyKey(line, r)
	if b.people == nil {
		b.people, b.lines = map[string]int{}, map[string]int{}
	}
	if b.people[string(key)] == 0 {
		b.keys, b.lines[string(key)] = append(b.keys, key), line
	}
	b.people[string(key)]++
	b.rows = append(b.rows, []any{w.ID, line, key, m.keep(r.NIK, sealNIK).hash, sealed, len(r.Remarks)})
	b.to = line
	return nil
}

var stagedColumns = []string{"import_id", "line", "key", "nik_hash", "sealed", "remarks"}

// stage keeps a batch, and with it how far the file has been read.
func (m *Module) stage(ctx context.Context, id int64, b *staging) error {
	lines, people := make([]int, len(b.keys)), make([]int, len(b.keys))
	for i, key := range b.keys {
		lines[i], people[i] = b.lines[string(key)], b.people[string(key)]
	}
	err := pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		w, err := lockImport(ctx, tx, id, ImportReading)
		if err != nil {
			return err
		}
		if w.ReadLine != b.from {
			return errOvertaken
		}
		news, err := pg.Scalars[bool](ctx, tx, sqlStageFamilies, id, b.keys, lines, people)
		if err != nil {
			return err
		}
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{"epemerintahan_import_row"}, stagedColumns, pgx.CopyFromRows(b.rows)); err != nil {
			return err
		}
		families := 0
		for _, isNew := range news {
			if isNew {
				families++
			}
		}
		if err := pg.Exec(ctx, tx, sqlStaged, id, b.to, b.monthFirst, len(b.rows), families, m.now()); err != nil {
			return err
		}
		return live.Notify(ctx, tx, LiveImport(id))
	})
	b.rows, b.keys, b.people, b.from = b.rows[:0], b.keys[:0], nil, b.to
	return err
}

// sealRow and openRow keep a row's answers from the eyes of a database dump.
func (m *Module) sealRow(id int64, line int, r *importedRow) ([]byte, error) {
	plain, err := json.Marshal(r)
	return m.box.Seal(string(plain), rowContext(id, line)), err
}

func (m *Module) openRow(id int64, line int, sealed []byte) (*importedRow, error) {
	plain, err := m.box.Open(sealed, rowContext(id, line))
	if err != nil {
		return nil, err
	}
	r := &importedRow{}
	return r, json.NewDecoder(strings.NewReader(plain)).Decode(r)
}

func rowContext(id int64, line int) string {
	return pieceContext("baris/"+strconv.FormatInt(id, 10), line)
}
