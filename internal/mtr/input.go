package mtr

import (
	"io"
	"time"
)

// Act is what every staff act on a report carries: which one, and the version the
// person saw (DeskReport.Version; 0 = whatever it is now).
type Act struct {
	ReportID int64
	Version  int
}

// ForwardInput sends a report to a unit. Note is for the public; "" = none.
type ForwardInput struct {
	Act
	UnitID int64
	Note   string
}

// RejectInput ends a report; Reason is required and public.
type RejectInput struct {
	Act
	Reason string
}

// DuplicateInput points to the report this one repeats, by number.
type DuplicateInput struct {
	Act
	ParentNumber string
	Note         string
}

// ReferInput sends a report out of the city. Agency and Reason are required.
type ReferInput struct {
	Act
	Agency, AgencyRef, Reason string
}

// AgencyAnswerInput is what the other agency answered; public.
type AgencyAnswerInput struct {
	Act
	AgencyRef, Answer string
}

// AskInfoInput asks the reporter a question; public, and it stops the clock.
type AskInfoInput struct {
	Act
	Question string
}

// ReasonInput is an act that needs staff's words: Bounce, RejectProof, Hide,
// Unhide, Note, Respond, Resume, Release, RevealIdentity.
type ReasonInput struct {
	Act
	Reason string
}

// ReleaseInput opens something to the field for one of [ReleaseDays].
type ReleaseInput struct {
	Act
	Days   int
	Reason string
}

// AssignInput gives the report to a position of the unit, and to one of its holders
// when PersonID is set. PositionID 0 takes the report back.
type AssignInput struct {
	Act
	PositionID int64
	PersonID   int64
	Note       string // among staff
}

// StartInput begins or continues the work.
type StartInput struct {
	Act
	Note string // public
}

// ScheduleInput promises a date (in the future, within a year) and says why; public.
type ScheduleInput struct {
	Act
	Date   time.Time
	Reason string
}

// ProofInput hands in what was uploaded with AddProofPhoto and AddProofDocument,
// and the written answer. Which of them is required depends on the category;
// Answer is always required and public.
type ProofInput struct {
	Act
	Answer string
}

// ValidateInput accepts the proof.
type ValidateInput struct {
	Act
	Note string
}

// HidePhotoInput hides one photo for good, from everybody but moderators.
type HidePhotoInput struct {
	Act
	Ref    string
	Reason string
}

// DocumentInput is an uploaded PDF, at most [MaxDocumentBytes].
type DocumentInput struct {
	Name string
	File io.ReadSeeker
	Size int64
}

// MaxDocumentBytes of one document.
const MaxDocumentBytes = 10 << 20

// GiveInfoInput is what the reporter adds; photos uploaded with AddInfoPhoto go along.
type GiveInfoInput struct{ Body string }

// DisputeInput says why the work is not done; photos uploaded with AddInfoPhoto go along.
type DisputeInput struct{ Reason string }

// RateInput is given once: 1 to 5.
type RateInput struct {
	Stars   int
	Comment string
}

// CancelInput ends one's own report before work starts. Reason may be empty.
type CancelInput struct{ Reason string }

// ContactInput sets or replaces the reporter's contact; a code goes to it.
type ContactInput struct{ Email, Phone string }

// CategoryForm is a category as the configuration screen edits it.
type CategoryForm struct {
	ID         int64 // 0 = new
	Code       string
	GroupName  string
	Name       string
	Synonyms   []string
	Class      Class
	Place      Need
	Proof      Proof
	FieldCheck bool
	Sensitive  bool
	Priority   Priority
	Emergency  string
	Active     bool
	Questions  []CategoryQuestion // replaces the questions
}
