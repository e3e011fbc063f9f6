package epuskesmas

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// What follows is for another system that takes numbers for the patients of one
// puskesmas, and has made sure who they are. It says for which one with each call.

// IsFull reports whether a booking failed because the places are gone.
func IsFull(err error) bool { return errors.Is(err, errFull) }

// IsSecond reports whether a booking failed because the patient has a number already.
func IsSecond(err error) bool { return errors.Is(err, errSecond) }

// ClinicsByCode lists the clinics of a puskesmas that have a code of BPJS; often one.
func (m *Module) ClinicsByCode(ctx context.Context, unitID int64, code string) (_ []Poli, err error) {
	defer errs.In(&err, "epuskesmas.ClinicsByCode(%d)", unitID)
	list, err := m.polis(ctx, unitID)
	return slices.DeleteFunc(list, func(p Poli) bool { return code == "" || p.BPJSCode != code || p.Kind != KindClinic || !p.Active }), err
}

// Attending is a doctor who is to be there in a session.
type Attending struct {
	DoctorID int64
	Name     string
	BPJSCode *int
}

// DaySession is a session with how its queue stands.
type DaySession struct {
	Session
	Duty     []Attending
	Given    int        // numbers that were not given up
	Waiting  int        // of them, those who are not served yet
	LastCall string     // the number called last; "" before the first
	CalledAt *time.Time // when that was
}

// SessionsOn lists a day's sessions of polis of one puskesmas, those that are over
// included, in the order of time. Of a closed day, or one that may not be booked yet,
// there are none.
func (m *Module) SessionsOn(ctx context.Context, polis []Poli, day time.Time) (_ []DaySession, err error) {
	defer errs.In(&err, "epuskesmas.SessionsOn")
	if len(polis) == 0 {
		return nil, nil
	}
	site, err := pg.One[Site](ctx, m.db, sqlSiteByID, polis[0].UnitID)
	if err != nil || dateOf(day) > dateOf(m.now().AddDate(0, 0, site.HorizonDays)) {
		return nil, err
	}
	ids := make([]int64, len(polis))
	for i, p := range polis {
		ids[i] = p.ID
	}
	list, err := pg.Many[Session](ctx, m.db, sqlSessions, ids, dateOf(day), dateOf(day), midnight(day))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	if cal, err := m.calendarOf(ctx, site.UnitID); err != nil || cal.Holiday(day) != "" {
		return nil, err
	}
	return m.standing(ctx, list)
}

type dutyRow struct {
	Of       int64 // the session, or the plan
	DoctorID int64
	Name     string
	BpjsCode *int
}

type standingRow struct {
	ID       int64
	Given    int
	Waiting  int
	LastCall string
	CalledAt *time.Time
}

// standing adds who is on duty and how the queues stand.
func (m *Module) standing(ctx context.Context, list []Session) ([]DaySession, error) {
	out, made, planned := make([]DaySession, len(list)), []int64{}, []int64{}
	for i, s := range list {
		out[i].Session = s
		if s.ID != 0 {
			made = append(made, s.ID)
		} else {
			planned = append(planned, s.PlanID)
		}
	}
	there, err := pg.Many[dutyRow](ctx, m.db, sqlDutyOf, made)
	if err != nil {
		return nil, err
	}
	toCome, err := pg.Many[dutyRow](ctx, m.db, sqlPlannedDuty, planned)
	if err != nil {
		return nil, err
	}
	rows, err := pg.Many[standingRow](ctx, m.db, sqlStanding, made)
	if err != nil {
		return nil, err
	}
	for i := range out {
		s, from, of := &out[i], there, out[i].ID
		if of == 0 {
			from, of = toCome, s.PlanID
		}
		for _, d := range from {
			if d.Of == of {
				s.Duty = append(s.Duty, Attending{d.DoctorID, d.Name, d.BpjsCode})
			}
		}
		if k := slices.IndexFunc(rows, func(r standingRow) bool { return r.ID == s.ID }); k >= 0 {
			s.Given, s.Waiting, s.LastCall, s.CalledAt = rows[k].Given, rows[k].Waiting, rows[k].LastCall, rows[k].CalledAt
		}
	}
	return out, nil
}

// Insured is somebody whom another system knows by card and NIK. Both are digits; the
// other system answers for them.
type Insured struct {
	Card, NIK string
	Phone     string // as indo has it; "" when not told
	Name      string
	BirthDate time.Time
	Female    bool
}

// FindInsured is the patient of a puskesmas with that NIK, else the only one with that
// card of whom no NIK is known, born when the NIK says; errs.NotFound for a new patient.
// What is not on file of the card, NIK and phone is noted: cards change, and it is the
// insurer who says so.
func (m *Module) FindInsured(ctx context.Context, unitID int64, p Insured) (id int64, err error) {
	defer errs.In(&err, "epuskesmas.FindInsured(%d)", unitID)
	card, hash := m.box.Hash(contextBPJS, p.Card), m.box.Hash(contextNIK, p.NIK)
	found, err := pg.Many[struct {
		ID        int64
		BirthDate time.Time
		ByNIK     bool `db:"by_nik"`
	}](ctx, m.db, sqlInsured, unitID, card, hash)
	if err != nil {
		return 0, err
	}
	absent := errs.New(errs.NotFound, "")
	if len(found) != 1 {
		return 0, absent
	}
	f := found[0]
	if nik, ok := indo.ParseNIK(p.NIK, m.now()); !f.ByNIK && (!ok || nik.Born.Format(time.DateOnly) != f.BirthDate.Format(time.DateOnly)) {
		return 0, absent // somebody has typed another one's card
	}
	err = pg.Exec(ctx, m.db, sqlNoteInsured, f.ID, m.box.Seal(p.NIK, contextNIK), hash, m.box.Seal(p.Card, contextBPJS), card, m.sealPhone(p.Phone))
	if pg.Violates(err, "epuskesmas_patient_nik_key") { // somebody else has just been entered with it
		return 0, absent
	}
	return f.ID, err
}

