package mtr

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlPastConfirmation = `
SELECT id FROM mtr_report WHERE open AND status = 'belum_konfirmasi' AND due_kind = 'konfirmasi' AND due_at <= $1 AND id > $2 ORDER BY id LIMIT $3`

const sqlPastDispute = `
SELECT id FROM mtr_report WHERE open AND status = 'selesai' AND due_at <= $1 AND id > $2 ORDER BY id LIMIT $3`

const sqlUnansweredByUnit = `
SELECT id FROM mtr_report WHERE open AND responded_at IS NULL AND escalated_unit_at IS NULL AND received_at <= $1 AND id > $2
ORDER BY id LIMIT $3`

const sqlUnansweredByCity = `
SELECT id FROM mtr_report WHERE open AND responded_at IS NULL AND escalated_mayor_at IS NULL AND received_at <= $1 AND id > $2
ORDER BY id LIMIT $3`

// LapseUnconfirmed ends reports that nobody confirmed within 72 hours; it returns how many.
func (m *Module) LapseUnconfirmed(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "mtr.LapseUnconfirmed")
	return m.actOnEach(ctx, ActLapse, sqlPastConfirmation, m.now())
}

// CloseSettled closes reports that nobody disputed within 10 working days.
func (m *Module) CloseSettled(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "mtr.CloseSettled")
	return m.actOnEach(ctx, ActAutoClose, sqlPastDispute, m.now())
}

// EscalateToUnit tells the head of the unit of reports without a response for 24 hours.
func (m *Module) EscalateToUnit(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "mtr.EscalateToUnit")
	return m.actOnEach(ctx, ActEscalateUnit, sqlUnansweredByUnit, m.now().Add(-EscalateUnit))
}

// EscalateToMayor puts reports without a response for 2×24 hours on the wali kota's desk.
func (m *Module) EscalateToMayor(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "mtr.EscalateToMayor")
	return m.actOnEach(ctx, ActEscalateMayor, sqlUnansweredByCity, m.now().Add(-EscalateMayor))
}

// batch is how many rows a job looks at in one query.
const batch = 200

// actOnEach does an action of the system on each report found, one transaction each.
// Another portal that does the same at the same time, or a person who was faster, is
// no failure; a report that fails keeps no other from its turn.
func (m *Module) actOnEach(ctx context.Context, action Action, sql string, until time.Time) (n int, err error) {
	return eachID(ctx, m.db, sql, until, func(id int64) (bool, error) {
		err := m.act(ctx, caller{actor: authz.System("mtr"), reportID: id}, action, nil, nil)
		if k := errs.KindOf(err); err != nil && (k == errs.Conflict || k == errs.NotFound || k == errs.Forbidden) {
			return false, nil
		}
		return err == nil, err
	})
}

// eachID calls f with the ids that sql finds, which takes a time, the id to go on
// from and a number of rows. It counts those for which f says so.
func eachID(ctx context.Context, q pg.Querier, sql string, until time.Time, f func(id int64) (bool, error)) (n int, err error) {
	var failed error
	for last := int64(0); ; {
		ids, err := pg.Scalars[int64](ctx, q, sql, until, last, batch)
		if err != nil {
			return n, errors.Join(failed, err)
		}
		for _, id := range ids {
			did, err := f(id)
			if err != nil {
				failed = errors.Join(failed, err)
			}
			if did {
				n++
			}
			last = id
		}
		if len(ids) < batch || ctx.Err() != nil {
			return n, failed
		}
	}
}

// The daily digest goes out from this hour on, and names so many reports.
const (
	digestHour = 7
	digestRows = 20
)

const sqlBeginDigest = `
INSERT INTO mtr_digest (day, unit_id, sent_at, reports)
SELECT $1::date, $2, $3, count(*) FROM mtr_report
WHERE open AND responded_at IS NULL AND escalated_mayor_at IS NOT NULL
ON CONFLICT (day, unit_id) DO NOTHING
RETURNING reports`

const sqlDigest = `
SELECT r.number, r.confidential, c.name AS category_name, COALESCE(k.short_name, '') AS kelurahan_name,
	COALESCE(u.name, '') AS unit_name, r.received_at
FROM mtr_report r
JOIN mtr_category c ON c.id = r.category_id
LEFT JOIN org_unit k ON k.id = r.kelurahan_id
LEFT JOIN org_unit u ON u.id = r.unit_id
WHERE r.open AND r.responded_at IS NULL AND r.escalated_mayor_at IS NOT NULL
ORDER BY r.received_at, r.id LIMIT $1`

// SendDigest tells the head of the city once a day, in the morning, which reports
// wait for a response longer than 2×24 hours. A day without such reports, or without
// a head, passes in silence. It reports whether it was this call that did the day's.
func (m *Module) SendDigest(ctx context.Context) (did bool, err error) {
	defer errs.In(&err, "mtr.SendDigest")
	now := m.now()
	local := now.In(clock.Makassar)
	if local.Hour() < digestHour {
		return false, nil
	}
	day := local.Format(time.DateOnly)
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		did = false
		city, err := org.Root(ctx, tx)
		if err != nil {
			return err
		}
		n, err := pg.Scalar[int](ctx, tx, sqlBeginDigest, day, city.ID, now)
		if errs.KindOf(err) == errs.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		did = true
		head, err := org.Head(ctx, tx, city.ID, now)
		if n == 0 || errs.KindOf(err) == errs.NotFound || err == nil && head.AccountID == nil {
			return nil
		}
		if err != nil {
			return err
		}
		text, err := digestText(ctx, tx, n, now)
		if err != nil {
			return err
		}
		return notify.Queue(ctx, tx, notify.Message{
			Topic: TopicOversight, AccountID: *head.AccountID, Subject: indo.Int(n) + " laporan warga belum ditanggapi",
			Text: text, Link: notify.Link{Label: "Buka ringkasan", URL: "/meja/mtr/ringkasan"}, At: now, Key: "mtr:digest:" + day,
		})
	})
	return did, err
}

// digestText holds no words of reporters; of rahasia reports it names the number only.
func digestText(ctx context.Context, q pg.Querier, n int, now time.Time) (string, error) {
	type row struct {
		Number                                string
		Confidential                          bool
		CategoryName, KelurahanName, UnitName string
		ReceivedAt                            time.Time
	}
	rows, err := pg.Many[row](ctx, q, sqlDigest, digestRows)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("Laporan ini sudah lebih dari 2×24 jam tanpa tanggapan:\n\n")
	for _, r := range rows {
		parts := []string{r.Number}
		if !r.Confidential {
			parts = append(parts, r.CategoryName)
			if r.KelurahanName != "" {
				parts = append(parts, r.KelurahanName)
			}
		}
		if r.UnitName == "" {
			r.UnitName = "verifikator laporan"
		}
		fmt.Fprintf(&b, "%s, dipegang %s, masuk %s\n", strings.Join(parts, ", "), r.UnitName, indo.Ago(r.ReceivedAt, now))
	}
	if rest := n - len(rows); rest > 0 {
		b.WriteString("dan " + indo.Int(rest) + " lagi\n")
	}
	return b.String(), nil
}
