package web

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/go-chi/httprate"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/obs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/session"
	"makassartidakrantasa.com/portal/internal/platform/turn"
	"makassartidakrantasa.com/portal/internal/platform/ui"
)

// Options of a Router.
type Options struct {
	Name        string // of the portal
	Secure      bool   // reached by https: HSTS
	TileURL     string // map tiles, the one third party that pages may load from
	Proxies     []netip.Prefix
	Sessions    *session.Manager
	Clock       clock.Clock
	Limited     bool // rate limits in force
	RequireTOTP bool // staff without a second factor are sent to EnrolPath
	EnrolPath   string
	// LoadActor reads the account's name, positions and grants; an account
	// that may no longer sign in is errs.Unauthenticated.
	LoadActor func(ctx context.Context, accountID int64) (authz.Actor, error)
	// Watch is told of each page that somebody asks for whom an assignment opens something, before
	// it is shown: the pattern, and what its parameters were. Its error is the answer; nil: nobody is.
	Watch     func(ctx context.Context, a authz.Actor, pattern string, params map[string]string) error
	Nav       []ui.Link
	Footer    []ui.Link
	Static    fs.FS                  // served under /static/
	Immutable func(path string) bool // names that carry a content hash
	// ReplicaFresh tells whether routes may answer from the replica now; nil: there is none.
	ReplicaFresh func() bool
	// Remember is how long strangers may be answered what others were; 0 = not at all. What is sent
	// to this process shows at once.
	Remember time.Duration
	// Closing is done when the portal shuts down: streams end then.
	Closing context.Context
}

// Router mounts route tables and serves them.
type Router struct {
	o      Options
	mux    *chi.Mux
	routes []Route
	csp    string
	cors   *http.CrossOriginProtection

	streams    streams
	turns      *turn.Turns
	remembered remembered

	accountPosts, addressPosts *httprate.RateLimiter
}

// New returns a Router without routes but with /static/, /lanjutkan and the
// error pages.
func New(o Options) *Router {
	if o.Closing == nil {
		o.Closing = context.Background()
	}
	rt := &Router{
		o: o, mux: chi.NewRouter(), csp: policy(o.TileURL), cors: http.NewCrossOriginProtection(),
		turns: turn.New(pagesAtOnce, patience), remembered: remembered{life: o.Remember},
		accountPosts: httprate.NewRateLimiter(postsPerAccount, time.Minute), addressPosts: httprate.NewRateLimiter(postsPerAddress, time.Minute),
	}
	rt.mux.Use(rt.begin, rt.recover, rt.headers, middleware.GetHead, compress)
	rt.mux.NotFound(rt.plain(func(http.ResponseWriter, *http.Request) error { return errs.New(errs.NotFound, "") }))
	rt.mux.MethodNotAllowed(rt.plain(func(w http.ResponseWriter, r *http.Request) error {
		return Render(w, r, http.StatusMethodNotAllowed, ui.ErrorPage(http.StatusMethodNotAllowed, ""))
	}))
	if o.Static != nil {
		rt.mux.Method(http.MethodGet, "/static/*", http.StripPrefix("/static/", static(o.Static, o.Immutable)))
	}
	rt.Mount(resumeRoutes())
	return rt
}

// Mount adds routes. It panics on a route without an access or a handler: the
// table is part of the program.
func (rt *Router) Mount(routes []Route) {
	for _, route := range routes {
		if route.Access.kind == unset || route.Handle == nil {
			panic(fmt.Sprintf("web: route %s %s has no access or no handler", route.Method, route.Pattern))
		}
		rt.routes = append(rt.routes, route)
		rt.mux.Method(route.Method, route.Pattern, rt.serve(route))
	}
}

// Routes returns the whole table, for the authorisation matrix.
func (rt *Router) Routes() []Route { return slices.Clone(rt.routes) }

// ServeHTTP serves the mounted routes.
func (rt *Router) ServeHTTP(w http.ResponseWriter, r *http.Request) { rt.mux.ServeHTTP(w, r) }

