package org

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

const (
	// MaxSheetFile is the largest XLSX or CSV that the imports read.
	MaxSheetFile = 16 << 20
	// maxSheetUnzipped bounds what a small XLSX may swell to.
	maxSheetUnzipped = 256 << 20
	maxSheetRows     = 50_000
)

// sheet is a table with a header, whatever file it came from.
type sheet struct {
	columns map[string]int // canonical name to index
	rows    []sheetRow
}

type sheetRow struct {
	line  int // as a spreadsheet numbers it
	cells []string
}

// get returns a cell without spaces around it, "" where the row is short or the
// sheet has no such column.
func (s sheet) get(r sheetRow, column string) string {
	if i, ok := s.columns[column]; ok && i < len(r.cells) {
		return strings.TrimSpace(r.cells[i])
	}
	return ""
}

func (s sheet) has(column string) bool { _, ok := s.columns[column]; return ok }

func badSheet(message string, err error) error {
	return &errs.Error{Kind: errs.Unprocessable, Message: message, Err: err, Fields: []errs.Field{{Name: "berkas", Message: message}}}
}

// readSheet reads the first visible sheet of an XLSX, or a CSV with commas,
// semicolons or tabs. aliases maps folded headers to canonical names; required
// ones must be there. Wrong files are errs.Unprocessable for the field "berkas".
func readSheet(file io.Reader, aliases map[string]string, required ...string) (sheet, error) {
	data, err := io.ReadAll(io.LimitReader(file, MaxSheetFile+1))
	if err != nil {
		return sheet{}, err
	}
	if len(data) > MaxSheetFile {
		return sheet{}, errs.New(errs.TooLarge, "Berkas lebih besar dari 16 MB. Bagi menjadi beberapa berkas lalu coba lagi.")
	}
	var rows []sheetRow
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		rows, err = readXLSX(data)
	} else {
		rows, err = readCSV(data)
	}
	if err != nil {
		return sheet{}, err
	}
	if len(rows) == 0 {
		return sheet{}, badSheet("Berkas ini kosong.", nil)
	}
	s := sheet{columns: map[string]int{}, rows: rows[1:]}
	for i, h := range rows[0].cells {
		if name, known := aliases[indo.Fold(h)]; known {
			if _, twice := s.columns[name]; twice {
				return sheet{}, badSheet("Kolom “"+clip(h)+"” ada dua kali.", nil)
			}
			s.columns[name] = i
		}
	}
	var missing []string
	for _, name := range required {
		if !s.has(name) {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return sheet{}, badSheet("Baris pertama harus memuat judul kolom. Yang belum ada: "+strings.Join(missing, ", ")+".", nil)
	}
	if len(s.rows) == 0 {
		return sheet{}, badSheet("Berkas ini hanya memuat judul kolom.", nil)
	}
	return s, nil
}

func readXLSX(data []byte) (rows []sheetRow, err error) {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxSheetUnzipped, UnzipXMLSizeLimit: maxSheetUnzipped,
	})
	if err != nil {
		return nil, badSheet("Berkas XLSX ini tidak dapat dibaca. Simpan ulang tanpa sandi, lalu coba lagi.", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	i := slices.IndexFunc(f.GetSheetList(), func(name string) bool {
		visible, err := f.GetSheetVisible(name)
		return err == nil && visible
	})
	if i < 0 {
		return nil, badSheet("Berkas XLSX ini tidak punya lembar yang terlihat.", nil)
	}
	it, err := f.Rows(f.GetSheetList()[i])
	if err != nil {
		return nil, badSheet("Lembar pertama berkas ini tidak dapat dibaca.", err)
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for line := 1; it.Next(); line++ {
		cells, err := it.Columns()
		if err != nil {
			return nil, badSheet("Baris "+strconv.Itoa(line)+" tidak dapat dibaca.", err)
		}
		if rows, err = appendRow(rows, line, cells); err != nil {
			return nil, err
		}
	}
	if err := it.Error(); err != nil {
		return nil, badSheet("Berkas XLSX ini rusak.", err)
	}
	return rows, nil
}

func readCSV(data []byte) ([]sheetRow, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil, badSheet("Berkas ini bukan XLSX dan bukan CSV berhuruf UTF-8. Simpan sebagai “CSV UTF-8” atau XLSX.", nil)
	}
	first, _, _ := bytes.Cut(data, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	for _, comma := range []rune{';', '\t'} {
		if bytes.Count(first, []byte(string(comma))) > bytes.Count(first, []byte(string(r.Comma))) {
			r.Comma = comma
		}
	}
	var rows []sheetRow
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, badSheet("Berkas CSV ini rusak: "+err.Error(), err)
		}
		line, _ := r.FieldPos(0)
		if rows, err = appendRow(rows, line, cells); err != nil {
			return nil, err
		}
	}
}

// appendRow leaves out rows in which nothing is written.
func appendRow(rows []sheetRow, line int, cells []string) ([]sheetRow, error) {
	if !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
		return rows, nil
	}
	if len(rows) > maxSheetRows {
		return nil, errs.New(errs.TooLarge, "Berkas memuat lebih dari 50.000 baris. Bagi menjadi beberapa berkas lalu coba lagi.")
	}
	return append(rows, sheetRow{line, cells}), nil
}

var monthNames = map[string]time.Month{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8, "ags": 8, "aug": 8,
	"sep": 9, "okt": 10, "oct": 10, "nov": 11, "des": 12, "dec": 12,
}

// parseDay reads a date as spreadsheets and people write it: an Excel serial,
// 2026-11-24, 24-11-2026, 24/11/2026, 24 November 2026. Days come first.
func parseDay(s string) (time.Time, bool) {
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		if f < 1 || f > 100_000 {
			return time.Time{}, false
		}
		t, err := excelize.ExcelDateToTime(f, false)
		return midnight(t), err == nil
	}
	if d, _, ok := strings.Cut(s, "T"); ok && len(d) == 10 {
		s = d
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == '/' || r == '.' || r == ' ' })
	if len(parts) != 3 {
		return time.Time{}, false
	}
	if len(parts[0]) == 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	day, err1 := strconv.Atoi(parts[0])
	year, err2 := strconv.Atoi(parts[2])
	month, err3 := strconv.Atoi(parts[1])
	if err3 != nil && len(parts[1]) >= 3 {
		month = int(monthNames[strings.ToLower(parts[1][:3])])
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, clock.Makassar)
	if err1 != nil || err2 != nil || len(parts[2]) != 4 || t.Day() != day || int(t.Month()) != month {
		return time.Time{}, false
	}
	return t, true
}
