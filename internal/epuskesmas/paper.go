package epuskesmas

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

const (
	// lateDays is for how long the desk enters what was written on paper; who manages the
	// puskesmas may for lateMost.
	lateDays = 7
	lateMost = 60
	// MaxSetAside is how many numbers are set aside for paper at once.
	MaxSetAside = 100
)

// PaperSession is one session of a day's list: its numbers so far, what they wait for, and
// the numbers set aside for paper that nobody has yet.
type PaperSession struct {
	ID       int64
	PoliID   int64
	Poli     string
	Letter   string
	StartsAt time.Time
	EndsAt   time.Time
	Tickets  []PaperTicket
	Free     []int // numbers set aside
	Doctors  []PaperDoctor
}

// PaperDoctor is one of the doctors of a session, absent or not: paper may know better.
type PaperDoctor struct {
	SessionID, ID int64
	Name          string
}

// Number writes a number of the session as it is called: A-017.
func (s PaperSession) Number(n int) string { return fmt.Sprintf("%s-%03d", s.Letter, n) }

// PaperTicket is a line of the list.
type PaperTicket struct {
	Ticket
	About *time.Time // when they were told it would be their turn; nil: nothing yet
}

const (
	sqlPaperSessions = `
SELECT s.id, s.poli_id, p.name AS poli, p.letter, s.starts_at, s.ends_at FROM epuskesmas_session s JOIN epuskesmas_poli p ON p.id = s.poli_id
WHERE s.unit_id = $1 AND s.day = $2::date AND s.status <> 'ditiadakan' AND p.kind = 'poli' ORDER BY p.position, s.starts_at, s.id`

	sqlPaperTickets = `
SELECT ` + ticketColumns + `, (SELECT e.p50 FROM epuskesmas_estimate e WHERE e.ticket_id = t.id ORDER BY e.id DESC LIMIT 1) AS about
FROM ` + ticketTables + ` WHERE t.session_id = ANY ($1::bigint[]) AND t.status NOT IN ('batal', 'dijadwalkan_ulang', 'dialihkan') ORDER BY t.session_id, t.number`

	sqlPaperFree = `
SELECT b.session_id, n FROM epuskesmas_paper b, generate_series(b.first, b.last) n
WHERE b.session_id = ANY ($1::bigint[]) AND NOT EXISTS (SELECT FROM epuskesmas_ticket t WHERE t.session_id = b.session_id AND t.number = n) ORDER BY 1, 2`

	sqlPaperDoctors = `
SELECT y.session_id, d.id, d.name FROM epuskesmas_duty y JOIN epuskesmas_doctor d ON d.id = y.doctor_id WHERE y.session_id = ANY ($1::bigint[]) ORDER BY y.id`

	sqlSetAside = `
WITH s AS (UPDATE epuskesmas_session SET last_number = last_number + $2 WHERE id = $1 RETURNING id, last_number)
INSERT INTO epuskesmas_paper (session_id, first, last, at, actor_id) SELECT id, last_number - $2 + 1, last_number, $3, $4 FROM s RETURNING first`

	sqlSessionScope = `
SELECT s.id, s.unit_id, s.poli_id, s.day, s.starts_at, s.ends_at, s.quota AS "all", s.quota_online AS online, s.quota_jkn AS jkn, s.quota_general AS general, s.seq, s.status, p.letter
FROM epuskesmas_session s JOIN epuskesmas_poli p ON p.id = s.poli_id WHERE s.id = $1 FOR UPDATE OF s`

	sqlNumberOf = `SELECT id, status, late_entry AS paper FROM epuskesmas_ticket WHERE session_id = $1 AND number = $2`

	sqlIsSetAside = `SELECT EXISTS (SELECT FROM epuskesmas_paper WHERE session_id = $1 AND $2 BETWEEN first AND last)`

	sqlLateTicket = `
INSERT INTO epuskesmas_ticket (visit_id, session_id, unit_id, poli_id, day, patient_id, number, code, online, counted, jkn, status, status_at, queue_key, late_entry)
VALUES ($1, $2, $3, $4, $5, $6, $7::integer, $8, false, true, $9, 'menunggu', $10, $7::integer, true) RETURNING id`

	sqlLateSession = `
UPDATE epuskesmas_session SET taken = taken + 1, taken_jkn = taken_jkn + CASE WHEN $2 THEN 1 ELSE 0 END, taken_general = taken_general + CASE WHEN $2 THEN 0 ELSE 1 END,
	quota = GREATEST(quota, taken + 1), quota_jkn = CASE WHEN $2 AND quota_jkn IS NOT NULL THEN GREATEST(quota_jkn, taken_jkn + 1) ELSE quota_jkn END,
	quota_general = CASE WHEN NOT $2 AND quota_general IS NOT NULL THEN GREATEST(quota_general, taken_general + 1) ELSE quota_general END
WHERE id = $1 RETURNING quota AS "all", quota_online AS online, quota_jkn AS jkn, quota_general AS general`

	sqlLateDone = `
UPDATE epuskesmas_ticket SET status = $2, status_at = $3, here_at = $4, first_call_at = $5, called_at = $5, started_at = $6, ended_at = $7, counter_id = NULL,
	doctor_id = COALESCE(NULLIF($8::bigint, 0), doctor_id), late_entry = true, seq = seq + 1
WHERE id = $1`

	sqlLateEvent = `
INSERT INTO epuskesmas_event (session_id, seq, at, action, ticket_id, doctor_id, from_status, to_status, reason, actor_id, late, happened_at)
VALUES ($1, $2, $3, $4, $5, NULLIF($6::bigint, 0), $7, $8, $9, NULLIF($10::bigint, 0), true, $11)`

	sqlBumpSeq = `UPDATE epuskesmas_session SET seq = $2 WHERE id = $1`
)

