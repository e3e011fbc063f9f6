package epuskesmas

import (
	"context"
	"errors"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
)

var errLater = errors.New("not built yet")

// Expect is when somebody who books now would be served in a session.
func (m *Module) Expect(ctx context.Context, s Session) (Promise, error) { return Promise{}, errLater }

// Mine is a ticket by its secret token; unknown is errs.NotFound.
func (m *Module) Mine(ctx context.Context, token string) (MyTicket, error) {
	return MyTicket{}, errLater
}

// CheckIn says that the owner is here, on the day, from two hours before the session.
func (m *Module) CheckIn(ctx context.Context, token string) error { return errLater }

// Cancel gives the number up; the place is free again.
func (m *Module) Cancel(ctx context.Context, token, reason string) error { return errLater }

// Reschedule takes a number in another session of the poli and gives this one up.
func (m *Module) Reschedule(ctx context.Context, token string, startsAt time.Time) error {
	return errLater
}

// ---- The queue (queue_*.go) ----

// Forward ends a step and gives a number at another poli of the site, the patient being here.
func (m *Module) Forward(ctx context.Context, a authz.Actor, ticketID int64, seq int, poliID int64) (Ticket, error) {
	return Ticket{}, errLater
}

// Queue is a poli's session of the day in the order in which it will be called.
func (m *Module) Queue(ctx context.Context, a authz.Actor, poliID int64) (Session, []Ticket, error) {
	return Session{}, nil, errLater
}
