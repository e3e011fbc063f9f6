package mtr

import "time"

// QueueKey names a desk queue, as addresses do (/meja/mtr?antrean=verifikasi).
type QueueKey string

const (
	QueueVerify     QueueKey = "verifikasi"    // dispatcher: received, not yet forwarded
	QueueHeld       QueueKey = "tertahan"      // moderator: held by the abuse rules
	QueueWaiting    QueueKey = "menunggu"      // dispatcher: perlu_info
	QueueIncoming   QueueKey = "masuk"         // unit: forwarded, not started
	QueueWork       QueueKey = "dikerjakan"    // unit: in progress
	QueueScheduled  QueueKey = "terjadwal"     // unit: scheduled
	QueueMine       QueueKey = "tugas"         // field officer: assigned to my position
	QueueValidate   QueueKey = "validasi"      // validator
	QueueDisputes   QueueKey = "sanggahan"     // supervisor: disputed and not yet proven again
	QueueNoResponse QueueKey = "tanpa_respons" // wali kota's desk: nothing after 2×24 h
	QueueLate       QueueKey = "terlambat"     // supervisor: past due
	QueueReferred   QueueKey = "rujukan"       // dispatcher: referred out, no answer yet
	QueueAll        QueueKey = "semua"         // everything in one's scope
)

// QueueCount is an entry of the desk's side list. Counts stop at [CountCap].
type QueueCount struct {
	Key   QueueKey
	Label string
	Count int
	Late  int // of Count; 0 for QueueAll, which is no work to do
}

// CountCap is where queue counts stop: beyond it show "999+".
const CountCap = 1000

// DeskFilter narrows a queue. Zero values do not narrow.
type DeskFilter struct {
	CategoryID  int64
	KelurahanID int64
	KecamatanID int64
	UnitID      int64
	Status      Status
	Sla         Sla
	Text        string // number, or words of the title
}

// Sla is the traffic light of a due time.
type Sla string

const (
	SlaAny  Sla = ""
	SlaOK   Sla = "aman"
	SlaNear Sla = "mendekati"
	SlaLate Sla = "terlambat"
)

// DeskItem is a row of a desk queue.
type DeskItem struct {
	ID            int64
	Number        string
	Title         string
	CategoryName  string
	Class         Class
	Status        Status
	KelurahanName string
	KecamatanName string
	UnitID        int64
	UnitName      string
	Assignee      string // name and title; "" = nobody
	Anonymous     bool
	Confidential  bool
	ReceivedAt    *time.Time
	ChangedAt     time.Time
	DueKind       DueKind
	DueAt         *time.Time
	Late, Near    bool
	Priority      Priority
	Hops          int
	Bounces       int
	Reopens       int
	Hidden        bool
	Thumb         string // ref; "" when none or when the viewer may not see photos
}

// DeskPage is a stretch of a queue, most urgent first. Next continues it.
type DeskPage struct {
	Items []DeskItem
	Next  *DeskCursor
	Prev  *DeskCursor
}

// DeskCursor is a position in a queue: priority, due time (unix microseconds; the largest
// int64 = none) and id.
type DeskCursor struct {
	Priority Priority
	Due      int64
	ID       int64
	Back     bool // the page before this position
}

// DeskReport is the desk's page of a report. It never holds the reporter's name or
// contact: [Module.RevealIdentity] does, and leaves a trace.
type DeskReport struct {
	ID             int64
	Number         string
	Version        int // send it back with every act: a change in between is a conflict
	Title          string
	Body           string
	Landmark       string
	Place          *Point
	PlaceSource    PointSource
	CategoryID     int64
	CategoryCode   string
	CategoryName   string
	Proof          Proof
	Class          Class
	Extra          []AnsweredQuestion
	Status         Status
	KelurahanID    int64
	KelurahanName  string
	KecamatanName  string
	UnitID         int64
	UnitName       string
	AssigneeID     int64 // position
	Assignee       string
	Anonymous      bool
	Confidential   bool
	OnBehalf       Behalf
	Channel        Channel
	TakenBy        string // the member of staff who wrote it down
	Neighbourhood  string // whose head reported: RT 002 RW 005
	ExternalNumber string // there, of SP4N-LAPOR!
	ExternalAt     *time.Time
	SystemName     string // that sent it over Open311
	MediaURL       string // of a picture that the system has elsewhere; not looked at by us
	HasContact     bool
	ContactOK      bool // verified
	Published      bool
	Hidden         bool
	ReceivedAt     *time.Time
	RespondedAt    *time.Time
	Since          time.Time
	DueKind        DueKind
	DueAt          *time.Time
	Late, Near     bool
	PausedAt       *time.Time
	ExpectedAt     *time.Time
	Priority       Priority
	PrioritySet    bool // by hand
	Hops           int
	Bounces        int
	Reopens        int
	Disputed       bool
	HeldFor        []string // abuse rules that flagged it, in words
	ParentID       int64
	ParentNumber   string
	Agency         string
	AgencyRef      string
	AgencyAnswer   string
	Rating         int
	PhotosLocked   bool // anonymous or confidential and not released: the viewer sees none
	Photos         []DeskPhoto
	ProofPending   []DeskPhoto // uploaded, not yet handed in
	Documents      []DeskDocument
	Messages       []Message
	Timeline       []DeskEvent
	Supportable    bool       // a caller can still be counted
	Supports       int        // people who have the same problem
	Merged         int        // reports that are duplicates of this one
	ForgottenAt    *time.Time // since when nothing tells who reported
	PhotosUntil    *time.Time // until when the field sees the reporter's photos
	OriginalsUntil *time.Time // until when the field may open what was blacked out
	now            time.Time
	Alike          []Alike     // what it may repeat, for who may say so
	Suggestion     *Suggestion // for who may forward
	Role           Role        // what the viewer is to this report
	Actions        []Action    // what the viewer may do now
}

// May reports whether the viewer may do a.
func (r DeskReport) May(a Action) bool { return has(r.Actions, a) }

// DeskPhoto is a photo at the desk.
type DeskPhoto struct {
	Ref           string
	Kind          PhotoKind
	Width, Height int
	Hidden        bool
	At            time.Time
}

// DeskDocument is a document handed in as proof.
type DeskDocument struct {
	Ref  string
	Name string
	Size int64
	At   time.Time
	Sent bool // handed in; otherwise only uploaded
}

// DeskEvent is a line of the full history.
type DeskEvent struct {
	At           time.Time
	Action       Action
	From, To     Status
	ByName       string // staff by name; reporters are "Pelapor"
	ByUnit       string
	Role         string
	Audience     Audience
	Reason       string
	UnitName     string
	Assignee     string
	CategoryName string // that it is under from then on
	Priority     Priority
	Due          *time.Time
}

// Audience is who may read an event's reason.
type Audience string

const (
	ForPublic   Audience = "publik"
	ForReporter Audience = "pelapor"
	ForStaff    Audience = "internal"
)

// Identity is who reported, opened on purpose and on record.
type Identity struct {
	Name, Email, Phone string
	EmailVerified      bool
	PhoneVerified      bool
	OnBehalf           Behalf
	BehalfName         string
	AccountName        string
	Neighbourhood      string // of a head of RT or RW
}

// Assignee is somebody a report may be assigned to.
type Assignee struct {
	PositionID int64
	PersonID   int64  // 0: nobody holds the position now
	Name       string // of the person
	Title      string // of the position
	Open       int    // reports assigned to the position now
}

// UnitChoice is a unit in a select.
type UnitChoice struct {
	ID       int64
	Name     string
	Kind     string
	ParentID int64
}
