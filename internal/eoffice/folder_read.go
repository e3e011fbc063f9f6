package eoffice

import (
	"context"
	"slices"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// ArchiveOffice is an office whose archive somebody keeps.
type ArchiveOffice struct {
	ID   int64
	Name string
}

const sqlArchiveOffices = `
SELECT o.id, o.name FROM org_unit o WHERE o.ancestors && $1 AND o.valid_to IS NULL AND ` + isOffice + ` AND (
	EXISTS (SELECT FROM eoffice_letter l WHERE l.unit_id = o.id) OR EXISTS (SELECT FROM eoffice_recipient r WHERE r.unit_id = o.id)
	OR EXISTS (SELECT FROM eoffice_folder f WHERE f.unit_id = o.id))
ORDER BY array_length(o.ancestors, 1), o.name, o.id`

// ArchiveOffices are the offices whose archive the actor keeps and that have letters.
func (m *Module) ArchiveOffices(ctx context.Context, a authz.Actor) (_ []ArchiveOffice, err error) {
	defer errs.In(&err, "eoffice.ArchiveOffices")
	return pg.Many[ArchiveOffice](ctx, m.db, sqlArchiveOffices, archiveUnits(a))
}

// Unfiled is a letter that an office has finished and not filed, with the folder that is
// proposed for it. Of what is confidential the subject is not in it.
type Unfiled struct {
	LetterID  int64
	Own       bool // the office wrote it or wrote it down
	Number    string
	Subject   string
	Secrecy   Secrecy
	Urgency   Urgency
	KindCode  string
	From      string
	Day       time.Time
	Year      int
	KKA       string
	ClassName string
	FolderID  int64 // 0: one is made
	FolderNo  int
}

// Proposed names the folder that is proposed, "" when the letter has no code.
func (u Unfiled) Proposed() string {
	if u.KKA == "" || u.ClassName == "" {
		return ""
	}
	return Folder{KKA: u.KKA, Year: u.Year, No: max(u.FolderNo, 1)}.Code()
}

// Of $1 the office; $2 is the letter after which the page begins, $3 the only letter that is
// asked for, 0: all.
const sqlUnfiled = `
WITH mine AS (
	(SELECT l.id, true AS own, COALESCE(l.dated_at, l.sent_at, l.created_at) AS day FROM eoffice_letter l
	WHERE l.unit_id = $1 AND NOT l.filed AND l.status IN ('terkirim', 'diarahkan', 'dicabut') AND l.id > $2 AND ($3::bigint = 0 OR l.id = $3) AND ` + ownIsDone + `
	ORDER BY l.id LIMIT 51)
	UNION ALL
	(SELECT r.letter_id, false, min(r.sent_at) FROM eoffice_recipient r JOIN eoffice_letter l ON l.id = r.letter_id
	WHERE r.unit_id = $1 AND l.unit_id <> $1 AND l.status <> 'dimusnahkan' AND NOT r.filed AND r.role = 'kepada' AND r.status = 'selesai' AND r.letter_id > $2 AND ($3::bigint = 0 OR r.letter_id = $3)
		AND NOT EXISTS (SELECT FROM eoffice_recipient w WHERE w.letter_id = r.letter_id AND w.unit_id = $1 AND w.role = 'kepada' AND w.status NOT IN ('selesai', 'dikembalikan'))
	GROUP BY r.letter_id ORDER BY r.letter_id LIMIT 51)
)
SELECT m.id AS letter_id, m.own, COALESCE(l.letter_number, l.sender_number) AS number, CASE WHEN l.secrecy IN ('B', 'T') THEN l.subject ELSE '' END AS subject,
	l.secrecy, l.urgency, l.kind_code, COALESCE(NULLIF(l.sender, ''), u.short_name) AS "from", m.day, x.year, l.kka, COALESCE(k.name, '') AS class_name,
	COALESCE(f.id, 0) AS folder_id, COALESCE(f.no, 0) AS folder_no
FROM mine m JOIN eoffice_letter l ON l.id = m.id JOIN org_unit u ON u.id = l.unit_id LEFT JOIN eoffice_kka k ON k.code = l.kka
CROSS JOIN LATERAL (SELECT extract(year FROM m.day AT TIME ZONE 'Asia/Makassar')::integer AS year) x
LEFT JOIN LATERAL (SELECT f.id, f.no FROM eoffice_folder f WHERE f.unit_id = $1 AND f.year = x.year AND f.kka = l.kka AND f.status = 'terbuka'
	AND f.confidential = (l.secrecy IN ('R', 'SR')) ORDER BY f.no DESC LIMIT 1) f ON true
ORDER BY m.id LIMIT 51`

// Unfiled lists what an office has finished and not filed, the oldest first, after a letter;
// next is after which the next page begins, 0 on the last. It is for who keeps the archive.
func (m *Module) Unfiled(ctx context.Context, a authz.Actor, unitID, after, only int64) (rows []Unfiled, next int64, err error) {
	defer errs.In(&err, "eoffice.Unfiled(%d)", unitID)
	if ok, err := m.archives(ctx, m.db, a, unitID); err != nil || !ok {
		return nil, 0, orNoFolder(err)
	}
	rows, err = pg.Many[Unfiled](ctx, m.db, sqlUnfiled, unitID, after, only)
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		next = rows[pageSize-1].LetterID
	}
	return rows, next, err
}

