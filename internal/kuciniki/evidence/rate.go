package evidence

import (
	"math"
	"slices"
)

// weight is how many cases of the unit a person's rate leans on.
const weight = 5

// Smooth is a person's rate, drawn to that of their unit: (x + 5u)/(n + 5). u is 0 to 1.
func Smooth(c Count, u float64) float64 {
	return (float64(c.X) + weight*u) / (float64(c.N) + weight)
}

// Share is x of n, 0 of none.
func (c Count) Share() float64 {
	if c.N == 0 {
		return 0
	}
	return float64(c.X) / float64(c.N)
}

// z is for an interval that holds 95 times of 100.
const z = 1.959963984540054

// Wilson is the interval in which the true share lies, 95 times of 100; 0 to 1 of none.
func Wilson(c Count) (low, high float64) {
	if c.N == 0 {
		return 0, 1
	}
	n, p := float64(c.N), c.Share()
	mid := p + z*z/(2*n)
	half := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	low, high = (mid-half)/(1+z*z/n), (mid+half)/(1+z*z/n)
	return max(0, low), min(1, high)
}

// Percentile is the nearest rank: the smallest value that share of all do not exceed. 0 of
// none.
func Percentile(values []int, share float64) int {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[max(0, int(math.Ceil(share*float64(len(sorted))))-1)]
}

// Buckets of minutes: each is an eighth wider than the one before, so that a percentile read
// from them is at most 13 % too long.
const ratio = 1.125

// bucketOf is the bucket of a length in minutes, 0 for less than one.
func bucketOf(minutes int) int {
	if minutes < 1 {
		return 0
	}
	return 1 + int(math.Floor(math.Log(float64(minutes))/math.Log(ratio)+1e-9))
}

// upTo is the longest length of a bucket, in minutes.
func upTo(bucket int) int {
	if bucket == 0 {
		return 0
	}
	return int(math.Ceil(math.Pow(ratio, float64(bucket))-1e-9)) - 1
}

// Bucket is how many were of a length.
type Bucket struct{ Bucket, N int }

// Length is the percentile of what lies in buckets, in minutes, and how many there are.
func Length(buckets []Bucket, share float64) (minutes, n int) {
	slices.SortFunc(buckets, func(a, b Bucket) int { return a.Bucket - b.Bucket })
	for _, b := range buckets {
		n += b.N
	}
	rank, seen := int(math.Ceil(share*float64(n))), 0
	for _, b := range buckets {
		if seen += b.N; seen >= rank && b.N > 0 {
			return max(upTo(b.Bucket), 0), n
		}
	}
	return 0, n
}
