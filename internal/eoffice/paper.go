package eoffice

import (
	"bytes"
	"context"
	"io"
	"time"

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
	if d.See != Whole || !d.Secrecy.Kept() {
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
	case c.Secrecy == Secret && which == PaperSigned:
		return m.stamped(ctx, a, &c)
	case which == PaperSigned:
		r, _, err := m.blobs.Get(ctx, c.PDFKey)
		return r, err
	case which == PaperScan:
		r, _, err := m.blobs.Get(ctx, c.ScanKey)
		return r, err
	}
	compose := m.composed
	if !c.Secrecy.Kept() {
		compose = m.envelope
	}
	doc, err := compose(ctx, m.db, &c)
	if err != nil {
		return nil, err
	}
	b, err := m.set(doc)
	return io.NopCloser(bytes.NewReader(b)), err
}

// stamped is a copy of a secret letter for one reader, who stands in it. The signed file
// itself stays where it is.
func (m *Module) stamped(ctx context.Context, a authz.Actor, c *Case) (io.ReadCloser, error) {
	doc, err := m.composed(ctx, m.db, c)
	if err != nil {
		return nil, err
	}
	doc.Watermark = "SALINAN RAHASIA"
	doc.Foot = append(doc.Foot, copyFor(a, m.now()))
	b, err := m.set(doc)
	return io.NopCloser(bytes.NewReader(b)), err
}

// copyFor is the line at the foot of a copy that says whose it is.
func copyFor(a authz.Actor, at time.Time) string {
	return "Salinan untuk " + a.Name + ", " + a.MainPosition().Title + ", dibuka " + indo.LongDateTime(at) + ". Jangan digandakan."
}
