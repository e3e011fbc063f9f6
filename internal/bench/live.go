package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
)

// So many look at their tickets while the queues move.
const (
	liveWatchers = 2000
	liveOpen     = 200 // tickets of each puskesmas
	liveRate     = 4   // calls a second in the whole city
	liveBursts   = 3
	liveDB       = "bench_live"
	// As the page's script does: it waits before it looks, so that two events in a row are one look,
	// and not all who heard the same event look at the same time.
	liveWait, liveSpread = 150 * time.Millisecond, 400 * time.Millisecond
)

// liveQueue is one puskesmas' queue.
type liveQueue struct {
	ID       int64
	Counters []int64
	turn     int
}

// city is the puskesmas of the live part, with the module that moves their queues.
type city struct {
	queue  *epuskesmas.Module
	root   *pgxpool.Pool
	actor  authz.Actor
	queues []*liveQueue
	tokens []string // liveOpen of each queue, in the order of their numbers
}

// watcher is somebody who looks at a ticket: a stream, and the page when it says so.
type watcher struct {
	queue  *liveQueue
	page   string
	stream string
}

// side is what is measured: the portal or the bare server.
type side struct {
	*process
	name     string
	page     func(c *city, queue, ticket int) string
	stream   func(page string, body []byte) (string, error)
	mu       sync.Mutex
	pressed  map[int64]map[int]time.Time // by session and number
	events   []time.Duration
	pages    []time.Duration
	awaited  int // still to be seen, on pages
	failed   error
	fetched  int
	requests *http.Client
}

var (
	liveCode   = regexp.MustCompile(`A-(\d{3})`)
	liveCalled = regexp.MustCompile(`Terakhir dipanggil: A-(\d{3})`)
	liveStream = regexp.MustCompile(`data-live="([^"]+)"`)
)

// live measures how long it takes from the press of "next" until those who watch the
// queue have heard of it, and until they have the page that shows it.
func (b *run) live(ctx context.Context) error {
	c, err := b.city(ctx)
	if err != nil {
		return err
	}
	defer c.root.Close()
	bare, err := startBare(ctx, b.dir, b.server.URL(liveDB, "portal_app"))
	if err != nil {
		return err
	}
	theirs, err := b.watch(ctx, c, &side{
		process: bare, name: "bare",
		page:   func(c *city, queue, _ int) string { return fmt.Sprint("/antrean/", c.queues[queue].ID) },
		stream: func(page string, _ []byte) (string, error) { return page + "/perubahan", nil },
	})
	if err = errors.Join(err, bare.stop()); err != nil {
		return err
	}
	portal, err := b.portal(ctx, liveDB)
	if err != nil {
		return err
	}
	ours, err := b.watch(ctx, c, &side{
		process: portal, name: "portal",
		page: func(c *city, queue, ticket int) string { return "/antrean/" + c.tokens[queue*liveOpen+ticket] },
		stream: func(_ string, body []byte) (string, error) {
			found := liveStream.FindSubmatch(body)
			if found == nil {
				return "", errors.New("a ticket's page names no stream")
			}
			return html.UnescapeString(string(found[1])), nil
		},
	})
	if err = errors.Join(err, portal.stop()); err != nil {
		return err
	}
	b.heading(fmt.Sprintf("%d puskesmas with %d open tickets each, %d watch them live", len(c.queues), liveOpen, liveWatchers))
	ratio := func(a, b float64) string { return fmt.Sprintf("ratio %.2f", a/b) }
	for i, phase := range []string{fmt.Sprintf("%d calls a second", liveRate), "all puskesmas call at once"} {
		o, t := ours.phases[i], theirs.phases[i]
		for _, f := range []struct {
			what       string
			ours, bare []time.Duration
		}{{"press to event", o.events, t.events}, {"press to page", o.pages, t.pages}} {
			o50, o99 := percentiles(f.ours)
			t50, t99 := percentiles(f.bare)
			b.note(fmt.Sprintf("%s: %s, p50 and p99", phase, f.what), ms(o50)+", "+ms(o99),
				fmt.Sprintf("bare %s, %s: %s, %.2f", ms(t50), ms(t99), ratio(float64(o50), float64(t50)), float64(o99)/float64(t99)))
		}
		b.note(phase+": processor time of the server for each reader and call", ms(o.cost), fmt.Sprintf("bare %s: %s", ms(t.cost), ratio(float64(o.cost), float64(t.cost))))
		b.note(phase+": pages fetched for each reader and call", fmt.Sprintf("%.2f", o.looks), fmt.Sprintf("bare %.2f", t.looks))
	}
	b.note("resident before, with all streams open, highest", fmt.Sprintf("%.0f, %.0f, %.0f MB", ours.before, ours.open, ours.highest),
		fmt.Sprintf("bare %.0f, %.0f, %.0f MB", theirs.before, theirs.open, theirs.highest))
	b.note("  for each stream", fmt.Sprintf("%.0f KB", (ours.open-ours.before)*1024/liveWatchers),
		fmt.Sprintf("bare %.0f KB: %s", (theirs.open-theirs.before)*1024/liveWatchers, ratio(ours.open-ours.before, theirs.open-theirs.before)))
	b.note("connections to the database, most", fmt.Sprint(ours.connections), fmt.Sprintf("bare %d", theirs.connections))
	return nil
}

