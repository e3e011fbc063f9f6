package epuskesmas

import (
	"context"
	"errors"
	"io"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// maxReportDays is how long a period of a report may be.
const maxReportDays = 366

// DayCount is how the numbers of one poli on one day ended. All of them add up:
// Taken = Served + Referred + NoShow + Cancelled + Moved + Open.
type DayCount struct {
	PoliID    int64
	Poli      string
	Kind      PoliKind
	Day       time.Time
	Taken     int // numbers given
	Served    int
	Referred  int
	NoShow    int
	Cancelled int
	Moved     int // to another session, by the patient or the puskesmas
	Open      int // still waiting or served
	Online    int // of Taken
	JKN       int `db:"jkn"` // of Taken
	Paper     int // of Taken, entered from paper
	Quota     int // of the day's sessions
}

// Add adds the counts of d to those of c.
func (c DayCount) Add(d DayCount) DayCount {
	c.Taken, c.Served, c.Referred, c.NoShow = c.Taken+d.Taken, c.Served+d.Served, c.Referred+d.Referred, c.NoShow+d.NoShow
	c.Cancelled, c.Moved, c.Open, c.Online = c.Cancelled+d.Cancelled, c.Moved+d.Moved, c.Open+d.Open, c.Online+d.Online
	c.JKN, c.Paper, c.Quota = c.JKN+d.JKN, c.Paper+d.Paper, c.Quota+d.Quota
	return c
}

// Wait is how long patients of a poli waited and were served, in minutes. What was entered
// from paper is left out.
type Wait struct {
	PoliID     int64
	Poli       string
	N          int     // patients who were served
	WaitMedian float64 // from their coming, or the beginning of the session, to the call
	WaitP90    float64
	CallMedian float64 // from the call to the beginning of the service
	ServMedian float64 // of the service
	ServP90    float64
}

// HourCount is how many came in one hour of the day.
type HourCount struct {
	Hour int // 0 to 23
	N    int
}

// Statistics is what happened in a puskesmas in a period.
type Statistics struct {
	Site     Site
	From, To time.Time
	Days     []DayCount
	Waits    []Wait
	Hours    []HourCount
	Visits   int // of patients, not of numbers; who was only registered did not visit
	Patients int // different ones
	New      int // of Patients, whose first visit lies in the period
}

// ByPoli adds the days of each poli up, in their order.
func (r Statistics) ByPoli() (out []DayCount) {
	at := map[int64]int{}
	for _, d := range r.Days {
		i, ok := at[d.PoliID]
		if !ok {
			i = len(out)
			at[d.PoliID], out = i, append(out, DayCount{PoliID: d.PoliID, Poli: d.Poli, Kind: d.Kind})
		}
		out[i] = out[i].Add(d)
	}
	return out
}

// ByDay adds the polis of each day up that are no steps inside the house, in their order.
func (r Statistics) ByDay() (out []DayCount) {
	at := map[string]int{}
	for _, d := range r.Days {
		if d.Kind != KindClinic {
			continue
		}
		key := d.Day.Format(time.DateOnly)
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key], out = i, append(out, DayCount{Day: d.Day})
		}
		out[i] = out[i].Add(d)
	}
	return out
}

