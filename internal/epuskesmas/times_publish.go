package epuskesmas

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	// moved is how far a time must move before its owner hears of it.
	moved = 3 * time.Minute
	// A session is worked out at most so often, and while it runs so often at least: a
	// doctor who does not come is no event.
	reckonEvery = 5 * time.Second
	reckonAgain = time.Minute
	reckonPause = time.Second // between two looks for what there is to work out
)

// Moments at which an estimate is published.
const (
	MomentBooked  = "pesan"
	MomentHere    = "hadir"
	MomentWaiting = "antre"
)

// KeepPromises works out the times of those who wait, after every event, until ctx ends.
func (m *Module) KeepPromises(ctx context.Context) {
	for {
		if _, err := m.ReckonAll(ctx); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "times of the queues could not be worked out", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(reckonPause):
		}
	}
}

// ReckonAll works out every session in which something happened, and returns how many
// estimates were published. Several portals share the work.
func (m *Module) ReckonAll(ctx context.Context) (published int, err error) {
	defer errs.In(&err, "epuskesmas.ReckonAll")
	now := m.now()
	ids, err := pg.Scalars[int64](ctx, m.db, sqlSessionsToReckon, dateOf(now), now.Add(-reckonEvery), now.Add(-reckonAgain), now)
	if err != nil {
		return 0, err
	}
	var failed error
	for _, id := range ids {
		n, err := m.reckon(ctx, id)
		published, failed = published+n, errors.Join(failed, err)
	}
	return published, failed
}

// openPromise is a ticket that waits or may come, with what its owner was told last.
type openPromise struct {
	ID       int64
	Status   Status
	HereAt   *time.Time
	P50      *time.Time
	ToldHere bool // since they came
}

// moment at which a new estimate is told; "" when it is not worth telling.
func (t openPromise) moment(p50 time.Time) string {
	switch {
	case t.Status == Waiting && !t.ToldHere:
		return MomentHere
	case t.P50 == nil:
		return MomentBooked
	case p50.Sub(*t.P50).Abs() >= moved:
		return MomentWaiting
	}
	return ""
}

// reckon works out a session unless that was done just now, and publishes what moved.
func (m *Module) reckon(ctx context.Context, sessionID int64) (published int, err error) {
	poliID, err := pg.Scalar[int64](ctx, m.db, sqlPoliOfSession, sessionID)
	if err != nil {
		return 0, err
	}
	now := m.now()
	p := m.times.of(poliID, now)
	p.mu.Lock()
	defer p.mu.Unlock()
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		published = 0
		claimed, err := pg.Scalars[int64](ctx, tx, sqlClaimReckoning, sessionID, now, now.Add(-reckonEvery), now.Add(-reckonAgain))
		if err != nil || len(claimed) == 0 {
			return err
		}
		open, err := pg.Many[openPromise](ctx, tx, sqlOpenPromises, sessionID)
		if err != nil || len(open) == 0 {
			return err
		}
		if err := p.learn(ctx, tx, poliID, now); err != nil {
			return err
		}
		r, err := p.follow(ctx, tx, sessionID)
		if err != nil {
			return err
		}
		published, err = publish(ctx, tx, p, r, open, now)
		return err
	})
	return published, err
}

// publish keeps the estimates of a session that its patients have to hear of.
func publish(ctx context.Context, tx pgx.Tx, p *poliTimes, r *replay, open []openPromise, now time.Time) (int, error) {
	all := p.model.All(r.Session, now)
	var ids []int64
	var p10, p50, p90 []time.Time
	var ahead []int
	var moments []string
	for _, t := range open {
		e, ok := all[itoa(t.ID)]
		if !ok {
			continue // moved on since
		}
		if moment := t.moment(e.P50); moment != "" {
			ids, p10, p50, p90 = append(ids, t.ID), append(p10, e.P10), append(p50, e.P50), append(p90, e.P90)
			ahead, moments = append(ahead, e.Ahead), append(moments, moment)
		}
	}
	if len(ids) == 0 {
		return 0, nil
	}
	if err := pg.Exec(ctx, tx, sqlPublish, now, r.seq, ids, p10, p50, p90, ahead, moments); err != nil {
		return 0, err
	}
	return len(ids), live.Notify(ctx, tx, LiveSession(r.of.ID))
}

// promise is what a ticket's owner was told last; who has just taken a number hears it
// at once, unless many do: then it comes within seconds. Nil: nothing yet.
func (m *Module) promise(ctx context.Context, t Ticket) (*Promise, error) {
	if t.Status != Booked && t.Status != Waiting {
		return nil, nil
	}
	p, err := pg.One[Promise](ctx, m.db, sqlPromise, t.ID)
	if err != nil && errs.KindOf(err) == errs.NotFound {
		if n, err := m.reckon(ctx, t.SessionID); err != nil || n == 0 {
			return nil, err
		}
		p, err = pg.One[Promise](ctx, m.db, sqlPromise, t.ID)
	}
	switch {
	case err == nil:
		return &p, nil
	case errs.KindOf(err) == errs.NotFound:
		return nil, nil
	}
	return nil, err
}
