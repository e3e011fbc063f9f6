package epuskesmas

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// A manager sets a puskesmas up from nothing, and only then can people book.
func TestAManagerOpensAPuskesmas(t *testing.T) {
	t.Parallel()
	h := newHouse(t, quota(5))
	boss := h.hire("PKM-ANTANG", PermManage)
	set, err := h.Setting(h.ctx, boss, "antang")
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Setting(h.ctx, boss, kassi)
	errstest.Kind(t, err, errs.NotFound)
	_, _, err = h.SiteBySlug(h.ctx, "antang")
	errstest.Kind(t, err, errs.NotFound)
	set.Site.Open = true
	errstest.Field(t, h.SaveSite(h.ctx, boss, set.Site), ControlOpen)

	poli, err := h.SavePoli(h.ctx, boss, Poli{UnitID: set.Site.UnitID, Kind: KindClinic, Letter: "B", Name: "Poli Gigi", PriorityRatio: 2, Active: true})
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.SavePoli(h.ctx, boss, Poli{UnitID: set.Site.UnitID, Kind: KindClinic, Letter: "B", Name: "Poli KIA", PriorityRatio: 2, Active: true})
	errstest.Field(t, err, ControlLetter)
	_, err = h.SavePoli(h.ctx, boss, Poli{UnitID: h.unit, Kind: KindClinic, Letter: "Z", Name: "Poli Lain", PriorityRatio: 2, Active: true})
	errstest.Kind(t, err, errs.NotFound)
	person := one[int64](h, `WITH n AS (INSERT INTO org_person (name, employment) VALUES ('Nurul', 'pns') RETURNING id),
		p AS (INSERT INTO org_position (unit_id, title, kind) VALUES ($1, 'Dokter gigi', 'fungsional') RETURNING id)
		INSERT INTO org_occupancy (person_id, position_id, kind, starts_at) SELECT n.id, p.id, 'definitif', $2 FROM n, p RETURNING person_id`, set.Site.UnitID, start.AddDate(-1, 0, 0))
	nurul := Doctor{UnitID: set.Site.UnitID, Name: "drg. Nurul", PersonID: person, Active: true}
	doctor, err := h.SaveDoctor(h.ctx, boss, nurul)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.SaveDoctor(h.ctx, boss, nurul)
	errstest.Field(t, err, ControlPerson) // is another doctor
	_, err = h.SaveDoctor(h.ctx, boss, Doctor{UnitID: set.Site.UnitID, Name: "drg. Tamu", PersonID: person + 1000, Active: true})
	errstest.Field(t, err, ControlPerson) // does not work there
	plan := Plan{PoliID: poli, Weekday: 3, Starts: 480, Ends: 720, Quota: quota(10), DoctorIDs: []int64{doctor}, ValidFrom: h.clock.Now()}
	if _, err := h.SavePlan(h.ctx, boss, plan, ""); err != nil {
		t.Fatal(err)
	}
	_, err = h.SavePlan(h.ctx, boss, plan, "")
	errstest.Field(t, err, ControlStarts)
	if err := h.SaveSite(h.ctx, boss, set.Site); err != nil {
		t.Fatal(err)
	}
	errstest.Kind(t, h.SaveSite(h.ctx, boss, set.Site), errs.Conflict) // somebody was faster
	list, err := h.Sessions(h.ctx, poli)
	if err != nil || len(list) != 1 || !list[0].StartsAt.Equal(tomorrow) || list[0].Doctors[0] != "drg. Nurul" || list[0].Left(true, JKN, start) != 10 {
		t.Fatalf("the sessions are %+v, %v", list, err)
	}
	h.book(func(b *Booking) { b.PoliID = poli })
	if list, _ = h.Sessions(h.ctx, poli); len(list) != 1 || list[0].ID == 0 || list[0].Taken != 1 || len(list[0].Doctors) != 1 {
		t.Fatalf("once booked the sessions are %+v", list)
	}
	if at, err := h.SessionTimes(h.ctx, []int64{poli}, start, start.AddDate(0, 0, 7)); err != nil || len(at) != 1 || len(at[0].People) != 1 || at[0].People[0] != person {
		t.Errorf("by the roster there are %+v: %v", at, err)
	}
}

