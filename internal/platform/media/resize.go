package media

import (
	"image"
	"math"
)

// planes is a picture as three 8-bit planes, luma at full and chroma at half
// the resolution: the form in which JPEG files come and go. Working on it
// directly avoids two colour conversions and half of the arithmetic.
type planes struct {
	w, h      int
	y, cb, cr plane
}

type plane struct {
	w, h int
	pix  []byte // w*h, no padding
}

func newPlane(w, h int) plane { return plane{w: w, h: h, pix: make([]byte, w*h)} }

func (p plane) row(y int) []byte { return p.pix[y*p.w : (y+1)*p.w : (y+1)*p.w] }

func half(n int) int { return (n + 1) / 2 }

// image returns the planes as an image; no pixel is copied.
func (p planes) image() *image.YCbCr {
	return &image.YCbCr{
		Y: p.y.pix, Cb: p.cb.pix, Cr: p.cr.pix,
		YStride: p.y.w, CStride: p.cb.w,
		SubsampleRatio: image.YCbCrSubsampleRatio420,
		Rect:           image.Rect(0, 0, p.w, p.h),
	}
}

// fit returns w×h shrunk so that no side is longer than side, never enlarged.
func fit(w, h, side int) (int, int) {
	if w <= side && h <= side {
		return w, h
	}
	if w >= h {
		return side, max(1, (h*side+w/2)/w)
	}
	return max(1, (w*side+h/2)/h), side
}

// shrink returns m with the longest side at most side.
func shrink(m image.Image, side int) planes {
	b := m.Bounds()
	w, h := fit(b.Dx(), b.Dy(), side)
	switch m := m.(type) {
	case *image.YCbCr:
		return shrinkYCbCr(m, w, h)
	case *image.Gray:
		return planes{
			w: w, h: h,
			y:  resize(grayRows(m), b.Dx(), b.Dy(), w, h),
			cb: neutral(half(w), half(h)),
			cr: neutral(half(w), half(h)),
		}
	default:
		return shrinkRGB(m, w, h)
	}
}

func neutral(w, h int) plane {
	p := newPlane(w, h)
	for i := range p.pix {
		p.pix[i] = 128
	}
	return p
}

// rows gives row y of a plane; the slice is valid until the next call.
type rows func(y int) []byte

func grayRows(m *image.Gray) rows {
	b := m.Bounds()
	return func(y int) []byte {
		i := m.PixOffset(b.Min.X, b.Min.Y+y)
		return m.Pix[i : i+b.Dx()]
	}
}

// The decoders' images start at (0, 0) of their planes, so chroma rows need no
// offset.
func shrinkYCbCr(m *image.YCbCr, w, h int) planes {
	sw, sh := m.Rect.Dx(), m.Rect.Dy()
	cw, ch := chromaSize(m.SubsampleRatio, sw, sh)
	part := func(pix []byte, stride, width int) rows {
		return func(y int) []byte { return pix[y*stride : y*stride+width] }
	}
	return planes{
		w: w, h: h,
		y:  resize(part(m.Y, m.YStride, sw), sw, sh, w, h),
		cb: resize(part(m.Cb, m.CStride, cw), cw, ch, half(w), half(h)),
		cr: resize(part(m.Cr, m.CStride, cw), cw, ch, half(w), half(h)),
	}
}

func chromaSize(r image.YCbCrSubsampleRatio, w, h int) (int, int) {
	switch r {
	case image.YCbCrSubsampleRatio422:
		return half(w), h
	case image.YCbCrSubsampleRatio420:
		return half(w), half(h)
	case image.YCbCrSubsampleRatio440:
		return w, half(h)
	case image.YCbCrSubsampleRatio411:
		return (w + 3) / 4, h
	case image.YCbCrSubsampleRatio410:
		return (w + 3) / 4, half(h)
	default:
		return w, h
	}
}

// shrinkRGB shrinks any other picture, laying it on white first. It converts
// row by row, so that no second copy of a large picture comes to be.
func shrinkRGB(m image.Image, w, h int) planes {
	src, ok := m.(image.RGBA64Image)
	if !ok {
		panic("media: a decoder returned an unknown kind of image") // recovered by convert
	}
	b := m.Bounds()
	sw, sh := b.Dx(), b.Dy()
	row := [3][]byte{make([]byte, sw), make([]byte, sw), make([]byte, sw)}
	convert := func(y int) {
		for x := range sw {
			c := src.RGBA64At(b.Min.X+x, b.Min.Y+y)
			white := 0xffff - uint32(c.A) // colours are premultiplied
			r, g, b := int32(uint32(c.R)+white)>>8, int32(uint32(c.G)+white)>>8, int32(uint32(c.B)+white)>>8
			// The JFIF matrix in 16-bit fixed point.
			row[0][x] = clamp((19595*r + 38470*g + 7471*b + 1<<15) >> 16)
			row[1][x] = clamp((-11056*r - 21712*g + 32768*b + 257<<15) >> 16)
			row[2][x] = clamp((32768*r - 27440*g - 5328*b + 257<<15) >> 16)
		}
	}
	rs := [3]*resizer{
		newResizer(sw, sh, w, h),
		newResizer(sw, sh, half(w), half(h)),
		newResizer(sw, sh, half(w), half(h)),
	}
	for y := range sh {
		convert(y)
		for i, r := range rs {
			r.feed(row[i])
		}
	}
	return planes{w: w, h: h, y: rs[0].finish(), cb: rs[1].finish(), cr: rs[2].finish()}
}

func clamp(v int32) byte {
	return byte(max(0, min(255, v)))
}

// resize scales a sw×sh plane to w×h.
func resize(src rows, sw, sh, w, h int) plane {
	r := newResizer(sw, sh, w, h)
	for y := range sh {
		r.feed(src(y))
	}
	return r.finish()
}