func (m *Module) sealPhone(phone string) []byte {
	if phone == "" {
		return nil
	}
	return m.box.Seal(phone, contactContext(byPhone))
}

// EnterInsured makes a patient of a puskesmas; the same once more changes nothing. A NIK
// that somebody with another name or birth date has here is errs.Conflict.
func (m *Module) EnterInsured(ctx context.Context, a authz.Actor, unitID int64, p Insured) (err error) {
	defer errs.In(&err, "epuskesmas.EnterInsured(%d)", unitID)
	b := Booking{Name: p.Name, BirthDate: p.BirthDate, Payer: JKN}
	if err := m.CheckPerson(&b); err != nil {
		return err
	}
	now, fold, sex := m.now(), indo.FoldPerson(b.Name), 1
	if p.Female {
		sex = 2
	}
	card, nik := m.box.Hash(contextBPJS, p.Card), m.box.Hash(contextNIK, p.NIK)
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		id, err := pg.Scalar[int64](ctx, tx, sqlInsertPatient, unitID, b.Name, fold, dateOf(b.BirthDate), sex, m.box.Seal(p.NIK, contextNIK), nik,
			m.box.Seal(p.Card, contextBPJS), card, m.sealPhone(p.Phone), now)
		if err == nil {
			return audit.Write(ctx, tx, a, now, audit.Entry{Action: "epuskesmas.bpjs.patient", Object: "epuskesmas_patient", ObjectID: id, UnitID: unitID})
		}
		if errs.KindOf(err) != errs.NotFound {
			return err
		}
		known, err := pg.One[struct {
			ID        int64
			NameFold  string
			BirthDate time.Time
		}](ctx, tx, sqlPatientByNIK, unitID, nik)
		if err != nil {
			return err
		}
		if known.NameFold != fold || known.BirthDate.Format(time.DateOnly) != dateOf(b.BirthDate) {
			return errs.New(errs.Conflict, "")
		}
		return pg.Exec(ctx, tx, sqlNoteInsured, known.ID, m.box.Seal(p.NIK, contextNIK), nik, m.box.Seal(p.Card, contextBPJS), card, m.sealPhone(p.Phone))
	})
}

// Standing is a ticket with how its queue stands.
type Standing struct {
	Ticket
	LastCall string // the number called last in the session; "" before the first
	Ahead    int    // who is before
	Promise  *Promise
}

// InsuredTicket is the ticket of a card at one of the polis on a day, the active one
// first; errs.NotFound when there is none. Cards are not checked when patients type them:
// what the insurer booked comes before what others did.
func (m *Module) InsuredTicket(ctx context.Context, unitID int64, card string, polis []Poli, day time.Time) (t Standing, err error) {
	defer errs.In(&err, "epuskesmas.InsuredTicket(%d)", unitID)
	ids := make([]int64, len(polis))
	for i, p := range polis {
		ids[i] = p.ID
	}
	id, err := pg.Scalar[int64](ctx, m.db, sqlInsuredTicket, unitID, m.box.Hash(contextBPJS, card), ids, dateOf(day))
	if err != nil {
		return t, err
	}
	return m.Standing(ctx, unitID, id)
}

// HasNumber reports whether a patient has, or had and used, a number at one of the polis
// on a day.
func (m *Module) HasNumber(ctx context.Context, patientID int64, polis []Poli, day time.Time) (_ bool, err error) {
	defer errs.In(&err, "epuskesmas.HasNumber")
	ids := make([]int64, len(polis))
	for i, p := range polis {
		ids[i] = p.ID
	}
	return pg.Scalar[bool](ctx, m.db, sqlHasNumber, patientID, ids, dateOf(day))
}

// Standing is a ticket of a puskesmas; another one's is errs.NotFound.
func (m *Module) Standing(ctx context.Context, unitID, ticketID int64) (t Standing, err error) {
	defer errs.In(&err, "epuskesmas.Standing(%d)", ticketID)
	if t.Ticket, err = pg.One[Ticket](ctx, m.db, sqlTicketInUnit, ticketID, unitID); err != nil {
		return t, err
	}
	q, ahead, promise, err := m.stand(ctx, t.Ticket, "")
	if err != nil {
		return t, err
	}
	t.LastCall, t.Ahead, t.Promise = q.lastCall, ahead.All(), promise
	return t, nil
}

// CancelFor gives a number up for its owner, as the owner could. One that moved on
// meanwhile is errs.Conflict.
func (m *Module) CancelFor(ctx context.Context, a authz.Actor, t Standing, reason string) (err error) {
	defer errs.In(&err, "epuskesmas.CancelFor(%d)", t.ID)
	if !ownerMay(t.Status, ActCancel) {
		return errNotNow(t.Status)
	}
	now := m.now()
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error { return m.step(ctx, tx, a, t.ID, t.Seq, ActCancel, reason, now) })
}

// Today is the city's date, at its beginning.
func (m *Module) Today() time.Time { return midnight(m.now().In(clock.Makassar)) }
