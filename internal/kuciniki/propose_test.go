package kuciniki

import (
	"math"
	"testing"
	"time"
)

// The nine cases.
func TestMatrix(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		result, behaviour Rating
		want              Predicate
	}{
		{Over, Below, Poor}, {Over, AsDue, Good}, {Over, Over, VeryGood},
		{AsDue, Below, Poor}, {AsDue, AsDue, Good}, {AsDue, Over, Good},
		{Below, Below, VeryPoor}, {Below, AsDue, ToMend}, {Below, Over, ToMend},
		{"", AsDue, ""}, {Over, "", ""},
	} {
		if got := PredicateOf(x.result, x.behaviour); got != x.want {
			t.Errorf("%s and %s: %s, want %s", x.result, x.behaviour, got, x.want)
		}
	}
	for _, x := range []struct {
		a, b Rating
		want int
	}{{Below, Over, 2}, {Over, Below, 2}, {AsDue, Over, 1}, {Below, AsDue, 1}, {Over, Over, 0}, {"", Over, 0}} {
		if got := Apart(x.a, x.b); got != x.want {
			t.Errorf("%s and %s are %d apart", x.a, x.b, got)
		}
	}
}

func TestAchieved(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name            string
		target, reached float64
		lower           bool
		want            float64
		ok              bool
	}{
		{"all of it", 12, 12, false, 100, true}, {"half", 12, 6, false, 50, true}, {"nothing", 12, 0, false, 0, true},
		{"far more", 12, 48, false, 120, true}, {"in time", 10, 10, true, 100, true}, {"in half the time", 10, 5, true, 120, true},
		{"in twice the time", 10, 20, true, 0, true}, {"never", 10, 90, true, 0, true}, {"a little late", 10, 11, true, 90, true},
		{"no target", 0, 5, false, 0, false}, {"less of nothing", 0, 0, true, 0, false},
	} {
		got, ok := Achieved(x.target, x.reached, x.lower)
		if ok != x.ok || math.Abs(got-x.want) > 1e-9 {
			t.Errorf("%s: %v %v", x.name, got, ok)
		}
	}
}

// A month is held against its share of an amount; what stays as it is all year is not divided.
func TestAMonthHasItsShareOfAnAmount(t *testing.T) {
	t.Parallel()
	day := func(m time.Month, d int) time.Time { return time.Date(2026, m, d, 0, 0, 0, 0, time.UTC) }
	year, since := SKP{From: day(1, 1), Until: day(12, 31)}, SKP{From: day(3, 16), Until: day(12, 31)}
	for _, c := range []struct {
		name   string
		s      SKP
		spread bool
		month  int
		want   float64
	}{
		{"a month of a year", year, true, 4, 20},
		{"a month of ten", since, true, 4, 24},
		{"the year", year, true, 0, 240},
		{"what does not add up", year, false, 4, 240},
	} {
		target := 240.0
		in := Indicator{Target: &target, Unit: "lampu", Spread: c.spread}.in(c.s, c.month)
		if *in.Target != c.want || target != 240 || (in.Whole != nil) != (c.want != 240) {
			t.Errorf("%s: %v of %v", c.name, *in.Target, in.Whole)
		}
	}
}

