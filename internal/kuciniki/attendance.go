package kuciniki

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// AttendanceColumns of the file of a machine: staff number, day, when they came and went.
var AttendanceColumns = []string{"NIP", "Tanggal", "Masuk", "Pulang"}

// mostAttendance bounds one file: a month of 1,500 people.
const mostAttendance = 50_000

// Import is what a file of attendance holds.
type Import struct {
	Rows     int
	People   int
	Problems []Problem // at most 200
	Wrong    int       // rows
}

// mostProblems are told of one file.
const mostProblems = 200

type attendance struct {
	person     int64
	day        time.Time
	came, went *string
}

const (
	sqlByNumber = `
SELECT DISTINCT ON (n.id) n.id, n.staff_number AS number FROM org_person n JOIN org_occupancy o ON o.person_id = n.id JOIN org_position p ON p.id = o.position_id
JOIN org_unit u ON u.id = p.unit_id WHERE n.staff_number = ANY ($1::text[]) AND u.ancestors && $2::bigint[]`
	sqlClosedMonths = `SELECT year * 100 + month FROM kuciniki_period WHERE month > 0 AND closed_at IS NOT NULL`
	// Nobody closes a month while days are written into it.
	sqlHoldMonths = `
SELECT closed_at IS NULL FROM kuciniki_period WHERE (year, month) IN (SELECT date_part('year', d), date_part('month', d) FROM unnest($1::date[]) AS d) FOR SHARE`
	sqlAttend = `
INSERT INTO kuciniki_attendance (person_id, day, came, went, imported_at) SELECT * FROM unnest($1::bigint[], $2::date[], $3::time[], $4::time[], $5::timestamptz[])
ON CONFLICT (person_id, day) DO UPDATE SET came = excluded.came, went = excluded.went, imported_at = excluded.imported_at`
)

// ImportAttendance reads a machine's file with [AttendanceColumns]. With apply false, or
// where a row is wrong, nothing is written and the result tells what is wrong. The same day
// again replaces what was there, until its month is closed.
func (m *Module) ImportAttendance(ctx context.Context, a authz.Actor, file io.ReaderAt, size int64, apply bool) (im Import, err error) {
	defer errs.In(&err, "kuciniki.ImportAttendance")
	if !a.Has(PermPersonnel) {
		return im, errs.New(errs.NotFound, "Halaman ini milik BKPSDM.")
	}
	rows, err := readTable(file, size, AttendanceColumns[:2], mostAttendance)
	if err != nil {
		return im, err
	}
	numbers := make([]string, len(rows))
	for i, r := range rows {
		numbers[i] = digits(r.get("NIP"))
	}
	people, err := pg.Many[struct {
		ID     int64
		Number string
	}](ctx, m.db, sqlByNumber, numbers, a.Units(PermPersonnel))
	if err != nil {
		return im, err
	}
	known := map[string]int64{}
	for _, p := range people {
		known[p.Number] = p.ID
	}
	closed, err := pg.Scalars[int](ctx, m.db, sqlClosedMonths)
	if err != nil {
		return im, err
	}
	im, all := checkAttendance(rows, known, closed, m.now())
	if !apply || im.Wrong > 0 {
		return im, nil
	}
	ids, days, came, went, at := []int64{}, []time.Time{}, []*string{}, []*string{}, []time.Time{}
	for _, x := range all {
		ids, days, came, went, at = append(ids, x.person), append(days, x.day), append(came, x.came), append(went, x.went), append(at, m.now())
	}
	return im, pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		open, err := pg.Scalars[bool](ctx, tx, sqlHoldMonths, days)
		if err != nil {
			return err
		}
		if slices.Contains(open, false) {
			return errs.New(errs.Conflict, "Salah satu bulannya baru saja ditutup. Periksa berkasnya lagi.")
		}
		if err := pg.Exec(ctx, tx, sqlAttend, ids, days, came, went, at); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "kuciniki.attendance.import", Object: "kuciniki_attendance", Detail: map[string]any{"baris": im.Rows, "orang": im.People}})
	})
}

