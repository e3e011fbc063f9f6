package eoffice

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

// cell is the step that an action takes in a table: errs.Conflict when there is none or its
// guard refuses, errs.Forbidden when it is somebody else's.
func cell[C any](t Table[C], from Status, action Action, roles Role, c *C, m Moment) (Step[C], error) {
	s, ok := t[from][action]
	if !ok {
		return s, errs.New(errs.Conflict, "Keadaannya sekarang "+from.Label()+
			", jadi tindakan itu tidak dapat dilakukan. Muat ulang halaman untuk melihat keadaan terbaru.")
	}
	if !roles.Has(s.Who) {
		return s, errs.New(errs.Forbidden, "Tindakan ini bukan wewenang Anda untuk naskah ini.")
	}
	if s.Guard != nil {
		if err := s.Guard(c, m); err != nil {
			return s, err
		}
	}
	return s, nil
}

// Allowed reports whether action is possible for the letter as it stands, by whom acts now;
// the errors are those of the table.
func Allowed(c *Case, m Moment, action Action) error {
	_, err := cell(LetterSteps, c.Status, action, c.RolesOf(m), c, m)
	return err
}

// ActionsFor lists what whoever acts may do with the letter now.
func ActionsFor(c *Case, m Moment) (out []Action) {
	for _, a := range LetterActions {
		if Allowed(c, m, a) == nil {
			out = append(out, a)
		}
	}
	return out
}

// Decide makes the event of an intent, or says why not. The change of the intent is what
// the action brings; where the letter goes and what it is due is decided here.
func Decide(c *Case, m Moment, in Intent) (Event, error) {
	roles := c.RolesOf(m)
	s, err := cell(LetterSteps, c.Status, in.Action, roles, c, m)
	if err != nil {
		return Event{}, err
	}
	seat := c.actingSeat(m)
	e := Event{
		Seq: c.Seq + 1, Action: in.Action, From: c.Status, To: s.To, At: m.Now, ActorID: m.Actor.AccountID,
		PositionID: seat.PositionID, Seat: seat.Kind, Title: seat.Title, Role: (roles & s.Who).String(), Reason: in.Reason, Change: in.Change,
	}
	ch := &e.Change
	switch in.Action {
	case ActSubmit:
		step := next(ch.Chain, ch.Version)
		ch.Step, e.To = &step, statusAt(ch.Chain, step)
	case ActParaf, ActSigned:
		ch.Chain = agreed(c.Chain, c.Step, c.Version, m.Actor.Name, seat.Kind)
		step := next(ch.Chain, c.Version)
		ch.Step, e.To = &step, statusAt(ch.Chain, step)
	case ActBackOne:
		step := c.Step - 1
		ch.Chain = agreed(c.Chain, step, 0, "", "")
		ch.Step, e.To = &step, statusAt(ch.Chain, step)
	case ActScan:
		ch.Chain = inked(c)
	case ActReturn:
		ch.Chain = unsigned(c.Chain)
	}
	if s.To == same {
		e.To = c.Status
	}
	ch.Due = due(m, c, e)
	return e, nil
}

// due is when a letter should leave the desk it comes to; nil when it comes to none or
// stays where it is.
func due(m Moment, c *Case, e Event) *time.Time {
	minutes := 0
	switch e.To {
	case Mending, Verifying, AwaitingSign:
		minutes = m.Pace.StepMinutes
	case Signed, Recorded:
		minutes = m.Pace.DispatchMinutes
	}
	switch {
	case minutes == 0:
		return nil
	case e.From == e.To && (e.Change.Step == nil || *e.Change.Step == c.Step):
		return c.DueAt
	case e.Action == ActSignFail:
		return c.DueAt
	}
	at := m.due(minutes)
	return &at
}