// PaperList is the list of a day for a puskesmas to work with on paper. Needs PermDesk or
// PermManage.
func (m *Module) PaperList(ctx context.Context, a authz.Actor, slug string, on time.Time) (s Site, list []PaperSession, err error) {
	defer errs.In(&err, "epuskesmas.PaperList")
	if s, _, err = m.StaffSite(ctx, a, slug, PermDesk, PermManage); err != nil {
		return s, nil, err
	}
	sessions, err := pg.Many[struct {
		ID, PoliID       int64
		Poli, Letter     string
		StartsAt, EndsAt time.Time
	}](ctx, m.db, sqlPaperSessions, s.UnitID, dateOf(on))
	if err != nil {
		return s, nil, err
	}
	ids := make([]int64, len(sessions))
	at := map[int64]int{}
	for i, x := range sessions {
		ids[i], at[x.ID] = x.ID, i
		list = append(list, PaperSession{ID: x.ID, PoliID: x.PoliID, Poli: x.Poli, Letter: x.Letter, StartsAt: x.StartsAt, EndsAt: x.EndsAt})
	}
	tickets, err := pg.Many[PaperTicket](ctx, m.db, sqlPaperTickets, ids)
	if err != nil {
		return s, nil, err
	}
	for _, t := range tickets {
		i := at[t.SessionID]
		list[i].Tickets = append(list[i].Tickets, t)
	}
	free, err := pg.Many[struct {
		SessionID int64
		N         int
	}](ctx, m.db, sqlPaperFree, ids)
	for _, f := range free {
		i := at[f.SessionID]
		list[i].Free = append(list[i].Free, f.N)
	}
	if err != nil {
		return s, nil, err
	}
	doctors, err := pg.Many[PaperDoctor](ctx, m.db, sqlPaperDoctors, ids)
	for _, d := range doctors {
		i := at[d.SessionID]
		list[i].Doctors = append(list[i].Doctors, d)
	}
	return s, list, err
}

// SetAside keeps the next n numbers of a session for paper and returns the first. The
// portal goes on after them. Needs PermDesk or PermManage.
func (m *Module) SetAside(ctx context.Context, a authz.Actor, sessionID int64, n int) (first int, err error) {
	defer errs.In(&err, "epuskesmas.SetAside(%d)", sessionID)
	if n < 1 || n > MaxSetAside {
		return 0, errs.Invalid(errs.Field{Name: ControlCount, Message: "Sisihkan 1 sampai 100 nomor."})
	}
	now := m.now()
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		s, err := m.lateSession(ctx, tx, a, sessionID)
		if err != nil {
			return err
		}
		if s.Status == Over || s.Status == Dropped {
			return errs.New(errs.Conflict, "Sesi ini sudah selesai.")
		}
		if first, err = pg.Scalar[int](ctx, tx, sqlSetAside, sessionID, n, now, a.AccountID); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{
			Action: "epuskesmas.paper.set_aside", Object: "epuskesmas_session", ObjectID: sessionID, UnitID: s.UnitID, Detail: map[string]any{"dari": first, "banyak": n},
		})
	})
	return first, err
}