// FolderFilter narrows a list of folders.
type FolderFilter struct {
	UnitID int64
	Year   int    // 0: all
	Status Status // "": all
	Text   string // a beginning of the code or a part of the title
	After  int64  // the folder after which the page begins
}

// Which folders a page shows is found before anything of them is read, from one index for
// those of the office and one for those that it keeps.
const (
	sqlFolders = `SELECT` + folderColumns + `
WHERE f.id = ANY (ARRAY(
	SELECT id FROM ((SELECT f.id FROM eoffice_folder f WHERE f.unit_id = $1` + narrowFolders + `) UNION (SELECT f.id FROM eoffice_folder f WHERE f.keeper_id = $1` + narrowFolders + `)) x
	ORDER BY id DESC LIMIT 51))
ORDER BY f.id DESC`

	narrowFolders = ` AND ($2::integer = 0 OR f.year = $2) AND ($3::text = '' OR f.status = $3) AND ($4::text = '' OR f.kka LIKE $4 || '%' OR lower(f.title) LIKE '%' || $4 || '%')
	AND ($5::bigint = 0 OR f.id < $5) ORDER BY f.id DESC LIMIT 51`
)

// Folders lists the folders of an office and those that it keeps for others, the newest first; next is where the next page
// begins, 0 on the last. It is for who keeps the archive and for the head of the office.
func (m *Module) Folders(ctx context.Context, a authz.Actor, x FolderFilter) (rows []Folder, next int64, err error) {
	defer errs.In(&err, "eoffice.Folders(%d)", x.UnitID)
	ok, err := m.archives(ctx, m.db, a, x.UnitID)
	if err == nil && !ok {
		ok, err = m.heads(ctx, a, x.UnitID)
	}
	if err != nil || !ok {
		return nil, 0, orNoFolder(err)
	}
	rows, err = pg.Many[Folder](ctx, m.db, sqlFolders, x.UnitID, x.Year, x.Status, strings.ToLower(likeless.Replace(squash(x.Text))), x.After)
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		next = rows[pageSize-1].ID
	}
	return rows, next, err
}

const sqlFolderOffice = `
SELECT f.unit_id FROM eoffice_folder f JOIN org_unit o ON o.id = f.unit_id WHERE o.ancestors && $1 ORDER BY f.id DESC LIMIT 1`

// FolderOffice is that of the newest folder whose archive the actor keeps, 0 when there is none.
func (m *Module) FolderOffice(ctx context.Context, a authz.Actor) (_ int64, err error) {
	defer errs.In(&err, "eoffice.FolderOffice")
	id, err := pg.Scalar[int64](ctx, m.db, sqlFolderOffice, archiveUnits(a))
	if errs.KindOf(err) == errs.NotFound && err != nil {
		return 0, nil
	}
	return id, err
}

func (m *Module) heads(ctx context.Context, a authz.Actor, unitID int64) (bool, error) {
	mine, err := m.Seats(ctx, a)
	if err != nil {
		return false, err
	}
	head, err := pg.One[post](ctx, m.db, sqlHeadOf, unitID)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return false, err
	}
	return head.ID != 0 && slices.Contains(desks(mine), head.ID), nil
}

// FolderChoice is a folder as it is chosen from a list.
type FolderChoice struct {
	ID           int64
	Year         int
	KKA          string
	No           int
	Title        string
	Confidential bool
}

// Code names the folder within its office.
func (f FolderChoice) Code() string { return Folder{KKA: f.KKA, Year: f.Year, No: f.No}.Code() }

const sqlFolderChoices = `
SELECT id, year, kka, no, title, confidential FROM eoffice_folder WHERE unit_id = $1 AND status = 'terbuka' ORDER BY year DESC, kka, no LIMIT 500`

// OpenFolders lists the folders of an office into which something may be filed.
func (m *Module) OpenFolders(ctx context.Context, a authz.Actor, unitID int64) (_ []FolderChoice, err error) {
	defer errs.In(&err, "eoffice.OpenFolders(%d)", unitID)
	if ok, err := m.archives(ctx, m.db, a, unitID); err != nil || !ok {
		return nil, orNoFolder(err)
	}
	return pg.Many[FolderChoice](ctx, m.db, sqlFolderChoices, unitID)
}

