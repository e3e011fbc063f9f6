package mtr

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	// figuresKept is for how many days the daily files of figures stay.
	figuresKept = 400
	// figuresBack is over how many days the daily files of figures look.
	figuresBack = 30
	dailyTime   = 15 * time.Minute
)

type openDataArgs struct{}

func (openDataArgs) Kind() string { return "mtr_open_data" }

type openDataWorker struct {
	river.WorkerDefaults[openDataArgs]
	m *Module
}

func (w openDataWorker) Timeout(*river.Job[openDataArgs]) time.Duration { return dailyTime }

func (w openDataWorker) Work(ctx context.Context, _ *river.Job[openDataArgs]) error {
	return w.m.MakeOpenFiles(ctx)
}

// DataFile is a daily file of open data.
type DataFile struct {
	Name    string
	Content DataContent
	Format  DataFormat
	Day     time.Time
	Rows    int64
	Size    int64
	MadeAt  time.Time
}

// What is no longer all public is not given out: it is made anew.
const openFiles = `
FROM mtr_open_file f, mtr_open_state s WHERE (f.content = 'statistik' OR f.generation = s.generation)`

const sqlOpenFiles = `SELECT f.name, f.content, f.format, f.day, f.row_count AS rows, f.size, f.made_at` +
	openFiles + ` ORDER BY f.day DESC, f.name`

const sqlOpenFileKey = `SELECT f.blob_key` + openFiles + ` AND f.name = $1`

const sqlOpenGeneration = `SELECT generation FROM mtr_open_state`

const sqlKeepOpenState = sqlOpenGeneration + ` FOR UPDATE`

const sqlOpenFileThere = `SELECT EXISTS (SELECT` + openFiles + ` AND f.name = $1 AND f.day = $2::date)`

const sqlOldOpenKey = `SELECT blob_key FROM mtr_open_file WHERE name = $1`

const sqlPutOpenFile = `
INSERT INTO mtr_open_file (name, content, format, day, row_count, size, blob_key, generation, made_at)
VALUES ($1, $2, $3, $4::date, $5, $6, $7, $8, $9)
ON CONFLICT (name) DO UPDATE SET day = EXCLUDED.day, row_count = EXCLUDED.row_count, size = EXCLUDED.size,
	blob_key = EXCLUDED.blob_key, generation = EXCLUDED.generation, made_at = EXCLUDED.made_at`

const sqlOldOpenFiles = `SELECT name, blob_key FROM mtr_open_file WHERE content = 'statistik' AND day < $1::date ORDER BY name LIMIT 100`

const sqlForgetOpenFile = `DELETE FROM mtr_open_file WHERE name = $1`

// OpenFiles are the daily files that there are, newest first.
func (m *Module) OpenFiles(ctx context.Context) (_ []DataFile, err error) {
	defer errs.In(&err, "mtr.OpenFiles")
	return pg.Many[DataFile](ctx, m.db, sqlOpenFiles)
}

// OpenFile opens a daily file by its name; one that is not there, or not now, is errs.NotFound.
func (m *Module) OpenFile(ctx context.Context, name string) (_ io.ReadCloser, _ blob.Info, err error) {
	defer errs.In(&err, "mtr.OpenFile")
	key, err := pg.Scalar[string](ctx, m.db, sqlOpenFileKey, name)
	if errs.KindOf(err) == errs.NotFound {
		return nil, blob.Info{}, errs.New(errs.NotFound, "Berkas ini tidak ada, atau sedang dibuat ulang. Coba lagi dalam setengah jam.")
	}
	if err != nil {
		return nil, blob.Info{}, err
	}
	return m.blobs.Get(ctx, key)
}

// MakeOpenFiles makes what is missing of today's files and removes what is too old. It
// may run any number of times, and in several processes.
func (m *Module) MakeOpenFiles(ctx context.Context) (err error) {
	defer errs.In(&err, "mtr.MakeOpenFiles")
	today := dayOf(m.now())
	var failed []error
	for _, content := range DataContents {
		for _, format := range DataFormats {
			failed = append(failed, m.makeOpenFile(ctx, content, format, today))
		}
	}
	type old struct{ Name, BlobKey string }
	list, err := pg.Many[old](ctx, m.db, sqlOldOpenFiles, today.AddDate(0, 0, -figuresKept).Format(time.DateOnly))
	failed = append(failed, err)
	for _, f := range list {
		if err := m.blobs.Delete(ctx, f.BlobKey); err != nil {
			failed = append(failed, err)
			continue
		}
		failed = append(failed, pg.Exec(ctx, m.db, sqlForgetOpenFile, f.Name))
	}
	return errors.Join(failed...)
}

// makeOpenFile makes one file unless it is there. What stops being public while it is
// made makes it worth nothing: the next run makes it again.
func (m *Module) makeOpenFile(ctx context.Context, content DataContent, format DataFormat, today time.Time) error {
	day := today.Format(time.DateOnly)
	name := string(content) + "." + string(format)
	if content == DataFigures {
		name = string(content) + "-" + day + "." + string(format)
	}
	there, err := pg.Scalar[bool](ctx, m.db, sqlOpenFileThere, name, day)
	if there || err != nil {
		return err
	}
	generation, err := pg.Scalar[int64](ctx, m.db, sqlOpenGeneration)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp("", "data-terbuka-*")
	if err != nil {
		return err
	}
	defer func() { _ = errors.Join(f.Close(), os.Remove(f.Name())) }()
	rows, span := 0, DataSpan(today)
	if content == DataReports {
		rows, err = m.writeReports(ctx, Filter{}, &span, format, f)
	} else {
		rows, err = m.writeFigures(ctx, Filter{}, Span{From: today.AddDate(0, 0, -figuresBack), To: today.AddDate(0, 0, -1)}, format, f)
	}
	if err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	key := "mtr/data-terbuka/" + day + "/" + crypt.Token() + "." + string(format)
	if err := m.blobs.Put(ctx, key, f, size, format.Type()); err != nil {
		return err
	}
	useless := key
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		now, err := pg.Scalar[int64](ctx, tx, sqlKeepOpenState)
		if err != nil || content == DataReports && now != generation {
			return err
		}
		before, err := pg.Scalar[string](ctx, tx, sqlOldOpenKey, name)
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
		useless = before
		return pg.Exec(ctx, tx, sqlPutOpenFile, name, content, format, day, rows, size, key, generation, m.now())
	})
	if err != nil {
		useless = key
	}
	if useless != "" {
		err = errors.Join(err, m.blobs.Delete(context.WithoutCancel(ctx), useless))
	}
	return err
}

// DataSpan is what the daily file of reports looks back over on a day.
func DataSpan(now time.Time) Span {
	today := dayOf(now.In(clock.Makassar))
	return Span{From: today.AddDate(0, 0, 1-LongestSpan), To: today}
}
