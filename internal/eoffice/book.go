package eoffice

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice/kind"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Book is one of the books in which an office writes its letters down in a year.
type Book struct {
	UnitID       int64
	Year         int
	Series       string // of the letters it issued, [BookSeries]; "": what it took in
	Confidential bool   // those of R and SR, which are counted apart
}

// Incoming tells whether the book is that of what the office took in.
func (b Book) Incoming() bool { return b.Series == "" }

// BookSeries are the series in which letters that are issued are counted, in the order of
// their kinds.
func BookSeries() (out []string) {
	for _, k := range kind.All() {
		if !slices.Contains(out, k.Series) {
			out = append(out, k.Series)
		}
	}
	return out
}

// kinds are those that a book holds.
func (b Book) kinds() []string {
	out := []string{}
	for _, k := range kind.All() {
		if k.Series == b.Series {
			out = append(out, k.Code)
		}
	}
	return out
}

func (b Book) series() string {
	if b.Incoming() {
		return agendaSeries(b.UnitID)
	}
	return series(&Case{UnitID: b.UnitID, State: State{Secrecy: map[bool]Secrecy{true: Secret, false: Open}[b.Confidential]}}, kind.Kind{Series: b.Series})
}

// BookLine is a number and what has it. The subject of what is confidential is not in it.
type BookLine struct {
	No       int64
	Suffix   string // of a number put after No
	LetterID int64  // 0: nothing has the number
	Number   string
	Day      *time.Time // of the letter
	On       *time.Time // taken in or signed
	KindCode string
	Subject  string
	Secrecy  Secrecy
	From     string
	To       string
	Status   Status
	Kept     bool   // for a letter that is still to come
	Gap      string // why the number names no letter, "" when it does
}

const (
	bookTo = `COALESCE((SELECT string_agg(x.name, '; ' ORDER BY x.ord) FROM (SELECT COALESCE(p.title, r.name) AS name, r.ord FROM eoffice_recipient r
	LEFT JOIN org_position p ON p.id = r.position_id WHERE r.letter_id = l.id AND r.role = 'kepada' ORDER BY r.ord LIMIT 5) x), '')`

	sqlBookOut = `
SELECT l.letter_no AS no, COALESCE(b.suffix, '') AS suffix, l.id AS letter_id, l.letter_number AS number, (l.dated_at AT TIME ZONE 'Asia/Makassar')::date AS day, l.signed_at AS "on", l.kind_code,
	CASE WHEN l.secrecy IN ('B', 'T') THEN l.subject ELSE '' END AS subject, l.secrecy, u.short_name AS "from", ` + bookTo + ` AS "to", l.status, COALESCE(b.ended_why, '') AS gap, false AS kept
FROM eoffice_letter l JOIN org_unit u ON u.id = l.unit_id LEFT JOIN eoffice_booking b ON b.letter_id = l.id
WHERE l.unit_id = $1 AND l.letter_year = $2 AND l.letter_no >= $3 AND l.letter_no < $4 AND l.kind_code = ANY($5) AND l.counted_secret = $6::boolean
ORDER BY l.letter_no DESC, suffix DESC`

	sqlBookIn = `
SELECT r.agenda_no AS no, '' AS suffix, l.id AS letter_id, COALESCE(l.letter_number, l.sender_number) AS number,
	COALESCE(l.letter_date, (l.dated_at AT TIME ZONE 'Asia/Makassar')::date) AS day, r.received_at AS "on", l.kind_code,
	CASE WHEN l.secrecy IN ('B', 'T') THEN l.subject ELSE '' END AS subject, l.secrecy,
	COALESCE(NULLIF(l.sender, ''), u.short_name) AS "from", COALESCE(p.title, r.name) AS "to", r.status, '' AS gap, false AS kept
FROM eoffice_recipient r JOIN eoffice_letter l ON l.id = r.letter_id JOIN org_unit u ON u.id = l.unit_id LEFT JOIN org_position p ON p.id = r.position_id
WHERE r.unit_id = $1 AND r.agenda_year = $2 AND r.agenda_no >= $3 AND r.agenda_no < $4
ORDER BY r.agenda_no DESC`
)

// Page of a book: so many numbers at once on the screen, and at most so many on paper.
const (
	BookPage  = 50
	BookPaper = 5000
)

