package letterweb

import (
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// deskDay names a moment the way a desk reads it: "hari ini 16.00", "besok 09.00",
// "25 Nov 16.00", with the year when it is another one.
func deskDay(at, now time.Time) string {
	at, now = at.In(indo.WITA), now.In(indo.WITA)
	midnight := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, indo.WITA)
	}
	switch midnight(at).Sub(midnight(now)) {
	case 0:
		return "hari ini " + indo.Clock(at)
	case 24 * time.Hour:
		return "besok " + indo.Clock(at)
	case -24 * time.Hour:
		return "kemarin " + indo.Clock(at)
	}
	short := indo.ShortDate(at)
	if at.Year() == now.Year() {
		short = short[:len(short)-len(" 2006")]
	}
	return short + " " + indo.Clock(at)
}

// due is a promise as a desk shows it: a mark in words, and when.
type due struct {
	Mark, Tone string // Mark "" when there is time enough
	When       string // "" when nothing is promised now
}

// nearDue is how long before its time a letter is called urgent.
const nearDue = 30 * time.Minute

func dueOf(s letter.Summary, now time.Time) due {
	switch {
	case !s.Status.Open():
		return due{}
	case s.DueAt == nil:
		return due{Mark: "Jeda", Tone: "neutral", When: "waktu berhenti"}
	case now.After(*s.DueAt):
		return due{Mark: "Terlambat", Tone: "danger", When: "sejak " + deskDay(*s.DueAt, now)}
	case s.DueAt.Sub(now) <= nearDue:
		return due{Mark: "Segera", Tone: "warning", When: deskDay(*s.DueAt, now)}
	}
	return due{When: deskDay(*s.DueAt, now)}
}

// minutes of work in words: "1 jam 20 menit"; a working day has seven and a half hours.
func minutes(n int) string {
	if n < 60 {
		return indo.Int(n) + " menit"
	}
	s := indo.Int(n/60) + " jam"
	if n%60 != 0 {
		s += " " + indo.Int(n%60) + " menit"
	}
	return s
}

func modeName(m letter.Mode) string {
	if m == letter.Electronic {
		return "Tanda tangan elektronik"
	}
	return "Tanda tangan basah"
}

// lifeWord says why somebody in the register does not live here.
func lifeWord(s epemerintahan.Status) string {
	switch s {
	case epemerintahan.Dead:
		return "Sudah meninggal"
	case epemerintahan.Moved:
		return "Sudah pindah"
	case epemerintahan.Missing:
		return "Dinyatakan hilang"
	}
	return ""
}
