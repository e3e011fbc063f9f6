package web

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/go-chi/httprate"

	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// What is remembered of answers at most: all of it, and one of them.
const (
	mostRemembered    = 8 << 20
	largestRemembered = 512 << 10
)

// remembered keeps what strangers were answered, so that a page that the whole city looks at is
// drawn once in a while and not for each reader. What anybody sends to this process makes it
// forget all before they are answered; what else changes shows within life. Whoever brings a
// cookie is never answered from it, nor does it learn from them.
type remembered struct {
	life time.Duration // 0 = remembers nothing

	mu    sync.Mutex
	epoch int // counts the times everything was forgotten
	size  int
	items map[string]*kept
}

// kept is an answer as it left its route.
type kept struct {
	at     time.Time // of the machine: this is about load, not about the city's time
	header http.Header
	body   []byte
}

// concerns tells whether a request may be answered with what another stranger was.
func (m *remembered) concerns(r *http.Request, route Route) bool {
	return m.life > 0 && (route.Reads || route.Same) && r.Method == http.MethodGet &&
		r.Header["Cookie"] == nil && r.Header["Authorization"] == nil && r.Header["Range"] == nil
}

// recall is the answer that an address had a moment ago, or nil; epoch is for keep.
func (m *remembered) recall(address string) (k *kept, epoch int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if k = m.items[address]; k != nil && time.Since(k.at) >= m.life {
		k = nil
	}
	return k, m.epoch
}

// keep remembers an answer, unless something was sent since its epoch.
func (m *remembered) keep(address string, k *kept, epoch int) {
	size := len(k.body) + len(address)
	if size > largestRemembered {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if epoch != m.epoch {
		return
	}
	if old := m.items[address]; old != nil {
		m.size -= len(old.body) + len(address)
	}
	if m.items == nil || m.size+size > mostRemembered {
		m.items, m.size = map[string]*kept{}, 0
	}
	m.items[address], m.size = k, m.size+size
}

func (m *remembered) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.epoch++
	m.items, m.size = nil, 0
}

// again answers with what was kept.
func (k *kept) again(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for name, values := range k.header {
		h[name] = slices.Clone(values)
	}
	if tag := h.Get("ETag"); tag != "" && Matches(r.Header.Get("If-None-Match"), tag) {
		notModified(h)
		h.Del("Content-Length")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(k.body) // the reader may be gone
}

// Unremembered says that the answer is for this request alone though its route is for everybody.
func Unremembered(ctx context.Context) { of(ctx).unremembered = true }

// orRemember answers a stranger with what another one was answered a moment ago, or has next
// answer in its turn and remembers it. A flood is refused by next. A page with a nonce is one reader's.
func (rt *Router) orRemember(w http.ResponseWriter, r *http.Request, route Route, own *httprate.RateLimiter, next http.Handler) {
	m := &rt.remembered
	if !m.concerns(r, route) {
		rt.inTurn(w, r, route, next)
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			m.forget() // the answer waits in its buffer until we are through
		}
		return
	}
	address := r.URL.EscapedPath() + "?" + r.URL.RawQuery
	if unpacks(r) {
		address += " packed"
	}
	recalled := func() (epoch int, done bool) {
		k, epoch := m.recall(address)
		if k == nil || rt.tooFast(r, authz.Actor{}, own) != nil {
			return epoch, false
		}
		k.again(w, r)
		return epoch, true
	}
	if _, done := recalled(); done {
		return
	}
	rt.inTurn(w, r, route, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		epoch, done := recalled() // many may have waited for the same
		if done {
			return
		}
		rec := &recorder{ResponseWriter: w, before: w.Header().Clone(), at: time.Now()}
		next.ServeHTTP(rec, r)
		q := of(r.Context())
		if rec.status == http.StatusOK && !rec.spoilt && !q.unremembered && !q.nonceTaken && w.Header()["Set-Cookie"] == nil {
			m.keep(address, &kept{at: rec.at, header: rec.header, body: rec.body}, epoch)
		}
	}))
}

// recorder notes what a route answers: its status, the headers it adds, and the body.
type recorder struct {
	http.ResponseWriter
	before, header http.Header
	at             time.Time
	status         int
	body           []byte
	spoilt         bool // too large, or cut off
}

func (c *recorder) WriteHeader(status int) {
	if c.status == 0 && status == http.StatusOK {
		c.header = http.Header{}
		for name, values := range c.ResponseWriter.Header() {
			if !slices.Equal(values, c.before[name]) {
				c.header[name] = slices.Clone(values)
			}
		}
	}
	if status >= http.StatusOK {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *recorder) Write(p []byte) (int, error) {
	if c.status == 0 {
		c.WriteHeader(http.StatusOK)
	}
	n, err := c.ResponseWriter.Write(p)
	if n < len(p) || len(c.body)+len(p) > largestRemembered {
		c.spoilt = true
	}
	if !c.spoilt {
		c.body = append(c.body, p...)
	}
	return n, err
}

func (c *recorder) Unwrap() http.ResponseWriter { return c.ResponseWriter }