// begin gives the request its id, address and place in the log.
func (rt *Router) begin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := randomID()
		q := &request{router: rt, nonce: randomID(), addr: clientAddr(r, rt.o.Proxies), start: time.Now()}
		ctx := context.WithValue(obs.WithRequestID(r.Context(), id), requestKey{}, q)
		deadlines(w, r, q.start)
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		ww.Header().Set("X-Request-Id", id)
		next.ServeHTTP(ww, r.WithContext(ctx))
		pattern, level := q.pattern, slog.LevelInfo
		if pattern == "" {
			pattern = "-" // static files, unknown paths: a path may hold a token
			if ww.Status() < http.StatusBadRequest {
				level = slog.LevelDebug
			}
		}
		took := time.Since(q.start)
		obs.ObserveRequest(r.Method, pattern, ww.Status(), took)
		slog.LogAttrs(ctx, level, "request",
			slog.String("method", r.Method), slog.String("route", pattern), slog.Int("status", ww.Status()),
			slog.Int("bytes", ww.BytesWritten()), slog.Duration("took", took), slog.String("request_id", id))
	})
}

// deadlines hold for what has no route, such as files and unknown paths, and for a body that
// nobody reads because the request is refused; routes have their own, see limits.
func deadlines(w http.ResponseWriter, r *http.Request, now time.Time) {
	rc := http.NewResponseController(w)
	if r.Body != http.NoBody {
		_ = rc.SetReadDeadline(now.Add(DefaultTimeout))
	}
	_ = rc.SetWriteDeadline(now.Add(fileTimeout))
}

func (rt *Router) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler {
				panic(v)
			}
			slog.ErrorContext(r.Context(), "panic", "value", v, "request_id", RequestID(r.Context()), "stack", stack())
			writeFallback(w, http.StatusInternalServerError)
		}()
		next.ServeHTTP(w, r)
	})
}

func (rt *Router) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		protect(h, r)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Permissions-Policy", "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if rt.o.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// protect sets the Content-Security-Policy with the request's nonce.
func protect(h http.Header, r *http.Request) {
	if q := of(r.Context()); q.router != nil {
		h.Set(policyHeader, strings.ReplaceAll(q.router.csp, "{nonce}", q.nonce))
	}
}

// policy is the Content-Security-Policy: our own files, our nonce, and images
// of the tile server.
func policy(tileURL string) string {
	tiles := ""
	if scheme, rest, ok := strings.Cut(tileURL, "://"); ok {
		host, _, _ := strings.Cut(rest, "/")
		tiles = " " + scheme + "://" + strings.Replace(host, "{s}", "*", 1)
	}
	return "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; " +
		"img-src 'self' data: blob:" + tiles + "; connect-src 'self'; font-src 'self'; media-src 'self'; manifest-src 'self'; " +
		"worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
}

// plain wraps what runs outside the route table.
func (rt *Router) plain(h Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r = r.WithContext(rt.uiContext(r))
		if err := h(w, r); err != nil {
			writeError(w, r, err)
		}
	}
}

// serve is the part of the request path that knows the route.
func (rt *Router) serve(route Route) http.Handler {
	own := route.perMinute()
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			// The server clears up after its own request only, not after our copies of it.
			if r.MultipartForm != nil {
				_ = r.MultipartForm.RemoveAll() // temporary files; the system clears what is left
			}
		}()
		err := rt.admit(&r, route, own)
		if err == nil {
			err = rt.handle(w, r, route)
		}
		if err == nil {
			return
		}
		if route.OnError != nil {
			logFailure(r.Context(), err)
			route.OnError(w, r, err)
			return
		}
		if errs.KindOf(err) == errs.Unauthenticated {
			err = toSignIn(w, r)
		}
		if err != nil {
			writeError(w, r, err)
		}
	})
	var h http.Handler = inner
	if !route.Machine {
		h = rt.o.Sessions.LoadAndSave(h)
	}
	h = rt.bounded(route, h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		of(r.Context()).pattern = route.Pattern
		w.Header().Set("Cache-Control", "no-store")
		if route.Access.kind == public && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
			w.Header().Set("Cache-Control", asked)
		}
		if route.Access.kind != public {
			w.Header().Set("X-Robots-Tag", "noindex")
		}
		if !route.Machine {
			if err := rt.cors.Check(r); err != nil {
				rt.plain(func(http.ResponseWriter, *http.Request) error {
					return errs.Wrap(errs.Forbidden, err, "Kiriman ini datang dari situs lain, jadi tidak kami terima. Buka halaman kami langsung lalu coba lagi.")
				})(w, r)
				return
			}
			rt.wrote(w, r)
		}
		rt.orRemember(w, r, route, own, h)
	})
}

