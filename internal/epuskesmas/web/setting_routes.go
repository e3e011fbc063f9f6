package epuskesmasweb

import (
	"net/http"
	"strconv"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	settingPath = "/meja/puskesmas/atur"
	codePath    = "/meja/puskesmas/kode"
)

// SettingRoutes are the pages on which a puskesmas is set up, and the desk's codes.
func SettingRoutes(d Deps) []web.Route {
	k := &setting{d}
	manage, audit, loket := web.Needs(epuskesmas.PermManage), web.Needs(epuskesmas.PermManage, epuskesmas.PermReports), web.Needs(epuskesmas.PermDesk)
	const site, meeting = settingPath + "/{puskesmas}", settingPath + "/{puskesmas}/sesi/{sesi}"
	return []web.Route{
		get(settingPath, audit, k.sites),
		get(site, manage, k.show),
		post(site, manage, k.saveSite),
		post(site+"/poli", manage, k.savePoli),
		post(site+"/ruang", manage, k.saveCounter),
		post(site+"/dokter", manage, k.saveDoctor),
		post(site+"/jadwal", manage, k.savePlan),
		post(site+"/tutup", manage, k.saveClosure),
		post(site+"/tutup/{tutup}/hapus", manage, k.removeClosure),
		get(site+"/bpjs", manage, k.showBPJS),
		post(site+"/bpjs", manage, k.saveBPJS),
		post(site+"/bpjs/sandi", manage, k.newBPJSPassword),
		get(site+"/bpjs/kiriman", manage, k.outbox),
		post(site+"/bpjs/kiriman", manage, k.savePlaces),
		post(site+"/bpjs/kiriman/{id}/lagi", manage, k.sendAgain),
		get(site+"/bpjs/kunjungan/{id}", manage, k.encounter),
		get(site+"/kuota", audit, k.quotas),
		get(site+"/sesi", manage, k.sessions),
		post(site+"/sesi", manage, k.prepare),
		get(meeting, manage, k.session),
		post(meeting+"/kuota", manage, k.setQuota),
		post(meeting+"/absen", manage, k.absent),
		post(meeting+"/pindah", manage, k.moveAll),
		post(meeting+"/batal", manage, k.cancelAll),
		get(codePath, loket, k.code),
		post(codePath, loket, k.makeCode),
	}
}

// setting answers those routes.
type setting struct{ Deps }

func settingHref(s epuskesmas.Site) string { return settingPath + "/" + s.Slug }

// settingSide is the side list of the settings; without a site the list of them.
func settingSide(a authz.Actor, s epuskesmas.Site, current string) *ui.Desk {
	d := &ui.Desk{Title: "Puskesmas", Subtitle: s.Name}
	if s.UnitID != 0 {
		g := ui.DeskGroup{Title: "Pengaturan"}
		base := settingHref(s)
		if a.Has(epuskesmas.PermManage) {
			g.Items = append(g.Items, ui.DeskItem{Label: "Poli, dokter, jadwal", Href: base}, ui.DeskItem{Label: "Sesi mendatang", Href: base + "/sesi"},
				ui.DeskItem{Label: "BPJS dan SATUSEHAT", Href: base + "/bpjs"})
		}
		g.Items = append(g.Items, ui.DeskItem{Label: "Perubahan kuota", Href: base + "/kuota"})
		for i := range g.Items {
			g.Items[i].Current = g.Items[i].Href == base+current
		}
		d.Groups = append(d.Groups, g)
	}
	var more []ui.DeskItem
	if s.UnitID != 0 && a.HasAny(queueWork...) {
		more = append(more, ui.DeskItem{Label: "Antrean hari ini", Href: inSite(deskPath, s.Slug)})
	}
	if a.HasAny(epuskesmas.PermManage, epuskesmas.PermReports) {
		more = append(more, ui.DeskItem{Label: "Semua puskesmas", Href: settingPath, Current: s.UnitID == 0 && current == ""})
	}
	if a.Has(epuskesmas.PermDesk) {
		more = append(more, ui.DeskItem{Label: "Kode untuk pasien", Href: codePath})
	}
	more = append(more, ui.DeskItem{Label: "Semua ruang kerja", Href: "/meja"})
	d.Groups = append(d.Groups, ui.DeskGroup{Title: "Lainnya", Items: more})
	return d
}

func (k *setting) sites(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	list, err := k.Queue.StaffSites(r.Context(), a, epuskesmas.PermManage, epuskesmas.PermReports)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, settingSitesPage(settingSide(a, epuskesmas.Site{}, ""), list, a.Has(epuskesmas.PermManage)))
}

func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}
