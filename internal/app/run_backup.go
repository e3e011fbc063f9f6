package app

import (
	"context"
	"fmt"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/backup"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
)

func runBackup(ctx context.Context, c *call) error {
	keep := c.flags.Int("keep", 0, "afterwards remove all but the newest N backups; 0 removes none")
	verify := c.flags.Bool("verify", false, "restore it into a private server and compare; removes nothing when that fails")
	if err := c.parse(1); err != nil {
		return err
	}
	if *keep < 0 {
		return &usageError{"-keep must not be negative"}
	}
	p, err := c.portal()
	if err != nil {
		return err
	}
	dir := c.flags.Arg(0)
	path, m, err := backup.Take(ctx, p, dir, time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s: schema %d, %d tables with %d rows, %d files with %d bytes, %d of them new\n", path, m.Schema, len(m.Tables), m.Rows(), m.Files, m.Bytes, m.Copied)
	if *verify {
		if _, err := backup.Verify(ctx, p.Box, path); err != nil {
			return err
		}
		fmt.Fprintln(c.out, "restored into a private server: equal in every table, every file whole")
	}
	if *keep > 0 {
		removed, err := backup.Prune(p, dir, *keep)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "%d older backups removed\n", removed)
	}
	return nil
}

func runRestore(ctx context.Context, c *call) error {
	if err := c.parse(1); err != nil {
		return err
	}
	p, err := c.portal()
	if err != nil {
		return err
	}
	path := c.flags.Arg(0)
	if all, err := backup.Backups(path); err != nil {
		return err
	} else if len(all) > 0 {
		path = all[len(all)-1]
	}
	m, err := backup.Restore(ctx, p, path)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s of %s restored: schema %d, %d tables with %d rows, %d files; equal to what was backed up\n",
		path, m.TakenAt.Format(time.RFC3339), m.Schema, len(m.Tables), m.Rows(), m.Files)
	return nil
}

// portal is what the settings name, for backups.
func (c *call) portal() (p backup.Portal, err error) {
	if p.DatabaseURL, err = c.ownerURL(); err != nil {
		return p, err
	}
	if p.Box, err = crypt.Load(c.cfg.SecretFile, false); err != nil {
		return p, err
	}
	p.Files, err = blob.Open(c.cfg.BlobURL)
	return p, err
}
