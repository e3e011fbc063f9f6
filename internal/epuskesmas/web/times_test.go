package epuskesmasweb

import (
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/clock"
)

func TestTimesAreToldToFiveMinutes(t *testing.T) {
	t.Parallel()
	at := func(h, m, s int) time.Time { return time.Date(2026, 11, 25, h, m, s, 0, clock.Makassar) }
	p := epuskesmas.Promise{P10: at(9, 32, 10), P50: at(9, 41, 0), P90: at(9, 56, 0)}
	if got, want := around(p)+", "+between(p), "sekitar 09.40, antara 09.30–10.00 WITA"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := comeBy(p, at(8, 0, 0)), "pukul 09.20 WITA"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := comeBy(p, at(9, 30, 0)), "sekarang"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	p.P90 = at(10, 0, 0)
	if got, want := between(p), "antara 09.30–10.00 WITA"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
