package evidence

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"makassartidakrantasa.com/portal/internal/kuciniki"
)

func TestWhatTheEvidenceSaysBesideTheUnit(t *testing.T) {
	t.Parallel()
	figure := func(m Metric, n, x int, unit float64) Figure {
		r, _ := RuleOf(m)
		return Figure{Rule: r, Count: Count{n, x}, Unit: float64(n) * unit}.judge()
	}
	high, low, same := figure(DeskOnTime, 200, 199, 0.8), figure(OrderAccepted, 200, 60, 0.8), figure(ForwardSoon, 200, 160, 0.8)
	for name, c := range map[string]struct {
		figures []Figure
		want    kuciniki.Rating
	}{
		"nothing":               {nil, ""},
		"too few":               {[]Figure{figure(DeskOnTime, 4, 4, 0.1)}, ""},
		"as the unit":           {[]Figure{same}, kuciniki.AsDue},
		"above":                 {[]Figure{same, high}, kuciniki.Over},
		"below":                 {[]Figure{low, same}, kuciniki.Below},
		"above and below":       {[]Figure{low, high}, kuciniki.AsDue},
		"few cases prove less":  {[]Figure{figure(DeskOnTime, 8, 8, 0.8)}, kuciniki.AsDue},
		"attendance is no part": {[]Figure{figure(Attendance, 200, 20, 0.8)}, ""},
	} {
		if got := Against(c.figures); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Beside a rating lie the metrics that the SKP watches, else the five with the most cases, or in
// a month those whose turn it is; metrics without a case never.
func TestFewMetricsLieBesideARating(t *testing.T) {
	t.Parallel()
	var all []Figure
	for i, n := range []int{3, 40, 0, 7, 9, 7, 1} {
		all = append(all, Figure{Rule: Rules[i], Count: Count{N: n}})
	}
	for _, c := range []struct {
		all     []Figure
		watched []Metric
		turn    int
		want    []Metric
	}{
		{all, nil, -1, []Metric{"E1", "E2", "E4", "E5", "E6"}},
		{all, nil, 0, []Metric{"E1", "E2", "E4", "E5", "E6"}},
		{all, nil, 1, []Metric{"E1", "E2", "E4", "E5", "E7"}},
		{all, nil, 2, []Metric{"E1", "E2", "E4", "E6", "E7"}},
		{all, []Metric{"E7", "E2", "E3"}, 1, []Metric{"E2", "E7"}},
		{all[:2], nil, 7, []Metric{"E1", "E2"}},
		{nil, nil, 7, nil},
	} {
		var got []Metric
		for _, f := range few(c.all, c.watched, c.turn) {
			got = append(got, f.Metric)
		}
		if !cmp.Equal(got, c.want) {
			t.Errorf("watching %v of %d: %v, want %v", c.watched, len(c.all), got, c.want)
		}
	}
}

func TestGapsByGroup(t *testing.T) {
	t.Parallel()
	var all []judged
	says := map[int64]kuciniki.Rating{}
	rate := func(n int, rater int64, unit int64, rank string, result, evidence kuciniki.Rating) {
		for range n {
			id := int64(len(all) + 1)
			all = append(all, judged{PersonID: id, Name: "P", Rater: string(rune('A' + rater)), RaterID: rater, UnitID: unit, Unit: "U", Rank: rank, Result: result,
				Number: map[int64]string{1: "198501012010011001", 2: "198501012010012001"}[rater]})
			says[id] = evidence
		}
	}
	rate(4, 1, 1, "Penata Muda (III/a)", kuciniki.Over, kuciniki.AsDue)
	rate(1, 1, 1, "Penata (III/c)", kuciniki.Over, kuciniki.Below)
	rate(5, 2, 2, "Pengatur (II/c)", kuciniki.AsDue, kuciniki.AsDue)
	rate(3, 3, 2, "", kuciniki.Below, kuciniki.AsDue)
	rate(2, 2, 2, "", kuciniki.Over, "")
	got := gapsOf(all, says)
	want := Gaps{
		Judged: 15, Beside: 13,
		ByRater: []Gap{{"B", 5, 1, -0.2}, {"C", 5, 0, 0}, {"D", 3, -1, 0}},
		ByUnit:  []Gap{{"U", 5, 1, -0.2}, {"U", 8, -0.375, 0}},
		ByGrade: []Gap{{"Golongan II", 5, 0, 0}, {"Golongan III", 5, 1, -0.2}, {"Tanpa golongan", 3, -1, 0}},
		BySex:   []Gap{{"Laki-laki", 5, 1, -0.2}, {"Perempuan", 5, 0, 0}, {"Tidak diketahui", 3, -1, 0}},
		Apart:   []Apart{{5, "P", "B", kuciniki.Over, kuciniki.Below}},
	}
	if d := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); d != "" {
		t.Error(d)
	}
	if wide := []bool{got.ByRater[0].Wide(), got.ByRater[1].Wide(), got.ByRater[2].Wide()}; !cmp.Equal(wide, []bool{true, false, false}) {
		t.Errorf("to be looked at: %v", wide) // the third judged too few
	}
}
