package mtr

import (
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// How long things may take. Days are working days of the unit's calendar.
const (
	VerifyDays     = 3
	FollowUpDays   = 5
	WorkDaysDesk   = 14 // answered at a desk
	WorkDaysField  = 60 // somebody has to go there
	ValidateDays   = 2
	CloseDays      = 10
	ConfirmWithin  = 72 * time.Hour
	EscalateUnit   = 24 * time.Hour
	EscalateMayor  = 48 * time.Hour
	maxScheduleFor = 366 * 24 * time.Hour
)

func confirmationOver(c *Case, m Moment) error {
	if c.DueKind != DueConfirm || c.DueAt == nil || m.Now.Before(*c.DueAt) {
		return errs.New(errs.Conflict, "Batas konfirmasi laporan ini belum lewat.")
	}
	return nil
}

func withinDispute(c *Case, m Moment) error {
	if c.DueAt == nil || !m.Now.Before(*c.DueAt) {
		return errs.New(errs.Gone, "Masa sanggah 10 hari kerja sudah lewat. Buat laporan baru bila masalahnya masih ada.")
	}
	return nil
}

func disputeOver(c *Case, m Moment) error {
	if c.DueAt == nil || m.Now.Before(*c.DueAt) {
		return errs.New(errs.Conflict, "Masa sanggah laporan ini belum lewat.")
	}
	return nil
}

// notOwnProof: whoever had a hand in the work, in whichever position, does not judge it.
func notOwnProof(c *Case, m Moment) error {
	a := m.Actor
	if c.ProofBy != 0 && c.ProofBy == a.AccountID || has(c.Doers, a.AccountID) {
		return errs.New(errs.Forbidden, "Anda ikut mengerjakan laporan ini. Minta orang lain memvalidasi buktinya.")
	}
	assigned := c.AssigneePerson != 0 && c.AssigneePerson == a.PersonID
	for _, p := range a.Positions {
		assigned = assigned || c.AssigneeID == p.ID
	}
	if assigned {
		return errs.New(errs.Forbidden, "Laporan ini ditugaskan kepada Anda. Minta orang lain memvalidasi buktinya.")
	}
	return nil
}

// mayReveal: who asked for a secret identity keeps it from the desks; elsewhere those
// who handle the report may call the reporter.
func mayReveal(c *Case, m Moment) error {
	if (c.Anonymous || c.Confidential) && !c.RolesOf(m).Has(AsRevealer) {
		return errs.New(errs.Forbidden, "Pelapor meminta namanya dirahasiakan. Hanya pembuka identitas yang dapat membukanya.")
	}
	return nil
}

// asksAgain: who may have asked may go on without the answer.
func asksAgain(c *Case, m Moment) error {
	r := c.RolesOf(m)
	if c.Resume == Received && !r.Has(AsDispatcher) || c.Resume != Received && !r.Has(staffOnUnit) {
		return errs.New(errs.Forbidden, "Pertanyaan ini diajukan petugas lain. Mereka yang melanjutkannya.")
	}
	return nil
}

func askedByDispatcher(c *Case, _ Moment) error {
	if c.Resume != Received {
		return errs.New(errs.Conflict, "Laporan ini sudah di tangan OPD. Tunggu OPD melanjutkan atau mengembalikannya.")
	}
	return nil
}

func workNotStarted(c *Case, _ Moment) error {
	if c.Resume == InProgress {
		return errs.New(errs.Conflict, "Laporan ini sudah dikerjakan, jadi tidak dapat dibatalkan lagi.")
	}
	return nil
}

func notYetRated(c *Case, _ Moment) error {
	if c.Rating != 0 {
		return errs.New(errs.Conflict, "Anda sudah memberi nilai untuk laporan ini. Terima kasih.")
	}
	return nil
}

func notYetAnonymous(c *Case, _ Moment) error {
	if c.Anonymous {
		return errs.New(errs.Conflict, "Laporan ini sudah anonim.")
	}
	return nil
}

func isShown(c *Case, _ Moment) error {
	if c.HiddenAt != nil {
		return errs.New(errs.Conflict, "Laporan ini sudah disembunyikan.")
	}
	return nil
}

func isHidden(c *Case, _ Moment) error {
	if c.HiddenAt == nil {
		return errs.New(errs.Conflict, "Laporan ini tidak sedang disembunyikan.")
	}
	return nil
}

func photoLocked(c *Case, m Moment) error {
	if !photosLocked(c, m.Now) {
		return errs.New(errs.Conflict, "Foto laporan ini sudah dapat dilihat petugas.")
	}
	return nil
}

// mayOpenOriginal: the field only while a supervisor lets it.
func mayOpenOriginal(c *Case, m Moment) error {
	if c.RolesOf(m).Has(AsModerator|AsRevealer|AsSupervisor) || c.OriginalsUntil != nil && m.Now.Before(*c.OriginalsUntil) {
		return nil
	}
	return errs.New(errs.Forbidden, "Yang ditutup hanya terbuka bagi petugas selama pengawas mengizinkannya. Minta pengawas membukanya.")
}

func notYetEscalatedUnit(c *Case, m Moment) error {
	return unanswered(c, m, c.EscalatedUnitAt, EscalateUnit)
}

func notYetEscalatedMayor(c *Case, m Moment) error {
	return unanswered(c, m, c.EscalatedMayorAt, EscalateMayor)
}

func unanswered(c *Case, m Moment, done *time.Time, after time.Duration) error {
	if done != nil || c.RespondedAt != nil || c.ReceivedAt == nil || m.Now.Before(c.ReceivedAt.Add(after)) {
		return errs.New(errs.Conflict, "Laporan ini tidak perlu dinaikkan.")
	}
	return nil
}
