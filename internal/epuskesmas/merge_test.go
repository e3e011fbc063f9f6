package epuskesmas

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// records is a house with somebody who manages its records.
type records struct {
	*works
	clerk authz.Actor
}

func newRecords(t *testing.T) *records {
	w := newWorks(t)
	return &records{w, w.hire("PKM-KASSI-KASSI", PermPatient)}
}

// enter registers somebody and returns them.
func (w *records) enter(change func(*Registration)) Known {
	w.t.Helper()
	n := w.register(change)
	return w.patientOf(n.ID)
}

func (w *records) patientOf(ticket int64) Known {
	w.t.Helper()
	k, err := w.Patient(w.ctx, w.clerk, w.unit, one[int64](w.house, `SELECT patient_id FROM epuskesmas_ticket WHERE id = $1`, ticket))
	w.must(err)
	return k
}

func (w *records) merge(gone, keep Known) error {
	return w.Merge(w.ctx, w.clerk, kassi, Merging{Keep: keep.ID, Gone: gone.ID, KeepVersion: keep.Version, GoneVersion: gone.Version})
}

func (w *records) unmerge(by authz.Actor, in Unmerging) error {
	_, _, err := w.Unmerge(w.ctx, by, kassi, in)
	return err
}

func (w *records) again(k Known) Known {
	w.t.Helper()
	k, err := w.Patient(w.ctx, w.clerk, w.unit, k.ID)
	w.must(err)
	return k
}

// wantOne fails unless every text finds the patient alone.
func (w *records) wantOne(id int64, texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		found, err := w.FindPatients(w.ctx, w.clerk, w.unit, text)
		if err != nil || len(found) != 1 || found[0].ID != id {
			w.t.Errorf("%q finds %+v, %v; want patient %d", text, found, err, id)
		}
	}
}

// wantNoneLost fails when a visit or a number is of somebody who was merged.
func (w *records) wantNoneLost() {
	w.t.Helper()
	if n := one[int](w.house, `SELECT (SELECT count(*) FROM epuskesmas_visit v JOIN epuskesmas_patient p ON p.id = v.patient_id WHERE p.merged_into IS NOT NULL)
		+ (SELECT count(*) FROM epuskesmas_ticket t JOIN epuskesmas_patient p ON p.id = t.patient_id WHERE p.merged_into IS NOT NULL)
		+ (SELECT count(*) FROM epuskesmas_ticket t JOIN epuskesmas_visit v ON v.id = t.visit_id WHERE t.patient_id IS DISTINCT FROM v.patient_id)`); n != 0 {
		w.t.Errorf("%d visits and numbers are of somebody who was merged", n)
	}
}

// TestMergingPatients: what was of two is of one, whom both numbers find; it is on the audit
// trail, and undone as if it had never been.
func TestMergingPatients(t *testing.T) {
	t.Parallel()
	w := newRecords(t)
	born := time.Date(1986, 3, 12, 0, 0, 0, 0, clock.Makassar)
	keep := w.enter(func(r *Registration) { r.Name, r.BirthDate, r.BPJS = "Siti Rahmawati", born, "0001234567890" })
	w.clock.Advance(24 * time.Hour)
	gone := w.enter(func(r *Registration) {
		r.Name, r.BirthDate, r.NIK, r.Faskes, r.Seen = "Sitti Rachmawaty", born, "7371135203860001", "Puskesmas Kassi-Kassi", []int64{keep.ID}
	})
	like, err := w.AlikeOf(w.ctx, w.clerk, kassi, keep.ID)
	w.must(err)
	if len(like) != 1 || like[0].ID != gone.ID {
		t.Fatalf("like them are %+v", like)
	}
	numbers := []string{fmt.Sprint(keep.RecordNo), fmt.Sprint(gone.RecordNo), "7371135203860001", "0001234567890", "rahmawati"}

	stranger := w.hire("PKM-ANTANG", PermPatient)
	if err := w.Merge(w.ctx, stranger, kassi, Merging{Keep: keep.ID, Gone: gone.ID, KeepVersion: 1, GoneVersion: 1}); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a stranger merges: %v", err)
	}
	stale := gone
	stale.Version += 7
	errstest.Kind(t, w.merge(stale, keep), errs.Conflict)
	w.clock.Advance(time.Hour)
	w.must(w.merge(gone, keep))
	errstest.Kind(t, w.merge(gone, keep), errs.Conflict)
	w.wantNoneLost()
	w.wantOne(keep.ID, numbers...)
	found, err := w.FindPatients(w.ctx, w.clerk, w.unit, fmt.Sprint(gone.RecordNo))
	w.must(err)
	if found[0].Was != gone.RecordNo || found[0].NIK != "0001" || found[0].Faskes == "" || len(found[0].Today) != 1 {
		t.Errorf("the number that went finds %+v", found[0])
	}
	_, k, past, err := w.History(w.ctx, w.clerk, kassi, gone.ID)
	w.must(err)
	if k.ID != keep.ID || len(past) != 2 {
		t.Errorf("the history of who went is of %d: %+v", k.ID, past)
	}
	_, list, _, err := w.Patients(w.ctx, w.clerk, kassi, PatientCursor{})
	w.must(err)
	if len(list) != 1 {
		t.Errorf("the list has %d patients", len(list))
	}
	merged, err := w.MergedInto(w.ctx, w.clerk, kassi, keep.ID)
	w.must(err)
	if len(merged) != 1 || merged[0].RecordNo != gone.RecordNo || merged[0].Visits != 1 {
		t.Fatalf("merged were %+v", merged)
	}
	if n := one[int](w.house, `SELECT count(*) FROM audit_entry WHERE action = 'epuskesmas.patient.merge' AND object_id = $1 AND account_id = $2`, keep.ID, w.clerk.AccountID); n != 1 {
		t.Errorf("%d mergings in the trail", n)
	}

	undo := Unmerging{MergeID: merged[0].ID}
	if err := w.unmerge(stranger, undo); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a stranger undoes: %v", err)
	}
	results, wait := make([]error, 3), sync.WaitGroup{}
	for i := range results {
		wait.Go(func() { results[i] = w.unmerge(w.clerk, undo) })
	}
	wait.Wait()
	undone := 0
	for _, err := range results {
		if err == nil {
			undone++
		} else if errs.KindOf(err) != errs.Conflict {
			t.Error(err)
		}
	}
	if undone != 1 {
		t.Errorf("undone %d times", undone)
	}
	w.wantNoneLost()
	w.wantOne(keep.ID, numbers[0], numbers[3])
	w.wantOne(gone.ID, numbers[1], numbers[2])
	if k := w.again(keep); k.NIK != "" || k.Faskes != "" || k.BPJS == "" || len(k.Today) != 0 {
		t.Errorf("who stayed is %+v now", k)
	}
	if k := w.again(gone); k.NIK != "0001" || len(k.Today) != 1 {
		t.Errorf("who went is %+v now", k)
	}

}

