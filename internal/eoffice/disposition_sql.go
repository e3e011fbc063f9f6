package eoffice

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// What ended asks nobody for anything; of the rest, what is only for information is no work.
const (
	isOpenOrder = `d.status NOT IN ('selesai', 'ditolak', 'dibatalkan', 'ditutup')`
	isOpenWork  = isOpenOrder + ` AND NOT d.for_info`
)

const orderColumns = `
	o.seq, o.status, o.status_at, o.due_at, o.asked_due_at, o.paused_at, o.answer_due_at, o.read_at, o.reported_at, o.report, o.report_sealed,
	COALESCE(o.reply_id, 0) AS reply_id, o.done_at, o.auto_accepted,
	o.id, o.letter_id, o.recipient_id, COALESCE(o.parent_id, 0) AS parent_id, o.from_id, f.title AS from_title, f.unit_id AS from_unit,
	o.to_id, t.title AS to_title, t.unit_id AS to_unit, o.lead, o.for_info, o.instructions, o.note, o.note_sealed, o.given_at,
	above.due_at AS parent_due,
	(SELECT count(*) FROM eoffice_disposition d WHERE d.parent_id = o.id AND ` + isOpenWork + `) AS open_below
FROM eoffice_disposition o
JOIN org_position f ON f.id = o.from_id JOIN org_position t ON t.id = o.to_id
LEFT JOIN eoffice_disposition above ON above.id = o.parent_id`

const (
	sqlOrder            = `SELECT` + orderColumns + ` WHERE o.id = $1`
	sqlOrders           = `SELECT` + orderColumns + ` WHERE o.letter_id = $1 AND o.id = ANY ($2) ORDER BY o.id`
	sqlKeepOrdersLetter = `SELECT l.id FROM eoffice_letter l JOIN eoffice_disposition d ON d.letter_id = l.id WHERE d.id = $1 FOR SHARE OF l`

	sqlHoldOrder = `SELECT id FROM eoffice_disposition WHERE id = $1 FOR UPDATE`

	sqlUpdateOrder = `
UPDATE eoffice_disposition SET seq = $4, status = $5, status_at = $6, due_at = $7, asked_due_at = $8, paused_at = $9, answer_due_at = $10,
	read_at = $11, reported_at = $12, report = $13, report_sealed = $14, reply_id = NULLIF($15::bigint, 0), done_at = $16, auto_accepted = $17
WHERE id = $1 AND status = $2 AND seq = $3`

	sqlInsertOrder = `
INSERT INTO eoffice_disposition (letter_id, recipient_id, parent_id, from_id, to_id, lead, for_info, instructions, note, note_sealed, due_at, status,
	status_at, seq, given_by, given_at, prepared_by)
VALUES ($1, $2, NULLIF($3::bigint, 0), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $13, NULLIF($16::bigint, 0))
RETURNING id`
)

// holdOrder reads an order and holds its row until the transaction ends. What lies below it
// is counted once it is held: who gives an order below it holds it too. Its letter keeps its
// secrecy until then.
func holdOrder(ctx context.Context, q pg.Querier, id int64) (o Order, err error) {
	if _, err := pg.Scalar[int64](ctx, q, sqlKeepOrdersLetter, id); err != nil {
		return o, absent(err)
	}
	if _, err := pg.Scalar[int64](ctx, q, sqlHoldOrder, id); err != nil {
		return o, absent(err)
	}
	return pg.One[Order](ctx, q, sqlOrder, id)
}

// saveOrder is the compare-and-set of the row: was is what the decision rested on.
func saveOrder(ctx context.Context, q pg.Querier, id int64, was, s OrderState) error {
	return pg.Changed(q.Exec(ctx, sqlUpdateOrder, id, was.Status, was.Seq, s.Seq, s.Status, s.StatusAt, s.DueAt, s.AskedDueAt, s.PausedAt, s.AnswerDueAt,
		s.ReadAt, s.ReportedAt, s.Report, s.ReportSealed, s.ReplyID, s.DoneAt, s.AutoAccepted))
}
