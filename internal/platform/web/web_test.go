package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/platform/session"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

var (
	start   = time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar)
	permOne = authz.Register("ujiweb.satu", "Uji")
	permTwo = authz.Register("ujiweb.dua", "Uji")
)

// site is a router with a few routes, over real sessions.
type site struct {
	*testing.T
	*httptest.Server
	db     *pgtest.DB
	clock  *clock.Fake
	actors map[int64]authz.Actor
}

func ok(w http.ResponseWriter, r *http.Request) error {
	_, err := fmt.Fprint(w, "ok ", web.AddrOf(r.Context()))
	return err
}

func newSite(t *testing.T, routes ...web.Route) *site {
	t.Helper()
	t.Parallel()
	s := &site{T: t, db: pgtest.New(t), clock: clock.NewFake(start), actors: map[int64]authz.Actor{}}
	box, err := crypt.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	rt := web.New(web.Options{
		Name: "Uji", Sessions: session.New(s.db.Pool, box, s.clock, session.Options{OnError: web.SessionError}), Clock: s.clock,
		Remember: time.Hour, Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}, RequireTOTP: true, EnrolPath: "/daftar-kode",
		LoadActor: func(_ context.Context, id int64) (authz.Actor, error) {
			if a, ok := s.actors[id]; ok {
				return a, nil
			}
			return authz.Actor{}, errs.New(errs.Unauthenticated, "")
		},
	})
	rt.Mount(append(routes,
		web.Route{Method: http.MethodGet, Pattern: "/masuk", Access: web.Public, Handle: ok},
		web.Route{Method: http.MethodGet, Pattern: "/uji/masuk/{id}", Access: web.Public, Handle: func(w http.ResponseWriter, r *http.Request) error {
			id, err := web.PathInt(r, "id")
			if err != nil {
				return err
			}
			return session.SignIn(r.Context(), id, session.Staff)
		}},
	))
	s.Server = httptest.NewServer(rt)
	t.Cleanup(s.Close)
	return s
}

// as is a browser signed in as the actor.
func (s *site) as(a authz.Actor) *http.Client {
	s.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.Fatal(err)
	}
	c := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if a.Kind != "" {
		id, err := pg.Scalar[int64](s.Context(), s.db.Owner(), `INSERT INTO authn_account (kind, name, email, created_at) VALUES ('pegawai', 'Uji', 'uji' || (SELECT count(*) FROM authn_account) || '@contoh.id', now()) RETURNING id`)
		if err != nil {
			s.Fatal(err)
		}
		a.AccountID = id
		s.actors[id] = a
		s.get(c, fmt.Sprintf("/uji/masuk/%d", id))
	}
	return c
}

func (s *site) get(c *http.Client, path string) (status int, to, body string) {
	s.Helper()
	req, err := http.NewRequest(http.MethodGet, s.URL+path, nil)
	if err != nil {
		s.Fatal(err)
	}
	return s.do(c, req)
}

func (s *site) do(c *http.Client, req *http.Request) (status int, to, body string) {
	s.Helper()
	res, err := c.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer res.Body.Close()
	var b strings.Builder
	if err := res.Write(&b); err != nil {
		s.Fatal(err)
	}
	return res.StatusCode, res.Header.Get("Location"), b.String()
}

func TestWhoMayOpenWhat(t *testing.T) {
	route := func(path string, a web.Access) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: path, Access: a, Handle: ok}
	}
	s := newSite(t, route("/umum", web.Public), route("/tautan", web.Secret), route("/akun", web.SignedIn), route("/meja", web.StaffOnly), route("/meja/satu", web.Needs(permOne, permTwo)))
	staff := func(ps ...authz.Permission) authz.Actor {
		a := authz.Actor{Kind: authz.Staff}
		for _, p := range ps {
			a.Grants = append(a.Grants, authz.Grant{Permission: p, UnitID: 1})
		}
		return a
	}
	newcomer := staff(permOne)
	newcomer.NeedsTOTP = true
	paths := []string{"/umum", "/tautan", "/akun", "/meja", "/meja/satu"}
	for name, tc := range map[string]struct {
		who  authz.Actor
		want [5]int
	}{
		"stranger":          {authz.Actor{}, [5]int{200, 200, 303, 303, 303}},
		"citizen":           {authz.Actor{Kind: authz.Citizen}, [5]int{200, 200, 200, 404, 404}},
		"staff":             {staff(), [5]int{200, 200, 200, 200, 404}},
		"one":               {staff(permOne), [5]int{200, 200, 200, 200, 200}},
		"two":               {staff(permTwo), [5]int{200, 200, 200, 200, 200}},
		"no second factor":  {newcomer, [5]int{200, 200, 200, 303, 303}},
		"citizen with role": {authz.Actor{Kind: authz.Citizen, Grants: staff(permOne).Grants}, [5]int{200, 200, 200, 404, 404}},
	} {
		c := s.as(tc.who)
		for i, path := range paths {
			status, to, _ := s.get(c, path)
			if status != tc.want[i] {
				t.Errorf("%s at %s: %d, want %d", name, path, status, tc.want[i])
			}
			want := "/masuk?lanjut=" + url.QueryEscape(path)
			if name == "no second factor" {
				want = "/daftar-kode"
			}
			if status == 303 && to != want {
				t.Errorf("%s at %s was led to %s", name, path, to)
			}
		}
	}
}

