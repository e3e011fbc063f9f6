package estimate

import "math"

// share is a probability with a Beta prior: yes and no are counts.
type share struct{ yes, no float64 }

// kept is how much history counts: what is older fades, so that habits may change.
const kept = 2000

func (s *share) add(yes, no float64) {
	s.yes, s.no = s.yes+yes, s.no+no
	if n := s.yes + s.no; n > kept {
		s.yes, s.no = s.yes*kept/n, s.no*kept/n
	}
}

func (s *share) count(yes bool) {
	if yes {
		s.add(1, 0)
	} else {
		s.add(0, 1)
	}
}

func (s share) p() float64 { return s.yes / (s.yes + s.no) }

// rate is events a session with a Gamma prior.
type rate struct{ events, sessions float64 }

func (r *rate) add(n float64) {
	r.events, r.sessions = r.events+n, r.sessions+1
	if r.sessions > 60 {
		r.events, r.sessions = r.events*60/r.sessions, 60
	}
}

func (r rate) mean() float64 { return r.events / r.sessions }

// spread is a normal distribution, of the logarithm where lengths are meant. It begins
// as a prior of a weight in observations.
type spread struct{ mean, sd, weight float64 }

// longest: what is measured longer, in minutes, was not measured but forgotten.
const longest = 180

// add takes a length in minutes into a lognormal.
func (s *spread) add(minutes float64) {
	if minutes <= longest {
		addTo(s, math.Log(max(minutes, 0.1)), 3)
	}
}

// addTo updates mean and deviation; what lies further out than reach deviations is
// pulled in, so that one wrong click moves little.
func addTo(s *spread, x, reach float64) {
	x = min(max(x, s.mean-reach*s.sd), s.mean+reach*s.sd)
	w := min(s.weight, kept/4)
	d := x - s.mean
	s.mean += d / (w + 1)
	s.sd = math.Sqrt((s.sd*s.sd*w + d*(x-s.mean)) / (w + 1))
	s.weight = w + 1
}

// above is the probability that a lognormal is longer than that many minutes.
func (s spread) above(minutes float64) float64 {
	if minutes <= 0 {
		return 1
	}
	return 1 - phi((math.Log(minutes)-s.mean)/s.sd)
}

// phi is the standard normal distribution function and quantile its inverse.
func phi(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }

func quantile(p float64) float64 {
	return math.Sqrt2 * math.Erfinv(2*min(max(p, 1e-9), 1-1e-9)-1)
}
