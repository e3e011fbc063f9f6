package mtr

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/notify"
)

// Deps is what the module stands on.
type Deps struct {
	DB      *pgxpool.Pool
	Clock   clock.Clock
	Box     *crypt.Box
	Blobs   blob.Store
	Photos  PhotoProcessor
	Push    *notify.Push // nil: off
	BaseURL string       // without a trailing slash; for links in messages
	// Remember is how long public pages may be out of date when another process
	// changes a report; 0 = not at all.
	Remember time.Duration
}

// Module holds the use cases. It is safe for concurrent use.
type Module struct {
	db         *pgxpool.Pool
	clock      clock.Clock
	box        *crypt.Box
	blobs      blob.Store
	photos     PhotoProcessor
	push       *notify.Push
	baseURL    string
	categories categoryCache
	figures    figuresCache
	statistics statisticsCache
	lists      recent[listKey, PublicPage]
	reports    recent[string, PublicReport]
}

// New returns the module. It does not touch the database.
func New(d Deps) *Module {
	m := &Module{db: d.DB, clock: d.Clock, box: d.Box, blobs: d.Blobs, photos: d.Photos, push: d.Push, baseURL: d.BaseURL}
	m.lists.life, m.reports.life = d.Remember, d.Remember
	return m
}

// changed makes what the public sees anew. It runs after the commit.
func (m *Module) changed() {
	m.lists.forget()
	m.reports.forget()
}

func (m *Module) now() time.Time { return m.clock.Now().Truncate(time.Microsecond) }
