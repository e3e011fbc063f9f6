package eoffice

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/bag"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// exportColumns are those of the list in an export.
var exportColumns = append(append([]sheet.Column{}, listColumns...), sheet.Column{Title: "Keadaan"}, sheet.Column{Title: "Diberkaskan"}, sheet.Column{Title: "Map"}, sheet.Column{Title: "Catatan"})

// ExportFolder writes a folder to w as a BagIt bag: its signed letters, scans and attachments, a
// list of them as CSV, and the SHA-256 of every file. It is for the archivist of the office or
// of who keeps the folder. A secret letter is in it only for who may read it, as a copy that
// names them; of what is left out the list says so. Nothing is written before the right to it
// is established and on the audit trail.
func (m *Module) ExportFolder(ctx context.Context, a authz.Actor, id int64, w io.Writer) (err error) {
	defer errs.In(&err, "eoffice.ExportFolder(%d)", id)
	d, err := m.FolderOf(ctx, a, id, 0)
	if err != nil {
		return err
	}
	mo, err := m.here(ctx, m.db, a)
	if err != nil {
		return err
	}
	if !d.RolesOf(mo).Has(AsArchivist) {
		return errs.New(errs.Forbidden, "Berkas diunduh oleh arsiparisnya.")
	}
	err = audit.Write(ctx, m.db, a, mo.Now, audit.Entry{Action: "eoffice.folder.unduh", Object: folderObject, ObjectID: id, UnitID: d.UnitID, Detail: map[string]any{"naskah": d.Letters}})
	if err != nil {
		return err
	}
	b := bag.New(w, mo.Now)
	var list bytes.Buffer
	rows, err := sheet.NewWriter(&list, sheet.CSV, "Daftar arsip", exportColumns)
	if err != nil {
		return err
	}
	err = m.eachLetter(ctx, id, func(l FolderLetter) error {
		place, before := fmt.Sprintf("naskah/%d-%s", l.LetterID, strings.Trim(cut(indo.Squeeze(l.Number), 40), "-")), b.Files()
		note, err := m.exportLetter(ctx, a, l.LetterID, place, b)
		if err == nil && b.Files() == before {
			place = ""
			if note == "" {
				note, err = m.onlyPaper(ctx, l.LetterID)
			}
		}
		if err != nil {
			return err
		}
		return rows.Row(append(listRow(d.Folder, l), l.Status.Label(), indo.Date(l.FiledAt), place, note)...)
	})
	if err != nil {
		return err
	}
	if err := rows.Close(); err != nil {
		return err
	}
	if _, err := b.Add("daftar-arsip.csv", &list); err != nil {
		return err
	}
	return b.Close()
}

// exportLetter puts the papers of a letter into the bag; the note says what is left out.
func (m *Module) exportLetter(ctx context.Context, a authz.Actor, id int64, place string, b *bag.Bag) (note string, err error) {
	c, mo, err := m.seen(ctx, m.db, a, id)
	if errs.KindOf(err) == errs.NotFound && err != nil {
		return "tidak disertakan: bukan untuk arsiparis ini", nil
	}
	if err != nil {
		return "", err
	}
	d := Detail{Case: c, See: c.ViewOf(mo)}
	switch {
	case c.Status == Destroyed:
		return "sudah dimusnahkan", nil
	case !c.Secrecy.Kept():
		return "tidak disertakan: sangat rahasia, isinya di kertas", nil
	case d.See != Whole:
		return "tidak disertakan: rahasia", nil
	}
	if err := m.read(ctx, m.db, a, "export", &c); err != nil {
		return "", err
	}
	for _, p := range d.Papers() {
		if p != PaperSigned && p != PaperScan {
			continue
		}
		r, err := m.OpenPaper(ctx, a, id, p)
		if err != nil {
			return "", err
		}
		sum, err := b.Add(place+"/"+string(p)+".pdf", r)
		if err := closeAll(err, r); err != nil {
			return "", err
		}
		if c.Secrecy == Secret {
			copies, err := copiesOf(ctx, m.db, &c, mo)
			if err != nil {
				return "", err
			}
			note = strings.ToLower(copies.Mark()) + ", salinan bernama, bukan berkas aslinya"
		} else if len(c.PDFHash) > 0 && !bytes.Equal(sum, c.PDFHash) {
			note = "PERIKSA: naskah berbeda dari saat ditandatangani"
		}
	}
	files, err := filesOf(ctx, m.db, id)
	if err != nil {
		return "", err
	}
	waivers, err := waiversOf(ctx, m.db, &c, mo)
	if err != nil {
		return "", err
	}
	seen, err := seenOrders(ctx, m.db, &c, mo)
	if err != nil {
		return "", err
	}
	reports, err := pg.Many[File](ctx, m.db, sqlReportFiles, id, seen.own())
	if err != nil {
		return "", err
	}
	for i, f := range slices.Concat(files, waivers, reports) {
		if c.Secrecy == Secret {
			copied, err := m.marked(ctx, mo, &c, f)
			if err != nil {
				return "", err
			}
			if _, err := b.Add(fmt.Sprintf("%s/%s-%d.pdf", place, f.Purpose, i+1), bytes.NewReader(copied)); err != nil {
				return "", err
			}
			continue
		}
		r, _, err := m.blobs.Get(ctx, f.BlobKey)
		if err != nil {
			return "", err
		}
		sum, err := b.Add(fmt.Sprintf("%s/%s-%d.%s", place, f.Purpose, i+1, f.Ending()), r)
		if err := closeAll(err, r); err != nil {
			return "", err
		}
		if !bytes.Equal(sum, f.Hash) {
			note = "PERIKSA: lampiran berbeda dari saat disimpan"
		}
	}
	return note, nil
}

const sqlPaperPlace = `SELECT paper_place FROM eoffice_letter WHERE id = $1`

// onlyPaper says of a letter of which the portal has no file where its paper is.
func (m *Module) onlyPaper(ctx context.Context, id int64) (string, error) {
	place, err := pg.Scalar[string](ctx, m.db, sqlPaperPlace, id)
	if place == "" || err != nil {
		return "tidak ada berkasnya di portal", err
	}
	return "tidak ada berkasnya di portal; kertasnya di " + place, nil
}

func closeAll(err error, c io.Closer) error {
	if shut := c.Close(); err == nil {
		err = shut
	}
	return err
}
