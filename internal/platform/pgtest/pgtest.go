package pgtest

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
)

// MaxConns is how many connections each pool of a test holds at most.
const MaxConns = 4

// DB is the database of one test. It is dropped when the test ends.
type DB struct {
	// Pool connects as portal_app, with its rights and no more.
	Pool *pgxpool.Pool
	// URL is the address as portal_app.
	URL string
	// Name of the database.
	Name string

	socket string
	owner  func() *pgxpool.Pool
}

// New returns a migrated database that nobody else uses. Call it after
// t.Parallel, so that no database waits for its test's turn.
func New(t testing.TB) *DB {
	t.Helper()
	return open(t, false)
}

// NewEmpty returns a database without schema, owned by portal_owner, for tests
// of the migrations themselves.
func NewEmpty(t testing.TB) *DB {
	t.Helper()
	return open(t, true)
}

func open(t testing.TB, empty bool) *DB {
	t.Helper()
	c, err := shared()
	if err != nil {
		t.Fatalf("test database: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	name := "t_" + strings.ToLower(rand.Text()[:16])
	if err := c.createDatabase(ctx, name, empty); err != nil {
		t.Fatalf("test database: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := c.dropDatabase(ctx, name); err != nil {
			t.Errorf("drop the test database: %v", err)
		}
	})
	db := &DB{Name: name, socket: c.socket, URL: pglocal.URL(c.socket, name, "portal_app")}
	db.Pool = db.pool(t, "portal_app", 0)
	db.owner = sync.OnceValue(func() *pgxpool.Pool { return db.pool(t, "portal_owner", 20*time.Minute) })
	return db
}

// Owner returns a pool that connects as portal_owner, for what the portal
// itself may not do: repairing or damaging append-only tables, or filling a
// table with thousands of rows, for which its statements may take as long as a busy
// machine needs.
func (d *DB) Owner() *pgxpool.Pool { return d.owner() }

// URLFor returns the address as another role: portal_owner, portal_readonly or
// pglocal.Superuser.
func (d *DB) URLFor(role string) string { return pglocal.URL(d.socket, d.Name, role) }

func (d *DB) pool(t testing.TB, role string, patience time.Duration) *pgxpool.Pool {
	t.Helper()
	pool, err := pg.Open(context.Background(), d.URLFor(role), pg.Options{MaxConns: MaxConns, StatementTimeout: patience})
	if err != nil {
		t.Fatalf("test database: %v", err)
	}
	t.Cleanup(pool.Close)
	return pool
}
