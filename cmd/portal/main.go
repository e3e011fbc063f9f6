// Command portal is the city portal: see `portal -h`.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"makassartidakrantasa.com/portal/internal/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := app.Main(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
