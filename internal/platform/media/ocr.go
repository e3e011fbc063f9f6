package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	ocrPages = 30              // of a scan; what a letter is about stands on its first pages
	ocrTime  = 3 * time.Minute // what is read until then counts
)

// canRead tells whether tesseract is here and knows Indonesian.
var canRead = sync.OnceValue(func() bool {
	out, err := exec.Command("tesseract", "--list-langs").Output()
	for line := range strings.Lines(string(out)) {
		if err == nil && strings.TrimSpace(line) == "ind" {
			return true
		}
	}
	slog.Warn("scans are not searched: tesseract or its Indonesian is missing; install tesseract-ocr-ind")
	return false
})

// readPhoto is what a photo of a paper says, "" where the server cannot read.
func readPhoto(ctx context.Context, r io.Reader) (string, error) {
	if !canRead() {
		return "", nil
	}
	ctx, cancel := context.WithTimeout(ctx, ocrTime)
	defer cancel()
	return recognise(ctx, r)
}

// readScan is what the first pages of a scanned PDF say, "" where the server cannot read.
func readScan(ctx context.Context, r io.Reader) (string, error) {
	if !canRead() {
		return "", nil
	}
	whole := ctx
	ctx, cancel := context.WithTimeout(ctx, ocrTime)
	defer cancel()
	dir, err := os.MkdirTemp("", "baca-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	s := splitter{dir: dir}
	if err := s.keep(r); err != nil {
		return "", err
	}
	pages, err := s.pages(ctx)
	if errors.Is(err, ErrNoSplit) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var out []string
	for p := range min(pages, ocrPages) {
		n := strconv.Itoa(p + 1)
		// At 2400 dots a page small print is readable, and no page makes a giant picture.
		picture, err := s.run(ctx, "pdftoppm", "-q", "-gray", "-scale-to", strconv.Itoa(ScanSide), "-f", n, "-l", n, "-singlefile", "semua.pdf")
		if errors.Is(err, ErrNoSplit) {
			continue
		}
		text := ""
		if err == nil {
			text, err = recognise(ctx, bytes.NewReader(picture))
		}
		if err != nil && ctx.Err() != nil && whole.Err() == nil {
			break
		}
		if err != nil {
			return "", err
		}
		out = append(out, text)
	}
	return strings.TrimSpace(strings.Join(out, "\n")), nil
}

// recognise runs tesseract on one picture; one that it cannot read says nothing.
func recognise(ctx context.Context, picture io.Reader) (string, error) {
	cmd := exec.CommandContext(ctx, "tesseract", "-", "-", "-l", "ind")
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1") // one core is enough beside the portal
	cmd.Stdin = picture
	out := &first{most: maxText}
	cmd.Stdout = out
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return "", fmt.Errorf("read a scan: %w", ctx.Err())
	case errors.As(err, &exit):
		return "", nil
	}
	return strings.ToValidUTF8(out.String(), ""), err
}
