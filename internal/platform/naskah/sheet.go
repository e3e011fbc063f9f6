package naskah

import (
	"bytes"
	"image/jpeg"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Sheet is the photo of a paper as a PDF of one A4 page, upright or across as the photo is.
func Sheet(photo []byte) (_ []byte, err error) {
	defer errs.In(&err, "set sheet")
	c, err := jpeg.DecodeConfig(bytes.NewReader(photo))
	if err != nil {
		return nil, errs.Wrap(errs.Unprocessable, err, "Berkas ini bukan foto JPEG yang dapat dibaca.")
	}
	size := fpdf.SizeType{Wd: 210, Ht: 297}
	if c.Width > c.Height {
		size = fpdf.SizeType{Wd: 297, Ht: 210}
	}
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: size})
	pdf.SetCatalogSort(true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetProducer("", false)
	pdf.SetCreationDate(time.Unix(0, 0).In(time.UTC))
	pdf.SetModificationDate(time.Unix(0, 0).In(time.UTC))
	pdf.AddPage()
	scale := min(size.Wd/float64(c.Width), size.Ht/float64(c.Height))
	w, h := float64(c.Width)*scale, float64(c.Height)*scale
	opts := fpdf.ImageOptions{ImageType: "JPG"}
	pdf.RegisterImageOptionsReader("photo", opts, bytes.NewReader(photo))
	pdf.ImageOptions("photo", (size.Wd-w)/2, (size.Ht-h)/2, w, h, false, opts, 0, "")
	var out bytes.Buffer
	err = pdf.Output(&out)
	return out.Bytes(), err
}
