package epuskesmas

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// The rules of calling.
const (
	behindOthers  = 3                // places back for who came late or did not answer
	callsToNoShow = 3                // unanswered calls
	firstToNoShow = 15 * time.Minute // and at least so long after the first
	betweenCalls  = 30 * time.Second
)

// UndoWithin is for how long whoever made a step may take it back.
const UndoWithin = 2 * time.Minute

// running is a session as the queue moves it; its row is locked.
type running struct {
	ID       int64
	UnitID   int64
	PoliID   int64
	StartsAt time.Time
	Status   SessionStatus
	InRow    int
	HighKey  float64
	Seq      int
}

// queued is a ticket as the queue moves it.
type queued struct {
	ID          int64
	SessionID   int64
	VisitID     int64
	PatientID   *int64
	PoliID      int64
	Class       estimate.Class
	Status      Status
	QueueKey    float64
	Online      bool
	JKN         bool `db:"jkn"`
	Counted     bool
	HereAt      *time.Time
	AssessedAt  *time.Time
	FirstCallAt *time.Time
	CalledAt    *time.Time
	Calls       int
	StartedAt   *time.Time
	EndedAt     *time.Time
	CounterID   *int64
	DoctorID    *int64
	StatusAt    time.Time
	Seq         int
}

// LiveSession is the topic of one session's queue.
func LiveSession(id int64) string { return "epuskesmas.session." + itoa(id) }

// LiveSite is the topic of a puskesmas: its board and desks.
func LiveSite(unitID int64) string { return "epuskesmas.site." + itoa(unitID) }

// next decides who is called: an emergency, then priority patients but for the ratio,
// then by number.
func next(ratio, inRow int, emergency, priority, regular *queued) *queued {
	switch {
	case emergency != nil:
		return emergency
	case priority != nil && (inRow < ratio || regular == nil):
		return priority
	}
	return regular
}

// behind is a key behind the n-th of keys, which are in order, or behind the last.
func behind(n int, keys []float64, high float64) float64 {
	switch {
	case len(keys) == 0:
		return high + 1.0/1024
	case len(keys) <= n:
		return keys[len(keys)-1] + 1.0/1024
	}
	return keys[n-1] + (keys[n]-keys[n-1])/1024
}

// move is a transition under way: the ticket as it was and will be, in its session.
type move struct {
	tx      pgx.Tx
	now     time.Time
	actor   int64
	session *running
	was     queued
	t       queued
	action  Action
	reason  string
	closing bool // the session ends: nobody waits for a third call
	settled bool // the desk has said who the patient is
}

// decide works out what an action makes of the ticket and its session. It is the only
// place where the queue's rules live.
func (mv *move) decide(keys func(regular bool) ([]float64, error)) error {
	step, ok := Steps[mv.t.Status][mv.action]
	if !ok {
		return errNotNow(mv.t.Status)
	}
	t, s := &mv.t, mv.session
	t.Status = step.To
	place := func() error {
		k, err := keys(t.Class == estimate.Regular)
		t.QueueKey = behind(behindOthers, k, s.HighKey)
		return err
	}
	switch mv.action {
	case ActCheckIn:
		t.HereAt = &mv.now
		if t.Class == estimate.Regular && t.QueueKey < s.HighKey {
			return place()
		}
	case ActReinstate:
		t.HereAt, t.Calls, t.FirstCallAt, t.CalledAt, t.EndedAt, t.CounterID, t.DoctorID = &mv.now, 0, nil, nil, nil, nil, nil
		return place()
	case ActRecall:
		if mv.now.Sub(*t.CalledAt) < betweenCalls {
			return errs.New(errs.Conflict, "Baru saja dipanggil. Tunggu 30 detik sebelum memanggil lagi.")
		}
		t.CalledAt = &mv.now
	case ActSkip:
		t.Calls++
		if t.Calls >= callsToNoShow && mv.now.Sub(*t.FirstCallAt) >= firstToNoShow {
			t.Status, t.EndedAt = NoShow, &mv.now
			return nil
		}
		t.CounterID, t.DoctorID = nil, nil
		return place()
	case ActAssess:
		t.AssessedAt = &mv.now
	case ActServe:
		t.StartedAt = &mv.now
	case ActFinish, ActRefer:
		if t.StartedAt == nil {
			t.StartedAt = t.CalledAt
		}
		t.EndedAt = &mv.now
	case ActNoShow, ActCancel, ActMove, ActReschedule:
		if mv.was.Status == Called && !mv.closing && (t.Calls+1 < callsToNoShow || mv.now.Sub(*t.FirstCallAt) < firstToNoShow) {
			return errs.New(errs.Conflict, "Belum boleh dinyatakan tidak hadir: panggil tiga kali, dan tunggu 15 menit sejak panggilan pertama.")
		}
		t.EndedAt = nil
		if t.StartedAt != nil {
			t.EndedAt = &mv.now
		}
	}
	return nil
}

// call decides the calling of a ticket to a counter.
func (mv *move) call(counterID, doctorID int64) {
	t, s := &mv.t, mv.session
	t.Status, t.CalledAt, t.CounterID = Called, &mv.now, &counterID
	t.StartedAt, t.EndedAt, t.DoctorID = nil, nil, nil
	if doctorID != 0 {
		t.DoctorID = &doctorID
	}
	if t.FirstCallAt == nil {
		t.FirstCallAt = &mv.now
	}
	s.Status = Running
	switch t.Class {
	case estimate.Priority:
		s.InRow++
	case estimate.Regular:
		s.InRow, s.HighKey = 0, max(s.HighKey, t.QueueKey)
	}
}

// save writes the ticket, the session and the event, and tells those who watch.
func (mv *move) save(ctx context.Context) error {
	t, s := &mv.t, mv.session
	s.Seq++
	err := pg.Changed(mv.tx.Exec(ctx, sqlSaveTicket, t.ID, t.Seq, t.Status, mv.now, t.Class, t.QueueKey, t.HereAt, t.FirstCallAt, t.CalledAt,
		t.Calls, t.StartedAt, t.EndedAt, t.CounterID, t.DoctorID, mv.classReason(), t.AssessedAt))
	switch {
	case pg.Violates(err, "epuskesmas_ticket_counter_key"):
		return errs.New(errs.Conflict, "Loket ini sudah memanggil nomor lain. Selesaikan nomor itu dulu.")
	case pg.Violates(err, "epuskesmas_ticket_patient_key"):
		return errSecond
	case err != nil:
		return err
	}
	if err := pg.Exec(ctx, mv.tx, sqlInsertEvent, s.ID, s.Seq, mv.now, mv.action, t.ID, t.DoctorID, firstOf(t.CounterID, mv.was.CounterID),
		mv.was.Status, t.Status, mv.reason, mv.actor); err != nil {
		return err
	}
	if mv.was.Status.Active() && t.Counted && (t.Status == Cancelled || t.Status == Rescheduled || t.Status == Moved) {
		if err := pg.Exec(ctx, mv.tx, sqlFreePlace, s.ID, t.Online, t.JKN); err != nil {
			return err
		}
	}
	if err := pg.Exec(ctx, mv.tx, sqlSaveSession, s.ID, s.Status, s.InRow, s.HighKey, s.Seq); err != nil {
		return err
	}
	if err := live.Notify(ctx, mv.tx, LiveSession(s.ID)); err != nil {
		return err
	}
	return live.Notify(ctx, mv.tx, LiveSite(s.UnitID))
}

func (mv *move) classReason() string {
	if mv.action == ActClassify {
		return mv.reason
	}
	return ""
}
