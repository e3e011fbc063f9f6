package media

import (
	"bytes"
	"context"
	"io"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// MaxDocumentBytes is the size of the largest document.
const MaxDocumentBytes = 25 << 20

// Upload is a file as it comes with a form.
type Upload interface {
	io.ReadSeeker
	io.ReaderAt
}

// Document is a file that is safe to keep and to hand on.
type Document struct {
	io.Reader   // its Size bytes
	Size        int64
	ContentType string
	Ending      string // of a file name, such as "pdf"
}

// Inline tells whether browsers show documents of the type by themselves.
func Inline(contentType string) bool { return contentType == PDFType || contentType == ContentType }

// Document reads a file of at most [MaxDocumentBytes] from the beginning of r: a PDF as
// [CheckPDF] takes it, a photo, which is encoded anew, a document of an office program as
// [CheckOffice] takes it, or plain text. What a file is its content says, never its name.
// For all but photos the result reads r itself. What it refuses is errs.Unprocessable, a photo
// above [MaxBytes] errs.TooLarge, with a sentence for the sender; a ctx that ends while waiting
// is errs.Unavailable.
func (p *Processor) Document(ctx context.Context, r Upload) (d Document, err error) {
	defer errs.In(&err, "media.Document")
	size, err := r.Seek(0, io.SeekEnd)
	switch {
	case err != nil:
		return d, err
	case size == 0:
		return d, refuse(errEmpty, "Berkas ini kosong. Pilih berkas lain.")
	case size > MaxDocumentBytes:
		return d, errs.New(errs.Unprocessable, "Berkas ini lebih besar dari 25 MB. Perkecil atau bagi menjadi beberapa berkas.")
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return d, err
	}
	head := make([]byte, min(size, 1024))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return d, err
	}
	d = Document{Reader: r, Size: size}
	switch {
	case bytes.HasPrefix(head, []byte("%PDF")):
		_, err := CheckPDF(r, MaxDocumentBytes)
		d.ContentType, d.Ending = PDFType, "pdf"
		return d, err
	case isPhoto(head):
		photo, err := p.process(ctx, r, ScanSide)
		return Document{bytes.NewReader(photo.Large), int64(len(photo.Large)), ContentType, "jpg"}, err
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		d.ContentType, d.Ending, err = CheckOffice(r, size)
		return d, err
	case bytes.HasPrefix(head, oleMagic):
		return d, refuse(errFormat, "Berkas ini terkunci dengan kata sandi, atau dari program kantor versi lama yang dapat memuat makro. Simpan ulang sebagai DOCX, XLSX, PPTX, atau PDF tanpa kata sandi.")
	case isText(r, size, head):
		d.ContentType, d.Ending = "text/plain; charset=utf-8", "txt"
		return d, nil
	}
	return d, refuse(errFormat, "Jenis berkas ini tidak diterima. Kirim PDF, foto, dokumen Word, Excel, PowerPoint, atau OpenDocument, atau teks biasa.")
}

// oleMagic begins the files of old office programs, and new ones with a password.
var oleMagic = []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}

// isText knows text without controls that is no page and no program.
func isText(r Upload, size int64, head []byte) bool {
	if markup.Match(head) || bytes.HasPrefix(head, []byte("#!")) || bytes.HasPrefix(head, []byte("MZ")) {
		return false
	}
	all := make([]byte, size)
	if _, err := r.ReadAt(all, 0); err != nil && err != io.EOF {
		return false
	}
	return utf8.Valid(all) && !bytes.ContainsFunc(all, func(c rune) bool { return c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' })
}
