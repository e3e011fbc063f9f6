package eoffice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Proposal is what the daily job proposes for a closed folder. It only ever proposes; people
// decide.
type Proposal string

// The proposals.
const (
	NoProposal Proposal = ""
	ToInactive Proposal = "pindah" // its active years are over
	ToAppraise Proposal = "nilai"  // its time is over, and somebody says what becomes of it
	ToDestroy  Proposal = "musnah"
	ToHandOver Proposal = "serah" // to the city's records centre, for good
)

// Proposals lists what may be proposed, in the order in which it comes.
var Proposals = []Proposal{ToInactive, ToAppraise, ToDestroy, ToHandOver}

// Label names the proposal.
func (p Proposal) Label() string {
	return map[Proposal]string{ToInactive: "Pindah ke inaktif", ToAppraise: "Dinilai kembali", ToDestroy: "Dimusnahkan", ToHandOver: "Diserahkan"}[p]
}

// What is proposed for a folder f with its dates t on the day $1.
const nextStep = `
	CASE WHEN f.postponed_until > $1 OR EXISTS (SELECT FROM eoffice_hold h WHERE h.folder_id = f.id AND h.lifted_at IS NULL AND (h.until IS NULL OR h.until >= $1)) THEN ''
		WHEN t.ends_on <= $1 THEN CASE t.fate WHEN 'musnah' THEN 'musnah' WHEN 'permanen' THEN 'serah' ELSE 'nilai' END
		WHEN t.inactive_on <= $1 AND f.status = 'tertutup' THEN 'pindah'
		ELSE '' END`

const sqlToPropose = `
SELECT f.id, ` + nextStep + ` AS next FROM eoffice_folder f JOIN eoffice_folder_due t ON t.folder_id = f.id
WHERE f.status IN ('tertutup', 'inaktif') AND f.proposed <> ` + nextStep + `
	AND NOT EXISTS (SELECT FROM eoffice_disposal_folder x WHERE x.folder_id = f.id AND x.open) ORDER BY f.id LIMIT 1000`

const sqlStepNow = `SELECT ` + nextStep + ` FROM eoffice_folder f JOIN eoffice_folder_due t ON t.folder_id = f.id WHERE f.id = $2`

// ProposeDue writes down what is due for the folders of all offices today, and takes back
// what is not any more: a rule changed, or somebody postponed it. A second run on the same day
// changes nothing. It returns how many folders changed.
func (m *Module) ProposeDue(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "eoffice.ProposeDue")
	list, err := pg.Many[struct {
		ID   int64
		Next Proposal
	}](ctx, m.db, sqlToPropose, dayOf(m.now()))
	if err != nil {
		return 0, err
	}
	for _, l := range list {
		changed := false
		one := pg.InTx(ctx, m.db, func(tx pgx.Tx) (err error) {
			changed, err = m.propose(ctx, tx, l.ID)
			return err
		})
		if changed && one == nil {
			n++
		}
		err = errors.Join(err, one)
	}
	return n, err
}

func (m *Module) propose(ctx context.Context, tx pgx.Tx, id int64) (changed bool, err error) {
	f, err := holdFolder(ctx, tx, id)
	if err != nil {
		return false, err
	}
	mo := Moment{Now: m.now(), Actor: authz.System("e-office")}
	next, err := pg.Scalar[Proposal](ctx, tx, sqlStepNow, dayOf(mo.Now), id)
	if err != nil || next == f.Proposed || f.CaseID != 0 {
		return false, err
	}
	if _, ok := FolderSteps[f.Status][ActPropose]; !ok {
		return false, nil
	}
	return true, m.onFolder(ctx, tx, &f, mo, ActPropose, next.Label(), map[string]any{"usul": next}, func(f *Folder) { f.propose(next, mo.Now) })
}

func (f *Folder) propose(p Proposal, at time.Time) {
	if f.Proposed, f.ProposedAt = p, &at; p == NoProposal {
		f.ProposedAt = nil
	}
}