// lateScope is a session that something is entered for.
type lateScope struct {
	ID, UnitID, PoliID int64
	Day                time.Time
	StartsAt, EndsAt   time.Time
	Quota
	Seq    int
	Status SessionStatus
	Letter string
}

// lateSession locks a session of a puskesmas in which the actor works with paper.
func (m *Module) lateSession(ctx context.Context, tx pgx.Tx, a authz.Actor, id int64) (s lateScope, err error) {
	if s, err = pg.One[lateScope](ctx, tx, sqlSessionScope, id); err != nil {
		return s, err
	}
	return s, m.may(ctx, tx, a, s.UnitID, PermDesk, PermManage)
}

// EnterLate enters what paper says about a number: of somebody who had it before the power
// went, also when the portal has taken them for absent since, or of somebody who got one
// that was set aside. What is entered is marked, and the
// estimator does not look at it. A number that was entered already is errs.Conflict.
//
// Somebody new who looks like a patient known here is an [Alike], as errs.Conflict, to who
// may see patients. Whoever was there has a medical-record number from then on.
//
// The quota of the session grows where paper has more patients than it: they were there.
// Such a change is on record.
func (m *Module) EnterLate(ctx context.Context, a authz.Actor, in LateEntry) (err error) {
	defer errs.In(&err, "epuskesmas.EnterLate(%d)", in.SessionID)
	unitID, err := pg.Scalar[int64](ctx, m.db, sqlSessionUnit, in.SessionID)
	if err != nil {
		return err
	}
	now := m.now()
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		// Before the session is locked, as the desk does it.
		if err := lockNewPatient(ctx, tx, unitID, Booking{PatientID: in.PatientID}); err != nil {
			return err
		}
		s, err := m.lateSession(ctx, tx, a, in.SessionID)
		if err != nil {
			return err
		}
		in := in // the transaction may run again
		if err := m.checkLate(ctx, tx, a, s, &in, now); err != nil {
			return err
		}
		e := lateWriter{tx: tx, now: now, actor: a.AccountID, session: s, in: in}
		t, err := pg.One[struct {
			ID     int64
			Status Status
			Paper  bool
		}](ctx, tx, sqlNumberOf, s.ID, in.Number)
		switch {
		case err != nil && errs.KindOf(err) != errs.NotFound:
			return err
		case err == nil && !t.Status.Active() && !(t.Status == NoShow && in.Outcome != NoShow && !t.Paper):
			return errs.New(errs.Conflict, "Nomor "+e.code()+" sudah dicatat: "+t.Status.Name()+".")
		case err == nil:
			e.ticket, e.was = t.ID, t.Status
		default:
			if err := m.lateNumber(ctx, a, &e); err != nil {
				return err
			}
		}
		if err := e.write(ctx); err != nil {
			return err
		}
		if in.Outcome != NoShow {
			patient, err := pg.One[struct{ PatientID *int64 }](ctx, tx, sqlTicketPatient, e.ticket)
			if err == nil && patient.PatientID != nil {
				err = m.welcome(ctx, tx, s.UnitID, *patient.PatientID, "")
			}
			if err != nil {
				return err
			}
		}
		if err := audit.Write(ctx, tx, a, now, audit.Entry{
			Action: "epuskesmas.paper.enter", Object: "epuskesmas_ticket", ObjectID: e.ticket, UnitID: s.UnitID, Detail: map[string]any{"akhir": in.Outcome},
		}); err != nil {
			return err
		}
		if err := workledger.Record(ctx, tx, now, workledger.Event{
			Actor: a, Position: a.MainPosition(), UnitID: s.UnitID, Module: "epuskesmas", Kind: kindLate, Object: "epuskesmas_ticket", ObjectID: e.ticket,
			Outcome: string(in.Outcome), StartedAt: &s.StartsAt,
		}); err != nil {
			return err
		}
		if err := live.Notify(ctx, tx, LiveSession(s.ID)); err != nil {
			return err
		}
		return live.Notify(ctx, tx, LiveSite(s.UnitID))
	})
}

