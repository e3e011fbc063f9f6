package eoffice

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"makassartidakrantasa.com/portal/internal/eoffice/kind"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlPaperNames = `
SELECT r.role, COALESCE(p.title, r.name) AS name, r.address, r.group_name AS "group" FROM eoffice_recipient r LEFT JOIN org_position p ON p.id = r.position_id
WHERE r.letter_id = $1 ORDER BY r.ord, r.id`

// composed is a letter as its paper shows it, numbered or not; mark stands on a numbered copy.
func (m *Module) composed(ctx context.Context, q pg.Querier, c *Case, mark string) (doc naskah.Document, err error) {
	k, err := kindOf(c)
	if err != nil {
		return doc, err
	}
	office, err := officeOf(ctx, q, c.UnitID)
	if err != nil {
		return doc, err
	}
	content, err := m.contentOf(ctx, q, c.ID)
	if err != nil {
		return doc, err
	}
	people, err := pg.Many[struct{ Role, Name, Address, Group string }](ctx, q, sqlPaperNames, c.ID)
	if err != nil {
		return doc, err
	}
	files, err := filesOf(ctx, q, c.ID)
	if err != nil {
		return doc, err
	}
	in := kind.Letter{
		Head: office.head(), Paper: office.paper(), Number: c.LetterNumber, Place: City, Secrecy: c.Secrecy.Label(),
		Subject: content.Subject, Body: content.Body, Attachments: len(files), Author: office.Name, Created: m.now(),
	}
	if c.Secrecy.Confidential() {
		copies, err := copiesOf(ctx, q, c, Moment{})
		if err != nil {
			return doc, err
		}
		in.Copy, in.Copies = cmp.Or(mark, copies.made()), copies.For
	}
	if c.Urgency != Ordinary {
		in.Urgency = c.Urgency.Label()
	}
	if c.DatedAt != nil {
		in.Date, in.Created = *c.DatedAt, *c.DatedAt
	}
	for _, p := range people {
		if p.Role == "kepada" {
			in.To = append(in.To, kind.Recipient{Name: p.Name, Address: p.Address, Group: p.Group})
		} else {
			in.CC = append(in.CC, p.Name)
		}
	}
	for _, l := range c.Chain {
		if l.Duty == Sign {
			in.From = l.Title
		}
	}
	for _, b := range c.Blocks {
		in.Signatures = append(in.Signatures, b.signature(c.Mode))
	}
	if len(c.Blocks) == 0 {
		in.Watermark = "KONSEP"
		for _, l := range c.Chain {
			if l.Duty == Sign {
				in.Signatures = append(in.Signatures, naskah.Signature{Lines: BlockLines(l.Title, "")})
			}
		}
	}
	if c.Status == Revoked {
		in.Watermark = "DICABUT"
	}
	sealed, err := pg.Scalar[[]byte](ctx, q, sqlToken, c.ID)
	if err != nil {
		return doc, err
	}
	if len(sealed) > 0 {
		token, err := m.box.Open(sealed, sealToken)
		if err != nil {
			return doc, err
		}
		in.QR = naskah.QR{Text: m.baseURL + "/verifikasi/" + token, Caption: "Pindai untuk memeriksa\nkeaslian naskah ini"}
	}
	in.Foot = foot(c, in.QR.Text)
	return kind.Compose(k, in), nil
}

// foot tells whoever holds the letter how far to trust it.
func foot(c *Case, address string) (out []string) {
	if c.Mode == Electronic && len(c.Blocks) > 0 {
		if slices.ContainsFunc(c.Blocks, func(b Block) bool { return !b.Certified }) {
			out = append(out, "Naskah ini ditandatangani secara elektronik oleh sistem Pemerintah Kota Makassar dan tidak tersertifikasi BSrE.")
		} else {
			out = append(out, "Dokumen ini ditandatangani secara elektronik dengan sertifikat elektronik yang diterbitkan oleh Balai Besar Sertifikasi Elektronik (BSrE), BSSN.")
		}
	}
	if address != "" {
		out = append(out, "Keaslian naskah dapat diperiksa dengan memindai kode QR atau di "+address)
	}
	return out
}

// envelope is the numbered sheet of a letter whose content stays on paper: it goes on the
// envelope and into the file.
func (m *Module) envelope(ctx context.Context, q pg.Querier, c *Case) (doc naskah.Document, err error) {
	if doc, err = m.composed(ctx, q, c, ""); err != nil {
		return doc, err
	}
	people, err := pg.Scalars[string](ctx, q, sqlNames, c.ID)
	if err != nil {
		return doc, err
	}
	copies, err := copiesOf(ctx, q, c, Moment{})
	if err != nil {
		return doc, err
	}
	doc.Title, doc.Signatures, doc.After = "LEMBAR NOMOR NASKAH", nil, kind.Distribution(copies.For)
	doc.Blocks = []naskah.Block{
		naskah.Fields{{Label: "Sifat", Value: strings.ToUpper(c.Secrecy.Label())}, {Label: "Urgensi", Value: c.Urgency.Label()}, {Label: "Kepada", Value: strings.Join(people, "; ")}},
		naskah.Paragraph{Text: fmt.Sprintf("Tulis nomor dan tanggal ini pada naskah, bubuhi tanda tangan, dan kirim dalam sampul ganda. "+
			"Halaman pertama setiap salinan memuat nomornya, seperti “Salinan 1 dari %d”. Isinya tidak disimpan di portal.", len(copies.For))},
	}
	return doc, nil
}
