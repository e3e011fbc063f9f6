package eoffice

import (
	"context"
	"io"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// Deps is what e-Office stands on.
type Deps struct {
	DB      *pgxpool.Pool
	Clock   clock.Clock
	Box     *crypt.Box
	Blobs   blob.Store
	Signer  sign.Signer
	Scans   Scanner
	BaseURL string // without a trailing slash; for links and QR codes
	Emblem  []byte // the city's coat of arms as PNG, heads letters; nil: they have none
}

// Module holds the use cases. It is safe for concurrent use.
type Module struct {
	db      *pgxpool.Pool
	clock   clock.Clock
	box     *crypt.Box
	blobs   blob.Store
	signer  sign.Signer
	scans   Scanner
	baseURL string
	emblem  []byte
}

// Scanner makes files that people send safe to keep, and pictures of their pages;
// media.Processor does it.
type Scanner interface {
	Document(ctx context.Context, r media.Upload) (media.Document, error)
	Picture(ctx context.Context, r io.Reader, each func(page []byte) error) error
}

// New returns the module. It does not touch the database.
func New(d Deps) *Module {
	return &Module{
		db: d.DB, clock: d.Clock, box: d.Box, blobs: d.Blobs, signer: d.Signer, scans: d.Scans, baseURL: d.BaseURL, emblem: d.Emblem,
	}
}

func (m *Module) now() time.Time { return m.clock.Now().Truncate(time.Microsecond) }

// set makes a composed letter a PDF.
func (m *Module) set(doc naskah.Document) ([]byte, error) {
	doc.Head.EmblemPNG = m.emblem
	return naskah.Render(doc)
}

const sqlSeats = `
SELECT s.position_id, s.occupancy_id, p.unit_id, s.kind, p.title, s.starts_at
FROM eoffice_seat s JOIN org_position p ON p.id = s.position_id
WHERE s.person_id = $1 AND s.starts_at <= $2 AND (s.ends_at IS NULL OR s.ends_at > $2)
ORDER BY s.kind <> 'definitif', s.position_id`

// Seats lists where the actor sits now, the definitive desk first.
func (m *Module) Seats(ctx context.Context, a authz.Actor) ([]Seat, error) {
	return seats(ctx, m.db, a, m.now())
}

func seats(ctx context.Context, q pg.Querier, a authz.Actor, at time.Time) ([]Seat, error) {
	return sitting(ctx, q, sqlSeats, a, at)
}

// sitting asks for desks of the actor's, once while an answer is made.
func sitting(ctx context.Context, q pg.Querier, sql string, a authz.Actor, at time.Time) ([]Seat, error) {
	if a.PersonID == 0 {
		return nil, nil
	}
	return pg.Once(ctx, sittingAt{sql, a.PersonID, at.Truncate(time.Minute).Unix()}, func() ([]Seat, error) { return pg.Many[Seat](ctx, q, sql, a.PersonID, at) })
}

// sittingAt is the key of what was asked about a person in a minute.
type sittingAt struct {
	sql            string
	person, minute int64
}

func desks(all []Seat) []int64 {
	out := make([]int64, len(all))
	for i, s := range all {
		out[i] = s.PositionID
	}
	return out
}
