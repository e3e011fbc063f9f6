package letterweb

import (
	"context"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// ResidentLetters draws the list of a resident's letters for those who may see letters;
// nil for others.
func ResidentLetters(d Deps) func(ctx context.Context, a authz.Actor, residentID int64) (templ.Component, error) {
	return func(ctx context.Context, a authz.Actor, residentID int64) (templ.Component, error) {
		if !a.Has(letter.PermView) {
			return nil, nil
		}
		list, more, err := d.Letters.Register(ctx, a, letter.Filter{ResidentID: residentID}, 0)
		if err != nil {
			return nil, err
		}
		return residentLetters(list, more, residentID, a.Has(letter.PermCheck)), nil
	}
}
