package pgtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
	"makassartidakrantasa.com/portal/migrations"
)

// SocketEnv names the environment variable that carries the socket folder of
// the run's cluster to every test binary.
const SocketEnv = "PORTAL_PGTEST_SOCKET"

// connections is generous: two test binaries at a time, each with a few
// parallel tests that hold several small pools.
const connections = 200

// StartCluster starts a throw-away cluster: in memory when there is a gigabyte
// free for it, else in a temporary folder. It ends and vanishes with this
// process at the latest.
func StartCluster(ctx context.Context) (*pglocal.Server, error) {
	base := os.TempDir()
	var shm syscall.Statfs_t
	if syscall.Statfs("/dev/shm", &shm) == nil && uint64(shm.Bavail)*uint64(shm.Bsize) >= 1<<30 {
		base = "/dev/shm"
	}
	const prefix = "portal-pgtest-"
	if err := pglocal.Sweep(ctx, filepath.Join(base, prefix+"*")); err != nil {
		return nil, fmt.Errorf("remove what an earlier run left: %w", err)
	}
	dir := filepath.Join(base, prefix+rand.Text()[:10])
	return pglocal.Start(ctx, dir, pglocal.Options{Throwaway: true, MaxConnections: connections})
}

// cluster is the run's server as this process sees it.
type cluster struct {
	socket   string
	template string
	admin    *pgxpool.Pool // as superuser
}

// shared is the cluster of this process. Its server, when it is our own, is
// ended by the end of the process, since a test binary has no last word.
var shared = sync.OnceValues(func() (*cluster, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	socket := os.Getenv(SocketEnv)
	if socket == "" {
		server, err := StartCluster(ctx)
		if err != nil {
			return nil, err
		}
		socket = server.Socket()
	}
	cfg, err := pgxpool.ParseConfig(pglocal.URL(socket, "postgres", pglocal.Superuser))
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = 2
	admin, err := pgxpool.NewWithConfig(context.Background(), cfg)
	if err != nil {
		return nil, err
	}
	c := &cluster{socket: socket, admin: admin}
	if c.template, err = c.makeTemplate(ctx); err != nil {
		return nil, err
	}
	return c, nil
})

// makeTemplate returns the name of the migrated template, making it if no test
// binary of this run has done so. The name carries a hash of the migrations, so
// that a cluster that outlives an edit serves no stale schema.
func (c *cluster) makeTemplate(ctx context.Context) (string, error) {
	sum, err := hashFiles(migrations.Files)
	if err != nil {
		return "", err
	}
	name := "template_" + sum
	conn, err := c.admin.Acquire(ctx)
	if err != nil {
		return "", fmt.Errorf("reach the test cluster: %w", err)
	}
	defer conn.Release()
	const lock = 7262 // any number that all test binaries agree on
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, lock); err != nil {
		return "", err
	}
	defer conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, lock)

	var exists bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&exists); err != nil || exists {
		return name, err
	}
	raw := name + "_raw"
	for _, sql := range []string{"DROP DATABASE IF EXISTS " + raw + " WITH (FORCE)", "CREATE DATABASE " + raw + " OWNER portal_owner"} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return "", fmt.Errorf("make the template database: %w", err)
		}
	}
	if err := pg.MigrateUp(ctx, pglocal.URL(c.socket, raw, "portal_owner"), migrations.Files); err != nil {
		return "", err
	}
	if err := freeClock(ctx, pglocal.URL(c.socket, raw, "portal_owner")); err != nil {
		return "", fmt.Errorf("free the clock of the work ledger: %w", err)
	}
	// Closed connections may linger for a moment; the server waits 5 s for them.
	if _, err := conn.Exec(ctx, "ALTER DATABASE "+raw+" RENAME TO "+name); err != nil {
		return "", fmt.Errorf("finish the template database: %w", err)
	}
	return name, nil
}

// freeClock lets tests with clocks of their own say when a step of work was done.
func freeClock(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `UPDATE work_clock SET free = true`)
	return errors.Join(err, conn.Close(ctx))
}

func hashFiles(files fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, path)
		fmt.Fprintf(h, "%s %d\n%s", path, len(content), content)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)[:8]), err
}

// createDatabase makes a database: a copy of the template, or an empty one.
func (c *cluster) createDatabase(ctx context.Context, name string, empty bool) error {
	sql := "CREATE DATABASE " + pgx.Identifier{name}.Sanitize() + " OWNER portal_owner"
	if !empty {
		sql += " TEMPLATE " + c.template + " STRATEGY FILE_COPY"
	}
	_, err := c.admin.Exec(ctx, sql)
	return err
}

func (c *cluster) dropDatabase(ctx context.Context, name string) error {
	_, err := c.admin.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)")
	return err
}

// Run starts a cluster, runs start with its socket, and ends the cluster.
func Run(ctx context.Context, start func(socket string) error) error {
	server, err := StartCluster(ctx)
	if err != nil {
		return err
	}
	err = start(server.Socket())
	return errors.Join(err, server.Stop(context.WithoutCancel(ctx)))
}