const (
	sqlDayCounts = `
WITH counted AS (
	SELECT t.poli_id, t.day, count(*) AS taken, count(*) FILTER (WHERE t.status = 'selesai') AS served, count(*) FILTER (WHERE t.status = 'dirujuk') AS referred,
		count(*) FILTER (WHERE t.status = 'tidak_hadir') AS no_show, count(*) FILTER (WHERE t.status = 'batal') AS cancelled,
		count(*) FILTER (WHERE t.status IN ('dijadwalkan_ulang', 'dialihkan')) AS moved,
		count(*) FILTER (WHERE t.status IN ('dipesan', 'menunggu', 'dipanggil', 'dilayani')) AS open,
		count(*) FILTER (WHERE t.online) AS online, count(*) FILTER (WHERE t.jkn) AS jkn, count(*) FILTER (WHERE t.late_entry) AS paper
	FROM epuskesmas_ticket t WHERE t.unit_id = $1 AND t.day BETWEEN $2::date AND $3::date GROUP BY t.poli_id, t.day),
quotas AS (
	SELECT poli_id, day, sum(quota) AS quota FROM epuskesmas_session
	WHERE unit_id = $1 AND day BETWEEN $2::date AND $3::date AND status <> 'ditiadakan' GROUP BY poli_id, day)
SELECT c.poli_id, p.name AS poli, p.kind, c.day, c.taken, c.served, c.referred, c.no_show, c.cancelled, c.moved, c.open, c.online, c.jkn, c.paper,
	COALESCE(q.quota, 0)::int AS quota
FROM counted c JOIN epuskesmas_poli p ON p.id = c.poli_id LEFT JOIN quotas q ON q.poli_id = c.poli_id AND q.day = c.day
ORDER BY c.day, p.position, c.poli_id`

	sqlWaits = `
SELECT t.poli_id, p.name AS poli, count(*) AS n,
	COALESCE(percentile_cont(0.5) WITHIN GROUP (ORDER BY w.wait), 0)::float8 AS wait_median, COALESCE(percentile_cont(0.9) WITHIN GROUP (ORDER BY w.wait), 0)::float8 AS wait_p90,
	COALESCE(percentile_cont(0.5) WITHIN GROUP (ORDER BY w.call), 0)::float8 AS call_median,
	COALESCE(percentile_cont(0.5) WITHIN GROUP (ORDER BY w.serv), 0)::float8 AS serv_median, COALESCE(percentile_cont(0.9) WITHIN GROUP (ORDER BY w.serv), 0)::float8 AS serv_p90
FROM epuskesmas_ticket t JOIN epuskesmas_poli p ON p.id = t.poli_id JOIN epuskesmas_session s ON s.id = t.session_id,
LATERAL (SELECT GREATEST(EXTRACT(epoch FROM COALESCE(t.called_at, t.started_at) - GREATEST(t.here_at, s.starts_at)) / 60, 0) AS wait,
	EXTRACT(epoch FROM t.started_at - t.called_at) / 60 AS call, EXTRACT(epoch FROM t.ended_at - t.started_at) / 60 AS serv) w
WHERE t.unit_id = $1 AND t.day BETWEEN $2::date AND $3::date AND NOT t.late_entry AND t.started_at IS NOT NULL AND t.ended_at IS NOT NULL AND t.here_at IS NOT NULL
GROUP BY t.poli_id, p.name, p.position ORDER BY p.position, t.poli_id`

	sqlHours = `
SELECT EXTRACT(hour FROM t.here_at AT TIME ZONE 'Asia/Makassar')::int AS hour, count(*) AS n
FROM epuskesmas_ticket t JOIN epuskesmas_poli p ON p.id = t.poli_id
WHERE t.unit_id = $1 AND t.day BETWEEN $2::date AND $3::date AND p.kind = 'poli' AND t.here_at IS NOT NULL AND NOT t.late_entry GROUP BY 1 ORDER BY 1`

	sqlVisitCounts = `
SELECT count(*) AS visits, count(DISTINCT v.patient_id) AS patients,
	count(DISTINCT v.patient_id) FILTER (WHERE NOT EXISTS (SELECT FROM epuskesmas_visit o WHERE o.patient_id = v.patient_id AND o.day < $2::date)) AS new
FROM epuskesmas_visit v
WHERE v.unit_id = $1 AND v.day BETWEEN $2::date AND $3::date AND v.patient_id IS NOT NULL
	AND EXISTS (SELECT FROM epuskesmas_ticket t JOIN epuskesmas_poli p ON p.id = t.poli_id
		WHERE t.visit_id = v.id AND t.status IN ('selesai', 'dirujuk') AND p.kind <> 'loket')`

	sqlTicketsBehind = `
SELECT t.id, t.code, p.name AS poli, t.day, t.status, t.class, t.late_entry AS paper, COALESCE(a.name, '') AS patient, COALESCE(a.record_number, 0) AS record_no,
	t.here_at, t.called_at, t.started_at, t.ended_at, COALESCE(d.name, '') AS doctor
FROM epuskesmas_ticket t JOIN epuskesmas_poli p ON p.id = t.poli_id LEFT JOIN epuskesmas_patient a ON a.id = t.patient_id AND $7
LEFT JOIN epuskesmas_doctor d ON d.id = t.doctor_id
WHERE t.unit_id = $1 AND t.day BETWEEN $2::date AND $3::date AND ($4 = 0 OR t.poli_id = $4) AND (COALESCE(cardinality($5::text[]), 0) = 0 OR t.status = ANY ($5::text[])) AND t.id > $6
ORDER BY t.id LIMIT 101`
)

// period refuses one that ends before it begins or is too long.
func period(from, to time.Time) error {
	if from.IsZero() || to.IsZero() || to.Before(from) || to.Sub(from) > maxReportDays*24*time.Hour {
		return errs.Invalid(errs.Field{Name: ControlTo, Message: "Pilih hari pertama dan hari terakhir, paling lama setahun."})
	}
	return nil
}

