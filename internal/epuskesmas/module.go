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
	// Remember is for how long holidays are remembered; 0: not at all.
	Remember time.Duration
}

// Module holds the use cases. It is safe for concurrent use.
type Module struct {
	db       *pgxpool.Pool
	clock    clock.Clock
	box      *crypt.Box
	baseURL  string
	holidays holidays
}

// New returns the module. It does not touch the database.
func New(d Deps) *Module {
	return &Module{db: d.DB, clock: d.Clock, box: d.Box, baseURL: d.BaseURL, holidays: holidays{life: d.Remember}}
}

func (m *Module) now() time.Time { return m.clock.Now().Truncate(time.Microsecond) }

// today is the city's date, as the database takes it.
func (m *Module) today() string { return dateOf(m.now()) }

func dateOf(t time.Time) string { return t.In(clock.Makassar).Format(time.DateOnly) }

// holidays remembers the calendars of units, so that a rush for numbers does not read
// them a thousand times.
type holidays struct {
	life  time.Duration
	mu    sync.Mutex
	units map[int64]keptCalendar
}

type keptCalendar struct {
	*calendar.Calendar
	until time.Time
}

// calendarOf is when a unit keeps holidays.
func (m *Module) calendarOf(ctx context.Context, unitID int64) (*calendar.Calendar, error) {
	h, now := &m.holidays, m.now()
	h.mu.Lock()
	kept, ok := h.units[unitID]
	h.mu.Unlock()
	if ok && now.Before(kept.until) {
		return kept.Calendar, nil
	}
	c, err := calendar.Load(ctx, m.db, unitID)
	if err != nil || h.life == 0 {
		return c, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.units == nil {
		h.units = map[int64]keptCalendar{}
	}
	h.units[unitID] = keptCalendar{c, now.Add(h.life)}
	return c, nil
}
