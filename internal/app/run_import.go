package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/portal"
)

func runWilayahImport(ctx context.Context, c *call) error {
	return runImport(ctx, c, func(pool *pgxpool.Pool, a authz.Actor, at time.Time, file io.Reader, apply bool) (org.Report, error) {
		return org.ImportBoundaries(ctx, pool, a, at, file, apply)
	})
}

func runUnitImport(ctx context.Context, c *call) error {
	return runImport(ctx, c, func(pool *pgxpool.Pool, a authz.Actor, at time.Time, file io.Reader, apply bool) (org.Report, error) {
		return org.ImportUnits(ctx, pool, a, at, file, apply)
	})
}

func runStaffImport(ctx context.Context, c *call) error {
	return runImport(ctx, c, func(pool *pgxpool.Pool, a authz.Actor, at time.Time, file io.Reader, apply bool) (org.Report, error) {
		return org.ImportStaff(ctx, pool, a, at, file, portal.Leaving(a, at), apply)
	})
}

type importer func(pool *pgxpool.Pool, a authz.Actor, at time.Time, file io.Reader, apply bool) (org.Report, error)

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
	file, err := os.Open(c.flags.Arg(0))
	if err != nil {
		return err
	}
	defer file.Close()
	pool, err := pg.Open(ctx, c.cfg.Direct(), pg.Options{MaxConns: 4, StatementTimeout: 5 * time.Minute})
	if err != nil {
		return err
	}
	defer pool.Close()
	report, err := load(pool, authz.System("perintah "+c.flags.Name()), clock.System{}.Now(), file, *apply)
	if errs.KindOf(err) == errs.Unprocessable || errs.KindOf(err) == errs.TooLarge {
		return errors.New(sentence(err))
	}
	if err != nil {
		return err
	}
	for _, p := range report.Problems {
		fmt.Fprintln(c.errOut, p)
	}
	printReport(c.out, report)
	if !report.OK() {
		return fmt.Errorf("%d masalah; tidak ada yang disimpan", len(report.Problems))
	}
	if !*apply {
		fmt.Fprintln(c.out, "Baru percobaan: tidak ada yang disimpan. Tambahkan -apply untuk menyimpan.")
	}
	return nil
}

// sentence is what is wrong with the file as a whole.
func sentence(err error) string {
	if fs := errs.FieldsOf(err); len(fs) > 0 {
		return fs[0].Message
	}
	return errs.MessageOf(err)
}