// bounded gives the route its limits, and its place in what is logged.
func (rt *Router) bounded(route Route, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := rt.limits(w, r, route)
		defer cancel()
		ctx = obs.WithRoute(ctx, route.Pattern)
		if !route.Stream && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
			ctx = pg.WithOnce(ctx)
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// limits bounds body and time.
func (rt *Router) limits(w http.ResponseWriter, r *http.Request, route Route) (context.Context, context.CancelFunc) {
	limit, timeout := route.MaxBody, route.Timeout
	if limit == 0 {
		limit = DefaultBody
	}
	if timeout == 0 {
		timeout = DefaultTimeout
	}
	rc := http.NewResponseController(w)
	body := &timedBody{ReadCloser: http.MaxBytesReader(w, r.Body, limit), rc: rc}
	until := time.Now().Add(timeout)
	if r.Body == http.NoBody {
		until = time.Time{} // nothing is read, see timedBody
	}
	r.Body = body
	switch {
	case route.Stream:
		_ = rc.SetReadDeadline(until)
		_ = rc.SetWriteDeadline(time.Time{}) // each piece has its own
		ctx, cancel := context.WithCancel(r.Context())
		stop := context.AfterFunc(rt.o.Closing, cancel)
		return ctx, func() { stop(); cancel() }
	case route.Upload:
		// The handler's own time starts when the body is in; until then only
		// progress counts.
		body.stall = uploadStall
		_ = rc.SetWriteDeadline(time.Time{})
		return context.WithCancel(r.Context())
	default:
		_ = rc.SetReadDeadline(until)
		_ = rc.SetWriteDeadline(time.Now().Add(timeout + 30*time.Second))
		return context.WithTimeout(r.Context(), timeout)
	}
}

// admit loads the actor and holds it against the route's access.
func (rt *Router) admit(rp **http.Request, route Route, own *httprate.RateLimiter) error {
	r := *rp
	q := of(r.Context())
	if !route.Machine {
		if id := session.AccountID(r.Context()); id != 0 {
			actor, err := rt.o.LoadActor(r.Context(), id)
			switch {
			case err == nil:
				actor.SessionID = fmt.Sprint(session.ID(r.Context()))
				q.actor = actor
			case errs.KindOf(err) == errs.Unauthenticated:
				if err := session.SignOut(r.Context()); err != nil {
					return err
				}
			default:
				return err
			}
		}
	}
	r = r.WithContext(rt.uiContext(r))
	*rp = r
	if err := rt.tooFast(r, q.actor, own); err != nil {
		return err
	}
	a := q.actor
	switch route.Access.kind {
	case public, secret:
		return nil
	case signedIn:
		if !a.SignedIn() {
			return errs.New(errs.Unauthenticated, "")
		}
		return nil
	}
	if !a.SignedIn() {
		return errs.New(errs.Unauthenticated, "")
	}
	// What is not yours does not exist.
	if !a.IsStaff() || route.Access.kind == needs && !a.HasAny(route.Access.permissions...) {
		return errs.New(errs.NotFound, "")
	}
	if rt.o.RequireTOTP && a.NeedsTOTP {
		return &redirect{to: rt.o.EnrolPath}
	}
	if rt.o.Watch != nil && route.Method == http.MethodGet && a.UnderAssignment() {
		params, c := map[string]string{}, chi.RouteContext(r.Context())
		for i, key := range c.URLParams.Keys {
			params[key] = c.URLParams.Values[i]
		}
		return rt.o.Watch(r.Context(), a, route.Pattern, params)
	}
	return nil
}

func (rt *Router) uiContext(r *http.Request) context.Context {
	q := of(r.Context())
	return ui.WithContext(r.Context(), ui.Context{
		ActorName: q.actor.Name, SignedIn: q.actor.SignedIn(), Staff: q.actor.IsStaff(),
		Path: r.URL.Path, RequestID: RequestID(r.Context()), PortalName: rt.o.Name, Now: rt.o.Clock.Now(),
		Nav: rt.o.Nav, Footer: rt.o.Footer,
	})
}

func randomID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails: the runtime aborts without randomness
	return base64.RawURLEncoding.EncodeToString(b[:])
}
