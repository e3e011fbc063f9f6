package pgtest

import (
	"context"
	"fmt"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/migrations"
)

func TestDatabasesAreSeparate(t *testing.T) {
	t.Parallel()
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			db := New(t)
			ctx := context.Background()
			if _, err := db.Owner().Exec(ctx, `CREATE TABLE only_here (n int); GRANT INSERT, SELECT ON only_here TO portal_app`); err != nil {
				t.Fatal(err)
			}
			var n int
			err := db.Pool.QueryRow(ctx, `INSERT INTO only_here VALUES ($1) RETURNING n`, i).Scan(&n)
			if err != nil || n != i {
				t.Fatalf("got %d, %v", n, err)
			}
			if _, err := db.Pool.Exec(ctx, `DROP TABLE only_here`); err == nil {
				t.Error("portal_app must not be able to change the schema")
			}
		})
	}
}

// The whole history goes up, down to nothing, and up again, as portal_owner.
func TestMigrationsUpAndDown(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := NewEmpty(t)
	url := db.URLFor("portal_owner")
	status := func() pg.Status {
		t.Helper()
		s, err := pg.MigrateStatus(ctx, url, migrations.Files)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := status(); s.Ready() || s.Current != 0 || !s.RiverBehind {
		t.Fatalf("an empty database reads %+v", s)
	}
	for range 2 {
		if err := pg.MigrateUp(ctx, url, migrations.Files); err != nil {
			t.Fatal(err)
		}
		s, err := pg.MigrateStatus(ctx, db.URL, migrations.Files) // as the server does, with the rights of portal_app
		if err != nil || !s.Ready() || s.Current != s.Latest {
			t.Fatalf("after up: %+v, %v", s, err)
		}
		for i := 0; status().Current > 0; i++ {
			if i > 1000 {
				t.Fatal("going down does not end")
			}
			if err := pg.MigrateDown(ctx, url, migrations.Files); err != nil {
				t.Fatal(err)
			}
		}
		var left []string
		rows, err := db.Owner().Query(ctx, `SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE n.nspname = 'public' AND c.relname <> 'schema_migrations' AND c.relkind IN ('r', 'v', 'm', 'S', 'p')`)
		for err == nil && rows.Next() {
			var name string
			if err = rows.Scan(&name); err == nil {
				left = append(left, name)
			}
		}
		if err != nil || len(left) > 0 {
			t.Fatalf("going down left %v, %v", left, err)
		}
	}
}
