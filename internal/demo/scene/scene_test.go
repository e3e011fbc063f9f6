package scene

import (
	"bytes"
	"image/jpeg"
	"testing"
)

func TestEveryKindDrawsTheSameTwiceAndDiffersOnceFixed(t *testing.T) {
	t.Parallel()
	seen := map[string]Scene{}
	for k := range Kind(Kinds) {
		for _, s := range []Scene{{Kind: k, Seed: 1}, {Kind: k, Seed: 2}, {Kind: k, Seed: 1, Fixed: true}} {
			photo := JPEG(s)
			if !bytes.Equal(photo, JPEG(s)) {
				t.Errorf("%+v differs from itself", s)
			}
			if other, same := seen[string(photo)]; same {
				t.Errorf("%+v looks like %+v", s, other)
			}
			seen[string(photo)] = s
			if size := len(photo); size < 40<<10 || size > 600<<10 {
				t.Errorf("%+v takes %d KB", s, size>>10)
			}
			if c, err := jpeg.DecodeConfig(bytes.NewReader(photo)); err != nil || c.Width != Width || c.Height != Height {
				t.Errorf("%+v: %dx%d, %v", s, c.Width, c.Height, err)
			}
		}
	}
}
