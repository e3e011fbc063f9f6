package mtrweb

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// mapView is the map page with the same in words, by kelurahan.
type mapView struct {
	listView
	Tiles string
	Areas []areaGroup
}

// areaGroup is a kecamatan with its kelurahan.
type areaGroup struct {
	Name  string
	Items []areaCount
}

type areaCount struct {
	Name, Href  string
	Total, Open int
}

func (h *pages) mapPage(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	v := mapView{Tiles: h.TileURL}
	if v.listView, err = h.readFilter(r.Context(), q); err != nil {
		return err
	}
	v.Filter.Text = "" // the map has no text search
	counts, err := h.counts.of(r.Context(), v.Filter, v.Now, h.MTR.CountByArea)
	if err != nil {
		return err
	}
	byID := map[int64]mtr.AreaCount{}
	for _, c := range counts {
		byID[c.KelurahanID] = c
	}
	for _, a := range v.dir.areas { // by kecamatan and name
		c, ok := byID[a.ID]
		if !ok {
			continue
		}
		if n := len(v.Areas); n == 0 || v.Areas[n-1].Name != a.KecamatanName {
			v.Areas = append(v.Areas, areaGroup{Name: a.KecamatanName})
		}
		g := &v.Areas[len(v.Areas)-1]
		g.Items = append(g.Items, areaCount{
			Name: a.Name, Total: c.Total, Open: c.Open,
			Href: v.asked("/mtr", qKelurahan, idText(a.ID), qKecamatan, idText(a.KecamatanID)),
		})
	}
	return web.Render(w, r, http.StatusOK, mapPage(v))
}

// feature is a dot of the map, as GeoJSON.
type feature struct {
	Type       string     `json:"type"`
	Geometry   geometry   `json:"geometry"`
	Properties properties `json:"properties"`
}

type geometry struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates"`
}

type properties struct {
	Title string `json:"title,omitempty"`
	Href  string `json:"href,omitempty"`
	Tone  string `json:"tone,omitempty"`
	Meta  string `json:"meta,omitempty"`
	Count int    `json:"count,omitempty"`
}

// mapData answers ?bbox=west,south,east,north&zoom=n with what that piece of
// the map shows, clustered here so that a phone never gets thousands of dots.
func (h *pages) mapData(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	box, zoom, err := readBox(q)
	if err != nil {
		return err
	}
	v, err := h.readFilter(r.Context(), q)
	if err != nil {
		return err
	}
	v.Filter.Text = "" // as on the page
	data, err := h.MTR.Map(r.Context(), v.Filter, box, zoom)
	if err != nil {
		return err
	}
	features := make([]feature, len(data.Clusters))
	for i, c := range data.Clusters {
		features[i] = feature{Type: "Feature", Geometry: geometry{"Point", [2]float64{c.Lng, c.Lat}}, Properties: dot(c)}
	}
	body, err := json.Marshal(struct {
		Type      string    `json:"type"`
		Features  []feature `json:"features"`
		Total     int       `json:"total"`
		Truncated bool      `json:"truncated,omitempty"`
	}{"FeatureCollection", features, data.Total, data.Truncated})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/geo+json")
	w.Header().Set("Cache-Control", "public, max-age=60")
	_, _ = w.Write(body) // the reader may be gone
	return nil
}

func dot(c mtr.Cluster) properties {
	if c.Count > 1 {
		return properties{Count: c.Count, Title: indo.Int(c.Count) + " laporan, " + indo.Int(c.Open) + " belum selesai"}
	}
	p := properties{Title: c.Title, Href: join("/mtr/laporan", c.Number), Tone: dotTone(c.Status), Meta: c.Status.Label()}
	if p.Title == "" {
		p.Title = c.CategoryName
	} else {
		p.Meta = c.CategoryName + " · " + p.Meta
	}
	return p
}

// dotTone is one of the colours that the map has.
func dotTone(s mtr.Status) string {
	if t := Tone(s); t != "info" {
		return t
	}
	return "accent"
}

func readBox(q *form.Form) (b mtr.BBox, zoom int, err error) {
	wrong := errs.New(errs.BadRequest, "Bagian peta ini tidak dapat dibaca.")
	parts := strings.Split(q.Value("bbox"), ",")
	if len(parts) != 4 {
		return b, 0, wrong
	}
	for i, to := range []*float64{&b.West, &b.South, &b.East, &b.North} {
		f, err := strconv.ParseFloat(parts[i], 64)
		if err != nil || math.IsNaN(f) || math.Abs(f) > 720 {
			return b, 0, wrong
		}
		*to = f
	}
	b.South, b.North = max(b.South, -90), min(b.North, 90)
	b.West, b.East = max(b.West, -180), min(b.East, 180)
	zoom, err = strconv.Atoi(q.Value("zoom"))
	if err != nil || zoom < 0 || zoom > 22 || b.South > b.North || b.West > b.East {
		return b, 0, wrong
	}
	return b, min(zoom, 19), nil
}

func (v mapView) points() ui.MapView {
	return ui.MapView{
		Data: v.asked("/mtr/peta.json"), Tiles: v.Tiles, Center: centerLat + "," + centerLng, Zoom: 12, Big: true,
		Label: "Peta laporan warga. Daftar yang sama ada di bawah peta.",
	}
}

// areaCounts remembers the counts of the unfiltered map for a minute: with a
// million reports they take longer than the rest of the page.
type areaCounts struct {
	mu     sync.Mutex
	loaded time.Time
	all    []mtr.AreaCount
}

func (c *areaCounts) of(ctx context.Context, f mtr.Filter, now time.Time, count func(context.Context, mtr.Filter) ([]mtr.AreaCount, error)) ([]mtr.AreaCount, error) {
	if f != (mtr.Filter{}) {
		return count(ctx, f)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all != nil && now.Sub(c.loaded) < choicesLife && !now.Before(c.loaded) {
		return c.all, nil
	}
	all, err := count(ctx, f)
	if err != nil {
		return nil, err
	}
	c.all, c.loaded = all, now
	return all, nil
}
