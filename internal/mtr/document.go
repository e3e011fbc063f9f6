package mtr

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"strconv"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

const pdfType = "application/pdf"

var (
	pdfHead = regexp.MustCompile(`^%PDF-[12]\.[0-9][ \r\n]`)
	// pdfTail is how a PDF ends: where its cross-reference stands, and nothing after.
	pdfTail = regexp.MustCompile(`startxref[\r\n ]+([0-9]{1,10})[\r\n ]+%%EOF[\r\n\x00 ]*$`)
	// pdfXref is what stands there: a table, or a stream object.
	pdfXref = regexp.MustCompile(`^[\r\n ]*(xref|[0-9]{1,10}[\r\n ]+[0-9]{1,5}[\r\n ]+obj)`)
	markup  = regexp.MustCompile(`(?i)<(!doctype|html|script|svg|\?php|body)`)
)

// checkPDF returns the size of a document that is a PDF and nothing else: it begins
// and ends as one, its cross-reference is where it says, and it is neither an archive
// nor a page to any other reader. File stands at its beginning afterwards.
func checkPDF(in DocumentInput) (size int64, err error) {
	wrong := func(message string) error {
		return errs.Invalid(errs.Field{Name: ControlDocument, Message: message})
	}
	if size, err = in.File.Seek(0, io.SeekEnd); err != nil {
		return 0, err
	}
	if size > MaxDocumentBytes {
		return 0, wrong("Dokumen ini lebih besar dari 10 MB. Perkecil, atau pindai dengan resolusi lebih rendah.")
	}
	notPDF := wrong("Berkas ini bukan PDF yang utuh. Simpan ulang sebagai PDF, lalu unggah lagi.")
	file := seekerAt{in.File}
	head, err := file.piece(0, min(size, 1024))
	if err != nil {
		return 0, err
	}
	tail, err := file.piece(max(0, size-1024), min(size, 1024))
	if err != nil {
		return 0, err
	}
	end := pdfTail.FindSubmatch(tail)
	if !pdfHead.Match(head) || markup.Match(head) || end == nil {
		return 0, notPDF
	}
	at, err := strconv.ParseInt(string(end[1]), 10, 64)
	if err != nil || at <= 0 || at >= size {
		return 0, notPDF
	}
	xref, err := file.piece(at, min(64, size-at))
	if err != nil {
		return 0, err
	}
	if !pdfXref.Match(xref) {
		return 0, notPDF
	}
	if _, err := zip.NewReader(file, size); err == nil {
		return 0, wrong("Berkas ini sekaligus arsip ZIP. Simpan ulang sebagai PDF biasa, lalu unggah lagi.")
	}
	_, err = in.File.Seek(0, io.SeekStart)
	return size, err
}

// seekerAt reads anywhere in a file, for one reader at a time.
type seekerAt struct{ io.ReadSeeker }

func (s seekerAt) ReadAt(p []byte, at int64) (int, error) {
	if _, err := s.Seek(at, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(s, p)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return n, err
}

func (s seekerAt) piece(at, n int64) ([]byte, error) {
	var b bytes.Buffer
	_, err := io.Copy(&b, io.NewSectionReader(s, at, n))
	return b.Bytes(), err
}