// BookOf lists the numbers of a book below before (0: from the last), at most n of them,
// newest first: every number that was ever taken is there. It is for the tata usaha and
// the archivist of the office; others get errs.NotFound.
func (m *Module) BookOf(ctx context.Context, a authz.Actor, b Book, before int64, n int) (out []BookLine, err error) {
	defer errs.In(&err, "eoffice.BookOf(%d, %d)", b.UnitID, b.Year)
	offices, err := m.BookOffices(ctx, a)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(offices, func(o BookOffice) bool { return o.ID == b.UnitID }) || !b.Incoming() && !slices.Contains(BookSeries(), b.Series) {
		return nil, errs.New(errs.NotFound, "Buku ini tidak ada di kantor Anda.")
	}
	last, err := numbering.Last(ctx, m.db, b.series(), b.Year)
	if err != nil {
		return nil, err
	}
	if before <= 0 || before > last {
		before = last + 1
	}
	first := max(1, before-int64(n))
	rows, err := m.bookRows(ctx, b, first, before)
	if err != nil {
		return nil, err
	}
	gaps, err := numbering.Gaps(ctx, m.db, b.series(), b.Year)
	if err != nil {
		return nil, err
	}
	why := map[int64]string{}
	for _, g := range gaps {
		why[g.Number] = g.Reason
	}
	kept, err := m.keptIn(ctx, b, first, before)
	if err != nil {
		return nil, err
	}
	for no := before - 1; no >= first; no-- {
		lines := kept[no]
		for ; len(rows) > 0 && rows[0].No == no; rows = rows[1:] {
			line := rows[0]
			if line.Suffix == "" {
				line.Gap = why[no]
			}
			line.Gap = line.without(line.Gap, b.Incoming())
			lines = append(lines, line)
		}
		if !slices.ContainsFunc(lines, func(l BookLine) bool { return l.Suffix == "" }) {
			lines = append(lines, BookLine{No: no, Gap: why[no]})
		}
		slices.SortFunc(lines, func(x, y BookLine) int { return cmp.Compare(y.Suffix, x.Suffix) })
		out = append(out, lines...)
	}
	return out, nil
}

// keptIn are the lines of a book for numbers that were kept and carry no letter.
func (m *Module) keptIn(ctx context.Context, b Book, first, before int64) (map[int64][]BookLine, error) {
	if b.Incoming() {
		return nil, nil
	}
	list, err := pg.Many[Booking](ctx, m.db, sqlBookedIn, b.UnitID, b.Series, b.Confidential, b.Year, first, before)
	if err != nil {
		return nil, err
	}
	out := map[int64][]BookLine{}
	for _, k := range list {
		line := BookLine{No: k.No, Suffix: k.Suffix, Gap: k.EndedWhy}
		if k.LetterID != 0 {
			continue
		}
		if line.Gap == "" {
			line.Kept = true
			line.Gap = fmt.Sprintf("Dipesan untuk %s sampai %s: %s", k.Holder, indo.Date(k.ExpiresAt), k.Reason)
		}
		out[k.No] = append(out[k.No], line)
	}
	return out, nil
}

func (m *Module) bookRows(ctx context.Context, b Book, first, before int64) ([]BookLine, error) {
	if b.Incoming() {
		return pg.Many[BookLine](ctx, m.db, sqlBookIn, b.UnitID, b.Year, first, before)
	}
	return pg.Many[BookLine](ctx, m.db, sqlBookOut, b.UnitID, b.Year, first, before, b.kinds(), b.Confidential)
}

// without says why the number of a line carries no letter in force; "" when it does.
func (l BookLine) without(gap string, incoming bool) string {
	switch {
	case gap != "":
		return gap
	case l.Status == Revoked:
		return "Dicabut"
	case !incoming && l.On == nil:
		return "Belum jadi: " + l.Status.Label()
	}
	return ""
}

// BookOffice is an office whose books somebody may read.
type BookOffice struct {
	ID   int64
	Name string
}

const sqlBookOffices = `
SELECT u.id, u.name FROM org_unit u WHERE u.ancestors && $1 AND (EXISTS (SELECT FROM eoffice_letter l WHERE l.unit_id = u.id AND l.letter_no IS NOT NULL)
	OR EXISTS (SELECT FROM eoffice_recipient r WHERE r.unit_id = u.id AND r.agenda_no IS NOT NULL)
	OR EXISTS (SELECT FROM eoffice_booking b WHERE b.unit_id = u.id))
ORDER BY array_length(u.ancestors, 1), u.name, u.id`

// BookOffices are the offices whose books the actor may read and that have written in them.
func (m *Module) BookOffices(ctx context.Context, a authz.Actor) (_ []BookOffice, err error) {
	defer errs.In(&err, "eoffice.BookOffices")
	return pg.Many[BookOffice](ctx, m.db, sqlBookOffices, append(listOf(a.Units(PermRegister)), a.Units(PermArchive)...))
}

// Title names the book.
func (b Book) Title() string {
	if b.Incoming() {
		return fmt.Sprintf("Buku agenda naskah masuk %d", b.Year)
	}
	return fmt.Sprintf("Buku nomor %s %d", SeriesLabel(b.Series, b.Confidential), b.Year)
}

// seriesLabels are the names of series that are not their own.
var seriesLabels = map[string]string{
	"nota": "nota dinas dan memorandum", "surat": "surat dinas, undangan, dan pengantar", "tugas": "surat tugas dan perintah",
	"berita-acara": "berita acara", "sop": "SOP",
}

// SeriesLabel names a series of numbers.
func SeriesLabel(series string, confidential bool) string {
	label := cmp.Or(seriesLabels[series], series)
	if confidential {
		label += ", rahasia"
	}
	return label
}
