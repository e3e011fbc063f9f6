package eoffice

import (
	"context"
	"fmt"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"

	"github.com/jackc/pgx/v5"
)

const sqlDisposals = `SELECT` + disposalColumns + ` WHERE d.unit_id = $1 ORDER BY d.done_at IS NOT NULL, d.id DESC LIMIT 100`

// Disposals lists the cases of an office, those that are not over first, for its archivists;
// others who keep its archive have none.
func (m *Module) Disposals(ctx context.Context, a authz.Actor, unitID int64) (_ []Disposal, err error) {
	defer errs.In(&err, "eoffice.Disposals(%d)", unitID)
	if ok, err := pg.Scalar[bool](ctx, m.db, sqlArchives, unitID, listOf(a.Units(PermArchive))); err != nil || !ok {
		return nil, err
	}
	return pg.Many[Disposal](ctx, m.db, sqlDisposals, unitID)
}

const sqlPanelWaits = `SELECT` + disposalColumns + `
WHERE d.status = 'dinilai' AND EXISTS (SELECT FROM eoffice_disposal_member m WHERE m.disposal_id = d.id AND m.vote = '' AND m.position_id = ANY($1)) ORDER BY d.id LIMIT 100`

// PanelWaits lists the cases that wait for the actor's word.
func (m *Module) PanelWaits(ctx context.Context, a authz.Actor) (_ []Disposal, err error) {
	defer errs.In(&err, "eoffice.PanelWaits")
	mine, err := m.Seats(ctx, a)
	if err != nil {
		return nil, err
	}
	return pg.Many[Disposal](ctx, m.db, sqlPanelWaits, desks(mine))
}

// DisposalDetail is a case with its folders and what happened.
type DisposalDetail struct {
	Disposal
	List    []Folder
	Events  []DisposalEvent
	Actions []Action
}

const (
	sqlDisposalList = `SELECT` + folderColumns + `
JOIN eoffice_disposal_folder y ON y.folder_id = f.id WHERE y.disposal_id = $1 ORDER BY f.kka, f.year, f.no`

	sqlDisposalEvents = `
SELECT e.seq, e.action, e.from_status AS "from", e.to_status AS "to", e.at, COALESCE(e.actor_id, 0) AS actor_id, COALESCE(a.name, '') AS name, e.title, e.reason
FROM eoffice_disposal_event e LEFT JOIN authn_account a ON a.id = e.actor_id WHERE e.disposal_id = $1 ORDER BY e.seq DESC`
)

// DisposalOf is a case, for the archivist and the head of the office and for its panel; others
// get errs.NotFound.
func (m *Module) DisposalOf(ctx context.Context, a authz.Actor, id int64) (d DisposalDetail, err error) {
	defer errs.In(&err, "eoffice.DisposalOf(%d)", id)
	mo, err := m.here(ctx, m.db, a)
	if err != nil {
		return d, err
	}
	if d.Disposal, err = readDisposal(ctx, m.db, id, mo.Now); err != nil {
		return d, err
	}
	if !d.seen(mo) {
		return d, errNoDisposal
	}
	d.Actions = DisposalActionsFor(&d.Disposal, mo)
	if d.List, err = pg.Many[Folder](ctx, m.db, sqlDisposalList, id); err != nil {
		return d, err
	}
	d.Events, err = pg.Many[DisposalEvent](ctx, m.db, sqlDisposalEvents, id)
	return d, err
}

// Who judges a case sees what lies in its folders, as the head of the office does.
const sqlOnPanel = `
SELECT EXISTS (SELECT FROM eoffice_disposal_folder x JOIN eoffice_disposal_member m ON m.disposal_id = x.disposal_id
	WHERE x.folder_id = $1 AND x.open AND m.position_id = ANY($2))`

// Gone is how a letter was destroyed.
type Gone struct {
	At         time.Time
	DeedID     int64
	DeedNumber string
	Folder     string // its code
}

