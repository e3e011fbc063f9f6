package eoffice

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"slices"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
)

// Print gives a letter that is signed in ink its number and the names of who signs it, so
// that its paper can be printed. It waits for its scan then.
func (m *Module) Print(ctx context.Context, a authz.Actor, act Act) (Case, error) {
	return m.PrintBooked(ctx, a, act, Booked{})
}

// PrintBooked is [Module.Print] for a letter that was written on paper while the portal was
// away: it takes the number that was kept for it, and the day on its paper.
func (m *Module) PrintBooked(ctx context.Context, a authz.Actor, act Act, use Booked) (Case, error) {
	return m.act(ctx, a, act, ActPrint, func(tx pgx.Tx, c *Case, mo Moment) (ch Change, err error) {
		if ch, err = m.number(ctx, tx, c, mo, use); err != nil {
			return ch, err
		}
		if c.Strategic && !c.Waived && slices.ContainsFunc(ch.Blocks, func(b Block) bool { return b.Seat != "definitif" }) {
			return ch, errActing
		}
		return ch, nil
	}, nil)
}

// MaxPages is how many photos make one scan.
const MaxPages = 30

// Scan takes the signed paper back: one PDF, or photos of its pages in their order. Of an
// SR letter nothing is taken: it only says that it is signed.
func (m *Module) Scan(ctx context.Context, a authz.Actor, act Act, pages []Upload) (c Case, err error) {
	defer errs.In(&err, "eoffice.Scan(%d)", act.ID)
	c, mo, err := m.seen(ctx, m.db, a, act.ID)
	if err != nil {
		return c, err
	}
	if err := Allowed(&c, mo, ActScan); err != nil {
		return c, err
	}
	var ch Change
	if c.Secrecy.Kept() {
		pdf, err := m.scanned(ctx, pages)
		if err != nil {
			return c, err
		}
		hash := sha256.Sum256(pdf)
		ch = Change{Scan: "eoffice/pindaian/" + crypt.Token() + ".pdf", Hash: hash[:]}
		if err := m.blobs.Put(ctx, ch.Scan, bytes.NewReader(pdf), int64(len(pdf)), media.PDFType); err != nil {
			return c, err
		}
	}
	c, err = m.act(ctx, a, act, ActScan, func(pgx.Tx, *Case, Moment) (Change, error) { return ch, nil }, func(tx pgx.Tx, c *Case, mo Moment, _ Event) error {
		return m.afterSigned(ctx, tx, c, mo)
	})
	if err != nil && ch.Scan != "" {
		m.drop(ctx, ch.Scan)
	}
	return c, err
}

// scanned is a paper as one PDF; what is refused is errs.Unprocessable at [ControlFile].
func (m *Module) scanned(ctx context.Context, pages []Upload) ([]byte, error) {
	refused := func(message string) error { return errs.Invalid(errs.Field{Name: ControlFile, Message: message}) }
	if len(pages) == 0 {
		return nil, refused("Pilih pindaian atau foto naskah yang sudah ditandatangani.")
	}
	if len(pages) > MaxPages {
		return nil, refused("Paling banyak 30 foto. Gabungkan menjadi satu PDF.")
	}
	var photos [][]byte
	for _, p := range pages {
		doc, err := m.document(ctx, p.Upload)
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(doc)
		switch {
		case err != nil:
			return nil, err
		case doc.ContentType == media.PDFType && len(pages) == 1:
			return b, nil
		case doc.ContentType != media.ContentType:
			return nil, refused("Kirim satu PDF, atau foto setiap halamannya.")
		}
		photos = append(photos, b)
	}
	return naskah.Sheet(photos...)
}
