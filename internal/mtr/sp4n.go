package mtr

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// Columns of a file of SP4N-LAPOR!, found by their titles in any order and whatever the
// capitals. The first four are required.
const (
	sp4nNumber    = "Tracking ID"
	sp4nTitle     = "Judul Laporan"
	sp4nBody      = "Isi Laporan"
	sp4nCategory  = "Kategori"
	sp4nDate      = "Tanggal Laporan"
	sp4nClass     = "Klasifikasi"
	sp4nKelurahan = "Kelurahan"
	sp4nPlace     = "Lokasi"
	sp4nAnonymous = "Anonim"
	sp4nSecret    = "Rahasia"
	sp4nName      = "Nama Pelapor"
	sp4nEmail     = "Email"
	sp4nPhone     = "Nomor HP"
)

// SP4NColumns are the titles that an import reads; the first [SP4NRequired] must be there.
var SP4NColumns = []string{
	sp4nNumber, sp4nTitle, sp4nBody, sp4nCategory, sp4nDate, sp4nClass, sp4nKelurahan, sp4nPlace, sp4nAnonymous, sp4nSecret,
	sp4nName, sp4nEmail, sp4nPhone,
}

const (
	SP4NRequired = 4
	// MaxSP4NRows of one file: each row is a report.
	MaxSP4NRows = 2000
	// maxSP4NProblems are told; the rest is counted.
	maxSP4NProblems = 100
)

// SP4NImport is what a file holds, and what became of it.
type SP4NImport struct {
	Rows, New, Known, Wrong int
	Problems                []SP4NProblem
	// Checked is of the file that was looked at: taking it in needs it.
	Checked string
}

// SP4NProblem is a row that cannot be taken in.
type SP4NProblem struct {
	Line           int
	Number, Reason string
}

type sp4nRow struct {
	line  int
	cells map[string]string
}

