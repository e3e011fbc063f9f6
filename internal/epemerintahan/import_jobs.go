package epemerintahan

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/jobs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// sliceOfWork is how long one job works on an import before the next one goes on, so
// that no import keeps other work waiting.
const sliceOfWork = 20 * time.Second

type importArgs struct {
	ID int64 `json:"id"`
}

func (importArgs) Kind() string { return "epemerintahan_import" }

func (m *Module) queueImport(ctx context.Context, tx pgx.Tx, id int64) error {
	return jobs.Insert(ctx, tx, importArgs{id}, nil)
}

// workImport is the job: as many steps as its slice of time has room for.
func (m *Module) workImport(ctx context.Context, id int64) error {
	for until := time.Now().Add(sliceOfWork); time.Now().Before(until); {
		more, err := m.step(ctx, id)
		if errors.Is(err, errOvertaken) || errs.KindOf(err) == errs.NotFound && err != nil {
			return nil // another job has it, or it is gone
		}
		if err != nil || !more {
			return err
		}
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error { return m.queueImport(ctx, tx, id) })
}

// StepImport does the next piece of an import's work, for those who measure it.
func (m *Module) StepImport(ctx context.Context, id int64) error {
	_, err := m.step(ctx, id)
	return err
}

type sweepImportsArgs struct{}

func (sweepImportsArgs) Kind() string { return "epemerintahan_import_sweep" }

type countArgs struct{}

func (countArgs) Kind() string { return "epemerintahan_count" }

// Workers adds the module's workers.
func (m *Module) Workers(ws *river.Workers) {
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, j *river.Job[importArgs]) error { return m.workImport(ctx, j.Args.ID) }))
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[sweepImportsArgs]) error { return m.SweepImports(ctx) }))
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[countArgs]) error { return m.Recount(ctx) }))
}

// Periodic returns the module's periodic jobs.
func (m *Module) Periodic() []*river.PeriodicJob {
	return []*river.PeriodicJob{jobs.Every(time.Hour, sweepImportsArgs{}), jobs.Every(time.Hour, countArgs{})}
}

// SweepImports forgets the files and rows of imports older than a day.
func (m *Module) SweepImports(ctx context.Context) (err error) {
	defer errs.In(&err, "epemerintahan.SweepImports")
	old, err := pg.Many[struct {
		ID      int64
		State   ImportState
		BlobKey string
	}](ctx, m.db, sqlOldImports, m.now().Add(-keepImports))
	if err != nil {
		return err
	}
	for _, o := range old {
		if err := m.forgetBlob(ctx, o.ID, o.BlobKey); err != nil {
			return err
		}
		err := pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
			state := o.State
			if state != ImportDone && state != ImportFailed {
				state = ImportDropped
			}
			_, err := m.endImport(ctx, tx, o.ID, state, "")
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
