package eoffice

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
	river.AddWorker(ws, m.wordsWorker())
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[retentionArgs]) error {
		_, err := m.ProposeDue(ctx)
		_, swept := m.SweepDoomed(ctx)
		return errors.Join(err, swept)
	}))
	river.AddWorker(ws, m.splitWorker())
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[remindArgs]) error {
		_, err := m.Remind(ctx)
		return err
	}))
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[acceptArgs]) error {
		_, err := m.AcceptSilence(ctx)
		_, passed := m.PassUnattended(ctx)
		return errors.Join(err, passed)
	}))
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[remindOpinionArgs]) error {
		_, err := m.RemindOpinions(ctx)
		return err
	}))
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[expireBookingArgs]) error {
		_, err := m.ExpireBookings(ctx)
		return err
	}))
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[trayArgs]) error {
		_, err := m.SweepTray(ctx)
		return err
	}))
}

// slowWorker may take minutes: less than what a job is thought dead after.
type slowWorker[T river.JobArgs] struct {
	river.WorkerDefaults[T]
	work func(context.Context, T) error
}

func (w slowWorker[T]) Work(ctx context.Context, j *river.Job[T]) error { return w.work(ctx, j.Args) }

func (slowWorker[T]) Timeout(*river.Job[T]) time.Duration { return 4 * time.Minute }

// Periodic returns the module's periodic jobs.
func (m *Module) Periodic() []*river.PeriodicJob {
	return []*river.PeriodicJob{jobs.Every(time.Minute, recoverArgs{}), jobs.Every(5*time.Minute, acceptArgs{}), jobs.Every(6*time.Hour, trayArgs{}),
		jobs.Every(15*time.Minute, remindOpinionArgs{}), jobs.Every(time.Hour, expireBookingArgs{}), jobs.Every(time.Hour, remindArgs{}),
		jobs.Every(24*time.Hour, retentionArgs{})}
}

type recoverArgs struct{}

func (recoverArgs) Kind() string { return "eoffice_recover" }

type acceptArgs struct{}

func (acceptArgs) Kind() string { return "eoffice_accept_silence" }

type remindOpinionArgs struct{}

func (remindOpinionArgs) Kind() string { return "eoffice_remind_opinions" }

type expireBookingArgs struct{}

func (expireBookingArgs) Kind() string { return "eoffice_expire_bookings" }

type remindArgs struct{}

func (remindArgs) Kind() string { return "eoffice_remind" }

type trayArgs struct{}

func (trayArgs) Kind() string { return "eoffice_sweep_tray" }

type retentionArgs struct{}

func (retentionArgs) Kind() string { return "eoffice_retention" }
