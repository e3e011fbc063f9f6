package epuskesmas

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Forward ends a step, unless it has ended today, and gives a number at another poli
// of the house, the patient being here. It takes no place of that poli's quota.
func (m *Module) Forward(ctx context.Context, a authz.Actor, ticketID int64, seq int, poliID int64) (out Ticket, err error) {
	defer errs.In(&err, "epuskesmas.Forward(%d)", ticketID)
	from, err := m.callersTicket(ctx, a, ticketID)
	if err != nil {
		return out, err
	}
	to, err := pg.One[Poli](ctx, m.db, sqlPoli, poliID)
	if unlessNotFound(err) != nil {
		return out, err
	}
	if err != nil || to.UnitID != from.UnitID || !to.Active || to.ID == from.PoliID {
		return out, errs.Invalid(errs.Field{Name: "poli", Message: "Pilih poli atau bagian lain di puskesmas ini."})
	}
	now := m.now()
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		id, err := m.todays(ctx, tx, to, now)
		if err != nil {
			return err
		}
		if id == 0 {
			return errNotToday
		}
		if err := m.endStep(ctx, tx, a, ticketID, from, id, seq, now); err != nil {
			return err
		}
		n, err := m.nextStep(ctx, tx, a, ticketID, id, now)
		out.ID = n.ID
		return err
	})
	if err != nil {
		return Ticket{}, err
	}
	return pg.One[Ticket](ctx, m.db, sqlTicket, out.ID)
}

// scoped is a ticket and where it is.
type scoped struct {
	SessionID int64
	UnitID    int64
	PoliID    int64
	Day       time.Time
	Ancestors []int64
}

// callersTicket is a ticket that the actor may serve.
func (m *Module) callersTicket(ctx context.Context, a authz.Actor, ticketID int64) (s scoped, err error) {
	s, err = pg.One[scoped](ctx, m.db, sqlScoped, ticketID, workplaces(a))
	switch {
	case err != nil && errs.KindOf(err) == errs.NotFound:
		return s, errNoTicket
	case err == nil && !rolesIn(a, s.Ancestors).has(AsCaller):
		return s, errForbidden
	}
	return s, err
}

// endStep locks the sessions of both steps in the order of their ids, so that two who
// send patients to each other do not wait for each other, and finishes the first step.
func (m *Module) endStep(ctx context.Context, tx pgx.Tx, a authz.Actor, ticketID int64, from scoped, session int64, seq int, now time.Time) error {
	if day(from.Day) != day(now) {
		return errs.New(errs.Conflict, "Nomor ini dari hari lain. Daftarkan pasien lagi di loket.")
	}
	if _, err := pg.Scalars[int64](ctx, tx, sqlLockSessions, []int64{from.SessionID, session}); err != nil {
		return err
	}
	t, err := pg.One[queued](ctx, tx, sqlQueueTicket, ticketID)
	if err != nil {
		return err
	}
	if t.Status == Done {
		if seq != 0 && seq != t.Seq {
			return m.stale(ctx, tx, ticketID)
		}
		return nil
	}
	return m.step(ctx, tx, a, ticketID, seq, ActFinish, "", now)
}

// nextStep gives the patient of a ticket a number in another session; an emergency at
// one poli is a priority at the next.
func (m *Module) nextStep(ctx context.Context, tx pgx.Tx, a authz.Actor, ticketID, session int64, now time.Time) (taken, error) {
	t, err := pg.One[struct {
		VisitID     int64
		PatientID   *int64
		Jkn         bool
		Class       estimate.Class
		ClassReason string
	}](ctx, tx, sqlStepOf, ticketID)
	if err != nil {
		return taken{}, err
	}
	if t.Class == estimate.Emergency {
		t.Class = estimate.Priority
	}
	p := place{sessionID: session, visitID: t.VisitID, patientID: t.PatientID, payer: General, class: t.Class, reason: t.ClassReason, here: &now,
		actor: a.AccountID, free: true}
	if t.Jkn {
		p.payer = JKN
	}
	n, err := take(ctx, tx, p, now)
	if err != nil {
		return n, err
	}
	return n, wake(ctx, tx, session)
}

// wake tells those who watch a session or its house to look again.
func wake(ctx context.Context, tx pgx.Tx, session int64) error {
	unit, err := pg.Scalar[int64](ctx, tx, sqlSessionUnit, session)
	if err != nil {
		return err
	}
	if err := live.Notify(ctx, tx, LiveSession(session)); err != nil {
		return err
	}
	return live.Notify(ctx, tx, LiveSite(unit))
}

// stale says what became of a ticket that somebody else has just changed.
func (m *Module) stale(ctx context.Context, q pg.Querier, ticketID int64) error {
	t, err := pg.One[Ticket](ctx, q, sqlTicket, ticketID)
	if err != nil {
		return err
	}
	at := ""
	if t.Counter != "" {
		at = " " + t.Counter
	}
	what := map[Status]string{
		Called: "baru saja dipanggil" + at, Serving: "sedang dilayani" + at, Done: "sudah selesai dilayani" + at,
		Referred: "sudah dirujuk" + at, Waiting: "kembali menunggu", NoShow: "dinyatakan tidak hadir", Cancelled: "baru saja dibatalkan",
	}[t.Status]
	if what == "" {
		what = "baru saja " + t.Status.Name()
	}
	return errs.New(errs.Conflict, "Nomor "+t.Code+" "+what+". Lihat keadaan terbarunya, lalu ulangi bila masih perlu.")
}

const (
	sqlScoped = `SELECT t.session_id, t.unit_id, t.poli_id, t.day, u.ancestors FROM epuskesmas_ticket t JOIN org_unit u ON u.id = t.unit_id
WHERE t.id = $1 AND u.ancestors && $2::bigint[]`
	sqlStepOf      = `SELECT visit_id, patient_id, jkn, class, class_reason FROM epuskesmas_ticket WHERE id = $1`
	sqlSessionUnit = `SELECT unit_id FROM epuskesmas_session WHERE id = $1`
)
