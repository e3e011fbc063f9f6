package epuskesmas

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// SessionsAhead lists the sessions of the clinics of a puskesmas that have a row and are not over.
func (m *Module) SessionsAhead(ctx context.Context, a authz.Actor, slug string) (s Site, _ []Session, err error) {
	defer errs.In(&err, "epuskesmas.SessionsAhead")
	if s, _, err = m.StaffSite(ctx, a, slug, PermManage); err != nil {
		return s, nil, err
	}
	list, err := pg.Many[Session](ctx, m.db, sqlSessionsAhead, s.UnitID, m.today(), m.now())
	return s, list, err
}

// Prepare makes the row of a planned session that nobody has a number of yet, so that its quota
// can be changed, a doctor's absence noted or the session dropped. What cannot be booked is
// errs.Unprocessable for "sesi".
func (m *Module) Prepare(ctx context.Context, a authz.Actor, slug string, poliID int64, startsAt time.Time) (id int64, err error) {
	defer errs.In(&err, "epuskesmas.Prepare(%d)", poliID)
	_, polis, err := m.StaffSite(ctx, a, slug, PermManage)
	if err != nil {
		return 0, err
	}
	if !slices.ContainsFunc(polis, func(p Poli) bool { return p.ID == poliID && p.Kind == KindClinic }) {
		return 0, errs.Invalid(errs.Field{Name: ControlSession, Message: "Pilih sesi dari daftar."})
	}
	s, err := m.session(ctx, poliID, startsAt, m.now())
	return s.ID, err
}

// OnDuty is a doctor of a session.
type OnDuty struct {
	ID     int64
	Name   string
	Status string
}

// ManagedSession is a session with its doctors and those who still wait for it.
func (m *Module) ManagedSession(ctx context.Context, a authz.Actor, id int64) (s Session, doctors []OnDuty, waiting []Ticket, err error) {
	defer errs.In(&err, "epuskesmas.ManagedSession(%d)", id)
	if s, err = m.managedSession(ctx, a, id); err != nil {
		return s, nil, nil, err
	}
	if doctors, err = pg.Many[OnDuty](ctx, m.db, sqlDuty, id); err != nil {
		return s, nil, nil, err
	}
	waiting, err = pg.Many[Ticket](ctx, m.db, sqlStillWaiting, id)
	return s, doctors, waiting, err
}

func (m *Module) managedSession(ctx context.Context, a authz.Actor, id int64) (Session, error) {
	s, err := pg.One[Session](ctx, m.db, sqlSessionByID, id)
	if err != nil {
		return s, err
	}
	return s, m.may(ctx, m.db, a, s.UnitID, PermManage)
}

// Absent says that a doctor will not come to a session. Its numbers stay: move or cancel
// them when nobody else serves.
func (m *Module) Absent(ctx context.Context, a authz.Actor, sessionID, doctorID int64, reason string) (err error) {
	defer errs.In(&err, "epuskesmas.Absent(%d)", sessionID)
	s, err := m.managedSession(ctx, a, sessionID)
	if err != nil {
		return err
	}
	if reason, err = needReason(reason); err != nil {
		return err
	}
	return m.manage(ctx, a, s.UnitID, "session.absent", map[string]any{"sesi": s.ID, "dokter": doctorID}, func(tx pgx.Tx, now time.Time) error {
		if err := pg.Exec(ctx, tx, sqlAbsentEvent, s.ID, doctorID, now, reason, a.AccountID); err != nil {
			return err
		}
		if err := pg.Changed(tx.Exec(ctx, sqlAbsent, s.ID, doctorID, now, reason)); err != nil {
			return err
		}
		return wake(ctx, tx, s.ID)
	})
}

// notice is what the owner of a number hears.
type notice func(v dueRow, reason string) (subject, text string)

// CancelAll drops a session: whoever still has a number in it is told. It returns how many.
func (m *Module) CancelAll(ctx context.Context, a authz.Actor, sessionID int64, reason string) (n int, err error) {
	defer errs.In(&err, "epuskesmas.CancelAll(%d)", sessionID)
	_, n, err = m.drop(ctx, a, sessionID, reason, func(ctx context.Context, tx pgx.Tx, t Ticket, reason string, now time.Time) error {
		return m.step(ctx, tx, a, t.ID, 0, ActCancel, reason, now)
	}, nil, dropped("Silakan ambil nomor baru untuk hari lain."))
	return n, err
}

// dropped says that a number is void, and what to do.
func dropped(then string) notice {
	return func(v dueRow, reason string) (subject, text string) {
		return "Antrean " + v.Code + " dibatalkan, " + v.Site, "Sesi " + v.Poli + ", " + v.Site + ", " + indo.LongDate(v.StartsAt) + " pukul " +
			indo.Clock(v.StartsAt) + " ditiadakan: " + reason + "\n\nNomor " + v.Code + " tidak berlaku lagi. Mohon maaf. " + then
	}
}

