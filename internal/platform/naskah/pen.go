package naskah

import (
	"bytes"
	"math"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	qrcode "github.com/skip2/go-qrcode"
)

type align uint8

const (
	left align = iota
	center
	right
	justify
)

// pen draws on the current page of a PDF, in millimetres from its top left.
type pen struct {
	pdf *fpdf.Fpdf
	now letterform
	has [len(styleKey)]bool // styles in the PDF
}

const ink = 0 // black; other shades are levels of grey, up to 255

func (p *pen) shade(grey int) {
	p.pdf.SetTextColor(grey, grey, grey)
	p.pdf.SetFillColor(grey, grey, grey)
	p.pdf.SetDrawColor(grey, grey, grey)
}

// text writes one line into the box that begins at x, y and is w wide and h
// high, upright in its middle.
func (p *pen) text(l letterform, s string, x, y, w, h float64, a align) {
	if s == "" {
		return
	}
	if p.now != l {
		if !p.has[l.style] {
			p.pdf.AddUTF8FontFromBytes(family, styleKey[l.style], faces()[l.style].ttf)
			p.has[l.style] = true
		}
		p.pdf.SetFont(family, styleKey[l.style], l.size)
		p.now = l
	}
	em := l.size * mmPerPoint
	base := y + h/2 + 0.34*em
	switch a {
	case center:
		x += (w - l.width(s)) / 2
	case right:
		x += w - l.width(s)
	case justify:
		p.pdf.SetXY(x, base-0.3*em)
		p.pdf.CellFormat(w, 0, s, "", 0, "J", false, 0, "")
		return
	}
	p.pdf.Text(x, base, s)
}

// underline draws the rule under a line of text set by text in the same box.
func (p *pen) underline(l letterform, s string, x, y, w, h float64, a align) {
	wide := l.width(s)
	switch a {
	case center:
		x += (w - wide) / 2
	case right:
		x += w - wide
	}
	em := l.size * mmPerPoint
	p.pdf.Rect(x, y+h/2+0.46*em, wide, 0.06*em, "F")
}

func (p *pen) line(x1, y1, x2, y2, thick float64) {
	p.pdf.SetLineWidth(thick)
	p.pdf.Line(x1, y1, x2, y2)
}

func (p *pen) frame(x, y, w, h, thick float64) {
	p.pdf.SetLineWidth(thick)
	p.pdf.Rect(x, y, w, h, "D")
}

// code draws a QR code with a side of size millimetres on white, which goes two
// millimetres further; the rest of the quiet zone is the paper around it.
func (p *pen) code(q *qrcode.QRCode, x, y, size float64) {
	const quiet = 2
	p.shade(255)
	p.pdf.Rect(x-quiet, y-quiet, size+2*quiet, size+2*quiet, "F")
	p.shade(ink)
	dots := q.Bitmap()
	d := size / float64(len(dots))
	for row, line := range dots {
		for from := 0; from < len(line); from++ {
			if !line[from] {
				continue
			}
			to := from
			for to < len(line) && line[to] {
				to++
			}
			x0, x1, y0, y1 := x+d*float64(from), x+d*float64(to), y+d*float64(row), y+d*float64(row+1)
			p.pdf.MoveTo(x0, y0)
			p.pdf.LineTo(x1, y0)
			p.pdf.LineTo(x1, y1)
			p.pdf.LineTo(x0, y1)
			p.pdf.ClosePath()
			from = to
		}
	}
	p.pdf.DrawPath("F")
}

// watermark draws s across a page of w × h as shapes, so that it does not get
// between the words of who takes the text out.
func (p *pen) watermark(s string, w, h float64) {
	f := faces()[bold].font
	var buf sfnt.Buffer
	const em = 1000 // units of the outlines
	var shapes []sfnt.Segments
	var at []float64
	var wide float64
	for _, r := range s {
		g, err := f.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		adv, err := f.GlyphAdvance(&buf, g, fixed.I(em), font.HintingNone)
		if err != nil {
			continue
		}
		segments, err := f.LoadGlyph(&buf, g, fixed.I(em), nil)
		if err != nil {
			continue
		}
		shapes, at = append(shapes, append(sfnt.Segments{}, segments...)), append(at, wide)
		wide += float64(adv) / 64
	}
	if wide == 0 {
		return
	}
	scale := min(0.66*math.Hypot(w, h)/wide, 50.0/em)
	sin, cos := math.Sincos(-math.Atan2(h, w))
	p.shade(234)
	for i, segments := range shapes {
		point := func(v fixed.Point26_6) (x, y float64) {
			x = scale * (at[i] + float64(v.X)/64 - wide/2)
			y = scale * (float64(v.Y)/64 + 0.33*em)
			return w/2 + x*cos - y*sin, h/2 + x*sin + y*cos
		}
		var x0, y0 float64 // where the outline is
		for j, sg := range segments {
			switch sg.Op {
			case sfnt.SegmentOpMoveTo:
				if j > 0 {
					p.pdf.ClosePath()
				}
				x0, y0 = point(sg.Args[0])
				p.pdf.MoveTo(x0, y0)
			case sfnt.SegmentOpLineTo:
				x0, y0 = point(sg.Args[0])
				p.pdf.LineTo(x0, y0)
			case sfnt.SegmentOpQuadTo: // as a cubic curve, which PDF has
				cx, cy := point(sg.Args[0])
				x, y := point(sg.Args[1])
				p.pdf.CurveBezierCubicTo(x0+(cx-x0)*2/3, y0+(cy-y0)*2/3, x+(cx-x)*2/3, y+(cy-y)*2/3, x, y)
				x0, y0 = x, y
			}
		}
		if len(segments) > 0 {
			p.pdf.ClosePath()
			p.pdf.DrawPath("F")
		}
	}
	p.shade(ink)
}

// picture draws a PNG that plain has accepted, at most w × h, centred in that box.
func (p *pen) picture(pic *picture, x, y, w, h float64) {
	opt := fpdf.ImageOptions{ImageType: "PNG"}
	p.pdf.RegisterImageOptionsReader("emblem", opt, bytes.NewReader(pic.png))
	scale := min(w/pic.w, h/pic.h)
	p.pdf.ImageOptions("emblem", x+(w-pic.w*scale)/2, y+(h-pic.h*scale)/2, pic.w*scale, pic.h*scale, false, opt, 0, "")
}
