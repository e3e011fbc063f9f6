package eoffice

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const disposalObject = "eoffice_disposal"

var errNoDisposal = errs.New(errs.NotFound, "Usul penyusutan ini tidak ada di meja Anda.")

const disposalColumns = `
	d.id, d.unit_id, u.name AS unit_name, u.ancestors, COALESCE((SELECT p.id FROM org_position p WHERE p.unit_id = d.unit_id AND p.kind = 'kepala'
		AND p.valid_to IS NULL), 0) AS head_id, d.kind, d.status, d.seq, COALESCE(d.keeper_id, 0) AS keeper_id, COALESCE(w.name, '') AS keeper_name,
	COALESCE(d.report_id, 0) AS report_id, COALESCE(l.letter_number, '') AS report_number, COALESCE(l.status, '') AS report_status, d.anri_note,
	d.created_at, d.done_at,
	(SELECT count(*) FROM eoffice_disposal_folder x WHERE x.disposal_id = d.id) AS folders,
	(SELECT count(*) FROM eoffice_disposal_folder x JOIN eoffice_filing g ON g.folder_id = x.folder_id WHERE x.disposal_id = d.id) AS letters,
	COALESCE((SELECT max(t.active_years + t.inactive_years) FROM eoffice_disposal_folder x JOIN eoffice_folder_due t ON t.folder_id = x.folder_id
		WHERE x.disposal_id = d.id), 0) AS longest,
	EXISTS (SELECT FROM eoffice_disposal_folder x JOIN eoffice_folder f ON f.id = x.folder_id WHERE x.disposal_id = d.id AND f.confidential) AS confidential
FROM eoffice_disposal d JOIN org_unit u ON u.id = d.unit_id LEFT JOIN org_unit w ON w.id = d.keeper_id LEFT JOIN eoffice_letter l ON l.id = d.report_id`

const (
	sqlHoldDisposal = `SELECT id FROM eoffice_disposal WHERE id = $1 FOR UPDATE`
	sqlDisposal     = `SELECT` + disposalColumns + ` WHERE d.id = $1`

	sqlPanel = `
SELECT m.position_id, p.title, COALESCE((SELECT a.name FROM authn_account a WHERE a.id = m.voted_by), (SELECT string_agg(o.name, ', ' ORDER BY o.name)
	FROM eoffice_seat s JOIN org_person o ON o.id = s.person_id WHERE s.position_id = p.id AND s.starts_at <= $2 AND (s.ends_at IS NULL OR s.ends_at > $2)), '') AS holder,
	m.vote, m.words, m.voted_at
FROM eoffice_disposal_member m JOIN org_position p ON p.id = m.position_id WHERE m.disposal_id = $1 ORDER BY p.title, p.id`

	sqlMakeDisposal = `
INSERT INTO eoffice_disposal (unit_id, kind, status, seq, keeper_id, created_at) VALUES ($1, $2, $3, 1, NULLIF($4::bigint, 0), $5) RETURNING id`
	sqlPutInDisposal = `INSERT INTO eoffice_disposal_folder (disposal_id, folder_id) VALUES ($1, $2)`
	sqlAddMember     = `INSERT INTO eoffice_disposal_member (disposal_id, position_id) VALUES ($1, $2)`
	sqlSaveDisposal  = `
UPDATE eoffice_disposal SET status = $3, seq = $4, report_id = NULLIF($5::bigint, 0), anri_note = $6, done_at = $7 WHERE id = $1 AND seq = $2`
	sqlVote            = `UPDATE eoffice_disposal_member SET vote = $3, words = $4, voted_at = $5, voted_by = $6 WHERE disposal_id = $1 AND position_id = ANY($2) AND vote = ''`
	sqlEndDisposal     = `UPDATE eoffice_disposal_folder SET open = false WHERE disposal_id = $1`
	sqlDisposalFolders = `SELECT folder_id FROM eoffice_disposal_folder WHERE disposal_id = $1 ORDER BY folder_id`

	sqlInsertDisposalEvent = `
INSERT INTO eoffice_disposal_event (disposal_id, seq, action, from_status, to_status, at, actor_id, title, reason)
VALUES ($1, $2, $3, $4, $5, $6, NULLIF($7::bigint, 0), $8, $9)`

	sqlActingOffice = `
SELECT u.ancestors, COALESCE((SELECT p.id FROM org_position p WHERE p.unit_id = u.id AND p.kind = 'kepala' AND p.valid_to IS NULL), 0) AS head_id FROM org_unit u WHERE u.id = $1`

	sqlIsKeeper = `SELECT EXISTS (SELECT FROM eoffice_keeper WHERE unit_id = $1)`
)