func TestARouteWithoutAccessCannotExist(t *testing.T) {
	t.Parallel()
	for _, r := range []web.Route{
		{Method: http.MethodGet, Pattern: "/", Handle: ok}, {Method: http.MethodGet, Pattern: "/", Access: web.Public},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v was mounted", r)
				}
			}()
			web.New(web.Options{Sessions: &session.Manager{}}).Mount([]web.Route{r})
		}()
	}
}

func TestEveryKindOfFailureHasItsPage(t *testing.T) {
	var fail error
	s := newSite(t,
		web.Route{Method: http.MethodGet, Pattern: "/gagal", Access: web.Public, Handle: func(http.ResponseWriter, *http.Request) error { return fail }},
		web.Route{Method: http.MethodGet, Pattern: "/panik", Access: web.Public, Handle: func(http.ResponseWriter, *http.Request) error { panic("rahasia dalam") }},
		web.Route{Method: http.MethodGet, Pattern: "/separuh", Access: web.Public, Handle: func(w http.ResponseWriter, r *http.Request) error {
			return web.Render(w, r, 200, templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
				_, _ = w.Write([]byte("separuh halaman"))
				return errors.New("rahasia dalam")
			}))
		}},
	)
	c := s.as(authz.Actor{})
	for _, tc := range []struct {
		err  error
		want int
	}{
		{errors.New("rahasia dalam"), 500}, {errs.New(errs.BadRequest, "Kalimat kami."), 400}, {errs.New(errs.Forbidden, "Kalimat kami."), 403},
		{errs.Wrap(errs.NotFound, errors.New("rahasia dalam"), ""), 404}, {errs.New(errs.Conflict, "Kalimat kami."), 409}, {errs.New(errs.Gone, "Kalimat kami."), 410},
		{errs.New(errs.TooLarge, ""), 413}, {errs.New(errs.Unsupported, ""), 415}, {errs.Invalid(errs.Field{Name: "a", Message: "Kalimat kami."}), 422},
		{errs.TooFast(time.Minute, "Kalimat kami."), 429}, {errs.Wrap(errs.Unavailable, errors.New("rahasia dalam"), ""), 503},
	} {
		fail = tc.err
		status, _, body := s.get(c, "/gagal")
		if status != tc.want || strings.Contains(body, "rahasia dalam") {
			t.Errorf("%v: %d\n%s", tc.err, status, body)
		}
		if strings.Contains(tc.err.Error(), "Kalimat kami.") && !strings.Contains(body, "Kalimat kami.") {
			t.Errorf("%v: the page does not say why", tc.err)
		}
		if (status == 429 || status == 503) && !strings.Contains(body, "Retry-After") {
			t.Errorf("%d does not say when to come back", status)
		}
	}
	for _, path := range []string{"/panik", "/separuh"} {
		if status, _, body := s.get(c, path); status != 500 || strings.Contains(body, "rahasia") || strings.Contains(body, "separuh halaman") {
			t.Errorf("%s: %d\n%s", path, status, body)
		}
	}
	if status, _, _ := s.get(c, "/tiada"); status != 404 {
		t.Errorf("an unknown path: %d", status)
	}
	req, _ := http.NewRequest(http.MethodDelete, s.URL+"/gagal", nil)
	if status, _, _ := s.do(c, req); status != 405 {
		t.Errorf("an unknown method: %d", status)
	}
}

func TestOnlyTrustedProxiesSayWhereAVisitorIs(t *testing.T) {
	s := newSite(t, web.Route{Method: http.MethodGet, Pattern: "/alamat", Access: web.Public, Handle: ok})
	c := s.as(authz.Actor{})
	for forwarded, want := range map[string]string{
		"": "127.0.0.1", "203.0.113.7": "203.0.113.7", "198.51.100.1, 203.0.113.7": "203.0.113.7",
		"203.0.113.7, 10.1.2.3": "203.0.113.7", "rubbish": "127.0.0.1", "203.0.113.7, rubbish": "127.0.0.1", "::ffff:203.0.113.7": "203.0.113.7",
	} {
		req, err := http.NewRequest(http.MethodGet, s.URL+"/alamat", nil)
		if err != nil {
			t.Fatal(err)
		}
		if forwarded != "" {
			req.Header.Set("X-Forwarded-For", forwarded)
		}
		if _, _, body := s.do(c, req); !strings.Contains(body, "ok "+want) {
			t.Errorf("%q: %s, want %s", forwarded, body, want)
		}
	}
}

