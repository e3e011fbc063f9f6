package kuciniki

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
)

// weekdays is a calendar of Mondays to Fridays without holidays.
func weekdays() *calendar.Calendar {
	var week calendar.Week
	for d := range 5 {
		week[d] = []calendar.Span{{Opens: 450, Closes: 960}}
	}
	return &calendar.Calendar{Regular: week}
}

// Presence by cases, and a day of leave never lowers it.
func TestPresence(t *testing.T) {
	t.Parallel()
	cal := weekdays()
	from, to := span(2026, 6) // 22 weekdays
	day := func(d int) calendar.Day { return calendar.Day{Year: 2026, Month: time.June, Day: d} }
	month := map[calendar.Day]bool{}
	for d := 1; d <= 30; d++ {
		month[day(d)] = true
	}
	half := map[calendar.Day]bool{}
	for d := 1; d <= 15; d++ {
		half[day(d)] = true
	}
	for _, x := range []struct {
		name  string
		came  map[calendar.Day]bool
		leave []calendar.Range
		want  Presence
	}{
		{"nobody", nil, nil, Presence{22, 0, 0}},
		{"every day, weekends too", month, nil, Presence{22, 22, 0}},
		{"half of it", half, nil, Presence{22, 11, 0}},
		{"half of it, then leave", half, []calendar.Range{{First: day(16), Last: day(30)}}, Presence{22, 11, 11}},
		{"leave and came all the same", month, []calendar.Range{{First: day(1), Last: day(30)}}, Presence{22, 22, 0}},
		{"leave on a weekend", nil, []calendar.Range{{First: day(6), Last: day(7)}}, Presence{22, 0, 0}},
		{"leave that began before", nil, []calendar.Range{{First: day(1).Add(-9), Last: day(2)}}, Presence{22, 0, 2}},
	} {
		if got := PresenceOf(workDays(cal, from, to, x.came, x.leave)); got != x.want {
			t.Errorf("%s: %+v, want %+v", x.name, got, x.want)
		}
	}
	for first := 1; first <= 30; first++ {
		before, after := PresenceOf(workDays(cal, from, to, half, nil)), PresenceOf(workDays(cal, from, to, half, []calendar.Range{{First: day(first), Last: day(30)}}))
		if after.Percent() < before.Percent() {
			t.Errorf("leave from the %d. lowers %v to %v", first, before, after)
		}
	}
	rule := TPPRule{Attendance: 30, SangatBaik: 100, Baik: 100, ButuhPerbaikan: 75, Kurang: 50, SangatKurang: 25}
	for _, x := range []struct {
		attendance float64
		predicate  Predicate
		want       float64
	}{{100, Good, 100}, {50, Good, 85}, {100, ToMend, 82.5}, {0, VeryPoor, 17.5}, {100, "", 30}} {
		if got := rule.Reckon(x.attendance, x.predicate); got != x.want {
			t.Errorf("%v and %s: %v, want %v", x.attendance, x.predicate, got, x.want)
		}
	}
}

// Of whom no file of the month tells nothing is reckoned.
func TestThePayOfWhoIsInNoFile(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 2, 9, 9, 0, 0, 0, start.Location())
	some := Pay{Person: "A", Predicate: Good, Presence: Presence{Days: 20, Present: 10}}
	none := Pay{Person: "B", Predicate: Good, Presence: Presence{Days: 20}, Unknown: true}
	open := Pay{Person: "C", Predicate: Good, Presence: Presence{Days: 20, Present: 20}}
	doc := composePay("Dinas PU", Period{Year: 2026, Month: 1}, TPPRule{Attendance: 30, Baik: 100}, []Pay{some, none, open}, func(x Pay) bool { return x.Person != "C" }, at)
	rows := doc.Blocks[1].(naskah.Table).Rows
	for i, want := range [][]string{{"10 dari 20 hari", "Baik", "85,00%"}, {"belum ada data", "Baik", "-"}, {"20 dari 20 hari", "belum final", "-"}} {
		if got := rows[i][2:]; !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
}

