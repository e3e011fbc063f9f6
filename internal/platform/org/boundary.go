package org

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// MaxBoundaryFile is the largest GeoJSON that ImportBoundaries reads.
const MaxBoundaryFile = 32 << 20

// ImportBoundaries reads a GeoJSON FeatureCollection of Polygon and MultiPolygon
// features whose property "kode" is a kelurahan's code, with or without points.
// It is all or nothing: any problem and nothing changes. With apply false it is
// a dry run that checks all the same. Kelurahan that are not in the file keep
// what they have; until every one has a boundary no point is refused as outside.
//
// A file that is not GeoJSON is errs.Unprocessable for the field "berkas".
func ImportBoundaries(ctx context.Context, db pg.Beginner, a authz.Actor, at time.Time, file io.Reader, apply bool) (rep Report, err error) {
	defer errs.In(&err, "org.ImportBoundaries")
	features, err := readGeoJSON(file)
	if err != nil {
		return Report{}, err
	}
	err = pg.InTx(ctx, db, func(tx pgx.Tx) error {
		rep = Report{Rows: len(features)}
		g, err := load(ctx, tx)
		if err != nil {
			return err
		}
		shapes := checkBoundaries(g, features, &rep)
		if !rep.OK() || !apply {
			return nil
		}
		batch := &pgx.Batch{}
		for id, s := range shapes {
			polygons, err := json.Marshal(s.polygons)
			if err != nil {
				return err
			}
			batch.Queue(sqlBoundaryUpsert, id, string(polygons), at)
		}
		if err := tx.SendBatch(ctx, batch).Close(); err != nil {
			return err
		}
		rep.Applied = true
		return audit.Write(ctx, tx, a, at, audit.Entry{
			Action: "org.boundary.import", Object: "org_boundary",
			Detail: map[string]any{"features": rep.Rows, "added": rep.Added, "changed": rep.Changed, "warnings": len(rep.Warnings)},
		})
	})
	if err != nil {
		return Report{}, err
	}
	return rep, nil
}

type feature struct {
	Type     string `json:"type"`
	Geometry *struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
	Properties map[string]any `json:"properties"`
}