func TestRedirectsStayInThePortal(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{
		"/akun": "/akun", "/mtr?q=a&b=c#d": "/mtr?q=a&b=c#d", "": "/", "akun": "/", "//jahat.example": "/", "/\\jahat.example": "/",
		"https://jahat.example": "/", "/a\r\nSet-Cookie: x": "/", "javascript:alert(1)": "/", "/\t/jahat.example": "/",
	} {
		if got := web.Local(to); got != want {
			t.Errorf("%q leads to %q, want %q", to, got, want)
		}
	}
}

func TestCursorsSurviveRubbish(t *testing.T) {
	t.Parallel()
	type place struct {
		ID int64
		At time.Time
	}
	in, out := place{7, start}, place{}
	if err := web.DecodeCursor(web.EncodeCursor(in), &out); err != nil || out.ID != in.ID || !out.At.Equal(in.At) {
		t.Errorf("%+v, %v", out, err)
	}
	if err := web.DecodeCursor("", &out); err != nil {
		t.Errorf("no cursor: %v", err)
	}
	for _, bad := range []string{"x", "!", "AAAA", strings.Repeat("A", 100_000)} {
		if err := web.DecodeCursor(bad, &out); errs.KindOf(err) != errs.BadRequest {
			t.Errorf("%.10q: %v", bad, err)
		}
	}
}

func TestAFormIsKeptForSigningInOnlyIfItIsOne(t *testing.T) {
	s := newSite(t, web.Route{Method: http.MethodPost, Pattern: "/kirim", Access: web.SignedIn, Handle: ok, MaxBody: 1000})
	post := func(kind, body string) (status int, to string) {
		t.Helper()
		req, err := http.NewRequest(http.MethodPost, s.URL+"/kirim?ke=1", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", kind)
		status, to, _ = s.do(s.as(authz.Actor{}), req)
		return status, to
	}
	const form, parts = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
	kept, lost := "/masuk?lanjut="+url.QueryEscape("/lanjutkan"), "/masuk?lanjut="+url.QueryEscape("/")
	for _, tc := range []struct {
		kind, body, to string
		status         int
	}{
		{form, "a=b", kept, 303}, {form, "", kept, 303}, {parts, "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--b--\r\n", kept, 303},
		{"application/json", "{}", lost, 303}, {"", "x", lost, 303},
		{form, "a=" + strings.Repeat("b", 2000), "", 413}, {form, "a=%zz", "", 400}, {parts, "--b\r\nrubbish", "", 400},
	} {
		if status, to := post(tc.kind, tc.body); status != tc.status || to != tc.to {
			t.Errorf("%s %.20q: %d to %q, want %d to %q", tc.kind, tc.body, status, to, tc.status, tc.to)
		}
	}
}

// A file too large for memory goes to disk, and nobody finds it there once its request has
// ended, however it ended.
func TestUploadsLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func() error{
		"served": func() error { return nil }, "refused": func() error { return errs.New(errs.Conflict, "Tidak.") }, "panicked": func() error { panic("uji") },
	} {
		var path string
		rt := web.New(web.Options{Clock: clock.NewFake(start)})
		rt.Mount([]web.Route{{Method: http.MethodPost, Pattern: "/unggah", Access: web.Public, Machine: true, MaxBody: 4 << 20, Upload: true, Handle: func(_ http.ResponseWriter, r *http.Request) error {
			f, err := form.Read(r)
			if err != nil {
				return err
			}
			file, err := f.Files("berkas")[0].Open()
			if err != nil {
				return err
			}
			defer file.Close()
			path = file.(*os.File).Name()
			return end()
		}}})
		srv := httptest.NewServer(rt)
		var body bytes.Buffer
		parts := multipart.NewWriter(&body)
		part, err := parts.CreateFormFile("berkas", "foto.jpg")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(make([]byte, 2<<20)) // into memory
		_ = parts.Close()
		res, err := http.Post(srv.URL+"/unggah", parts.FormDataContentType(), &body)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		srv.Close() // waits for the request to end
		if _, err := os.Stat(path); path == "" || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the file %q is still there: %v", name, path, err)
		}
	}
}

