package epuskesmas

import (
	"errors"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// TestPaperNumbersMeetNobody: who takes numbers while a block is set aside for paper gets
// others, without twins or holes beside the block.
func TestPaperNumbersMeetNobody(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	first := w.register(nil)
	session := first.SessionID
	var wait sync.WaitGroup
	blocks := make([]int, 3)
	for i := range blocks {
		wait.Go(func() {
			n, err := w.SetAside(w.ctx, w.staff, session, 5)
			if err != nil {
				t.Error(err)
			}
			blocks[i] = n
		})
		r := w.newcomer()
		wait.Go(func() {
			if _, err := w.Register(w.ctx, w.staff, w.unit, r); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := one[int](w.house, `SELECT count(*) FROM epuskesmas_ticket t JOIN epuskesmas_paper b ON b.session_id = t.session_id AND t.number BETWEEN b.first AND b.last`); n != 0 {
		t.Errorf("%d tickets have a number that was set aside", n)
	}
	if n := one[int](w.house, `SELECT last_number FROM epuskesmas_session WHERE id = $1`, session); n != 1+3+15 {
		t.Errorf("last number %d", n)
	}
	_, list, err := w.PaperList(w.ctx, w.staff, "kassi-kassi", w.clock.Now())
	w.must(err)
	free, given := 0, 0
	for _, s := range list {
		free, given = free+len(s.Free), given+len(s.Tickets)
	}
	if free != 15 || given != 4 {
		t.Errorf("%d free, %d given", free, given)
	}
}

// TestLateEntry: who had a number, who got one on paper, and what cannot have been. What
// is entered counts as a visit, and the estimator does not look at it.
func TestLateEntry(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	had := w.register(nil)
	block, err := w.SetAside(w.ctx, w.staff, had.SessionID, 3)
	w.must(err)
	from := w.clock.Now()
	at := func(n int) time.Time { return from.Add(time.Duration(n) * time.Minute) }
	w.clock.Advance(2 * time.Hour)
	served := LateEntry{SessionID: had.SessionID, Number: had.Number, Here: at(0), Called: at(10), Started: at(11), Ended: at(20), Outcome: Done}
	if served.Number == 0 {
		served.Number = one[int](w.house, `SELECT number FROM epuskesmas_ticket WHERE id = $1`, had.ID)
	}
	for name, c := range map[string]struct {
		change func(*LateEntry)
		kind   errs.Kind
	}{
		"backwards":  {func(e *LateEntry) { e.Ended = at(5) }, errs.Unprocessable},
		"tomorrow":   {func(e *LateEntry) { e.Ended = at(24 * 60) }, errs.Unprocessable},
		"to come":    {func(e *LateEntry) { e.Ended = at(180) }, errs.Unprocessable},
		"no end":     {func(e *LateEntry) { e.Ended = time.Time{} }, errs.Unprocessable},
		"no outcome": {func(e *LateEntry) { e.Outcome = Booked }, errs.Unprocessable},
		"no block": {func(e *LateEntry) {
			e.Number = 99
			e.Name = "Ali"
			e.BirthDate = from.AddDate(-30, 0, 0)
			e.Payer = General
		}, errs.Unprocessable},
	} {
		in := served
		c.change(&in)
		if err := w.EnterLate(w.ctx, w.staff, in); errs.KindOf(err) != c.kind || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.must(w.EnterLate(w.ctx, w.staff, served))
	if err := w.EnterLate(w.ctx, w.staff, served); errs.KindOf(err) != errs.Conflict {
		t.Errorf("entered twice: %v", err)
	}
	paper := LateEntry{SessionID: had.SessionID, Number: block, Name: "Daeng Baji", BirthDate: time.Date(1950, 2, 3, 0, 0, 0, 0, time.UTC), Payer: General,
		Here: at(1), Started: at(21), Ended: at(30), Outcome: Done}
	var wait sync.WaitGroup
	results := make([]error, 4)
	for i := range results {
		wait.Go(func() { results[i] = w.EnterLate(w.ctx, w.staff, paper) })
	}
	wait.Wait()
	entered := 0
	for _, err := range results {
		if err == nil {
			entered++
		} else if errs.KindOf(err) != errs.Conflict {
			t.Error(err)
		}
	}
	if n := one[int](w.house, `SELECT count(*) FROM epuskesmas_ticket WHERE session_id = $1 AND number = $2 AND late_entry AND status = 'selesai'`, had.SessionID, block); entered != 1 || n != 1 {
		t.Errorf("%d entered, %d there", entered, n)
	}
	if n := one[int](w.house, `SELECT max(seq) - count(*) FROM epuskesmas_event WHERE session_id = $1`, had.SessionID); n != 0 {
		t.Errorf("%d events are missing", n)
	}
	if n := one[int](w.house, `SELECT seq - (SELECT max(seq) FROM epuskesmas_event e WHERE e.session_id = s.id) FROM epuskesmas_session s WHERE id = $1`, had.SessionID); n != 0 {
		t.Errorf("the session is %d events off", n)
	}
	model := &poliTimes{model: estimate.NewModel(), sessions: map[int64]*replay{}}
	r, err := model.follow(w.ctx, w.db.Pool, had.SessionID)
	w.must(err)
	if n := len(estimate.NewModel().All(r.Session, w.clock.Now())); n != 0 {
		t.Errorf("the estimator looks at %d tickets from paper", n)
	}
	if n := one[int](w.house, `SELECT count(*) FROM epuskesmas_patient WHERE record_number IS NULL`); n != 0 {
		t.Errorf("%d were there and have no record number", n)
	}
	twin := paper
	twin.Number, twin.Name = block+1, "Dg. Baji"
	var alike *Alike
	if err := w.EnterLate(w.ctx, w.staff, twin); errs.KindOf(err) != errs.Conflict || !errors.As(err, &alike) || len(alike.Known) != 1 {
		t.Errorf("who looks like somebody known: %v", err)
	}
	head := w.hire("PKM-KASSI-KASSI", PermManage) // sees no patients
	twin.NIK = "7371130302500001"
	w.must(w.EnterLate(w.ctx, head, twin))
	twin.Number = block + 2
	if err := w.EnterLate(w.ctx, w.staff, twin); !errors.As(err, &alike) || !alike.SameNIK || len(alike.Known) != 2 {
		t.Errorf("with the NIK of somebody known: %v", err)
	}
	twin.PatientID, twin.Name, twin.NIK = alike.Known[1].ID, "", ""
	w.must(w.EnterLate(w.ctx, w.staff, twin))
	stranger := w.hire("PKM-ANTANG", PermDesk)
	if err := w.EnterLate(w.ctx, stranger, paper); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a stranger: %v", err)
	}
	w.clock.Advance(9 * 24 * time.Hour)
	last := paper
	last.Number = block + 1
	clerk := w.hire("PKM-KASSI-KASSI", PermDesk)
	if err := w.EnterLate(w.ctx, clerk, last); errs.KindOf(err) != errs.Conflict {
		t.Errorf("after nine days: %v", err)
	}
}

// TestPaperGrowsQuotaOnRecord: each growth of the quota that paper forces is on record, also
// of the part of one payer and when several desks enter at once.
func TestPaperGrowsQuotaOnRecord(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	session := w.register(nil).SessionID
	block, err := w.SetAside(w.ctx, w.staff, session, 4)
	w.must(err)
	one[int64](w.house, `UPDATE epuskesmas_session SET quota = taken, quota_online = 0, quota_general = taken_general + 1 WHERE id = $1 RETURNING id`, session)
	from := w.clock.Now()
	w.clock.Advance(2 * time.Hour)
	var wait sync.WaitGroup
	for i, name := range []string{"Daeng Baji", "Daeng Ngai", "Daeng Sese", "Daeng Tarring"} {
		in := LateEntry{SessionID: session, Number: block + i, Name: name, BirthDate: time.Date(1950, 2, 3+i, 0, 0, 0, 0, time.UTC), Payer: General,
			Started: from.Add(time.Minute), Ended: from.Add(9 * time.Minute), Outcome: Done}
		wait.Go(func() {
			if err := w.EnterLate(w.ctx, w.staff, in); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := one[int](w.house, `SELECT count(*) FROM epuskesmas_quota_change WHERE session_id = $1`, session); n != 4 {
		t.Errorf("%d growths on record", n)
	}
	if n := one[int](w.house, `
SELECT count(*) FROM (SELECT before, lag(after) OVER (ORDER BY id) AS last FROM epuskesmas_quota_change WHERE session_id = $1) c WHERE before <> last`, session); n != 0 {
		t.Errorf("%d records do not begin where the one before ended", n)
	}
	if !one[bool](w.house, `
SELECT c.after = jsonb_build_object('semua', s.quota, 'daring', s.quota_online, 'jkn', s.quota_jkn, 'umum', s.quota_general) AND s.quota = s.taken
FROM epuskesmas_session s JOIN epuskesmas_quota_change c ON c.session_id = s.id WHERE s.id = $1 ORDER BY c.id DESC LIMIT 1`, session) {
		t.Error("the last record is not the quota of the session")
	}
}

// TestLateEntryNamesTheDoctor: who served, as paper says, stands in the history of the visit
// and behind the figures; a doctor of another session is refused.
func TestLateEntryNamesTheDoctor(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	had, absent, unnamed := w.register(nil), w.register(nil), w.register(nil)
	doctor := func(name string) int64 {
		return one[int64](w.house, `INSERT INTO epuskesmas_doctor (unit_id, name) VALUES ($1, $2) RETURNING id`, w.unit, name)
	}
	sitti, other := doctor("dr. Sitti"), doctor("dr. Lain")
	one[int64](w.house, `INSERT INTO epuskesmas_duty (session_id, doctor_id) VALUES ($1, $2) RETURNING id`, had.SessionID, sitti)
	_, list, err := w.PaperList(w.ctx, w.staff, kassi, w.clock.Now())
	w.must(err)
	if len(list) != 1 || len(list[0].Doctors) != 1 || list[0].Doctors[0].Name != "dr. Sitti" {
		t.Fatalf("the list has the doctors %+v", list)
	}
	from := w.clock.Now()
	w.clock.Advance(2 * time.Hour)
	in := LateEntry{SessionID: had.SessionID, Number: had.Number, Started: from.Add(time.Minute), Ended: from.Add(9 * time.Minute), Outcome: Done, DoctorID: other}
	errstest.Field(t, w.EnterLate(w.ctx, w.staff, in), ControlLateDoctor)
	in.DoctorID = sitti
	w.must(w.EnterLate(w.ctx, w.staff, in))
	in.Number, in.Outcome = absent.Number, NoShow
	w.must(w.EnterLate(w.ctx, w.staff, in))
	in.Number, in.Outcome, in.DoctorID = unnamed.Number, Done, 0
	w.must(w.EnterLate(w.ctx, w.staff, in))
	clerk := w.hire("PKM-KASSI-KASSI", PermPatient, PermReports)
	for ticket, want := range map[int64]string{had.ID: "dr. Sitti", absent.ID: "", unnamed.ID: ""} {
		_, _, past, err := w.History(w.ctx, clerk, kassi, one[int64](w.house, `SELECT patient_id FROM epuskesmas_ticket WHERE id = $1`, ticket))
		w.must(err)
		if len(past) != 1 || past[0].Doctor != want || !past[0].Paper {
			t.Errorf("the history says %+v, want %q", past, want)
		}
		_, behind, err := w.Behind(w.ctx, clerk, kassi, from, from, 0, nil, ticket-1)
		w.must(err)
		if behind[0].Doctor != want {
			t.Errorf("behind the figures stands %q, want %q", behind[0].Doctor, want)
		}
	}
	if n := one[int](w.house, `SELECT count(*) FROM epuskesmas_event WHERE doctor_id = $1 AND late`, sitti); n != 3 {
		t.Errorf("%d events name the doctor", n)
	}
}
