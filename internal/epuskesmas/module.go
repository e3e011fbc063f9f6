package epuskesmas

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
)

// Deps is what the module stands on.
type Deps struct {
	DB      *pgxpool.Pool
	Clock   clock.Clock
	Box     *crypt.Box
	BaseURL string // without a trailing slash; for links in messages
}

// Module holds the use cases. It is safe for concurrent use.
type Module struct {
	db      *pgxpool.Pool
	clock   clock.Clock
	box     *crypt.Box
	baseURL string
}

// New returns the module. It does not touch the database.
func New(d Deps) *Module { return &Module{db: d.DB, clock: d.Clock, box: d.Box, baseURL: d.BaseURL} }

func (m *Module) now() time.Time { return m.clock.Now().Truncate(time.Microsecond) }
