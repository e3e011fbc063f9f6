package letterweb

import (
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const pdfType = "application/pdf"

// serveFile writes a private file to be looked at in the browser: its type is fixed,
// nothing in it may run, no other site may embed it and nobody keeps it. Its name on
// the reader's disk says nothing about anybody.
func serveFile(w http.ResponseWriter, r *http.Request, body io.ReadCloser, contentType, name string) error {
	defer body.Close()
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("X-Content-Type-Options", "nosniff")
	// Viewers of PDFs draw with styles of their own and refuse to in a sandbox.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": name}))
	h.Set("Cache-Control", "private, no-store")
	h.Set("X-Robots-Tag", "noindex")
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, body) // the reader may be gone
	}
	return nil
}

// deskFiles are the PDFs that a letter's address may name.
var deskFiles = []letter.Which{letter.FilePDF, letter.FilePrint, letter.FileScan, letter.FilePreview}

func (k *desk) file(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	which := letter.Which(web.Path(r, "which"))
	if !slices.Contains(deskFiles, which) {
		return errs.New(errs.NotFound, "")
	}
	body, err := k.Letters.OpenFile(r.Context(), web.ActorOf(r.Context()), id, which)
	if err != nil {
		return err
	}
	return serveFile(w, r, body, pdfType, string(which)+"-"+strconv.FormatInt(id, 10)+".pdf")
}

// scan shows a scanned paper.
func (k *desk) scan(w http.ResponseWriter, r *http.Request) error {
	if _, err := web.PathInt(r, "id"); err != nil {
		return err
	}
	body, scan, err := k.Letters.OpenScan(r.Context(), web.ActorOf(r.Context()), web.Path(r, "ref"))
	if err != nil {
		return err
	}
	return serveFile(w, r, body, scan.ContentType, "berkas"+extension(scan.ContentType))
}

func extension(contentType string) string {
	switch contentType {
	case pdfType:
		return ".pdf"
	case "image/png":
		return ".png"
	case "image/webp":
		return ".webp"
	}
	return ".jpg"
}
