package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// Words are what a kept document says, at most two million letters of it: of text itself, of
// office documents as [OfficeText] reads them, of PDFs what pdftotext of poppler finds in
// them. What has no words of its own, a scan or a photo, is read by tesseract in Indonesian,
// a PDF up to its 30th page. Without these programs there are no words, and the log says so.
func Words(ctx context.Context, contentType string, r Upload, size int64) (string, error) {
	switch {
	case contentType == PDFType:
		text, err := pdfText(ctx, r)
		if err != nil || strings.TrimSpace(text) != "" {
			return text, err
		}
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			return "", err
		}
		return readScan(ctx, r)
	case contentType == ContentType:
		return readPhoto(ctx, r)
	case strings.HasPrefix(contentType, "text/plain"):
		b, err := io.ReadAll(io.LimitReader(r, maxText))
		return strings.ToValidUTF8(string(b), ""), err
	case strings.HasPrefix(contentType, "application/"):
		return OfficeText(r, size), nil
	}
	return "", nil
}

var tellOnce sync.Once

func pdfText(ctx context.Context, r io.Reader) (string, error) {
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		tellOnce.Do(func() {
			slog.WarnContext(ctx, "PDFs are not searched: pdftotext is missing; install poppler-utils")
		})
		return "", nil
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "-q", "-enc", "UTF-8", "-l", "500", "-", "-")
	cmd.Stdin = r
	out := &first{most: maxText}
	cmd.Stdout = out
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return "", fmt.Errorf("read the words of a PDF: %w", ctx.Err())
	case errors.As(err, &exit): // a PDF that it cannot read has none
		return "", nil
	case err != nil:
		return "", err
	}
	return strings.ToValidUTF8(out.String(), ""), nil
}

// first keeps the first bytes of what is written to it.
type first struct {
	bytes.Buffer
	most int
}

func (f *first) Write(p []byte) (int, error) {
	f.Buffer.Write(p[:min(len(p), max(0, f.most-f.Len()))])
	return len(p), nil
}
