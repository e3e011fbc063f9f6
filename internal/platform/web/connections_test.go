package web_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// house is a server with a limit of connections. /lama answers once end is closed.
type house struct {
	*testing.T
	addr  string
	began chan struct{}
	end   chan struct{}
}

func newHouse(t *testing.T, k *web.Connections) *house {
	t.Helper()
	t.Parallel()
	h := &house{T: t, began: make(chan struct{}, 1000), end: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	mux.HandleFunc("/lama", func(w http.ResponseWriter, _ *http.Request) {
		h.began <- struct{}{}
		<-h.end
		fmt.Fprint(w, "selesai")
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.addr = l.Addr().String()
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- k.Serve(server, l) }()
	t.Cleanup(func() {
		_ = server.Close()
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return h
}

// dial opens a connection from an address of loopback and says something on it.
func (h *house) dial(from, say string) net.Conn {
	h.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	c, err := d.DialContext(h.Context(), "tcp", h.addr)
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(c, say); err != nil {
		h.Fatal(err)
	}
	return c
}

func ask(path string) string { return "GET " + path + " HTTP/1.1\r\nHost: uji\r\n\r\n" }

// answer reads an answer; nil: the connection was closed without one.
func (h *house) answer(c net.Conn) *http.Response {
	h.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		var timeout net.Error
		if errors.As(err, &timeout) && timeout.Timeout() {
			h.Fatal("neither an answer nor an end")
		}
		return nil
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		h.Fatal(err)
	}
	resp.Body = io.NopCloser(strings.NewReader(string(body)))
	return resp
}

func status(resp *http.Response) int {
	if resp == nil {
		return 0
	}
	return resp.StatusCode
}

// A portal that is full says so at once, still tells that it is healthy, and finishes what is under way.
func TestAFullPortalSaysSo(t *testing.T) {
	const most = 6
	h := newHouse(t, &web.Connections{Most: most, Always: []string{"/healthz"}})
	var running []net.Conn
	for range most {
		running = append(running, h.dial("127.0.0.1", ask("/lama")))
		<-h.began
	}
	for range 3 {
		full := h.answer(h.dial("127.0.0.1", ask("/")))
		if status(full) != http.StatusServiceUnavailable || full.Header.Get("Retry-After") == "" || !full.Close {
			t.Errorf("one too many is answered %v", full)
		}
		if got := status(h.answer(h.dial("127.0.0.1", ask("/healthz")))); got != http.StatusOK {
			t.Errorf("the health check of a full portal: %d", got)
		}
	}
	// Beyond those who are told, connections end; not even silence keeps health checks out.
	for range 64 {
		h.dial("127.0.0.1", "")
	}
	ended := h.dial("127.0.0.1", "")
	if _, err := ended.Read(make([]byte, 1)); !errors.Is(err, io.EOF) && !strings.Contains(fmt.Sprint(err), "reset") {
		t.Errorf("a connection beyond all is not ended: %v", err)
	}
	soon(t, 3*time.Second, func() bool { return status(h.try(ask("/healthz"))) == http.StatusOK })
	close(h.end)
	for _, c := range running {
		if got := status(h.answer(c)); got != http.StatusOK {
			t.Errorf("a request under way ends with %d", got)
		}
	}
	soon(t, 5*time.Second, func() bool { return status(h.try(ask("/"))) == http.StatusOK })
}

// try asks on a connection of its own, which ends with the answer.
func (h *house) try(say string) *http.Response {
	c, err := net.Dial("tcp", h.addr)
	if err != nil {
		return nil
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	_, _ = io.WriteString(c, say)
	return h.answer(c)
}

// soon waits for something that has to come true.
func soon(t *testing.T, within time.Duration, holds func() bool) {
	t.Helper()
	end, tick := time.After(within), time.NewTicker(50*time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-end:
			t.Fatal("it did not come true in time")
		case <-tick.C:
		}
	}
}

// Connections that say nothing, dribble their headers or are only kept for later, as many as there are
// places, lock nobody out: they give way within a second or so, long before the time for headers is over.
func TestSilentConnectionsGiveWay(t *testing.T) {
	const most = 9
	h := newHouse(t, &web.Connections{Most: most})
	for range most / 3 {
		h.dial("127.0.0.1", "")
		h.dial("127.0.0.1", "GET / HTTP/1.1\r\nHost: uj")
		kept := h.dial("127.0.0.1", ask("/"))
		if got := status(h.answer(kept)); got != http.StatusOK {
			t.Fatal(got)
		}
	}
	began := time.Now()
	for range most {
		soon(t, 5*time.Second, func() bool {
			c := h.dial("127.0.0.1", ask("/lama"))
			select {
			case <-h.began:
				return true
			case <-time.After(20 * time.Millisecond):
				_ = c.Close()
				return false
			}
		})
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("those who ask waited %v for those who do not", took)
	}
	close(h.end)
}

// One network gets its share of the connections, a proxy that is trusted as many as there are.
func TestANetworkHasItsShareOfConnections(t *testing.T) {
	h := newHouse(t, &web.Connections{Most: 100, PerNetwork: 3, Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.9/32")}})
	var running []net.Conn
	for range 3 {
		running = append(running, h.dial("127.0.0.1", ask("/lama")))
		<-h.began
	}
	if got := h.answer(h.dial("127.0.0.1", ask("/"))); got != nil {
		t.Errorf("a connection too many of one network: %d", got.StatusCode)
	}
	if got := status(h.answer(h.dial("127.0.0.2", ask("/")))); got != http.StatusOK {
		t.Errorf("another network: %d", got)
	}
	for range 10 {
		h.dial("127.0.0.9", ask("/lama"))
		<-h.began
	}
	close(h.end)
	if got := status(h.answer(running[0])); got != http.StatusOK {
		t.Errorf("a request under way ends with %d", got)
	}
	_ = running[0].Close()
	soon(t, 5*time.Second, func() bool { return status(h.try(ask("/"))) == http.StatusOK })
}

// deadlined is an answer that remembers until when it may be written and its request be read.
type deadlined struct {
	*httptest.ResponseRecorder
	read, write time.Time
}

func (d *deadlined) SetReadDeadline(t time.Time) error  { d.read = t; return nil }
func (d *deadlined) SetWriteDeadline(t time.Time) error { d.write = t; return nil }

// Also what has no route, or refuses a body unread, has an end: who sends nothing or takes nothing is let go.
func TestNoAnswerIsWithoutEnd(t *testing.T) {
	t.Parallel()
	rt := web.New(web.Options{Clock: clock.NewFake(start)})
	refuse := func(http.ResponseWriter, *http.Request) error { return context.Canceled }
	rt.Mount([]web.Route{{Method: http.MethodPost, Pattern: "/unggah", Access: web.Public, Machine: true, Upload: true, Handle: refuse}})
	for _, ask := range [][2]string{{http.MethodPost, "/tidak-ada"}, {http.MethodGet, "/static/tidak-ada.css"}, {http.MethodPost, "/unggah"}} {
		w := &deadlined{ResponseRecorder: httptest.NewRecorder()}
		var body io.Reader
		if ask[0] == http.MethodPost {
			body = strings.NewReader("a=b")
		}
		r := httptest.NewRequest(ask[0], ask[1], body)
		if body == nil {
			r.Body = http.NoBody
		}
		rt.ServeHTTP(w, r)
		if body != nil && (w.read.IsZero() || time.Until(w.read) > time.Minute) {
			t.Errorf("%v may be sent until %v", ask, w.read)
		}
		if ask[1] != "/unggah" && (w.write.IsZero() || time.Until(w.write) > 5*time.Minute) {
			t.Errorf("%v may be answered until %v", ask, w.write)
		}
	}
}