// lateNumber makes the visit and ticket of a number that was set aside.
func (m *Module) lateNumber(ctx context.Context, a authz.Actor, e *lateWriter) error {
	kept, err := pg.Scalar[bool](ctx, e.tx, sqlIsSetAside, e.session.ID, e.in.Number)
	if err != nil {
		return err
	}
	if !kept {
		return errs.Invalid(errs.Field{Name: ControlNumber, Message: "Nomor " + e.code() + " tidak disisihkan untuk kertas. Periksa nomornya."})
	}
	b := Booking{PatientID: e.in.PatientID, Name: e.in.Name, BirthDate: e.in.BirthDate, NIK: e.in.NIK, BPJS: e.in.BPJS, Payer: e.in.Payer, Origin: OriginDesk}
	if err := m.CheckPerson(&b); err != nil {
		return err
	}
	if m.may(ctx, e.tx, a, e.session.UnitID, PermDesk, PermPatient) == nil {
		if err := m.beware(ctx, e.tx, e.session.UnitID, b, e.in.Seen); err != nil {
			return err
		}
	}
	patient, _, err := m.patient(ctx, e.tx, b, e.session.UnitID, nil, e.now)
	if err != nil {
		return err
	}
	token := crypt.Token()
	visit, err := pg.Scalar[int64](ctx, e.tx, sqlInsertVisit, e.session.UnitID, dateOf(e.session.StartsAt), patient, 0, nil, nil, "",
		m.box.Seal(token, contextToken), crypt.HashToken(token), "", b.Payer, nil, OriginDesk, e.now)
	if err != nil {
		return err
	}
	grown, err := pg.One[Quota](ctx, e.tx, sqlLateSession, e.session.ID, b.Payer == JKN)
	if err != nil {
		return err
	}
	if !grown.same(e.session.Quota) {
		if err := recordQuota(ctx, e.tx, a, e.session.UnitID, e.session.ID, 0, e.session.Quota, grown, "Catatan dari kertas melebihi kuota", e.now); err != nil {
			return err
		}
	}
	e.ticket, err = pg.Scalar[int64](ctx, e.tx, sqlLateTicket, visit, e.session.ID, e.session.UnitID, e.session.PoliID, dateOf(e.session.StartsAt), patient, e.in.Number,
		e.code(), b.Payer == JKN, e.now)
	if pg.Violates(err, "epuskesmas_ticket_patient_key") {
		return errSecond
	}
	if err != nil {
		return err
	}
	e.was = ""
	return e.event(ctx, ActBook, Waiting, e.in.Here)
}

// lateWriter writes the events and the row of one late entry.
type lateWriter struct {
	tx      pgx.Tx
	now     time.Time
	actor   int64
	session lateScope
	ticket  int64
	was     Status
	in      LateEntry
}

func (e *lateWriter) code() string { return fmt.Sprintf("%s-%03d", e.session.Letter, e.in.Number) }

// event adds one event; happened is when paper says it was.
func (e *lateWriter) event(ctx context.Context, action Action, to Status, happened time.Time) error {
	e.session.Seq++
	at := &happened
	if happened.IsZero() {
		at = nil
	}
	if err := pg.Exec(ctx, e.tx, sqlLateEvent, e.session.ID, e.session.Seq, e.now, action, e.ticket, e.in.DoctorID, e.was, to, "dari kertas", e.actor, at); err != nil {
		return err
	}
	e.was = to
	return nil
}

// write adds the steps that led to the outcome and brings the row there.
func (e *lateWriter) write(ctx context.Context) error {
	in := e.in
	type step struct {
		action Action
		to     Status
		at     time.Time
	}
	var steps []step
	switch {
	case e.was == Booked && in.Outcome != NoShow:
		steps = append(steps, step{ActCheckIn, Waiting, in.Here})
	case e.was == NoShow: // the portal took them for absent when it closed the session
		steps = append(steps, step{ActReinstate, Waiting, in.Here})
	}
	if in.Outcome == NoShow {
		steps = append(steps, step{ActNoShow, NoShow, in.Called})
	} else {
		if e.was != Called && e.was != Serving {
			steps = append(steps, step{ActCall, Called, in.Called})
		}
		if e.was != Serving {
			steps = append(steps, step{ActServe, Serving, in.Started})
		}
		last := ActFinish
		if in.Outcome == Referred {
			last = ActRefer
		}
		steps = append(steps, step{last, in.Outcome, in.Ended})
	}
	for _, s := range steps {
		if err := e.event(ctx, s.action, s.to, s.at); err != nil {
			return err
		}
	}
	some := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		return &t
	}
	if err := pg.Exec(ctx, e.tx, sqlLateDone, e.ticket, in.Outcome, e.now, some(in.Here), some(in.Called), some(in.Started), some(in.Ended), in.DoctorID); err != nil {
		return err
	}
	return pg.Exec(ctx, e.tx, sqlBumpSeq, e.session.ID, e.session.Seq)
}

