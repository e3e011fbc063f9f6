package pg

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Pipe is tx that saves ways to the server, for use cases that hold what others wait for: what
// Exec is given waits and goes along with the next statement that answers rows, or with Flush.
// Its failure comes then, and its tag says nothing: Changed would find that no row was touched.
// What goes along is prepared at once, so that no statement may need the schema that another makes.
func Pipe(tx pgx.Tx) *Piped { return &Piped{Tx: tx, waiting: &pgx.Batch{}} }

// Piped is what Pipe returns. Flush it before the transaction ends.
type Piped struct {
	pgx.Tx
	waiting *pgx.Batch
}

// Exec keeps a statement until something is sent.
func (p *Piped) Exec(_ context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	p.waiting.Queue(sql, args...)
	return pgconn.CommandTag{}, nil
}

// Flush sends what waits.
func (p *Piped) Flush(ctx context.Context) error {
	if p.waiting.Len() == 0 {
		return nil
	}
	return Classify(p.send(ctx).Close())
}

func (p *Piped) send(ctx context.Context) pgx.BatchResults {
	b := p.waiting
	p.waiting = &pgx.Batch{}
	return p.Tx.SendBatch(ctx, b)
}

// Query sends what waits, and with it a statement that answers rows.
func (p *Piped) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	before := p.waiting.Len()
	if before == 0 {
		return p.Tx.Query(ctx, sql, args...)
	}
	p.waiting.Queue(sql, args...)
	answers := p.send(ctx)
	for range before {
		if _, err := answers.Exec(); err != nil {
			_ = answers.Close()
			return nil, err
		}
	}
	rows, err := answers.Query()
	if err != nil {
		_ = answers.Close()
		return nil, err
	}
	return &pipedRows{rows, answers}, nil
}

// QueryRow is Query for one row.
func (p *Piped) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	rows, err := p.Query(ctx, sql, args...)
	return pipedRow{rows, err}
}

// SendBatch sends what waits, and with it a batch, whose answers alone are to be read.
func (p *Piped) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	before := p.waiting.Len()
	p.waiting.QueuedQueries = append(p.waiting.QueuedQueries, b.QueuedQueries...)
	answers := p.send(ctx)
	for range before {
		_, _ = answers.Exec() // a failure is also that of every answer that follows
	}
	return answers
}

// CopyFrom sends what waits first.
func (p *Piped) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, src pgx.CopyFromSource) (int64, error) {
	if err := p.Flush(ctx); err != nil {
		return 0, err
	}
	return p.Tx.CopyFrom(ctx, table, columns, src)
}

// Begin sends what waits first.
func (p *Piped) Begin(ctx context.Context) (pgx.Tx, error) {
	if err := p.Flush(ctx); err != nil {
		return nil, err
	}
	return p.Tx.Begin(ctx)
}

// Commit sends what waits first.
func (p *Piped) Commit(ctx context.Context) error {
	if err := p.Flush(ctx); err != nil {
		return err
	}
	return p.Tx.Commit(ctx)
}

// pipedRows are the last answer of a batch, which ends with them.
type pipedRows struct {
	pgx.Rows
	batch pgx.BatchResults
}

func (r *pipedRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.Close()
	return false
}

func (r *pipedRows) Close() {
	r.Rows.Close()
	_ = r.batch.Close() // what failed before the rows was said, and a failure of theirs is theirs
}

type pipedRow struct {
	rows pgx.Rows
	err  error
}

func (r pipedRow) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return pgx.ErrNoRows
	}
	if err := r.rows.Scan(into...); err != nil {
		return err
	}
	r.rows.Close()
	return r.rows.Err()
}
