package epuskesmas

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// maxActive is how many visits one contact may have ahead.
const maxActive = 6

// Contexts under which this module seals and hashes.
const (
	contextToken     = "epuskesmas.token"
	contextContact   = "epuskesmas.contact"
	contextNIK       = NIKContext
	contextBPJS      = CardContext
	contextComplaint = "epuskesmas.complaint"
)

// Booking is what somebody asks for.
type Booking struct {
	Key       string // a resend gives the same ticket
	PoliID    int64
	StartsAt  time.Time // which session
	PatientID int64     // found at the desk; 0: who is named below
	Name      string
	BirthDate time.Time
	NIK       string // "" when there is none
	BPJS      string
	Payer     Payer // "": JKN with a BPJS number
	Complaint string
	Contact   string // e-mail or mobile number, verified; the desk may do without
	AccountID int64  // 0: without an account
	Origin    string // OriginOnline, OriginDesk or OriginBPJS
	DoctorID  int64  // whom the patient asked for, of those on duty; 0: anybody
	// Class and its reason, from the desk; "": by age.
	Class  estimate.Class
	Reason string
}

// BookedTicket is the ticket that came of it.
type BookedTicket struct {
	Token  string // of /antrean/{token}
	Ticket Ticket
	// Again: it was there before, by the same key.
	Again bool
}

// Book gives a number. A full session is errs.Conflict with the nearest alternatives in
// words, a second ticket of the patient for that poli and day errs.Conflict, too many
// active tickets of one contact (6) errs.TooMany, wrong answers errs.Unprocessable. The
// contact's owner has shown the code already. From the desk it needs PermDesk in the
// puskesmas; such a patient is here.
func (m *Module) Book(ctx context.Context, a authz.Actor, b Booking) (out BookedTicket, err error) {
	defer errs.In(&err, "epuskesmas.Book")
	if err := m.CheckPerson(&b); err != nil {
		return out, err
	}
	select {
	case m.gate <- struct{}{}:
		defer func() { <-m.gate }()
	case <-ctx.Done():
		return out, ctx.Err()
	}
	now := m.now()
	s, err := m.session(ctx, b.PoliID, b.StartsAt, now)
	if err == nil {
		err = m.mayBook(ctx, a, b, s)
	}
	if err == nil && s.Left(b.Origin != OriginDesk, b.Payer, now) == 0 {
		err = errFull // without waiting in line for the row
	}
	if err == nil {
		out, err = m.bookIn(ctx, a, b, s, now)
	}
	if err != nil && b.Key != "" {
		// The first sending may have taken the last place, or the hour may have passed.
		if again, found := m.byKey(ctx, m.db, b.Key); found == nil {
			return again, nil
		}
	}
	if errors.Is(err, errFull) {
		return out, m.fullBut(ctx, b, now)
	}
	return out, err
}

// mayBook says who may book from where. Patients book a clinic; the desk anything.
func (m *Module) mayBook(ctx context.Context, a authz.Actor, b Booking, s Session) error {
	switch b.Origin {
	case OriginDesk:
		return m.may(ctx, m.db, a, s.UnitID, PermDesk)
	case OriginBPJS:
		if a.Kind == authz.Machine {
			return nil
		}
	case OriginOnline:
		if b.PatientID == 0 {
			return nil
		}
	}
	return errs.New(errs.BadRequest, "")
}

func (m *Module) bookIn(ctx context.Context, a authz.Actor, b Booking, s Session, now time.Time) (out BookedTicket, err error) {
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		out, err = m.bookTx(ctx, tx, a, b, s, now)
		return err
	})
	if pg.Violates(err, "epuskesmas_visit_booking_key") {
		err = errs.New(errs.Conflict, "Pendaftaran ini sudah dikirim dengan kontak lain. Mulai lagi dari awal.")
	}
	if err != nil || out.Again {
		return out, err
	}
	out.Ticket, err = pg.One[Ticket](ctx, m.db, sqlTicket, out.Ticket.ID)
	return out, err
}