// checkLate refuses what cannot have been, and fills in what paper left out.
func (m *Module) checkLate(ctx context.Context, q pg.Querier, a authz.Actor, s lateScope, in *LateEntry, now time.Time) error {
	var wrong []errs.Field
	bad := func(control, message string) { wrong = append(wrong, errs.Field{Name: control, Message: message}) }
	most := lateDays
	if m.may(ctx, q, a, s.UnitID, PermManage) == nil {
		most = lateMost
	}
	day := dateOf(s.StartsAt)
	switch {
	case day > dateOf(now):
		return errs.New(errs.Conflict, "Sesi ini belum berlangsung.")
	case day < dateOf(now.AddDate(0, 0, -most)):
		return errs.New(errs.Conflict, fmt.Sprintf("Catatan susulan paling lambat %d hari sesudahnya.", most))
	case s.Status == Dropped:
		return errs.New(errs.Conflict, "Sesi ini ditiadakan.")
	}
	if !slices.Contains([]Status{Done, Referred, NoShow}, in.Outcome) {
		bad(ControlOutcome, "Pilih bagaimana berakhirnya.")
	}
	if in.Number < 1 {
		bad(ControlNumber, "Tulis nomor antreannya.")
	}
	if in.Outcome != NoShow {
		if in.Started.IsZero() {
			bad(ControlStarted, "Tulis jam mulai dilayani.")
		}
		if in.Ended.IsZero() {
			bad(ControlEnded, "Tulis jam selesai.")
		}
		if in.Called.IsZero() {
			in.Called = in.Started
		}
		if in.Here.IsZero() {
			in.Here = in.Called
		}
	}
	if in.Outcome == NoShow {
		in.DoctorID = 0 // nobody saw them
	}
	if in.DoctorID != 0 {
		doctors, err := pg.Many[PaperDoctor](ctx, q, sqlPaperDoctors, []int64{s.ID})
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(doctors, func(d PaperDoctor) bool { return d.ID == in.DoctorID }) {
			bad(ControlLateDoctor, "Dokter ini tidak bertugas di sesi itu. Pilih dokter lain, atau kosongkan.")
		}
	}
	before := time.Time{}
	for _, x := range []struct {
		control, what string
		at            time.Time
	}{{ControlHere, "hadir", in.Here}, {ControlCalled, "dipanggil", in.Called}, {ControlStarted, "mulai dilayani", in.Started}, {ControlEnded, "selesai", in.Ended}} {
		switch {
		case x.at.IsZero():
			continue
		case dateOf(x.at) != day:
			bad(x.control, "Jam "+x.what+" harus pada hari sesi itu.")
		case x.at.After(now):
			bad(x.control, "Jam "+x.what+" belum tiba.")
		case x.at.Before(before):
			bad(x.control, "Jam "+x.what+" lebih awal dari langkah sebelumnya.")
		}
		before = x.at
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return nil
}

// ClockOn is a time of day, "09.40" or "09:40", on a day; the zero time and false for
// what is none.
func ClockOn(day time.Time, text string) (time.Time, bool) {
	text = strings.ReplaceAll(strings.TrimSpace(text), ".", ":")
	if text == "" {
		return time.Time{}, true
	}
	t, err := time.Parse("15:04", text)
	if err != nil {
		return time.Time{}, false
	}
	y, mo, d := day.In(clock.Makassar).Date()
	return time.Date(y, mo, d, t.Hour(), t.Minute(), 0, 0, clock.Makassar), true
}

// LateEntry is what was written on paper about one number.
type LateEntry struct {
	SessionID int64
	Number    int // given before, or set aside for paper
	PatientID int64
	Seen      []int64 // patients who look the same as a new one, of whom it is none
	Name      string  // of a new patient
	BirthDate time.Time
	NIK       string
	BPJS      string
	Payer     Payer
	DoctorID  int64 // of the session's; 0: not written down
	// Times of the day; the zero time where nothing was written. A patient who was served
	// has Started and Ended.
	Here, Called, Started, Ended time.Time
	Outcome                      Status // Done, Referred or NoShow
}

// Controls of late entries.
const (
	ControlNumber  = "nomor"
	ControlHere    = "jam_hadir"
	ControlCalled  = "jam_panggil"
	ControlStarted = "jam_mulai"
	ControlEnded   = "jam_selesai"
	ControlOutcome = "akhir"
	ControlCount   = "banyaknya"

	ControlLateDoctor = "dokter"
)
