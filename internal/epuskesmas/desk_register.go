package epuskesmas

import (
	"context"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// More controls of the registration desk.
const (
	ControlFaskes = "faskes"
	ControlClass  = "kelas"
)

// Registration is what the desk notes of a patient who stands before it.
type Registration struct {
	Key       string // a resend gives the same number
	DeskID    int64  // the kiosk's number with which they were called; 0: without one
	DeskSeq   int
	PatientID int64 // found; 0: a new one, named below
	Name      string
	BirthDate time.Time
	NIK       string
	BPJS      string
	Payer     Payer
	Faskes    string // registered at, as the card says
	PoliID    int64
	Class     estimate.Class // "": by age
	Reason    string
	Seen      []int64 // patients who look the same, of whom the desk says that it is none
}

// Register gives the patient a number at a poli of today, and ends the step at the desk.
// A first visit gives a medical-record number. A full session is errs.Conflict, a second
// number for the same poli too; a new patient who looks like one known is an [Alike].
func (m *Module) Register(ctx context.Context, a authz.Actor, unitID int64, r Registration) (out Ticket, err error) {
	defer errs.In(&err, "epuskesmas.Register(%d)", unitID)
	if err := m.may(ctx, m.db, a, unitID, PermDesk); err != nil {
		return out, err
	}
	b := Booking{Key: r.Key, PoliID: r.PoliID, PatientID: r.PatientID, Name: r.Name, BirthDate: r.BirthDate, NIK: r.NIK, BPJS: r.BPJS,
		Payer: r.Payer, Origin: OriginDesk, Class: r.Class, Reason: r.Reason}
	if err := m.checkRegistration(&b, r); err != nil {
		return out, err
	}
	now := m.now()
	to, err := m.placeToday(ctx, unitID, b, now)
	if err != nil {
		return out, err
	}
	if r.DeskID != 0 {
		from, err := m.callersTicket(ctx, a, r.DeskID)
		if err != nil {
			return out, err
		}
		if from.UnitID != unitID {
			return out, errNoTicket
		}
		err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
			out.ID, err = m.registerCalled(ctx, tx, a, from, r, b, to, now)
			return err
		})
		return m.registered(ctx, b, out.ID, err, now)
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := lockNewPatient(ctx, tx, unitID, b); err != nil {
			return err
		}
		_, err := m.byKey(ctx, tx, b.Key)
		if errs.KindOf(err) == errs.NotFound { // not a resend
			err = m.beware(ctx, tx, unitID, b, r.Seen)
		}
		if err != nil {
			return err
		}
		booked, err := m.bookTx(ctx, tx, a, b, to, now)
		if err != nil || booked.Again {
			out.ID = booked.Ticket.ID
			return err
		}
		out.ID = booked.Ticket.ID
		patientID, err := pg.Scalar[int64](ctx, tx, sqlTicketPatient, out.ID)
		if err != nil {
			return err
		}
		if err := m.welcome(ctx, tx, unitID, patientID, r.Faskes); err != nil {
			return err
		}
		return wake(ctx, tx, to.ID)
	})
	return m.registered(ctx, b, out.ID, err, now)
}

// registered is the number that a registration gave, or why it gave none.
func (m *Module) registered(ctx context.Context, b Booking, ticketID int64, err error, now time.Time) (Ticket, error) {
	switch {
	case errors.Is(err, errFull):
		return Ticket{}, m.fullBut(ctx, b, now)
	case err != nil:
		return Ticket{}, err
	}
	return pg.One[Ticket](ctx, m.db, sqlTicket, ticketID)
}

