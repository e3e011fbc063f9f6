package portal

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// CalendarYear is the city's calendar of one year.
type CalendarYear struct {
	Year      int
	Holidays  []calendar.Holiday
	Seasons   []calendar.Ramadan // all that are known, the latest first
	Schedules []calendar.Schedule
}

// Calendar returns the city's calendar to those who may change it.
func (ad *Admin) Calendar(ctx context.Context, a authz.Actor, year int) (c CalendarYear, err error) {
	defer errs.In(&err, "portal.Calendar(%d)", year)
	if err := ad.needCity(ctx, a, PermCalendar); err != nil {
		return c, err
	}
	c.Year = year
	if c.Holidays, err = calendar.HolidaysIn(ctx, ad.DB, year); err != nil {
		return c, err
	}
	if c.Seasons, err = calendar.Seasons(ctx, ad.DB); err != nil {
		return c, err
	}
	c.Schedules, err = calendar.Schedules(ctx, ad.DB)
	return c, err
}

// inCalendar runs a change of the city's calendar.
func (ad *Admin) inCalendar(ctx context.Context, a authz.Actor, do func(tx pgx.Tx, now time.Time) error) error {
	if err := ad.needCity(ctx, a, PermCalendar); err != nil {
		return err
	}
	return pg.InTx(ctx, ad.DB, func(tx pgx.Tx) error { return do(tx, ad.Clock.Now()) })
}

// SaveHoliday makes a day a holiday or changes it.
func (ad *Admin) SaveHoliday(ctx context.Context, a authz.Actor, h calendar.Holiday) (err error) {
	defer errs.In(&err, "portal.SaveHoliday")
	return ad.inCalendar(ctx, a, func(tx pgx.Tx, now time.Time) error { return calendar.SaveHoliday(ctx, tx, a, now, h) })
}

// RemoveHoliday makes a holiday an ordinary day.
func (ad *Admin) RemoveHoliday(ctx context.Context, a authz.Actor, day time.Time) (err error) {
	defer errs.In(&err, "portal.RemoveHoliday")
	return ad.inCalendar(ctx, a, func(tx pgx.Tx, now time.Time) error { return calendar.RemoveHoliday(ctx, tx, a, now, day) })
}

// SaveRamadan says when Ramadan hours hold.
func (ad *Admin) SaveRamadan(ctx context.Context, a authz.Actor, r calendar.Ramadan) (err error) {
	defer errs.In(&err, "portal.SaveRamadan")
	return ad.inCalendar(ctx, a, func(tx pgx.Tx, now time.Time) error { return calendar.SaveRamadan(ctx, tx, a, now, r) })
}

// RemoveRamadan forgets a Ramadan.
func (ad *Admin) RemoveRamadan(ctx context.Context, a authz.Actor, firstDay time.Time) (err error) {
	defer errs.In(&err, "portal.RemoveRamadan")
	return ad.inCalendar(ctx, a, func(tx pgx.Tx, now time.Time) error { return calendar.RemoveRamadan(ctx, tx, a, now, firstDay) })
}

// Schedule returns a schedule with its hours.
func (ad *Admin) Schedule(ctx context.Context, a authz.Actor, id int64) (s calendar.Schedule, hours []calendar.Hours, err error) {
	defer errs.In(&err, "portal.Schedule(%d)", id)
	if err := ad.needCity(ctx, a, PermCalendar); err != nil {
		return s, nil, err
	}
	all, err := calendar.Schedules(ctx, ad.DB)
	if err != nil {
		return s, nil, err
	}
	for _, s := range all {
		if s.ID == id {
			hours, err = calendar.HoursOf(ctx, ad.DB, id)
			return s, hours, err
		}
	}
	return s, nil, errs.New(errs.NotFound, "")
}

// SaveSchedule creates (ID 0) or changes a schedule with all its hours.
func (ad *Admin) SaveSchedule(ctx context.Context, a authz.Actor, key string, s calendar.Schedule, hours []calendar.Hours) (id int64, err error) {
	defer errs.In(&err, "portal.SaveSchedule(%d)", s.ID)
	if err := ad.needCity(ctx, a, PermCalendar); err != nil {
		return 0, err
	}
	return ad.once(ctx, a, key, func(tx pgx.Tx) (int64, error) {
		return calendar.SaveSchedule(ctx, tx, a, ad.Clock.Now(), s, hours)
	})
}

// UnitCalendar is which schedule a unit follows and which there are.
type UnitCalendar struct {
	Unit      org.Unit
	Schedule  calendar.Schedule
	Own       bool
	Schedules []calendar.Schedule
}

// UnitCalendar returns the schedule of a unit in the actor's realm.
func (ad *Admin) UnitCalendar(ctx context.Context, a authz.Actor, unitID int64) (c UnitCalendar, err error) {
	defer errs.In(&err, "portal.UnitCalendar(%d)", unitID)
	if c.Unit, err = ad.unit(ctx, ad.DB, a, unitID, PermCalendar); err != nil {
		return c, err
	}
	if c.Schedule, c.Own, err = calendar.ScheduleOf(ctx, ad.DB, unitID); err != nil {
		return c, err
	}
	c.Schedules, err = calendar.Schedules(ctx, ad.DB)
	return c, err
}
