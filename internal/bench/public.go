package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
	"makassartidakrantasa.com/portal/internal/survey"
)

// publicPage is a page that a stranger may read, or who has its address.
type publicPage struct {
	pattern string // of the route
	query   string
	row     string // what stands once in each row; "": it lists nothing, as the bare page does then
}

// publicPages are all but those that bench.go measures at greater length.
var publicPages = []publicPage{
	{"/mtr/rss.xml", "", "<item>"},
	{"/mtr/laporan/{nomor}/rss.xml", "", "<item>"},
	{"/mtr/laporan/{nomor}/dukung", "", ""},
	{"/mtr/peta", "", ""},
	{"/mtr/peta.json", "?bbox=119.3,-5.3,119.6,-5&zoom=12", `"Feature"`},
	{"/mtr/statistik", "", "<tr>"},
	{"/mtr/statistik/daftar", "?angka=masuk", "<tr>"},
	{"/mtr/data", "", ""},
	{"/mtr/ikuti", "?hal=laporan&dari={nomor}", ""},
	{"/mtr/lapor", "", ""},
	{"/mtr/lapor/luring", "", "<option"},
	{"/mtr/lapangan", "", ""},
	{"/mtr/pelanggaran", "", ""},
	{"/mtr/pelanggaran/tulis", "", ""},
	{"/mtr/pelanggaran/jawaban", "", ""},
	{"/open311", "", ""},
	{"/open311/discovery.{format}", "", ""},
	{"/open311/openapi.json", "", ""},
	{"/open311/v2/requests.{format}", "?page_size=20", "<request>"},
	{"/open311/v2/requests/{id}.{format}", "", "<request>"},
	{"/open311/v2/services.{format}", "", "<service>"},
	{"/open311/v2/services/{code}.{format}", "", "<attribute>"},
	{"/puskesmas", "", "<li"},
	{"/puskesmas/{puskesmas}", "", "<a "},
	{"/antrean/{token}", "", "<li"},
	{"/antrean/{token}/kalender.ics", "", "BEGIN:VEVENT"},
	{"/layar/{token}", "", "<section"},
	{"/layar/{token}/isi", "", "u003csection"},
	{"/kios/{token}", "", "<h1"},
	{"/surat", "", "<li"},
	{"/surat/jenis/{kode}", "", "<li"},
	{"/surat/lacak/{nomor}", "", "<li"},
	{"/verifikasi", "", ""},
	{"/verifikasi/{token}", "", "<dt"},
	{"/survei", "", "<tr"},
	{"/survei/hasil.csv", "", "\n"},
	{"/survei/isi/{token}", "", "<fieldset"},
	{"/lacak", "", ""},
	{"/status", "", ""},
	{"/bantuan", "", ""}, {"/bantuan/laporan", "", ""}, {"/bantuan/surat", "", ""}, {"/bantuan/puskesmas", "", ""},
	{"/tentang", "", ""},
	{"/tentang-data", "", ""},
	{"/privasi", "", ""},
	{"/aksesibilitas", "", ""},
	{"/luring", "", ""},
	{"/masuk", "", ""},
	{"/daftar", "", ""},
	{"/lupa-sandi", "", ""},
	{"/sw.js", "", ""},
}

// public measures what else a stranger may read, in short turns: each page beside a bare one
// that lists as many rows, or has as much markup where nothing is listed.
func (b *run) public(ctx context.Context, few, bare *process, number string) error {
	places, err := b.places(ctx, number)
	if err != nil {
		return err
	}
	b.heading("The other public pages, ceilings")
	for _, page := range publicPages {
		if err := b.publicPage(page, few.URL+places.Replace(page.pattern+page.query), bare.URL); err != nil {
			return err
		}
	}
	return nil
}

// publicPage measures one page and its bare page in turn, and takes the middle. A page that lists
// nothing is held against one that asks the database for no rows; what a page without any database
// reaches is told too.
func (b *run) publicPage(page publicPage, address, bare string) error {
	b.say("measuring %s", page.pattern)
	rows, size, err := looks(address, page.row)
	if err != nil {
		return err
	}
	what, other := fmt.Sprintf("%s, %d rows", page.pattern, rows), fmt.Sprintf("%s/%d", bare, rows)
	if page.row == "" {
		what, other = page.pattern, fmt.Sprintf("%s/0?bytes=%d", bare, size)
	}
	type side struct {
		address string
		figures *[2][]float64
	}
	var ours, theirs, alone [2][]float64
	sides := []side{{other, &theirs}, {address, &ours}}
	if page.row == "" {
		sides = append(sides, side{fmt.Sprintf("%s/tanpa?bytes=%d", bare, size), &alone})
	}
	for range 3 {
		for _, side := range sides {
			if err := ahead(side.address); err != nil {
				return err
			}
			top, err := ceiling([]string{side.address}, max(b.one/8, 500*time.Millisecond))
			if err != nil {
				return err
			}
			side.figures[0] = append(side.figures[0], top.PerSecond)
			side.figures[1] = append(side.figures[1], float64(top.Cost))
		}
	}
	ratio := median(ours[0]) / median(theirs[0])
	beside := fmt.Sprintf("bare %s: ratio %.2f; processor time %.2f", rate(median(theirs[0])), ratio, median(theirs[1])/median(ours[1]))
	if page.row == "" {
		beside += fmt.Sprintf("; without a database %s: %.2f", rate(median(alone[0])), median(ours[0])/median(alone[0]))
	}
	b.claim(what, fmt.Sprintf("%s, %.1f KB", rate(median(ours[0])), float64(size)/1024), beside,
		fmt.Sprintf("ratio ≥ %.1f", ratioTarget), ratio >= ratioTarget)
	return nil
}

