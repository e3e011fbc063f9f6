package epemerintahan

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// Remark is something to say about a row: what keeps its family out, or what is
// doubted.
type Remark struct {
	Column  string `json:"kolom"` // as the template calls it
	Message string `json:"ket"`
	Doubt   bool   `json:"ragu,omitempty"`
}

// importedRow is a row as it waits, sealed.
type importedRow struct {
	NewResident
	Home
	KK      string
	Group   string `json:",omitempty"`
	Remarks []Remark
	// Either is a date that reads both ways; MonthFirst one that reads only with the month first.
	Either, MonthFirst bool `json:",omitempty"`
}

// rowReader turns rows of a file into answers.
type rowReader struct {
	header    header
	kelurahan Kelurahan
	date1904  bool
	row       sheet.Row
	out       *importedRow
}

func (r *rowReader) refuse(name, format string, args ...any) {
	r.out.Remarks = append(r.out.Remarks, Remark{Column: importTitle(name), Message: fmt.Sprintf(format, args...)})
}

// read reads one row.
func (r *rowReader) read(row sheet.Row) *importedRow {
	r.row, r.out = row, &importedRow{}
	out := r.out
	out.KelurahanID = r.kelurahan.ID
	if name := indo.Squeeze(strings.TrimPrefix(indo.Fold(r.text(columnKelurahan)), "kelurahan ")); name != "" &&
		name != indo.Squeeze(strings.TrimPrefix(indo.Fold(r.kelurahan.Name), "kelurahan ")) {
		r.refuse(columnKelurahan, "Tertulis kelurahan lain. Impor ini untuk %s.", r.kelurahan.Name)
	}
	out.KK, out.Group = r.number(ControlKK), r.text(columnGroup)
	if out.KK == "" && out.Group == "" && !r.said(ControlKK) {
		r.refuse(ControlKK, "Nomor KK kosong. Bila kartunya belum ada, isi kolom Kode keluarga dengan tanda yang sama untuk semua anggota.")
	}
	r.nik()
	out.Name, out.BirthPlace = r.text(ControlName), r.text(ControlBirthPlace)
	out.BirthDate = r.date(ControlBirthDate)
	for _, c := range []struct {
		name  string
		into  *int
		empty int
	}{
		{ControlRelation, &out.Relation, 0}, {ControlSex, &out.Sex, 0}, {ControlReligion, &out.Religion, 0}, {ControlEducation, &out.Education, 0},
		{ControlJob, &out.Job, 0}, {ControlMarital, &out.Marital, 0}, {ControlCitizenship, &out.Citizenship, 1}, {ControlPermanence, &out.Permanence, 1},
	} {
		*c.into = r.code(c.name, c.empty)
	}
	out.RW, out.RT, out.Address = r.area(ControlRW), r.area(ControlRT), r.text(ControlAddress)
	out.FatherName, out.MotherName = r.text(ControlFather), r.text(ControlMother)
	out.BirthDeed, out.MarriageDeed, out.DivorceDeed = r.text(ControlBirthDeed), r.text(ControlMarriageDeed), r.text(ControlDivorceDeed)
	return out
}

// said tells whether a remark about a column was made.
func (r *rowReader) said(name string) bool {
	title := importTitle(name)
	return slices.ContainsFunc(r.out.Remarks, func(m Remark) bool { return m.Column == title })
}

// cell is a cell with nothing wrong about its kind.
func (r *rowReader) cell(name string) sheet.Cell {
	i, there := r.header[name]
	if !there {
		return sheet.Cell{}
	}
	c := r.row.Cell(i)
	switch c.Kind {
	case sheet.Formula:
		r.refuse(name, "Sel ini berisi rumus. Salin kolomnya, lalu tempel sebagai nilai.")
		return sheet.Cell{}
	case sheet.Failed:
		r.refuse(name, "Sel ini berisi galat lembar kerja (%s). Tulis isinya.", c.Text)
		return sheet.Cell{}
	}
	return c
}

// text is a cell as words; a lone dash stands for nothing.
func (r *rowReader) text(name string) string {
	s := r.cell(name).Text
	if s == "-" || s == "--" {
		return ""
	}
	return s
}

// scientific is what spreadsheets make of a long number.
var scientific = regexp.MustCompile(`^[0-9]([.,][0-9]+)?[eE]\+?[0-9]{1,2}$`)

// number reads a NIK or KK. What a spreadsheet took for a number is lost: it keeps 15 digits.
func (r *rowReader) number(name string) string {
	c := r.cell(name)
	if c.Text == "" || c.Text == "-" {
		return ""
	}
	if c.Kind == sheet.Number || scientific.MatchString(c.Text) {
		f, err := strconv.ParseFloat(strings.ReplaceAll(c.Text, ",", "."), 64)
		if err == nil && f >= 1e15 {
			r.refuse(name, "%s diubah Excel menjadi angka (%s), sehingga angka ke-16 hilang. Jadikan kolomnya Teks, lalu ketik ulang dari kartunya.",
				importTitle(name), strings.ReplaceAll(strconv.FormatFloat(f, 'E', 2, 64), ".", ","))
		} else {
			r.refuse(name, "%s tersimpan sebagai angka, padahal harus teks 16 angka. Jadikan kolomnya Teks, lalu ketik ulang dari kartunya.", importTitle(name))
		}
		return ""
	}
	return CleanNumber(c.Text)
}

