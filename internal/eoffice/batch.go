package eoffice

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/jobs"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// separator is the text of the code on the sheets that lie between letters in a scan.
const separator = "PEMISAH-NASKAH-MASUK"

// SeparatorSheet is the PDF of a sheet to lay between letters before they are scanned in one go.
func (m *Module) SeparatorSheet() ([]byte, error) {
	return naskah.Render(naskah.Document{
		Title: "LEMBAR PEMISAH", Unnumbered: true, Subject: "Lembar pemisah naskah masuk", Created: m.now(),
		Blocks: []naskah.Block{naskah.Paragraph{Text: "Letakkan lembar ini di antara dua surat, lalu pindai semuanya menjadi satu PDF. " +
			"Portal memisahkan surat di lembar ini dan membuang lembarnya. Lembar ini dapat dipakai berulang kali; cetak sebanyak yang diperlukan."}},
		QR: naskah.QR{Text: separator, Caption: "Jangan dicoret atau dilipat\ndi atas kode ini"},
	})
}

// CanSplit tells whether scans of many letters are split here.
func CanSplit() bool { return media.CanSplit() }

type splitArgs struct {
	TrayID int64 `json:"baki"`
}

func (splitArgs) Kind() string { return "eoffice_split" }

// ToBatch keeps a scan of one or many letters for an office. A PDF is split at its
// [Module.SeparatorSheet]s by a job, where the server can; until then it is no letter's.
func (m *Module) ToBatch(ctx context.Context, a authz.Actor, unitID int64, u Upload) (err error) {
	defer errs.In(&err, "eoffice.ToBatch(%d)", unitID)
	if err := m.registers(ctx, a, unitID); err != nil {
		return err
	}
	f, err := m.keep(ctx, "pindaian", u.Upload)
	if err != nil {
		return err
	}
	l := Loose{UnitID: unitID, Batch: true, Name: shownName(u.Name, f.Ending()), BlobKey: f.BlobKey, Type: f.Type, Size: f.Size, Hash: f.Hash, UploadedAt: m.now()}
	l.Splitting = f.Type == media.PDFType && CanSplit()
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		id, err := m.toTray(ctx, tx, a.AccountID, l)
		if err != nil {
			return err
		}
		err = audit.Write(ctx, tx, a, l.UploadedAt, audit.Entry{Action: "eoffice.tray.add", Object: "eoffice_tray", ObjectID: id, UnitID: unitID})
		if err != nil || !l.Splitting {
			return err
		}
		return jobs.Insert(ctx, tx, splitArgs{id}, nil)
	})
	if err != nil {
		m.drop(ctx, f.BlobKey)
		return err
	}
	return live.Notify(ctx, m.db, LiveLetters)
}

func (m *Module) splitWorker() river.Worker[splitArgs] {
	return slowWorker[splitArgs]{work: func(ctx context.Context, a splitArgs) error { return m.SplitBatch(ctx, a.TrayID) }}
}

const (
	sqlSplitting = `
SELECT t.id, t.unit_id, t.batch, t.splitting, t.name, t.blob_key, t.type, t.size, t.hash, t.uploaded_at, t.uploaded_by FROM eoffice_tray t WHERE t.id = $1 AND t.splitting`
	sqlWhole     = `UPDATE eoffice_tray SET splitting = false WHERE id = $1 AND splitting`
	sqlDropWhole = `DELETE FROM eoffice_tray WHERE id = $1 AND splitting`
)

// SplitBatch splits a scan at its separator sheets: each part waits for its letter then. One
// that has none, or cannot be read, stays whole. It may run twice, also at once: one does it.
func (m *Module) SplitBatch(ctx context.Context, id int64) (err error) {
	defer errs.In(&err, "eoffice.SplitBatch(%d)", id)
	whole, err := pg.One[struct {
		Loose
		UploadedBy int64
	}](ctx, m.db, sqlSplitting, id)
	if err != nil {
		return absentIsDone(err)
	}
	body, _, err := m.blobs.Get(ctx, whole.BlobKey)
	if err != nil {
		return absentIsDone(err)
	}
	defer body.Close()
	var parts []Loose
	kept := false
	defer func() {
		if !kept {
			for _, p := range parts {
				m.drop(ctx, p.BlobKey)
			}
		}
	}()
	err = media.SplitPDF(ctx, body, separator, func(part []byte) error {
		hash := sha256.Sum256(part)
		p := whole.Loose
		p.Splitting, p.BlobKey, p.Size, p.Hash = false, "eoffice/pindaian/"+crypt.Token()+".pdf", int64(len(part)), hash[:]
		p.Name = fmt.Sprintf("%s, surat %d.pdf", strings.TrimSuffix(whole.Name, path.Ext(whole.Name)), len(parts)+1)
		if err := m.blobs.Put(ctx, p.BlobKey, bytes.NewReader(part), p.Size, p.Type); err != nil {
			return err
		}
		parts = append(parts, p)
		return nil
	})
	if err != nil && !errors.Is(err, media.ErrNoSplit) {
		return err
	}
	if err != nil || len(parts) == 0 {
		return m.leaveWhole(ctx, id)
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := pg.Changed(tx.Exec(ctx, sqlDropWhole, id)); err != nil {
			return err
		}
		for _, p := range parts {
			if _, err := m.toTray(ctx, tx, whole.UploadedBy, p); err != nil {
				return err
			}
		}
		return live.Notify(ctx, tx, LiveLetters)
	})
	if errs.KindOf(err) == errs.Conflict && err != nil {
		return nil // another run was faster
	}
	if err == nil {
		kept = true
		m.drop(ctx, whole.BlobKey)
	}
	return err
}

func (m *Module) leaveWhole(ctx context.Context, id int64) error {
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := pg.Exec(ctx, tx, sqlWhole, id); err != nil {
			return err
		}
		return live.Notify(ctx, tx, LiveLetters)
	})
}

// Batch lists the scans that wait in the actor's offices for their letters, the oldest
// first, at most 300.
func (m *Module) Batch(ctx context.Context, a authz.Actor) (_ []Loose, err error) {
	defer errs.In(&err, "eoffice.Batch")
	return pg.Many[Loose](ctx, m.db, sqlBatch, listOf(a.Units(PermRegister)))
}

// Discard throws a scan away that is no letter's. One that is gone already is no error.
func (m *Module) Discard(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "eoffice.Discard(%d)", id)
	list, err := m.LooseOf(ctx, a, []int64{id})
	if err != nil || len(list) == 0 {
		return err
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := pg.Changed(tx.Exec(ctx, sqlDiscard, id)); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "eoffice.tray.discard", Object: "eoffice_tray", ObjectID: id, UnitID: list[0].UnitID}); err != nil {
			return err
		}
		return live.Notify(ctx, tx, LiveLetters)
	})
	if errs.KindOf(err) == errs.Conflict && err != nil {
		return nil
	}
	if err == nil {
		m.drop(ctx, list[0].BlobKey)
	}
	return err
}

const sqlDiscard = `DELETE FROM eoffice_tray WHERE id = $1`
