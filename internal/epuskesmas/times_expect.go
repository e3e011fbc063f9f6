package epuskesmas

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// expectation is what somebody who books would be told, worked out at a moment.
type expectation struct {
	Promise
	seq int
}

// fresh reports whether it may still be said: for seconds whatever happens, so that a
// rush for numbers costs no more than a quiet hour, and longer while nothing happens.
func (e expectation) fresh(s Session, now time.Time) bool {
	age, calm := now.Sub(e.At), 10*time.Minute
	if now.After(midnight(s.StartsAt)) {
		calm = reckonAgain
	}
	return age >= 0 && (age < reckonEvery || e.seq == s.Seq && age < calm)
}

// Expect is when somebody who books now would be served in a session.
func (m *Module) Expect(ctx context.Context, s Session) (_ Promise, err error) {
	defer errs.In(&err, "epuskesmas.Expect(%d)", s.ID)
	now := m.now()
	p := m.times.of(s.PoliID, now)
	p.mu.Lock()
	defer p.mu.Unlock()
	if e, ok := p.expected[s.StartsAt.Unix()]; ok && e.fresh(s, now) {
		return e.Promise, nil
	}
	if p.model == nil || p.day != dateOf(now) || now.Sub(p.looked) >= reckonAgain {
		if err := p.learn(ctx, m.db, s.PoliID, now); err != nil {
			return Promise{}, err
		}
	}
	r, err := m.asItStands(ctx, p, s)
	if err != nil {
		return Promise{}, err
	}
	e := p.model.Newcomer(r.Session, estimate.Regular, now)
	out := Promise{At: now, P10: e.P10, P50: e.P50, P90: e.P90, Ahead: e.Ahead}
	if len(p.expected) >= maxSessions {
		clear(p.expected)
	}
	p.expected[s.StartsAt.Unix()] = expectation{out, s.Seq}
	return out, nil
}

// asItStands is the replay of a session, also of one that nobody has a number of yet.
func (m *Module) asItStands(ctx context.Context, p *poliTimes, s Session) (*replay, error) {
	if s.ID != 0 {
		return p.follow(ctx, m.db, s.ID)
	}
	return newReplay(announced{PoliID: s.PoliID, StartsAt: s.StartsAt, EndsAt: s.EndsAt, Doctors: s.Planned}, p.model.ByArrival()), nil
}
