package eoffice

import (
	"fmt"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Folder (berkas) is where the finished letters of an office lie, by classification and
// year. What is confidential lies in folders of its own.
type Folder struct {
	ID           int64
	UnitID       int64
	UnitName     string
	Ancestors    []int64 // of its office
	HeadID       int64   // the post of the head of the office, 0: it has none
	Year         int
	KKA          string
	ClassName    string
	No           int
	Title        string
	Confidential bool
	Place        string // of the paper
	Status       Status
	Seq          int
	OpenedOn     time.Time
	ClosedOn     *time.Time
	Letters      int
	Waiting      int // of which so many wait for the head of the office

	// Of a closed folder, what the retention of its classification comes to.
	Proposed       Proposal // by the daily job
	ProposedAt     *time.Time
	PostponedUntil *time.Time
	KeptUntil      *time.Time // what appraising it again came to
	OwnFate        string     // likewise, "" before
	Rule           string     // the code whose retention holds
	ActiveYears    int
	InactiveYears  int
	Fate           string // [Fates]
	InactiveOn     *time.Time
	EndsOn         *time.Time

	KeeperID        int64 // the office that has it now, 0: its own
	KeeperName      string
	KeeperAncestors []int64
	HeldUntil       []time.Time // the last days of its legal holds
	CaseID          int64       // of disposal, in which it is now
}

// LongestWithoutANRI is for how many years a folder may have been kept that the city
// destroys without the approval of the national archive.
const LongestWithoutANRI = 9

// HeldAt tells whether a legal hold is in force.
func (f Folder) HeldAt(at time.Time) bool {
	return slices.ContainsFunc(f.HeldUntil, func(last time.Time) bool { return !last.Before(dayOf(at)) })
}

// Years are those for which the folder is kept.
func (f Folder) Years() int { return f.ActiveYears + f.InactiveYears }

// Code names the folder within its office: "600.1/2026/1".
func (f Folder) Code() string { return fmt.Sprintf("%s/%d/%d", f.KKA, f.Year, f.No) }

// RolesOf is everything the acting person is to the folder.
func (f *Folder) RolesOf(m Moment) (r Role) {
	if m.Actor.Kind == authz.Machine {
		return AsSystem
	}
	if !m.Actor.IsStaff() {
		return 0
	}
	if m.Actor.HasIn(PermArchive, f.Ancestors) || m.Actor.HasIn(PermArchive, f.KeeperAncestors) {
		r |= AsArchivist
	}
	if m.Actor.HasIn(PermRegister, f.Ancestors) {
		r |= AsClerk
	}
	if m.sits(f.HeadID) {
		r |= AsHead
	}
	return r
}

// FolderSteps is the machine of a folder.
var FolderSteps = Table[Folder]{
	"": {
		ActFolderMake: {To: FolderOpen, Who: AsArchivist | AsClerk},
	},
	FolderOpen: {
		ActFile:         {To: same, Who: AsArchivist | AsClerk, Guard: mayFile},
		ActAgreeFiling:  {To: same, Who: AsHead, Guard: waitsForHead},
		ActRefuseFiling: {To: same, Who: AsHead, Guard: waitsForHead},
		ActCorrect:      {To: same, Who: AsArchivist | AsClerk},
		ActClose:        {To: FolderClosed, Who: AsArchivist | AsClerk, Guard: mayClose},
	},
	FolderClosed: {
		ActCorrect:  {To: same, Who: AsArchivist | AsClerk},
		ActReopen:   {To: FolderOpen, Who: AsArchivist, Guard: mayReopen},
		ActPropose:  {To: same, Who: AsSystem},
		ActPostpone: {To: same, Who: AsArchivist, Guard: isProposed},
		ActAppraise: {To: same, Who: AsArchivist, Guard: isToAppraise},
		ActHold:     {To: same, Who: AsArchivist | AsHead},
		ActLift:     {To: same, Who: AsArchivist | AsHead, Guard: isHeld},
		ActMove:     {To: FolderInactive, Who: AsArchivist, Guard: notHeld},
		ActHandOver: {To: FolderHandedOver, Who: AsArchivist, Guard: notHeld},
		ActDestroy:  {To: Destroyed, Who: AsArchivist, Guard: notHeld},
	},
	FolderInactive: {
		ActCorrect:  {To: same, Who: AsArchivist},
		ActPropose:  {To: same, Who: AsSystem},
		ActPostpone: {To: same, Who: AsArchivist, Guard: isProposed},
		ActAppraise: {To: same, Who: AsArchivist, Guard: isToAppraise},
		ActHold:     {To: same, Who: AsArchivist | AsHead},
		ActLift:     {To: same, Who: AsArchivist | AsHead, Guard: isHeld},
		ActHandOver: {To: FolderHandedOver, Who: AsArchivist, Guard: notHeld},
		ActDestroy:  {To: Destroyed, Who: AsArchivist, Guard: notHeld},
	},
	FolderHandedOver: {
		ActCorrect: {To: same, Who: AsArchivist},
	},
	Destroyed: {},
}

// notHeld: while a legal hold is in force nothing leaves.
func notHeld(f *Folder, m Moment) error {
	if f.HeldAt(m.Now) {
		return errs.New(errs.Conflict, "Berkas "+f.Code()+" sedang ditahan untuk keperluan hukum.")
	}
	return nil
}

func isHeld(f *Folder, m Moment) error {
	if !f.HeldAt(m.Now) {
		return errs.New(errs.Conflict, "Berkas ini tidak sedang ditahan.")
	}
	return nil
}

// isFree: what is in a case of disposal waits for how that ends.
func isFree(f *Folder) error {
	if f.CaseID != 0 {
		return errs.New(errs.Conflict, "Berkas "+f.Code()+" sedang dalam usul penyusutan.")
	}
	return nil
}

func mayReopen(f *Folder, m Moment) error {
	if err := notHeld(f, m); err != nil {
		return err
	}
	return isFree(f)
}

// mayFile: what is confidential is filed by the archivist, and the head of the office agrees.
func mayFile(f *Folder, m Moment) error {
	if f.Confidential && !f.RolesOf(m).Has(AsArchivist) {
		return errs.New(errs.Forbidden, "Naskah rahasia diberkaskan oleh arsiparis, dengan persetujuan kepala kantornya.")
	}
	return nil
}

func waitsForHead(f *Folder, _ Moment) error {
	if f.Waiting == 0 {
		return errs.New(errs.Conflict, "Tidak ada naskah di berkas ini yang menunggu persetujuan.")
	}
	return nil
}

func mayClose(f *Folder, _ Moment) error {
	switch {
	case f.Waiting > 0:
		return errs.New(errs.Conflict, "Masih ada naskah yang menunggu persetujuan kepala kantor.")
	case f.Letters == 0:
		return errs.New(errs.Conflict, "Berkas ini masih kosong.")
	}
	return nil
}

// FolderActionsFor lists what whoever acts may do with a folder now.
func FolderActionsFor(f *Folder, m Moment) (out []Action) {
	for _, a := range FolderActions {
		if _, err := cell(FolderSteps, f.Status, a, f.RolesOf(m), f, m); err == nil {
			out = append(out, a)
		}
	}
	return out
}

// FolderEvent is one thing that happened to a folder; it is never changed.
type FolderEvent struct {
	Seq      int
	Action   Action
	From, To Status
	At       time.Time
	ActorID  int64
	Name     string // of who did it
	Title    string
	Reason   string
}

// DecideFolder makes the event of an action on a folder, or says why not.
func DecideFolder(f *Folder, m Moment, action Action, reason string) (e FolderEvent, err error) {
	s, err := cell(FolderSteps, f.Status, action, f.RolesOf(m), f, m)
	if err != nil {
		return e, err
	}
	e = FolderEvent{Seq: f.Seq + 1, Action: action, From: f.Status, To: s.To, At: m.Now, ActorID: m.Actor.AccountID, Title: m.Actor.MainPosition().Title, Reason: reason}
	if s.To == same {
		e.To = f.Status
	}
	return e, nil
}

// Controls of the archive's forms.
const (
	ControlFolder = "berkas"
	ControlTitle  = "judul"
	ControlYear   = "tahun_berkas"
	ControlDay    = "tanggal"
)
