package letter

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Print gives a wet letter its number and its numbered print. From AwaitingSign by who
// may sign; from Submitted and AwaitingParaf by the operator where the office allows printing at the counter.
func (m *Module) Print(ctx context.Context, a authz.Actor, act Act) (err error) {
	// A letter that cannot be set takes no number.
	if _, _, err := m.render(ctx, a, act.ID, FilePreview); err != nil {
		return err
	}
	_, err = m.act(ctx, staff(a, act), ActPrint, func(tx pgx.Tx, c *Case, mo Moment) (in Intent, err error) {
		if c.Status == Submitted {
			if err := m.complete(ctx, tx, c); err != nil {
				return in, err
			}
		}
		in.Change, err = m.number(ctx, tx, c, mo, false)
		return in, err
	}, nil)
	return err
}

// complete refuses a letter of which papers are neither ticked nor scanned.
func (m *Module) complete(ctx context.Context, q pg.Querier, c *Case) error {
	k, err := m.kindOf(ctx, q, c.KindVersionID)
	if err != nil {
		return err
	}
	subject, _, err := m.contents(ctx, q, c)
	if err != nil {
		return err
	}
	scans, err := scansOf(ctx, q, c.ID)
	if err != nil {
		return err
	}
	return allSeen(k, subject, c.Checked, scans)
}

// AttachScan takes the signed paper back: the letter is issued. A photo becomes a PDF.
func (m *Module) AttachScan(ctx context.Context, a authz.Actor, act Act, f File) (err error) {
	defer errs.In(&err, "letter.AttachScan(%d)", act.ID)
	c, mo, err := m.seen(ctx, a, act.ID)
	if err != nil {
		return err
	}
	if err := Allowed(&c, mo, ActScan); err != nil {
		return err
	}
	pdf, err := m.paper(ctx, f)
	if err != nil {
		return err
	}
	hash, key := sha256.Sum256(pdf), blobKey("pindaian", "pdf")
	if err := m.blobs.Put(ctx, key, bytes.NewReader(pdf), int64(len(pdf)), media.PDFType); err != nil {
		return err
	}
	_, err = m.act(ctx, staff(a, act), ActScan, func(_ pgx.Tx, c *Case, mo Moment) (in Intent, err error) {
		in.Change = Change{Scan: key, Hash: hash[:]}
		for _, s := range c.Blocks {
			s.At = mo.Now
			in.Change.Signatures = append(in.Change.Signatures, s)
		}
		return in, nil
	}, nil)
	if err != nil {
		m.drop(ctx, key)
	}
	return err
}

// ControlFile is the control of an upload.
const ControlFile = "file"

// paper is an upload as a PDF.
func (m *Module) paper(ctx context.Context, f File) ([]byte, error) {
	s, err := m.scanned(ctx, f)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(s)
	if err == nil && s.ContentType != media.PDFType {
		b, err = naskah.Sheet(b)
	}
	return b, err
}

// scanned is an upload made safe; what is refused is said beside the file's control.
func (m *Module) scanned(ctx context.Context, f File) (media.Scan, error) {
	s, err := m.scans.Scan(ctx, f)
	if k := errs.KindOf(err); err != nil && (k == errs.Unprocessable || k == errs.TooLarge) {
		err = errs.Invalid(errs.Field{Name: ControlFile, Message: errs.MessageOf(err)})
	}
	return s, err
}

// blobName is random.
func blobName() string { return crypt.Token() }

// Which file of a letter.
type Which string

// The files.
const (
	FilePDF   Which = "surat"
	FilePrint Which = "cetak"
	FileScan  Which = "pindaian"
	// FilePreview is the letter as it would be, watermarked, not kept.
	FilePreview Which = "pratinjau"
)

