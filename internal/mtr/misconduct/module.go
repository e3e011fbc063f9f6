package misconduct

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/media"
)

// Scanner makes uploads safe; *media.Processor does it.
type Scanner interface {
	Document(ctx context.Context, r media.Upload) (media.Document, error)
}

// Deps is what the channel stands on.
type Deps struct {
	DB    *pgxpool.Pool
	Clock clock.Clock
	Box   *crypt.Box
	Scans Scanner
}

// Module holds the use cases. It is safe for concurrent use.
type Module struct{ d Deps }

// New returns the module. It does not touch the database.
func New(d Deps) *Module { return &Module{d: d} }

// today is all that is kept of when something was written.
func (m *Module) today() string { return m.d.Clock.Now().In(clock.Makassar).Format(time.DateOnly) }

// Contexts under which things are sealed and hashed. Words and files are bound to their case.
const (
	contextCode = "mtr.misconduct.code"
	contextForm = "mtr.misconduct.form"
)

func contextOf(ref string) string { return "mtr.misconduct:" + ref }
