package eoffice

import (
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
)

// docx is a Word document that says something.
func docx(says string) string {
	return string(mediatest.Archive(
		"[Content_Types].xml", `<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"word/document.xml", `<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>`+says+`</w:t></w:r></w:p></w:body></w:document>`,
	))
}

// What goes with a secret letter is opened as a copy that names its reader, whatever it is;
// the file itself stays as it was sent. Documents whose copies could not be marked are refused.
func TestFilesOfASecretLetterNameTheirReader(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	d := p.draft()
	d.CC, d.Secrecy = nil, Restricted
	id := c.begin(p, d)
	pdf, err := naskah.Render(naskah.Document{Title: "DENAH", Unnumbered: true, Created: start, Blocks: []naskah.Block{naskah.Paragraph{Text: "Rahasia di dalamnya"}}})
	c.must(err)
	for name, content := range map[string]string{"denah.pdf": string(pdf), "daftar.txt": "Lorong 1\nLorong 2", "foto.jpg": string(mediatest.JPEG(300, 200))} {
		c.must(c.AttachFile(c.ctx, p.drafter.Actor, id, upload(name, content)))
	}
	c.must(c.AttachFile(c.ctx, p.drafter.Actor, id, upload("a.docx", docx("Rencana"))))
	office := c.files(id)[3]
	d.Secrecy = Secret
	_, err = c.SaveDraft(c.ctx, p.drafter.Actor, id, 1, d)
	c.must(err)
	errstest.Field(t, c.AttachFile(c.ctx, p.drafter.Actor, id, upload("b.docx", docx("Lain"))), ControlFile)
	_, err = c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
	errstest.Field(t, err, ControlFile)
	opens := func(w worker, f File, says ...string) {
		t.Helper()
		r, got, err := c.OpenFile(c.ctx, w.Actor, id, f.ID)
		c.must(err)
		words := pdfWords(t, all(t, r))
		for _, part := range append(says, "Salinan untuk "+w.Name) {
			if got.Ending() != "pdf" || !strings.Contains(words, part) {
				t.Errorf("%s opens %s as %s without %q: %s", w.Name, f.Name, got.Ending(), part, words)
			}
		}
	}
	opens(p.drafter, office, "Rencana", "Hanya kata-kata")
	c.must(c.RemoveFile(c.ctx, p.drafter.Actor, id, office.ID))
	_, err = c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
	c.must(err)
	c.toSign(p, id)
	c.must(c.sign(p.head, id).Err)
	_, err = c.Send(c.ctx, p.clerk.Actor, Act{ID: id})
	c.must(err)
	for _, f := range c.files(id) {
		opens(p.other, f, "Salinan 1 dari 2")
		opens(p.head, f, "Salinan 2 dari 2")
		if f.Ending() == "txt" {
			opens(p.other, f, "Lorong 1 Lorong 2")
		}
		r, _, err := c.blobs.Get(c.ctx, f.BlobKey)
		c.must(err)
		if b := all(t, r); int64(len(b)) != f.Size {
			t.Errorf("%s changed in the store", f.Name)
		}
	}
}