func TestWhatTheWorkProposesForAnIndicator(t *testing.T) {
	t.Parallel()
	target, age := 90.0, 12.0
	figures := []Figure{{Metric: "E1", N: 50, X: 46, Enough: true}, {Metric: "E3", N: 3, X: 3}, {Metric: "E5", N: 50, Value: &age, Enough: true}}
	for _, c := range []struct {
		name string
		in   Indicator
		want float64
		ok   bool
	}{
		{"in percent", Indicator{Metric: "E1", Target: &target, Unit: "%"}, 92, true},
		{"in words", Indicator{Metric: "E1", Target: &target, Unit: " Persen"}, 92, true},
		{"less is better", Indicator{Metric: "E1", Target: &target, Unit: "%", Lower: true}, 8, true},
		{"counted", Indicator{Metric: "E1", Target: &target, Unit: "naskah"}, 46, true},
		{"counted, less is better", Indicator{Metric: "E1", Target: &target, Unit: "naskah terlambat", Lower: true}, 4, true},
		{"too few", Indicator{Metric: "E3", Target: &target, Unit: "%"}, 0, false},
		{"nothing known", Indicator{Metric: "E6", Target: &target, Unit: "%"}, 0, false},
		{"not watched", Indicator{Target: &target, Unit: "%"}, 0, false},
		{"an age", Indicator{Metric: "E5", Target: &target, Unit: "hari", Lower: true}, 12, true},
		{"an age that is no share", Indicator{Metric: "E5", Target: &target, Unit: "%", Lower: true}, 0, false},
		{"no number", Indicator{Metric: "E1", Unit: "lengkap"}, 0, false},
	} {
		got, from, ok := ProposeReached(c.in, figures)
		if ok != c.ok || ok && math.Abs(got-c.want) > 1e-9 || ok && from.N != 50 {
			t.Errorf("%s: %v of %+v, %v", c.name, got, from, ok)
		}
	}
}

func TestScore(t *testing.T) {
	t.Parallel()
	rhk := func(kind string, weight int, percent ...float64) Outcome {
		o := Outcome{Kind: kind, Weight: weight}
		for _, p := range percent {
			target := 100.0
			o.Measured = append(o.Measured, Measured{Target: &target, Reached: &p})
		}
		return o
	}
	zero, five := 0.0, 5.0
	silent := Outcome{Kind: Main, Measured: []Measured{{Reached: &five}, {Target: &five}, {Target: &zero, Reached: &five}}}
	for _, x := range []struct {
		name string
		all  []Outcome
		want float64
		ok   bool
		as   Rating
	}{
		{"nothing", nil, 0, false, ""},
		{"nothing that can be measured", []Outcome{silent}, 0, false, ""},
		{"extra alone", []Outcome{rhk(Extra, 0, 120)}, 0, false, ""},
		{"one", []Outcome{rhk(Main, 0, 100)}, 100, true, AsDue},
		{"means of means", []Outcome{rhk(Main, 0, 100, 80), rhk(Main, 0, 110)}, 100, true, AsDue},
		{"what is silent counts for nothing", []Outcome{rhk(Main, 0, 100), silent}, 100, true, AsDue},
		{"by weight", []Outcome{rhk(Main, 75, 100), rhk(Main, 25, 60)}, 90, true, AsDue},
		{"just below", []Outcome{rhk(Main, 0, 89.9)}, 89.9, true, Below},
		{"just over", []Outcome{rhk(Main, 0, 110)}, 110, true, Over},
		{"extra on top", []Outcome{rhk(Main, 0, 100), rhk(Extra, 0, 100)}, 105, true, AsDue},
		{"much extra is five", []Outcome{rhk(Main, 0, 106), rhk(Extra, 0, 120), rhk(Extra, 0, 120)}, 111, true, Over},
		{"half of the extra", []Outcome{rhk(Main, 0, 100), rhk(Extra, 0, 50)}, 102.5, true, AsDue},
		{"extra does not lift who is below", []Outcome{rhk(Main, 0, 89), rhk(Extra, 0, 120)}, 89, true, Below},
		{"never over 120", []Outcome{rhk(Main, 0, 120), rhk(Extra, 0, 120)}, 120, true, Over},
	} {
		got, ok := Score(x.all)
		if ok != x.ok || math.Abs(got-x.want) > 1e-9 {
			t.Errorf("%s: %v %v, want %v", x.name, got, ok, x.want)
		}
		if ok && ProposeResult(got) != x.as {
			t.Errorf("%s: %s", x.name, ProposeResult(got))
		}
	}
	if h, ok := ProRata([]Stay{{181, 100}, {184, 80}}); !ok || math.Abs(h-(181*100.0+184*80)/365) > 1e-9 {
		t.Errorf("half a year each: %v", h)
	}
	if _, ok := ProRata(nil); ok {
		t.Error("a score of no day")
	}
}