func digits(s string) string { return strings.ReplaceAll(strings.TrimPrefix(s, "'"), " ", "") }

// checkAttendance reads the rows one by one: a pure function.
func checkAttendance(rows []tableRow, known map[string]int64, closed []int, now time.Time) (im Import, all []attendance) {
	seen, people := map[attendanceKey]bool{}, map[int64]bool{}
	im.Rows = len(rows)
	for _, r := range rows {
		x, why := readAttendance(r, known, closed, now)
		if key := (attendanceKey{x.person, x.day}); why == "" && seen[key] {
			why = "Orang dan tanggal ini sudah ada di baris lain."
		} else {
			seen[key] = true
		}
		if why != "" {
			if im.Wrong++; len(im.Problems) < mostProblems {
				im.Problems = append(im.Problems, Problem{r.line, why})
			}
			continue
		}
		people[x.person] = true
		all = append(all, x)
	}
	im.People = len(people)
	return im, all
}

type attendanceKey struct {
	person int64
	day    time.Time
}

func readAttendance(r tableRow, known map[string]int64, closed []int, now time.Time) (x attendance, why string) {
	x.person = known[digits(r.get("NIP"))]
	if x.person == 0 {
		return x, "NIP ini tidak dikenal di unit Anda."
	}
	day, err := readDay(r.get("Tanggal"))
	switch {
	case err != nil:
		return x, "Tanggal tidak terbaca. Tulis seperti 24-11-2026 atau 2026-11-24."
	case day.After(now):
		return x, "Tanggal ini belum tiba."
	case slices.Contains(closed, day.Year()*100+int(day.Month())):
		return x, "Bulan " + PeriodName(day.Year(), int(day.Month())) + " sudah ditutup."
	}
	x.day = day
	if x.came, err = readClock(r.get("Masuk")); err != nil {
		return x, "Jam masuk tidak terbaca. Tulis seperti 07:31."
	}
	if x.went, err = readClock(r.get("Pulang")); err != nil {
		return x, "Jam pulang tidak terbaca. Tulis seperti 16:05."
	}
	if x.came != nil && x.went != nil && *x.went < *x.came {
		return x, "Jam pulang lebih awal daripada jam masuk."
	}
	return x, ""
}

var errUnread = errors.New("unread")

func readDay(s string) (time.Time, error) {
	for _, layout := range []string{"2006-01-02", "02-01-2006", "02/01/2006", "2-1-2006", "2/1/2006"} {
		if t, err := time.ParseInLocation(layout, s, clock.Makassar); err == nil && t.Year() >= 2020 {
			return t, nil
		}
	}
	return time.Time{}, errUnread
}

func readClock(s string) (*string, error) {
	if s == "" {
		return nil, nil
	}
	for _, layout := range []string{"15:04", "15:04:05", "15.04"} {
		if t, err := time.Parse(layout, s); err == nil {
			out := t.Format("15:04:05")
			return &out, nil
		}
	}
	return nil, errUnread
}

// Presence is how many of the working days of a span somebody was present, or justified.
type Presence struct{ Days, Present, Justified int }

// Percent is the share of days that count, 100 where there were none to work.
func (p Presence) Percent() float64 {
	if p.Days == 0 {
		return 100
	}
	return float64(p.Present+p.Justified) / float64(p.Days) * 100
}

// WorkDay is a working day of somebody: they came, or were justified, or neither.
type WorkDay struct {
	Day             calendar.Day
	Came, Justified bool
}

// workDays says of each working day whether somebody came, or was justified: a pure function.
// A day of leave on which they came all the same is one on which they came.
func workDays(cal *calendar.Calendar, from, to time.Time, came map[calendar.Day]bool, leave []calendar.Range) (out []WorkDay) {
	last := calendar.DayOf(to)
	for d := calendar.DayOf(from); d.Before(last); d = d.Add(1) {
		if !cal.IsWorkingDay(d.At(12 * 60)) {
			continue
		}
		away := slices.ContainsFunc(leave, func(r calendar.Range) bool { return !d.Before(r.First) && !r.Last.Before(d) })
		out = append(out, WorkDay{Day: d, Came: came[d], Justified: away && !came[d]})
	}
	return out
}

