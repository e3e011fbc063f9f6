package eoffice

import (
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// State is the part of a letter that events change. [Apply] is the only thing that changes
// it, so the row of a letter that was submitted is the replay of its events.
type State struct {
	Seq          int
	Status       Status
	StatusAt     time.Time
	Secrecy      Secrecy
	Urgency      Urgency
	Mode         Mode
	Version      int
	ContentHash  []byte
	Chain        []Link
	Step         int
	DeskID       int64 // the position that has to do something, 0: tata usaha or nobody
	DueAt        *time.Time
	LetterYear   int
	LetterNo     int64
	LetterNumber string
	DatedAt      *time.Time
	Blocks       []Block // whom the numbered paper names
	PDFKey       string
	ScanKey      string
	PDFHash      []byte
	SignedAt     *time.Time
	SentAt       *time.Time
	RevokeReason string
}

// Block is what a letter says of somebody who signs.
type Block struct {
	PositionID int64     `json:"jabatan"`
	PersonID   int64     `json:"orang"`
	Lines      []string  `json:"baris"` // "a.n. WALI KOTA MAKASSAR", "SEKRETARIS DAERAH,"
	Name       string    `json:"nama"`
	Rank       string    `json:"pangkat,omitempty"`
	NIP        string    `json:"nip,omitempty"`
	Seat       string    `json:"sebagai"` // definitif, plt, plh
	Certified  bool      `json:"tersertifikasi,omitempty"`
	At         time.Time `json:"pada"`
}

// Case is a letter as decisions see it: its state and what never changes.
type Case struct {
	State
	ID            int64
	Origin        string // keluar or [Incoming]
	KindCode      string
	UnitID        int64
	UnitName      string
	Ancestors     []int64 // of its office
	DrafterID     int64
	DraftedBy     int64
	CreatedAt     time.Time
	Saved         int
	KKA           string
	SenderNumber  string
	CountedSecret bool      // its number is one of the confidential letters'
	Receivers     [][]int64 // ancestors of the offices it was sent to
	Addressees    []int64   // the desks that it came to, without copies
	ReaderSince   *time.Time
	Wrote         bool // a desk of theirs had it while it was written: drafter, paraf, signature
	BodyKept      bool // most secret, and what it says is kept under seal
	Awaited       int  `db:"-"` // mandatory opinions that signing waits for
	Strategic     bool `db:"-"` // of a kind that who merely acts may not sign
	Waived        bool `db:"-"` // who merely acts may sign it all the same
	WithoutPeople bool `db:"-"` // of a kind that is addressed to nobody
}

// Incoming is the origin of letters from outside.
const Incoming = "masuk"

// Incoming tells whether the letter came from outside.
func (c *Case) Incoming() bool { return c.Origin == Incoming }

// wroteIt tells whether the letter was written at the actor's desk. Who wrote a letter from
// outside down did not.
func (c *Case) wroteIt(m Moment) bool {
	return !c.Incoming() && (m.sits(c.DrafterID) || c.DraftedBy == m.Actor.AccountID)
}

// Seat is a desk at which somebody sits now.
type Seat struct {
	PositionID  int64
	OccupancyID int64
	UnitID      int64
	Kind        string // definitif, plt, plh
	Title       string
	StartsAt    time.Time
}

// Acting tells whether the holder only stands in.
func (s Seat) Acting() bool { return s.Kind != "definitif" }

// Moment is when and by whom something is done, and how time counts.
type Moment struct {
	Now   time.Time
	Actor authz.Actor
	Seats []Seat
	// Deputed are desks of others at which the actor is a deputy, of letters that are not
	// confidential.
	Deputed []Seat
	Cal     WorkTime // of the office
	Pace    Pace
}

// WorkTime counts working time; *calendar.Calendar does it.
type WorkTime interface {
	WorkingMinutes(a, b time.Time) int
	AddWorkingTime(t time.Time, d time.Duration) time.Time
}

// Pace is how fast letters of an urgency go, in minutes.
type Pace struct {
	Code                                        Urgency
	StepMinutes, DispatchMinutes, ActionMinutes int
	AroundTheClock                              bool
}

// due is so many minutes after the moment, as the urgency counts them.
func (m Moment) due(minutes int) time.Time {
	d := time.Duration(minutes) * time.Minute
	if m.Pace.AroundTheClock {
		return m.Now.Add(d)
	}
	return m.Cal.AddWorkingTime(m.Now, d)
}

// seat is where the actor sits at a position, or is its deputy.
func (m Moment) seat(positionID int64) (Seat, bool) {
	for _, all := range [][]Seat{m.Seats, m.Deputed} {
		if i := slices.IndexFunc(all, func(s Seat) bool { return s.PositionID == positionID }); i >= 0 {
			return all[i], true
		}
	}
	return Seat{}, false
}

// WorksAt tells whether the actor sits at a desk or is its deputy now.
func (m Moment) WorksAt(positionID int64) bool {
	_, ok := m.seat(positionID)
	return ok && positionID != 0
}

// sits tells whether the actor sits at one of the positions.
func (m Moment) sits(positions ...int64) bool {
	return slices.ContainsFunc(m.Seats, func(s Seat) bool { return s.PositionID != 0 && slices.Contains(positions, s.PositionID) })
}

// Role is what somebody is to a letter, a recipient or an order.
type Role uint16

// The roles.
const (
	AsDrafter   Role = 1 << iota
	AsDesk           // sits where it lies
	AsSigner         // sits where it is, or was, to be signed
	AsClerk          // tata usaha of the office that issues it
	AsReceiver       // tata usaha of the office that gets it
	AsAddressee      // sits at the desk it is addressed to
	AsGiver          // of an order
	AsArchivist      // of the office
	AsHead           // of the office
	AsPanel          // has a word in a case of disposal, and has not said it
	AsSystem
	AsScreener // of what comes for the head
)

// Has reports whether the set r holds any of want.
func (r Role) Has(want Role) bool { return r&want != 0 }

// String names the strongest role of the set, as events record it.
func (r Role) String() string {
	for _, n := range []struct {
		role Role
		name string
	}{
		{AsSystem, "sistem"}, {AsSigner, "penanda_tangan"}, {AsDesk, "pemegang"}, {AsAddressee, "penerima"}, {AsGiver, "pemberi"},
		{AsDrafter, "konseptor"}, {AsHead, "kepala"}, {AsArchivist, "arsiparis"}, {AsPanel, "panitia"}, {AsScreener, "penyaring"}, {AsClerk, "tata_usaha"},
		{AsReceiver, "tata_usaha_penerima"},
	} {
		if r.Has(n.role) {
			return n.name
		}
	}
	return ""
}

// RolesOf is everything the acting person is to the letter.
func (c *Case) RolesOf(m Moment) (r Role) {
	if m.Actor.Kind == authz.Machine {
		return AsSystem
	}
	if !m.Actor.IsStaff() {
		return 0
	}
	if c.wroteIt(m) {
		r |= AsDrafter
	}
	if m.sits(c.DeskID) && c.Status != Drafting && c.Status != Mending {
		r |= AsDesk
	}
	for _, l := range c.Chain {
		if l.Duty == Sign && m.sits(l.PositionID) {
			r |= AsSigner
		}
	}
	if m.sits(c.Addressees...) {
		r |= AsAddressee
	}
	if c.Status != Drafting && m.Actor.HasIn(PermRegister, c.Ancestors) {
		r |= AsClerk
	}
	if c.finished() && m.Actor.HasIn(PermArchive, c.Ancestors) {
		r |= AsArchivist
	}
	return r
}

// actingSeat is the desk in whose name the actor does something: where the letter lies,
// else where it was written.
func (c *Case) actingSeat(m Moment) Seat {
	for _, p := range []int64{c.DeskID, c.DrafterID} {
		if s, ok := m.seat(p); ok && !s.Deputy() {
			return s
		}
	}
	if len(m.Seats) > 0 {
		return m.Seats[0]
	}
	return Seat{}
}

// ClosenessOf is how near the letter the actor is, as far as seeing it goes.
func (c *Case) ClosenessOf(m Moment) Closeness {
	a := m.Actor
	switch {
	case !a.IsStaff():
		return Stranger
	case c.ReaderSince != nil || c.wroteIt(m):
		return Named
	case c.Status == Drafting:
		return Stranger
	case a.HasIn(PermRegister, c.Ancestors), slices.ContainsFunc(c.Receivers, func(u []int64) bool { return a.HasIn(PermRegister, u) }):
		return Clerk
	case c.finished() && (a.HasIn(PermArchive, c.Ancestors) || slices.ContainsFunc(c.Receivers, func(u []int64) bool { return a.HasIn(PermArchive, u) })):
		return Clerk
	case a.HasIn(PermUnitView, c.Ancestors), slices.ContainsFunc(c.Receivers, func(u []int64) bool { return a.HasIn(PermUnitView, u) }):
		return Colleague
	}
	return Stranger
}

// Behind tells whether the actor, who may see all of the letter, may also see how it came
// about: its earlier versions, why it was sent back, opinions and mandates. That is for the side
// that wrote it, not for those to whom it was sent or who were asked what they think of it.
func (c *Case) Behind(m Moment) bool {
	if c.SentAt == nil || c.Incoming() || c.wroteIt(m) || c.Wrote {
		return true
	}
	return slices.ContainsFunc(c.Chain, func(l Link) bool { return m.sits(l.PositionID) }) ||
		slices.ContainsFunc([]authz.Permission{PermRegister, PermArchive, PermUnitView}, func(p authz.Permission) bool { return m.Actor.HasIn(p, c.Ancestors) })
}

// ViewOf is how much of the letter the actor may see.
func (c *Case) ViewOf(m Moment) View { return Matrix[c.Secrecy][c.ClosenessOf(m)] }
