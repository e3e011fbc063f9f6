package epuskesmas

import (
	"context"
	"sync"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// readWithin is how long one reading for all who watch may take.
const readWithin = 10 * time.Second

// queueNow is a session's queue as its patients see it, read once for all who look at
// the same moment.
type queueNow struct {
	session  Session
	version  string // see queueVersion
	lastCall string // the number called last; "" before the first
	tickets  []ticketNow
	index    map[int64]int // of tickets, by id
}

// ticketNow is one ticket in it.
type ticketNow struct {
	ID       int64
	Seq      int
	Status   Status
	Class    estimate.Class
	QueueKey float64
	Code     string
	CalledAt *time.Time
	// What its owner was told last; nil: nothing yet, or it does not matter any more.
	ToldAt, P10, P50, P90 *time.Time
	ToldAhead             *int
}

func (t ticketNow) open() bool { return t.Status == Booked || t.Status == Waiting }

// promise is what the owner was told last.
func (t ticketNow) promise() *Promise {
	if t.ToldAt == nil {
		return nil
	}
	return &Promise{At: *t.ToldAt, P10: *t.P10, P50: *t.P50, P90: *t.P90, Ahead: *t.ToldAhead}
}

// goesBefore tells whether t is before me: those called, those here who go first, and
// those with a smaller number who have not come yet.
func (t ticketNow) goesBefore(me ticketNow) bool {
	switch {
	case t.Status == Called || t.Status == Serving:
		return true
	case !t.open():
		return false
	case t.Class == me.Class:
		return t.QueueKey < me.QueueKey
	}
	return t.Status == Waiting && (t.Class == estimate.Emergency || t.Class == estimate.Priority && me.Class == estimate.Regular)
}

// Line counts people of a queue by how they stand in it, for whoever waits and for the
// board of the waiting room alike.
type Line struct {
	Served int // called, or with the doctor
	Here   int // wait in the house
	Away   int // have a number and have not come yet
}

// All of them.
func (l Line) All() int { return l.Served + l.Here + l.Away }

func (l *Line) add(s Status) {
	switch s {
	case Called, Serving:
		l.Served++
	case Waiting:
		l.Here++
	case Booked:
		l.Away++
	}
}

// ticket is one of the queue, and who is before it.
func (q *queueNow) ticket(id int64) (me ticketNow, ahead Line, found bool) {
	i, found := q.index[id]
	if !found {
		return me, ahead, false
	}
	me = q.tickets[i]
	if !me.open() {
		return me, ahead, true
	}
	for j, t := range q.tickets {
		if j != i && t.goesBefore(me) {
			ahead.add(t.Status)
		}
	}
	return me, ahead, true
}

func (m *Module) readQueue(ctx context.Context, sessionID int64) (*queueNow, error) {
	// The version first: what moves before the tickets are read is in them, and has a later one.
	read, err := pg.One[struct {
		Session
		Version string
	}](ctx, m.db, sqlQueueSession, sessionID)
	if err != nil {
		return nil, err
	}
	q := &queueNow{session: read.Session, version: read.Version}
	if q.tickets, err = pg.Many[ticketNow](ctx, m.db, sqlQueueNow, sessionID); err != nil {
		return nil, err
	}
	q.index = make(map[int64]int, len(q.tickets))
	var last time.Time
	for i, t := range q.tickets {
		q.index[t.ID] = i
		if t.CalledAt != nil && !t.CalledAt.Before(last) {
			last, q.lastCall = *t.CalledAt, t.Code
		}
	}
	return q, nil
}

// look is one reading, of a queue, a board or a visit.
type look[V versioned] struct {
	read func(context.Context, int64) (V, error)
	done chan struct{} // closed when it is there
	v    V
	err  error
}

// looks lets all who want to know the same share readings: who asks while one is under
// way shares the next one, which begins when that one is there. So nobody is shown what
// was read before they asked, and a call that hundreds hear of is read twice at most.
type looks[V versioned] struct {
	life    time.Duration // 0: remembers nothing
	most    int           // remembered
	mu      sync.Mutex
	running map[int64]bool
	next    map[int64]*look[V]
	kept    memory[V]
}

// versioned is what was read from rows of a version.
type versioned interface{ versionOf() string }

func (q *queueNow) versionOf() string { return q.version }
func (b Board) versionOf() string     { return b.version }

// at is what was read a moment ago while the rows still have the version, else what get gives.
func (l *looks[V]) at(ctx context.Context, key int64, version string, now time.Time, read func(context.Context, int64) (V, error)) (V, error) {
	l.mu.Lock()
	kept, ok := l.kept[key]
	l.mu.Unlock()
	if ok && kept.value.versionOf() == version && now.Before(kept.until) {
		return kept.value, nil
	}
	v, err := l.get(ctx, key, read)
	if err == nil && l.life > 0 {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.kept.put(key, v, now.Add(l.life), l.most)
	}
	return v, err
}

func (l *looks[V]) get(ctx context.Context, key int64, read func(context.Context, int64) (V, error)) (V, error) {
	l.mu.Lock()
	next := l.next[key]
	if next == nil {
		// Whoever asks for it first says how: with what was known before an earlier one, a board
		// would have the version of then, and be read anew for everybody.
		next = &look[V]{read: read, done: make(chan struct{})}
		if l.next == nil {
			l.next, l.running = map[int64]*look[V]{}, map[int64]bool{}
		}
		l.next[key] = next
		if !l.running[key] {
			l.running[key] = true
			// Others may share it: it does not end with who asked first.
			go l.run(context.WithoutCancel(ctx), key)
		}
	}
	l.mu.Unlock()
	select {
	case <-next.done:
		return next.v, next.err
	case <-ctx.Done():
		var nothing V
		return nothing, ctx.Err()
	}
}

// run reads until nobody asks any more.
func (l *looks[V]) run(ctx context.Context, key int64) {
	for {
		l.mu.Lock()
		now := l.next[key]
		delete(l.next, key)
		if now == nil {
			delete(l.running, key)
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
		readCtx, cancel := context.WithTimeout(ctx, readWithin)
		now.v, now.err = now.read(readCtx, key)
		cancel()
		close(now.done)
	}
}

// queueOf is the queue of a session as it stands now.
func (m *Module) queueOf(ctx context.Context, sessionID int64) (*queueNow, error) {
	return m.looks.get(ctx, sessionID, m.readQueue)
}

// stand is how the queue, now of that version ("": unknown), stands for a ticket.
func (m *Module) stand(ctx context.Context, t Ticket, version string) (q *queueNow, ahead Line, p *Promise, err error) {
	if q, err = m.looks.at(ctx, t.SessionID, version, m.now(), m.readQueue); err != nil {
		return nil, ahead, nil, err
	}
	now, ahead, _ := q.ticket(t.ID)
	if t.Status != Booked && t.Status != Waiting {
		return q, ahead, nil, nil
	}
	if p = now.promise(); p == nil {
		p, err = m.promise(ctx, t)
	}
	return q, ahead, p, err
}

// Watch is a ticket that was read before, as it stands now. All who watch a queue share
// what is read of it; only the ticket that something happened to is read anew.
func (m *Module) Watch(ctx context.Context, token string, t MyTicket) (_ MyTicket, err error) {
	defer errs.In(&err, "epuskesmas.Watch")
	q, err := m.queueOf(ctx, t.SessionID)
	if err != nil {
		return t, err
	}
	now, ahead, found := q.ticket(t.ID)
	same := found && now.Seq == t.Seq
	if same && t.Next != nil {
		following, err := m.queueOf(ctx, t.Next.SessionID)
		if err != nil {
			return t, err
		}
		next, _, found := following.ticket(t.Next.ID)
		same = found && next.Seq == t.Next.Seq
	}
	if !same {
		return m.Mine(ctx, token)
	}
	t.Session, t.LastCall, t.Ahead = q.session, q.lastCall, ahead
	if p := now.promise(); p != nil && now.open() {
		t.Promise = p
	}
	return t, nil
}

const sqlQueueSession = `SELECT ` + sessionColumns + `, ` + queueVersion + ` AS version FROM epuskesmas_session s JOIN epuskesmas_poli o ON o.id = s.poli_id
WHERE s.id = $1`

// All of a session's tickets in the order of their calls, with what the owners of those
// who wait or may come were told last.
const sqlQueueNow = `
SELECT t.id, t.seq, t.status, t.class, t.queue_key, t.code, t.called_at, e.at AS told_at, e.p10, e.p50, e.p90, e.ahead AS told_ahead
FROM epuskesmas_ticket t LEFT JOIN LATERAL (SELECT at, p10, p50, p90, ahead FROM epuskesmas_estimate
	WHERE ticket_id = t.id AND t.status IN ('dipesan', 'menunggu') ORDER BY id DESC LIMIT 1) e ON true
WHERE t.session_id = $1 ORDER BY t.called_at, t.id`
