package eoffice

import (
	"bytes"
	"context"
	"strings"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
)

// keepsMark tells whether a copy of a file of the type can show the mark of its reader and
// everything that is in the file.
func keepsMark(contentType string) bool {
	return contentType == media.PDFType || contentType == media.ContentType || isPlain(contentType)
}

func isPlain(contentType string) bool { return strings.HasPrefix(contentType, "text/plain") }

const noMark = "Lampiran naskah rahasia berupa PDF, foto, atau teks, supaya setiap salinannya memuat nama pembacanya. Simpan dokumen ini sebagai PDF."

// marked is a file of a secret letter as the copy of one reader, a PDF: pages and photos as
// pictures with the mark over and below them, text set anew. Of a document of an office
// program, which a letter may have that became secret on its way, it holds the words.
func (m *Module) marked(ctx context.Context, mo Moment, c *Case, f File) (_ []byte, err error) {
	defer errs.In(&err, "eoffice.marked(%d)", f.ID)
	mark := naskah.Mark{Across: "SALINAN RAHASIA · " + strings.ToUpper(mo.Actor.Name), Foot: CopyFor(mo)}
	if !c.Incoming() {
		copies, err := copiesOf(ctx, m.db, c, mo)
		if err != nil {
			return nil, err
		}
		mark.Foot = copies.Mark() + ". " + mark.Foot
	}
	b, err := m.readAll(ctx, f.BlobKey)
	if err != nil {
		return nil, err
	}
	switch f.Type {
	case media.PDFType:
		var pages [][]byte
		err := m.scans.Picture(ctx, bytes.NewReader(b), func(page []byte) error {
			pages = append(pages, page)
			return nil
		})
		if err != nil {
			return nil, err
		}
		return naskah.MarkedSheet(mark, pages...)
	case media.ContentType:
		return naskah.MarkedSheet(mark, b)
	}
	said := string(b)
	doc := naskah.Document{Title: "LAMPIRAN", Unnumbered: true, Subject: "Lampiran", Created: mo.Now, Watermark: "SALINAN RAHASIA", Foot: []string{mark.Foot}}
	if !isPlain(f.Type) {
		said = media.OfficeText(bytes.NewReader(b), int64(len(b)))
		doc.Foot = append(doc.Foot, "Hanya kata-kata dari dokumen aslinya: gambar dan tata letaknya tidak ikut.")
	}
	var lines []string
	for line := range strings.Lines(strings.ToValidUTF8(said, "")) {
		lines = append(lines, strings.TrimSpace(tidyWords(line)))
	}
	doc.Blocks = []naskah.Block{naskah.Rich{Runs: []naskah.Run{{Text: strings.Join(lines, "\n")}}}}
	return naskah.Render(doc)
}

// mayBeMarked refuses to send a secret draft on its way with files whose copies could not
// name their readers.
func (m *Module) mayBeMarked(ctx context.Context, a authz.Actor, letterID int64) error {
	c, d, err := m.DraftOf(ctx, a, letterID)
	if err != nil || d.Secrecy != Secret {
		return err
	}
	files, err := filesOf(ctx, m.db, c.ID)
	if err != nil {
		return err
	}
	for _, f := range files {
		refused := ""
		switch {
		case !keepsMark(f.Type):
			refused = noMark
		case f.Type == media.PDFType:
			b, err := m.readAll(ctx, f.BlobKey)
			if err != nil {
				return err
			}
			if err := media.Pictured(ctx, bytes.NewReader(b)); errs.KindOf(err) == errs.Unprocessable {
				refused = errs.MessageOf(err)
			} else if err != nil {
				return err
			}
		}
		if refused != "" {
			return errs.Invalid(errs.Field{Name: ControlFile, Message: f.Name + ": " + refused})
		}
	}
	return nil
}
