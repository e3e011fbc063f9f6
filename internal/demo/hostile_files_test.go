package demo_test

import (
	"bytes"
	"strings"

	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
)

// A badFile is one that nobody sends in good faith.
type badFile struct {
	name string
	data []byte
}

// evil is what a browser would run; mediatest's polyglots have it too.
const evil = "<html><body><script>alert(1)</script></body></html>"

// badName leads out of a folder, breaks lines, is a page, and is turned around so that it seems to end
// as a picture does.
var badName = "../../etc/passwd\x00\r\nSet-Cookie: a=b\r\n..\\<b id=\"nama-jahat\">\u202egpj." + strings.Repeat("x", 300) + ".exe"

// badFiles are refused wherever files are taken, whatever kind of files that is.
func badFiles() []badFile {
	pdf := mediatest.PDF("")
	locked := bytes.Replace(mediatest.PDF("", "<< /Filter /Standard >>"), []byte("/Root 1 0 R"), []byte("/Root 1 0 R /Encrypt 4 0 R"), 1)
	const (
		word  = `<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
		sheet = `<?xml version="1.0"?><Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`
	)
	return []badFile{
		{"nothing.jpg", nil},
		{"page.png", []byte("\x89PNG\r\n\x1a\n" + evil)},
		{"drawing.svg", mediatest.SVG()},
		{"page.jpg", []byte(evil)},
		{"moving.gif", mediatest.GIF()},
		{"iphone.heic", mediatest.HEIC()},
		{"30000x30000.png", mediatest.PNGHeader(30_000, 30_000)},
		{"30000x30000.jpg", mediatest.JPEGBomb(30_000, 30_000)},
		{"half.jpg", mediatest.JPEG(320, 240)[:900]},
		{"page and paper.pdf", append([]byte("%PDF-1.7\n"+evil+"\n"), pdf...)},
		{"paper and archive.pdf", append(bytes.Clone(pdf), mediatest.Archive("a.txt", "x")...)},
		{"archive.pdf", mediatest.Archive("a.txt", evil)},
		{"program.pdf", append([]byte("MZ\x90\x00\x03"), make([]byte, 600)...)},
		{"script.pdf", mediatest.PDF("", "<< /S /JavaScript /JS (app.alert\\(1\\)) >>")},
		{"opens by itself.pdf", mediatest.PDF("/OpenAction << /S /Named /N /Print >>")},
		{"carries.pdf", mediatest.PDF("/Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >>", "<< /Type /Filespec /EF << /F 5 0 R >> >>", "<< /Type /EmbeddedFile /Length 0 >>\nstream\n\nendstream")},
		{"locked.pdf", locked},
		{"half.pdf", pdf[:200]},
		{"macro.docx", mediatest.Archive("[Content_Types].xml", word, "word/vbaProject.bin", "x")},
		{"bomb.xlsx", mediatest.Archive("[Content_Types].xml", sheet, "_rels/.rels", strings.Repeat(" ", 40<<20))},
		{"old.xls", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...)},
	}
}

// tooLarge is one byte more than a route takes of one file, or a photo more than any photo may be.
func tooLarge(u upload, limit int64) []badFile {
	of := func(name, head string, size int64) badFile {
		data := make([]byte, size)
		copy(data, head)
		return badFile{name, data}
	}
	switch u.takes {
	case photos:
		return []badFile{of("large.jpg", "\xff\xd8\xff", media.MaxBytes+1)}
	case documents:
		return []badFile{of("large.jpg", "\xff\xd8\xff", media.MaxBytes+1), of("large.pdf", "%PDF-1.7\n", limit+1)}
	case sheets:
		return []badFile{of("large.csv", "a;b\n", limit+1)}
	}
	return []badFile{of("large.pdf", "%PDF-1.7\n", limit+1)}
}
