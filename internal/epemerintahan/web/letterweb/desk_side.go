package letterweb

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/ui"
)

const deskPath = "/meja/surat"

// DeskItems tells the home desk what waits here for a member of staff. Nothing for
// those who have no part in the letters.
func DeskItems(d Deps) func(ctx context.Context, a authz.Actor) ([]ui.DeskGroup, error) {
	return func(ctx context.Context, a authz.Actor) ([]ui.DeskGroup, error) { return nil, nil }
}
