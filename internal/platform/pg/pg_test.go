package pg_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/obs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

// What a transaction pooler cannot carry is not there: prepared statements and limits of the
// connection. What the portal writes is written all the same.
func TestBehindAPooler(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), pgtest.New(t)
	pool, err := pg.Open(ctx, db.URL, pg.Options{MaxConns: 1, Pooled: true})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for range 2 {
		word, err := pg.Scalar[string](ctx, pool, `SELECT $1::jsonb ->> 'kata'`, map[string]string{"kata": "pinisi"})
		if err != nil || word != "pinisi" {
			t.Fatalf("a value kept as jsonb: %q, %v", word, err)
		}
	}
	if n, err := pg.Scalar[int](ctx, pool, `SELECT count(*)::int FROM pg_prepared_statements`); err != nil || n != 0 {
		t.Errorf("%d statements stay prepared, %v", n, err)
	}
	for what, c := range map[string]struct {
		db   pg.Querier
		want bool
	}{"pooled": {pool, false}, "direct": {db.Pool, true}} {
		if got, err := pg.Limited(ctx, c.db); err != nil || got != c.want {
			t.Errorf("%s: limited %v, %v", what, got, err)
		}
	}
}

// The driver and the server quote a value that they cannot take; no log does.
func TestLogsQuoteNoArguments(t *testing.T) {
	t.Parallel()
	const nik = "7371131708850101"
	ctx, db := t.Context(), pgtest.New(t)
	query := func(sql string, args ...any) func() error {
		return func() error {
			_, err := pg.Scalar[int](ctx, db.Pool, sql, args...)
			return err
		}
	}
	for what, fail := range map[string]func() error{
		"an argument that does not fit":    query(`SELECT $1::int`, nik+"\n"+nik),
		"one of several":                   query(`SELECT $1::int + $2::int`, 1, struct{ NIK string }{nik}),
		"one within a list":                query(`SELECT cardinality($1::int[])`, []string{nik}),
		"text that the server cannot read": query(`SELECT $1::text::int`, nik),
		"text that is no date":             query(`SELECT length($1::text::date::text)`, nik+": x"),
		"an answer that cannot be taken":   query(`SELECT $1::text`, nik),
		"an answer of a shape of its own": func() error {
			_, err := pg.Scalar[map[string]int](ctx, db.Pool, `SELECT jsonb_build_object('nik', $1::text)`, nik)
			return err
		},
		"a row of many written at one time": func() error {
			_, err := db.Owner().CopyFrom(ctx, pgx.Identifier{"org_person"}, []string{"account_id"}, pgx.CopyFromRows([][]any{{nik + "x"}}))
			return err
		},
		"a batch": func() error {
			b := &pgx.Batch{}
			b.Queue(`SELECT $1::int`, nik)
			return db.Pool.SendBatch(ctx, b).Close()
		},
	} {
		err := fail()
		if err == nil {
			t.Errorf("%s: no error", what)
			continue
		}
		err = errors.Join(context.Canceled, err)
		for _, dev := range []bool{false, true} {
			var out bytes.Buffer
			obs.Logger(&out, dev).Error("gagal", "err", err, "teks", err.Error())
			if strings.Contains(out.String(), nik) || !strings.Contains(out.String(), "…") && strings.Contains(err.Error(), nik) {
				t.Errorf("%s is logged as %s", what, &out)
			}
		}
		quiet := errs.Quiet(err)
		var before, after *pgconn.PgError
		if errors.As(err, &before) != errors.As(quiet, &after) || !errors.Is(quiet, context.Canceled) {
			t.Errorf("%s is another error when it is quiet: %v", what, quiet)
		}
	}
	if plain := errors.New("dial tcp 127.0.0.1:5432: refused"); errs.Quiet(plain) != plain || errs.Quiet(nil) != nil {
		t.Error("what quotes nothing is changed")
	}
}

