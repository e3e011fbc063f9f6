package evidence

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
)

// Deps is what the evidence stands on.
type Deps struct {
	DB    *pgxpool.Pool
	Clock clock.Clock
	Box   *crypt.Box // seals what is said of patterns

	// Sessions are the times when polis were open; nil: nobody knows.
	Sessions func(ctx context.Context, polis []int64, from, to time.Time) ([]Session, error)
}

// Module holds the use cases. It is safe for concurrent use.
type Module struct {
	db    *pgxpool.Pool
	clock clock.Clock
	box   *crypt.Box

	sessions func(ctx context.Context, polis []int64, from, to time.Time) ([]Session, error)
}

// New returns the module. It does not touch the database.
func New(d Deps) *Module {
	return &Module{db: d.DB, clock: d.Clock, box: d.Box, sessions: d.Sessions}
}

// Run folds every three seconds, fixes what is expected of a month once an hour, looks
// for patterns once a day, and draws samples of a month that is over, until ctx ends.
func (m *Module) Run(ctx context.Context) {
	tick := time.NewTicker(3 * time.Second)
	defer tick.Stop()
	var frozen time.Time
	for {
		_, err := m.Fold(ctx)
		if err == nil && m.clock.Now().Sub(frozen) >= time.Hour {
			frozen = m.clock.Now()
			if err = m.Freeze(ctx); err == nil {
				err = m.KeepBacklog(ctx)
			}
			if err == nil {
				err = m.lookDaily(ctx)
			}
			if err == nil {
				err = m.drawDue(ctx)
			}
		}
		if err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "fold the work ledger", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