func isProposed(f *Folder, _ Moment) error {
	if err := isFree(f); err != nil {
		return err
	}
	if f.Proposed == NoProposal {
		return errs.New(errs.Conflict, "Untuk berkas ini tidak ada yang diusulkan.")
	}
	return nil
}

func isToAppraise(f *Folder, _ Moment) error {
	if err := isFree(f); err != nil {
		return err
	}
	if f.Proposed != ToAppraise {
		return errs.New(errs.Conflict, "Berkas ini tidak sedang menunggu dinilai kembali.")
	}
	return nil
}

// Controls of the decisions about a proposal.
const (
	ControlOutcome = "putusan"
)

// maxPostponed is for how many years a proposal rests at most.
const maxPostponed = 10

func (m *Module) until(day time.Time) (time.Time, error) {
	day, today := dayOf(day), dayOf(m.now())
	if !day.After(today) || day.After(today.AddDate(maxPostponed, 0, 0)) {
		return day, errs.Invalid(errs.Field{Name: ControlUntil, Message: fmt.Sprintf("Isi tanggal sesudah hari ini, paling lama %d tahun.", maxPostponed)})
	}
	return day, nil
}

// Postpone lets a proposal rest until a day, with a reason.
func (m *Module) Postpone(ctx context.Context, a authz.Actor, on OnFolder, day time.Time) (err error) {
	defer errs.In(&err, "eoffice.Postpone(%d)", on.ID)
	if err := reasonGiven(on.Reason); err != nil {
		return err
	}
	if day, err = m.until(day); err != nil {
		return err
	}
	return m.folderAct(ctx, a, on, func(tx pgx.Tx, f *Folder, mo Moment) error {
		return m.onFolder(ctx, tx, f, mo, ActPostpone, on.Reason, map[string]any{"usul": f.Proposed}, func(f *Folder) {
			f.propose(NoProposal, mo.Now)
			f.PostponedUntil = &day
		})
	})
}

// What appraising a folder again may come to: a fate, or that it is kept on.
const KeepOn = "simpan"

// Appraise says what becomes of a folder whose rule leaves that open, with a reason: it is
// destroyed, kept for ever, or kept until a day and then appraised once more.
func (m *Module) Appraise(ctx context.Context, a authz.Actor, on OnFolder, outcome string, day time.Time) (err error) {
	defer errs.In(&err, "eoffice.Appraise(%d)", on.ID)
	if err := reasonGiven(on.Reason); err != nil {
		return err
	}
	switch outcome {
	case "musnah", "permanen":
	case KeepOn:
		if day, err = m.until(day); err != nil {
			return err
		}
	default:
		return errs.Invalid(errs.Field{Name: ControlOutcome, Message: "Pilih apa yang terjadi dengan berkas ini."})
	}
	return m.folderAct(ctx, a, on, func(tx pgx.Tx, f *Folder, mo Moment) error {
		return m.onFolder(ctx, tx, f, mo, ActAppraise, on.Reason, map[string]any{"putusan": outcome}, func(f *Folder) {
			switch outcome {
			case KeepOn:
				f.KeptUntil = &day
				f.propose(NoProposal, mo.Now)
			case "musnah":
				f.OwnFate = outcome
				f.propose(ToDestroy, mo.Now)
			default:
				f.OwnFate = outcome
				f.propose(ToHandOver, mo.Now)
			}
		})
	})
}

const sqlProposed = `SELECT` + folderColumns + ` WHERE (f.unit_id = $1 OR f.keeper_id = $1) AND f.proposed <> '' ORDER BY f.proposed, t.ends_on, f.id LIMIT 500`

// Proposed lists what is proposed for the folders of an office and those that it keeps, for who keeps its archive.
func (m *Module) Proposed(ctx context.Context, a authz.Actor, unitID int64) (_ []Folder, err error) {
	defer errs.In(&err, "eoffice.Proposed(%d)", unitID)
	if ok, err := m.archives(ctx, m.db, a, unitID); err != nil || !ok {
		return nil, orNoFolder(err)
	}
	return pg.Many[Folder](ctx, m.db, sqlProposed, unitID)
}

