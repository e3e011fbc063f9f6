package letter

import (
	"bytes"
	"image"
	"image/png"
	"testing"
)

func TestLettersBearTheCitysEmblem(t *testing.T) {
	t.Parallel()
	var emblem bytes.Buffer
	if err := png.Encode(&emblem, image.NewGray(image.Rect(0, 0, 10, 12))); err != nil {
		t.Fatal(err)
	}
	doc, err := Compose(shipped[0], sampled(t, shipped[0]))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []*Module{New(Deps{}), New(Deps{Emblem: emblem.Bytes()})} {
		pdf, err := m.set(doc)
		if err != nil {
			t.Fatal(err)
		}
		if got := bytes.Contains(pdf, []byte("/Subtype /Image")); got != (m.emblem != nil) {
			t.Errorf("with an emblem of %d bytes the letter has a picture: %v", len(m.emblem), got)
		}
	}
}
