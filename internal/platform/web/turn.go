package web

import (
	"context"
	"net/http"
	"sync"
	"time"
)

const (
	// pagesAtOnce bounds the pages that are being made. One takes some 200 KB until its first
	// byte is ready; in a crowd more of them would only hold that while they wait for a
	// connection to the database, of which there are fewer.
	pagesAtOnce = 64
	// patience is how long a request waits for its turn. Then it goes ahead without one: what
	// keeps the places occupied, such as a store of files that does not answer, delays pages and stops none.
	patience = 3 * time.Second
)

// inTurn has next make a page when it is its turn, until the first byte is ready: how slowly the
// reader takes it is nobody else's loss. Who sends something, follows a stream or is a machine does not wait.
func (rt *Router) inTurn(w http.ResponseWriter, r *http.Request, route Route, next http.Handler) {
	if route.Stream || route.Machine || r.Method != http.MethodGet && r.Method != http.MethodHead {
		next.ServeHTTP(w, r)
		return
	}
	leave := rt.turn(r.Context())
	defer leave()
	next.ServeHTTP(&untilFirstByte{ResponseWriter: w, leave: leave}, r)
}

// turn returns when it is the request's turn, or its patience ends; leave may be called again and again.
func (rt *Router) turn(ctx context.Context) (leave func()) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if rt.turns.Acquire(ctx, 1) != nil {
		return func() {}
	}
	return sync.OnceFunc(func() { rt.turns.Release(1) })
}

type untilFirstByte struct {
	http.ResponseWriter
	leave func()
}

func (w *untilFirstByte) WriteHeader(status int) {
	w.leave()
	w.ResponseWriter.WriteHeader(status)
}

func (w *untilFirstByte) Write(p []byte) (int, error) {
	w.leave()
	return w.ResponseWriter.Write(p)
}

func (w *untilFirstByte) Unwrap() http.ResponseWriter { return w.ResponseWriter }
