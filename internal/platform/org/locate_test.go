package org_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
)

// square is a GeoJSON ring of so many degrees around a point.
func square(lat, lng, half float64) [][][]float64 {
	return [][][]float64{{
		{lng - half, lat - half}, {lng + half, lat - half}, {lng + half, lat + half}, {lng - half, lat + half}, {lng - half, lat - half},
	}}
}

func geojson(features ...map[string]any) string {
	b, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": features})
	if err != nil {
		panic(err)
	}
	return string(b)
}

func territory(code any, kind string, coordinates any) map[string]any {
	return map[string]any{"type": "Feature", "properties": map[string]any{"kode": code},
		"geometry": map[string]any{"type": kind, "coordinates": coordinates}}
}

func (c city) locate(lat, lng float64) org.Place {
	c.Helper()
	p, err := org.Locate(c.ctx, c.db, lat, lng)
	c.must(err)
	return p
}

func (c city) boundaries(file string, apply bool) (org.Report, error) {
	return org.ImportBoundaries(c.ctx, c.db, admin, now, strings.NewReader(file), apply)
}

func TestLocateBeforeBoundaries(t *testing.T) {
	c := newCity(t)
	// Beside the centroid of Kassi-Kassi, Rappocini.
	p := c.locate(-5.17075, 119.45425)
	if p.Certainty != org.Nearest || p.Kelurahan.Code != "73.71.13.1002" || !p.NeedsAnswer() {
		t.Errorf("on the mainland: %+v", p)
	}
	if p.Kelurahan.Label() != "Kassi-Kassi, Rappocini" || len(p.Candidates) != 5 || p.Candidates[0].ID != p.Kelurahan.ID {
		t.Errorf("offered: %+v", p)
	}
	// On the island of Barrang Lompo: by name, all three offered.
	if p = c.locate(-5.0485, 119.3292); p.Certainty != org.ChooseIsland || len(p.Candidates) != 3 || p.Candidates[0].Name != "Barrang Lompo" {
		t.Errorf("on an island: %+v", p)
	}
	// Maros is not refused yet; nobody is guessed either.
	if p = c.locate(-5.005, 119.57); p.Certainty != org.Choose || p.Kelurahan.ID != 0 || len(p.Candidates) == 0 {
		t.Errorf("far from every centroid: %+v", p)
	}
	for _, bad := range [][2]float64{{91, 119}, {-5, 181}} {
		_, err := org.Locate(c.ctx, c.db, bad[0], bad[1])
		c.fails(err, errs.Unprocessable, "lokasi")
	}
	as, err := org.Areas(c.ctx, c.db)
	c.must(err)
	if len(as) != 153 || as[0].KecamatanName != "Biringkanaya" || as[0].Name != "Bakung" {
		t.Errorf("%d areas, first %+v", len(as), as[0])
	}
}

func TestLocateWithBoundaries(t *testing.T) {
	c := newCity(t)
	as, err := org.Areas(c.ctx, c.db)
	c.must(err)
	// A little square around every centroid; Untia gets an island of its own and
	// a hole, Rappocini and its neighbour share a border.
	var features []map[string]any
	for _, a := range as {
		switch a.Code {
		case "73.71.11.1007":
			ring := append(square(a.Lat, a.Lng, 0.003), square(a.Lat, a.Lng, 0.001)...)
			features = append(features, territory(a.Code, "MultiPolygon", []any{ring, square(-5.03, 119.40, 0.002)}))
		case "73.71.13.1002":
			features = append(features, territory("7371131002", "Polygon", [][][]float64{{
				{119.4530, -5.1720, 12}, {119.4550, -5.1720, 12}, {119.4550, -5.1690, 12}, {119.4530, -5.1690, 12}, {119.4530, -5.1720, 12}}}))
		case "73.71.13.1003":
			features = append(features, territory(7371131003, "Polygon", [][][]float64{{
				{119.4480, -5.1750}, {119.4530, -5.1750}, {119.4530, -5.1690}, {119.4480, -5.1690}, {119.4480, -5.1750}}}))
		default:
			features = append(features, territory(a.Code, "Polygon", square(a.Lat, a.Lng, 0.0004)))
		}
	}
	rep, err := c.boundaries(geojson(features...), false)
	c.must(err)
	if !rep.OK() || rep.Applied || rep.Rows != 153 || rep.Added != 153 {
		t.Fatalf("dry run: %+v", rep)
	}
	if has, err := org.HasBoundaries(c.ctx, c.db); err != nil || has {
		t.Fatal("a dry run wrote something")
	}
	rep, err = c.boundaries(geojson(features...), true)
	c.must(err)
	if !rep.Applied {
		t.Fatalf("not applied: %+v", rep)
	}
	for name, v := range map[string]struct {
		lat, lng  float64
		certainty org.Certainty
		code      string
	}{
		"inside":               {-5.1700, 119.4540, org.Exact, "73.71.13.1002"},
		"the other side":       {-5.1700, 119.4500, org.Exact, "73.71.13.1003"},
		"10 m inside border":   {-5.1705, 119.4531, org.Edge, "73.71.13.1002"},
		"10 m over the border": {-5.1705, 119.4529, org.Edge, "73.71.13.1003"},
		"just outside one":     {-5.1700, 119.45515, org.Exact, "73.71.13.1002"},
		"outside all":          {-5.005, 119.57, org.Outside, ""},
		"the detached part":    {-5.03, 119.40, org.Exact, "73.71.11.1007"},
		"in its hole":          {-5.06799, 119.47958, org.Outside, ""},
		"beside its hole":      {-5.06799 + 0.002, 119.47958, org.Exact, "73.71.11.1007"},
		"on an island":         {-5.04848, 119.32919, org.ChooseIsland, ""},
		"at sea by an island":  {-5.0600, 119.3300, org.ChooseIsland, ""},
	} {
		p := c.locate(v.lat, v.lng)
		if p.Certainty != v.certainty || p.Kelurahan.Code != v.code {
			t.Errorf("%s: certainty %d in %q, want %d in %q", name, p.Certainty, p.Kelurahan.Code, v.certainty, v.code)
		}
		if v.certainty == org.Edge && (len(p.Candidates) != 2 || p.Candidates[0].Code != v.code) {
			t.Errorf("%s: candidates %+v", name, p.Candidates)
		}
	}
	// The next import is seen at once, by whoever remembered the old one.
	rep, err = c.boundaries(geojson(territory("73.71.13.1002", "Polygon", square(-5.30, 119.50, 0.01))), true)
	c.must(err)
	if rep.Changed != 1 || len(rep.Warnings) != 1 {
		t.Errorf("a boundary far from its centroid: %+v", rep)
	}
	if p := c.locate(-5.30, 119.50); p.Certainty != org.Exact || p.Kelurahan.Code != "73.71.13.1002" {
		t.Errorf("after the second import: %+v", p)
	}
}

