package org

import (
	"cmp"
	"context"
	"math"
	"slices"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Certainty says how a place was found and therefore what to ask the citizen.
type Certainty uint8

const (
	// Exact: inside the official boundary of Kelurahan. Ask nothing.
	Exact Certainty = iota + 1
	// Edge: within a few metres of a border. Ask which of Candidates; the first
	// is the likeliest.
	Edge
	// Nearest: no boundary known; Kelurahan has the nearest centroid. The
	// citizen confirms or chooses another of Candidates.
	Nearest
	// ChooseIsland: in or near Kepulauan Sangkarrang. The citizen chooses the
	// island's kelurahan by name from Candidates.
	ChooseIsland
	// Choose: far from every centroid and no boundary to refuse by. The citizen
	// chooses any kelurahan; Candidates are the nearest.
	Choose
	// Outside: beyond the official boundary of the city.
	Outside
)

// Place is where a point lies.
type Place struct {
	Certainty  Certainty
	Kelurahan  Area   // set for Exact, Edge and Nearest
	Candidates []Area // for the citizen to choose from, likeliest first
}

// NeedsAnswer tells whether the citizen has to confirm or choose.
func (p Place) NeedsAnswer() bool { return p.Certainty != Exact && p.Certainty != Outside }

const (
	// edgeBuffer is about as wrong as a good phone's position and a digitised
	// boundary are together.
	edgeBuffer = 25 // metres
	// farBuffer: nobody in a kelurahan is further from its centroid, islands apart.
	farBuffer = 3000 // metres
	// offered is how many neighbours a citizen is offered.
	offered = 5
)

// Locate finds the kelurahan of a point (WGS 84).
//
// With official boundaries the answer is exact, Edge near a border, Outside
// beyond the city. Before that it is the nearest centroid, to be confirmed, and
// beyond 3 km of every centroid the citizen chooses. The islands of Kepulauan
// Sangkarrang are always chosen by name. Coordinates that are none are
// errs.Unprocessable for the field "lokasi".
func Locate(ctx context.Context, q pg.Querier, lat, lng float64) (p Place, err error) {
	defer errs.In(&err, "org.Locate") // coordinates may be private: not in the log
	if math.IsNaN(lat) || math.IsNaN(lng) || math.Abs(lat) > 90 || math.Abs(lng) > 180 {
		return Place{}, errs.Invalid(errs.Field{Name: "lokasi", Message: "Titik lokasi tidak dapat dibaca. Pilih ulang di peta atau pilih kelurahan."})
	}
	g, err := load(ctx, q)
	if err != nil {
		return Place{}, err
	}
	return g.locate(point{lng, lat}), nil
}

// near is one kelurahan with its distance to the point asked for.
type near struct {
	area   Area
	metres float64 // negative inside its boundary
	mapped bool
}

func (g *geography) locate(p point) Place {
	var hits []near
	if g.any {
		for i, s := range g.shapes {
			if len(s.polygons) == 0 || !s.box.near(p, edgeBuffer) {
				continue
			}
			d := s.distance(p)
			if s.contains(p) {
				hits = append(hits, near{g.areas[i], -d, true})
			} else if d <= edgeBuffer {
				hits = append(hits, near{g.areas[i], d, true})
			}
		}
		slices.SortFunc(hits, func(a, b near) int {
			return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.area.Code, b.area.Code))
		})
	}
	switch {
	case len(hits) > 0 && hits[0].area.ByNameOnly:
		return g.islands(p, hits[0].area.ID)
	case len(hits) == 1:
		return Place{Certainty: Exact, Kelurahan: hits[0].area}
	case len(hits) > 1:
		return Place{Certainty: Edge, Kelurahan: hits[0].area, Candidates: areasOf(hits)}
	case g.complete:
		if i := g.nearestShape(p); g.areas[i].ByNameOnly && g.shapes[i].distance(p) <= farBuffer {
			return g.islands(p, g.areas[i].ID)
		}
		return Place{Certainty: Outside}
	}
	// Where some boundaries are known and none of them holds the point, the
	// kelurahan is one of those without.
	byCentroid := make([]near, 0, len(g.areas))
	for i, a := range g.areas {
		if len(g.shapes[i].polygons) == 0 {
			byCentroid = append(byCentroid, near{area: a, metres: metres(p, point{a.Lng, a.Lat})})
		}
	}
	slices.SortFunc(byCentroid, func(a, b near) int { return cmp.Compare(a.metres, b.metres) })
	if len(byCentroid) == 0 {
		return Place{Certainty: Choose}
	}
	first, candidates := byCentroid[0], areasOf(byCentroid[:min(offered, len(byCentroid))])
	switch {
	case first.metres > farBuffer:
		return Place{Certainty: Choose, Candidates: candidates}
	case first.area.ByNameOnly:
		return g.islands(p, first.area.ID)
	}
	return Place{Certainty: Nearest, Kelurahan: first.area, Candidates: candidates}
}

// islands offers every kelurahan that is chosen by name, the likeliest first.
func (g *geography) islands(p point, likeliest int64) Place {
	var ns []near
	for _, a := range g.areas {
		if a.ByNameOnly {
			d := metres(p, point{a.Lng, a.Lat})
			if a.ID == likeliest {
				d = -1
			}
			ns = append(ns, near{area: a, metres: d})
		}
	}
	slices.SortFunc(ns, func(a, b near) int { return cmp.Compare(a.metres, b.metres) })
	return Place{Certainty: ChooseIsland, Candidates: areasOf(ns)}
}

func (g *geography) nearestShape(p point) int {
	best, at := math.Inf(1), 0
	for i, s := range g.shapes {
		if d := s.distance(p); d < best {
			best, at = d, i
		}
	}
	return at
}

func areasOf(ns []near) []Area {
	as := make([]Area, len(ns))
	for i, n := range ns {
		as[i] = n.area
	}
	return as
}
