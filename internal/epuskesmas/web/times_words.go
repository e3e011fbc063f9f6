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

// deadline says to somebody who has not booked yet by when they would have to be there, and
// whether there is time for it; "" when nobody knows.
func deadline(p *epuskesmas.Promise, now time.Time) string {
	switch {
	case p == nil:
		return ""
	case !p.ComeBy().After(now):
		return "Waktunya mepet: gilirannya bisa dipanggil sebelum Anda tiba. Pilih hanya bila Anda sudah di dekat puskesmas."
	case p.Tight(now):
		return "Waktunya mepet: Anda harus datang paling lambat " + comeBy(*p, now) + "."
	}
	return "Datang paling lambat " + comeBy(*p, now) + "."
}
