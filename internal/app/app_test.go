package app_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/config"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

func TestAnswersCarryTheHeadersThatProtectThem(t *testing.T) {
	t.Parallel()
	plain, secure := apptest.New(t), apptest.New(t, apptest.WithConfig(func(c *config.Config) { c.BaseURL = "https://kota.example" }))
	p := plain.Client(t).Get("/tidak-ada").Want(404)
	csp := p.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "script-src 'self' 'nonce-"} {
		if !strings.Contains(csp, want) {
			t.Errorf("CSP lacks %s: %s", want, csp)
		}
	}
	if strings.Contains(csp, "unsafe") {
		t.Errorf("CSP is lax: %s", csp)
	}
	if p.Header.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS over http")
	}
	if p.Header.Get("Referrer-Policy") != "strict-origin-when-cross-origin" || p.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Error("referrer or sniffing policy missing")
	}
	if len(p.Header.Values("Set-Cookie")) != 0 {
		t.Error("a reader without an account got a cookie")
	}
	if secure.Client(t).Get("/tidak-ada").Header.Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS over https")
	}
}

func TestPostFromAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	req, _ := http.NewRequest(http.MethodPost, s.URL+"/keluar", strings.NewReader(url.Values{}.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	s.Client(t).Do(req).Want(403)
}

func TestWhereWeaknessesAreReported(t *testing.T) {
	t.Parallel()
	const path = "/.well-known/security.txt"
	apptest.New(t).Client(t).Get(path).Want(404)
	s := apptest.New(t, apptest.WithConfig(func(c *config.Config) { c.SecurityContact = "mailto:csirt@makassar.example" }))
	p := s.Client(t).Get(path).Want(200)
	expires := s.Clock.Now().AddDate(0, 0, 180).UTC().Format(time.RFC3339)
	if want := "Contact: mailto:csirt@makassar.example\nExpires: " + expires + "\nPreferred-Languages: id, en\nCanonical: " + s.App.Config.BaseURL + path + "\n"; p.Body != want {
		t.Errorf("it says\n%s\nwant\n%s", p.Body, want)
	}
}

func TestHealthTellsProcessFromDependencies(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	s.Client(t).Get("/healthz").Want(200)
	// Whoever asks and leaves is no reason to tell the next one no.
	gone, leave := context.WithCancel(t.Context())
	leave()
	s.App.Router.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(gone, http.MethodGet, "/readyz", nil))
	s.Client(t).Get("/readyz").Want(200)
}

// A route without an access cannot exist: Mount panics. What is left to show
// is that every route says what it is.
func TestEveryRouteNamesItsAccess(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	seen := map[string]bool{}
	for _, r := range s.App.Router.Routes() {
		key := r.Method + " " + r.Pattern
		if seen[key] {
			t.Errorf("%s is mounted twice", key)
		}
		seen[key] = true
		if r.Access.String() == "" {
			t.Errorf("%s has no access", key)
		}
		if strings.HasPrefix(r.Pattern, "/meja") && (r.Access.String() == "umum" || r.Access.String() == "tautan" || r.Access.String() == "akun") {
			t.Errorf("%s is for staff but open to %q", key, r.Access)
		}
	}
}

// A stream has no total time: the timeout of its route must not end it.
func TestStreamOutlivesTheTimeout(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	changed, n := make(chan struct{}), 0
	s.App.Router.Mount([]web.Route{{
		Method: http.MethodGet, Pattern: "/uji/siaran", Access: web.Public, Stream: true, Timeout: 100 * time.Millisecond,
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			return web.Events(w, r, changed, func(context.Context) (string, error) { n++; return strconv.Itoa(n), nil })
		},
	}})
	resp, err := http.Get(s.URL + "/uji/siaran")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	says := func(want string) {
		t.Helper()
		for lines.Scan() {
			if lines.Text() == want {
				return
			}
		}
		t.Fatalf("the stream ended before it said %q: %v", want, lines.Err())
	}
	says("data: 1")
	<-time.After(400 * time.Millisecond)
	select {
	case changed <- struct{}{}:
	case <-time.After(time.Minute):
		t.Fatal("nobody listens any more")
	}
	says("data: 2")
}
