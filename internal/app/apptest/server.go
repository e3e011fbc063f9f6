// Package apptest runs a whole portal in the test's process: a fresh
// database, a clock that the test moves, letters that the test reads.
// PostgreSQL, HTTP and the pages are real.
package apptest

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/app"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/config"
	"makassartidakrantasa.com/portal/internal/platform/notify/pushtest"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/platform/session"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Requests are not worth a line each in the output of tests.
func init() { slog.SetLogLoggerLevel(slog.LevelWarn) }

// Start is where the clock stands at first: a Tuesday morning at work.
var Start = time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar)

// Server is a running portal.
type Server struct {
	URL     string
	App     *app.App
	DB      *pgtest.DB
	Pool    *pgxpool.Pool // as portal_app
	Clock   *clock.Fake
	Mail    *Mailbox
	Queries *Counter

	http *httptest.Server
}

// Option varies the portal under test.
type Option func(*config.Config, *app.Options)

// WithTOTP makes the second factor mandatory, as in production.
func WithTOTP() Option { return WithConfig(func(c *config.Config) { c.Dev = false }) }

// WithConfig changes any setting.
func WithConfig(f func(*config.Config)) Option {
	return func(c *config.Config, _ *app.Options) { f(c) }
}

// WithPush lets browsers subscribe at a push service.
func WithPush(s *pushtest.Service) Option {
	return func(c *config.Config, o *app.Options) { c.PushHosts, o.PushClient = s.Host, s.Client }
}

// New starts a portal without background work; call Work where a test needs
// it. It ends with the test.
func New(t testing.TB, opts ...Option) *Server {
	t.Helper()
	db := pgtest.New(t)
	dir := t.TempDir()
	cfg, err := config.Load([]string{
		"DATABASE_URL=" + db.URL, "PORTAL_DATA_DIR=" + dir, "PORTAL_RATE_LIMITS=off",
		"PORTAL_SECRET_FILE=" + filepath.Join(dir, "rahasia"),
	})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Dev = true
	cfg.TileURL, cfg.PushHosts = "", "push.invalid" // tests reach nobody but themselves
	s := &Server{DB: db, Clock: clock.NewFake(Start), Mail: &Mailbox{}, Queries: &Counter{}}
	srv := httptest.NewUnstartedServer(nil)
	cfg.BaseURL = "http://" + srv.Listener.Addr().String()
	if _, err := cryptFile(cfg.SecretFile); err != nil {
		t.Fatal(err)
	}
	options := app.Options{Clock: s.Clock, Mail: s.Mail, Quick: true, Tracer: s.Queries, Cost: &authn.Cost{MemoryKiB: 8, Passes: 1}}
	for _, o := range opts {
		o(cfg, &options)
	}
	s.App, err = app.New(context.Background(), cfg, options)
	if err != nil {
		t.Fatal(err)
	}
	s.Pool = s.App.Pool
	s.App.Router.Mount([]web.Route{{
		Method: http.MethodGet, Pattern: "/uji/masuk/{id}", Access: web.Public, Handle: signIn,
	}})
	srv.Config.Handler = s.App.Router
	srv.Start()
	s.http, s.URL = srv, srv.URL
	t.Cleanup(func() {
		s.App.CloseStreams()
		srv.Close()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.App.Stop(ctx); err != nil {
			t.Errorf("stop the portal: %v", err)
		}
	})
	return s
}

// Work starts the background work: jobs, live topics, the sealer.
func (s *Server) Work() { s.App.Start() }

// signIn spares tests that are not about signing in the cost of a password.
func signIn(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	if err := session.SignIn(r.Context(), id, session.Staff); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err = fmt.Fprint(w, `<!doctype html><link rel="icon" href="data:,"><title>ok</title>`) // browsers would ask for an icon
	return err
}

// Deliver sends every queued message now, so that Mail holds it.
func (s *Server) Deliver(t testing.TB) {
	t.Helper()
	ids, err := s.Pool.Query(context.Background(), `SELECT id FROM notify_message WHERE status = 'queued' ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	var all []int64
	for ids.Next() {
		var id int64
		if err := ids.Scan(&id); err != nil {
			t.Fatal(err)
		}
		all = append(all, id)
	}
	ids.Close()
	if err := ids.Err(); err != nil {
		t.Fatal(err)
	}
	for _, id := range all {
		if err := s.App.Sender.Send(context.Background(), id, true); err != nil {
			t.Fatalf("send message %d: %v", id, err)
		}
	}
}
