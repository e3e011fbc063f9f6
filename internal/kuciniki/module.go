package kuciniki

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// Deps is what Kuciniki stands on.
type Deps struct {
	DB       *pgxpool.Pool
	Clock    clock.Clock
	Box      *crypt.Box
	Signer   sign.Signer
	Letters  Letters  // of e-Office, which justify absence
	Evidence Evidence // what the work itself shows; nil: nothing is known
	Emblem   []byte   // the city's coat of arms as PNG, heads papers; nil: they have none
}

// Module holds the use cases. It is safe for concurrent use.
type Module struct {
	db       *pgxpool.Pool
	clock    clock.Clock
	box      *crypt.Box
	signer   sign.Signer
	letters  Letters
	evidence Evidence
	emblem   []byte
}

// New returns the module. It does not touch the database.
func New(d Deps) *Module {
	return &Module{db: d.DB, clock: d.Clock, box: d.Box, signer: d.Signer, letters: d.Letters, evidence: d.Evidence, emblem: d.Emblem}
}

func (m *Module) now() time.Time { return m.clock.Now().Truncate(time.Microsecond) }

// Year is the year that it is in the city.
func (m *Module) Year() int { return m.now().In(clock.Makassar).Year() }

// rates lists the positions in which the actor may judge: a Plh may not.
func rates(a authz.Actor) []int64 {
	out := []int64{}
	for _, p := range a.Positions {
		if p.Kind != plh {
			out = append(out, p.ID)
		}
	}
	return out
}

// holds is where the actor sits in a position, as a judge.
func holds(a authz.Actor, position int64) (authz.Position, bool) {
	for _, p := range a.Positions {
		if p.ID == position && p.Kind != plh && position != 0 {
			return p, true
		}
	}
	return authz.Position{}, false
}

// plh stands in while the holder is away.
const plh = "plh"

const sqlAboveAny = `SELECT EXISTS (SELECT FROM kuciniki_above($1) u WHERE u.step > 0 AND u.position_id = ANY ($2::bigint[]))`

// isAbove tells whether the actor sits above a position, however far.
func isAbove(ctx context.Context, q pg.Querier, a authz.Actor, position int64) (bool, error) {
	return pg.Scalar[bool](ctx, q, sqlAboveAny, position, rates(a))
}
