package calendar

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Load returns the calendar of a unit: its own schedule, else that of the
// nearest unit above that has one, else the city's. Unit 0 is the city.
func Load(ctx context.Context, q pg.Querier, unitID int64) (c *Calendar, err error) {
	defer errs.In(&err, "calendar.Load(%d)", unitID)
	own, err := pg.One[struct {
		Hours                              []Hours
		SeasonsFrom, SeasonsUntil, DaysOff []time.Time
		DayNames                           []string
	}](ctx, q, sqlCalendarOfUnit, unitID)
	if err != nil {
		return nil, err
	}
	c = &Calendar{}
	for _, h := range own.Hours {
		week := &c.Regular
		if h.Season == SeasonRamadan {
			week = &c.Ramadan
		}
		week[h.Weekday-1] = append(week[h.Weekday-1], Span{h.Opens, h.Closes})
	}
	for i, from := range own.SeasonsFrom {
		c.Seasons = append(c.Seasons, Range{dayOfDate(from), dayOfDate(own.SeasonsUntil[i])})
	}
	c.Holidays = make(map[Day]string, len(own.DaysOff))
	for i, day := range own.DaysOff {
		c.Holidays[dayOfDate(day)] = own.DayNames[i]
	}
	return c, nil
}

// dayOfDate reads a database date, which has no zone.
func dayOfDate(t time.Time) Day { return Day{t.Year(), t.Month(), t.Day()} }

// Seasons of hours.
const (
	SeasonRegular = "biasa"
	SeasonRamadan = "ramadan"
)

// Schedule is a named pattern of hours that units follow.
type Schedule struct {
	ID            int64
	Name          string
	Note          string
	IsDefault     bool
	KeepsHolidays bool
}

// Hours is one span of one weekday, 1 for Monday, in minutes after midnight.
type Hours struct {
	ScheduleID int64
	Season     string
	Weekday    int
	Opens      int
	Closes     int
}

// Holiday is a day on which units that keep holidays do not work.
type Holiday struct {
	Day  time.Time
	Name string
	Kind string // nasional, cuti_bersama or daerah
}

// Ramadan is when its hours hold, LastDay included.
type Ramadan struct{ FirstDay, LastDay time.Time }

// Schedules lists all schedules, the city's own first.
func Schedules(ctx context.Context, q pg.Querier) (ss []Schedule, err error) {
	defer errs.In(&err, "calendar.Schedules")
	return pg.Many[Schedule](ctx, q, sqlSchedules)
}

// HoursOf lists the hours of a schedule by season, weekday and time.
func HoursOf(ctx context.Context, q pg.Querier, scheduleID int64) (hs []Hours, err error) {
	defer errs.In(&err, "calendar.HoursOf(%d)", scheduleID)
	return pg.Many[Hours](ctx, q, sqlHours, scheduleID)
}

// HolidaysIn lists the holidays of a year.
func HolidaysIn(ctx context.Context, q pg.Querier, year int) (hs []Holiday, err error) {
	defer errs.In(&err, "calendar.HolidaysIn(%d)", year)
	return pg.Many[Holiday](ctx, q, sqlHolidays, year)
}

// Seasons lists when Ramadan hours hold, the latest first.
func Seasons(ctx context.Context, q pg.Querier) (rs []Ramadan, err error) {
	defer errs.In(&err, "calendar.Seasons")
	return pg.Many[Ramadan](ctx, q, sqlSeasons)
}
