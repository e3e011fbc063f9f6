package app

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCityEmblem(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if b, err := cityEmblem(dir); b != nil || err != nil {
		t.Errorf("without a file: %d bytes, %v", len(b), err)
	}
	file := filepath.Join(dir, "lambang.png")
	if err := os.WriteFile(file, []byte("bukan gambar"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := cityEmblem(dir); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a file that is no picture: %v", err)
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, image.NewGray(image.Rect(0, 0, 10, 12))); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if b, err := cityEmblem(dir); err != nil || len(b) == 0 {
		t.Errorf("a picture: %d bytes, %v", len(b), err)
	}
}
