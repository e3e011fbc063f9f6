package mtr

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Everything private is cut here, before it leaves the database.
const sqlPublicReport = `
SELECT r.id, r.number, r.words_public AS published, CASE WHEN r.words_public THEN r.title ELSE '' END AS title,
	CASE WHEN r.words_public THEN r.body ELSE '' END AS body,
	CASE WHEN r.words_public AND NOT r.anonymous THEN r.landmark ELSE '' END AS landmark,
	r.category_id, c.code AS category_code, c.name AS category_name, r.class, r.status,
	COALESCE(r.kelurahan_id, 0) AS kelurahan_id, COALESCE(k.short_name, '') AS kelurahan_name,
	COALESCE(d.short_name, '') AS kecamatan_name,
	CASE WHEN r.words_public THEN r.public_lat END AS lat, CASE WHEN r.words_public THEN r.public_lng END AS lng,
	r.anonymous AS place_rounded, COALESCE(u.name, '') AS unit_name, r.status_changed_at AS since, r.received_at,
	r.forwarded_at, r.responded_at, r.done_at, r.closed_at, r.due_kind, r.due_at, ` + isLate + ` AS late, ` + isNear + ` AS near,
	r.paused_at, r.expected_at, r.bounces, r.reopens, COALESCE(t.number, '') AS parent_number, r.agency, r.agency_ref,
	r.agency_answer, r.rating, ` + supportsOf + ` AS supports,
	(SELECT count(*) FROM mtr_report d WHERE d.parent_id = r.id AND d.status = 'duplikat') AS merged
FROM mtr_report r
JOIN mtr_category c ON c.id = r.category_id
LEFT JOIN org_unit k ON k.id = r.kelurahan_id
LEFT JOIN org_unit d ON d.id = r.kecamatan_id
LEFT JOIN org_unit u ON u.id = r.unit_id
LEFT JOIN mtr_report t ON t.id = r.parent_id AND t.listed
WHERE r.number = $2 AND r.listed`

const sqlPublicPhotos = `
SELECT p.ref, p.kind, p.width, p.height FROM mtr_photo p JOIN mtr_report r ON r.id = p.report_id
WHERE p.report_id = $1 AND` + publicPhoto + ` ORDER BY p.id`

// What reporters write is in no event; should it ever be, it stays here.
const shownEvents = `
SELECT e.at, e.action, e.from_status AS "from", e.to_status AS "to",
	CASE WHEN e.role = 'dispatcher' THEN 'Dispatcher' WHEN e.role = 'pelapor' THEN 'Pelapor'
		WHEN e.role = 'sistem' THEN 'Sistem' ELSE COALESCE(u.name, 'Petugas') END AS by,
	CASE WHEN e.role = 'pelapor' THEN '' ELSE e.reason END AS reason, COALESCE(t.name, '') AS unit_name,
	CASE WHEN e.change #>> '{due,kind}' <> '' THEN (e.change #>> '{due,at}')::timestamptz END AS due
FROM mtr_event e
LEFT JOIN org_unit u ON u.id = e.unit_id
LEFT JOIN org_unit t ON t.id = (e.change ->> 'unit')::bigint
WHERE e.report_id = $1 AND e.audience `

const (
	sqlPublicEvents   = shownEvents + `= 'publik' ORDER BY e.seq`
	sqlReporterEvents = shownEvents + `IN ('publik', 'pelapor') ORDER BY e.seq`
)

// PublicView is the public page of a report; what is not public is errs.NotFound.
func (m *Module) PublicView(ctx context.Context, number string) (_ PublicReport, err error) {
	defer errs.In(&err, "mtr.PublicView")
	if number = strings.ToUpper(number); !wholeNumber.MatchString(number) {
		return PublicReport{}, errs.New(errs.NotFound, "")
	}
	if pg.Current(ctx) {
		return m.publicView(ctx, number)
	}
	return m.reports.get(number, func() (PublicReport, error) { return m.publicView(ctx, number) })
}

func (m *Module) publicView(ctx context.Context, number string) (PublicReport, error) {
	type row struct {
		PublicReport
		Lat, Lng *float64
	}
	out, err := pg.One[row](ctx, m.db, sqlPublicReport, m.now(), number)
	if err != nil {
		return PublicReport{}, err
	}
	r := out.PublicReport
	if out.Lat != nil && out.Lng != nil {
		r.Place = &Point{Lat: *out.Lat, Lng: *out.Lng}
	}
	r.PlaceRounded = r.PlaceRounded && r.Place != nil
	parts := &pgx.Batch{}
	if r.Published {
		into(parts, &r.Photos, sqlPublicPhotos, r.ID)
	}
	into(parts, &r.Timeline, sqlPublicEvents, r.ID)
	return r, pg.Classify(m.db.SendBatch(ctx, parts).Close())
}

// into queues a query whose rows become *out when the batch is closed.
func into[T any](b *pgx.Batch, out *[]T, sql string, args ...any) {
	b.Queue(sql, args...).Query(func(rows pgx.Rows) (err error) {
		*out, err = pgx.CollectRows(rows, pgx.RowToStructByName[T])
		return err
	})
}
