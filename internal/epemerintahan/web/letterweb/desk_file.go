package letterweb

import (
	"net/http"
	"slices"
	"strconv"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const pdfType = "application/pdf"

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
	return web.ServeFile(w, r, body, pdfType, string(which)+"-"+strconv.FormatInt(id, 10)+".pdf")
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
	return web.ServeFile(w, r, body, scan.ContentType, "berkas"+extension(scan.ContentType))
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
