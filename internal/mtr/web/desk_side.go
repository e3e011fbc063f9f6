package mtrweb

import (
	"context"
	"net/url"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
)

const deskPath = "/meja/mtr"

func queueHref(key mtr.QueueKey) string {
	return deskPath + "?" + url.Values{"antrean": {string(key)}}.Encode()
}

// queueGroups orders the side list by who works on what.
var queueGroups = []struct {
	title string
	keys  []mtr.QueueKey
}{
	{"Tugas saya", []mtr.QueueKey{mtr.QueueMine}},
	{"Verifikasi", []mtr.QueueKey{mtr.QueueVerify, mtr.QueueWaiting, mtr.QueueHeld, mtr.QueueReferred}},
	{"Unit", []mtr.QueueKey{mtr.QueueIncoming, mtr.QueueWork, mtr.QueueScheduled}},
	{"Pemeriksa hasil", []mtr.QueueKey{mtr.QueueValidate}},
	{"Pengawasan", []mtr.QueueKey{mtr.QueueNoResponse, mtr.QueueLate, mtr.QueueDisputes}},
	{"Laporan", []mtr.QueueKey{mtr.QueueAll}},
}

// side is the side list of the desk. current is the queue shown; "" = none.
func (k *desk) side(ctx context.Context, a authz.Actor, counts []mtr.QueueCount, current mtr.QueueKey) *ui.Desk {
	d := &ui.Desk{Title: "Laporan warga", Subtitle: a.Workplace()}
	d.Groups = deskGroups(counts, current)
	if len(d.Groups) > 0 && a.Has(mtr.PermWork) { // its queue leads the list
		d.Groups[0].Items = append(d.Groups[0].Items, ui.DeskItem{Label: "Rute tugas saya", Href: roundPath})
	}
	var more []ui.DeskItem
	if a.Has(mtr.PermOverview) {
		more = append(more, ui.DeskItem{Label: "Ringkasan harian", Href: deskPath + "/ringkasan"},
			ui.DeskItem{Label: "Statistik", Href: deskStatisticsPath}, ui.DeskItem{Label: "Pusat komando", Href: commandPath})
	}
	if configures(ctx, k.Deps, a) {
		more = append(more, ui.DeskItem{Label: "Kategori dan rute", Href: configPath}, ui.DeskItem{Label: "Kunci Open311", Href: keysPath},
			ui.DeskItem{Label: "Masa simpan", Href: retentionPath})
	}
	if a.Has(mtr.PermModerate) {
		more = append(more, ui.DeskItem{Label: "Daftar blokir", Href: blocksPath})
	}
	if a.Has(mtr.PermDispatch) {
		more = append(more, ui.DeskItem{Label: "SP4N-LAPOR!", Href: sp4nPath})
	}
	more = append(more, intakeItem(a)...)
	if a.HasAny(mtr.DeskPermissions...) || a.Has(mtr.PermConfigure) { // who writes them for the whole city
		more = append(more, ui.DeskItem{Label: "Contoh jawaban", Href: templatesPath})
	}
	more = append(more, ui.DeskItem{Label: "Semua ruang kerja", Href: "/meja"})
	d.Groups = append(d.Groups, ui.DeskGroup{Title: "Lainnya", Items: more})
	return d
}

// configures tells whether to offer the configuration. When that cannot be told it is not
// offered; the pages themselves ask again.
func configures(ctx context.Context, d Deps, a authz.Actor) bool {
	return a.Has(mtr.PermConfigure) && d.MTR.MayConfigure(ctx, a) == nil
}

func deskGroups(counts []mtr.QueueCount, current mtr.QueueKey) []ui.DeskGroup {
	var groups []ui.DeskGroup
	for _, g := range queueGroups {
		var items []ui.DeskItem
		for _, key := range g.keys {
			for _, c := range counts {
				if c.Key != key {
					continue
				}
				it := ui.DeskItem{Label: c.Label, Href: queueHref(key), Count: c.Count, Current: key == current}
				switch {
				case key == mtr.QueueAll:
					it.Count = 0 // how many there are in all is no work to do
				case c.Late > 0:
					it.Tone = "danger"
					if key != mtr.QueueLate {
						it.Note = indo.Int(c.Late) + " terlambat"
					}
				}
				items = append(items, it)
			}
		}
		if len(items) > 0 {
			groups = append(groups, ui.DeskGroup{Title: g.title, Items: items})
		}
	}
	return groups
}

// DeskItems tells the home desk what waits here for a member of staff. Nothing
// for those who have no part in this module.
func DeskItems(d Deps) func(ctx context.Context, a authz.Actor) ([]ui.DeskGroup, error) {
	return func(ctx context.Context, a authz.Actor) ([]ui.DeskGroup, error) {
		group := ui.DeskGroup{Title: "Laporan warga"}
		if a.HasAny(mtr.DeskPermissions...) {
			counts, err := d.MTR.Queues(ctx, a)
			if err != nil {
				return nil, err
			}
			for _, g := range deskGroups(counts, "") {
				group.Items = append(group.Items, g.Items...)
			}
		}
		if configures(ctx, d, a) {
			group.Items = append(group.Items, ui.DeskItem{Label: "Kategori dan rute", Href: configPath})
		}
		if len(group.Items) == 0 {
			return nil, nil
		}
		return []ui.DeskGroup{group}, nil
	}
}
