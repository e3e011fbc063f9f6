package web_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Strangers share an answer until somebody sends something; nobody who brings a cookie is answered
// with theirs or gives them anything, and a page with a nonce is nobody else's.
func TestStrangersShareAnAnswer(t *testing.T) {
	drawn := 0 // pages, so each says which one it is
	page := func(before func(w http.ResponseWriter, r *http.Request) error) web.Handler {
		return func(w http.ResponseWriter, r *http.Request) error {
			if before != nil {
				if err := before(w, r); err != nil {
					return err
				}
			}
			drawn++
			return web.Render(w, r, http.StatusOK, templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
				_, err := fmt.Fprintf(w, "<p>%d. %s</p>%s", drawn, web.ActorOf(ctx).Name, strings.Repeat("<br>", 500))
				return err
			}))
		}
	}
	same := func(path string, before func(w http.ResponseWriter, r *http.Request) error) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: path, Access: web.Public, Handle: page(before), Same: true}
	}
	s := newSite(t, same("/umum", nil),
		web.Route{Method: http.MethodGet, Pattern: "/biasa", Access: web.Public, Handle: page(nil)},
		web.Route{Method: http.MethodPost, Pattern: "/kirim", Access: web.Public, Handle: ok},
		same("/cari", func(_ http.ResponseWriter, r *http.Request) error { web.Unremembered(r.Context()); return nil }),
		same("/pesan", func(_ http.ResponseWriter, r *http.Request) error { web.Flash(r, "success", "Tersimpan"); return nil }),
		same("/nonce", func(_ http.ResponseWriter, r *http.Request) error { web.Nonce(r.Context()); return nil }),
		same("/galat", func(http.ResponseWriter, *http.Request) error { drawn++; return errs.New(errs.NotFound, "") }))
	stranger, other := func() *http.Client { return s.as(authz.Actor{}) }, s.as(authz.Actor{Kind: authz.Citizen, Name: "Daeng Sitti"})
	ask := func(c *http.Client, method, path, tag string) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("If-None-Match", tag)
		res, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		_, says, _ := strings.Cut(string(body), "<p>")
		says, _, _ = strings.Cut(says, "</p>")
		return res, says
	}
	expect := func(what string, c *http.Client, path, want string) {
		t.Helper()
		if _, says := ask(c, http.MethodGet, path, ""); says != want {
			t.Errorf("%s: %q, want %q", what, says, want)
		}
	}
	expect("the first", stranger(), "/umum", "1. ")
	first, _ := ask(stranger(), http.MethodGet, "/umum", "")
	expect("the second", stranger(), "/umum", "1. ")
	if first.Header.Get("ETag") == "" || first.Header.Get("Cache-Control") != "private, no-cache" || !strings.HasPrefix(first.Header.Get("Content-Type"), "text/html") ||
		strings.Join(first.Header.Values("Vary"), ", ") != "Accept-Encoding, Cookie" {
		t.Errorf("what is remembered comes with %v", first.Header)
	}
	if kept, _ := ask(stranger(), http.MethodGet, "/umum", first.Header.Get("ETag")); kept.StatusCode != http.StatusNotModified || kept.Header.Get("Content-Security-Policy") != "" {
		t.Errorf("who has the page already: %d %v", kept.StatusCode, kept.Header)
	}
	expect("with a question", stranger(), "/umum?a=1", "2. ")
	expect("signed in", other, "/umum", "3. Daeng Sitti")
	expect("after who is signed in", stranger(), "/umum", "1. ")
	expect("no such route", stranger(), "/biasa", "4. ")
	expect("no such route, again", stranger(), "/biasa", "5. ")
	expect("for one alone", stranger(), "/cari", "6. ")
	expect("for one alone, again", stranger(), "/cari", "7. ")
	expect("with a cookie", stranger(), "/pesan", "8. ")
	expect("with a cookie, again", stranger(), "/pesan", "9. ")
	expect("with a nonce", stranger(), "/nonce", "10. ")
	expect("with a nonce, again", stranger(), "/nonce", "11. ")
	for range 2 {
		if failed, _ := ask(stranger(), http.MethodGet, "/galat", ""); failed.StatusCode != http.StatusNotFound {
			t.Errorf("a failure: %d", failed.StatusCode)
		}
	}
	if drawn != 13 {
		t.Errorf("a failure was remembered: %d", drawn)
	}
	if sent, _ := ask(stranger(), http.MethodPost, "/kirim", ""); sent.StatusCode != http.StatusOK {
		t.Fatalf("sending: %d", sent.StatusCode)
	}
	expect("after something was sent", stranger(), "/umum", "14. ")
	expect("and again", stranger(), "/umum", "14. ")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/umum", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "identity")
	res, err := stranger().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err != nil || res.Header.Get("Content-Encoding") != "" || !strings.HasPrefix(string(body), "<p>15. ") {
		t.Errorf("who unpacks nothing: %v, %.20q, %v", err, body, res.Header)
	}
}
