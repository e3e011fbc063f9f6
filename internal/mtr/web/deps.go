// Package mtrweb is the face of module mtr: the pages of citizens (routes.go)
// and of the desks (desk_routes.go).
package mtrweb

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/live"
)

// Deps is what the pages stand on.
type Deps struct {
	MTR     *mtr.Module
	DB      *pgxpool.Pool // for reading the city's directory: units, kelurahan
	Clock   clock.Clock
	Auth    *authn.Service // asks for the password again
	Hub     *live.Hub      // tells open pages that a report changed; nil: pages do not stay live
	TileURL string         // map tiles
	BaseURL string         // without a trailing slash
	// Survey is the address at which to ask how a case was served, "" when there is none; nil: nobody is asked.
	Survey func(unitID, caseID int64, ended time.Time) string
}
