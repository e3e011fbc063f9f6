package epuskesmas

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	learnDays = 60 // of sessions that the times of a poli are learned from
	learnAt   = 8  // sessions read at once

	// Bounds of what one process remembers; the rest is read again when it is needed.
	maxPolis    = 512
	maxSessions = 128 // of one poli
)

// times is what one process remembers to work out times. All of it follows from the
// database, so two portals say the same.
type times struct {
	mu    sync.Mutex
	polis map[int64]*poliTimes
}

// poliTimes is what is known of one poli. Its lock is taken before a connection, never
// while one is held.
type poliTimes struct {
	used time.Time // under the lock of times

	mu       sync.Mutex
	day      string  // of the model
	learned  []int64 // the sessions in it
	looked   time.Time
	model    *estimate.Model
	sessions map[int64]*replay
	expected map[int64]expectation // by the beginning of the session
}

// of is what is known of a poli.
func (ts *times) of(poliID int64, now time.Time) *poliTimes {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	p := ts.polis[poliID]
	if p == nil {
		if len(ts.polis) >= maxPolis {
			oldest := slices.MinFunc(slices.Collect(maps.Keys(ts.polis)), func(a, b int64) int {
				return cmp.Or(ts.polis[a].used.Compare(ts.polis[b].used), cmp.Compare(a, b))
			})
			delete(ts.polis, oldest)
		}
		p = &poliTimes{sessions: map[int64]*replay{}, expected: map[int64]expectation{}}
		if ts.polis == nil {
			ts.polis = map[int64]*poliTimes{}
		}
		ts.polis[poliID] = p
	}
	p.used = now
	return p
}

// learn brings the model up to the sessions that are over. On another day, or when a
// session was opened again, it is learned anew, so that it never depends on how long the
// process runs.
func (p *poliTimes) learn(ctx context.Context, q pg.Querier, poliID int64, now time.Time) error {
	today := dateOf(now)
	ids, err := pg.Scalars[int64](ctx, q, sqlToLearn, poliID, dateOf(now.AddDate(0, 0, -learnDays)))
	if err != nil {
		return err
	}
	p.looked = now
	if p.model == nil || p.day != today || len(ids) < len(p.learned) || !slices.Equal(ids[:len(p.learned)], p.learned) {
		p.model, p.day, p.learned = estimate.NewModel(), today, nil
		clear(p.sessions)
	}
	for len(p.learned) < len(ids) {
		some := ids[len(p.learned):min(len(p.learned)+learnAt, len(ids))]
		if err := p.learnSome(ctx, q, some); err != nil {
			p.model = nil // half of them may be in it
			return err
		}
		p.learned = ids[:len(p.learned)+len(some)]
	}
	return nil
}

// toldRow is an estimate that was published.
type toldRow struct {
	TicketID      int64
	At            time.Time
	Seq           int
	P10, P50, P90 time.Time
	Ahead         int
}

func (p *poliTimes) learnSome(ctx context.Context, q pg.Querier, ids []int64) error {
	sessions, err := pg.Many[announced](ctx, q, sqlAnnounced, ids)
	if err != nil {
		return err
	}
	rows, err := pg.Many[happened](ctx, q, sqlHappened, ids, 0)
	if err != nil {
		return err
	}
	told, err := pg.Many[toldRow](ctx, q, sqlTold, ids)
	if err != nil {
		return err
	}
	byTicket := map[string][]toldRow{}
	for _, t := range told {
		id := itoa(t.TicketID)
		byTicket[id] = append(byTicket[id], t)
	}
	bySession := map[int64][]happened{}
	for _, h := range rows {
		bySession[h.SessionID] = append(bySession[h.SessionID], h)
	}
	for _, a := range sessions {
		delete(p.sessions, a.ID)
		r := newReplay(a, p.model.ByArrival())
		j := newJudge(p.model, a.StartsAt)
		j.told = byTicket
		r.apply(kept(bySession[a.ID]), func(e estimate.Event) { j.hear(r.seq, e) })
		p.model.Learn(r.Session)
	}
	return nil
}

// judge tells a model what became of the times that a session's patients were told.
type judge struct {
	model    *estimate.Model
	startsAt time.Time
	told     map[string][]toldRow // by ticket
	here     map[string]int       // by ticket: the event with which its owner came
}

func newJudge(m *estimate.Model, startsAt time.Time) judge {
	return judge{m, startsAt, map[string][]toldRow{}, map[string]int{}}
}

func (j judge) tell(t toldRow) {
	id := itoa(t.TicketID)
	j.told[id] = append(j.told[id], t)
}

// hear takes an event of the session, seq.
func (j judge) hear(seq int, e estimate.Event) {
	switch _, came := j.here[e.Ticket]; {
	case e.Kind == estimate.CheckedIn && !came:
		j.here[e.Ticket] = seq
	case e.Kind == estimate.Started:
		for _, t := range j.told[e.Ticket] {
			if t.Seq < seq {
				j.model.Observe(estimate.Told(t.At, j.startsAt, t.P10, t.P50, t.P90, t.Ahead, came && t.Seq >= j.here[e.Ticket]), e.At)
			}
		}
		delete(j.told, e.Ticket)
	}
}

// follow brings the replay of a session up to its newest event.
func (p *poliTimes) follow(ctx context.Context, q pg.Querier, sessionID int64) (*replay, error) {
	a, err := pg.One[announced](ctx, q, sqlAnnounced, []int64{sessionID})
	if err != nil {
		return nil, err
	}
	r := p.sessions[sessionID]
	if r != nil && r.asCame == p.model.ByArrival() && slices.Equal(r.of.Doctors, a.Doctors) && r.of.StartsAt.Equal(a.StartsAt) && r.of.EndsAt.Equal(a.EndsAt) {
		more, err := pg.Many[happened](ctx, q, sqlHappened, []int64{sessionID}, r.seq)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(more, rewrites) {
			r.apply(more, nil)
			return r, nil
		}
	}
	all, err := pg.Many[happened](ctx, q, sqlHappened, []int64{sessionID}, 0)
	if err != nil {
		return nil, err
	}
	r = newReplay(a, p.model.ByArrival())
	r.apply(kept(all), nil)
	if n := len(all); n > 0 {
		r.seq = all[n-1].Seq // what was undone counts as seen
	}
	if len(p.sessions) >= maxSessions {
		clear(p.sessions)
	}
	p.sessions[sessionID] = r
	return r, nil
}

// midnight begins the day of a moment in the city.
func midnight(t time.Time) time.Time {
	y, mo, d := t.In(clock.Makassar).Date()
	return time.Date(y, mo, d, 0, 0, 0, 0, clock.Makassar)
}