func percentiles(all []time.Duration) (p50, p99 time.Duration) {
	if len(all) == 0 {
		return 0, 0
	}
	slices.Sort(all)
	return all[len(all)/2], all[len(all)*99/100]
}

// city fills a database of its own with the queues.
func (b *run) city(ctx context.Context) (*city, error) {
	if err := b.fresh(ctx, liveDB); err != nil {
		return nil, err
	}
	return b.queues(ctx, liveDB)
}

// queues fills a database that has the portal's tables with the queues of a day.
func (b *run) queues(ctx context.Context, db string) (*city, error) {
	box, err := b.box(db)
	if err != nil {
		return nil, err
	}
	c := &city{}
	if c.root, err = pg.Open(ctx, b.server.URL(db, pglocal.Superuser), pg.Options{}); err != nil {
		return nil, err
	}
	c.queue = epuskesmas.New(epuskesmas.Deps{DB: c.root, Clock: clock.System{}, Box: box, Remember: time.Second})
	if err := c.fill(ctx); err != nil {
		c.root.Close()
		return nil, err
	}
	return c, nil
}

func (c *city) fill(ctx context.Context) error {
	if err := c.queue.EnsureSites(ctx); err != nil {
		return err
	}
	n, err := pg.Scalar[int](ctx, c.root, sqlLivePolis, liveOpen)
	if err != nil {
		return err
	}
	var hashes [][]byte
	for range n * liveOpen {
		token := crypt.Token()
		c.tokens, hashes = append(c.tokens, token), append(hashes, crypt.HashToken(token))
	}
	for _, fill := range []struct {
		sql  string
		args []any
	}{
		{sqlLivePatients, []any{liveOpen}}, {sqlLiveVisits, []any{liveOpen, hashes, []byte("bench")}}, {sqlLiveTickets, []any{liveOpen}},
		{sqlLiveEvents, []any{liveOpen}}, {"VACUUM ANALYZE", nil}, {"CHECKPOINT", nil},
	} {
		if _, err := c.root.Exec(ctx, fill.sql, fill.args...); err != nil {
			return fmt.Errorf("%.60s: %w", fill.sql, err)
		}
	}
	rows, err := c.root.Query(ctx, sqlLiveSessions)
	if err != nil {
		return err
	}
	if c.queues, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (*liveQueue, error) {
		q := &liveQueue{}
		return q, row.Scan(&q.ID, &q.Counters)
	}); err != nil {
		return err
	}
	var top, account int64
	if err := c.root.QueryRow(ctx, `SELECT id FROM org_unit WHERE parent_id IS NULL`).Scan(&top); err != nil {
		return err
	}
	if err := c.root.QueryRow(ctx, sqlBenchReader, top, []string{string(epuskesmas.PermCall)}).Scan(&account); err != nil {
		return err
	}
	c.actor, err = authn.LoadActor(ctx, c.root, account, time.Now())
	return err
}

