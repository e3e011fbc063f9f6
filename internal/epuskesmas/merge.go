package epuskesmas

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Merged is a patient entered twice who was merged into another one.
type Merged struct {
	ID        int64 // of the merging
	RecordNo  int   // that the patient had; 0: none
	Name      string
	BirthDate time.Time
	Visits    int // that moved
	At        time.Time
	By        string // whose account did it
	// Since are the visits that the one who stayed has begun since, the oldest first.
	Since []SinceVisit `db:"-"`
}

// SinceVisit is a visit that began after a merging: nobody but the desk knows whose it is.
type SinceVisit struct {
	ID   int64
	Day  time.Time
	Poli string
	Code string
}

// AlikeOf lists who may be the same person as a patient: those with the same card, and
// those born on the same day who are named much the same. Needs PermPatient.
func (m *Module) AlikeOf(ctx context.Context, a authz.Actor, slug string, id int64) (list []Known, err error) {
	defer errs.In(&err, "epuskesmas.AlikeOf(%d)", id)
	s, _, err := m.StaffSite(ctx, a, slug, PermPatient)
	if err != nil {
		return nil, err
	}
	_, alike, err := m.likeOf(ctx, m.db, s.UnitID, id)
	if err != nil {
		return nil, err
	}
	return alike.Known, nil
}

// MergedInto lists who was merged into a patient, the newest first. Needs PermPatient.
func (m *Module) MergedInto(ctx context.Context, a authz.Actor, slug string, id int64) (_ []Merged, err error) {
	defer errs.In(&err, "epuskesmas.MergedInto(%d)", id)
	s, _, err := m.StaffSite(ctx, a, slug, PermPatient)
	if err != nil {
		return nil, err
	}
	list, err := pg.Many[Merged](ctx, m.db, sqlMergedInto, id, s.UnitID)
	for i := range list {
		if err == nil {
			list[i].Since, err = pg.Many[SinceVisit](ctx, m.db, sqlSinceMerge, id, list[i].At)
		}
	}
	return list, err
}

// Merging says which of two patients stays. The versions are those that were shown.
type Merging struct {
	Keep, Gone               int64
	KeepVersion, GoneVersion int
}

type mergeRow struct {
	ID           int64
	RecordNumber *int
	NikSealed    []byte
	NikHash      []byte
	BpjsSealed   []byte
	BpjsHash     []byte
	Faskes       string
	Version      int
	MergedInto   *int64
}

// Merge makes one patient of two: visits and numbers of the one who goes are the other
// one's, who also takes over what was known of the first alone. The medical-record number
// that goes still finds them. Needs PermPatient. Two who have different NIKs, who were
// changed meanwhile or who both have an active number for one poli and day are
// errs.Conflict, in words. [Module.Unmerge] undoes it.
func (m *Module) Merge(ctx context.Context, a authz.Actor, slug string, in Merging) (err error) {
	defer errs.In(&err, "epuskesmas.Merge(%d, %d)", in.Gone, in.Keep)
	s, _, err := m.StaffSite(ctx, a, slug, PermPatient)
	if err != nil {
		return err
	}
	if in.Keep == in.Gone {
		return errs.New(errs.BadRequest, "")
	}
	now := m.now()
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error { return mergeTx(ctx, tx, a, s.UnitID, in, now) })
}

// mergeTx is [Module.Merge] inside a transaction.
func mergeTx(ctx context.Context, tx pgx.Tx, a authz.Actor, unitID int64, in Merging, now time.Time) error {
	keep, gone, err := lockTwo(ctx, tx, unitID, in.Keep, in.Gone)
	if err != nil {
		return err
	}
	switch {
	case keep.MergedInto != nil || gone.MergedInto != nil:
		return errs.New(errs.Conflict, "Salah satu dari keduanya sudah digabung. Cari lagi pasiennya.")
	case keep.Version != in.KeepVersion || gone.Version != in.GoneVersion:
		return errs.New(errs.Conflict, "Data salah satu pasien baru saja diubah orang lain. Bandingkan sekali lagi.")
	case keep.NikHash != nil && gone.NikHash != nil && !bytes.Equal(keep.NikHash, gone.NikHash):
		return errs.New(errs.Conflict, "NIK keduanya berbeda, jadi ini dua orang. Bila salah satu NIK keliru, hapus dahulu NIK itu, lalu gabungkan lagi.")
	}
	if err := refuseClash(ctx, tx, in); err != nil {
		return err
	}
	took := takeOver(&keep, &gone)
	earlier, err := pg.Scalars[int64](ctx, tx, sqlFollowMerge, in.Gone, in.Keep)
	if err != nil {
		return err
	}
	// The one who goes first: numbers are of one patient at a time.
	if err := saveMerged(ctx, tx, gone, &in.Keep); err != nil {
		return err
	}
	if err := saveMerged(ctx, tx, keep, nil); err != nil {
		return err
	}
	visits, err := moveVisits(ctx, tx, in.Gone, in.Keep, nil)
	if pg.Violates(err, "epuskesmas_ticket_patient_key") {
		return errs.Wrap(errs.Conflict, err, "Keduanya punya nomor yang masih berlaku untuk poli dan hari yang sama. Selesaikan atau batalkan salah satunya dahulu.")
	}
	if err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlInsertMerge, unitID, in.Keep, in.Gone, now, a.AccountID, visits, earlier, took, keep.Version+1); err != nil {
		return err
	}
	if err := live.Notify(ctx, tx, LiveSite(unitID)); err != nil {
		return err
	}
	return audit.Write(ctx, tx, a, now, audit.Entry{
		Action: "epuskesmas.patient.merge", Object: "epuskesmas_patient", ObjectID: in.Keep, UnitID: unitID,
		Detail: map[string]any{"pasien_digabung": in.Gone, "kunjungan": len(visits)},
	})
}