// bookTx does all of a booking; the number is taken last. Of the ticket only the id is
// known then.
func (m *Module) bookTx(ctx context.Context, tx pgx.Tx, a authz.Actor, b Booking, s Session, now time.Time) (out BookedTicket, err error) {
	var contact []byte
	if b.Contact != "" {
		contact = m.box.Hash(contextContact, strings.ToLower(b.Contact))
	}
	if err := m.admit(ctx, tx, b, contact); err != nil {
		return out, err
	}
	if b.Key != "" {
		if out, err = m.byKey(ctx, tx, b.Key); err == nil || errs.KindOf(err) != errs.NotFound {
			return out, err
		}
	}
	if contact != nil {
		n, err := pg.Scalar[int](ctx, tx, sqlActiveOfContact, contact, dateOf(now))
		if err != nil {
			return out, err
		}
		if n >= maxActive {
			return out, errs.New(errs.TooMany, "Kontak ini sudah punya enam nomor antrean yang berlaku. Batalkan salah satu, atau tunggu sampai selesai.")
		}
	}
	patientID, born, err := m.patient(ctx, tx, b, s.UnitID, contact, now)
	if err != nil {
		return out, err
	}
	token := crypt.Token()
	visitID, err := m.insertVisit(ctx, tx, b, s, patientID, contact, token, now)
	if err != nil {
		return out, err
	}
	if b.DoctorID != 0 {
		if err := pg.Exec(ctx, tx, sqlVisitDoctor, visitID, b.DoctorID); err != nil {
			return out, err
		}
	}
	p := place{
		sessionID: s.ID, visitID: visitID, patientID: &patientID, online: b.Origin != OriginDesk, payer: b.Payer, class: b.Class,
		reason: b.Reason, actor: a.AccountID,
	}
	if p.class == "" || p.online {
		p.class, p.reason = classOf(born, s.StartsAt)
	}
	if !p.online && dateOf(now) == dateOf(s.StartsAt) {
		p.here = &now
	}
	t, err := take(ctx, tx, p, now)
	return BookedTicket{Token: token, Ticket: Ticket{ID: t.ID}}, err
}

// admit lets bookings of one contact in one after another, so that they can be counted;
// without a contact those of one patient.
func (m *Module) admit(ctx context.Context, tx pgx.Tx, b Booking, contact []byte) error {
	if contact == nil {
		contact = m.box.Hash(contextContact, fmt.Sprint(b.PatientID, "\x00", indo.FoldPerson(b.Name), "\x00", b.BirthDate.Format(time.DateOnly)))
	}
	return pg.Exec(ctx, tx, sqlLockContact, contact)
}

func (m *Module) byKey(ctx context.Context, q pg.Querier, key string) (out BookedTicket, err error) {
	type row struct {
		TokenSealed []byte
		TicketID    int64
	}
	r, err := pg.One[row](ctx, q, sqlByKey, key)
	if err != nil {
		return out, err
	}
	out.Again = true
	if out.Token, err = m.box.Open(r.TokenSealed, contextToken); err != nil {
		return out, err
	}
	out.Ticket, err = pg.One[Ticket](ctx, q, sqlTicket, r.TicketID)
	return out, err
}

func (m *Module) insertVisit(ctx context.Context, tx pgx.Tx, b Booking, s Session, patientID int64, contact []byte, token string, now time.Time) (int64, error) {
	var sealed, complaint []byte
	var kind string
	if contact != nil {
		kind = contactKind(b.Contact)
		sealed = m.box.Seal(b.Contact, contactContext(kind))
	}
	if b.Complaint != "" {
		complaint = m.box.Seal(b.Complaint, contextComplaint)
	}
	return pg.Scalar[int64](ctx, tx, sqlInsertVisit, s.UnitID, dateOf(s.StartsAt), patientID, b.AccountID, contact, sealed, kind,
		m.box.Seal(token, contextToken), crypt.HashToken(token), b.Key, b.Payer, complaint, b.Origin, now)
}

// fullBut is errFull with where there still is a place.
func (m *Module) fullBut(ctx context.Context, b Booking, now time.Time) error {
	list, err := m.others.get(b.PoliID, now, func() ([]Session, error) {
		return m.sessions(ctx, []int64{b.PoliID}, now, now.AddDate(0, 0, maxHorizon))
	})
	if err != nil {
		return err
	}
	var others []string
	for _, s := range list {
		n := s.Left(b.Origin != OriginDesk, b.Payer, now)
		if n == 0 || len(others) == 3 || s.StartsAt.Equal(b.StartsAt) {
			continue
		}
		late, err := m.tooLateFor(ctx, b, s, now)
		if err != nil {
			return err
		}
		if !late {
			others = append(others, fmt.Sprintf("%s pukul %s (sisa %s)", indo.LongDate(s.StartsAt), indo.Clock(s.StartsAt), indo.Int(n)))
		}
	}
	if len(others) == 0 {
		return errs.Wrap(errs.Conflict, errFull, "Tempat di sesi ini sudah habis, dan belum ada sesi lain yang dibuka. Coba lagi besok, atau datang langsung ke loket.")
	}
	return errs.Wrap(errs.Conflict, errFull, "Tempat di sesi ini sudah habis. Yang terdekat masih ada: "+strings.Join(others, "; ")+".")
}

// tooLateFor reports whether somebody who is not there yet would hardly come in time for a
// session. Who would be served first is told to come ten minutes before it begins, in steps
// of five, so one that begins later need not be worked out.
func (m *Module) tooLateFor(ctx context.Context, b Booking, s Session, now time.Time) (bool, error) {
	if b.Origin == OriginDesk || s.StartsAt.Sub(now) >= arrival+10*time.Minute+told {
		return false, nil
	}
	p, err := m.Expect(ctx, s)
	return p.Tight(now), err
}

// Contexts under which NIKs and numbers of BPJS cards of patients are sealed.
const (
	NIKContext  = "epuskesmas.nik"
	CardContext = "epuskesmas.bpjs"
)
