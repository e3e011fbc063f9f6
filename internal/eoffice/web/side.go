package eofficeweb

import (
	"context"
	"net/url"
	"strings"

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
	d := &ui.Desk{Title: "e-Office", Subtitle: workplace(a), Groups: groups(a, counts)}
	if a.Has(eoffice.PermConfigure) {
		g := ui.DeskGroup{Title: "Pengaturan", Items: []ui.DeskItem{{Label: "Kantor dan instruksi", Href: setPath}}}
		city, err := k.Office.SetsCity(ctx, a)
		if err != nil {
			return nil, err
		}
		if city {
			g.Items = append(g.Items, ui.DeskItem{Label: "Klasifikasi arsip", Href: classPath}, ui.DeskItem{Label: "Waktu menurut urgensi", Href: pacePath})
		}
		d.Groups = append(d.Groups, g)
	}
	d.Groups = append(d.Groups, ui.DeskGroup{Title: "Lainnya", Items: []ui.DeskItem{{Label: "Semua ruang kerja", Href: "/meja"}}})
	for _, g := range d.Groups {
		for i := range g.Items {
			g.Items[i].Current = g.Items[i].Href == current
		}
	}
	return d, nil
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

func groups(a authz.Actor, counts map[eoffice.Queue]eoffice.Count) []ui.DeskGroup {
	mine := ui.DeskGroup{Title: "Meja saya"}
	clerk := ui.DeskGroup{Title: "Tata usaha"}
	for _, q := range eoffice.Queues {
		n := counts[q]
		it := ui.DeskItem{Label: q.Label(), Href: queueHref(q), Count: n.N}
		switch {
		case n.Late > 0:
			it.Tone, it.Note = "danger", late(n.Late)
		case q == eoffice.MyDrafts || q == eoffice.WithOthers || q == eoffice.OrdersOut:
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
		for _, g := range groups(a, counts) {
			group.Items = append(group.Items, g.Items...)
		}
		return []ui.DeskGroup{group}, nil
	}
}