// A customer may take a new IPv6 address for every request, but not a new network.
func TestFloodsFromOneNetworkAreOneFlood(t *testing.T) {
	t.Parallel()
	rt := web.New(web.Options{Clock: clock.NewFake(start), Limited: true})
	rt.Mount([]web.Route{{Method: http.MethodPost, Pattern: "/kirim", Access: web.Public, Machine: true, Handle: ok}})
	from := func(addr string) int {
		r, w := httptest.NewRequest(http.MethodPost, "/kirim", nil), httptest.NewRecorder()
		r.RemoteAddr = "[" + addr + "]:1234"
		rt.ServeHTTP(w, r)
		return w.Code
	}
	last := 0
	for i := range 3000 { // the limit holds for a minute by the machine's clock
		if last = from(fmt.Sprintf("2001:db8:7:7::%x", i)); last == http.StatusTooManyRequests {
			break
		}
	}
	if last != http.StatusTooManyRequests || from("2001:db8:7:8::1") != http.StatusOK {
		t.Errorf("the flood ended with %d", last)
	}
}

// A network keeps so many streams open and no more; where one ends another may begin, and
// other networks and pages do not notice.
func TestStreamsOfOneNetworkAreCounted(t *testing.T) {
	t.Parallel()
	const most = 1000
	rt := web.New(web.Options{Clock: clock.NewFake(start), Limited: true})
	began, end := make(chan struct{}), make(chan struct{})
	rt.Mount([]web.Route{
		{Method: http.MethodGet, Pattern: "/siaran", Access: web.Public, Machine: true, Stream: true, Handle: func(http.ResponseWriter, *http.Request) error {
			began <- struct{}{}
			<-end
			return nil
		}},
		{Method: http.MethodGet, Pattern: "/halaman", Access: web.Public, Machine: true, Handle: ok},
	})
	from := func(addr, path string) int {
		r, w := httptest.NewRequest(http.MethodGet, path, nil), httptest.NewRecorder()
		r.RemoteAddr = addr + ":1234"
		rt.ServeHTTP(w, r)
		return w.Code
	}
	var open sync.WaitGroup
	ended := make(chan struct{}, most+2)
	stream := func(addr string) {
		open.Go(func() {
			if status := from(addr, "/siaran"); status != http.StatusOK {
				t.Errorf("a stream is refused with %d", status)
			}
			ended <- struct{}{}
		})
		<-began
	}
	for range most {
		stream("192.0.2.7")
	}
	if status := from("192.0.2.7", "/siaran"); status != http.StatusTooManyRequests {
		t.Errorf("one stream too many: %d", status)
	}
	if status := from("192.0.2.7", "/halaman"); status != http.StatusOK {
		t.Errorf("a page beside them: %d", status)
	}
	end <- struct{}{}
	<-ended
	stream("192.0.2.7")
	stream("192.0.2.8")
	close(end)
	open.Wait()
}

// A request that took all its time says so, and those that follow on its connection are served.
func TestAConnectionOutlivesARequestThatTookTooLong(t *testing.T) {
	const timeout = 200 * time.Millisecond
	hang := func(_ http.ResponseWriter, r *http.Request) error {
		if err := r.ParseForm(); err != nil {
			return err
		}
		select {
		case <-r.Context().Done():
			<-time.After(timeout) // until the server has noticed what it may notice
			return r.Context().Err()
		case <-time.After(time.Minute):
			return errors.New("it had no end")
		}
	}
	alive := func(w http.ResponseWriter, r *http.Request) error {
		<-time.After(2 * timeout) // longer than the next one may take to be taken for gone
		if err := r.Context().Err(); err != nil {
			return err
		}
		return ok(w, r)
	}
	s := newSite(t,
		web.Route{Method: http.MethodGet, Pattern: "/lama", Access: web.Public, Handle: hang, Timeout: timeout},
		web.Route{Method: http.MethodPost, Pattern: "/lama", Access: web.Public, Handle: hang, Timeout: timeout},
		web.Route{Method: http.MethodGet, Pattern: "/hidup", Access: web.Public, Handle: alive},
	)
	var from sync.Map // the connections that were used
	c := s.Client()
	get := func(method, path string, want int) {
		t.Helper()
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) { from.Store(i.Conn.LocalAddr().String(), true) }})
		req, err := http.NewRequestWithContext(ctx, method, s.URL+path, strings.NewReader("a=b"))
		if err != nil {
			t.Fatal(err)
		}
		if method == http.MethodGet {
			req.Body, req.ContentLength = nil, 0
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if status, _, _ := s.do(c, req); status != want {
			t.Errorf("%s %s: %d, want %d", method, path, status, want)
		}
	}
	for range 2 {
		get(http.MethodGet, "/lama", http.StatusServiceUnavailable)
		get(http.MethodGet, "/hidup", http.StatusOK)
		get(http.MethodPost, "/lama", http.StatusServiceUnavailable)
		get(http.MethodGet, "/hidup", http.StatusOK)
	}
	used := 0
	from.Range(func(any, any) bool { used++; return true })
	if used != 1 {
		t.Errorf("%d connections were used: nothing is shown", used)
	}
}
