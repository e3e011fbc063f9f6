package epuskesmas

import (
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
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
	wantKind(t, err, errs.NotFound)
	_, _, err = h.SiteBySlug(h.ctx, "antang")
	wantKind(t, err, errs.NotFound)
	set.Site.Open = true
	wantField(t, h.SaveSite(h.ctx, boss, set.Site), ControlOpen)

	poli, err := h.SavePoli(h.ctx, boss, Poli{UnitID: set.Site.UnitID, Kind: KindClinic, Letter: "B", Name: "Poli Gigi", PriorityRatio: 2, Active: true})
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.SavePoli(h.ctx, boss, Poli{UnitID: set.Site.UnitID, Kind: KindClinic, Letter: "B", Name: "Poli KIA", PriorityRatio: 2, Active: true})
	wantField(t, err, ControlLetter)
	_, err = h.SavePoli(h.ctx, boss, Poli{UnitID: h.unit, Kind: KindClinic, Letter: "Z", Name: "Poli Lain", PriorityRatio: 2, Active: true})
	wantKind(t, err, errs.NotFound)
	doctor, err := h.SaveDoctor(h.ctx, boss, Doctor{UnitID: set.Site.UnitID, Name: "drg. Nurul", Active: true})
	if err != nil {
		t.Fatal(err)
	}
	plan := Plan{PoliID: poli, Weekday: 3, Starts: 480, Ends: 720, Quota: quota(10), DoctorIDs: []int64{doctor}, ValidFrom: h.clock.Now()}
	if _, err := h.SavePlan(h.ctx, boss, plan, ""); err != nil {
		t.Fatal(err)
	}
	_, err = h.SavePlan(h.ctx, boss, plan, "")
	wantField(t, err, ControlStarts)
	if err := h.SaveSite(h.ctx, boss, set.Site); err != nil {
		t.Fatal(err)
	}
	wantKind(t, h.SaveSite(h.ctx, boss, set.Site), errs.Conflict) // somebody was faster
	list, err := h.Sessions(h.ctx, poli)
	if err != nil || len(list) != 1 || !list[0].StartsAt.Equal(tomorrow) || list[0].Doctors[0] != "drg. Nurul" || list[0].Left(true, JKN, start) != 10 {
		t.Fatalf("the sessions are %+v, %v", list, err)
	}
	h.book(func(b *Booking) { b.PoliID = poli })
	if list, _ = h.Sessions(h.ctx, poli); len(list) != 1 || list[0].ID == 0 || list[0].Taken != 1 || len(list[0].Doctors) != 1 {
		t.Fatalf("once booked the sessions are %+v", list)
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
	wantField(t, err, ControlSession)
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
	wantField(t, h.SetQuota(h.ctx, boss, s.ID, quota(9), ""), ControlReason)
	wantField(t, h.SetQuota(h.ctx, boss, s.ID, quota(2), "Dokter cuti"), ControlQuota)
	wantKind(t, h.SetQuota(h.ctx, auditor, s.ID, quota(9), "Dokter cuti"), errs.NotFound)
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
	wantKind(t, err, errs.NotFound)
	// A plan does not end before numbers that it gave.
	monday := start.AddDate(0, 0, -1)
	plan.ValidTo, plan.Quota = &monday, quota(1)
	plan.ValidFrom = monday
	_, err = h.SavePlan(h.ctx, boss, plan, "")
	wantField(t, err, ControlTo)
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
	_, err := h.MoveAll(h.ctx, h.hire("PKM-ANTANG", PermManage), s.ID, h.poli, thursday, "Dokter sakit")
	wantKind(t, err, errs.NotFound)
	_, err = h.MoveAll(h.ctx, boss, s.ID, h.poli, tomorrow, "Dokter sakit")
	wantField(t, err, ControlSession)
	n, err := h.MoveAll(h.ctx, boss, s.ID, h.poli, thursday, "Dokter sakit")
	if err != nil || n != 2 {
		t.Fatalf("%d were moved, %v", n, err)
	}
	// One place was left on Thursday; the second is beyond its quota, but nobody is lost.
	for i, code := range []string{"A-003", "A-004"} {
		if got := h.mineAt(tokens[i+1]); got.Code != code || !got.Session.StartsAt.Equal(thursday) {
			t.Errorf("the moved ticket is %s of %s, want %s", got.Code, got.Session.StartsAt, code)
		}
	}
	if n := one[int](h, `SELECT count(*) FROM notify_message WHERE subject LIKE 'Antrean Anda dipindah%'`); n != 2 {
		t.Errorf("%d were told, want 2", n)
	}
	_, err = h.Book(h.ctx, authz.Actor{}, h.booking())
	wantField(t, err, ControlSession) // the session is dropped
	s, _ = h.session(h.ctx, dentist, tomorrow, h.now())
	if n, err = h.CancelAll(h.ctx, boss, s.ID, "Alat rusak"); err != nil || n != 1 {
		t.Fatalf("%d were cancelled, %v", n, err)
	}
	if got := h.mineAt(other); got.Status != Cancelled {
		t.Errorf("the ticket is %s", got.Status)
	}
	if n := one[int](h, `SELECT count(*) FROM notify_message WHERE subject LIKE 'Antrean B-001 dibatalkan%'`); n != 1 {
		t.Errorf("%d were told, want 1", n)
	}
}
