package web

import (
	"mime"
	"net/http"
)

// Download is a private file that the reader keeps. It begins with its first byte: until
// then the answer may still be a page.
type Download struct {
	w                 http.ResponseWriter
	contentType, name string
	begun             bool
}

// NewDownload is a file with a name that says nothing about anybody. Nothing is written yet.
func NewDownload(w http.ResponseWriter, contentType, name string) *Download {
	return &Download{w: w, contentType: contentType, name: name}
}

// Write sends p. However slowly a file is made, each of its pieces has its own time to leave.
func (d *Download) Write(p []byte) (int, error) {
	if !d.begun {
		d.begun = true
		h := d.w.Header()
		h.Set("Content-Type", d.contentType)
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": d.name}))
		h.Set("Cache-Control", "private, no-store")
	}
	return pieces{d.w}.Write(p)
}

// Begun reports whether a byte went out: no page can follow then.
func (d *Download) Begun() bool { return d.begun }
