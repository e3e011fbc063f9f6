package org

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"sync"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Area is a kelurahan as the geography knows it.
type Area struct {
	ID            int64
	Code          string
	Name          string // short: "Kassi-Kassi"
	KecamatanID   int64
	KecamatanCode string
	KecamatanName string
	Lat, Lng      float64 // centroid
	ByNameOnly    bool
}

// Label names the kelurahan so that namesakes differ: "Kassi-Kassi, Rappocini".
func (a Area) Label() string { return a.Name + ", " + a.KecamatanName }

// geography is everything that Locate needs, unchanging once loaded.
type geography struct {
	areas    []Area
	shapes   []shape // same order as areas; no polygons where no boundary is known
	byID     map[int64]int
	complete bool // every kelurahan has a boundary
	any      bool // some kelurahan has one
}

// geographies remembers what was loaded, by version. Versions are never used
// twice, so one memory serves every database this process talks to (tests
// clone dozens). It holds the last few.
var geographies = struct {
	sync.Mutex
	loaded []remembered
}{}

type remembered struct {
	version string
	geo     *geography
}

const rememberedMax = 4

// load returns the geography as of now: one indexed row when it is in memory.
func load(ctx context.Context, q pg.Querier) (*geography, error) {
	version, err := pg.Scalar[string](ctx, q, sqlGeographyVersion)
	if err != nil {
		return nil, err
	}
	if g := recall(version); g != nil {
		return g, nil
	}
	// The version is read again with the rows, in one statement and so from one
	// snapshot: what is remembered under a version is what that version was.
	rows, err := pg.Many[areaRow](ctx, q, sqlAreas)
	if err != nil {
		return nil, err
	}
	g, err := newGeography(rows)
	if err != nil {
		return nil, err
	}
	if len(rows) > 0 {
		remember(rows[0].Version, g)
	}
	return g, nil
}

func recall(version string) *geography {
	geographies.Lock()
	defer geographies.Unlock()
	i := slices.IndexFunc(geographies.loaded, func(r remembered) bool { return r.version == version })
	if i < 0 {
		return nil
	}
	return geographies.loaded[i].geo
}

func remember(version string, g *geography) {
	geographies.Lock()
	defer geographies.Unlock()
	if slices.ContainsFunc(geographies.loaded, func(r remembered) bool { return r.version == version }) {
		return
	}
	if len(geographies.loaded) >= rememberedMax {
		geographies.loaded = slices.Delete(geographies.loaded, 0, 1)
	}
	geographies.loaded = append(geographies.loaded, remembered{version, g})
}

type areaRow struct {
	Version string
	Area
	Polygons []byte
}

func newGeography(rows []areaRow) (*geography, error) {
	g := &geography{byID: map[int64]int{}, complete: len(rows) > 0}
	for i, r := range rows {
		var s shape
		if len(r.Polygons) > 0 {
			if err := json.Unmarshal(r.Polygons, &s.polygons); err != nil {
				return nil, err
			}
			s.box = boxOf(s.polygons)
		}
		g.complete = g.complete && len(s.polygons) > 0
		g.any = g.any || len(s.polygons) > 0
		g.areas = append(g.areas, r.Area)
		g.shapes = append(g.shapes, s)
		g.byID[r.ID] = i
	}
	return g, nil
}

// Areas returns every kelurahan of today, by kecamatan and name. The slice is
// the caller's.
func Areas(ctx context.Context, q pg.Querier) (as []Area, err error) {
	defer errs.In(&err, "org.Areas")
	g, err := load(ctx, q)
	if err != nil {
		return nil, err
	}
	as = slices.Clone(g.areas)
	slices.SortStableFunc(as, func(a, b Area) int {
		return cmp.Or(cmp.Compare(a.KecamatanName, b.KecamatanName), cmp.Compare(a.Name, b.Name))
	})
	return as, nil
}

// AreaByID returns one kelurahan of today; errs.NotFound for anything else.
func AreaByID(ctx context.Context, q pg.Querier, id int64) (a Area, err error) {
	defer errs.In(&err, "org.AreaByID(%d)", id)
	g, err := load(ctx, q)
	if err != nil {
		return Area{}, err
	}
	i, ok := g.byID[id]
	if !ok {
		return Area{}, errs.New(errs.NotFound, "")
	}
	return g.areas[i], nil
}

// HasBoundaries tells whether every kelurahan has its official boundary, so
// that points are found exactly and may be refused as outside.
func HasBoundaries(ctx context.Context, q pg.Querier) (yes bool, err error) {
	defer errs.In(&err, "org.HasBoundaries")
	g, err := load(ctx, q)
	return g != nil && g.complete, err
}

const sqlGeographyVersion = `SELECT version::text FROM org_geography`

const sqlAreas = `SELECT g.version::text AS version, u.id, u.code, u.short_name AS name,
	k.id AS kecamatan_id, k.code AS kecamatan_code, k.short_name AS kecamatan_name,
	coalesce(u.lat, 0) AS lat, coalesce(u.lng, 0) AS lng, u.by_name_only, b.polygons
FROM org_geography g
CROSS JOIN org_unit u
JOIN org_unit k ON k.id = u.parent_id
LEFT JOIN org_boundary b ON b.unit_id = u.id
WHERE u.kind = 'kelurahan' AND u.valid_to IS NULL
ORDER BY u.code`
