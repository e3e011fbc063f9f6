package epuskesmas

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Events of a session itself.
const (
	sessionCloses  = "tutup"
	sessionReopens = "buka"
)

// Close ends a session: who booked and never came did not come. While somebody still
// waits or is served it is errs.Conflict.
func (m *Module) Close(ctx context.Context, a authz.Actor, sessionID int64) (err error) {
	defer errs.In(&err, "epuskesmas.Close(%d)", sessionID)
	now := m.now()
	return m.inSession(ctx, a, sessionID, func(tx pgx.Tx, s *running) error {
		if s.Status == Over || s.Status == Dropped {
			return errs.New(errs.Conflict, "Sesi ini sudah ditutup.")
		}
		n, err := pg.Scalar[int](ctx, tx, sqlStillHere, s.ID)
		if err != nil {
			return err
		}
		if n > 0 {
			return errs.New(errs.Conflict, "Masih ada "+strconv.Itoa(n)+" orang yang menunggu atau dilayani. Selesaikan dulu, baru tutup sesinya.")
		}
		return m.closeSession(ctx, tx, a, s, now)
	})
}

// Reopen takes a closing of today back; who was found absent then stays so until the desk
// lets them in.
func (m *Module) Reopen(ctx context.Context, a authz.Actor, sessionID int64) (err error) {
	defer errs.In(&err, "epuskesmas.Reopen(%d)", sessionID)
	now := m.now()
	return m.inSession(ctx, a, sessionID, func(tx pgx.Tx, s *running) error {
		if s.Status != Over || day(s.StartsAt) != day(now) {
			return errs.New(errs.Conflict, "Hanya sesi hari ini yang sudah ditutup yang bisa dibuka lagi.")
		}
		s.Status = Running
		return m.noteSession(ctx, tx, a, s, sessionReopens, 0, 0, "", now)
	})
}

// CloseForgotten ends the sessions of earlier days that nobody has closed: who still
// waited did not come, who was being served was served.
func (m *Module) CloseForgotten(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "epuskesmas.CloseForgotten")
	now := m.now()
	ids, err := pg.Scalars[int64](ctx, m.db, sqlForgotten, day(now))
	if err != nil {
		return 0, err
	}
	var failed error
	for _, id := range ids {
		err := pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
			s, err := pg.One[running](ctx, tx, sqlLockSession, id)
			if err != nil || s.Status == Over || s.Status == Dropped {
				return err
			}
			return m.closeSession(ctx, tx, authz.System("epuskesmas"), &s, now)
		})
		if failed = errors.Join(failed, err); err == nil {
			n++
		}
	}
	return n, failed
}

// closeSession settles every open ticket of a locked session and ends it.
func (m *Module) closeSession(ctx context.Context, tx pgx.Tx, a authz.Actor, s *running, now time.Time) error {
	open, err := pg.Many[queued](ctx, tx, sqlOpenInSession, s.ID)
	if err != nil {
		return err
	}
	for _, t := range open {
		mv := &move{tx: tx, now: now, session: s, was: t, t: t, action: ActNoShow, reason: "Sesi ditutup", closing: true}
		if t.Status == Serving {
			mv.action = ActFinish
		}
		if err := m.proceed(ctx, mv, authz.System("epuskesmas")); err != nil {
			return err
		}
	}
	// Whom the desk has not asked by now keeps the record of today.
	numberless, err := pg.Scalars[int64](ctx, tx, sqlNumberless, s.ID)
	if err != nil {
		return err
	}
	for _, id := range numberless {
		if err := m.welcome(ctx, tx, s.UnitID, id, ""); err != nil {
			return err
		}
	}
	s.Status = Over
	return m.noteSession(ctx, tx, a, s, sessionCloses, 0, 0, "", now)
}

const (
	sqlStillHere     = `SELECT count(*) FROM epuskesmas_ticket WHERE session_id = $1 AND status IN ('menunggu', 'dipanggil', 'dilayani')`
	sqlOpenInSession = queueTicketColumns + `WHERE t.session_id = $1 AND t.status IN ('dipesan', 'menunggu', 'dipanggil', 'dilayani') ORDER BY t.id`
	sqlForgotten     = `SELECT id FROM epuskesmas_session WHERE day < $1::date AND status IN ('terencana', 'berjalan') ORDER BY id LIMIT 500`
)