func (m *Module) checkRegistration(b *Booking, r Registration) error {
	err := m.CheckPerson(b)
	wrong := errs.FieldsOf(err)
	if err != nil && len(wrong) == 0 {
		return err
	}
	if utf8.RuneCountInString(r.Faskes) > 100 {
		wrong = append(wrong, errs.Field{Name: ControlFaskes, Message: "Nama faskes paling panjang 100 huruf."})
	}
	if b.Class != "" {
		reason, err := classReason(b.Class, b.Reason)
		wrong = append(wrong, errs.FieldsOf(err)...)
		b.Reason = reason
	}
	if b.PoliID == 0 {
		wrong = append(wrong, errs.Field{Name: ControlPoli, Message: "Pilih poli tujuan."})
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return nil
}

// placeToday is the session of today in which a poli has a place for somebody at the
// desk; the last one when all are full.
func (m *Module) placeToday(ctx context.Context, unitID int64, b Booking, now time.Time) (Session, error) {
	list, err := m.sessions(ctx, []int64{b.PoliID}, now, now)
	if err != nil {
		return Session{}, err
	}
	list = slices.DeleteFunc(list, func(s Session) bool { return s.UnitID != unitID || s.Status == Over || day(s.StartsAt) != day(now) })
	if len(list) == 0 {
		return Session{}, errNotToday
	}
	i := slices.IndexFunc(list, func(s Session) bool { return s.Left(false, b.Payer, now) > 0 })
	if i < 0 {
		i = len(list) - 1
	}
	s := list[i]
	if s.ID == 0 {
		s.ID, err = m.makeSession(ctx, m.db, s)
	}
	return s, err
}

// registerCalled gives the kiosk's number its patient and the visit its next step.
func (m *Module) registerCalled(ctx context.Context, tx pgx.Tx, a authz.Actor, from scoped, r Registration, b Booking, to Session, now time.Time) (int64, error) {
	if err := lockNewPatient(ctx, tx, to.UnitID, b); err != nil {
		return 0, err
	}
	if err := m.admit(ctx, tx, b, nil); err != nil {
		return 0, err
	}
	before, err := pg.Scalars[int64](ctx, tx, sqlSentBefore, r.DeskID, r.DeskSeq, b.PoliID, b.PatientID, indo.FoldPerson(b.Name), dateOf(b.BirthDate))
	if err != nil || len(before) > 0 {
		return firstID(before), err
	}
	named, err := pg.One[struct{ PatientID *int64 }](ctx, tx, sqlTicketPatient, r.DeskID)
	if err == nil && named.PatientID == nil {
		err = m.beware(ctx, tx, to.UnitID, b, r.Seen)
	}
	if err != nil {
		return 0, err
	}
	patientID, born, err := m.patient(ctx, tx, b, to.UnitID, nil, now)
	if err != nil {
		return 0, err
	}
	if err := m.endStep(ctx, tx, a, r.DeskID, from, to.ID, r.DeskSeq, now); err != nil {
		return 0, err
	}
	visit, err := pg.Scalar[int64](ctx, tx, sqlNameVisit, r.DeskID, patientID, b.Payer)
	if err != nil {
		if errs.KindOf(err) == errs.NotFound {
			err = errs.New(errs.Conflict, "Nomor loket ini sudah didaftarkan untuk pasien lain.")
		}
		return 0, err
	}
	if err := m.welcome(ctx, tx, to.UnitID, patientID, r.Faskes); err != nil {
		return 0, err
	}
	p := place{sessionID: to.ID, visitID: visit, patientID: &patientID, payer: b.Payer, class: b.Class, reason: b.Reason, here: &now, actor: a.AccountID}
	if p.class == "" {
		p.class, p.reason = classOf(born, now)
	}
	n, err := take(ctx, tx, p, now)
	if err != nil {
		return 0, err
	}
	return n.ID, wake(ctx, tx, to.ID)
}

// welcome gives a patient who has come a medical-record number and notes the faskes.
func (m *Module) welcome(ctx context.Context, tx pgx.Tx, unitID, patientID int64, faskes string) error {
	return pg.Exec(ctx, tx, sqlWelcome, unitID, patientID, faskes)
}

// KioskTicket is a number drawn at the kiosk.
type KioskTicket struct {
	Code  string
	At    time.Time
	Ahead int
	Poli  string
}

// KioskSite is the puskesmas whose kiosk has the token.
func (m *Module) KioskSite(ctx context.Context, token string) (s Site, err error) {
	defer errs.In(&err, "epuskesmas.KioskSite")
	return byToken(pg.One[Site](ctx, m.db, sqlKioskSite, crypt.HashToken(token)))
}

// byToken says in words that nothing was found under the token of a screen.
func byToken[T any](found T, err error) (T, error) {
	if errs.KindOf(err) == errs.NotFound && err != nil {
		err = errs.New(errs.NotFound, "Alamat ini tidak berlaku lagi. Minta alamat yang baru kepada pengelola puskesmas.")
	}
	return found, err
}

// TakeKiosk gives the next number of the registration desk, without a patient yet. The
// same key gives the same number.
func (m *Module) TakeKiosk(ctx context.Context, token, key string) (out KioskTicket, err error) {
	defer errs.In(&err, "epuskesmas.TakeKiosk")
	site, err := m.KioskSite(ctx, token)
	if err != nil {
		return out, err
	}
	if n := len(key); n < 8 || n > 64 {
		return out, errs.New(errs.BadRequest, "")
	}
	key = "kios-" + key
	if out, err = pg.One[KioskTicket](ctx, m.db, sqlKioskByKey, key, site.UnitID); err == nil || errs.KindOf(err) != errs.NotFound {
		return out, err
	}
	desk, err := m.openDesk(ctx, site)
	if err != nil {
		return out, err
	}
	now := m.now()
	session, err := m.todays(ctx, m.db, desk, now)
	if err == nil && session == 0 {
		err = errHouseClosed
	}
	if err != nil {
		return out, err
	}
	visitToken := crypt.Token()
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		visit, err := pg.Scalar[int64](ctx, tx, sqlInsertVisit, site.UnitID, day(now), nil, 0, nil, nil, "",
			m.box.Seal(visitToken, contextToken), crypt.HashToken(visitToken), key, General, nil, OriginDesk, now)
		if err != nil {
			return err
		}
		if _, err := take(ctx, tx, place{sessionID: session, visitID: visit, payer: General, class: estimate.Regular, here: &now, free: true}, now); err != nil {
			return err
		}
		return wake(ctx, tx, session)
	})
	if err != nil && !pg.Violates(err, "epuskesmas_visit_booking_key") {
		if errors.Is(err, errFull) {
			err = errHouseClosed
		}
		return out, err
	}
	return pg.One[KioskTicket](ctx, m.db, sqlKioskByKey, key, site.UnitID)
}

