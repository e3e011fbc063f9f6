package media_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
)

// sheetOf is a PDF of one page, with a code where mark is given.
func sheetOf(t *testing.T, text, mark string) []byte {
	t.Helper()
	b, err := naskah.Render(naskah.Document{Title: text, Unnumbered: true, Subject: text, Created: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC),
		Blocks: []naskah.Block{naskah.Paragraph{Text: text}}, QR: naskah.QR{Text: mark, Caption: "Uji"}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// emptySheet is a PDF of one page without anything on it.
func emptySheet() []byte {
	return []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
}

// pile unites PDFs.
func pile(t *testing.T, sheets ...[]byte) []byte {
	t.Helper()
	dir := t.TempDir()
	var args []string
	for i, b := range sheets {
		name := filepath.Join(dir, string(rune('a'+i))+".pdf")
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	all := filepath.Join(dir, "semua.pdf")
	if out, err := exec.Command("pdfunite", append(args, all)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	b, err := os.ReadFile(all)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// words of a PDF.
func words(t *testing.T, pdf []byte) string {
	t.Helper()
	text, err := Words(t.Context(), PDFType, bytes.NewReader(pdf), int64(len(pdf)))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Letters of one and two pages come apart at the sheets between them, whose empty backs go
// too; another code and an empty page elsewhere stay.
func TestSplitPDF(t *testing.T) {
	t.Parallel()
	if !CanSplit() {
		t.Fatal("poppler-utils and zbar-tools are needed")
	}
	const mark = "PISAH"
	sep := sheetOf(t, "PEMISAH", mark)
	for name, c := range map[string]struct {
		pdf  []byte
		want []string
	}{
		"backs":     {pile(t, sep, emptySheet(), sheetOf(t, "SATU", ""), sep, emptySheet(), sheetOf(t, "DUA", "LAIN"), emptySheet(), sheetOf(t, "LANJUTAN", ""), sep), []string{"SATU", "DUA LANJUTAN"}},
		"no sheet":  {pile(t, sheetOf(t, "SATU", ""), sheetOf(t, "DUA", "")), []string{"SATU DUA"}},
		"one page":  {sheetOf(t, "SATU", ""), []string{"SATU"}},
		"only them": {pile(t, sep, sep), nil},
	} {
		var got []string
		err := SplitPDF(t.Context(), bytes.NewReader(c.pdf), mark, func(part []byte) error {
			text := words(t, part)
			var found []string
			for _, w := range []string{"PEMISAH", "SATU", "DUA", "LANJUTAN"} {
				if strings.Contains(text, w) {
					found = append(found, w)
				}
			}
			got = append(got, strings.Join(found, " "))
			return nil
		})
		if err != nil || strings.Join(got, "; ") != strings.Join(c.want, "; ") {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, c.want)
		}
	}
	err := SplitPDF(t.Context(), strings.NewReader("%PDF-1.4 rusak"), mark, func([]byte) error { return nil })
	if !errors.Is(err, ErrNoSplit) {
		t.Errorf("broken: %v", err)
	}
}
