// Package pg opens the database and gives the portal its few habits with it:
// one transaction a use case, rows as structs, constraints as sentences.
package pg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Querier is what SQL functions need: a pool outside a transaction, the
// transaction inside one.
type Querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
	CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, src pgx.CopyFromSource) (int64, error)
}

// Beginner starts transactions: a pool, or a transaction (a savepoint then).
type Beginner interface {
	Begin(ctx context.Context) (pgx.Tx, error)
}

// Options of a pool. The zero value is right for the portal.
type Options struct {
	MaxConns         int32         // 0: 24
	StatementTimeout time.Duration // 0: 10 s; the server ends a statement that takes longer
	ReadOnly         bool          // every transaction read-only
	// Pooled is for a transaction pooler, which gives each transaction another server
	// connection: no statement stays prepared, and the limits of time are those of the
	// role (see Limited). StatementTimeout and ReadOnly then say nothing.
	Pooled bool
	Tracer pgx.QueryTracer
}

// Open returns a pool on url. It does not wait for the server: a portal may
// start before its database and recovers by itself. Connecting takes at most
// 3 s, a statement at most Options.StatementTimeout.
func Open(ctx context.Context, url string, o Options) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("DATABASE_URL is not a PostgreSQL address") // the parse error may quote the password
	}
	if o.MaxConns == 0 {
		o.MaxConns = 24
	}
	if o.StatementTimeout == 0 {
		o.StatementTimeout = 10 * time.Second
	}
	cfg.MaxConns = o.MaxConns
	cfg.MaxConnIdleTime = 5 * time.Minute
	cfg.HealthCheckPeriod = 15 * time.Second
	cfg.ConnConfig.ConnectTimeout = 3 * time.Second
	cfg.ConnConfig.Tracer = o.Tracer
	params := cfg.ConnConfig.RuntimeParams
	params["application_name"] = "portal"
	params["timezone"] = "Asia/Makassar"
	if o.Pooled {
		// Not the modes exec and simple_protocol: without the server's word on the types of
		// arguments pgx cannot write what the portal keeps as jsonb.
		cfg.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
		return open(ctx, cfg)
	}
	params["jit"] = "off" // pages are short queries: compiling one takes longer than running it
	params["statement_timeout"] = fmt.Sprint(o.StatementTimeout.Milliseconds())
	params["idle_in_transaction_session_timeout"] = "15000"
	params["lock_timeout"] = "5000"
	if o.ReadOnly {
		params["default_transaction_read_only"] = "on"
	}
	return open(ctx, cfg)
}

func open(ctx context.Context, cfg *pgxpool.Config) (*pgxpool.Pool, error) {
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open database pool: %w", err)
	}
	return pool, nil
}

const sqlLimited = `SELECT NOT EXISTS (SELECT FROM pg_settings
	WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') AND setting = '0')`

// Limited tells whether statements, waits for locks and idle transactions of db end by
// themselves. Behind a transaction pooler only the role can have such limits.
func Limited(ctx context.Context, db Querier) (bool, error) { return Scalar[bool](ctx, db, sqlLimited) }

const sqlOwns = `SELECT rolsuper OR EXISTS (SELECT FROM pg_class
	WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND pg_has_role(relowner, 'MEMBER'))
FROM pg_roles WHERE rolname = current_user`

// Owns tells whether db's role may do with tables whatever it likes: it is their owner, can
// become it, or is above all.
func Owns(ctx context.Context, db Querier) (bool, error) { return Scalar[bool](ctx, db, sqlOwns) }

// InTx runs fn in one transaction: all of it commits, or nothing does. A
// serialization failure or a deadlock is tried again, at most three times in
// all, so fn must have no effect outside the transaction. A database that is
// away gives errs.Unavailable.
func InTx(ctx context.Context, db Beginner, fn func(tx pgx.Tx) error) error {
	for try := 1; ; try++ {
		err := pgx.BeginFunc(ctx, db, fn)
		if err == nil {
			return nil
		}
		if try < 3 && retryable(err) {
			continue
		}
		return Classify(err)
	}
}

func retryable(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && (pe.Code == "40001" || pe.Code == "40P01")
}

// Classify gives database failures their kind: a missing row is NotFound, a
// database that is away, starting or overloaded is Unavailable. Everything
// else, and what already has a kind, stays as it is.
func Classify(err error) error {
	if err == nil {
		return nil
	}
	var e *errs.Error
	if errors.As(err, &e) {
		return err
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return errs.Wrap(errs.NotFound, err, "")
	}
	var ce *pgconn.ConnectError
	var pe *pgconn.PgError
	switch {
	case errors.As(err, &pe):
		switch pe.Code[:2] {
		case "08", "57", "53": // connection, operator intervention, resources
			return errs.Wrap(errs.Unavailable, err, "")
		case "55": // lock_not_available
			return errs.Wrap(errs.Conflict, err, "Data ini sedang dipakai orang lain. Coba lagi sebentar.")
		case "22": // e.g. NUL bytes or a number out of range that passed the form
			return errs.Wrap(errs.BadRequest, err, "")
		}
		return err
	case errors.As(err, &ce), pgconn.Timeout(err), pgconn.SafeToRetry(err), isClosed(err):
		return errs.Wrap(errs.Unavailable, err, "")
	}
	return err
}

// One returns the single row of a query as T, by column name; none is
// errs.NotFound.
func One[T any](ctx context.Context, q Querier, sql string, args ...any) (T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		var zero T
		return zero, Classify(err)
	}
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
	return v, Classify(err)
}

// Many returns all rows of a query as T, by column name.
func Many[T any](ctx context.Context, q Querier, sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, Classify(err)
	}
	v, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	return v, Classify(err)
}

// Scalar returns the one column of the one row of a query; none is
// errs.NotFound.
func Scalar[T any](ctx context.Context, q Querier, sql string, args ...any) (T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		var zero T
		return zero, Classify(err)
	}
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
	return v, Classify(err)
}

// Scalars returns the one column of all rows of a query.
func Scalars[T any](ctx context.Context, q Querier, sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, Classify(err)
	}
	v, err := pgx.CollectRows(rows, pgx.RowTo[T])
	return v, Classify(err)
}

// Map returns the two columns of all rows of a query, the second by the first; never nil.
func Map[K comparable, V any](ctx context.Context, q Querier, sql string, args ...any) (map[K]V, error) {
	out := map[K]V{}
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return out, Classify(err)
	}
	var k K
	var v V
	_, err = pgx.ForEachRow(rows, []any{&k, &v}, func() error {
		out[k] = v
		return nil
	})
	return out, Classify(err)
}

// Exec runs a statement and classifies its failure.
func Exec(ctx context.Context, q Querier, sql string, args ...any) error {
	_, err := q.Exec(ctx, sql, args...)
	return Classify(err)
}

// Changed ends a compare-and-set: an UPDATE that touched no row means that
// somebody was faster, errs.Conflict.
//
//	err := pg.Changed(tx.Exec(ctx, sqlForward, …))
func Changed(tag pgconn.CommandTag, err error) error {
	if err != nil {
		return Classify(err)
	}
	if tag.RowsAffected() == 0 {
		return errs.New(errs.Conflict, "")
	}
	return nil
}

// Violates tells whether err is the violation of the named constraint.
func Violates(err error, constraint string) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && pe.ConstraintName == constraint
}
