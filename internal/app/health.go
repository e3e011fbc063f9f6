package app

import (
	"context"
	"net/http"
	"sync"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/migrations"
)

func (a *App) healthRoutes() []web.Route {
	ready := remembered(2*time.Second, a.Ready)
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/healthz", Access: web.Public, Machine: true, Handle: alive},
		{Method: http.MethodGet, Pattern: "/readyz", Access: web.Public, Machine: true, Handle: func(w http.ResponseWriter, r *http.Request) error {
			if a.leaving.Load() {
				return text(w, http.StatusServiceUnavailable, "portal is leaving\n")
			}
			if err := ready(r.Context()); err != nil {
				return text(w, http.StatusServiceUnavailable, errs.MessageOf(err)+" is not ready\n")
			}
			if a.replica != nil && !a.replica.Fresh() {
				return text(w, http.StatusOK, "ready, but the replica is away or behind: it is not asked\n")
			}
			return text(w, http.StatusOK, "ready\n")
		}},
	}
}

func alive(w http.ResponseWriter, _ *http.Request) error { return text(w, http.StatusOK, "ok\n") }

// Ready tells why the portal cannot serve now: database, migrations or files.
func (a *App) Ready(ctx context.Context) error {
	status, err := pg.MigrateStatus(ctx, a.Config.Direct(), migrations.Files)
	if err != nil {
		return errs.Wrap(errs.Unavailable, err, "database")
	}
	if !status.Ready() {
		return errs.New(errs.Unavailable, "migrations")
	}
	if err := a.Blobs.Check(ctx); err != nil {
		return errs.Wrap(errs.Unavailable, err, "storage")
	}
	return nil
}

// readyWithin bounds the look at database and storage.
const readyWithin = 5 * time.Second

// remembered shows one look for a while: anybody may ask.
func remembered[T any](long time.Duration, look func(context.Context) T) func(context.Context) T {
	var mu sync.Mutex
	var last T
	var at time.Time
	return func(ctx context.Context) T {
		mu.Lock()
		defer mu.Unlock()
		if time.Since(at) > long {
			// Whoever asks and leaves must not spoil the answer for others.
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyWithin)
			defer cancel()
			last, at = look(ctx), time.Now()
		}
		return last
	}
}

func text(w http.ResponseWriter, status int, body string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err := w.Write([]byte(body))
	return err
}
