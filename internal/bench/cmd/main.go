// Command cmd runs the benchmarks of package bench and prints their table:
//
//	go run ./internal/bench/cmd [-short] [-history FILE] [-only queue|reading|open311|growth|reports|start|booking|live|residents|import|letters|offices|figures|evidence] -portal bin/portal
//
// It exits with 1 only when something could not be measured; what misses its
// target says so in the table.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"makassartidakrantasa.com/portal/internal/bench"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The bare server is this program in another role.
	if len(os.Args) == 4 && os.Args[1] == "bare" {
		fail(bench.Bare(ctx, os.Args[2], os.Args[3]))
		return
	}
	short := flag.Bool("short", false, "a few minutes, less data, rough figures")
	only := flag.String("only", "", "one part: queue, reading, open311, growth, reports (memory too), start, booking, live, residents, import, letters, offices, figures or evidence")
	portal := flag.String("portal", "bin/portal", "the binary to measure")
	history := flag.String("history", "", "the file to add what is promised to, a line for each figure")
	flag.Parse()
	binary, err := filepath.Abs(*portal)
	fail(err)
	table, err := bench.Run(ctx, bench.Options{Binary: binary, Short: *short, Only: *only, Progress: os.Stderr})
	if table != nil {
		fail(table.Write(os.Stdout))
		fmt.Printf("\n%d figures missed their target.\n", table.Missed())
	}
	fail(err)
	if *history != "" {
		how := "whole"
		if *short {
			how = "short"
		}
		fail(table.Append(*history, time.Now(), state(ctx), strings.TrimSpace(how+" "+*only)))
	}
}

// state is the commit that is measured, and whether something was changed since; "?" where there is no git.
func state(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty").Output()
	if err != nil {
		return "?"
	}
	return strings.TrimSpace(string(out))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
