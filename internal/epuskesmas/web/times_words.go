package epuskesmasweb

import (
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// told is the step to which pages round the time of a turn.
const told = 5 * time.Minute

// around is the likely time: "sekitar 09.40".
func around(p epuskesmas.Promise) string { return "sekitar " + indo.Clock(p.P50.Round(told)) }

// between is the range, never narrower than it was worked out: "antara 09.30–10.00 WITA".
func between(p epuskesmas.Promise) string {
	to := p.P90.Truncate(told)
	if to.Before(p.P90) {
		to = to.Add(told)
	}
	return "antara " + indo.Clock(p.P10.Truncate(told)) + "–" + indo.Clock(to) + " WITA"
}

// comeBy is the latest time to be there: "09.20", or at once.
func comeBy(p epuskesmas.Promise, now time.Time) string {
	if at := p.ComeBy().Truncate(told); at.After(now) {
		return "pukul " + indo.Clock(at) + " WITA"
	}
	return "sekarang"
}

// expected says the time to somebody who has not booked yet; "" when nobody knows.
func expected(p *epuskesmas.Promise) string {
	if p == nil {
		return ""
	}
	return "Perkiraan dilayani " + around(*p) + ", " + between(*p)
}