// FolderLetter is what lies in a folder, as its keepers may know of it: of what is
// confidential not what it is about.
type FolderLetter struct {
	LetterID int64
	Number   string
	Subject  string
	Secrecy  Secrecy
	KindCode string
	From     string
	Day      time.Time
	Status   Status
	FiledAt  time.Time
	Waiting  bool // for the head of the office
}

const sqlFolderLetters = `
SELECT l.id AS letter_id, COALESCE(l.letter_number, l.sender_number) AS number, CASE WHEN l.secrecy IN ('B', 'T') THEN l.subject ELSE '' END AS subject, l.secrecy,
	l.kind_code, COALESCE(NULLIF(l.sender, ''), u.short_name) AS "from",
	COALESCE(l.dated_at, l.letter_date::timestamp AT TIME ZONE 'Asia/Makassar', l.sent_at, l.created_at) AS day, l.status, g.filed_at, g.agreed_at IS NULL AS waiting
FROM eoffice_filing g JOIN eoffice_letter l ON l.id = g.letter_id JOIN org_unit u ON u.id = l.unit_id
WHERE g.folder_id = $1 AND l.id > $2 ORDER BY l.id LIMIT $3`

const sqlFolderEvents = `
SELECT e.seq, e.action, e.from_status AS "from", e.to_status AS "to", e.at, COALESCE(e.actor_id, 0) AS actor_id, COALESCE(a.name, '') AS name, e.title, e.reason
FROM eoffice_folder_event e LEFT JOIN authn_account a ON a.id = e.actor_id WHERE e.folder_id = $1 AND e.action <> 'arsipkan' ORDER BY e.seq DESC LIMIT 100`

// FolderDetail is a folder with what lies in it and what happened to it.
type FolderDetail struct {
	Folder
	Rows    []FolderLetter
	Next    int64 // the letter after which the next page begins, 0 on the last
	Events  []FolderEvent
	Holds   []Hold
	Actions []Action
	Exports bool // the reader may export it
}

// FolderOf is a folder with a page of its letters after one of them, for who keeps the
// archive and for the head of the office; others get errs.NotFound. The head, and who
// judges a case in which it is, see of what is restricted the envelope, unless it lay on their desk.
func (m *Module) FolderOf(ctx context.Context, a authz.Actor, id, after int64) (d FolderDetail, err error) {
	defer errs.In(&err, "eoffice.FolderOf(%d)", id)
	mo, err := m.here(ctx, m.db, a)
	if err != nil {
		return d, err
	}
	if d.Folder, err = pg.One[Folder](ctx, m.db, sqlFolder, id); err != nil {
		return d, absentFolder(err)
	}
	roles := d.RolesOf(mo)
	if roles == 0 {
		judges, err := pg.Scalar[bool](ctx, m.db, sqlOnPanel, id, desks(mo.Seats))
		if err != nil || !judges {
			return d, orNoFolder(err)
		}
	}
	d.Exports = roles.Has(AsArchivist)
	d.Actions = FolderActionsFor(&d.Folder, mo)
	if d.Rows, err = pg.Many[FolderLetter](ctx, m.db, sqlFolderLetters, id, after, pageSize+1); err != nil {
		return d, err
	}
	if len(d.Rows) > pageSize {
		d.Rows = d.Rows[:pageSize]
		d.Next = d.Rows[pageSize-1].LetterID
	}
	for i := range d.Rows {
		if !roles.Has(AsArchivist|AsClerk) && d.Rows[i].Secrecy != Open {
			d.Rows[i].Subject = ""
		}
	}
	if d.Holds, err = pg.Many[Hold](ctx, m.db, sqlHolds, id); err != nil {
		return d, err
	}
	d.Events, err = pg.Many[FolderEvent](ctx, m.db, sqlFolderEvents, id)
	return d, err
}

// LetterFolder is where a letter lies in the archive of an office.
type LetterFolder struct {
	FolderID  int64
	UnitID    int64
	UnitName  string
	KKA       string
	Year      int
	No        int
	Title     string
	Status    Status
	Waiting   bool
	Ancestors []int64
	HeadID    int64
	Mine      bool `db:"-"` // the reader may open the folder
}

// Code names the folder within its office.
func (l LetterFolder) Code() string { return Folder{KKA: l.KKA, Year: l.Year, No: l.No}.Code() }

