package tiles_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal/web/tiles"
)

// here is a tile of the city's middle.
const here = "/ubin/13/6813/4213"

var start = time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar)

// maker is a tile server, and the portal before it.
type maker struct {
	*testing.T
	clock  *clock.Fake
	dir    string
	router *web.Router
	answer atomic.Pointer[http.HandlerFunc]
	mu     sync.Mutex
	asked  []*http.Request
}

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 256, 256))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func newMaker(t *testing.T, most int64) *maker {
	t.Helper()
	t.Parallel()
	m := &maker{T: t, clock: clock.NewFake(start), dir: filepath.Join(t.TempDir(), "ubin")}
	tile := picture(t)
	m.answers(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(tile) })
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		m.asked = append(m.asked, r.Clone(r.Context()))
		m.mu.Unlock()
		(*m.answer.Load())(w, r)
	}))
	t.Cleanup(server.Close)
	p := tiles.New(tiles.Options{
		Upstream: server.URL + "/{s}/{z}/{x}/{y}{r}.png?kunci=abc", Dir: m.dir, Agent: "Uji/1 (+https://uji.example)", MaxBytes: most, Clock: m.clock,
		Patience: 500 * time.Millisecond,
	})
	m.router = web.New(web.Options{Clock: m.clock})
	m.router.Mount(p.Routes())
	return m
}

func (m *maker) answers(f http.HandlerFunc) { m.answer.Store(&f) }

func (m *maker) get(path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	m.router.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func (m *maker) want(path string, status int) *httptest.ResponseRecorder {
	m.Helper()
	w := m.get(path)
	if w.Code != status {
		m.Fatalf("%s: %d, want %d", path, w.Code, status)
	}
	if status != http.StatusOK && w.Body.Len() > 0 && strings.Contains(w.Body.String(), "kunci") {
		m.Errorf("%s tells where tiles come from: %s", path, w.Body)
	}
	return w
}

func (m *maker) times() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.asked)
}

// A tile is fetched once for all who want it, says nothing of them, and is kept for a week.
func TestTilesAreFetchedForEverybodyAndKept(t *testing.T) {
	m := newMaker(t, 1<<20)
	tile, slow := picture(t), make(chan struct{})
	m.answers(func(w http.ResponseWriter, _ *http.Request) {
		<-slow
		_, _ = w.Write(tile)
	})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			r := httptest.NewRequest(http.MethodGet, here, nil)
			r.Header.Set("Cookie", "sesi=rahasia")
			r.Header.Set("X-Forwarded-For", "203.0.113.5")
			r.Header.Set("Referer", "https://uji.example/mtr/laporan/MTR-26-000001")
			r.Header.Set("User-Agent", "Mozilla/5.0")
			w := httptest.NewRecorder()
			m.router.ServeHTTP(w, r)
			if w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), tile) || w.Header().Get("Content-Type") != "image/png" {
				t.Errorf("%d, %s, %d bytes", w.Code, w.Header().Get("Content-Type"), w.Body.Len())
			}
			if c := w.Header().Get("Cache-Control"); c != "public, max-age=604800" {
				t.Errorf("browsers keep it %s", c)
			}
		})
	}
	close(slow)
	all.Wait()
	m.clock.Advance(6 * 24 * time.Hour)
	m.want(here, http.StatusOK)
	if n := m.times(); n != 1 {
		t.Fatalf("the server was asked %d times for one tile", n)
	}
	r := m.asked[0]
	said := fmt.Sprint(r.Header)
	if r.URL.Path != "/b/13/6813/4213.png" || r.Header.Get("User-Agent") != "Uji/1 (+https://uji.example)" {
		t.Errorf("%s by %s", r.URL.Path, r.Header.Get("User-Agent"))
	}
	for _, secret := range []string{"rahasia", "203.0.113.5", "MTR-26", "Mozilla"} {
		if strings.Contains(said, secret) {
			t.Errorf("the server hears of %s: %s", secret, said)
		}
	}
	// After a week it is shown as it was and fetched anew.
	m.clock.Advance(2 * 24 * time.Hour)
	if c := m.want(here, http.StatusOK).Header().Get("Cache-Control"); c != "public, max-age=3600" {
		t.Errorf("browsers keep an old one %s", c)
	}
	m.soon(func() bool {
		return m.want(here, http.StatusOK).Header().Get("Cache-Control") == "public, max-age=604800"
	})
	if n := m.times(); n != 2 {
		t.Errorf("it was fetched %d times", n)
	}
}

func (m *maker) soon(holds func() bool) {
	m.Helper()
	end, tick := time.After(10*time.Second), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-end:
			m.Fatal("it did not come true in time")
		case <-tick.C:
		}
	}
}

