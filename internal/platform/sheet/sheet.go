// Package sheet reads tables out of XLSX and CSV files row by row, and writes them.
// Whatever the number of rows, memory holds a few of them: what an XLSX keeps apart
// from its rows, its shared strings, lies in a temporary file.
//
// It is our own and not a library's because an import must know what a cell is: a
// number has lost the digits of a NIK, a formula is nobody's answer.
package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

const (
	// MaxFile is the largest file that is read.
	MaxFile = 50_000_000
	// MaxRows that a file may have.
	MaxRows = 200_000
	// maxUnzipped bounds what the parts of an XLSX may swell to, each.
	maxUnzipped = 1 << 30
	// maxToken is the most that one cell may hold.
	maxToken = 256 << 10
	// maxColumns are looked at; what stands further right is not.
	maxColumns = 100
)

// Kind is what a cell is.
type Kind uint8

// The kinds of cells.
const (
	Text    Kind = iota
	Number       // its text is the number as the file has it: 7.37E+15
	Formula      // its text is the value that was stored with it
	Failed       // an error such as #N/A
)

// Cell is one cell.
type Cell struct {
	Text string
	Kind Kind
}

// Row is a row in which something is written. Its cells are good until the next one.
type Row struct {
	Line  int // as a spreadsheet counts: from 1, the header included
	Cells []Cell
}

// Cell returns a cell, an empty one where the row is short.
func (r Row) Cell(i int) Cell {
	if i < 0 || i >= len(r.Cells) {
		return Cell{}
	}
	return r.Cells[i]
}

func (r Row) empty() bool {
	for _, c := range r.Cells {
		if c.Text != "" || c.Kind == Failed {
			return false
		}
	}
	return true
}

// Reader reads rows. It is used by one goroutine.
type Reader struct {
	next  func() (Row, error)
	close func() error
	rows  int
	// Date1904 says that serial numbers of dates count from 1904.
	Date1904 bool
}

// Bad is the error for a file that cannot be read; the field is "berkas".
func Bad(format string, args ...any) error {
	return errs.Invalid(errs.Field{Name: "berkas", Message: fmt.Sprintf(format, args...)})
}

// Open reads the first visible sheet of an XLSX, or a CSV with commas, semicolons or
// tabs in UTF-8, UTF-16 or Windows-1252. What cannot be read is errs.Unprocessable.
func Open(file io.ReaderAt, size int64) (*Reader, error) {
	head := make([]byte, 8)
	n, err := file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	head = head[:n]
	switch {
	case size == 0:
		return nil, Bad("Berkas ini kosong.")
	case size > MaxFile:
		return nil, Bad("Berkas lebih besar dari 50 MB. Bagi menjadi beberapa berkas lalu coba lagi.")
	case bytes.HasPrefix(head, []byte("PK")):
		return openXLSX(file, size)
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0")):
		return nil, Bad("Berkas ini XLS lama atau dikunci dengan sandi. Simpan ulang sebagai XLSX tanpa sandi, lalu coba lagi.")
	default:
		return openCSV(file, size)
	}
}

// Next returns the next row in which something is written; io.EOF after the last.
func (r *Reader) Next() (Row, error) {
	for {
		row, err := r.next()
		if err != nil {
			return row, err
		}
		if row.empty() {
			continue
		}
		if r.rows++; r.rows > MaxRows {
			return row, Bad("Berkas memuat lebih dari 200.000 baris. Bagi menjadi beberapa berkas lalu coba lagi.")
		}
		return row, nil
	}
}

// Close gives back what the reader holds.
func (r *Reader) Close() error { return r.close() }
