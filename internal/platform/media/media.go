// Package media turns what people upload into photos that are safe to keep and
// to show. An upload is decoded and encoded anew, so that nothing of the
// original file survives but its pixels: no EXIF, no thumbnail, no trailing
// data. What cannot be decoded completely is refused.
//
//	bytes → inspect (format, size, memory, EXIF) → decode → shrink → turn upright → JPEG 1600 px and 400 px
//
// Colour profiles are dropped like all other metadata; a wide-gamut photo
// becomes slightly paler.
package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"runtime/debug"
	"time"

	"golang.org/x/image/webp"
	"golang.org/x/sync/semaphore"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

const (
	// MaxBytes is the size of the largest upload that is looked at.
	MaxBytes = 12 << 20
	// LargeSide and SmallSide are the longest sides of the two results.
	LargeSide = 1600
	SmallSide = 400
	// ContentType is the type of both results.
	ContentType = "image/jpeg"

	// 82 is where faces and house numbers stay readable at 200 to 400 KB.
	largeQuality = 82
	smallQuality = 78
)

// Point is a place in degrees, WGS 84.
type Point struct{ Lat, Lng float64 }

// Photo is a processed upload. Large and Small are JPEG files without metadata;
// neither is ever larger in pixels than the original.
type Photo struct {
	Large, Small   []byte
	W, H           int // of Large
	SmallW, SmallH int
	// DHash is a 64-bit difference hash of the upright picture: photos of the
	// same scene differ in few bits.
	DHash uint64
	// GPS and TakenAt are what the camera noted, nil when it noted nothing or
	// nonsense. They are claims of the sender, not facts.
	GPS     *Point
	TakenAt *time.Time
}

// Options sets the limits of a Processor; zero values mean the defaults.
type Options struct {
	Workers int   // decodes at once; 2
	Memory  int64 // bytes that decodes may take together; 256 MiB
	Clock   clock.Clock
}

const defaultMemory = 256 << 20

// quiet is how long after the last photo its memory goes back to the system:
// left alone the runtime keeps it for minutes.
const quiet = 10 * time.Second

// Processor processes photos, a bounded number at once. It is safe for
// concurrent use.
type Processor struct {
	slots  *semaphore.Weighted
	memory *semaphore.Weighted
	budget int64
	clock  clock.Clock
	tidy   *time.Timer
}

// New returns a Processor.
func New(o Options) *Processor {
	if o.Workers <= 0 {
		o.Workers = 2
	}
	if o.Memory <= 0 {
		o.Memory = defaultMemory
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	tidy := time.AfterFunc(quiet, debug.FreeOSMemory)
	tidy.Stop()
	return &Processor{
		tidy:   tidy,
		slots:  semaphore.NewWeighted(int64(o.Workers)),
		memory: semaphore.NewWeighted(o.Memory),
		budget: o.Memory,
		clock:  o.Clock,
	}
}

// Process reads one uploaded photo from the beginning of r, whatever was read
// of it before, and returns it in both sizes. It waits for its turn as long as
// ctx lasts. What it refuses is errs.Unprocessable or errs.TooLarge with a sentence for
// the sender; a ctx that ends while waiting is errs.Unavailable.
func (p *Processor) Process(ctx context.Context, r io.ReadSeeker) (_ Photo, err error) {
	defer errs.In(&err, "media.Process")
	return p.process(ctx, r, LargeSide)
}

// process does Process with another longest side of the large result.
func (p *Processor) process(ctx context.Context, r io.ReadSeeker, side int) (Photo, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return Photo{}, fmt.Errorf("size of the upload: %w", err)
	}
	switch {
	case size == 0:
		return Photo{}, refuse(errEmpty, "Berkas foto ini kosong. Pilih foto lain.")
	case size > MaxBytes:
		return Photo{}, errs.New(errs.TooLarge, "Foto ini lebih besar dari 12 MB. Kecilkan atau pilih foto lain.")
	}
	if err := p.slots.Acquire(ctx, 1); err != nil {
		return Photo{}, busy(err)
	}
	defer p.slots.Release(1)
	defer p.tidy.Reset(quiet)
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return Photo{}, fmt.Errorf("rewind the upload: %w", err)
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(r, data); err != nil {
		return Photo{}, fmt.Errorf("read the upload: %w", err)
	}

	in, err := inspect(data)
	if err != nil {
		return Photo{}, err
	}
	if in.memory > p.budget {
		return Photo{}, refuse(errTooMuchMemory, sentenceTooManyPixels)
	}
	if err := p.memory.Acquire(ctx, in.memory); err != nil {
		return Photo{}, busy(err)
	}
	defer p.memory.Release(in.memory)

	photo, err := convert(ctx, data, in, side)
	if err != nil {
		return Photo{}, err
	}
	photo.GPS, photo.TakenAt = in.exif.gps, in.exif.takenAt
	if photo.TakenAt != nil && photo.TakenAt.After(p.clock.Now().Add(clockSlack)) {
		photo.TakenAt = nil
	}
	return photo, nil
}