func TestClosedDaysAndHolidaysAreNotOffered(t *testing.T) {
	t.Parallel()
	h := newHouse(t, quota(5))
	boss := h.hire("PKM-KASSI-KASSI", PermManage)
	days := func() (out []string) {
		list, err := h.Sessions(h.ctx, h.poli)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			out = append(out, s.StartsAt.In(clock.Makassar).Format("02"))
		}
		return out
	}
	if got := days(); len(got) != 7 { // the 24th to the 1st without the Sunday
		t.Fatalf("at first the days are %v", got)
	}
	h.book(nil)
	if err := h.SaveClosure(h.ctx, boss, Closure{UnitID: h.unit, FromDay: tomorrow, Reason: "Akreditasi"}); err != nil {
		t.Fatal(err)
	}
	if err := calendar.SaveHoliday(h.ctx, h.db.Pool, authz.System("uji"), start, calendar.Holiday{Day: tomorrow.AddDate(0, 0, 1), Name: "Pilkada", Kind: "daerah"}); err != nil {
		t.Fatal(err)
	}
	if got := days(); len(got) != 5 || got[1] != "27" {
		t.Fatalf("with a closed day and a holiday the days are %v", got)
	}
	_, err := h.Book(h.ctx, authz.Actor{}, h.booking())
	errstest.Field(t, err, ControlSession)
	set, err := h.Setting(h.ctx, boss, kassi)
	if err != nil || len(set.Closures) != 1 {
		t.Fatalf("closures %+v, %v", set.Closures, err)
	}
	if err := h.RemoveClosure(h.ctx, boss, h.unit, set.Closures[0].ID); err != nil {
		t.Fatal(err)
	}
	if got := days(); len(got) != 6 {
		t.Fatalf("opened again the days are %v", got)
	}
}

func TestChangesOfQuotaAreOnRecord(t *testing.T) {
	t.Parallel()
	h := newHouse(t, quota(5))
	boss, auditor := h.hire("PKM-KASSI-KASSI", PermManage), h.hire("DINKES", PermReports)
	for range 3 {
		h.book(nil)
	}
	s, err := h.session(h.ctx, h.poli, tomorrow, h.now())
	if err != nil {
		t.Fatal(err)
	}
	errstest.Field(t, h.SetQuota(h.ctx, boss, s.ID, quota(9), ""), ControlReason)
	errstest.Field(t, h.SetQuota(h.ctx, boss, s.ID, quota(2), "Dokter cuti"), ControlQuota)
	errstest.Kind(t, h.SetQuota(h.ctx, auditor, s.ID, quota(9), "Dokter cuti"), errs.NotFound)
	if err := h.SetQuota(h.ctx, boss, s.ID, quota(4), "Dokter cuti"); err != nil {
		t.Fatal(err)
	}
	set, err := h.Setting(h.ctx, boss, kassi)
	if err != nil {
		t.Fatal(err)
	}
	plan := set.Plans[2] // of Wednesdays
	plan.Quota = quota(1)
	if _, err := h.SavePlan(h.ctx, boss, plan, "Ruang direnovasi"); err != nil {
		t.Fatal(err)
	}
	if s, _ = h.session(h.ctx, h.poli, tomorrow, h.now()); s.All != 3 { // nobody loses a place
		t.Errorf("the session has a quota of %d, want 3", s.All)
	}
	_, list, err := h.QuotaChanges(h.ctx, auditor, kassi, 0)
	if err != nil || len(list) != 2 || list[0].Reason != "Ruang direnovasi" || *list[1].Before["semua"] != 5 || *list[1].After["semua"] != 4 || list[1].StartsAt == nil {
		t.Errorf("on record are %+v, %v", list, err)
	}
	_, _, err = h.QuotaChanges(h.ctx, h.hire("PKM-ANTANG", PermManage, PermReports), kassi, 0)
	errstest.Kind(t, err, errs.NotFound)
	// A plan does not end before numbers that it gave.
	monday := start.AddDate(0, 0, -1)
	plan.ValidTo, plan.Quota = &monday, quota(1)
	plan.ValidFrom = monday
	_, err = h.SavePlan(h.ctx, boss, plan, "")
	errstest.Field(t, err, ControlTo)
}

