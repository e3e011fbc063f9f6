package eoffice

import (
	"bytes"
	"context"
	"io"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// Paper is which PDF of a letter.
type Paper string

// The papers.
const (
	PaperSigned Paper = "naskah"
	PaperScan   Paper = "pindaian"
	PaperDraft  Paper = "konsep" // as it would be, watermarked, not kept
	PaperPrint  Paper = "cetak"  // numbered, to be signed in ink
)

// Papers are those that a letter has now, for who may see all of it.
func (d *Detail) Papers() (out []Paper) {
	if !d.Secrecy.Kept() && d.See >= Envelope && d.Status == Printed {
		return []Paper{PaperPrint}
	}
	if d.See != Whole || !d.Secrecy.Kept() || d.Status == Destroyed {
		return nil
	}
	switch {
	case d.Secrecy == Secret && d.ScanKey != "":
		out = append(out, PaperSigned)
	case d.PDFKey != "" && d.Status != AwaitingSign && d.Status != Signing:
		out = append(out, PaperSigned)
	case d.ScanKey != "":
		out = append(out, PaperScan)
	case d.Status == Printed:
		out = append(out, PaperPrint)
	case d.Origin == "keluar":
		out = append(out, PaperDraft)
	}
	return out
}

// OpenPaper reads one of a letter's PDFs, for who may see all of it; it is audited. What is
// confidential is read as a numbered copy: a PDF of its own that names who opened it.
func (m *Module) OpenPaper(ctx context.Context, a authz.Actor, id int64, which Paper) (_ io.ReadCloser, err error) {
	defer errs.In(&err, "eoffice.OpenPaper(%d, %.20q)", id, which)
	c, mo, err := m.seen(ctx, m.db, a, id)
	if err != nil {
		return nil, err
	}
	d := Detail{Case: c, See: c.ViewOf(mo)}
	has := false
	for _, p := range d.Papers() {
		has = has || p == which
	}
	if !has {
		return nil, errs.New(errs.NotFound, "Naskah ini tidak mempunyai berkas itu.")
	}
	if err := m.read(ctx, m.db, a, "paper", &c); err != nil {
		return nil, err
	}
	switch {
	case c.Secrecy == Secret && which != PaperPrint:
		return m.stamped(ctx, mo, &c)
	case which == PaperSigned:
		r, _, err := m.blobs.Get(ctx, c.PDFKey)
		return r, err
	case which == PaperScan:
		r, _, err := m.blobs.Get(ctx, c.ScanKey)
		return r, err
	}
	doc, err := m.composed(ctx, m.db, &c, "")
	if !c.Secrecy.Kept() {
		doc, err = m.envelope(ctx, m.db, &c)
	}
	if err != nil {
		return nil, err
	}
	b, err := m.set(doc)
	return io.NopCloser(bytes.NewReader(b)), err
}

// stamped is the numbered copy of a secret letter for one reader, who stands in it. The signed
// file itself stays where it is.
func (m *Module) stamped(ctx context.Context, mo Moment, c *Case) (io.ReadCloser, error) {
	copies, err := copiesOf(ctx, m.db, c, mo)
	if err != nil {
		return nil, err
	}
	doc, err := m.composed(ctx, m.db, c, copies.Mark())
	if err != nil {
		return nil, err
	}
	if doc.Watermark == "" {
		doc.Watermark = "SALINAN RAHASIA"
	}
	doc.Foot = append(doc.Foot, CopyFor(mo))
	b, err := m.set(doc)
	return io.NopCloser(bytes.NewReader(b)), err
}

// CopyFor is the line on a copy of what is confidential that says whose it is.
func CopyFor(mo Moment) string {
	return "Salinan untuk " + mo.Actor.Name + ", " + mo.Actor.MainPosition().Title + ", dibuka " + indo.LongDateTime(mo.Now) + ". Jangan digandakan."
}