// watched is what one side showed.
type watched struct {
	before, open, highest float64 // MB
	connections           int
	phases                [2]livePhase
}

type livePhase struct {
	events, pages []time.Duration
	cost          time.Duration
	looks         float64
}

// watch opens the pages and their streams, moves the queues and waits until everybody
// has seen it.
func (b *run) watch(ctx context.Context, c *city, s *side) (w watched, err error) {
	ctx, stop := context.WithCancel(ctx)
	var readers sync.WaitGroup
	defer readers.Wait()
	defer stop()
	s.pressed = map[int64]map[int]time.Time{}
	s.requests = &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: liveWatchers, DisableCompression: true}}
	b.say("%s: %d open their tickets", s.name, liveWatchers)
	all := make([]*watcher, liveWatchers)
	for i := range all {
		queue := i % len(c.queues)
		// The last numbers: none of them is called while we look.
		v := &watcher{queue: c.queues[queue], page: s.page(c, queue, liveOpen-1-i/len(c.queues))}
		body, err := s.get(ctx, v.page)
		if err != nil {
			return w, err
		}
		if v.stream, err = s.stream(v.page, body); err != nil {
			return w, err
		}
		all[i] = v
	}
	if w.before, _, err = s.memory(); err != nil {
		return w, err
	}
	b.say("%s: and their streams", s.name)
	opened := make(chan error, len(all))
	for _, v := range all {
		readers.Go(func() { s.listen(ctx, v, opened) })
	}
	for range all {
		if err := <-opened; err != nil {
			return w, err
		}
	}
	if err := settle(ctx, 5*time.Second); err != nil {
		return w, err
	}
	if w.open, _, err = s.memory(); err != nil {
		return w, err
	}
	for i, move := range []func(context.Context, *city) (int, error){
		func(ctx context.Context, c *city) (int, error) { return s.steadily(ctx, c, 2*b.one) }, s.atOnce,
	} {
		b.say("%s: the queues move, part %d", s.name, i+1)
		s.events, s.pages, s.fetched = nil, nil, 0
		before := used(s.cmd.Process.Pid)
		n, err := move(ctx, c)
		if err != nil {
			return w, err
		}
		// What the queue's times make of it comes within seconds and is paid for too.
		if err := settle(ctx, 8*time.Second); err != nil {
			return w, err
		}
		connections, err := pg.Scalar[int](ctx, c.root, sqlPortalConnections)
		if err != nil {
			return w, err
		}
		s.mu.Lock()
		heard := time.Duration(n)
		w.connections = max(w.connections, connections)
		w.phases[i] = livePhase{slices.Clone(s.events), slices.Clone(s.pages), (used(s.cmd.Process.Pid) - before) / heard, float64(s.fetched) / float64(n)}
		err = s.failed
		if s.awaited > 0 {
			err = errors.Join(err, fmt.Errorf("%s: %d of %d never saw what happened", s.name, s.awaited, n))
		}
		s.mu.Unlock()
		if err != nil {
			return w, err
		}
	}
	_, w.highest, err = s.memory()
	return w, err
}

