package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/e2e"
	assets "makassartidakrantasa.com/portal/web"
)

var bundle = regexp.MustCompile(`/static/dist/(\w+\.(?:css|js))"`)

// TestGallery looks at every component in the browser: the golden pages of
// package ui, under the portal's content security policy.
func TestGallery(t *testing.T) {
	t.Parallel()
	if !assets.Built() {
		t.Fatal("the bundles are missing: run npm run build in web/ before the tests")
	}
	srv := httptest.NewServer(galleryHandler(t))
	t.Cleanup(srv.Close)
	for _, look := range looks {
		t.Run(look.name, func(t *testing.T) {
			t.Parallel()
			tab := e2e.Open(t, srv.URL, look.options...)
			for _, page := range []string{"/citizen", "/desk", "/error"} {
				tab.Go(page).Sound()
				snap(tab, "galeri"+page, look.name)
			}
		})
	}
}

func galleryHandler(t *testing.T) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /static/", http.FileServerFS(assets.Static))
	for _, name := range []string{"citizen", "desk", "error"} {
		raw, err := os.ReadFile(filepath.Join("..", "platform", "ui", "testdata", name+".golden.html"))
		if err != nil {
			t.Fatal(err)
		}
		page := bundle.ReplaceAllStringFunc(string(raw), func(s string) string {
			return assets.Asset(bundle.FindStringSubmatch(s)[1]) + `"`
		})
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; form-action 'self'")
			_, _ = w.Write([]byte(page))
		})
	}
	// The gallery's pictures and streams do not matter here.
	mux.HandleFunc("GET /foto/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		_, _ = strings.NewReader(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><rect width="4" height="3" fill="#7b8894"/></svg>`).WriteTo(w)
	})
	mux.HandleFunc("GET /meja/mtr/siaran", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		<-r.Context().Done()
	})
	return mux
}
