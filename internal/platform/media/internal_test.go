package media

import (
	"context"
	"image"
	"math"
	"strings"
	"testing"

	"golang.org/x/image/draw"
	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
)

func TestAPanicRefusesOnePhoto(t *testing.T) {
	t.Parallel()
	// No decoder for format 0: decode works on a nil image and panics.
	_, err := convert(context.Background(), nil, input{}, LargeSide)
	if errs.KindOf(err) != errs.Unprocessable || !strings.Contains(err.Error(), "panic") {
		t.Errorf("convert = %v", err)
	}
}

func TestResizeKeepsPlainAreas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		side := rapid.IntRange(1, 300)
		sw, sh := side.Draw(rt, "sw"), side.Draw(rt, "sh")
		w, h := side.Draw(rt, "w"), side.Draw(rt, "h")
		v := rapid.Byte().Draw(rt, "value")
		src := newPlane(sw, sh)
		for i := range src.pix {
			src.pix[i] = v
		}
		got := resize(src.row, sw, sh, w, h)
		if len(got.pix) != w*h {
			rt.Fatalf("%d pixels", len(got.pix))
		}
		for i, x := range got.pix {
			if x != v {
				rt.Fatalf("%d×%d to %d×%d: pixel %d is %d, want %d", sw, sh, w, h, i, x, v)
			}
		}
	})
}

// TestResizeIsLikeTheReference compares with x/image's slow Catmull-Rom.
func TestResizeIsLikeTheReference(t *testing.T) {
	t.Parallel()
	src := mediatest.Picture(613, 457, 3)
	gray := &image.Gray{Pix: src.Y, Stride: src.YStride, Rect: src.Rect}
	for _, c := range []struct {
		w, h int
		psnr float64
	}{{612, 456, 38}, {480, 358, 40}, {307, 229, 38}, {306, 228, 38}, {200, 149, 38}, {100, 75, 38}} {
		want := image.NewGray(image.Rect(0, 0, c.w, c.h))
		draw.CatmullRom.Scale(want, want.Rect, gray, gray.Rect, draw.Src, nil)
		got := resize(grayRows(gray), 613, 457, c.w, c.h)
		var sum float64
		for i, v := range got.pix {
			d := float64(v) - float64(want.Pix[i])
			sum += d * d
		}
		psnr := 10 * math.Log10(255*255/(sum/float64(len(got.pix))+1e-9))
		if psnr < c.psnr {
			t.Errorf("to %d×%d: %.1f dB from the reference, want %.0f", c.w, c.h, psnr, c.psnr)
		}
	}
}

func TestTurningBackGivesTheOriginal(t *testing.T) {
	t.Parallel()
	back := [9]orientation{1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}
	m := shrink(mediatest.Picture(37, 22, 5), LargeSide)
	for o := upright; o <= turnRight; o++ {
		got := m.upright(o).upright(back[o])
		if got.w != m.w || got.h != m.h || string(got.y.pix) != string(m.y.pix) || string(got.cb.pix) != string(m.cb.pix) || string(got.cr.pix) != string(m.cr.pix) {
			t.Errorf("orientation %d and back is not the original", o)
		}
	}
}
