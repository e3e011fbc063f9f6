package epuskesmas

import (
	"context"
	"io"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// EnoughPromises is how many promises a figure of accuracy rests on at least; fewer say
// nothing.
const EnoughPromises = 20

// Accuracy is how good the times were that patients of a poli were told, of one week or a
// whole period, at one moment ("pesan", "hadir" or "antre"; see [MomentBooked]).
//
// A promise is judged by when its patient's service really began; undone steps and what
// was entered from paper do not count. Minutes are positive when patients were served
// later than told.
type Accuracy struct {
	PoliID   int64
	Poli     string
	Week     time.Time // its Monday; the zero time for a whole period
	Moment   string
	Judged   int     // promises whose patients were served
	Bias     float64 // mean error in minutes
	MAE      float64 `db:"mae"` // mean absolute error in minutes
	Covered  int     // served within the range P10–P90 that was told
	Late     int     // served more than 15 minutes later than told
	Unserved int     // promises whose patients were never served: not judged
}

// Enough reports whether the figures rest on [EnoughPromises] at least.
func (a Accuracy) Enough() bool { return a.Judged >= EnoughPromises }

// CoveredShare is the share served within the range, 0 to 1; it was made to be 0.8.
func (a Accuracy) CoveredShare() float64 { return ratio(a.Covered, a.Judged) }

// LateShare is the share served more than 15 minutes later than told, 0 to 1.
func (a Accuracy) LateShare() float64 { return ratio(a.Late, a.Judged) }

func ratio(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

const (
	accuracyColumns = `e.moment, count(*) FILTER (WHERE t.started_at IS NOT NULL) AS judged,
	COALESCE(avg(EXTRACT(epoch FROM t.started_at - e.p50) / 60), 0)::float8 AS bias,
	COALESCE(avg(abs(EXTRACT(epoch FROM t.started_at - e.p50) / 60)), 0)::float8 AS mae,
	count(*) FILTER (WHERE t.started_at BETWEEN e.p10 AND e.p90) AS covered,
	count(*) FILTER (WHERE t.started_at > e.p50 + interval '15 minutes') AS late,
	count(*) FILTER (WHERE t.started_at IS NULL AND t.status NOT IN ('dipesan', 'menunggu', 'dipanggil', 'dilayani')) AS unserved
FROM epuskesmas_ticket t JOIN epuskesmas_estimate e ON e.ticket_id = t.id JOIN epuskesmas_poli p ON p.id = t.poli_id
WHERE t.unit_id = $1 AND t.day BETWEEN $2::date AND $3::date AND NOT t.late_entry`

	sqlAccuracy = `SELECT t.poli_id, p.name AS poli, '0001-01-01'::date AS week, ` + accuracyColumns + `
GROUP BY t.poli_id, p.name, p.position, e.moment ORDER BY p.position, t.poli_id, e.moment DESC`

	sqlAccuracyByWeek = `SELECT t.poli_id, p.name AS poli, date_trunc('week', t.day)::date AS week, ` + accuracyColumns + `
GROUP BY t.poli_id, p.name, p.position, date_trunc('week', t.day), e.moment ORDER BY p.position, t.poli_id, week, e.moment DESC`
)

// Accuracy tells how good the times were that a puskesmas told from a day to another, by
// poli and moment, and the same by week. Needs PermReports or PermManage there.
func (m *Module) Accuracy(ctx context.Context, a authz.Actor, unitID int64, from, to time.Time) (whole, weeks []Accuracy, err error) {
	defer errs.In(&err, "epuskesmas.Accuracy(%d)", unitID)
	if err := m.may(ctx, m.db, a, unitID, PermReports, PermManage); err != nil {
		return nil, nil, err
	}
	if whole, err = pg.Many[Accuracy](ctx, m.db, sqlAccuracy, unitID, dateOf(from), dateOf(to)); err != nil {
		return nil, nil, err
	}
	weeks, err = pg.Many[Accuracy](ctx, m.db, sqlAccuracyByWeek, unitID, dateOf(from), dateOf(to))
	return whole, weeks, err
}

// MomentName says when a promise was made.
func MomentName(moment string) string {
	switch moment {
	case MomentBooked:
		return "saat memesan"
	case MomentHere:
		return "saat hadir"
	case MomentWaiting:
		return "selama menunggu"
	}
	return moment
}

// ExportAccuracy writes the weekly figures as XLSX or CSV. They name nobody; the export is
// in the audit trail.
func (m *Module) ExportAccuracy(ctx context.Context, a authz.Actor, unitID int64, from, to time.Time, format string, w io.Writer) (err error) {
	_, weeks, err := m.Accuracy(ctx, a, unitID, from, to)
	if err != nil {
		return err
	}
	defer errs.In(&err, "epuskesmas.ExportAccuracy(%d)", unitID)
	if err := m.exported(ctx, a, unitID, "ketepatan", from, to); err != nil {
		return err
	}
	out, err := sheet.NewWriter(w, format, "Ketepatan perkiraan", []sheet.Column{
		{Title: "Poli", Width: 24}, {Title: "Minggu mulai", Width: 14}, {Title: "Diberi tahu", Width: 18}, {Title: "Dinilai"}, {Title: "Condong (menit)", Width: 16},
		{Title: "Meleset rata-rata (menit)", Width: 24}, {Title: "Dalam rentang"}, {Title: "Terlambat > 15 menit", Width: 20}, {Title: "Tidak dilayani"},
	})
	if err != nil {
		return err
	}
	for _, x := range weeks {
		if err := out.Row(x.Poli, x.Week.Format(time.DateOnly), MomentName(x.Moment), x.Judged, decimal(x.Bias), decimal(x.MAE), x.Covered, x.Late, x.Unserved); err != nil {
			return abort(out, err)
		}
	}
	return out.Close()
}

// exported notes that figures or lists left the portal.
func (m *Module) exported(ctx context.Context, a authz.Actor, unitID int64, what string, from, to time.Time) error {
	return audit.Write(ctx, m.db, a, m.now(), audit.Entry{
		Action: "epuskesmas.export", Object: "org_unit", ObjectID: unitID, UnitID: unitID,
		Detail: map[string]any{"apa": what, "dari": dateOf(from), "sampai": dateOf(to)},
	})
}
