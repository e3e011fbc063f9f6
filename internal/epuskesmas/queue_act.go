package epuskesmas

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func firstOf(ids ...*int64) *int64 {
	for _, id := range ids {
		if id != nil {
			return id
		}
	}
	return nil
}

// counterRow is a counter with the unit that it stands in.
type counterRow struct {
	ID            int64
	PoliID        int64
	Name          string
	UnitID        int64
	PriorityRatio int
	Ancestors     []int64
}

var (
	errNoCounter = errs.New(errs.NotFound, "Loket atau ruang ini tidak ada di puskesmas Anda.")
	errNoTicket  = errs.New(errs.NotFound, "Nomor antrean ini tidak ada di puskesmas Anda.")
	errNobody    = errs.New(errs.NotFound, "Belum ada yang menunggu.")
	errForbidden = errs.New(errs.Forbidden, "Tugas Anda di puskesmas ini tidak mencakup langkah itu.")
)

func errNotNow(s Status) error {
	return errs.New(errs.Conflict, "Langkah ini tidak bisa sekarang: nomor ini "+s.Name()+".")
}

// Next calls who is next to a counter, by the rules; errs.NotFound when nobody waits.
// Two who call at once never get the same patient. Somebody whom the counter still
// serves is finished first.
func (m *Module) Next(ctx context.Context, a authz.Actor, counterID, doctorID int64) (ticketID int64, err error) {
	return m.NextAfter(ctx, a, counterID, doctorID, Whoever)
}

// Whoever is at a counter now, in place of a ticket, for [Module.NextAfter].
const Whoever int64 = -1

// NextAfter is [Module.Next] by somebody who saw a ticket at the counter, 0 for none.
// Another one there by now, such as the one that the first of two clicks called, is
// errs.Conflict: it has not been served.
func (m *Module) NextAfter(ctx context.Context, a authz.Actor, counterID, doctorID, seen int64) (ticketID int64, err error) {
	defer errs.In(&err, "epuskesmas.Next(%d)", counterID)
	c, err := pg.One[counterRow](ctx, m.db, sqlCounter, counterID, a.Units(PermCall))
	if err != nil {
		if errs.KindOf(err) == errs.NotFound {
			return 0, errNoCounter
		}
		return 0, err
	}
	now := m.now()
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		ticketID = 0
		if err := m.clear(ctx, tx, a, c, seen, now); err != nil {
			return err
		}
		ids, err := pg.Scalars[int64](ctx, tx, sqlCallingSession, c.PoliID, day(now), now)
		if err != nil || len(ids) == 0 {
			return err
		}
		s, err := pg.One[running](ctx, tx, sqlLockSession, ids[0])
		if err != nil {
			return err
		}
		t, err := pick(ctx, tx, c.PriorityRatio, s)
		if err != nil || t == nil {
			return err
		}
		mv := &move{tx: tx, now: now, actor: a.AccountID, session: &s, was: *t, t: *t, action: ActCall}
		mv.call(c.ID, doctorID)
		ticketID = t.ID
		return mv.save(ctx)
	})
	if err == nil && ticketID == 0 {
		err = errNobody
	}
	return ticketID, err
}

// clear finishes whom a counter still serves, unless it is somebody else than was seen.
func (m *Module) clear(ctx context.Context, tx pgx.Tx, a authz.Actor, c counterRow, seen int64, now time.Time) error {
	t, err := pg.One[queued](ctx, tx, sqlAtCounter, c.ID)
	if err != nil {
		if errs.KindOf(err) == errs.NotFound {
			return nil
		}
		return err
	}
	if seen != Whoever && seen != t.ID {
		return errs.New(errs.Conflict, "Pasien berikutnya sudah dipanggil ke sini. Layani dahulu, atau tandai bila tidak datang.")
	}
	return m.step(ctx, tx, a, t.ID, 0, ActFinish, "", now)
}

// pick is who is called next in a session; nil when nobody waits.
func pick(ctx context.Context, tx pgx.Tx, ratio int, s running) (*queued, error) {
	var first [3]*queued
	for i, class := range []estimate.Class{estimate.Emergency, estimate.Priority, estimate.Regular} {
		ts, err := pg.Many[queued](ctx, tx, sqlFirstOfClass, s.ID, class)
		if err != nil {
			return nil, err
		}
		if len(ts) > 0 {
			first[i] = &ts[0]
		}
	}
	return next(ratio, s.InRow, first[0], first[1], first[2]), nil
}

// Act takes a step of [Steps], other than a call, on a ticket that the actor saw at
// seq (0: as it is). Reasons are needed for ActRefer, ActCancel and emergencies.
func (m *Module) Act(ctx context.Context, a authz.Actor, ticketID int64, seq int, action Action, reason string) (err error) {
	defer errs.In(&err, "epuskesmas.%s(%d)", action, ticketID)
	if action == ActCall || action == ActBook || action == ActClassify {
		return errs.New(errs.BadRequest, "") // these need more: Next, Book and Classify
	}
	scope, err := pg.One[struct {
		SessionID int64
		Ancestors []int64
	}](ctx, m.db, sqlTicketScope, ticketID, workplaces(a))
	if err != nil {
		if errs.KindOf(err) == errs.NotFound {
			return errNoTicket
		}
		return err
	}
	if !rolesIn(a, scope.Ancestors).has(who(action)) {
		return errForbidden
	}
	if reason, err = checkReason(action, reason); err != nil {
		return err
	}
	now := m.now()
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if action == ActUndo {
			return m.undo(ctx, tx, a, ticketID, now)
		}
		return m.step(ctx, tx, a, ticketID, seq, action, reason, now)
	})
}

