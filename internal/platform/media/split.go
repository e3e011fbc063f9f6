package media

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	maxSplitPages = 500
	splitDPI      = "110" // a QR code of 25 mm has five dots a square
	splitTime     = 3 * time.Minute
)

// splitters are the programs of poppler and zbar that [SplitPDF] runs.
var splitters = []string{"pdfinfo", "pdftoppm", "pdfseparate", "pdfunite", "zbarimg"}

// CanSplit tells whether the programs are there that [SplitPDF] needs.
func CanSplit() bool {
	return !slices.ContainsFunc(splitters, func(p string) bool { _, err := exec.LookPath(p); return err != nil })
}

// ErrNoSplit is a PDF that cannot be split: broken, of more than 500 pages, or of so many
// that three minutes are not enough.
var ErrNoSplit = errors.New("media: this PDF cannot be split")

// SplitPDF cuts a PDF where pages carry a QR code with the text mark, and hands the parts
// between them to each, in their order. The pages with the code are in no part, nor is an
// empty page after one, which is its back; so a PDF of such pages alone has no part. It
// needs [CanSplit].
func SplitPDF(ctx context.Context, r io.Reader, mark string, each func(part []byte) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, splitTime, ErrNoSplit)
	defer cancel()
	dir, err := os.MkdirTemp("", "pindaian-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s := splitter{dir: dir, mark: mark}
	if err := s.keep(r); err != nil {
		return err
	}
	pages, err := s.pages(ctx)
	if err != nil {
		return err
	}
	var part []int
	done := func() error {
		if len(part) == 0 {
			return nil
		}
		b, err := s.unite(ctx, part)
		if err != nil {
			return err
		}
		part = part[:0]
		return each(b)
	}
	back := false // the page before is a separator
	for p := 1; p <= pages; p++ {
		sheet, empty, err := s.look(ctx, p)
		switch {
		case err != nil:
			return err
		case sheet:
			if err := done(); err != nil {
				return err
			}
		case !back || !empty:
			part = append(part, p)
		}
		back = sheet
	}
	return done()
}

type splitter struct{ dir, mark string }

func (s splitter) path(name string) string { return filepath.Join(s.dir, name) }

func (s splitter) keep(r io.Reader) error {
	f, err := os.OpenFile(s.path("semua.pdf"), os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Close())
}

// run is what a program says; that it fails is [ErrNoSplit].
func (s splitter) run(ctx context.Context, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = s.dir
	out, err := cmd.Output()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("split a PDF: %w", context.Cause(ctx))
	case errors.As(err, &exit):
		return out, fmt.Errorf("%w: %s ends with %d", ErrNoSplit, name, exit.ExitCode())
	}
	return out, err
}

func (s splitter) pages(ctx context.Context) (int, error) {
	out, err := s.run(ctx, "pdfinfo", "semua.pdf")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(out)) {
		if v, ok := strings.CutPrefix(line, "Pages:"); ok {
			n, err := strconv.Atoi(strings.TrimSpace(v))
			if err != nil || n < 1 || n > maxSplitPages {
				return 0, fmt.Errorf("%w: %d pages", ErrNoSplit, n)
			}
			return n, nil
		}
	}
	return 0, ErrNoSplit
}

// look tells whether a page carries the mark, and whether there is nothing on it.
func (s splitter) look(ctx context.Context, page int) (sheet, empty bool, err error) {
	n := strconv.Itoa(page)
	// Pages of unheard-of size would make pictures of gigabytes.
	if _, err = s.run(ctx, "pdftoppm", "-q", "-gray", "-r", splitDPI, "-scale-to", "1600", "-f", n, "-l", n, "-singlefile", "semua.pdf", "lihat"); err != nil {
		return false, false, err
	}
	out, err := s.run(ctx, "zbarimg", "-q", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", "lihat.pgm")
	if err != nil && !errors.Is(err, ErrNoSplit) { // it fails where it finds none
		return false, false, err
	}
	for line := range strings.Lines(string(out)) {
		sheet = sheet || strings.TrimSpace(line) == s.mark
	}
	empty, err = blank(s.path("lihat.pgm"))
	return sheet, empty, err
}

// blank tells whether less than one dot in five thousand of a grey picture is dark: one line
// of text has more. Dust may have too: a leaf too many does less harm than one too few.
func blank(path string) (bool, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	r := bufio.NewReader(bytes.NewReader(b))
	var width, height, most int
	if _, err := fmt.Fscanf(r, "P5\n%d %d\n%d\n", &width, &height, &most); err != nil {
		return false, fmt.Errorf("%w: no grey picture", ErrNoSplit)
	}
	dark, all := 0, 0
	for {
		c, err := r.ReadByte()
		if err != nil {
			break
		}
		all++
		if c < 128 {
			dark++
		}
	}
	return dark*5000 < all, nil
}

// unite is a PDF of some pages, which follow each other.
func (s splitter) unite(ctx context.Context, pages []int) ([]byte, error) {
	args := make([]string, 0, len(pages)+1)
	for _, p := range pages {
		n := strconv.Itoa(p)
		if _, err := s.run(ctx, "pdfseparate", "-f", n, "-l", n, "semua.pdf", "halaman-%d.pdf"); err != nil {
			return nil, err
		}
		args = append(args, "halaman-"+n+".pdf")
	}
	if len(args) > 1 {
		if _, err := s.run(ctx, "pdfunite", append(slices.Clone(args), "bagian.pdf")...); err != nil {
			return nil, err
		}
	} else if err := os.Rename(s.path(args[0]), s.path("bagian.pdf")); err != nil {
		return nil, err
	}
	return os.ReadFile(s.path("bagian.pdf"))
}
