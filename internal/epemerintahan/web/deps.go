// Package epemerintahanweb is the face of the register of residents: search, people,
// families and what happens to them.
package epemerintahanweb

import (
	"context"
	"time"

	"github.com/a-h/templ"
	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/live"
)

// Deps is what the pages stand on.
type Deps struct {
	Residents *epemerintahan.Module
	DB        *pgxpool.Pool // for looking a family's head up
	Clock     clock.Clock
	Hub       *live.Hub // tells open pages how an import goes on; nil: pages do not stay live
	// Letters draws the list of a resident's letters for somebody who may see it; nil:
	// there are none.
	Letters func(ctx context.Context, a authz.Actor, residentID int64) (templ.Component, error)
	// FromLetter tells what a letter says of an event, to fill its form; nil: nothing.
	FromLetter func(ctx context.Context, a authz.Actor, letterID int64) (Prefill, error)
	// Recorded tells the letter that its event was recorded of a resident; nil: nobody
	// asks.
	Recorded func(ctx context.Context, a authz.Actor, letterID int64, kind epemerintahan.EventKind, residentID int64) error
}

// Prefill is what is known of an event before its form is opened.
type Prefill struct {
	On     time.Time
	Detail epemerintahan.Detail
	Person epemerintahan.Person // of a newborn
}
