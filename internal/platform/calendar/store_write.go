package calendar

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Kinds of holidays.
const (
	HolidayNational = "nasional"
	HolidayLeave    = "cuti_bersama"
	HolidayRegional = "daerah"
)

// ScheduleOf returns the schedule that a unit follows and whether it is the
// unit's own rather than that of a unit above or the city's.
func ScheduleOf(ctx context.Context, q pg.Querier, unitID int64) (s Schedule, own bool, err error) {
	defer errs.In(&err, "calendar.ScheduleOf(%d)", unitID)
	id, err := pg.One[struct {
		ScheduleID    int64
		KeepsHolidays bool
	}](ctx, q, sqlScheduleOfUnit, unitID)
	if err != nil {
		return s, false, err
	}
	if s, err = pg.One[Schedule](ctx, q, sqlScheduleByID, id.ScheduleID); err != nil {
		return s, false, err
	}
	own, err = pg.Scalar[bool](ctx, q, sqlFollows, unitID, s.ID)
	return s, own, err
}

// Follow says which schedule a unit and those below it follow, 0 for that of
// the unit above. A schedule that is not there is errs.Unprocessable for "jadwal".
func Follow(ctx context.Context, q pg.Querier, a authz.Actor, at time.Time, unitID, scheduleID int64) (err error) {
	defer errs.In(&err, "calendar.Follow(%d, %d)", unitID, scheduleID)
	if scheduleID == 0 {
		err = pg.Exec(ctx, q, sqlUnfollow, unitID)
	} else {
		err = pg.Exec(ctx, q, sqlFollow, unitID, scheduleID)
	}
	if pg.Violates(err, "calendar_unit_schedule_fkey") {
		return errs.Invalid(errs.Field{Name: "jadwal", Message: "Pilih jadwal kerja dari daftar."})
	}
	if err != nil {
		return err
	}
	return audit.Write(ctx, q, a, at, audit.Entry{Action: "calendar.unit.follow", Object: "org_unit", ObjectID: unitID, UnitID: unitID,
		Detail: map[string]any{"schedule": scheduleID}})
}

// SaveHoliday makes a day a holiday or changes its name and kind; form fields
// tanggal, nama, jenis.
func SaveHoliday(ctx context.Context, q pg.Querier, a authz.Actor, at time.Time, h Holiday) (err error) {
	defer errs.In(&err, "calendar.SaveHoliday(%s)", h.Day.Format(time.DateOnly))
	h.Name = strings.TrimSpace(h.Name)
	var fs []errs.Field
	if h.Day.Year() < 2000 || h.Day.Year() > 2100 {
		fs = append(fs, errs.Field{Name: "tanggal", Message: "Isi tanggal antara tahun 2000 dan 2100."})
	}
	if n := len([]rune(h.Name)); n < 1 || n > 120 {
		fs = append(fs, errs.Field{Name: "nama", Message: "Tulis nama hari libur, paling banyak 120 huruf."})
	}
	if h.Kind != HolidayNational && h.Kind != HolidayLeave && h.Kind != HolidayRegional {
		fs = append(fs, errs.Field{Name: "jenis", Message: "Pilih libur nasional, cuti bersama, atau libur daerah."})
	}
	if len(fs) > 0 {
		return errs.Invalid(fs...)
	}
	if err := pg.Exec(ctx, q, sqlHolidaySave, h.Day, h.Name, h.Kind); err != nil {
		return err
	}
	return audit.Write(ctx, q, a, at, audit.Entry{Action: "calendar.holiday.save", Object: "calendar_holiday",
		Detail: map[string]any{"day": h.Day.Format(time.DateOnly), "name": h.Name, "kind": h.Kind}})
}

// RemoveHoliday makes a holiday an ordinary day; one that is none is
// errs.Conflict.
func RemoveHoliday(ctx context.Context, q pg.Querier, a authz.Actor, at, day time.Time) (err error) {
	defer errs.In(&err, "calendar.RemoveHoliday(%s)", day.Format(time.DateOnly))
	if err := pg.Changed(q.Exec(ctx, sqlHolidayRemove, day)); err != nil {
		return err
	}
	return audit.Write(ctx, q, a, at, audit.Entry{Action: "calendar.holiday.remove", Object: "calendar_holiday",
		Detail: map[string]any{"day": day.Format(time.DateOnly)}})
}

// maxRamadan is the most days a month of Ramadan may have here, with some to
// spare for hours that the city keeps until the holiday.
const maxRamadan = 40

// SaveRamadan says when Ramadan hours hold, both days included; form fields
// awal, akhir.
func SaveRamadan(ctx context.Context, q pg.Querier, a authz.Actor, at time.Time, r Ramadan) (err error) {
	defer errs.In(&err, "calendar.SaveRamadan(%s)", r.FirstDay.Format(time.DateOnly))
	days := int(r.LastDay.Sub(r.FirstDay).Hours()/24) + 1
	switch {
	case r.FirstDay.Year() < 2000 || r.FirstDay.Year() > 2100:
		return errs.Invalid(errs.Field{Name: "awal", Message: "Isi tanggal antara tahun 2000 dan 2100."})
	case days < 1 || days > maxRamadan:
		return errs.Invalid(errs.Field{Name: "akhir", Message: "Hari terakhir harus sesudah hari pertama, paling lama 40 hari."})
	}
	err = pg.Exec(ctx, q, sqlRamadanSave, r.FirstDay, r.LastDay)
	if pg.Violates(err, "calendar_ramadan_overlap_excl") {
		return errs.Invalid(errs.Field{Name: "awal", Message: "Masa ini beririsan dengan Ramadan lain yang sudah tercatat."})
	}
	if err != nil {
		return err
	}
	return audit.Write(ctx, q, a, at, audit.Entry{Action: "calendar.ramadan.save", Object: "calendar_ramadan",
		Detail: map[string]any{"first": r.FirstDay.Format(time.DateOnly), "last": r.LastDay.Format(time.DateOnly)}})
}

