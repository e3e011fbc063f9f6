package eoffice

import (
	"context"
	"maps"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// OrderView is an order as somebody sees it who may: what came of it is in it for the offices
// that it came through.
type OrderView struct {
	Order
	Level       int    // 0: right below the recipient
	NoteText    string // in the open
	ReportText  string
	ReportFiles []File
	ReplyNumber string // of the letter that answers
	PreparedBy  string // name of who gave it in its giver's name
	Holders     string // names of who sits where it lies now; "" where nobody does
	Actions     []Action
}

// Late tells whether its addressee should have carried it out before a moment.
func (v *OrderView) Late(at time.Time) bool {
	return v.DueAt != nil && v.DueAt.Before(at) && v.Open() && v.PausedAt == nil && v.Status != Reported
}

const sqlOrderExtras = `
SELECT d.id, COALESCE(l.letter_number, '') AS reply_number, COALESCE((SELECT a.name FROM authn_account a WHERE a.id = d.prepared_by), '') AS prepared_by, COALESCE((SELECT string_agg(o.name, ', ' ORDER BY o.name)
	FROM eoffice_seat s JOIN org_person o ON o.id = s.person_id
	WHERE s.position_id = CASE WHEN d.status IN ('minta_arahan', 'menolak', 'dilaporkan') THEN d.from_id ELSE d.to_id END
		AND s.starts_at <= $2 AND (s.ends_at IS NULL OR s.ends_at > $2)), '') AS holders
FROM eoffice_disposition d LEFT JOIN eoffice_letter l ON l.id = d.reply_id WHERE d.letter_id = $1`

// ordersOf lists the orders on a letter that the reader sees as trees, each order after the
// one above it.
func (m *Module) ordersOf(ctx context.Context, q pg.Querier, letterID int64, mo Moment, seen seenBy) ([]OrderView, error) {
	all, err := pg.Many[Order](ctx, q, sqlOrders, letterID, slices.Collect(maps.Keys(seen.orders)))
	if err != nil || len(all) == 0 {
		return nil, err
	}
	extras, err := pg.Many[struct {
		ID                               int64
		ReplyNumber, PreparedBy, Holders string
	}](ctx, q, sqlOrderExtras, letterID, mo.Now)
	if err != nil {
		return nil, err
	}
	views := map[int64]OrderView{}
	below := map[int64][]int64{}
	for _, o := range all {
		if !seen.orders[o.ID] {
			o.Report, o.ReportSealed, o.ReplyID = "", nil, 0
		}
		v := OrderView{Order: o, Actions: OrderActionsFor(&o, mo)}
		if v.NoteText, err = m.said(Words{o.Note, o.NoteSealed}); err != nil {
			return nil, err
		}
		if v.ReportText, err = m.said(Words{o.Report, o.ReportSealed}); err != nil {
			return nil, err
		}
		views[o.ID] = v
		below[o.ParentID] = append(below[o.ParentID], o.ID)
	}
	files, err := pg.Many[File](ctx, q, sqlReportFiles, letterID, seen.own())
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		v := views[f.DispositionID]
		v.ReportFiles = append(v.ReportFiles, f)
		views[f.DispositionID] = v
	}
	for _, e := range extras {
		v, ok := views[e.ID]
		if !ok {
			continue
		}
		if v.PreparedBy = e.PreparedBy; v.ReplyID != 0 {
			v.ReplyNumber = e.ReplyNumber
		}
		if v.Open() {
			v.Holders = e.Holders
		}
		views[e.ID] = v
	}
	out := make([]OrderView, 0, len(all))
	var walk func(parent int64, level int)
	walk = func(parent int64, level int) {
		for _, id := range below[parent] {
			v := views[id]
			v.Level = level
			out = append(out, v)
			walk(id, level+1)
		}
	}
	walk(0, 0)
	return out, nil
}

const sqlAnswers = `
SELECT l.id, COALESCE(k.kind, '') AS kind, k.kind IS NOT NULL AS "from", l.letter_number AS number,
	CASE WHEN l.secrecy = 'B' THEN l.subject ELSE '' END AS subject, l.status
FROM eoffice_letter l LEFT JOIN eoffice_link k ON k.letter_id = l.id AND k.other_id = $1
WHERE l.drafter_id = ANY($2) AND l.letter_number IS NOT NULL AND l.id <> $1
ORDER BY k.kind IS NULL, l.id DESC LIMIT 30`

// Answers lists numbered letters of the actor's desks that may answer an order on a letter:
// those that refer to it, then the newest.
func (m *Module) Answers(ctx context.Context, a authz.Actor, letterID int64) (_ []Reference, err error) {
	defer errs.In(&err, "eoffice.Answers(%d)", letterID)
	mine, err := m.Seats(ctx, a)
	if err != nil {
		return nil, err
	}
	return pg.Many[Reference](ctx, m.db, sqlAnswers, letterID, desks(mine))
}
