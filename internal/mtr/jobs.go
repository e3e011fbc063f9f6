package mtr

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"makassartidakrantasa.com/portal/internal/platform/jobs"
)

// Workers adds the module's workers.
func (m *Module) Workers(ws *river.Workers) {
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[deadlineArgs]) error { return m.meetDeadlines(ctx) }))
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[digestArgs]) error {
		_, err := m.SendDigest(ctx)
		return err
	}))
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[sweepArgs]) error { return m.Sweep(ctx) }))
	river.AddWorker(ws, openDataWorker{m: m})
	river.AddWorker(ws, forgetWorker{m: m})
	m.followWorkers(ws)
}

// Periodic returns the module's periodic jobs.
func (m *Module) Periodic() []*river.PeriodicJob {
	return []*river.PeriodicJob{
		jobs.Every(5*time.Minute, deadlineArgs{}),
		jobs.Every(15*time.Minute, digestArgs{}),
		jobs.Every(15*time.Minute, followDigestArgs{}),
		jobs.Every(time.Hour, sweepArgs{}),
		jobs.Every(15*time.Minute, openDataArgs{}),
		jobs.Every(24*time.Hour, forgetArgs{}),
	}
}

type deadlineArgs struct{}

func (deadlineArgs) Kind() string { return "mtr_deadlines" }

type digestArgs struct{}

func (digestArgs) Kind() string { return "mtr_digest" }

type sweepArgs struct{}

func (sweepArgs) Kind() string { return "mtr_sweep" }

// meetDeadlines does what time alone brings; one that fails keeps no other back.
func (m *Module) meetDeadlines(ctx context.Context) error {
	var failed error
	for _, do := range []func(context.Context) (int, error){m.LapseUnconfirmed, m.CloseSettled, m.EscalateToUnit, m.EscalateToMayor} {
		_, err := do(ctx)
		failed = errors.Join(failed, err)
	}
	return failed
}
