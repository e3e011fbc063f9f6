package mtrweb

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/org"
)

// mapWidth of the drawn city, in its own units; the height follows from the land.
const mapWidth = 600.0

// frame turns degrees into the units of a drawn map.
type frame struct {
	west, north, scale, squeeze float64
	Height                      float64
}

// newFrame frames the points; ok is false when they have no extent.
func newFrame(points func(yield func(lng, lat float64))) (f frame, ok bool) {
	west, east, south, north := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	points(func(lng, lat float64) {
		west, east = min(west, lng), max(east, lng)
		south, north = min(south, lat), max(north, lat)
	})
	if !(east > west && north > south) {
		return f, false
	}
	f = frame{west: west, north: north, squeeze: math.Cos((south + north) / 2 * math.Pi / 180)}
	f.scale = mapWidth / ((east - west) * f.squeeze)
	f.Height = (north - south) * f.scale
	return f, true
}

func (f frame) at(lng, lat float64) (x, y float64) {
	return (lng - f.west) * f.squeeze * f.scale, (f.north - lat) * f.scale
}

func (f frame) viewBox() string { return "0 0 " + unit(mapWidth) + " " + unit(f.Height) }

func unit(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// outline is a kelurahan as a path.
type outline struct {
	AreaID int64
	Path   string
}

// outlinesOf draws the boundaries; points that lie nearer than half a unit to the one
// before are left out.
func outlinesOf(all []org.Outline) (out []outline, f frame) {
	f, ok := newFrame(func(yield func(lng, lat float64)) {
		for _, o := range all {
			for _, r := range o.Rings() {
				for _, p := range r {
					yield(p[0], p[1])
				}
			}
		}
	})
	if !ok {
		return nil, f
	}
	for _, o := range all {
		var b strings.Builder
		for _, r := range o.Rings() {
			lastX, lastY := math.Inf(1), math.Inf(1)
			command := "M"
			for _, p := range r {
				x, y := f.at(p[0], p[1])
				if math.Hypot(x-lastX, y-lastY) < 0.5 {
					continue
				}
				b.WriteString(command + unit(x) + " " + unit(y))
				lastX, lastY, command = x, y, "L"
			}
			if command == "L" {
				b.WriteString("Z")
			}
		}
		out = append(out, outline{o.AreaID, b.String()})
	}
	return out, f
}

// shades of a map: five steps that hold about as many areas each.
type shades []int

const shadeSteps = 5

// shadesOf are the upper ends of the steps, rising; equal counts have equal shades.
func shadesOf(counts []int) shades {
	counts = slices.DeleteFunc(slices.Clone(counts), func(n int) bool { return n == 0 })
	if len(counts) == 0 {
		return nil
	}
	slices.Sort(counts)
	var s shades
	for i := 1; i <= shadeSteps; i++ {
		s = append(s, counts[(len(counts)*i+shadeSteps-1)/shadeSteps-1])
	}
	return slices.Compact(s)
}

// class of the shade of a count.
func (s shades) class(n int) string {
	if n == 0 || len(s) == 0 {
		return "shade0"
	}
	i, _ := slices.BinarySearch(s, n)
	return "shade" + strconv.Itoa(shadeSteps-len(s)+1+min(i, len(s)-1))
}

// legend names the steps.
func (s shades) legend() (out []shadeKey) {
	low := 1
	for _, high := range s {
		label := indo.Int(low)
		if high > low {
			label += "–" + indo.Int(high)
		}
		out = append(out, shadeKey{s.class(high), label})
		low = high + 1
	}
	return out
}

type shadeKey struct{ Class, Label string }

// areaShape is a kelurahan on the map of areas.
type areaShape struct{ Path, Class, Title, Href string }

func (v statisticsView) areaShapes() (out []areaShape, keys []shadeKey) {
	counts, all := map[int64]int{}, []int{}
	for _, r := range v.ByKelurahan {
		counts[r.ID] = r.N(mtr.MeasureCame)
		all = append(all, counts[r.ID])
	}
	s := shadesOf(all)
	for _, o := range v.dir.outlines {
		a, ok := v.dir.area(o.AreaID)
		if !ok {
			continue
		}
		n := counts[o.AreaID]
		out = append(out, areaShape{
			Path: o.Path, Class: s.class(n), Title: a.Label() + ": " + indo.Int(n) + " laporan",
			Href: v.behind(mtr.MeasureCame, qKelurahan, idText(a.ID), qKecamatan, idText(a.KecamatanID)),
		})
	}
	return out, s.legend()
}

// heatSquare is a square of the heat map.
type heatSquare struct{ X, Y, Width, Height, Class, Title, Href string }

type heatLabel struct{ X, Y, Name string }

// heatMap is the heat map, ready to draw.
type heatMap struct {
	ViewBox string
	Squares []heatSquare
	Labels  []heatLabel
	Keys    []shadeKey
	N       int
}

func (v statisticsView) heat() (h heatMap, ok bool) {
	f, ok := newFrame(func(yield func(lng, lat float64)) {
		for _, c := range v.Heat {
			yield(float64(c.Column)*mtr.CellDegrees, float64(c.Row)*mtr.CellDegrees)
			yield(float64(c.Column+1)*mtr.CellDegrees, float64(c.Row+1)*mtr.CellDegrees)
		}
		for _, a := range v.dir.areas {
			if !a.ByNameOnly && a.Lat != 0 {
				yield(a.Lng, a.Lat)
			}
		}
	})
	if !ok {
		return h, false
	}
	h.ViewBox = f.viewBox()
	counts := make([]int, len(v.Heat))
	for i, c := range v.Heat {
		counts[i] = c.N
	}
	s := shadesOf(counts)
	for _, c := range v.Heat {
		left, top := f.at(float64(c.Column)*mtr.CellDegrees, float64(c.Row+1)*mtr.CellDegrees)
		right, bottom := f.at(float64(c.Column+1)*mtr.CellDegrees, float64(c.Row)*mtr.CellDegrees)
		h.Squares = append(h.Squares, heatSquare{
			X: unit(left), Y: unit(top), Width: unit(right - left), Height: unit(bottom - top), Class: s.class(c.N),
			Title: indo.Int(c.N) + " laporan", Href: v.behind(mtr.MeasureCame, qCell, cellText(c.Cell)),
		})
		h.N += c.N
	}
	h.Keys = s.legend()
	h.Labels = v.dir.kecamatanLabels(f)
	return h, len(v.Heat) > 0
}

// kecamatanLabels name each kecamatan in the middle of its kelurahan.
func (d *directory) kecamatanLabels(f frame) (out []heatLabel) {
	type sum struct{ lat, lng, n float64 }
	sums := map[int64]*sum{}
	for _, a := range d.areas {
		if a.Lat == 0 {
			continue
		}
		if sums[a.KecamatanID] == nil {
			sums[a.KecamatanID] = &sum{}
		}
		s := sums[a.KecamatanID]
		s.lat, s.lng, s.n = s.lat+a.Lat, s.lng+a.Lng, s.n+1
	}
	for _, o := range d.kecamatan {
		for id, s := range sums {
			if idText(id) == o.Value {
				x, y := f.at(s.lng/s.n, s.lat/s.n)
				out = append(out, heatLabel{unit(x), unit(y), o.Label})
			}
		}
	}
	return out
}

// hottest are the squares with most reports, the table to the heat map.
func (v statisticsView) hottest() []mtr.HeatCell {
	out := slices.Clone(v.Heat)
	slices.SortStableFunc(out, func(a, b mtr.HeatCell) int { return b.N - a.N })
	return out[:min(len(out), 10)]
}

// nearest names the kelurahan whose middle is nearest to the square's.
func (v statisticsView) nearest(c mtr.Cell) string {
	lat, lng := (float64(c.Row)+0.5)*mtr.CellDegrees, (float64(c.Column)+0.5)*mtr.CellDegrees
	best, name := math.Inf(1), ""
	for _, a := range v.dir.areas {
		if d := math.Hypot(a.Lat-lat, a.Lng-lng); a.Lat != 0 && d < best {
			best, name = d, a.Label()
		}
	}
	return name
}

// cutInts reads "12,-45".
func cutInts(raw string) (a, b int, ok bool) {
	left, right, found := strings.Cut(raw, ",")
	a, errA := strconv.Atoi(left)
	b, errB := strconv.Atoi(right)
	return a, b, found && errA == nil && errB == nil && max(a, b, -a, -b) <= 1e6
}

func joinWords(parts []string) string { return strings.Join(parts, " · ") }
