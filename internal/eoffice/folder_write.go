package eoffice

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// folderObject names a folder in the trails.
const folderObject = "eoffice_folder"

var errNoFolder = errs.New(errs.NotFound, "Berkas ini tidak ada di kantor Anda.")

const folderColumns = `
	f.id, f.unit_id, u.name AS unit_name, u.ancestors, COALESCE((SELECT p.id FROM org_position p WHERE p.unit_id = f.unit_id AND p.kind = 'kepala'
		AND p.valid_to IS NULL), 0) AS head_id, f.year, f.kka, k.name AS class_name, f.no, f.title, f.confidential, f.place, f.status, f.seq,
	f.opened_on, f.closed_on,
	(SELECT count(*) FROM eoffice_filing g WHERE g.folder_id = f.id) AS letters,
	(SELECT count(*) FROM eoffice_filing g WHERE g.folder_id = f.id AND g.agreed_at IS NULL) AS waiting,
	f.proposed, f.proposed_at, f.postponed_until, f.kept_until, COALESCE(f.fate, '') AS own_fate, COALESCE(t.rule, '') AS rule, COALESCE(t.active_years, 0) AS active_years,
	COALESCE(t.inactive_years, 0) AS inactive_years, COALESCE(t.fate, '') AS fate, t.inactive_on, t.ends_on,
	COALESCE(f.keeper_id, 0) AS keeper_id, COALESCE(w.name, '') AS keeper_name, COALESCE(w.ancestors, '{}') AS keeper_ancestors,
	ARRAY(SELECT COALESCE(h.until, '9999-12-31') FROM eoffice_hold h WHERE h.folder_id = f.id AND h.lifted_at IS NULL) AS held_until,
	COALESCE((SELECT x.disposal_id FROM eoffice_disposal_folder x WHERE x.folder_id = f.id AND x.open), 0) AS case_id
FROM eoffice_folder f LEFT JOIN eoffice_folder_due t ON t.folder_id = f.id JOIN org_unit u ON u.id = f.unit_id JOIN eoffice_kka k ON k.code = f.kka LEFT JOIN org_unit w ON w.id = f.keeper_id`

const (
	sqlHoldFolder = `SELECT id FROM eoffice_folder WHERE id = $1 FOR UPDATE`
	sqlFolder     = `SELECT` + folderColumns + ` WHERE f.id = $1`

	sqlSaveFolder = `
UPDATE eoffice_folder SET seq = $3, status = $4, title = $5, place = $6, closed_on = $7, proposed = $8, proposed_at = $9,
	postponed_until = $10, kept_until = $11, fate = NULLIF($12::text, ''), keeper_id = NULLIF($13::bigint, 0) WHERE id = $1 AND seq = $2`

	sqlInsertFolderEvent = `
INSERT INTO eoffice_folder_event (folder_id, seq, action, from_status, to_status, at, actor_id, title, reason)
VALUES ($1, $2, $3, $4, $5, $6, NULLIF($7::bigint, 0), $8, $9)`

	// What happens to the folders of one classification happens one after the other.
	sqlHoldClass = `SELECT pg_advisory_xact_lock(hashtextextended('eoffice_folder:' || $1::bigint || ':' || $2::integer || ':' || $3::text, 0))`

	sqlProposedFolder = `
SELECT id FROM eoffice_folder WHERE unit_id = $1 AND year = $2 AND kka = $3 AND confidential = $4 AND status = 'terbuka' ORDER BY no DESC LIMIT 1`

	sqlMakeFolder = `
INSERT INTO eoffice_folder (unit_id, year, kka, no, title, confidential, place, status, seq, opened_on)
SELECT $1, $2, $3, (SELECT COALESCE(max(no), 0) + 1 FROM eoffice_folder WHERE unit_id = $1 AND year = $2 AND kka = $3), $4, $5, $6, 'terbuka', 1, $7
RETURNING id`
)

// holdFolder reads a folder and holds its row until the transaction ends. Who changes what
// lies in a folder holds it before any letter.
func holdFolder(ctx context.Context, tx pgx.Tx, id int64) (f Folder, err error) {
	if _, err := pg.Scalar[int64](ctx, tx, sqlHoldFolder, id); err != nil {
		return f, absentFolder(err)
	}
	return pg.One[Folder](ctx, tx, sqlFolder, id)
}

// here is the moment at which somebody does something to a folder.
func (m *Module) here(ctx context.Context, q pg.Querier, a authz.Actor) (mo Moment, err error) {
	mo = Moment{Now: m.now(), Actor: a}
	mo.Seats, err = seats(ctx, q, a, mo.Now)
	return mo, err
}

// dayOf is the day on which something is in the city.
func dayOf(t time.Time) time.Time {
	y, mo, d := t.In(clock.Makassar).Date()
	return time.Date(y, mo, d, 0, 0, 0, 0, time.UTC)
}

