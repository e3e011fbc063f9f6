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
	figures := ui.DeskGroup{Title: "Data kelurahan", Items: []ui.DeskItem{
		{Label: "Statistik", Href: figurePath}, {Label: "Laporan bulanan", Href: monthPath},
		{Label: "Buku induk", Href: bookPath}, {Label: "Buku mutasi", Href: changePath},
	}}
	if a.Has(epemerintahan.PermImport) {
		figures.Items = append(figures.Items, ui.DeskItem{Label: "Impor", Href: importPath})
	}
	if a.Has(epemerintahan.PermExport) {
		figures.Items = append(figures.Items, ui.DeskItem{Label: "Ekspor", Href: exportPath})
	}
	return []ui.DeskGroup{g, figures}
}

// frame is the frame of every page of the register.
func frame(r *http.Request) *ui.Desk {
	a := web.ActorOf(r.Context())
	d := &ui.Desk{Title: "Penduduk", Subtitle: a.Workplace(), Groups: groups(a)}
	var current *ui.DeskItem // the most exact address above the page
	for i := range d.Groups {
		for j := range d.Groups[i].Items {
			it := &d.Groups[i].Items[j]
			if (r.URL.Path == it.Href || strings.HasPrefix(r.URL.Path, it.Href+"/")) && (current == nil || len(it.Href) > len(current.Href)) {
				current = it
			}
		}
	}
	if current != nil {
		current.Current = true
	}
	d.Groups = append(d.Groups, ui.DeskGroup{Title: "Lainnya", Items: []ui.DeskItem{{Label: "Semua ruang kerja", Href: "/meja"}}})
	return d
}
