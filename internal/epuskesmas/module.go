package epuskesmas

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
)

// Deps is what the module stands on.
type Deps struct {
	DB      *pgxpool.Pool
	Clock   clock.Clock
	Box     *crypt.Box
	BaseURL string // without a trailing slash; for links in messages
	// Remember is for how long holidays, where else there is a place when a session is full,
	// and a queue to which nothing happens, are remembered; 0: not at all.
	Remember time.Duration
}

// Module holds the use cases. It is safe for concurrent use.
type Module struct {
	db      *pgxpool.Pool
	clock   clock.Clock
	box     *crypt.Box
	baseURL string
	// gate lets so many book at once; the others hold no connection while they wait, and
	// find out cheaply when the places are gone.
	gate     chan struct{}
	holidays recent[*calendar.Calendar] // by unit
	others   recent[[]Session]          // by poli
	times    times
	looks    looks[*queueNow] // by session
	boards   looks[Board]     // by unit
	visits   looks[visitRows] // by visit
}

// bookAtOnce is how many bookings one process works on at a time. They wait for the same
// session's row anyway.
const bookAtOnce = 8

// New returns the module. It does not touch the database.
func New(d Deps) *Module {
	return &Module{db: d.DB, clock: d.Clock, box: d.Box, baseURL: d.BaseURL, gate: make(chan struct{}, bookAtOnce),
		holidays: recent[*calendar.Calendar]{life: d.Remember}, others: recent[[]Session]{life: d.Remember},
		looks: looks[*queueNow]{life: d.Remember, most: mostRemembered}, boards: looks[Board]{life: d.Remember, most: mostRemembered},
		visits: looks[visitRows]{life: 60 * d.Remember, most: mostVisits}}
}

func (m *Module) now() time.Time { return m.clock.Now().Truncate(time.Microsecond) }

// today is the city's date, as the database takes it.
func (m *Module) today() string { return dateOf(m.now()) }

func dateOf(t time.Time) string { return t.In(clock.Makassar).Format(time.DateOnly) }

// recent remembers for a moment what is the same for everybody in a rush for numbers.
type recent[V any] struct {
	life time.Duration // 0: remembers nothing
	mu   sync.Mutex
	kept memory[V]
}

// memory is what is remembered; all is forgotten when it is too much.
type memory[V any] map[int64]remembered[V]

type remembered[V any] struct {
	value V
	until time.Time
}

func (m *memory[V]) put(key int64, v V, until time.Time, most int) {
	if *m == nil || len(*m) >= most {
		*m = memory[V]{}
	}
	(*m)[key] = remembered[V]{v, until}
}

const (
	// mostRemembered is how much of one kind is remembered.
	mostRemembered = 1000
	// mostVisits are remembered, two kilobytes each: their versions hold until something
	// happens to them, and whoever waits looks whenever the queue moves.
	mostVisits = 4000
)

// get is what is remembered under key, or what load gives; of many who ask at once one
// loads. A failure is not remembered.
func (r *recent[V]) get(key int64, now time.Time, load func() (V, error)) (V, error) {
	if r.life == 0 {
		return load()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if k, ok := r.kept[key]; ok && now.Before(k.until) {
		return k.value, nil
	}
	v, err := load()
	if err == nil {
		r.kept.put(key, v, now.Add(r.life), mostRemembered)
	}
	return v, err
}

// calendarOf is when a unit keeps holidays.
func (m *Module) calendarOf(ctx context.Context, unitID int64) (*calendar.Calendar, error) {
	return m.holidays.get(unitID, m.now(), func() (*calendar.Calendar, error) { return calendar.Load(ctx, m.db, unitID) })
}
