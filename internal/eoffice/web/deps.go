// Package eofficeweb is the face of e-Office: the desk with its queues, writing, the page
// of a letter with what may be done to it, versions and papers.
package eofficeweb

import (
	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/live"
)

// Deps is what the pages stand on.
type Deps struct {
	Office *eoffice.Module
	Auth   *authn.Service // asks signers for their password once more
	Clock  clock.Clock
	Hub    *live.Hub // tells open pages that a letter changed
}

// desk serves the pages.
type desk struct{ Deps }
