package mtr

import (
	"context"
	"fmt"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// CountedRows are on a page of the list behind a figure.
const CountedRows = 50

// CountedReport is a report behind a figure. Title is empty while it is not public.
type CountedReport struct {
	ID            int64
	Number        string
	Title         string
	CategoryName  string
	KelurahanName string
	UnitName      string // "" = the dispatchers
	Status        Status
	ReceivedAt    time.Time
	RespondedAt   *time.Time
	PublishedAt   *time.Time // first forwarded
	DoneAt        *time.Time
	PausedAt      *time.Time
	PausedSecs    int64
	PausedEarly   int64
	DueKind       DueKind
	DueAt         *time.Time
	Reopens       int
	Rating        int
	DueOrder      int64 // for the cursor: microseconds
}

// Times splits the report's time until now or its end: until first forwarded, since then,
// and waiting for the reporter.
func (r CountedReport) Times(now time.Time) (dispatch, repair, paused time.Duration) {
	paused = time.Duration(r.PausedSecs) * time.Second
	early := time.Duration(r.PausedEarly) * time.Second
	end := now
	if r.DoneAt != nil {
		end = *r.DoneAt
	}
	if r.PausedAt != nil {
		running := now.Sub(*r.PausedAt)
		if paused += running; r.PublishedAt == nil {
			early += running
		}
	}
	if r.PublishedAt == nil {
		return end.Sub(r.ReceivedAt) - early, 0, paused
	}
	return r.PublishedAt.Sub(r.ReceivedAt) - early, end.Sub(*r.PublishedAt) - (paused - early), paused
}

// CountedCursor is a position in the list behind a figure.
type CountedCursor struct {
	Due int64
	ID  int64
}

// CountedPage is a stretch of the list behind a figure and how many there are in all.
type CountedPage struct {
	Total int
	Items []CountedReport
	Next  *CountedCursor
}

const countedReports = `
SELECT r.id, r.number, CASE WHEN %[3]s THEN r.title ELSE '' END AS title, c.name AS category_name,
	COALESCE(k.short_name, '') AS kelurahan_name, COALESCE(u.short_name, '') AS unit_name, r.status, r.received_at, r.responded_at,
	r.published_at, r.done_at, r.paused_at, r.paused_secs, r.paused_early, r.due_kind, r.due_at, r.reopens, r.rating,
	CASE WHEN r.due_at IS NULL THEN 9223372036854775807 ELSE (extract(epoch FROM r.due_at) * 1000000)::bigint END AS due_order
FROM mtr_report r JOIN mtr_category c ON c.id = r.category_id
LEFT JOIN org_unit k ON k.id = r.kelurahan_id LEFT JOIN org_unit u ON u.id = r.unit_id
WHERE %[1]s ORDER BY %[2]s LIMIT %[4]d`

// CountedAsk names a figure whose list is wanted, and from where on.
type CountedAsk struct {
	Filter  Filter
	Span    Span
	Measure Measure
	Cell    *Cell  // of the heat map: then only what is published
	Without string // "unit", "kecamatan" or "kelurahan": only reports that have none
	After   *CountedCursor
}

// Counted is the list behind a figure of [Module.Statistics]: the newest first, late ones
// those first that wait longest.
func (m *Module) Counted(ctx context.Context, ask CountedAsk) (_ CountedPage, err error) {
	defer errs.In(&err, "mtr.Counted")
	return m.counted(ctx, m.counting(ask.Filter, ask.Span, "r.listed"), ask, "r.words_public")
}

// StaffCounted is the list behind a figure of [Module.StaffStatistics].
func (m *Module) StaffCounted(ctx context.Context, a authz.Actor, ask CountedAsk) (_ CountedPage, err error) {
	defer errs.In(&err, "mtr.StaffCounted")
	w, err := m.staffCounting(ctx, a, ask.Filter, ask.Span)
	if err != nil {
		return CountedPage{}, err
	}
	return m.counted(ctx, w, ask, "true")
}

func (m *Module) counted(ctx context.Context, w *where, ask CountedAsk, titles string) (out CountedPage, err error) {
	condition, ok := measures[ask.Measure]
	if !ok {
		return out, errs.New(errs.NotFound, "Angka ini tidak ada.")
	}
	if ask.Cell != nil {
		w.and("r.words_public AND " + cellRow + " = " + w.arg(ask.Cell.Row) + " AND " + cellColumn + " = " + w.arg(ask.Cell.Column))
	}
	switch ask.Without {
	case "":
	case "unit", "kecamatan", "kelurahan":
		w.and("r." + ask.Without + "_id IS NULL")
	default:
		return out, errs.New(errs.NotFound, "Angka ini tidak ada.")
	}
	what, after := ask.Measure, ask.After
	// Every argument is used, or PostgreSQL cannot tell its type.
	w.and("$1::timestamptz IS NOT NULL AND $2::timestamptz IS NOT NULL AND $3::timestamptz IS NOT NULL")
	w.and(condition)
	out.Total, err = pg.Scalar[int](ctx, m.db, "SELECT count(*) FROM mtr_report r WHERE "+w.String(), w.fresh(true)...)
	if err != nil {
		return out, err
	}
	order := "r.id DESC"
	switch {
	case what == MeasureLate:
		order = "r.due_order, r.id"
		if after != nil {
			w.and("(r.due_order, r.id) > (" + w.arg(time.UnixMicro(after.Due)) + "::timestamptz, " + w.arg(after.ID) + ")")
		}
	case after != nil:
		w.and("r.id < " + w.arg(after.ID))
	}
	out.Items, err = pg.Many[CountedReport](ctx, m.db, fmt.Sprintf(countedReports, w, order, titles, CountedRows+1), w.fresh(true)...)
	if len(out.Items) > CountedRows {
		out.Items = out.Items[:CountedRows]
		last := out.Items[CountedRows-1]
		out.Next = &CountedCursor{Due: last.DueOrder, ID: last.ID}
	}
	return out, err
}
