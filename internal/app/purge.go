package app

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/jobs"
)

// purgeArgs is the job that deletes ended sessions, codes, tries and files not applied.
type purgeArgs struct{}

func (purgeArgs) Kind() string { return "authn_purge" }

type purgeWorker struct {
	river.WorkerDefaults[purgeArgs]
	a *App
}

func (w *purgeWorker) Work(ctx context.Context, _ *river.Job[purgeArgs]) error {
	return errors.Join(authn.Purge(ctx, w.a.Pool, w.a.Clock.Now()), w.a.Admin.Purge(ctx))
}

func (a *App) purging(ws *river.Workers) *river.PeriodicJob {
	river.AddWorker(ws, &purgeWorker{a: a})
	return jobs.Every(6*time.Hour, purgeArgs{})
}
