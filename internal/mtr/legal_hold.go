package mtr

import (
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/hold"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlLegalHolds = `
SELECT h.id, r.number, h.asked_by, h.reason, a.name AS set_by, h.set_at
FROM mtr_legal_hold h JOIN mtr_report r ON r.id = h.report_id JOIN authn_account a ON a.id = h.set_by
WHERE h.lifted_at IS NULL ORDER BY h.id DESC`

// The row stays locked: nobody forgets its reporter meanwhile.
const sqlReportToHold = `SELECT id, forgotten_at IS NOT NULL AS forgotten FROM mtr_report WHERE number = $1 FOR UPDATE`

const sqlInsertHold = `INSERT INTO mtr_legal_hold (report_id, asked_by, reason, set_by, set_at) VALUES ($1, $2, $3, $4, $5) RETURNING id`

const sqlLiftHold = `UPDATE mtr_legal_hold SET lifted_by = $2, lifted_at = $3 WHERE id = $1 AND lifted_at IS NULL RETURNING report_id`

// LegalHolds lists the reports that are held now, newest first. Needs PermConfigure.
func (m *Module) LegalHolds(ctx context.Context, a authz.Actor) (_ []hold.Hold, err error) {
	defer errs.In(&err, "mtr.LegalHolds")
	if err := m.needsCity(ctx, a, PermConfigure); err != nil {
		return nil, err
	}
	return pg.Many[hold.Hold](ctx, m.db, sqlLegalHolds)
}

// HoldReport keeps a report from being changed by the retention rule. Held already, or
// forgotten already, is errs.Conflict; an unknown number is a wrong field. Needs PermConfigure.
func (m *Module) HoldReport(ctx context.Context, a authz.Actor, in hold.Input) (err error) {
	defer errs.In(&err, "mtr.HoldReport")
	if err := m.needsCity(ctx, a, PermConfigure); err != nil {
		return err
	}
	in, wrong := in.Tidy()
	number := tidyNumber(in.Number)
	if !wholeNumber.MatchString(number) {
		wrong = append([]errs.Field{{Name: ControlNumber, Message: "Tulis nomor laporan, misalnya MTR-26-004217."}}, wrong...)
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	now := m.now()
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		type row struct {
			ID        int64
			Forgotten bool
		}
		report, err := pg.One[row](ctx, tx, sqlReportToHold, number)
		if errs.KindOf(err) == errs.NotFound {
			return errs.Invalid(errs.Field{Name: ControlNumber, Message: "Tidak ada laporan dengan nomor ini."})
		}
		if err != nil {
			return err
		}
		if report.Forgotten {
			return errs.New(errs.Conflict, "Data pelapor laporan ini sudah dihapus, jadi tidak dapat ditahan lagi.")
		}
		id, err := pg.Scalar[int64](ctx, tx, sqlInsertHold, report.ID, in.AskedBy, in.Reason, a.AccountID, now)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{Action: "mtr.legal_hold.set", Object: object, ObjectID: report.ID,
			Detail: map[string]any{"tahanan": id, "nomor": number}})
	})
	if pg.Violates(err, "mtr_legal_hold_report_key") {
		return errs.New(errs.Conflict, "Laporan ini sudah ditahan.")
	}
	return err
}

// LiftHold ends a hold; ended already is errs.Conflict. Needs PermConfigure.
func (m *Module) LiftHold(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "mtr.LiftHold(%d)", id)
	if err := m.needsCity(ctx, a, PermConfigure); err != nil {
		return err
	}
	now := m.now()
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		report, err := pg.Scalar[int64](ctx, tx, sqlLiftHold, id, a.AccountID, now)
		if errs.KindOf(err) == errs.NotFound {
			return errs.New(errs.Conflict, "Laporan ini sudah tidak ditahan.")
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{Action: "mtr.legal_hold.lift", Object: object, ObjectID: report,
			Detail: map[string]any{"tahanan": id}})
	})
}
