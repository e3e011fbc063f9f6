// Package jobs runs work outside requests, with River on the portal's own database.
//
// A use case inserts its job in its own transaction with Insert: the job exists if
// and only if the transaction commits. Workers run in every process that started a
// Runner; a job that fails is tried again with growing pauses, and one whose process
// died is taken up again after five minutes. So every worker must bear being run twice.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Queues. What talks to other systems has its own, so that a slow mail server holds
// up no deadline.
const (
	Default  = river.QueueDefault
	Outgoing = "outgoing"
)

const (
	timeout = time.Minute
	// A job still "running" after this belongs to a process that died.
	rescueAfter = 5 * time.Minute
	// How long Stop lets running jobs finish before their contexts end.
	softStop = 10 * time.Second
)

// inserter adds jobs in callers' transactions; it needs no pool and no workers.
var inserter = sync.OnceValues(func() (*river.Client[pgx.Tx], error) {
	return river.NewClient(riverpgxv5.New(nil), &river.Config{Logger: slog.New(slog.DiscardHandler)})
})

// Insert adds a job in the caller's transaction. opts may be nil. With
// opts.UniqueOpts set, a job that is already there is left as it is.
func Insert(ctx context.Context, tx pgx.Tx, args river.JobArgs, opts *river.InsertOpts) error {
	client, err := inserter()
	if err != nil {
		return err
	}
	if _, err := client.InsertTx(ctx, tx, args, opts); err != nil {
		return fmt.Errorf("jobs.Insert(%s): %w", args.Kind(), err)
	}
	return nil
}

// Options say what a Runner works on.
type Options struct {
	// Workers of all modules; a kind without one is left in its queue.
	Workers *river.Workers
	// Periodic jobs of all modules. One of the running processes inserts them.
	Periodic []*river.PeriodicJob
	// OnFailure, when set, hears of every attempt that failed; final says that it
	// will not be tried again.
	OnFailure func(kind string, final bool)
	Logger    *slog.Logger
	// PollOnly is for a database behind a transaction pooler, where LISTEN is not heard.
	PollOnly bool
	// Quick starts and stops without the pauses that keep several processes from
	// moving in step; for tests.
	Quick bool
}

// Runner works on jobs until it is stopped.
type Runner struct {
	client *river.Client[pgx.Tx]
}

// New returns a Runner on pool, which must reach PostgreSQL directly, or through a
// pooler with PollOnly. Nothing runs before Start.
func New(pool *pgxpool.Pool, o Options) (*Runner, error) {
	if o.Workers == nil {
		return nil, errors.New("jobs: no workers")
	}
	logger := o.Logger
	if logger == nil {
		logger = slog.Default()
	}
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Queues: map[string]river.QueueConfig{
			Default:  {MaxWorkers: 4},
			Outgoing: {MaxWorkers: 4},
		},
		Workers:              o.Workers,
		PeriodicJobs:         o.Periodic,
		JobTimeout:           timeout,
		RescueStuckJobsAfter: rescueAfter,
		SoftStopTimeout:      softStop,
		FetchOnlyKnownKinds:  true,
		PollOnly:             o.PollOnly,
		TestOnly:             o.Quick,
		Middleware:           []rivertype.Middleware{river.WorkerMiddlewareFunc(quietly)},
		ErrorHandler:         &failures{log: logger, on: o.OnFailure},
		Logger:               slog.New(warnOnly{logger.Handler()}),
	})
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	return &Runner{client: client}, nil
}

// Start begins working and returns; it fails when the database is not there.
func (r *Runner) Start(ctx context.Context) error {
	// Ending ctx must not kill running jobs at once: Stop does that in order.
	if err := r.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("jobs: start: %w", err)
	}
	return nil
}

// Stop takes no new jobs, gives the running ones ten seconds, then ends their
// contexts; they will be tried again later. It returns at the latest when ctx ends.
func (r *Runner) Stop(ctx context.Context) error {
	if err := r.client.Stop(ctx); err != nil {
		return fmt.Errorf("jobs: stop: %w", err)
	}
	return nil
}

// Every is a periodic job that inserts args at each interval and once when a process
// takes the lead. While one is waiting or running, no second one is inserted.
func Every(interval time.Duration, args river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(interval), func() (river.JobArgs, *river.InsertOpts) {
		return args, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
			rivertype.JobStateRetryable, rivertype.JobStateScheduled,
		}}}
	}, &river.PeriodicJobOpts{ID: args.Kind(), RunOnStart: true})
}

// quietly works on a job whose failure River keeps beside it, so that it quotes nobody's data.
func quietly(ctx context.Context, _ *rivertype.JobRow, work func(context.Context) error) error {
	return errs.Quiet(work(ctx))
}

// failures logs and counts. A job's arguments stay out of the log: they may name people.
type failures struct {
	log *slog.Logger
	on  func(kind string, final bool)
}

func (f *failures) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	f.report(ctx, job, slog.String("err", err.Error()))
	return nil
}

func (f *failures) HandlePanic(ctx context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	f.report(ctx, job, slog.Any("panic", value), slog.String("trace", trace))
	return nil
}

func (f *failures) report(ctx context.Context, job *rivertype.JobRow, attrs ...slog.Attr) {
	final := job.Attempt >= job.MaxAttempts
	attrs = append(attrs, slog.String("kind", job.Kind), slog.Int64("job", job.ID),
		slog.Int("attempt", job.Attempt), slog.Bool("final", final))
	level := slog.LevelWarn
	if final {
		level = slog.LevelError
	}
	f.log.LogAttrs(ctx, level, "job failed", attrs...)
	if f.on != nil {
		f.on(job.Kind, final)
	}
}

// warnOnly drops River's own chatter below warnings.
type warnOnly struct{ slog.Handler }

func (h warnOnly) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}

func (h warnOnly) WithAttrs(as []slog.Attr) slog.Handler { return warnOnly{h.Handler.WithAttrs(as)} }

func (h warnOnly) WithGroup(name string) slog.Handler { return warnOnly{h.Handler.WithGroup(name)} }
