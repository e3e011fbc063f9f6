package media

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// MaxPictured is how many pages of a PDF [Processor.Picture] takes.
const MaxPictured = 150

const (
	pictureSide = "1900" // of the longer side: 160 dots an inch of A4
	pictureTime = 100 * time.Second
)

var errNoPoppler = errors.New("media: pdftoppm is missing; install poppler-utils")

// Pictured refuses what [Processor.Picture] could not take, without doing its work: a PDF
// that is broken or of more than [MaxPictured] pages as errs.Unprocessable, every PDF as
// errs.Unavailable where poppler is not installed.
func Pictured(ctx context.Context, r io.Reader) (err error) {
	defer errs.In(&err, "media.Pictured")
	return withPages(ctx, r, func(context.Context, splitter, int) error { return nil })
}

// Picture hands each page of a PDF, in their order, to each as a JPEG. Two PDFs are
// worked on at once at most; who waits longer than ctx lasts gets errs.Unavailable.
func (p *Processor) Picture(ctx context.Context, r io.Reader, each func(page []byte) error) (err error) {
	defer errs.In(&err, "media.Picture")
	if err := p.slots.Acquire(ctx, 1); err != nil {
		return busy(err)
	}
	defer p.slots.Release(1)
	return withPages(ctx, r, func(ctx context.Context, s splitter, pages int) error {
		for n := range pages {
			no := strconv.Itoa(n + 1)
			b, err := s.run(ctx, "pdftoppm", "-q", "-jpeg", "-jpegopt", "quality=80", "-scale-to", pictureSide, "-f", no, "-l", no, "-singlefile", "semua.pdf")
			if err != nil {
				return refuseUnpictured(err)
			}
			if err := each(b); err != nil {
				return err
			}
		}
		return nil
	})
}

// withPages does something with a PDF in a folder of its own and the number of its pages.
func withPages(ctx context.Context, r io.Reader, do func(ctx context.Context, s splitter, pages int) error) error {
	for _, program := range []string{"pdfinfo", "pdftoppm"} {
		if _, err := exec.LookPath(program); err != nil {
			return errs.Wrap(errs.Unavailable, errNoPoppler, "Server ini belum dapat menyiapkan PDF. Beri tahu administrator: poppler-utils belum terpasang.")
		}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, pictureTime, ErrNoSplit)
	defer cancel()
	dir, err := os.MkdirTemp("", "gambar-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s := splitter{dir: dir}
	if err := s.keep(r); err != nil {
		return err
	}
	pages, err := s.pages(ctx)
	switch {
	case err != nil:
		return refuseUnpictured(err)
	case pages > MaxPictured:
		return errs.New(errs.Unprocessable, "PDF ini lebih dari "+strconv.Itoa(MaxPictured)+" halaman. Bagi menjadi beberapa berkas.")
	}
	return do(ctx, s, pages)
}

func refuseUnpictured(err error) error {
	if errors.Is(err, ErrNoSplit) {
		return refuse(err, "PDF ini rusak atau terlalu berat untuk ditampilkan. Simpan ulang sebagai PDF lain.")
	}
	return err
}
