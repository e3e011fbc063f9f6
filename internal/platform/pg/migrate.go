package pg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/golang-migrate/migrate/v4"
	"github.com/golang-migrate/migrate/v4/database"
	migratepgx "github.com/golang-migrate/migrate/v4/database/pgx/v5"
	"github.com/golang-migrate/migrate/v4/source"
	"github.com/golang-migrate/migrate/v4/source/iofs"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// Status compares the schema of a database with the migrations a binary carries.
type Status struct {
	Current, Latest uint // Current is 0 when nothing has been applied
	Dirty           bool // a migration broke off and somebody must look at it
	RiverBehind     bool // the job queue's own tables are missing or older
}

// Ready reports whether a server may run on this schema. A schema that is
// newer than the binary is fine: each migration keeps its predecessor working.
func (s Status) Ready() bool { return !s.Dirty && !s.RiverBehind && s.Current >= s.Latest }

// MigrateUp applies, as the role in url, every migration of files that the
// database lacks, then River's. It is safe to run from several processes at
// once: one does the work while the others wait. A migration that fails leaves
// neither half of its changes nor a dirty mark behind, and its error names the file.
func MigrateUp(ctx context.Context, url string, files fs.FS) (err error) {
	m, err := newMigrator(ctx, url, files)
	if err != nil {
		return err
	}
	defer m.close()
	if err := m.applyAll(ctx); err != nil {
		return err
	}
	river, err := m.river()
	if err != nil {
		return err
	}
	if _, err := river.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate the job queue: %w", err)
	}
	// The server checks the schema as portal_app, and golang-migrate made its
	// table before any migration could set default privileges.
	_, err = m.pool.Exec(ctx, `DO $$ BEGIN
		IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_app')
		AND NOT has_table_privilege('portal_app', 'schema_migrations', 'SELECT') THEN
			GRANT SELECT ON schema_migrations TO portal_app;
		END IF; END $$`)
	if err != nil {
		return fmt.Errorf("let portal_app read the schema version: %w", err)
	}
	return nil
}

// MigrateDown takes back the newest migration. It takes River's tables down
// together with the first one, and does nothing on an empty schema.
func MigrateDown(ctx context.Context, url string, files fs.FS) error {
	m, err := newMigrator(ctx, url, files)
	if err != nil {
		return err
	}
	defer m.close()
	current, _, err := m.Version()
	if errors.Is(err, migrate.ErrNilVersion) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	first, err := m.source.First()
	if err != nil {
		return err
	}
	if current == first {
		river, err := m.river()
		if err != nil {
			return err
		}
		if _, err := river.Migrate(ctx, rivermigrate.DirectionDown, &rivermigrate.MigrateOpts{TargetVersion: -1}); err != nil {
			return fmt.Errorf("take the job queue down: %w", err)
		}
	}
	if err := m.Steps(-1); err != nil {
		return m.explain(err, m.source.Next)
	}
	return nil
}

// MigrateStatus reads where the schema stands. It changes nothing and needs
// only the rights of portal_app.
func MigrateStatus(ctx context.Context, url string, files fs.FS) (Status, error) {
	var s Status
	latest, err := latestVersion(files)
	if err != nil {
		return s, err
	}
	s.Latest = latest
	pool, err := migratePool(ctx, url)
	if err != nil {
		return s, err
	}
	defer pool.Close()
	var known bool
	if err := pool.QueryRow(ctx, `SELECT to_regclass('schema_migrations') IS NOT NULL`).Scan(&known); err != nil {
		return s, fmt.Errorf("read schema version: %w", err)
	}
	if known {
		var version int64
		err := pool.QueryRow(ctx, `SELECT version, dirty FROM schema_migrations`).Scan(&version, &s.Dirty)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return s, fmt.Errorf("read schema version: %w", err)
		}
		s.Current = uint(max(version, 0))
	}
	river, err := newRiver(pool)
	if err != nil {
		return s, err
	}
	applied, err := river.ExistingVersions(ctx)
	if err != nil {
		return s, fmt.Errorf("read the job queue's version: %w", err)
	}
	s.RiverBehind = len(applied) < len(river.AllVersions())
	return s, nil
}

type migrator struct {
	*migrate.Migrate
	source source.Driver
	pool   *pgxpool.Pool
	stop   func() bool
}

func newMigrator(ctx context.Context, url string, files fs.FS) (*migrator, error) {
	src, err := iofs.New(files, ".")
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	pool, err := migratePool(ctx, url)
	if err != nil {
		return nil, err
	}
	driver, err := migratepgx.WithInstance(stdlib.OpenDBFromPool(pool), &migratepgx.Config{})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("prepare the database for migrations: %w", err)
	}
	m, err := migrate.NewWithInstance("iofs", src, "pgx5", driver)
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("prepare migrations: %w", err)
	}
	stop := context.AfterFunc(ctx, func() {
		select {
		case m.GracefulStop <- true:
		default:
		}
	})
	return &migrator{Migrate: m, source: src, pool: pool, stop: stop}, nil
}

func (m *migrator) close() {
	m.stop()
	_, _ = m.Close() // only closes connections; the work is committed or has failed by now
	m.pool.Close()
}

func (m *migrator) river() (*rivermigrate.Migrator[pgx.Tx], error) { return newRiver(m.pool) }

// applyAll goes step by step, so that an error belongs to one file and a
// cancelled context stops between two.
func (m *migrator) applyAll(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := m.Steps(1)
		switch {
		case err == nil:
		case errors.Is(err, fs.ErrNotExist): // nothing after the current one
			return nil
		default:
			return m.explain(err, m.source.Prev)
		}
	}
}

// explain turns a failed step into an error that names the file, and lifts the
// dirty mark when the server itself refused a statement: the whole file was one
// transaction, so nothing of it stayed. After a lost connection nobody knows,
// and the mark remains. From the version that the failed step would have
// reached, neighbour leads back to where it started.
func (m *migrator) explain(err error, neighbour func(uint) (uint, error)) error {
	var refused *pgconn.PgError
	var failed database.Error
	if errors.As(err, &failed) {
		errors.As(failed.OrigErr, &refused)
	}
	version, dirty, vErr := m.Version()
	if vErr != nil || refused == nil || !dirty {
		return fmt.Errorf("migrate: %w", err)
	}
	back := database.NilVersion
	if v, nErr := neighbour(version); nErr == nil {
		back = int(v)
	}
	if fErr := m.Force(back); fErr != nil {
		return fmt.Errorf("migrate: %w (and the dirty mark stayed: %w)", err, fErr)
	}
	return fmt.Errorf("migration %06d, line %d: %w", max(int(version), back), failed.Line, refused)
}

// latestVersion returns the highest version among files, 0 when there are none.
func latestVersion(files fs.FS) (uint, error) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	var latest uint
	for _, e := range entries {
		if m, err := source.DefaultParse(e.Name()); err == nil {
			latest = max(latest, m.Version)
		}
	}
	return latest, nil
}

func migratePool(ctx context.Context, url string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err)
	}
	// golang-migrate holds one connection for its lock and River needs another.
	cfg.MaxConns, cfg.MinConns = 4, 0
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach the database: %w", err)
	}
	return pool, nil
}

func newRiver(pool *pgxpool.Pool) (*rivermigrate.Migrator[pgx.Tx], error) {
	return rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
}