// TestTwoAfterAll: who were taken for one are taken apart when they have been served already;
// of what came later the desk says whose it is.
func TestTwoAfterAll(t *testing.T) {
	t.Parallel()
	w := newRecords(t)
	born := time.Date(1986, 3, 12, 0, 0, 0, 0, clock.Makassar)
	known := w.enter(func(r *Registration) { r.Name, r.BirthDate = "Siti Rahmawati", born })
	w.must(w.Act(w.ctx, w.staff, w.call(w.atClinic).ID, 0, ActFinish, ""))
	booked := w.book(func(b *Booking) {
		b.Name, b.BirthDate, b.NIK, b.StartsAt = "Sitti Rahmawaty", born, "7371135203860001", tomorrow.AddDate(0, 0, -1)
	})
	other := w.patientOf(booked.Ticket.ID)
	w.must(w.Arrive(w.ctx, w.staff, Arrival{TicketID: booked.Ticket.ID, Same: known.ID}))
	w.must(w.Act(w.ctx, w.staff, w.call(w.atClinic).ID, 0, ActServe, ""))
	undo := func() Unmerging {
		t.Helper()
		merged, err := w.MergedInto(w.ctx, w.clerk, kassi, known.ID)
		w.must(err)
		in := Unmerging{MergeID: merged[0].ID}
		for _, v := range merged[0].Since {
			in.Seen = append(in.Seen, v.ID)
		}
		return in
	}
	// The doctor finds that it is somebody else.
	w.must(w.unmerge(w.clerk, undo()))
	w.wantNoneLost()
	if a, b := w.again(known), w.again(other); a.RecordNo != 1 || a.NIK != "" || b.RecordNo != 2 || b.NIK != "0001" || w.patientOf(booked.Ticket.ID).ID != other.ID {
		t.Errorf("taken apart: %+v and %+v", a, b)
	}
	w.must(w.Act(w.ctx, w.staff, booked.Ticket.ID, 0, ActFinish, ""))

	// Once more, found out after both have come again and the data were changed by hand.
	w.must(w.merge(w.again(other), w.again(known)))
	visits := map[int64]int64{}
	for _, who := range []Known{known, other} {
		w.clock.Advance(24 * time.Hour)
		n := w.register(func(r *Registration) {
			*r = Registration{Key: fmt.Sprint("sesudah", who.ID), PatientID: who.ID, Payer: General, PoliID: w.poli}
		})
		visits[who.ID] = n.VisitID
	}
	w.must(w.SavePatient(w.ctx, w.clerk, kassi, known.ID, PatientInput{Name: "Siti Rahmawati", BirthDate: born, Version: w.again(known).Version}))
	in := undo()
	if len(in.Seen) != 2 {
		t.Fatalf("visits since are %v", in.Seen)
	}
	errstest.Kind(t, w.unmerge(w.clerk, Unmerging{MergeID: in.MergeID, Seen: in.Seen[:1]}), errs.Conflict)
	in.Theirs = []int64{visits[other.ID], 1 << 40}
	gone, kept, err := w.Unmerge(w.ctx, w.clerk, kassi, in)
	if err != nil || gone != other.ID || !kept {
		t.Errorf("taken apart: %d, %t, %v", gone, kept, err)
	}
	w.wantNoneLost()
	for who, visit := range visits {
		if id := one[int64](w.house, `SELECT patient_id FROM epuskesmas_visit WHERE id = $1`, visit); id != who {
			t.Errorf("the visit of %d is of %d", who, id)
		}
	}
	if a, b := w.again(known), w.again(other); a.NIK != "0001" || b.NIK != "" || a.RecordNo == b.RecordNo || b.RecordNo == 0 {
		t.Errorf("changed by hand: %+v and %+v", a, b)
	}
}

