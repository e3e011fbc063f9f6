package scene

import (
	"image"
	"math"

	"golang.org/x/image/vector"
)

// Width and Height of every drawing.
const (
	Width  = 1280
	Height = 960
)

// rgb is a colour; drawings are opaque but for the alpha given to a shape.
type rgb struct{ r, g, b float64 }

// hex reads 0xRRGGBB.
func hex(v uint32) rgb {
	return rgb{float64(v >> 16 & 255), float64(v >> 8 & 255), float64(v & 255)}
}

// mix goes from a to b as t goes from 0 to 1.
func mix(a, b rgb, t float64) rgb {
	return rgb{a.r + (b.r-a.r)*t, a.g + (b.g-a.g)*t, a.b + (b.b-a.b)*t}
}

func (c rgb) dark(t float64) rgb  { return mix(c, rgb{16, 20, 34}, t) }
func (c rgb) light(t float64) rgb { return mix(c, rgb{255, 250, 240}, t) }

type pt struct{ x, y float64 }

// canvas draws antialiased shapes. One canvas draws one picture.
type canvas struct {
	img  *image.RGBA
	mask *image.Alpha
	ras  vector.Rasterizer
	rng  uint64
	// ambient tints everything that is drawn, so that the same scene can be at
	// noon, in the evening or at night.
	ambient    rgb
	brightness float64
}

func newCanvas(seed uint64) *canvas {
	return &canvas{
		img:        image.NewRGBA(image.Rect(0, 0, Width, Height)),
		mask:       image.NewAlpha(image.Rect(0, 0, Width, Height)),
		rng:        seed*0x9e3779b97f4a7c15 ^ 0xd1b54a32d192ed03 | 1,
		brightness: 1,
	}
}

// random returns a number in [0, 1).
func (c *canvas) random() float64 {
	c.rng ^= c.rng << 13
	c.rng ^= c.rng >> 7
	c.rng ^= c.rng << 17
	return float64(c.rng>>11) / (1 << 53)
}

func (c *canvas) between(a, b float64) float64 { return a + (b-a)*c.random() }

func (c *canvas) pick(colours ...rgb) rgb { return colours[int(c.random()*float64(len(colours)))] }

func (c *canvas) chance(p float64) bool { return c.random() < p }

// lit returns the colour as the hour shows it.
func (c *canvas) lit(v rgb) rgb {
	return rgb{
		v.r * c.brightness * c.ambient.r / 255,
		v.g * c.brightness * c.ambient.g / 255,
		v.b * c.brightness * c.ambient.b / 255,
	}
}

// poly fills a polygon in one colour.
func (c *canvas) poly(v rgb, points ...pt) { c.shade(v, v, 1, points...) }

// shade fills a polygon from the colour at its top to that at its bottom.
func (c *canvas) shade(top, bottom rgb, alpha float64, points ...pt) {
	c.fill(c.lit(top), c.lit(bottom), alpha, points)
}

// raw fills without the hour's tint: for what shines by itself.
func (c *canvas) raw(v rgb, alpha float64, points ...pt) { c.fill(v, v, alpha, points) }

func (c *canvas) fill(top, bottom rgb, alpha float64, points []pt) {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range points {
		x0, x1 = min(x0, p.x), max(x1, p.x)
		y0, y1 = min(y0, p.y), max(y1, p.y)
	}
	r := image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1)), int(math.Ceil(y1))).Intersect(c.img.Rect)
	if r.Empty() {
		return
	}
	c.ras.Reset(r.Dx(), r.Dy())
	// The rasterizer clips, but loses its temper with coordinates far outside.
	at := func(p pt) (float32, float32) {
		return float32(max(-4000, min(5000, p.x)) - float64(r.Min.X)), float32(max(-4000, min(5000, p.y)) - float64(r.Min.Y))
	}
	c.ras.MoveTo(at(points[0]))
	for _, p := range points[1:] {
		c.ras.LineTo(at(p))
	}
	c.ras.ClosePath()
	mask := &image.Alpha{Pix: c.mask.Pix, Stride: r.Dx(), Rect: image.Rect(0, 0, r.Dx(), r.Dy())}
	c.ras.DrawOp = 1 // draw.Src: the mask is overwritten
	c.ras.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	for y := range r.Dy() {
		t := (float64(r.Min.Y+y) - y0) / max(1, y1-y0)
		v := mix(top, bottom, t)
		vr, vg, vb := uint32(clamp(v.r)), uint32(clamp(v.g)), uint32(clamp(v.b))
		strength := uint32(alpha * 256)
		row := c.img.Pix[c.img.PixOffset(r.Min.X, r.Min.Y+y):]
		for x, m := range mask.Pix[y*mask.Stride : (y+1)*mask.Stride] {
			if m == 0 {
				continue
			}
			a := uint32(m) * strength / 255
			p := row[4*x : 4*x+4 : 4*x+4]
			p[0] = byte((uint32(p[0])*(256-a) + vr*a) >> 8)
			p[1] = byte((uint32(p[1])*(256-a) + vg*a) >> 8)
			p[2] = byte((uint32(p[2])*(256-a) + vb*a) >> 8)
		}
	}
}

