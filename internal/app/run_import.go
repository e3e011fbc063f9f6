package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

func runWilayahImport(ctx context.Context, c *call) error {
	return runImport(ctx, c, func(pool *pgxpool.Pool, a authz.Actor, at time.Time, _ string, file io.Reader, apply bool) (org.Report, error) {
		return org.ImportBoundaries(ctx, pool, a, at, file, apply)
	})
}

type importer func(pool *pgxpool.Pool, a authz.Actor, at time.Time, name string, file io.Reader, apply bool) (org.Report, error)

// runImport reads the one file of an import command and prints what it did,
// or with -apply left out what it would do.
func runImport(ctx context.Context, c *call, load importer) error {
	apply := c.flags.Bool("apply", false, "write; without it only say what would happen")
	if err := c.parse(1); err != nil {
		return err
	}
	if c.cfg.DatabaseURL == "" {
		return &usageError{"DATABASE_URL is not set"}
	}
	name := c.flags.Arg(0)
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	pool, err := pg.Open(ctx, c.cfg.DatabaseURL, pg.Options{MaxConns: 4, StatementTimeout: 5 * time.Minute})
	if err != nil {
		return err
	}
	defer pool.Close()
	report, err := load(pool, authz.System("perintah "+c.flags.Name()), clock.System{}.Now(), name, file, *apply)
	if err != nil {
		return err
	}
	for _, p := range report.Problems {
		fmt.Fprintln(c.errOut, p)
	}
	printReport(c.out, report)
	if !report.OK() {
		return fmt.Errorf("%d problems; nothing was written", len(report.Problems))
	}
	if !*apply {
		fmt.Fprintln(c.out, "dry run: nothing was written; add -apply to write")
	}
	return nil
}
