package kuciniki

import (
	"context"
	"encoding/binary"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// The states of an entry of the manual log.
const (
	Logged    Status = "dicatat"
	Sampled   Status = "disampel" // a witness is asked
	Confirmed Status = "dibenarkan"
	Denied    Status = "dibantah"
)

// Entry is work that leaves no trace elsewhere.
type Entry struct {
	ID         int64
	Person     string
	Day        time.Time
	Minutes    int
	TextSealed []byte
	Text       string `db:"-"`
	Witness    string
	WitnessID  int64
	Status     Status
}

// Controls of the log.
const (
	ControlDay     = "hari"
	ControlMinutes = "menit"
	ControlWitness = "saksi"
)

const (
	// oldestLog is how many days back one may still write something down.
	oldestLog = 7

	sqlAddLog = `
INSERT INTO kuciniki_log (person_id, position_id, day, minutes, text_sealed, witness_id, status, at, entry_key) VALUES ($1, $2, $3, $4, $5, $6, 'dicatat', $7, $8)
ON CONFLICT (person_id, entry_key) DO NOTHING RETURNING id`
	sqlLogged = `SELECT COALESCE(sum(minutes), 0) FROM kuciniki_log WHERE person_id = $1 AND day = $2 AND entry_key <> $3`
	sqlSample = `UPDATE kuciniki_log SET status = 'disampel' WHERE id = $1`
	sqlLogs   = `
SELECT l.id, n.name AS person, l.day, l.minutes, l.text_sealed, w.name AS witness, l.witness_id, l.status FROM kuciniki_log l JOIN org_person n ON n.id = l.person_id
JOIN org_person w ON w.id = l.witness_id WHERE l.person_id = $1 ORDER BY l.day DESC, l.id DESC LIMIT 100`
	sqlToWitness = `
SELECT l.id, n.name AS person, l.day, l.minutes, l.text_sealed, w.name AS witness, l.witness_id, l.status FROM kuciniki_log l JOIN org_person n ON n.id = l.person_id
JOIN org_person w ON w.id = l.witness_id WHERE l.witness_id = $1 AND l.status = 'disampel' ORDER BY l.at LIMIT 100`
	sqlWitness  = `UPDATE kuciniki_log SET status = $3, answered_at = $4 WHERE id = $1 AND witness_id = $2 AND status = 'disampel' RETURNING person_id`
	sqlTheirLog = `SELECT EXISTS (SELECT FROM kuciniki_log WHERE id = $1 AND witness_id = $2)`

	sqlMates = `
SELECT DISTINCT n.id, n.name || ' · ' || p.title AS label FROM org_occupancy o JOIN org_person n ON n.id = o.person_id JOIN org_position p ON p.id = o.position_id
WHERE o.during @> $3::timestamptz AND n.id <> $2 AND n.account_id IS NOT NULL AND (p.id IN (SELECT superior_id FROM org_position WHERE id = ANY ($1::bigint[]))
	OR p.superior_id IN (SELECT superior_id FROM org_position WHERE id = ANY ($1::bigint[])) OR p.superior_id = ANY ($1::bigint[])) ORDER BY 2 LIMIT 200`
)

// Mates lists who may witness the actor's work: superior, colleagues, staff.
func (m *Module) Mates(ctx context.Context, a authz.Actor) (_ []Leader, err error) {
	defer errs.In(&err, "kuciniki.Mates")
	return pg.Many[Leader](ctx, m.db, sqlMates, rates(a), a.PersonID, m.now())
}

// sampled tells whether an entry is one of the tenth that a witness is asked about: nobody
// can know it beforehand, and asking again gives the same answer.
func (m *Module) sampled(id int64) bool {
	mac := m.box.MAC("kuciniki.sample", binary.BigEndian.AppendUint64(nil, uint64(id)))
	return binary.BigEndian.Uint64(mac)%10 == 0
}

// Log writes down work of the last seven days. One in ten is shown to its witness. A resend
// with the same key is the same entry.
func (m *Module) Log(ctx context.Context, a authz.Actor, day time.Time, minutes int, text string, witness int64, key string) (err error) {
	defer errs.In(&err, "kuciniki.Log")
	text = strings.TrimSpace(text)
	now := m.now()
	var wrong []errs.Field
	if day.IsZero() || day.After(now) || now.Sub(day) > (oldestLog+1)*24*time.Hour {
		wrong = append(wrong, errs.Field{Name: ControlDay, Message: "Pilih hari ini atau salah satu dari tujuh hari terakhir."})
	}
	if minutes < 5 || minutes > 600 {
		wrong = append(wrong, errs.Field{Name: ControlMinutes, Message: "Isi 5 sampai 600 menit."})
	}
	if n := utf8.RuneCountInString(text); n < 10 || n > 1000 {
		wrong = append(wrong, errs.Field{Name: ControlNote, Message: "Tulis pekerjaannya dalam 10 sampai 1.000 huruf."})
	}
	mates, err := m.Mates(ctx, a)
	if err != nil {
		return err
	}
	known := false
	for _, mate := range mates {
		known = known || mate.ID == witness
	}
	if !known {
		wrong = append(wrong, errs.Field{Name: ControlWitness, Message: "Pilih atasan, rekan, atau bawahan yang tahu pekerjaan ini."})
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	post := a.MainPosition()
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := holdOpen(ctx, tx, day.Year(), int(day.Month())); err != nil {
			return err
		}
		before, err := pg.Scalar[int](ctx, tx, sqlLogged, a.PersonID, day, key)
		if err != nil {
			return err
		}
		if before+minutes > 24*60 {
			return errs.Invalid(errs.Field{Name: ControlMinutes, Message: "Catatan Anda untuk hari itu sudah " + strconv.Itoa(before) + " menit; bersama yang ini lebih dari sehari semalam."})
		}
		id, err := pg.Scalar[int64](ctx, tx, sqlAddLog, a.PersonID, post.ID, day, minutes, m.seal(text), witness, now, key)
		if errs.KindOf(err) == errs.NotFound && err != nil {
			return nil // a resend
		}
		if err != nil {
			return err
		}
		outcome := Logged
		if m.sampled(id) {
			outcome = Sampled
			if err := pg.Exec(ctx, tx, sqlSample, id); err != nil {
				return err
			}
			if err := m.tellPerson(ctx, tx, witness, "log-"+key, "/meja/kuciniki/log", "Anda diminta menjadi saksi sebuah pekerjaan", "Buka portal untuk membacanya."); err != nil {
				return err
			}
		}
		return workledger.Record(ctx, tx, now, workledger.Event{Actor: a, Position: post, UnitID: post.UnitID, Module: "kuciniki", Kind: kindLog, Object: "log", ObjectID: id,
			Outcome: string(outcome), WorkingMinutes: minutes})
	})
}

