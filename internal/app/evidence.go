package app

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/kuciniki/evidence"
)

// leaveLetters are the letters of e-Office that justify absence, as Kuciniki asks for them.
type leaveLetters struct{ office *eoffice.Module }

func (l leaveLetters) Letter(ctx context.Context, number string) (kuciniki.Letter, error) {
	s, err := l.office.Standing(ctx, number)
	return kuciniki.Letter(s), err
}

func (l leaveLetters) Revoked(ctx context.Context, ids []int64) (map[int64]time.Time, error) {
	return l.office.RevokedOf(ctx, ids)
}

// sessions are when polis were open, as the evidence asks for them.
func (a *App) sessions(ctx context.Context, polis []int64, from, to time.Time) ([]evidence.Session, error) {
	times, err := a.Queues.SessionTimes(ctx, polis, from, to)
	out := make([]evidence.Session, len(times))
	for i, t := range times {
		out[i] = evidence.Session(t)
	}
	return out, err
}
