package epuskesmas

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// TestTheDeskIsWarnedOfTwins: who looks like somebody known is entered as new only by a desk
// that has seen all who look so.
func TestTheDeskIsWarnedOfTwins(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	born := time.Date(1986, 3, 12, 0, 0, 0, 0, clock.Makassar)
	known := w.register(func(r *Registration) {
		r.Name, r.BirthDate, r.NIK, r.BPJS = "Siti Rahmawati", born, "7371135203860001", "0001234567890"
	})
	later := func(r *Registration) { r.BirthDate = born.AddDate(1, 0, 0) }
	for name, c := range map[string]struct {
		change  func(*Registration)
		alike   bool
		sameNIK bool
	}{
		"same name, spelt otherwise": {func(r *Registration) { r.Name = "Hj. Sitti Rachmawati" }, true, false},
		"part of the name":           {func(r *Registration) { r.Name = "Rahmawati" }, true, false},
		"same NIK":                   {func(r *Registration) { r.Name, r.NIK = "Rahmawati S", "7371135203860001" }, true, true},
		"same card, born otherwise":  {func(r *Registration) { r.Name, r.BPJS = "Nurhayati", "0001234567890"; later(r) }, true, false},
		"another name":               {func(r *Registration) { r.Name = "Siti Aminah" }, false, false},
		"another day":                {func(r *Registration) { r.Name = "Siti Rahmawati"; later(r) }, false, false},
	} {
		r := w.newcomer()
		r.BirthDate = born
		c.change(&r)
		_, err := w.Register(w.ctx, w.staff, w.unit, r)
		var a *Alike
		if !c.alike {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if !errors.As(err, &a) || errs.KindOf(err) != errs.Conflict || a.SameNIK != c.sameNIK {
			t.Errorf("%s: %v, %+v", name, err, a)
			continue
		}
		found := false
		for _, k := range a.Known { // who was entered here before is among them too
			found = found || k.RecordNo == known.RecordNo && len(k.Today) == 1 && k.LastDay != nil
			r.Seen = append(r.Seen, k.ID)
		}
		if !found {
			t.Errorf("%s shows %+v", name, a.Known)
		}
		if _, err := w.Register(w.ctx, w.staff, w.unit, r); c.sameNIK != errors.As(err, &a) {
			t.Errorf("%s, seen: %v", name, err)
		}
	}
	if _, err := w.Register(w.ctx, w.staff, w.unit, Registration{Key: "lagi", PatientID: 1, Payer: General, PoliID: w.poli}); errors.As(err, new(*Alike)) {
		t.Error("who was chosen is asked for again")
	}
}

// TestTwoClerksEnterTheSamePerson: one of them enters the patient, the other is warned; also
// when both have said that it is nobody they were shown, and called them from the kiosk.
func TestTwoClerksEnterTheSamePerson(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	second := one[int64](w.house, `INSERT INTO epuskesmas_counter (poli_id, name) VALUES ($1, 'Loket 2') RETURNING id`, w.desk)
	for round := range 4 {
		rs := make([]Registration, 4)
		for i := range rs {
			rs[i] = w.newcomer()
			rs[i].Name, rs[i].BirthDate = fmt.Sprintf("Daeng %c Ngai", 'A'+round), time.Date(1970, 5, 1+round, 0, 0, 0, 0, clock.Makassar)
			rs[i].Seen = []int64{1 << 40}
		}
		for i, counter := range []int64{w.atDesk, second} {
			_, err := w.TakeKiosk(w.ctx, w.kiosk, fmt.Sprintf("ronde-%d-%d", round, i))
			w.must(err)
			called := w.call(counter)
			rs[i].DeskID, rs[i].DeskSeq = called.ID, called.Seq
		}
		results := make([]error, len(rs))
		var wait sync.WaitGroup
		for i := range rs {
			wait.Go(func() { _, results[i] = w.Register(w.ctx, w.staff, w.unit, rs[i]) })
		}
		wait.Wait()
		entered := 0
		for i, err := range results {
			switch {
			case err == nil:
				entered++
			case !errors.As(err, new(*Alike)):
				t.Errorf("clerk %d: %v", i, err)
			}
			if called := rs[i].DeskID; called != 0 && err != nil {
				w.must(w.Act(w.ctx, w.staff, called, 0, ActFinish, ""))
			}
		}
		if n := one[int](w.house, `SELECT count(*) FROM epuskesmas_patient WHERE birth_date = $1`, rs[0].BirthDate.Format(time.DateOnly)); entered != 1 || n != 1 {
			t.Errorf("%d entered, %d patients", entered, n)
		}
	}
	// Sent twice at once it is one patient and one number, without a warning.
	r := w.newcomer()
	codes, wait := make([]string, 4), sync.WaitGroup{}
	for i := range codes {
		wait.Go(func() {
			got, err := w.Register(w.ctx, w.staff, w.unit, r)
			if err != nil {
				t.Error(err)
			}
			codes[i] = got.Code
		})
	}
	wait.Wait()
	for _, code := range codes[1:] {
		if code != codes[0] {
			t.Errorf("one form gave %v", codes)
		}
	}
}
