package authn

import (
	"context"
	"net/netip"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// limit allows Free tries; from then on each try must wait, Base doubling up to Max
// since the one before. Counting starts anew after Forget without a try.
type limit struct {
	scope  string
	free   int
	base   time.Duration
	max    time.Duration
	forget time.Duration
}

// Limits per account or contact. A try is counted before it is judged, so that a
// thousand guesses sent at once are a thousand tries.
var (
	loginLimit    = limit{scope: "login", free: 5, base: 30 * time.Second, max: 15 * time.Minute, forget: 24 * time.Hour}
	secondLimit   = limit{scope: "totp", free: 5, base: time.Minute, max: 15 * time.Minute, forget: 24 * time.Hour}
	sendLimit     = limit{scope: "send", free: 3, base: 2 * time.Minute, max: time.Hour, forget: 24 * time.Hour}
	guessLimit    = limit{scope: "guess", free: 15, base: 5 * time.Minute, max: time.Hour, forget: 24 * time.Hour}
	passwordLimit = limit{scope: "password", free: 5, base: time.Minute, max: 15 * time.Minute, forget: 24 * time.Hour}
)

// An address with more failures than this within hotWindow is hot: whoever comes from
// there waits in the slow lane and has fewer free tries per account. It is never refused.
const (
	hotAfter  = 30
	hotWindow = 15 * time.Minute
	hotFree   = 2
)

// try counts one try for key and returns errs.TooMany, with the time to wait, when the
// limit does not allow it. Such a refused try is not counted: waiting always helps.
func (s *Service) try(ctx context.Context, q pg.Querier, l limit, key string, hot bool) error {
	if hot && l.free > hotFree {
		l.free, l.base = hotFree, 2*l.base
	}
	now := s.Clock.Now()
	hash := s.Box.Hash("authn.throttle."+l.scope, key)
	wait, err := pg.Scalar[float64](ctx, q, sqlTry, l.scope, hash, now, l.free, l.base.Seconds(), l.max.Seconds(), l.forget.Seconds())
	if err != nil {
		return err
	}
	if wait > 0 {
		after := time.Duration(wait*float64(time.Second)).Truncate(time.Second) + time.Second
		return errs.TooFast(after, "Terlalu banyak percobaan. Coba lagi "+inWords(after)+" lagi.")
	}
	return nil
}

// forgive forgets the tries for key, after a right one.
func (s *Service) forgive(ctx context.Context, q pg.Querier, l limit, key string) error {
	return pg.Exec(ctx, q, sqlForgive, l.scope, s.Box.Hash("authn.throttle."+l.scope, key))
}

// isHot tells whether address failed a lot lately.
func (s *Service) isHot(ctx context.Context, q pg.Querier, address netip.Addr) (bool, error) {
	if !address.IsValid() {
		return false, nil
	}
	n, err := pg.Scalar[int](ctx, q, sqlFailures, s.addressHash(address), s.Clock.Now().Add(-hotWindow))
	return n > hotAfter, err
}

// failedFrom counts a failure against address.
func (s *Service) failedFrom(ctx context.Context, q pg.Querier, address netip.Addr) error {
	if !address.IsValid() {
		return nil
	}
	now := s.Clock.Now()
	return pg.Exec(ctx, q, sqlFailed, s.addressHash(address), now, now.Add(-hotWindow))
}

// addressHash counts an IPv6 customer by the /64 that he was given.
func (s *Service) addressHash(a netip.Addr) []byte {
	a = a.Unmap()
	if a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			a = p.Addr()
		}
	}
	return s.Box.Hash("authn.throttle.address", a.String())
}

func inWords(d time.Duration) string {
	if d < 2*time.Minute {
		return plural(int(d/time.Second), "detik")
	}
	return plural(int((d+time.Minute-1)/time.Minute), "menit")
}
