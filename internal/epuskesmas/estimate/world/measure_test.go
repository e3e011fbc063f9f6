package world

import (
	"math"
	"testing"
)

// A short run of the first scenario: the estimates are near what could be known at
// best, far better than multiplying, and the range holds what it says.
func TestEstimatesAreHonest(t *testing.T) {
	t.Parallel()
	s := Scenarios()[0]
	s.History, s.Measured = 12, 12
	scores := Scores{}
	Measure(s, 20240117, 9, scores)
	ours, oracle, naive := scores[Ours]["T1"], scores[Oracle]["T1"], scores[Fixed10]["T1"]
	t.Logf("at check-in: ours %.1f, oracle %.1f, naive %.1f; bias %+.1f, coverage %.2f", ours.MAE(), oracle.MAE(), naive.MAE(), ours.Bias(), ours.Coverage())
	if ours.MAE() > 1.25*oracle.MAE() {
		t.Errorf("mean absolute error %.1f, oracle %.1f", ours.MAE(), oracle.MAE())
	}
	if ours.MAE() > 0.7*naive.MAE() {
		t.Errorf("mean absolute error %.1f, ten minutes each %.1f", ours.MAE(), naive.MAE())
	}
	if c := ours.Coverage(); c < 0.65 || c > 0.92 {
		t.Errorf("the range held %.2f of the starts", c)
	}
	if math.Abs(ours.Bias()) > 8 {
		t.Errorf("bias %+.1f minutes", ours.Bias())
	}
}

func TestEqualSeedsLiveEqualDays(t *testing.T) {
	t.Parallel()
	a, b := New(Scenarios()[4], 7).NextDay(), New(Scenarios()[4], 7).NextDay()
	if len(a.Events) != len(b.Events) || len(a.Starts) != len(b.Starts) {
		t.Fatalf("%d and %d events", len(a.Events), len(b.Events))
	}
	for id, at := range a.Starts {
		if !b.Starts[id].Equal(at) {
			t.Errorf("%s began at %v and at %v", id, at, b.Starts[id])
		}
	}
}
