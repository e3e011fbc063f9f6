package media

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
)

const (
	docxTypes = `<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
	docxBody  = `<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>Rencana</w:t></w:r><w:r><w:t> kerja</w:t></w:r></w:p><w:p><w:r><w:t>drainase</w:t></w:r></w:p></w:body></w:document>`
	odtType   = "application/vnd.oasis.opendocument.text"
)

func TestDocuments(t *testing.T) {
	t.Parallel()
	p := New(Options{})
	remote := `<Relationships><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://127.0.0.1/x.dotm" TargetMode="External"/></Relationships>`
	link := `<Relationships><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="http://127.0.0.1/" TargetMode="External"/></Relationships>`
	half := strings.Repeat(" ", maxRead/2)
	for name, v := range map[string]struct {
		data   []byte
		ending string // "": refused
		says   string
	}{
		"docx":               {mediatest.Archive("[Content_Types].xml", docxTypes, "word/document.xml", docxBody, "word/_rels/document.xml.rels", link), "docx", ""},
		"xlsx":               {mediatest.Archive("[Content_Types].xml", strings.Replace(docxTypes, "wordprocessingml.document", "spreadsheetml.sheet", 1)), "xlsx", ""},
		"odt":                {mediatest.Archive("mimetype", odtType, "META-INF/manifest.xml", "<m/>", "content.xml", "<a/>"), "odt", ""},
		"text":               {[]byte("No;Nama\n1;Daeng Naba\n"), "txt", ""},
		"macro by type":      {mediatest.Archive("[Content_Types].xml", strings.Replace(docxTypes, "vnd.openxmlformats-officedocument.wordprocessingml.document", "vnd.ms-word.document.macroEnabled", 1)), "", "makro"},
		"macro by part":      {mediatest.Archive("[Content_Types].xml", docxTypes, "word/VBAproject.bin", "x"), "", "makro"},
		"program inside":     {mediatest.Archive("[Content_Types].xml", docxTypes, "word/embeddings/a.exe", "MZ"), "", "makro"},
		"ole inside":         {mediatest.Archive("[Content_Types].xml", docxTypes, "word/embeddings/oleObject1.bin", "x"), "", "makro"},
		"fetched template":   {mediatest.Archive("[Content_Types].xml", docxTypes, "word/_rels/settings.xml.rels", remote), "", "tempat lain"},
		"template unnoticed": {mediatest.Archive("[Content_Types].xml", docxTypes, "word/_rels/settings.xml.RELS", remote), "", "tempat lain"},
		"swelling part":      {mediatest.Archive("[Content_Types].xml", docxTypes, "_rels/.rels", link+strings.Repeat(" ", maxRead)), "", "bukan dokumen"},
		"swelling together":  {mediatest.Archive("[Content_Types].xml", docxTypes, "a.rels", link+half, "b.rels", link+half), "", "bukan dokumen"},
		"odt with basic":     {mediatest.Archive("mimetype", odtType, "META-INF/manifest.xml", "<m/>", "Basic/Standard/a.xml", "x"), "", "makro"},
		"odt with a key":     {mediatest.Archive("mimetype", odtType, "META-INF/manifest.xml", "<m:encryption-data/>"), "", "kata sandi"},
		"any archive":        {mediatest.Archive("a.txt", "x"), "", "bukan dokumen"},
		"broken archive":     {append([]byte("PK\x03\x04"), make([]byte, 100)...), "", "bukan dokumen"},
		"old word":           {append(bytes.Clone(oleMagic), make([]byte, 600)...), "", "versi lama"},
		"program":            {append([]byte("MZ"), make([]byte, 600)...), "", "tidak diterima"},
		"script":             {[]byte("#!/bin/sh\nrm -rf /\n"), "", "tidak diterima"},
		"page":               {[]byte("<html><script>alert(1)</script>"), "", "tidak diterima"},
		"controls":           {[]byte("a\x00b"), "", "tidak diterima"},
		"nothing":            {nil, "", "kosong"},
		"too large":          {make([]byte, MaxDocumentBytes+1), "", "25 MB"},
	} {
		d, err := p.Document(context.Background(), bytes.NewReader(v.data))
		switch {
		case v.ending == "":
			if errs.KindOf(err) != errs.Unprocessable || !strings.Contains(errs.MessageOf(err), v.says) {
				t.Errorf("%s: got %v, want %q", name, err, v.says)
			}
		case err != nil || d.Ending != v.ending:
			t.Errorf("%s: got %q, %v", name, d.Ending, err)
		default:
			kept, err := io.ReadAll(d)
			if err != nil || !bytes.Equal(kept, v.data) || d.Size != int64(len(v.data)) {
				t.Errorf("%s: %d bytes are kept of %d, %v", name, len(kept), len(v.data), err)
			}
		}
	}
}

func TestWordsOfDocuments(t *testing.T) {
	t.Parallel()
	b := mediatest.Archive("[Content_Types].xml", docxTypes, "word/document.xml", docxBody)
	if got := strings.Join(strings.Fields(OfficeText(bytes.NewReader(b), int64(len(b)))), " "); got != "Rencana kerja drainase" {
		t.Errorf("%q", got)
	}
	if got := OfficeText(bytes.NewReader([]byte("x")), 1); got != "" {
		t.Errorf("%q", got)
	}
}

func FuzzCheckOffice(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(_ *testing.T, b []byte) {
		r := bytes.NewReader(b)
		if _, _, err := CheckOffice(r, int64(len(b))); err == nil {
			OfficeText(r, int64(len(b)))
		}
	})
}