func TestADoctorDoesNotCome(t *testing.T) {
	t.Parallel()
	h := newHouse(t, quota(3))
	boss := h.hire("PKM-KASSI-KASSI", PermManage)
	dentist := h.addPoli(KindClinic, "B", "Poli Gigi", quota(5))
	var tokens []string
	for range 3 {
		tokens = append(tokens, h.book(nil).Token)
	}
	if err := h.Cancel(h.ctx, tokens[0], ""); err != nil {
		t.Fatal(err)
	}
	other := h.book(func(b *Booking) { b.PoliID = dentist }).Token
	s, _ := h.session(h.ctx, h.poli, tomorrow, h.now())
	thursday := tomorrow.AddDate(0, 0, 1)
	for range 2 {
		h.book(func(b *Booking) { b.StartsAt = thursday })
	}
	_, _, err := h.MoveAll(h.ctx, h.hire("PKM-ANTANG", PermManage), s.ID, h.poli, thursday, "Dokter sakit")
	errstest.Kind(t, err, errs.NotFound)
	_, _, err = h.MoveAll(h.ctx, boss, s.ID, h.poli, tomorrow, "Dokter sakit")
	errstest.Field(t, err, ControlSession)
	n, had, err := h.MoveAll(h.ctx, boss, s.ID, h.poli, thursday, "Dokter sakit")
	if err != nil || n != 2 || had != 0 {
		t.Fatalf("%d were moved, %d had a number, %v", n, had, err)
	}
	// One place was left on Thursday; the second is beyond its quota, but nobody is lost.
	for i, code := range []string{"A-003", "A-004"} {
		if got := h.mineAt(tokens[i+1]); got.Code != code || !got.Session.StartsAt.Equal(thursday) {
			t.Errorf("the moved ticket is %s of %s, want %s", got.Code, got.Session.StartsAt, code)
		} else if c := got.Change; c == nil || c.Action != ActMove || c.Reason != "Dokter sakit" || !c.StartsAt.Equal(tomorrow) {
			t.Errorf("its owner reads %+v", c)
		}
	}
	if n := one[int](h, `SELECT count(*) FROM notify_message WHERE subject LIKE 'Antrean Anda dipindah%'`); n != 2 {
		t.Errorf("%d were told, want 2", n)
	}
	if err := h.Remind(h.ctx); err != nil {
		t.Fatal(err)
	}
	if n := one[int](h, `SELECT count(*) FROM notify_message WHERE subject LIKE 'Nomor antrean%'`); n != 3 {
		t.Errorf("%d are told of a new number, want the 3 who were not moved", n)
	}
	_, err = h.Book(h.ctx, authz.Actor{}, h.booking())
	errstest.Field(t, err, ControlSession) // the session is dropped
	s, _ = h.session(h.ctx, dentist, tomorrow, h.now())
	if n, err = h.CancelAll(h.ctx, boss, s.ID, "Alat rusak"); err != nil || n != 1 {
		t.Fatalf("%d were cancelled, %v", n, err)
	}
	if got := h.mineAt(other); got.Status != Cancelled || got.Change == nil || got.Change.Reason != "Alat rusak" {
		t.Errorf("the ticket is %s, its owner reads %+v", got.Status, got.Change)
	}
	if got := h.mineAt(tokens[0]); got.Change != nil {
		t.Errorf("whoever cancelled reads %+v", got.Change)
	}
	if n := one[int](h, `SELECT count(*) FROM notify_message WHERE subject LIKE 'Antrean B-001 dibatalkan%'`); n != 1 {
		t.Errorf("%d were told, want 1", n)
	}
}

