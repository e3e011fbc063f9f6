package mtr

import (
	"context"
	"fmt"
	"math"
	"slices"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// MapRows is how many reports a piece of the map counts at most: the newest.
const MapRows = 5000

// cellPixels is how wide a cluster may be on the screen.
const cellPixels = 64

// mapPoint is a published report on the map.
type mapPoint struct {
	ID       int64
	Lat, Lng float64
	Open     bool
}

const sqlMapDots = `
SELECT r.id, r.number, r.title, c.name AS category_name, r.status
FROM mtr_report r JOIN mtr_category c ON c.id = r.category_id
WHERE r.id = ANY ($1) AND r.words_public`

// Map is the piece of the public map at a zoom level (0..19). What is not
// published is not on it: its place is not public yet. Filter.Text does not narrow.
func (m *Module) Map(ctx context.Context, f Filter, b BBox, zoom int) (_ MapData, err error) {
	defer errs.In(&err, "mtr.Map")
	w := newWhere(m.now())
	w.and("r.words_public")
	f.narrow(w)
	// Written out, for they are numbers, so that the planner knows how many rows to expect.
	w.and(fmt.Sprintf("r.public_lat BETWEEN %f AND %f AND r.public_lng BETWEEN %f AND %f", b.South, b.North, b.West, b.East))
	sql := fmt.Sprintf(`SELECT r.id, r.public_lat AS lat, r.public_lng AS lng, r.status_group IN ('baru', 'proses') AS open
		FROM mtr_report r WHERE %s AND $1::timestamptz IS NOT NULL ORDER BY r.id DESC LIMIT %d`, w, MapRows+1)
	points, err := pg.Many[mapPoint](ctx, m.db, sql, w.fresh(true)...)
	if err != nil {
		return MapData{}, err
	}
	var out MapData
	if out.Truncated = len(points) > MapRows; out.Truncated {
		points = points[:MapRows]
	}
	out.Total = len(points)
	clusters, alone := clustersOf(points, zoom)
	out.Clusters = clusters
	type dot struct {
		ID                          int64
		Number, Title, CategoryName string
		Status                      Status
	}
	dots, err := pg.Many[dot](ctx, m.db, sqlMapDots, alone)
	byID := map[int64]dot{}
	for _, d := range dots {
		byID[d.ID] = d
	}
	for i := range out.Clusters {
		if c := &out.Clusters[i]; c.Count == 1 {
			d := byID[alone[i]]
			c.Number, c.Title, c.CategoryName, c.Status = d.Number, d.Title, d.CategoryName, d.Status
		}
	}
	// A report hidden between the two queries is not there.
	out.Clusters = slices.DeleteFunc(out.Clusters, func(c Cluster) bool {
		gone := c.Count == 1 && c.Number == ""
		if gone {
			out.Total--
		}
		return gone
	})
	return out, err
}

// clustersOf groups points by the cells of a square grid on the screen. ids names
// the report of each cluster that is only one; 0 for the others.
func clustersOf(points []mapPoint, zoom int) (clusters []Cluster, ids []int64) {
	type cell struct{ x, y int }
	at := map[cell]int{}
	scale := 256 * math.Exp2(float64(zoom)) / cellPixels
	for _, p := range points {
		x := (p.Lng + 180) / 360
		lat := max(min(p.Lat, 85), -85) * math.Pi / 180
		y := (1 - math.Asinh(math.Tan(lat))/math.Pi) / 2
		k := cell{int(x * scale), int(y * scale)}
		i, ok := at[k]
		if !ok {
			i = len(clusters)
			at[k] = i
			clusters, ids = append(clusters, Cluster{}), append(ids, p.ID)
		}
		c := &clusters[i]
		c.Lat += p.Lat
		c.Lng += p.Lng
		if c.Count++; c.Count > 1 {
			ids[i] = 0
		}
		if p.Open {
			c.Open++
		}
	}
	for i := range clusters {
		c := &clusters[i]
		c.Lat, c.Lng = c.Lat/float64(c.Count), c.Lng/float64(c.Count)
	}
	return clusters, ids
}
