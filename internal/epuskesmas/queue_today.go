package epuskesmas

import (
	"cmp"
	"context"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Station is a counter with where it stands.
type Station struct {
	Counter Counter
	Poli    Poli
	Site    Site
}

// workPermissions let somebody see the queues of a puskesmas.
var workPermissions = []authz.Permission{PermDesk, PermCall, PermTriage, PermManage}

// Station is a counter of a puskesmas in which the actor works; another one is errs.NotFound.
func (m *Module) Station(ctx context.Context, a authz.Actor, counterID int64) (s Station, err error) {
	defer errs.In(&err, "epuskesmas.Station(%d)", counterID)
	if s.Counter, err = pg.One[Counter](ctx, m.db, sqlStation, counterID, workplaces(a)); err != nil {
		if errs.KindOf(err) == errs.NotFound {
			err = errNoCounter
		}
		return s, err
	}
	if s.Poli, err = pg.One[Poli](ctx, m.db, sqlPoli, s.Counter.PoliID); err != nil {
		return s, err
	}
	s.Site, err = pg.One[Site](ctx, m.db, sqlSiteByID, s.Poli.UnitID)
	return s, err
}

// Counters lists the counters of a puskesmas that are in use.
func (m *Module) Counters(ctx context.Context, a authz.Actor, unitID int64) (_ []Counter, err error) {
	defer errs.In(&err, "epuskesmas.Counters(%d)", unitID)
	if err := m.may(ctx, m.db, a, unitID, workPermissions...); err != nil {
		return nil, err
	}
	return pg.Many[Counter](ctx, m.db, sqlCountersInUse, unitID)
}

// Load is how much a poli has to do today.
type Load struct {
	PoliID  int64
	Waiting int
	Booked  int // not here yet
	Now     int // called or served
	Done    int
	Closed  bool // its sessions of the day are over
}

// Loads counts what every poli of a puskesmas has to do today, by poli.
func (m *Module) Loads(ctx context.Context, a authz.Actor, unitID int64) (out map[int64]Load, err error) {
	defer errs.In(&err, "epuskesmas.Loads(%d)", unitID)
	if err := m.may(ctx, m.db, a, unitID, DeskPermissions...); err != nil {
		return nil, err
	}
	list, err := pg.Many[Load](ctx, m.db, sqlLoads, unitID, m.today())
	out = map[int64]Load{}
	for _, l := range list {
		out[l.PoliID] = l
	}
	return out, err
}

// todays is the id of the session in which a poli calls now, made when it is first
// used; 0 when the poli does not work today.
func (m *Module) todays(ctx context.Context, q pg.Querier, p Poli, now time.Time) (int64, error) {
	ids, err := pg.Scalars[int64](ctx, q, sqlCallingSession, p.ID, day(now), now)
	if err != nil || len(ids) > 0 {
		return firstID(ids), err
	}
	if p.Kind != KindClinic {
		// A house session is there whenever the house is; it has no places to run out of.
		if ids, err = pg.Scalars[int64](ctx, q, sqlMakeHouseSession, p.ID, day(now)); err != nil {
			return 0, err
		}
		if len(ids) == 0 {
			ids, err = pg.Scalars[int64](ctx, q, sqlCallingSession, p.ID, day(now), now)
		}
		return firstID(ids), err
	}
	list, err := m.sessions(ctx, []int64{p.ID}, now, now)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	if list[0].ID != 0 {
		return list[0].ID, nil
	}
	return m.makeSession(ctx, q, list[0])
}

func firstID(ids []int64) int64 {
	if len(ids) == 0 {
		return 0
	}
	return ids[0]
}

var errNotToday = errs.New(errs.Conflict, "Poli ini tidak melayani hari ini. Pilih poli atau hari lain.")

// Queue is a poli's session of the day: who waits in the order in which they will be
// called, then who has not come yet. A poli that is closed today has a session without an id.
func (m *Module) Queue(ctx context.Context, a authz.Actor, poliID int64) (s Session, queue []Ticket, err error) {
	defer errs.In(&err, "epuskesmas.Queue(%d)", poliID)
	p, err := pg.One[Poli](ctx, m.db, sqlPoli, poliID)
	if err != nil {
		return s, nil, err
	}
	if err := m.may(ctx, m.db, a, p.UnitID, workPermissions...); err != nil {
		return s, nil, err
	}
	now := m.now()
	id, err := m.todays(ctx, m.db, p, now)
	if err == nil && id == 0 { // closed already, perhaps
		ids, lastErr := pg.Scalars[int64](ctx, m.db, sqlLastSession, poliID, day(now))
		id, err = firstID(ids), lastErr
	}
	if err != nil || id == 0 {
		return Session{UnitID: p.UnitID, PoliID: p.ID, PoliName: p.Name, Letter: p.Letter}, nil, err
	}
	if s, err = pg.One[Session](ctx, m.db, sqlSessionByID, id); err != nil {
		return s, nil, err
	}
	open, err := pg.Many[struct {
		Ticket
		QueueKey float64
	}](ctx, m.db, sqlOpenTickets, id)
	if err != nil {
		return s, nil, err
	}
	inRow, err := pg.Scalar[int](ctx, m.db, sqlInRow, id)
	if err != nil {
		return s, nil, err
	}
	var waiting [3][]Ticket // by class, each in order
	var booked []Ticket
	for _, t := range open {
		switch {
		case t.Status == Booked:
			booked = append(booked, t.Ticket)
		case t.Class == estimate.Emergency:
			waiting[0] = append(waiting[0], t.Ticket)
		case t.Class == estimate.Priority:
			waiting[1] = append(waiting[1], t.Ticket)
		default:
			waiting[2] = append(waiting[2], t.Ticket)
		}
	}
	slices.SortStableFunc(booked, func(x, y Ticket) int { return cmp.Compare(x.Number, y.Number) })
	return s, append(inOrder(p.PriorityRatio, inRow, waiting), booked...), nil
}

// inOrder plays the rule of [next] to the end.
func inOrder(ratio, inRow int, waiting [3][]Ticket) (out []Ticket) {
	for {
		var head [3]*queued
		for i, ts := range waiting {
			if len(ts) > 0 {
				head[i] = &queued{}
			}
		}
		chosen := next(ratio, inRow, head[0], head[1], head[2])
		if chosen == nil {
			return out
		}
		i := slices.Index(head[:], chosen)
		switch i {
		case 1:
			inRow++
		case 2:
			inRow = 0
		}
		out = append(out, waiting[i][0])
		waiting[i] = waiting[i][1:]
	}
}

// AtCounter is whom a counter calls or serves, nil for nobody, and whom it has
// finished within the time of an undo, the newest first.
func (m *Module) AtCounter(ctx context.Context, a authz.Actor, counterID int64) (now *Ticket, ended []Ticket, err error) {
	defer errs.In(&err, "epuskesmas.AtCounter(%d)", counterID)
	list, err := pg.Many[Ticket](ctx, m.db, sqlTicketsAt, counterID, workplaces(a), m.now().Add(-UndoWithin))
	for i, t := range list {
		if t.Status == Called || t.Status == Serving {
			now = &list[i]
		} else {
			ended = append(ended, t)
		}
	}
	return now, ended, err
}

// Missed lists who was called in vain or never came in a poli's sessions of today: the
// desk may let them in again.
func (m *Module) Missed(ctx context.Context, a authz.Actor, poliID int64) (_ []Ticket, err error) {
	defer errs.In(&err, "epuskesmas.Missed(%d)", poliID)
	return pg.Many[Ticket](ctx, m.db, sqlMissed, poliID, workplaces(a), m.today())
}
