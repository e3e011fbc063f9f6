package e2e_test

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/eoffice"
)

// deputyScreens are who works at whose desk, the desk as its deputy sees it, and a letter
// that waits for its receipt.
func (b *bureau) deputyScreens(into map[string][]screen, open func(*e2e.Tab), p *planners) {
	b.t.Helper()
	now := b.App.Clock.Now()
	_, err := b.App.Office.Deputize(context.Background(), b.other, eoffice.Mandate{DeskID: b.other.MainPosition().ID, DeputyID: p.bidang.MainPosition().ID,
		Kind: eoffice.StandIn, StartsAt: now, EndsAt: now.Add(72 * time.Hour), Reason: "Dinas luar ke Jakarta"})
	b.must(err)
	waits := b.signed(b.to(b.draft("Jadwal musrenbang kecamatan", eoffice.Open), b.verifier, b.secretary))
	invited, recipient := b.invited()
	start := now.Add(48 * time.Hour).Truncate(time.Hour)
	b.must(b.App.Office.SavePlan(context.Background(), b.other, recipient, 0, eoffice.Plan{Start: start, End: start.Add(2 * time.Hour), Place: "Ruang Sipakatau, Balai Kota"}))
	b.must(b.App.Office.Watch(context.Background(), b.other, invited))
	into["bappeda"] = append(into["bappeda"],
		screen{name: "eoffice-undangan", path: "/meja/eoffice/naskah/" + idText(invited), do: open},
		screen{name: "eoffice-agenda", path: "/meja/eoffice/agenda?pekan=" + start.Format(time.DateOnly)},
		screen{name: "eoffice-pantau", path: "/meja/eoffice?antrean=pantau"},
		screen{name: "eoffice-wakil", path: "/meja/eoffice/wakil"},
		screen{name: "eoffice-wakil-kurang", path: "/meja/eoffice/wakil", do: func(tab *e2e.Tab) {
			tab.Submit(`form.column button[type=submit]`).Wait("#ringkasan-galat")
		}},
	)
	into["kabid.bappeda"] = append(into["kabid.bappeda"],
		screen{name: "eoffice-bantu", path: "/meja/eoffice/bantu/" + idText(b.other.MainPosition().ID)},
		screen{name: "eoffice-bantu-terima", path: "/meja/eoffice/naskah/" + idText(waits), do: open},
	)
}

// invited is an invitation that the head of Bappeda has read.
func (b *bureau) invited() (id, recipient int64) {
	b.t.Helper()
	ctx, m := context.Background(), b.App.Office
	id, err := m.Begin(ctx, b.drafter, "UND", b.drafter.MainPosition().ID, "undangan")
	b.must(err)
	_, d, err := m.DraftOf(ctx, b.drafter, id)
	b.must(err)
	d.Content = eoffice.Content{Subject: "Rapat koordinasi banjir", Body: "<p>Dengan ini mengundang Bapak/Ibu untuk hadir pada:</p><table><tbody><tr><td>Tempat</td><td>Ruang Sipakatau</td></tr></tbody></table>"}
	d.Secrecy, d.KKA, d.To = eoffice.Open, "600.1", []eoffice.Addressee{{PositionID: b.other.MainPosition().ID}}
	_, err = m.SaveDraft(ctx, b.drafter, id, 0, d)
	b.must(err)
	b.signed(b.to(id, b.verifier, b.secretary))
	got, err := m.Open(ctx, b.other, id)
	b.must(err)
	return id, got.Recipients[0].ID
}