// Only tiles of the city are fetched, and nothing else can be put into the address.
func TestOnlyTilesOfTheCityAreFetched(t *testing.T) {
	m := newMaker(t, 1<<20)
	for _, path := range []string{
		"/ubin/13/1/1", "/ubin/13/4213/6813", "/ubin/19/0/0", "/ubin/20/872000/539000", "/ubin/-1/0/0", "/ubin/0/1/0", "/ubin/13/06813/4213", "/ubin/13/+6813/4213",
		"/ubin/13/6813/4213.png", "/ubin/13/6813/..%2F..%2Fetc", "/ubin/13/6813/4213%3Fx=1", "/ubin/13/6813/4213%0d%0aHost:x", "/ubin/99999999999999999999/1/1", "/ubin/13/6813/4213/1",
	} {
		m.want(path, http.StatusNotFound)
	}
	if m.times() != 0 {
		t.Errorf("the server was asked for %s", m.asked[0].URL)
	}
	for _, path := range []string{"/ubin/0/0/0", "/ubin/5/26/16", "/ubin/12/3406/2106", "/ubin/19/436064/269671"} {
		m.want(path, http.StatusOK)
	}
	off := web.New(web.Options{Clock: m.clock})
	off.Mount(tiles.New(tiles.Options{Clock: m.clock}).Routes())
	w := httptest.NewRecorder()
	off.ServeHTTP(w, httptest.NewRequest(http.MethodGet, here, nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("without a server: %d", w.Code)
	}
}

// A server that is slow, gone or sends something else costs little and is left alone; what is
// kept is shown all the same.
func TestAServerThatFailsIsLeftAlone(t *testing.T) {
	m := newMaker(t, 1<<20)
	m.want("/ubin/12/3406/2106", http.StatusOK)
	gone := make(chan struct{})
	t.Cleanup(func() { close(gone) })
	for name, answer := range map[string]struct {
		handle http.HandlerFunc
		rests  bool
	}{
		"an error": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, true},
		"too many": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }, true},
		"silence":  {func(http.ResponseWriter, *http.Request) { <-gone }, true},
		"half a tile": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "\x89PNG\r\n\x1a\n")
			w.(http.Flusher).Flush()
			<-gone
		}, true},
		"nothing": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, true},
		"a page": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			_, _ = io.WriteString(w, "<html><script>alert(1)</script>")
		}, false},
		"a drawing": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `<svg xmlns="http://www.w3.org/2000/svg"/>`)
		}, false},
		"a huge one": {func(w http.ResponseWriter, _ *http.Request) { huge(w) }, false},
		"the way to some": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
		}, false},
	} {
		m.answers(answer.handle)
		w := m.want(here, http.StatusServiceUnavailable)
		before := m.times() // net/http may have asked twice, when a kept connection broke
		if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: %v", name, w.Header())
		}
		m.want(here, http.StatusServiceUnavailable)
		if again := m.times() - before; (again == 0) != answer.rests {
			t.Errorf("%s: the server was asked %d times more", name, again)
		}
		m.want("/ubin/12/3406/2106", http.StatusOK)
		m.clock.Advance(time.Minute)
	}
	m.answers(http.NotFound)
	before := m.times()
	m.want(here, http.StatusNotFound)
	m.want(here, http.StatusNotFound)
	if n := m.times() - before; n != 1 {
		t.Errorf("a tile that is not there is asked for %d times", n)
	}
}

func huge(w http.ResponseWriter) {
	_, _ = io.WriteString(w, "\x89PNG\r\n\x1a\n")
	for range 64 {
		if _, err := w.Write(make([]byte, 1<<20)); err != nil {
			return
		}
	}
}

// What is kept has an end: the oldest goes.
func TestTheOldestTilesGo(t *testing.T) {
	const each, most = 10_000, 100_000
	m := newMaker(t, most)
	tile := append(picture(t), make([]byte, each)...)
	m.answers(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(tile) })
	for i := range 25 {
		m.want(fmt.Sprintf("/ubin/17/%d/67410", 109010+i), http.StatusOK)
		m.clock.Advance(time.Minute)
	}
	size := int64(0)
	_ = filepath.WalkDir(m.dir, func(_ string, d fs.DirEntry, _ error) error {
		if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
			size += info.Size()
		}
		return nil
	})
	if size > most || size < most/2 {
		t.Errorf("%d bytes are kept", size)
	}
	asked := m.times()
	m.want("/ubin/17/109034/67410", http.StatusOK)
	m.want("/ubin/17/109010/67410", http.StatusOK)
	if n := m.times() - asked; n != 1 {
		t.Errorf("%d of the newest and the oldest were fetched anew", n)
	}
}
