package eoffice

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// candidate is a letter as an office might file it.
type candidate struct {
	Own      bool // the office wrote it or wrote it down
	Finished bool // the office has nothing left to do with it
	KKA      string
	Year     int
	Secrecy  Secrecy
	FolderID int64 // where it lies already, 0: nowhere
}

// ownIsDone is a letter l whose own office has nothing left to do with it: it went out, or
// was directed, and nobody of the office still works at it.
const ownIsDone = `l.status IN ('terkirim', 'diarahkan', 'diarsipkan', 'dicabut') AND NOT EXISTS (SELECT FROM eoffice_recipient w
	WHERE w.letter_id = l.id AND w.unit_id = l.unit_id AND w.role = 'kepada' AND w.status NOT IN ('selesai', 'dikembalikan'))`

const sqlCandidate = `
SELECT l.unit_id = $2 AS own, l.kka, l.secrecy, COALESCE(g.folder_id, 0) AS folder_id,
	CASE WHEN l.unit_id = $2 THEN ` + ownIsDone + ` ELSE EXISTS (SELECT FROM eoffice_recipient r WHERE r.letter_id = l.id AND r.unit_id = $2)
		AND NOT EXISTS (SELECT FROM eoffice_recipient r WHERE r.letter_id = l.id AND r.unit_id = $2
			AND NOT (r.role = 'kepada' AND r.status IN ('selesai', 'dikembalikan') OR r.role = 'tembusan' AND r.status = 'dibaca')) END AS finished,
	extract(year FROM COALESCE((SELECT min(r.sent_at) FROM eoffice_recipient r WHERE r.letter_id = l.id AND r.unit_id = $2 AND l.unit_id <> $2),
		l.dated_at, l.sent_at, l.created_at) AT TIME ZONE 'Asia/Makassar')::integer AS year
FROM eoffice_letter l LEFT JOIN eoffice_filing g ON g.letter_id = l.id AND g.unit_id = $2 WHERE l.id = $1 AND l.status <> 'dimusnahkan'`

const (
	sqlPutIn = `
INSERT INTO eoffice_filing (letter_id, unit_id, folder_id, filed_at, filed_by, agreed_at, agreed_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (letter_id, unit_id) DO UPDATE SET folder_id = excluded.folder_id, filed_at = excluded.filed_at, filed_by = excluded.filed_by,
	agreed_at = excluded.agreed_at, agreed_by = excluded.agreed_by`

	sqlLetterFiled    = `UPDATE eoffice_letter SET filed = $3 WHERE id = $1 AND unit_id = $2`
	sqlRecipientFiled = `UPDATE eoffice_recipient SET filed = $3 WHERE letter_id = $1 AND unit_id = $2`
)

// Filed is how filing several letters ended.
type Filed struct {
	Done     int
	Waiting  int // of which so many lie there once the head of the office agreed
	Problems []FilingProblem
}

// FilingProblem is a letter that was not filed, and why.
type FilingProblem struct {
	LetterID int64
	Problem  string
}

// FileLetters files letters in a folder of an office, or each in the one that is proposed for
// it (folderID 0): the open one of its classification and year, which is made when there is
// none. A letter that lies in another open folder moves. One that cannot be filed does not
// stop the others.
func (m *Module) FileLetters(ctx context.Context, a authz.Actor, unitID int64, letters []int64, folderID int64) (out Filed, err error) {
	defer errs.In(&err, "eoffice.FileLetters(%d)", unitID)
	if ok, err := m.archives(ctx, m.db, a, unitID); err != nil || !ok {
		return out, orNoFolder(err)
	}
	for _, id := range letters {
		waits := false
		err := pg.InTx(ctx, m.db, func(tx pgx.Tx) (err error) {
			waits, err = m.file(ctx, tx, a, unitID, id, folderID)
			return err
		})
		switch k := errs.KindOf(err); {
		case err == nil:
			out.Done++
			if waits {
				out.Waiting++
			}
		case k == errs.Conflict, k == errs.Forbidden, k == errs.NotFound, k == errs.Unprocessable:
			out.Problems = append(out.Problems, FilingProblem{id, errs.MessageOf(err)})
		default:
			return out, err
		}
	}
	return out, nil
}

