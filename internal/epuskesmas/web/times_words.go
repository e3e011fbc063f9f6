package epuskesmasweb

import (
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// around is the likely time: "sekitar 09.40".
func around(p epuskesmas.Promise) string {
	_, likely, _ := p.Rounded()
	return "sekitar " + indo.Clock(likely)
}

// between is the range, never narrower than it was worked out: "antara 09.30–10.00 WITA".
func between(p epuskesmas.Promise) string {
	from, _, to := p.Rounded()
	return "antara " + indo.Clock(from) + "–" + indo.Clock(to) + " WITA"
}

// comeBy is the latest time to be there: "09.20", or at once.
func comeBy(p epuskesmas.Promise, now time.Time) string {
	if at := p.ComeBy(); at.After(now) {
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
