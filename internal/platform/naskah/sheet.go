package naskah

import (
	"bytes"
	"image/jpeg"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Sheet are photos of papers as a PDF, each on an A4 page, upright or across as the photo is.
func Sheet(photos ...[]byte) (_ []byte, err error) {
	defer errs.In(&err, "set sheet")
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetProducer("", false)
	pdf.SetCreationDate(time.Unix(0, 0).In(time.UTC))
	pdf.SetModificationDate(time.Unix(0, 0).In(time.UTC))
	for i, photo := range photos {
		c, err := jpeg.DecodeConfig(bytes.NewReader(photo))
		if err != nil {
			return nil, errs.Wrap(errs.Unprocessable, err, "Berkas ini bukan foto JPEG yang dapat dibaca.")
		}
		side, size := "P", fpdf.SizeType{Wd: 210, Ht: 297}
		if c.Width > c.Height {
			side, size = "L", fpdf.SizeType{Wd: 297, Ht: 210}
		}
		pdf.AddPageFormat(side, fpdf.SizeType{Wd: 210, Ht: 297})
		scale := min(size.Wd/float64(c.Width), size.Ht/float64(c.Height))
		w, h := float64(c.Width)*scale, float64(c.Height)*scale
		opts, name := fpdf.ImageOptions{ImageType: "JPG"}, strconv.Itoa(i)
		pdf.RegisterImageOptionsReader(name, opts, bytes.NewReader(photo))
		pdf.ImageOptions(name, (size.Wd-w)/2, (size.Ht-h)/2, w, h, false, opts, 0, "")
	}
	var out bytes.Buffer
	err = pdf.Output(&out)
	return out.Bytes(), err
}