// A machine's file is tried first; rows that cannot be are named and nothing is written.
func TestAttendanceAndTheFileForPay(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	skp := c.line()
	c.clock.Advance(40 * 24 * time.Hour) // late February
	number := func(w worker) string {
		return one[string](c, `SELECT staff_number FROM org_person WHERE id = $1`, w.PersonID)
	}
	take := func(rows string, apply bool) Import {
		t.Helper()
		text := "NIP;Tanggal;Masuk;Pulang\n" + rows
		im, err := c.ImportAttendance(c.ctx, c.bkpsdm.Actor, strings.NewReader(text), int64(len(text)), apply)
		c.must(err)
		return im
	}
	rows := ""
	for d := 1; d <= 20; d++ {
		rows += fmt.Sprintf("%s;%d-1-2026;07:2%d;16.05\n", number(c.staff), d, d%10)
	}
	kept := func() int { return one[int](c, `SELECT count(*) FROM kuciniki_attendance`) }
	if im := take(rows, false); im.Rows != 20 || im.People != 1 || im.Wrong != 0 || kept() != 0 {
		t.Fatalf("tried %+v", im)
	}
	bad := take(rows+"123;2026-01-05;;\n"+number(c.staff)+";kemarin;;\n"+number(c.staff)+";2027-01-05;;\n"+number(c.staff)+";21-1-2026;16:00;07:00\n"+number(c.staff)+";20-1-2026;;\n", true)
	if bad.Wrong != 5 || bad.Problems[0].Row != 22 || kept() != 0 {
		t.Fatalf("wrong rows: %+v", bad)
	}
	for range 2 {
		take(rows, true)
	}
	if kept() != 20 {
		t.Errorf("%d days", kept())
	}
	_, err := c.ImportAttendance(c.ctx, c.kadis.Actor, strings.NewReader(rows), int64(len(rows)), true)
	errstest.Kind(t, err, errs.NotFound)
	day := func(d int) time.Time { return time.Date(2026, 1, d, 0, 0, 0, 0, start.Location()) }
	c.letters["800.1.11/7/2026"], c.letters["800.1.11/8/2026"], c.letters["800.1.11/9/2026"] = Letter{7, "800.1.11/7/2026", true, false}, Letter{8, "800.1.11/8/2026", false, false}, Letter{9, "800.1.11/9/2026", true, true}
	leave := func(l Leave, control string) {
		t.Helper()
		l.First, l.Kind = day(21), "cuti"
		errstest.Field(t, c.AddLeave(c.ctx, c.bkpsdm.Actor, l), control)
	}
	leave(Leave{StaffNumber: "1", Last: day(30), Number: "800.1.11/7/2026"}, ControlNumber)
	leave(Leave{StaffNumber: number(c.staff), Last: day(20), Number: "800.1.11/7/2026"}, ControlLast)
	leave(Leave{StaffNumber: number(c.staff), Last: day(30), Number: "SC"}, ControlLetter)
	leave(Leave{StaffNumber: number(c.staff), Last: day(30), Number: "800.1.11/6/2026"}, ControlLetter) // there is none
	leave(Leave{StaffNumber: number(c.staff), Last: day(30), Number: "800.1.11/8/2026"}, ControlLetter) // not signed
	leave(Leave{StaffNumber: number(c.staff), Last: day(30), Number: "800.1.11/9/2026"}, ControlLetter) // revoked
	note := func() {
		t.Helper()
		c.must(c.AddLeave(c.ctx, c.bkpsdm.Actor, Leave{StaffNumber: number(c.staff), First: day(21), Last: day(31), Kind: "cuti", Number: "800.1.11/7/2026"}))
	}
	note()
	note()
	leave(Leave{StaffNumber: number(c.staff), Last: day(30), Number: "800.1.11/7/2026"}, ControlLetter) // the same with another end
	noted, err := c.NotedLeaves(c.ctx, c.bkpsdm.Actor)
	if c.must(err); len(noted) != 1 || noted[0].LetterID != 7 || noted[0].Revoked {
		t.Fatalf("noted is %+v", noted)
	}
	errstest.Kind(t, c.WithdrawLeave(c.ctx, c.kadis.Actor, noted[0].ID), errs.NotFound)
	c.must(c.WithdrawLeave(c.ctx, c.bkpsdm.Actor, noted[0].ID))
	errstest.Kind(t, c.WithdrawLeave(c.ctx, c.bkpsdm.Actor, noted[0].ID), errs.Conflict)
	note() // it may be noted again
	c.letters["800.1.11/7/2026"] = Letter{7, "800.1.11/7/2026", true, true}
	if noted, err = c.NotedLeaves(c.ctx, c.bkpsdm.Actor); err != nil || len(noted) != 2 || noted[1].WithdrawnAt == nil || !noted[0].Revoked {
		t.Errorf("after its letter was revoked it is %+v: %v", noted, err)
	}
	_, err = c.NotedLeaves(c.ctx, c.kadis.Actor)
	errstest.Kind(t, err, errs.NotFound)

	// It ends by itself on the day of the revocation; the days before were taken in good faith.
	c.clock.Set(day(24).Add(9 * time.Hour))
	for _, want := range []int{1, 0} {
		if n, err := c.EndRevoked(c.ctx); err != nil || n != want {
			t.Errorf("%d leaves ended, want %d: %v", n, want, err)
		}
	}
	if noted, err = c.NotedLeaves(c.ctx, c.bkpsdm.Actor); err != nil || len(noted) != 3 || noted[0].WithdrawnAt != nil || noted[0].LastDay.Day() != 22 || noted[1].WithdrawnAt == nil || noted[1].WithdrawnBy != "" {
		t.Errorf("after it ended it is %+v: %v", noted, err)
	}
	if n := one[int](c, `SELECT count(*) FROM notify_message WHERE subject LIKE 'Surat yang membenarkan%'`); n != 2 {
		t.Errorf("%d are told", n)
	}
	c.letters["800.1.11/10/2026"] = Letter{10, "800.1.11/10/2026", true, false}
	c.must(c.AddLeave(c.ctx, c.bkpsdm.Actor, Leave{StaffNumber: number(c.staff), First: day(23), Last: day(31), Kind: "cuti", Number: "800.1.11/10/2026"}))
	c.clock.Set(start.Add(40 * 24 * time.Hour))

	c.must(c.Judge(c.ctx, c.kabid.Actor, c.next(skp, 1), Verdict{Result: AsDue, Behaviour: AsDue, Values: all(AsDue)}))
	unit := c.kadis.MainPosition().UnitID
	_, err = c.PayFile(c.ctx, c.bkpsdm.Actor, 2026, 1, unit, "", "")
	errstest.Kind(t, err, errs.Conflict) // not closed
	c.must(c.ClosePeriod(c.ctx, c.bkpsdm.Actor, 2026, 1))
	if im := take(rows, true); im.Wrong != 20 {
		t.Errorf("a closed month takes attendance: %+v", im)
	}
	pdf, err := c.PayFile(c.ctx, c.bkpsdm.Actor, 2026, 1, unit, "", "")
	c.must(err)
	if !bytes.Contains(pdf, []byte("/ByteRange")) {
		t.Error("the file is not signed")
	}
	_, err = c.PayFile(c.ctx, c.kadis.Actor, 2026, 1, unit, "", "")
	errstest.Kind(t, err, errs.NotFound)
	cal, err := calendar.Load(c.ctx, c.db.Pool, unit)
	c.must(err)
	from, to := span(2026, 1)
	newcomer := c.seatNew(one[int64](c, `INSERT INTO org_position (unit_id, title, kind) SELECT unit_id, 'Baru', 'pelaksana' FROM org_position WHERE id = $1 RETURNING id`, c.staff.post), "definitif", day(19), nil)
	attended, err := AttendedBy(c.ctx, c.db.Pool, cal, []int64{c.staff.PersonID, c.colleague.PersonID, newcomer.PersonID}, from, to)
	c.must(err)
	whole := attended[c.staff.PersonID]
	if p := PresenceOf(whole.Days); p.Percent() != 100 || p.Justified == 0 || !whole.Named {
		t.Errorf("present and justified: %+v", p)
	}
	if a, b := attended[c.colleague.PersonID], attended[newcomer.PersonID]; a.Named || len(a.Days) != len(whole.Days) || len(b.Days) != 10 {
		t.Errorf("who is in no file has %d days, who came on the 19th %d", len(a.Days), len(b.Days))
	}
	errstest.Kind(t, c.SaveTPP(c.ctx, c.kadis.Actor, TPPRule{}), errs.NotFound)
	errstest.Field(t, c.SaveTPP(c.ctx, c.bkpsdm.Actor, TPPRule{Attendance: 101}), ControlAttendance)
	c.must(c.SaveTPP(c.ctx, c.bkpsdm.Actor, TPPRule{Attendance: 40, SangatBaik: 100, Baik: 90}))
	if r, err := c.TPP(c.ctx); err != nil || r.Attendance != 40 || r.Counts(Good) != 90 {
		t.Errorf("%+v %v", r, err)
	}
}

