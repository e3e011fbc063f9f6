package letter

import (
	"context"
	"io"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// MaxScans of one letter.
const MaxScans = 20

const sqlInsertScan = `
INSERT INTO epemerintahan_letter_scan (ref, letter_id, requirement, blob_key, content_type, size, uploaded_at, uploaded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`

const sqlRemoveScan = `
UPDATE epemerintahan_letter_scan SET removed_at = $3 WHERE ref = $1 AND letter_id = $2 AND removed_at IS NULL`

// AddScan keeps a scan for a requirement of a draft or of a returned letter (ref of
// the draft or its request number). Photos are encoded anew, PDFs checked; at most 10 MB.
func (m *Module) AddScan(ctx context.Context, a authz.Actor, ref, requirement string, f File) (err error) {
	defer errs.In(&err, "letter.AddScan")
	c, err := m.mended(ctx, m.db, a, ref, false)
	if err != nil {
		return err
	}
	k, err := m.kindOf(ctx, m.db, c.KindVersionID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(k.Requirements, func(r Requirement) bool { return r.Name == requirement }) {
		return errs.New(errs.BadRequest, "Syarat ini tidak ada pada surat ini. Muat ulang halaman.")
	}
	s, err := m.scanned(ctx, f)
	if err != nil {
		return err
	}
	ending := "jpg"
	if s.ContentType == media.PDFType {
		ending = "pdf"
	}
	key := blobKey("berkas", ending)
	if err := m.blobs.Put(ctx, key, s, s.Size, s.ContentType); err != nil {
		return err
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		c, err := m.mended(ctx, tx, a, ref, true)
		if err != nil {
			return err
		}
		scans, err := scansOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if len(scans) >= MaxScans {
			return errs.Invalid(errs.Field{Name: ControlFile, Message: "Satu surat paling banyak memuat " + strconv.Itoa(MaxScans) + " berkas. Hapus yang tidak perlu."})
		}
		return pg.Exec(ctx, tx, sqlInsertScan, crypt.Token(), c.ID, requirement, key, s.ContentType, s.Size, m.now(), a.AccountID)
	})
	if err != nil {
		m.drop(ctx, key)
	}
	return err
}

// RemoveScan takes one back.
func (m *Module) RemoveScan(ctx context.Context, a authz.Actor, ref, scan string) (err error) {
	defer errs.In(&err, "letter.RemoveScan")
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		c, err := m.mended(ctx, tx, a, ref, true)
		if err != nil {
			return err
		}
		err = pg.Changed(tx.Exec(ctx, sqlRemoveScan, scan, c.ID, m.now()))
		if errs.KindOf(err) == errs.Conflict {
			return errs.New(errs.NotFound, "Berkas ini sudah tidak ada.")
		}
		return err
	})
}

// mended is a letter of the account that the account may still change.
func (m *Module) mended(ctx context.Context, q pg.Querier, a authz.Actor, ref string, lock bool) (Case, error) {
	c, err := mine(ctx, q, a, ref, lock)
	if err == nil && c.Status != Draft && c.Status != Returned {
		err = errs.New(errs.Conflict, "Surat ini sekarang "+c.Status.Label()+", jadi berkasnya tidak dapat diubah lagi.")
	}
	return c, err
}

const sqlScanFile = `
SELECT s.ref, s.requirement, s.content_type, s.size, s.uploaded_at AS at, s.purged_at IS NOT NULL AS purged, s.letter_id, s.blob_key
FROM epemerintahan_letter_scan s WHERE s.ref = $1 AND s.removed_at IS NULL`

var errNoScan = errs.New(errs.NotFound, "Berkas ini tidak ada.")

// OpenScan reads a requirement's scan, for the desk or its applicant. It is audited.
func (m *Module) OpenScan(ctx context.Context, a authz.Actor, ref string) (_ io.ReadCloser, _ Scan, err error) {
	defer errs.In(&err, "letter.OpenScan")
	s, err := pg.One[struct {
		Scan
		LetterID int64
		BlobKey  string
	}](ctx, m.db, sqlScanFile, ref)
	if err != nil {
		if errs.KindOf(err) == errs.NotFound {
			err = errNoScan
		}
		return nil, Scan{}, err
	}
	c, err := pg.One[Case](ctx, m.db, sqlCase, s.LetterID)
	if err != nil {
		return nil, Scan{}, err
	}
	if !c.RolesOf(Moment{Actor: a}).Has(AsReader | AsApplicant) {
		return nil, Scan{}, errNoScan
	}
	if s.Purged {
		return nil, Scan{}, errs.New(errs.Gone, "Masa simpan berkas ini sudah habis, jadi berkasnya sudah dihapus.")
	}
	err = audit.Write(ctx, m.db, a, m.now(), audit.Entry{
		Action: "epemerintahan.letter.open_scan", Object: object, ObjectID: c.ID, UnitID: c.KelurahanID,
		Detail: map[string]any{"syarat": s.Requirement, "penduduk": c.ResidentID},
	})
	if err != nil {
		return nil, Scan{}, err
	}
	r, err := m.file(ctx, s.BlobKey)
	return r, s.Scan, err
}
