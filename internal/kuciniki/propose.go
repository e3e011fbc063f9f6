package kuciniki

import (
	"math"
	"strings"
)

// The formulae only propose: the rater decides, and says why where they decide otherwise.

// Achieved is what was reached of a target, in percent from 0 to 120; ok is false where the
// target is 0, which nobody can be measured by.
func Achieved(target, reached float64, lower bool) (percent float64, ok bool) {
	if target <= 0 {
		return 0, false
	}
	share := reached / target
	if lower {
		share = 2 - share
	}
	return min(max(share*100, 0), 120), true
}

// ProposeReached is what the work itself says of an indicator that watches a metric: the share
// of good cases for a target in percent, an age for one in days, else how many there were. ok is false where it watches
// none, there are too few cases or its target is no number. Whoever reports confirms it.
func ProposeReached(in Indicator, figures []Figure) (reached float64, from Figure, ok bool) {
	for _, f := range figures {
		if in.Metric == "" || f.Metric != in.Metric || !f.Enough || in.Target == nil {
			continue
		}
		if f.Value != nil {
			return *f.Value, f, strings.EqualFold(strings.TrimSpace(in.Unit), "hari")
		}
		reached = float64(f.X)
		if in.Lower {
			reached = float64(f.N - f.X)
		}
		if isPercent(in.Unit) {
			reached = math.Round(reached/float64(f.N)*1000) / 10
		}
		return reached, f, true
	}
	return 0, from, false
}

// Measured is what came of one indicator.
type Measured struct {
	Target, Reached *float64 // nil: not a number, or not reported
	Lower           bool
}

// Outcome is what came of one RHK.
type Outcome struct {
	Kind     string
	Weight   int // 0: not weighted
	Measured []Measured
}

// score is the mean of the indicators that can be measured.
func (o Outcome) score() (float64, bool) {
	sum, n := 0.0, 0
	for _, m := range o.Measured {
		if m.Target == nil || m.Reached == nil {
			continue
		}
		if c, ok := Achieved(*m.Target, *m.Reached, m.Lower); ok {
			sum += c
			n++
		}
	}
	if n == 0 {
		return 0, false
	}
	return sum / float64(n), true
}

// mostExtra is what RHK tambahan add at most, and from which score on.
const (
	mostExtra = 5
	extraFrom = 90
)

// Score is the result of all RHKs, 0 to 120: the weighted mean of the main ones that can be
// measured, and up to 5 for the additional ones where that is 90 or more. ok is false where
// nothing can be measured.
func Score(all []Outcome) (h float64, ok bool) {
	sum, weights, extra, extras := 0.0, 0.0, 0.0, 0
	for _, o := range all {
		s, ok := o.score()
		if !ok {
			continue
		}
		if o.Kind == Extra {
			extra += min(s, 100)
			extras++
			continue
		}
		w := float64(max(o.Weight, 1))
		sum += w * s
		weights += w
	}
	if weights == 0 {
		return 0, false
	}
	if h = sum / weights; h >= extraFrom && extras > 0 {
		h = min(h+mostExtra*extra/float64(extras)/100, 120)
	}
	return h, true
}

// ProposeResult is the rating of a score: under 90 below, from 110 over what was expected.
func ProposeResult(h float64) Rating {
	switch {
	case h < 90:
		return Below
	case h < 110:
		return AsDue
	}
	return Over
}

// Observed is what somebody noted of a value.
type Observed struct {
	By     int64 // person
	Value  Value
	Rating Rating
}

// The least that moves behaviour from what is expected.
const (
	notesBelow = 2 // of different people, about one value
	valuesOver = 4
)

// ProposeBehaviour is the rating of behaviour by the rater's seven and what others noted:
// below where a value is rated below and two people noted the same; over where four values
// or more are over and none is below; "" until all seven are rated.
func ProposeBehaviour(rated map[Value]Rating, notes []Observed) Rating {
	over, below := 0, false
	for _, v := range Values {
		switch rated[v] {
		case "":
			return ""
		case Over:
			over++
		case Below:
			below = true
			by := map[int64]bool{}
			for _, n := range notes {
				if n.Value == v && n.Rating == Below {
					by[n.By] = true
				}
			}
			if len(by) >= notesBelow {
				return Below
			}
		}
	}
	if over >= valuesOver && !below {
		return Over
	}
	return AsDue
}

// Stay is a part of a year in one post with what it scored.
type Stay struct {
	Days  int
	Score float64
}

// ProRata is the score of a year in several posts, each by its days. ok is false without a
// day.
func ProRata(all []Stay) (h float64, ok bool) {
	days := 0
	for _, s := range all {
		h += float64(s.Days) * s.Score
		days += s.Days
	}
	if days <= 0 {
		return 0, false
	}
	return h / float64(days), true
}
