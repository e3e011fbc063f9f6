package epemerintahan

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
)

// Deps is what the module stands on.
type Deps struct {
	DB    *pgxpool.Pool
	Clock clock.Clock
	Box   *crypt.Box
	Blobs blob.Store // files of imports; may be nil where nothing is imported
	// Emblem heads prints: the city's coat of arms as PNG. Nil: they have none.
	Emblem []byte
}

// Module holds the use cases. It is safe for concurrent use.
type Module struct {
	db    *pgxpool.Pool
	clock clock.Clock
	box   *crypt.Box
	blobs blob.Store

	emblem []byte
}

// New returns the module. It does not touch the database.
func New(d Deps) *Module {
	return &Module{db: d.DB, clock: d.Clock, box: d.Box, blobs: d.Blobs, emblem: d.Emblem}
}

func (m *Module) now() time.Time { return m.clock.Now().Truncate(time.Microsecond) }