// Preview is the letter as it would be now, for pages that show it without a PDF. The
// reading is audited.
func (m *Module) Preview(ctx context.Context, a authz.Actor, id int64) (doc naskah.Document, err error) {
	defer errs.In(&err, "letter.Preview(%d)", id)
	doc, c, err := m.render(ctx, a, id, FilePreview)
	if err != nil {
		return doc, err
	}
	return doc, m.read(ctx, m.db, a, "preview", &c, nil)
}

// render composes a letter for somebody of the desk.
func (m *Module) render(ctx context.Context, a authz.Actor, id int64, w Which) (doc naskah.Document, c Case, err error) {
	c, mo, err := m.seen(ctx, a, id)
	if err != nil {
		return doc, c, err
	}
	k, in, err := m.composition(ctx, m.db, &c)
	if err != nil {
		return doc, c, err
	}
	if w == FilePreview {
		in.Watermark = "KONSEP"
		if len(in.Signed) == 0 {
			in.Signed, err = m.officials(ctx, m.db, &c, mo, c.Mode == Electronic && m.signer.Certified())
			if err != nil && errs.KindOf(err) != errs.Conflict && errs.KindOf(err) != errs.Forbidden {
				return doc, c, err
			}
		}
	}
	doc, err = Compose(k, in)
	return doc, c, err
}

// OpenFile reads one of a letter's PDFs. It is audited.
func (m *Module) OpenFile(ctx context.Context, a authz.Actor, id int64, w Which) (_ io.ReadCloser, err error) {
	defer errs.In(&err, "letter.OpenFile(%d, %.20q)", id, w)
	c, _, err := m.seen(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if err := m.read(ctx, m.db, a, "open", &c, map[string]any{"berkas": w, "penduduk": c.ResidentID}); err != nil {
		return nil, err
	}
	switch {
	case w == FilePDF && c.PDFKey != "":
		return m.file(ctx, c.PDFKey)
	case w == FileScan && c.ScanKey != "":
		return m.file(ctx, c.ScanKey)
	case w == FilePrint && c.printed(), w == FilePreview:
		doc, _, err := m.render(ctx, a, id, w)
		if err != nil {
			return nil, err
		}
		b, err := m.set(doc)
		return io.NopCloser(bytes.NewReader(b)), err
	}
	return nil, errs.New(errs.NotFound, "Surat ini tidak mempunyai berkas itu.")
}

// printed tells whether there is a numbered print.
func (c *Case) printed() bool { return c.Mode == Wet && c.LetterNo != 0 && len(c.Blocks) > 0 }

func (m *Module) file(ctx context.Context, key string) (io.ReadCloser, error) {
	r, _, err := m.blobs.Get(ctx, key)
	return r, err
}

// Reveal notes that the actor opened the NIK and KK of the people in a letter; whoever
// reads the letter and may check or sign it may. It comes before they are shown.
func (m *Module) Reveal(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "letter.Reveal(%d)", id)
	c, mo, err := m.seen(ctx, a, id)
	if err != nil {
		return err
	}
	if !c.RolesOf(mo).Has(AsOperator | AsSecretary | signers | AsCamat) {
		return errs.New(errs.Forbidden, "Membuka NIK di surat ini bukan wewenang Anda.")
	}
	return m.read(ctx, m.db, a, "reveal", &c, map[string]any{"penduduk": c.ResidentID})
}

// batch is how many rows background work takes at once.
const batch = 200

// eachID calls f with the ids that sql finds, which takes a time, the id to go on from
// and a number of rows. It counts those for which f says so; one that fails keeps no
// other back.
func eachID(ctx context.Context, q pg.Querier, sql string, until time.Time, f func(id int64) (bool, error)) (n int, err error) {
	var failed error
	for last := int64(0); ; {
		ids, err := pg.Scalars[int64](ctx, q, sql, until, last, batch)
		if err != nil {
			return n, errors.Join(failed, err)
		}
		for _, id := range ids {
			did, err := f(id)
			failed = errors.Join(failed, err)
			if did {
				n++
			}
			last = id
		}
		if len(ids) < batch || ctx.Err() != nil {
			return n, failed
		}
	}
}
