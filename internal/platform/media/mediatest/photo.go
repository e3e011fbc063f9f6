// Package mediatest makes image files for tests: believable photos with or
// without EXIF, and hostile ones. Everything is made in memory and is the same
// for the same arguments.
package mediatest

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"time"
)

// Option changes what JPEG, PNG or WebP make.
type Option func(*options)

type options struct {
	seed        uint64
	quality     int
	orientation int
	lat, lng    float64
	gps         bool
	takenAt     time.Time
	offset      bool
	extra       []byte
	trailer     []byte
}

// Seed chooses another scene; the default is 1.
func Seed(n uint64) Option { return func(o *options) { o.seed = n } }

// Quality sets the JPEG quality; the default of 80 gives about 360 KB at
// 2048×1536.
func Quality(q int) Option { return func(o *options) { o.quality = q } }

// GPS adds the EXIF place, in degrees.
func GPS(lat, lng float64) Option {
	return func(o *options) { o.lat, o.lng, o.gps = lat, lng, true }
}

// TakenAt adds the EXIF time of capture as t's wall clock, without a zone, as
// most cameras do.
func TakenAt(t time.Time) Option { return func(o *options) { o.takenAt = t } }

// WithOffset adds t's offset from UTC to TakenAt, as newer phones do.
func WithOffset() Option { return func(o *options) { o.offset = true } }

// Orientation sets the EXIF orientation, 1 to 8; the pixels stay as they are.
func Orientation(n int) Option { return func(o *options) { o.orientation = n } }

// RawEXIF puts b, a TIFF block or rubbish, where EXIF belongs.
func RawEXIF(b []byte) Option { return func(o *options) { o.extra = b } }

// Trailer appends b after the end of the image.
func Trailer(b []byte) Option { return func(o *options) { o.trailer = b } }

func apply(opts []Option) options {
	o := options{seed: 1, quality: 80}
	for _, f := range opts {
		f(&o)
	}
	return o
}

// JPEG returns a photo of w×h pixels as a baseline JPEG file, 4:2:0.
func JPEG(w, h int, opts ...Option) []byte {
	o := apply(opts)
	return EncodeJPEG(Picture(w, h, o.seed), opts...)
}

// EncodeJPEG returns m as a JPEG file with the options' metadata.
func EncodeJPEG(m image.Image, opts ...Option) []byte {
	o := apply(opts)
	var b bytes.Buffer
	must(jpeg.Encode(&b, m, &jpeg.Options{Quality: o.quality}))
	file := b.Bytes()
	if block := o.tiff(); block != nil {
		body := append([]byte("Exif\x00\x00"), block...)
		head := []byte{0xff, 0xd8, 0xff, 0xe1, byte((len(body) + 2) >> 8), byte(len(body) + 2)}
		file = bytes.Join([][]byte{head, body, file[2:]}, nil)
	}
	return append(file, o.trailer...)
}

// PNG returns a photo of w×h pixels as an opaque PNG file.
func PNG(w, h int, opts ...Option) []byte {
	o := apply(opts)
	return EncodePNG(rgba(Picture(w, h, o.seed)), opts...)
}

// EncodePNG returns m as a PNG file with the options' metadata.
func EncodePNG(m image.Image, opts ...Option) []byte {
	o := apply(opts)
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	must(enc.Encode(&b, m))
	file := b.Bytes()
	if block := o.tiff(); block != nil {
		const ihdrEnd = 8 + 25
		file = bytes.Join([][]byte{file[:ihdrEnd], chunk("eXIf", block), file[ihdrEnd:]}, nil)
	}
	return append(file, o.trailer...)
}

func chunk(kind string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, kind...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// Picture draws a street under a sky with the noise of a phone's camera, so
// that it compresses like a photo. Its four corners differ, so that a wrong
// orientation shows.
func Picture(w, h int, seed uint64) *image.YCbCr {
	m := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	r := rng(seed*0x9e3779b97f4a7c15 + 1)
	phase := float64(r.next()%628) / 100
	horizon := 0.35 + float64(r.next()%20)/100
	vanish := 0.4 + float64(r.next()%20)/100
	shade := func(x, y float64) float64 {
		if y < horizon {
			return 175 + 45*y/horizon + 12*math.Sin(9*x+phase+5*y)
		}
		depth := (y - horizon) / (1 - horizon)
		side := (x - vanish) / (0.05 + 0.75*depth)
		switch {
		case math.Abs(side) < 0.03 && math.Mod(6/(depth+0.2), 1) < 0.5: // lane marks
			return 215
		case math.Abs(side) < 0.6: // asphalt
			return 95 + 18*math.Sin(40*side+8/(depth+0.1)+phase)
		default: // houses and verge
			return 130 + 35*math.Sin(14*x+phase) + 22*math.Sin(23*y+11*x)
		}
	}
	for y := range h {
		fy := float64(y) / float64(h)
		for x := range w {
			fx := float64(x) / float64(w)
			// Sum of two draws: rather like sensor noise, and cheap.
			n := r.next()
			noise := float64(n&15) + float64(n>>4&15) - 15
			m.Y[y*m.YStride+x] = byte(max(0, min(255, shade(fx, fy)+noise*0.55)))
		}
	}
	cw, ch := (w+1)/2, (h+1)/2
	for y := range ch {
		fy := float64(y) / float64(ch)
		for x := range cw {
			fx := float64(x) / float64(cw)
			cb, cr := 128.0, 128.0
			if fy < horizon {
				cb, cr = 148, 114
			} else if fx > 0.75 {
				cb, cr = 112, 122 // trees
			} else if fx < 0.2 {
				cb, cr = 112, 146 // brick
			}
			m.Cb[y*m.CStride+x] = byte(cb + 4*math.Sin(7*fx+phase))
			m.Cr[y*m.CStride+x] = byte(cr + 4*math.Sin(6*fy))
		}
	}
	return m
}

func rgba(m image.Image) *image.RGBA {
	b := m.Bounds()
	out := image.NewRGBA(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			out.Set(x, y, m.At(x, y))
		}
	}
	return out
}

// Quarters returns a picture of four plain quarters: red, green, blue and
// white, from the top left in reading order. After any turn it is easy to say
// what should be where.
func Quarters(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	colours := [2][2]color.RGBA{
		{{R: 200, A: 255}, {G: 160, A: 255}},
		{{B: 220, A: 255}, {R: 255, G: 255, B: 255, A: 255}},
	}
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, colours[y*2/h][x*2/w])
		}
	}
	return m
}

type rng uint64

func (r *rng) next() uint64 { // xorshift64
	x := uint64(*r)
	x ^= x << 13
	x ^= x >> 7
	x ^= x << 17
	*r = rng(x)
	return x
}

func must(err error) {
	if err != nil {
		panic(err) // writing to memory does not fail
	}
}