// refuseClash names a poli and day for which both have an active number.
func refuseClash(ctx context.Context, tx pgx.Tx, in Merging) error {
	clash, err := pg.One[struct {
		Poli        string
		Day         time.Time
		Code, Other string
	}](ctx, tx, sqlClash, in.Keep, in.Gone)
	if err != nil {
		return unlessNotFound(err)
	}
	return errs.New(errs.Conflict, fmt.Sprintf("Keduanya punya nomor yang masih berlaku di %s, %s: %s dan %s. Selesaikan atau batalkan salah satunya dahulu.",
		clash.Poli, indo.Date(clash.Day), clash.Code, clash.Other))
}

// What the one who stays may take over from the one who goes.
const (
	tookRecord = "rekam_medis"
	tookNIK    = "nik"
	tookBPJS   = "bpjs"
	tookFaskes = "faskes"
)

// takeOver moves what only gone has to keep, and says what.
func takeOver(keep, gone *mergeRow) (took []string) {
	took = []string{}
	if keep.RecordNumber == nil && gone.RecordNumber != nil {
		keep.RecordNumber, gone.RecordNumber, took = gone.RecordNumber, nil, append(took, tookRecord)
	}
	if keep.NikHash == nil && gone.NikHash != nil {
		keep.NikSealed, keep.NikHash, gone.NikSealed, gone.NikHash = gone.NikSealed, gone.NikHash, nil, nil
		took = append(took, tookNIK)
	}
	if keep.BpjsHash == nil && gone.BpjsHash != nil {
		keep.BpjsSealed, keep.BpjsHash, took = gone.BpjsSealed, gone.BpjsHash, append(took, tookBPJS)
	}
	if keep.Faskes == "" && gone.Faskes != "" {
		keep.Faskes, took = gone.Faskes, append(took, tookFaskes)
	}
	return took
}

// giveBack is takeOver backwards.
func giveBack(keep, gone *mergeRow, took []string) {
	for _, what := range took {
		switch what {
		case tookRecord:
			keep.RecordNumber, gone.RecordNumber = nil, keep.RecordNumber
		case tookNIK:
			keep.NikSealed, keep.NikHash, gone.NikSealed, gone.NikHash = nil, nil, keep.NikSealed, keep.NikHash
		case tookBPJS:
			keep.BpjsSealed, keep.BpjsHash = nil, nil
		case tookFaskes:
			keep.Faskes = ""
		}
	}
}

// lockTwo locks two patients of a puskesmas in the order of their ids, so that whoever
// merges them the other way round waits, and whoever gives one of them a number.
func lockTwo(ctx context.Context, tx pgx.Tx, unitID, keepID, goneID int64) (keep, gone mergeRow, err error) {
	rows, err := pg.Many[mergeRow](ctx, tx, sqlLockTwo, []int64{keepID, goneID}, unitID)
	if err == nil && len(rows) != 2 {
		err = errs.New(errs.NotFound, "")
	}
	if err != nil {
		return keep, gone, err
	}
	if rows[0].ID == keepID {
		return rows[0], rows[1], nil
	}
	return rows[1], rows[0], nil
}

func saveMerged(ctx context.Context, tx pgx.Tx, r mergeRow, into *int64) error {
	return pg.Exec(ctx, tx, sqlSaveMerged, r.ID, r.RecordNumber, r.NikSealed, r.NikHash, r.BpjsSealed, r.BpjsHash, r.Faskes, into)
}

