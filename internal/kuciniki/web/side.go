package kucinikiweb

import (
	"context"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/ui"
)

// side is the side list of the desk. current is the address of the page shown.
func (k *desk) side(ctx context.Context, a authz.Actor, current string) (*ui.Desk, error) {
	waits, err := k.Kuciniki.Waits(ctx, a)
	return sideOf(a, current, len(waits)), err
}

func sideOf(a authz.Actor, current string, waits int) *ui.Desk {
	d := &ui.Desk{Title: "Kuciniki", Subtitle: a.Workplace(), Groups: groups(a, waits)}
	return d.End(current)
}

func groups(a authz.Actor, waits int) []ui.DeskGroup {
	out := []ui.DeskGroup{
		{Title: "Kinerja", Items: []ui.DeskItem{
			{Label: "Saya", Href: deskPath, Count: waits},
			{Label: "Bukti kerja saya", Href: evidencePath},
			{Label: "Tim saya", Href: teamPath},
			{Label: "Pekerjaan tim", Href: teamWorkPath},
			{Label: "Umpan balik", Href: notePath},
			{Label: "Log kerja", Href: logPath},
		}},
	}
	if seesFigures(a) {
		out[0].Items = append(out[0].Items, ui.DeskItem{Label: "Angka unit", Href: figurePath})
	}
	if a.HasAny(kuciniki.PermPersonnel, kuciniki.PermInspect) {
		g := ui.DeskGroup{Title: "Kepegawaian", Items: []ui.DeskItem{{Label: "Kelengkapan", Href: gapPath}, {Label: "Predikat unit", Href: unitPath}, {Label: "Pola", Href: patternPath}, {Label: "Sampel bulanan", Href: samplePath}, {Label: "Selisih nilai dan bukti", Href: biasPath}, {Label: "Gangguan portal", Href: outagePath}}}
		if a.Has(kuciniki.PermPersonnel) {
			g.Items = append(g.Items, ui.DeskItem{Label: "Kehadiran", Href: attendancePath}, ui.DeskItem{Label: "Berkas TPP", Href: payPath}, ui.DeskItem{Label: "Periode", Href: periodPath}, ui.DeskItem{Label: "Batas log kerja", Href: logCapPath})
		}
		out = append(out, g)
	}
	return out
}

// DeskItems tells the home desk what waits here for a member of staff with a position.
func DeskItems(d Deps) func(ctx context.Context, a authz.Actor) ([]ui.DeskGroup, error) {
	return func(ctx context.Context, a authz.Actor) ([]ui.DeskGroup, error) {
		if len(a.Positions) == 0 {
			return nil, nil
		}
		waits, err := d.Kuciniki.Waits(ctx, a)
		if err != nil {
			return nil, err
		}
		group := ui.DeskGroup{Title: "Kuciniki"}
		for _, g := range groups(a, len(waits)) {
			group.Items = append(group.Items, g.Items...)
		}
		return []ui.DeskGroup{group}, nil
	}
}
