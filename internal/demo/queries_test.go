package demo_test

import (
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/go-chi/chi/v5"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/demo"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

var updateQueries = flag.Bool("update-queries", false, "write docs/queries.txt anew")

const (
	queriesFile = "../../docs/queries.txt"
	// most is how often one answer may ask the same: more grows with what it shows.
	most = 3
	// enough is how many people open a page, each once, unless somebody else is led further from it.
	enough = 12
)

// pagesAskLittle follows the links of the portal as the people of the demo, and holds what each
// page asks the database against docs/queries.txt, and against asking for each row anew. It
// returns what it made on the way, as makeThings does.
func pagesAskLittle(t *testing.T, s *apptest.Server) (ids map[string]string) {
	t.Helper()
	if err := s.App.Residents.Recount(t.Context()); err != nil { // a job does so each hour
		t.Fatal(err)
	}
	began := time.Now()
	w := &stroll{t: t, s: s, paths: chi.NewRouter(), pages: map[string]bool{}, below: map[string][]string{}, took: map[string]int{}, opened: map[string]int{}}
	var open []string
	for _, r := range s.App.Router.Routes() {
		if r.Method != http.MethodGet || r.Machine || strings.HasPrefix(r.Pattern, "/uji/") {
			continue
		}
		w.paths.Get(r.Pattern, func(http.ResponseWriter, *http.Request) {})
		w.pages[r.Pattern] = !r.Stream
		if r.Stream {
			continue
		}
		above, last := path.Split(r.Pattern)
		above = strings.TrimSuffix(above, "/")
		if !strings.Contains(r.Pattern, "{") {
			open = append(open, r.Pattern)
		}
		if !strings.Contains(last, "{") {
			w.below[above] = append(w.below[above], last)
		}
	}
	w.walk("tamu", s.Client(t), append(open, secretPaths(t, s)...))
	all := apptest.Staff{Email: "semua@uji.example", Name: "Semua Bisa", UnitCode: "KOMINFO", Permissions: authz.Registered(), City: true}
	w.walk("semua", s.SignedIn(t, s.Hire(t, all).AccountID), open)
	for _, a := range demo.Accounts() {
		id, err := pg.Scalar[int64](t.Context(), s.Pool, `SELECT id FROM authn_account WHERE email = $1`, a.Address())
		if err != nil {
			t.Fatal(err)
		}
		w.walk(a.User, s.SignedIn(t, id), []string{"/", "/akun", "/meja"})
	}
	ids = makeThings(t, s)
	w.detour(ids)
	t.Logf("%d requests in %v", w.asked, time.Since(began))
	for _, why := range []map[string]string{repeated, anew} {
		for pattern := range why {
			if w.opened[pattern] == 0 {
				t.Errorf("%s is excused and nobody opens it", pattern)
			}
		}
	}
	w.hold()
	return ids
}

// secrets are the addresses that nobody of the demo is led to: they stand in messages, on a wall,
// on paper. What is behind them is sealed under its context.
var secrets = map[string]string{
	"epuskesmas.token": `SELECT '/antrean/', v.token_sealed FROM epuskesmas_visit v JOIN epuskesmas_ticket t ON t.visit_id = v.id WHERE t.status = 'menunggu' ORDER BY t.id LIMIT 1`,
	"epuskesmas.board": `SELECT '/layar/', board_sealed FROM epuskesmas_site WHERE board_sealed IS NOT NULL ORDER BY unit_id LIMIT 1`,
	"epuskesmas.kiosk": `SELECT '/kios/', kiosk_sealed FROM epuskesmas_site WHERE kiosk_sealed IS NOT NULL ORDER BY unit_id LIMIT 1`,
	"mtr.link":         `SELECT '/mtr/laporan/' || r.number || '/', k.link_sealed FROM mtr_contact k JOIN mtr_report r ON r.id = k.report_id WHERE r.status = 'selesai' ORDER BY r.id LIMIT 1`,

	"epemerintahan.letter.token": `SELECT '/verifikasi/', token_sealed FROM epemerintahan_letter WHERE token_sealed IS NOT NULL ORDER BY id LIMIT 1`,
}

func secretPaths(t *testing.T, s *apptest.Server) (paths []string) {
	t.Helper()
	for under, sql := range secrets {
		found, err := pg.Map[string, []byte](t.Context(), s.Pool, sql)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", under, err)
		}
		for address, sealed := range found {
			token, err := s.App.Box.Open(sealed, under)
			if err != nil {
				t.Fatal(err)
			}
			paths = append(paths, address+token)
		}
	}
	draft, err := s.App.MTR.CreateDraft(t.Context(), authz.Actor{})
	if err != nil {
		t.Fatal(err)
	}
	return append(paths, "/mtr/lapor/"+draft)
}

// mentions are pages for everybody that say where some work.
var mentions = map[string]bool{"/meja/panduan": true, "/mtr/lapangan": true}

// stroll is a walk through the portal from link to link.
type stroll struct {
	t      *testing.T
	s      *apptest.Server
	paths  *chi.Mux
	pages  map[string]bool     // by pattern; false: no page
	below  map[string][]string // what there is of a thing besides its own page
	took   map[string]int      // statements at most, by pattern
	opened map[string]int      // by how many
	asked  int
}