// Statistics tells what happened in a puskesmas from a day to another. Needs PermReports or
// PermManage there; errs.Unprocessable for a period that is none.
func (m *Module) Statistics(ctx context.Context, a authz.Actor, slug string, from, to time.Time) (r Statistics, err error) {
	defer errs.In(&err, "epuskesmas.Statistics")
	if r.Site, _, err = m.StaffSite(ctx, a, slug, PermReports, PermManage); err != nil {
		return r, err
	}
	if err := period(from, to); err != nil {
		return r, err
	}
	unit, first, last := r.Site.UnitID, dateOf(from), dateOf(to)
	r.From, r.To = from, to
	if r.Days, err = pg.Many[DayCount](ctx, m.db, sqlDayCounts, unit, first, last); err != nil {
		return r, err
	}
	if r.Waits, err = pg.Many[Wait](ctx, m.db, sqlWaits, unit, first, last); err != nil {
		return r, err
	}
	if r.Hours, err = pg.Many[HourCount](ctx, m.db, sqlHours, unit, first, last); err != nil {
		return r, err
	}
	n, err := pg.One[struct{ Visits, Patients, New int }](ctx, m.db, sqlVisitCounts, unit, first, last)
	r.Visits, r.Patients, r.New = n.Visits, n.Patients, n.New
	return r, err
}

// Behind is one number behind a figure.
type Behind struct {
	ID        int64
	Code      string
	Poli      string
	Doctor    string // who served; "" when nobody knows
	Day       time.Time
	Status    Status
	Class     string
	Paper     bool
	Patient   string // "" for who may not see patients
	RecordNo  int
	HereAt    *time.Time
	CalledAt  *time.Time
	StartedAt *time.Time
	EndedAt   *time.Time
}

// BehindPage is how many numbers a page lists.
const BehindPage = 100

// Behind lists the numbers behind a figure of a report, one more than [BehindPage] when
// there are more: of a poli (0: all), in some statuses (none: all), after an id. Names are
// for holders of PermPatient.
func (m *Module) Behind(ctx context.Context, a authz.Actor, slug string, from, to time.Time, poliID int64, statuses []Status, after int64) (s Site, list []Behind, err error) {
	defer errs.In(&err, "epuskesmas.Behind")
	if s, _, err = m.StaffSite(ctx, a, slug, PermReports, PermManage); err != nil {
		return s, nil, err
	}
	if err := period(from, to); err != nil {
		return s, nil, err
	}
	names := m.may(ctx, m.db, a, s.UnitID, PermPatient) == nil
	list, err = pg.Many[Behind](ctx, m.db, sqlTicketsBehind, s.UnitID, dateOf(from), dateOf(to), poliID, statuses, after, names)
	return s, list, err
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

func abort(out *sheet.Writer, err error) error { return errors.Join(err, out.Abort()) }

// ExportStatistics writes the days of a report as XLSX or CSV. It names nobody; the export is
// in the audit trail.
func (m *Module) ExportStatistics(ctx context.Context, a authz.Actor, slug string, from, to time.Time, format string, w io.Writer) (err error) {
	r, err := m.Statistics(ctx, a, slug, from, to)
	if err != nil {
		return err
	}
	defer errs.In(&err, "epuskesmas.ExportStatistics")
	if err := m.exported(ctx, a, r.Site.UnitID, "laporan", from, to); err != nil {
		return err
	}
	out, err := sheet.NewWriter(w, format, "Kunjungan", []sheet.Column{
		{Title: "Tanggal", Width: 12}, {Title: "Poli", Width: 24}, {Title: "Kuota"}, {Title: "Nomor diberikan", Width: 16}, {Title: "Daring"}, {Title: "JKN"},
		{Title: "Selesai"}, {Title: "Dirujuk"}, {Title: "Tidak hadir"}, {Title: "Batal"}, {Title: "Pindah sesi"}, {Title: "Belum selesai"}, {Title: "Dari kertas"},
	})
	if err != nil {
		return err
	}
	for _, d := range r.Days {
		if err := out.Row(d.Day.Format(time.DateOnly), d.Poli, d.Quota, d.Taken, d.Online, d.JKN, d.Served, d.Referred, d.NoShow, d.Cancelled, d.Moved, d.Open, d.Paper); err != nil {
			return abort(out, err)
		}
	}
	return out.Close()
}
