package pg

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// MaxBehind is how old what a replica says may be. One that is further behind is not asked.
	MaxBehind = 5 * time.Second

	lookEvery = time.Second
	lookTakes = 2 * time.Second // at most
)

type currentKey struct{}

// WithCurrent asks for what the primary says now: nothing from a replica, nothing remembered.
func WithCurrent(ctx context.Context) context.Context {
	return context.WithValue(ctx, currentKey{}, true)
}

// Current tells whether ctx comes from WithCurrent.
func Current(ctx context.Context) bool { return ctx.Value(currentKey{}) != nil }

// Replica is a streaming replica that may answer what only reads, as long as it follows.
type Replica struct {
	Pool *pgxpool.Pool // refuses to write

	primary Querier
	mu      sync.Mutex
	marks   []mark    // of the primary, that the replica has not come to yet
	has     time.Time // it has all that was committed then; zero: nobody knows
}

// mark is how far the primary had written at a time.
type mark struct {
	at      time.Time // of the machine: lengths are measured with it
	written int64
}

// OpenReplica returns the replica at url of the database behind primary. Like Open it does not
// wait for the server; and the replica is not Fresh before Follow has seen it follow.
func OpenReplica(ctx context.Context, url string, primary Querier, tracer pgx.QueryTracer) (*Replica, error) {
	pool, err := Open(ctx, url, Options{ReadOnly: true, Tracer: tracer})
	if err != nil {
		return nil, err
	}
	return &Replica{Pool: pool, primary: primary}, nil
}

// Behind returns how old what the replica says may be at most; false: nobody knows.
func (r *Replica) Behind() (time.Duration, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Since(r.has), !r.has.IsZero()
}

// Fresh tells whether the replica may be asked: it has all that was committed MaxBehind ago.
func (r *Replica) Fresh() bool {
	behind, known := r.Behind()
	return known && behind <= MaxBehind
}

// Follow watches the replica until ctx ends. It says in the log when the replica is asked from
// now on, and when not.
func (r *Replica) Follow(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for was := false; ; {
		err := r.look(ctx)
		if is := r.Fresh(); is != was && ctx.Err() == nil {
			was = is
			if is {
				slog.InfoContext(ctx, "the replica follows: pages that only read ask it")
			} else {
				slog.WarnContext(ctx, "the replica is not asked", "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

const (
	// What is committed is flushed. The name of the cluster, for a replica of another one would
	// be believed by its numbers alone.
	sqlWritten = `SELECT (pg_current_wal_flush_lsn() - '0/0')::bigint AS written, system_identifier AS cluster, current_database()::text AS database FROM pg_control_system()`

	// No row: it is none, or nobody sends it anything. One that was promoted, or lost its primary,
	// goes ways of its own.
	sqlReplayed = `
SELECT (pg_last_wal_replay_lsn() - '0/0')::bigint FROM pg_control_system()
WHERE pg_is_in_recovery() AND EXISTS (SELECT FROM pg_stat_wal_receiver) AND system_identifier = $1 AND current_database() = $2`
)

type position struct {
	Written, Cluster int64
	Database         string
}

// look compares the two once.
func (r *Replica) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lookTakes)
	defer cancel()
	at := time.Now()
	p, err := One[position](ctx, r.primary, sqlWritten)
	if err != nil {
		return err // what is known of the replica grows old by itself
	}
	replayed, err := Scalar[int64](ctx, r.Pool, sqlReplayed, p.Cluster, p.Database)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.marks, r.has = nil, time.Time{}
		return err
	}
	r.marks = append(r.marks, mark{at, p.Written})
	r.marks = slices.DeleteFunc(r.marks, func(m mark) bool {
		if m.written <= replayed && m.at.After(r.has) {
			r.has = m.at
		}
		return m.written <= replayed || at.Sub(m.at) > MaxBehind
	})
	return nil
}
