package letter

import (
	"io"
	"time"
)

// File is an upload, read from its beginning.
type File struct {
	Name string // as the sender called it; never kept
	io.ReadSeeker
}

// Scan is a kept scan or photo of a requirement.
type Scan struct {
	Ref         string // random, in addresses
	Requirement string
	ContentType string
	Size        int64
	At          time.Time
	Purged      bool // kept no longer: only the mark is left
}

// Step of a letter's history, as the reader may see it.
type History struct {
	Seq    int
	At     time.Time
	Action Action
	From   Status
	To     Status
	By     string // name for staff; "Anda", "Petugas kelurahan" and the like for citizens
	Title  string // of the position
	Reason string
}

// Times of a letter's service, in working minutes of the kelurahan.
type Times struct {
	SubmittedAt *time.Time
	DueAt       *time.Time // nil while the clock stands
	IssuedAt    *time.Time
	Used        int // minutes on the kelurahan's side so far
	Promised    int
}

// Signed is one official's signature as the letter carries it: copied, so that a later
// change of name or post changes no letter.
type Signed struct {
	Office     Office    `json:"jabatan_kunci"`
	Lines      []string  `json:"baris"` // "a.n. LURAH KASSI-KASSI", "SEKRETARIS,"
	Name       string    `json:"nama"`
	Rank       string    `json:"pangkat"`
	NIP        string    `json:"nip"`
	Occupancy  string    `json:"dasar"` // definitif, plt or plh
	PersonID   int64     `json:"orang"`
	PositionID int64     `json:"posisi"`
	At         time.Time `json:"waktu"`
	Certified  bool      `json:"bsre"`
}

// Summary is a letter in a list.
type Summary struct {
	ID            int64
	Ref           string // random, in the addresses of the applicant's draft
	RequestNumber string // SRT-26-000318; "" for a draft
	Number        string // of the letter; "" before signing began
	KindCode      string
	Title         string
	Subject       string // name
	KelurahanID   int64
	KelurahanName string
	Status        Status
	StatusAt      time.Time
	SubmittedAt   *time.Time
	DueAt         *time.Time
	IssuedOn      *time.Time
	ValidUntil    *time.Time
	Mode          Mode
	Version       int // for compare-and-set: what the reader saw
	ByCitizen     bool
}

// Details is a letter with everything that its reader may see.
type Details struct {
	Summary
	Kind         Kind
	SubjectIs    Person // the subject's answers, NIK in full: pages mask it
	Values       Values
	Scans        []Scan
	Checked      []string // requirements ticked by the operator
	WithCamat    bool
	History      []History
	Times        Times
	Signed       []Signed
	ReturnReason string // of the last return, while it is returned
	VoidReason   string
	Replaces     string // request number
	ReplacedBy   string
	RTAnswer     string   // what the RT or RW head said
	HasPDF       bool     // the letter itself may be downloaded
	HasPrint     bool     // a numbered print is there
	HasScan      bool     // the signed paper is there
	Actions      []Action // what the reader may do now
	CanReissue   bool     // the reader may make its replacement; see Reissue
	MissingScans []string // requirements that still hold it up
	Offer        Effect   // the resident event that is still to be recorded
}
