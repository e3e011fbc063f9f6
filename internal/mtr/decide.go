package mtr

import (
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Intent is an action with what goes along.
type Intent struct {
	Action Action
	Reason string
	Change Change
}

// audiences of the actions whose reason is not for the public.
var audiences = map[Action]Audience{
	ActNote: ForStaff, ActPrioritize: ForStaff, ActAssign: ForStaff, ActReveal: ForStaff, ActOpenOriginal: ForStaff, ActReleaseOriginal: ForStaff, ActHidePhoto: ForStaff, ActReleasePhoto: ForStaff,
	ActEscalateUnit: ForStaff, ActEscalateMayor: ForStaff, ActRelease: ForStaff, ActLapse: ForStaff, ActHold: ForReporter,
	ActConfirmContact: ForReporter, ActAppeal: ForReporter, ActHide: ForReporter, ActUnhide: ForReporter, ActRedact: ForReporter,
	ActAnonymize: ForReporter, ActRedactPhoto: ForStaff,
}

// Audience of the action's reason.
func (a Action) Audience() Audience {
	if who, ok := audiences[a]; ok {
		return who
	}
	return ForPublic
}

// Allowed reports whether action is possible for the report as it stands, by whom
// acts now: errs.Conflict when the table has no such step or its guard refuses,
// errs.Forbidden when it is somebody else's.
func Allowed(c *Case, m Moment, action Action) error {
	_, err := step(c, m, action)
	return err
}

func step(c *Case, m Moment, action Action) (Step, error) {
	s, ok := Steps[c.Status][action]
	if !ok {
		return Step{}, errs.New(errs.Conflict, "Laporan ini sekarang berstatus \""+c.Status.Label()+
			"\", jadi tindakan itu tidak dapat dilakukan. Muat ulang halaman untuk melihat keadaan terbaru.")
	}
	if !c.RolesOf(m).Has(s.Who) {
		return Step{}, errs.New(errs.Forbidden, "Tindakan ini bukan wewenang Anda untuk laporan ini.")
	}
	if s.Guard != nil {
		if err := s.Guard(c, m); err != nil {
			return Step{}, err
		}
	}
	return s, nil
}

// ActionsFor lists what whoever acts may do now, in the order of [Actions].
func ActionsFor(c *Case, m Moment) []Action {
	var out []Action
	for _, a := range Actions {
		if Allowed(c, m, a) == nil {
			out = append(out, a)
		}
	}
	return out
}

// Decide makes the event of an intent, due times included, or says why not.
func Decide(c *Case, m Moment, in Intent) (Event, error) {
	s, err := step(c, m, in.Action)
	if err != nil {
		return Event{}, err
	}
	to := s.To
	if to == back {
		to = c.Resume
	}
	e := Event{
		Seq: c.Seq + 1, Action: in.Action, From: c.Status, To: to, At: m.Now,
		ActorID: m.Actor.AccountID, ActorKind: string(m.Actor.Kind), Role: (c.RolesOf(m) & s.Who).String(),
		Audience: in.Action.Audience(), Reason: in.Reason, Change: in.Change,
	}
	if e.ActorKind == "" {
		e.ActorKind = "anonim"
	}
	if e.Role != AsReporter.String() {
		p := m.Actor.MainPosition()
		e.UnitID, e.Position = p.UnitID, p.ID
	}
	setDue(c, m, &e)
	return e, nil
}

// setDue fills the due times that follow from the event.
func setDue(c *Case, m Moment, e *Event) {
	nobody := int64(0)
	switch e.Action {
	case ActHold:
		if c.Blocked || c.Unasked { // the city looks at it; it never lapses
			e.Change.Due = inDays(m, DueVerify, VerifyDays)
			return
		}
		e.Change.Due = &Due{Kind: DueConfirm, At: m.Now.Add(ConfirmWithin), Warn: m.Now.Add(ConfirmWithin - 24*time.Hour)}
	case ActSubmit, ActRelease:
		e.Change.Due = inDays(m, DueVerify, VerifyDays)
	case ActConfirmContact:
		if e.From == Unconfirmed {
			e.Change.Due = inDays(m, DueVerify, VerifyDays)
		}
	case ActForward:
		e.Change.Due = inDays(m, DueFollowUp, FollowUpDays)
		e.Change.AssigneeID, e.Change.Assignee = &nobody, &nobody
	case ActRecategorize:
		if e.Change.UnitID != nil {
			e.Change.Due = inDays(m, DueFollowUp, FollowUpDays)
			e.Change.AssigneeID, e.Change.Assignee = &nobody, &nobody
		}
	case ActBounce, ActUnmark:
		e.Change.Due = inDays(m, DueVerify, VerifyDays)
		e.Change.UnitID, e.Change.AssigneeID, e.Change.Assignee = &nobody, &nobody, &nobody
	case ActStart:
		limit := c.WorkDueAt
		if limit == nil {
			limit = outerLimit(c, m)
			e.Change.WorkDue = limit
		}
		e.Change.Due = workDue(m, *limit)
	case ActSchedule:
		at := m.Cal.AddWorkingDays(*e.Change.ExpectedAt, 0)
		e.Change.Due = &Due{Kind: DueWork, At: at, Warn: at.Add(-24 * time.Hour)}
	case ActSubmitProof:
		e.Change.Due = inDays(m, DueValidation, ValidateDays)
	case ActRejectProof:
		e.Change.Due = workDue(m, orElse(c.WorkDueAt, outerLimit(c, m)))
	case ActValidate:
		e.Change.Due = inDays(m, DueClose, CloseDays)
	case ActDispute:
		e.Change.Due = inDays(m, DueWork, WorkDaysDesk)
		again := e.Change.Due.At
		e.Change.WorkDue = &again
	default:
		if e.To.Terminal() && !e.From.Terminal() {
			e.Change.Due = &Due{}
		}
	}
	if e.From == NeedsInfo && e.To == c.Resume {
		resumeDue(c, m, e)
	}
}

// resumeDue moves due times by the working time that the pause took. What was late
// before the pause stays late.
func resumeDue(c *Case, m Moment, e *Event) {
	if c.PausedAt == nil {
		return
	}
	paused := m.Cal.WorkingTime(*c.PausedAt, m.Now)
	later := func(t time.Time) time.Time {
		if !t.After(*c.PausedAt) {
			return t
		}
		return m.Cal.AddWorkingTime(t, paused)
	}
	if c.DueAt != nil && c.WarnAt != nil {
		e.Change.Due = &Due{Kind: c.DueKind, At: later(*c.DueAt), Warn: later(*c.WarnAt)}
	}
	if c.WorkDueAt != nil {
		limit := later(*c.WorkDueAt)
		e.Change.WorkDue = &limit
	}
}

func inDays(m Moment, kind DueKind, n int) *Due {
	return &Due{Kind: kind, At: m.Cal.AddWorkingDays(m.Now, n), Warn: m.Cal.AddWorkingDays(m.Now, n-1)}
}

// outerLimit is when the whole report must be dealt with, counted from its arrival.
func outerLimit(c *Case, m Moment) *time.Time {
	days := WorkDaysDesk
	if c.FieldCheck {
		days = WorkDaysField
	}
	at := m.Cal.AddWorkingDays(orElse(c.ReceivedAt, &m.Now), days)
	return &at
}

// workDue is near three days before, whatever the calendar.
func workDue(_ Moment, at time.Time) *Due {
	return &Due{Kind: DueWork, At: at, Warn: at.Add(-3 * 24 * time.Hour)}
}

func orElse(t, fallback *time.Time) time.Time {
	if t != nil {
		return *t
	}
	return *fallback
}
