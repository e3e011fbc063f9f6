package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"

	"makassartidakrantasa.com/portal/internal/demo"
	"makassartidakrantasa.com/portal/internal/platform/config"
	"makassartidakrantasa.com/portal/internal/platform/obs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
	"makassartidakrantasa.com/portal/migrations"
)

func runDev(ctx context.Context, c *call) (err error) {
	simulated := c.flags.Bool("simulate", false, "move the queues of Puskesmas Kassi-Kassi, in a copy of the demo that ends with the portal")
	speed := c.flags.Int("speed", usualSpeed, fmt.Sprintf("with -simulate: how many times as fast as yours the clock of the queues runs, 1 to %d", topSpeed))
	if err := c.parse(0); err != nil {
		return err
	}
	switch {
	case *speed < 1 || *speed > topSpeed:
		return &usageError{fmt.Sprintf("-speed must be a whole number from 1 to %d", topSpeed)}
	case *speed != usualSpeed && !*simulated:
		return &usageError{"-speed needs -simulate"}
	}
	if err := loopbackOnly(c.cfg); err != nil {
		return err
	}
	c.cfg.Dev = true
	c.cfg.DatabaseDirectURL, c.cfg.DatabaseReplicaURL = "", "" // dev has a database of its own, and nothing to do with a real portal's
	slog.SetDefault(obs.Logger(c.errOut, true))
	server, err := pglocal.Start(ctx, filepath.Join(c.cfg.DataDir, "postgres"), pglocal.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop(context.WithoutCancel(ctx))) }()
	password, changed, err := demoPassword(c.cfg)
	if err != nil {
		return err
	}
	user, key, fresh, err := demoBPJS(c.cfg)
	if err != nil {
		return err
	}
	apiKey, freshKey, err := demoAPIKey(c.cfg)
	if err != nil {
		return err
	}
	if err := ensureStory(ctx, c.cfg, server, c.out, password, demo.Reports); err != nil {
		return err
	}
	c.cfg.DatabaseURL = server.URL(devDatabase, "portal_app")
	if err := pg.MigrateUp(ctx, server.URL(devDatabase, "portal_owner"), migrations.Files); err != nil {
		return err
	}
	a, err := New(ctx, c.cfg, Options{})
	if err != nil {
		return err
	}
	if changed {
		err = a.changeDemoPassword(ctx, password)
	}
	if fresh && err == nil {
		err = a.changeDemoBPJS(ctx, user, key)
	}
	if freshKey && err == nil {
		err = a.changeDemoAPIKey(ctx, apiKey)
	}
	if err != nil {
		return errors.Join(err, a.Stop(context.WithoutCancel(ctx)))
	}
	show := func(address, database string) {
		printDemo(c.out, c.cfg.Name, address, password, user+":"+key, apiKey, database)
	}
	if *simulated {
		return simulate(ctx, c, server, a, *speed, show)
	}
	return a.Serve(ctx, func(address string) {
		show(address, c.cfg.DatabaseURL)
		fmt.Fprintf(c.out, "  Ctrl+C ends it; the next start is quick and keeps everything.\n\n")
	})
}

// loopbackOnly refuses to show demo accounts to a network.
func loopbackOnly(cfg *config.Config) error {
	host, _, err := net.SplitHostPort(cfg.Addr)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return &usageError{"PORTAL_ADDR must be a loopback address: dev has demo accounts with one password"}
	}
	return nil
}