const sqlGone = `
SELECT COALESCE(d.done_at, d.created_at) AS at, COALESCE(d.report_id, 0) AS deed_id, COALESCE(b.letter_number, '') AS deed_number, f.kka || '/' || f.year || '/' || f.no AS folder
FROM eoffice_filing g JOIN eoffice_folder f ON f.id = g.folder_id JOIN eoffice_disposal_folder x ON x.folder_id = f.id
JOIN eoffice_disposal d ON d.id = x.disposal_id AND d.kind = 'musnah' AND d.status = 'dilaksanakan' LEFT JOIN eoffice_letter b ON b.id = d.report_id
JOIN eoffice_letter l ON l.id = g.letter_id
WHERE g.letter_id = $1 ORDER BY f.unit_id = l.unit_id DESC, d.id LIMIT 1`

func goneOf(ctx context.Context, q pg.Querier, c *Case) (*Gone, error) {
	if c.Status != Destroyed {
		return nil, nil
	}
	g, err := pg.One[Gone](ctx, q, sqlGone, c.ID)
	return &g, err
}

const (
	sqlKeepers      = `SELECT u.id, u.name FROM eoffice_keeper k JOIN org_unit u ON u.id = k.unit_id ORDER BY u.name`
	sqlAddKeeper    = `INSERT INTO eoffice_keeper (unit_id) SELECT o.id FROM org_unit o WHERE o.id = $1 AND o.valid_to IS NULL AND ` + isOffice + ` ON CONFLICT DO NOTHING`
	sqlDropKeeper   = `DELETE FROM eoffice_keeper WHERE unit_id = $1`
	sqlKeeperOffers = `SELECT o.id, o.name FROM org_unit o WHERE o.valid_to IS NULL AND ` + isOffice + ` AND NOT EXISTS (SELECT FROM eoffice_keeper k WHERE k.unit_id = o.id) ORDER BY o.name`
)

const (
	sqlPanelLeast    = `SELECT panel_least FROM eoffice_city`
	sqlSetPanelLeast = `UPDATE eoffice_city SET panel_least = $1`
)

// PanelLeast is how many desks judge what is destroyed or handed over, at least.
func (m *Module) PanelLeast(ctx context.Context) (_ int, err error) {
	defer errs.In(&err, "eoffice.PanelLeast")
	return pg.Scalar[int](ctx, m.db, sqlPanelLeast)
}

// SetPanelLeast sets that, for who sets what holds for the city. Cases that were made stay.
func (m *Module) SetPanelLeast(ctx context.Context, a authz.Actor, n int) (err error) {
	defer errs.In(&err, "eoffice.SetPanelLeast")
	if n < 1 || n > LargestPanel {
		return errs.Invalid(errs.Field{Name: ControlPanelLeast, Message: fmt.Sprintf("Isi 1 sampai %d jabatan.", LargestPanel)})
	}
	return m.setting(ctx, a, "eoffice.panel", map[string]any{"paling_sedikit": n}, func(tx pgx.Tx) error {
		return pg.Exec(ctx, tx, sqlSetPanelLeast, n)
	})
}

// Keepers are the offices that keep what others hand over.
func (m *Module) Keepers(ctx context.Context) (_ []ArchiveOffice, err error) {
	defer errs.In(&err, "eoffice.Keepers")
	return pg.Many[ArchiveOffice](ctx, m.db, sqlKeepers)
}

// KeeperOffers are the offices that could.
func (m *Module) KeeperOffers(ctx context.Context) (_ []ArchiveOffice, err error) {
	defer errs.In(&err, "eoffice.KeeperOffers")
	return pg.Many[ArchiveOffice](ctx, m.db, sqlKeeperOffers)
}

// SetKeeper makes an office one that keeps what others hand over, or not any more: what it
// has stays with it. It is for who sets what holds for the city.
func (m *Module) SetKeeper(ctx context.Context, a authz.Actor, unitID int64, keeps bool) (err error) {
	defer errs.In(&err, "eoffice.SetKeeper(%d)", unitID)
	sql := sqlDropKeeper
	if keeps {
		sql = sqlAddKeeper
	}
	return m.setting(ctx, a, "eoffice.keeper", map[string]any{"unit": unitID, "menyimpan": keeps}, func(tx pgx.Tx) error {
		return pg.Exec(ctx, tx, sql, unitID)
	})
}
