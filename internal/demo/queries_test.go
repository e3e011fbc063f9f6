package demo_test

import (
	"flag"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
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
	// again is how often one answer may ask the same: more grows with what it shows.
	again = 3
	// opened is how many people open a page at most, each once.
	opened = 4
)

// pagesAskLittle follows the links of the portal as the people of the demo, and holds what each
// page asks the database against docs/queries.txt, and against asking for each row anew.
func pagesAskLittle(t *testing.T, s *apptest.Server) {
	t.Helper()
	if err := s.App.Residents.Recount(t.Context()); err != nil { // a job does so each hour
		t.Fatal(err)
	}
	began := time.Now()
	w := &stroll{t: t, s: s, paths: chi.NewRouter(), pages: map[string]bool{}, below: map[string][]string{}, most: map[string]int{}, opened: map[string]int{}}
	var open []string
	for _, r := range s.App.Router.Routes() {
		if r.Method != http.MethodGet || r.Machine || strings.HasPrefix(r.Pattern, "/uji/") {
			continue
		}
		w.paths.Get(r.Pattern, func(http.ResponseWriter, *http.Request) {})
		w.pages[r.Pattern] = !r.Stream
		above, last := path.Split(r.Pattern)
		above = strings.TrimSuffix(above, "/")
		switch {
		case r.Stream:
		case !strings.Contains(r.Pattern, "{"):
			open = append(open, r.Pattern)
		case !strings.Contains(last, "{"):
			w.below[above] = append(w.below[above], last)
		}
	}
	w.walk("tamu", s.Client(t), open)
	all := apptest.Staff{Email: "semua@uji.example", Name: "Semua Bisa", UnitCode: "KOMINFO", Permissions: authz.Registered(), City: true}
	w.walk("semua", s.SignedIn(t, s.Hire(t, all).AccountID), open)
	for _, a := range demo.Accounts() {
		id, err := pg.Scalar[int64](t.Context(), s.Pool, `SELECT id FROM authn_account WHERE email = $1`, a.Address())
		if err != nil {
			t.Fatal(err)
		}
		w.walk(a.User, s.SignedIn(t, id), []string{"/", "/akun", "/meja"})
	}
	t.Logf("TOOK %v for %d", time.Since(began), w.n)
	for _, p := range slices.Sorted(maps.Keys(w.pages)) {
		if w.pages[p] && w.opened[p] == 0 {
			t.Logf("UNSEEN %s", p)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(w.most)) {
		t.Logf("MOST %4d %s", w.most[p], p)
	}
}

// stroll is a walk through the portal from link to link.
type stroll struct {
	t      *testing.T
	s      *apptest.Server
	paths  *chi.Mux
	pages  map[string]bool     // by pattern; false: no page
	below  map[string][]string // what there is of a thing besides its own page
	most   map[string]int      // statements, by pattern
	opened map[string]int      // by how many
	n      int
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
		if !w.pages[pattern] || here[pattern] || w.opened[pattern] >= opened {
			continue
		}
		here[pattern] = true
		var p *apptest.Page
		asked := w.s.Queries.During(func() { p = c.Get(path) })
		w.n++
		if p.Status >= 400 {
			if from[path] != "" {
				w.t.Errorf("%s: %s leads to %s, which answers %d", who, from[path], path, p.Status)
			}
			continue
		}
		if p.Status == http.StatusOK {
			w.opened[pattern]++
			w.count(who, pattern, path, asked)
		}
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

func (w *stroll) count(who, pattern, path string, asked []string) {
	w.t.Helper()
	w.most[pattern] = max(w.most[pattern], len(asked))
	times := map[string]int{}
	for _, sql := range asked {
		times[sql]++
	}
	for sql, n := range times {
		if n > again && sql != "begin" && sql != "commit" {
			sql = strings.Join(strings.Fields(sql), " ")
			w.t.Errorf("%s (%s as %s) asks %d times: %.150s … %s", pattern, path, who, n, sql, sql[max(0, len(sql)-80):])
		}
	}
}
