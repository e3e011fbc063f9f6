// Package epuskesmasweb is the face of module epuskesmas: the pages of patients
// (routes.go) and of the puskesmas.
package epuskesmasweb

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/bpjs"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/live"
)

// Deps is what the pages stand on.
type Deps struct {
	Queue   *epuskesmas.Module
	BPJS    *bpjs.Service  // answers Mobile JKN
	Auth    *authn.Service // codes that show whose a contact is
	DB      *pgxpool.Pool
	Clock   clock.Clock
	Hub     *live.Hub // tells open pages that a queue moved
	BaseURL string    // without a trailing slash
	// Survey is the address at which to ask how a case was served, "" when there is none; nil: nobody is asked.
	Survey func(unitID, caseID int64, ended time.Time) string
}
