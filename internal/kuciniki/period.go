package kuciniki

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Period is a month of a year, or with month 0 the year.
type Period struct {
	Year, Month int
	OpenedAt    time.Time
	ClosedAt    *time.Time
	Reported    int // evaluations that nobody has judged
	Unsigned    int // that wait for the second signature
}

// Open tells whether the period still takes what is written.
func (p Period) Open() bool { return p.ClosedAt == nil }

// End is the first moment after the period.
func (p Period) End() time.Time {
	_, end := span(p.Year, p.Month)
	return end
}

// Name is "Maret 2026" or "Tahun 2026".
func (p Period) Name() string { return PeriodName(p.Year, p.Month) }

// PeriodName names a period.
func PeriodName(year, month int) string {
	if month == 0 {
		return "Tahun " + strconv.Itoa(year)
	}
	return indo.Month(time.Month(month)) + " " + strconv.Itoa(year)
}

const (
	sqlPeriods = `
SELECT d.year, d.month, d.opened_at, d.closed_at, e.reported, e.unsigned FROM kuciniki_period d CROSS JOIN LATERAL (
	SELECT count(*) FILTER (WHERE e.status = 'dilaporkan') AS reported, count(*) FILTER (WHERE e.status = 'menunggu_atasan') AS unsigned
	FROM kuciniki_evaluation e WHERE e.year = d.year AND e.month = d.month AND e.status IN ('dilaporkan', 'menunggu_atasan')
) e ORDER BY d.year DESC, d.month LIMIT 200`
	sqlPeriodNow  = `SELECT year, month, opened_at, closed_at, 0 AS reported, 0 AS unsigned FROM kuciniki_period WHERE year = $1 AND month = $2`
	sqlPeriod     = sqlPeriodNow + ` FOR SHARE`
	sqlOpenYear   = `INSERT INTO kuciniki_period (year, month, opened_at) SELECT $1, m, $2 FROM generate_series(0, 12) m ON CONFLICT DO NOTHING`
	sqlClose      = `UPDATE kuciniki_period SET closed_at = $3 WHERE year = $1 AND month = $2 AND closed_at IS NULL`
	sqlOpenMonths = `SELECT count(*) FROM kuciniki_period WHERE year = $1 AND month > 0 AND closed_at IS NULL`
)

// Periods lists all periods, the latest year first, in it the year before its months, with how
// much in them is unfinished: what nobody judges before the period is closed, nobody will.
func (m *Module) Periods(ctx context.Context) (_ []Period, err error) {
	defer errs.In(&err, "kuciniki.Periods")
	return pg.Many[Period](ctx, m.db, sqlPeriods)
}

// holdOpen fails unless the period is there and open; it cannot be closed before the
// transaction ends.
func holdOpen(ctx context.Context, tx pgx.Tx, year, month int) error {
	why, err := shutPeriod(ctx, tx, sqlPeriod, year, month)
	if err == nil && why != "" {
		err = errs.New(errs.Conflict, why)
	}
	return err
}

// shutPeriod says why a period that sql reads takes nothing, "" where it is open.
func shutPeriod(ctx context.Context, q pg.Querier, sql string, year, month int) (why string, err error) {
	p, err := pg.One[Period](ctx, q, sql, year, month)
	switch {
	case errs.KindOf(err) == errs.NotFound && err != nil:
		return "Periode " + PeriodName(year, month) + " belum dibuka oleh BKPSDM.", nil
	case err == nil && !p.Open():
		return "Periode " + PeriodName(year, month) + " sudah ditutup, jadi tidak ada lagi yang dapat diubah di dalamnya.", nil
	}
	return "", err
}

// cityWide is errs.NotFound unless the actor holds p in the whole city.
func (m *Module) cityWide(ctx context.Context, a authz.Actor, p authz.Permission) error {
	ok, err := org.HoldsRoot(ctx, m.db, a.Units(p))
	if err == nil && !ok {
		err = errs.New(errs.NotFound, "Halaman ini milik BKPSDM.")
	}
	return err
}

// OpenYear opens a year with its months. Twice is once.
func (m *Module) OpenYear(ctx context.Context, a authz.Actor, year int) (err error) {
	defer errs.In(&err, "kuciniki.OpenYear(%d)", year)
	if err := m.cityWide(ctx, a, PermPersonnel); err != nil {
		return err
	}
	if now := m.Year(); year < now-1 || year > now+1 {
		return errs.Invalid(errs.Field{Name: ControlYear, Message: "Pilih tahun lalu, tahun ini, atau tahun depan."})
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := pg.Exec(ctx, tx, sqlOpenYear, year, m.now()); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "kuciniki.period.open", Object: "kuciniki_period", ObjectID: int64(year)})
	})
}

// ClosePeriod closes a month that is over, or a year that is over and whose months are
// closed. It cannot be opened again.
func (m *Module) ClosePeriod(ctx context.Context, a authz.Actor, year, month int) (err error) {
	defer errs.In(&err, "kuciniki.ClosePeriod(%d, %d)", year, month)
	if err := m.cityWide(ctx, a, PermPersonnel); err != nil {
		return err
	}
	if _, end := span(year, month); m.now().Before(end) {
		return errs.New(errs.Conflict, PeriodName(year, month)+" belum berakhir, jadi belum dapat ditutup.")
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if month == 0 {
			n, err := pg.Scalar[int](ctx, tx, sqlOpenMonths, year)
			if err != nil {
				return err
			}
			if n > 0 {
				return errs.New(errs.Conflict, "Tutup dahulu semua bulannya.")
			}
		}
		err := pg.Changed(tx.Exec(ctx, sqlClose, year, month, m.now()))
		if errs.KindOf(err) == errs.Conflict && err != nil {
			return errs.New(errs.Conflict, PeriodName(year, month)+" sudah ditutup atau belum dibuka.")
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "kuciniki.period.close", Object: "kuciniki_period", ObjectID: int64(year), Detail: map[string]any{"bulan": month}})
	})
}