// looks counts a page's rows, and how large it is.
func looks(address, row string) (rows, size int, err error) {
	resp, err := http.Get(address)
	if err != nil {
		return 0, 0, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: status %d", address, resp.StatusCode)
	}
	if row != "" {
		if rows = strings.Count(string(body), row); rows == 0 && err == nil {
			err = fmt.Errorf("%s lists no %q", address, row)
		}
	}
	return rows, len(body), err
}

// places fills the small database with what the public pages show besides reports, and tells
// what stands for the parameters of their routes.
func (b *run) places(ctx context.Context, number string) (*strings.Replacer, error) {
	b.say("filling in queues, letters and answers")
	c, err := b.queues(ctx, smallDB)
	if err != nil {
		return nil, err
	}
	defer c.root.Close()
	box, err := b.box(smallDB)
	if err != nil {
		return nil, err
	}
	conn, err := pgx.Connect(ctx, b.server.URL(smallDB, pglocal.Superuser))
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	token := crypt.Token() // of a board, a kiosk and a letter
	for _, fill := range []struct {
		sql  string
		args []any
	}{
		{"SET session_replication_role = replica", nil},
		{sqlFillLetters, []any{1000, 0, lettersPerDay, namesakes, rareName, box.Seal("{}", "bench")}},
		{`UPDATE epemerintahan_letter SET token_hash = $1, request_number = 'SRT-26-000500' WHERE id = (SELECT max(id) FROM epemerintahan_letter)`, []any{crypt.HashToken(token)}},
		{sqlOpenBoard, []any{c.queues[0].ID, crypt.HashToken(token)}},
		{sqlFillSurvey, nil},
		{"VACUUM ANALYZE", nil}, {"CHECKPOINT", nil},
	} {
		if _, err := conn.Exec(ctx, fill.sql, fill.args...); err != nil {
			return nil, fmt.Errorf("%.60s: %w", fill.sql, err)
		}
	}
	var site, service, kind string
	if err := conn.QueryRow(ctx, sqlSomePlaces, c.queues[0].ID).Scan(&site, &service, &kind); err != nil {
		return nil, err
	}
	if err := b.told(ctx, conn); err != nil {
		return nil, err
	}
	asked := survey.New(survey.Deps{Clock: clock.System{}, Box: box}).Token(survey.Case{Service: survey.Reports, UnitID: 1, ID: 1, Ended: time.Now()})
	return strings.NewReplacer(
		"/antrean/{token}", "/antrean/"+c.tokens[liveOpen-1], "/survei/isi/{token}", "/survei/isi/"+asked, "/surat/lacak/{nomor}", "/surat/lacak/SRT-26-000500",
		"{token}", token, "{nomor}", number, "{puskesmas}", site, "{kode}", kind, "{id}", number, "{code}", service, "{format}", "xml",
	), nil
}

// told returns once the portal has told everybody in the queues when to expect their turn: it
// works all of a city's queues out at once only here, where they appear all at once.
func (b *run) told(ctx context.Context, conn *pgx.Conn) error {
	ctx, stop := context.WithTimeout(ctx, 2*time.Minute)
	defer stop()
	for {
		var untold int
		if err := conn.QueryRow(ctx, sqlUntold).Scan(&untold); err != nil || untold == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d of those who wait in a queue are told no time", untold)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

const (
	sqlUntold = `SELECT count(*) FROM epuskesmas_ticket t
WHERE t.status IN ('dipesan', 'menunggu') AND NOT EXISTS (SELECT FROM epuskesmas_estimate e WHERE e.ticket_id = t.id)`
	// The screen of a session's waiting room, and the kiosk there. $2 is what both addresses hash to.
	sqlOpenBoard = `UPDATE epuskesmas_site SET board_sealed = 'x', board_hash = $2, kiosk_sealed = 'x', kiosk_hash = $2
WHERE unit_id = (SELECT unit_id FROM epuskesmas_session WHERE id = $1)`
	sqlFillSurvey = `INSERT INTO survey_sum (service, unit_id, month, n, scores)
SELECT s, u.id, date_trunc('month', now() AT TIME ZONE 'Asia/Makassar')::date, 20, ARRAY[60, 61, 62, 63, 64, 65, 66, 67, 68]
FROM org_unit u JOIN (VALUES ('mtr', 'dinas'), ('surat', 'kelurahan'), ('puskesmas', 'puskesmas')) v (s, kind) ON u.kind = v.kind AND u.valid_to IS NULL`
	sqlSomePlaces = `SELECT g.slug, (SELECT c.code FROM mtr_category c JOIN mtr_question q ON q.category_id = c.id WHERE c.active ORDER BY c.id LIMIT 1),
	(SELECT code FROM epemerintahan_kind ORDER BY no LIMIT 1) FROM epuskesmas_session s JOIN epuskesmas_site g ON g.unit_id = s.unit_id WHERE s.id = $1`
)