func readGeoJSON(file io.Reader) ([]feature, error) {
	bad := func(message string, err error) error {
		return &errs.Error{Kind: errs.Unprocessable, Message: message, Err: err, Fields: []errs.Field{{Name: "berkas", Message: message}}}
	}
	data, err := io.ReadAll(io.LimitReader(file, MaxBoundaryFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxBoundaryFile {
		return nil, errs.New(errs.TooLarge, "Berkas batas wilayah lebih besar dari 32 MB. Sederhanakan garis batasnya lalu coba lagi.")
	}
	var collection struct {
		Type     string    `json:"type"`
		Features []feature `json:"features"`
	}
	if err := json.Unmarshal([]byte(strings.TrimPrefix(string(data), "\ufeff")), &collection); err != nil {
		return nil, bad("Berkas ini bukan GeoJSON yang dapat dibaca.", err)
	}
	if collection.Type != "FeatureCollection" {
		return nil, bad(`Berkas harus berupa GeoJSON "FeatureCollection".`, nil)
	}
	if len(collection.Features) == 0 {
		return nil, bad("Berkas ini tidak memuat satu pun wilayah.", nil)
	}
	return collection.Features, nil
}

// checkBoundaries turns features into shapes by unit and reports what is wrong.
func checkBoundaries(g *geography, features []feature, rep *Report) map[int64]shape {
	byCode := map[string]int{}
	for i, a := range g.areas {
		byCode[codeDigits(a.Code)] = i
	}
	shapes, rows := map[int64]shape{}, map[int64]int{}
	for n, f := range features {
		row := n + 1
		code := fmt.Sprint(f.Properties["kode"])
		if f.Properties["kode"] == nil || code == "" {
			rep.fail(row, "kode", "", `tidak ada; setiap wilayah perlu properti "kode" berisi kode kelurahan`)
			continue
		}
		if v, number := f.Properties["kode"].(float64); number {
			code = fmt.Sprintf("%.0f", v)
		}
		i, ok := byCode[codeDigits(code)]
		if !ok {
			rep.fail(row, "kode", clip(code), "bukan kode kelurahan yang berlaku")
			continue
		}
		area := g.areas[i]
		if first, twice := rows[area.ID]; twice {
			rep.fail(row, "kode", clip(code), "sudah ada di wilayah ke-%d; gabungkan menjadi satu MultiPolygon", first)
			continue
		}
		rows[area.ID] = row
		ps, err := polygonsOf(f, area)
		if err != nil {
			rep.fail(row, "geometry", area.Label(), "%s", err)
			continue
		}
		s := shape{polygons: ps, box: boxOf(ps)}
		shapes[area.ID] = s
		switch {
		case len(g.shapes[i].polygons) > 0:
			rep.Changed++
		default:
			rep.Added++
		}
		if d := s.distance(point{area.Lng, area.Lat}); !s.contains(point{area.Lng, area.Lat}) && d > 500 && !area.ByNameOnly {
			rep.warn(row, "geometry", area.Label(), "titik tengah yang tercatat berada %.0f m di luar batas ini; periksa apakah kodenya benar", d)
		}
	}
	var missing []string
	for i, a := range g.areas {
		if _, given := shapes[a.ID]; !given && len(g.shapes[i].polygons) == 0 {
			missing = append(missing, a.Label())
		}
	}
	if len(missing) > 0 {
		rep.warn(0, "", "", "%d kelurahan belum berbatas, sehingga titik di luar kota belum ditolak: %s", len(missing), clip(strings.Join(missing, "; ")))
	}
	warnOverlaps(g, shapes, rows, rep)
	return shapes
}

func codeDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// polygonsOf reads and checks a geometry. Its errors are Indonesian sentences.
func polygonsOf(f feature, area Area) ([]polygon, error) {
	if f.Geometry == nil {
		return nil, errors.New("tidak ada geometri")
	}
	// Positions may carry a height, which a [2]float64 would refuse silently.
	var many [][][][]float64
	switch f.Geometry.Type {
	case "MultiPolygon":
		if err := json.Unmarshal(f.Geometry.Coordinates, &many); err != nil {
			return nil, errors.New("koordinat MultiPolygon tidak dapat dibaca")
		}
	case "Polygon":
		var one [][][]float64
		if err := json.Unmarshal(f.Geometry.Coordinates, &one); err != nil {
			return nil, errors.New("koordinat Polygon tidak dapat dibaca")
		}
		many = append(many, one)
	default:
		return nil, fmt.Errorf("jenis %q tidak diterima; pakai Polygon atau MultiPolygon", clip(f.Geometry.Type))
	}
	if len(many) == 0 {
		return nil, errors.New("geometri kosong")
	}
	var ps []polygon
	for _, rings := range many {
		if len(rings) == 0 {
			return nil, errors.New("poligon tanpa garis")
		}
		var p polygon
		for _, coords := range rings {
			r, err := ringOf(coords, area)
			if err != nil {
				return nil, err
			}
			p = append(p, r)
		}
		ps = append(ps, p)
	}
	return ps, nil
}

func ringOf(coords [][]float64, area Area) (ring, error) {
	if len(coords) < 4 {
		return nil, errors.New("garis dengan kurang dari empat titik")
	}
	r := make(ring, len(coords))
	for i, c := range coords {
		if len(c) < 2 {
			return nil, errors.New("titik tanpa bujur dan lintang")
		}
		r[i] = point{c[0], c[1]}
		if math.Abs(c[0]) > 180 || math.Abs(c[1]) > 90 {
			return nil, fmt.Errorf("titik (%g, %g) bukan derajat; pakai WGS 84 (EPSG:4326), bujur lalu lintang", c[0], c[1])
		}
		// An island of the city lies 60 km off the centroid of its kelurahan at most.
		if placed := area.Lat != 0 || area.Lng != 0; placed && (math.Abs(c[0]-area.Lng) > 1 || math.Abs(c[1]-area.Lat) > 1) {
			return nil, fmt.Errorf("titik (%g, %g) jauh dari kelurahan ini; urutan GeoJSON adalah bujur lalu lintang", c[0], c[1])
		}
	}
	if r[0] != r[len(r)-1] {
		return nil, errors.New("garis tidak tertutup; titik terakhir harus sama dengan titik pertama")
	}
	if r.area() == 0 {
		return nil, errors.New("garis yang tidak melingkupi luas apa pun")
	}
	return r, nil
}

// area is the shoelace sum, in square degrees, of a ring of either direction.
// Measured from the first corner, so that little squares keep their digits.
func (r ring) area() float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		ax, ay := r[i-1][0]-r[0][0], r[i-1][1]-r[0][1]
		bx, by := r[i][0]-r[0][0], r[i][1]-r[0][1]
		sum += ax*by - bx*ay
	}
	return math.Abs(sum) / 2
}

// warnOverlaps looks at some corners of every new shape: one that lies well
// inside a neighbour means that two territories overlap.
func warnOverlaps(g *geography, shapes map[int64]shape, rows map[int64]int, rep *Report) {
	const corners, deep = 100, 100.0
	for _, a := range g.areas {
		s, ok := shapes[a.ID]
		if !ok {
			continue
		}
		for _, other := range g.areas {
			o, ok := shapes[other.ID]
			if !ok || a.ID >= other.ID || !boxesMeet(s.box, o.box) {
				continue
			}
			if overlaps(s, o, corners, deep) || overlaps(o, s, corners, deep) {
				rep.warn(rows[a.ID], "geometry", a.Label(), "tumpang tindih dengan %s", other.Label())
			}
		}
	}
}

func boxesMeet(a, b box) bool {
	return a.minLng <= b.maxLng && b.minLng <= a.maxLng && a.minLat <= b.maxLat && b.minLat <= a.maxLat
}

func overlaps(s, o shape, corners int, deep float64) bool {
	for _, p := range s.polygons {
		step := max(1, len(p[0])/corners)
		for i := 0; i < len(p[0]); i += step {
			if c := p[0][i]; o.box.near(c, 0) && o.contains(c) && o.distance(c) > deep {
				return true
			}
		}
	}
	return false
}

const sqlBoundaryUpsert = `INSERT INTO org_boundary (unit_id, polygons, imported_at) VALUES ($1, $2::jsonb, $3)
ON CONFLICT (unit_id) DO UPDATE SET polygons = excluded.polygons, imported_at = excluded.imported_at`
