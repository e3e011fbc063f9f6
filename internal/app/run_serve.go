package app

import (
	"context"
	"fmt"
	"log/slog"

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
	slog.SetDefault(obs.Logger(c.errOut, false))
	a, err := New(ctx, c.cfg, Options{})
	if err != nil {
		return err
	}
	return a.Serve(ctx, func(address string) {
		fmt.Fprintf(c.errOut, "portal serves %s on %s\n", c.cfg.BaseURL, address)
	})
}
