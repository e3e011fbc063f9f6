package app

import (
	"context"
	"fmt"
	"log/slog"

	"makassartidakrantasa.com/portal/internal/platform/config"
	"makassartidakrantasa.com/portal/internal/platform/obs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/migrations"
)

func runServe(ctx context.Context, c *call) error {
	if err := c.parse(0); err != nil {
		return err
	}
	if c.cfg.DatabaseURL == "" {
		return &usageError{"DATABASE_URL is not set; `portal dev` brings its own database"}
	}
	status, err := pg.MigrateStatus(ctx, c.cfg.Direct(), migrations.Files)
	if err != nil {
		return err
	}
	if !status.Ready() {
		return fmt.Errorf("the schema is at %d of %d; run `portal migrate up` first", status.Current, status.Latest)
	}
	if err := fit(ctx, c.cfg); err != nil {
		return err
	}
	slog.SetDefault(obs.Logger(c.errOut, false))
	if c.cfg.Exposed() {
		slog.Warn("PORTAL_BASE_URL is http:// at a public address: cookies are not Secure, and whoever is on the way reads along; put a proxy with TLS in front and write https://")
	}
	a, err := New(ctx, c.cfg, Options{})
	if err != nil {
		return err
	}
	return a.Serve(ctx, func(address string) {
		fmt.Fprintf(c.errOut, "portal serves %s on %s\n", c.cfg.BaseURL, address)
	})
}

// fit refuses a role that could change evidence, and a pooler behind which nothing would end
// what takes too long.
func fit(ctx context.Context, cfg *config.Config) error {
	if cfg.Pooled() {
		if err := fitRole(ctx, "DATABASE_DIRECT_URL", cfg.DatabaseDirectURL, false); err != nil {
			return err
		}
	}
	return fitRole(ctx, "DATABASE_URL", cfg.DatabaseURL, cfg.Pooled())
}

func fitRole(ctx context.Context, name, url string, pooled bool) error {
	pool, err := pg.Open(ctx, url, pg.Options{MaxConns: 1, Pooled: pooled})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer pool.Close()
	owns, err := pg.Owns(ctx, pool)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if owns {
		return fmt.Errorf("the role of %s owns the tables, or could: nothing would keep the portal from changing its audit trail; use portal_app, see docs/operators.md", name)
	}
	if !pooled {
		return nil // pg.Open sets the limits of each connection
	}
	ok, err := pg.Limited(ctx, pool)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if !ok {
		return fmt.Errorf("behind a pooler the role of %s needs limits of its own: ALTER ROLE … SET statement_timeout, lock_timeout and idle_in_transaction_session_timeout; see docs/operators.md", name)
	}
	return nil
}
