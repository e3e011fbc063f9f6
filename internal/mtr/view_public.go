package mtr

import "time"

// PublicItem is a row of a public list. Title is empty and Thumb missing while a
// dispatcher has not forwarded the report.
type PublicItem struct {
	ID            int64
	Number        string
	Title         string
	CategoryCode  string
	CategoryName  string
	Class         Class
	Status        Status
	KelurahanName string
	KecamatanName string
	UnitName      string // short name of the unit in charge
	Thumb         string // ref of the first photo
	ReceivedAt    time.Time
	ChangedAt     time.Time
	DueAt         *time.Time
	Late          bool
	Near          bool
}

// PublicReport is the public page of a report. It has no field for anything private.
type PublicReport struct {
	ID            int64
	Number        string
	Published     bool // words and photos are public
	Title         string
	Body          string
	Landmark      string // never of anonymous reports
	CategoryID    int64
	CategoryCode  string
	CategoryName  string
	Class         Class
	Status        Status
	KelurahanID   int64
	KelurahanName string
	KecamatanName string
	Place         *Point `db:"-"` // rounded to about 100 m for anonymous reports; published only
	PlaceRounded  bool
	UnitName      string // who holds it now; "" = the dispatchers
	Since         time.Time
	ReceivedAt    time.Time
	ForwardedAt   *time.Time
	RespondedAt   *time.Time
	DoneAt        *time.Time
	ClosedAt      *time.Time
	DueKind       DueKind
	DueAt         *time.Time
	Late, Near    bool
	PausedAt      *time.Time
	ExpectedAt    *time.Time
	Bounces       int
	Reopens       int
	ParentNumber  string // of a duplicate whose parent is public
	Agency        string
	AgencyRef     string
	AgencyAnswer  string
	Rating        int
	Supports      int           // people who proved a contact and have the same problem
	Merged        int           // reports that are duplicates of this one
	Photos        []PublicPhoto `db:"-"`
	Timeline      []PublicEvent `db:"-"`
}

// PhotoKind says what a photo shows.
type PhotoKind string

const (
	PhotoBefore PhotoKind = "sebelum"  // by the reporter
	PhotoAfter  PhotoKind = "sesudah"  // proof
	PhotoInfo   PhotoKind = "tambahan" // added later by the reporter; never public
)

// PublicPhoto is a photo somebody may see; the address comes from Ref.
type PublicPhoto struct {
	Ref           string
	Kind          PhotoKind
	Width, Height int
}

// PublicEvent is a line of the public timeline.
type PublicEvent struct {
	At       time.Time
	Action   Action
	From, To Status
	By       string // "Dispatcher", "Dinas Perhubungan", "Pelapor", "Sistem": never a person's name
	Reason   string // the staff's own words for the public
	UnitName string // of forward: where to
	Due      *time.Time
}

// Filter narrows a public list. Zero values do not narrow.
type Filter struct {
	CategoryID  int64
	KelurahanID int64
	KecamatanID int64
	UnitID      int64
	Group       Group
	Class       Class
	Text        string // full text, then trigrams
}

// Page asks for a stretch of a list, newest first. At most one of Before and
// After is set; both are ids of rows already seen.
type Page struct {
	Before int64 // older than this id
	After  int64 // newer than this id
	Limit  int   // 1..100; 0 = 20
}

// PublicPage is a stretch of the list. Newer and Older are the cursors of the
// neighbouring pages; 0 = there is none.
type PublicPage struct {
	Items        []PublicItem
	Newer, Older int64
}

// BBox is a piece of the map.
type BBox struct{ South, West, North, East float64 }

// Cluster is a dot on the map: one report (Number set) or several.
type Cluster struct {
	Lat, Lng     float64
	Count        int
	Open         int    // of Count
	Number       string // when Count is 1
	Title        string // when Count is 1
	CategoryName string // when Count is 1
	Status       Status // when Count is 1
}

// MapData is what a piece of the map shows. Truncated says that only the newest
// [MapRows] reports of the piece were counted.
type MapData struct {
	Clusters  []Cluster
	Total     int
	Truncated bool
}

// Figures are the live numbers of the home page, computed from the reports of the
// last 30 days. Shares and medians come with the number they rest on.
type Figures struct {
	AsOf           time.Time
	Received       int     // reports received
	AnsweredOnTime float64 // share answered within 2×24 h, 0..1
	AnsweredN      int     // reports old enough to judge
	MedianFixDays  float64 // calendar days from received to selesai
	MedianFixN     int
	OpenNow        int
	DoneInPeriod   int
}