// TestMergingIsRefused: two who cannot be one, each time in words.
func TestMergingIsRefused(t *testing.T) {
	t.Parallel()
	w := newRecords(t)
	a := w.enter(func(r *Registration) {
		r.BirthDate, r.NIK = time.Date(1986, 3, 12, 0, 0, 0, 0, clock.Makassar), "7371135203860001"
	})
	b := w.enter(nil)
	wantSaid := func(err error, words ...string) {
		t.Helper()
		errstest.Kind(t, err, errs.Conflict)
		for _, want := range words {
			if got := errs.MessageOf(err); !strings.Contains(got, want) {
				t.Errorf("told %q, want %q", got, want)
			}
		}
	}
	wantSaid(w.merge(a, b), "A-001", "A-002", "Poli Umum")
	other := w.enter(func(r *Registration) {
		r.Name, r.BirthDate, r.NIK = "Orang Lain", time.Date(1990, 3, 12, 0, 0, 0, 0, clock.Makassar), "7371135203900001"
	})
	w.clock.Advance(24 * time.Hour)
	one[int64](w.house, `WITH t AS (UPDATE epuskesmas_ticket SET status = 'tidak_hadir' RETURNING id) SELECT count(*) FROM t`)
	wantSaid(w.merge(other, a), "NIK keduanya berbeda")
	errstest.Kind(t, w.merge(a, a), errs.BadRequest)
	errstest.Kind(t, w.merge(Known{ID: 1 << 40, Version: 1}, a), errs.NotFound)
	// Merged on and on, the first number still finds the last patient; the last merging is
	// undone first.
	c := w.enter(func(r *Registration) { r.Name = "Ketiga" })
	w.must(w.merge(b, a))
	w.must(w.merge(w.again(a), c))
	w.wantOne(c.ID, fmt.Sprint(b.RecordNo), fmt.Sprint(a.RecordNo))
	w.wantNoneLost()
	first := one[int64](w.house, `SELECT id FROM epuskesmas_merge WHERE gone_id = $1`, b.ID)
	wantSaid(w.unmerge(w.clerk, Unmerging{MergeID: first}), "digabung lagi")
	w.must(w.unmerge(w.clerk, Unmerging{MergeID: one[int64](w.house, `SELECT id FROM epuskesmas_merge WHERE gone_id = $1`, a.ID)}))
	w.wantOne(a.ID, fmt.Sprint(b.RecordNo), fmt.Sprint(a.RecordNo))
}

// TestMergingAtOnce: two who merge the same patients, either way round, and a desk that gives
// them numbers meanwhile. One merging holds, and nothing is of who went.
func TestMergingAtOnce(t *testing.T) {
	t.Parallel()
	w := newRecords(t)
	held := 0
	for round := range 12 {
		a, b := w.enter(nil), w.enter(nil)
		one[int64](w.house, `WITH t AS (UPDATE epuskesmas_ticket SET status = 'tidak_hadir' RETURNING id) SELECT count(*) FROM t`)
		w.clock.Advance(24 * time.Hour)
		if w.clock.Now().In(clock.Makassar).Weekday() == time.Sunday {
			w.clock.Advance(24 * time.Hour)
		}
		start, wait := make(chan struct{}), sync.WaitGroup{}
		results := make([]error, 5)
		do := func(i int, f func() error) {
			wait.Go(func() { <-start; results[i] = f() })
		}
		do(0, func() error { return w.merge(a, b) })
		do(1, func() error { return w.merge(b, a) })
		do(2, func() error { return w.merge(a, b) })
		for i, k := range []Known{a, b} {
			do(3+i, func() error {
				_, err := w.Register(w.ctx, w.staff, w.unit, Registration{Key: fmt.Sprintf("serentak-%d-%d", round, i), PatientID: k.ID, Payer: General, PoliID: w.poli})
				return err
			})
		}
		close(start)
		wait.Wait()
		merged := 0
		for i, err := range results {
			switch {
			case err == nil && i < 3:
				merged++
			case err != nil && errs.KindOf(err) != errs.Conflict:
				t.Errorf("round %d, %d: %v", round, i, err)
			}
		}
		// Both had a number of the day before somebody merged them: then nobody could.
		if clash := results[3] == nil && results[4] == nil; clash != (merged == 0) || merged > 1 {
			t.Errorf("round %d: merged %d times, %v", round, merged, results)
		}
		held += merged
		w.wantNoneLost()
	}
	if held == 0 {
		t.Error("nobody was merged in any round")
	}
	t.Logf("merged in %d rounds of 12", held)
}
