package web

import (
	"net/http"
	"time"
)

const (
	// pagesAtOnce bounds the pages that are being made. One takes some 200 KB until its first
	// byte is ready; in a crowd more of them would only hold that while they wait for a
	// connection to the database, of which there are fewer.
	pagesAtOnce = 64
	// patience is below DefaultTimeout: who has waited so long can still be answered.
	patience = 10 * time.Second
)

// inTurn has next make a page when it is its turn, until the first byte is ready: how slowly the
// reader takes it is nobody else's loss. Who sends something, follows a stream or is a machine does not wait.
func (rt *Router) inTurn(w http.ResponseWriter, r *http.Request, route Route, next http.Handler) {
	if route.Stream || route.Machine || r.Method != http.MethodGet && r.Method != http.MethodHead {
		next.ServeHTTP(w, r)
		return
	}
	ctx, leave := rt.turns.Wait(r.Context())
	defer leave()
	next.ServeHTTP(&untilFirstByte{ResponseWriter: w, leave: leave}, r.WithContext(ctx))
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
