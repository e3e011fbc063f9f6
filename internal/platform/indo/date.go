package indo

import (
	"fmt"
	"time"
)

// WITA is the city's time zone. It has had no daylight saving time since 1945,
// so a fixed zone says the same as the tz database and needs no file.
var WITA = time.FixedZone("WITA", 8*60*60)

var days = [...]string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}

var months = [...]string{
	"Januari", "Februari", "Maret", "April", "Mei", "Juni",
	"Juli", "Agustus", "September", "Oktober", "November", "Desember",
}

var shortMonths = [...]string{
	"Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des",
}

// Weekday returns the Indonesian name of a day of the week: "Selasa".
func Weekday(d time.Weekday) string { return days[d] }

// Month returns the Indonesian name of a month: "November".
func Month(m time.Month) string { return months[m-1] }

// Date returns "24 November 2026" in the city's time zone.
func Date(t time.Time) string {
	t = t.In(WITA)
	return fmt.Sprintf("%d %s %d", t.Day(), Month(t.Month()), t.Year())
}

// LongDate returns "Selasa, 24 November 2026".
func LongDate(t time.Time) string {
	t = t.In(WITA)
	return Weekday(t.Weekday()) + ", " + Date(t)
}

// ShortDate returns "24 Nov 2026".
func ShortDate(t time.Time) string {
	t = t.In(WITA)
	return fmt.Sprintf("%d %s %d", t.Day(), shortMonths[t.Month()-1], t.Year())
}

// MonthYear returns "November 2026".
func MonthYear(t time.Time) string {
	t = t.In(WITA)
	return fmt.Sprintf("%s %d", Month(t.Month()), t.Year())
}

// Clock returns "09.40".
func Clock(t time.Time) string { return t.In(WITA).Format("15.04") }

// DateTime returns "24 Nov 2026 09.40 WITA".
func DateTime(t time.Time) string { return ShortDate(t) + " " + Clock(t) + " WITA" }

// LongDateTime returns "Selasa, 24 November 2026 pukul 09.40 WITA".
func LongDateTime(t time.Time) string { return LongDate(t) + " pukul " + Clock(t) + " WITA" }

// DateRange returns "1–3 Maret 2026", "28 Februari–3 Maret 2026" or
// "30 Desember 2026–2 Januari 2027"; one day is written as one day.
func DateRange(a, b time.Time) string {
	a, b = a.In(WITA), b.In(WITA)
	switch {
	case a.Year() != b.Year():
		return Date(a) + "–" + Date(b)
	case a.Month() != b.Month():
		return fmt.Sprintf("%d %s–%s", a.Day(), Month(a.Month()), Date(b))
	case a.Day() != b.Day():
		return fmt.Sprintf("%d–%s", a.Day(), Date(b))
	}
	return Date(a)
}

// Ago says how far t lies from now, in one unit and rounded down: "baru saja",
// "5 menit lalu", "2 jam lalu", "kemarin", "3 hari lalu", "2 bulan lalu"; for
// what is to come "sebentar lagi", "2 jam lagi", "besok", "3 hari lagi".
// Days are counted by the calendar of the city, not in steps of 24 hours.
func Ago(t, now time.Time) string {
	past := !t.After(now)
	d := now.Sub(t)
	if !past {
		d = -d
	}
	with := func(n int, unit string) string {
		if past {
			return Int(n) + " " + unit + " lalu"
		}
		return Int(n) + " " + unit + " lagi"
	}
	days := daysBetween(t, now)
	if days < 0 {
		days = -days
	}
	switch {
	case d < time.Minute && past:
		return "baru saja"
	case d < time.Minute:
		return "sebentar lagi"
	case d < time.Hour:
		return with(int(d/time.Minute), "menit")
	case d < 12*time.Hour || days == 0:
		return with(int(d/time.Hour), "jam")
	case days == 1 && past:
		return "kemarin"
	case days == 1:
		return "besok"
	case days < 30:
		return with(days, "hari")
	case days < 365:
		return with(days/30, "bulan")
	}
	return with(days/365, "tahun")
}

// daysBetween counts the midnights of the city between a and b.
func daysBetween(a, b time.Time) int {
	a, b = a.In(WITA), b.In(WITA)
	da := time.Date(a.Year(), a.Month(), a.Day(), 0, 0, 0, 0, time.UTC)
	db := time.Date(b.Year(), b.Month(), b.Day(), 0, 0, 0, 0, time.UTC)
	return int(db.Sub(da) / (24 * time.Hour))
}

// Span writes a length of time in the unit people would use, with one decimal
// where it helps: "45 menit", "2,5 jam", "3,1 hari". Negative spans count as 0.
func Span(d time.Duration) string {
	if d < 0 {
		d = 0
	}
	switch {
	case d < time.Minute:
		return Int(int(d/time.Second)) + " detik"
	case d < 2*time.Hour:
		return Int(int(d/time.Minute)) + " menit"
	case d < 48*time.Hour:
		return shortDecimal(d.Hours()) + " jam"
	}
	return shortDecimal(d.Hours()/24) + " hari"
}

// shortDecimal drops a decimal of zero: 3,0 hari reads as 3 hari.
func shortDecimal(f float64) string {
	s := Decimal(f, 1)
	if n := len(s); n > 2 && s[n-2:] == ",0" {
		return s[:n-2]
	}
	return s
}
