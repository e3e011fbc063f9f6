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
}

// AlikeOf lists who may be the same person as a patient: those with the same card, and
// those born on the same day who are named much the same. Needs PermPatient.
func (m *Module) AlikeOf(ctx context.Context, a authz.Actor, slug string, id int64) (list []Known, err error) {
	defer errs.In(&err, "epuskesmas.AlikeOf(%d)", id)
	s, _, err := m.StaffSite(ctx, a, slug, PermPatient)
	if err != nil {
		return nil, err
	}
	k, err := pg.One[struct {
		NameFold  string
		BirthDate time.Time
		BpjsHash  []byte
	}](ctx, m.db, sqlLooksOf, id, s.UnitID)
	if err != nil {
		return nil, err
	}
	alike, err := m.alike(ctx, m.db, s.UnitID, nil, k.BpjsHash, k.BirthDate, k.NameFold)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(alike.Known, func(o Known) bool { return o.ID == id }), nil
}

// MergedInto lists who was merged into a patient, the newest first. Needs PermPatient.
func (m *Module) MergedInto(ctx context.Context, a authz.Actor, slug string, id int64) (_ []Merged, err error) {
	defer errs.In(&err, "epuskesmas.MergedInto(%d)", id)
	s, _, err := m.StaffSite(ctx, a, slug, PermPatient)
	if err != nil {
		return nil, err
	}
	return pg.Many[Merged](ctx, m.db, sqlMergedInto, id, s.UnitID)
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
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		keep, gone, err := lockTwo(ctx, tx, s.UnitID, in.Keep, in.Gone)
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
		if err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, sqlInsertMerge, s.UnitID, in.Keep, in.Gone, now, a.AccountID, visits, earlier, took, keep.Version+1); err != nil {
			return err
		}
		if err := live.Notify(ctx, tx, LiveSite(s.UnitID)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{
			Action: "epuskesmas.patient.merge", Object: "epuskesmas_patient", ObjectID: in.Keep, UnitID: s.UnitID,
			Detail: map[string]any{"pasien_digabung": in.Gone, "kunjungan": len(visits)},
		})
	})
	if pg.Violates(err, "epuskesmas_ticket_patient_key") {
		err = errs.Wrap(errs.Conflict, err, "Keduanya punya nomor yang masih berlaku untuk poli dan hari yang sama. Selesaikan atau batalkan salah satunya dahulu.")
	}
	return err
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

// Unmerge takes two patients apart again who were merged, as long as nothing has happened
// to the one who stayed since. Needs PermPatient. What cannot be undone any more is
// errs.Conflict, in words.
func (m *Module) Unmerge(ctx context.Context, a authz.Actor, slug string, mergeID int64) (gone int64, err error) {
	defer errs.In(&err, "epuskesmas.Unmerge(%d)", mergeID)
	s, _, err := m.StaffSite(ctx, a, slug, PermPatient)
	if err != nil {
		return 0, err
	}
	now := m.now()
	return gone, pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		was, err := pg.One[struct {
			KeptID, GoneID int64
			At             time.Time
			VisitIds       []int64
			EarlierIds     []int64
			Took           []string
			KeptVersion    int
			UndoneAt       *time.Time
		}](ctx, tx, sqlLockMerge, mergeID, s.UnitID)
		if err != nil {
			return err
		}
		gone = was.GoneID
		if was.UndoneAt != nil {
			return errs.New(errs.Conflict, "Gabungan ini sudah dipisahkan lagi.")
		}
		keep, other, err := lockTwo(ctx, tx, s.UnitID, was.KeptID, was.GoneID)
		if err != nil {
			return err
		}
		news, err := pg.Scalar[bool](ctx, tx, sqlNewsOf, was.KeptID, was.At)
		switch {
		case err != nil:
			return err
		case keep.MergedInto != nil:
			return errs.New(errs.Conflict, "Pasien ini sudah digabung lagi ke pasien lain. Pisahkan dahulu yang terakhir.")
		case keep.Version != was.KeptVersion:
			return errs.New(errs.Conflict, "Data pasien sudah diubah sesudah digabung, jadi tidak bisa dipisahkan lagi.")
		case news:
			return errs.New(errs.Conflict, "Sudah ada kunjungan sesudah digabung, jadi tidak bisa dipisahkan lagi.")
		}
		giveBack(&keep, &other, was.Took)
		if err := saveMerged(ctx, tx, keep, nil); err != nil {
			return err
		}
		if err := saveMerged(ctx, tx, other, nil); err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, sqlUnfollowMerge, was.EarlierIds, was.GoneID); err != nil {
			return err
		}
		if _, err := moveVisits(ctx, tx, was.KeptID, was.GoneID, was.VisitIds); err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, sqlUndoMerge, mergeID, now, a.AccountID); err != nil {
			return err
		}
		if err := live.Notify(ctx, tx, LiveSite(s.UnitID)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{
			Action: "epuskesmas.patient.unmerge", Object: "epuskesmas_patient", ObjectID: was.KeptID, UnitID: s.UnitID,
			Detail: map[string]any{"pasien_dipisah": was.GoneID, "kunjungan": len(was.VisitIds)},
		})
	})
}

const (
	sqlLooksOf = `SELECT name_fold, birth_date, bpjs_hash FROM epuskesmas_patient WHERE id = $1 AND unit_id = $2`

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

	sqlNewsOf = `
SELECT EXISTS (SELECT FROM epuskesmas_visit v WHERE v.patient_id = $1 AND (v.created_at > $2
	OR EXISTS (SELECT FROM epuskesmas_ticket t WHERE t.visit_id = v.id AND t.status_at > $2)))`
)
