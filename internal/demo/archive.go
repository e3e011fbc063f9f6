package demo

import (
	"context"
	"fmt"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// oldFolder is paper of earlier years that Dinas PU wrote down when it put its cupboard in
// order.
type oldFolder struct {
	year     int
	kka      string
	title    string
	place    string
	held     string // who wants it kept, "" nobody
	subjects []string
	gone     bool // it was destroyed
}

var oldFolders = []oldFolder{
	{2021, "000.1", "Permintaan alat tulis dan jamuan 2021", "Gudang arsip, lemari 2, boks 14", "", []string{"Penawaran alat tulis kantor", "Tagihan jamuan rapat", "Penawaran sewa tenda"}, false},
	{2020, "000.1", "Sewa kendaraan 2020", "Gudang arsip, lemari 2, boks 11", "Pengadilan Negeri Makassar", []string{"Penawaran sewa kendaraan", "Somasi atas sewa kendaraan"}, false},
	{2024, "600.1", "Keluhan saluran Jalan Veteran 2024", "Ruang tata usaha, rak 3", "", []string{"Keluhan warga atas saluran Jalan Veteran", "Permintaan peninjauan saluran"}, false},
	{2019, "000.1", "Langganan surat kabar 2019", "Gudang arsip, lemari 1, boks 3", "", []string{"Penawaran langganan surat kabar", "Tagihan langganan surat kabar"}, true},
}

// file plans what the archivist did at the end of the story: what is finished lies in folders,
// old ones are closed, one of them was destroyed, one is due for it and one is under a legal hold.
func file(m *eoffice.Module, cast players, end time.Time) (out []happening) {
	clerk, head, keeper := cast["tu"], cast["kadis"], cast["arsiparis"]
	unit := clerk.MainPosition().UnitID
	at := end.Add(-40 * time.Minute)
	var gone []int64
	for n, f := range oldFolders {
		out = append(out, happening{at.Add(time.Duration(n) * time.Minute), "archive " + f.title, func(ctx context.Context) error {
			id, err := m.OpenFolder(ctx, keeper, eoffice.NewFolder{UnitID: unit, Year: f.year, KKA: f.kka, Title: f.title, Place: f.place})
			if err != nil {
				return err
			}
			if f.gone {
				gone = append(gone, id)
			}
			var letters []int64
			for i, subject := range f.subjects {
				done, err := m.Record(ctx, clerk, clerk.MainPosition().ID, eoffice.Arrival{
					Kind: "SD", Sender: "CV Sinar Panaikang", Number: fmt.Sprintf("%d/SP/%d", 40+i, f.year), Date: time.Date(f.year, 3, 2+i, 0, 0, 0, 0, time.UTC), Received: at,
					Subject: subject, Secrecy: eoffice.Open, Urgency: eoffice.Ordinary, KKA: f.kka, Channel: "kertas", Place: f.place, To: head.MainPosition().ID,
				}, fmt.Sprintf("arsip-%d-%d", f.year, i))
				if err != nil {
					return err
				}
				if err := finishArrival(ctx, m, done.ID, cast); err != nil {
					return err
				}
				letters = append(letters, done.ID)
			}
			if got, err := m.FileLetters(ctx, keeper, unit, letters, id); err != nil {
				return err
			} else if len(got.Problems) > 0 {
				return fmt.Errorf("file %s: %s", f.title, got.Problems[0].Problem)
			}
			on := eoffice.OnFolder{ID: id, Reason: "Perkara nomor 118/Pdt.G/2026/PN Mks"}
			if err := m.CloseFolder(ctx, keeper, on, time.Date(f.year+1, 1, 4, 0, 0, 0, 0, time.UTC)); err != nil || f.held == "" {
				return err
			}
			return m.SetHold(ctx, keeper, on, f.held, nil)
		}})
	}
	out = append(out, happening{end.Add(-20 * time.Minute), "destroy an old folder", func(ctx context.Context) error {
		return destroy(ctx, m, cast, unit, gone)
	}})
	return append(out, happening{end.Add(-30 * time.Minute), "archive what is finished", func(ctx context.Context) error {
		rows, _, err := m.Unfiled(ctx, keeper, unit, 0, 0)
		if err != nil {
			return err
		}
		var letters []int64
		for _, r := range rows[:len(rows)*2/3] { // the rest waits on the archivist's desk
			letters = append(letters, r.LetterID)
		}
		if _, err := m.FileLetters(ctx, keeper, unit, letters, 0); err != nil {
			return err
		}
		_, err = m.ProposeDue(ctx)
		return err
	}})
}

// finishArrival brings an old letter to the head, who has nothing left to do with it.
func finishArrival(ctx context.Context, m *eoffice.Module, id int64, cast players) error {
	if _, err := m.Direct(ctx, cast["tu"], eoffice.Act{ID: id}); err != nil {
		return err
	}
	d, err := m.Open(ctx, cast["kadis"], id)
	if err != nil {
		return err
	}
	return m.Finish(ctx, cast["kadis"], d.Recipients[0].ID, "Selesai; dicatat untuk arsip.")
}

// destroy has a panel judge folders, sign the berita acara, and the archivist destroy them.
func destroy(ctx context.Context, m *eoffice.Module, cast players, unit int64, folders []int64) error {
	keeper, panel := cast["arsiparis"], []authz.Actor{cast["arsiparis"], cast["kabid"], cast["kadis"]}
	n := eoffice.NewDisposal{UnitID: unit, Kind: eoffice.ToDestroy, Folders: folders}
	for _, a := range panel {
		n.Panel = append(n.Panel, a.MainPosition().ID)
	}
	id, err := m.ProposeDisposal(ctx, keeper, n)
	if err != nil {
		return err
	}
	for _, a := range panel {
		if err := m.VoteOnDisposal(ctx, a, id, true, "Sudah tidak dipakai."); err != nil {
			return err
		}
	}
	deed, err := m.WriteDeed(ctx, keeper, id)
	if err != nil {
		return err
	}
	c, d, err := m.DraftOf(ctx, keeper, deed)
	if err != nil {
		return err
	}
	d.KKA = "000.5"
	if _, err := m.SaveDraft(ctx, keeper, deed, c.Saved, d); err != nil {
		return err
	}
	if _, err := m.Submit(ctx, keeper, eoffice.Act{ID: deed}); err != nil {
		return err
	}
	for _, l := range d.Chain {
		for _, a := range panel {
			if a.MainPosition().ID != l.PositionID {
				continue
			}
			if _, err := m.Open(ctx, a, deed); err != nil {
				return err
			}
			if err := m.Sign(ctx, a, []eoffice.Act{{ID: deed}}, eoffice.Passphrase{})[0].Err; err != nil {
				return err
			}
		}
	}
	return m.CarryOut(ctx, keeper, id)
}
