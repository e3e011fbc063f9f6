package epuskesmasweb

import (
	"context"
	"net/http"
	"net/url"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const deskPath = "/meja/puskesmas"

// desk serves the pages of those who work with the queue.
type desk struct{ Deps }

// queueWork is who sees the queues of a puskesmas.
var queueWork = []authz.Permission{epuskesmas.PermDesk, epuskesmas.PermCall, epuskesmas.PermTriage, epuskesmas.PermManage}

// QueueRoutes are the pages of the rooms of a puskesmas, its board and its kiosk.
func QueueRoutes(d Deps) []web.Route {
	k := &desk{d}
	staff, manage := web.Needs(queueWork...), web.Needs(epuskesmas.PermManage)
	const room = deskPath + "/ruang/{ruang}"
	return append(screenRoutes(d),
		get(deskPath, staff, k.overview),
		web.Route{Method: http.MethodGet, Pattern: deskPath + "/perubahan/{unit}", Access: staff, Handle: k.changes, Stream: true},
		get(room, staff, k.room),
		post(room+"/panggil", staff, k.next),
		post(room+"/langkah", staff, k.act),
		post(room+"/lanjut", staff, k.forward),
		post(room+"/dokter", staff, k.duty),
		post(room+"/sesi", staff, k.session),
		post(room+"/cari", web.Needs(epuskesmas.PermDesk), k.search),
		post(room+"/daftar", web.Needs(epuskesmas.PermDesk), k.register),
		get(deskPath+"/tiket/{tiket}", staff, k.slip),
		get(deskPath+"/pengkajian", web.Needs(epuskesmas.PermTriage, epuskesmas.PermCall), k.triage),
		post(deskPath+"/pengkajian", web.Needs(epuskesmas.PermTriage, epuskesmas.PermCall), k.classify),
		get(deskPath+"/alamat-layar", manage, k.screens),
		post(deskPath+"/alamat-layar", manage, k.renewScreen),
	)
}

func roomPath(id int64) string { return deskPath + "/ruang/" + itoa(id) }

func livePath(unit int64) string { return deskPath + "/perubahan/" + itoa(unit) }

// inSite adds which puskesmas a page is about.
func inSite(path, slug string) string { return path + "?" + url.Values{"di": {slug}}.Encode() }

// changes tells the open pages of a puskesmas that something moved there.
func (k *desk) changes(w http.ResponseWriter, r *http.Request) error {
	unit, err := web.PathInt(r, "unit")
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	if _, err := k.Queue.Counters(r.Context(), a, unit); err != nil {
		return err
	}
	changed, cancel := k.Hub.Subscribe(epuskesmas.LiveSite(unit))
	defer cancel()
	first := true
	return web.Events(w, r, changed, func(context.Context) (string, error) {
		if first { // the page is as new as its stream
			first = false
			return "", nil
		}
		return "lihat", nil
	})
}

// houseView is a puskesmas with what waits in it.
type houseView struct {
	Site     epuskesmas.Site
	Polis    []epuskesmas.Poli
	Counters []epuskesmas.Counter
	Loads    map[int64]epuskesmas.Load
}

func (v houseView) countersOf(poli int64) (out []epuskesmas.Counter) {
	for _, c := range v.Counters {
		if c.PoliID == poli {
			out = append(out, c)
		}
	}
	return out
}

// choose is the puskesmas that a page is about: the one asked for, else the only one in
// which the actor holds one of ps. Where there are several it is "", and all lists them.
func (k *desk) choose(r *http.Request, asked string, ps ...authz.Permission) (slug string, all []epuskesmas.Site, err error) {
	if asked != "" {
		return asked, nil, nil
	}
	if all, err = k.Queue.StaffSites(r.Context(), web.ActorOf(r.Context()), ps...); err != nil || len(all) != 1 {
		return "", all, err
	}
	return all[0].Slug, nil, nil
}

// house is the puskesmas that the address asks for, see [desk.choose].
func (k *desk) house(r *http.Request, ps ...authz.Permission) (v houseView, all []epuskesmas.Site, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	slug, all, err := k.choose(r, r.URL.Query().Get("di"), ps...)
	if err != nil || slug == "" {
		return v, all, err
	}
	site, polis, err := k.Queue.StaffSite(ctx, a, slug, ps...)
	if err != nil {
		return v, nil, err
	}
	v, err = k.load(ctx, a, site, polis)
	return v, nil, err
}

func (k *desk) load(ctx context.Context, a authz.Actor, site epuskesmas.Site, polis []epuskesmas.Poli) (v houseView, err error) {
	v.Site = site
	for _, p := range polis {
		if p.Active {
			v.Polis = append(v.Polis, p)
		}
	}
	if v.Counters, err = k.Queue.Counters(ctx, a, site.UnitID); err != nil {
		return v, err
	}
	v.Loads, err = k.Queue.Loads(ctx, a, site.UnitID)
	return v, err
}

func (k *desk) overview(w http.ResponseWriter, r *http.Request) error {
	v, all, err := k.house(r, queueWork...)
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	if v.Site.UnitID == 0 {
		return web.Render(w, r, http.StatusOK, deskSites(side(a, v, 0), all))
	}
	return web.Render(w, r, http.StatusOK, overviewPage(side(a, v, 0), v, a.HasAny(epuskesmas.PermManage)))
}

// side is the side list of a puskesmas: its counters with who waits, then what else
// there is to do. current is the counter shown.
func side(a authz.Actor, v houseView, current int64) *ui.Desk {
	d := &ui.Desk{Title: "Puskesmas", Subtitle: workplace(a)}
	if v.Site.UnitID != 0 {
		d.Subtitle = v.Site.Name
		for _, p := range v.Polis {
			g := ui.DeskGroup{Title: p.Name}
			for i, c := range v.countersOf(p.ID) {
				it := ui.DeskItem{Label: c.Name, Href: roomPath(c.ID), Current: c.ID == current}
				if i == 0 {
					it.Count = v.Loads[p.ID].Waiting
				}
				g.Items = append(g.Items, it)
			}
			if len(g.Items) > 0 {
				d.Groups = append(d.Groups, g)
			}
		}
	}
	var more []ui.DeskItem
	if v.Site.UnitID != 0 {
		more = append(more, ui.DeskItem{Label: "Ringkasan hari ini", Href: inSite(deskPath, v.Site.Slug)})
		if a.HasAny(epuskesmas.PermTriage, epuskesmas.PermCall) {
			more = append(more, ui.DeskItem{Label: "Pengkajian awal", Href: inSite(deskPath+"/pengkajian", v.Site.Slug)})
		}
		if a.HasAny(patientWork...) {
			more = append(more, ui.DeskItem{Label: "Daftar pasien", Href: inSite(patientPath, v.Site.Slug)})
		}
		if a.Has(epuskesmas.PermManage) {
			more = append(more, ui.DeskItem{Label: "Jadwal dan kuota", Href: settingHref(v.Site)}, ui.DeskItem{Label: "Laporan", Href: inSite(reportPath, v.Site.Slug)})
			more = append(more, ui.DeskItem{Label: "Layar dan kios", Href: inSite(deskPath+"/alamat-layar", v.Site.Slug)})
		}
	}
	if a.Has(epuskesmas.PermDesk) {
		more = append(more, ui.DeskItem{Label: "Kode untuk pasien", Href: codePath})
	}
	if a.HasAny(paperWork...) {
		more = append(more, ui.DeskItem{Label: "Daftar kertas", Href: paperPath})
	}
	more = append(more, ui.DeskItem{Label: "Semua ruang kerja", Href: "/meja"})
	d.Groups = append(d.Groups, ui.DeskGroup{Title: "Lainnya", Items: more})
	return d
}

// workplace is the line under the desk's name.
func workplace(a authz.Actor) string {
	if p := a.MainPosition(); p.Title != "" {
		return p.Title
	}
	return a.Name
}

// DeskItems tells the home desk what there is to do for a member of staff in the
// puskesmas, and how many wait where there is one only.
func DeskItems(d Deps) func(ctx context.Context, a authz.Actor) ([]ui.DeskGroup, error) {
	return func(ctx context.Context, a authz.Actor) ([]ui.DeskGroup, error) {
		g := ui.DeskGroup{Title: "Puskesmas"}
		if a.HasAny(queueWork...) {
			item, err := d.queueItem(ctx, a)
			if err != nil {
				return nil, err
			}
			g.Items = append(g.Items, item...)
		}
		if a.HasAny(epuskesmas.PermManage, epuskesmas.PermReports) {
			g.Items = append(g.Items, ui.DeskItem{Label: "Jadwal dan kuota puskesmas", Href: settingPath}, ui.DeskItem{Label: "Laporan puskesmas", Href: reportPath},
				ui.DeskItem{Label: "Ketepatan perkiraan", Href: accuracyPath})
		}
		if a.HasAny(patientWork...) {
			g.Items = append(g.Items, ui.DeskItem{Label: "Pasien puskesmas", Href: patientPath})
		}
		if a.Has(epuskesmas.PermDesk) {
			g.Items = append(g.Items, ui.DeskItem{Label: "Kode untuk pasien", Href: codePath})
		}
		if len(g.Items) == 0 {
			return nil, nil
		}
		return []ui.DeskGroup{g}, nil
	}
}

func (d Deps) queueItem(ctx context.Context, a authz.Actor) ([]ui.DeskItem, error) {
	sites, err := d.Queue.StaffSites(ctx, a, queueWork...)
	if err != nil || len(sites) == 0 {
		return nil, err
	}
	item := ui.DeskItem{Label: "Antrean puskesmas", Href: deskPath}
	if len(sites) == 1 {
		item.Label = "Antrean " + sites[0].Name
		loads, err := d.Queue.Loads(ctx, a, sites[0].UnitID)
		if err != nil {
			return nil, err
		}
		for _, l := range loads {
			item.Count += l.Waiting
		}
	}
	return []ui.DeskItem{item}, nil
}
