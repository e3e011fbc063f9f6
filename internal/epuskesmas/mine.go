package epuskesmas

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// earliest is how long before a session its patients may say that they are here.
const earliest = 2 * time.Hour

// mineRow is a ticket of a visit with what its owner is shown besides.
type mineRow struct {
	Ticket
	Site
	Day           time.Time
	TicketVersion string
	// What the puskesmas has done to it last; nil: nothing.
	ChangeAction *Action
	ChangeReason *string
	ChangeFrom   *time.Time
}

// readVisit reads what sqlVisitVersion gives the version of; a visit that is gone since is
// errs.NotFound.
func (m *Module) readVisit(ctx context.Context, id int64) (visitRows, error) {
	rows, err := pg.Many[mineRow](ctx, m.db, sqlMine, id)
	if err == nil && len(rows) == 0 {
		err = errs.New(errs.NotFound, "")
	}
	return rows, err
}

// visitRows are the tickets of a visit, in the order of their making.
type visitRows []mineRow

func (v visitRows) versionOf() string {
	all := make([]string, len(v))
	for i, row := range v {
		all[i] = row.TicketVersion
	}
	return strings.Join(all, ",")
}

// Mine is a ticket by its secret token; unknown is errs.NotFound. Names, of the puskesmas or
// of a room, may be as old as sixty times [Deps].Remember.
func (m *Module) Mine(ctx context.Context, token string) (t MyTicket, err error) {
	defer errs.In(&err, "epuskesmas.Mine")
	type version struct {
		ID                    int64
		Version, QueueVersion string
	}
	v, err := pg.One[version](ctx, m.db, sqlVisitVersion, crypt.HashToken(token))
	var rows visitRows
	if err == nil {
		rows, err = m.visits.at(ctx, v.ID, v.Version, m.now(), m.readVisit)
	}
	if errs.KindOf(err) == errs.NotFound {
		return t, errs.New(errs.NotFound, "Nomor antrean ini tidak ditemukan. Periksa kembali tautannya.")
	}
	if err != nil {
		return t, err
	}
	first, last := rows[0], rows[len(rows)-1]
	t.Ticket, t.Site, t.Day = first.Ticket, first.Site, first.Day
	if last.Ticket.ID != t.ID && last.Status.Active() {
		t.Next = &last.Ticket // a copy: rows are shared
	}
	if first.ChangeAction != nil {
		t.Change = &Change{*first.ChangeAction, *first.ChangeReason, *first.ChangeFrom}
	}
	q, ahead, promise, err := m.stand(ctx, t.Ticket, v.QueueVersion)
	if err != nil {
		return t, err
	}
	t.Session, t.LastCall, t.Ahead, t.Promise = q.session, q.lastCall, ahead, promise
	now := m.now()
	t.CanCheckIn = t.Status == Booked && tooEarly(t.Session, now) == nil
	t.CanCancel = ownerMay(t.Status, ActCancel)
	t.CanMove = ownerMay(t.Status, ActReschedule)
	return t, nil
}

func ownerMay(s Status, a Action) bool { return Steps[s][a].Who.has(AsPatient) }

// tooEarly says in words why nobody can be here now for a session.
func tooEarly(s Session, now time.Time) error {
	switch {
	case s.Status == Dropped:
		return errs.New(errs.Conflict, "Sesi ini ditiadakan. Pilih sesi lain, atau hubungi puskesmas.")
	case s.Status == Over || !now.Before(s.EndsAt):
		return errs.New(errs.Conflict, "Sesi ini sudah selesai. Ambil nomor baru untuk hari lain.")
	case dateOf(now) != dateOf(s.StartsAt) || now.Before(s.StartsAt.Add(-earliest)):
		return errs.New(errs.Conflict, "Belum waktunya. Tombol hadir berlaku sejak dua jam sebelum sesi dimulai, saat Anda sudah di puskesmas.")
	}
	return nil
}

// mine does an owner's step on the first ticket of a visit.
func (m *Module) mine(ctx context.Context, token string, action Action, reason string, allowed func(MyTicket, time.Time) error,
	after func(context.Context, pgx.Tx, MyTicket, time.Time) error) error {
	t, err := m.Mine(ctx, token)
	if err != nil {
		return err
	}
	now := m.now()
	if !ownerMay(t.Status, action) {
		return errNotNow(t.Status)
	}
	if err := allowed(t, now); err != nil {
		return err
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := m.step(ctx, tx, authz.Actor{}, t.ID, t.Seq, action, reason, now); err != nil {
			return err
		}
		return after(ctx, tx, t, now)
	})
}

func whenever(MyTicket, time.Time) error                         { return nil }
func nothing(context.Context, pgx.Tx, MyTicket, time.Time) error { return nil }