var sp4nShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9./-]{2,39}$`)

// MayExchange refuses whom the exchange of files is not for: what comes from SP4N-LAPOR! is of the
// whole city.
func (m *Module) MayExchange(ctx context.Context, a authz.Actor) error {
	city, err := org.Root(ctx, m.db)
	if err != nil {
		return err
	}
	if !a.HasIn(PermDispatch, []int64{city.ID}) {
		return errs.New(errs.Forbidden, "Pertukaran dengan SP4N-LAPOR! adalah tugas verifikator kota.")
	}
	return nil
}

const sqlKnownNumbers = `SELECT external_number FROM mtr_origin WHERE external_number = ANY ($1)`

// ImportSP4N looks at a file; with checked, which looking at the same file gave, it takes in
// the rows that are right and new. A number that is known makes no second report, however
// often its file is sent. Needs PermDispatch in the whole city.
func (m *Module) ImportSP4N(ctx context.Context, a authz.Actor, file io.ReaderAt, size int64, checked string) (im SP4NImport, err error) {
	defer errs.In(&err, "mtr.ImportSP4N")
	if err := m.MayExchange(ctx, a); err != nil {
		return im, err
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, io.NewSectionReader(file, 0, size)); err != nil {
		return im, err
	}
	im.Checked = m.derived(contextSP4N, itoa(a.AccountID)+"\x00"+hex.EncodeToString(hash.Sum(nil)))
	if checked != "" && checked != im.Checked {
		return im, errs.Invalid(errs.Field{Name: ControlFile, Message: "Ini bukan berkas yang tadi diperiksa. Periksa dulu, lalu masukkan."})
	}
	rows, err := readSP4N(file, size)
	if err != nil {
		return im, err
	}
	categories, err := m.Categories(ctx)
	if err != nil {
		return im, err
	}
	areas, err := org.Areas(ctx, m.db)
	if err != nil {
		return im, err
	}
	numbers := []string{}
	for _, r := range rows {
		numbers = append(numbers, r.cells[sp4nNumber])
	}
	have, err := pg.Scalars[string](ctx, m.db, sqlKnownNumbers, numbers)
	if err != nil {
		return im, err
	}
	known, seen := map[string]bool{}, map[string]bool{}
	for _, n := range have {
		known[n] = true
	}
	im.Rows = len(rows)
	wrong := func(r sp4nRow, reason string) {
		if im.Wrong++; len(im.Problems) < maxSP4NProblems {
			im.Problems = append(im.Problems, SP4NProblem{r.line, cut(r.cells[sp4nNumber], 40), reason})
		}
	}
	for _, r := range rows {
		number := r.cells[sp4nNumber]
		in, at, reason := r.report(categories, areas, m.now())
		switch {
		case reason != "":
			wrong(r, reason)
			continue
		case known[number]:
			im.Known++
			continue
		case seen[number]:
			wrong(r, "Nomor ini sudah ada di baris lain.")
			continue
		}
		seen[number] = true
		if checked == "" {
			im.New++
			continue
		}
		in.Key = m.derived(contextSP4N, number)
		switch born, err := m.takeSP4N(ctx, a, in, number, at); {
		case errs.KindOf(err) == errs.Unprocessable:
			wrong(r, sentences(err))
		case err != nil:
			return im, err
		case born:
			im.New++
		default:
			im.Known++
		}
	}
	return im, nil
}

func sentences(err error) string {
	var out []string
	for _, f := range errs.FieldsOf(err) {
		out = append(out, f.Message)
	}
	if len(out) == 0 {
		return errs.MessageOf(err)
	}
	return strings.Join(out, " ")
}

const sqlInsertSP4N = `
INSERT INTO mtr_origin (report_id, channel, taken_by, external_number, external_at) VALUES ($1, 'sp4n', $2, $3, $4)`

// takeSP4N makes the report of one row; born says that it is new.
func (m *Module) takeSP4N(ctx context.Context, a authz.Actor, in KeptReport, number string, at *time.Time) (born bool, err error) {
	_, err = m.sendOnce(ctx, authz.Actor{}, in, func(answers *Answers) { answers.Imported = true }, func(tx pgx.Tx, r Receipt) error {
		born = true
		if err := pg.Exec(ctx, tx, sqlInsertSP4N, r.ReportID, a.AccountID, number, at); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "mtr.exchange.import", Object: object, ObjectID: r.ReportID,
			Detail: map[string]any{"nomor": r.Number, "sp4n": number}})
	})
	if pg.Violates(err, "mtr_origin_external_key") { // another import was faster
		return false, nil
	}
	return born && err == nil, err
}

// readSP4N reads the rows under a header that has the required columns.
func readSP4N(file io.ReaderAt, size int64) ([]sp4nRow, error) {
	table, err := sheet.Open(file, size)
	if err != nil {
		return nil, inFile(err)
	}
	defer table.Close()
	var titles map[int]string
	var rows []sp4nRow
	for first := true; ; first = false {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, inFile(err)
		}
		if first {
			if titles, err = sp4nTitles(row); err != nil {
				return nil, err
			}
			continue
		}
		if len(rows) == MaxSP4NRows {
			return nil, errs.Invalid(errs.Field{Name: ControlFile, Message: "Paling banyak " + indo.Int(MaxSP4NRows) + " baris sekali masuk. Bagi berkasnya."})
		}
		r := sp4nRow{line: row.Line, cells: map[string]string{}}
		for i, title := range titles {
			r.cells[title] = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(row.Cell(i).Text, "�"), "\x00", ""))
		}
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		return nil, errs.Invalid(errs.Field{Name: ControlFile, Message: "Berkas ini tidak punya baris laporan."})
	}
	return rows, nil
}

// inFile puts what is wrong with a file beside its control.
func inFile(err error) error {
	if fields := errs.FieldsOf(err); len(fields) > 0 {
		return errs.Invalid(errs.Field{Name: ControlFile, Message: fields[0].Message})
	}
	return err
}

func sp4nTitles(row sheet.Row) (map[int]string, error) {
	titles, found := map[int]string{}, map[string]bool{}
	for i, c := range row.Cells {
		for _, title := range SP4NColumns {
			if indo.Fold(c.Text) == indo.Fold(title) && !found[title] {
				titles[i], found[title] = title, true
			}
		}
	}
	var missing []string
	for _, title := range SP4NColumns[:SP4NRequired] {
		if !found[title] {
			missing = append(missing, title)
		}
	}
	if len(missing) > 0 {
		return nil, errs.Invalid(errs.Field{Name: ControlFile, Message: "Kolom ini tidak ada di baris pertama: " + strings.Join(missing, ", ") + "."})
	}
	return titles, nil
}

// report is the row as a report, and when it came in there; reason says what is wrong.
func (r sp4nRow) report(categories []Category, areas []org.Area, now time.Time) (in KeptReport, at *time.Time, reason string) {
	var wrong []string
	fail := func(s string) { wrong = append(wrong, s) }
	if !sp4nShape.MatchString(r.cells[sp4nNumber]) {
		fail("Tracking ID tidak terbaca: 3 sampai 40 huruf atau angka.")
	}
	in.Place.Source, in.Place.Landmark = SourceManual, cut(strings.Join(strings.Fields(r.cells[sp4nPlace]), " "), MaxLandmark)
	title, body := strings.Join(strings.Fields(r.cells[sp4nTitle]), " "), r.cells[sp4nBody]
	if utf8.RuneCountInString(title) > MaxTitle { // whole in the text, then
		body = title + "\n\n" + body
		title = cut(title, MaxTitle-1) + "…"
	}
	in.Words = WordsInput{Title: title, Body: body}
	for _, f := range checkWords(Answers{Title: title, Body: body}) {
		fail(f.Message)
	}
	if c := categoryNamed(categories, r.cells[sp4nCategory]); c != nil {
		in.Category = CategoryInput{CategoryID: c.ID, Class: c.Class}
	} else {
		fail("Kategori \"" + cut(r.cells[sp4nCategory], 60) + "\" tidak ada di portal.")
	}
	if name := r.cells[sp4nClass]; name != "" {
		class, ok := classNamed(name)
		if !ok {
			fail("Klasifikasi harus pengaduan, aspirasi, atau permintaan informasi.")
		}
		in.Category.Class = class
	}
	if name := r.cells[sp4nKelurahan]; name != "" {
		switch ids := areasNamed(areas, name); len(ids) {
		case 1:
			in.Place.KelurahanID = ids[0]
			if utf8.RuneCountInString(in.Place.Landmark) < 3 {
				in.Place.Landmark = "Lihat uraian laporan"
			}
		case 0:
			fail("Kelurahan \"" + cut(name, 60) + "\" tidak ada di Makassar.")
		default:
			fail("Ada beberapa kelurahan " + cut(name, 60) + ". Tulis beserta kecamatannya, dipisah koma.")
		}
	}
	if s := r.cells[sp4nDate]; s != "" {
		when, ok := sp4nTime(s)
		if !ok || when.After(now) {
			fail("Tanggal laporan tidak terbaca atau belum tiba. Tulis seperti 2026-11-24 atau 24/11/2026.")
		}
		at = &when
	}
	yes := func(column string) bool {
		switch indo.Fold(r.cells[column]) {
		case "", "tidak", "no", "0", "false", "-":
			return false
		case "ya", "yes", "1", "true", indo.Fold(column):
			return true
		}
		fail("Kolom " + column + " harus ya atau tidak.")
		return false
	}
	in.Who = WhoInput{
		Anonymous: yes(sp4nAnonymous), Confidential: yes(sp4nSecret), Name: cut(indo.CleanName(r.cells[sp4nName]), MaxName),
		Email: r.cells[sp4nEmail], Phone: r.cells[sp4nPhone],
	}
	for _, f := range checkContact(in.Who.Email, in.Who.Phone) {
		fail(f.Message)
	}
	return in, at, strings.Join(wrong, " ")
}

// categoryNamed finds a category by code, name or what else people call it.
func categoryNamed(categories []Category, name string) *Category {
	folded := indo.Fold(name)
	for i, c := range categories {
		if folded != "" && (indo.Fold(c.Code) == folded || indo.Fold(c.Name) == folded) {
			return &categories[i]
		}
	}
	for i, c := range categories {
		for _, s := range c.Synonyms {
			if indo.Fold(s) == folded {
				return &categories[i]
			}
		}
	}
	return nil
}

func classNamed(name string) (Class, bool) {
	for _, c := range Classes {
		if indo.Fold(string(c)) == indo.Fold(name) || indo.Fold(c.Label()) == indo.Fold(name) {
			return c, true
		}
	}
	return "", false
}

// areasNamed finds kelurahan by name, with its kecamatan after a comma where there are two.
func areasNamed(areas []org.Area, name string) (ids []int64) {
	kelurahan, kecamatan, _ := strings.Cut(name, ",")
	for _, a := range areas {
		if indo.Fold(a.Name) == indo.Fold(kelurahan) && (strings.TrimSpace(kecamatan) == "" || indo.Fold(a.KecamatanName) == indo.Fold(kecamatan)) {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

func sp4nTime(s string) (time.Time, bool) {
	for _, layout := range []string{
		"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "02/01/2006 15:04:05", "02/01/2006 15:04", "02/01/2006", "2/1/2006", "02-01-2006", time.RFC3339,
	} {
		if t, err := time.ParseInLocation(layout, s, clock.Makassar); err == nil && t.Year() > 2000 {
			return t, true
		}
	}
	return time.Time{}, false
}

// sp4nReply is what goes back about a report: where it stands and what the city said.
type sp4nReply struct {
	ID                                     int64
	ExternalNumber, Number, Agency         string
	Status                                 Status
	UnitName                               string
	ReceivedAt, RespondedAt, DoneAt, EndAt *time.Time
	Answers                                []string
}

// word is the status in the words of SP4N-LAPOR!.
func (r sp4nReply) word() string {
	switch r.Status {
	case Received, Unconfirmed:
		return "Belum diverifikasi"
	case Forwarded, NeedsInfo:
		return "Belum ditindaklanjuti"
	case Done, Closed:
		return "Selesai"
	case Referred:
		return "Bukan wewenang"
	case Rejected, Duplicate, Cancelled, Lapsed:
		return "Diarsipkan"
	}
	return "Proses"
}

// What staff said to all, oldest first; of the reporter's own words nothing.
const sqlSP4NReplies = `
SELECT r.id, o.external_number, r.number, r.agency, r.status, COALESCE(u.name, '') AS unit_name, r.received_at, r.responded_at, r.done_at,
	r.closed_at AS end_at,
	ARRAY (SELECT to_char(e.at AT TIME ZONE 'Asia/Makassar', 'DD-MM-YYYY') || ': ' || e.reason FROM mtr_event e
		WHERE e.report_id = r.id AND e.audience = 'publik' AND e.role NOT IN ('pelapor', 'sistem') AND e.reason <> '' ORDER BY e.seq) AS answers
