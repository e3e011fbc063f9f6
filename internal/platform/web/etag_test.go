package web_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// What a browser kept of a public page is shown again as long as it is what the page says, to
// the same reader, under the policy that it came with.
func TestAPageThatSaysTheSameIsNotSentAgain(t *testing.T) {
	words := "Satu laporan"
	page := func(before func(w http.ResponseWriter, r *http.Request)) web.Handler {
		return func(w http.ResponseWriter, r *http.Request) error {
			if before != nil {
				before(w, r)
			}
			content := templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
				_, err := io.WriteString(w, `<script nonce="`+web.Nonce(ctx)+`"></script>`+words+strings.Repeat(" dan lain-lain", 200))
				return err
			})
			return web.Render(w, r, http.StatusOK, templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
				return ui.Layout(ui.Page{Title: "Uji"}).Render(templ.WithChildren(ctx, content), w)
			}))
		}
	}
	get := func(path string, a web.Access, before func(w http.ResponseWriter, r *http.Request)) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: path, Access: a, Handle: page(before)}
	}
	s := newSite(t, get("/umum", web.Public, nil), get("/tautan", web.Secret, nil), get("/akun", web.SignedIn, nil),
		get("/tidak-disimpan", web.Public, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Cache-Control", "no-store") }),
		get("/pesan", web.Public, func(_ http.ResponseWriter, r *http.Request) { web.Flash(r, "success", "Tersimpan") }))
	visitor, other := s.as(authz.Actor{}), s.as(authz.Actor{Kind: authz.Citizen, Name: "Daeng Sitti"})
	ask := func(c *http.Client, method, path, tag string) *http.Response {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("If-None-Match", tag)
		req.Header.Set("Accept-Encoding", "gzip")
		res, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode == http.StatusNotModified && len(body) > 0 {
			t.Errorf("%s: %d bytes, %v", path, len(body), err)
		}
		return res
	}
	first := ask(visitor, http.MethodGet, "/umum", "")
	tag, policy := first.Header.Get("ETag"), "Content-Security-Policy"
	if !strings.HasPrefix(tag, `W/"`) || first.Header.Get("Cache-Control") != "private, no-cache" || first.Header.Get(policy) == "" || first.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("a public page comes with %v", first.Header)
	}
	s.clock.Advance(10 * time.Minute)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		for _, kept := range []string{tag, `"x", ` + strings.TrimPrefix(tag, "W/"), "*"} {
			again := ask(visitor, method, "/umum", kept)
			if again.StatusCode != http.StatusNotModified || again.Header.Get("ETag") != tag || again.Header.Get("Cache-Control") != "private, no-cache" ||
				again.Header.Get(policy) != "" || strings.Join(again.Header.Values("Vary"), ", ") != strings.Join(first.Header.Values("Vary"), ", ") {
				t.Errorf("%s with %s: %d %v", method, kept, again.StatusCode, again.Header)
			}
		}
		if anew := ask(visitor, method, "/umum", `W/"lain"`); anew.StatusCode != http.StatusOK || anew.Header.Get(policy) == "" {
			t.Errorf("%s of what is kept no more: %d %v", method, anew.StatusCode, anew.Header)
		}
	}
	if own := ask(other, http.MethodGet, "/umum", tag); own.StatusCode != http.StatusOK || own.Header.Get("ETag") == tag {
		t.Errorf("who is signed in is shown the page of who is not: %d", own.StatusCode)
	}
	for path, c := range map[string]*http.Client{"/tautan": visitor, "/akun": other, "/tidak-disimpan": visitor} {
		if private := ask(c, http.MethodGet, path, "*"); private.StatusCode != http.StatusOK || private.Header.Get("ETag") != "" || private.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", path, private.StatusCode, private.Header)
		}
	}
	// A message is shown once, and is in the way of nothing afterwards.
	if told := ask(visitor, http.MethodGet, "/pesan", tag); told.StatusCode != http.StatusOK {
		t.Errorf("a message is not shown: %d", told.StatusCode)
	}
	if after := ask(visitor, http.MethodGet, "/umum", tag); after.StatusCode != http.StatusNotModified {
		t.Errorf("after a message: %d", after.StatusCode)
	}
	words = "Dua laporan"
	if news := ask(visitor, http.MethodGet, "/umum", tag); news.StatusCode != http.StatusOK || news.Header.Get("ETag") == tag {
		t.Errorf("news are not shown: %d", news.StatusCode)
	}
}
