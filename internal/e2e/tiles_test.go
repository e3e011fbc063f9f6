package e2e_test

import (
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/platform/config"
)

// mapMaker is a tile server that keeps who asked it.
type mapMaker struct {
	*httptest.Server
	mu     sync.Mutex
	agents map[string]int
}

func newMapMaker(t *testing.T) *mapMaker {
	m := &mapMaker{agents: map[string]int{}}
	tile := image.NewRGBA(image.Rect(0, 0, 256, 256))
	for i := range 256 * 256 {
		x, y := i%256, i/256
		if tile.Set(x, y, color.RGBA{214, 232, 214, 255}); x < 2 || y < 2 || x == y {
			tile.Set(x, y, color.RGBA{60, 110, 160, 255})
		}
	}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		m.agents[r.UserAgent()]++
		m.mu.Unlock()
		w.Header().Set("Content-Type", "image/png")
		_ = png.Encode(w, tile)
	}))
	t.Cleanup(m.Close)
	return m
}

// asked is how often the portal asked, and how often anybody else did.
func (m *mapMaker) asked() (portal, others int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for agent, n := range m.agents {
		if strings.HasPrefix(agent, "MakassarTidakRantasa/") {
			portal += n
		} else {
			others += n
		}
	}
	return portal, others
}

const (
	tilesShown = `[...document.querySelectorAll("img.leaflet-tile-loaded")].filter(i => i.naturalWidth === 256).length`
	askedElse  = `performance.getEntriesByType("resource").map(e => e.name).filter(n => /^https?:/.test(n) && new URL(n).origin !== location.origin)`
)

// Tiles that the portal fetches appear on the map, and a browser asks nobody but the portal. The
// same map without it shows that a browser that asks somebody else is noticed.
func TestMapsAskNobodyButThePortal(t *testing.T) {
	for _, look := range looks {
		t.Run(look.name, func(t *testing.T) {
			t.Parallel()
			maker := newMapMaker(t)
			s := apptest.New(t, apptest.WithConfig(func(c *config.Config) { c.TileProxyURL = maker.URL + "/{z}/{x}/{y}.png" }))
			tab := e2e.Open(t, s.URL, look.options...).Go("/mtr/peta").Wait("img.leaflet-tile-loaded")
			if n := e2e.Eval[int](tab, tilesShown); n == 0 {
				t.Error("no tile is drawn")
			}
			if elsewhere := e2e.Eval[[]string](tab, askedElse); len(elsewhere) > 0 {
				t.Errorf("the browser asks for %v", elsewhere)
			}
			if portal, others := maker.asked(); portal == 0 || others != 0 {
				t.Errorf("the portal asked %d times for tiles, others %d times", portal, others)
			}
			snap(tab, "peta-ubin", look.name)
		})
	}
	t.Run("without", func(t *testing.T) {
		t.Parallel()
		maker := newMapMaker(t)
		s := apptest.New(t, apptest.WithConfig(func(c *config.Config) { c.TileURL = maker.URL + "/{z}/{x}/{y}.png" }))
		tab := e2e.Open(t, s.URL, e2e.Desktop).Go("/mtr/peta").Wait("img.leaflet-tile-loaded")
		if elsewhere := e2e.Eval[[]string](tab, askedElse); len(elsewhere) == 0 {
			t.Error("that the browser asks elsewhere is not noticed")
		}
		if portal, others := maker.asked(); portal != 0 || others == 0 {
			t.Errorf("the portal asked %d times for tiles, others %d times", portal, others)
		}
	})
}
