package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/demo"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/config"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
)

const (
	simulationDatabase = "portal_simulasi"
	simulationFolder   = "simulasi" // in the data folder

	usualSpeed, topSpeed = 10, 60
)

// simulate serves a copy of the demo in which the queues of Puskesmas Kassi-Kassi move by
// themselves, by a clock that runs so many times as fast as the machine's. Waiting times,
// and what the portal says about them, are right by that clock. It runs ahead of the
// machine's, so nothing of it comes back to the demo: the copy ends with the portal.
//
// story is the portal over the demo itself; simulate stops it.
func simulate(ctx context.Context, c *call, server *pglocal.Server, story *App, speed int, show func(address, database string)) (err error) {
	begins, err := demo.Opening(ctx, story.Pool, story.Queues, story.Clock.Now())
	if err := errors.Join(err, story.Stop(ctx)); err != nil {
		return err
	}
	cfg, err := simulationConfig(c.cfg)
	if err != nil {
		return err
	}
	if err := server.Copy(ctx, devDatabase, simulationDatabase); err != nil {
		return err
	}
	defer func() {
		after := context.WithoutCancel(ctx)
		err = errors.Join(err, server.Drop(after, simulationDatabase), os.RemoveAll(cfg.DataDir))
	}()
	cfg.DatabaseURL = server.URL(simulationDatabase, "portal_app")
	watch := clock.NewRunning(begins, speed)
	a, err := New(ctx, cfg, Options{QueueClock: watch})
	if err != nil {
		return err
	}
	simulation, err := demo.NewSimulation(ctx, a.Pool, a.Queues, watch)
	if err != nil {
		return errors.Join(err, a.Stop(context.WithoutCancel(ctx)))
	}
	sights, err := simulation.Sights(ctx)
	if err != nil {
		return errors.Join(err, a.Stop(context.WithoutCancel(ctx)))
	}
	return a.Serve(ctx, func(address string) {
		show(address, cfg.DatabaseURL)
		printSights(c.out, address, sights, watch.Now(), speed)
		a.work(func(ctx context.Context) {
			if served, over := simulation.Run(ctx, lookAround(speed)); over {
				fmt.Fprintf(c.out, "\n  The day at Puskesmas Kassi-Kassi is over at %s: its polis served %d patients.\n"+
					"  The portal stays open; Ctrl+C and another start begin a new day.\n\n", indo.Clock(watch.Now()), served)
			}
		})
	})
}

// lookAround is how often the people of a simulation act: every ten seconds by its clock,
// within bounds.
func lookAround(speed int) time.Duration {
	return min(10*time.Second/time.Duration(speed), time.Second)
}

// simulationConfig is that of the copy: a data folder of its own, whose files are at first
// those of the demo, and no foreign system that would hear of made-up patients.
func simulationConfig(of *config.Config) (*config.Config, error) {
	cfg := *of
	cfg.DataDir = filepath.Join(of.DataDir, simulationFolder)
	cfg.BPJSAntreanURL, cfg.BPJSSatusehatURL = "", ""
	if err := os.RemoveAll(cfg.DataDir); err != nil {
		return nil, err
	}
	files, err := url.Parse(of.BlobURL)
	if err != nil {
		return nil, err
	}
	folder, ours := strings.CutPrefix(files.Path, of.DataDir+string(filepath.Separator))
	if files.Scheme != "file" || !ours {
		return &cfg, nil
	}
	files.Path = filepath.Join(cfg.DataDir, folder)
	cfg.BlobURL = files.String()
	return &cfg, linkAll(filepath.Join(of.DataDir, folder), files.Path)
}

// linkAll gives the files under a folder a second name under another: stored files are
// replaced or removed, never written over, so both sides keep what they have.
func linkAll(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := to + strings.TrimPrefix(path, from)
		if d.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		return os.Link(path, target)
	})
}

// printSights tells the reader where to watch.
func printSights(w io.Writer, address string, s demo.Sights, begins time.Time, speed int) {
	fmt.Fprintf(w, "  The queues of Puskesmas Kassi-Kassi move by themselves. Their clock shows\n  %s", begins.Format("Monday, 2 January 2006, 15.04"))
	fmt.Fprintf(w, " in Makassar and runs %d times as fast as yours.\n  All of it is a copy of the demo: Ctrl+C ends it and what was done in it.\n\n", speed)
	at := func(what, path string) { fmt.Fprintf(w, "    %-38s http://%s%s\n", what, address, path) }
	at("the board of the waiting room", "/layar/"+s.Board)
	at("the kiosk at the door", "/kios/"+s.Kiosk)
	if s.Ticket != "" {
		at("ticket "+s.Code+" of a patient", "/antrean/"+s.Ticket)
	}
	at("the rooms, as loket, dokter, farmasi", "/meja/puskesmas")
	at("how good the times were, as kapus", "/meja/puskesmas/ketepatan")
	fmt.Fprintf(w, "\n  Book for yourself at http://%s/puskesmas/%s, or press the buttons of a room: the others go on with what they find.\n\n", address, demo.SimulatedSite)
}
