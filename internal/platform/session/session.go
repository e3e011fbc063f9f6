package session

import (
	"context"
	"encoding/gob"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
)

// Lifetimes of a session: Idle since the last activity, Absolute since sign-in.
type Lifetimes struct{ Idle, Absolute time.Duration }

// The lifetimes that issue and policy ask for. Anonymous ones hold a flash message,
// a sign-up under way or a form kept over sign-in.
var (
	Staff     = Lifetimes{Idle: 30 * time.Minute, Absolute: 12 * time.Hour}
	Citizen   = Lifetimes{Idle: 7 * 24 * time.Hour, Absolute: 30 * 24 * time.Hour}
	Anonymous = Lifetimes{Idle: time.Hour, Absolute: 24 * time.Hour}
)

// touchEvery bounds how often activity alone costs a write.
const touchEvery = time.Minute

// Options say how a Manager speaks to browsers.
type Options struct {
	// Secure is set exactly when the portal's address is https. It picks the cookie's
	// name too: the __Host- prefix lets no sibling domain plant a session.
	Secure bool
	// OnError answers a request whose session could not be read or saved. Without it
	// a plain 503 is sent.
	OnError func(w http.ResponseWriter, r *http.Request, err error)
}

// Manager loads and saves sessions. Safe for concurrent use.
type Manager struct {
	scs     *scs.SessionManager
	pool    *pgxpool.Pool
	clock   clock.Clock
	box     *crypt.Box
	onError func(w http.ResponseWriter, r *http.Request, err error)
}

// New returns a Manager that keeps sessions in pool and seals kept forms with box.
func New(pool *pgxpool.Pool, box *crypt.Box, c clock.Clock, o Options) *Manager {
	m := &Manager{pool: pool, clock: c, box: box, onError: o.OnError}
	if m.onError == nil {
		m.onError = func(w http.ResponseWriter, r *http.Request, err error) {
			slog.ErrorContext(r.Context(), "session", "err", err)
			http.Error(w, "Layanan sedang terganggu. Coba lagi sebentar lagi.", http.StatusServiceUnavailable)
		}
	}
	m.scs = scs.New()
	m.scs.Store = &store{m}
	// scs only dates the cookie by this; the store decides by its own clock what has expired.
	m.scs.Lifetime = Citizen.Absolute
	m.scs.Cookie = scs.SessionCookie{
		Name: "sesi", Path: "/", HttpOnly: true, Secure: o.Secure, SameSite: http.SameSiteLaxMode,
		// A staff session ends with the browser; SignIn lets a citizen's last.
		Persist: false,
	}
	if o.Secure {
		m.scs.Cookie.Name = "__Host-sesi"
	}
	return m
}

// CookieName is the name of the session cookie: __Host-sesi on https, sesi otherwise.
func (m *Manager) CookieName() string { return m.scs.Cookie.Name }

// state travels in the request's context beside what scs keeps there.
type state struct {
	m         *Manager
	device    string
	id        int64 // of the row; 0 before the first save
	accountID int64 // 0 = nobody signed in
	former    int64 // whose session this browser's expired cookie was, if known
	life      Lifetimes
	createdAt time.Time
	seenAt    time.Time
	// fresh is set when the token was renewed, so that saving inserts a row. Otherwise
	// saving only updates: a session ended meanwhile must stay ended.
	fresh bool
}

type contextKey struct{}

func stateOf(ctx context.Context) *state {
	st, _ := ctx.Value(contextKey{}).(*state)
	return st
}

func mustState(ctx context.Context) *state {
	st := stateOf(ctx)
	if st == nil {
		panic("session: used outside Manager.LoadAndSave")
	}
	return st
}

// LoadAndSave is the middleware that makes the package's functions work. It saves what
// changed just before the first byte of the answer; if that fails, the browser gets the
// error page instead of the handler's answer.
func (m *Manager) LoadAndSave(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie")
		token := ""
		if c, err := r.Cookie(m.scs.Cookie.Name); err == nil {
			token = c.Value
		}
		st := &state{m: m, device: Device(r.UserAgent())}
		ctx := context.WithValue(r.Context(), contextKey{}, st)
		ctx, err := m.scs.Load(ctx, token)
		if err != nil {
			m.onError(w, r, err)
			return
		}
		if err := st.touch(ctx); err != nil {
			m.onError(w, r, err)
			return
		}
		r = r.WithContext(ctx)
		sw := &writer{ResponseWriter: w, r: r, m: m}
		next.ServeHTTP(sw, r)
		sw.save()
	})
}

// touch notes activity, at most once a minute.
func (st *state) touch(ctx context.Context) error {
	now := st.m.clock.Now()
	if st.id == 0 || now.Sub(st.seenAt) < touchEvery {
		return nil
	}
	return touch(ctx, st.m.pool, st.id, now)
}

// AccountID returns who is signed in, 0 for nobody.
func AccountID(ctx context.Context) int64 {
	if st := stateOf(ctx); st != nil {
		return st.accountID
	}
	return 0
}

