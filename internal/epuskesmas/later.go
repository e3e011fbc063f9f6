package epuskesmas

import (
	"context"
	"errors"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

var errLater = errors.New("not built yet")

// ---- What there is (site_*.go, schedule_*.go) ----

// Sites lists the open puskesmas by kecamatan and name; text narrows by name, near
// (latitude, longitude) orders by distance where coordinates are set.
func (m *Module) Sites(ctx context.Context, text string, near *[2]float64) ([]Site, error) {
	return nil, errLater
}

// SiteBySlug is one of them, with its clinics.
func (m *Module) SiteBySlug(ctx context.Context, slug string) (Site, []Poli, error) {
	return Site{}, nil, errLater
}

// Sessions lists a poli's sessions from today to its horizon, those that nobody has
// a number of included; closed days and holidays are left out, full ones are not.
func (m *Module) Sessions(ctx context.Context, poliID int64) ([]Session, error) {
	return nil, errLater
}

// Expect is when somebody who books now would be served in a session.
func (m *Module) Expect(ctx context.Context, s Session) (Promise, error) { return Promise{}, errLater }

// ---- Booking (book_*.go) ----

// Booking is what somebody asks for.
type Booking struct {
	Key       string // a resend gives the same ticket
	PoliID    int64
	StartsAt  time.Time // which session
	Name      string
	BirthDate time.Time
	NIK       string // "" when there is none
	BPJS      string // "" : pays
	Payer     Payer
	Complaint string
	Contact   string // e-mail or mobile number, verified
	AccountID int64  // 0: without an account
	Origin    string // daring, loket or bpjs
	Class     estimate.Class
}

// Booked is the ticket that came of it.
type BookedTicket struct {
	Token  string // of /antrean/{token}
	Ticket Ticket
	// Again: it was there before, by the same key.
	Again bool
}

// Book gives a number. A full session is errs.Conflict with the nearest alternatives in
// words, a second ticket of the patient for that poli and day errs.Conflict, too many
// active tickets of one contact (6) errs.TooMany, wrong answers errs.Invalid.
func (m *Module) Book(ctx context.Context, a authz.Actor, b Booking) (BookedTicket, error) {
	return BookedTicket{}, errLater
}

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
