// Package letterweb is the face of the letters: the citizens' pages and the public
// verification (routes.go), the desk (desk_*.go) and its settings (config_*.go).
package letterweb

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// Deps is what the pages stand on.
type Deps struct {
	Auth       *authn.Service // asks signers for their password once more
	Letters    *letter.Module
	Residents  *epemerintahan.Module
	Signatures *sign.Authority // reads what is in a PDF that somebody compares
	DB         *pgxpool.Pool   // for reading the city's directory: units, people
	Clock      clock.Clock
	Hub        *live.Hub // tells open pages that a letter changed; nil: pages do not stay live
	BaseURL    string    // without a trailing slash
	// Official verifies letters that other modules issued; unknown is errs.NotFound.
	Official func(ctx context.Context, token string) (letter.Verification, error)
	// Survey is the address at which to ask how a case was served, "" when there is none; nil: nobody is asked.
	Survey func(unitID, caseID int64, ended time.Time) string
}
