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
func Sheet(photos ...[]byte) ([]byte, error) { return MarkedSheet(Mark{}, photos...) }

// Mark says whose copy a paper is: Across in pale letters over each page, darkening nothing
// that is printed there, and Foot in small ones below it. The zero Mark is none.
type Mark struct{ Across, Foot string }

// MarkedSheet is [Sheet] with a mark on every page.
func MarkedSheet(m Mark, photos ...[]byte) (_ []byte, err error) {
	defer errs.In(&err, "set sheet")
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetProducer("", false)
	pdf.SetCreationDate(time.Unix(0, 0).In(time.UTC))
	pdf.SetModificationDate(time.Unix(0, 0).In(time.UTC))
	p := &pen{pdf: pdf}
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
		p.now = letterform{}
		foot := m.foot(size.Wd)
		room := size.Ht
		if len(foot) > 0 {
			room -= bottomEdge + footLead*float64(len(foot))
		}
		scale := min(size.Wd/float64(c.Width), room/float64(c.Height))
		w, h := float64(c.Width)*scale, float64(c.Height)*scale
		opts, name := fpdf.ImageOptions{ImageType: "JPG"}, strconv.Itoa(i)
		pdf.RegisterImageOptionsReader(name, opts, bytes.NewReader(photo))
		pdf.ImageOptions(name, (size.Wd-w)/2, (room-h)/2, w, h, false, opts, 0, "")
		if m.Across != "" {
			pdf.SetAlpha(1, "Multiply")
			p.watermark(clean(m.Across), size.Wd, room)
			pdf.SetAlpha(1, "Normal")
		}
		for n, ln := range foot {
			p.text(footForm, ln.text, marginRight, room+3+footLead*float64(n), size.Wd-2*marginRight, footLead, left)
		}
	}
	var out bytes.Buffer
	err = pdf.Output(&out)
	return out.Bytes(), err
}

// foot are the lines below a page of a width.
func (m Mark) foot(wide float64) []line {
	if m.Foot == "" {
		return nil
	}
	return footForm.lines(clean(m.Foot), wide-2*marginRight, 0)
}
