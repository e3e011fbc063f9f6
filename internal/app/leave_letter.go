package app

import (
	"context"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/kuciniki"
)

// leaveLetters are the letters of e-Office that justify absence, as Kuciniki asks for them.
type leaveLetters struct{ office *eoffice.Module }

func (l leaveLetters) Letter(ctx context.Context, number string) (kuciniki.Letter, error) {
	s, err := l.office.Standing(ctx, number)
	return kuciniki.Letter(s), err
}

func (l leaveLetters) Revoked(ctx context.Context, ids []int64) ([]int64, error) {
	return l.office.RevokedOf(ctx, ids)
}