// PresenceOf counts working days.
func PresenceOf(all []WorkDay) (p Presence) {
	p.Days = len(all)
	for _, d := range all {
		switch {
		case d.Came:
			p.Present++
		case d.Justified:
			p.Justified++
		}
	}
	return p
}

const (
	// Of some people; a row without a time of coming says that the file names them.
	sqlCame = `SELECT person_id, day, came IS NOT NULL AS came FROM kuciniki_attendance WHERE person_id = ANY ($1::bigint[]) AND day >= $2 AND day < $3`
	// Who had a Plh in their place was not expected: the appointment is the letter.
	sqlLeave = `
SELECT person_id, first_day, last_day FROM kuciniki_leave WHERE person_id = ANY ($1::bigint[]) AND first_day < $3::date AND last_day >= $2::date AND withdrawn_at IS NULL
UNION ALL
SELECT person_id, (from_at AT TIME ZONE 'Asia/Makassar')::date, ((to_at - interval '1 second') AT TIME ZONE 'Asia/Makassar')::date FROM kuciniki_stand_in
WHERE person_id = ANY ($1::bigint[]) AND from_at < $3::date::timestamp AT TIME ZONE 'Asia/Makassar' AND to_at > $2::date::timestamp AT TIME ZONE 'Asia/Makassar'`
	sqlHeld = `SELECT person_id, starts_at, ends_at FROM org_occupancy WHERE person_id = ANY ($1::bigint[]) AND during && tstzrange($2, $3)`
)

// Attended is the working days of somebody: those on which they held a post.
type Attended struct {
	Days  []WorkDay
	Named bool // a machine's file names them
}

// AttendedBy lists the working days of people from one midnight to another.
func AttendedBy(ctx context.Context, q pg.Querier, cal *calendar.Calendar, people []int64, from, to time.Time) (map[int64]Attended, error) {
	came, err := pg.Many[struct {
		PersonID int64
		Day      time.Time
		Came     bool
	}](ctx, q, sqlCame, people, from, to)
	if err != nil {
		return nil, err
	}
	spans, err := pg.Many[struct {
		PersonID          int64
		FirstDay, LastDay time.Time
	}](ctx, q, sqlLeave, people, from, to)
	if err != nil {
		return nil, err
	}
	seats, err := pg.Many[seat](ctx, q, sqlHeld, people, from, to)
	if err != nil {
		return nil, err
	}
	days, leave, held := map[int64]map[calendar.Day]bool{}, map[int64][]calendar.Range{}, map[int64][]seat{}
	for _, c := range came {
		if days[c.PersonID] == nil {
			days[c.PersonID] = map[calendar.Day]bool{}
		}
		days[c.PersonID][dateOf(c.Day)] = c.Came
	}
	for _, s := range spans {
		leave[s.PersonID] = append(leave[s.PersonID], calendar.Range{First: dateOf(s.FirstDay), Last: dateOf(s.LastDay)})
	}
	for _, s := range seats {
		held[s.PersonID] = append(held[s.PersonID], s)
	}
	out := map[int64]Attended{}
	for _, person := range people {
		all := slices.DeleteFunc(workDays(cal, from, to, days[person], leave[person]), func(d WorkDay) bool {
			return !slices.ContainsFunc(held[person], func(s seat) bool { return s.on(d.Day) })
		})
		out[person] = Attended{Days: all, Named: days[person] != nil}
	}
	return out, nil
}

// seat is when somebody held a post.
type seat struct {
	PersonID int64
	StartsAt time.Time
	EndsAt   *time.Time
}

func (s seat) on(d calendar.Day) bool {
	noon := d.At(12 * 60)
	return !noon.Before(s.StartsAt) && (s.EndsAt == nil || noon.Before(*s.EndsAt))
}

// dateOf is a date as the database gives it: midnight in no zone.
func dateOf(t time.Time) calendar.Day {
	y, mo, d := t.Date()
	return calendar.Day{Year: y, Month: mo, Day: d}
}
