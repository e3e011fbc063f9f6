package web

import (
	"fmt"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/go-chi/httprate"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/obs"
)

// Floods only. Whole neighbourhoods share one carrier address, so the limit
// by address is far above what people do; tight limits are per account or
// contact and belong to the modules.
const (
	postsPerAccount = 120
	postsPerAddress = 1200
	// Streams that one network may keep open, some 65 KB of memory each, and uploads, which take
	// as long as bytes keep coming: a waiting room and the neighbourhood behind one carrier address.
	streamsPerAddress = 1000
)

// perMinute returns the limiter of a route, nil when it has none of its own.
func (route Route) perMinute() *httprate.RateLimiter {
	if route.PerMinute == 0 {
		return nil
	}
	return httprate.NewRateLimiter(route.PerMinute, time.Minute)
}

// tooFast counts the request; own is the route's limiter.
func (rt *Router) tooFast(r *http.Request, a authz.Actor, own *httprate.RateLimiter) error {
	if !rt.o.Limited {
		return nil
	}
	if own != nil && own.OnLimit(discard{http.Header{}}, r, network(AddrOf(r.Context())).String()) {
		return errs.TooFast(time.Minute, "Terlalu banyak permintaan dalam satu menit. Tunggu satu menit, lalu coba lagi.")
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	limiter, key := rt.addressPosts, network(AddrOf(r.Context())).String()
	if a.SignedIn() {
		limiter, key = rt.accountPosts, fmt.Sprint(a.AccountID)
	}
	if limiter.OnLimit(discard{http.Header{}}, r, key) {
		return errs.TooFast(time.Minute, "Terlalu banyak kiriman dalam satu menit. Tunggu satu menit, lalu kirim lagi.")
	}
	return nil
}

// streams counts what each network keeps open, uploads too.
type streams struct {
	mu   sync.Mutex
	open map[netip.Addr]int
}

// enter lets a network open one more stream, until leave; false when it has enough.
func (s *streams) enter(n netip.Addr) (leave func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[n] >= streamsPerAddress {
		return nil, false
	}
	if s.open == nil {
		s.open = map[netip.Addr]int{}
	}
	s.open[n]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.open[n]--; s.open[n] == 0 {
			delete(s.open, n)
		}
	}, true
}

// handle lets the route answer, a stream or an upload as long as its network has not enough of them.
func (rt *Router) handle(w http.ResponseWriter, r *http.Request, route Route) error {
	if rt.o.Limited && (route.Upload || route.Stream && r.Method == http.MethodGet) {
		leave, ok := rt.streams.enter(network(AddrOf(r.Context())))
		if !ok {
			return errs.TooFast(time.Minute, "Terlalu banyak halaman yang terbuka atau kiriman dari jaringan ini. Tutup sebagian, atau coba lagi sebentar lagi.")
		}
		defer leave()
	}
	if route.Stream {
		defer obs.StreamOpened()()
	}
	return rt.answer(w, r, route)
}

// network is the part of an address that a provider gives to one customer, who may
// choose the rest of an IPv6 address anew for each request.
func network(a netip.Addr) netip.Addr {
	if !a.Is6() {
		return a
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return a
	}
	return p.Addr()
}

// discard takes the headers that the limiter would like to set.
type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}
