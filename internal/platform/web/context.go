package web

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/obs"
)

// request is what the request path knows of one request.
type request struct {
	router *Router
	actor  authz.Actor
	nonce  string
	// nonceTaken is set once the nonce may stand in the page.
	nonceTaken bool
	// unremembered is set when the answer is for this request alone.
	unremembered bool
	addr         netip.Addr
	pattern      string
	start        time.Time
}

type requestKey struct{}

func of(ctx context.Context) *request {
	q, _ := ctx.Value(requestKey{}).(*request)
	if q == nil {
		return &request{}
	}
	return q
}

// ActorOf returns who makes the request.
func ActorOf(ctx context.Context) authz.Actor { return of(ctx).actor }

// Nonce returns the nonce that the page's own scripts carry.
func Nonce(ctx context.Context) string {
	q := of(ctx)
	q.nonceTaken = true
	return q.nonce
}

// RequestID returns the id that the log and the error page show.
func RequestID(ctx context.Context) string { return obs.RequestID(ctx) }

// AddrOf returns the visitor's address; forwarded headers count only from
// trusted proxies. Many people share one address: never block by it alone.
func AddrOf(ctx context.Context) netip.Addr { return of(ctx).addr }

// clientAddr walks X-Forwarded-For from the right, past trusted proxies.
func clientAddr(r *http.Request, trusted []netip.Prefix) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && isTrusted(addr, trusted); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = next.Unmap()
	}
	return addr
}

func isTrusted(addr netip.Addr, trusted []netip.Prefix) bool {
	for _, p := range trusted {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}
