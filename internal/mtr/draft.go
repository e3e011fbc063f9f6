package mtr

import (
	"io"
	"time"
)

// DraftLife is how long an unfinished draft and its photos are kept.
const DraftLife = 24 * time.Hour

// MaxPhotos of one report by the reporter, and of one proof.
const MaxPhotos = 5

// MaxPhotoBytes of one uploaded photo.
const MaxPhotoBytes = 12 << 20

// Point is a place on earth, WGS 84.
type Point struct {
	Lat float64 `json:"lat"`
	Lng float64 `json:"lng"`
}

// PointSource says how the place became known; the order is their worth.
type PointSource string

const (
	SourcePin     PointSource = "pin"    // moved by the citizen
	SourceDevice  PointSource = "device" // geolocation
	SourceEXIF    PointSource = "exif"   // of a photo
	SourceAddress PointSource = "address"
	SourceManual  PointSource = "manual" // kelurahan and landmark only
)

// Behalf says for whom somebody reports.
type Behalf string

const (
	BehalfSelf   Behalf = ""
	BehalfRTRW   Behalf = "rt_rw"
	BehalfCadre  Behalf = "kader"
	BehalfFamily Behalf = "keluarga"
)

// Behalves are the kinds besides oneself, in the order offered.
var Behalves = []Behalf{BehalfRTRW, BehalfCadre, BehalfFamily}

// Label is the word people see.
func (b Behalf) Label() string {
	switch b {
	case BehalfSelf:
		return "Diri sendiri"
	case BehalfRTRW:
		return "Warga saya (Ketua RT/RW)"
	case BehalfCadre:
		return "Warga binaan (kader)"
	case BehalfFamily:
		return "Anggota keluarga"
	}
	return ""
}

// Answers is what the citizen typed so far. It is kept sealed.
type Answers struct {
	PhotosDone   bool              `json:"photos_done,omitempty"` // the photo step was left, with or without photos
	Place        *Point            `json:"place,omitempty"`
	Source       PointSource       `json:"source,omitempty"`
	KelurahanID  int64             `json:"kelurahan,omitempty"`
	Landmark     string            `json:"landmark,omitempty"`
	PlaceDone    bool              `json:"place_done,omitempty"` // the place step was left, perhaps empty
	CategoryID   int64             `json:"category,omitempty"`
	Class        Class             `json:"class,omitempty"`
	Extra        map[string]string `json:"extra,omitempty"` // question code → answer
	ExtraDone    bool              `json:"extra_done,omitempty"`
	Title        string            `json:"title,omitempty"`
	Body         string            `json:"body,omitempty"`
	Anonymous    bool              `json:"anonymous,omitempty"`
	Confidential bool              `json:"confidential,omitempty"`
	Name         string            `json:"name,omitempty"`
	Email        string            `json:"email,omitempty"`
	Phone        string            `json:"phone,omitempty"`
	Behalf       Behalf            `json:"behalf,omitempty"`
	BehalfName   string            `json:"behalf_name,omitempty"`
	Consent      bool              `json:"consent,omitempty"`
	Taken        bool              `json:"taken,omitempty"`    // staff wrote it down for somebody
	Proven       bool              `json:"proven,omitempty"`   // and saw that the phone is theirs
	Imported     bool              `json:"imported,omitempty"` // from SP4N-LAPOR!, which asks neither place nor questions
	WhoDone      bool              `json:"who_done,omitempty"`
	AlikeSeen    []int64           `json:"alike_seen,omitempty"` // reports shown as perhaps the same, and not
}

// DraftStep is one page of the report form.
type DraftStep string

const (
	StepPhotos   DraftStep = "foto"
	StepPlace    DraftStep = "tempat"
	StepCategory DraftStep = "kategori"
	StepExtra    DraftStep = "pertanyaan"
	StepWords    DraftStep = "uraian"
	StepWho      DraftStep = "pelapor"
	StepCheck    DraftStep = "periksa"
)

// DraftSteps in order. StepExtra is skipped when the category asks nothing.
var DraftSteps = []DraftStep{StepPhotos, StepPlace, StepCategory, StepExtra, StepWords, StepWho, StepCheck}

// Draft is an unfinished report, or the receipt of a finished one.
type Draft struct {
	Token     string // in the address; the database knows only its hash
	ExpiresAt time.Time
	Answers   Answers
	Photos    []DraftPhoto
	Category  *Category // of Answers.CategoryID
	// KelurahanName and KecamatanName of Answers.KelurahanID.
	KelurahanName, KecamatanName string
	// Receipt is set once submitted; everything else is gone then.
	Receipt *Receipt
}

// DraftPhoto is a photo already processed and stored.
type DraftPhoto struct {
	Ref           string // for its address
	Width, Height int
	GPS           *Point
	TakenAt       *time.Time
}

// Next is the first step that still lacks something; StepCheck when none does.
func (d Draft) Next() DraftStep {
	a := d.Answers
	switch {
	case !a.PhotosDone && len(d.Photos) == 0:
		return StepPhotos
	case !a.PlaceDone && a.KelurahanID == 0:
		return StepPlace
	case a.CategoryID == 0 || d.Category == nil || a.Class == "":
		return StepCategory
	case d.Category.Place == PlaceRequired && a.KelurahanID == 0:
		return StepPlace
	case !a.ExtraDone && len(d.Category.Questions) > 0:
		return StepExtra
	case len(missingAnswers(*d.Category, a.Extra)) > 0:
		return StepExtra
	case a.Title == "" || a.Body == "":
		return StepWords
	case !a.WhoDone:
		return StepWho
	}
	return StepCheck
}

// Receipt is what the citizen gets for a report: shown once on the result page,
// and again whenever the same draft is sent.
type Receipt struct {
	ReportID       int64
	Number         string // MTR-26-004217
	Code           string // KAPAL-4821
	Token          string // of the secret link
	Status         Status
	ReceivedAt     time.Time
	VerifyDueAt    *time.Time // by when a person has looked
	ContactPending bool       // a code was sent and waits to be typed
	Moderated      bool       // held until a moderator looks at it: there is nobody to confirm it
	Blocked        bool       // of these, the sender is on the block list
	Held           bool       // the abuse rules want a confirmation first
}

// PlaceInput is the place step. Place and KelurahanID may both be missing when
// the citizen leaves the step empty; Submit decides by category.
type PlaceInput struct {
	Place       *Point
	Source      PointSource
	KelurahanID int64 // 0 with Place: located from the point
	Landmark    string
}

// CategoryInput is the category step. An empty Class means the category's own.
type CategoryInput struct {
	CategoryID int64
	Class      Class
}

// WordsInput is the words step.
type WordsInput struct{ Title, Body string }

// WhoInput is the step about the reporter. Everything is optional but consent
// when reporting for somebody else.
type WhoInput struct {
	Anonymous, Confidential bool
	Name, Email, Phone      string
	Behalf                  Behalf
	BehalfName              string
	Consent                 bool
}

// PhotoInput is one uploaded photo. ClientGPS and ClientTakenAt are what the
// phone read from EXIF before shrinking; the file's own EXIF wins.
type PhotoInput struct {
	File          io.ReadSeeker
	Size          int64
	ClientGPS     *Point
	ClientTakenAt *time.Time
}
