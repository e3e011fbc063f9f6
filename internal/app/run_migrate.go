package app

import (
	"context"
	"fmt"

	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/migrations"
)

func runMigrate(ctx context.Context, c *call) error {
	if err := c.parse(1); err != nil {
		return err
	}
	url := c.cfg.DatabaseMigrateURL
	if url == "" {
		url = c.cfg.Direct()
	}
	if url == "" {
		return &usageError{"neither DATABASE_MIGRATE_URL nor DATABASE_URL is set"}
	}
	switch c.flags.Arg(0) {
	case "up":
		if err := pg.MigrateUp(ctx, url, migrations.Files); err != nil {
			return err
		}
	case "down":
		if err := pg.MigrateDown(ctx, url, migrations.Files); err != nil {
			return err
		}
	case "status":
	default:
		return &usageError{"expected up, down or status"}
	}
	s, err := pg.MigrateStatus(ctx, url, migrations.Files)
	if err != nil {
		return err
	}
	state := "up to date"
	switch {
	case s.Dirty:
		state = "broken off half-way: look at it before anything else"
	case !s.Ready():
		state = "behind: run `portal migrate up`"
	}
	fmt.Fprintf(c.out, "schema %d of %d, %s\n", s.Current, s.Latest, state)
	return nil
}
