package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// asText is how programs keep the digits of a number in a CSV: ="7371…".
var asText = regexp.MustCompile(`^="([^"]*)"$`)

func openCSV(file io.ReaderAt, size int64) (*Reader, error) {
	plain, err := plainText(file, size)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(plain, 64<<10)
	first, err := in.Peek(16 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	first, _, _ = bytes.Cut(first, []byte("\n"))
	if bytes.IndexByte(first, 0) >= 0 {
		return nil, Bad("Berkas ini bukan XLSX dan bukan CSV. Simpan ulang sebagai XLSX, lalu coba lagi.")
	}
	r := csv.NewReader(in)
	r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = -1, true, true
	for _, comma := range []rune{';', '\t'} {
		if bytes.Count(first, []byte(string(comma))) > bytes.Count(first, []byte(string(r.Comma))) {
			r.Comma = comma
		}
	}
	var cells []Cell
	next := func() (Row, error) {
		record, err := r.Read()
		if err != nil {
			if errors.Is(err, io.EOF) {
				return Row{}, io.EOF
			}
			var wrong *csv.ParseError
			if errors.As(err, &wrong) {
				return Row{}, Bad("Baris %d berkas CSV ini rusak. Simpan ulang dari program lembar kerja Anda, lalu coba lagi.", wrong.Line)
			}
			return Row{}, err
		}
		line, _ := r.FieldPos(0)
		cells = cells[:0]
		for _, text := range record[:min(len(record), maxColumns)] {
			cells = append(cells, textCell(text))
		}
		return Row{line, cells}, nil
	}
	return &Reader{next: next, close: func() error { return nil }}, nil
}

// textCell is a cell of a CSV, which says nothing of its kind.
func textCell(text string) Cell {
	text = strings.TrimSpace(text)
	if m := asText.FindStringSubmatch(text); m != nil {
		return Cell{strings.TrimSpace(m[1]), Text}
	}
	if len(text) > 1 && text[0] == '\'' {
		return Cell{text[1:], Text} // what spreadsheets type before digits that are text
	}
	if len(text) > 1 && text[0] == '=' {
		return Cell{text, Formula}
	}
	return Cell{text, Text}
}

// plainText decodes a text file: what its byte order mark says, UTF-8, or else the
// letters of Windows, which has those of Latin-1.
func plainText(file io.ReaderAt, size int64) (io.Reader, error) {
	in := bufio.NewReaderSize(io.NewSectionReader(file, 0, size), 64<<10)
	fallback := encoding.Encoding(unicode.UTF8)
	for {
		r, n, err := in.ReadRune()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if r == utf8.RuneError && n == 1 {
			fallback = charmap.Windows1252
			break
		}
	}
	decoder := unicode.BOMOverride(fallback.NewDecoder())
	return transform.NewReader(io.NewSectionReader(file, 0, size), decoder), nil
}
