package app

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

func runAuditVerify(ctx context.Context, c *call) error {
	if err := c.parse(0); err != nil {
		return err
	}
	if c.cfg.DatabaseURL == "" {
		return &usageError{"DATABASE_URL is not set"}
	}
	box, err := crypt.Load(c.cfg.SecretFile, false)
	if err != nil {
		return err
	}
	pool, err := pg.Open(ctx, c.cfg.Direct(), pg.Options{MaxConns: 2, StatementTimeout: 10 * time.Minute})
	if err != nil {
		return err
	}
	defer pool.Close()
	exported, err := audit.ExportedHeads(trailDir(c.cfg.DataDir))
	if err != nil {
		return err
	}
	heads, err := audit.Verify(ctx, pool, box, exported)
	if err != nil {
		return err
	}
	for _, h := range heads {
		fmt.Fprintf(c.out, "%s: %d entries, unbroken; head %s\n", h.Trail, h.Position, h.MAC)
	}
	return nil
}

// trailDir is where the daily heads of the trails are exported.
func trailDir(dataDir string) string { return filepath.Join(dataDir, "jejak") }