func readDisposal(ctx context.Context, q pg.Querier, id int64, at time.Time) (d Disposal, err error) {
	if d, err = pg.One[Disposal](ctx, q, sqlDisposal, id); err != nil {
		if errs.KindOf(err) == errs.NotFound {
			err = errNoDisposal
		}
		return d, err
	}
	d.Members, err = pg.Many[PanelMember](ctx, q, sqlPanel, id, at)
	return d, err
}

// NewDisposal is a case as an archivist proposes it.
type NewDisposal struct {
	UnitID   int64
	Kind     Proposal
	Folders  []int64
	Panel    []int64 // positions
	KeeperID int64   // who gets the folders
}

func absentFolder(err error) error {
	if errs.KindOf(err) == errs.NotFound {
		return errNoFolder
	}
	return err
}

// maxDisposal is how many folders one case has at most.
const maxDisposal = 200

// ProposeDisposal opens a case for folders of an office, or that it keeps, for which the daily job proposes just that. A
// panel judges what is destroyed or handed over, and everything that is confidential, that with
// the head of the office; a case without a panel may be carried out at once.
func (m *Module) ProposeDisposal(ctx context.Context, a authz.Actor, n NewDisposal) (id int64, err error) {
	defer errs.In(&err, "eoffice.ProposeDisposal(%d)", n.UnitID)
	slices.Sort(n.Folders)
	n.Folders = slices.Compact(n.Folders)
	slices.Sort(n.Panel)
	n.Panel = slices.Compact(n.Panel)
	refuse := func(control, message string) error { return errs.Invalid(errs.Field{Name: control, Message: message}) }
	switch {
	case n.Kind != ToInactive && n.Kind != ToDestroy && n.Kind != ToHandOver:
		return 0, errs.New(errs.BadRequest, "Usul ini tidak ada.")
	case len(n.Folders) == 0 || len(n.Folders) > maxDisposal:
		return 0, refuse(ControlFolder, "Pilih 1 sampai "+strconv.Itoa(maxDisposal)+" berkas.")
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		mo, err := m.here(ctx, tx, a)
		if err != nil {
			return err
		}
		office, err := pg.One[struct {
			Ancestors []int64
			HeadID    int64
		}](ctx, tx, sqlActingOffice, n.UnitID)
		if err != nil {
			return absentFolder(err)
		}
		d := Disposal{UnitID: n.UnitID, Kind: n.Kind, Ancestors: office.Ancestors, HeadID: office.HeadID}
		for _, folder := range n.Folders {
			f, err := holdFolder(ctx, tx, folder)
			if err == nil && f.UnitID != n.UnitID && f.KeeperID != n.UnitID {
				err = errNoFolder
			}
			if err != nil {
				return err
			}
			d.Confidential = d.Confidential || f.Confidential
			if err := errors.Join(notHeld(&f, mo), isFree(&f)); err != nil {
				return errs.Invalid(errs.Field{Name: ControlFolder, Message: errs.MessageOf(err)})
			}
			if f.Proposed != n.Kind {
				return refuse(ControlFolder, "Untuk berkas "+f.Code()+" itu tidak diusulkan.")
			}
		}
		if n.Kind != ToDestroy {
			ok, err := pg.Scalar[bool](ctx, tx, sqlIsKeeper, n.KeeperID)
			if err != nil {
				return err
			}
			if !ok && (n.KeeperID != n.UnitID || n.Kind == ToHandOver) {
				return refuse(ControlKeeper, "Pilih unit kearsipan yang menerimanya.")
			}
		} else {
			n.KeeperID = 0
		}
		places, err := m.places(ctx, tx, n.Panel)
		if err != nil {
			return err
		}
		for _, p := range n.Panel {
			if places[p].PositionID == 0 {
				return refuse(ControlPanel, "Salah satu jabatan tidak ada lagi.")
			}
			d.Members = append(d.Members, PanelMember{PositionID: p})
		}
		e, err := DecideDisposal(&d, mo, ActCaseMake, "")
		if err != nil {
			return err
		}
		least, err := pg.Scalar[int](ctx, tx, sqlPanelLeast)
		if err != nil {
			return err
		}
		if err := d.checkPanel(least); err != nil {
			return err
		}
		if id, err = pg.Scalar[int64](ctx, tx, sqlMakeDisposal, n.UnitID, n.Kind, e.To, n.KeeperID, mo.Now); err != nil {
			return err
		}
		for _, folder := range n.Folders {
			if err := pg.Exec(ctx, tx, sqlPutInDisposal, id, folder); err != nil {
				return err
			}
		}
		for _, p := range n.Panel {
			if err := pg.Exec(ctx, tx, sqlAddMember, id, p); err != nil {
				return err
			}
			if err := m.tellPanel(ctx, tx, p, id, mo); err != nil {
				return err
			}
		}
		d.ID = id
		return m.disposalDone(ctx, tx, &d, mo, e, map[string]any{"jenis": n.Kind, "berkas": n.Folders})
	})
	return id, err
}

