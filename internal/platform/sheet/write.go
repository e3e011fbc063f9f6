package sheet

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Column is a column to write.
type Column struct {
	Title string
	Width float64 // in characters; 0: 14
}

// Writer writes rows of text and numbers, in a CSV with a decimal point. Text is text in any program that
// opens the file: nothing in it is ever reckoned. It is used by one goroutine.
type Writer struct {
	row   func(cells []any) error
	close func() error
	abort func() error
}

// Formats of a file that is written.
const (
	XLSX = "xlsx"
	CSV  = "csv"
)

// Types are the media types of the formats.
var Types = map[string]string{
	XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	CSV:  "text/csv; charset=utf-8",
}

// NewWriter writes a table to w. An XLSX goes out at Close; until then it lies in a
// temporary file.
func NewWriter(w io.Writer, format, title string, columns []Column) (*Writer, error) {
	if format == CSV {
		return newCSV(w, columns)
	}
	return newXLSX(w, title, columns)
}

// Row adds a row of strings, ints and floats.
func (w *Writer) Row(cells ...any) error { return w.row(cells) }

// Close finishes the file.
func (w *Writer) Close() error { return w.close() }

// Abort gives the file up.
func (w *Writer) Abort() error { return w.abort() }

// Harmless keeps spreadsheets from reckoning a text that somebody else wrote: what
// begins like a formula gets an apostrophe before it.
func Harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}

func newCSV(w io.Writer, columns []Column) (*Writer, error) {
	buffered := bufio.NewWriterSize(w, 32<<10)
	if _, err := buffered.WriteString("\ufeff"); err != nil { // or Excel guesses
		return nil, err
	}
	c := csv.NewWriter(buffered)
	c.Comma, c.UseCRLF = ';', true // as Excel in Indonesia reads it
	titles := make([]string, len(columns))
	for i, column := range columns {
		titles[i] = column.Title
	}
	if err := c.Write(titles); err != nil {
		return nil, err
	}
	record := make([]string, 0, len(columns))
	return &Writer{
		row: func(cells []any) error {
			record = record[:0]
			for _, cell := range cells {
				if text, ok := cell.(string); ok {
					record = append(record, Harmless(text))
				} else {
					record = append(record, fmt.Sprint(cell))
				}
			}
			return c.Write(record)
		},
		close: func() error {
			c.Flush()
			return errors.Join(c.Error(), buffered.Flush())
		},
		abort: func() error { return nil },
	}, nil
}

func newXLSX(w io.Writer, title string, columns []Column) (_ *Writer, err error) {
	f := excelize.NewFile()
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close())
		}
	}()
	name := title
	if runes := []rune(name); len(runes) > 31 {
		name = string(runes[:31])
	}
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return nil, err
	}
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49}) // "@": stays text when edited
	if err != nil {
		return nil, err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 49})
	if err != nil {
		return nil, err
	}
	s, err := f.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	for i, c := range columns {
		width := c.Width
		if width == 0 {
			width = 14
		}
		if err := errors.Join(s.SetColWidth(i+1, i+1, width), s.SetColStyle(i+1, i+1, text)); err != nil {
			return nil, err
		}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	cells := make([]any, len(columns))
	for i, c := range columns {
		cells[i] = excelize.Cell{StyleID: bold, Value: c.Title}
	}
	if err := s.SetRow("A1", cells); err != nil {
		return nil, err
	}
	line := 1
	return &Writer{
		row: func(values []any) error {
			line++
			cells = cells[:0]
			for _, v := range values {
				if _, ok := v.(string); ok {
					cells = append(cells, excelize.Cell{StyleID: text, Value: v})
				} else {
					cells = append(cells, v)
				}
			}
			at, err := excelize.CoordinatesToCellName(1, line)
			if err != nil {
				return err
			}
			return s.SetRow(at, cells)
		},
		close: func() error {
			if err := s.Flush(); err != nil {
				return errors.Join(err, f.Close())
			}
			_, err := f.WriteTo(w)
			return errors.Join(err, f.Close())
		},
		abort: f.Close,
	}, nil
}
