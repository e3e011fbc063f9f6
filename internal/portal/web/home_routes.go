package portalweb

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
)

// HomeDeps is what the front page and tracking stand on.
type HomeDeps struct {
	Front portal.Front
	// Trackers by the prefix of their numbers, such as MTR.
	Trackers map[string]portal.Tracker
	Tiles    []portal.Tile
	Worker   []byte // the service worker's code
	Clock    clock.Clock
	TileURL  string // where pages get the tiles of maps
}

// HomeRoutes returns the front page, tracking and the static pages.
func HomeRoutes(d HomeDeps) []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/", Access: web.Public, Handle: d.home, Reads: true},
		{Method: http.MethodGet, Pattern: "/lacak", Access: web.Public, Handle: d.track, Same: true},
		{Method: http.MethodPost, Pattern: "/lacak", Access: web.Public, Handle: d.trackByCode},
		{Method: http.MethodGet, Pattern: OfflinePath, Access: web.Public, Handle: info(offline), Same: true},
		{Method: http.MethodGet, Pattern: "/sw.js", Access: web.Public, Handle: worker(d.Worker), Machine: true, Same: true},
		{Method: http.MethodGet, Pattern: "/tentang", Access: web.Public, Handle: info(about), Same: true},
		{Method: http.MethodGet, Pattern: "/bantuan", Access: web.Public, Handle: info(help), Same: true},
		{Method: http.MethodGet, Pattern: "/bantuan/laporan", Access: web.Public, Handle: info(reportStandard), Same: true},
		{Method: http.MethodGet, Pattern: "/bantuan/surat", Access: web.Public, Handle: info(letterStandard), Same: true},
		{Method: http.MethodGet, Pattern: "/bantuan/puskesmas", Access: web.Public, Handle: info(queueStandard), Same: true},
		{Method: http.MethodGet, Pattern: "/tentang-data", Access: web.Public, Handle: info(aboutData), Same: true},
		{Method: http.MethodGet, Pattern: "/privasi", Access: web.Public, Handle: info(func() templ.Component { return privacy(tileHost(d.TileURL)) }), Same: true},
		{Method: http.MethodGet, Pattern: "/aksesibilitas", Access: web.Public, Handle: info(accessibility), Same: true},
	}
}

// homeView is what the front page shows.
type homeView struct {
	Tiles   []portal.Tile
	Figures []portal.Figure
	Newest  []ui.MediaRow
}

const newestShown = 5

func (d HomeDeps) home(w http.ResponseWriter, r *http.Request) error {
	v, err := d.homeView(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, home(v))
}

func (d HomeDeps) homeView(ctx context.Context) (homeView, error) {
	f, err := d.Front.Figures(ctx)
	if err != nil {
		return homeView{}, err
	}
	newest, err := d.Front.Newest(ctx, newestShown)
	if err != nil {
		return homeView{}, err
	}
	v := homeView{Tiles: d.Tiles, Figures: f.Words()}
	now := d.Clock.Now()
	for _, n := range newest {
		row := ui.MediaRow{Href: n.Href, Title: n.Title, Photo: n.Photo, Icon: n.Icon, When: ui.TimeAgo(n.At, now), Tag: ui.Tag(n.Tone, n.Status)}
		for _, fact := range []string{n.Place, n.Unit} {
			if fact != "" {
				row.Facts = append(row.Facts, fact)
			}
		}
		v.Newest = append(v.Newest, row)
	}
	return v, nil
}
