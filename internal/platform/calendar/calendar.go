// Package calendar knows when a unit works: its hours, the holidays, Ramadan. It
// counts working days and working time in the city's zone.
package calendar

import (
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
)

// Span is a piece of a working day in minutes after midnight, [Opens, Closes).
type Span struct{ Opens, Closes int }

// Week holds the spans of each day, sorted and apart; index 0 is Monday.
type Week [7][]Span

// Day is a date in the city.
type Day struct {
	Year  int
	Month time.Month
	Day   int
}

// DayOf returns the city's date at t.
func DayOf(t time.Time) Day {
	y, m, d := t.In(clock.Makassar).Date()
	return Day{y, m, d}
}

// At returns the moment so many minutes after the day's midnight.
func (d Day) At(minute int) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, minute, 0, 0, clock.Makassar)
}

// Add returns the date n days later.
func (d Day) Add(n int) Day {
	return DayOf(time.Date(d.Year, d.Month, d.Day+n, 12, 0, 0, 0, clock.Makassar))
}

// Weekday returns 0 for Monday to 6 for Sunday.
func (d Day) Weekday() int { return (int(d.At(0).Weekday()) + 6) % 7 }

// Before tells whether d is earlier than e.
func (d Day) Before(e Day) bool {
	if d.Year != e.Year {
		return d.Year < e.Year
	}
	if d.Month != e.Month {
		return d.Month < e.Month
	}
	return d.Day < e.Day
}

// Range is a run of days, Last included.
type Range struct{ First, Last Day }

// Calendar is when one unit works. It does not change once made; the zero
// value never works. Safe for concurrent use.
type Calendar struct {
	Regular  Week
	Ramadan  Week
	Seasons  []Range        // when Ramadan hours hold
	Holidays map[Day]string // with their names; none for a unit that works on them
}

// horizon bounds every search: a calendar without working days must not loop.
const horizon = 10 * 366

// spans returns the working spans of a day, none on a holiday.
func (c *Calendar) spans(d Day) []Span {
	if _, off := c.Holidays[d]; off {
		return nil
	}
	for _, r := range c.Seasons {
		if !d.Before(r.First) && !r.Last.Before(d) {
			return c.Ramadan[d.Weekday()]
		}
	}
	return c.Regular[d.Weekday()]
}

// IsWorkingDay tells whether the unit works at all on the city's day of t.
func (c *Calendar) IsWorkingDay(t time.Time) bool { return len(c.spans(DayOf(t))) > 0 }

// IsOpen tells whether t lies in working hours; breaks do not.
func (c *Calendar) IsOpen(t time.Time) bool {
	d := DayOf(t)
	return slices.ContainsFunc(c.spans(d), func(s Span) bool {
		return !t.Before(d.At(s.Opens)) && t.Before(d.At(s.Closes))
	})
}

// Holiday returns the name of the holiday on the day of t, "" when there is none.
func (c *Calendar) Holiday(t time.Time) string { return c.Holidays[DayOf(t)] }

// AddWorkingDays returns the close of business on the nth working day after the
// day of t, the way deadlines are counted: the day of t itself does not count,
// whatever the hour. n of 0 or less is the close of the day of t, or of the next
// working day when t has no working time left.
//
// A later t or a greater n never gives an earlier answer. Where the nth working
// day is not within ten years it counts calendar days.
func (c *Calendar) AddWorkingDays(t time.Time, n int) time.Time {
	d := DayOf(t)
	if n <= 0 {
		if spans := c.spans(d); len(spans) > 0 {
			if end := d.At(spans[len(spans)-1].Closes); !end.Before(t) {
				return end
			}
		}
		n = 1
	}
	left := n
	for step := 1; step <= horizon; step++ {
		day := d.Add(step)
		spans := c.spans(day)
		if len(spans) == 0 {
			continue
		}
		if left--; left == 0 {
			return day.At(spans[len(spans)-1].Closes)
		}
	}
	return t.AddDate(0, 0, n)
}

// NextOpening returns t when the unit is open, else when it opens next. Without
// working hours in ten years it returns t.
func (c *Calendar) NextOpening(t time.Time) time.Time {
	d := DayOf(t)
	for step := 0; step <= horizon; step++ {
		day := d.Add(step)
		for _, s := range c.spans(day) {
			if opens, closes := day.At(s.Opens), day.At(s.Closes); t.Before(closes) {
				if t.Before(opens) {
					return opens
				}
				return t
			}
		}
	}
	return t
}

// WorkingTime returns how much of [a, b) lies in working hours; 0 when b is not
// after a. For a ≤ b ≤ c, WorkingTime(a, c) is exactly the sum of its parts.
func (c *Calendar) WorkingTime(a, b time.Time) time.Duration {
	var sum time.Duration
	if !b.After(a) {
		return 0
	}
	last := DayOf(b)
	for d := DayOf(a); !last.Before(d); d = d.Add(1) {
		for _, s := range c.spans(d) {
			from, to := d.At(s.Opens), d.At(s.Closes)
			if from.Before(a) {
				from = a
			}
			if to.After(b) {
				to = b
			}
			if to.After(from) {
				sum += to.Sub(from)
			}
		}
	}
	return sum
}

// WorkingMinutes is WorkingTime in whole minutes, rounded down.
func (c *Calendar) WorkingMinutes(a, b time.Time) int { return int(c.WorkingTime(a, b) / time.Minute) }

// AddWorkingTime returns the earliest moment by which so much working time has
// passed since t; t itself for nothing. Without enough working hours in ten
// years it adds plain time.
func (c *Calendar) AddWorkingTime(t time.Time, d time.Duration) time.Time {
	if d <= 0 {
		return t
	}
	left, day := d, DayOf(t)
	for step := 0; step <= horizon; step++ {
		at := day.Add(step)
		for _, s := range c.spans(at) {
			from, to := at.At(s.Opens), at.At(s.Closes)
			if from.Before(t) {
				from = t
			}
			if span := to.Sub(from); span > 0 {
				if span >= left {
					return from.Add(left)
				}
				left -= span
			}
		}
	}
	return t.Add(d)
}

// WorkingDays counts the working days in the days after the day of a, up to and
// including the day of b.
func (c *Calendar) WorkingDays(a, b time.Time) int {
	n, last := 0, DayOf(b)
	for d := DayOf(a).Add(1); !last.Before(d); d = d.Add(1) {
		if len(c.spans(d)) > 0 {
			n++
		}
	}
	return n
}
