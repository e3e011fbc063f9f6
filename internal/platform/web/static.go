package web

import (
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// static serves the built files, packed by the build where the browser can
// unpack them. Hashed names never change and are kept for a year.
func static(files fs.FS, immutable func(string) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := path.Clean(r.URL.Path)
		info, err := fs.Stat(files, name)
		if err != nil || info.IsDir() || strings.HasSuffix(name, ".gz") || strings.HasSuffix(name, ".br") {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", contentType(name))
		h.Set("Vary", "Accept-Encoding")
		if immutable != nil && immutable(name) {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			h.Set("Cache-Control", "public, max-age=3600")
		}
		accepted := r.Header.Get("Accept-Encoding")
		for _, enc := range []struct{ token, suffix string }{{"br", ".br"}, {"gzip", ".gz"}} {
			if !strings.Contains(accepted, enc.token) {
				continue
			}
			if _, err := fs.Stat(files, name+enc.suffix); err == nil {
				h.Set("Content-Encoding", enc.token)
				name += enc.suffix
				break
			}
		}
		http.ServeFileFS(w, r, files, name)
	})
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".webmanifest":
		return "application/manifest+json"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".mp3":
		return "audio/mpeg"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}
