package mtr

import (
	"context"
	"fmt"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// OpenReport is a public report as other systems read it. Words, place and photo are
// missing until a dispatcher has published them.
type OpenReport struct {
	ID            int64
	Number        string
	Status        Status
	CategoryCode  string
	CategoryName  string
	Title, Body   string
	UnitName      string
	ReceivedAt    time.Time
	DoneAt        *time.Time
	ClosedAt      *time.Time
	ChangedAt     time.Time // last public event
	Reason        string    // of that event: staff's words
	ExpectedAt    *time.Time
	Landmark      string // never of anonymous reports
	KelurahanCode string
	KelurahanName string
	KecamatanName string
	Lat, Lng      *float64
	Photo         string // ref of the first public one
	Class         Class
	Reopens       int
	Rating        int
	Extra         map[string]string
	CategoryID    int64
}

// OpenFilter narrows OpenReports. Numbers override everything else but the page.
type OpenFilter struct {
	Numbers    []string
	Categories []int64
	Statuses   []Status
	From, To   time.Time // of ReceivedAt, both included; the zero time does not narrow
	Offset     int
	Limit      int
}

// openPage is what openColumns read of a report: not its search index, and nothing private.
const openPage = `r.id, r.number, r.status, r.category_id, r.words_public, r.title, r.body, r.unit_id, r.received_at, r.done_at, r.closed_at,
	r.open, r.expected_at, r.work_due_at, r.anonymous, r.landmark, r.kelurahan_id, r.kecamatan_id, r.public_lat, r.public_lng, r.class,
	r.reopens, r.rating, r.extra`

// The last public event says when the public saw it change last, and why.
const openColumns = `
SELECT r.id, r.number, r.status, c.code AS category_code, c.name AS category_name, c.id AS category_id,
	CASE WHEN r.words_public THEN r.title ELSE '' END AS title, CASE WHEN r.words_public THEN r.body ELSE '' END AS body,
	COALESCE(u.name, '') AS unit_name, r.received_at, r.done_at, r.closed_at, COALESCE(e.at, r.received_at) AS changed_at,
	COALESCE(e.reason, '') AS reason, CASE WHEN r.open THEN COALESCE(r.expected_at, r.work_due_at) END AS expected_at,
	CASE WHEN r.words_public AND NOT r.anonymous THEN r.landmark ELSE '' END AS landmark,
	COALESCE(k.code, '') AS kelurahan_code, COALESCE(k.short_name, '') AS kelurahan_name, COALESCE(d.short_name, '') AS kecamatan_name,
	CASE WHEN r.words_public THEN r.public_lat END AS lat, CASE WHEN r.words_public THEN r.public_lng END AS lng,
	CASE WHEN r.words_public THEN COALESCE((SELECT p.ref FROM mtr_photo p WHERE p.report_id = r.id AND p.kind = 'sebelum' AND` + publicPhoto + `
		ORDER BY p.id LIMIT 1), '') ELSE '' END AS photo,
	r.class, r.reopens, r.rating, CASE WHEN r.words_public THEN r.extra ELSE '{}' END AS extra
FROM page r
JOIN mtr_category c ON c.id = r.category_id
LEFT JOIN org_unit k ON k.id = r.kelurahan_id
LEFT JOIN org_unit d ON d.id = r.kecamatan_id
LEFT JOIN org_unit u ON u.id = r.unit_id
LEFT JOIN LATERAL (
	SELECT e.at, CASE WHEN e.role = 'pelapor' THEN '' ELSE e.reason END AS reason FROM mtr_event e
	WHERE e.report_id = r.id AND e.audience = 'publik' ORDER BY e.seq DESC LIMIT 1) e ON true
ORDER BY r.received_at DESC, r.id DESC`

// OpenReports are public reports, newest first; more says that others follow.
func (m *Module) OpenReports(ctx context.Context, f OpenFilter) (_ []OpenReport, more bool, err error) {
	defer errs.In(&err, "mtr.OpenReports")
	w := newWhere(m.now())
	w.and("$1::timestamptz IS NOT NULL AND r.listed")
	if f.Numbers != nil {
		w.and("r.number = ANY (" + w.arg(f.Numbers) + "::text[])")
	} else {
		if len(f.Categories) > 0 {
			w.and("r.category_id = ANY (" + w.arg(f.Categories) + "::bigint[])")
		}
		if len(f.Statuses) > 0 {
			w.and("r.status = ANY (" + w.arg(f.Statuses) + "::text[])")
		}
		if !f.From.IsZero() {
			w.and("r.received_at >= " + w.arg(f.From))
		}
		if !f.To.IsZero() {
			w.and("r.received_at <= " + w.arg(f.To))
		}
	}
	sql := fmt.Sprintf("WITH page AS (SELECT %s FROM mtr_report r WHERE %s ORDER BY r.received_at DESC, r.id DESC LIMIT %d OFFSET %d)%s",
		openPage, w, f.Limit+1, f.Offset, openColumns)
	out, err := pg.Many[OpenReport](ctx, m.db, sql, w.fresh(true)...)
	if len(out) > f.Limit {
		return out[:f.Limit], true, err
	}
	return out, false, err
}

// OpenUpdate is a public event of a public report.
type OpenUpdate struct {
	ID       int64
	ReportID int64
	Number   string
	At       time.Time
	Action   Action
	To       Status
	Reason   string // staff's words
	UnitName string // of forward: where to
	Photo    string // ref of the first public proof, on the event that accepted it
}

const openUpdates = `
SELECT e.id, e.report_id, r.number, e.at, e.action, e.to_status AS "to", CASE WHEN e.role = 'pelapor' THEN '' ELSE e.reason END AS reason,
	COALESCE(t.name, '') AS unit_name,
	CASE WHEN e.action = 'validate' AND r.words_public THEN COALESCE((SELECT p.ref FROM mtr_photo p
		WHERE p.report_id = r.id AND p.kind = 'sesudah' AND p.event_seq < e.seq AND` + publicPhoto + ` ORDER BY p.id DESC LIMIT 1), '') ELSE '' END AS photo
FROM mtr_event e JOIN mtr_report r ON r.id = e.report_id
LEFT JOIN org_unit t ON t.id = (e.change ->> 'unit')::bigint
WHERE e.audience = 'publik' AND r.listed`

const sqlOpenNotes = openUpdates + ` AND e.report_id = ANY ($1) ORDER BY e.report_id, e.seq`

// OpenNotes are the public events of reports, oldest first, by report.
func (m *Module) OpenNotes(ctx context.Context, reportIDs []int64) (_ map[int64][]OpenUpdate, err error) {
	defer errs.In(&err, "mtr.OpenNotes")
	all, err := pg.Many[OpenUpdate](ctx, m.db, sqlOpenNotes, reportIDs)
	out := map[int64][]OpenUpdate{}
	for _, u := range all {
		out[u.ReportID] = append(out[u.ReportID], u)
	}
	return out, err
}

// OpenUpdates are public events, oldest first; more says that others follow. Of f only
// Numbers, From, To (of the event), Offset and Limit count.
func (m *Module) OpenUpdates(ctx context.Context, f OpenFilter) (_ []OpenUpdate, more bool, err error) {
	defer errs.In(&err, "mtr.OpenUpdates")
	w := newWhere(m.now())
	w.and("$1::timestamptz IS NOT NULL")
	if f.Numbers != nil {
		w.and("r.number = ANY (" + w.arg(f.Numbers) + "::text[])")
	} else {
		w.and("e.at >= " + w.arg(f.From) + " AND e.at <= " + w.arg(f.To))
	}
	sql := fmt.Sprintf("%s AND %s ORDER BY e.at, e.id LIMIT %d OFFSET %d", openUpdates, w, f.Limit+1, f.Offset)
	out, err := pg.Many[OpenUpdate](ctx, m.db, sql, w.fresh(true)...)
	if len(out) > f.Limit {
		return out[:f.Limit], true, err
	}
	return out, false, err
}