// Logs lists the actor's entries, the latest first, and those whose witness they are asked
// to be.
func (m *Module) Logs(ctx context.Context, a authz.Actor) (mine, asked []Entry, err error) {
	defer errs.In(&err, "kuciniki.Logs")
	if mine, err = pg.Many[Entry](ctx, m.db, sqlLogs, a.PersonID); err != nil {
		return nil, nil, err
	}
	if asked, err = pg.Many[Entry](ctx, m.db, sqlToWitness, a.PersonID); err != nil {
		return nil, nil, err
	}
	for _, list := range [][]Entry{mine, asked} {
		for i := range list {
			if list[i].Text, err = m.open(list[i].TextSealed); err != nil {
				return nil, nil, err
			}
		}
	}
	return mine, asked, nil
}

// Witness answers whether a sampled entry is true.
func (m *Module) Witness(ctx context.Context, a authz.Actor, id int64, is bool) (err error) {
	defer errs.In(&err, "kuciniki.Witness(%d)", id)
	to := Denied
	if is {
		to = Confirmed
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		_, err := pg.Scalar[int64](ctx, tx, sqlWitness, id, a.PersonID, to, m.now())
		if errs.KindOf(err) == errs.NotFound && err != nil {
			theirs, err := pg.Scalar[bool](ctx, tx, sqlTheirLog, id, a.PersonID)
			if err == nil && theirs {
				err = errs.New(errs.Conflict, "Pertanyaan ini sudah dijawab.")
			} else if err == nil {
				err = errs.New(errs.NotFound, "")
			}
			return err
		}
		if err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "kuciniki.log.witness", Object: "kuciniki_log", ObjectID: id, Detail: map[string]any{"benar": is}}); err != nil {
			return err
		}
		post := a.MainPosition()
		return workledger.Record(ctx, tx, m.now(), workledger.Event{Actor: a, Position: post, UnitID: post.UnitID, Module: "kuciniki", Kind: kindWitness, Object: "log", ObjectID: id, Outcome: string(to)})
	})
}
