package app

import (
	"cmp"
	"context"
	"fmt"

	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/migrations"
)

func runMigrate(ctx context.Context, c *call) error {
	if err := c.parse(1); err != nil {
		return err
	}
	url, err := c.ownerURL()
	if err != nil {
		return err
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

// ownerURL is the database as the role that owns the schema, past a pooler.
func (c *call) ownerURL() (string, error) {
	url := cmp.Or(c.cfg.DatabaseMigrateURL, c.cfg.Direct())
	if url == "" {
		return "", &usageError{"neither DATABASE_MIGRATE_URL nor DATABASE_URL is set"}
	}
	return url, nil
}
