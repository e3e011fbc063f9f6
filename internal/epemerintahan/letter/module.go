package letter

import (
	"context"
	"io"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// Deps is what the letters stand on.
type Deps struct {
	DB        *pgxpool.Pool
	Clock     clock.Clock
	Box       *crypt.Box
	Blobs     blob.Store
	Residents *epemerintahan.Module
	Signer    sign.Signer
	Scans     Scanner
	BaseURL   string // without a trailing slash; for links and QR codes
	Emblem    []byte // the city's coat of arms as PNG, heads letters; nil: they have none
}

// Module holds the use cases. It is safe for concurrent use.
type Module struct {
	db        *pgxpool.Pool
	clock     clock.Clock
	box       *crypt.Box
	blobs     blob.Store
	residents *epemerintahan.Module
	signer    sign.Signer
	scans     Scanner
	baseURL   string
	emblem    []byte
	kinds     sync.Map // Kind by version id
}

// Scanner makes scans and photos of papers safe to keep; media.Processor does it.
type Scanner interface {
	Scan(ctx context.Context, r io.ReadSeeker) (media.Scan, error)
}

// New returns the module. It does not touch the database.
func New(d Deps) *Module {
	return &Module{
		db: d.DB, clock: d.Clock, box: d.Box, blobs: d.Blobs, residents: d.Residents, signer: d.Signer, scans: d.Scans, baseURL: d.BaseURL,
		emblem: d.Emblem,
	}
}

// set makes a composed letter a PDF.
func (m *Module) set(doc naskah.Document) ([]byte, error) {
	doc.Head.EmblemPNG = m.emblem
	return naskah.Render(doc)
}

func (m *Module) now() time.Time { return m.clock.Now().Truncate(time.Microsecond) }
