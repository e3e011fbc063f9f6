package epuskesmas

import (
	"context"
	"errors"

	"makassartidakrantasa.com/portal/internal/platform/authz"
)

var errLater = errors.New("not built yet")

// Expect is when somebody who books now would be served in a session.
func (m *Module) Expect(ctx context.Context, s Session) (Promise, error) { return Promise{}, errLater }

// ---- The queue (queue_*.go) ----

// Forward ends a step and gives a number at another poli of the site, the patient being here.
func (m *Module) Forward(ctx context.Context, a authz.Actor, ticketID int64, seq int, poliID int64) (Ticket, error) {
	return Ticket{}, errLater
}

// Queue is a poli's session of the day in the order in which it will be called.
func (m *Module) Queue(ctx context.Context, a authz.Actor, poliID int64) (Session, []Ticket, error) {
	return Session{}, nil, errLater
}
