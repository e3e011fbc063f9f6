package mtr

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
)

// AskInfo asks the reporter and stops the clock.
func (m *Module) AskInfo(ctx context.Context, a authz.Actor, in AskInfoInput) error {
	return m.say(ctx, a, ActAskInfo, ReasonInput{Act: in.Act, Reason: in.Question}, "Tulis pertanyaan untuk pelapor.")
}

// Resume goes on without the answer.
func (m *Module) Resume(ctx context.Context, a authz.Actor, in ReasonInput) error {
	return m.say(ctx, a, ActResume, in, "Tulis mengapa dilanjutkan tanpa jawaban pelapor.")
}

// Assign gives the report to a position of the unit.
func (m *Module) Assign(ctx context.Context, a authz.Actor, in AssignInput) error {
	return m.act(ctx, staff(a, in.Act), ActAssign, func(tx pgx.Tx, c *Case, mo Moment) (Intent, error) {
		var r reading
		note := r.words(ControlReason, in.Note, "", MaxReason)
		if in.PositionID == 0 {
			in.PersonID = 0
			if c.AssigneeID == 0 {
				return Intent{}, errs.New(errs.Conflict, "Laporan ini belum ditugaskan kepada siapa pun.")
			}
		} else if err := checkAssignee(ctx, tx, c, mo, in, &r); err != nil {
			return Intent{}, err
		}
		return Intent{Reason: note, Change: Change{AssigneeID: &in.PositionID, Assignee: &in.PersonID}}, r.err()
	}, nil)
}

// checkAssignee: a position of the unit in charge or below it that exists today, and a
// person who holds it now.
func checkAssignee(ctx context.Context, tx pgx.Tx, c *Case, mo Moment, in AssignInput, r *reading) error {
	p, err := org.PositionByID(ctx, tx, in.PositionID)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	if err != nil || !slices.Contains(p.Ancestors, c.UnitID) {
		r.fail(ControlPosition, "Pilih petugas dari "+c.UnitName+".")
		return nil
	}
	open, err := org.PositionsIn(ctx, tx, p.UnitID, mo.Now)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(open, func(o org.Position) bool { return o.ID == p.ID }) {
		r.fail(ControlPosition, "Jabatan itu sudah tidak ada. Pilih petugas lain.")
		return nil
	}
	holders, err := org.HoldersOf(ctx, tx, p.ID, mo.Now)
	if err != nil {
		return err
	}
	if in.PersonID != 0 && !slices.ContainsFunc(holders, func(h org.Holder) bool { return h.PersonID == in.PersonID }) {
		r.fail(ControlPosition, "Petugas itu sudah tidak memegang jabatan ini. Pilih petugas lain.")
	}
	return nil
}

// Start begins the work.
func (m *Module) Start(ctx context.Context, a authz.Actor, in StartInput) error {
	return m.say(ctx, a, ActStart, ReasonInput{Act: in.Act, Reason: in.Note}, "")
}

// Schedule promises a date.
func (m *Module) Schedule(ctx context.Context, a authz.Actor, in ScheduleInput) error {
	return m.act(ctx, staff(a, in.Act), ActSchedule, func(_ pgx.Tx, _ *Case, mo Moment) (Intent, error) {
		var r reading
		switch {
		case in.Date.IsZero():
			r.fail(ControlDate, "Pilih tanggal pekerjaan.")
		case !in.Date.After(mo.Now):
			r.fail(ControlDate, "Tanggal itu sudah lewat. Pilih tanggal yang akan datang.")
		case in.Date.After(mo.Now.Add(maxScheduleFor)):
			r.fail(ControlDate, "Pilih tanggal dalam satu tahun ke depan.")
		}
		reason := r.words(ControlReason, in.Reason, "Tulis mengapa dijadwalkan. Pelapor dan umum membacanya.", MaxReason)
		return Intent{Reason: reason, Change: Change{ExpectedAt: &in.Date}}, r.err()
	}, nil)
}