// Only what follows the primary is a replica; and nobody writes there, whatever it is.
func TestWhatDoesNotFollowIsNoReplica(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for what, url := range map[string]string{"the primary itself": db.URL, "nothing": "postgres://portal_app@127.0.0.1:1/portal"} {
		ctx, stop := context.WithCancel(t.Context())
		r, err := pg.OpenReplica(ctx, url, db.Pool, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Pool.Close()
		done := make(chan struct{})
		go func() { r.Follow(ctx); close(done) }()
		<-time.After(1500 * time.Millisecond) // two looks
		if behind, known := r.Behind(); known || r.Fresh() {
			t.Errorf("%s: %v behind, fresh %v", what, behind, r.Fresh())
		}
		stop()
		<-done
		if _, err := r.Pool.Exec(t.Context(), `DELETE FROM mtr_draft`); err == nil {
			t.Errorf("%s: it takes writing", what)
		}
	}
}

// What answers nothing goes along with what does, in order; its failure comes with that.
func TestPipe(t *testing.T) {
	t.Parallel()
	ctx, sent := t.Context(), &counter{}
	db, err := pg.Open(ctx, pgtest.New(t).URL, pg.Options{MaxConns: 1, Tracer: sent})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = pg.InTx(ctx, db, func(outer pgx.Tx) error {
		if err := pg.Exec(ctx, outer, `CREATE TEMP TABLE uji (n int) ON COMMIT DROP`); err != nil {
			return err
		}
		tx := pg.Pipe(outer)
		before := *sent
		for _, sql := range []string{`INSERT INTO uji VALUES (1)`, `INSERT INTO uji VALUES (2)`} {
			if err := pg.Exec(ctx, tx, sql); err != nil {
				return err
			}
		}
		if *sent != before {
			t.Errorf("%v were sent at once", *sent)
		}
		if n, err := pg.Scalar[int](ctx, tx, `SELECT pg_backend_pid() / pg_backend_pid()`); err != nil || n != 1 {
			t.Errorf("with what waits: %d, %v", n, err)
		}
		if ns, err := pg.Scalars[int](ctx, tx, `SELECT n FROM uji ORDER BY n`); err != nil || !slices.Equal(ns, []int{1, 2}) {
			t.Errorf("what waited: %v, %v", ns, err)
		}
		if err := pg.Exec(ctx, tx, `DELETE FROM uji`); err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, `INSERT INTO uji VALUES (4)`); err != nil {
			return err
		}
		var n int
		batch, seen := &pgx.Batch{}, 0
		batch.Queue(`SELECT n FROM uji`)
		batch.Queue(`DELETE FROM uji RETURNING n`)
		answers := tx.SendBatch(ctx, batch)
		if err := errors.Join(answers.QueryRow().Scan(&seen), answers.QueryRow().Scan(&n), answers.Close()); err != nil || seen != 4 || n != 4 {
			t.Errorf("a batch that something waited for: %d, %d, %v", seen, n, err)
		}
		if err := tx.QueryRow(ctx, `SELECT n FROM uji`).Scan(&n); !errors.Is(err, pgx.ErrNoRows) {
			t.Errorf("none is left: %d, %v", n, err)
		}
		if err := pg.Exec(ctx, tx, `INSERT INTO uji VALUES (3)`); err != nil {
			return err
		}
		if err := tx.Flush(ctx); err != nil {
			return err
		}
		return outer.QueryRow(ctx, `SELECT n FROM uji`).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	for what, ask := range map[string]func(tx *pg.Piped) error{
		"flush": func(tx *pg.Piped) error { return tx.Flush(ctx) },
		"query": func(tx *pg.Piped) error { _, err := pg.Scalar[int](ctx, tx, `SELECT 1`); return err },
		"batch": func(tx *pg.Piped) error {
			b := &pgx.Batch{}
			b.Queue(`SELECT 1`)
			answers := tx.SendBatch(ctx, b)
			_, err := answers.Exec()
			return errors.Join(err, answers.Close())
		},
		"begin": func(tx *pg.Piped) error { _, err := tx.Begin(ctx); return err },
	} {
		err := pg.InTx(ctx, db, func(outer pgx.Tx) error {
			tx := pg.Pipe(outer)
			if err := pg.Exec(ctx, tx, `SELECT 1 / 0`); err != nil {
				t.Errorf("%s: it failed before it was sent: %v", what, err)
			}
			return ask(tx)
		})
		var pe *pgconn.PgError
		if !errors.As(err, &pe) || pe.Code != "22012" {
			t.Errorf("%s: %v", what, err)
		}
	}
	// The one connection is as it was.
	if n, err := pg.Scalar[int](ctx, db, `SELECT 1`); err != nil || n != 1 {
		t.Errorf("afterwards: %d, %v", n, err)
	}
}

// counter counts what is sent.
type counter struct{ n int }

func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.n++
	return ctx
}

func (c *counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (c *counter) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	c.n++
	return ctx
}

func (c *counter) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

func (c *counter) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}
