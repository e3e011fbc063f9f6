package eoffice

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"path"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/jobs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// ControlFile is the control of attachments.
const ControlFile = "lampiran"

// Limits of the attachments of one letter.
const (
	MaxFiles     = 20
	maxFilesSize = 100 << 20
)

// What a file is to its letter.
const (
	attachment = "lampiran"
	itself     = "naskah" // scans of a letter from outside
)

// File is a paper that goes with a letter.
type File struct {
	ID            int64
	LetterID      int64
	Purpose       string
	DispositionID int64  // of a report: on which order
	Name          string // as pages show it; that of a confidential letter tells nothing
	BlobKey       string
	Type          string
	Size          int64
	Hash          []byte // SHA-256
	Words         string
	UploadedAt    time.Time
	RemovedAt     *time.Time
}

// Ending is that of the file's type, such as "pdf".
func (f File) Ending() string {
	if f.Type == media.PDFType { // what is kept may be of another one, see [Module.OpenFile]
		return "pdf"
	}
	return strings.TrimPrefix(path.Ext(f.BlobKey), ".")
}

// Upload is a file as somebody sends it.
type Upload struct {
	Name string
	media.Upload
}

const (
	fileColumns = `SELECT id, letter_id, purpose, COALESCE(disposition_id, 0) AS disposition_id, name, blob_key, type, size, hash, words, uploaded_at, removed_at FROM eoffice_file`

	sqlFiles     = fileColumns + ` WHERE letter_id = $1 AND purpose IN ('lampiran', 'naskah') AND removed_at IS NULL ORDER BY id`
	sqlEverFiles = fileColumns + ` WHERE letter_id = $1 AND purpose = 'lampiran' ORDER BY id`
	sqlFile      = fileColumns + ` WHERE id = $1`

	sqlAddFile = `
INSERT INTO eoffice_file (letter_id, purpose, name, blob_key, type, size, hash, uploaded_at, uploaded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`

	sqlRemoveFile = `UPDATE eoffice_file SET removed_at = $3 WHERE id = $1 AND letter_id = $2 AND removed_at IS NULL`

	// Names and words of what is confidential are not kept in the open.
	sqlHideFiles = `
UPDATE eoffice_file f SET words = '', name = 'Lampiran ' || n.n || '.' || regexp_replace(f.blob_key, '^.*\.', '')
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM eoffice_file WHERE letter_id = $1) n WHERE f.id = n.id`

	sqlHasVersion = `SELECT EXISTS (SELECT FROM eoffice_version WHERE letter_id = $1)`
)

// filesOf are the attachments of a letter.
func filesOf(ctx context.Context, q pg.Querier, letterID int64) ([]File, error) {
	return pg.Many[File](ctx, q, sqlFiles, letterID)
}

// FilesOf are the attachments of a letter, for who may see all of it or writes it;
// others get errs.NotFound.
func (m *Module) FilesOf(ctx context.Context, a authz.Actor, letterID int64) (_ []File, err error) {
	defer errs.In(&err, "eoffice.FilesOf(%d)", letterID)
	c, mo, err := m.seen(ctx, m.db, a, letterID)
	if err != nil {
		return nil, err
	}
	if c.ViewOf(mo) != Whole && !c.RolesOf(mo).Has(AsDrafter) {
		return nil, errNoLetter
	}
	return filesOf(ctx, m.db, letterID)
}