// A session that nobody has a number of can be changed and dropped as well.
func TestASessionIsDroppedBeforeAnybodyBooks(t *testing.T) {
	t.Parallel()
	h := newHouse(t, quota(3))
	boss := h.hire("PKM-KASSI-KASSI", PermManage)
	_, err := h.Prepare(h.ctx, h.hire("PKM-ANTANG", PermManage), kassi, h.poli, tomorrow)
	errstest.Kind(t, err, errs.NotFound)
	_, err = h.Prepare(h.ctx, boss, kassi, h.poli, tomorrow.AddDate(0, 0, 4)) // a Sunday
	errstest.Field(t, err, ControlSession)
	_, err = h.Prepare(h.ctx, boss, kassi, 1<<40, tomorrow)
	errstest.Field(t, err, ControlSession)
	id, err := h.Prepare(h.ctx, boss, kassi, h.poli, tomorrow)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := h.Prepare(h.ctx, boss, kassi, h.poli, tomorrow); again != id || err != nil {
		t.Errorf("once more it is %d, %v", again, err)
	}
	if n, err := h.CancelAll(h.ctx, boss, id, "Akreditasi"); n != 0 || err != nil {
		t.Errorf("%d were cancelled, %v", n, err)
	}
	_, err = h.Book(h.ctx, authz.Actor{}, h.booking())
	errstest.Field(t, err, ControlSession)
}

// TestWhoHasANumberOfTheOtherDayKeepsThatOne: nobody keeps the others from being moved.
func TestWhoHasANumberOfTheOtherDayKeepsThatOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t, quota(5))
	boss, thursday := h.hire("PKM-KASSI-KASSI", PermManage), tomorrow.AddDate(0, 0, 1)
	both := func(at time.Time) func(*Booking) {
		return func(b *Booking) {
			b.Name, b.BirthDate, b.Contact, b.StartsAt = "Sitti Aminah", tomorrow.AddDate(-40, 0, 0), "aminah@contoh.id", at
		}
	}
	gone, other := h.book(both(tomorrow)), h.book(nil)
	kept := h.book(both(thursday))
	n, had, err := h.MoveAll(h.ctx, boss, gone.Ticket.SessionID, h.poli, thursday, "Dokter sakit")
	if err != nil || n != 1 || had != 1 {
		t.Fatalf("%d were moved, %d had a number, %v", n, had, err)
	}
	for token, want := range map[string]Status{gone.Token: Cancelled, kept.Token: Booked, other.Token: Booked} {
		if got := h.mineAt(token); got.Status != want || want == Booked && !got.Session.StartsAt.Equal(thursday) {
			t.Errorf("%s of %s is %s, want %s", got.Code, got.Session.StartsAt, got.Status, want)
		}
	}
	if n := one[int](h, `SELECT count(*) FILTER (WHERE subject LIKE 'Antrean A-001 dibatalkan%') * 10 + count(*) FILTER (WHERE subject LIKE 'Antrean Anda dipindah%') FROM notify_message`); n != 11 {
		t.Errorf("told %d", n)
	}
}

// The screen of the waiting room hears at once that a doctor will not come.
func TestTheBoardHearsOfAnAbsence(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	session := w.register(nil).SessionID
	doctor := w.onDuty(session)
	ctx, stop := context.WithTimeout(w.ctx, 30*time.Second)
	defer stop()
	conn, err := pgx.Connect(ctx, w.db.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(w.ctx)
	if _, err := conn.Exec(ctx, "LISTEN portal_live"); err != nil {
		t.Fatal(err)
	}
	w.must(w.Absent(w.ctx, w.hire("PKM-KASSI-KASSI", PermManage), session, doctor, "Sakit"))
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			t.Fatalf("the board heard nothing: %v", err)
		}
		if n.Payload == LiveSite(w.unit) {
			return
		}
	}
}
