package epuskesmas

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// PriorityReasons are who goes before others.
var PriorityReasons = []string{"Lansia", "Ibu hamil", "Balita", "Penyandang disabilitas"}

// Classify lets a ticket that waits go first, or takes that back. A priority is for one
// of PriorityReasons, an emergency for a reason in words.
func (m *Module) Classify(ctx context.Context, a authz.Actor, ticketID int64, seq int, class estimate.Class, reason string) (err error) {
	defer errs.In(&err, "epuskesmas.Classify(%d)", ticketID)
	s, err := pg.One[scoped](ctx, m.db, sqlScoped, ticketID, workplaces(a))
	if err != nil {
		if errs.KindOf(err) == errs.NotFound {
			return errNoTicket
		}
		return err
	}
	if !rolesIn(a, s.Ancestors).has(AsDesk | AsCaller) {
		return errForbidden
	}
	if reason, err = classReason(class, reason); err != nil {
		return err
	}
	now := m.now()
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		mv, err := m.hold(ctx, tx, a, ticketID, now)
		if err != nil {
			return err
		}
		if seq != 0 && seq != mv.t.Seq {
			return m.stale(ctx, tx, ticketID)
		}
		mv.action, mv.reason, mv.t.Class = ActClassify, reason, class
		return m.proceed(ctx, mv, a)
	})
}

func classReason(class estimate.Class, reason string) (string, error) {
	reason = strings.Join(strings.Fields(reason), " ")
	wrong := func(message string) (string, error) {
		return "", errs.Invalid(errs.Field{Name: ControlReason, Message: message})
	}
	switch class {
	case estimate.Regular:
		return "", nil
	case estimate.Priority:
		if !slices.Contains(PriorityReasons, reason) {
			return wrong("Pilih alasan prioritas: lansia, ibu hamil, balita, atau penyandang disabilitas.")
		}
		return reason, nil
	case estimate.Emergency:
		if n := utf8.RuneCountInString(reason); n < 3 || n > 200 {
			return wrong("Tulis alasan gawat darurat dalam 3 sampai 200 huruf, misalnya “sesak napas”.")
		}
		return reason, nil
	}
	return wrong("Pilih biasa, prioritas, atau gawat darurat.")
}

// DutyAction is what a doctor does, in the events of the session.
type DutyAction string

// What doctors do.
const (
	DutyHere   DutyAction = "dokter_hadir"
	DutyPause  DutyAction = "jeda"
	DutyResume DutyAction = "lanjut"
	DutyAway   DutyAction = "dokter_absen"
)

// Duty is a doctor in a session.
type Duty struct {
	DoctorID  int64
	Name      string
	CounterID int64  // 0: at none yet
	Status    string // terjadwal, hadir, jeda or absen
	Since     *time.Time
	Reason    string
}

// Duties lists who is on duty in a session.
func (m *Module) Duties(ctx context.Context, a authz.Actor, sessionID int64) (_ []Duty, err error) {
	defer errs.In(&err, "epuskesmas.Duties(%d)", sessionID)
	return pg.Many[Duty](ctx, m.db, sqlDuties, sessionID, workplaces(a))
}

var dutyFrom = map[DutyAction][]string{
	DutyHere: {"terjadwal", "absen"}, DutyPause: {"hadir"}, DutyResume: {"jeda"}, DutyAway: {"terjadwal", "hadir", "jeda"},
}

var dutyTo = map[DutyAction]string{DutyHere: "hadir", DutyPause: "jeda", DutyResume: "hadir", DutyAway: "absen"}

// Report notes that a doctor of a session is here (at a counter), pauses, goes on or
// does not come. A pause and an absence need a reason.
func (m *Module) Report(ctx context.Context, a authz.Actor, sessionID, doctorID, counterID int64, action DutyAction, reason string) (err error) {
	defer errs.In(&err, "epuskesmas.Report(%d)", sessionID)
	to, ok := dutyTo[action]
	if !ok {
		return errs.New(errs.BadRequest, "")
	}
	reason = strings.Join(strings.Fields(reason), " ")
	if n := utf8.RuneCountInString(reason); n > 200 || (action == DutyPause || action == DutyAway) && n < 3 {
		return errs.Invalid(errs.Field{Name: ControlReason, Message: "Tulis alasannya dalam 3 sampai 200 huruf."})
	}
	now := m.now()
	return m.inSession(ctx, a, sessionID, func(tx pgx.Tx, s *running) error {
		err := pg.Changed(tx.Exec(ctx, sqlSetDuty, s.ID, doctorID, dutyFrom[action], to, now, reason, counterID, s.PoliID, action == DutyHere))
		if errs.KindOf(err) == errs.Conflict {
			return errs.New(errs.Conflict, "Keadaan dokter ini baru saja diubah orang lain. Lihat keadaan terbarunya.")
		}
		if err != nil {
			return err
		}
		if action == DutyHere {
			s.Status = Running
		}
		return m.noteSession(ctx, tx, a, s, string(action), doctorID, counterID, reason, now)
	})
}

// inSession locks a session of a puskesmas in which the actor calls or manages.
func (m *Module) inSession(ctx context.Context, a authz.Actor, sessionID int64, do func(pgx.Tx, *running) error) error {
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		s, err := pg.One[running](ctx, tx, sqlLockSession, sessionID)
		if err == nil {
			err = m.may(ctx, tx, a, s.UnitID, PermCall, PermManage)
		}
		if err != nil {
			return err
		}
		return do(tx, &s)
	})
}

// noteSession writes an event of the session itself and saves it.
func (m *Module) noteSession(ctx context.Context, tx pgx.Tx, a authz.Actor, s *running, action string, doctorID, counterID int64, reason string, now time.Time) error {
	s.Seq++
	if err := pg.Exec(ctx, tx, sqlSessionEvent, s.ID, s.Seq, now, action, doctorID, counterID, reason, a.AccountID); err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlSaveSession, s.ID, s.Status, s.InRow, s.HighKey, s.Seq); err != nil {
		return err
	}
	return wake(ctx, tx, s.ID)
}

const (
	sqlDuties = `SELECT y.doctor_id, e.name, COALESCE(y.counter_id, 0) AS counter_id, y.status, y.since, y.reason FROM epuskesmas_duty y
JOIN epuskesmas_doctor e ON e.id = y.doctor_id JOIN epuskesmas_session s ON s.id = y.session_id JOIN org_unit u ON u.id = s.unit_id
WHERE y.session_id = $1 AND u.ancestors && $2::bigint[] ORDER BY y.id`

	// Who is here stands at the counter $7 of the poli $8; nobody else does then.
	sqlSetDuty = `WITH away AS (
	UPDATE epuskesmas_duty SET counter_id = NULL WHERE session_id = $1 AND doctor_id <> $2 AND counter_id = NULLIF($7::bigint, 0) AND $9::boolean
)
UPDATE epuskesmas_duty SET status = $4, since = $5, reason = $6,
	counter_id = CASE WHEN $9::boolean THEN (SELECT c.id FROM epuskesmas_counter c WHERE c.id = $7 AND c.poli_id = $8) ELSE counter_id END
WHERE session_id = $1 AND doctor_id = $2 AND status = ANY ($3::text[])`

	sqlSessionEvent = `INSERT INTO epuskesmas_event (session_id, seq, at, action, doctor_id, counter_id, reason, actor_id)
VALUES ($1, $2, $3, $4, NULLIF($5::bigint, 0), NULLIF($6::bigint, 0), $7, NULLIF($8::bigint, 0))`
)
