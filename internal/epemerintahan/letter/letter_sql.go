package letter

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// caseColumns select a Case from epemerintahan_letter l with its joins.
const caseColumns = `
	l.seq, l.status, l.status_at, l.signing_from, l.with_camat, l.checked, l.submitted_at, l.running_since, l.used_minutes, l.due_at,
	COALESCE(l.letter_year, 0) AS letter_year, COALESCE(l.letter_no, 0) AS letter_no, COALESCE(l.letter_number, '') AS letter_number,
	l.blocks, l.dated_at, l.signed, l.pdf_key, l.scan_key, l.pdf_hash, l.issued_at, l.issued_on, l.valid_until, l.void_reason, l.effect_done,
	l.id, l.ref, COALESCE(l.request_number, '') AS request_number, l.kind_version_id, l.kind_code, l.title, l.kelurahan_id,
	u.short_name AS kelurahan_name, u.ancestors, COALESCE(k.id, 0) AS kecamatan_id, COALESCE(k.short_name, '') AS kecamatan_name,
	COALESCE(l.resident_id, 0) AS resident_id, COALESCE(l.account_id, 0) AS account_id, COALESCE(l.entered_by, 0) AS entered_by,
	l.subject_name, l.mode, COALESCE(o.counter_print, true) AS counter_print
FROM epemerintahan_letter l
JOIN org_unit u ON u.id = l.kelurahan_id
LEFT JOIN org_unit k ON k.id = u.parent_id
LEFT JOIN epemerintahan_office o ON o.kelurahan_id = l.kelurahan_id`

const sqlCase = `SELECT` + caseColumns + ` WHERE l.id = $1`

const sqlLockCase = sqlCase + ` FOR UPDATE OF l`

const sqlUpdateState = `
UPDATE epemerintahan_letter SET
	seq = $4, status = $5, status_at = $6, signing_from = $7, with_camat = $8, checked = $9, submitted_at = $10, running_since = $11,
	used_minutes = $12, due_at = $13, letter_year = NULLIF($14::integer, 0), letter_no = NULLIF($15::bigint, 0),
	letter_number = NULLIF($16::text, ''), number_fold = $17, blocks = $18, signed = $19, signer_ids = $20, pdf_key = $21,
	scan_key = $22, pdf_hash = $23, issued_at = $24, issued_on = $25, valid_until = $26, void_reason = $27, effect_done = $28, dated_at = $29
WHERE id = $1 AND status = $2 AND seq = $3`

const sqlInsertEvent = `
INSERT INTO epemerintahan_letter_event (letter_id, seq, action, from_status, to_status, at, actor_id, actor_role, title, reason, detail)
VALUES ($1, $2, $3, $4, $5, $6, NULLIF($7::bigint, 0), $8, $9, $10, $11)`

const sqlEvents = `
SELECT seq, action, from_status AS "from", to_status AS "to", at, COALESCE(actor_id, 0) AS actor_id, actor_role AS role, title, reason,
	detail AS change
FROM epemerintahan_letter_event WHERE letter_id = $1 ORDER BY seq`

// lockCase reads the letter and holds its row until the transaction ends.
func lockCase(ctx context.Context, q pg.Querier, id int64) (Case, error) {
	return pg.One[Case](ctx, q, sqlLockCase, id)
}

// columns of the row that follow from the state, in the order of [sqlUpdateState].
func (s State) columns() []any {
	ids := []int64{}
	for _, b := range s.Signed {
		ids = append(ids, b.PersonID)
	}
	return []any{
		s.Seq, s.Status, s.StatusAt, s.SigningFrom, s.WithCamat, some(s.Checked), s.SubmittedAt, s.RunningSince, s.UsedMinutes, s.DueAt,
		s.LetterYear, s.LetterNo, s.LetterNumber, indo.Squeeze(s.LetterNumber), some(s.Blocks), some(s.Signed), ids, s.PDFKey,
		s.ScanKey, s.PDFHash, s.IssuedAt, s.IssuedOn, s.ValidUntil, s.VoidReason, s.EffectDone, s.DatedAt,
	}
}

// some is a list that the database does not take for NULL.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// saveState is the compare-and-set of the row: old is what the decision rested on.
func saveState(ctx context.Context, q pg.Querier, id int64, old, s State) error {
	return pg.Changed(q.Exec(ctx, sqlUpdateState, append([]any{id, old.Status, old.Seq}, s.columns()...)...))
}

func insertEvent(ctx context.Context, q pg.Querier, id int64, e Event) error {
	return pg.Exec(ctx, q, sqlInsertEvent, id, e.Seq, e.Action, e.From, e.To, e.At, e.ActorID, e.Role, e.Title, e.Reason, e.Change)
}