// MoveAll drops a session and gives whoever still has a number in it one in another
// session of the puskesmas, beyond its quota if need be, and tells them. Who has a number
// of that poli and day already keeps that one alone. It returns how many moved, and how
// many had one.
func (m *Module) MoveAll(ctx context.Context, a authz.Actor, sessionID, poliID int64, startsAt time.Time, reason string) (moved, had int, err error) {
	defer errs.In(&err, "epuskesmas.MoveAll(%d)", sessionID)
	from, err := m.managedSession(ctx, a, sessionID)
	if err != nil {
		return 0, 0, err
	}
	to, err := m.session(ctx, poliID, startsAt, m.now())
	switch {
	case err != nil:
		return 0, 0, err
	case to.ID == from.ID || to.UnitID != from.UnitID:
		return 0, 0, errs.Invalid(errs.Field{Name: ControlSession, Message: "Pilih sesi lain di puskesmas ini."})
	}
	return m.drop(ctx, a, sessionID, reason, func(ctx context.Context, tx pgx.Tx, t Ticket, reason string, now time.Time) error {
		there, err := pg.Scalar[bool](ctx, tx, sqlHasOther, t.ID, to.PoliID, dateOf(to.StartsAt))
		if err != nil {
			return err
		}
		if there {
			return m.step(ctx, tx, a, t.ID, 0, ActCancel, reason, now)
		}
		t.Seq = 0
		return m.transfer(ctx, tx, a, t, to, ActMove, reason, true, now)
	}, func(v dueRow, reason string) (subject, text string) {
		return "Antrean Anda dipindah, " + v.Site, "Sesi " + from.PoliName + ", " + indo.LongDate(from.StartsAt) + " pukul " + indo.Clock(from.StartsAt) +
			" ditiadakan: " + reason + "\n\nNomor Anda sekarang " + v.Code + " untuk " + v.Poli + ", " + v.Site + ", " +
			indo.LongDate(v.StartsAt) + ", sesi pukul " + indo.Clock(v.StartsAt) + "–" + indo.Clock(v.EndsAt) + " WITA. Mohon maaf.\n\n" +
			"Jika Anda tidak bisa datang, ganti hari atau batalkan lewat tiket."
	}, dropped("Nomor lain yang sudah Anda punya untuk "+to.PoliName+", "+indo.LongDate(to.StartsAt)+", tetap berlaku."))
}

// drop ends a session before its time: each does with every ticket what must be done, and
// everybody is told, in one transaction: who has another number from it, and who has none.
func (m *Module) drop(ctx context.Context, a authz.Actor, sessionID int64, reason string,
	each func(context.Context, pgx.Tx, Ticket, string, time.Time) error, toMoved, toOthers notice) (moved, others int, err error) {
	s, err := m.managedSession(ctx, a, sessionID)
	if err != nil {
		return 0, 0, err
	}
	if reason, err = needReason(reason); err != nil {
		return 0, 0, err
	}
	err = m.manage(ctx, a, s.UnitID, "session.drop", map[string]any{"sesi": s.ID}, func(tx pgx.Tx, now time.Time) error {
		err := pg.Changed(tx.Exec(ctx, sqlDropSession, s.ID))
		if errs.KindOf(err) == errs.Conflict {
			return errs.New(errs.Conflict, "Sesi ini sudah selesai.")
		}
		if err != nil {
			return err
		}
		tickets, err := pg.Many[Ticket](ctx, tx, sqlStillWaiting, s.ID)
		if err != nil {
			return err
		}
		ids := make([]int64, len(tickets))
		for i, t := range tickets {
			if err := each(ctx, tx, t, reason, now); err != nil {
				return err
			}
			ids[i] = t.ID
		}
		into, err := pg.Many[struct {
			ID      int64
			MovedTo *int64
		}](ctx, tx, sqlMovedTickets, ids)
		if err != nil {
			return err
		}
		var gone, given []int64
		for _, t := range into {
			if t.MovedTo != nil {
				given = append(given, *t.MovedTo)
			} else {
				gone = append(gone, t.ID)
			}
		}
		moved, others = len(given), len(gone)
		if err := m.tellAll(ctx, tx, given, toMoved, reason, now); err != nil {
			return err
		}
		return m.tellAll(ctx, tx, gone, toOthers, reason, now)
	})
	return moved, others, err
}

// tellAll writes to the owners of tickets.
func (m *Module) tellAll(ctx context.Context, tx pgx.Tx, ids []int64, words notice, reason string, now time.Time) error {
	told, err := pg.Many[dueRow](ctx, tx, sqlToTell, ids)
	if err != nil {
		return err
	}
	for _, v := range told {
		subject, text := words(v, reason)
		v.EndsAt = now.Add(24 * time.Hour)
		if err := m.tell(ctx, tx, v, subject, text, now); err != nil {
			return err
		}
	}
	return nil
}
