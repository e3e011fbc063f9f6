package epuskesmas

import "time"

// Site is a puskesmas that takes patients through the portal.
type Site struct {
	UnitID      int64
	Slug        string
	Name        string // "Puskesmas Kassi-Kassi"
	Kecamatan   string
	Address     string
	Phone       string
	Lat, Lng    *float64
	HorizonDays int // how far ahead people may book; 0: today only
	Open        bool
	Version     int
}

// PoliKind is what people queue for.
type PoliKind string

// The kinds of poli.
const (
	KindDesk     PoliKind = "loket"
	KindClinic   PoliKind = "poli"
	KindLab      PoliKind = "lab"
	KindPharmacy PoliKind = "farmasi"
)

// Poli is a place where people queue.
type Poli struct {
	ID            int64
	UnitID        int64
	Kind          PoliKind
	Letter        string // of its numbers
	Name          string
	Spoken        string // as it is said aloud
	BPJSCode      string
	PriorityRatio int // priority patients in a row before a regular one who waits
	Position      int
	Active        bool
}

// Counter is a room or window where somebody is called to.
type Counter struct {
	ID     int64
	PoliID int64
	Name   string
	Active bool
}

// Doctor works in a puskesmas; nurses and pharmacists who call are none.
type Doctor struct {
	ID       int64
	UnitID   int64
	Name     string
	BPJSCode *int
	PersonID int64 // among the staff; 0: nobody has said who it is
	Active   bool
}

// Quota limits a session. Online is how many of all may be taken online; what they
// leave at opening is for those who come. JKN and General limit by payer; nil: no limit.
type Quota struct {
	All, Online  int
	JKN, General *int
}

// Plan is one session of every week. Starts and Ends are minutes after midnight WITA.
type Plan struct {
	ID           int64
	PoliID       int64
	Weekday      int // 1 Monday to 7 Sunday
	Starts, Ends int
	Quota
	DoctorIDs []int64
	ValidFrom time.Time
	ValidTo   *time.Time
}

// SessionStatus says whether a session gives and calls numbers.
type SessionStatus string

// The statuses of a session.
const (
	Planned SessionStatus = "terencana"
	Running SessionStatus = "berjalan"
	Over    SessionStatus = "selesai"
	Dropped SessionStatus = "ditiadakan"
)

// Session is one poli's opening on one day.
type Session struct {
	ID       int64 // 0: nobody has a number yet
	PlanID   int64
	UnitID   int64
	PoliID   int64
	PoliName string
	Letter   string
	Day      time.Time
	StartsAt time.Time
	EndsAt   time.Time
	Status   SessionStatus
	Doctors  []string
	Planned  []string // of a plan nobody has a number in yet: its doctors, as the estimate names them
	Quota
	LastNumber   int
	Taken        int
	TakenOnline  int
	TakenJKN     int
	TakenGeneral int
	Seq          int
}

// Payer says who pays.
type Payer string

// The payers.
const (
	JKN     Payer = "jkn"
	General Payer = "umum"
)

// Left is how many places somebody may still take at a moment.
func (s Session) Left(online bool, p Payer, now time.Time) int {
	left := s.All - s.Taken
	switch {
	case s.Status == Over || s.Status == Dropped || !now.Before(s.EndsAt):
		return 0
	case online:
		left = min(left, s.Online-s.TakenOnline)
	case now.Before(s.StartsAt): // places online are kept until opening
		left = min(left, s.All-s.Online-(s.Taken-s.TakenOnline))
	}
	if p == JKN && s.JKN != nil {
		left = min(left, *s.JKN-s.TakenJKN)
	}
	if p == General && s.General != nil {
		left = min(left, *s.General-s.TakenGeneral)
	}
	return max(left, 0)
}
