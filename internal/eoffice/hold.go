package eoffice

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Hold is a legal hold: somebody wants a folder kept as it is. While it is in force nothing
// is proposed for the folder and nothing leaves.
type Hold struct {
	ID         int64
	AskedBy    string // a court, the Inspektorat …
	Reason     string
	Until      *time.Time // the last day; nil: until it is lifted
	SetAt      time.Time
	SetBy      string
	LiftedAt   *time.Time
	LiftedBy   string
	LiftReason string
}

// ControlAskedBy is who wants a hold.
const ControlAskedBy = "diminta_oleh"

const (
	sqlSetHold  = `INSERT INTO eoffice_hold (folder_id, asked_by, reason, until, set_at, set_by) VALUES ($1, $2, $3, $4, $5, $6)`
	sqlLiftHold = `UPDATE eoffice_hold SET lifted_at = $3, lifted_by = $4, lift_reason = $5 WHERE id = $1 AND folder_id = $2 AND lifted_at IS NULL`
	sqlHolds    = `
SELECT h.id, h.asked_by, h.reason, h.until, h.set_at, s.name AS set_by, h.lifted_at, COALESCE(l.name, '') AS lifted_by, h.lift_reason
FROM eoffice_hold h JOIN authn_account s ON s.id = h.set_by LEFT JOIN authn_account l ON l.id = h.lifted_by WHERE h.folder_id = $1 ORDER BY h.id DESC LIMIT 50`
)

// SetHold keeps a closed folder as it is, whatever was proposed or agreed, until a day (nil:
// until it is lifted). What was destroyed or handed over cannot be held.
func (m *Module) SetHold(ctx context.Context, a authz.Actor, on OnFolder, askedBy string, until *time.Time) (err error) {
	defer errs.In(&err, "eoffice.SetHold(%d)", on.ID)
	if err := reasonGiven(on.Reason); err != nil {
		return err
	}
	askedBy = squash(askedBy)
	if n := utf8.RuneCountInString(askedBy); n < 3 || n > 200 {
		return errs.Invalid(errs.Field{Name: ControlAskedBy, Message: "Tulis siapa yang meminta, dalam 3 sampai 200 huruf."})
	}
	if until != nil {
		day := dayOf(*until)
		if until = &day; day.Before(dayOf(m.now())) {
			return errs.Invalid(errs.Field{Name: ControlUntil, Message: "Isi tanggal mulai hari ini, atau kosongkan."})
		}
	}
	return m.folderAct(ctx, a, on, func(tx pgx.Tx, f *Folder, mo Moment) error {
		err := m.onFolder(ctx, tx, f, mo, ActHold, on.Reason, nil, func(f *Folder) {
			if f.CaseID == 0 {
				f.propose(NoProposal, mo.Now)
			}
		})
		if err != nil {
			return err
		}
		return pg.Exec(ctx, tx, sqlSetHold, f.ID, askedBy, strings.TrimSpace(on.Reason), until, mo.Now, a.AccountID)
	})
}

// LiftHold ends a legal hold, with a reason.
func (m *Module) LiftHold(ctx context.Context, a authz.Actor, on OnFolder, holdID int64) (err error) {
	defer errs.In(&err, "eoffice.LiftHold(%d, %d)", on.ID, holdID)
	if err := reasonGiven(on.Reason); err != nil {
		return err
	}
	return m.folderAct(ctx, a, on, func(tx pgx.Tx, f *Folder, mo Moment) error {
		if err := m.onFolder(ctx, tx, f, mo, ActLift, on.Reason, map[string]any{"tahanan": holdID}, nil); err != nil {
			return err
		}
		err := pg.Changed(tx.Exec(ctx, sqlLiftHold, holdID, f.ID, mo.Now, a.AccountID, strings.TrimSpace(on.Reason)))
		if err != nil && errs.KindOf(err) == errs.Conflict {
			return errs.New(errs.Conflict, "Penahanan ini sudah dilepas.")
		}
		return err
	})
}
