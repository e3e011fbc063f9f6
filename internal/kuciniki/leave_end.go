package kuciniki

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

type standingLeave struct {
	ID, PersonID      int64
	FirstDay, LastDay time.Time
	LetterID          int64
	AddedBy           int64
}

const (
	// Nothing is left to end of leave that was over a month ago.
	sqlStandingLeaves = `
SELECT id, person_id, first_day, last_day, letter_id, added_by FROM kuciniki_leave WHERE withdrawn_at IS NULL AND letter_id IS NOT NULL AND last_day >= ($1::timestamptz AT TIME ZONE 'Asia/Makassar')::date - 31 ORDER BY id`

	sqlEndLeave = `UPDATE kuciniki_leave SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL`

	sqlKeepTaken = `
INSERT INTO kuciniki_leave (person_id, first_day, last_day, kind, number, letter_id, added_by, added_at)
SELECT person_id, first_day, $2::date, kind, number, letter_id, added_by, $3 FROM kuciniki_leave WHERE id = $1`
)

// EndRevoked ends leave whose letter was revoked before it was over, from the day of that on:
// the days before were taken in good faith and stay. It returns how many there were; whose
// leave it is and who noted it are told. Any number may do so at once.
func (m *Module) EndRevoked(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "kuciniki.EndRevoked")
	all, err := pg.Many[standingLeave](ctx, m.db, sqlStandingLeaves, m.now())
	if err != nil || len(all) == 0 {
		return 0, err
	}
	ids := make([]int64, len(all))
	for i, l := range all {
		ids[i] = l.LetterID
	}
	revoked, err := m.letters.Revoked(ctx, ids)
	if err != nil {
		return 0, err
	}
	for _, l := range all {
		at, ok := revoked[l.LetterID]
		if day := dateOf(at.In(clock.Makassar)); !ok || dateOf(l.LastDay).Before(day) {
			continue
		}
		ended, err := m.endLeave(ctx, l, at)
		if err != nil {
			return n, err
		}
		if ended {
			n++
		}
	}
	return n, nil
}

// endLeave tells whether it was the one to end a leave.
func (m *Module) endLeave(ctx context.Context, l standingLeave, at time.Time) (ended bool, err error) {
	day := dateOf(at.In(clock.Makassar))
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, sqlEndLeave, l.ID, m.now())
		if err != nil || tag.RowsAffected() == 0 {
			return pg.Classify(err)
		}
		ended = true
		if dateOf(l.FirstDay).Before(day) {
			if err := pg.Exec(ctx, tx, sqlKeepTaken, l.ID, day.Add(-1).At(0), m.now()); err != nil {
				return err
			}
		}
		for _, person := range []int64{l.PersonID, l.AddedBy} {
			if err := m.tellPerson(ctx, tx, person, fmt.Sprintf("cuti-%d-%d", l.ID, person), "/meja/kuciniki", "Surat yang membenarkan ketidakhadiran dicabut",
				"Sejak hari surat itu dicabut, hari-harinya tidak lagi dihitung seperti hadir. Hari sebelumnya tetap."); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, authz.System("kuciniki"), m.now(), audit.Entry{Action: "kuciniki.leave.end", Object: "org_person", ObjectID: l.PersonID})
	})
	return ended, err
}
