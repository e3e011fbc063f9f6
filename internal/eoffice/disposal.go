package eoffice

import (
	"fmt"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Disposal is a case of folders of one office that are to leave: moved to the inactive
// records, destroyed, or handed over to the city's records centre.
type Disposal struct {
	ID           int64
	UnitID       int64
	UnitName     string
	Ancestors    []int64
	HeadID       int64
	Kind         Proposal // [ToInactive], [ToDestroy] or [ToHandOver]
	Status       Status
	Seq          int
	KeeperID     int64 // who gets the folders, 0: they are destroyed
	KeeperName   string
	ReportID     int64 // the berita acara, 0: none yet
	ReportNumber string
	ReportStatus Status
	ANRINote     string // number and day of the approval of the national archive
	CreatedAt    time.Time
	DoneAt       *time.Time
	Folders      int
	Letters      int
	Longest      int           // for how many years its folders were to be kept at most
	Confidential bool          // some of them are
	Members      []PanelMember `db:"-"`
}

// LargestPanel is how many desks a panel has at most.
const LargestPanel = 15

// PanelMember is a desk of the panel, with its word.
type PanelMember struct {
	PositionID int64
	Title      string
	Holder     string // who sits there, or said it
	Vote       Action // "", [ActVoteYes] or [ActVoteNo]
	Words      string
	VotedAt    *time.Time
}

// reported tells whether the berita acara is signed.
func (d *Disposal) reported() bool {
	return slices.Contains([]Status{Signed, Sent, Archived}, d.ReportStatus)
}

// NeedsReport tells whether the case is carried out only with a signed berita acara.
func (d *Disposal) NeedsReport() bool { return d.Kind != ToInactive }

// NeedsANRI tells whether it is carried out only with the approval of the national archive:
// what was to be kept for ten years and more is not destroyed without.
func (d *Disposal) NeedsANRI() bool { return d.Kind == ToDestroy && d.Longest > LongestWithoutANRI }

// RolesOf is everything the acting person is to the case.
func (d *Disposal) RolesOf(m Moment) (r Role) {
	if !m.Actor.IsStaff() {
		return 0
	}
	if m.Actor.HasIn(PermArchive, d.Ancestors) {
		r |= AsArchivist
	}
	if m.sits(d.HeadID) {
		r |= AsHead
	}
	for _, p := range d.Members {
		if p.Vote == "" && m.sits(p.PositionID) {
			r |= AsPanel
		}
	}
	return r
}

// seen tells whether the acting person may see the case: the panel may after its word too.
func (d *Disposal) seen(m Moment) bool {
	return d.RolesOf(m) != 0 || slices.ContainsFunc(d.Members, func(p PanelMember) bool { return m.sits(p.PositionID) })
}

// DisposalSteps is the machine of a case of disposal.
var DisposalSteps = Table[Disposal]{
	"": {
		ActCaseMake: {To: onward, Who: AsArchivist},
	},
	DisposalJudged: {
		ActVoteYes:   {To: onward, Who: AsPanel},
		ActVoteNo:    {To: Refused, Who: AsPanel},
		ActSetReport: {To: same, Who: AsArchivist},
		ActSetANRI:   {To: same, Who: AsArchivist},
		ActCancel:    {To: Cancelled, Who: AsArchivist},
	},
	DisposalAgreed: {
		ActSetReport: {To: same, Who: AsArchivist},
		ActSetANRI:   {To: same, Who: AsArchivist},
		ActCarryOut:  {To: DisposalCarried, Who: AsArchivist, Guard: mayCarryOut},
		ActCancel:    {To: Cancelled, Who: AsArchivist},
	},
	DisposalCarried: {}, Refused: {}, Cancelled: {},
}

func mayCarryOut(d *Disposal, _ Moment) error {
	switch {
	case d.NeedsReport() && !d.reported():
		return errs.New(errs.Conflict, "Berita acaranya belum ditandatangani.")
	case d.NeedsANRI() && d.ANRINote == "":
		return errs.New(errs.Conflict, "Arsip dengan masa simpan 10 tahun atau lebih dimusnahkan dengan persetujuan ANRI. Tulis nomor dan tanggalnya.")
	}
	return nil
}

// panelAgrees tells whether everybody has agreed once one of them does now.
func (d *Disposal) panelAgrees(m Moment) bool {
	return !slices.ContainsFunc(d.Members, func(p PanelMember) bool { return p.Vote != ActVoteYes && !m.sits(p.PositionID) })
}

// DisposalEvent is one thing that happened to a case; it is never changed.
type DisposalEvent = FolderEvent

// DecideDisposal makes the event of an action on a case, or says why not.
func DecideDisposal(d *Disposal, m Moment, action Action, reason string) (e DisposalEvent, err error) {
	s, err := cell(DisposalSteps, d.Status, action, d.RolesOf(m), d, m)
	if err != nil {
		return e, err
	}
	e = DisposalEvent{Seq: d.Seq + 1, Action: action, From: d.Status, To: s.To, At: m.Now, ActorID: m.Actor.AccountID, Title: m.Actor.MainPosition().Title, Reason: reason}
	switch s.To {
	case same:
		e.To = d.Status
	case onward:
		e.To = DisposalJudged
		if action == ActCaseMake && len(d.Members) == 0 || action == ActVoteYes && d.panelAgrees(m) {
			e.To = DisposalAgreed
		}
	}
	return e, nil
}

// DisposalActionsFor lists what whoever acts may do with a case now.
func DisposalActionsFor(d *Disposal, m Moment) (out []Action) {
	for _, a := range DisposalActions {
		if _, err := cell(DisposalSteps, d.Status, a, d.RolesOf(m), d, m); err == nil {
			out = append(out, a)
		}
	}
	return out
}

// checkPanel says what is missing in a panel of so many desks at least.
func (d *Disposal) checkPanel(least int) error {
	refuse := func(message string) error { return errs.Invalid(errs.Field{Name: ControlPanel, Message: message}) }
	if d.Kind != ToInactive && len(d.Members) < least {
		return refuse(fmt.Sprintf("Panitia penilai paling sedikit %d jabatan.", least))
	}
	if len(d.Members) > LargestPanel {
		return refuse(fmt.Sprintf("Panitia penilai paling banyak %d jabatan.", LargestPanel))
	}
	if d.Confidential && (d.HeadID == 0 || !slices.ContainsFunc(d.Members, func(p PanelMember) bool { return p.PositionID == d.HeadID })) {
		return refuse("Untuk berkas rahasia kepala kantornya harus ada di panitia.")
	}
	return nil
}

// Controls of a case of disposal.
const (
	ControlPanel      = "panitia"
	ControlPanelLeast = "panitia_paling_sedikit"
	ControlKeeper     = "tujuan"
	ControlDeed       = "nomor_ba"
	ControlANRI       = "persetujuan_anri"
	ControlWords      = "pendapat"
)