// onFolder is the frame of every use case on a folder that is held: the decision is made,
// and row, event and audit entry written.
func (m *Module) onFolder(ctx context.Context, tx pgx.Tx, f *Folder, mo Moment, action Action, reason string, detail map[string]any, change func(*Folder)) error {
	e, err := DecideFolder(f, mo, action, strings.TrimSpace(reason))
	if err != nil {
		return err
	}
	was := f.Seq
	f.Seq, f.Status = e.Seq, e.To
	if change != nil {
		change(f)
	}
	if err := pg.Changed(tx.Exec(ctx, sqlSaveFolder, f.ID, was, f.Seq, f.Status, f.Title, f.Place, f.ClosedOn, f.Proposed, f.ProposedAt,
		f.PostponedUntil, f.KeptUntil, f.OwnFate, f.KeeperID)); err != nil {
		return err
	}
	return m.folderDone(ctx, tx, f, mo, e, detail)
}

func (m *Module) folderDone(ctx context.Context, tx pgx.Tx, f *Folder, mo Moment, e FolderEvent, detail map[string]any) error {
	err := pg.Exec(ctx, tx, sqlInsertFolderEvent, f.ID, e.Seq, e.Action, e.From, e.To, e.At, e.ActorID, e.Title, e.Reason)
	if err != nil {
		return err
	}
	if detail == nil {
		detail = map[string]any{}
	}
	detail["dari"], detail["ke"] = e.From, e.To
	return audit.Write(ctx, tx, mo.Actor, mo.Now, audit.Entry{Action: "eoffice.folder." + string(e.Action), Object: folderObject, ObjectID: f.ID, UnitID: f.UnitID, Detail: detail})
}

// NewFolder is a folder as somebody opens it by hand.
type NewFolder struct {
	UnitID       int64
	Year         int
	KKA          string
	Title        string // "": the name of its classification; that of a confidential one always is
	Confidential bool
	Place        string
}

const sqlClassName = `SELECT name FROM eoffice_kka WHERE code = $1`

// makeFolder opens a folder; the class is held.
func (m *Module) makeFolder(ctx context.Context, tx pgx.Tx, mo Moment, n NewFolder) (f Folder, err error) {
	name, err := pg.Scalar[string](ctx, tx, sqlClassName, n.KKA)
	if errs.KindOf(err) == errs.NotFound && err != nil {
		return f, errs.Invalid(errs.Field{Name: ControlKKA, Message: "Pilih kode klasifikasi yang ada di daftar."})
	}
	if err != nil {
		return f, err
	}
	if n.Title == "" || n.Confidential {
		n.Title = name
	}
	id, err := pg.Scalar[int64](ctx, tx, sqlMakeFolder, n.UnitID, n.Year, n.KKA, n.Title, n.Confidential, n.Place, dayOf(mo.Now))
	if err != nil {
		return f, err
	}
	if f, err = pg.One[Folder](ctx, tx, sqlFolder, id); err != nil {
		return f, err
	}
	blank := f
	blank.Status, blank.Seq = "", 0
	e, err := DecideFolder(&blank, mo, ActFolderMake, "")
	if err != nil {
		return f, err
	}
	return f, m.folderDone(ctx, tx, &f, mo, e, nil)
}

// OpenFolder opens a folder by hand: another one of its classification, or one that waits
// for its letters. It is for the archivist and the tata usaha of the office.
func (m *Module) OpenFolder(ctx context.Context, a authz.Actor, n NewFolder) (id int64, err error) {
	defer errs.In(&err, "eoffice.OpenFolder(%d)", n.UnitID)
	n.Title, n.Place = squash(n.Title), squash(n.Place)
	if wrong := checkFolder(n.Title, n.Place, true); len(wrong) > 0 {
		return 0, errs.Invalid(wrong...)
	}
	if this := m.now().In(clock.Makassar).Year(); n.Year < 1945 || n.Year > this {
		return 0, errs.Invalid(errs.Field{Name: ControlYear, Message: fmt.Sprintf("Isi tahun 1945 sampai %d.", this)})
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		mo, err := m.here(ctx, tx, a)
		if err != nil {
			return err
		}
		if ok, err := m.archives(ctx, tx, a, n.UnitID); err != nil || !ok {
			return orNoFolder(err)
		}
		if err := pg.Exec(ctx, tx, sqlHoldClass, n.UnitID, n.Year, n.KKA); err != nil {
			return err
		}
		f, err := m.makeFolder(ctx, tx, mo, n)
		id = f.ID
		return err
	})
	return id, err
}

func orNoFolder(err error) error {
	if err != nil {
		return err
	}
	return errNoFolder
}

const sqlArchives = `SELECT EXISTS (SELECT FROM org_unit o WHERE o.id = $1 AND o.ancestors && $2 AND ` + isOffice + `)`