func settle(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// steadily calls somebody in one puskesmas after the other. It returns how many readers
// there were of all the calls.
func (s *side) steadily(ctx context.Context, c *city, d time.Duration) (int, error) {
	calls := int(d.Seconds() * liveRate)
	tick := time.NewTicker(time.Second / liveRate)
	defer tick.Stop()
	for i := range calls {
		<-tick.C
		if err := s.press(ctx, c, c.queues[i%len(c.queues)]); err != nil {
			return 0, err
		}
	}
	return s.readers(calls, len(c.queues)), s.seen(ctx)
}

// atOnce calls somebody in all puskesmas at the same time, and again when everybody has
// seen it.
func (s *side) atOnce(ctx context.Context, c *city) (int, error) {
	for range liveBursts {
		failed := make(chan error, len(c.queues))
		for _, q := range c.queues {
			go func() { failed <- s.press(ctx, c, q) }()
		}
		for range c.queues {
			if err := <-failed; err != nil {
				return 0, err
			}
		}
		if err := s.seen(ctx); err != nil {
			return 0, err
		}
	}
	return s.readers(liveBursts*len(c.queues), len(c.queues)), nil
}

// readers is by how many people so many calls, in turn, were heard.
func (s *side) readers(calls, queues int) (n int) {
	for i := range calls {
		n += readersOf(i%queues, queues)
	}
	return n
}

func readersOf(queue, queues int) int {
	n := liveWatchers / queues
	if queue < liveWatchers%queues {
		n++
	}
	return n
}

// press calls the next patient of a queue.
func (s *side) press(ctx context.Context, c *city, q *liveQueue) error {
	s.mu.Lock()
	counter := q.Counters[q.turn%len(q.Counters)]
	q.turn++
	// Every second one is here: 1, 3, 5…
	number := 2*q.turn - 1
	if s.pressed[q.ID] == nil {
		s.pressed[q.ID] = map[int]time.Time{}
	}
	s.pressed[q.ID][number] = time.Now()
	s.awaited += readersOf(slices.Index(c.queues, q), len(c.queues))
	s.mu.Unlock()
	_, err := c.queue.Next(ctx, c.actor, counter, 0)
	return err
}

// seen waits until all pages show all calls.
func (s *side) seen(ctx context.Context) error {
	deadline := time.Now().Add(time.Minute)
	for {
		s.mu.Lock()
		left, failed := s.awaited, s.failed
		s.mu.Unlock()
		if left == 0 || failed != nil || time.Now().After(deadline) {
			return failed
		}
		if err := settle(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}

// listen reads a stream and does what the page's script does with it.
func (s *side) listen(ctx context.Context, v *watcher, opened chan<- error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+v.stream, nil)
	if err != nil {
		opened <- err
		return
	}
	resp, err := (&http.Client{Transport: &http.Transport{DisableCompression: true}}).Do(req)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("a stream: status %d", resp.StatusCode)
	}
	if opened <- err; err != nil {
		return
	}
	defer resp.Body.Close()
	var heard, shown int
	look := make(chan struct{}, 1)
	var looking sync.WaitGroup
	defer looking.Wait()
	defer close(look)
	looking.Go(func() {
		for range look {
			if settle(ctx, liveWait+rand.N(liveSpread)) != nil {
				return
			}
			select {
			case <-look: // came while we waited
			default:
			}
			body, err := s.get(ctx, v.page)
			at := time.Now()
			if ctx.Err() != nil {
				return
			}
			s.mu.Lock()
			s.fetched++
			if found := liveCalled.FindSubmatch(body); found != nil {
				n := s.take(v, &s.pages, string(found[1]), &shown, at)
				s.awaited -= n
			}
			s.failed = errors.Join(s.failed, err)
			s.mu.Unlock()
		}
	})
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		at := time.Now()
		if found := liveCode.FindStringSubmatch(data); found != nil {
			s.mu.Lock()
			s.take(v, &s.events, found[1], &heard, at)
			s.mu.Unlock()
		}
		select {
		case look <- struct{}{}:
		default:
		}
	}
	if ctx.Err() == nil {
		s.mu.Lock()
		s.failed = errors.Join(s.failed, fmt.Errorf("a stream ended: %w", errors.Join(lines.Err(), io.EOF)))
		s.mu.Unlock()
	}
}

// take notes how long ago the calls were made that a reader hears of for the first time,
// and returns how many they are.
func (s *side) take(v *watcher, to *[]time.Duration, code string, last *int, at time.Time) (n int) {
	number, err := strconv.Atoi(code)
	if err != nil || number <= *last {
		return 0
	}
	for called, pressed := range s.pressed[v.queue.ID] {
		if called > *last && called <= number {
			*to = append(*to, at.Sub(pressed))
			n++
		}
	}
	*last = number
	return n
}

func (s *side) get(ctx context.Context, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path, nil)
	if err != nil {
		return nil, err
	}
	resp, err := s.requests.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("a ticket: status %d", resp.StatusCode)
	}
	return body, err
}
