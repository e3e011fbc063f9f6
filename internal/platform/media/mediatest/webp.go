package mediatest

import (
	"encoding/binary"
	"image"
	"image/color"
)

// WebP returns a photo of w×h pixels as a lossless WebP file. With options that
// add metadata the file gets the extended header that phones write.
func WebP(w, h int, opts ...Option) []byte {
	o := apply(opts)
	return EncodeWebP(rgba(Picture(w, h, o.seed)), opts...)
}

// EncodeWebP returns m, alpha included, as a lossless WebP file. It uses fixed
// codes of eight bits, so the file is as large as the raw pixels.
func EncodeWebP(m image.Image, opts ...Option) []byte {
	o := apply(opts)
	b := m.Bounds()
	bits := newVP8L(b.Dx(), b.Dy())
	bits.put(0, 1) // no transform
	bits.put(0, 1) // no colour cache
	bits.put(0, 1) // no meta prefix codes
	bits.bytesCode(256 + 24)
	bits.bytesCode(256)
	bits.bytesCode(256)
	bits.bytesCode(256)
	bits.constantCode()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)
			for _, v := range []byte{c.G, c.R, c.B, c.A} {
				bits.symbol(v)
			}
		}
	}
	return append(o.riff(b.Dx(), b.Dy(), bits.done()), o.trailer...)
}

// WebPBomb returns a WebP file of under 50 bytes that decodes to w×h equal
// pixels; sides are at most 16384.
func WebPBomb(w, h int) []byte {
	bits := newVP8L(w, h)
	bits.put(0, 3)
	for range 5 {
		bits.constantCode() // codes of no bits at all: pixels cost nothing
	}
	return options{}.riff(w, h, bits.done())
}

func (o options) riff(w, h int, vp8l []byte) []byte {
	body := []byte("WEBP")
	exif := o.tiff()
	if exif != nil {
		head := make([]byte, 10)
		head[0] = 1 << 3 // has EXIF
		head[4], head[5], head[6] = byte(w-1), byte((w-1)>>8), byte((w-1)>>16)
		head[7], head[8], head[9] = byte(h-1), byte((h-1)>>8), byte((h-1)>>16)
		body = appendRIFF(body, "VP8X", head)
	}
	body = appendRIFF(body, "VP8L", vp8l)
	if exif != nil {
		body = appendRIFF(body, "EXIF", exif)
	}
	return appendRIFF(nil, "RIFF", body)
}

func appendRIFF(b []byte, id string, body []byte) []byte {
	b = append(b, id...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(body)))
	b = append(b, body...)
	if len(body)&1 == 1 {
		b = append(b, 0)
	}
	return b
}

// vp8l writes bits, least significant first.
type vp8l struct {
	out  []byte
	acc  uint64
	held uint
}

func newVP8L(w, h int) *vp8l {
	v := &vp8l{out: []byte{0x2f}}
	v.put(uint64(w-1), 14)
	v.put(uint64(h-1), 14)
	v.put(1, 1) // alpha is used
	v.put(0, 3) // version
	return v
}

func (v *vp8l) put(bits uint64, n uint) {
	v.acc |= bits << v.held
	for v.held += n; v.held >= 8; v.held -= 8 {
		v.out = append(v.out, byte(v.acc))
		v.acc >>= 8
	}
}

func (v *vp8l) done() []byte { return append(v.out, byte(v.acc)) }

// bytesCode declares a prefix code of eight bits for each of the first 256
// symbols of an alphabet.
func (v *vp8l) bytesCode(alphabet int) {
	v.put(0, 1) // not a simple code
	// Lengths of the code for code lengths, in the order 17 18 0 1 2 3 4 5 16 6 7 8:
	// one bit for the lengths 0 and 8.
	const n = 12
	v.put(n-4, 4)
	for _, l := range [n]uint64{2: 1, 11: 1} {
		v.put(l, 3)
	}
	v.put(0, 1) // lengths of the whole alphabet follow
	for i := range alphabet {
		if i < 256 {
			v.put(1, 1) // length 8
		} else {
			v.put(0, 1)
		}
	}
}

// constantCode declares a code whose only symbol is 0 and takes no bits.
func (v *vp8l) constantCode() {
	v.put(1, 1) // simple
	v.put(0, 1) // one symbol
	v.put(0, 1) // of one bit
	v.put(0, 1) // symbol 0
}

// symbol writes b in the code of bytesCode: canonical codes count upwards and
// are sent most significant bit first.
func (v *vp8l) symbol(b byte) {
	var r uint64
	for i := range 8 {
		r |= uint64(b>>i&1) << (7 - i)
	}
	v.put(r, 8)
}