// ID returns the number of this browser's session row, 0 when there is none yet. It is
// not secret: it names the session in lists and in the audit trail.
func ID(ctx context.Context) int64 {
	if st := stateOf(ctx); st != nil {
		return st.id
	}
	return 0
}

// SignIn makes this browser's session accountID's, under a new token. What the
// anonymous session held (a flash, a kept form) is carried over.
func SignIn(ctx context.Context, accountID int64, life Lifetimes) error {
	if err := Renew(ctx); err != nil {
		return err
	}
	st := mustState(ctx)
	now := st.m.clock.Now()
	st.accountID, st.life, st.createdAt, st.seenAt = accountID, life, now, now
	st.m.scs.RememberMe(ctx, life.Absolute > 24*time.Hour)
	return nil
}

// Renew gives this browser's session a new token; whoever knew the old one holds nothing.
func Renew(ctx context.Context) error {
	st := mustState(ctx)
	if err := st.m.scs.RenewToken(ctx); err != nil {
		return err
	}
	st.id, st.fresh = 0, true
	return nil
}

// SignOut ends this browser's session; the row is gone when it returns.
func SignOut(ctx context.Context) error {
	st := mustState(ctx)
	if err := st.m.scs.Destroy(ctx); err != nil {
		return err
	}
	st.forget()
	return nil
}

func (st *state) forget() {
	st.id, st.accountID, st.former, st.fresh = 0, 0, 0, false
	st.life, st.createdAt, st.seenAt = Lifetimes{}, time.Time{}, time.Time{}
}

// Times are kept as they are; gob knows the other types of Put by itself.
func init() { gob.Register(time.Time{}) }

// Put remembers a string, bool, int, int64, []byte or time.Time under key.
func Put(ctx context.Context, key string, value any) {
	mustState(ctx).m.scs.Put(ctx, key, value)
}

// Get returns what Put remembered, nil for nothing.
func Get(ctx context.Context, key string) any {
	st := stateOf(ctx)
	if st == nil {
		return nil
	}
	return st.m.scs.Get(ctx, key)
}

// GetString returns the string under key, "" for nothing.
func GetString(ctx context.Context, key string) string {
	s, _ := Get(ctx, key).(string)
	return s
}

// GetInt64 returns the int64 under key, 0 for nothing.
func GetInt64(ctx context.Context, key string) int64 {
	n, _ := Get(ctx, key).(int64)
	return n
}

// Pop returns what Put remembered and forgets it. An anonymous session that holds
// nothing any more is deleted, cookie included.
func Pop(ctx context.Context, key string) any {
	st := stateOf(ctx)
	if st == nil {
		return nil
	}
	v := st.m.scs.Pop(ctx, key)
	if v != nil {
		st.dropIfEmpty(ctx)
	}
	return v
}

// PopString is Pop for strings, "" for nothing.
func PopString(ctx context.Context, key string) string {
	s, _ := Pop(ctx, key).(string)
	return s
}

// Remove forgets key.
func Remove(ctx context.Context, key string) { Pop(ctx, key) }

func (st *state) dropIfEmpty(ctx context.Context) {
	if st.accountID != 0 || len(st.m.scs.Keys(ctx)) > 0 {
		return
	}
	if err := st.m.scs.Destroy(ctx); err != nil {
		// An empty row outlives its use by an hour; nothing else is lost.
		slog.WarnContext(ctx, "session: drop empty", "err", err)
		return
	}
	st.forget()
}

// StillValid tells a long-lived stream whether the session it began under still
// stands. It does not count as activity.
func StillValid(ctx context.Context) (bool, error) {
	st := mustState(ctx)
	if st.id == 0 {
		return st.accountID == 0, nil
	}
	return exists(ctx, st.m.pool, st.id, st.m.clock.Now())
}

// Device names browser and system coarsely ("Chrome di Android"), enough to recognise
// one's own sessions and too little to tell people apart.
func Device(userAgent string) string {
	browser := first(userAgent, "Peramban lain",
		[2]string{"Edg", "Edge"}, [2]string{"OPR/", "Opera"}, [2]string{"SamsungBrowser", "Samsung Internet"},
		[2]string{"UCBrowser", "UC Browser"}, [2]string{"Firefox/", "Firefox"}, [2]string{"FxiOS", "Firefox"},
		[2]string{"Chrome/", "Chrome"}, [2]string{"CriOS", "Chrome"}, [2]string{"Safari/", "Safari"})
	system := first(userAgent, "",
		[2]string{"Android", "Android"}, [2]string{"iPhone", "iPhone"}, [2]string{"iPad", "iPad"},
		[2]string{"Windows", "Windows"}, [2]string{"CrOS", "ChromeOS"}, [2]string{"Macintosh", "Mac"},
		[2]string{"Linux", "Linux"})
	if system == "" {
		return browser
	}
	return browser + " di " + system
}

func first(s, otherwise string, marks ...[2]string) string {
	for _, m := range marks {
		if strings.Contains(s, m[0]) {
			return m[1]
		}
	}
	return otherwise
}
