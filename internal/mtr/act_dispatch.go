package mtr

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Forward accepts the report, publishes its words and photos, and sends it to a unit.
func (m *Module) Forward(ctx context.Context, a authz.Actor, in ForwardInput) error {
	var unit org.Unit
	return m.act(ctx, staff(a, in.Act), ActForward, func(tx pgx.Tx, _ *Case, mo Moment) (Intent, error) {
		var r reading
		note := r.words(ControlReason, in.Note, "", MaxReason)
		var err error
		switch unit, err = org.UnitByID(ctx, tx, in.UnitID); {
		case errs.KindOf(err) == errs.NotFound:
			r.fail(ControlUnit, "Pilih unit tujuan.")
		case err != nil:
			return Intent{}, err
		case !unit.Valid(mo.Now):
			r.fail(ControlUnit, unit.Name+" sudah tidak ada. Pilih unit lain.")
		case !forwardable(unit.Kind):
			r.fail(ControlUnit, unit.Name+" tidak menangani laporan. Pilih OPD, kecamatan, atau kelurahan.")
		}
		return Intent{Reason: note, Change: Change{UnitID: &unit.ID}}, r.err()
	}, func(_ pgx.Tx, c *Case, _ Event) error {
		c.UnitName, c.UnitAncestors = unit.Name, unit.Ancestors
		return nil
	})
}

// forwardable reports whether units of this kind take reports: all but the city as a
// whole and the neighbourhoods.
func forwardable(kind string) bool {
	return kind != org.KindCity && kind != org.KindRW && kind != org.KindRT
}

// Reject ends the report with a public reason.
func (m *Module) Reject(ctx context.Context, a authz.Actor, in RejectInput) error {
	return m.say(ctx, a, ActReject, ReasonInput(in), "Tulis alasan penolakan. Pelapor dan umum membacanya.")
}

// MarkDuplicate ends the report in favour of another.
func (m *Module) MarkDuplicate(ctx context.Context, a authz.Actor, in DuplicateInput) error {
	return m.act(ctx, staff(a, in.Act), ActMarkDuplicate, func(tx pgx.Tx, c *Case, mo Moment) (Intent, error) {
		var r reading
		note := r.words(ControlReason, in.Note, "", MaxReason)
		parent, err := parentOf(ctx, tx, c, mo, in.ParentNumber, &r)
		if err != nil {
			return Intent{}, err
		}
		return Intent{Reason: note, Change: Change{ParentID: parent}}, r.err()
	}, nil)
}

// UnmarkDuplicate takes a report for its own problem again; it is looked at afresh.
func (m *Module) UnmarkDuplicate(ctx context.Context, a authz.Actor, in ReasonInput) error {
	return m.say(ctx, a, ActUnmark, in, "Tulis mengapa ini masalah yang lain. Pelapor dan umum membacanya.")
}

// parentOf finds the report that c repeats and keeps it from changing until the
// transaction ends, so that two reports never become duplicates of each other.
func parentOf(ctx context.Context, tx pgx.Tx, c *Case, mo Moment, number string, r *reading) (int64, error) {
	number = strings.ToUpper(strings.Join(strings.Fields(number), ""))
	if number == "" {
		r.fail(ControlParent, "Tulis nomor laporan induk, misalnya MTR-26-004217.")
		return 0, nil
	}
	if number == c.Number {
		r.fail(ControlParent, "Ini nomor laporan ini sendiri. Tulis nomor laporan yang lebih dulu.")
		return 0, nil
	}
	p, err := pg.One[Case](ctx, tx, sqlCaseByNumberForShare, number)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return 0, err
	}
	secret := p.Confidential || p.HiddenAt != nil || p.Status.Group() == GroupNothing
	switch {
	case err != nil || secret && p.RolesOf(mo) == 0:
		r.fail(ControlParent, "Laporan "+cut(number, 20)+" tidak ada. Periksa nomornya.")
	case p.Status == Duplicate:
		r.fail(ControlParent, "Laporan itu sendiri duplikat. Tulis nomor laporan induknya.")
	case p.Status == Rejected || p.Status == Cancelled || p.Status.Group() == GroupNothing:
		r.fail(ControlParent, "Laporan itu "+strings.ToLower(p.Status.Label())+", jadi tidak dapat menjadi laporan induk.")
	}
	return p.ID, nil
}

// ReferOut ends the report in favour of another agency.
func (m *Module) ReferOut(ctx context.Context, a authz.Actor, in ReferInput) error {
	return m.act(ctx, staff(a, in.Act), ActReferOut, func(pgx.Tx, *Case, Moment) (Intent, error) {
		var r reading
		change := Change{
			Agency:    r.line(ControlAgency, in.Agency, "Tulis nama instansi tujuan.", 150),
			AgencyRef: r.line(ControlAgencyRef, in.AgencyRef, "", 100),
		}
		reason := r.words(ControlReason, in.Reason, "Tulis alasan merujuk. Pelapor dan umum membacanya.", MaxReason)
		return Intent{Reason: reason, Change: change}, r.err()
	}, nil)
}

// RecordAgencyAnswer notes what the other agency answered.
func (m *Module) RecordAgencyAnswer(ctx context.Context, a authz.Actor, in AgencyAnswerInput) error {
	return m.act(ctx, staff(a, in.Act), ActAgencyAnswer, func(pgx.Tx, *Case, Moment) (Intent, error) {
		var r reading
		answer := r.words(ControlAnswer, in.Answer, "Tulis jawaban instansi itu.", MaxReason)
		ref := r.line(ControlAgencyRef, in.AgencyRef, "", 100)
		return Intent{Reason: answer, Change: Change{Answer: answer, AgencyRef: ref}}, r.err()
	}, nil)
}

// Bounce gives the report back to the dispatchers: not our task.
func (m *Module) Bounce(ctx context.Context, a authz.Actor, in ReasonInput) error {
	return m.say(ctx, a, ActBounce, in, "Tulis mengapa ini bukan tugas unit Anda.")
}
