package epemerintahanweb

import (
	"context"
	"net/http"
	"strings"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// DeskItems tells the home desk which parts of the register are open to a member of
// staff.
func DeskItems(Deps) func(ctx context.Context, a authz.Actor) ([]ui.DeskGroup, error) {
	return func(_ context.Context, a authz.Actor) ([]ui.DeskGroup, error) { return groups(a), nil }
}

func groups(a authz.Actor) []ui.DeskGroup {
	if !a.Has(epemerintahan.PermView) {
		return nil
	}
	g := ui.DeskGroup{Title: "Penduduk", Items: []ui.DeskItem{{Label: "Cari penduduk", Href: deskPath}}}
	if a.Has(epemerintahan.PermEdit) {
		g.Items = append(g.Items, ui.DeskItem{Label: "Catat penduduk", Href: deskPath + "/baru"})
	}
	return []ui.DeskGroup{g}
}

// frame is the frame of every page of the register.
func frame(r *http.Request) *ui.Desk {
	a := web.ActorOf(r.Context())
	d := &ui.Desk{Title: "Penduduk", Subtitle: workplace(a), Groups: groups(a)}
	for i := range d.Groups {
		for j := range d.Groups[i].Items {
			it := &d.Groups[i].Items[j]
			it.Current = it.Href == r.URL.Path || it.Href == deskPath && strings.HasPrefix(r.URL.Path, deskPath+"/") && r.URL.Path != deskPath+"/baru"
		}
	}
	d.Groups = append(d.Groups, ui.DeskGroup{Title: "Lainnya", Items: []ui.DeskItem{{Label: "Semua ruang kerja", Href: "/meja"}}})
	return d
}

// workplace is the line under the desk's name: position and unit.
func workplace(a authz.Actor) string {
	p := a.MainPosition()
	switch {
	case p.Title == "":
		return a.Name
	case p.UnitName == "", strings.Contains(p.Title, p.UnitName):
		return p.Title
	}
	return p.Title + ", " + p.UnitName
}