// One entry in ten is shown to its witness, who answers once; nobody else learns of it.
func TestTheManualLog(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.line()
	today := c.clock.Now()
	for i := range 40 {
		c.must(c.Log(c.ctx, c.staff.Actor, today, 30, "Mengantar berkas ke gedung keuangan", c.colleague.PersonID, fmt.Sprint("kunci-", i)))
	}
	c.must(c.Log(c.ctx, c.staff.Actor, today, 30, "Mengantar berkas ke gedung keuangan", c.colleague.PersonID, "kunci-1"))           // a resend
	errstest.Field(t, c.Log(c.ctx, c.staff.Actor, today, 600, "Mengantar berkas", c.colleague.PersonID, "kunci-40"), ControlMinutes) // of a day of 24 hours
	mine, _, err := c.Logs(c.ctx, c.staff.Actor)
	c.must(err)
	_, asked, err := c.Logs(c.ctx, c.colleague.Actor)
	c.must(err)
	if len(mine) != 40 || len(asked) == 0 || len(asked) > 15 || asked[0].Text == "" {
		t.Fatalf("%d entries, %d sampled", len(mine), len(asked))
	}
	errstest.Kind(t, c.Witness(c.ctx, c.kabid.Actor, asked[0].ID, true), errs.NotFound)
	c.must(c.Witness(c.ctx, c.colleague.Actor, asked[0].ID, false))
	errstest.Kind(t, c.Witness(c.ctx, c.colleague.Actor, asked[0].ID, true), errs.Conflict)
	if n := one[int](c, `SELECT count(*) FROM work_event WHERE kind = 'log_manual'`); n != 40 {
		t.Errorf("%d entries in the ledger", n)
	}
	log := func(day time.Time, minutes int, text string, witness int64) error {
		return c.Log(c.ctx, c.staff.Actor, day, minutes, text, witness, "lain")
	}
	errstest.Field(t, log(today.AddDate(0, 0, -20), 60, "Mengantar berkas", c.colleague.PersonID), ControlDay)
	errstest.Field(t, log(today.AddDate(0, 0, 1), 60, "Mengantar berkas", c.colleague.PersonID), ControlDay)
	errstest.Field(t, log(today, 601, "Mengantar berkas", c.colleague.PersonID), ControlMinutes)
	errstest.Field(t, log(today, 60, "Antar", c.colleague.PersonID), ControlNote)
	errstest.Field(t, log(today, 60, "Mengantar berkas", c.stranger.PersonID), ControlWitness)
	errstest.Field(t, log(today, 60, "Mengantar berkas", c.staff.PersonID), ControlWitness)
}
