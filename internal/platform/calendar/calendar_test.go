package calendar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, clock.Makassar)
	if err != nil {
		panic(err)
	}
	return t
}

// office is Perpres 21/2023 with the end of December 2026 and Ramadan.
func office() *calendar.Calendar {
	c := &calendar.Calendar{
		Holidays: map[calendar.Day]string{
			{Year: 2026, Month: 12, Day: 24}: "Cuti bersama Natal",
			{Year: 2026, Month: 12, Day: 25}: "Natal",
		},
		Seasons: []calendar.Range{{First: calendar.Day{Year: 2026, Month: 2, Day: 19}, Last: calendar.Day{Year: 2026, Month: 3, Day: 20}}},
	}
	for d := range 4 {
		c.Regular[d] = []calendar.Span{{Opens: 450, Closes: 720}, {Opens: 780, Closes: 960}}
		c.Ramadan[d] = []calendar.Span{{Opens: 480, Closes: 720}, {Opens: 750, Closes: 900}}
	}
	c.Regular[4] = []calendar.Span{{Opens: 450, Closes: 690}, {Opens: 780, Closes: 990}}
	c.Ramadan[4] = []calendar.Span{{Opens: 480, Closes: 720}, {Opens: 780, Closes: 930}}
	return c
}

func TestAddWorkingDays(t *testing.T) {
	t.Parallel()
	c := office()
	for _, v := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-11-24 09:40", 3, "2026-11-27 16:30"}, // Tuesday to Friday, who closes later
		{"2026-11-24 23:59", 3, "2026-11-27 16:30"}, // the hour does not matter
		{"2026-11-27 10:00", 1, "2026-11-30 16:00"}, // over the weekend
		{"2026-11-28 10:00", 1, "2026-11-30 16:00"}, // from a Saturday
		{"2026-12-23 10:00", 1, "2026-12-28 16:00"}, // over Christmas and a weekend
		{"2026-11-24 09:40", 0, "2026-11-24 16:00"},
		{"2026-11-24 17:00", 0, "2026-11-25 16:00"}, // the day is over
		{"2026-11-28 17:00", 0, "2026-11-30 16:00"},
		{"2026-03-19 09:00", 1, "2026-03-20 15:30"}, // a Friday in Ramadan
		{"2026-11-24 09:40", 10, "2026-12-08 16:00"},
	} {
		if got := c.AddWorkingDays(at(v.from), v.n); !got.Equal(at(v.want)) {
			t.Errorf("AddWorkingDays(%s, %d) = %s, want %s", v.from, v.n, got.Format("2006-01-02 15:04"), v.want)
		}
	}
}

func TestWorkingMinutes(t *testing.T) {
	t.Parallel()
	c := office()
	for _, v := range []struct {
		from, to string
		want     int
	}{
		{"2026-11-23 00:00", "2026-11-30 00:00", 2250}, // 37.5 hours a week
		{"2026-02-23 00:00", "2026-03-02 00:00", 1950}, // 32.5 in Ramadan
		{"2026-11-24 11:30", "2026-11-24 13:30", 60},   // the break does not count
		{"2026-11-27 16:00", "2026-11-30 08:00", 60},   // nor does the weekend
		{"2026-12-24 08:00", "2026-12-25 16:00", 0},
		{"2026-11-24 13:30", "2026-11-24 11:30", 0},
	} {
		if got := c.WorkingMinutes(at(v.from), at(v.to)); got != v.want {
			t.Errorf("WorkingMinutes(%s, %s) = %d, want %d", v.from, v.to, got, v.want)
		}
	}
}

func TestOpening(t *testing.T) {
	t.Parallel()
	c := office()
	if c.IsOpen(at("2026-11-24 12:30")) || !c.IsOpen(at("2026-11-24 13:00")) || c.IsOpen(at("2026-11-24 16:00")) {
		t.Error("breaks and closing time")
	}
	if got := c.NextOpening(at("2026-12-23 16:00")); !got.Equal(at("2026-12-28 07:30")) {
		t.Errorf("next opening after Christmas: %v", got)
	}
	if c.IsWorkingDay(at("2026-12-25 10:00")) || c.Holiday(at("2026-12-25 10:00")) != "Natal" {
		t.Error("Natal is a holiday")
	}
	if n := c.WorkingDays(at("2026-12-18 10:00"), at("2026-12-31 10:00")); n != 7 {
		t.Errorf("working days: %d", n)
	}
}

func TestNeverWorkingDoesNotHang(t *testing.T) {
	t.Parallel()
	var c calendar.Calendar
	when := at("2026-11-24 09:40")
	if got := c.AddWorkingDays(when, 3); !got.Equal(when.AddDate(0, 0, 3)) {
		t.Errorf("AddWorkingDays: %v", got)
	}
	if got := c.NextOpening(when); !got.Equal(when) {
		t.Errorf("NextOpening: %v", got)
	}
	if got := c.AddWorkingTime(when, time.Hour); !got.Equal(when.Add(time.Hour)) {
		t.Errorf("AddWorkingTime: %v", got)
	}
}