// file files one letter and tells whether it waits for the head of the office.
func (m *Module) file(ctx context.Context, tx pgx.Tx, a authz.Actor, unitID, letterID, folderID int64) (waits bool, err error) {
	mo, err := m.here(ctx, tx, a)
	if err != nil {
		return false, err
	}
	if _, _, err := m.seen(ctx, tx, a, letterID); err != nil {
		return false, err
	}
	c, err := pg.One[candidate](ctx, tx, sqlCandidate, letterID, unitID)
	if err != nil {
		return false, absent(err)
	}
	f, err := m.folderFor(ctx, tx, mo, unitID, c, folderID)
	if err != nil {
		return false, err
	}
	if _, err := lockCase(ctx, tx, letterID, a.PersonID, mo.Now); err != nil {
		return false, err
	}
	// Once more, with folder and letter held.
	if c, err = pg.One[candidate](ctx, tx, sqlCandidate, letterID, unitID); err != nil {
		return false, err
	}
	switch {
	case c.FolderID == f.ID:
		return false, errs.New(errs.Conflict, "Naskah ini sudah ada di berkas "+f.Code()+".")
	case !c.Finished:
		return false, errs.New(errs.Conflict, "Naskah ini belum selesai di kantor Anda.")
	case c.Secrecy.Confidential() != f.Confidential:
		return false, errs.New(errs.Conflict, "Naskah rahasia disimpan di berkas tersendiri.")
	case f.Confidential && f.HeadID == 0:
		return false, errs.New(errs.Conflict, "Kantor ini belum mempunyai jabatan kepala yang dapat menyetujui.")
	}
	if c.FolderID != 0 {
		old, err := pg.One[Folder](ctx, tx, sqlFolder, c.FolderID)
		if err != nil {
			return false, err
		}
		if old.Status != FolderOpen {
			return false, errs.New(errs.Conflict, "Naskah ini ada di berkas "+old.Code()+", yang "+old.Status.Label()+".")
		}
	}
	if err := m.onFolder(ctx, tx, &f, mo, ActFile, "", map[string]any{"naskah": letterID}, nil); err != nil {
		return false, err
	}
	waits = f.Confidential && !f.RolesOf(mo).Has(AsHead)
	var at *time.Time
	var by *int64
	if !waits {
		at, by = &mo.Now, &a.AccountID
	}
	if err := pg.Exec(ctx, tx, sqlPutIn, letterID, unitID, f.ID, mo.Now, a.AccountID, at, by); err != nil {
		return false, err
	}
	if waits {
		if err := m.tellHead(ctx, tx, &f, mo); err != nil {
			return false, err
		}
		return true, m.markFiled(ctx, tx, letterID, unitID, true)
	}
	return false, m.lies(ctx, tx, a, &f, letterID)
}

func (m *Module) markFiled(ctx context.Context, tx pgx.Tx, letterID, unitID int64, filed bool) error {
	if err := pg.Exec(ctx, tx, sqlLetterFiled, letterID, unitID, filed); err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlRecipientFiled, letterID, unitID, filed); err != nil {
		return err
	}
	return announce(ctx, tx, letterID)
}

// lies writes down that a letter lies in a folder for good: one of the office's own is
// archived then.
func (m *Module) lies(ctx context.Context, tx pgx.Tx, a authz.Actor, f *Folder, letterID int64) error {
	if err := m.markFiled(ctx, tx, letterID, f.UnitID, true); err != nil {
		return err
	}
	c, err := readCase(ctx, tx, letterID, a.PersonID, m.now())
	if err != nil || c.UnitID != f.UnitID || c.Status != Sent && c.Status != Directed {
		return err
	}
	_, err = m.actIn(ctx, tx, a, Act{ID: letterID}, ActFile, nil, nil)
	return err
}

