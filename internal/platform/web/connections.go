package web

import (
	"container/list"
	"context"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/obs"
)

const (
	// spare is how many connections are taken beyond the limit, to say that the portal is
	// full and to answer health checks.
	spare = 64
	// settled is the silence after which a connection gives way to a new one.
	settled = time.Second
)

// Connections bounds how many connections a server keeps open. One that has no request under
// way, because it is silent, dribbles its headers or is kept for later, is closed when a new
// one needs its place: the one that has been so for longest, a second at least. So neither
// silence nor idling keeps others out. When every place is taken by a request, a few more are
// taken that are told so with a 503; beyond these, connections are closed unanswered.
type Connections struct {
	Most int // in all; 0 is no limit
	// PerNetwork is how many one network may have, 0 as many as there are places; the rest
	// is closed unanswered. It does not hold for Proxies, behind which everybody is.
	PerNetwork int
	Proxies    []netip.Prefix
	// Always are the paths that are answered also when the portal is full.
	Always []string

	mu       sync.Mutex
	open     int
	networks map[netip.Addr]int
	quiet    list.List // of *connection without a request under way, the longest so first
}

// connection is one of Connections. What is not set at the start is guarded by their mutex.
type connection struct {
	*net.TCPConn // with all its methods: files are sent by the kernel
	all          *Connections
	network      netip.Addr // invalid: not counted
	extra        bool       // beyond the limit

	since  time.Time
	place  *list.Element // among the quiet; nil: a request is under way, or it is gone
	closed bool
}

// Serve is s.Serve(l) within the limit.
func (k *Connections) Serve(s *http.Server, l net.Listener) error {
	if k.Most == 0 {
		return s.Serve(l)
	}
	obs.ConnectionsMax(k.Most)
	s.Handler = k.handler(s.Handler)
	s.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, connectionKey{}, c)
	}
	s.ConnState = func(c net.Conn, state http.ConnState) {
		if c, ok := c.(*connection); ok && state == http.StateIdle {
			k.rest(c)
		}
	}
	return s.Serve(&limitedListener{l, k})
}

type connectionKey struct{}

type limitedListener struct {
	net.Listener
	all *Connections
}

func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		tcp, ok := c.(*net.TCPConn)
		if err != nil || !ok {
			return c, err
		}
		if admitted := l.all.admit(tcp); admitted != nil {
			return admitted, nil
		}
		_ = tcp.Close()
	}
}

// admit takes a connection in, or returns nil.
func (k *Connections) admit(tcp *net.TCPConn) *connection {
	c := &connection{TCPConn: tcp, all: k, since: time.Now()}
	if at, ok := tcp.RemoteAddr().(*net.TCPAddr); ok && k.PerNetwork > 0 {
		if a := at.AddrPort().Addr().Unmap(); !isTrusted(a, k.Proxies) {
			c.network = network(a)
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if c.network.IsValid() && k.networks[c.network] >= k.PerNetwork {
		obs.ConnectionRefused("network")
		return nil
	}
	if k.open >= k.Most {
		k.makeRoom(c.since)
	}
	if k.open >= k.Most+spare {
		obs.ConnectionRefused("closed")
		return nil
	}
	c.extra = k.open >= k.Most
	k.open++
	obs.ConnectionsOpen(k.open)
	if c.network.IsValid() {
		if k.networks == nil {
			k.networks = map[netip.Addr]int{}
		}
		k.networks[c.network]++
	}
	c.place = k.quiet.PushBack(c)
	return c
}

// makeRoom closes the connection that has been quiet for longest, if that is long.
func (k *Connections) makeRoom(now time.Time) {
	first := k.quiet.Front()
	if first == nil || now.Sub(first.Value.(*connection).since) < settled {
		return
	}
	c := first.Value.(*connection)
	k.forget(c)
	_ = c.TCPConn.Close() // its server notices and closes it too
	obs.ConnectionRefused("displaced")
}

// forget gives the place of a connection free, once. k.mu is held.
func (k *Connections) forget(c *connection) {
	if c.closed {
		return
	}
	c.closed = true
	k.open--
	obs.ConnectionsOpen(k.open)
	k.unquiet(c)
	if !c.network.IsValid() {
		return
	}
	if k.networks[c.network]--; k.networks[c.network] == 0 {
		delete(k.networks, c.network)
	}
}

func (k *Connections) unquiet(c *connection) {
	if c.place != nil {
		k.quiet.Remove(c.place)
		c.place = nil
	}
}

// Close closes the connection and gives its place free.
func (c *connection) Close() error {
	c.all.mu.Lock()
	c.all.forget(c)
	c.all.mu.Unlock()
	return c.TCPConn.Close()
}

// rest is called when a request was answered and the connection is kept.
func (k *Connections) rest(c *connection) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !c.closed && c.place == nil {
		c.since = time.Now()
		c.place = k.quiet.PushBack(c)
	}
}

// begin is called when a request begins; false: its connection just gave way to another.
func (k *Connections) begin(c *connection) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.unquiet(c)
	return !c.closed
}

func (k *Connections) handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, ok := r.Context().Value(connectionKey{}).(*connection)
		switch {
		case !ok:
		case !k.begin(c):
			panic(http.ErrAbortHandler) // nobody would get the answer, so nothing may happen
		case c.extra:
			w.Header().Set("Connection", "close")
			if !slices.Contains(k.Always, r.URL.Path) {
				obs.ConnectionRefused("told")
				writeFallback(w, http.StatusServiceUnavailable)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