// anyCalendar draws weeks, holidays and a season, odd ones included.
func anyCalendar(t *rapid.T) *calendar.Calendar {
	c := &calendar.Calendar{Holidays: map[calendar.Day]string{}}
	week := func(w *calendar.Week, name string) {
		for d := range 7 {
			switch rapid.IntRange(0, 3).Draw(t, name) {
			case 1:
				w[d] = []calendar.Span{{Opens: 0, Closes: 1440}}
			case 2:
				w[d] = []calendar.Span{{Opens: 450, Closes: 720}, {Opens: 780, Closes: 960}}
			case 3:
				w[d] = []calendar.Span{{Opens: rapid.IntRange(0, 700).Draw(t, "opens"), Closes: rapid.IntRange(701, 1440).Draw(t, "closes")}}
			}
		}
	}
	week(&c.Regular, "regular")
	week(&c.Ramadan, "ramadan")
	c.Regular[2] = []calendar.Span{{Opens: 450, Closes: 960}} // works at least on Wednesdays
	for range rapid.IntRange(0, 20).Draw(t, "holidays") {
		c.Holidays[calendar.DayOf(anyTime(t))] = "libur"
	}
	first := calendar.DayOf(anyTime(t))
	c.Seasons = []calendar.Range{{First: first, Last: first.Add(29)}}
	return c
}

func anyTime(t *rapid.T) time.Time {
	return at("2026-01-01 00:00").Add(time.Duration(rapid.Int64Range(0, 200*24*3600).Draw(t, "second")) * time.Second)
}

func TestProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := anyCalendar(t)
		a, b := anyTime(t), anyTime(t)
		if b.Before(a) {
			a, b = b, a
		}
		mid := a.Add(time.Duration(rapid.Float64Range(0, 1).Draw(t, "mid") * float64(b.Sub(a))))
		if whole, parts := c.WorkingTime(a, b), c.WorkingTime(a, mid)+c.WorkingTime(mid, b); whole != parts {
			t.Fatalf("time is not additive: %v and %v", whole, parts)
		}
		if w := c.WorkingTime(a, b); w < 0 || w > b.Sub(a) {
			t.Fatalf("%v of work in %v", w, b.Sub(a))
		}
		n := rapid.IntRange(0, 30).Draw(t, "n")
		due := c.AddWorkingDays(a, n)
		if due.Before(a) || !c.IsWorkingDay(due.Add(-time.Nanosecond)) {
			t.Fatalf("due %v is not the close of a working day after %v", due, a)
		}
		if c.AddWorkingDays(a, n+1).Before(due) || c.AddWorkingDays(b, n).Before(due) {
			t.Fatal("a later start or more days gave an earlier answer")
		}
		if n > 0 && c.WorkingDays(a, due.Add(-time.Nanosecond)) != n {
			t.Fatalf("%d working days until %v", c.WorkingDays(a, due), due)
		}
		d := time.Duration(rapid.Int64Range(0, 100*3600).Draw(t, "work")) * time.Second
		if end := c.AddWorkingTime(a, d); c.WorkingTime(a, end) != d {
			t.Fatalf("AddWorkingTime(%v) = %v, which holds %v", d, end, c.WorkingTime(a, end))
		}
	})
}

func TestLoad(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), pgtest.New(t).Pool
	unit := func(code string) (id int64) {
		if err := db.QueryRow(ctx, `SELECT id FROM org_unit WHERE code = $1`, code).Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	load := func(id int64) *calendar.Calendar {
		c, err := calendar.Load(ctx, db, id)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	city, clinic := load(0), load(unit("PKM-KASSI-KASSI"))
	if got := city.WorkingMinutes(at("2026-11-23 00:00"), at("2026-11-30 00:00")); got != 2250 {
		t.Errorf("the city works %d minutes a week", got)
	}
	if got := city.WorkingMinutes(at("2026-03-02 00:00"), at("2026-03-09 00:00")); got != 1950 {
		t.Errorf("in Ramadan %d", got)
	}
	if got := clinic.WorkingMinutes(at("2026-11-23 00:00"), at("2026-11-30 00:00")); got != 2250 {
		t.Errorf("a puskesmas works %d minutes a week", got)
	}
	if !clinic.IsWorkingDay(at("2026-11-28 09:00")) || city.IsWorkingDay(at("2026-11-28 09:00")) {
		t.Error("Saturdays: only the puskesmas works")
	}
	if city.IsWorkingDay(at("2026-08-17 09:00")) || city.Holiday(at("2026-08-17 09:00")) == "" {
		t.Error("17 Agustus is a holiday")
	}
	if got := load(unit("73.71.13.1002")).AddWorkingDays(at("2026-12-23 10:00"), 1); !got.Equal(at("2026-12-28 16:00")) {
		t.Errorf("a kelurahan follows the city: %v", got)
	}
}
