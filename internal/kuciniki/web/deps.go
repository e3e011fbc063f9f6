// Package kucinikiweb is the face of Kuciniki: one's own plan and evaluation, the team's,
// and what BKPSDM sets and looks after.
package kucinikiweb

import (
	"makassartidakrantasa.com/portal/internal/kuciniki"
	work "makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/live"
)

// Deps is what the pages stand on.
type Deps struct {
	Kuciniki *kuciniki.Module
	Evidence *work.Module
	Cases    CasePages
	Numbers  CaseNumbers
	Hub      *live.Hub
	Clock    clock.Clock
}

// desk serves the pages.
type desk struct{ Deps }