// moveVisits gives the visits of one patient and their numbers to another; nil: all.
func moveVisits(ctx context.Context, tx pgx.Tx, from, to int64, visits []int64) ([]int64, error) {
	moved, err := pg.Scalars[int64](ctx, tx, sqlMoveVisits, from, to, visits)
	if err != nil {
		return nil, err
	}
	if moved == nil {
		moved = []int64{}
	}
	return moved, pg.Exec(ctx, tx, sqlMoveTickets, from, to, visits)
}

// Unmerging says which merging was wrong, and whose the visits since are.
type Unmerging struct {
	MergeID int64
	Seen    []int64 // visits since ([Merged.Since]) that were shown
	Theirs  []int64 // of these, those of the one who was merged; the others stay
}

// Unmerge takes two patients apart again who were merged, whatever has happened to their
// visits since. Needs PermPatient. kept: the data of the one who stayed were changed by hand
// meanwhile, so NIK, card and faskes stay there. A merging that is undone already, one after
// which the patient was merged again, or a visit that nobody was shown is errs.Conflict, in
// words.
func (m *Module) Unmerge(ctx context.Context, a authz.Actor, slug string, in Unmerging) (gone int64, kept bool, err error) {
	defer errs.In(&err, "epuskesmas.Unmerge(%d)", in.MergeID)
	s, _, err := m.StaffSite(ctx, a, slug, PermPatient)
	if err != nil {
		return 0, false, err
	}
	now := m.now()
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		gone, kept, err = m.unmergeTx(ctx, tx, a, s.UnitID, in, now)
		return err
	})
	return gone, kept, err
}

// unmergeTx is [Module.Unmerge] inside a transaction.
func (m *Module) unmergeTx(ctx context.Context, tx pgx.Tx, a authz.Actor, unitID int64, in Unmerging, now time.Time) (gone int64, kept bool, err error) {
	was, err := pg.One[struct {
		KeptID, GoneID int64
		At             time.Time
		VisitIds       []int64
		EarlierIds     []int64
		Took           []string
		KeptVersion    int
		UndoneAt       *time.Time
	}](ctx, tx, sqlLockMerge, in.MergeID, unitID)
	if err != nil {
		return 0, false, err
	}
	if was.UndoneAt != nil {
		return 0, false, errs.New(errs.Conflict, "Gabungan ini sudah dipisahkan lagi.")
	}
	keep, other, err := lockTwo(ctx, tx, unitID, was.KeptID, was.GoneID)
	if err != nil {
		return 0, false, err
	}
	since, err := pg.Many[SinceVisit](ctx, tx, sqlSinceMerge, was.KeptID, was.At)
	switch {
	case err != nil:
		return 0, false, err
	case keep.MergedInto != nil:
		return 0, false, errs.New(errs.Conflict, "Pasien ini sudah digabung lagi ke pasien lain. Pisahkan dahulu yang terakhir.")
	case slices.ContainsFunc(since, func(v SinceVisit) bool { return !slices.Contains(in.Seen, v.ID) }):
		return 0, false, errs.New(errs.Conflict, "Ada kunjungan sesudah digabung yang belum ditentukan milik siapa. Pilih dahulu, lalu pisahkan lagi.")
	}
	visits := was.VisitIds
	for _, v := range since {
		if slices.Contains(in.Theirs, v.ID) {
			visits = append(visits, v.ID)
		}
	}
	if keep.Version != was.KeptVersion {
		kept = slices.ContainsFunc(was.Took, func(what string) bool { return what != tookRecord })
		was.Took = slices.DeleteFunc(was.Took, func(what string) bool { return what != tookRecord })
	}
	giveBack(&keep, &other, was.Took)
	if err := saveMerged(ctx, tx, keep, nil); err != nil {
		return 0, false, err
	}
	if err := saveMerged(ctx, tx, other, nil); err != nil {
		return 0, false, err
	}
	if err := pg.Exec(ctx, tx, sqlUnfollowMerge, was.EarlierIds, was.GoneID); err != nil {
		return 0, false, err
	}
	if _, err := moveVisits(ctx, tx, was.KeptID, was.GoneID, visits); err != nil {
		return 0, false, err
	}
	for _, id := range []int64{was.KeptID, was.GoneID} {
		here, err := pg.Scalar[bool](ctx, tx, sqlWasHere, id)
		if err == nil && here {
			err = m.welcome(ctx, tx, unitID, id, "")
		}
		if err != nil {
			return 0, false, err
		}
	}
	if err := pg.Exec(ctx, tx, sqlUndoMerge, in.MergeID, now, a.AccountID); err != nil {
		return 0, false, err
	}
	if err := live.Notify(ctx, tx, LiveSite(unitID)); err != nil {
		return 0, false, err
	}
	return was.GoneID, kept, audit.Write(ctx, tx, a, now, audit.Entry{
		Action: "epuskesmas.patient.unmerge", Object: "epuskesmas_patient", ObjectID: was.KeptID, UnitID: unitID,
		Detail: map[string]any{"pasien_dipisah": was.GoneID, "kunjungan": len(visits)},
	})
}