func (m *Module) tellPanel(ctx context.Context, tx pgx.Tx, position, id int64, mo Moment) error {
	holders, err := org.HoldersOf(ctx, tx, position, mo.Now)
	if err != nil {
		return err
	}
	for _, h := range holders {
		if h.AccountID == nil {
			continue
		}
		err := notify.Queue(ctx, tx, notify.Message{
			Topic: TopicDesk, AccountID: *h.AccountID, Subject: "Usul penyusutan arsip menunggu pendapat Anda", Text: "Buka portal untuk melihatnya.",
			Link: notify.Link{Label: "Buka usul", URL: disposalURL(id)}, Object: disposalObject, ObjectID: id, At: mo.Now,
			Key: eventKey(disposalObject, id, int(position)) + ":" + strconv.FormatInt(*h.AccountID, 10),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// disposalURL is the page of a case.
func disposalURL(id int64) string {
	return "/meja/eoffice/arsip/penyusutan/" + strconv.FormatInt(id, 10)
}

func (m *Module) disposalDone(ctx context.Context, tx pgx.Tx, d *Disposal, mo Moment, e DisposalEvent, detail map[string]any) error {
	err := pg.Exec(ctx, tx, sqlInsertDisposalEvent, d.ID, e.Seq, e.Action, e.From, e.To, e.At, e.ActorID, e.Title, e.Reason)
	if err != nil {
		return err
	}
	if detail == nil {
		detail = map[string]any{}
	}
	detail["dari"], detail["ke"] = e.From, e.To
	return audit.Write(ctx, tx, mo.Actor, mo.Now, audit.Entry{Action: "eoffice.disposal." + string(e.Action), Object: disposalObject, ObjectID: d.ID, UnitID: d.UnitID, Detail: detail})
}

// disposalAct is the frame of every use case on a case: its row is held, the decision made,
// and row, event and audit entry written. prepare runs once the right to act is established,
// after with the event written.
func (m *Module) disposalAct(ctx context.Context, a authz.Actor, id int64, action Action, reason string, detail map[string]any,
	prepare, after func(tx pgx.Tx, d *Disposal, mo Moment) error,
) (err error) {
	defer errs.In(&err, "eoffice.%s(disposal %d)", action, id)
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		mo, err := m.here(ctx, tx, a)
		if err != nil {
			return err
		}
		if _, err := pg.Scalar[int64](ctx, tx, sqlHoldDisposal, id); err != nil {
			if errs.KindOf(err) == errs.NotFound {
				err = errNoDisposal
			}
			return err
		}
		d, err := readDisposal(ctx, tx, id, mo.Now)
		if err != nil {
			return err
		}
		if !d.seen(mo) {
			return errNoDisposal
		}
		e, err := DecideDisposal(&d, mo, action, strings.TrimSpace(reason))
		if err != nil {
			return err
		}
		if prepare != nil {
			if err := prepare(tx, &d, mo); err != nil {
				return err
			}
		}
		was := d.Seq
		d.Seq, d.Status = e.Seq, e.To
		over := len(DisposalSteps[d.Status]) == 0
		if over {
			d.DoneAt = &mo.Now
		}
		if err := pg.Changed(tx.Exec(ctx, sqlSaveDisposal, id, was, d.Status, d.Seq, d.ReportID, d.ANRINote, d.DoneAt)); err != nil {
			return err
		}
		if err := m.disposalDone(ctx, tx, &d, mo, e, detail); err != nil {
			return err
		}
		if after != nil {
			if err := after(tx, &d, mo); err != nil {
				return err
			}
		}
		if over {
			return pg.Exec(ctx, tx, sqlEndDisposal, id)
		}
		return nil
	})
}

// VoteOnDisposal is the word of a desk of the panel, an objection with its reason. When
// everybody has agreed the case may be carried out; one objection ends it.
func (m *Module) VoteOnDisposal(ctx context.Context, a authz.Actor, id int64, agree bool, words string) error {
	action, n := ActVoteYes, utf8.RuneCountInString(strings.TrimSpace(words))
	if !agree {
		action = ActVoteNo
	}
	if n > 1000 || !agree && n < 5 {
		return errs.Invalid(errs.Field{Name: ControlWords, Message: "Tulis pendapat Anda dalam 5 sampai 1.000 huruf."})
	}
	return m.disposalAct(ctx, a, id, action, "", nil, func(tx pgx.Tx, d *Disposal, mo Moment) error {
		return pg.Exec(ctx, tx, sqlVote, id, desks(mo.Seats), action, strings.TrimSpace(words), mo.Now, a.AccountID)
	}, nil)
}

// CancelDisposal gives a case up, with a reason. Its folders are proposed as before.
func (m *Module) CancelDisposal(ctx context.Context, a authz.Actor, id int64, reason string) error {
	if err := reasonGiven(reason); err != nil {
		return err
	}
	return m.disposalAct(ctx, a, id, ActCancel, reason, nil, nil, nil)
}

// NoteANRI writes down the approval of the national archive: its number and day.
func (m *Module) NoteANRI(ctx context.Context, a authz.Actor, id int64, note string) error {
	note = squash(note)
	if n := utf8.RuneCountInString(note); n < 5 || n > 200 {
		return errs.Invalid(errs.Field{Name: ControlANRI, Message: "Tulis nomor dan tanggal persetujuan ANRI, dalam 5 sampai 200 huruf."})
	}
	return m.disposalAct(ctx, a, id, ActSetANRI, "", nil, func(_ pgx.Tx, d *Disposal, _ Moment) error {
		d.ANRINote = note
		return nil
	}, nil)
}

const sqlDestroy = `SELECT eoffice_destroy($1, $2, $3)`

const sqlLettersOf = `SELECT letter_id FROM eoffice_filing WHERE folder_id = $1 ORDER BY letter_id`

// CarryOut does what the panel agreed to: its folders move, or are handed over, or their
// letters are destroyed, all or none. A legal hold that is in force on one of them stops it. A
// letter that another office's archive still keeps is destroyed once that destroys it too.
func (m *Module) CarryOut(ctx context.Context, a authz.Actor, id int64) error {
	err := m.disposalAct(ctx, a, id, ActCarryOut, "", nil, func(tx pgx.Tx, d *Disposal, mo Moment) error {
		folders, err := pg.Scalars[int64](ctx, tx, sqlDisposalFolders, id)
		if err != nil {
			return err
		}
		for _, folder := range folders {
			f, err := holdFolder(ctx, tx, folder)
			if err != nil {
				return err
			}
			action := map[Proposal]Action{ToInactive: ActMove, ToDestroy: ActDestroy, ToHandOver: ActHandOver}[d.Kind]
			if d.Kind == ToDestroy {
				// Before the folder is marked: only what an agreed case holds may be destroyed.
				if err := m.destroyLetters(ctx, tx, &f, d.ID, mo); err != nil {
					return err
				}
			}
			err = m.onFolder(ctx, tx, &f, mo, action, "", map[string]any{"usul": d.ID}, func(f *Folder) {
				f.propose(NoProposal, mo.Now)
				f.PostponedUntil = nil
				if d.KeeperID != 0 && d.KeeperID != f.UnitID {
					f.KeeperID = d.KeeperID
				}
			})
			if err != nil {
				return err
			}
		}
		return nil
	}, nil)
	if err == nil {
		_, err = m.SweepDoomed(ctx)
	}
	return err
}

// destroyLetters destroys what lies in a folder and nowhere else.
func (m *Module) destroyLetters(ctx context.Context, tx pgx.Tx, f *Folder, disposal int64, mo Moment) error {
	if err := notHeld(f, mo); err != nil {
		return err
	}
	ids, err := pg.Scalars[int64](ctx, tx, sqlLettersOf, f.ID)
	if err != nil {
		return err
	}
	for _, letter := range ids {
		c, err := lockCase(ctx, tx, letter, 0, mo.Now)
		if err != nil {
			return err
		}
		if c.Status == Destroyed {
			continue // it lay in another folder of this case too
		}
		gone, err := pg.Scalar[bool](ctx, tx, sqlDestroy, letter, disposal, dayOf(mo.Now))
		if err != nil {
			return err
		}
		if !gone {
			continue
		}
		if _, err := m.actIn(ctx, tx, authz.System("e-office"), Act{ID: letter}, ActDestroy, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

const (
	sqlDoomed   = `SELECT blob_key FROM eoffice_doomed_file ORDER BY blob_key LIMIT 1000`
	sqlUndoomed = `DELETE FROM eoffice_doomed_file WHERE blob_key = $1`
)

// SweepDoomed deletes the files of destroyed letters from the store, and returns how many
// there were. What fails is tried again by the next run.
func (m *Module) SweepDoomed(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "eoffice.SweepDoomed")
	keys, err := pg.Scalars[string](ctx, m.db, sqlDoomed)
	if err != nil {
		return 0, err
	}
	for _, key := range keys {
		one := m.blobs.Delete(ctx, key)
		if one == nil || errs.KindOf(one) == errs.NotFound {
			one = pg.Exec(ctx, m.db, sqlUndoomed, key)
		}
		if one == nil {
			n++
		}
		err = errors.Join(err, one)
	}
	return n, err
}