FROM mtr_origin o JOIN mtr_report r ON r.id = o.report_id LEFT JOIN org_unit u ON u.id = r.unit_id
WHERE o.channel = 'sp4n' AND r.id > $1 AND (SELECT max(e.at) FROM mtr_event e WHERE e.report_id = r.id) >= $2
ORDER BY r.id LIMIT $3`

var sp4nReplyColumns = []sheet.Column{
	{Title: sp4nNumber, Width: 16}, {Title: "Nomor Portal", Width: 16}, {Title: "Status"}, {Title: "Status Portal", Width: 20}, {Title: "Instansi", Width: 30},
	{Title: "Diterima"}, {Title: "Tanggapan Pertama"}, {Title: "Selesai"}, {Title: "Ditutup"}, {Title: "Tindak Lanjut", Width: 60},
}

// WriteSP4N writes everything that came from SP4N-LAPOR! and moved since, oldest first, with
// what staff said to all. Needs PermDispatch in the whole city.
func (m *Module) WriteSP4N(ctx context.Context, a authz.Actor, since time.Time, format string, w io.Writer) (err error) {
	defer errs.In(&err, "mtr.WriteSP4N")
	if err := m.MayExchange(ctx, a); err != nil {
		return err
	}
	if format != sheet.CSV && format != sheet.XLSX {
		return errs.New(errs.BadRequest, "Pilih CSV atau XLSX.")
	}
	out, err := sheet.NewWriter(w, format, "SP4N-LAPOR", sp4nReplyColumns)
	if err != nil {
		return err
	}
	n := 0
	for last, more := int64(0), true; more; {
		all, err := pg.Many[sp4nReply](ctx, m.db, sqlSP4NReplies, last, since, batch)
		for _, r := range all {
			if err == nil {
				err = out.Row(r.cells()...)
			}
			last = r.ID
		}
		if err != nil {
			return errors.Join(err, out.Abort())
		}
		n, more = n+len(all), len(all) == batch
	}
	err = audit.Write(ctx, m.db, a, m.now(), audit.Entry{Action: "mtr.exchange.export", Object: object, Detail: map[string]any{"laporan": n}})
	if err != nil {
		return errors.Join(err, out.Abort())
	}
	return out.Close()
}

func (r sp4nReply) cells() []any {
	day := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.In(clock.Makassar).Format("2006-01-02 15:04")
	}
	unit := r.UnitName
	if r.Status == Referred {
		unit = r.Agency
	}
	return []any{
		r.ExternalNumber, r.Number, r.word(), r.Status.Label(), unit, day(r.ReceivedAt), day(r.RespondedAt), day(r.DoneAt), day(r.EndAt),
		strings.Join(r.Answers, "\n"),
	}
}