const (
	sqlLooksOf = `SELECT name_fold, birth_date, bpjs_hash, record_number IS NOT NULL AS seen, version FROM epuskesmas_patient WHERE id = $1 AND unit_id = $2`

	sqlMergedInto = `
SELECT g.id, COALESCE(p.record_number, 0) AS record_no, p.name, p.birth_date, cardinality(g.visit_ids) AS visits, g.at, a.name AS by
FROM epuskesmas_merge g JOIN epuskesmas_patient p ON p.id = g.gone_id JOIN authn_account a ON a.id = g.actor_id
WHERE g.kept_id = $1 AND g.unit_id = $2 AND g.undone_at IS NULL ORDER BY g.id DESC`

	sqlLockTwo = `
SELECT id, record_number, nik_sealed, nik_hash, bpjs_sealed, bpjs_hash, faskes, version, merged_into
FROM epuskesmas_patient WHERE id = ANY ($1::bigint[]) AND unit_id = $2 ORDER BY id FOR UPDATE`

	sqlClash = `
SELECT o.name AS poli, k.day, k.code, g.code AS other FROM epuskesmas_ticket k
JOIN epuskesmas_ticket g ON g.poli_id = k.poli_id AND g.day = k.day AND g.patient_id = $2 AND g.status IN ('dipesan', 'menunggu', 'dipanggil', 'dilayani')
JOIN epuskesmas_poli o ON o.id = k.poli_id
WHERE k.patient_id = $1 AND k.status IN ('dipesan', 'menunggu', 'dipanggil', 'dilayani') ORDER BY k.day, k.id LIMIT 1`

	sqlFollowMerge = `UPDATE epuskesmas_patient SET merged_into = $2 WHERE merged_into = $1 RETURNING id`

	sqlUnfollowMerge = `UPDATE epuskesmas_patient SET merged_into = $2 WHERE id = ANY ($1::bigint[])`

	sqlSaveMerged = `
UPDATE epuskesmas_patient SET record_number = $2, nik_sealed = $3, nik_hash = $4, bpjs_sealed = $5, bpjs_hash = $6, faskes = $7, merged_into = $8,
	version = version + 1
WHERE id = $1`

	sqlMoveVisits = `
UPDATE epuskesmas_visit SET patient_id = $2 WHERE patient_id = $1 AND ($3::bigint[] IS NULL OR id = ANY ($3)) RETURNING id`

	sqlMoveTickets = `
UPDATE epuskesmas_ticket SET patient_id = $2 WHERE patient_id = $1 AND ($3::bigint[] IS NULL OR visit_id = ANY ($3))`

	sqlInsertMerge = `
INSERT INTO epuskesmas_merge (unit_id, kept_id, gone_id, at, actor_id, visit_ids, earlier_ids, took, kept_version)
VALUES ($1, $2, $3, $4, $5, $6, COALESCE($7::bigint[], '{}'), $8, $9)`

	sqlLockMerge = `
SELECT kept_id, gone_id, at, visit_ids, earlier_ids, took, kept_version, undone_at FROM epuskesmas_merge WHERE id = $1 AND unit_id = $2 FOR UPDATE`

	sqlUndoMerge = `UPDATE epuskesmas_merge SET undone_at = $2, undone_by = $3 WHERE id = $1`

	sqlWasHere = `SELECT EXISTS (SELECT FROM epuskesmas_ticket WHERE patient_id = $1 AND here_at IS NOT NULL)`

	// Visits that a patient began after a moment, by their first number; those that came with
	// somebody else who was merged are known to be theirs.
	sqlSinceMerge = `
SELECT v.id, v.day, o.name AS poli, t.code FROM epuskesmas_visit v
JOIN LATERAL (SELECT poli_id, code FROM epuskesmas_ticket WHERE visit_id = v.id ORDER BY id LIMIT 1) t ON true
JOIN epuskesmas_poli o ON o.id = t.poli_id WHERE v.patient_id = $1 AND v.created_at > $2
	AND NOT EXISTS (SELECT FROM epuskesmas_merge g WHERE g.kept_id = v.patient_id AND g.undone_at IS NULL AND v.id = ANY (g.visit_ids))
ORDER BY v.id`
)
