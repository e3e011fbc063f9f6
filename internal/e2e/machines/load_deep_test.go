//go:build deep

package machines_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// visitor never follows: what is answered is what counts.
var visitor = &http.Client{
	Timeout:       30 * time.Second,
	Transport:     &http.Transport{MaxIdleConnsPerHost: 100},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// answer is what one request met.
type answer struct {
	at   time.Time // when it was over
	took time.Duration
	post bool
	by   string // the portal that answered
	bad  string // "" or what was wrong
}

// crowd reads pages and sends reports through the balancer until it is told to stop.
type crowd struct {
	base   string
	drafts []string
	next   atomic.Int64
	stop   chan struct{}
	all    sync.WaitGroup

	mu      sync.Mutex
	answers []answer
	told    map[string]bool // whether a report was acknowledged, by the drafts that were sent
}

// pages need the database, each in another way.
var pages = []string{"/mtr", "/mtr/statistik", "/puskesmas", "/surat", "/lacak?nomor=MTR-26-000001"}

const (
	readers = 6
	senders = 3
	// A sender thinks between two reports, or the drafts would be gone in a moment.
	thinks = 60 * time.Millisecond
)

func gather(base string, drafts []string) *crowd {
	c := &crowd{base: base, drafts: drafts, told: map[string]bool{}}
	c.begin()
	return c
}

func (c *crowd) begin() {
	c.stop = make(chan struct{})
	for i := range readers {
		c.all.Go(func() {
			for n := i; !c.over(0); n++ {
				c.note(c.ask(http.MethodGet, pages[n%len(pages)]))
			}
		})
	}
	for range senders {
		c.all.Go(func() {
			for !c.over(thinks) {
				n := int(c.next.Add(1)) - 1
				if n >= len(c.drafts) {
					return
				}
				c.send(c.drafts[n])
			}
		})
	}
}

func (c *crowd) over(pause time.Duration) bool {
	select {
	case <-c.stop:
		return true
	case <-time.After(pause):
		return false
	}
}

func (c *crowd) send(draft string) (ok bool) {
	a := c.ask(http.MethodPost, "/mtr/lapor/"+draft+"/kirim")
	c.note(a)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told[draft] = c.told[draft] || a.bad == ""
	return a.bad == ""
}

func (c *crowd) ask(method, path string) answer {
	began := time.Now()
	a := answer{post: method == http.MethodPost}
	resp, err := func() (*http.Response, error) {
		req, err := http.NewRequest(method, c.base+path, strings.NewReader(""))
		if err != nil {
			return nil, err
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("User-Agent", path) // each report from a browser of its own: who sends many has to wait
		return visitor.Do(req)
	}()
	if err == nil {
		_, err = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	switch {
	case err != nil:
		a.bad = "broken off"
	case resp.StatusCode >= 500:
		a.bad = resp.Status
	case a.post && !strings.HasSuffix(resp.Header.Get("Location"), "/terkirim"):
		a.bad = fmt.Sprintf("%s to %q", resp.Status, resp.Header.Get("Location"))
	}
	if err == nil {
		a.by = resp.Header.Get("X-Portal")
	}
	a.at, a.took = time.Now(), time.Since(began)
	return a
}

func (c *crowd) note(a answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers = append(c.answers, a)
}

// since is what was met after a moment.
func (c *crowd) since(t time.Time) []answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.answers), func(a answer) bool { return a.at.Before(t) })
}

// answered tells whether a portal has answered since.
func (c *crowd) answered(portal string, since time.Time) bool {
	return slices.ContainsFunc(c.since(since), func(a answer) bool { return a.by == portal && a.bad == "" })
}

func (c *crowd) leave() {
	close(c.stop)
	c.all.Wait()
}

func count(t *testing.T, q pg.Querier, sql string) (n int) {
	t.Helper()
	must(t, q.QueryRow(t.Context(), sql).Scan(&n))
	return n
}

// figures of a fault.
type figures struct {
	requests, failed, failedPosts int
	recovered                     time.Duration // from the fault to the last failure
	slowest                       time.Duration
	what                          map[string]int
}

func (f figures) String() string {
	return fmt.Sprintf("%d requests, %d failed (%.2f %%, %d of them reports), the last one %v after it, slowest answer %v %v",
		f.requests, f.failed, 100*float64(f.failed)/float64(max(1, f.requests)), f.failedPosts, f.recovered.Round(time.Millisecond), f.slowest.Round(time.Millisecond), f.what)
}

// met sums up what the crowd met since a fault.
func (c *crowd) met(t *testing.T, fault time.Time) (f figures) {
	t.Helper()
	f.what = map[string]int{}
	for _, a := range c.since(fault) {
		f.requests++
		f.slowest = max(f.slowest, a.took)
		if a.bad == "" {
			continue
		}
		f.failed++
		f.what[a.bad]++
		f.recovered = max(f.recovered, a.at.Sub(fault))
		if a.post {
			f.failedPosts++
		}
	}
	if f.requests == 0 {
		t.Fatal("nobody asked for anything: nothing is shown")
	}
	return f
}