// walk opens what leads on from some paths, each page once.
func (w *stroll) walk(who string, c *apptest.Client, paths []string) {
	w.t.Helper()
	c.NoRedirects()
	here, from := map[string]bool{}, map[string]string{}
	for len(paths) > 0 {
		path := paths[0]
		paths = paths[1:]
		plain, _, _ := strings.Cut(path, "?")
		pattern := w.paths.Find(chi.NewRouteContext(), http.MethodGet, plain)
		if !w.pages[pattern] || here[pattern] || w.opened[pattern] >= enough && !slices.ContainsFunc(w.below[pattern], func(last string) bool { return w.opened[pattern+"/"+last] == 0 }) {
			continue
		}
		p := w.open(who, c, path, pattern)
		if p.Status >= 400 {
			if from[path] != "" && !mentions[from[path]] {
				w.t.Errorf("%s: %s leads to %s, which answers %d", who, from[path], path, p.Status)
			}
			continue
		}
		here[pattern] = true
		next := []string{p.Header.Get("Location")}
		if p.Doc != nil {
			p.Doc.Find("a[href], img[src]").Each(func(_ int, e *goquery.Selection) {
				next = append(next, e.AttrOr("href", e.AttrOr("src", "")))
			})
		}
		for _, to := range next {
			u, err := p.URL.Parse(to)
			if err != nil || to == "" || u.Host != p.URL.Host {
				continue
			}
			to = (&url.URL{Path: u.Path, RawQuery: u.RawQuery}).String()
			if from[to] == "" {
				from[to] = pattern
			}
			paths = append(paths, to)
		}
		for _, last := range w.below[pattern] {
			paths = append(paths, plain+"/"+last)
		}
	}
}

// open asks for a path and counts, if it is the pattern's page that answers.
func (w *stroll) open(who string, c *apptest.Client, path, pattern string) (p *apptest.Page) {
	w.t.Helper()
	asked := w.s.Queries.During(func() { p = c.Get(path) })
	w.asked++
	found := w.paths.Find(chi.NewRouteContext(), http.MethodGet, p.URL.Path) == pattern
	if found && (p.Status == http.StatusOK || p.Status == http.StatusSeeOther && leadsOn[pattern] != "") {
		w.opened[pattern]++
		w.count(who, pattern, path, asked)
		w.again(who, pattern, c, p)
	}
	return p
}

func (w *stroll) count(who, pattern, path string, asked []string) {
	w.t.Helper()
	w.took[pattern] = max(w.took[pattern], len(asked))
	times := map[string]int{}
	for _, sql := range asked {
		times[sql]++
	}
	for sql, n := range times {
		if n > most && sql != "begin" && sql != "commit" && repeated[pattern] == "" {
			sql = strings.Join(strings.Fields(sql), " ")
			w.t.Errorf("%s (%s as %s) asks %d times: %.150s … %s", pattern, path, who, n, sql, sql[max(0, len(sql)-80):])
		}
	}
}

// repeated are routes that ask the same for each of what they show, and why they may.
var repeated = map[string]string{
	"/meja/eoffice/arsip/berkas/{id}/unduh": "notes on the trail that each letter of the folder was taken",
	"/meja/puskesmas/pengkajian":            "looks at the queue of each poli of the house, of which there are a handful",
}

// anew are public pages that are never the same twice, and why.
var anew = map[string]string{"/puskesmas/{puskesmas}/daftar": "its form has a key, so that it is sent once"}

// again asks whether a public page still holds: it does.
func (w *stroll) again(who, pattern string, c *apptest.Client, p *apptest.Page) {
	w.t.Helper()
	if tag := p.Header.Get("ETag"); p.Doc != nil && tag != "" && anew[pattern] == "" {
		req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, p.URL.String(), nil)
		if err != nil {
			w.t.Fatal(err)
		}
		req.Header.Set("If-None-Match", tag)
		if got := c.Do(req).Status; got != http.StatusNotModified {
			w.t.Errorf("%s asked for %s twice and got %d instead of what they have", who, p.URL.Path, got)
		}
	}
}

// hold compares what was asked with what is on paper: no page asks more, but for two answers
// that the portal may just have remembered, and none has leave to ask much more than it does.
// A page that nobody was led to, nor made a detour to, has a dash.
func (w *stroll) hold() {
	w.t.Helper()
	line := func(pattern, n string) string { return fmt.Sprintf("%-72s%4s\n", pattern, n) }
	var b strings.Builder
	b.WriteString("# SQL statements of one answer at most, transactions and session included, over the demo.\n# A dash: nobody of the demo is led there. Written by: go test ./internal/demo -run SameStory -update-queries\n")
	for _, p := range slices.Sorted(maps.Keys(w.pages)) {
		n := "-"
		if w.opened[p] > 0 {
			n = strconv.Itoa(w.took[p])
		}
		if w.pages[p] {
			b.WriteString(line(p, n))
		}
	}
	if *updateQueries {
		if err := os.WriteFile(queriesFile, []byte(b.String()), 0o644); err != nil {
			w.t.Fatal(err)
		}
		return
	}
	paper, err := os.ReadFile(queriesFile)
	if err != nil {
		w.t.Fatal(err)
	}
	budget := map[string]string{}
	for l := range strings.Lines(string(paper)) {
		if f := strings.Fields(l); len(f) == 2 {
			budget[f[0]] = f[1]
		}
	}
	for p, is := range w.pages {
		may, known := budget[p]
		delete(budget, p)
		if !is {
			continue
		}
		n, err := strconv.Atoi(may)
		switch took := w.took[p]; {
		case !known:
			w.t.Errorf("%s is not in docs/queries.txt", p)
		case (err != nil) != (w.opened[p] == 0):
			w.t.Errorf("%s: %q in docs/queries.txt, opened by %d", p, may, w.opened[p])
		case took > n+2:
			w.t.Errorf("%s asks %d times, at most %d", p, took, n)
		case took < n-2-n/4:
			w.t.Errorf("%s asks %d times and has leave for %d", p, took, n)
		}
	}
	for p := range budget {
		w.t.Errorf("docs/queries.txt has %s, which is no page", p)
	}
	if w.t.Failed() {
		w.t.Log("if this is meant: go test ./internal/demo -run SameStory -update-queries")
	}
}