// resizer takes a plane row by row. A large reduction is done in two steps:
// whole-number averaging first, which is cheap, then a Catmull-Rom filter for
// the rest, which keeps edges sharp.
type resizer struct {
	kx, ky int      // pixels averaged into one
	sum    []uint32 // of the rows that are being averaged
	rows   int      // in sum
	line   []byte   // the averaged row
	x, y   []taps
	narrow plane // reduced in width, not yet in height
	n      int   // rows of narrow that are filled
	out    plane
}

func newResizer(sw, sh, w, h int) *resizer {
	r := &resizer{kx: max(1, sw/w), ky: max(1, sh/h), out: newPlane(w, h)}
	aw, ah := (sw+r.kx-1)/r.kx, (sh+r.ky-1)/r.ky
	if r.kx > 1 || r.ky > 1 {
		r.sum, r.line = make([]uint32, aw), make([]byte, aw)
	}
	// The last average may cover less than kx pixels, hence the exact lengths.
	r.x = filter(aw, w, float64(sw)/float64(r.kx))
	r.y = filter(ah, h, float64(sh)/float64(r.ky))
	r.narrow = newPlane(w, ah)
	return r
}

func (r *resizer) feed(row []byte) {
	if r.sum == nil {
		r.across(row)
		return
	}
	switch r.kx {
	case 1:
		for i, v := range row {
			r.sum[i] += uint32(v)
		}
	case 2:
		n := len(row) / 2
		sum := r.sum[:n]
		for i := range sum {
			sum[i] += uint32(row[2*i]) + uint32(row[2*i+1])
		}
		if len(row)&1 == 1 {
			r.sum[n] += 2 * uint32(row[len(row)-1])
		}
	default:
		for i := range r.sum {
			from := i * r.kx
			part := row[from:min(from+r.kx, len(row))]
			var s uint32
			for _, v := range part {
				s += uint32(v)
			}
			if len(part) < r.kx { // weigh the rest like a whole group
				s = s * uint32(r.kx) / uint32(len(part))
			}
			r.sum[i] += s
		}
	}
	if r.rows++; r.rows == r.ky {
		r.flush()
	}
}

// flush ends one group of averaged rows.
func (r *resizer) flush() {
	n := uint32(r.kx * r.rows)
	// Division by a constant factor: exact for n up to 2^12 and sums of bytes.
	inverse := (1<<32 + uint64(n) - 1) / uint64(n)
	for i, s := range r.sum {
		r.line[i] = byte(min(255, uint64(s+n/2)*inverse>>32))
		r.sum[i] = 0
	}
	r.rows = 0
	r.across(r.line)
}

// across filters one row in width.
func (r *resizer) across(row []byte) {
	dst := r.narrow.row(r.n)
	r.n++
	if r.x == nil {
		copy(dst, row)
		return
	}
	for i := range dst {
		t := &r.x[i]
		part := row[t.from : t.from+len(t.weights)]
		v := int32(1 << (weightBits - 1))
		for j, w := range t.weights {
			v += w * int32(part[j])
		}
		v >>= weightBits
		if uint32(v) > 255 {
			v = int32(clamp(v))
		}
		dst[i] = byte(v)
	}
}

// finish filters in height.
func (r *resizer) finish() plane {
	if r.rows > 0 {
		r.flush()
	}
	if r.y == nil {
		return r.narrow
	}
	acc := make([]int32, r.out.w)
	for i := range r.out.h {
		t := &r.y[i]
		for x := range acc {
			acc[x] = 1 << (weightBits - 1)
		}
		for j, w := range t.weights {
			row := r.narrow.row(t.from + j)
			for x, v := range row[:len(acc)] {
				acc[x] += w * int32(v)
			}
		}
		dst := r.out.row(i)[:len(acc)]
		for x, v := range acc {
			v >>= weightBits
			if uint32(v) > 255 {
				v = int32(clamp(v))
			}
			dst[x] = byte(v)
		}
	}
	return r.out
}

// weightBits is the precision of filter weights; 255 times the sum of their
// absolute values stays far within 32 bits.
const weightBits = 14

// taps are the neighbours that make one pixel, and their weights, which sum to
// 1<<weightBits.
type taps struct {
	from    int
	weights []int32
}

// filter returns the taps that scale n pixels, which stand for length pixels
// (a little less when the last is partly outside), to m. It returns nil when
// nothing changes.
func filter(n, m int, length float64) []taps {
	if n == m && length == float64(n) {
		return nil
	}
	ratio := length / float64(m)
	stretch := max(1, ratio) // when reducing, the kernel covers all source pixels
	out := make([]taps, m)
	for i := range out {
		centre := (float64(i)+0.5)*ratio - 0.5
		from := max(0, int(math.Ceil(centre-2*stretch)))
		to := min(n-1, int(math.Floor(centre+2*stretch)))
		f := make([]float64, to-from+1)
		var sum float64
		for j := range f {
			f[j] = catmullRom((float64(from+j) - centre) / stretch)
			sum += f[j]
		}
		weights := make([]int32, len(f))
		rest := int32(1 << weightBits)
		largest := 0
		for j := range f {
			weights[j] = int32(math.Round(f[j] / sum * (1 << weightBits)))
			rest -= weights[j]
			if weights[j] > weights[largest] {
				largest = j
			}
		}
		weights[largest] += rest // or plain areas would change their colour
		out[i] = taps{from: from, weights: weights}
	}
	return out
}

func catmullRom(x float64) float64 {
	x = math.Abs(x)
	switch {
	case x < 1:
		return (1.5*x-2.5)*x*x + 1
	case x < 2:
		return ((-0.5*x+2.5)*x-4)*x + 2
	default:
		return 0
	}
}