// archives tells whether the actor keeps the archive of an office.
func (m *Module) archives(ctx context.Context, q pg.Querier, a authz.Actor, unitID int64) (bool, error) {
	return pg.Scalar[bool](ctx, q, sqlArchives, unitID, archiveUnits(a))
}

// archiveUnits are those whose archive somebody keeps, with all below.
func archiveUnits(a authz.Actor) []int64 {
	return append(listOf(a.Units(PermArchive)), a.Units(PermRegister)...)
}

func squash(s string) string { return strings.Join(strings.Fields(tidyText(s)), " ") }

func checkFolder(title, place string, mayBeEmpty bool) (wrong []errs.Field) {
	if n := utf8.RuneCountInString(title); n > 200 || n == 0 && !mayBeEmpty {
		wrong = append(wrong, errs.Field{Name: ControlTitle, Message: "Tulis judul dalam 1 sampai 200 huruf."})
	}
	if utf8.RuneCountInString(place) > 120 {
		wrong = append(wrong, errs.Field{Name: ControlPlace, Message: "Tulis tempat kertas dalam paling banyak 120 huruf."})
	}
	return wrong
}

// OnFolder is who does something to which folder as they saw it.
type OnFolder struct {
	ID     int64
	Seq    int // of the last event that was shown; 0: whatever it is now
	Reason string
}

// folderAct runs what somebody does to a folder of theirs.
func (m *Module) folderAct(ctx context.Context, a authz.Actor, on OnFolder, do func(tx pgx.Tx, f *Folder, mo Moment) error) error {
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		mo, err := m.here(ctx, tx, a)
		if err != nil {
			return err
		}
		f, err := holdFolder(ctx, tx, on.ID)
		if err != nil {
			return err
		}
		if f.RolesOf(mo) == 0 {
			return errNoFolder
		}
		if on.Seq != 0 && on.Seq != f.Seq {
			return errs.New(errs.Conflict, "Berkas ini baru saja diubah orang lain: sekarang "+f.Status.Label()+". Periksa dahulu, lalu putuskan lagi.")
		}
		return do(tx, &f, mo)
	})
}

// CloseFolder closes a folder on a day of the past or today; from then on its retention
// counts.
func (m *Module) CloseFolder(ctx context.Context, a authz.Actor, on OnFolder, day time.Time) (err error) {
	defer errs.In(&err, "eoffice.CloseFolder(%d)", on.ID)
	return m.folderAct(ctx, a, on, func(tx pgx.Tx, f *Folder, mo Moment) error {
		day = dayOf(day)
		if day.After(dayOf(mo.Now)) || day.Year() < f.Year {
			return errs.Invalid(errs.Field{Name: ControlDay, Message: fmt.Sprintf("Isi tanggal dari tahun %d sampai hari ini.", f.Year)})
		}
		return m.onFolder(ctx, tx, f, mo, ActClose, "", nil, func(f *Folder) { f.ClosedOn = &day })
	})
}

// ReopenFolder opens a folder that was closed too early, with a reason.
func (m *Module) ReopenFolder(ctx context.Context, a authz.Actor, on OnFolder) (err error) {
	defer errs.In(&err, "eoffice.ReopenFolder(%d)", on.ID)
	if err := reasonGiven(on.Reason); err != nil {
		return err
	}
	return m.folderAct(ctx, a, on, func(tx pgx.Tx, f *Folder, mo Moment) error {
		return m.onFolder(ctx, tx, f, mo, ActReopen, on.Reason, nil, func(f *Folder) {
			f.ClosedOn, f.Proposed, f.ProposedAt, f.PostponedUntil, f.KeptUntil, f.OwnFate = nil, "", nil, nil, nil, ""
		})
	})
}

func reasonGiven(reason string) error {
	if n := utf8.RuneCountInString(strings.TrimSpace(reason)); n < 5 || n > 500 {
		return errs.Invalid(errs.Field{Name: ControlReason, Message: "Tulis alasannya dalam 5 sampai 500 huruf."})
	}
	return nil
}

// CorrectFolder changes the title of a folder and where its paper lies. The title of a
// confidential one stays the name of its classification.
func (m *Module) CorrectFolder(ctx context.Context, a authz.Actor, on OnFolder, title, place string) (err error) {
	defer errs.In(&err, "eoffice.CorrectFolder(%d)", on.ID)
	title, place = squash(title), squash(place)
	return m.folderAct(ctx, a, on, func(tx pgx.Tx, f *Folder, mo Moment) error {
		if f.Confidential {
			title = f.Title
		}
		if wrong := checkFolder(title, place, false); len(wrong) > 0 {
			return errs.Invalid(wrong...)
		}
		return m.onFolder(ctx, tx, f, mo, ActCorrect, "", nil, func(f *Folder) { f.Title, f.Place = title, place })
	})
}

// announce tells open pages that the archive changed.
func announce(ctx context.Context, tx pgx.Tx, letterID int64) error {
	return live.Notify(ctx, tx, LiveLetter(letterID))
}
