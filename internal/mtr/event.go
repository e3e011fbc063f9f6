package mtr

import (
	"fmt"
	"time"
)

// Event is one thing that happened to a report; it is never changed.
type Event struct {
	Seq       int // 1, 2, 3 … within the report
	Action    Action
	From, To  Status
	At        time.Time
	ActorID   int64  // account; 0 = without one
	ActorKind string // authz.Kind
	Role      string // in which role
	UnitID    int64  // the acting person's unit; 0 = none
	Position  int64  // their position; 0 = none
	Audience  Audience
	Reason    string // the staff's words; what reporters write is kept apart, erasable
	Change    Change
}

// Change is what an event changes besides the status. Absent fields change nothing.
type Change struct {
	Due        *Due       `json:"due,omitempty"`
	WorkDue    *time.Time `json:"work_due,omitempty"`
	UnitID     *int64     `json:"unit,omitempty"`
	AssigneeID *int64     `json:"assignee,omitempty"`
	Assignee   *int64     `json:"person,omitempty"` // with AssigneeID
	ExpectedAt *time.Time `json:"expected,omitempty"`
	CategoryID int64      `json:"category,omitempty"` // it is under from now on
	Priority   *Priority  `json:"priority,omitempty"`
	ParentID   int64      `json:"parent,omitempty"`
	Agency     string     `json:"agency,omitempty"`
	AgencyRef  string     `json:"agency_ref,omitempty"`
	Answer     string     `json:"answer,omitempty"`
	Rating     int        `json:"rating,omitempty"`
	Photo      string     `json:"photo,omitempty"`    // ref of a hidden photo
	Original   int        `json:"original,omitempty"` // number of the event that blacked it out
	Until      *time.Time `json:"until,omitempty"`    // of a release
}

// Due is a due time with the moment from which it is near. The zero Due clears it.
type Due struct {
	Kind DueKind   `json:"kind,omitempty"`
	At   time.Time `json:"at,omitzero"`
	Warn time.Time `json:"warn,omitzero"`
}

// Apply is the state after e. It checks nothing: [Decide] makes events.
func Apply(s State, e Event) State {
	at := e.At
	s.Seq = e.Seq
	if e.From != e.To || e.Action == ActSchedule || e.Action == ActRecategorize && e.Change.UnitID != nil {
		s.StatusChangedAt = at
	}
	s.Status = e.To
	c := e.Change
	if c.Due != nil {
		s.DueKind, s.DueAt, s.WarnAt = c.Due.Kind, nil, nil
		if c.Due.Kind != DueNone {
			due, warn := c.Due.At, c.Due.Warn
			s.DueAt, s.WarnAt = &due, &warn
		}
	}
	if c.WorkDue != nil {
		s.WorkDueAt = c.WorkDue
	}
	if c.UnitID != nil {
		s.UnitID = *c.UnitID
	}
	if c.AssigneeID != nil {
		s.AssigneeID = *c.AssigneeID
	}
	if c.Assignee != nil {
		s.AssigneePerson = *c.Assignee
	}
	if c.Priority != nil {
		s.Priority = *c.Priority
	}
	if s.RespondedAt == nil && e.isResponse() {
		s.RespondedAt = &at
	}
	if e.To == Received && s.ReceivedAt == nil {
		s.ReceivedAt = &at
	}
	if e.From == NeedsInfo && e.To != NeedsInfo {
		if s.PausedAt != nil {
			paused := int64(at.Sub(*s.PausedAt) / time.Second)
			s.PausedSecs += paused
			if s.PublishedAt == nil {
				s.PausedEarly += paused
			}
		}
		s.Resume, s.PausedAt = "", nil
	}
	switch e.Action {
	case ActForward:
		if s.ForwardedAt != nil {
			s.Hops++
		}
		s.ForwardedAt = &at
		if s.PublishedAt == nil {
			s.PublishedAt = &at
		}
	case ActAskInfo:
		s.Resume, s.PausedAt = e.From, &at
	case ActBounce:
		s.Bounces++
	case ActRecategorize:
		if c.UnitID != nil {
			s.Hops++
		}
	case ActPrioritize:
		s.PrioritySet = true
	case ActStart:
		s.ExpectedAt = nil
		if s.StartedAt == nil {
			s.StartedAt = &at
		}
	case ActSchedule:
		s.ExpectedAt = c.ExpectedAt
	case ActSubmitProof:
		s.ProofBy, s.Disputed = e.ActorID, false
	case ActValidate:
		s.ValidatedBy, s.DoneAt = e.ActorID, &at
		if s.FirstDoneAt == nil {
			s.FirstDoneAt = &at
		}
	case ActDispute:
		s.Reopens++
		s.Disputed, s.DoneAt, s.ValidatedBy = true, nil, 0
	case ActMarkDuplicate:
		s.ParentID = c.ParentID
	case ActUnmark:
		s.ParentID, s.ClosedAt = 0, nil
	case ActReferOut:
		s.Agency, s.AgencyRef = c.Agency, c.AgencyRef
	case ActAgencyAnswer:
		s.AgencyAnswer = c.Answer
		if c.AgencyRef != "" {
			s.AgencyRef = c.AgencyRef
		}
	case ActHide:
		s.HiddenAt = &at
	case ActUnhide:
		s.HiddenAt = nil
	case ActReleasePhoto:
		s.PhotosReleasedAt, s.PhotosUntil = &at, c.Until
	case ActReleaseOriginal:
		s.OriginalsUntil = c.Until
	case ActRate:
		s.Rating = c.Rating
	case ActEscalateUnit:
		s.EscalatedUnitAt = &at
	case ActEscalateMayor:
		s.EscalatedMayorAt = &at
	}
	if e.To.Terminal() && s.ClosedAt == nil {
		s.ClosedAt = &at
	}
	return s
}

// isResponse: a response is the first act by a person of the city that the
// reporter can see, forwarding included. Another category alone answers nothing.
func (e Event) isResponse() bool {
	return e.Action != ActRecategorize && e.Role != AsSystem.String() && e.Role != AsReporter.String() && e.Audience != ForStaff
}

// Replay folds events, oldest first, into the state of the report. An event out
// of order, or one that does not leave from where the last one led, is an error.
func Replay(events []Event) (State, error) {
	var s State
	for i, e := range events {
		if e.Seq != i+1 {
			return s, fmt.Errorf("event %d has number %d", i+1, e.Seq)
		}
		if e.From != s.Status {
			return s, fmt.Errorf("event %d leaves from %q, the report is at %q", e.Seq, e.From, s.Status)
		}
		s = Apply(s, e)
	}
	return s, nil
}