func TestBehaviour(t *testing.T) {
	t.Parallel()
	rated := func(over, below int) map[Value]Rating {
		out := map[Value]Rating{}
		for i, v := range Values {
			switch {
			case i < below:
				out[v] = Below
			case i < below+over:
				out[v] = Over
			default:
				out[v] = AsDue
			}
		}
		return out
	}
	first := func(by ...int64) (out []Observed) {
		for _, p := range by {
			out = append(out, Observed{p, Values[0], Below})
		}
		return out
	}
	unfinished := rated(7, 0)
	delete(unfinished, Values[6])
	for _, x := range []struct {
		name  string
		rated map[Value]Rating
		notes []Observed
		want  Rating
	}{
		{"as expected", rated(0, 0), nil, AsDue}, {"three over", rated(3, 0), nil, AsDue}, {"four over", rated(4, 0), nil, Over},
		{"four over, one below", rated(4, 1), nil, AsDue}, {"one below, nobody noted it", rated(0, 1), nil, AsDue},
		{"one below, one noted it twice", rated(0, 1), first(7, 7), AsDue}, {"one below, two noted it", rated(0, 1), first(7, 8), Below},
		{"notes alone lower nothing", rated(0, 0), first(7, 8, 9), AsDue},
		{"noted of another value", rated(0, 1), []Observed{{7, Values[1], Below}, {8, Values[1], Below}}, AsDue},
		{"praise is not blame", rated(0, 1), []Observed{{7, Values[0], Over}, {8, Values[0], Over}}, AsDue},
		{"not all rated", unfinished, nil, ""},
	} {
		if got := ProposeBehaviour(x.rated, x.notes); got != x.want {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
	}
}

func TestGuidance(t *testing.T) {
	t.Parallel()
	spread := func(sb, b, bp, k, sk int) map[Predicate]int {
		return map[Predicate]int{VeryGood: sb, Good: b, ToMend: bp, Poor: k, VeryPoor: sk}
	}
	for _, x := range []struct {
		unit UnitPredicate
		n    map[Predicate]int
		says int
	}{
		{"istimewa", spread(7, 3, 0, 0, 0), 0}, {"istimewa", spread(8, 2, 0, 0, 0), 1}, {"istimewa", spread(4, 6, 0, 0, 0), 1},
		{"baik", spread(2, 7, 1, 0, 0), 0}, {"baik", spread(3, 7, 0, 0, 0), 1}, {"baik", spread(0, 9, 1, 0, 0), 1}, {"baik", spread(6, 3, 1, 0, 0), 1},
		{"butuh_perbaikan", spread(1, 3, 6, 0, 0), 0}, {"butuh_perbaikan", spread(2, 3, 5, 0, 0), 2},
		{"kurang", spread(1, 2, 1, 6, 0), 0}, {"kurang", spread(2, 3, 0, 5, 0), 3},
		{"sangat_kurang", spread(0, 3, 1, 0, 6), 0}, {"sangat_kurang", spread(1, 4, 0, 0, 5), 3},
		{"baik", spread(9, 0, 0, 0, 0), 0}, {"", spread(0, 0, 0, 0, 10), 0},
	} {
		if got := Guidance(x.unit, x.n); len(got) != x.says {
			t.Errorf("%s %v: %q", x.unit, x.n, got)
		}
	}
	for p, want := range map[UnitPredicate]Rating{"istimewa": Over, "baik": AsDue, "butuh_perbaikan": Below, "kurang": Below, "sangat_kurang": Below, "": ""} {
		if p.OfHead() != want {
			t.Errorf("head of %s: %s", p, p.OfHead())
		}
	}
}
