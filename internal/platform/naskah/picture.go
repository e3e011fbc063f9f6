package naskah

import (
	"bytes"
	"crypto/sha256"
	"image"
	"image/draw"
	"image/png"
	"sync/atomic"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// picture is a PNG in the plain form that fpdf reads, and its size in dots.
type picture struct {
	sum  [sha256.Size]byte
	png  []byte
	w, h float64
}

// lastPicture keeps the last one: a city has one emblem.
var lastPicture atomic.Pointer[picture]

// CheckEmblem says whether a file can be the EmblemPNG of a [Head].
func CheckEmblem(data []byte) error {
	_, err := plain(data)
	return err
}

const maxPicture = 4 << 20 // dots

// plain decodes a PNG and writes it anew: 8 bits a colour, not interlaced.
func plain(data []byte) (*picture, error) {
	sum := sha256.Sum256(data)
	if p := lastPicture.Load(); p != nil && p.sum == sum {
		return p, nil
	}
	bad := func(err error) (*picture, error) {
		return nil, errs.Wrap(errs.Unprocessable, err, "Berkas lambang untuk kop surat bukan gambar PNG yang dapat dibaca.")
	}
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return bad(err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width*c.Height > maxPicture {
		return nil, errs.New(errs.Unprocessable, "Berkas lambang untuk kop surat terlalu besar; pakai gambar di bawah 2000 × 2000 titik.")
	}
	src, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return bad(err)
	}
	dst := image.NewNRGBA(image.Rect(0, 0, c.Width, c.Height))
	draw.Draw(dst, dst.Bounds(), src, src.Bounds().Min, draw.Src)
	var out bytes.Buffer
	if err := png.Encode(&out, dst); err != nil {
		return bad(err)
	}
	p := &picture{sum, out.Bytes(), float64(c.Width), float64(c.Height)}
	lastPicture.Store(p)
	return p, nil
}