// workplaces are the units where the actor works in the queue at all.
func workplaces(a authz.Actor) (units []int64) {
	units = []int64{}
	for _, p := range []authz.Permission{PermDesk, PermCall, PermTriage, PermManage} {
		units = append(units, a.Units(p)...)
	}
	return units
}

func (r Role) has(want Role) bool { return r&want != 0 }

// rolesIn is what the actor is in a unit.
func rolesIn(a authz.Actor, ancestors []int64) (r Role) {
	for p, role := range map[authz.Permission]Role{PermDesk: AsDesk, PermCall: AsCaller, PermTriage: AsCaller, PermManage: AsManager} {
		if a.HasIn(p, ancestors) {
			r |= role
		}
	}
	return r
}

// who may take an action from any status.
func who(action Action) (r Role) {
	for _, steps := range Steps {
		r |= steps[action].Who
	}
	return r
}

// checkReason cleans a reason and demands one where it must be told.
func checkReason(action Action, reason string) (string, error) {
	reason = strings.Join(strings.Fields(reason), " ")
	n := utf8.RuneCountInString(reason)
	needed := action == ActRefer || action == ActCancel || action == ActMove
	if n > 200 || needed && n < 3 {
		return "", errs.Invalid(errs.Field{Name: "alasan", Message: "Tulis alasannya dalam 3 sampai 200 huruf."})
	}
	return reason, nil
}

// step takes one step on a ticket inside a transaction.
func (m *Module) step(ctx context.Context, tx pgx.Tx, a authz.Actor, ticketID int64, seq int, action Action, reason string, now time.Time) error {
	mv, err := m.hold(ctx, tx, a, ticketID, now)
	if err != nil {
		return err
	}
	if seq != 0 && seq != mv.t.Seq {
		return m.stale(ctx, tx, ticketID)
	}
	mv.action, mv.reason = action, reason
	return m.proceed(ctx, mv, a)
}

// proceed decides a step that is under way, saves it and notes it in the ledger. Who comes
// for the first time gets a medical-record number, see [Module.meet].
func (m *Module) proceed(ctx context.Context, mv *move, a authz.Actor) error {
	if err := mv.decide(func(regular bool) ([]float64, error) {
		return pg.Scalars[float64](ctx, mv.tx, sqlKeysBehind, mv.session.ID, regular, mv.t.ID)
	}); err != nil {
		return err
	}
	if err := mv.save(ctx); err != nil {
		return err
	}
	if mv.was.HereAt == nil && mv.t.HereAt != nil && mv.t.PatientID != nil {
		if err := m.meet(ctx, mv); err != nil {
			return err
		}
	}
	return m.worked(ctx, mv, a)
}

// hold locks the session of a ticket, and with it all its tickets.
func (m *Module) hold(ctx context.Context, tx pgx.Tx, a authz.Actor, ticketID int64, now time.Time) (*move, error) {
	t, err := pg.One[queued](ctx, tx, sqlQueueTicket, ticketID)
	if err != nil {
		return nil, err
	}
	s, err := pg.One[running](ctx, tx, sqlLockSession, t.SessionID)
	if err != nil {
		return nil, err
	}
	if t, err = pg.One[queued](ctx, tx, sqlQueueTicket, ticketID); err != nil {
		return nil, err
	}
	return &move{tx: tx, now: now, actor: a.AccountID, session: &s, was: t, t: t}, nil
}

// worked notes in the ledger that somebody was served, or is no longer to be.
func (m *Module) worked(ctx context.Context, mv *move, a authz.Actor) error {
	if unserved(mv.t.Status) && mv.was.Status != mv.t.Status {
		return workledger.Record(ctx, mv.tx, mv.now, unservedEntry(mv, a))
	}
	if !a.IsStaff() || mv.t.Status != Done && mv.t.Status != Referred {
		return nil
	}
	cal, err := calendar.Load(ctx, mv.tx, mv.session.UnitID) // a second connection here could wait for ever
	if err != nil {
		return err
	}
	return workledger.Record(ctx, mv.tx, mv.now, ledgerEntry(mv, a, cal))
}

// undo takes the newest transition of a ticket back, within two minutes.
func (m *Module) undo(ctx context.Context, tx pgx.Tx, a authz.Actor, ticketID int64, now time.Time) error {
	mv, err := m.hold(ctx, tx, a, ticketID, now)
	if err != nil {
		return err
	}
	if _, ok := Steps[mv.t.Status][ActUndo]; !ok {
		return errNotNow(mv.t.Status)
	}
	e, err := pg.One[struct {
		Action     Action
		FromStatus Status
		At         time.Time
		CounterID  *int64
	}](ctx, tx, sqlNewestEvent, ticketID)
	if err != nil {
		return err
	}
	if e.Action == ActUndo || now.Sub(e.At) > UndoWithin {
		return errs.New(errs.Conflict, "Hanya langkah terakhir yang bisa diurungkan, paling lambat 2 menit sesudahnya.")
	}
	t := &mv.t
	mv.action, t.Status = ActUndo, e.FromStatus
	switch e.Action {
	case ActCall:
		t.CounterID, t.DoctorID, t.CalledAt = nil, nil, nil
		if t.Calls == 0 {
			t.FirstCallAt = nil
		}
		if t.Class == estimate.Priority && mv.session.InRow > 0 {
			mv.session.InRow--
		}
	case ActServe:
		t.StartedAt = nil
	case ActFinish, ActRefer:
		t.EndedAt = nil
		if e.FromStatus == Called {
			t.StartedAt = nil
		}
	}
	return mv.save(ctx)
}

// day is the date of a moment in the city.
func day(t time.Time) string { return t.In(clock.Makassar).Format(time.DateOnly) }