// CheckIn says that the owner is here, on the day, from two hours before the session.
// Saying it again changes nothing.
func (m *Module) CheckIn(ctx context.Context, token string) (err error) {
	defer errs.In(&err, "epuskesmas.CheckIn")
	if t, err := m.Mine(ctx, token); err != nil || t.Status == Waiting {
		return err
	}
	return m.mine(ctx, token, ActCheckIn, "", func(t MyTicket, now time.Time) error { return tooEarly(t.Session, now) }, nothing)
}

// Cancel gives the number up; the place is free again, the number is not. Doing it again
// changes nothing.
func (m *Module) Cancel(ctx context.Context, token, reason string) (err error) {
	defer errs.In(&err, "epuskesmas.Cancel")
	reason = strings.Join(strings.Fields(reason), " ")
	if utf8.RuneCountInString(reason) > 200 {
		return errs.Invalid(errs.Field{Name: ControlReason, Message: "Alasan paling panjang 200 huruf."})
	}
	if t, err := m.Mine(ctx, token); err != nil || t.Status == Cancelled {
		return err
	}
	return m.mine(ctx, token, ActCancel, reason, whenever, nothing)
}

// Reschedule takes a number in another session of the poli and gives this one up. The
// address of the ticket stays.
func (m *Module) Reschedule(ctx context.Context, token string, startsAt time.Time) (err error) {
	defer errs.In(&err, "epuskesmas.Reschedule")
	t, err := m.Mine(ctx, token)
	if err != nil || t.Session.StartsAt.Equal(startsAt) {
		return err
	}
	if !ownerMay(t.Status, ActReschedule) {
		return errNotNow(t.Status)
	}
	now := m.now()
	s, err := m.session(ctx, t.PoliID, startsAt, now)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		return m.transfer(ctx, tx, authz.Actor{}, t.Ticket, s, ActReschedule, "", false, now)
	})
}

// transfer gives a ticket's owner a number in session s instead. Both sessions are locked
// in the order of their ids, so that two who change places do not wait for each other.
func (m *Module) transfer(ctx context.Context, tx pgx.Tx, a authz.Actor, t Ticket, s Session, action Action, reason string, free bool, now time.Time) error {
	if _, err := pg.Scalars[int64](ctx, tx, sqlLockSessions, []int64{t.SessionID, s.ID}); err != nil {
		return err
	}
	if err := m.step(ctx, tx, a, t.ID, t.Seq, action, reason, now); err != nil {
		return err
	}
	type row struct{ PatientID *int64 }
	old, err := pg.One[row](ctx, tx, sqlTicketPatient, t.ID)
	if err != nil {
		return err
	}
	p := place{sessionID: s.ID, visitID: t.VisitID, patientID: old.PatientID, online: t.Online, payer: t.Payer, class: t.Class, reason: t.Reason,
		actor: a.AccountID, free: free}
	n, err := take(ctx, tx, p, now)
	if err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlMovedTo, t.ID, n.ID); err != nil {
		return err
	}
	var told *time.Time // of the new number
	if action == ActMove {
		told = &now // with the reason, by [Module.MoveAll]
	}
	return pg.Exec(ctx, tx, sqlVisitMoved, t.VisitID, dateOf(s.StartsAt), told)
}

const sqlTicketPatient = `SELECT patient_id FROM epuskesmas_ticket WHERE id = $1`

// Own is a ticket in its account's list.
type Own struct {
	Token    string
	Slug     string
	Site     string
	Code     string
	Status   Status
	Day      time.Time
	StartsAt time.Time
	Poli     string
	Patient  string
}

// TicketsOf lists the tickets that an account has booked, the newest day first.
func (m *Module) TicketsOf(ctx context.Context, accountID int64) (_ []Own, err error) {
	defer errs.In(&err, "epuskesmas.TicketsOf")
	type row struct {
		TokenSealed []byte
		Slug        string
		Site        string
		Code        string
		Status      Status
		Day         time.Time
		StartsAt    time.Time
		Poli        string
		Patient     string
	}
	rows, err := pg.Many[row](ctx, m.db, sqlTicketsOfAccount, accountID, m.today())
	if err != nil {
		return nil, err
	}
	list := make([]Own, len(rows))
	for i, r := range rows {
		token, err := m.box.Open(r.TokenSealed, contextToken)
		if err != nil {
			return nil, err
		}
		list[i] = Own{token, r.Slug, r.Site, r.Code, r.Status, r.Day, r.StartsAt, r.Poli, r.Patient}
	}
	return list, nil
}

// Others lists where a ticket's owner may go instead, full sessions left out.
func (m *Module) Others(ctx context.Context, t MyTicket) (_ []Session, err error) {
	defer errs.In(&err, "epuskesmas.Others")
	list, err := m.Sessions(ctx, t.PoliID)
	now := m.now()
	return slices.DeleteFunc(list, func(s Session) bool { return s.ID == t.SessionID || s.Left(t.Online, t.Payer, now) == 0 }), err
}
