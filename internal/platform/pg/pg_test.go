package pg_test

import (
	"bytes"
	"context"
	"errors"
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