// With some boundaries only, they are exact and nobody is refused.
func TestLocateWithSomeBoundaries(t *testing.T) {
	c := newCity(t)
	rep, err := c.boundaries(geojson(territory("73.71.13.1002", "Polygon", square(-5.17071, 119.45421, 0.002))), true)
	c.must(err)
	if !rep.Applied || len(rep.Warnings) != 1 || !strings.Contains(rep.Warnings[0].Message, "152 kelurahan") {
		t.Errorf("report: %+v", rep)
	}
	if p := c.locate(-5.1707, 119.4542); p.Certainty != org.Exact {
		t.Errorf("inside the one: %+v", p)
	}
	if p := c.locate(-5.1740, 119.4500); p.Certainty != org.Nearest || p.Kelurahan.Code == "73.71.13.1002" {
		t.Errorf("outside the one: %+v", p)
	}
	if p := c.locate(-5.005, 119.57); p.Certainty != org.Choose {
		t.Errorf("far away: %+v", p)
	}
}

func TestBoundariesAreAllOrNothing(t *testing.T) {
	c := newCity(t)
	good := territory("73.71.13.1002", "Polygon", square(-5.17071, 119.45421, 0.002))
	centre := square(-5.17, 119.45, 0.002)
	open := [][][]float64{centre[0][:4]}
	flat := [][][]float64{{{119.45, -5.17}, {119.46, -5.17}, {119.47, -5.17}, {119.45, -5.17}}}
	for name, v := range map[string]struct {
		feature map[string]any
		says    string
	}{
		"no code":      {territory(nil, "Polygon", centre), "properti"},
		"unknown code": {territory("73.71.99.1001", "Polygon", centre), "bukan kode kelurahan"},
		"kecamatan":    {territory("73.71.13", "Polygon", centre), "bukan kode kelurahan"},
		"twice":        {good, "sudah ada"},
		"a point":      {territory("73.71.13.1001", "Point", []float64{119.4, -5.1}), "tidak diterima"},
		"not closed":   {territory("73.71.13.1001", "Polygon", open), "tidak tertutup"},
		"without area": {territory("73.71.13.1001", "Polygon", flat), "luas"},
		"too few":      {territory("73.71.13.1001", "Polygon", [][][]float64{{{119.4, -5.1}}}), "empat titik"},
		"swapped":      {territory("73.71.13.1001", "Polygon", square(119.45, -5.17, 0.002)), "bukan derajat"},
		"metres":       {territory("73.71.13.1001", "Polygon", square(9428000, 770000, 100)), "bukan derajat"},
		"another city": {territory("73.71.13.1001", "Polygon", square(-6.2, 106.8, 0.01)), "jauh dari kelurahan"},
		"nonsense":     {territory("73.71.13.1001", "MultiPolygon", "abc"), "tidak dapat dibaca"},
		"nothing":      {map[string]any{"type": "Feature", "properties": map[string]any{"kode": "73.71.13.1001"}}, "tidak ada geometri"},
	} {
		rep, err := c.boundaries(geojson(good, v.feature), true)
		c.must(err)
		if rep.Applied || len(rep.Problems) != 1 || rep.Problems[0].Row != 2 || !strings.Contains(rep.Problems[0].Message, v.says) {
			t.Errorf("%s: %+v", name, rep.Problems)
		}
	}
	for _, file := range []string{"", "{", "[]", `{"type":"Feature"}`, `{"type":"FeatureCollection","features":[]}`, "\x00\xff"} {
		_, err := c.boundaries(file, true)
		c.fails(err, errs.Unprocessable, "berkas")
	}
	if p := c.locate(-5.1707, 119.4542); p.Certainty != org.Nearest {
		t.Errorf("something was written: %+v", p)
	}
	a, b := territory("73.71.13.1001", "Polygon", square(-5.170, 119.440, 0.01)), territory("73.71.13.1002", "Polygon", square(-5.167, 119.452, 0.01))
	rep, err := c.boundaries(geojson(a, b), false)
	c.must(err)
	if !strings.Contains(fmt.Sprint(rep.Warnings), "tumpang tindih") {
		t.Errorf("overlap goes unnoticed: %+v", rep.Warnings)
	}
}

func BenchmarkLocate(b *testing.B) {
	db := benchCity(b)
	for b.Loop() {
		if _, err := org.Locate(b.Context(), db, -5.1707, 119.4542); err != nil {
			b.Fatal(err)
		}
	}
}
