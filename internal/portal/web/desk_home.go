package portalweb

import (
	"context"
	"net/http"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// DeskSource tells the home desk what waits in one module for a member of
// staff: one group of queues, or nothing for those who have no part in it.
// Counts are of what is to do; ui.DeskItem.Note adds a word, such as what is
// late.
type DeskSource func(ctx context.Context, a authz.Actor) ([]ui.DeskGroup, error)

// deskHome serves /meja, where every member of staff begins.
type deskHome struct {
	sources []DeskSource
	clock   clock.Clock
}

// DeskRoutes are the pages of the desk that span modules.
func DeskRoutes(c clock.Clock, sources ...DeskSource) []web.Route {
	h := &deskHome{sources: sources, clock: c}
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/meja", Access: web.StaffOnly, Handle: h.show},
		{Method: http.MethodGet, Pattern: guidePath, Access: web.StaffOnly, Handle: showGuide},
	}
}

func (h *deskHome) show(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	var groups []ui.DeskGroup
	for _, source := range h.sources {
		more, err := source(r.Context(), a)
		if err != nil {
			return err
		}
		groups = append(groups, more...)
	}
	return web.Render(w, r, http.StatusOK, deskHomePage(deskView{
		Desk: deskFrame(a, groups), Groups: groups, Waiting: waiting(groups),
		Greeting: greeting(indo.Clock(h.clock.Now())), Positions: a.Positions, Today: indo.LongDate(h.clock.Now()),
	}))
}

type deskView struct {
	Desk      *ui.Desk
	Groups    []ui.DeskGroup
	Waiting   int // queues with something to do
	Greeting  string
	Today     string
	Positions []authz.Position
}

// deskFrame is the frame of the home desk: a link to each module's first page.
func deskFrame(a authz.Actor, groups []ui.DeskGroup) *ui.Desk {
	d := &ui.Desk{Title: "Ruang kerja", Subtitle: a.MainPosition().UnitName}
	items := []ui.DeskItem{{Label: "Menunggu Anda", Href: "/meja", Current: true}}
	for i, g := range groups {
		items = append(items, ui.DeskItem{Label: g.Title, Href: "#" + deskGroupID(i)})
	}
	d.Groups = []ui.DeskGroup{{Items: append(items, ui.DeskItem{Label: "Panduan petugas", Href: guidePath})}}
	return d
}

func waiting(groups []ui.DeskGroup) int {
	n := 0
	for _, g := range groups {
		for _, it := range g.Items {
			if it.Count > 0 {
				n++
			}
		}
	}
	return n
}

// greeting by the hour of the city, "09.40".
func greeting(at string) string {
	switch {
	case at < "04.00":
		return "Selamat malam"
	case at < "10.30":
		return "Selamat pagi"
	case at < "15.00":
		return "Selamat siang"
	case at < "18.00":
		return "Selamat sore"
	}
	return "Selamat malam"
}
