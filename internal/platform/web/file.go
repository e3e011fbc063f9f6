package web

import (
	"io"
	"mime"
	"net/http"
	"time"
)

// ServeFile writes a private file to be looked at in the browser: its type is fixed,
// nothing in it may run, no other site may embed it and nobody keeps it. Its name on
// the reader's disk should say nothing about anybody. It closes body.
func ServeFile(w http.ResponseWriter, r *http.Request, body io.ReadCloser, contentType, name string) error {
	return serve(w, r, body, contentType, "inline", name)
}

// ServeDownload is ServeFile for what browsers do not show themselves.
func ServeDownload(w http.ResponseWriter, r *http.Request, body io.ReadCloser, contentType, name string) error {
	return serve(w, r, body, contentType, "attachment", name)
}

func serve(w http.ResponseWriter, r *http.Request, body io.ReadCloser, contentType, disposition, name string) error {
	defer body.Close()
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("X-Content-Type-Options", "nosniff")
	// Viewers of PDFs draw with styles of their own and refuse to in a sandbox.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": name}))
	h.Set("Cache-Control", "private, no-store")
	h.Set("X-Robots-Tag", "noindex")
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(pieces{w}, body) // the reader may be gone
	}
	return nil
}

// pieces gives each piece of a file 30 seconds to leave: a slow line gets all of it, and
// who takes nothing is let go.
type pieces struct{ w http.ResponseWriter }

func (p pieces) Write(b []byte) (int, error) {
	_ = http.NewResponseController(p.w).SetWriteDeadline(time.Now().Add(30 * time.Second)) // tests' writers have none
	return p.w.Write(b)
}
