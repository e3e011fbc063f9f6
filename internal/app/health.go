package app

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/migrations"
)

func (a *App) healthRoutes() []web.Route {
	ready := &readiness{check: a.Ready, leaving: &a.leaving}
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/healthz", Access: web.Public, Machine: true, Handle: alive},
		{Method: http.MethodGet, Pattern: "/readyz", Access: web.Public, Machine: true, Handle: ready.serve},
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

// readiness remembers its answer for two seconds: anybody may ask.
type readiness struct {
	check   func(context.Context) error
	leaving *atomic.Bool
	mu      sync.Mutex
	at      time.Time
	err     error
}

func (s *readiness) serve(w http.ResponseWriter, r *http.Request) error {
	if s.leaving.Load() {
		return text(w, http.StatusServiceUnavailable, "portal is leaving\n")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.at) > 2*time.Second {
		// Whoever asks and leaves must not be the reason to say no to others.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), readyWithin)
		defer cancel()
		s.err, s.at = s.check(ctx), time.Now()
	}
	if s.err != nil {
		return text(w, http.StatusServiceUnavailable, errs.MessageOf(s.err)+" is not ready\n")
	}
	return text(w, http.StatusOK, "ready\n")
}

func text(w http.ResponseWriter, status int, body string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err := w.Write([]byte(body))
	return err
}