// AttachFile adds an attachment to a draft: PDF, photo, office document or plain text of at
// most 25 MB, what it is its content says. The same file twice is once. What a paraf stands
// for changes with it.
func (m *Module) AttachFile(ctx context.Context, a authz.Actor, letterID int64, u Upload) (err error) {
	defer errs.In(&err, "eoffice.AttachFile(%d)", letterID)
	c, d, err := m.DraftOf(ctx, a, letterID)
	if err != nil {
		return err
	}
	if !d.Secrecy.Kept() {
		return errs.Invalid(errs.Field{Name: ControlFile, Message: "Lampiran naskah sangat rahasia tetap di kertas, tidak disimpan di portal."})
	}
	f, err := m.keep(ctx, "lampiran", u.Upload)
	if err != nil {
		return err
	}
	f.LetterID, f.Purpose, f.Name = c.ID, attachment, shownName(u.Name, f.Ending())
	kept := false
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		kept = false
		c, mo, err := m.drafting(ctx, tx, a, letterID)
		if err != nil {
			return err
		}
		d, err := m.draftOf(ctx, tx, letterID)
		if err != nil {
			return err
		}
		ever, err := pg.Many[File](ctx, tx, sqlEverFiles, letterID)
		if err != nil {
			return err
		}
		n, size := 0, f.Size
		for _, o := range ever {
			if o.RemovedAt != nil {
				continue
			}
			if string(o.Hash) == string(f.Hash) {
				return nil
			}
			n, size = n+1, size+o.Size
		}
		if n >= MaxFiles || size > maxFilesSize {
			return errs.Invalid(errs.Field{Name: ControlFile, Message: fmt.Sprintf("Satu naskah paling banyak memuat %d lampiran, seluruhnya 100 MB.", MaxFiles)})
		}
		if d.Secrecy == Secret && !keepsMark(f.Type) {
			return errs.Invalid(errs.Field{Name: ControlFile, Message: noMark})
		}
		if d.Secrecy.Confidential() {
			f.Name = fmt.Sprintf("Lampiran %d.%s", len(ever)+1, f.Ending())
		}
		kept = true
		if f.ID, err = m.addFile(ctx, tx, a, f, mo.Now); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, mo.Now, audit.Entry{Action: "eoffice.letter.attach", Object: object, ObjectID: c.ID, UnitID: c.UnitID, Detail: map[string]any{"berkas": f.ID}})
	})
	if err != nil || !kept {
		m.drop(ctx, f.BlobKey)
	}
	return err
}

// keep checks and stores a file; what is refused is errs.Unprocessable at [ControlFile].
func (m *Module) keep(ctx context.Context, folder string, u media.Upload) (f File, err error) {
	doc, err := m.document(ctx, u)
	if err != nil {
		return f, err
	}
	h := sha256.New()
	f = File{BlobKey: "eoffice/" + folder + "/" + crypt.Token() + "." + doc.Ending, Type: doc.ContentType, Size: doc.Size}
	if err := m.blobs.Put(ctx, f.BlobKey, io.TeeReader(doc, h), f.Size, f.Type); err != nil {
		return f, err
	}
	f.Hash = h.Sum(nil)
	return f, nil
}

// document is an uploaded file made safe; what is refused is errs.Unprocessable at
// [ControlFile].
func (m *Module) document(ctx context.Context, u media.Upload) (media.Document, error) {
	doc, err := m.scans.Document(ctx, u)
	if k := errs.KindOf(err); err != nil && (k == errs.Unprocessable || k == errs.TooLarge) {
		err = errs.Invalid(errs.Field{Name: ControlFile, Message: errs.MessageOf(err)})
	}
	return doc, err
}

// addFile writes down a file that is stored, and has its words read where they may be.
func (m *Module) addFile(ctx context.Context, tx pgx.Tx, a authz.Actor, f File, at time.Time) (id int64, err error) {
	id, err = pg.Scalar[int64](ctx, tx, sqlAddFile, f.LetterID, f.Purpose, f.Name, f.BlobKey, f.Type, f.Size, f.Hash, at, a.AccountID)
	if err != nil {
		return 0, err
	}
	return id, jobs.Insert(ctx, tx, wordsArgs{id}, nil)
}

