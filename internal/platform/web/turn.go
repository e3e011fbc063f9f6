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
	next.ServeHTTP(&beginning{ResponseWriter: w, begun: leave}, r.WithContext(ctx))
}
