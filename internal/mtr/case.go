package mtr

import (
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// State is the part of a report that events change. [Apply] is the only thing
// that changes it, so the row of a report is the replay of its events.
type State struct {
	Seq              int    // number of the last event
	Status           Status // where it stands
	Resume           Status // where perlu_info leads back to; "" elsewhere
	UnitID           int64  // the unit in charge; 0 before forwarding
	AssigneeID       int64  // the position it is assigned to; 0 = nobody
	AssigneePerson   int64  // the holder it is meant for; 0 = whoever holds the position
	Bounces          int    // how often a unit said "not ours"
	Hops             int    // how often it was handed on after the first unit
	Priority         Priority
	PrioritySet      bool // by hand
	Reopens          int  // how often the reporter disputed
	DueKind          DueKind
	DueAt            *time.Time
	WarnAt           *time.Time // from here on DueAt is near
	WorkDueAt        *time.Time // the outer limit of the work; DueAt returns to it
	PausedAt         *time.Time // set while perlu_info stops the clock
	PausedSecs       int64      // seconds spent in perlu_info that are over
	PausedEarly      int64      // of PausedSecs, before it was forwarded for the first time
	ExpectedAt       *time.Time // the date promised by dijadwalkan
	ReceivedAt       *time.Time // when the clocks started; unset while unconfirmed
	PublishedAt      *time.Time // since when words and photos are public
	HiddenAt         *time.Time // since when a moderator hides it
	RespondedAt      *time.Time // first act by a person that the reporter can see
	ForwardedAt      *time.Time
	StartedAt        *time.Time
	DoneAt           *time.Time // unset again by a dispute
	FirstDoneAt      *time.Time // the first time, whatever was disputed later
	ClosedAt         *time.Time // any terminal status
	ProofBy          int64      // account that handed in the latest proof
	ValidatedBy      int64      // account that accepted it
	ParentID         int64      // the report this one repeats; 0 = none
	Agency           string     // the other agency of dirujuk_keluar
	AgencyRef        string     // its number for it
	AgencyAnswer     string
	Disputed         bool // a dispute waits for the supervisor's eye
	PhotosReleasedAt *time.Time
	PhotosUntil      *time.Time // until when the field sees them; unset: they were released for good
	OriginalsUntil   *time.Time // until when the field may open what was blacked out
	Rating           int        // 1..5; 0 = not rated
	EscalatedUnitAt  *time.Time
	EscalatedMayorAt *time.Time
	StatusChangedAt  time.Time
}

// DueKind says what a due time asks for.
type DueKind string

const (
	DueNone       DueKind = ""
	DueVerify     DueKind = "verifikasi"    // the dispatcher accepts or rejects
	DueFollowUp   DueKind = "tindak_lanjut" // the unit starts
	DueWork       DueKind = "penyelesaian"  // the unit hands in proof
	DueValidation DueKind = "validasi"      // the validator judges
	DueClose      DueKind = "tutup"         // the reporter's silence closes
	DueConfirm    DueKind = "konfirmasi"    // an unconfirmed report lapses
)

// Label is the word people see.
func (k DueKind) Label() string {
	switch k {
	case DueVerify:
		return "Pemeriksaan"
	case DueFollowUp:
		return "Tindak lanjut pertama"
	case DueWork:
		return "Penyelesaian"
	case DueValidation:
		return "Validasi bukti"
	case DueClose:
		return "Ditutup otomatis"
	case DueConfirm:
		return "Batas konfirmasi"
	}
	return ""
}

// Case is a report as decisions see it: its state and what never changes.
type Case struct {
	State
	ID                int64
	Number            string
	Title             string
	CategoryCode      string
	Class             Class
	Confidential      bool
	Blocked           bool    // held because its sender is on the block list
	Unasked           bool    `db:"-"` // while it is sent: nobody is asked to confirm it
	Anonymous         bool    // a reporter may turn so afterwards
	FieldCheck        bool    // somebody has to go there: 60 working days, otherwise 14
	Proof             Proof   // what the category asks for
	AccountID         int64   // of the reporter; 0 = none
	DispatchUnitID    int64   // of the place
	DispatchAncestors []int64 // of the place: who may dispatch it
	UnitAncestors     []int64 // of the unit in charge; empty without one
	UnitName          string
	Doers             []int64 // accounts that worked on it in the street or made its proof
}

// Moment is when and by whom something is done, and how time counts.
type Moment struct {
	Now      time.Time
	Actor    authz.Actor
	Reporter bool     // the caller proved to be the reporter (link, code or account)
	Cal      WorkTime // of the unit whose time is measured
}

// WorkTime counts working time; *calendar.Calendar does it.
type WorkTime interface {
	// AddWorkingDays is the close of business on the nth working day after t.
	AddWorkingDays(t time.Time, n int) time.Time
	// WorkingTime between a and b; 0 when b is not after a.
	WorkingTime(a, b time.Time) time.Duration
	// AddWorkingTime is when so much working time has passed since t.
	AddWorkingTime(t time.Time, d time.Duration) time.Time
}

// RolesOf is everything the acting person is to the report.
func (c *Case) RolesOf(m Moment) Role {
	var r Role
	a := m.Actor
	if a.Kind == authz.Machine {
		return AsSystem
	}
	if m.Reporter {
		r |= AsReporter
	}
	if !a.IsStaff() {
		return r
	}
	everywhere := append(append([]int64{}, c.DispatchAncestors...), c.UnitAncestors...)
	if a.HasIn(PermDispatch, c.DispatchAncestors) {
		r |= AsDispatcher
	}
	if a.HasIn(PermModerate, c.DispatchAncestors) {
		r |= AsModerator
	}
	if a.HasIn(PermOverview, everywhere) {
		r |= AsSupervisor
	}
	if a.HasIn(PermReveal, everywhere) {
		r |= AsRevealer
	}
	if c.UnitID == 0 {
		return r
	}
	if a.HasIn(PermHandle, c.UnitAncestors) {
		r |= AsHandler
	}
	if a.HasIn(PermValidate, c.UnitAncestors) {
		r |= AsValidator
	}
	if c.AssigneeID != 0 && a.HasIn(PermWork, c.UnitAncestors) {
		for _, p := range a.Positions {
			if p.ID == c.AssigneeID {
				r |= AsWorker
			}
		}
	}
	return r
}
