package web

import (
	"context"
	"maps"
	"net/http"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/obs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	// replicaPatience ends an attempt at the replica, so that there is time left for the primary.
	replicaPatience = 3 * time.Second
	// wroteFor is how long who has written reads from the primary: longer than the replica may be
	// behind, by what is remembered of it and by what a slow answer takes.
	wroteFor = 2 * pg.MaxBehind
)

// answer has the route answer: from the replica where nobody can tell the difference.
//
// Who has written reads what they wrote: their browser carries for a while a cookie that says
// so, whichever portal took it. They and who is signed in are shown what is true now. What the
// replica does not answer, be it away, short of time or without the row, is asked of the primary.
func (rt *Router) answer(w http.ResponseWriter, r *http.Request, route Route) error {
	if route.Replica == nil || rt.o.ReplicaFresh == nil {
		return route.Handle(w, r)
	}
	_, err := r.Cookie(rt.wroteCookie().Name)
	switch {
	case err == nil || ActorOf(r.Context()).SignedIn():
		obs.ReplicaAsked("no, own")
		r = r.WithContext(pg.WithCurrent(r.Context()))
	case !rt.o.ReplicaFresh():
		obs.ReplicaAsked("no, behind")
	default:
		before := w.Header().Clone()
		begun := false
		started := &beginning{ResponseWriter: w, begun: func() { begun = true }}
		ctx, cancel := context.WithTimeout(r.Context(), replicaPatience)
		err := route.Replica(started, r.WithContext(ctx))
		cancel()
		if err == nil || begun {
			obs.ReplicaAsked("yes")
			return err
		}
		obs.ReplicaAsked("in vain")
		clear(w.Header())
		maps.Copy(w.Header(), before)
	}
	return route.Handle(w, r)
}

// wrote notes in the browser that it has sent something.
func (rt *Router) wrote(w http.ResponseWriter, r *http.Request) {
	if rt.o.ReplicaFresh != nil && r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.SetCookie(w, rt.wroteCookie())
	}
}

func (rt *Router) wroteCookie() *http.Cookie {
	c := &http.Cookie{
		Name: "menulis", Value: "1", Path: "/", MaxAge: int(wroteFor / time.Second),
		HttpOnly: true, Secure: rt.o.Secure, SameSite: http.SameSiteLaxMode,
	}
	if rt.o.Secure {
		c.Name = "__Host-" + c.Name
	}
	return c
}