// RemoveFile takes an attachment from a draft. One that somebody may have agreed to is
// kept for the record.
func (m *Module) RemoveFile(ctx context.Context, a authz.Actor, letterID, fileID int64) (err error) {
	defer errs.In(&err, "eoffice.RemoveFile(%d, %d)", letterID, fileID)
	dropped := ""
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		dropped = ""
		c, mo, err := m.drafting(ctx, tx, a, letterID)
		if err != nil {
			return err
		}
		f, err := pg.One[File](ctx, tx, sqlFile, fileID)
		if err != nil || f.LetterID != letterID || f.Purpose != attachment {
			return errNoFile
		}
		switch err := pg.Changed(tx.Exec(ctx, sqlRemoveFile, fileID, letterID, mo.Now)); {
		case errs.KindOf(err) == errs.Conflict && err != nil:
			return nil // it is gone already: a second click
		case err != nil:
			return err
		}
		shown, err := pg.Scalar[bool](ctx, tx, sqlHasVersion, letterID)
		if err != nil {
			return err
		}
		if !shown {
			dropped = f.BlobKey
		}
		return audit.Write(ctx, tx, a, mo.Now, audit.Entry{Action: "eoffice.letter.detach", Object: object, ObjectID: c.ID, UnitID: c.UnitID, Detail: map[string]any{"berkas": f.ID}})
	})
	if err == nil && dropped != "" {
		m.drop(ctx, dropped)
	}
	return err
}

var errNoFile = errs.New(errs.NotFound, "Berkas ini tidak ada.")

// OpenFile reads a paper that goes with a letter, for who may see all of it; a report for who
// may see that of its order too. It is audited. Of a secret
// letter it is a copy that names its reader, and a PDF whatever the file is.
func (m *Module) OpenFile(ctx context.Context, a authz.Actor, letterID, fileID int64) (_ io.ReadCloser, f File, err error) {
	defer errs.In(&err, "eoffice.OpenFile(%d, %d)", letterID, fileID)
	c, mo, err := m.seen(ctx, m.db, a, letterID)
	if err != nil {
		return nil, f, err
	}
	f, err = pg.One[File](ctx, m.db, sqlFile, fileID)
	if err != nil || f.LetterID != letterID || f.RemovedAt != nil || c.ViewOf(mo) != Whole || !c.Secrecy.Kept() {
		return nil, f, errNoFile
	}
	if f.Purpose == waiver && !c.Behind(mo) {
		return nil, f, errNoFile
	}
	if f.DispositionID != 0 {
		seen, err := seenOrders(ctx, m.db, &c, mo)
		if err != nil {
			return nil, f, err
		}
		if !seen.orders[f.DispositionID] {
			return nil, f, errNoFile
		}
	}
	if err := m.read(ctx, m.db, a, "file", &c); err != nil {
		return nil, f, err
	}
	if c.Secrecy == Secret {
		b, err := m.marked(ctx, mo, &c, f)
		f.Type = media.PDFType
		return io.NopCloser(bytes.NewReader(b)), f, err
	}
	r, _, err := m.blobs.Get(ctx, f.BlobKey)
	return r, f, err
}

// AttachmentsAt are those of files that a letter had at a moment.
func AttachmentsAt(files []File, at time.Time) (names []string) {
	for _, f := range files {
		if !f.UploadedAt.After(at) && (f.RemovedAt == nil || f.RemovedAt.After(at)) {
			names = append(names, f.Name)
		}
	}
	return names
}

// shownName is a file's name as its sender gave it, with the ending of what it is.
func shownName(name, ending string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.TrimSuffix(name, path.Ext(name))
	name = indo.CleanName(name) // what turns the writing around would hide the ending
	if name == "" || name == "." || name == "/" {
		name = "Lampiran"
	}
	return cut(name, 150) + "." + ending
}

// drop removes a file that nothing points to any more.
func (m *Module) drop(ctx context.Context, key string) {
	if err := m.blobs.Delete(context.WithoutCancel(ctx), key); err != nil {
		slog.WarnContext(ctx, "drop a file of a letter", "err", err)
	}
}
