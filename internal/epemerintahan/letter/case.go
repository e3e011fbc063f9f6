package letter

import (
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// State is the part of a letter that events change. [Apply] is the only thing that
// changes it, so the row of a letter is the replay of its events.
type State struct {
	Seq          int // number of the last event
	Status       Status
	StatusAt     time.Time
	SigningFrom  Status // where a failed signing goes back to; "" elsewhere
	WithCamat    bool
	Checked      []string
	SubmittedAt  *time.Time
	RunningSince *time.Time // nil: the service clock stands
	UsedMinutes  int        // before RunningSince
	DueAt        *time.Time // nil while the clock stands
	LetterYear   int
	LetterNo     int64 // 0: not numbered yet
	LetterNumber string
	Blocks       []Signed   // whom the numbered paper names, in the order of signing
	DatedAt      *time.Time // when that was decided: the paper bears its day
	Signed       []Signed   // who signed
	PDFKey       string     // signed electronically so far
	ScanKey      string     // signed in ink, scanned
	PDFHash      []byte     // SHA-256 of the file as issued
	IssuedAt     *time.Time
	IssuedOn     *time.Time
	ValidUntil   *time.Time
	VoidReason   string
	EffectDone   bool
}

// Case is a letter as decisions see it: its state and what never changes.
type Case struct {
	State
	ID            int64
	Ref           string
	RequestNumber string
	KindVersionID int64
	KindCode      string
	Title         string
	KelurahanID   int64
	KelurahanName string // short
	Ancestors     []int64
	KecamatanID   int64
	KecamatanName string // short
	ResidentID    int64
	AccountID     int64 // of the citizen who asked online
	EnteredBy     int64
	SubjectName   string
	Mode          Mode
	CounterPrint  bool // the office prints at the counter
}

// Moment is when and by whom something is done, and how time counts.
type Moment struct {
	Now       time.Time
	Actor     authz.Actor
	Neighbour bool     // the caller came by the secret link of RT or RW
	Heads     Role     // AsLurah and AsCamat when the actor decides for the unit now
	Proved    Role     // roles proved earlier in the same signing
	Cal       WorkTime // of the kelurahan
	Promised  int      // working minutes
	ValidDays int
	Effect    Effect
}

// WorkTime counts working time; *calendar.Calendar does it.
type WorkTime interface {
	WorkingMinutes(a, b time.Time) int
	AddWorkingTime(t time.Time, d time.Duration) time.Time
}

// RolesOf is everything the acting person is to the letter.
func (c *Case) RolesOf(m Moment) Role {
	a, r := m.Actor, m.Proved
	if a.Kind == authz.Machine {
		return AsSystem
	}
	if m.Neighbour {
		r |= AsNeighbour
	}
	if c.AccountID != 0 && c.AccountID == a.AccountID {
		r |= AsApplicant
	}
	if !a.IsStaff() || !a.HasIn(PermView, c.Ancestors) || c.Status == Draft {
		return r
	}
	r |= AsReader
	for p, role := range map[authz.Permission]Role{PermCheck: AsOperator, PermParaf: AsSecretary, PermSignFor: AsDeputy} {
		if a.HasIn(p, c.Ancestors) {
			r |= role
		}
	}
	if a.HasIn(PermSign, c.Ancestors) {
		r |= m.Heads
	}
	return r
}

// used are the working minutes that the kelurahan has had the letter until m.Now.
func (s State) used(m Moment) int {
	if s.RunningSince == nil {
		return s.UsedMinutes
	}
	return s.UsedMinutes + m.Cal.WorkingMinutes(*s.RunningSince, m.Now)
}
