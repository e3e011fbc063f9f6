package portal

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
)

// MovePosts changes the posts of many people at one moment, or with apply false
// says what it would do. It is for the whole city's administrator: people move
// between units.
func (ad *Admin) MovePosts(ctx context.Context, a authz.Actor, o org.MoveOrder, moves []org.Move, apply bool) (rep org.Report, err error) {
	defer errs.In(&err, "portal.MovePosts")
	if err := ad.needCity(ctx, a, PermPeople); err != nil {
		return rep, err
	}
	return org.MovePosts(ctx, ad.DB, a, ad.Clock.Now(), o, moves, apply)
}