// convert does the work on pixels. Decoders have panicked on hostile input
// before; here that refuses one photo instead of ending one request with a 500.
func convert(ctx context.Context, data []byte, in input, side int) (photo Photo, err error) {
	defer func() {
		if v := recover(); v != nil {
			photo, err = Photo{}, unreadable(fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
		}
	}()
	src, err := decode(ctx, data, in)
	if err != nil {
		return Photo{}, err
	}
	large := shrink(src, side)
	src = nil // up to 200 MB that the rest does not need
	if err := ctx.Err(); err != nil {
		return Photo{}, busy(err)
	}
	large = large.upright(in.exif.orientation)
	small := shrink(large.image(), SmallSide)
	photo = Photo{
		W: large.w, H: large.h,
		SmallW: small.w, SmallH: small.h,
		DHash: small.dHash(),
	}
	if photo.Large, err = encode(large.image(), largeQuality); err != nil {
		return Photo{}, err
	}
	if photo.Small, err = encode(small.image(), smallQuality); err != nil {
		return Photo{}, err
	}
	return photo, nil
}

func decode(ctx context.Context, data []byte, in input) (image.Image, error) {
	r := &ctxReader{ctx: ctx, r: bytes.NewReader(data)}
	var m image.Image
	var err error
	switch in.format {
	case formatJPEG:
		m, err = jpeg.Decode(r)
	case formatPNG:
		m, err = png.Decode(r)
	case formatWebP:
		m, err = webp.Decode(r)
		fullRange(m)
	}
	switch {
	case ctx.Err() != nil:
		return nil, busy(ctx.Err())
	case err != nil:
		return nil, unreadable(err)
	case m.Bounds().Dx() != in.w || m.Bounds().Dy() != in.h:
		return nil, unreadable(fmt.Errorf("announced %d×%d, decoded %v", in.w, in.h, m.Bounds()))
	}
	return m, nil
}

// fullRange stretches the colours of a lossy WebP picture: they are in video's
// range, 16 to 235, while the decoder calls them YCbCr, which is 0 to 255 in Go
// and in JPEG. Without it white comes out as light grey.
func fullRange(m image.Image) {
	var p *image.YCbCr
	switch m := m.(type) {
	case *image.YCbCr:
		p = m
	case *image.NYCbCrA:
		p = &m.YCbCr
	default:
		return
	}
	for i, v := range p.Y {
		p.Y[i] = lumaRange[v]
	}
	for _, plane := range [][]byte{p.Cb, p.Cr} {
		for i, v := range plane {
			plane[i] = chromaRange[v]
		}
	}
}

var lumaRange, chromaRange = func() (luma, chroma [256]byte) {
	for i := range 256 {
		luma[i] = clamp(int32(math.Round(float64(i-16) * 255 / 219)))
		chroma[i] = clamp(int32(math.Round(float64(i-128)*255/224 + 128)))
	}
	return luma, chroma
}()

func encode(m image.Image, quality int) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(m.Bounds().Dx() * m.Bounds().Dy() / 6)
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return b.Bytes(), nil
}

// ctxReader stops a decoder whose request is over.
type ctxReader struct {
	ctx context.Context //nolint:containedctx // lives for one decode
	r   io.Reader
}

func (c *ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

var (
	errEmpty         = errors.New("empty file")
	errFormat        = errors.New("not a JPEG, PNG or WebP file")
	errBomb          = errors.New("too few bytes for so many pixels")
	errTooManyPixels = errors.New("too many pixels")
	errTooMuchMemory = errors.New("decoding would take too much memory")
	errTooManyScans  = errors.New("too many scans")
	errTooSmall      = errors.New("too few pixels")
)

const sentenceTooManyPixels = "Ukuran gambar ini terlalu besar. Kirim foto dengan paling banyak 50 megapiksel dan 12.000 piksel per sisi."

func refuse(err error, sentence string) error {
	return errs.Wrap(errs.Unprocessable, err, sentence)
}

func unreadable(err error) error {
	return refuse(err, "Foto ini rusak atau tidak utuh, sehingga tidak dapat kami baca. Ambil ulang atau pilih foto lain.")
}

func busy(err error) error {
	return errs.Wrap(errs.Unavailable, err, "Kami sedang menerima banyak foto. Coba kirim lagi sebentar lagi.")
}
