package mtr

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

func TestEveryStopIsTheNearestLeft(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Stop {
			s := Stop{}
			if rapid.Bool().Draw(t, "placed") {
				s.Place = &Point{Lat: rapid.Float64Range(-5.25, -5.05).Draw(t, "lat"), Lng: rapid.Float64Range(119.35, 119.55).Draw(t, "lng")}
			}
			return s
		}), 0, 12).Draw(t, "stops")
		for i := range given {
			given[i].ID = int64(i + 1)
		}
		got := nearestNext(slices.Clone(given))
		ids := make([]int64, len(got))
		for i, s := range got {
			ids[i] = s.ID
			if i > 0 && got[i-1].Place == nil && s.Place != nil {
				t.Fatalf("stop %d has a place, the one before has none", i)
			}
			if i == 0 || s.Place == nil {
				continue
			}
			for _, later := range got[i+1:] {
				if later.Place != nil && got[i-1].Place.metresTo(*later.Place) < got[i-1].Place.metresTo(*s.Place) {
					t.Fatalf("stop %d is not the nearest of those left", i)
				}
			}
		}
		if i := slices.IndexFunc(given, func(s Stop) bool { return s.Place != nil }); i >= 0 && got[0].ID != given[i].ID {
			t.Fatalf("it begins with %d, the most urgent is %d", got[0].ID, given[i].ID)
		}
		if slices.Sort(ids); len(ids) != len(given) || slices.ContainsFunc(given, func(s Stop) bool { return !slices.Contains(ids, s.ID) }) {
			t.Fatalf("of %d stops %v are left", len(given), ids)
		}
	})
}

// task is a report that waits for the crew's worker.
func (c *city) task(w crew) Receipt {
	c.t.Helper()
	r := c.reportAt(w, Forwarded)
	position := one[int64](c, `SELECT position_id FROM org_occupancy WHERE person_id = $1`, w.worker.PersonID)
	if err := c.Assign(c.ctx, w.handler, AssignInput{Act: Act{ReportID: r.ReportID}, PositionID: position}); err != nil {
		c.t.Fatal(err)
	}
	return r
}

func TestRoundHoldsOnesOwnTasks(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	r := c.task(w)
	c.reportAt(w, Forwarded)
	stops, more, err := c.Round(c.ctx, w.worker)
	if err != nil || more || len(stops) != 1 || stops[0].Number != r.Number || stops[0].Landmark != "Depan pasar" {
		t.Fatalf("the officer's round is %+v, %v, %v", stops, more, err)
	}
	if stops, _, err := c.Round(c.ctx, c.hire("DLH", PermWork)); err != nil || len(stops) != 0 {
		t.Errorf("a colleague's round is %+v, %v", stops, err)
	}
	_, _, err = c.Round(c.ctx, w.dispatcher)
	errstest.Kind(t, err, errs.NotFound)
}

func TestKeptProofSentOftenIsOne(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	r := c.task(w)
	in := KeptProof{
		Key: strings.Repeat("k", 22), AccountID: w.worker.AccountID, Number: r.Number, Answer: "Sampahnya sudah diangkut.",
		Photos: []PhotoInput{photoInput(), photoInput(), photoInput()},
	}
	errstest.Kind(t, c.SendKeptProof(c.ctx, w.handler, in), errs.Forbidden) // somebody else is signed in
	other := in
	if other.AccountID = w.moderator.AccountID; errs.KindOf(c.SendKeptProof(c.ctx, w.moderator, other)) == errs.Internal {
		t.Error("who has no part in it gets a fault")
	}
	stranger := c.hire("DISHUB", PermWork)
	other.AccountID = stranger.AccountID
	errstest.Kind(t, c.SendKeptProof(c.ctx, stranger, other), errs.NotFound)
	_, fails := together(8, func(int) (bool, error) { return true, c.SendKeptProof(c.ctx, w.worker, in) })
	for _, err := range fails {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := c.state(r.ReportID).Status; got != ToValidate {
		t.Errorf("the report is %s", got)
	}
	for from, want := range map[string]int{
		"mtr_event WHERE action = 'submit_proof'": 1, "mtr_photo WHERE kind = 'sesudah' AND event_seq IS NOT NULL": 3,
		"mtr_photo WHERE event_seq IS NULL": 0, "mtr_draft WHERE report_id IS NULL": 0,
	} {
		if got := one[int](c, `SELECT count(*) FROM `+from); got != want {
			t.Errorf("%s: %d rows, want %d", from, got, want)
		}
	}
	// The key of a proof opens no receipt.
	if _, err := c.SendKept(c.ctx, authz.Actor{}, KeptReport{Key: in.Key}); errs.KindOf(err) != errs.Unprocessable {
		t.Errorf("the key of a proof is answered with %v", err)
	}
}