// RemoveRamadan forgets a Ramadan; one that is not there is errs.Conflict.
func RemoveRamadan(ctx context.Context, q pg.Querier, a authz.Actor, at, firstDay time.Time) (err error) {
	defer errs.In(&err, "calendar.RemoveRamadan(%s)", firstDay.Format(time.DateOnly))
	if err := pg.Changed(q.Exec(ctx, sqlRamadanRemove, firstDay)); err != nil {
		return err
	}
	return audit.Write(ctx, q, a, at, audit.Entry{Action: "calendar.ramadan.remove", Object: "calendar_ramadan",
		Detail: map[string]any{"first": firstDay.Format(time.DateOnly)}})
}

// SaveSchedule creates a schedule (ID 0) or changes one, all its hours
// included, and returns its id. Which one is the city's own does not change.
// Form fields nama, keterangan, and per season and weekday such as biasa_1.
func SaveSchedule(ctx context.Context, tx pgx.Tx, a authz.Actor, at time.Time, s Schedule, hours []Hours) (id int64, err error) {
	defer errs.In(&err, "calendar.SaveSchedule(%d)", s.ID)
	s.Name, s.Note = strings.TrimSpace(s.Name), strings.TrimSpace(s.Note)
	switch {
	case len([]rune(s.Name)) < 1 || len([]rune(s.Name)) > 100:
		return 0, errs.Invalid(errs.Field{Name: "nama", Message: "Tulis nama jadwal, paling banyak 100 huruf."})
	case len([]rune(s.Note)) > 300:
		return 0, errs.Invalid(errs.Field{Name: "keterangan", Message: "Keterangan paling banyak 300 huruf."})
	case len(hours) == 0:
		return 0, errs.Invalid(errs.Field{Name: "biasa_1", Message: "Isi jam kerja paling sedikit satu hari."})
	}
	if s.ID == 0 {
		id, err = pg.Scalar[int64](ctx, tx, sqlScheduleInsert, s.Name, s.Note, s.KeepsHolidays)
	} else {
		id, err = pg.Scalar[int64](ctx, tx, sqlScheduleUpdate, s.ID, s.Name, s.Note, s.KeepsHolidays)
	}
	if pg.Violates(err, "calendar_schedule_name_key") {
		return 0, errs.Invalid(errs.Field{Name: "nama", Message: "Sudah ada jadwal dengan nama ini."})
	}
	if err != nil {
		return 0, err
	}
	if err := pg.Exec(ctx, tx, sqlHoursRemove, id); err != nil {
		return 0, err
	}
	for _, h := range hours {
		err := pg.Exec(ctx, tx, sqlHoursInsert, id, h.Season, h.Weekday, h.Opens, h.Closes)
		if err != nil {
			return 0, err
		}
	}
	return id, audit.Write(ctx, tx, a, at, audit.Entry{Action: "calendar.schedule.save", Object: "calendar_schedule", ObjectID: id,
		Detail: map[string]any{"name": s.Name, "keeps_holidays": s.KeepsHolidays, "spans": len(hours)}})
}

const sqlScheduleByID = `SELECT id, name, note, is_default, keeps_holidays FROM calendar_schedule WHERE id = $1`

const sqlFollows = `SELECT EXISTS (SELECT FROM calendar_unit WHERE unit_id = $1 AND schedule_id = $2)`

const sqlFollow = `INSERT INTO calendar_unit (unit_id, schedule_id) VALUES ($1, $2)
ON CONFLICT ON CONSTRAINT calendar_unit_pkey DO UPDATE SET schedule_id = excluded.schedule_id`

const sqlUnfollow = `DELETE FROM calendar_unit WHERE unit_id = $1`

const sqlHolidaySave = `INSERT INTO calendar_holiday (day, name, kind) VALUES ($1, $2, $3)
ON CONFLICT ON CONSTRAINT calendar_holiday_pkey DO UPDATE SET name = excluded.name, kind = excluded.kind`

const sqlHolidayRemove = `DELETE FROM calendar_holiday WHERE day = $1`

const sqlRamadanSave = `INSERT INTO calendar_ramadan (first_day, last_day) VALUES ($1, $2)
ON CONFLICT ON CONSTRAINT calendar_ramadan_pkey DO UPDATE SET last_day = excluded.last_day`

const sqlRamadanRemove = `DELETE FROM calendar_ramadan WHERE first_day = $1`

const sqlScheduleInsert = `INSERT INTO calendar_schedule (name, note, keeps_holidays) VALUES ($1, $2, $3) RETURNING id`

const sqlScheduleUpdate = `UPDATE calendar_schedule SET name = $2, note = $3, keeps_holidays = $4 WHERE id = $1 RETURNING id`

const sqlHoursRemove = `DELETE FROM calendar_hours WHERE schedule_id = $1`

const sqlHoursInsert = `INSERT INTO calendar_hours (schedule_id, season, weekday, opens, closes) VALUES ($1, $2, $3, $4, $5)`
