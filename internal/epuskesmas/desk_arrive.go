package epuskesmas

import (
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Arrival is somebody with a booked ticket who stands before the desk.
type Arrival struct {
	TicketID int64
	Seq      int     // as it was seen; 0: as it is
	Same     int64   // the patient known here who they turn out to be; 0: none
	Seen     []int64 // patients who look the same, of whom the desk says that it is none
}

// Arrive checks somebody in who booked from afar. Whoever comes for the first time and looks
// like a patient known here is an [Alike], as errs.Conflict, until the desk says who they
// are; the two are merged then. Who checked in without the desk ([Module.Unsettled]) is only
// settled. Without PermDesk it is [ActCheckIn] alone: who does not register patients is not
// shown them.
func (m *Module) Arrive(ctx context.Context, a authz.Actor, in Arrival) (err error) {
	defer errs.In(&err, "epuskesmas.Arrive(%d)", in.TicketID)
	at, err := pg.One[scoped](ctx, m.db, sqlScoped, in.TicketID, workplaces(a))
	switch {
	case err != nil && errs.KindOf(err) == errs.NotFound:
		return errNoTicket
	case err != nil:
		return err
	case !rolesIn(a, at.Ancestors).has(AsDesk):
		return m.Act(ctx, a, in.TicketID, in.Seq, ActCheckIn, "")
	}
	now := m.now()
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := pg.Exec(ctx, tx, sqlLockNewPatient, at.UnitID); err != nil {
			return err
		}
		mv, err := m.hold(ctx, tx, a, in.TicketID, now)
		if err != nil {
			return err
		}
		if in.Seq != 0 && in.Seq != mv.t.Seq {
			return m.stale(ctx, tx, in.TicketID)
		}
		mv.action, mv.settled = ActCheckIn, true
		here := mv.t.HereAt != nil
		if mv.t.PatientID == nil || mv.t.Status != Booked && !here {
			return m.proceed(ctx, mv, a)
		}
		known, err := m.identify(ctx, tx, a, at.UnitID, in, mv)
		switch {
		case err != nil:
			return err
		case !here || known: // known and here: there is nothing left to do
			return m.proceed(ctx, mv, a)
		}
		if err := m.welcome(ctx, tx, at.UnitID, *mv.t.PatientID, ""); err != nil {
			return err
		}
		return wake(ctx, tx, mv.t.SessionID)
	})
}

// Unsettled lists the numbers of today of patients who are here for the first time, look like
// somebody known and came past the desk: from the phone, Mobile JKN or a nurse. Until
// [Module.Arrive] says who they are they have no medical-record number. Needs PermDesk.
func (m *Module) Unsettled(ctx context.Context, a authz.Actor, unitID int64) (_ []Ticket, err error) {
	defer errs.In(&err, "epuskesmas.Unsettled(%d)", unitID)
	if err := m.may(ctx, m.db, a, unitID, PermDesk); err != nil {
		return nil, err
	}
	return pg.Many[Ticket](ctx, m.db, sqlUnsettled, unitID, m.today())
}

// meet gives whoever comes for the first time a medical-record number, unless the desk has yet
// to say whether they are somebody known.
func (m *Module) meet(ctx context.Context, mv *move) error {
	unit, patient := mv.session.UnitID, *mv.t.PatientID
	if !mv.settled {
		_, alike, err := m.likeOf(ctx, mv.tx, unit, patient)
		if err != nil || len(alike.Known) > 0 {
			return err
		}
	}
	return m.welcome(ctx, mv.tx, unit, patient, "")
}

// identify settles who a patient is whom nobody has seen here yet; known: somebody has.
func (m *Module) identify(ctx context.Context, tx pgx.Tx, a authz.Actor, unitID int64, in Arrival, mv *move) (known bool, err error) {
	p, alike, err := m.likeOf(ctx, tx, unitID, *mv.t.PatientID)
	if err != nil || p.Seen {
		return p.Seen, err
	}
	if in.Same == 0 || in.Same == *mv.t.PatientID {
		asked := m.warn(ctx, tx, alike, in.Seen)
		if asked == nil {
			return false, nil
		}
		t, err := pg.One[Ticket](ctx, tx, sqlTicket, mv.t.ID)
		if err != nil {
			return false, err
		}
		alike.Booked = &t
		return false, asked
	}
	keep, err := pg.Scalar[int](ctx, tx, sqlPatientVersion, in.Same, unitID)
	if err != nil {
		return false, err
	}
	err = mergeTx(ctx, tx, a, unitID, Merging{Keep: in.Same, Gone: *mv.t.PatientID, KeepVersion: keep, GoneVersion: p.Version}, mv.now)
	mv.t.PatientID = &in.Same
	return false, err
}

const (
	sqlPatientVersion = `SELECT version FROM epuskesmas_patient WHERE id = $1 AND unit_id = $2`

	// The first number of the day with which each of them is here.
	sqlUnsettled = `SELECT ` + ticketColumns + ` FROM ` + ticketTables + `
WHERE t.unit_id = $1 AND t.day = $2::date AND t.here_at IS NOT NULL AND p.record_number IS NULL
	AND t.id = (SELECT min(f.id) FROM epuskesmas_ticket f WHERE f.patient_id = p.id AND f.day = t.day AND f.here_at IS NOT NULL)
ORDER BY t.here_at, t.id`

	// Who was here in a session and has no medical-record number.
	sqlNumberless = `SELECT DISTINCT p.id FROM epuskesmas_ticket t JOIN epuskesmas_patient p ON p.id = t.patient_id
WHERE t.session_id = $1 AND t.here_at IS NOT NULL AND p.record_number IS NULL ORDER BY p.id`
)