func clamp(v float64) float64 { return max(0, min(255, v)) }

// ring returns the points of an ellipse whose radius wobbles by jitter.
func (c *canvas) ring(x, y, rx, ry float64, n int, jitter float64) []pt {
	points := make([]pt, n)
	for i := range points {
		s, k := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		w := 1 + jitter*(2*c.random()-1)
		points[i] = pt{x + rx*w*k, y + ry*w*s}
	}
	return points
}

func (c *canvas) ellipse(v rgb, x, y, rx, ry float64) {
	c.poly(v, c.ring(x, y, rx, ry, 8+int(max(rx, ry)/6), 0)...)
}

func (c *canvas) shadow(x, y, rx, ry, alpha float64) {
	dark := rgb{20, 22, 34}
	c.shade(dark, dark, alpha*0.5, c.ring(x, y, rx*1.15, ry*1.15, 24, 0)...)
	c.shade(dark, dark, alpha*0.6, c.ring(x, y, rx*0.85, ry*0.85, 24, 0)...)
}

// line draws a straight stroke.
func (c *canvas) line(v rgb, a, b pt, width float64) {
	dx, dy := b.x-a.x, b.y-a.y
	l := math.Hypot(dx, dy)
	if l == 0 {
		return
	}
	nx, ny := -dy/l*width/2, dx/l*width/2
	c.poly(v, pt{a.x + nx, a.y + ny}, pt{b.x + nx, b.y + ny}, pt{b.x - nx, b.y - ny}, pt{a.x - nx, a.y - ny})
}

// curve draws a stroke through points.
func (c *canvas) curve(v rgb, width float64, points ...pt) {
	for i := 1; i < len(points); i++ {
		c.line(v, points[i-1], points[i], width)
	}
}

func (c *canvas) rect(v rgb, x, y, w, h float64) {
	c.poly(v, pt{x, y}, pt{x + w, y}, pt{x + w, y + h}, pt{x, y + h})
}

// glow adds light around a point.
func (c *canvas) glow(v rgb, x, y, radius, strength float64) {
	r := image.Rect(int(x-radius), int(y-radius), int(x+radius)+1, int(y+radius)+1).Intersect(c.img.Rect)
	for py := r.Min.Y; py < r.Max.Y; py++ {
		row := c.img.Pix[c.img.PixOffset(r.Min.X, py):]
		dy := (float64(py) - y) / radius
		for i := range r.Dx() {
			dx := (float64(r.Min.X+i) - x) / radius
			d := dx*dx + dy*dy
			if d >= 1 {
				continue
			}
			k := (1 - d) * (1 - d) * strength
			p := row[4*i : 4*i+4 : 4*i+4]
			p[0] = byte(min(255, float64(p[0])+v.r*k))
			p[1] = byte(min(255, float64(p[1])+v.g*k))
			p[2] = byte(min(255, float64(p[2])+v.b*k))
		}
	}
}

// finish gives the flat drawing a camera's grain and darker corners.
func (c *canvas) finish() {
	rng := uint32(c.rng) | 1
	for y := range Height {
		dy := float64(y-Height/2) / (Height / 2)
		row := c.img.Pix[y*c.img.Stride : (y+1)*c.img.Stride]
		var corner int32
		for x := range Width {
			if x&15 == 0 { // the corners darken slowly: once in 16 pixels will do
				dx := float64(x-Width/2) / (Width / 2)
				d := dx*dx*0.6 + dy*dy*0.4
				corner = int32(256 - 46*d*d)
			}
			rng ^= rng << 13
			rng ^= rng >> 17
			rng ^= rng << 5
			grain := int32(rng&7) + int32(rng>>3&7) - 7
			p := row[4*x : 4*x+4 : 4*x+4]
			for i := range 3 {
				p[i] = byte(max(0, min(255, int32(p[i])*corner>>8+grain)))
			}
			p[3] = 255
		}
	}
}
