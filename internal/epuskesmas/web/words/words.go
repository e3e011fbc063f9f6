// Package words says times and queues as people say them.
package words

import (
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// Around is the likely time: "sekitar 09.40".
func Around(p epuskesmas.Promise) string {
	_, likely, _ := p.Rounded()
	return "sekitar " + indo.Clock(likely)
}

// Between is the range, never narrower than it was worked out: "antara 09.30–10.00 WITA".
func Between(p epuskesmas.Promise) string {
	from, _, to := p.Rounded()
	return "antara " + indo.Clock(from) + "–" + indo.Clock(to) + " WITA"
}

// ComeBy is the latest time to be there: "09.20", or at once.
func ComeBy(p epuskesmas.Promise, now time.Time) string {
	if at := p.ComeBy(); at.After(now) {
		return "pukul " + indo.Clock(at) + " WITA"
	}
	return "sekarang"
}

// Expected says the time to somebody who has not booked yet; "" when nobody knows.
func Expected(p *epuskesmas.Promise) string {
	if p == nil {
		return ""
	}
	return "Perkiraan dilayani " + Around(*p) + ", " + Between(*p)
}

// Deadline says to somebody who has not booked yet by when they would have to be there, and
// whether there is time for it; "" when nobody knows.
func Deadline(p *epuskesmas.Promise, now time.Time) string {
	switch {
	case p == nil:
		return ""
	case !p.ComeBy().After(now):
		return "Waktunya mepet: gilirannya bisa dipanggil sebelum Anda tiba. Pilih hanya bila Anda sudah di dekat puskesmas."
	case p.Tight(now):
		return "Waktunya mepet: Anda harus datang paling lambat " + ComeBy(*p, now) + "."
	}
	return "Datang paling lambat " + ComeBy(*p, now) + "."
}

// About is a time to the next five minutes: nobody can promise better.
func About(t, now time.Time) string {
	if t.Sub(now) < 5*time.Minute {
		return "sebentar lagi"
	}
	return "± " + indo.Clock(t.Round(5*time.Minute))
}

// Line are the people of a poli on its board; who is served stands above.
func Line(l epuskesmas.Line) string {
	s := indo.Int(l.Here) + " menunggu"
	if l.Away > 0 {
		s += ", " + indo.Int(l.Away) + " belum datang"
	}
	return s
}

// Ahead says how the queue stands for the owner of a ticket, in the words of the board.
func Ahead(l epuskesmas.Line, of epuskesmas.Status) string {
	switch all := l.All(); {
	case all == 0 && of == epuskesmas.Waiting:
		return "Anda berikutnya."
	case all == 0:
		return "Belum ada yang mendahului Anda."
	case all == l.Served && of == epuskesmas.Waiting:
		return "Anda berikutnya, sesudah yang sedang dilayani."
	case all == l.Here:
		return indo.Int(all) + " orang di depan Anda, semuanya sudah menunggu."
	case all == l.Away:
		return indo.Int(all) + " orang di depan Anda, belum datang."
	}
	var parts []string
	for _, p := range []struct {
		n     int
		words string
	}{{l.Served, " sedang dilayani"}, {l.Here, " menunggu"}, {l.Away, " belum datang"}} {
		if p.n > 0 {
			parts = append(parts, indo.Int(p.n)+p.words)
		}
	}
	return indo.Int(l.All()) + " orang di depan Anda: " + strings.Join(parts, ", ") + "."
}
