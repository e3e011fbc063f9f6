package letter

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"makassartidakrantasa.com/portal/internal/platform/jobs"
)

// Workers adds the module's workers.
func (m *Module) Workers(ws *river.Workers) {
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[recoverArgs]) error {
		_, err := m.RecoverSignings(ctx)
		return err
	}))
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[sweepArgs]) error { return m.Sweep(ctx) }))
}

// Periodic returns the module's periodic jobs.
func (m *Module) Periodic() []*river.PeriodicJob {
	return []*river.PeriodicJob{
		jobs.Every(time.Minute, recoverArgs{}),
		jobs.Every(time.Hour, sweepArgs{}),
	}
}

type recoverArgs struct{}

func (recoverArgs) Kind() string { return "letter_recover" }

type sweepArgs struct{}

func (sweepArgs) Kind() string { return "letter_sweep" }

// Sweep does what time alone brings: it goes on without the RT and RW heads who do not
// answer, removes drafts that were left lying and scans that are kept no longer, and ends
// the claims of closed accounts. What fails is tried again the next time.
func (m *Module) Sweep(ctx context.Context) error {
	var failed error
	for _, do := range []func(context.Context) (int, error){m.SkipLapsed, m.PurgeDrafts, m.PurgeScans, m.PurgeKTP, m.EndClosed} {
		_, err := do(ctx)
		failed = errors.Join(failed, err)
	}
	return failed
}
