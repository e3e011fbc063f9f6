package eoffice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Reminders are those that a desk gets of what lies there: on the day before it is due, and on
// every working day that it is late, for as many days as the city sets; of a draft once.
const (
	remindSoon  = "besok"
	remindLate  = "terlambat"
	remindDraft = "konsep"
)

// reminders says what a desk hears of what.
var reminders = map[string]map[string]string{
	onLetter:      {remindSoon: "Hampir lewat batas waktu di meja Anda", remindLate: "Terlambat di meja Anda", remindDraft: "Konsep Anda belum diajukan"},
	onRecipient:   {remindSoon: "Naskah masuk hampir lewat batas waktu", remindLate: "Naskah masuk terlambat ditindaklanjuti"},
	onDisposition: {remindSoon: "Disposisi hampir lewat batas waktu", remindLate: "Disposisi terlambat"},
}

const (
	sqlRoot      = `SELECT id FROM org_unit WHERE parent_id IS NULL`
	sqlReminding = `SELECT remind_late_days AS late_days, remind_draft_days AS draft_days FROM eoffice_city`
	sqlSetRemind = `UPDATE eoffice_city SET remind_late_days = $1, remind_draft_days = $2`

	// What is due between $2 and $3 and of which nobody was reminded on the day $4; drafts that
	// nobody touched since some moment between $5 and $6. What waits for guidance has no hurry.
	sqlToRemind = `
SELECT x.object, x.id, x.letter_id, x.desk_id, k.kind FROM (
	SELECT 'naskah' AS object, l.id, l.id AS letter_id, l.desk_id, l.due_at, $4::date AS since FROM eoffice_letter l
	WHERE l.desk_id IS NOT NULL AND l.status IN ('menunggu_ttd', 'verifikasi', 'perbaikan') AND l.due_at BETWEEN $2 AND $3
	UNION ALL SELECT 'kiriman', r.id, r.letter_id, COALESCE(r.screener_id, r.position_id), r.due_at, $4 FROM eoffice_recipient r
	WHERE r.role = 'kepada' AND r.status IN ('terkirim', 'diterima', 'dibaca') AND r.due_at BETWEEN $2 AND $3
	UNION ALL SELECT 'disposisi', d.id, d.letter_id, d.to_id, d.due_at, $4 FROM eoffice_disposition d
	WHERE d.status IN ('dikirim', 'dibaca', 'dikerjakan', 'diteruskan') AND d.paused_at IS NULL AND d.due_at BETWEEN $2 AND $3
	UNION ALL SELECT 'naskah', l.id, l.id, l.drafter_id, NULL, (l.updated_at AT TIME ZONE 'Asia/Makassar')::date FROM eoffice_letter l
	WHERE l.status = 'konsep' AND l.updated_at BETWEEN $5 AND $6) x
CROSS JOIN LATERAL (SELECT CASE WHEN x.due_at IS NULL THEN 'konsep' WHEN x.due_at <= $1 THEN 'terlambat' ELSE 'besok' END AS kind) k
WHERE NOT EXISTS (SELECT FROM eoffice_reminder m WHERE m.object = x.object AND m.object_id = x.id AND m.kind = k.kind AND m.day >= x.since)
ORDER BY x.letter_id, x.id LIMIT 5000`

	// Once per thing, kind and day.
	sqlReminded = `INSERT INTO eoffice_reminder (object, object_id, kind, day) VALUES ($1, $2, $3, $4::date) ON CONFLICT DO NOTHING`

	sqlForgetReminders = `DELETE FROM eoffice_reminder WHERE day < $1::date`
)

// Reminding is for how long desks are reminded.
type Reminding struct {
	LateDays  int // 0 to 60 days of what is late, every working day
	DraftDays int // 1 to 60 days after which a draft that nobody touched is reminded of, once
}

// Reminding is how the city has it.
func (m *Module) Reminding(ctx context.Context) (_ Reminding, err error) {
	defer errs.In(&err, "eoffice.Reminding")
	return pg.One[Reminding](ctx, m.db, sqlReminding)
}

// SetReminding sets it, for who sets what holds for the city.
func (m *Module) SetReminding(ctx context.Context, a authz.Actor, r Reminding) (err error) {
	defer errs.In(&err, "eoffice.SetReminding")
	var wrong []errs.Field
	if r.LateDays < 0 || r.LateDays > 60 {
		wrong = append(wrong, errs.Field{Name: ControlLateDays, Message: "Isi 0 sampai 60 hari."})
	}
	if r.DraftDays < 1 || r.DraftDays > 60 {
		wrong = append(wrong, errs.Field{Name: ControlDraftDays, Message: "Isi 1 sampai 60 hari."})
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return m.setting(ctx, a, "eoffice.reminding", map[string]any{"terlambat": r.LateDays, "konsep": r.DraftDays}, func(tx pgx.Tx) error {
		return pg.Exec(ctx, tx, sqlSetRemind, r.LateDays, r.DraftDays)
	})
}

type reminder struct {
	Object       string
	ID, LetterID int64
	DeskID       int64
	Kind         string
}

// Remind reminds desks of what lies there and is due within a day or late, once a day each, in
// the morning of a working day of the city, and drafters once of what they left lying. It
// returns how many reminders there were.
func (m *Module) Remind(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "eoffice.Remind")
	at := m.now()
	root, err := pg.Scalar[int64](ctx, m.db, sqlRoot)
	if err != nil {
		return 0, err
	}
	cal, err := calendar.Load(ctx, m.db, root)
	if err != nil || !cal.IsWorkingDay(at) || at.Before(cal.NextOpening(midnight(at))) {
		return 0, err
	}
	set, err := m.Reminding(ctx)
	if err != nil {
		return 0, err
	}
	idle := at.AddDate(0, 0, -set.DraftDays)
	list, err := pg.Many[reminder](ctx, m.db, sqlToRemind, at, at.AddDate(0, 0, -set.LateDays), at.AddDate(0, 0, 1), dayOf(at), idle.AddDate(0, 0, -30), idle)
	if err != nil {
		return 0, err
	}
	var failed error
	for _, r := range list {
		done, err := m.remind(ctx, r, at)
		if done {
			n++
		}
		failed = errors.Join(failed, err)
	}
	return n, errors.Join(failed, pg.Exec(ctx, m.db, sqlForgetReminders, dayOf(at).AddDate(0, 0, -60)))
}

// midnight is when the day of a moment began in the city.
func midnight(at time.Time) time.Time {
	at = at.In(clock.Makassar)
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, clock.Makassar)
}

func (m *Module) remind(ctx context.Context, r reminder, at time.Time) (done bool, err error) {
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		done = false
		tag, err := tx.Exec(ctx, sqlReminded, r.Object, r.ID, r.Kind, dayOf(at))
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		c, err := readCase(ctx, tx, r.LetterID, 0, at)
		if err != nil {
			return err
		}
		what := said{reminders[r.Object][r.Kind]}
		key := fmt.Sprintf("eoffice:%s:%d:%s:%s", r.Object, r.ID, r.Kind, dayOf(at).Format(time.DateOnly))
		if err := m.tellDeputies(ctx, tx, r.DeskID, at, &c, what, key); err != nil {
			return err
		}
		done = true
		return m.tellDesk(ctx, tx, r.DeskID, at, &c, what, key)
	})
	return done && err == nil, err
}
