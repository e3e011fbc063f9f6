package org

import (
	"context"
	"slices"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Outline is the official boundary of a kelurahan: longitude and latitude.
type Outline struct {
	AreaID   int64
	Polygons [][][][2]float64 // each a ring and its holes
}

// Rings of all polygons, to be filled by the even-odd rule.
func (o Outline) Rings() [][][2]float64 { return slices.Concat(o.Polygons...) }

// Outlines are those of all kelurahan, or none while any kelurahan lacks its boundary: a
// map with gaps would tell wrong things.
func Outlines(ctx context.Context, q pg.Querier) (out []Outline, err error) {
	defer errs.In(&err, "org.Outlines")
	g, err := load(ctx, q)
	if err != nil || !g.complete {
		return nil, err
	}
	for i, s := range g.shapes {
		o := Outline{AreaID: g.areas[i].ID}
		for _, p := range s.polygons {
			polygon := make([][][2]float64, len(p))
			for k, r := range p {
				polygon[k] = make([][2]float64, len(r))
				for j, c := range r {
					polygon[k][j] = c
				}
			}
			o.Polygons = append(o.Polygons, polygon)
		}
		out = append(out, o)
	}
	return out, nil
}
