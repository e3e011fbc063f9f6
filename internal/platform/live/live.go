// Package live tells open pages that something changed: PostgreSQL's NOTIFY,
// heard once per portal and spread to its subscribers. A topic says only
// "look again"; what to show is read by the page, with its own rights.
package live

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const channel = "portal_live"

const sqlNotify = `SELECT pg_notify('portal_live', $1)`

// Notify announces topic ("mtr.report.17") when the caller's transaction
// commits. Topics hold no personal data and at most 200 bytes.
func Notify(ctx context.Context, q pg.Querier, topic string) error {
	return pg.Exec(ctx, q, sqlNotify, topic)
}

// Hub spreads topics to subscribers.
type Hub struct {
	url  string
	mu   sync.Mutex
	subs map[string]map[chan struct{}]struct{}
}

// NewHub returns a hub that listens on the database at url, which must not
// go through a transaction pooler.
func NewHub(url string) *Hub {
	return &Hub{url: url, subs: map[string]map[chan struct{}]struct{}{}}
}

// Subscribe returns a channel that receives after a topic was announced.
// Announcements that come faster than they are read become one. Call cancel
// when done.
func (h *Hub) Subscribe(topic string) (changed <-chan struct{}, cancel func()) {
	f := h.Follow(topic)
	return f.C, f.Close
}

// Follower is a subscriber whose topic may become another one. It belongs to
// one goroutine.
type Follower struct {
	C     <-chan struct{}
	ch    chan struct{}
	hub   *Hub
	topic string
}

// Follow is Subscribe for a reader that moves from topic to topic.
func (h *Hub) Follow(topic string) *Follower {
	ch := make(chan struct{}, 1)
	f := &Follower{C: ch, ch: ch, hub: h}
	f.To(topic)
	return f
}

// To changes the topic and tells whether it was another one. Whoever moves
// looks again: what was announced before was not heard.
func (f *Follower) To(topic string) bool {
	if f.topic == topic {
		return false
	}
	h := f.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	f.leave()
	if h.subs[topic] == nil {
		h.subs[topic] = map[chan struct{}]struct{}{}
	}
	h.subs[topic][f.ch] = struct{}{}
	f.topic = topic
	return true
}

// leave needs the hub's lock.
func (f *Follower) leave() {
	delete(f.hub.subs[f.topic], f.ch)
	if len(f.hub.subs[f.topic]) == 0 {
		delete(f.hub.subs, f.topic)
	}
}

// Close ends the subscription.
func (f *Follower) Close() {
	f.hub.mu.Lock()
	defer f.hub.mu.Unlock()
	f.leave()
}

// Run listens until ctx ends. A lost connection is made again after a second,
// and then everybody looks again, because announcements may have been missed.
func (h *Hub) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := h.listen(ctx); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "live hub lost its connection", "err", err)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
}

func (h *Hub) listen(ctx context.Context) error {
	connectCtx, cancel := context.WithTimeout(ctx, 5*time.Second)
	conn, err := pgx.Connect(connectCtx, h.url)
	cancel()
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	h.announceAll()
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		h.announce(n.Payload)
	}
}

func (h *Hub) announce(topic string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for ch := range h.subs[topic] {
		wake(ch)
	}
}

func (h *Hub) announceAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, chans := range h.subs {
		for ch := range chans {
			wake(ch)
		}
	}
}

func wake(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}
