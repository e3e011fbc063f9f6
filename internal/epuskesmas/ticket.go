package epuskesmas

import (
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
)

// Ticket is a number in a session, as staff see it.
type Ticket struct {
	ID        int64
	VisitID   int64
	SessionID int64
	PoliID    int64
	PoliName  string
	Code      string
	Number    int
	Class     estimate.Class
	Reason    string // of the class
	Online    bool
	Status    Status
	StatusAt  time.Time
	Patient   string // name; "" for a kiosk number
	RecordNo  int    // medical record; 0: none yet
	BirthDate *time.Time
	Payer     Payer
	HereAt    *time.Time
	CalledAt  *time.Time
	Calls     int // without an answer
	StartedAt *time.Time
	EndedAt   *time.Time
	Counter   string
	Doctor    string
	// AssessedAt is when the nurse has looked.
	AssessedAt *time.Time
	Seq        int
	AskedFor   string // the doctor whom the patient asked for; "" for any
}

// Promise is what a ticket's owner is told about the time.
type Promise struct {
	At            time.Time // when it was worked out
	P10, P50, P90 time.Time
	Ahead         int
}

// ComeBy is the latest time to be there: ten minutes before the early end of the range, in
// steps of five minutes.
func (p Promise) ComeBy() time.Time { return p.P10.Add(-10 * time.Minute).Truncate(told) }

// arrival is how long before somebody at home can be at the puskesmas of their choice: to
// get ready and to come through the city.
const arrival = 45 * time.Minute

// Tight reports whether whoever books now will hardly be there by [Promise.ComeBy].
func (p Promise) Tight(now time.Time) bool { return p.ComeBy().Before(now.Add(arrival)) }

// told is the step to which times are rounded for people.
const told = 5 * time.Minute

// Rounded are the times as people are told them: in steps of five minutes, the range never
// narrower than it was worked out.
func (p Promise) Rounded() (p10, p50, p90 time.Time) {
	p90 = p.P90.Truncate(told)
	if p90.Before(p.P90) {
		p90 = p90.Add(told)
	}
	return p.P10.Truncate(told), p.P50.Round(told), p90
}

// Change is why the puskesmas cancelled a number, or gave another one for a session that it
// dropped.
type Change struct {
	Action   Action // ActCancel or ActMove
	Reason   string
	StartsAt time.Time // of the session before
}

// MyTicket is a ticket as its owner sees it.
type MyTicket struct {
	Ticket
	Site       Site
	Day        time.Time
	Session    Session
	LastCall   string // the number called last in the session; "" before the first
	Promise    *Promise
	Ahead      Line    // who is before, as it stands
	Next       *Ticket // of the same visit, where to go now
	Change     *Change // what the puskesmas has done to it last; nil: nothing
	CanCheckIn bool
	CanCancel  bool
	CanMove    bool // to another session
}
