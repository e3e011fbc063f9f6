package session

import (
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

// writer saves the session before the first byte leaves, since the cookie is a header.
type writer struct {
	http.ResponseWriter
	r             *http.Request
	m             *Manager
	saved, failed bool
}

func (w *writer) save() {
	if w.saved {
		return
	}
	w.saved = true
	ctx := w.r.Context()
	switch w.m.scs.Status(ctx) {
	case scs.Modified:
		token, expiry, err := w.m.scs.Commit(ctx)
		if err != nil {
			w.failed = true
			w.m.onError(w.ResponseWriter, w.r, err)
			return
		}
		if st := stateOf(ctx); st.id != 0 {
			w.m.scs.WriteSessionCookie(ctx, w.ResponseWriter, token, expiry)
		}
	case scs.Destroyed:
		w.m.scs.WriteSessionCookie(ctx, w.ResponseWriter, "", time.Time{})
	}
}

func (w *writer) WriteHeader(code int) {
	if code >= 200 {
		w.save()
	}
	if !w.failed {
		w.ResponseWriter.WriteHeader(code)
	}
}

func (w *writer) Write(b []byte) (int, error) {
	w.save()
	if w.failed {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}

// FlushError saves first: a flush sends the headers.
func (w *writer) FlushError() error {
	w.save()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }
