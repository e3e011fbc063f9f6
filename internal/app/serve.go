package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/http/pprof"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

	"makassartidakrantasa.com/portal/internal/platform/obs"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// grace is how long a shutdown waits for requests under way.
const grace = 20 * time.Second

// Serve answers on the configured address until ctx ends. Then it says so at /readyz for
// PORTAL_DRAIN, so that a balancer sends its visitors elsewhere, still answering those who
// come; and finishes what is under way. onReady is called once the portal can be reached.
func (a *App) Serve(ctx context.Context, onReady func(address string)) error {
	stopTracing, err := obs.StartTracing(ctx, a.Config.OTLPEndpoint)
	if err != nil {
		return err
	}
	var handler http.Handler = a.Router
	if a.Config.OTLPEndpoint != "" {
		handler = otelhttp.NewHandler(handler, "portal")
	}
	listener, err := net.Listen("tcp", a.Config.Addr)
	if err != nil {
		return fmt.Errorf("PORTAL_ADDR: %w", err)
	}
	server := newServer(handler)
	failed := make(chan error, 2)
	go func() { failed <- a.connections().Serve(server, listener) }()
	var admin *http.Server
	if a.Config.AdminAddr != "" {
		l, err := net.Listen("tcp", a.Config.AdminAddr)
		if err != nil {
			return errors.Join(fmt.Errorf("PORTAL_ADMIN_ADDR: %w", err), server.Close())
		}
		admin = newServer(a.AdminHandler())
		go func() { failed <- admin.Serve(l) }()
	}
	a.Start()
	onReady(listener.Addr().String())

	select {
	case <-ctx.Done():
		a.leaving.Store(true)
		select {
		case <-time.After(a.Config.Drain):
		case err = <-failed:
		}
	case err = <-failed:
	}
	a.CloseStreams()
	stopCtx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if shutdownErr := server.Shutdown(stopCtx); shutdownErr != nil {
		slog.Warn("requests were cut off at shutdown", "err", shutdownErr)
	}
	if admin != nil {
		_ = admin.Close()
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, a.Stop(stopCtx), stopTracing(stopCtx))
}

// connections bounds what all connections may cost together. Direct visitors of one network
// get a quarter of them, so that one alone cannot fill the portal.
func (a *App) connections() *web.Connections {
	k := &web.Connections{Most: a.Config.Connections, Proxies: a.Config.Proxies, Always: []string{"/healthz", "/readyz"}}
	if files := openFiles(); k.Most > files-filesBeside {
		k.Most = max(files-filesBeside, 100)
		slog.Warn("the limit of open files allows fewer connections than PORTAL_CONNECTIONS", "files", files, "connections", k.Most)
	}
	if a.Config.Limited() {
		k.PerNetwork = k.Most / 4
	}
	return k
}

// filesBeside is how many open files are left for the database, the file store and gateways.
const filesBeside = 500

// openFiles is how many files the process may have open.
func openFiles() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur > math.MaxInt32 {
		return math.MaxInt32
	}
	return int(limit.Cur)
}

// newServer bounds what a connection may cost before a route is known; the
// routes set their own deadlines.
func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       90 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
}

// AdminHandler is for operators, on an address of its own.
func (a *App) AdminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(prometheus.Gatherers{prometheus.DefaultGatherer, a.measures()}, promhttp.HandlerOpts{}))
	mux.Handle("/healthz", a.Router)
	mux.Handle("/readyz", a.Router)
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}
