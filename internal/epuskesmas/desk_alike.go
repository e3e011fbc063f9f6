package epuskesmas

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Alike refuses to enter a new patient who looks like somebody known: the desk takes one of
// them, or says that it has seen all of them ([Registration.Seen]).
type Alike struct {
	Known []Known // the likeliest first
	// SameNIK: the first of them has the NIK that was typed, so they are no two persons.
	SameNIK bool
	// Booked is the ticket with which they came, where they have one.
	Booked *Ticket
}

func (a *Alike) Error() string {
	return fmt.Sprintf("%d patients look the same", len(a.Known))
}

// maxAlike is how many others a patient is shown to be like.
const maxAlike = 5

// beware returns an [Alike], as errs.Conflict, when a patient about to be entered as new has
// the NIK or the card of one who is known here, or was born on the same day and is named
// much the same. The caller holds [lockNewPatient].
func (m *Module) beware(ctx context.Context, tx pgx.Tx, unitID int64, b Booking, seen []int64) error {
	if b.PatientID != 0 {
		return nil
	}
	var nik, bpjs []byte
	if b.NIK != "" {
		nik = m.box.Hash(contextNIK, b.NIK)
	}
	if b.BPJS != "" {
		bpjs = m.box.Hash(contextBPJS, b.BPJS)
	}
	alike, err := m.alike(ctx, tx, unitID, nik, bpjs, b.BirthDate, indo.FoldPerson(b.Name))
	if err != nil {
		return err
	}
	return m.warn(ctx, tx, alike, seen)
}

// warn returns alike unless the desk has seen all of them.
func (m *Module) warn(ctx context.Context, q pg.Querier, alike *Alike, seen []int64) error {
	if !alike.SameNIK && !slices.ContainsFunc(alike.Known, func(k Known) bool { return !slices.Contains(seen, k.ID) }) {
		return nil
	}
	if err := m.addToday(ctx, q, alike.Known); err != nil {
		return err
	}
	return errs.Wrap(errs.Conflict, alike, "Pasien ini mungkin sudah terdaftar. Pilih orangnya, atau nyatakan bahwa ini orang baru.")
}

// alike lists who has the NIK or the card, or was born on the day and is named much so.
func (m *Module) alike(ctx context.Context, q pg.Querier, unitID int64, nik, bpjs []byte, born time.Time, fold string) (*Alike, error) {
	rows, err := pg.Many[struct {
		knownRow
		SameNIK bool
	}](ctx, q, sqlAlike, unitID, nik, bpjs, dateOf(born), fold, maxAlike+1)
	a := &Alike{}
	for _, r := range rows {
		a.Known, a.SameNIK = append(a.Known, m.known(r.knownRow)), a.SameNIK || r.SameNIK
	}
	a.Known = once(a.Known)
	return a, err
}

// appearance is what a patient is compared by.
type appearance struct {
	NameFold  string
	BirthDate time.Time
	BpjsHash  []byte
	Seen      bool // has been here
	Version   int
}

// likeOf is who else a patient may be.
func (m *Module) likeOf(ctx context.Context, q pg.Querier, unitID, id int64) (p appearance, a *Alike, err error) {
	if p, err = pg.One[appearance](ctx, q, sqlLooksOf, id, unitID); err != nil {
		return p, nil, err
	}
	if a, err = m.alike(ctx, q, unitID, nil, p.BpjsHash, p.BirthDate, p.NameFold); err != nil {
		return p, nil, err
	}
	a.Known = slices.DeleteFunc(a.Known, func(k Known) bool { return k.ID == id })
	return p, a, nil
}

// lockNewPatient lets the desks of a puskesmas look new patients up and enter them one after
// another, so that two clerks who enter the same person at once meet.
func lockNewPatient(ctx context.Context, tx pgx.Tx, unitID int64, b Booking) error {
	if b.PatientID != 0 {
		return nil
	}
	return pg.Exec(ctx, tx, sqlLockNewPatient, unitID)
}

const (
	sqlLockNewPatient = `SELECT pg_advisory_xact_lock(hashtextextended('epuskesmas.patient', $1))`

	// 0.5: "Siti Rahma" is like "Sitti Rahmawati", not like "Siti Aminah".
	sqlAlike = `SELECT k.*, COALESCE(a.nik_hash = $2, false) AS same_nik FROM (
	SELECT p.id, p.nik_hash, GREATEST(CASE WHEN p.nik_hash = $2 THEN 3 END, CASE WHEN p.bpjs_hash = $3 THEN 2 END,
		CASE WHEN p.birth_date = $4::date THEN GREATEST(similarity(p.name_fold, $5), word_similarity(p.name_fold, $5), word_similarity($5, p.name_fold)) END) AS likeness
	FROM epuskesmas_patient p WHERE p.unit_id = $1 AND (p.nik_hash = $2 OR p.bpjs_hash = $3 OR p.birth_date = $4::date)
	ORDER BY likeness DESC, p.id LIMIT $6
) a JOIN LATERAL (` + knownColumns + `WHERE f.id = a.id) k ON true WHERE a.likeness >= 0.5 ORDER BY a.likeness DESC, a.id`
)