const sqlLetterFolders = `
SELECT f.id AS folder_id, f.unit_id, u.name AS unit_name, f.kka, f.year, f.no, f.title, f.status, g.agreed_at IS NULL AS waiting, u.ancestors,
	COALESCE((SELECT p.id FROM org_position p WHERE p.unit_id = f.unit_id AND p.kind = 'kepala' AND p.valid_to IS NULL), 0) AS head_id
FROM eoffice_filing g JOIN eoffice_folder f ON f.id = g.folder_id JOIN org_unit u ON u.id = f.unit_id WHERE g.letter_id = $1 ORDER BY f.id`

// foldersOf are the folders of a letter as far as the reader knows the offices: that of the
// letter's own office, and those that are theirs to open.
func foldersOf(ctx context.Context, q pg.Querier, c *Case, mo Moment) ([]LetterFolder, error) {
	all, err := pg.Many[LetterFolder](ctx, q, sqlLetterFolders, c.ID)
	for i := range all {
		f := Folder{Ancestors: all[i].Ancestors, HeadID: all[i].HeadID}
		all[i].Mine = f.RolesOf(mo) != 0
	}
	return slices.DeleteFunc(all, func(l LetterFolder) bool { return !l.Mine && l.UnitID != c.UnitID }), err
}

const sqlFilingOffices = `
SELECT o.id, o.name FROM org_unit o WHERE o.ancestors && $2 AND ` + isOffice + ` AND (o.id = (SELECT unit_id FROM eoffice_letter WHERE id = $1)
	OR EXISTS (SELECT FROM eoffice_recipient r WHERE r.letter_id = $1 AND r.unit_id = o.id AND r.sent_at IS NOT NULL)) ORDER BY o.id`

// FilingOffices are the offices in whose archive the actor may put a letter.
func (m *Module) FilingOffices(ctx context.Context, a authz.Actor, letterID int64) (_ []ArchiveOffice, err error) {
	defer errs.In(&err, "eoffice.FilingOffices(%d)", letterID)
	if !a.HasAny(PermArchive, PermRegister) {
		return nil, nil
	}
	return pg.Many[ArchiveOffice](ctx, m.db, sqlFilingOffices, letterID, archiveUnits(a))
}

const sqlHeadWaits = `
SELECT f.id FROM eoffice_filing g JOIN eoffice_folder f ON f.id = g.folder_id JOIN org_position p ON p.unit_id = f.unit_id AND p.kind = 'kepala'
WHERE p.id = ANY($1) AND g.agreed_at IS NULL GROUP BY f.id ORDER BY f.id LIMIT 100`

// HeadWaits are the folders in which confidential letters wait for the actor's word.
func (m *Module) HeadWaits(ctx context.Context, a authz.Actor) (_ []int64, err error) {
	defer errs.In(&err, "eoffice.HeadWaits")
	mine, err := m.Seats(ctx, a)
	if err != nil {
		return nil, err
	}
	return pg.Scalars[int64](ctx, m.db, sqlHeadWaits, desks(mine))
}

// ArchiveCounts is how much of the archive waits for somebody.
type ArchiveCounts struct {
	Proposed int // folders for which something is proposed, for the archivist
	Panel    int // cases that wait for their word
	Head     int // folders in which confidential letters wait for it
}

const sqlArchiveCounts = `
WITH mine AS MATERIALIZED (SELECT s.position_id FROM eoffice_seat s WHERE s.person_id = $1 AND s.starts_at <= $3 AND (s.ends_at IS NULL OR s.ends_at > $3))
SELECT (SELECT count(*) FROM eoffice_folder f JOIN org_unit u ON u.id = f.unit_id LEFT JOIN org_unit w ON w.id = f.keeper_id
		WHERE f.proposed <> '' AND cardinality($2::bigint[]) > 0 AND (u.ancestors && $2 OR w.ancestors && $2))::integer AS proposed,
	(SELECT count(*) FROM eoffice_disposal_member m JOIN eoffice_disposal d ON d.id = m.disposal_id
		WHERE m.vote = '' AND d.status = 'dinilai' AND m.position_id IN (SELECT position_id FROM mine))::integer AS panel,
	(SELECT count(DISTINCT g.folder_id) FROM eoffice_filing g JOIN org_position p ON p.unit_id = g.unit_id AND p.kind = 'kepala'
		WHERE g.agreed_at IS NULL AND p.id IN (SELECT position_id FROM mine))::integer AS head`

// ArchiveCounts counts what of the archive waits for the actor.
func (m *Module) ArchiveCounts(ctx context.Context, a authz.Actor) (_ ArchiveCounts, err error) {
	defer errs.In(&err, "eoffice.ArchiveCounts")
	return pg.One[ArchiveCounts](ctx, m.db, sqlArchiveCounts, a.PersonID, listOf(a.Units(PermArchive)), m.now())
}
