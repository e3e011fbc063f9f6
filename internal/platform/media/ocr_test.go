package media_test

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"image/png"
	"os/exec"
	"strings"
	"testing"

	. "makassartidakrantasa.com/portal/internal/platform/media"
)

// A paper that was photographed says what stands on it, as a photo and as a scan in a PDF.
func TestScansAreRead(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "pdftoppm", "-png", "-r", "150", "-singlefile", "-")
	cmd.Stdin = bytes.NewReader(sheetOf(t, "Permohonan pengerukan kanal", ""))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, img, nil); err != nil {
		t.Fatal(err)
	}
	scan := pdfOfJPEG(photo.Bytes(), img.Bounds().Dx(), img.Bounds().Dy())
	for kind, data := range map[string][]byte{ContentType: photo.Bytes(), PDFType: scan} {
		text, err := Words(t.Context(), kind, bytes.NewReader(data), int64(len(data)))
		if err != nil || !strings.Contains(strings.ToLower(text), "pengerukan kanal") {
			t.Errorf("%s says %q, %v", kind, text, err)
		}
	}
	if text, err := Words(t.Context(), PDFType, bytes.NewReader(emptySheet()), 0); err != nil || strings.TrimSpace(text) != "" {
		t.Errorf("an empty page says %q, %v", text, err)
	}
}

// pdfOfJPEG is a PDF of one page that is a picture.
func pdfOfJPEG(photo []byte, w, h int) []byte {
	content := "q 595 0 0 842 0 0 cm /Im Do Q"
	return fmt.Appendf(nil, "%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"+
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</Im 5 0 R>>>>>>endobj\n"+
		"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n"+
		"5 0 obj<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length %d>>stream\n%s\nendstream endobj\n"+
		"trailer<</Root 1 0 R>>\n%%%%EOF\n", len(content), content, w, h, len(photo), photo)
}