var errHouseClosed = errs.New(errs.Conflict, "Loket pendaftaran sedang tutup. Tanyakan kepada petugas.")

// openDesk is the registration desk, if the house takes patients today.
func (m *Module) openDesk(ctx context.Context, s Site) (desk Poli, err error) {
	polis, err := m.polis(ctx, s.UnitID)
	if err != nil {
		return desk, err
	}
	var clinics []int64
	for _, p := range polis {
		switch {
		case !p.Active:
		case p.Kind == KindClinic:
			clinics = append(clinics, p.ID)
		case p.Kind == KindDesk && desk.ID == 0:
			desk = p
		}
	}
	now := m.now()
	open, err := m.sessions(ctx, clinics, now, now)
	if err == nil && (desk.ID == 0 || !slices.ContainsFunc(open, func(x Session) bool { return day(x.StartsAt) == day(now) && x.Status != Over })) {
		err = errHouseClosed
	}
	return desk, err
}

const (
	sqlWelcome = `WITH new AS (
	UPDATE epuskesmas_site SET last_record = last_record + 1
	WHERE unit_id = $1 AND EXISTS (SELECT FROM epuskesmas_patient p WHERE p.id = $2 AND p.record_number IS NULL) RETURNING last_record
)
UPDATE epuskesmas_patient p SET record_number = COALESCE(p.record_number, (SELECT last_record FROM new)),
	faskes = CASE WHEN $3 = '' THEN p.faskes ELSE $3 END, version = version + CASE WHEN $3 <> '' AND p.faskes <> $3 THEN 1 ELSE 0 END
WHERE p.id = $2 AND p.unit_id = $1 AND (p.record_number IS NULL OR $3 <> '' AND p.faskes <> $3)`

	// The number that the same form gave when it was sent before: it ended the desk's step,
	// which it saw at $2, for the same patient.
	sqlSentBefore = `SELECT t.id FROM epuskesmas_ticket d JOIN epuskesmas_ticket t ON t.visit_id = d.visit_id AND t.poli_id = $3
JOIN epuskesmas_patient p ON p.id = t.patient_id
WHERE d.id = $1 AND d.status = 'selesai' AND d.seq = $2::int + 1 AND CASE WHEN $4::bigint = 0 THEN p.name_fold = $5 AND p.birth_date = $6::date
	ELSE p.id = (SELECT COALESCE(f.merged_into, f.id) FROM epuskesmas_patient f WHERE f.id = $4) END
ORDER BY t.id LIMIT 1`

	// The visit and its step at the desk get their patient, once.
	sqlNameVisit = `WITH t AS (
	UPDATE epuskesmas_ticket SET patient_id = $2 WHERE id = $1 AND (patient_id IS NULL OR patient_id = $2) RETURNING visit_id
)
UPDATE epuskesmas_visit v SET patient_id = $2, payer = $3 FROM t WHERE v.id = t.visit_id RETURNING v.id`

	sqlKioskSite = `SELECT ` + siteColumns + ` FROM ` + siteTables + ` WHERE g.kiosk_hash = $1`

	sqlKioskByKey = `SELECT t.code, v.created_at AS at, o.name AS poli, (SELECT count(*) FROM epuskesmas_ticket b
	WHERE b.session_id = t.session_id AND b.status = 'menunggu' AND b.queue_key < t.queue_key) AS ahead
FROM epuskesmas_visit v JOIN epuskesmas_ticket t ON t.visit_id = v.id JOIN epuskesmas_poli o ON o.id = t.poli_id
WHERE v.booking_key = $1 AND v.unit_id = $2 ORDER BY t.id LIMIT 1`
)

// Slip is a ticket on paper.
type Slip struct {
	Ticket Ticket
	Site   Site
	Token  string // of /antrean/{token}
}

// Slip is what the desk or a caller hands to a patient.
func (m *Module) Slip(ctx context.Context, a authz.Actor, ticketID int64) (s Slip, err error) {
	defer errs.In(&err, "epuskesmas.Slip(%d)", ticketID)
	at, err := pg.One[scoped](ctx, m.db, sqlScoped, ticketID, workplaces(a))
	if err != nil {
		if errs.KindOf(err) == errs.NotFound {
			err = errNoTicket
		}
		return s, err
	}
	if s.Ticket, err = pg.One[Ticket](ctx, m.db, sqlTicket, ticketID); err != nil {
		return s, err
	}
	if s.Site, err = pg.One[Site](ctx, m.db, sqlSiteByID, at.UnitID); err != nil {
		return s, err
	}
	sealed, err := pg.Scalar[[]byte](ctx, m.db, sqlVisitToken, s.Ticket.VisitID)
	if err != nil {
		return s, err
	}
	s.Token, err = m.box.Open(sealed, contextToken)
	return s, err
}

const sqlVisitToken = `SELECT token_sealed FROM epuskesmas_visit WHERE id = $1`