const sqlProposing = `
SELECT o.id FROM eoffice_folder f JOIN org_unit o ON o.id = f.unit_id OR o.id = f.keeper_id
WHERE f.proposed <> '' AND o.ancestors && $1 ORDER BY o.id = $2 DESC, o.name, o.id LIMIT 1`

// ProposingOffice is one of the offices whose archive the actor keeps and for whose folders
// something is proposed: the preferred one if it is such; 0 when there is none.
func (m *Module) ProposingOffice(ctx context.Context, a authz.Actor, preferred int64) (_ int64, err error) {
	defer errs.In(&err, "eoffice.ProposingOffice")
	id, err := pg.Scalar[int64](ctx, m.db, sqlProposing, archiveUnits(a), preferred)
	if errs.KindOf(err) == errs.NotFound && err != nil {
		return 0, nil
	}
	return id, err
}

// DueOffice is how many folders of an office fall due in a year.
type DueOffice struct {
	UnitID   int64
	Name     string
	Inactive int // leave the active records
	Appraise int
	Destroy  int
	HandOver int
}

// A folder f that is to leave the active records between $2 and $3, and is kept longer.
const leavesActive = `f.status = 'tertutup' AND t.inactive_on BETWEEN $2 AND $3 AND t.ends_on > $3`

const sqlDueOffices = `
SELECT u.id AS unit_id, u.name, count(*) FILTER (WHERE ` + leavesActive + `)::integer AS inactive,
	count(*) FILTER (WHERE t.ends_on BETWEEN $2 AND $3 AND t.fate = 'dinilai_kembali')::integer AS appraise,
	count(*) FILTER (WHERE t.ends_on BETWEEN $2 AND $3 AND t.fate = 'musnah')::integer AS destroy,
	count(*) FILTER (WHERE t.ends_on BETWEEN $2 AND $3 AND t.fate = 'permanen')::integer AS hand_over
FROM eoffice_folder f JOIN eoffice_folder_due t ON t.folder_id = f.id JOIN org_unit u ON u.id = f.unit_id
WHERE u.ancestors && $1 AND f.status IN ('tertutup', 'inaktif') AND (` + leavesActive + ` OR t.ends_on BETWEEN $2 AND $3)
GROUP BY u.id, u.name ORDER BY u.name, u.id`

const sqlDueFolders = `SELECT` + folderColumns + `
WHERE (f.unit_id = $1 OR f.keeper_id = $1) AND f.status IN ('tertutup', 'inaktif') AND (` + leavesActive + ` OR t.ends_on BETWEEN $2 AND $3)
ORDER BY LEAST(CASE WHEN t.inactive_on >= $2 THEN t.inactive_on END, t.ends_on), f.id LIMIT 500`

// dueIn is when what is due in a year falls due: in this year, whatever was before and is still
// to be done too.
func (m *Module) dueIn(year int) (from, to time.Time) {
	from = time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	to = from.AddDate(1, 0, -1)
	if year == dayOf(m.now()).Year() {
		from = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return from, to
}

// DueIn lists how many folders fall due in a year, by the offices whose archive the actor
// keeps; in this year those too that fell due earlier.
func (m *Module) DueIn(ctx context.Context, a authz.Actor, year int) (_ []DueOffice, err error) {
	defer errs.In(&err, "eoffice.DueIn(%d)", year)
	from, to := m.dueIn(year)
	return pg.Many[DueOffice](ctx, m.db, sqlDueOffices, archiveUnits(a), from, to)
}

// DueFolders lists the folders of an office that [Module.DueIn] counts, the earliest first.
func (m *Module) DueFolders(ctx context.Context, a authz.Actor, unitID int64, year int) (_ []Folder, err error) {
	defer errs.In(&err, "eoffice.DueFolders(%d)", unitID)
	if ok, err := m.archives(ctx, m.db, a, unitID); err != nil || !ok {
		return nil, orNoFolder(err)
	}
	from, to := m.dueIn(year)
	return pg.Many[Folder](ctx, m.db, sqlDueFolders, unitID, from, to)
}
