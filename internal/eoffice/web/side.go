package eofficeweb

import (
	"context"
	"net/url"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/ui"
)

// paramQueue names the queue that is shown.
const paramQueue = "antrean"

func queueHref(q eoffice.Queue) string {
	return deskPath + "?" + url.Values{paramQueue: {string(q)}}.Encode()
}

// side is the side list of the desk. current is the address of the page shown.
func (k *desk) side(ctx context.Context, a authz.Actor, current string) (*ui.Desk, error) {
	counts, err := k.Office.Counts(ctx, a)
	if err != nil {
		return nil, err
	}
	d := &ui.Desk{Title: "e-Office", Subtitle: a.Workplace(), Groups: groups(a, counts)}
	archive, err := archiveGroup(ctx, k.Office, a)
	if err != nil {
		return nil, err
	}
	if len(archive.Items) > 0 {
		d.Groups = append(d.Groups, archive)
	}
	helped, err := k.Office.Deputed(ctx, a)
	if err != nil {
		return nil, err
	}
	if len(helped) > 0 {
		g := ui.DeskGroup{Title: "Meja yang Anda bantu"}
		for _, s := range helped {
			g.Items = append(g.Items, ui.DeskItem{Label: s.Title, Href: helpHref(s.PositionID)})
		}
		d.Groups = append(d.Groups, g)
	}
	if a.HasAny(eoffice.PermConfigure, eoffice.PermRegister) {
		g := ui.DeskGroup{Title: "Pengaturan"}
		groups := ui.DeskItem{Label: "Kelompok tujuan", Href: groupPath}
		if a.Has(eoffice.PermConfigure) {
			g.Items = append(g.Items, ui.DeskItem{Label: "Kantor dan instruksi", Href: setPath}, groups)
			city, err := k.Office.SetsCity(ctx, a)
			if err != nil {
				return nil, err
			}
			if city {
				g.Items = append(g.Items, ui.DeskItem{Label: "Klasifikasi arsip", Href: classPath}, ui.DeskItem{Label: "Unit kearsipan", Href: keeperPath},
					ui.DeskItem{Label: "Waktu menurut urgensi", Href: pacePath}, ui.DeskItem{Label: "Kerahasiaan", Href: secrecyPath})
			}
		} else {
			g.Items = append(g.Items, groups)
		}
		d.Groups = append(d.Groups, g)
	}
	return d.End(current), nil
}

// archiveGroup leads to the archive: its keepers, its panels, and the heads whose word it needs.
func archiveGroup(ctx context.Context, m *eoffice.Module, a authz.Actor) (g ui.DeskGroup, err error) {
	g.Title = "Arsip"
	n, err := m.ArchiveCounts(ctx, a)
	if a.HasAny(eoffice.PermArchive, eoffice.PermRegister) {
		g.Items = append(g.Items, ui.DeskItem{Label: "Belum diberkaskan", Href: archivePath}, ui.DeskItem{Label: "Berkas", Href: folderPath})
	}
	if a.Has(eoffice.PermArchive) {
		g.Items = append(g.Items, ui.DeskItem{Label: "Usul penyusutan", Href: proposalPath, Count: n.Proposed}, ui.DeskItem{Label: "Jatuh tempo", Href: duePath})
	}
	if n.Panel > 0 {
		g.Items = append(g.Items, ui.DeskItem{Label: "Penilaian arsip", Href: panelPath, Count: n.Panel})
	}
	if n.Head > 0 {
		g.Items = append(g.Items, ui.DeskItem{Label: "Persetujuan pemberkasan", Href: waitPath, Count: n.Head})
	}
	return g, err
}

func groups(a authz.Actor, counts map[eoffice.Queue]eoffice.Count) []ui.DeskGroup {
	mine := ui.DeskGroup{Title: "Meja saya"}
	clerk := ui.DeskGroup{Title: "Tata usaha"}
	for _, q := range eoffice.Queues {
		n := counts[q]
		it := ui.DeskItem{Label: q.Label(), Href: queueHref(q), Count: n.N}
		switch {
		case n.Late > 0:
			it.Tone, it.Note = "danger", late(n.Late)
		case waitsElsewhere(q):
			it.Tone = "neutral"
		}
		if q.Clerks() {
			clerk.Items = append(clerk.Items, it)
		} else {
			mine.Items = append(mine.Items, it)
		}
	}
	out := []ui.DeskGroup{mine}
	if a.Has(eoffice.PermRegister) {
		out = append(out, clerk)
	}
	letters := ui.DeskGroup{Title: "Naskah", Items: []ui.DeskItem{
		{Label: "Cari naskah", Href: searchPath},
		{Label: "Tulis naskah", Href: deskPath + "/baru"},
		{Label: "Baca dan tanda tangani", Href: deskPath + "/tanda-tangan"},
		{Label: "Agenda", Href: agendaPath},
		{Label: "Sekretaris dan limpahan meja", Href: deputyPath},
	}}
	if a.Has(eoffice.PermRegister) {
		letters.Items = append(letters.Items, ui.DeskItem{Label: "Catat naskah masuk", Href: recordPath},
			ui.DeskItem{Label: "Pindaian menunggu dicatat", Href: loosePath, Count: counts[eoffice.Tray].N})
	}
	if a.Has(eoffice.PermRegister) || a.Has(eoffice.PermArchive) {
		letters.Items = append(letters.Items, ui.DeskItem{Label: "Buku agenda dan nomor", Href: bookPath})
	}
	if a.Has(eoffice.PermFigures) {
		letters.Items = append(letters.Items, ui.DeskItem{Label: "Waktu di meja", Href: timePath})
	}
	return append(out, letters)
}

// DeskItems tells the home desk what waits here for a member of staff with a position.
func DeskItems(d Deps) func(ctx context.Context, a authz.Actor) ([]ui.DeskGroup, error) {
	return func(ctx context.Context, a authz.Actor) ([]ui.DeskGroup, error) {
		if len(a.Positions) == 0 {
			return nil, nil
		}
		counts, err := d.Office.Counts(ctx, a)
		if err != nil {
			return nil, err
		}
		group := ui.DeskGroup{Title: "e-Office"}
		archive, err := archiveGroup(ctx, d.Office, a)
		if err != nil {
			return nil, err
		}
		for _, g := range append(groups(a, counts), archive) {
			group.Items = append(group.Items, g.Items...)
		}
		return []ui.DeskGroup{group}, nil
	}
}
