package epuskesmas

import (
	"context"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// maxHorizon is how many days ahead a puskesmas may be booked at most.
const maxHorizon = 90

// Sessions lists a poli's sessions from today to its horizon, those that nobody has
// a number of included; what is over, closed days and holidays are left out, full ones
// are not.
func (m *Module) Sessions(ctx context.Context, poliID int64) (_ []Session, err error) {
	defer errs.In(&err, "epuskesmas.Sessions(%d)", poliID)
	now := m.now()
	return m.sessions(ctx, []int64{poliID}, now, now.AddDate(0, 0, maxHorizon))
}

// SessionsOf is Sessions for several polis of one puskesmas, in the order of time.
func (m *Module) SessionsOf(ctx context.Context, polis []Poli) (_ []Session, err error) {
	defer errs.In(&err, "epuskesmas.SessionsOf")
	now, ids := m.now(), make([]int64, len(polis))
	for i, p := range polis {
		ids[i] = p.ID
	}
	return m.sessions(ctx, ids, now, now.AddDate(0, 0, maxHorizon))
}

// sessions lists what is open to bookings made now, on days up to last.
func (m *Module) sessions(ctx context.Context, poliIDs []int64, now, last time.Time) ([]Session, error) {
	list, err := pg.Many[Session](ctx, m.db, sqlSessions, poliIDs, dateOf(now), dateOf(last), now)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	cal, err := m.calendarOf(ctx, list[0].UnitID)
	return slices.DeleteFunc(list, func(s Session) bool { return err == nil && cal.Holiday(s.StartsAt) != "" }), err
}

// session is the session of a poli that begins at a moment, its row made. What cannot
// be booked now is errs.Unprocessable for "sesi".
func (m *Module) session(ctx context.Context, poliID int64, startsAt, now time.Time) (Session, error) {
	wrong := func(message string) error { return errs.Invalid(errs.Field{Name: ControlSession, Message: message}) }
	switch days := startsAt.Sub(now).Hours() / 24; {
	case dateOf(startsAt) < dateOf(now):
		return Session{}, wrong("Hari itu sudah lewat. Pilih hari ini atau sesudahnya.")
	case days > maxHorizon+1:
		return Session{}, wrong("Hari itu masih terlalu jauh. Pilih salah satu sesi yang ada.")
	}
	made, err := pg.One[Session](ctx, m.db, sqlMadeSession, poliID, startsAt, now, dateOf(now))
	if err == nil {
		cal, err := m.calendarOf(ctx, made.UnitID)
		if err == nil && cal.Holiday(startsAt) == "" {
			return made, nil
		}
	}
	if unlessNotFound(err) != nil {
		return Session{}, err
	}
	list, err := m.sessions(ctx, []int64{poliID}, now, startsAt)
	if err != nil {
		return Session{}, err
	}
	i := slices.IndexFunc(list, func(s Session) bool { return s.StartsAt.Equal(startsAt) })
	if i < 0 {
		return Session{}, wrong("Tidak ada sesi pada waktu itu: poli tutup, atau sesinya sudah selesai. Pilih sesi lain.")
	}
	s := list[i]
	if s.ID == 0 {
		s.ID, err = m.makeSession(ctx, m.db, s)
	}
	return s, err
}

// makeSession makes the row of a planned session, unless it is there by now.
func (m *Module) makeSession(ctx context.Context, q pg.Querier, s Session) (int64, error) {
	if err := pg.Exec(ctx, q, sqlMakeSession, s.PlanID, s.StartsAt.In(clock.Makassar).Format(time.DateOnly)); err != nil {
		return 0, err
	}
	return pg.Scalar[int64](ctx, q, sqlSessionID, s.PoliID, s.StartsAt)
}