// folderFor is the folder in which a letter is to lie, held.
func (m *Module) folderFor(ctx context.Context, tx pgx.Tx, mo Moment, unitID int64, c candidate, folderID int64) (f Folder, err error) {
	if folderID != 0 {
		if f, err = holdFolder(ctx, tx, folderID); err == nil && f.UnitID != unitID {
			err = errNoFolder
		}
		return f, err
	}
	if c.KKA == "" {
		return f, errs.New(errs.Conflict, "Naskah ini belum mempunyai kode klasifikasi. Pilih berkasnya, atau beri kodenya dahulu.")
	}
	if err := pg.Exec(ctx, tx, sqlHoldClass, unitID, c.Year, c.KKA); err != nil {
		return f, err
	}
	id, err := pg.Scalar[int64](ctx, tx, sqlProposedFolder, unitID, c.Year, c.KKA, c.Secrecy.Confidential())
	if err == nil {
		return holdFolder(ctx, tx, id)
	}
	if errs.KindOf(err) != errs.NotFound {
		return f, err
	}
	return m.makeFolder(ctx, tx, mo, NewFolder{UnitID: unitID, Year: c.Year, KKA: c.KKA, Confidential: c.Secrecy.Confidential()})
}

// tellHead tells the head of an office that something of the archive waits for them.
func (m *Module) tellHead(ctx context.Context, tx pgx.Tx, f *Folder, mo Moment) error {
	holders, err := org.HoldersOf(ctx, tx, f.HeadID, mo.Now)
	if err != nil {
		return err
	}
	for _, h := range holders {
		if h.AccountID == nil {
			continue
		}
		err := notify.Queue(ctx, tx, notify.Message{
			Topic: TopicDesk, AccountID: *h.AccountID, Subject: "Pemberkasan naskah rahasia menunggu persetujuan Anda", Text: "Buka portal untuk melihatnya.",
			Link: notify.Link{Label: "Buka berkas", URL: folderURL(f.ID)}, Object: folderObject, ObjectID: f.ID, At: mo.Now,
			Key: eventKey(folderObject, f.ID, f.Seq) + ":" + strconv.FormatInt(*h.AccountID, 10),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// folderURL is the page of a folder.
func folderURL(id int64) string { return "/meja/eoffice/arsip/berkas/" + strconv.FormatInt(id, 10) }

const (
	sqlHoldFiling = `SELECT agreed_at IS NULL FROM eoffice_filing WHERE letter_id = $1 AND folder_id = $2 FOR UPDATE`
	sqlAgree      = `UPDATE eoffice_filing SET agreed_at = $3, agreed_by = $4 WHERE letter_id = $1 AND folder_id = $2`
	sqlUnfile     = `DELETE FROM eoffice_filing WHERE letter_id = $1 AND folder_id = $2`
)

// AgreeFiling is the word of the head of the office on a confidential letter that the
// archivist filed: it lies there then, or goes back to the archivist.
func (m *Module) AgreeFiling(ctx context.Context, a authz.Actor, folderID, letterID int64, agree bool) (err error) {
	defer errs.In(&err, "eoffice.AgreeFiling(%d, %d)", folderID, letterID)
	return m.folderAct(ctx, a, OnFolder{ID: folderID}, func(tx pgx.Tx, f *Folder, mo Moment) error {
		action := ActAgreeFiling
		if !agree {
			action = ActRefuseFiling
		}
		waits, err := pg.Scalar[bool](ctx, tx, sqlHoldFiling, letterID, folderID)
		if errs.KindOf(err) == errs.NotFound && err != nil {
			return errs.New(errs.Conflict, "Naskah ini tidak ada lagi di berkas ini.")
		}
		if err != nil {
			return err
		}
		if err := m.onFolder(ctx, tx, f, mo, action, "", map[string]any{"naskah": letterID}, nil); err != nil {
			return err
		}
		switch {
		case !waits:
			return errs.New(errs.Conflict, "Pemberkasan naskah ini sudah disetujui.")
		case !agree:
			if err := pg.Exec(ctx, tx, sqlUnfile, letterID, folderID); err != nil {
				return err
			}
			return m.markFiled(ctx, tx, letterID, f.UnitID, false)
		}
		if err := pg.Exec(ctx, tx, sqlAgree, letterID, folderID, mo.Now, a.AccountID); err != nil {
			return err
		}
		return m.lies(ctx, tx, authz.System("e-office"), f, letterID)
	})
}
