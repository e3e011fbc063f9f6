// Package tiles fetches the tiles of maps for visitors and keeps them, so that no visitor's
// address, and no part of the map that somebody looks at, goes to whoever makes the map.
package tiles

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/turn"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Template is where pages find tiles that the portal fetches.
const Template = "/ubin/{z}/{x}/{y}"

const (
	// keep is how long a tile is shown before it is fetched anew; the tile policy of
	// OpenStreetMap asks for a week at least.
	keep = 7 * 24 * time.Hour
	// maxTile is the largest tile; usual ones have 5 to 50 KB.
	maxTile = 1 << 20
	// atOnce are fetched at the same time; waiting may wait for them.
	atOnce, waiting = 8, 200
	// rest is how long nothing is fetched from a server that failed.
	rest = 15 * time.Second
	// perMinute is how many tiles one network may ask for, some hundred looks at the map.
	perMinute = 3000
)

// patience is how long a tile may take to come; short of web.DefaultTimeout, so that the
// visitor still hears.
const patience = 10 * time.Second

// Options of a Proxy.
type Options struct {
	Upstream string // address with {z}, {x} and {y}, {s} and {r} as Leaflet has them; "" fetches nothing
	Dir      string // where tiles are kept; made when it is needed
	Agent    string // who we are, to the server
	MaxBytes int64  // that are kept at most
	Clock    clock.Clock
	Patience time.Duration // 0: some seconds
}

// Proxy fetches and keeps tiles. It is safe for concurrent use.
type Proxy struct {
	o      Options
	store  store
	client *http.Client
	flight singleflight.Group
	slots  chan struct{}
	queue  atomic.Int64

	mu    sync.Mutex
	rests time.Time // until when the server is left alone
}

// New returns a proxy of the server that o names.
func New(o Options) *Proxy {
	if o.Patience == 0 {
		o.Patience = patience
	}
	return &Proxy{
		o: o, store: store{dir: o.Dir, most: o.MaxBytes}, slots: make(chan struct{}, atOnce),
		client: &http.Client{
			Timeout:       o.Patience,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // only the named server is asked
		},
	}
}

// Routes returns the tiles; without a server there are none.
func (p *Proxy) Routes() []web.Route {
	return []web.Route{{
		Method: http.MethodGet, Pattern: Template, Access: web.Public, Machine: true, PerMinute: perMinute,
		Handle: p.serve, OnError: func(w http.ResponseWriter, _ *http.Request, err error) { away(w, err) },
	}}
}

func away(w http.ResponseWriter, err error) {
	web.SetRetryAfter(w, err)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(web.Status(err))
}

func (p *Proxy) serve(w http.ResponseWriter, r *http.Request) error {
	t, ok := read(web.Path(r, "z"), web.Path(r, "x"), web.Path(r, "y"))
	if !ok || p.o.Upstream == "" {
		return errs.New(errs.NotFound, "")
	}
	picture, at, err := p.get(r.Context(), t)
	if err != nil {
		away(w, err) // already in the log, once for all who want a tile
		return nil
	}
	if len(picture) == 0 {
		return errs.New(errs.NotFound, "") // the server said so
	}
	left := max(at.Add(keep).Sub(p.o.Clock.Now()), time.Hour) // one that is old is all there is now
	w.Header().Set("Content-Type", http.DetectContentType(picture))
	w.Header().Set("Cache-Control", fmt.Sprintf("public, max-age=%d", int(left.Seconds())))
	http.ServeContent(w, r, "", at, bytes.NewReader(picture))
	return nil
}

// get returns a tile and when it was fetched. One that is too old is better than none, and
// than waiting: it is shown while it is fetched anew.
func (p *Proxy) get(ctx context.Context, t tile) ([]byte, time.Time, error) {
	old, at, found := p.store.load(t)
	now := p.o.Clock.Now()
	if found && now.Sub(at) < keep {
		return old, at, nil
	}
	// Who leaves must not spoil it for others who wait for the same tile.
	turn.Leave(ctx)
	done := p.flight.DoChan(t.String(), func() (any, error) { return p.fetch(context.WithoutCancel(ctx), t) })
	if found {
		return old, at, nil
	}
	select {
	case <-ctx.Done():
		return nil, now, errs.Wrap(errs.Unavailable, ctx.Err(), "")
	case got := <-done:
		if got.Err != nil {
			return nil, now, errs.Wrap(errs.Unavailable, got.Err, "")
		}
		return got.Val.([]byte), now, nil
	}
}

var (
	errResting = errors.New("tiles: the server failed a moment ago")
	errBusy    = errors.New("tiles: too many wait")
)

// fetch asks the server for a tile and keeps what it says; nothing: it has none there.
func (p *Proxy) fetch(ctx context.Context, t tile) ([]byte, error) {
	if p.queue.Add(1) > atOnce+waiting {
		p.queue.Add(-1)
		return nil, errBusy
	}
	defer p.queue.Add(-1)
	ctx, cancel := context.WithTimeout(ctx, p.o.Patience)
	defer cancel()
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, errBusy
	}
	now := p.o.Clock.Now()
	p.mu.Lock()
	resting := now.Before(p.rests)
	p.mu.Unlock()
	if resting {
		return nil, errResting
	}
	picture, ill, err := p.ask(ctx, t)
	if ill {
		p.mu.Lock()
		p.rests = now.Add(rest)
		p.mu.Unlock()
	}
	if err != nil {
		slog.WarnContext(ctx, "a tile is not fetched", "err", err)
		return nil, err
	}
	if err := p.store.save(t, picture, now); err != nil {
		slog.WarnContext(ctx, "a tile is not kept", "err", bare(err))
	}
	return picture, nil
}

// ask makes the request; ill: the server should be left alone for a while.
func (p *Proxy) ask(ctx context.Context, t tile) (picture []byte, ill bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.in(p.o.Upstream), nil)
	if err != nil {
		return nil, false, errors.New("tiles: the address cannot be asked")
	}
	req.Header.Set("User-Agent", p.o.Agent)
	req.Header.Set("Accept", "image/png, image/webp, image/jpeg")
	resp, err := p.client.Do(req)
	if err != nil {
		return nil, true, fmt.Errorf("tiles: the server is not reached: %w", bare(err))
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusNoContent:
		return nil, false, nil
	case resp.StatusCode != http.StatusOK:
		return nil, resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests, fmt.Errorf("tiles: the server answers %d", resp.StatusCode)
	}
	picture, err = io.ReadAll(io.LimitReader(resp.Body, maxTile+1))
	switch {
	case err != nil:
		return nil, true, fmt.Errorf("tiles: the answer breaks off: %w", bare(err))
	case len(picture) > maxTile:
		return nil, false, errors.New("tiles: the answer is larger than any tile")
	}
	switch http.DetectContentType(picture) {
	case "image/png", "image/jpeg", "image/webp":
		return picture, false, nil
	}
	return nil, false, errors.New("tiles: the answer is no picture")
}

// bare is an error without the address, which may carry a key and says where somebody looks.
func bare(err error) error {
	for e := err; e != nil; e = errors.Unwrap(e) {
		err = e
	}
	return err
}

// in puts the tile into an address.
func (t tile) in(template string) string {
	return strings.NewReplacer("{z}", strconv.Itoa(t.z), "{x}", strconv.Itoa(t.x), "{y}", strconv.Itoa(t.y),
		"{s}", string("abc"[(t.x+t.y)%3]), "{r}", "").Replace(template)
}
