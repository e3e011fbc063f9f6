package e2e_test

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/eoffice"
)

// archiveScreens are the desk of the archivist, and what waits for the head: an open letter
// lies in a folder, a secret one waits there.
func (b *bureau) archiveScreens(into map[string][]screen, open func(*e2e.Tab), sent int64) {
	b.t.Helper()
	ctx, m, unit := context.Background(), b.App.Office, b.archivist.MainPosition().UnitID
	quiet := b.signed(b.to(b.draft("Temuan audit", eoffice.Secret), b.verifier, b.secretary))
	_, err := m.Send(ctx, b.clerk, eoffice.Act{ID: quiet})
	b.must(err)
	done, err := m.FileLetters(ctx, b.archivist, unit, []int64{sent, quiet}, 0)
	b.must(err)
	if done.Done != 2 {
		b.t.Fatalf("filed %+v", done)
	}
	waits, err := m.HeadWaits(ctx, b.head)
	b.must(err)
	secret := "/meja/eoffice/arsip/berkas/" + idText(waits[0])
	b.signed(b.to(b.draft("Jadwal pengerukan saluran", eoffice.Open), b.verifier, b.secretary))
	other := b.oldFolder("Rencana kerja 2015")
	b.must(m.SetHold(ctx, b.archivist, eoffice.OnFolder{ID: b.oldFolder("Perkara tanah 2014"), Reason: "Perkara nomor 12/Pdt.G/2026/PN Mks"}, "Pengadilan Negeri Makassar", nil))
	judged := b.judged(b.oldFolder("Permintaan alat tulis 2013"))
	into["arsiparis"] = append(into["arsiparis"],
		screen{name: "eoffice-arsip", path: "/meja/eoffice/arsip"},
		screen{name: "eoffice-arsip-naskah", path: "/meja/eoffice/naskah/" + idText(sent), do: open},
		screen{name: "eoffice-berkas", path: "/meja/eoffice/arsip/berkas"},
		screen{name: "eoffice-berkas-kurang", path: "/meja/eoffice/arsip/berkas", do: func(tab *e2e.Tab) {
			tab.Submit(`form.column button[type=submit]`).Wait("#ringkasan-galat")
		}},
		screen{name: "eoffice-usul", path: "/meja/eoffice/arsip/usul"},
		screen{name: "eoffice-jatuh-tempo", path: "/meja/eoffice/arsip/jatuh-tempo?tahun=" + strconv.Itoa(b.Clock.Now().Year())},
		screen{name: "eoffice-berkas-usul", path: "/meja/eoffice/arsip/berkas/" + idText(other), do: open},
		screen{name: "eoffice-usul-baru", path: fmt.Sprintf("/meja/eoffice/arsip/penyusutan/baru?kantor=%d&jenis=musnah&berkas=%d", unit, other)},
		screen{name: "eoffice-susut", path: judged, do: open},
		screen{name: "eoffice-berkas-satu", path: secret, do: open},
	)
	into["pengatur"] = append(into["pengatur"], screen{name: "eoffice-unit-kearsipan", path: "/meja/eoffice/atur/kearsipan"})
	into["kadis"] = append(into["kadis"],
		screen{name: "eoffice-penilaian", path: "/meja/eoffice/arsip/penilaian"},
		screen{name: "eoffice-susut-pendapat", path: judged, do: open},
		screen{name: "eoffice-persetujuan", path: "/meja/eoffice/arsip/persetujuan"},
		screen{name: "eoffice-berkas-setuju", path: secret, do: open},
	)
}

// oldFolder is a folder that was closed ten years ago and is due for destruction.
func (b *bureau) oldFolder(title string) int64 {
	b.t.Helper()
	ctx, m, unit := context.Background(), b.App.Office, b.archivist.MainPosition().UnitID
	id, err := m.OpenFolder(ctx, b.archivist, eoffice.NewFolder{UnitID: unit, Year: 2015, KKA: "000.1", Title: title, Place: "Lemari 2, rak 3, boks 14"})
	b.must(err)
	_, err = m.FileLetters(ctx, b.archivist, unit, []int64{b.signed(b.to(b.draft(title, eoffice.Open), b.verifier, b.secretary))}, id)
	b.must(err)
	b.must(m.CloseFolder(ctx, b.archivist, eoffice.OnFolder{ID: id}, time.Date(2016, 1, 4, 0, 0, 0, 0, time.UTC)))
	_, err = m.ProposeDue(ctx)
	b.must(err)
	return id
}

// judged is the page of a case that waits for its panel.
func (b *bureau) judged(folder int64) string {
	b.t.Helper()
	id, err := b.App.Office.ProposeDisposal(context.Background(), b.archivist, eoffice.NewDisposal{UnitID: b.archivist.MainPosition().UnitID, Kind: eoffice.ToDestroy,
		Folders: []int64{folder}, Panel: []int64{b.head.MainPosition().ID, b.secretary.MainPosition().ID, b.verifier.MainPosition().ID}})
	b.must(err)
	b.must(b.App.Office.VoteOnDisposal(context.Background(), b.secretary, id, true, "Sudah tidak dipakai."))
	return "/meja/eoffice/arsip/penyusutan/" + idText(id)
}
