package media

import (
	"bytes"
	"context"
	"io"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

const (
	// MaxScanBytes is the size of the largest scan of a paper.
	MaxScanBytes = 10 << 20
	// ScanSide is the longest side of a photographed paper: small print on A4 stays
	// readable.
	ScanSide = 2400
)

// Scan is a paper that is safe to keep: a photo encoded anew, or a checked PDF.
type Scan struct {
	io.Reader   // its Size bytes
	Size        int64
	ContentType string
}

// Scan reads the scan or photo of a paper from the beginning of r: JPEG, PNG or WebP
// as [Processor.Process] takes them, or a PDF as [CheckPDF] does. For a PDF the
// result reads r itself. What it refuses is errs.Unprocessable with a sentence for
// the sender; a ctx that ends while waiting is errs.Unavailable.
func (p *Processor) Scan(ctx context.Context, r io.ReadSeeker) (_ Scan, err error) {
	defer errs.In(&err, "media.Scan")
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return Scan{}, err
	}
	switch {
	case size == 0:
		return Scan{}, refuse(errEmpty, "Berkas ini kosong. Pilih berkas lain.")
	case size > MaxScanBytes:
		return Scan{}, errs.New(errs.Unprocessable, "Berkas ini lebih besar dari 10 MB. Perkecil, atau pindai dengan resolusi lebih rendah.")
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return Scan{}, err
	}
	head := make([]byte, min(size, 12))
	if _, err := io.ReadFull(r, head); err != nil {
		return Scan{}, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("%PDF")):
		size, err := CheckPDF(r, MaxScanBytes)
		return Scan{Reader: r, Size: size, ContentType: PDFType}, err
	case !isPhoto(head):
		return Scan{}, refuse(errFormat, "Berkas ini bukan PDF atau foto JPEG, PNG, atau WebP. Pilih berkas lain.")
	}
	photo, err := p.process(ctx, r, ScanSide)
	return Scan{Reader: bytes.NewReader(photo.Large), Size: int64(len(photo.Large)), ContentType: ContentType}, err
}

// isPhoto knows photos by their beginning, those included that get a sentence of
// their own later.
func isPhoto(head []byte) bool {
	return bytes.HasPrefix(head, []byte{0xff, 0xd8, 0xff}) || bytes.HasPrefix(head, []byte(pngMagic)) ||
		bytes.HasPrefix(head, []byte("RIFF")) || isHEIF(head)
}
