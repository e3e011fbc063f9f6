package org

import "math"

// point is a GeoJSON position: longitude, then latitude.
type point [2]float64

type (
	ring    []point
	polygon []ring // the outer ring, then its holes
)

// shape is the territory of one kelurahan, islands included.
type shape struct {
	polygons []polygon
	box      box
}

type box struct{ minLng, minLat, maxLng, maxLat float64 }

func boxOf(ps []polygon) box {
	b := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range ps {
		for _, r := range p {
			for _, c := range r {
				b.minLng, b.maxLng = min(b.minLng, c[0]), max(b.maxLng, c[0])
				b.minLat, b.maxLat = min(b.minLat, c[1]), max(b.maxLat, c[1])
			}
		}
	}
	return b
}

// near tells whether p lies in the box grown by so many metres.
func (b box) near(p point, metres float64) bool {
	dy := metres / metresPerDegree
	dx := dy / math.Cos(p[1]*math.Pi/180)
	return p[0] >= b.minLng-dx && p[0] <= b.maxLng+dx && p[1] >= b.minLat-dy && p[1] <= b.maxLat+dy
}

func (s shape) contains(p point) bool {
	for _, poly := range s.polygons {
		if len(poly) == 0 || !poly[0].contains(p) {
			continue
		}
		inHole := false
		for _, hole := range poly[1:] {
			inHole = inHole || hole.contains(p)
		}
		if !inHole {
			return true
		}
	}
	return false
}

// contains counts how often a ray to the east crosses the ring. Half-open
// comparison gives a point on a shared border to exactly one neighbour.
func (r ring) contains(p point) bool {
	in := false
	for i, j := 0, len(r)-1; i < len(r); j, i = i, i+1 {
		a, b := r[i], r[j]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0]-a[0])*(p[1]-a[1])/(b[1]-a[1])+a[0] {
			in = !in
		}
	}
	return in
}

// distance returns the metres from p to the nearest border of the shape, inside
// or outside; infinite for a shape without polygons.
func (s shape) distance(p point) float64 {
	best := math.Inf(1)
	for _, poly := range s.polygons {
		for _, r := range poly {
			for i, j := 0, len(r)-1; i < len(r); j, i = i, i+1 {
				best = min(best, toSegment(p, r[i], r[j]))
			}
		}
	}
	return best
}

// metresPerDegree of latitude; exact enough for a city five degrees off the equator.
const metresPerDegree = 110_600

// local projects q onto a plane in metres around p.
func local(p, q point) (x, y float64) {
	return (q[0] - p[0]) * metresPerDegree * 1.0066 * math.Cos(p[1]*math.Pi/180), (q[1] - p[1]) * metresPerDegree
}

func toSegment(p, a, b point) float64 {
	ax, ay := local(p, a)
	bx, by := local(p, b)
	dx, dy := bx-ax, by-ay
	t := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		t = max(0, min(1, -(ax*dx+ay*dy)/l))
	}
	return math.Hypot(ax+t*dx, ay+t*dy)
}

func metres(p, q point) float64 {
	x, y := local(p, q)
	return math.Hypot(x, y)
}
