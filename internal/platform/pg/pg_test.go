package pg_test

import (
	"testing"

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
