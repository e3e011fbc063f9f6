package letter

import (
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Intent is an action with what goes along.
type Intent struct {
	Action Action
	Reason string
	Change Change
}

// Allowed reports whether action is possible for the letter as it stands, by whom
// acts now: errs.Conflict when the table has no such step or its guard refuses,
// errs.Forbidden when it is somebody else's.
func Allowed(c *Case, m Moment, action Action) error {
	_, err := step(c, m, action)
	return err
}

func step(c *Case, m Moment, action Action) (Step, error) {
	s, ok := Steps[c.Status][action]
	if !ok {
		return Step{}, errs.New(errs.Conflict, "Surat ini sekarang "+c.Status.Label()+
			", jadi tindakan itu tidak dapat dilakukan. Muat ulang halaman untuk melihat keadaan terbaru.")
	}
	if !c.RolesOf(m).Has(s.Who) {
		return Step{}, errs.New(errs.Forbidden, "Tindakan ini bukan wewenang Anda untuk surat ini.")
	}
	if s.Guard != nil {
		if err := s.Guard(c, m); err != nil {
			return Step{}, err
		}
	}
	return s, nil
}

// ActionsFor lists what whoever acts may do now, in the order of [Actions].
func ActionsFor(c *Case, m Moment) (out []Action) {
	for _, a := range Actions {
		if Allowed(c, m, a) == nil {
			out = append(out, a)
		}
	}
	return out
}

// Decide makes the event of an intent, the service clock included, or says why not.
func Decide(c *Case, m Moment, in Intent) (Event, error) {
	s, err := step(c, m, in.Action)
	if err != nil {
		return Event{}, err
	}
	e := Event{
		Seq: c.Seq + 1, Action: in.Action, From: c.Status, To: s.To, At: m.Now, ActorID: m.Actor.AccountID,
		Role: (c.RolesOf(m) & s.Who).String(), Reason: in.Reason, Change: in.Change,
	}
	if e.Role != AsApplicant.String() {
		e.Title = m.Actor.MainPosition().Title
	}
	switch s.To {
	case onward:
		e.To = Issued
		if c.WithCamat && c.SigningFrom == AwaitingSign {
			e.To = AwaitingCamat
		}
	case back:
		e.To = c.SigningFrom
	}
	if e.To == Issued && e.From != Issued {
		e.Change.IssuedOn, e.Change.ValidUntil = validity(c, m)
	}
	setClock(c, m, &e)
	return e, nil
}

// setClock starts the service clock, stops it, or leaves it.
func setClock(c *Case, m Moment, e *Event) {
	running := c.RunningSince != nil
	switch runs := e.To.runs(); {
	case runs && !running:
		rest := max(0, m.Promised-c.UsedMinutes)
		due := m.Cal.AddWorkingTime(m.Now, time.Duration(rest)*time.Minute)
		e.Change.Clock = &Clock{Used: c.UsedMinutes, Due: &due}
	case !runs && running:
		e.Change.Clock = &Clock{Used: c.used(m)}
	}
}

// validity is the day that the paper bears and the last day on which the letter holds.
func validity(c *Case, m Moment) (issued, until *time.Time) {
	y, mo, d := c.DatedAt.In(clock.Makassar).Date()
	day := time.Date(y, mo, d, 0, 0, 0, 0, time.UTC)
	if m.ValidDays > 0 {
		last := day.AddDate(0, 0, m.ValidDays)
		until = &last
	}
	return &day, until
}