func (r *rowReader) nik() {
	out := r.out
	out.NIK, out.NIKStatus = r.number(ControlNIK), NIKPresent
	if r.said(ControlNIK) {
		return
	}
	written := r.text(ControlNIKStatus)
	status, known := nikStatusNames[indo.Fold(written)]
	switch {
	case written != "" && !known:
		r.refuse(ControlNIKStatus, "“%s” tidak dikenal. Pilihannya: ada, belum punya, belum diketahui, menunggu pemeriksaan.", clip(written))
	case out.NIK == "" && (written == "" || status == NIKPresent):
		r.refuse(ControlNIK, "NIK kosong. Bila memang tidak ada, isi kolom Status NIK: belum punya, belum diketahui, atau menunggu pemeriksaan.")
	case known:
		out.NIKStatus = status
	}
}

func (r *rowReader) code(name string, empty int) int {
	list, written := codeLists[name], r.text(name)
	if r.said(name) {
		return 0
	}
	if written == "" {
		if empty == 0 {
			r.refuse(name, "%s kosong.", importTitle(name))
		}
		return empty
	}
	if n, ok := whole(written); ok && list.Name(n) != "" {
		return n
	}
	if id, ok := codeNames[name][indo.Fold(written)]; ok {
		return id
	}
	choices := "Lihat daftar kode di contoh."
	if len(list) <= 11 {
		names := make([]string, len(list))
		for i, c := range list {
			names[i] = c.Name
		}
		choices = "Pilihannya: " + strings.Join(names, ", ") + "."
	}
	r.refuse(name, "“%s” tidak dikenal. %s", clip(written), choices)
	return 0
}

// whole reads a whole number, also as spreadsheets write it: "3.0".
func whole(s string) (int, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != float64(int(f)) || f < 0 || f > 1e6 {
		return 0, false
	}
	return int(f), true
}

func (r *rowReader) area(name string) string {
	written := r.text(name)
	if r.said(name) {
		return ""
	}
	if n, ok := whole(written); ok {
		written = strconv.Itoa(n)
	}
	area, ok := ParseArea(written)
	if !ok {
		r.refuse(name, "Isi nomor %s, 1 sampai 999.", importTitle(name))
	}
	return area
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

var importMonths = map[string]time.Month{
	"jan": 1, "feb": 2, "peb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8, "ags": 8, "agt": 8, "aug": 8,
	"sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}

var (
	dateISO   = regexp.MustCompile(`^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ].*)?$`)
	dateDay   = regexp.MustCompile(`^([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})(?: 0?0[:.]00.*)?$`)
	dateShort = regexp.MustCompile(`^[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{2}$`)
	dateWords = regexp.MustCompile(`^([0-9]{1,2})[-/. ]+([A-Za-z]{3,12})[-/. ,]+([0-9]{4})$`)
)

// date reads a day as spreadsheets and people write it, the day first. What can be read
// in two ways is refused.
func (r *rowReader) date(name string) time.Time {
	c := r.cell(name)
	s := strings.TrimSpace(c.Text)
	if s == "" {
		if !r.said(name) {
			r.refuse(name, "%s kosong.", importTitle(name))
		}
		return time.Time{}
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		if t, err := excelize.ExcelDateToTime(f, r.date1904); err == nil && f >= 1 && f < 80_000 {
			return dayOf(t)
		}
		r.refuse(name, "“%s” bukan tanggal. Tulis seperti 17-08-1985.", clip(s))
		return time.Time{}
	}
	var day, month, year int
	switch {
	case dateISO.MatchString(s):
		m := dateISO.FindStringSubmatch(s)
		year, month, day = atoi(m[1]), atoi(m[2]), atoi(m[3])
	case dateDay.MatchString(s):
		m := dateDay.FindStringSubmatch(s)
		day, month, year = atoi(m[1]), atoi(m[2]), atoi(m[3])
		if month > 12 && month <= 31 && day <= 12 && day > 0 {
			r.out.MonthFirst = true
			r.refuse(name, "“%s” menulis bulan lebih dulu. Tulis hari lebih dulu: %02d-%02d-%d.", s, month, day, year)
			return time.Time{}
		}
		r.out.Either = r.out.Either || day <= 12 && day != month
	case dateShort.MatchString(s):
		r.refuse(name, "“%s” menulis tahun dengan dua angka, jadi abadnya tidak jelas. Tulis tahun dengan empat angka.", s)
		return time.Time{}
	case dateWords.MatchString(s):
		m := dateWords.FindStringSubmatch(s)
		day, month, year = atoi(m[1]), int(importMonths[strings.ToLower(m[2][:3])]), atoi(m[3])
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if month == 0 || t.Day() != day || int(t.Month()) != month {
		r.refuse(name, "“%s” bukan tanggal yang ada. Tulis seperti 17-08-1985.", clip(s))
		return time.Time{}
	}
	return t
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s) // digits only
	return n
}
