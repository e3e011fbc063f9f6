package evidence_test

import (
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/clock"
)

// Patients of an hour are held against the same poli on the same day of the week, over the hours
// of the sessions in which somebody was there; of few days nothing is said.
func TestPatientsOfAnHour(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 10, 5, 8, 0, 0, 0, clock.Makassar)
	var days []evidence.ServedDay
	var open []evidence.Session
	for week := range 5 {
		for weekday := range 2 { // on Mondays there are more
			at := monday.AddDate(0, 0, 7*week+weekday)
			open = append(open, evidence.Session{PoliID: 3, From: at, To: at.Add(4 * time.Hour)}, evidence.Session{PoliID: 3, From: at.Add(5 * time.Hour), To: at.Add(7 * time.Hour)})
			for _, one := range []evidence.ServedDay{{PersonID: 1, N: 20}, {PersonID: 2, N: 24}, {PersonID: 9, N: 40}} {
				n := one.N
				if weekday == 1 {
					n /= 2
				}
				days = append(days, evidence.ServedDay{PersonID: one.PersonID, PoliID: 3, N: n, First: at.Add(time.Hour), Last: at.Add(3 * time.Hour)})
			}
		}
	}
	h := evidence.HourlyOf(1, days, open)
	if h.Days != 10 || h.Rostered || h.Own != 3.75 || h.Middle != 4.5 { // 150 patients and 24 or 12 a day, in 40 hours
		t.Errorf("it is %+v", h)
	}
	// By the roster also the hours and days count in which nobody came.
	for i := range open {
		open[i].People = []int64{1}
	}
	if h := evidence.HourlyOf(1, days[1:], open); h.Days != 10 || !h.Rostered || h.Own != 130.0/60 { // and 20 patients of the first Monday are not there
		t.Errorf("by the roster it is %+v", h)
	}
	for i := range open {
		open[i].People = nil
	}
	if h := evidence.HourlyOf(7, days, open); h != (evidence.Hourly{}) {
		t.Errorf("of who was not there it is %+v", h)
	}
	if h := evidence.HourlyOf(1, days[:6], open); h != (evidence.Hourly{}) {
		t.Errorf("of one week it is %+v", h)
	}
	if h := evidence.HourlyOf(1, days, nil); h != (evidence.Hourly{}) {
		t.Errorf("without hours it is %+v", h)
	}
}
